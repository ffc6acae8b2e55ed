/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The window. What it shows is thrown away and made anew when a cloud is opened or closed and when
 * the language changes; the session keeps what must stay. Main thread. */

#include "lw-window.h"

#include <glib/gi18n.h>

#include "lw-accels.h"
#include "lw-close-question.h"
#include "lw-sign-in-model.h"
#include "lw-start-page.h"
#include "lw-texts.h"

/* Short enough not to pile up. */
#define TOAST_S 3

struct _LwWindow
{
  AdwApplicationWindow parent_instance;

  AdwToastOverlay *toasts;
  AdwBin *bottom;
  LwStartPage *start; /* borrowed; one of both is there */
  LwShell *shell;

  LwSession *session; /* owned */
  LwStepKind step;
  gboolean may_close; /* the person was asked */
};

G_DEFINE_FINAL_TYPE (LwWindow, lw_window, ADW_TYPE_APPLICATION_WINDOW)

LwShell *
lw_window_get_shell (LwWindow *self)
{
  g_return_val_if_fail (LW_IS_WINDOW (self), NULL);

  return self->shell;
}

/* ---- Content ---- */

static LwStepKind
find_step (const char *id)
{
  for (guint kind = 0; kind < LW_N_STEPS; kind++)
    if (g_strcmp0 (lw_step_kind_get_id ((LwStepKind) kind), id) == 0)
      return (LwStepKind) kind;
  return LW_STEP_SIGN_IN;
}

static void
update_actions (LwWindow *self)
{
  const char *const of_shell[] = { "win.step", "win.primary", "win.refresh", "win.find",
                                   "win.back", "win.choose-cloud" };

  for (gsize i = 0; i < G_N_ELEMENTS (of_shell); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), of_shell[i], self->shell != NULL);
}

static void
show_start (LwWindow *self)
{
  self->shell = NULL;
  self->start = LW_START_PAGE (lw_start_page_new (self->session));
  adw_toast_overlay_set_child (self->toasts, GTK_WIDGET (self->start));
  update_actions (self);
}

static void
show_shell (LwWindow *self, gboolean navigate)
{
  self->start = NULL;
  self->shell = LW_SHELL (lw_shell_new (self->session));
  adw_toast_overlay_set_child (self->toasts, GTK_WIDGET (self->shell));
  lw_shell_show_step (self->shell, self->step, navigate);
  update_actions (self);
  /* Takes up an earlier sign-in whatever page is shown first. */
  lw_sign_in_model_open (lw_session_ensure_model (self->session, LW_TYPE_SIGN_IN_MODEL));
}

/* The step on which a person goes on: where they were, unless the truth is further back. */
static LwStepKind
choose_step (LwWindow *self)
{
  g_autofree char *id = g_settings_get_string (lw_session_get_settings (self->session), "step");
  LwStepKind last = find_step (id);

  if (lw_session_get_step_state (self->session, last) == LW_STEP_LOCKED)
    return lw_session_get_suggested_step (self->session);
  return last;
}

static void
session_changed_cb (LwWindow *self)
{
  gboolean open = lw_session_is_open (self->session);

  if (open && self->shell == NULL)
    {
      self->step = choose_step (self);
      show_shell (self, FALSE);
    }
  else if (!open && self->start == NULL)
    show_start (self);
}

static void
lost_cb (LwWindow *self, GError *error)
{
  if (self->start != NULL)
    lw_start_page_show_lost (self->start, error);
}

static void
notice_cb (LwWindow *self, const char *text)
{
  AdwToast *toast = adw_toast_new (text);

  adw_toast_set_timeout (toast, TOAST_S);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

void
lw_window_open (LwWindow *self, const char *cloud_id)
{
  g_return_if_fail (LW_IS_WINDOW (self));

  if (self->start == NULL)
    show_start (self);
  lw_start_page_open (self->start, cloud_id);
}

void
lw_window_rebuild (LwWindow *self)
{
  g_return_if_fail (LW_IS_WINDOW (self));

  if (self->shell == NULL)
    {
      show_start (self);
      return;
    }
  self->step = lw_shell_get_step (self->shell);
  show_shell (self, TRUE);
}

void
lw_window_set_bottom (LwWindow *self, GtkWidget *widget)
{
  g_return_if_fail (LW_IS_WINDOW (self));

  adw_bin_set_child (self->bottom, widget);
}

/* ---- Actions ---- */

static LwPage *
get_page (LwWindow *self)
{
  return lw_shell_ensure_page (self->shell, lw_shell_get_step (self->shell));
}

static void
step_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  LwWindow *self = LW_WINDOW (widget);

  lw_shell_show_step (self->shell, find_step (g_variant_get_string (parameter, NULL)), TRUE);
}

static void
primary_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  lw_page_activate_primary (get_page (LW_WINDOW (widget)));
}

static void
refresh_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  lw_page_refresh (get_page (LW_WINDOW (widget)));
}

static void
find_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  lw_page_find (get_page (LW_WINDOW (widget)));
}

static void
back_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  lw_shell_back (LW_WINDOW (widget)->shell);
}

/* Made when it is asked for: a hidden window that waits among the others ends the program under
 * GTK 4.8, when a screen reader asks for a window more than there are. */
static void
shortcuts_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  GtkWindow *shortcuts = GTK_WINDOW (lw_accels_new_window ());

  gtk_window_set_transient_for (shortcuts, GTK_WINDOW (widget));
  gtk_window_present (shortcuts);
}

static void
menu_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  LwWindow *self = LW_WINDOW (widget);

  if (self->shell != NULL)
    lw_shell_popup_menu (self->shell);
  else
    lw_start_page_popup_menu (self->start);
}

static void
fullscreen_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  if (gtk_window_is_fullscreen (GTK_WINDOW (widget)))
    gtk_window_unfullscreen (GTK_WINDOW (widget));
  else
    gtk_window_fullscreen (GTK_WINDOW (widget));
}

static void
choose_cloud_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  lw_session_close_cloud (LW_WINDOW (widget)->session);
}

/* ---- GObject ---- */

static void
close_anyway (GtkWindow *window)
{
  LW_WINDOW (window)->may_close = TRUE;
  gtk_window_close (window);
}

static gboolean
lw_window_close_request (GtkWindow *window)
{
  LwWindow *self = LW_WINDOW (window);
  GSettings *settings = lw_session_get_settings (self->session);
  int width, height;

  if (!self->may_close && lw_close_question_ask (window, self->session, close_anyway))
    return GDK_EVENT_STOP;
  gtk_window_get_default_size (window, &width, &height);
  g_settings_set_int (settings, "window-width", width);
  g_settings_set_int (settings, "window-height", height);
  g_settings_set_boolean (settings, "window-maximized", gtk_window_is_maximized (window));
  return GTK_WINDOW_CLASS (lw_window_parent_class)->close_request (window);
}

static void
lw_window_dispose (GObject *object)
{
  g_clear_object (&LW_WINDOW (object)->session);
  G_OBJECT_CLASS (lw_window_parent_class)->dispose (object);
}

static void
lw_window_class_init (LwWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lw_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = lw_window_close_request;
  gtk_widget_class_install_action (widget_class, "win.step", "s", step_cb);
  gtk_widget_class_install_action (widget_class, "win.primary", NULL, primary_cb);
  gtk_widget_class_install_action (widget_class, "win.refresh", NULL, refresh_cb);
  gtk_widget_class_install_action (widget_class, "win.find", NULL, find_cb);
  gtk_widget_class_install_action (widget_class, "win.back", NULL, back_cb);
  gtk_widget_class_install_action (widget_class, "win.menu", NULL, menu_cb);
  gtk_widget_class_install_action (widget_class, "win.show-help-overlay", NULL, shortcuts_cb);
  gtk_widget_class_install_action (widget_class, "win.fullscreen", NULL, fullscreen_cb);
  gtk_widget_class_install_action (widget_class, "win.choose-cloud", NULL, choose_cloud_cb);
}

static void
lw_window_init (LwWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  gtk_widget_add_css_class (GTK_WIDGET (self), "lw-window");
  gtk_widget_set_size_request (GTK_WIDGET (self), 360, 294);
  self->toasts = ADW_TOAST_OVERLAY (adw_toast_overlay_new ());
  gtk_widget_set_vexpand (GTK_WIDGET (self->toasts), TRUE);
  self->bottom = ADW_BIN (adw_bin_new ());
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->toasts));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->bottom));
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (self), box);
}

GtkWidget *
lw_window_new (GtkApplication *app, LwSession *session)
{
  GSettings *settings = lw_session_get_settings (session);
  LwWindow *self = g_object_new (LW_TYPE_WINDOW, "application", app, "title", "Labwalk",
                                 "default-width", g_settings_get_int (settings, "window-width"),
                                 "default-height", g_settings_get_int (settings, "window-height"),
                                 NULL);
  g_autoptr (GAction) drawer = NULL;

  self->session = g_object_ref (session);
  if (g_settings_get_boolean (settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
  g_signal_connect_object (session, "changed", G_CALLBACK (session_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "lost", G_CALLBACK (lost_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notice", G_CALLBACK (notice_cb), self, G_CONNECT_SWAPPED);
  drawer = g_settings_create_action (settings, "drawer-open");
  g_action_map_add_action (G_ACTION_MAP (self), drawer);
  show_start (self);
  session_changed_cb (self);
  lw_window_rebuild (self);
  return GTK_WIDGET (self);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The application. Pool and session are made at startup and go at shutdown, in this order: window,
 * session (which cancels what runs), pool (which waits for it). */

#include "lw-application.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>

#include "config.h"
#include "lw-accels.h"
#include "lw-language.h"
#include "lw-paths.h"
#include "lw-pool.h"
#include "lw-preferences.h"
#include "lw-resources.h"
#include "lw-text-scale.h"
#include "lw-tour-bar.h"
#include "lw-watcher.h"
#include "lw-window.h"

/* Pages that wait for the cloud at once: a plan with two computes side by side, a log, lists, a
 * terminal; more only queue up at the cloud. */
#define MAX_WORKERS 12

#define HELP_URL "https://github.com/labwalk/labwalk#readme"

struct _LwApplication
{
  AdwApplication parent_instance;

  GSettings *settings;
  LwPool *pool;
  LwSession *session;
  guint terminate; /* source of SIGTERM */

  LwTour *tour; /* (nullable) */
  LwWatcher *watcher;
  int exit_status;

  /* From the command line. */
  gboolean wants_tour;
  gboolean end_after_first_frame;
  char *report_folder;
  gboolean practice;
  char *practice_proxy;
  char *practice_ca;
  char *lab_folder;
  char *language;
};

G_DEFINE_FINAL_TYPE (LwApplication, lw_application, ADW_TYPE_APPLICATION)

static LwWindow *
get_window (LwApplication *self)
{
  GList *windows = gtk_application_get_windows (GTK_APPLICATION (self));

  for (GList *l = windows; l != NULL; l = l->next)
    if (LW_IS_WINDOW (l->data))
      return l->data;
  return NULL;
}

/* ---- Actions ---- */

static void
preferences_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LwApplication *self = user_data;

  lw_preferences_present (GTK_WINDOW (get_window (self)), self->session);
}

static void
help_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  gtk_show_uri (GTK_WINDOW (get_window (user_data)), HELP_URL, GDK_CURRENT_TIME);
}

static char *
dup_debug_info (LwApplication *self)
{
  return g_strdup_printf (
    "Labwalk %s\nGTK %u.%u.%u\nlibadwaita %u.%u.%u\nGLib %u.%u.%u\nCloud: %s\nLanguage: %s\n",
    LW_VERSION, gtk_get_major_version (), gtk_get_minor_version (), gtk_get_micro_version (),
    adw_get_major_version (), adw_get_minor_version (), adw_get_micro_version (),
    glib_major_version, glib_minor_version, glib_micro_version,
    lw_session_is_open (self->session) ? lw_session_get_cloud_id (self->session) : "none",
    lw_language_get_current ());
}

static void
about_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LwApplication *self = user_data;
  const char *developers[] = { "The Labwalk developers", NULL };
  g_autofree char *info = dup_debug_info (self);

  adw_show_about_window (
    GTK_WINDOW (get_window (self)), "application-name", "Labwalk", "application-icon", LW_APP_ID,
    "version", LW_VERSION, "developer-name", "The Labwalk developers", "developers", developers,
    "comments", _ ("Run a training script as a command job, with Azure or without."), "website",
    "https://github.com/labwalk/labwalk", "issue-url",
    "https://github.com/labwalk/labwalk/issues", "license-type", GTK_LICENSE_GPL_3_0,
    "debug-info", info, "debug-info-filename", "labwalk.txt",
    /* Translators: put your name here, it is shown in the credits */
    "translator-credits", _ ("translator-credits"), NULL);
}

static void
quit_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LwWindow *window = get_window (user_data);

  if (window != NULL)
    gtk_window_close (GTK_WINDOW (window));
}

static void
text_larger_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  lw_text_scale_step (LW_APPLICATION (user_data)->settings, 1);
}

static void
text_smaller_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  lw_text_scale_step (LW_APPLICATION (user_data)->settings, -1);
}

static void
text_normal_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  lw_text_scale_step (LW_APPLICATION (user_data)->settings, 0);
}

/* Of a notification, maybe one of an earlier run. */
static void
show_step_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LwWindow *window;

  g_application_activate (G_APPLICATION (user_data));
  window = get_window (user_data);
  if (window != NULL && lw_window_get_shell (window) != NULL)
    gtk_widget_activate_action_variant (GTK_WIDGET (window), "win.step", parameter);
}

static const GActionEntry actions[] = {
  { "show-step", show_step_cb, "s" },
  { "preferences", preferences_cb },   { "help", help_cb },
  { "about", about_cb },               { "quit", quit_cb },
  { "text-larger", text_larger_cb },   { "text-smaller", text_smaller_cb },
  { "text-normal", text_normal_cb },
};

/* ---- Settings that act at once ---- */

static void
language_changed_cb (LwApplication *self)
{
  g_autofree char *language = g_settings_get_string (self->settings, "language");
  LwWindow *window = get_window (self);

  lw_language_apply (self->language != NULL ? self->language : language);
  if (window != NULL)
    lw_window_rebuild (window);
}

static void
style_changed_cb (LwApplication *self)
{
  static const AdwColorScheme schemes[]
    = { ADW_COLOR_SCHEME_DEFAULT, ADW_COLOR_SCHEME_FORCE_LIGHT, ADW_COLOR_SCHEME_FORCE_DARK };
  int style = g_settings_get_enum (self->settings, "style");

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), schemes[style]);
}

/* A language of the command line holds until another one is chosen in the preferences. */
static void
language_chosen_cb (LwApplication *self)
{
  g_clear_pointer (&self->language, g_free);
  language_changed_cb (self);
}

/* ---- GApplication ---- */

static gboolean
terminate_cb (gpointer user_data)
{
  LwApplication *self = user_data;

  self->terminate = 0;
  g_application_quit (G_APPLICATION (self));
  return G_SOURCE_REMOVE;
}

static void
lw_application_startup (GApplication *app)
{
  LwApplication *self = LW_APPLICATION (app);

  G_APPLICATION_CLASS (lw_application_parent_class)->startup (app);
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (gdk_display_get_default ()),
                                    LW_RESOURCE_PATH "icons");
  gtk_window_set_default_icon_name (LW_APP_ID);
  self->pool = lw_pool_new (MAX_WORKERS);
  self->session = lw_session_new (self->pool, self->settings);
  self->watcher = lw_watcher_new (GTK_APPLICATION (self), self->session);
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  lw_accels_install (GTK_APPLICATION (self));
  lw_text_scale_bind (self->settings);
  g_signal_connect_object (self->settings, "changed::language", G_CALLBACK (language_chosen_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->settings, "changed::style", G_CALLBACK (style_changed_cb), self,
                           G_CONNECT_SWAPPED);
  style_changed_cb (self);
  language_changed_cb (self);
  self->terminate = g_unix_signal_add (SIGTERM, terminate_cb, self);
}

static void
tour_ended_cb (LwApplication *self, gboolean done)
{
  LwWindow *window = get_window (self);

  if (window != NULL)
    lw_window_set_bottom (window, NULL);
  g_clear_object (&self->tour);
  if (self->report_folder == NULL)
    {
      lw_session_notice (self->session, done ? _ ("The tour is over") : _ ("The tour has ended"));
      return;
    }
  self->exit_status = done ? 0 : 1;
  g_application_quit (G_APPLICATION (self));
}

static void
start_tour (LwApplication *self, LwWindow *window)
{
  g_autoptr (GError) error = NULL;

  lw_session_set_auto_approve (self->session, TRUE);
  self->tour = lw_tour_new (window, self->session, self->report_folder, &error);
  if (self->tour == NULL)
    {
      g_printerr ("%s\n", error->message);
      self->exit_status = 1;
      g_application_quit (G_APPLICATION (self));
      return;
    }
  g_signal_connect_object (self->tour, "ended", G_CALLBACK (tour_ended_cb), self,
                           G_CONNECT_SWAPPED);
  if (self->report_folder == NULL)
    lw_window_set_bottom (window, lw_tour_bar_new (self->tour));
  lw_tour_start (self->tour);
}

static void
lw_application_activate (GApplication *app)
{
  LwApplication *self = LW_APPLICATION (app);
  g_autofree char *cloud_id = g_settings_get_string (self->settings, "cloud");
  LwWindow *window = get_window (self);

  if (window == NULL)
    {
      window = LW_WINDOW (lw_window_new (GTK_APPLICATION (self), self->session));
      lw_watcher_set_window (self->watcher, window);
      if (self->practice_proxy != NULL)
        lw_session_set_practice_address (self->session, self->practice_proxy, self->practice_ca);
      if (self->wants_tour)
        start_tour (self, window);
      lw_session_set_lab_folder (self->session, self->lab_folder);
      if (self->practice)
        lw_window_open (window, "practice");
      else if (cloud_id[0] != '\0')
        lw_window_open (window, cloud_id);
    }
  gtk_window_present (GTK_WINDOW (window));
  if (self->end_after_first_frame)
    g_signal_connect_object (gtk_widget_get_frame_clock (GTK_WIDGET (window)), "after-paint",
                             G_CALLBACK (g_application_quit), self, G_CONNECT_SWAPPED);
}

static void
lw_application_shutdown (GApplication *app)
{
  LwApplication *self = LW_APPLICATION (app);
  LwWindow *window = get_window (self);

  g_clear_object (&self->tour);
  if (window != NULL)
    gtk_window_destroy (GTK_WINDOW (window));
  g_clear_handle_id (&self->terminate, g_source_remove);
  g_clear_object (&self->watcher);
  g_clear_object (&self->session);
  g_clear_pointer (&self->pool, lw_pool_free);
  G_APPLICATION_CLASS (lw_application_parent_class)->shutdown (app);
}

static int
lw_application_handle_local_options (GApplication *app, GVariantDict *options)
{
  LwApplication *self = LW_APPLICATION (app);

  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("Labwalk %s\n", LW_VERSION);
      return 0;
    }
  g_variant_dict_lookup (options, "practice", "b", &self->practice);
  g_variant_dict_lookup (options, "practice-proxy", "s", &self->practice_proxy);
  g_variant_dict_lookup (options, "practice-ca", "^ay", &self->practice_ca);
  g_variant_dict_lookup (options, "tour", "b", &self->wants_tour);
  g_variant_dict_lookup (options, "end-after-first-frame", "b", &self->end_after_first_frame);
  g_variant_dict_lookup (options, "report", "^ay", &self->report_folder);
  g_variant_dict_lookup (options, "lab-folder", "^ay", &self->lab_folder);
  g_variant_dict_lookup (options, "language", "s", &self->language);
  if ((self->practice_proxy == NULL) != (self->practice_ca == NULL))
    {
      g_printerr ("%s\n", _ ("--practice-proxy and --practice-ca belong together"));
      return 2;
    }
  if (self->language != NULL && g_strcmp0 (self->language, "ko") != 0
      && g_strcmp0 (self->language, "en") != 0)
    {
      g_printerr ("%s\n", _ ("--language is ko or en"));
      return 2;
    }
  self->wants_tour = self->wants_tour || self->report_folder != NULL;
  self->practice = self->practice || self->practice_proxy != NULL || self->wants_tour;
  return -1;
}

static void
lw_application_finalize (GObject *object)
{
  LwApplication *self = LW_APPLICATION (object);

  g_clear_object (&self->settings);
  g_free (self->practice_proxy);
  g_free (self->practice_ca);
  g_free (self->report_folder);
  g_free (self->lab_folder);
  g_free (self->language);
  G_OBJECT_CLASS (lw_application_parent_class)->finalize (object);
}

static void
lw_application_class_init (LwApplicationClass *klass)
{
  GApplicationClass *app_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = lw_application_finalize;
  app_class->startup = lw_application_startup;
  app_class->activate = lw_application_activate;
  app_class->shutdown = lw_application_shutdown;
  app_class->handle_local_options = lw_application_handle_local_options;
}

static void
lw_application_init (LwApplication *self)
{
  const GOptionEntry options[] = {
    { "practice", 0, 0, G_OPTION_ARG_NONE, NULL,
      N_ ("Begin with the practice cloud: no account, no cost"), NULL },
    { "practice-proxy", 0, 0, G_OPTION_ARG_STRING, NULL,
      N_ ("Use the practice cloud that runs already at this proxy"), "URL" },
    { "practice-ca", 0, 0, G_OPTION_ARG_FILENAME, NULL,
      N_ ("Certificate authority of that practice cloud"), N_ ("FILE") },
    { "tour", 0, 0, G_OPTION_ARG_NONE, NULL,
      N_ ("Walk the whole lab by itself, in the practice cloud"), NULL },
    { "report", 0, 0, G_OPTION_ARG_FILENAME, NULL,
      N_ ("Make the tour unattended and leave a report with pictures"), N_ ("DIR") },
    { "lab-folder", 0, 0, G_OPTION_ARG_FILENAME, NULL,
      N_ ("Take another copy of the lab's src folder"), N_ ("DIR") },
    { "language", 0, 0, G_OPTION_ARG_STRING, NULL,
      N_ ("Language of the interface, whatever the preferences say"), "ko|en" },
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Show the version and end"), NULL },
    /* For the benchmark of the start, which is held against an empty window that does the same. */
    { "end-after-first-frame", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, NULL, NULL, NULL },
    { NULL },
  };

  g_application_add_main_option_entries (G_APPLICATION (self), options);
  self->settings = lw_paths_new_settings ();
}

int
lw_application_get_exit_status (LwApplication *self)
{
  g_return_val_if_fail (LW_IS_APPLICATION (self), 1);

  return self->exit_status;
}

LwApplication *
lw_application_new (void)
{
  return g_object_new (LW_TYPE_APPLICATION, "application-id", LW_APP_ID, "resource-base-path",
                       "/io/github/labwalk/Labwalk", NULL);
}

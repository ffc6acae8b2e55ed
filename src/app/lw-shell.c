/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Steps and pages. update() maps the session to everything here but the pages, which do it for
 * themselves. Main thread. */

#include "lw-shell.h"


#include "lw-account-button.h"
#include "lw-cost-meter.h"
#include "lw-drawer.h"
#include "lw-language.h"
#include "lw-menu-button.h"
#include "lw-notice-bar.h"
#include "lw-page-clean-up.h"
#include "lw-page-job.h"
#include "lw-page-provision.h"
#include "lw-page-results.h"
#include "lw-page-script.h"
#include "lw-page-sign-in.h"
#include "lw-resources.h"
#include "lw-step-row.h"
#include "lw-texts.h"

struct _LwShell
{
  AdwBin parent_instance;

  AdwLeaflet *leaflet;
  GtkLabel *lab_title;
  GtkListBox *list;
  LwMenuButton *steps_menu;
  LwMenuButton *page_menu;
  GtkLabel *cloud_badge;
  AdwWindowTitle *title;
  GtkBox *page_pane;
  GtkStack *stack;
  LwAccountButton *account;
  LwAccountButton *steps_account;
  LwCostMeter *meter;
  LwDrawer *drawer;
  LwNoticeBar *notice;

  LwSession *session; /* owned */
  LwPage *pages[LW_N_STEPS]; /* borrowed from the stack; NULL until first shown */
  LwStepRow *rows[LW_N_STEPS];
};

G_DEFINE_FINAL_TYPE (LwShell, lw_shell, ADW_TYPE_BIN)

enum
{
  PROP_SESSION = 1,
  N_PROPS,
};
static GParamSpec *props[N_PROPS];

static GType (*const page_types[LW_N_STEPS]) (void) = {
  [LW_STEP_SIGN_IN] = lw_page_sign_in_get_type,
  [LW_STEP_PROVISION] = lw_page_provision_get_type,
  [LW_STEP_SCRIPT] = lw_page_script_get_type,
  [LW_STEP_JOB] = lw_page_job_get_type,
  [LW_STEP_RESULTS] = lw_page_results_get_type,
  [LW_STEP_CLEAN_UP] = lw_page_clean_up_get_type,
};

/* Which step's page does what an advice proposes, when the page that shows it does not. */
static LwStepKind
find_advice_step (LwAdviceAction action, LwStepKind fallback)
{
  switch (action)
    {
    case LW_ADVICE_SIGN_IN:
    case LW_ADVICE_CHOOSE_SUBSCRIPTION:
    case LW_ADVICE_MEMORY_ONLY:
    case LW_ADVICE_UNLOCK_KEYRING:
      return LW_STEP_SIGN_IN;
    case LW_ADVICE_CHOOSE_REGION:
    case LW_ADVICE_NEW_NAMES:
    case LW_ADVICE_REGISTER_PROVIDER:
      return LW_STEP_PROVISION;
    case LW_ADVICE_PREPARE_PYTHON:
      return LW_STEP_SCRIPT;
    case LW_ADVICE_EDIT_JOB:
      return LW_STEP_JOB;
    case LW_ADVICE_OPEN_LOG:
      return LW_STEP_RESULTS;
    case LW_ADVICE_REMOVE_LOCK:
      return LW_STEP_CLEAN_UP;
    case LW_ADVICE_NONE:
    case LW_ADVICE_RETRY:
    case LW_ADVICE_WAIT:
    default:
      return fallback;
    }
}

static void
advise_cb (LwPage *page, int action, LwShell *self)
{
  LwStepKind kind = find_advice_step ((LwAdviceAction) action, lw_page_get_kind (page));

  if (kind == lw_page_get_kind (page))
    {
      lw_page_refresh (page);
      return;
    }
  lw_shell_show_step (self, kind, TRUE);
  lw_page_advise (lw_shell_ensure_page (self, kind), (LwAdviceAction) action);
}

LwPage *
lw_shell_ensure_page (LwShell *self, LwStepKind kind)
{
  g_return_val_if_fail (LW_IS_SHELL (self), NULL);
  g_return_val_if_fail ((guint) kind < LW_N_STEPS, NULL);

  if (self->pages[kind] == NULL)
    {
      self->pages[kind] = g_object_new (page_types[kind](), "session", self->session, NULL);
      g_signal_connect_object (self->pages[kind], "advise", G_CALLBACK (advise_cb), self, 0);
      gtk_stack_add_named (self->stack, GTK_WIDGET (self->pages[kind]),
                           lw_step_kind_get_id (kind));
    }
  return self->pages[kind];
}

LwStepKind
lw_shell_get_step (LwShell *self)
{
  GtkWidget *page;

  g_return_val_if_fail (LW_IS_SHELL (self), LW_STEP_SIGN_IN);

  page = gtk_stack_get_visible_child (self->stack);
  return page != NULL ? lw_page_get_kind (LW_PAGE (page)) : LW_STEP_SIGN_IN;
}

static void
update_title (LwShell *self)
{
  GSettings *settings = lw_session_get_settings (self->session);
  const LwSubscription *subscription = lw_session_get_subscription (self->session);
  const char *subtitle = "";

  if (subscription != NULL && !g_settings_get_boolean (settings, "mask-account"))
    subtitle = subscription->display_name;
  adw_window_title_set_title (self->title,
                              lw_page_get_title (lw_shell_ensure_page (self,
                                                                       lw_shell_get_step (self))));
  adw_window_title_set_subtitle (self->title, subtitle);
}

static void
update (LwShell *self)
{
  LwLab *lab = lw_session_get_lab (self->session);
  gboolean practice = lw_session_is_practice (self->session);

  for (guint kind = 0; kind < LW_N_STEPS; kind++)
    lw_step_row_set_state (self->rows[kind],
                           lw_session_get_step_state (self->session, (LwStepKind) kind));
  if (lab != NULL)
    gtk_label_set_label (self->lab_title, lw_lab_get_title (lab, lw_language_get_current ()));
  gtk_label_set_label (self->cloud_badge, lw_texts_get_cloud (lw_session_get_cloud_id (self->session)));
  gtk_widget_set_visible (GTK_WIDGET (self->cloud_badge), !adw_leaflet_get_folded (self->leaflet));
  if (practice)
    gtk_widget_add_css_class (GTK_WIDGET (self->cloud_badge), "practice");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->cloud_badge), "practice");
  update_title (self);
}

/* The focus is taken out of a page before it is hidden: an entry that loses it by being hidden makes
 * GTK 4.8 complain, and the focus would be nowhere. */
static void
leave_page (LwShell *self, LwStepKind next)
{
  GtkWidget *now = gtk_stack_get_visible_child (self->stack);

  if (now != NULL && lw_page_get_kind (LW_PAGE (now)) != next)
    gtk_widget_grab_focus (GTK_WIDGET (self->rows[next]));
}

void
lw_shell_show_step (LwShell *self, LwStepKind kind, gboolean navigate)
{
  LwPage *page;

  g_return_if_fail (LW_IS_SHELL (self));

  page = lw_shell_ensure_page (self, kind);
  /* Moves the focus by itself, so before it is placed. */
  if (navigate)
    adw_leaflet_set_visible_child_name (self->leaflet, "page");
  leave_page (self, kind);
  gtk_stack_set_visible_child (self->stack, GTK_WIDGET (page));
  if (gtk_list_box_get_selected_row (self->list) != GTK_LIST_BOX_ROW (self->rows[kind]))
    gtk_list_box_select_row (self->list, GTK_LIST_BOX_ROW (self->rows[kind]));
  if (navigate && adw_leaflet_get_folded (self->leaflet))
    gtk_widget_child_focus (GTK_WIDGET (page), GTK_DIR_TAB_FORWARD);
  g_settings_set_string (lw_session_get_settings (self->session), "step",
                         lw_step_kind_get_id (kind));
  update_title (self);
  lw_page_shown (page);
}

gboolean
lw_shell_back (LwShell *self)
{
  g_return_val_if_fail (LW_IS_SHELL (self), FALSE);

  return adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
}

void
lw_shell_popup_menu (LwShell *self)
{
  gboolean on_page;

  g_return_if_fail (LW_IS_SHELL (self));

  on_page = g_strcmp0 (adw_leaflet_get_visible_child_name (self->leaflet), "page") == 0;
  lw_menu_button_popup (on_page || !adw_leaflet_get_folded (self->leaflet) ? self->page_menu
                                                                           : self->steps_menu);
}

static void
row_activated_cb (LwShell *self, LwStepRow *row)
{
  lw_shell_show_step (self, lw_step_row_get_kind (row), TRUE);
}

/* Arrow keys select without activating: where both panes are in view the page follows. */
static void
row_selected_cb (LwShell *self, LwStepRow *row)
{
  if (row != NULL && lw_step_row_get_kind (row) != lw_shell_get_step (self)
      && !adw_leaflet_get_folded (self->leaflet))
    lw_shell_show_step (self, lw_step_row_get_kind (row), FALSE);
}

/* In a GtkListBox Tab goes from row to row and selects: here that would change the page, so that the
 * keyboard never got into it. Tab leaves the list instead; arrows move in it. */
static gboolean
list_key_cb (LwShell *self, guint keyval, guint keycode, GdkModifierType state)
{
  gboolean back = keyval == GDK_KEY_ISO_Left_Tab || (state & GDK_SHIFT_MASK) != 0;

  if (keyval != GDK_KEY_Tab && keyval != GDK_KEY_KP_Tab && keyval != GDK_KEY_ISO_Left_Tab)
    return GDK_EVENT_PROPAGATE;
  if (back)
    return gtk_widget_child_focus (GTK_WIDGET (self->steps_menu), GTK_DIR_TAB_BACKWARD)
           || gtk_widget_child_focus (GTK_WIDGET (self->page_pane), GTK_DIR_TAB_BACKWARD);
  return gtk_widget_child_focus (GTK_WIDGET (self->page_pane), GTK_DIR_TAB_FORWARD)
         || gtk_widget_child_focus (GTK_WIDGET (self->steps_menu), GTK_DIR_TAB_FORWARD);
}

static void
watch_list_keys (LwShell *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (list_key_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->list), keys);
}

static void
lw_shell_constructed (GObject *object)
{
  LwShell *self = LW_SHELL (object);

  G_OBJECT_CLASS (lw_shell_parent_class)->constructed (object);
  lw_account_button_set_session (self->account, self->session);
  lw_account_button_set_session (self->steps_account, self->session);
  lw_cost_meter_set_session (self->meter, self->session);
  lw_drawer_set_session (self->drawer, self->session);
  lw_notice_bar_set_session (self->notice, self->session);
  g_signal_connect_object (self->session, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (lw_session_get_settings (self->session), "changed::mask-account",
                           G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->leaflet, "notify::folded", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  update (self);
}

static void
lw_shell_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_SESSION:
      LW_SHELL (object)->session = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lw_shell_dispose (GObject *object)
{
  g_clear_object (&LW_SHELL (object)->session);
  G_OBJECT_CLASS (lw_shell_parent_class)->dispose (object);
}

static void
lw_shell_class_init (LwShellClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = lw_shell_constructed;
  object_class->set_property = lw_shell_set_property;
  object_class->dispose = lw_shell_dispose;
  props[PROP_SESSION] = g_param_spec_object (
    "session", NULL, NULL, LW_TYPE_SESSION,
    G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  g_type_ensure (LW_TYPE_ACCOUNT_BUTTON);
  g_type_ensure (LW_TYPE_COST_METER);
  g_type_ensure (LW_TYPE_DRAWER);
  g_type_ensure (LW_TYPE_MENU_BUTTON);
  g_type_ensure (LW_TYPE_NOTICE_BAR);
  gtk_widget_class_set_template_from_resource (widget_class, LW_RESOURCE_PATH "lw-shell.ui");
  gtk_widget_class_bind_template_child (widget_class, LwShell, leaflet);
  gtk_widget_class_bind_template_child (widget_class, LwShell, lab_title);
  gtk_widget_class_bind_template_child (widget_class, LwShell, list);
  gtk_widget_class_bind_template_child (widget_class, LwShell, steps_menu);
  gtk_widget_class_bind_template_child (widget_class, LwShell, page_menu);
  gtk_widget_class_bind_template_child (widget_class, LwShell, cloud_badge);
  gtk_widget_class_bind_template_child (widget_class, LwShell, title);
  gtk_widget_class_bind_template_child (widget_class, LwShell, page_pane);
  gtk_widget_class_bind_template_child (widget_class, LwShell, stack);
  gtk_widget_class_bind_template_child (widget_class, LwShell, account);
  gtk_widget_class_bind_template_child (widget_class, LwShell, steps_account);
  gtk_widget_class_bind_template_child (widget_class, LwShell, meter);
  gtk_widget_class_bind_template_child (widget_class, LwShell, drawer);
  gtk_widget_class_bind_template_child (widget_class, LwShell, notice);
}

static void
lw_shell_init (LwShell *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint kind = 0; kind < LW_N_STEPS; kind++)
    {
      self->rows[kind] = LW_STEP_ROW (lw_step_row_new ((LwStepKind) kind));
      gtk_list_box_append (self->list, GTK_WIDGET (self->rows[kind]));
    }
  watch_list_keys (self);
  g_signal_connect_object (self->list, "row-activated", G_CALLBACK (row_activated_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->list, "row-selected", G_CALLBACK (row_selected_cb), self,
                           G_CONNECT_SWAPPED);
}

GtkWidget *
lw_shell_new (LwSession *session)
{
  return g_object_new (LW_TYPE_SHELL, "session", session, NULL);
}

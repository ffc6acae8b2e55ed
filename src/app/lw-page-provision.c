/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The page of the step “provision”: what is checked, what was chosen and why, and every resource as
 * it is made. A view of LwProvisionModel; see lw-page.h. Main thread. */

#include "lw-page-provision.h"

#include <glib/gi18n.h>

#include "lw-candidate-row.h"
#include "lw-provision-model.h"
#include "lw-resources.h"
#include "lw-texts.h"
#include "lw-wait-row.h"

struct _LwPageProvision
{
  LwPage parent_instance;

  /* Template. */
  GtkWidget *cancel_button;
  GtkWidget *checks_group;
  GtkWidget *choice_group;
  GtkWidget *items_group;
  LwWaitRow *subscription_check;
  LwWaitRow *permission_check;
  LwWaitRow *providers_check;
  LwWaitRow *region_check;
  LwWaitRow *names_check;
  AdwComboRow *region_row;
  AdwComboRow *size_row;
  AdwActionRow *nodes_row;
  GtkLabel *nodes_label;
  GtkLabel *price_label;
  AdwExpanderRow *why_row;
  LwWaitRow *group_item;
  LwWaitRow *storage_item;
  LwWaitRow *vault_item;
  LwWaitRow *logs_item;
  LwWaitRow *insights_item;
  LwWaitRow *workspace_item;
  LwWaitRow *instance_item;
  LwWaitRow *cluster_item;

  LwProvisionModel *model; /* owned, NULL until a session with an open cloud is there */
  GPtrArray *why_rows;     /* owned; the rows are borrowed from why_row */
  gboolean had_target;     /* a subscription was chosen when the page last looked */
  gboolean filling;        /* the combo rows are being filled: no choice of the person */
};

G_DEFINE_FINAL_TYPE (LwPageProvision, lw_page_provision, LW_TYPE_PAGE)

/* ---- Choice of region and size ---- */

/* Returns: (nullable): what is chosen in @row, %NULL for "automatic", the first line. */
static const char *
get_choice (AdwComboRow *row)
{
  guint selected = adw_combo_row_get_selected (row);
  GtkStringObject *item = adw_combo_row_get_selected_item (row);

  return selected == 0 || item == NULL ? NULL : gtk_string_object_get_string (item);
}

static void
choice_changed_cb (LwPageProvision *self)
{
  if (self->filling || self->model == NULL)
    return;
  lw_provision_model_check (self->model, get_choice (self->region_row),
                            get_choice (self->size_row));
}

static void
fill_combo (AdwComboRow *row, const char *const *values)
{
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);

  gtk_string_list_append (list, _ ("Automatic"));
  for (guint i = 0; values != NULL && values[i] != NULL; i++)
    gtk_string_list_append (list, values[i]);
  adw_combo_row_set_model (row, G_LIST_MODEL (list));
}

static void
fill_choices (LwPageProvision *self)
{
  LwLab *lab = lw_session_get_lab (lw_page_get_session (LW_PAGE (self)));

  self->filling = TRUE;
  fill_combo (self->region_row, lw_lab_get_regions (lab, g_get_language_names ()[0]));
  fill_combo (self->size_row, lw_lab_get_vm_sizes (lab));
  self->filling = FALSE;
}

static void
update_why (LwPageProvision *self)
{
  GPtrArray *candidates = lw_provision_model_get_candidates (self->model);

  for (guint i = 0; i < self->why_rows->len; i++)
    adw_expander_row_remove (self->why_row, g_ptr_array_index (self->why_rows, i));
  g_ptr_array_set_size (self->why_rows, 0);
  for (guint i = 0; candidates != NULL && i < candidates->len; i++)
    {
      GtkWidget *row = lw_candidate_row_new (g_ptr_array_index (candidates, i));

      adw_expander_row_add_row (self->why_row, row);
      g_ptr_array_add (self->why_rows, row);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->why_row), self->why_rows->len > 0);
}

static void
update_price (LwPageProvision *self, double price)
{
  g_autofree char *money = price >= 0 ? lw_texts_dup_money (price) : NULL;
  /* Translators: a price of one machine, as "$0.19 per hour" */
  g_autofree char *text = money != NULL ? g_strdup_printf (_ ("%s per hour"), money)
                                        : g_strdup (_ ("Not told by Azure"));

  gtk_label_set_label (self->price_label, text);
}

static void
update_choice (LwPageProvision *self)
{
  const LwPreflightResult *result = lw_provision_model_get_result (self->model);
  LwProvisionPhase phase = lw_provision_model_get_phase (self->model);
  LwLab *lab = lw_session_get_lab (lw_page_get_session (LW_PAGE (self)));
  gboolean open = phase == LW_PROVISION_IDLE || phase == LW_PROVISION_PLANNED;
  g_autofree char *nodes = NULL;

  gtk_widget_set_visible (self->choice_group, phase == LW_PROVISION_IDLE
                                                  || phase == LW_PROVISION_PLANNED
                                                  || phase == LW_PROVISION_CHECKING);
  gtk_widget_set_sensitive (GTK_WIDGET (self->region_row), open);
  gtk_widget_set_sensitive (GTK_WIDGET (self->size_row), open);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->region_row),
                               result != NULL ? result->region : "");
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->size_row),
                               result != NULL ? result->vm_size : "");
  nodes = result != NULL ? g_strdup_printf ("%d", result->max_nodes) : g_strdup ("–");
  gtk_label_set_label (self->nodes_label, nodes);
  adw_action_row_set_subtitle (self->nodes_row,
                               result != NULL && result->max_nodes < lw_lab_get_max_nodes (lab)
                                   ? _ ("Fewer than in the lab's text, as the quota allows no "
                                        "more. One node is enough for the job.")
                                   : "");
  update_price (self, result != NULL ? result->price_per_hour : -1);
  update_why (self);
}

/* ---- Rows of checks and resources ---- */

static LwWaitState
wait_state_of_check (LwCheckState state)
{
  switch (state)
    {
    case LW_CHECK_RUNNING:
      return LW_WAIT_RUNNING;
    case LW_CHECK_OK:
      return LW_WAIT_DONE;
    case LW_CHECK_WARNING:
      return LW_WAIT_WARNING;
    case LW_CHECK_FAILED:
      return LW_WAIT_FAILED;
    case LW_CHECK_WAITING:
    default:
      return LW_WAIT_IDLE;
    }
}

static void
update_checks (LwPageProvision *self)
{
  LwWaitRow *const rows[LW_N_CHECKS] = {
    [LW_CHECK_SUBSCRIPTION] = self->subscription_check,
    [LW_CHECK_PERMISSION] = self->permission_check,
    [LW_CHECK_PROVIDERS] = self->providers_check,
    [LW_CHECK_REGION] = self->region_check,
    [LW_CHECK_NAMES] = self->names_check,
  };
  LwProvisionPhase phase = lw_provision_model_get_phase (self->model);

  for (guint i = 0; i < LW_N_CHECKS; i++)
    {
      const char *detail = NULL;
      LwCheckState state = lw_provision_model_get_check (self->model, (LwCheckKind) i, &detail);

      lw_wait_row_set (rows[i], wait_state_of_check (state), detail, 0, 0);
    }
  gtk_widget_set_visible (self->checks_group, phase == LW_PROVISION_IDLE
                                                  || phase == LW_PROVISION_CHECKING
                                                  || phase == LW_PROVISION_PLANNED);
}

static LwWaitState
wait_state_of_item (LwPlanState state)
{
  switch (state)
    {
    case LW_PLAN_LOOKING:
    case LW_PLAN_MAKING:
      return LW_WAIT_RUNNING;
    case LW_PLAN_READY:
      return LW_WAIT_DONE;
    case LW_PLAN_WRONG:
      return LW_WAIT_WARNING;
    case LW_PLAN_FAILED:
      return LW_WAIT_FAILED;
    case LW_PLAN_UNKNOWN:
    case LW_PLAN_ABSENT:
    default:
      return LW_WAIT_IDLE;
    }
}

/* Minutes of a duration such as "PT30M" or "PT1H"; 0 when it is written otherwise. */
static int
get_minutes (const char *duration)
{
  int number = 0;
  char unit = 0;

  if (duration == NULL || sscanf (duration, "PT%d%c", &number, &unit) != 2)
    return 0;
  return unit == 'H' ? number * 60 : (unit == 'M' ? number : 0);
}

static char *
dup_phase (const LwPlanItem *item)
{
  int minutes = get_minutes (item->idle_shutdown);

  if (item->detail == NULL)
    return g_strdup (item->name);
  if (minutes > 0)
    /* Translators: name of the compute instance, its state, minutes */
    return g_strdup_printf (ngettext ("%s · %s, shuts down after %d idle minute",
                                      "%s · %s, shuts down after %d idle minutes",
                                      (gulong) minutes),
                            item->name, item->detail, minutes);
  if (item->kind == LW_PLAN_CLUSTER && item->nodes >= 0)
    /* Translators: name of the compute cluster, its state, number of nodes */
    return g_strdup_printf (
        ngettext ("%s · %s, %d node", "%s · %s, %d nodes", (gulong) item->nodes), item->name,
        item->detail, item->nodes);
  return g_strdup_printf ("%s · %s", item->name, item->detail);
}

static void
update_item (LwWaitRow *row, const LwPlanItem *item)
{
  g_autofree char *phase = dup_phase (item);

  lw_wait_row_set_usual (row, item->usual_min_s, item->usual_max_s);
  lw_wait_row_set (row, wait_state_of_item (item->state), phase, item->started_us, item->ended_us);
}

static void
update_items (LwPageProvision *self)
{
  LwWaitRow *const rows[LW_N_PLAN_ITEMS] = {
    [LW_PLAN_GROUP] = self->group_item,         [LW_PLAN_STORAGE] = self->storage_item,
    [LW_PLAN_VAULT] = self->vault_item,         [LW_PLAN_LOGS] = self->logs_item,
    [LW_PLAN_INSIGHTS] = self->insights_item,   [LW_PLAN_WORKSPACE] = self->workspace_item,
    [LW_PLAN_INSTANCE] = self->instance_item,   [LW_PLAN_CLUSTER] = self->cluster_item,
  };
  static const char *const keys[LW_N_PLAN_ITEMS] = {
    [LW_PLAN_GROUP] = LW_RECORD_GROUP,       [LW_PLAN_STORAGE] = LW_RECORD_STORAGE,
    [LW_PLAN_VAULT] = LW_RECORD_VAULT,       [LW_PLAN_LOGS] = LW_RECORD_LOGS,
    [LW_PLAN_INSIGHTS] = LW_RECORD_INSIGHTS, [LW_PLAN_WORKSPACE] = LW_RECORD_WORKSPACE,
    [LW_PLAN_INSTANCE] = LW_RECORD_INSTANCE, [LW_PLAN_CLUSTER] = LW_RECORD_CLUSTER,
  };
  LwRecord *record = lw_session_get_record (lw_page_get_session (LW_PAGE (self)));

  for (guint i = 0; i < LW_N_PLAN_ITEMS; i++)
    {
      const LwPlanItem *item = lw_provision_model_get_item (self->model, (LwPlanKind) i);
      g_autofree char *name = record != NULL ? lw_record_dup (record, keys[i]) : NULL;

      if (item != NULL)
        update_item (rows[i], item);
      else
        lw_wait_row_set (rows[i], LW_WAIT_IDLE, name, 0, 0);
    }
  gtk_widget_set_visible (self->items_group, record != NULL);
}

/* ---- State to what is visible ---- */

static gboolean
is_cleaned_up (LwPageProvision *self)
{
  LwRecord *record = lw_session_get_record (lw_page_get_session (LW_PAGE (self)));

  return record != NULL && lw_record_get_time (record, LW_RECORD_DELETE_PROVED) != 0;
}

static void
update_actions (LwPageProvision *self, LwProvisionPhase phase)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean working = phase == LW_PROVISION_CHECKING || phase == LW_PROVISION_LOOKING
                     || phase == LW_PROVISION_CREATING;

  gtk_widget_action_set_enabled (widget, "page.new", !working && is_cleaned_up (self));
  gtk_widget_action_set_enabled (widget, "page.create",
                                 phase == LW_PROVISION_PLANNED || phase == LW_PROVISION_STOPPED);
  gtk_widget_action_set_enabled (widget, "page.check", !working && phase != LW_PROVISION_DONE);
  gtk_widget_action_set_enabled (widget, "page.cancel", working);
  gtk_widget_set_visible (self->cancel_button, working);
  lw_page_set_busy (LW_PAGE (self), working);
  if (is_cleaned_up (self))
    lw_page_set_primary (LW_PAGE (self), _ ("Begin a New Attempt"), "page.new");
  else if (phase == LW_PROVISION_PLANNED)
    lw_page_set_primary (LW_PAGE (self), _ ("Create"), "page.create");
  else if (phase == LW_PROVISION_STOPPED)
    lw_page_set_primary (LW_PAGE (self), _ ("Continue"), "page.create");
  else if (phase == LW_PROVISION_DONE)
    lw_page_set_primary (LW_PAGE (self), _ ("Go On to the Script"), "win.step::script");
  else if (phase == LW_PROVISION_IDLE)
    lw_page_set_primary (LW_PAGE (self), _ ("Check Again"), "page.check");
  else
    lw_page_set_primary (LW_PAGE (self), NULL, NULL);
}

static void
update (LwPageProvision *self)
{
  LwProvisionPhase phase;
  const GError *error;

  if (self->model == NULL)
    return;
  phase = lw_provision_model_get_phase (self->model);
  update_checks (self);
  update_choice (self);
  update_items (self);
  update_actions (self, phase);
  error = lw_provision_model_get_error (self->model);
  /* Before something new is made a person has to know that there was something else. */
  if (error == NULL)
    error = lw_session_get_record_error (lw_page_get_session (LW_PAGE (self)));
  lw_page_show_error (LW_PAGE (self), error);
}

/* ---- Page ---- */

static void
lw_page_provision_session_changed (LwPage *page)
{
  LwPageProvision *self = LW_PAGE_PROVISION (page);
  LwSession *session = lw_page_get_session (page);

  if (self->model == NULL && lw_session_is_open (session))
    {
      self->model = g_object_ref (lw_session_ensure_model (session, LW_TYPE_PROVISION_MODEL));
      g_signal_connect_object (self->model, "changed", G_CALLBACK (update), self,
                               G_CONNECT_SWAPPED);
      fill_choices (self);
    }
  if (self->model != NULL && !self->had_target && lw_session_get_target (session) != NULL
      && gtk_widget_get_mapped (GTK_WIDGET (self)))
    lw_provision_model_open (self->model);
  self->had_target = lw_session_get_target (session) != NULL;
  update (self);
}

static void
lw_page_provision_shown (LwPage *page)
{
  LwPageProvision *self = LW_PAGE_PROVISION (page);

  if (self->model != NULL)
    lw_provision_model_open (self->model);
}

static void
lw_page_provision_refresh (LwPage *page)
{
  LwPageProvision *self = LW_PAGE_PROVISION (page);

  if (self->model == NULL)
    return;
  if (lw_provision_model_get_phase (self->model) == LW_PROVISION_PLANNED)
    lw_provision_model_check (self->model, get_choice (self->region_row),
                              get_choice (self->size_row));
  else
    lw_provision_model_look (self->model);
}

static void
create_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  lw_session_clear_record_error (lw_page_get_session (LW_PAGE (widget)));
  lw_provision_model_create (LW_PAGE_PROVISION (widget)->model);
}

static void
check_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  LwPageProvision *self = LW_PAGE_PROVISION (widget);

  lw_provision_model_check (self->model, get_choice (self->region_row),
                            get_choice (self->size_row));
}

static void
cancel_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  lw_provision_model_cancel (LW_PAGE_PROVISION (widget)->model);
}

static void
new_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  lw_provision_model_begin_anew (LW_PAGE_PROVISION (widget)->model);
}

static gboolean
lw_page_provision_advise (LwPage *page, LwAdviceAction action)
{
  LwPageProvision *self = LW_PAGE_PROVISION (page);

  if (self->model == NULL)
    return FALSE;
  if (action == LW_ADVICE_CHOOSE_REGION)
    lw_provision_model_check_others (self->model);
  else if (action == LW_ADVICE_RETRY || action == LW_ADVICE_WAIT
           || action == LW_ADVICE_REGISTER_PROVIDER)
    {
      if (lw_provision_model_get_phase (self->model) == LW_PROVISION_STOPPED)
        lw_provision_model_create (self->model);
      else
        lw_provision_model_check (self->model, get_choice (self->region_row),
                                  get_choice (self->size_row));
    }
  else
    return FALSE;
  return TRUE;
}

static LwTourResult
lw_page_provision_tour_step (LwPage *page, char **caption)
{
  LwPageProvision *self = LW_PAGE_PROVISION (page);

  if (self->model == NULL)
    return LW_TOUR_WAIT;
  if (lw_provision_model_get_error (self->model) != NULL)
    return LW_TOUR_STUCK;
  switch (lw_provision_model_get_phase (self->model))
    {
    case LW_PROVISION_PLANNED:
    case LW_PROVISION_STOPPED:
      *caption = g_strdup (_ ("Region and size are chosen; now the resources are made."));
      gtk_widget_activate_action (GTK_WIDGET (self), "page.create", NULL);
      return LW_TOUR_ACTED;
    case LW_PROVISION_DONE:
      *caption = g_strdup (_ ("Everything stands: the instance runs, the cluster has no node."));
      return LW_TOUR_DONE;
    case LW_PROVISION_IDLE:
      lw_provision_model_open (self->model);
      return LW_TOUR_WAIT;
    case LW_PROVISION_CHECKING:
    case LW_PROVISION_LOOKING:
    case LW_PROVISION_CREATING:
    default:
      return LW_TOUR_WAIT;
    }
}

static void
lw_page_provision_dispose (GObject *object)
{
  LwPageProvision *self = LW_PAGE_PROVISION (object);

  g_clear_object (&self->model);
  G_OBJECT_CLASS (lw_page_provision_parent_class)->dispose (object);
}

static void
lw_page_provision_finalize (GObject *object)
{
  LwPageProvision *self = LW_PAGE_PROVISION (object);

  g_ptr_array_unref (self->why_rows);
  G_OBJECT_CLASS (lw_page_provision_parent_class)->finalize (object);
}

#define BIND(name) gtk_widget_class_bind_template_child (widget_class, LwPageProvision, name)

static void
bind_children (GtkWidgetClass *widget_class)
{
  BIND (cancel_button);
  BIND (checks_group);
  BIND (choice_group);
  BIND (items_group);
  BIND (subscription_check);
  BIND (permission_check);
  BIND (providers_check);
  BIND (region_check);
  BIND (names_check);
  BIND (region_row);
  BIND (size_row);
  BIND (nodes_row);
  BIND (nodes_label);
  BIND (price_label);
  BIND (why_row);
  BIND (group_item);
  BIND (storage_item);
  BIND (vault_item);
  BIND (logs_item);
  BIND (insights_item);
  BIND (workspace_item);
  BIND (instance_item);
  BIND (cluster_item);
}

static void
lw_page_provision_class_init (LwPageProvisionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  LwPageClass *page_class = LW_PAGE_CLASS (klass);

  object_class->dispose = lw_page_provision_dispose;
  object_class->finalize = lw_page_provision_finalize;
  page_class->kind = LW_STEP_PROVISION;
  page_class->session_changed = lw_page_provision_session_changed;
  page_class->shown = lw_page_provision_shown;
  page_class->refresh = lw_page_provision_refresh;
  page_class->advise = lw_page_provision_advise;
  page_class->tour_step = lw_page_provision_tour_step;
  g_type_ensure (LW_TYPE_WAIT_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               LW_RESOURCE_PATH "lw-page-provision.ui");
  bind_children (widget_class);
  gtk_widget_class_install_action (widget_class, "page.create", NULL, create_cb);
  gtk_widget_class_install_action (widget_class, "page.check", NULL, check_cb);
  gtk_widget_class_install_action (widget_class, "page.cancel", NULL, cancel_cb);
  gtk_widget_class_install_action (widget_class, "page.new", NULL, new_cb);
}

static void
lw_page_provision_init (LwPageProvision *self)
{
  self->why_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.create", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.check", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.cancel", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.new", FALSE);
  g_signal_connect_object (self->region_row, "notify::selected", G_CALLBACK (choice_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->size_row, "notify::selected", G_CALLBACK (choice_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The model of step 2. One piece of work at a time runs on the pool; its letters and its end change
 * the state here, and every change is told by one signal. Main thread. Belongs to the session,
 * which outlives it and to which it keeps no reference. */

#include "lw-provision-model.h"

#include "lw-provision-work.h"

/* An earlier start that was cut off within this time is gone on with unasked; an older one waits
 * for the person. */
#define RESUME_WITHIN_US (G_GINT64_CONSTANT (24) * 3600 * G_USEC_PER_SEC)

struct _LwProvisionModel
{
  GObject parent_instance;

  LwSession *session; /* borrowed, outlives the model */
  LwProvisionPhase phase;
  GError *error; /* owned, nullable */
  LwCheckState checks[LW_N_CHECKS];
  char *check_details[LW_N_CHECKS]; /* owned, nullable */
  LwPreflightResult *result;        /* owned, nullable */
  GPtrArray *rejected;              /* owned, nullable */
  GPtrArray *excluded;              /* owned, of char * */
  LwPlanItem *items[LW_N_PLAN_ITEMS]; /* owned, nullable */
  LwMailbox *mailbox;                 /* owned, nullable: of the work under way */
  GCancellable *cancellable;          /* owned, nullable: the person's Cancel */
};

G_DEFINE_FINAL_TYPE (LwProvisionModel, lw_provision_model, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_SESSION,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];
static guint changed_signal;

static gboolean
is_working (LwProvisionModel *self)
{
  return self->phase == LW_PROVISION_CHECKING || self->phase == LW_PROVISION_LOOKING
         || self->phase == LW_PROVISION_CREATING;
}

static void
emit_changed (LwProvisionModel *self)
{
  g_signal_emit (self, changed_signal, 0);
}

static LwPlanItem *
get_item (LwProvisionModel *self, LwPlanKind kind)
{
  g_return_val_if_fail ((guint) kind < LW_N_PLAN_ITEMS, NULL);

  return self->items[kind];
}

static void
keep_item (LwProvisionModel *self, const LwPlanItem *item)
{
  g_clear_pointer (&self->items[item->kind], lw_plan_item_free);
  self->items[item->kind] = lw_plan_item_copy (item);
}

static void
letter_cb (gpointer data, gpointer listener)
{
  LwProvisionLetter *letter = data;
  LwProvisionModel *self = listener;

  if (letter->item != NULL)
    keep_item (self, letter->item);
  else
    {
      self->checks[letter->check] = letter->state;
      g_free (self->check_details[letter->check]);
      self->check_details[letter->check] = g_steal_pointer (&letter->detail);
    }
  emit_changed (self);
}

static LwSubscription *
copy_subscription (const LwSubscription *from)
{
  LwSubscription *to = g_new0 (LwSubscription, 1);

  to->id = g_strdup (from->id);
  to->tenant_id = g_strdup (from->tenant_id);
  to->display_name = g_strdup (from->display_name);
  to->state = g_strdup (from->state);
  to->quota_id = g_strdup (from->quota_id);
  to->spending_limit = from->spending_limit;
  return to;
}

static LwProvisionInput *
make_input (LwProvisionModel *self)
{
  LwProvisionInput *input = g_new0 (LwProvisionInput, 1);

  input->target = lw_target_ref (lw_session_get_target (self->session));
  input->azure = lw_azure_ref (lw_session_get_azure (self->session));
  input->lab = lw_lab_ref (lw_session_get_lab (self->session));
  input->record = lw_record_ref (lw_session_get_record (self->session));
  input->clock = lw_clock_ref (lw_session_get_clock (self->session));
  input->subscription = copy_subscription (lw_session_get_subscription (self->session));
  input->locale = g_strdup (g_get_language_names ()[0]);
  input->mailbox = lw_mailbox_ref (self->mailbox);
  return input;
}

/* Returns: what the worker gets; NULL when there is nothing to work with or work is under way. */
static LwProvisionInput *
begin (LwProvisionModel *self, LwProvisionPhase phase)
{
  if (is_working (self) || lw_session_get_target (self->session) == NULL)
    return NULL;
  if (lw_session_get_record (self->session) == NULL)
    lw_session_start_attempt (self->session);
  g_clear_error (&self->error);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  g_clear_pointer (&self->mailbox, lw_mailbox_unref);
  self->mailbox = lw_mailbox_new (LW_MAILBOX_ALL, self, letter_cb,
                                  (GDestroyNotify) lw_provision_letter_free);
  self->phase = phase;
  lw_session_set_failed (self->session, LW_STEP_PROVISION, FALSE);
  lw_session_set_running (self->session, LW_STEP_PROVISION, TRUE);
  return make_input (self);
}

/* A cancelled piece of work is no failure: what it left is looked at as it is. */
static void
end (LwProvisionModel *self, LwProvisionPhase phase, GError *error)
{
  lw_mailbox_flush (self->mailbox);
  self->phase = phase;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_error_free (error);
  else
    self->error = error;
  lw_session_set_running (self->session, LW_STEP_PROVISION, FALSE);
  lw_session_set_failed (self->session, LW_STEP_PROVISION, self->error != NULL);
  lw_session_record_changed (self->session);
  emit_changed (self);
}

static gboolean
has_begun (LwProvisionModel *self)
{
  LwRecord *record = lw_session_get_record (self->session);

  return record != NULL && lw_record_get_time (record, LW_RECORD_PROVISION_STARTED) != 0;
}

/* ---- Preflight ---- */

static void
checked_cb (GObject *source, GAsyncResult *res, gpointer user_data)
{
  LwProvisionModel *self = LW_PROVISION_MODEL (source);
  LwProvisionInput *input = lw_pool_get_data (res);
  GError *error = NULL;
  LwPreflightResult *result = lw_pool_finish (res, lw_provision_model_check, &error);

  g_clear_pointer (&self->result, lw_preflight_result_free);
  g_clear_pointer (&self->rejected, g_ptr_array_unref);
  self->result = result;
  self->rejected = g_steal_pointer (&input->rejected);
  if (has_begun (self))
    end (self, LW_PROVISION_STOPPED, error);
  else
    end (self, result != NULL ? LW_PROVISION_PLANNED : LW_PROVISION_IDLE, error);
}

void
lw_provision_model_check (LwProvisionModel *self, const char *region, const char *vm_size)
{
  LwProvisionInput *input = NULL;

  g_return_if_fail (LW_IS_PROVISION_MODEL (self));

  input = begin (self, LW_PROVISION_CHECKING);
  if (input == NULL)
    return;
  for (guint i = 0; i < LW_N_CHECKS; i++)
    {
      self->checks[i] = LW_CHECK_WAITING;
      g_clear_pointer (&self->check_details[i], g_free);
    }
  input->region = g_strdup (region);
  input->vm_size = g_strdup (vm_size);
  input->excluded = g_new0 (char *, self->excluded->len + 1);
  for (guint i = 0; i < self->excluded->len; i++)
    input->excluded[i] = g_strdup (g_ptr_array_index (self->excluded, i));
  lw_pool_run (lw_session_get_pool (self->session), lw_provision_model_check,
               lw_provision_check_in_pool, input, (GDestroyNotify) lw_provision_input_free,
               (GDestroyNotify) lw_preflight_result_free, self, self->cancellable, checked_cb,
               NULL);
  emit_changed (self);
}

/* A workspace that stands fixes the region: only another size can be tried there. */
void
lw_provision_model_check_others (LwProvisionModel *self)
{
  LwRecord *record = NULL;
  g_autofree char *region = NULL;
  g_autofree char *vm_size = NULL;
  const LwPlanItem *workspace = NULL;

  g_return_if_fail (LW_IS_PROVISION_MODEL (self));

  record = lw_session_get_record (self->session);
  workspace = get_item (self, LW_PLAN_WORKSPACE);
  region = record != NULL ? lw_record_dup (record, LW_RECORD_REGION) : NULL;
  vm_size = record != NULL ? lw_record_dup (record, LW_RECORD_VM_SIZE) : NULL;
  if (region != NULL && vm_size != NULL)
    g_ptr_array_add (self->excluded, g_strdup_printf ("%s/%s", region, vm_size));
  lw_provision_model_check (
      self, workspace != NULL && workspace->state == LW_PLAN_READY ? region : NULL, NULL);
}

/* ---- Creation and looking ---- */

static void
keep_items (LwProvisionModel *self, GPtrArray *items)
{
  for (guint i = 0; items != NULL && i < items->len; i++)
    keep_item (self, g_ptr_array_index (items, i));
}

static void
tell_equivalent (LwProvisionModel *self, LwProvisionInput *input)
{
  g_autofree char *region = lw_record_dup (input->record, LW_RECORD_REGION);
  g_autofree char *vm_size = lw_record_dup (input->record, LW_RECORD_VM_SIZE);
  g_autofree char *max_nodes = lw_record_dup (input->record, LW_RECORD_MAX_NODES);
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  LwEquivalent equivalent = { NULL };

  for (guint i = 0; i < LW_N_PLAN_ITEMS; i++)
    if (self->items[i] != NULL)
      g_ptr_array_add (items, self->items[i]);
  if (region == NULL || vm_size == NULL || max_nodes == NULL || items->len != LW_N_PLAN_ITEMS)
    return;
  lw_equivalent_plan (lw_target_get_arm (input->target)->subscription_id, region, vm_size,
                      (int) g_ascii_strtoll (max_nodes, NULL, 10),
                      lw_lab_get_idle_minutes (input->lab), items, &equivalent);
  lw_session_take_equivalent (self->session, &equivalent);
}

static LwProvisionPhase
judge (LwProvisionModel *self)
{
  for (guint i = 0; i < LW_N_PLAN_ITEMS; i++)
    if (self->items[i] == NULL || self->items[i]->state != LW_PLAN_READY)
      return LW_PROVISION_STOPPED;
  return LW_PROVISION_DONE;
}

static void
created_cb (GObject *source, GAsyncResult *res, gpointer user_data)
{
  LwProvisionModel *self = LW_PROVISION_MODEL (source);
  LwProvisionInput *input = lw_pool_get_data (res);
  GError *error = NULL;
  g_autoptr (GPtrArray) items = lw_pool_finish (res, lw_provision_model_create, &error);

  lw_mailbox_flush (self->mailbox);
  keep_items (self, items);
  lw_session_cost_changed (self->session);
  tell_equivalent (self, input);
  end (self, judge (self), error);
}

void
lw_provision_model_create (LwProvisionModel *self)
{
  LwProvisionInput *input = NULL;

  g_return_if_fail (LW_IS_PROVISION_MODEL (self));

  if (self->result == NULL && !has_begun (self))
    return;
  input = begin (self, LW_PROVISION_CREATING);
  if (input == NULL)
    return;
  if (self->result != NULL)
    {
      input->region = g_strdup (self->result->region);
      input->vm_size = g_strdup (self->result->vm_size);
      input->max_nodes = self->result->max_nodes;
    }
  lw_pool_run (lw_session_get_pool (self->session), lw_provision_model_create,
               lw_provision_create_in_pool, input, (GDestroyNotify) lw_provision_input_free,
               (GDestroyNotify) g_ptr_array_unref, self, self->cancellable, created_cb, NULL);
  emit_changed (self);
}

/* What was cut off is gone on with, as the person had asked for it; a lab that was complete once and
 * is not any more waits for a decision. */
static gboolean
should_resume (LwProvisionModel *self)
{
  LwRecord *record = lw_session_get_record (self->session);
  gint64 started = lw_record_get_time (record, LW_RECORD_PROVISION_STARTED);
  gint64 now = lw_clock_get_now_us (lw_session_get_clock (self->session));

  return self->phase == LW_PROVISION_STOPPED && self->error == NULL
         && lw_record_get_time (record, LW_RECORD_PROVISION_DONE) == 0
         && lw_record_get_time (record, LW_RECORD_DELETE_STARTED) == 0
         && now - started < RESUME_WITHIN_US && !g_cancellable_is_cancelled (self->cancellable);
}

static void
looked_cb (GObject *source, GAsyncResult *res, gpointer user_data)
{
  LwProvisionModel *self = LW_PROVISION_MODEL (source);
  GError *error = NULL;
  g_autoptr (GPtrArray) items = lw_pool_finish (res, lw_provision_model_look, &error);

  lw_mailbox_flush (self->mailbox);
  keep_items (self, items);
  lw_session_cost_changed (self->session);
  end (self, judge (self), error);
  if (should_resume (self))
    lw_provision_model_create (self);
}

void
lw_provision_model_look (LwProvisionModel *self)
{
  LwProvisionInput *input = NULL;

  g_return_if_fail (LW_IS_PROVISION_MODEL (self));

  if (!has_begun (self))
    return;
  input = begin (self, LW_PROVISION_LOOKING);
  if (input == NULL)
    return;
  lw_pool_run (lw_session_get_pool (self->session), lw_provision_model_look,
               lw_provision_look_in_pool, input, (GDestroyNotify) lw_provision_input_free,
               (GDestroyNotify) g_ptr_array_unref, self, self->cancellable, looked_cb, NULL);
  emit_changed (self);
}

void
lw_provision_model_open (LwProvisionModel *self)
{
  LwRecord *record = NULL;

  g_return_if_fail (LW_IS_PROVISION_MODEL (self));

  if (is_working (self) || lw_session_get_target (self->session) == NULL || self->error != NULL)
    return;
  record = lw_session_get_record (self->session);
  if (record != NULL && lw_record_get_time (record, LW_RECORD_DELETE_PROVED) != 0)
    return;
  if (has_begun (self))
    lw_provision_model_look (self);
  else if (self->phase == LW_PROVISION_IDLE)
    lw_provision_model_check (self, NULL, NULL);
}

static void
forget (LwProvisionModel *self)
{
  g_clear_error (&self->error);
  g_clear_pointer (&self->result, lw_preflight_result_free);
  g_clear_pointer (&self->rejected, g_ptr_array_unref);
  g_ptr_array_set_size (self->excluded, 0);
  for (guint i = 0; i < LW_N_CHECKS; i++)
    g_clear_pointer (&self->check_details[i], g_free);
  for (guint i = 0; i < LW_N_PLAN_ITEMS; i++)
    g_clear_pointer (&self->items[i], lw_plan_item_free);
  self->phase = LW_PROVISION_IDLE;
}

void
lw_provision_model_begin_anew (LwProvisionModel *self)
{
  g_return_if_fail (LW_IS_PROVISION_MODEL (self));

  if (is_working (self))
    return;
  forget (self);
  lw_session_start_attempt (self->session);
  lw_provision_model_check (self, NULL, NULL);
}

void
lw_provision_model_cancel (LwProvisionModel *self)
{
  g_return_if_fail (LW_IS_PROVISION_MODEL (self));

  if (is_working (self))
    g_cancellable_cancel (self->cancellable);
}

/* ---- What the page reads ---- */

LwProvisionPhase
lw_provision_model_get_phase (LwProvisionModel *self)
{
  g_return_val_if_fail (LW_IS_PROVISION_MODEL (self), LW_PROVISION_IDLE);

  return self->phase;
}

const GError *
lw_provision_model_get_error (LwProvisionModel *self)
{
  g_return_val_if_fail (LW_IS_PROVISION_MODEL (self), NULL);

  return self->error;
}

LwCheckState
lw_provision_model_get_check (LwProvisionModel *self, LwCheckKind kind, const char **detail)
{
  g_return_val_if_fail (LW_IS_PROVISION_MODEL (self), LW_CHECK_WAITING);
  g_return_val_if_fail ((guint) kind < LW_N_CHECKS, LW_CHECK_WAITING);

  *detail = self->check_details[kind];
  return self->checks[kind];
}

const LwPreflightResult *
lw_provision_model_get_result (LwProvisionModel *self)
{
  g_return_val_if_fail (LW_IS_PROVISION_MODEL (self), NULL);

  return self->result;
}

GPtrArray *
lw_provision_model_get_candidates (LwProvisionModel *self)
{
  g_return_val_if_fail (LW_IS_PROVISION_MODEL (self), NULL);

  return self->result != NULL ? self->result->candidates : self->rejected;
}

const LwPlanItem *
lw_provision_model_get_item (LwProvisionModel *self, LwPlanKind kind)
{
  g_return_val_if_fail (LW_IS_PROVISION_MODEL (self), NULL);

  return get_item (self, kind);
}

/* ---- Object ---- */

static void
lw_provision_model_set_property (GObject *object, guint prop_id, const GValue *value,
                                 GParamSpec *pspec)
{
  LwProvisionModel *self = LW_PROVISION_MODEL (object);

  if (prop_id == PROP_SESSION)
    self->session = g_value_get_object (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
lw_provision_model_dispose (GObject *object)
{
  LwProvisionModel *self = LW_PROVISION_MODEL (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  if (self->mailbox != NULL)
    lw_mailbox_close (self->mailbox);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->mailbox, lw_mailbox_unref);
  G_OBJECT_CLASS (lw_provision_model_parent_class)->dispose (object);
}

static void
lw_provision_model_finalize (GObject *object)
{
  LwProvisionModel *self = LW_PROVISION_MODEL (object);

  forget (self);
  g_ptr_array_unref (self->excluded);
  G_OBJECT_CLASS (lw_provision_model_parent_class)->finalize (object);
}

static void
lw_provision_model_class_init (LwProvisionModelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = lw_provision_model_set_property;
  object_class->dispose = lw_provision_model_dispose;
  object_class->finalize = lw_provision_model_finalize;
  props[PROP_SESSION]
      = g_param_spec_object ("session", NULL, NULL, LW_TYPE_SESSION,
                             G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  changed_signal = g_signal_new ("changed", LW_TYPE_PROVISION_MODEL, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
lw_provision_model_init (LwProvisionModel *self)
{
  self->excluded = g_ptr_array_new_with_free_func (g_free);
}

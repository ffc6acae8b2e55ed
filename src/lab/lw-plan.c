/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The plan of one attempt: what it consists of, and its runs. Any thread may ask for the items at
 * any time; a run works on its caller's thread and on workers that it joins before it returns. */

#include "lw-plan-private.h"

#include "lw-error.h"

#define END_OF_LEVEL (-1)

/* In a practice cloud what takes minutes in Azure takes seconds, and is asked for as seldom. */
#define PRACTICE_CLOUD "practice"
#define PRACTICE_FACTOR 10

/* What stands in one line needs nothing of each other, but all of the lines above. */
static const int levels[][4] = {
  { LW_PLAN_GROUP, END_OF_LEVEL },
  { LW_PLAN_STORAGE, LW_PLAN_VAULT, LW_PLAN_LOGS, END_OF_LEVEL },
  { LW_PLAN_INSIGHTS, END_OF_LEVEL },
  { LW_PLAN_WORKSPACE, END_OF_LEVEL },
  { LW_PLAN_INSTANCE, LW_PLAN_CLUSTER, END_OF_LEVEL },
};

#define MAX_SIDE_BY_SIDE 3

/* ---- Life cycle ---- */

static gboolean
take_value (LwRecord *record, const char *key, char **value, GError **error)
{
  *value = lw_record_dup (record, key);
  if (*value != NULL && **value != '\0')
    return TRUE;
  g_set_error (error, LW_ERROR, LW_ERROR_MALFORMED, "%s: missing", key);
  return FALSE;
}

static gboolean
take_values (LwPlan *self, GError **error)
{
  for (guint kind = 0; kind < LW_N_PLAN_ITEMS; kind++)
    if (!take_value (self->record, lw_plan_kind_get_info (kind)->record_key, &self->names[kind],
                     error))
      return FALSE;
  self->max_nodes = (int) lw_record_get_int (self->record, LW_RECORD_MAX_NODES, 0);
  if (self->max_nodes < 1)
    {
      g_set_error_literal (error, LW_ERROR, LW_ERROR_MALFORMED, LW_RECORD_MAX_NODES);
      return FALSE;
    }
  return take_value (self->record, LW_RECORD_TENANT, &self->tenant_id, error)
         && take_value (self->record, LW_RECORD_SUBSCRIPTION, &self->subscription_id, error)
         && take_value (self->record, LW_RECORD_REGION, &self->region, error)
         && take_value (self->record, LW_RECORD_VM_SIZE, &self->vm_size, error)
         && take_value (self->record, LW_RECORD_SUFFIX, &self->suffix, error);
}

static char *
make_id (LwPlan *self, LwPlanKind kind)
{
  const LwPlanKindInfo *info = lw_plan_kind_get_info (kind);
  g_autofree char *child = NULL;

  if (kind == LW_PLAN_INSTANCE || kind == LW_PLAN_CLUSTER)
    {
      child = g_strconcat ("computes/", self->names[kind], NULL);
      return lw_ml_dup_id (&self->ml, child);
    }
  child = info->path != NULL ? g_strconcat ("/providers/", info->path, self->names[kind], NULL)
                             : g_strdup ("");
  return g_strconcat ("/subscriptions/", self->subscription_id, "/resourceGroups/",
                      self->names[LW_PLAN_GROUP], child, NULL);
}

static void
make_items (LwPlan *self)
{
  g_autofree char *cloud = lw_record_dup (self->record, LW_RECORD_CLOUD);
  int factor = g_strcmp0 (cloud, PRACTICE_CLOUD) == 0 ? PRACTICE_FACTOR : 1;

  for (guint kind = 0; kind < LW_N_PLAN_ITEMS; kind++)
    {
      const LwPlanKindInfo *info = lw_plan_kind_get_info (kind);
      LwPlanItem *item = g_new0 (LwPlanItem, 1);

      self->ids[kind] = make_id (self, kind);
      item->kind = kind;
      item->name = g_strdup (self->names[kind]);
      item->id = g_strdup (self->ids[kind]);
      item->nodes = -1;
      item->usual_min_s = (info->usual_min_s + factor - 1) / factor;
      item->usual_max_s = (info->usual_max_s + factor - 1) / factor;
      self->items[kind] = item;
    }
}

LwPlan *
lw_plan_new (LwAzure *azure, LwLab *lab, LwRecord *record, GError **error)
{
  g_autoptr (LwPlan) self = NULL;

  g_return_val_if_fail (azure != NULL && lab != NULL && record != NULL, NULL);

  self = g_new0 (LwPlan, 1);
  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->run_mutex);
  g_mutex_init (&self->mutex);
  self->azure = lw_azure_ref (azure);
  self->lab = lw_lab_ref (lab);
  self->record = lw_record_ref (record);
  if (!take_values (self, error))
    return NULL;
  self->ml = (LwMl) { { self->azure, self->tenant_id, self->subscription_id },
                      self->names[LW_PLAN_GROUP],
                      self->names[LW_PLAN_WORKSPACE] };
  make_items (self);
  return g_steal_pointer (&self);
}

LwPlan *
lw_plan_ref (LwPlan *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
lw_plan_unref (LwPlan *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  for (guint kind = 0; kind < LW_N_PLAN_ITEMS; kind++)
    {
      lw_plan_item_free (self->items[kind]);
      g_free (self->names[kind]);
      g_free (self->ids[kind]);
    }
  g_free (self->tenant_id);
  g_free (self->subscription_id);
  g_free (self->region);
  g_free (self->vm_size);
  g_free (self->suffix);
  lw_record_unref (self->record);
  lw_lab_unref (self->lab);
  lw_azure_unref (self->azure);
  g_mutex_clear (&self->run_mutex);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

GPtrArray *
lw_plan_get_items (LwPlan *self)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = NULL;
  GPtrArray *items;

  g_return_val_if_fail (self != NULL, NULL);

  items = g_ptr_array_new_with_free_func ((GDestroyNotify) lw_plan_item_free);
  locker = g_mutex_locker_new (&self->mutex);
  for (guint kind = 0; kind < LW_N_PLAN_ITEMS; kind++)
    g_ptr_array_add (items, lw_plan_item_copy (self->items[kind]));
  return items;
}

/* ---- Telling ---- */

/* With the mutex held. */
static void
tell (LwPlan *self, const LwPlanItem *item)
{
  if (self->func != NULL)
    self->func (item, self->user_data);
}

static void
take_view (LwPlanItem *item, const LwPlanView *view)
{
  g_free (item->detail);
  g_free (item->idle_shutdown);
  item->detail = g_strdup (view->detail);
  item->idle_shutdown = g_strdup (view->idle_shutdown);
  item->nodes = view->nodes;
}

static void
set_state (LwPlan *self, LwPlanItem *item, LwPlanState state)
{
  gint64 now_us = lw_clock_get_now_us (lw_azure_get_clock (self->azure));

  if (state == LW_PLAN_LOOKING)
    item->started_us = item->ended_us = 0;
  if (state == LW_PLAN_MAKING && item->started_us == 0)
    item->started_us = now_us;
  if (item->state == LW_PLAN_MAKING && state != LW_PLAN_MAKING && item->started_us != 0)
    item->ended_us = now_us;
  item->state = state;
}

void
lw_plan_tell (LwPlan *self, LwPlanKind kind, LwPlanState state, const LwPlanView *view)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  LwPlanItem *item = self->items[kind];

  g_clear_error (&item->error);
  g_clear_error (&item->trouble);
  if (view != NULL)
    take_view (item, view);
  set_state (self, item, state);
  tell (self, item);
}

void
lw_plan_tell_status (LwPlan *self, LwPlanKind kind, const char *status)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  LwPlanItem *item = self->items[kind];

  g_clear_error (&item->trouble);
  g_free (item->detail);
  item->detail = g_strdup (status);
  set_state (self, item, LW_PLAN_MAKING);
  tell (self, item);
}

void
lw_plan_tell_trouble (LwPlan *self, LwPlanKind kind, const GError *error)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  LwPlanItem *item = self->items[kind];

  g_clear_error (&item->trouble);
  item->trouble = g_error_copy (error);
  tell (self, item);
}

void
lw_plan_tell_failure (LwPlan *self, LwPlanKind kind, const GError *error)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  gboolean cancelled = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  LwPlanItem *item = self->items[kind];

  g_clear_error (&item->trouble);
  g_clear_error (&item->error);
  item->error = cancelled ? NULL : g_error_copy (error);
  set_state (self, item, cancelled ? LW_PLAN_UNKNOWN : LW_PLAN_FAILED);
  tell (self, item);
}

/* ---- Looking ---- */

static LwPlanState
get_state (LwPlanSight sight)
{
  switch (sight)
    {
    case LW_PLAN_SEES_ABSENT:
      return LW_PLAN_ABSENT;
    case LW_PLAN_SEES_BUSY:
      return LW_PLAN_MAKING;
    case LW_PLAN_SEES_READY:
      return LW_PLAN_READY;
    case LW_PLAN_SEES_STOPPED:
    case LW_PLAN_SEES_NO_IDLE:
    case LW_PLAN_SEES_FAILED:
    case LW_PLAN_SEES_CREATE_FAILED:
    case LW_PLAN_SEES_BROKEN:
    default:
      return LW_PLAN_WRONG;
    }
}

/* What lies in something that is not there need not be asked for. */
static gboolean
is_surely_absent (LwPlanKind kind, const gboolean *absent)
{
  if (kind == LW_PLAN_GROUP)
    return FALSE;
  return absent[LW_PLAN_GROUP]
         || ((kind == LW_PLAN_INSTANCE || kind == LW_PLAN_CLUSTER) && absent[LW_PLAN_WORKSPACE]);
}

static gboolean
look_at_all (LwPlan *self, GCancellable *cancellable, GError **error)
{
  gboolean absent[LW_N_PLAN_ITEMS] = { FALSE };

  for (guint kind = 0; kind < LW_N_PLAN_ITEMS; kind++)
    {
      g_auto (LwPlanView) view = { .nodes = -1 };
      GError *failure = NULL;

      lw_plan_tell (self, kind, LW_PLAN_LOOKING, NULL);
      if (!is_surely_absent (kind, absent)
          && !lw_plan_see (self, kind, &view, cancellable, &failure))
        {
          lw_plan_tell_failure (self, kind, failure);
          g_propagate_error (error, failure);
          return FALSE;
        }
      absent[kind] = view.sight == LW_PLAN_SEES_ABSENT;
      lw_plan_tell (self, kind, get_state (view.sight), &view);
    }
  return TRUE;
}

gboolean
lw_plan_look (LwPlan *self, LwPlanFunc func, gpointer user_data, GCancellable *cancellable,
              GError **error)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (self != NULL, FALSE);

  locker = g_mutex_locker_new (&self->run_mutex);
  self->func = func;
  self->user_data = user_data;
  return look_at_all (self, cancellable, error);
}

/* ---- Running ---- */

typedef struct
{
  LwPlan *plan;
  LwPlanKind kind;
  GCancellable *cancellable;
  GThread *thread; /* (nullable) */
  GError *error;
} Task;

static gpointer
reconcile_thread (gpointer data)
{
  Task *task = data;

  lw_plan_reconcile (task->plan, task->kind, task->cancellable, &task->error);
  return NULL;
}

/* The first task runs on this thread, the others beside it. Where one fails the others are still
 * brought to their end: what they asked for is being made in the cloud anyway. */
static gboolean
run_level (LwPlan *self, const int *kinds, GCancellable *cancellable, GError **error)
{
  Task tasks[MAX_SIDE_BY_SIDE] = { { 0 } };
  gboolean ok = TRUE;
  guint n_tasks = 0;

  for (; kinds[n_tasks] != END_OF_LEVEL; n_tasks++)
    tasks[n_tasks] = (Task) { self, (LwPlanKind) kinds[n_tasks], cancellable, NULL, NULL };
  for (guint i = 1; i < n_tasks; i++)
    tasks[i].thread = g_thread_try_new ("lw-plan", reconcile_thread, &tasks[i], NULL);
  for (guint i = 0; i < n_tasks; i++)
    if (tasks[i].thread == NULL)
      reconcile_thread (&tasks[i]);
  for (guint i = 0; i < n_tasks; i++)
    {
      if (tasks[i].thread != NULL)
        g_thread_join (tasks[i].thread);
      if (tasks[i].error == NULL)
        continue;
      if (ok)
        g_propagate_error (error, tasks[i].error);
      else
        g_error_free (tasks[i].error);
      ok = FALSE;
    }
  return ok;
}

static gboolean
save_moment (LwPlan *self, const char *key, GError **error)
{
  gint64 now_us = lw_clock_get_now_us (lw_azure_get_clock (self->azure));

  if (lw_record_get_time (self->record, key) != 0)
    return TRUE;
  return lw_record_set_time (self->record, key, now_us, error);
}

gboolean
lw_plan_run (LwPlan *self, LwPlanFunc func, gpointer user_data, GCancellable *cancellable,
             GError **error)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (self != NULL, FALSE);

  locker = g_mutex_locker_new (&self->run_mutex);
  self->func = func;
  self->user_data = user_data;
  g_atomic_int_set (&self->answered, FALSE);
  if (!save_moment (self, LW_RECORD_PROVISION_STARTED, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (levels); i++)
    if (!run_level (self, levels[i], cancellable, error))
      return FALSE;
  return save_moment (self, LW_RECORD_PROVISION_DONE, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The meter's model. One question at a time runs on a worker; prices of a region are asked once and
 * kept. Main thread; kept by the session. */

#include "lw-cost-model.h"

/* Azure charges by the minute, so a fresher answer tells no more. */
#define INTERVAL_S 60

struct _LwCostModel
{
  GObject parent_instance;

  LwSession *session;        /* borrowed; NULL once disposed */
  GCancellable *cancellable; /* (nullable): of the question under way */
  guint timer;
  gboolean again; /* ask once more when the answer is there */
  LwCost *cost;   /* (nullable) */
  gint64 asked_us;
  GPtrArray *sizes;     /* (nullable): LwVmSize with prices */
  char *sizes_location; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (LwCostModel, lw_cost_model, G_TYPE_OBJECT)

enum
{
  PROP_SESSION = 1,
  N_PROPS,
};
static GParamSpec *props[N_PROPS];

enum
{
  CHANGED,
  N_SIGNALS,
};
static guint signals[N_SIGNALS];

/* One question as the worker sees it. */
typedef struct
{
  LwTarget *target;
  LwRecord *record;
  LwClock *clock;
  char *location;
  GPtrArray *sizes; /* (nullable): known already */
} Question;

static void
question_free (Question *question)
{
  lw_target_unref (question->target);
  lw_record_unref (question->record);
  lw_clock_unref (question->clock);
  g_free (question->location);
  g_clear_pointer (&question->sizes, g_ptr_array_unref);
  g_free (question);
}

static gpointer
ask_thread_cb (gpointer data, GCancellable *cancellable, GError **error)
{
  Question *question = data;
  const LwMl *ml = lw_target_get_ml (question->target);
  g_autoptr (GPtrArray) computes = lw_ml_list_computes (ml, cancellable, error);

  if (computes == NULL)
    return NULL;
  /* Without prices the meter still tells what runs. */
  if (question->sizes == NULL)
    question->sizes = lw_ml_list_vm_sizes (&ml->arm, question->location, cancellable, NULL);
  return lw_cost_new (computes, question->sizes, question->record,
                      lw_clock_get_now_us (question->clock));
}

static void ask (LwCostModel *self);

static void
take_sizes (LwCostModel *self, const Question *question)
{
  if (question->sizes == NULL || question->sizes == self->sizes)
    return;
  g_clear_pointer (&self->sizes, g_ptr_array_unref);
  self->sizes = g_ptr_array_ref (question->sizes);
  g_free (self->sizes_location);
  self->sizes_location = g_strdup (question->location);
}

static void
asked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  LwCostModel *self = LW_COST_MODEL (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (LwCost) cost = lw_pool_finish (result, ask, &error);

  if (self->session == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->cancellable);
  take_sizes (self, lw_pool_get_data (result));
  if (self->again)
    ask (self);
  /* A question that failed leaves the old answer with its time. */
  if (cost == NULL && !g_error_matches (error, LW_AZURE_ERROR, LW_AZURE_ERROR_NOT_FOUND))
    return;
  g_clear_pointer (&self->cost, lw_cost_free);
  self->cost = g_steal_pointer (&cost);
  self->asked_us = lw_clock_get_now_us (lw_session_get_clock (self->session));
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Returns: (nullable): NULL when there is nothing that could cost. */
static Question *
new_question (LwCostModel *self)
{
  LwTarget *target = lw_session_get_target (self->session);
  LwRecord *record = lw_session_get_record (self->session);
  Question *question;

  if (target == NULL || record == NULL || lw_target_get_ml (target) == NULL
      || lw_record_get_time (record, LW_RECORD_PROVISION_STARTED) == 0
      || lw_record_get_time (record, LW_RECORD_DELETE_PROVED) != 0)
    return NULL;
  question = g_new0 (Question, 1);
  question->target = lw_target_ref (target);
  question->record = lw_record_ref (record);
  question->clock = lw_clock_ref (lw_session_get_clock (self->session));
  question->location = lw_record_dup (record, LW_RECORD_REGION);
  if (self->sizes != NULL && g_strcmp0 (question->location, self->sizes_location) == 0)
    question->sizes = g_ptr_array_ref (self->sizes);
  return question;
}

static void
ask (LwCostModel *self)
{
  Question *question = new_question (self);

  self->again = FALSE;
  if (question == NULL)
    {
      if (self->cost != NULL)
        {
          g_clear_pointer (&self->cost, lw_cost_free);
          g_signal_emit (self, signals[CHANGED], 0);
        }
      return;
    }
  if (self->cancellable != NULL)
    {
      self->again = TRUE;
      question_free (question);
      return;
    }
  self->cancellable = g_cancellable_new ();
  lw_pool_run (lw_session_get_pool (self->session), ask, ask_thread_cb, question,
               (GDestroyNotify) question_free, (GDestroyNotify) lw_cost_free, self,
               self->cancellable, asked_cb, NULL);
}

static gboolean
timer_cb (gpointer user_data)
{
  ask (user_data);
  return G_SOURCE_CONTINUE;
}

/* Another target or record: what was known may be of another one. */
static void
session_changed_cb (LwCostModel *self)
{
  if (self->cost == NULL || lw_session_get_target (self->session) == NULL)
    ask (self);
}

const LwCost *
lw_cost_model_get_cost (LwCostModel *self)
{
  g_return_val_if_fail (LW_IS_COST_MODEL (self), NULL);

  return self->cost;
}

gint64
lw_cost_model_get_asked_us (LwCostModel *self)
{
  g_return_val_if_fail (LW_IS_COST_MODEL (self), 0);

  return self->asked_us;
}

static void
lw_cost_model_set_property (GObject *object, guint prop_id, const GValue *value,
                            GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_SESSION:
      LW_COST_MODEL (object)->session = g_value_get_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lw_cost_model_constructed (GObject *object)
{
  LwCostModel *self = LW_COST_MODEL (object);

  G_OBJECT_CLASS (lw_cost_model_parent_class)->constructed (object);
  g_signal_connect_object (self->session, "changed", G_CALLBACK (session_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "cost-changed", G_CALLBACK (ask), self,
                           G_CONNECT_SWAPPED);
  self->timer = g_timeout_add_seconds (INTERVAL_S, timer_cb, self);
  ask (self);
}

static void
lw_cost_model_dispose (GObject *object)
{
  LwCostModel *self = LW_COST_MODEL (object);

  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  self->session = NULL;
  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->cost, lw_cost_free);
  g_clear_pointer (&self->sizes, g_ptr_array_unref);
  g_clear_pointer (&self->sizes_location, g_free);
  G_OBJECT_CLASS (lw_cost_model_parent_class)->dispose (object);
}

static void
lw_cost_model_class_init (LwCostModelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = lw_cost_model_set_property;
  object_class->constructed = lw_cost_model_constructed;
  object_class->dispose = lw_cost_model_dispose;
  props[PROP_SESSION] = g_param_spec_object (
    "session", NULL, NULL, LW_TYPE_SESSION,
    G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[CHANGED] = g_signal_new ("changed", LW_TYPE_COST_MODEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
lw_cost_model_init (LwCostModel *self)
{
}

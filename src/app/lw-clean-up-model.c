/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The model of step 6. One piece of work at a time runs on the pool; each kind of work has a
 * function for the worker and a callback for its end, side by side. Main thread but for the
 * functions named _in_pool. Belongs to the session, which outlives it. */

#include "lw-clean-up-model.h"

#include "lw-mailbox.h"

typedef struct
{
  LwTarget *target;
  LwRecord *record; /* nullable */
  char *prefix;
  char *typed_name;
  char *name;
  GPtrArray *groups; /* nullable: as listed, kept alive for the worker */
  const LwLabGroup *group;
  LwProof *proof; /* nullable: taken over by a purge */
  LwMailbox *mailbox;
} Input;

typedef struct
{
  LwCleanupPhase phase;
  char *detail;
} Letter;

struct _LwCleanUpModel
{
  GObject parent_instance;

  LwSession *session; /* borrowed, outlives the model */
  LwCleanUpWork work;
  GError *error;     /* owned, nullable */
  GPtrArray *groups; /* owned, nullable */
  guint generation;
  char *target; /* owned, nullable */
  LwProof *proof; /* owned, nullable */
  LwCleanupPhase phase;
  char *detail; /* owned, nullable */
  gint64 started_us;
  LwMailbox *mailbox;        /* owned, nullable */
  GCancellable *cancellable; /* owned, nullable: the person's Cancel */
};

G_DEFINE_FINAL_TYPE (LwCleanUpModel, lw_clean_up_model, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_SESSION,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];
static guint changed_signal;

static void
input_free (Input *input)
{
  lw_target_unref (input->target);
  g_clear_pointer (&input->record, lw_record_unref);
  g_clear_pointer (&input->groups, g_ptr_array_unref);
  g_clear_pointer (&input->proof, lw_proof_free);
  g_clear_pointer (&input->mailbox, lw_mailbox_unref);
  g_free (input->prefix);
  g_free (input->typed_name);
  g_free (input->name);
  g_free (input);
}

static void
letter_free (Letter *letter)
{
  g_free (letter->detail);
  g_free (letter);
}

static void
emit_changed (LwCleanUpModel *self)
{
  g_signal_emit (self, changed_signal, 0);
}

static void
letter_cb (gpointer data, gpointer listener)
{
  Letter *letter = data;
  LwCleanUpModel *self = listener;

  self->phase = letter->phase;
  g_free (self->detail);
  self->detail = g_steal_pointer (&letter->detail);
  emit_changed (self);
}

/* ---- One piece of work ---- */

/* Returns: (nullable): what the worker gets; NULL when there is no subscription or work is under
 * way. */
static Input *
begin (LwCleanUpModel *self, LwCleanUpWork work)
{
  LwRecord *record = NULL;
  Input *input = NULL;

  if (self->work != LW_CLEAN_UP_RESTING || lw_session_get_target (self->session) == NULL)
    return NULL;
  g_clear_error (&self->error);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->work = work;
  lw_session_set_failed (self->session, LW_STEP_CLEAN_UP, FALSE);
  if (work != LW_CLEAN_UP_LISTING)
    lw_session_set_running (self->session, LW_STEP_CLEAN_UP, TRUE);
  /* The session makes a new target with every change, so it is taken after the last one. */
  record = lw_session_get_record (self->session);
  input = g_new0 (Input, 1);
  input->target = lw_target_ref (lw_session_get_target (self->session));
  input->record = record != NULL ? lw_record_ref (record) : NULL;
  input->prefix = g_strdup (lw_lab_get_group_prefix (lw_session_get_lab (self->session)));
  input->groups = self->groups != NULL ? g_ptr_array_ref (self->groups) : NULL;
  return input;
}

static void
end (LwCleanUpModel *self, GError *error)
{
  LwCleanUpWork work = self->work;

  self->work = LW_CLEAN_UP_RESTING;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_error_free (error);
  else
    self->error = error;
  if (work != LW_CLEAN_UP_LISTING)
    lw_session_set_running (self->session, LW_STEP_CLEAN_UP, FALSE);
  lw_session_set_failed (self->session, LW_STEP_CLEAN_UP, self->error != NULL);
  lw_session_record_changed (self->session);
  emit_changed (self);
}

static void
run (LwCleanUpModel *self, gpointer tag, LwPoolFunc func, Input *input, GDestroyNotify free_result,
     GAsyncReadyCallback callback)
{
  lw_pool_run (lw_session_get_pool (self->session), tag, func, input, (GDestroyNotify) input_free,
               free_result, self, self->cancellable, callback, NULL);
  emit_changed (self);
}

/* ---- Listing ---- */

static gpointer
list_in_pool (gpointer data, GCancellable *cancellable, GError **error)
{
  Input *input = data;

  return lw_cleanup_list (lw_target_get_arm (input->target), input->prefix, input->record,
                          cancellable, error);
}

static void
take_groups (LwCleanUpModel *self, GPtrArray *groups)
{
  g_clear_pointer (&self->groups, g_ptr_array_unref);
  self->groups = groups;
  self->generation++;
}

static void
listed_cb (GObject *source, GAsyncResult *res, gpointer user_data)
{
  LwCleanUpModel *self = LW_CLEAN_UP_MODEL (source);
  GError *error = NULL;
  GPtrArray *groups = lw_pool_finish (res, lw_clean_up_model_list, &error);

  if (groups != NULL)
    take_groups (self, groups);
  end (self, error);
}

void
lw_clean_up_model_list (LwCleanUpModel *self)
{
  Input *input = NULL;

  g_return_if_fail (LW_IS_CLEAN_UP_MODEL (self));

  input = begin (self, LW_CLEAN_UP_LISTING);
  if (input != NULL)
    run (self, lw_clean_up_model_list, list_in_pool, input, (GDestroyNotify) g_ptr_array_unref,
         listed_cb);
}

/* ---- Deletion ---- */

static void
deletion_progress (LwCleanupPhase phase, const char *detail, gint64 elapsed_us, gpointer user_data)
{
  Input *input = user_data;
  Letter *letter = g_new0 (Letter, 1);

  letter->phase = phase;
  letter->detail = g_strdup (detail);
  lw_mailbox_post (input->mailbox, letter);
}

static gpointer
delete_in_pool (gpointer data, GCancellable *cancellable, GError **error)
{
  Input *input = data;

  return lw_cleanup_delete (lw_target_get_arm (input->target), input->group, input->typed_name,
                            input->record, deletion_progress, input, cancellable, error);
}

/* Returns: (nullable): the workspace of the group, purged before it. */
static const char *
find_workspace (const LwLabGroup *group)
{
  for (guint i = 0; i < group->resources->len; i++)
    {
      const LwResource *resource = g_ptr_array_index (group->resources, i);

      if (g_ascii_strcasecmp (resource->type, "Microsoft.MachineLearningServices/workspaces") == 0)
        return resource->name;
    }
  return NULL;
}

static void
tell_equivalent (LwCleanUpModel *self, const Input *input)
{
  LwEquivalent equivalent = { NULL };

  lw_equivalent_delete (lw_target_get_arm (input->target)->subscription_id, input->name,
                        find_workspace (input->group), &equivalent);
  lw_session_take_equivalent (self->session, &equivalent);
}

static void
deleted_cb (GObject *source, GAsyncResult *res, gpointer user_data)
{
  LwCleanUpModel *self = LW_CLEAN_UP_MODEL (source);
  Input *input = lw_pool_get_data (res);
  GError *error = NULL;
  LwProof *proof = lw_pool_finish (res, lw_clean_up_model_delete, &error);

  lw_mailbox_flush (self->mailbox);
  if (proof != NULL)
    {
      g_clear_pointer (&self->proof, lw_proof_free);
      self->proof = proof;
      tell_equivalent (self, input);
      if (proof->group_gone)
        lw_session_cost_changed (self->session);
    }
  end (self, error);
  if (self->error == NULL)
    lw_clean_up_model_list (self);
}

void
lw_clean_up_model_delete (LwCleanUpModel *self, const char *name, const char *typed_name)
{
  const LwLabGroup *group = NULL;
  Input *input = NULL;

  g_return_if_fail (LW_IS_CLEAN_UP_MODEL (self));
  g_return_if_fail (name != NULL && typed_name != NULL);

  group = lw_clean_up_model_find_group (self, name);
  input = group != NULL ? begin (self, LW_CLEAN_UP_DELETING) : NULL;
  if (input == NULL)
    return;
  g_clear_pointer (&self->proof, lw_proof_free);
  g_clear_pointer (&self->mailbox, lw_mailbox_unref);
  self->mailbox
      = lw_mailbox_new (LW_MAILBOX_NEWEST, self, letter_cb, (GDestroyNotify) letter_free);
  g_free (self->target);
  self->target = g_strdup (name);
  self->phase = LW_CLEANUP_PURGING_WORKSPACE;
  g_clear_pointer (&self->detail, g_free);
  self->started_us = lw_clock_get_now_us (lw_session_get_clock (self->session));
  input->group = group;
  input->name = g_strdup (name);
  input->typed_name = g_strdup (typed_name);
  input->mailbox = lw_mailbox_ref (self->mailbox);
  run (self, lw_clean_up_model_delete, delete_in_pool, input, (GDestroyNotify) lw_proof_free,
       deleted_cb);
}

/* ---- Proof and vaults ---- */

static gpointer
prove_in_pool (gpointer data, GCancellable *cancellable, GError **error)
{
  Input *input = data;

  return lw_cleanup_prove (lw_target_get_arm (input->target), input->name, cancellable, error);
}

static gpointer
purge_in_pool (gpointer data, GCancellable *cancellable, GError **error)
{
  Input *input = data;

  if (!lw_cleanup_purge_vaults (lw_target_get_arm (input->target), input->proof, cancellable,
                                error))
    return NULL;
  return prove_in_pool (data, cancellable, error);
}

static void
proved_cb (GObject *source, GAsyncResult *res, gpointer user_data)
{
  LwCleanUpModel *self = LW_CLEAN_UP_MODEL (source);
  GError *error = NULL;
  LwProof *proof = lw_pool_finish (res, lw_clean_up_model_prove, &error);

  if (proof != NULL)
    {
      g_clear_pointer (&self->proof, lw_proof_free);
      self->proof = proof;
    }
  end (self, error);
}

static void
ask_for_proof (LwCleanUpModel *self, LwCleanUpWork work, LwPoolFunc func)
{
  Input *input = self->target != NULL ? begin (self, work) : NULL;

  if (input == NULL)
    return;
  input->name = g_strdup (self->target);
  if (work == LW_CLEAN_UP_PURGING)
    input->proof = g_steal_pointer (&self->proof);
  run (self, lw_clean_up_model_prove, func, input, (GDestroyNotify) lw_proof_free, proved_cb);
}

void
lw_clean_up_model_prove (LwCleanUpModel *self)
{
  g_return_if_fail (LW_IS_CLEAN_UP_MODEL (self));

  ask_for_proof (self, LW_CLEAN_UP_PROVING, prove_in_pool);
}

void
lw_clean_up_model_purge (LwCleanUpModel *self)
{
  g_return_if_fail (LW_IS_CLEAN_UP_MODEL (self));

  if (self->proof != NULL)
    ask_for_proof (self, LW_CLEAN_UP_PURGING, purge_in_pool);
}

/* ---- Locks ---- */

static gpointer
unlock_in_pool (gpointer data, GCancellable *cancellable, GError **error)
{
  Input *input = data;

  if (!lw_arm_delete_lock (lw_target_get_arm (input->target), input->name, cancellable, error))
    return NULL;
  return list_in_pool (data, cancellable, error);
}

void
lw_clean_up_model_unlock (LwCleanUpModel *self, const char *lock_id)
{
  Input *input = NULL;

  g_return_if_fail (LW_IS_CLEAN_UP_MODEL (self));
  g_return_if_fail (lock_id != NULL);

  input = begin (self, LW_CLEAN_UP_UNLOCKING);
  if (input == NULL)
    return;
  input->name = g_strdup (lock_id);
  run (self, lw_clean_up_model_list, unlock_in_pool, input, (GDestroyNotify) g_ptr_array_unref,
       listed_cb);
}

void
lw_clean_up_model_cancel (LwCleanUpModel *self)
{
  g_return_if_fail (LW_IS_CLEAN_UP_MODEL (self));

  if (self->work != LW_CLEAN_UP_RESTING)
    g_cancellable_cancel (self->cancellable);
}

/* ---- What the page reads ---- */

LwCleanUpWork
lw_clean_up_model_get_work (LwCleanUpModel *self)
{
  g_return_val_if_fail (LW_IS_CLEAN_UP_MODEL (self), LW_CLEAN_UP_RESTING);

  return self->work;
}

const GError *
lw_clean_up_model_get_error (LwCleanUpModel *self)
{
  g_return_val_if_fail (LW_IS_CLEAN_UP_MODEL (self), NULL);

  return self->error;
}

GPtrArray *
lw_clean_up_model_get_groups (LwCleanUpModel *self)
{
  g_return_val_if_fail (LW_IS_CLEAN_UP_MODEL (self), NULL);

  return self->groups;
}

guint
lw_clean_up_model_get_generation (LwCleanUpModel *self)
{
  g_return_val_if_fail (LW_IS_CLEAN_UP_MODEL (self), 0);

  return self->generation;
}

const LwLabGroup *
lw_clean_up_model_find_group (LwCleanUpModel *self, const char *name)
{
  g_return_val_if_fail (LW_IS_CLEAN_UP_MODEL (self), NULL);

  for (guint i = 0; self->groups != NULL && i < self->groups->len; i++)
    {
      const LwLabGroup *group = g_ptr_array_index (self->groups, i);

      if (g_ascii_strcasecmp (group->group->name, name) == 0)
        return group;
    }
  return NULL;
}

const LwLabGroup *
lw_clean_up_model_find_own (LwCleanUpModel *self)
{
  g_return_val_if_fail (LW_IS_CLEAN_UP_MODEL (self), NULL);

  for (guint i = 0; self->groups != NULL && i < self->groups->len; i++)
    {
      const LwLabGroup *group = g_ptr_array_index (self->groups, i);

      if (group->ours)
        return group;
    }
  return NULL;
}

LwCleanupPhase
lw_clean_up_model_get_progress (LwCleanUpModel *self, const char **detail, gint64 *started_us)
{
  g_return_val_if_fail (LW_IS_CLEAN_UP_MODEL (self), LW_CLEANUP_DONE);

  *detail = self->detail;
  *started_us = self->started_us;
  return self->phase;
}

const char *
lw_clean_up_model_get_target (LwCleanUpModel *self)
{
  g_return_val_if_fail (LW_IS_CLEAN_UP_MODEL (self), NULL);

  return self->target;
}

const LwProof *
lw_clean_up_model_get_proof (LwCleanUpModel *self)
{
  g_return_val_if_fail (LW_IS_CLEAN_UP_MODEL (self), NULL);

  return self->proof;
}

/* ---- Object ---- */

static void
lw_clean_up_model_set_property (GObject *object, guint prop_id, const GValue *value,
                                GParamSpec *pspec)
{
  LwCleanUpModel *self = LW_CLEAN_UP_MODEL (object);

  if (prop_id == PROP_SESSION)
    self->session = g_value_get_object (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
lw_clean_up_model_dispose (GObject *object)
{
  LwCleanUpModel *self = LW_CLEAN_UP_MODEL (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  if (self->mailbox != NULL)
    lw_mailbox_close (self->mailbox);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->mailbox, lw_mailbox_unref);
  G_OBJECT_CLASS (lw_clean_up_model_parent_class)->dispose (object);
}

static void
lw_clean_up_model_finalize (GObject *object)
{
  LwCleanUpModel *self = LW_CLEAN_UP_MODEL (object);

  g_clear_error (&self->error);
  g_clear_pointer (&self->groups, g_ptr_array_unref);
  g_clear_pointer (&self->proof, lw_proof_free);
  g_free (self->target);
  g_free (self->detail);
  G_OBJECT_CLASS (lw_clean_up_model_parent_class)->finalize (object);
}

static void
lw_clean_up_model_class_init (LwCleanUpModelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = lw_clean_up_model_set_property;
  object_class->dispose = lw_clean_up_model_dispose;
  object_class->finalize = lw_clean_up_model_finalize;
  props[PROP_SESSION]
      = g_param_spec_object ("session", NULL, NULL, LW_TYPE_SESSION,
                             G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  changed_signal = g_signal_new ("changed", LW_TYPE_CLEAN_UP_MODEL, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
lw_clean_up_model_init (LwCleanUpModel *self)
{
}

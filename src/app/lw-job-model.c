/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The model of step 4. One submission at a time; beside it up to three questions about the form (the
 * folder, the computes, the environment), of which a newer one cancels the older of its kind. Main
 * thread. Belongs to the session, which outlives it and to which it keeps no reference. */

#include "lw-job-model.h"

#include "lw-results-model.h"

/* A submission that was cut off within this time is gone on with unasked; an older one waits for the
 * person. */
#define RESUME_WITHIN_US (G_GINT64_CONSTANT (24) * 3600 * G_USEC_PER_SEC)

/* Typing pauses for so long before the cloud or the disk is asked about what was typed. */
#define TYPING_MS 500

typedef enum
{
  ASK_FOLDER,
  ASK_COMPUTES,
  ASK_ENVIRONMENT,
  N_ASKS,
} AskKind;

typedef struct
{
  LwAskState state;
  GCancellable *cancellable; /* owned, nullable: of the question under way */
  GError *error;             /* owned, nullable */
  guint delay;               /* source, 0 when none */
} Ask;

struct _LwJobModel
{
  GObject parent_instance;

  LwSession *session; /* borrowed, outlives the model */
  LwSubmitPhase phase;
  GError *error;          /* owned, nullable */
  LwJobForm *form;        /* owned */
  char *attempt;          /* owned, nullable: suffix of the record that the form is of */
  char *job;              /* owned, nullable: name of the recorded job */
  LwCodeFolder *folder;   /* owned, nullable */
  GPtrArray *computes;    /* owned, nullable */
  LwEnvironmentState environment;
  Ask asks[N_ASKS];
  LwJobLetter progress;
  LwMailbox *mailbox;        /* owned, nullable: of the submission */
  GCancellable *cancellable; /* owned, nullable: the person's Cancel */
};

G_DEFINE_FINAL_TYPE (LwJobModel, lw_job_model, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_SESSION,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];
static guint changed_signal;

static void
emit_changed (LwJobModel *self)
{
  g_signal_emit (self, changed_signal, 0);
}

static gboolean
has_workspace (LwJobModel *self)
{
  LwTarget *target = lw_session_get_target (self->session);

  return target != NULL && lw_target_get_ml (target) != NULL
         && lw_session_get_record (self->session) != NULL;
}

static LwJobInput *
make_input (LwJobModel *self)
{
  LwJobInput *input = g_new0 (LwJobInput, 1);

  if (has_workspace (self))
    {
      input->target = lw_target_ref (lw_session_get_target (self->session));
      input->record = lw_record_ref (lw_session_get_record (self->session));
    }
  input->clock = lw_clock_ref (lw_session_get_clock (self->session));
  input->form = lw_job_form_copy (self->form);
  return input;
}

/* ---- Questions about the form ---- */

static void
forget_ask (Ask *ask)
{
  if (ask->cancellable != NULL)
    g_cancellable_cancel (ask->cancellable);
  g_clear_object (&ask->cancellable);
  g_clear_handle_id (&ask->delay, g_source_remove);
  g_clear_error (&ask->error);
  ask->state = LW_ASK_NONE;
}

/* Begins a question of @kind; the older one is over. */
static void
run_ask (LwJobModel *self, AskKind kind, LwPoolFunc func, GDestroyNotify free_result,
         GAsyncReadyCallback callback)
{
  Ask *ask = &self->asks[kind];

  forget_ask (ask);
  ask->state = LW_ASK_RUNNING;
  ask->cancellable = g_cancellable_new ();
  lw_pool_run (lw_session_get_pool (self->session), run_ask, func, make_input (self),
               (GDestroyNotify) lw_job_input_free, free_result, self, ask->cancellable, callback,
               NULL);
}

/* Returns: (nullable): the answer. @current: whether it is one to the newest question. */
static gpointer
finish_ask (LwJobModel *self, AskKind kind, GAsyncResult *res, gboolean *current)
{
  Ask *ask = &self->asks[kind];
  GError *error = NULL;
  gpointer answer = lw_pool_finish (res, run_ask, &error);

  *current = !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  if (!*current)
    {
      g_error_free (error);
      return NULL;
    }
  g_clear_object (&ask->cancellable);
  ask->state = error == NULL ? LW_ASK_ANSWERED : LW_ASK_FAILED;
  ask->error = error;
  return answer;
}

static void
scanned_cb (GObject *source, GAsyncResult *res, gpointer user_data)
{
  LwJobModel *self = LW_JOB_MODEL (source);
  gboolean current;
  LwCodeFolder *folder = finish_ask (self, ASK_FOLDER, res, &current);

  if (!current)
    return;
  g_clear_pointer (&self->folder, lw_code_folder_free);
  self->folder = folder;
  emit_changed (self);
}

static void
listed_cb (GObject *source, GAsyncResult *res, gpointer user_data)
{
  LwJobModel *self = LW_JOB_MODEL (source);
  gboolean current;
  GPtrArray *computes = finish_ask (self, ASK_COMPUTES, res, &current);

  if (!current)
    return;
  g_clear_pointer (&self->computes, g_ptr_array_unref);
  self->computes = computes;
  emit_changed (self);
}

static void
checked_cb (GObject *source, GAsyncResult *res, gpointer user_data)
{
  LwJobModel *self = LW_JOB_MODEL (source);
  gboolean current;
  g_autofree LwEnvironmentState *state = finish_ask (self, ASK_ENVIRONMENT, res, &current);

  if (!current)
    return;
  if (state != NULL)
    self->environment = *state;
  emit_changed (self);
}

static void
ask_folder (LwJobModel *self)
{
  g_clear_pointer (&self->folder, lw_code_folder_free);
  if (lw_job_form_check (self->form, LW_JOB_FIELD_FOLDER) == LW_JOB_PROBLEM_NONE)
    run_ask (self, ASK_FOLDER, lw_job_scan_in_pool, (GDestroyNotify) lw_code_folder_free,
             scanned_cb);
}

static void
ask_environment (LwJobModel *self)
{
  if (has_workspace (self)
      && lw_job_form_check (self->form, LW_JOB_FIELD_ENVIRONMENT) == LW_JOB_PROBLEM_NONE)
    run_ask (self, ASK_ENVIRONMENT, lw_job_check_environment_in_pool, g_free, checked_cb);
}

static void
ask_computes (LwJobModel *self)
{
  if (has_workspace (self))
    run_ask (self, ASK_COMPUTES, lw_job_list_computes_in_pool, (GDestroyNotify) g_ptr_array_unref,
             listed_cb);
}

static void
ask_folder_cb (gpointer user_data)
{
  LwJobModel *self = user_data;

  self->asks[ASK_FOLDER].delay = 0;
  ask_folder (self);
  emit_changed (self);
}

static void
ask_environment_cb (gpointer user_data)
{
  LwJobModel *self = user_data;

  self->asks[ASK_ENVIRONMENT].delay = 0;
  ask_environment (self);
  emit_changed (self);
}

void
lw_job_model_set_value (LwJobModel *self, LwJobField field, const char *value)
{
  g_return_if_fail (LW_IS_JOB_MODEL (self));
  g_return_if_fail (value != NULL);
  g_return_if_fail ((guint) field < LW_N_JOB_FIELDS);

  if (g_str_equal (self->form->values[field], value))
    return;
  lw_job_form_set (self->form, field, value);
  if (field == LW_JOB_FIELD_FOLDER)
    {
      forget_ask (&self->asks[ASK_FOLDER]);
      g_clear_pointer (&self->folder, lw_code_folder_free);
      self->asks[ASK_FOLDER].delay = g_timeout_add_once (TYPING_MS, ask_folder_cb, self);
    }
  else if (field == LW_JOB_FIELD_ENVIRONMENT)
    {
      forget_ask (&self->asks[ASK_ENVIRONMENT]);
      self->asks[ASK_ENVIRONMENT].delay = g_timeout_add_once (TYPING_MS, ask_environment_cb, self);
    }
}

void
lw_job_model_refresh (LwJobModel *self)
{
  g_return_if_fail (LW_IS_JOB_MODEL (self));

  ask_folder (self);
  ask_computes (self);
  ask_environment (self);
  emit_changed (self);
}

/* ---- Submission ---- */

/* What the record says now: another attempt has another form. */
static void
read_record (LwJobModel *self)
{
  LwRecord *record = lw_session_get_record (self->session);
  g_autofree char *attempt = record != NULL ? lw_record_dup (record, LW_RECORD_SUFFIX) : NULL;
  g_autofree char *unfinished = record != NULL ? lw_job_form_dup_unfinished (record) : NULL;

  if (self->form == NULL || g_strcmp0 (attempt, self->attempt) != 0)
    {
      g_clear_pointer (&self->form, lw_job_form_free);
      self->form = lw_job_form_new (lw_session_get_lab (self->session), record);
      g_free (self->attempt);
      self->attempt = g_steal_pointer (&attempt);
      self->phase = LW_SUBMIT_IDLE;
      self->progress = (LwJobLetter) { 0 };
      g_clear_error (&self->error);
    }
  g_free (self->job);
  self->job = record != NULL ? lw_record_dup (record, LW_RECORD_JOB) : NULL;
  if (unfinished != NULL)
    self->phase = LW_SUBMIT_STOPPED;
  else if (self->phase == LW_SUBMIT_STOPPED)
    self->phase = LW_SUBMIT_IDLE;
}

static void
letter_cb (gpointer data, gpointer listener)
{
  LwJobModel *self = listener;

  self->progress = *(LwJobLetter *) data;
  emit_changed (self);
}

static void
tell_equivalent (LwJobModel *self, const LwJobInput *input, const LwJob *job)
{
  g_auto (LwEquivalent) equivalent = { NULL };
  const char *code_id = input->code_id != NULL ? input->code_id : job->code_id;
  LwJobSpec spec = {
    .display_name = job->display_name,
    .experiment_name = job->experiment_name,
    .code_id = code_id,
    .command = job->command,
    .environment = job->environment,
    .compute = job->compute,
  };

  if (code_id == NULL || job->command == NULL || job->environment == NULL || job->compute == NULL)
    return;
  lw_equivalent_job (lw_target_get_ml (input->target), job->name,
                     input->form->values[LW_JOB_FIELD_FOLDER], &spec, &equivalent);
  lw_session_take_equivalent (self->session, &equivalent);
}

static gboolean
is_disposed (LwJobModel *self)
{
  return self->cancellable == NULL;
}

static void
submitted_cb (GObject *source, GAsyncResult *res, gpointer user_data)
{
  LwJobModel *self = LW_JOB_MODEL (source);
  LwJobInput *input = lw_pool_get_data (res);
  GError *error = NULL;
  g_autoptr (LwJob) job = lw_pool_finish (res, lw_job_model_submit, &error);

  if (is_disposed (self))
    {
      g_clear_error (&error);
      return;
    }
  lw_mailbox_flush (self->mailbox);
  self->progress = input->letter;
  self->phase = LW_SUBMIT_IDLE;
  read_record (self);
  if (job != NULL)
    {
      self->phase = LW_SUBMIT_DONE;
      tell_equivalent (self, input, job);
      lw_results_model_follow (
          lw_session_ensure_model (self->session, LW_TYPE_RESULTS_MODEL), job->name);
    }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_clear_error (&error);
  self->error = error;
  lw_session_set_running (self->session, LW_STEP_JOB, FALSE);
  lw_session_set_failed (self->session, LW_STEP_JOB, self->error != NULL);
  emit_changed (self);
}

void
lw_job_model_submit (LwJobModel *self)
{
  LwJobInput *input = NULL;

  g_return_if_fail (LW_IS_JOB_MODEL (self));

  if (self->phase == LW_SUBMIT_RUNNING || !has_workspace (self)
      || !lw_job_form_is_complete (self->form))
    return;
  g_clear_error (&self->error);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  g_clear_pointer (&self->mailbox, lw_mailbox_unref);
  self->mailbox = lw_mailbox_new (LW_MAILBOX_NEWEST, self, letter_cb, g_free);
  self->progress = (LwJobLetter) { 0 };
  self->phase = LW_SUBMIT_RUNNING;
  input = make_input (self);
  input->mailbox = lw_mailbox_ref (self->mailbox);
  lw_session_set_running (self->session, LW_STEP_JOB, TRUE);
  lw_pool_run (lw_session_get_pool (self->session), lw_job_model_submit, lw_job_submit_in_pool,
               input, (GDestroyNotify) lw_job_input_free, (GDestroyNotify) lw_job_free, self,
               self->cancellable, submitted_cb, NULL);
  emit_changed (self);
}

void
lw_job_model_begin_another (LwJobModel *self)
{
  g_return_if_fail (LW_IS_JOB_MODEL (self));

  if (self->phase != LW_SUBMIT_DONE)
    return;
  self->phase = LW_SUBMIT_IDLE;
  self->progress = (LwJobLetter) { 0 };
  lw_job_model_refresh (self);
}

void
lw_job_model_cancel (LwJobModel *self)
{
  g_return_if_fail (LW_IS_JOB_MODEL (self));

  if (self->phase == LW_SUBMIT_RUNNING)
    g_cancellable_cancel (self->cancellable);
}

static gboolean
should_resume (LwJobModel *self)
{
  LwRecord *record = lw_session_get_record (self->session);
  gint64 now_us = lw_clock_get_now_us (lw_session_get_clock (self->session));

  return self->phase == LW_SUBMIT_STOPPED && self->error == NULL
         && (self->cancellable == NULL || !g_cancellable_is_cancelled (self->cancellable))
         && lw_record_get_time (record, LW_RECORD_DELETE_STARTED) == 0
         && now_us - lw_record_get_time (record, LW_RECORD_JOB_STARTED) < RESUME_WITHIN_US;
}

void
lw_job_model_open (LwJobModel *self)
{
  g_return_if_fail (LW_IS_JOB_MODEL (self));

  if (self->phase == LW_SUBMIT_RUNNING)
    return;
  read_record (self);
  if (has_workspace (self) && should_resume (self))
    lw_job_model_submit (self);
  else if (self->phase != LW_SUBMIT_DONE)
    lw_job_model_refresh (self);
  else
    emit_changed (self);
}

/* ---- What the page reads ---- */

LwSubmitPhase
lw_job_model_get_phase (LwJobModel *self)
{
  g_return_val_if_fail (LW_IS_JOB_MODEL (self), LW_SUBMIT_IDLE);

  return self->phase;
}

const GError *
lw_job_model_get_error (LwJobModel *self)
{
  g_return_val_if_fail (LW_IS_JOB_MODEL (self), NULL);

  return self->error;
}

const LwJobForm *
lw_job_model_get_form (LwJobModel *self)
{
  g_return_val_if_fail (LW_IS_JOB_MODEL (self), NULL);

  return self->form;
}

LwCodeFolder *
lw_job_model_get_folder (LwJobModel *self, const GError **error)
{
  g_return_val_if_fail (LW_IS_JOB_MODEL (self), NULL);
  g_return_val_if_fail (error != NULL, NULL);

  *error = self->asks[ASK_FOLDER].error;
  return self->folder;
}

GPtrArray *
lw_job_model_get_computes (LwJobModel *self)
{
  g_return_val_if_fail (LW_IS_JOB_MODEL (self), NULL);

  return self->computes;
}

LwAskState
lw_job_model_get_environment (LwJobModel *self, LwEnvironmentState *state)
{
  g_return_val_if_fail (LW_IS_JOB_MODEL (self), LW_ASK_NONE);
  g_return_val_if_fail (state != NULL, LW_ASK_NONE);

  *state = self->environment;
  return self->asks[ASK_ENVIRONMENT].state;
}

const LwJobLetter *
lw_job_model_get_progress (LwJobModel *self)
{
  g_return_val_if_fail (LW_IS_JOB_MODEL (self), NULL);

  return &self->progress;
}

const char *
lw_job_model_get_job (LwJobModel *self)
{
  g_return_val_if_fail (LW_IS_JOB_MODEL (self), NULL);

  return self->job;
}

/* ---- Object ---- */

static void
lw_job_model_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  LwJobModel *self = LW_JOB_MODEL (object);

  if (prop_id == PROP_SESSION)
    self->session = g_value_get_object (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
lw_job_model_constructed (GObject *object)
{
  G_OBJECT_CLASS (lw_job_model_parent_class)->constructed (object);
  read_record (LW_JOB_MODEL (object));
}

static void
lw_job_model_dispose (GObject *object)
{
  LwJobModel *self = LW_JOB_MODEL (object);

  for (guint kind = 0; kind < N_ASKS; kind++)
    forget_ask (&self->asks[kind]);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  if (self->mailbox != NULL)
    lw_mailbox_close (self->mailbox);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->mailbox, lw_mailbox_unref);
  G_OBJECT_CLASS (lw_job_model_parent_class)->dispose (object);
}

static void
lw_job_model_finalize (GObject *object)
{
  LwJobModel *self = LW_JOB_MODEL (object);

  g_clear_error (&self->error);
  g_clear_pointer (&self->form, lw_job_form_free);
  g_clear_pointer (&self->folder, lw_code_folder_free);
  g_clear_pointer (&self->computes, g_ptr_array_unref);
  g_free (self->attempt);
  g_free (self->job);
  G_OBJECT_CLASS (lw_job_model_parent_class)->finalize (object);
}

static void
lw_job_model_class_init (LwJobModelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = lw_job_model_set_property;
  object_class->constructed = lw_job_model_constructed;
  object_class->dispose = lw_job_model_dispose;
  object_class->finalize = lw_job_model_finalize;
  props[PROP_SESSION]
      = g_param_spec_object ("session", NULL, NULL, LW_TYPE_SESSION,
                             G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  changed_signal = g_signal_new ("changed", LW_TYPE_JOB_MODEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
lw_job_model_init (LwJobModel *self)
{
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pythons and runs of step 3. One search and one run at a time work on the pool. Main thread;
 * dispose cancels both, and what comes back later touches nothing. */

#include "lw-script-runner.h"

#include "lw-log-view.h"
#include "lw-script-command.h"
#include "lw-script-work.h"

struct _LwScriptRunner
{
  GObject parent_instance;

  LwSession *session;    /* borrowed */
  GCancellable *looking; /* owned, nullable: of the search under way */
  GCancellable *running; /* owned, nullable: of the run under way */
  GError *error;         /* owned, nullable */

  GPtrArray *pythons; /* owned, nullable */
  char *chosen;       /* owned, nullable: path, by the person */

  LwMailbox *mailbox; /* owned, nullable: of the last run */
  GtkTextBuffer *output;
  LwScriptOutcome outcome;
  LwScriptRunResult *run; /* owned, nullable */
  LwScriptResult *result; /* owned, nullable */
  gint64 started_us;
  gboolean is_bare;
  gboolean is_broken;
};

G_DEFINE_FINAL_TYPE (LwScriptRunner, lw_script_runner, G_TYPE_OBJECT)

enum
{
  CHANGED,
  ENDED,
  N_SIGNALS,
};
static guint signals[N_SIGNALS];

static void
emit_changed (LwScriptRunner *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

/* @error: (transfer full) (nullable) */
static void
take_error (LwScriptRunner *self, GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_clear_error (&error);
  if (error == NULL)
    return;
  g_clear_error (&self->error);
  self->error = error;
}

const GError *
lw_script_runner_get_error (LwScriptRunner *self)
{
  g_return_val_if_fail (LW_IS_SCRIPT_RUNNER (self), NULL);

  return self->error;
}

/* ---- Python ---- */

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  LwScriptRunner *self = LW_SCRIPT_RUNNER (source);
  GError *error = NULL;
  GPtrArray *pythons = lw_pool_finish (result, lw_script_runner_find_pythons, &error);

  if (self->looking == NULL)
    {
      g_clear_error (&error);
      return;
    }
  g_clear_object (&self->looking);
  if (pythons != NULL)
    {
      g_clear_pointer (&self->pythons, g_ptr_array_unref);
      self->pythons = pythons;
    }
  take_error (self, error);
  emit_changed (self);
}

void
lw_script_runner_find_pythons (LwScriptRunner *self, const char *folder)
{
  LwScriptPythonInput *input;
  LwRecord *record;
  LwLab *lab;

  g_return_if_fail (LW_IS_SCRIPT_RUNNER (self));

  if (self->looking != NULL)
    return;
  record = lw_session_get_record (self->session);
  lab = lw_session_get_lab (self->session);
  self->looking = g_cancellable_new ();
  g_clear_error (&self->error);
  input = g_new0 (LwScriptPythonInput, 1);
  input->clock = lw_clock_ref (lw_session_get_clock (self->session));
  input->folder = g_strdup (folder);
  input->first = record != NULL ? lw_record_dup (record, LW_RECORD_PYTHON) : NULL;
  input->modules = g_strdupv ((char **) lw_lab_get_modules (lab));
  lw_pool_run (lw_session_get_pool (self->session), lw_script_runner_find_pythons,
               lw_script_find_python_in_pool, input,
               (GDestroyNotify) lw_script_python_input_free, (GDestroyNotify) g_ptr_array_unref,
               self, self->looking, found_cb, NULL);
  emit_changed (self);
}

gboolean
lw_script_runner_is_looking (LwScriptRunner *self)
{
  g_return_val_if_fail (LW_IS_SCRIPT_RUNNER (self), FALSE);

  return self->looking != NULL;
}

GPtrArray *
lw_script_runner_get_pythons (LwScriptRunner *self)
{
  g_return_val_if_fail (LW_IS_SCRIPT_RUNNER (self), NULL);

  return self->pythons;
}

const LwPython *
lw_script_runner_get_python (LwScriptRunner *self)
{
  g_return_val_if_fail (LW_IS_SCRIPT_RUNNER (self), NULL);

  for (guint i = 0; self->chosen != NULL && self->pythons != NULL && i < self->pythons->len; i++)
    {
      const LwPython *python = g_ptr_array_index (self->pythons, i);

      if (g_strcmp0 (python->path, self->chosen) == 0 && lw_python_is_usable (python))
        return python;
    }
  return self->pythons != NULL ? lw_python_choose (self->pythons) : NULL;
}

void
lw_script_runner_choose_python (LwScriptRunner *self, const char *path)
{
  g_return_if_fail (LW_IS_SCRIPT_RUNNER (self));

  if (g_strcmp0 (path, self->chosen) == 0)
    return;
  g_free (self->chosen);
  self->chosen = g_strdup (path);
  emit_changed (self);
}

/* ---- The end of a run ---- */

static LwScriptOutcome
judge (LwScriptRunner *self)
{
  LwScriptFailure failure = self->result->failure;

  if (self->run->end == LW_SCRIPT_RUN_EXITED && self->run->exit_status == 0)
    return LW_SCRIPT_OUTCOME_PASSED;
  if ((self->is_broken && failure == LW_SCRIPT_FAILURE_NAME)
      || (self->is_bare && failure == LW_SCRIPT_FAILURE_NO_PATH)
      || (self->is_bare && failure == LW_SCRIPT_FAILURE_ARGUMENTS))
    return LW_SCRIPT_OUTCOME_EXPECTED;
  return LW_SCRIPT_OUTCOME_FAILED;
}

static void
end (LwScriptRunner *self, GError *error)
{
  gboolean failed = self->outcome == LW_SCRIPT_OUTCOME_FAILED;

  g_clear_object (&self->running);
  take_error (self, error);
  g_signal_emit (self, signals[ENDED], 0);
  lw_session_record_changed (self->session);
  lw_session_set_running (self->session, LW_STEP_SCRIPT, FALSE);
  lw_session_set_failed (self->session, LW_STEP_SCRIPT, failed || self->error != NULL);
  emit_changed (self);
}

static void
ran_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  LwScriptRunner *self = LW_SCRIPT_RUNNER (source);
  GError *error = NULL;
  g_autoptr (LwScriptRan) ran = lw_pool_finish (result, lw_script_runner_start, &error);

  if (self->running == NULL)
    {
      g_clear_error (&error);
      return;
    }
  lw_mailbox_flush (self->mailbox);
  if (ran != NULL)
    {
      self->run = g_steal_pointer (&ran->run);
      self->result = g_steal_pointer (&ran->result);
      self->outcome = judge (self);
      error = g_steal_pointer (&ran->record_error);
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    self->outcome = LW_SCRIPT_OUTCOME_STOPPED;
  else
    self->outcome = LW_SCRIPT_OUTCOME_NONE;
  end (self, error);
}

/* ---- Its beginning ---- */

static void
printed_cb (gpointer letter, gpointer listener)
{
  lw_log_buffer_append (LW_SCRIPT_RUNNER (listener)->output, letter);
}

static void
tell_equivalent (LwScriptRunner *self, const LwScriptCall *call)
{
  const char *const words[] = { "cd", call->directory, NULL };
  g_autofree char *cd = lw_script_command_dup_line (words);
  g_autofree char *line = lw_script_command_dup_line (call->argv);
  LwEquivalent equivalent = { .az = g_strdup_printf ("%s\n%s\n", cd, line) };

  lw_session_take_equivalent (self->session, &equivalent);
}

static void
close_mailbox (LwScriptRunner *self)
{
  if (self->mailbox != NULL)
    lw_mailbox_close (self->mailbox);
  g_clear_pointer (&self->mailbox, lw_mailbox_unref);
}

static void
forget_run (LwScriptRunner *self)
{
  g_clear_pointer (&self->run, lw_script_run_result_free);
  g_clear_pointer (&self->result, lw_script_result_free);
  gtk_text_buffer_set_text (self->output, "", 0);
  close_mailbox (self);
}

static LwScriptRunInput *
make_input (LwScriptRunner *self, const LwScriptCall *call)
{
  LwScriptRunInput *input = g_new0 (LwScriptRunInput, 1);

  input->clock = lw_clock_ref (lw_session_get_clock (self->session));
  input->record = lw_record_ref (lw_session_get_record (self->session));
  input->mailbox = lw_mailbox_ref (self->mailbox);
  input->argv = g_strdupv ((char **) call->argv);
  input->directory = g_strdup (call->directory);
  input->folder = g_strdup (call->folder);
  return input;
}

void
lw_script_runner_start (LwScriptRunner *self, const LwScriptCall *call)
{
  g_return_if_fail (LW_IS_SCRIPT_RUNNER (self));
  g_return_if_fail (call != NULL && call->argv != NULL);
  g_return_if_fail (lw_session_get_record (self->session) != NULL);

  if (self->running != NULL)
    return;
  forget_run (self);
  g_clear_error (&self->error);
  self->mailbox = lw_mailbox_new (LW_MAILBOX_ALL, self, printed_cb, g_free);
  self->outcome = LW_SCRIPT_OUTCOME_RUNNING;
  self->started_us = lw_clock_get_now_us (lw_session_get_clock (self->session));
  self->is_bare = call->is_bare;
  self->is_broken = call->is_broken;
  self->running = g_cancellable_new ();
  lw_session_set_failed (self->session, LW_STEP_SCRIPT, FALSE);
  lw_session_set_running (self->session, LW_STEP_SCRIPT, TRUE);
  tell_equivalent (self, call);
  lw_pool_run (lw_session_get_pool (self->session), lw_script_runner_start,
               lw_script_run_in_pool, make_input (self, call),
               (GDestroyNotify) lw_script_run_input_free, (GDestroyNotify) lw_script_ran_free,
               self, self->running, ran_cb, NULL);
  emit_changed (self);
}

void
lw_script_runner_stop (LwScriptRunner *self)
{
  g_return_if_fail (LW_IS_SCRIPT_RUNNER (self));

  if (self->running != NULL)
    g_cancellable_cancel (self->running);
}

/* ---- Getters ---- */

gboolean
lw_script_runner_is_running (LwScriptRunner *self)
{
  g_return_val_if_fail (LW_IS_SCRIPT_RUNNER (self), FALSE);

  return self->running != NULL;
}

LwScriptOutcome
lw_script_runner_get_outcome (LwScriptRunner *self)
{
  g_return_val_if_fail (LW_IS_SCRIPT_RUNNER (self), LW_SCRIPT_OUTCOME_NONE);

  return self->outcome;
}

gboolean
lw_script_runner_was_bare (LwScriptRunner *self)
{
  g_return_val_if_fail (LW_IS_SCRIPT_RUNNER (self), FALSE);

  return self->is_bare;
}

gboolean
lw_script_runner_was_broken (LwScriptRunner *self)
{
  g_return_val_if_fail (LW_IS_SCRIPT_RUNNER (self), FALSE);

  return self->is_broken;
}

const LwScriptRunResult *
lw_script_runner_get_run (LwScriptRunner *self)
{
  g_return_val_if_fail (LW_IS_SCRIPT_RUNNER (self), NULL);

  return self->run;
}

const LwScriptResult *
lw_script_runner_get_result (LwScriptRunner *self)
{
  g_return_val_if_fail (LW_IS_SCRIPT_RUNNER (self), NULL);

  return self->result;
}

gint64
lw_script_runner_get_started (LwScriptRunner *self)
{
  g_return_val_if_fail (LW_IS_SCRIPT_RUNNER (self), 0);

  return self->started_us;
}

GtkTextBuffer *
lw_script_runner_get_output (LwScriptRunner *self)
{
  g_return_val_if_fail (LW_IS_SCRIPT_RUNNER (self), NULL);

  return self->output;
}

/* ---- Object ---- */

LwScriptRunner *
lw_script_runner_new (LwSession *session)
{
  LwScriptRunner *self = g_object_new (LW_TYPE_SCRIPT_RUNNER, NULL);

  self->session = session;
  return self;
}

static void
lw_script_runner_dispose (GObject *object)
{
  LwScriptRunner *self = LW_SCRIPT_RUNNER (object);

  if (self->looking != NULL)
    g_cancellable_cancel (self->looking);
  if (self->running != NULL)
    g_cancellable_cancel (self->running);
  g_clear_object (&self->looking);
  g_clear_object (&self->running);
  close_mailbox (self);
  G_OBJECT_CLASS (lw_script_runner_parent_class)->dispose (object);
}

static void
lw_script_runner_finalize (GObject *object)
{
  LwScriptRunner *self = LW_SCRIPT_RUNNER (object);

  g_clear_error (&self->error);
  g_clear_pointer (&self->pythons, g_ptr_array_unref);
  g_clear_pointer (&self->run, lw_script_run_result_free);
  g_clear_pointer (&self->result, lw_script_result_free);
  g_clear_object (&self->output);
  g_free (self->chosen);
  G_OBJECT_CLASS (lw_script_runner_parent_class)->finalize (object);
}

static void
lw_script_runner_class_init (LwScriptRunnerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lw_script_runner_dispose;
  G_OBJECT_CLASS (klass)->finalize = lw_script_runner_finalize;
  signals[CHANGED] = g_signal_new ("changed", LW_TYPE_SCRIPT_RUNNER, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[ENDED] = g_signal_new ("ended", LW_TYPE_SCRIPT_RUNNER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
lw_script_runner_init (LwScriptRunner *self)
{
  self->output = gtk_text_buffer_new (NULL);
}

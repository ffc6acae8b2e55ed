/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One job on the main thread. The log comes in letters of up to a MiB and goes into the buffer in small
 * pieces between frames, so that a busy script does not hold up the window. */

#include "lw-job-watch.h"

#include <glib/gi18n.h>
#include <string.h>

#include "lw-log-view.h"

/* Text put into the buffer at once, bytes: a few milliseconds. */
#define PIECE 32768

/* What of the log is searched for the script's figures and its traceback, characters from the end. */
#define MAX_RESULT (1024 * 1024)

typedef struct
{
  LwWatchState state;
  GPtrArray *items; /* owned, nullable */
  GError *error;    /* owned, nullable */
} List;

struct _LwJobWatch
{
  GObject parent_instance;

  LwSession *session; /* borrowed, outlives the watch */
  char *name;         /* owned */
  char *data_host;    /* owned, nullable */
  LwJob *job;         /* owned, nullable, as the next two */
  LwRun *run;
  LwCompute *cluster;
  gint64 phase_since_us;
  GError *trouble; /* owned, nullable */
  GError *error;   /* owned, nullable */
  GtkTextBuffer *log;   /* owned */
  GString *pending;     /* owned: of the log, not yet in the buffer */
  guint filling;        /* idle source, 0 when none */
  gboolean is_log_cut;
  gboolean following;
  gboolean was_active; /* it was seen running */
  gboolean told_running; /* to the session */
  gboolean over;
  gboolean cancelling;
  LwScriptResult *result; /* owned, nullable */
  List lists[LW_N_WATCH_LISTS];
  LwMailbox *mailbox;        /* owned, nullable: of the following */
  GCancellable *cancellable; /* owned until dispose */
};

G_DEFINE_FINAL_TYPE (LwJobWatch, lw_job_watch, G_TYPE_OBJECT)

enum
{
  CHANGED,
  ENDED,
  N_SIGNALS,
};
static guint signals[N_SIGNALS];

static void
emit_changed (LwJobWatch *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static gboolean
is_disposed (LwJobWatch *self)
{
  return self->cancellable == NULL;
}

LwResultsInput *
lw_job_watch_new_input (LwJobWatch *self)
{
  LwResultsInput *input = NULL;
  LwTarget *target = NULL;
  LwRecord *record = NULL;

  g_return_val_if_fail (LW_IS_JOB_WATCH (self), NULL);

  target = lw_session_get_target (self->session);
  record = lw_session_get_record (self->session);
  if (target == NULL || lw_target_get_ml (target) == NULL || record == NULL)
    return NULL;
  input = g_new0 (LwResultsInput, 1);
  input->target = lw_target_ref (target);
  input->record = lw_record_ref (record);
  input->clock = lw_clock_ref (lw_session_get_clock (self->session));
  input->data_host = g_strdup (self->data_host);
  input->job = g_strdup (self->name);
  if (self->run != NULL && self->run->snapshot_id != NULL)
    input->snapshot_id = g_strdup (self->run->snapshot_id);
  else if (self->job != NULL)
    input->snapshot_id = g_strdup (self->job->snapshot_id);
  return input;
}

static void
keep_host (LwJobWatch *self, const LwResultsInput *input)
{
  if (self->data_host == NULL)
    self->data_host = g_strdup (input->data_host);
}

/* ---- The log ---- */

static char *
dup_end_of_log (LwJobWatch *self)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_end_iter (self->log, &end);
  start = end;
  gtk_text_iter_backward_chars (&start, MAX_RESULT);
  return gtk_text_buffer_get_text (self->log, &start, &end, TRUE);
}

static void
read_result (LwJobWatch *self)
{
  g_autofree char *text = NULL;

  if (!self->over || self->result != NULL || self->pending->len > 0)
    return;
  text = dup_end_of_log (self);
  self->result = lw_script_result_read (text);
}

static gsize
get_piece_length (const GString *text)
{
  const char *end;

  if (text->len <= PIECE)
    return text->len;
  end = g_utf8_find_prev_char (text->str, text->str + PIECE + 1);
  return end != NULL && end > text->str ? (gsize) (end - text->str) : text->len;
}

static gboolean
fill_cb (gpointer user_data)
{
  LwJobWatch *self = user_data;
  gsize length = get_piece_length (self->pending);
  g_autofree char *piece = g_strndup (self->pending->str, length);

  if (lw_log_buffer_append (self->log, piece))
    self->is_log_cut = TRUE;
  g_string_erase (self->pending, 0, (gssize) length);
  if (self->pending->len > 0)
    return G_SOURCE_CONTINUE;
  self->filling = 0;
  if (self->over)
    {
      read_result (self);
      emit_changed (self);
    }
  return G_SOURCE_REMOVE;
}

/* Of what would only pass by, the beginning is left out. */
static void
bound_pending (LwJobWatch *self)
{
  gsize excess;
  const char *start;

  if (self->pending->len <= LW_LOG_BUFFER_MAX_CHARS)
    return;
  excess = self->pending->len - LW_LOG_BUFFER_MAX_CHARS;
  start = g_utf8_find_next_char (self->pending->str + excess, NULL);
  g_string_erase (self->pending, 0, start - self->pending->str);
  self->is_log_cut = TRUE;
}

static void
add_text (LwJobWatch *self, const LwResultsLetter *letter)
{
  if (letter->restarted)
    {
      g_string_truncate (self->pending, 0);
      gtk_text_buffer_set_text (self->log, "", 0);
      self->is_log_cut = FALSE;
    }
  if (letter->has_gap)
    /* Translators: stands in a log where its middle is missing */
    g_string_append_printf (self->pending, "\n⋯ %s ⋯\n", _ ("a part of the log is left out here"));
  g_string_append (self->pending, letter->text);
  bound_pending (self);
  if (self->filling == 0)
    self->filling = g_idle_add (fill_cb, self);
}

/* ---- Following ---- */

/* The list of steps shows the work of the attempt's own job only. */
static void
tell_running (LwJobWatch *self, gboolean running)
{
  LwRecord *record = lw_session_get_record (self->session);
  g_autofree char *job = record != NULL ? lw_record_dup (record, LW_RECORD_JOB) : NULL;

  if (running == self->told_running || (running && g_strcmp0 (job, self->name) != 0))
    return;
  self->told_running = running;
  lw_session_set_running (self->session, LW_STEP_RESULTS, running);
}

static void
take_state (LwJobWatch *self, LwResultsLetter *letter)
{
  gboolean moved = letter->job != NULL
                   && (self->job == NULL || g_strcmp0 (self->job->status, letter->job->status) != 0);

  if (letter->job != NULL)
    {
      g_clear_pointer (&self->job, lw_job_free);
      g_clear_pointer (&self->run, lw_run_free);
      g_clear_pointer (&self->cluster, lw_compute_free);
      self->job = g_steal_pointer (&letter->job);
      self->run = g_steal_pointer (&letter->run);
      self->cluster = g_steal_pointer (&letter->cluster);
      self->phase_since_us = letter->phase_since_us;
    }
  g_clear_error (&self->trouble);
  self->trouble = g_steal_pointer (&letter->trouble);
  if (self->job != NULL && self->job->phase == LW_JOB_PHASE_ACTIVE)
    {
      self->was_active = TRUE;
      tell_running (self, TRUE);
    }
  if (moved)
    lw_session_cost_changed (self->session);
}

static void
letter_cb (gpointer data, gpointer listener)
{
  LwJobWatch *self = listener;
  LwResultsLetter *letter = data;

  if (letter->text != NULL)
    add_text (self, letter);
  take_state (self, letter);
  emit_changed (self);
}

static void
forget_lists (LwJobWatch *self)
{
  for (guint i = 0; i < LW_N_WATCH_LISTS; i++)
    if (self->lists[i].state != LW_WATCH_ASKING)
      self->lists[i].state = LW_WATCH_NONE;
}

static void
finish (LwJobWatch *self, LwJob *job)
{
  g_clear_pointer (&self->job, lw_job_free);
  self->job = job;
  self->over = TRUE;
  forget_lists (self);
  read_result (self);
}

static void
followed_cb (GObject *source, GAsyncResult *res, gpointer user_data)
{
  LwJobWatch *self = LW_JOB_WATCH (source);
  g_autoptr (GError) error = NULL;
  LwJob *job = lw_pool_finish (res, lw_job_watch_follow, &error);

  if (is_disposed (self))
    {
      g_clear_pointer (&job, lw_job_free);
      return;
    }
  lw_mailbox_flush (self->mailbox);
  keep_host (self, lw_pool_get_data (res));
  self->following = FALSE;
  tell_running (self, FALSE);
  g_clear_error (&self->trouble);
  if (job != NULL)
    finish (self, job);
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    self->error = g_steal_pointer (&error);
  lw_session_record_changed (self->session);
  emit_changed (self);
  if (self->over && self->was_active)
    g_signal_emit (self, signals[ENDED], 0);
}

void
lw_job_watch_follow (LwJobWatch *self)
{
  LwResultsInput *input = NULL;

  g_return_if_fail (LW_IS_JOB_WATCH (self));

  if (self->following || self->over)
    return;
  input = lw_job_watch_new_input (self);
  if (input == NULL)
    return;
  g_clear_error (&self->error);
  g_clear_pointer (&self->mailbox, lw_mailbox_unref);
  self->mailbox = lw_mailbox_new (LW_MAILBOX_ALL, self, letter_cb,
                                  (GDestroyNotify) lw_results_letter_free);
  input->mailbox = lw_mailbox_ref (self->mailbox);
  self->following = TRUE;
  /* What is in the buffer of an earlier following comes again. */
  g_string_truncate (self->pending, 0);
  gtk_text_buffer_set_text (self->log, "", 0);
  self->is_log_cut = FALSE;
  lw_pool_run (lw_session_get_pool (self->session), lw_job_watch_follow, lw_results_follow_in_pool,
               input, (GDestroyNotify) lw_results_input_free, (GDestroyNotify) lw_job_free, self,
               self->cancellable, followed_cb, NULL);
  emit_changed (self);
}

void
lw_job_watch_stop (LwJobWatch *self)
{
  g_return_if_fail (LW_IS_JOB_WATCH (self));

  tell_running (self, FALSE);
}

void
lw_job_watch_refresh (LwJobWatch *self)
{
  g_return_if_fail (LW_IS_JOB_WATCH (self));

  forget_lists (self);
  if (!self->following)
    {
      self->over = FALSE;
      self->was_active = FALSE;
      g_clear_pointer (&self->result, lw_script_result_free);
      lw_job_watch_follow (self);
    }
  emit_changed (self);
}

/* ---- Cancelling the job ---- */

static void
cancelled_cb (GObject *source, GAsyncResult *res, gpointer user_data)
{
  LwJobWatch *self = LW_JOB_WATCH (source);
  g_autoptr (GError) error = NULL;
  G_GNUC_UNUSED g_autoptr (LwJob) job = lw_pool_finish (res, lw_job_watch_cancel, &error);

  if (is_disposed (self))
    return;
  self->cancelling = FALSE;
  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_clear_error (&self->error);
      self->error = g_steal_pointer (&error);
    }
  emit_changed (self);
}

void
lw_job_watch_cancel (LwJobWatch *self)
{
  LwResultsInput *input = NULL;

  g_return_if_fail (LW_IS_JOB_WATCH (self));

  if (self->cancelling || self->over)
    return;
  input = lw_job_watch_new_input (self);
  if (input == NULL)
    return;
  g_clear_error (&self->error);
  self->cancelling = TRUE;
  lw_pool_run (lw_session_get_pool (self->session), lw_job_watch_cancel, lw_results_cancel_in_pool,
               input, (GDestroyNotify) lw_results_input_free, (GDestroyNotify) lw_job_free, self,
               self->cancellable, cancelled_cb, NULL);
  emit_changed (self);
}

/* ---- Lists ---- */

static void
loaded_cb (GObject *source, GAsyncResult *res, gpointer user_data)
{
  LwJobWatch *self = LW_JOB_WATCH (source);
  List *list = &self->lists[GPOINTER_TO_UINT (user_data)];
  GError *error = NULL;
  GPtrArray *items = lw_pool_finish (res, lw_job_watch_load, &error);

  if (is_disposed (self))
    {
      g_clear_error (&error);
      return;
    }
  keep_host (self, lw_pool_get_data (res));
  g_clear_pointer (&list->items, g_ptr_array_unref);
  list->items = items;
  list->error = error;
  list->state = error == NULL ? LW_WATCH_KNOWN : LW_WATCH_FAILED;
  emit_changed (self);
}

void
lw_job_watch_load (LwJobWatch *self, LwWatchList kind)
{
  static const LwPoolFunc funcs[LW_N_WATCH_LISTS] = {
    [LW_WATCH_OUTPUTS] = lw_results_list_outputs_in_pool,
    [LW_WATCH_CODE] = lw_results_list_code_in_pool,
    [LW_WATCH_METRICS] = lw_results_list_metrics_in_pool,
  };
  LwResultsInput *input = NULL;
  List *list = NULL;

  g_return_if_fail (LW_IS_JOB_WATCH (self));
  g_return_if_fail ((guint) kind < LW_N_WATCH_LISTS);

  list = &self->lists[kind];
  if (list->state != LW_WATCH_NONE)
    return;
  input = lw_job_watch_new_input (self);
  if (input == NULL || (kind == LW_WATCH_CODE && input->snapshot_id == NULL))
    {
      g_clear_pointer (&input, lw_results_input_free);
      return;
    }
  g_clear_error (&list->error);
  list->state = LW_WATCH_ASKING;
  lw_pool_run (lw_session_get_pool (self->session), lw_job_watch_load, funcs[kind], input,
               (GDestroyNotify) lw_results_input_free, (GDestroyNotify) g_ptr_array_unref, self,
               self->cancellable, loaded_cb, GUINT_TO_POINTER (kind));
  emit_changed (self);
}

GPtrArray *
lw_job_watch_get_list (LwJobWatch *self, LwWatchList list, LwWatchState *state,
                       const GError **error)
{
  g_return_val_if_fail (LW_IS_JOB_WATCH (self), NULL);
  g_return_val_if_fail ((guint) list < LW_N_WATCH_LISTS, NULL);

  if (state != NULL)
    *state = self->lists[list].state;
  if (error != NULL)
    *error = self->lists[list].error;
  return self->lists[list].items;
}

/* ---- What pages read ---- */

const char *
lw_job_watch_get_name (LwJobWatch *self)
{
  g_return_val_if_fail (LW_IS_JOB_WATCH (self), NULL);

  return self->name;
}

gboolean
lw_job_watch_is_following (LwJobWatch *self)
{
  g_return_val_if_fail (LW_IS_JOB_WATCH (self), FALSE);

  return self->following;
}

gboolean
lw_job_watch_is_cancelling (LwJobWatch *self)
{
  g_return_val_if_fail (LW_IS_JOB_WATCH (self), FALSE);

  return self->cancelling;
}

gboolean
lw_job_watch_is_over (LwJobWatch *self)
{
  g_return_val_if_fail (LW_IS_JOB_WATCH (self), FALSE);

  return self->over;
}

const GError *
lw_job_watch_get_error (LwJobWatch *self)
{
  g_return_val_if_fail (LW_IS_JOB_WATCH (self), NULL);

  return self->error;
}

const GError *
lw_job_watch_get_trouble (LwJobWatch *self)
{
  g_return_val_if_fail (LW_IS_JOB_WATCH (self), NULL);

  return self->trouble;
}

const LwJob *
lw_job_watch_get_job (LwJobWatch *self)
{
  g_return_val_if_fail (LW_IS_JOB_WATCH (self), NULL);

  return self->job;
}

const LwRun *
lw_job_watch_get_run (LwJobWatch *self)
{
  g_return_val_if_fail (LW_IS_JOB_WATCH (self), NULL);

  return self->run;
}

const LwCompute *
lw_job_watch_get_cluster (LwJobWatch *self)
{
  g_return_val_if_fail (LW_IS_JOB_WATCH (self), NULL);

  return self->cluster;
}

gint64
lw_job_watch_get_phase_since (LwJobWatch *self)
{
  g_return_val_if_fail (LW_IS_JOB_WATCH (self), 0);

  return self->phase_since_us;
}

GtkTextBuffer *
lw_job_watch_get_log (LwJobWatch *self)
{
  g_return_val_if_fail (LW_IS_JOB_WATCH (self), NULL);

  return self->log;
}

gboolean
lw_job_watch_is_log_cut (LwJobWatch *self)
{
  g_return_val_if_fail (LW_IS_JOB_WATCH (self), FALSE);

  return self->is_log_cut;
}

const LwScriptResult *
lw_job_watch_get_result (LwJobWatch *self)
{
  g_return_val_if_fail (LW_IS_JOB_WATCH (self), NULL);

  return self->result;
}

/* ---- Object ---- */

static void
lw_job_watch_dispose (GObject *object)
{
  LwJobWatch *self = LW_JOB_WATCH (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  if (self->mailbox != NULL)
    lw_mailbox_close (self->mailbox);
  g_clear_handle_id (&self->filling, g_source_remove);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->mailbox, lw_mailbox_unref);
  G_OBJECT_CLASS (lw_job_watch_parent_class)->dispose (object);
}

static void
lw_job_watch_finalize (GObject *object)
{
  LwJobWatch *self = LW_JOB_WATCH (object);

  for (guint i = 0; i < LW_N_WATCH_LISTS; i++)
    {
      g_clear_pointer (&self->lists[i].items, g_ptr_array_unref);
      g_clear_error (&self->lists[i].error);
    }
  g_clear_pointer (&self->job, lw_job_free);
  g_clear_pointer (&self->run, lw_run_free);
  g_clear_pointer (&self->cluster, lw_compute_free);
  g_clear_pointer (&self->result, lw_script_result_free);
  g_clear_error (&self->trouble);
  g_clear_error (&self->error);
  g_clear_object (&self->log);
  g_string_free (self->pending, TRUE);
  g_free (self->name);
  g_free (self->data_host);
  G_OBJECT_CLASS (lw_job_watch_parent_class)->finalize (object);
}

static void
lw_job_watch_class_init (LwJobWatchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lw_job_watch_dispose;
  G_OBJECT_CLASS (klass)->finalize = lw_job_watch_finalize;
  signals[CHANGED] = g_signal_new ("changed", LW_TYPE_JOB_WATCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  signals[ENDED] = g_signal_new ("ended", LW_TYPE_JOB_WATCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
}

static void
lw_job_watch_init (LwJobWatch *self)
{
  self->cancellable = g_cancellable_new ();
  self->log = gtk_text_buffer_new (NULL);
  gtk_text_buffer_set_enable_undo (self->log, FALSE);
  self->pending = g_string_new (NULL);
}

LwJobWatch *
lw_job_watch_new (LwSession *session, const char *name)
{
  LwJobWatch *self = g_object_new (LW_TYPE_JOB_WATCH, NULL);

  self->session = session;
  self->name = g_strdup (name);
  return self;
}

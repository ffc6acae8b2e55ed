/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Following a job: its state, why it waits, and its log as it grows. All state is on the stack of
 * the thread that follows; it ends with the call. */

#include "lw-log-follower.h"

#include "lw-blob.h"
#include "lw-error.h"
#include "lw-lab-error.h"
#include "lw-text-filter.h"

#define QUICK_WAIT_US (2 * (gint64) G_TIME_SPAN_SECOND)
#define SLOW_WAIT_US (10 * (gint64) G_TIME_SPAN_SECOND)
#define QUICK_TIME_US (60 * (gint64) G_TIME_SPAN_SECOND)

/* What a node wrote last reaches the log a moment after the job is told to have ended. */
#define LAST_WORDS_WAIT_US (2 * (gint64) G_TIME_SPAN_SECOND)
#define LAST_WORDS_US (30 * (gint64) G_TIME_SPAN_SECOND)

/* Refusals of the log's link in a row, each after a fresh one was asked for. */
#define MAX_REFUSALS 5

typedef struct
{
  const LwMl *ml;
  const char *data_host;
  const char *name;
  const char *cluster_name;
  LwFollowFunc func;
  gpointer user_data;
  GCancellable *cancellable;

  LwJob *job;            /* owned, nullable: as of the last look, like the next two */
  LwRun *run;            /* owned, nullable */
  LwCompute *cluster;    /* owned, nullable */
  gint64 phase_since_us; /* wall clock */
  gint64 quick_until_us; /* monotonic, as the next */
  gint64 trouble_since_us; /* 0 while all is well */

  LwTextFilter *filter; /* owned */
  goffset offset;       /* bytes of the log that were read or left out */
  gboolean restarted;   /* to be told with the next piece, as the next */
  gboolean has_gap;
  guint refusals;
} Follow;

static void
follow_clear (Follow *self)
{
  g_clear_pointer (&self->job, lw_job_free);
  g_clear_pointer (&self->run, lw_run_free);
  g_clear_pointer (&self->cluster, lw_compute_free);
  g_clear_pointer (&self->filter, lw_text_filter_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Follow, follow_clear)

static LwClock *
get_clock (const Follow *self)
{
  return lw_azure_get_clock (self->ml->arm.azure);
}

static void
tell (Follow *self, const char *new_text, const GError *trouble)
{
  LwFollowEvent event = { .job = self->job,
                          .run = self->run,
                          .cluster = self->cluster,
                          .new_text = new_text,
                          .phase_since_us = self->phase_since_us,
                          .trouble = trouble };

  if (new_text != NULL)
    {
      event.log_restarted = self->restarted;
      event.has_gap = self->has_gap;
      self->restarted = self->has_gap = FALSE;
    }
  if (self->func != NULL)
    self->func (&event, self->user_data);
}

/* ---- State ---- */

static gboolean
is_active (const Follow *self)
{
  return self->job->phase == LW_JOB_PHASE_ACTIVE;
}

/* In a first look the times of the run tell more than the clock. */
static gint64
guess_phase_start (const Follow *self)
{
  if (self->run != NULL && !is_active (self) && self->run->ended_us != 0)
    return self->run->ended_us;
  if (self->run != NULL && g_ascii_strcasecmp (self->job->status, "Running") == 0
      && self->run->started_us != 0)
    return self->run->started_us;
  if (self->run == NULL && is_active (self) && self->job->created_us != 0)
    return self->job->created_us;
  return lw_clock_get_now_us (get_clock (self));
}

static gboolean
waits_for_nodes (const Follow *self)
{
  static const char *const words[]
    = { "NotStarted", "Starting", "Provisioning", "Preparing", "Queued" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_ascii_strcasecmp (self->job->status, words[i]) == 0)
      return self->cluster_name != NULL;
  return FALSE;
}

static gboolean
ask_cluster (Follow *self, GError **error)
{
  g_autoptr (GError) local = NULL;

  g_clear_pointer (&self->cluster, lw_compute_free);
  if (!waits_for_nodes (self))
    return TRUE;
  self->cluster = lw_ml_get_compute (self->ml, self->cluster_name, self->cancellable, &local);
  /* A nicety: where the service does not tell, the job is still followed. */
  if (local == NULL || local->domain == LW_AZURE_ERROR)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static gboolean
ask_run (Follow *self, GError **error)
{
  g_autoptr (GError) local = NULL;
  LwRun *run = lw_run_get (self->ml, self->data_host, self->name, self->cancellable, &local);

  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  g_clear_pointer (&self->run, lw_run_free);
  self->run = run;
  return TRUE;
}

static gboolean
ask_state (Follow *self, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (LwJob) job = lw_job_get (self->ml, self->name, self->cancellable, &local);
  gboolean changed;

  if (job == NULL && local == NULL)
    g_set_error_literal (&local, LW_LAB_ERROR, LW_LAB_ERROR_JOB_UNKNOWN, self->name);
  if (job == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  changed = self->job != NULL && g_strcmp0 (self->job->status, job->status) != 0;
  g_clear_pointer (&self->job, lw_job_free);
  self->job = g_steal_pointer (&job);
  if (!ask_run (self, error) || !ask_cluster (self, error))
    return FALSE;
  if (changed)
    self->phase_since_us = lw_clock_get_now_us (get_clock (self));
  else if (self->phase_since_us == 0)
    self->phase_since_us = guess_phase_start (self);
  return TRUE;
}

/* ---- Log ---- */

typedef enum
{
  LOG_GREW,
  LOG_AT_END,
  LOG_FAILED,
} LogState;

static void
tell_text (Follow *self, GBytes *data)
{
  gsize length = 0;
  const void *bytes = g_bytes_get_data (data, &length);
  g_autofree char *text = lw_text_filter_push (self->filter, bytes, length);

  self->quick_until_us = lw_clock_get_monotonic_us (get_clock (self)) + QUICK_TIME_US;
  if (*text != '\0')
    tell (self, text, NULL);
}

static void
restart_log (Follow *self)
{
  G_GNUC_UNUSED g_autofree char *kept = lw_text_filter_end (self->filter);

  self->offset = 0;
  self->restarted = TRUE;
  self->has_gap = FALSE;
}

/* Leaves out what lies between here and the last piece. */
static void
skip_middle (Follow *self, goffset total)
{
  g_autofree char *kept = NULL;

  if (total - self->offset <= LW_FOLLOW_MAX_BACKLOG)
    return;
  kept = lw_text_filter_end (self->filter);
  self->offset = total - LW_FOLLOW_MAX_READ;
  self->has_gap = TRUE;
}

static LogState
judge_refusal (Follow *self, GError *failure, GError **error)
{
  gboolean over = g_error_matches (failure, LW_AZURE_ERROR, LW_AZURE_ERROR_FORBIDDEN);

  /* The next look brings a fresh link. */
  if (over && ++self->refusals < MAX_REFUSALS)
    {
      g_error_free (failure);
      return LOG_AT_END;
    }
  g_propagate_error (error, failure);
  return LOG_FAILED;
}

static LogState
read_piece (Follow *self, const LwRunLog *log, GError **error)
{
  g_auto (LwBlobRange) range = { 0 };
  GError *failure = NULL;
  gsize length;

  if (!lw_blob_read_range (self->ml->arm.azure, log->sas_url, self->offset, LW_FOLLOW_MAX_READ,
                           &range, self->cancellable, &failure))
    return judge_refusal (self, failure, error);
  self->refusals = 0;
  if (!range.exists)
    return LOG_AT_END;
  if (range.total < self->offset)
    {
      restart_log (self);
      return LOG_GREW;
    }
  length = range.data != NULL ? g_bytes_get_size (range.data) : 0;
  if (length == 0)
    return LOG_AT_END;
  self->offset += (goffset) length;
  tell_text (self, range.data);
  skip_middle (self, range.total);
  return self->offset < range.total ? LOG_GREW : LOG_AT_END;
}

static gboolean
read_log (Follow *self, GError **error)
{
  const LwRunLog *log = self->run != NULL ? lw_run_find_user_log (self->run) : NULL;
  LogState state = LOG_AT_END;

  if (log == NULL)
    return TRUE;
  do
    state = read_piece (self, log, error);
  while (state == LOG_GREW);
  return state == LOG_AT_END;
}

/* ---- Looking again and again ---- */

/* One look. A trouble that may pass is told and is a success, as long as it does not last. */
static gboolean
look (Follow *self, gboolean tolerant, GError **error)
{
  gint64 now_us = lw_clock_get_monotonic_us (get_clock (self));
  GError *failure = NULL;

  if (ask_state (self, &failure) && read_log (self, &failure))
    {
      self->trouble_since_us = 0;
      tell (self, NULL, NULL);
      return TRUE;
    }
  if (self->trouble_since_us == 0)
    self->trouble_since_us = MAX (now_us, 1);
  if (!tolerant || !lw_lab_error_is_passing (failure)
      || now_us - self->trouble_since_us > LW_FOLLOW_MAX_TROUBLE_US)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  tell (self, NULL, failure);
  g_error_free (failure);
  return TRUE;
}

static gboolean
wait_for_next_look (Follow *self, GError **error)
{
  gboolean quick = lw_clock_get_monotonic_us (get_clock (self)) < self->quick_until_us;

  return lw_clock_wait (get_clock (self), quick ? QUICK_WAIT_US : SLOW_WAIT_US, self->cancellable,
                        error);
}

static gboolean
may_still_write (const Follow *self)
{
  gint64 now_us = lw_clock_get_now_us (get_clock (self));

  return self->run == NULL || self->run->ended_us == 0
         || now_us - self->run->ended_us < LAST_WORDS_US;
}

/* A look that meets trouble at the very end is repeated like any other. */
static gboolean
read_last_words (Follow *self, GError **error)
{
  g_autofree char *kept = NULL;

  if (may_still_write (self))
    {
      do
        if (!lw_clock_wait (get_clock (self), LAST_WORDS_WAIT_US, self->cancellable, error)
            || !look (self, TRUE, error))
          return FALSE;
      while (self->trouble_since_us != 0);
    }
  kept = lw_text_filter_end (self->filter);
  if (*kept != '\0')
    tell (self, kept, NULL);
  return TRUE;
}

static gboolean
follow_to_the_end (Follow *self, GError **error)
{
  for (;;)
    {
      if (!look (self, TRUE, error))
        return FALSE;
      if (self->trouble_since_us == 0 && !is_active (self))
        return read_last_words (self, error);
      if (!wait_for_next_look (self, error))
        return FALSE;
    }
}

LwJob *
lw_log_follow (const LwMl *ml, const char *data_host, const char *job, const char *cluster,
               gboolean follow, LwFollowFunc func, gpointer user_data, GCancellable *cancellable,
               GError **error)
{
  g_auto (Follow) self = { .ml = ml,
                           .data_host = data_host,
                           .name = job,
                           .cluster_name = cluster,
                           .func = func,
                           .user_data = user_data,
                           .cancellable = cancellable };

  g_return_val_if_fail (ml != NULL && data_host != NULL && job != NULL, NULL);

  self.filter = lw_text_filter_new ();
  self.quick_until_us = lw_clock_get_monotonic_us (get_clock (&self)) + QUICK_TIME_US;
  if (follow ? !follow_to_the_end (&self, error) : !look (&self, FALSE, error))
    return NULL;
  return g_steal_pointer (&self.job);
}

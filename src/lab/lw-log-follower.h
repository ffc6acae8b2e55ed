/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-job.h"
#include "lw-run.h"

G_BEGIN_DECLS

/**
 * LwFollowEvent: what is known after one more look; everything is borrowed for the call
 * @job: as it is now; %NULL only while @trouble kept the first look from succeeding
 * @run: (nullable): run history does not know it yet
 * @cluster: (nullable): what the cluster does, while the job waits
 * @new_text: (nullable): what was added to the log, fit to be shown (lw-text-filter.h)
 * @log_restarted: the log was rewritten: forget what was shown; @new_text begins it again
 * @has_gap: something between the text before and @new_text was left out
 * @phase_since_us: wall clock: since when the status is what it is, as well as can be known
 * @trouble: (nullable): the last question failed for a moment; it is asked again
 */
typedef struct
{
  const LwJob *job;
  const LwRun *run;
  const LwCompute *cluster;
  const char *new_text;
  gboolean log_restarted;
  gboolean has_gap;
  gint64 phase_since_us;
  const GError *trouble;
} LwFollowEvent;

/** LwFollowFunc: called on the thread that follows: at least once for each look, and once for each
 *   piece of the log */
typedef void (*LwFollowFunc) (const LwFollowEvent *event, gpointer user_data);

/* Text of a log in one event, bytes as they are in the log. */
#define LW_FOLLOW_MAX_READ (1024 * 1024)

/* When more than this is still unread, the middle is left out: a runaway script must not fill
 * memory or keep a slow network busy for ever. */
#define LW_FOLLOW_MAX_BACKLOG (8 * 1024 * 1024)

/* How long a network or service that is away for a moment is tolerated. */
#define LW_FOLLOW_MAX_TROUBLE_US (5 * 60 * (gint64) G_TIME_SPAN_SECOND)

/**
 * lw_log_follow:
 * @data_host: of the #LwWorkspace
 * @job: name of the job
 * @cluster: (nullable): where it runs; looked at while the job waits
 * @follow: %TRUE: until the job has ended and its log is read to the end; %FALSE: the state as it
 *   is now and the log up to now, once
 *
 * Looks every 2 s at first and while the log grows, every 10 s after a minute in which it did not.
 * The log is read by ranges, so that each byte is fetched once; where it is not there yet, that is
 * no error; where its link is over, a fresh one is asked for.
 *
 * Returns: (transfer full): the job as it was last; %NULL with %LW_LAB_ERROR_JOB_UNKNOWN,
 *   #LW_AZURE_ERROR, #LW_ERROR or %G_IO_ERROR_CANCELLED
 */
LwJob *lw_log_follow (const LwMl *ml, const char *data_host, const char *job,
                      const char *cluster, gboolean follow, LwFollowFunc func, gpointer user_data,
                      GCancellable *cancellable, GError **error);

G_END_DECLS

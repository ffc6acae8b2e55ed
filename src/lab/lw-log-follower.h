/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-job.h"
#include "lw-run.h"

G_BEGIN_DECLS

/** LwFollowEvent: something changed; members that did not are %NULL or unchanged */
typedef struct
{
  const LwJob *job;       /* current state of the job */
  const LwRun *run;       /* (nullable): run history does not know it yet */
  const LwCompute *cluster; /* (nullable): what the cluster does, while the job waits */
  const char *new_text;   /* (nullable): what was added to user_logs/std_log.txt, valid UTF-8 */
  gboolean log_restarted; /* the log was rewritten: forget what was shown */
  gboolean has_gap;       /* something between the last text and this one was not kept */
  gint64 phase_since_us;  /* wall clock: since when the status is what it is */
} LwFollowEvent;

typedef void (*LwFollowFunc) (const LwFollowEvent *event, gpointer user_data);

/* Text of a log kept per read, and in all: a runaway script must not fill memory. */
#define LW_FOLLOW_MAX_READ (1024 * 1024)

/**
 * lw_log_follow:
 * @follow: %TRUE: until the job has ended and its log is read to the end; %FALSE: the state as it
 *   is now, once
 *
 * Polls state and run every 2 s at first, 10 s after a minute, and reads the log by ranges, so that
 * each byte is fetched once. Escape sequences are removed, lone carriage returns kept.
 *
 * Returns: (transfer full): the job as it was last
 */
LwJob *lw_log_follow (const LwMl *ml, const char *data_host, const char *job,
                      const char *cluster, gboolean follow, LwFollowFunc func, gpointer user_data,
                      GCancellable *cancellable, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "lw-results-work.h"
#include "lw-script-result.h"
#include "lw-session.h"

G_BEGIN_DECLS

#define LW_TYPE_JOB_WATCH (lw_job_watch_get_type ())
G_DECLARE_FINAL_TYPE (LwJobWatch, lw_job_watch, LW, JOB_WATCH, GObject)

/** LwWatchList: what of a job is asked for once, when it is looked at */
typedef enum
{
  LW_WATCH_OUTPUTS,
  LW_WATCH_CODE,
  LW_WATCH_METRICS,
} LwWatchList;
#define LW_N_WATCH_LISTS 3

/** LwWatchState: how far a question is */
typedef enum
{
  LW_WATCH_NONE,
  LW_WATCH_ASKING,
  LW_WATCH_KNOWN,
  LW_WATCH_FAILED,
} LwWatchState;

/**
 * LwJobWatch:
 *
 * One job, followed on the pool until it has ended: its state, its log as a text buffer, its files and
 * figures. Outlives pages; belongs to an #LwResultsModel, which disposes it. Main thread.
 *
 * Signals:
 *   "changed" (): anything that the getters tell
 *   "ended" (): it was seen running and has ended
 */

/** lw_job_watch_new: @session: borrowed, outlives the watch */
LwJobWatch *lw_job_watch_new (LwSession *session, const char *name);
const char *lw_job_watch_get_name (LwJobWatch *self);

/** lw_job_watch_follow: begins to follow, unless it does or the job has ended and was read */
void lw_job_watch_follow (LwJobWatch *self);

/** lw_job_watch_stop: the job is watched no longer and goes on; before the watch is disposed while its
 *   session stays */
void lw_job_watch_stop (LwJobWatch *self);

/** lw_job_watch_refresh: asks everything again, also of a job that has ended */
void lw_job_watch_refresh (LwJobWatch *self);

/** lw_job_watch_cancel: cancels the job in the cloud */
void lw_job_watch_cancel (LwJobWatch *self);
gboolean lw_job_watch_is_cancelling (LwJobWatch *self);

/** lw_job_watch_is_following: Returns: the state is asked for again and again */
gboolean lw_job_watch_is_following (LwJobWatch *self);

/** lw_job_watch_is_over: Returns: the job has ended and its log was read to the end */
gboolean lw_job_watch_is_over (LwJobWatch *self);

/** lw_job_watch_get_error: Returns: (nullable): why it is followed no longer, or was not cancelled */
const GError *lw_job_watch_get_error (LwJobWatch *self);

/** lw_job_watch_get_trouble: Returns: (nullable): what kept the last look from succeeding; it goes on */
const GError *lw_job_watch_get_trouble (LwJobWatch *self);

const LwJob *lw_job_watch_get_job (LwJobWatch *self);         /* (nullable) */
const LwRun *lw_job_watch_get_run (LwJobWatch *self);         /* (nullable) */
const LwCompute *lw_job_watch_get_cluster (LwJobWatch *self); /* (nullable): while it waits */
gint64 lw_job_watch_get_phase_since (LwJobWatch *self);

/** lw_job_watch_get_log: Returns: (transfer none): what its command printed */
GtkTextBuffer *lw_job_watch_get_log (LwJobWatch *self);

/** lw_job_watch_is_log_cut: Returns: the log's beginning is no longer in the buffer */
gboolean lw_job_watch_is_log_cut (LwJobWatch *self);

/** lw_job_watch_get_result: Returns: (nullable): what the log tells, once it is over */
const LwScriptResult *lw_job_watch_get_result (LwJobWatch *self);

/** lw_job_watch_get_list: @error: (out) (nullable) (optional). Returns: (nullable): (element-type
 *   LwResultsFile), of metrics (element-type LwMetric) */
GPtrArray *lw_job_watch_get_list (LwJobWatch *self, LwWatchList list, LwWatchState *state,
                                  const GError **error);

/** lw_job_watch_load: asks for @list, unless that is known or asked already */
void lw_job_watch_load (LwJobWatch *self, LwWatchList list);

/** lw_job_watch_new_input: Returns: (transfer full) (nullable): for a function of lw-results-work.h
 *   that is about this job; %NULL when there is no workspace */
LwResultsInput *lw_job_watch_new_input (LwJobWatch *self);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-job-watch.h"
#include "lw-script-texts.h"
#include "lw-wait-row.h"

G_BEGIN_DECLS

/* Words and sentences of jobs. Main thread, no state. */

/** lw_job_texts_get_status: Returns: the service's word @status in the person's language; an unknown
 *   one as it is */
const char *lw_job_texts_get_status (const char *status);
LwWaitState lw_job_texts_get_state (const char *status);

/** lw_job_texts_get_usual: how long a job usually is in @status, seconds; both 0 when that depends on
 *   the script; @practice: times of the practice cloud */
void lw_job_texts_get_usual (const char *status, gboolean practice, int *min_s, int *max_s);

/** lw_job_texts_dup_phase: Returns: (transfer full) (nullable): what the job does in its present state */
char *lw_job_texts_dup_phase (const LwJob *job);

/** lw_job_texts_dup_wait: Returns: (transfer full) (nullable): why the job waits, with the service's
 *   own words; %NULL when it does not */
char *lw_job_texts_dup_wait (LwJobWatch *watch);

/** lw_job_texts_dup_stall: Returns: (transfer full) (nullable): what to think of a job that is in its
 *   state much longer than usual at @now_us */
char *lw_job_texts_dup_stall (LwJobWatch *watch, gboolean practice, gint64 now_us);

/** lw_job_texts_fill_failure: @texts: (out caller-allocates): the traceback in the log, explained */
void lw_job_texts_fill_failure (const LwScriptResult *result, LwScriptTexts *texts);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-job-work.h"
#include "lw-session.h"

G_BEGIN_DECLS

#define LW_TYPE_JOB_MODEL (lw_job_model_get_type ())
G_DECLARE_FINAL_TYPE (LwJobModel, lw_job_model, LW, JOB_MODEL, GObject)

/**
 * LwSubmitPhase: what step 4 is at
 * @LW_SUBMIT_IDLE: nothing of this job was sent
 * @LW_SUBMIT_STOPPED: a job was recorded, and it is not known that it was created
 * @LW_SUBMIT_RUNNING: it is being sent
 * @LW_SUBMIT_DONE: the job exists
 */
typedef enum
{
  LW_SUBMIT_IDLE,
  LW_SUBMIT_STOPPED,
  LW_SUBMIT_RUNNING,
  LW_SUBMIT_DONE,
} LwSubmitPhase;

/** LwAskState: how far a question about the form is */
typedef enum
{
  LW_ASK_NONE,
  LW_ASK_RUNNING,
  LW_ASK_ANSWERED,
  LW_ASK_FAILED,
} LwAskState;

/**
 * LwJobModel:
 *
 * The work of step 4: what was typed, what is known about it, and the submission. Outlives its page;
 * runs the core on the pool. Main thread.
 *
 * Signals:
 *   "changed" (): anything that the getters tell, but what lw_job_model_set_value() was given
 */

LwSubmitPhase lw_job_model_get_phase (LwJobModel *self);

/** lw_job_model_get_error: Returns: (nullable): what the last submission ended with */
const GError *lw_job_model_get_error (LwJobModel *self);

/** lw_job_model_get_form: Returns: (transfer none): what was typed, or stands there at first */
const LwJobForm *lw_job_model_get_form (LwJobModel *self);

/** lw_job_model_set_value: what the person typed; a new folder is listed, a new environment asked
 *   for after a moment without typing */
void lw_job_model_set_value (LwJobModel *self, LwJobField field, const char *value);

/** lw_job_model_get_folder: @error: (out) (nullable): why there is none. Returns: (nullable): what
 *   would be sent */
LwCodeFolder *lw_job_model_get_folder (LwJobModel *self, const GError **error);

/** lw_job_model_get_computes: Returns: (nullable) (element-type LwCompute) */
GPtrArray *lw_job_model_get_computes (LwJobModel *self);

/** lw_job_model_get_environment: @state: (out): valid when answered */
LwAskState lw_job_model_get_environment (LwJobModel *self, LwEnvironmentState *state);

/** lw_job_model_get_progress: Returns: how far the submission is or was */
const LwJobLetter *lw_job_model_get_progress (LwJobModel *self);

/** lw_job_model_get_job: Returns: (nullable): name of the recorded job */
const char *lw_job_model_get_job (LwJobModel *self);

/** lw_job_model_open: takes up what is there: asks what the form needs to know, and goes on with a
 *   submission that was cut off not long ago. Does nothing while work runs. */
void lw_job_model_open (LwJobModel *self);

/** lw_job_model_refresh: asks again what the form needs to know */
void lw_job_model_refresh (LwJobModel *self);

/** lw_job_model_submit: sends the form, or goes on with what was cut off. Does nothing while the
 *   form has a problem or a submission runs */
void lw_job_model_submit (LwJobModel *self);

/** lw_job_model_begin_another: back to the form, for a job with another name */
void lw_job_model_begin_another (LwJobModel *self);
void lw_job_model_cancel (LwJobModel *self);

G_END_DECLS

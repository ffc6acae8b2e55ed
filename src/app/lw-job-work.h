/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-job-form.h"
#include "lw-job.h"
#include "lw-mailbox.h"
#include "lw-target.h"

G_BEGIN_DECLS

/* What step 4 does on a worker; the model (lw-job-model.h) gives the input and reads the letters. */

/**
 * LwJobStage: what a submission is at
 * @LW_JOB_STAGE_LOOKING: whether the job is there already, what the folder holds
 * @LW_JOB_STAGE_SENDING: the code
 * @LW_JOB_STAGE_CREATING: the job
 * @LW_JOB_STAGE_DONE: the job exists
 */
typedef enum
{
  LW_JOB_STAGE_LOOKING,
  LW_JOB_STAGE_SENDING,
  LW_JOB_STAGE_CREATING,
  LW_JOB_STAGE_DONE,
} LwJobStage;

/**
 * LwJobLetter: all that is known of a submission, so that the newest letter is enough
 * @files_done, @files_total, @sent, @total: of the code; bytes
 * @reused: the same code was there already, nothing was sent
 * @found: the job was there already, from an earlier start
 * @code_since_us, @code_until_us, @job_since_us, @job_until_us: wall clock, 0 until then
 */
typedef struct
{
  LwJobStage stage;
  guint files_done;
  guint files_total;
  goffset sent;
  goffset total;
  gboolean reused;
  gboolean found;
  gint64 code_since_us;
  gint64 code_until_us;
  gint64 job_since_us;
  gint64 job_until_us;
} LwJobLetter;

/**
 * LwJobInput: everything the worker needs, owned by it
 * @code_id: filled: ARM id of the code, for the drawer
 * @letter: filled: as it was last
 */
typedef struct
{
  LwTarget *target;
  LwRecord *record;
  LwClock *clock;
  LwJobForm *form;
  LwMailbox *mailbox; /* (nullable) */
  char *code_id;
  LwJobLetter letter;
} LwJobInput;

void lw_job_input_free (LwJobInput *self);

/* Functions for lw_pool_run(). */

/** Returns: (transfer full): #LwCodeFolder of the form's folder */
gpointer lw_job_scan_in_pool (gpointer data, GCancellable *cancellable, GError **error);

/** Returns: (transfer full) (element-type LwCompute): what a job can run on */
gpointer lw_job_list_computes_in_pool (gpointer data, GCancellable *cancellable, GError **error);

/** Returns: (transfer full): a newly allocated #LwEnvironmentState of the form's environment */
gpointer lw_job_check_environment_in_pool (gpointer data, GCancellable *cancellable,
                                           GError **error);

/**
 * Submits, or goes on with a submission that was cut off: names are chosen and on disk before
 * anything is sent; a job that is recorded and not known to exist is asked for first. So no retry,
 * crash or second press can make two jobs.
 *
 * Returns: (transfer full): #LwJob
 */
gpointer lw_job_submit_in_pool (gpointer data, GCancellable *cancellable, GError **error);

G_END_DECLS

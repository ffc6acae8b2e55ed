/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-ml.h"

G_BEGIN_DECLS

/**
 * LwJobSpec: what a person asks for (Jobs_CreateOrUpdate, jobType Command); all borrowed
 * @description: (nullable)
 * @code_id: ARM id of a code version, from lw_code_upload()
 * @environment: "azureml:AzureML-sklearn-1.5@latest"; the service resolves a label itself
 * @compute: name of a compute of the workspace
 */
typedef struct
{
  const char *display_name;
  const char *experiment_name;
  const char *description;
  const char *code_id;
  const char *command;
  const char *environment;
  const char *compute;
} LwJobSpec;

/** LwJobPhase: where a job is; an unknown word of the service is %LW_JOB_PHASE_ACTIVE */
typedef enum
{
  LW_JOB_PHASE_ACTIVE,
  LW_JOB_PHASE_COMPLETED,
  LW_JOB_PHASE_FAILED,
  LW_JOB_PHASE_CANCELED,
} LwJobPhase;

/**
 * LwJob (Jobs_Get)
 * @type: "Command", "Sweep", "Pipeline", …
 * @status: the service's word: NotStarted, Starting, Provisioning, Preparing, Queued, Running,
 *   Finalizing, CancelRequested, Completed, Failed, Canceled, NotResponding, Paused, Unknown
 * @command, @environment, @code_id: (nullable): of a command job
 * @compute: (nullable): last segment of computeId
 * @snapshot_id: (nullable): ContentSnapshotId, for lw_code_list()
 * @studio_url: (nullable): of the job's page in the studio: https, or http on this computer when a
 *   practice cloud serves it
 * @created_by: (nullable)
 * @created_us: microseconds since 1970 UTC, 0 when not told
 */
typedef struct
{
  char *name;
  char *type;
  char *display_name;
  char *experiment_name;
  char *status;
  LwJobPhase phase;
  char *command;
  char *environment;
  char *compute;
  char *code_id;
  char *snapshot_id;
  char *studio_url;
  char *created_by;
  gint64 created_us;
} LwJob;

LwJob *lw_job_copy (const LwJob *self);
void lw_job_free (LwJob *self);

/** lw_job_phase_from_status: @status: compared without case; NotResponding is an end too */
LwJobPhase lw_job_phase_from_status (const char *status);

/** lw_job_make_name: Returns: (transfer full): a random name such as "calm_river_8zj374s222" */
char *lw_job_make_name (void);

/** lw_job_build: Returns: (transfer full): the body of the PUT, for the drawer too */
GBytes *lw_job_build (const LwMl *ml, const LwJobSpec *spec);

/**
 * lw_job_put:
 * @name: chosen and recorded before, so that repeating the PUT cannot start a second job
 *
 * Creates and starts the job. When the answer is lost, or says that the name is taken, the job of
 * this name is looked at: one with the same command and code is the one that was asked for.
 *
 * Returns: (transfer full): the job, or %NULL with @error
 */
LwJob *lw_job_put (const LwMl *ml, const char *name, const LwJobSpec *spec,
                   GCancellable *cancellable, GError **error);

/** lw_job_get: Returns: (nullable): %NULL without @error when there is no such job */
LwJob *lw_job_get (const LwMl *ml, const char *name, GCancellable *cancellable, GError **error);

/** lw_job_list: Jobs_List, archived ones left out; Returns: (element-type LwJob): newest first */
GPtrArray *lw_job_list (const LwMl *ml, GCancellable *cancellable, GError **error);

/**
 * lw_job_cancel:
 * @deadline_us: longest wait, microseconds
 *
 * Asks (Jobs_Cancel) and waits until the service has taken it. A job that is over already is a
 * success: whether it was canceled or completed is told by lw_job_get().
 */
gboolean lw_job_cancel (const LwMl *ml, const char *name, gint64 deadline_us,
                        GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwJob, lw_job_free)

G_END_DECLS

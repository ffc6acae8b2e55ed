/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-ml.h"

G_BEGIN_DECLS

/** LwJobSpec: what a person asks for (Jobs_CreateOrUpdate, jobType Command); all borrowed */
typedef struct
{
  const char *display_name;
  const char *experiment_name;
  const char *description; /* (nullable) */
  const char *code_id;
  const char *command;
  const char *environment; /* "azureml:AzureML-sklearn-1.5@latest" */
  const char *compute;     /* name of a compute of the workspace */
} LwJobSpec;

/** LwJobPhase: where a job is; an unknown word of the service is %LW_JOB_PHASE_ACTIVE */
typedef enum
{
  LW_JOB_PHASE_ACTIVE,
  LW_JOB_PHASE_COMPLETED,
  LW_JOB_PHASE_FAILED,
  LW_JOB_PHASE_CANCELED,
} LwJobPhase;

/** LwJob (Jobs_Get) @status: the service's word: NotStarted, Starting, Preparing, Queued, … */
typedef struct
{
  char *name;
  char *display_name;
  char *experiment_name;
  char *status;
  LwJobPhase phase;
  char *command;
  char *environment;
  char *compute;
  char *code_id;
  char *snapshot_id; /* (nullable) */
  char *studio_url;  /* (nullable) */
  char *created_by;  /* (nullable) */
  gint64 created_us;
} LwJob;

void lw_job_free (LwJob *self);
LwJobPhase lw_job_phase_from_status (const char *status);

/** lw_job_make_name: Returns: (transfer full): a name such as "calm_river_8zj374s222" */
char *lw_job_make_name (void);

/**
 * lw_job_put:
 * @name: chosen and recorded before, so that repeating the PUT cannot start a second job
 */
LwJob *lw_job_put (const LwMl *ml, const char *name, const LwJobSpec *spec,
                   GCancellable *cancellable, GError **error);

/** lw_job_get: Returns: (nullable): %NULL without @error when there is no such job */
LwJob *lw_job_get (const LwMl *ml, const char *name, GCancellable *cancellable, GError **error);

/** lw_job_list: newest first; Returns: (element-type LwJob) */
GPtrArray *lw_job_list (const LwMl *ml, GCancellable *cancellable, GError **error);

/** lw_job_cancel: asks and waits until the service has taken it; a finished job is a success */
gboolean lw_job_cancel (const LwMl *ml, const char *name, gint64 deadline_us,
                        GCancellable *cancellable, GError **error);

/** lw_job_build: Returns: (transfer full): the body of the PUT, for the drawer too */
GBytes *lw_job_build (const LwMl *ml, const LwJobSpec *spec);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwJob, lw_job_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lwp-run.h"

G_BEGIN_DECLS

/**
 * lwp_jobs_register:
 *
 * Plays command jobs (Jobs_* 2024-04-01) and runs them. Last of the modules, as it goes on at once
 * with the jobs that have not ended.
 */
gboolean lwp_jobs_register (LwpCloud *cloud, GError **error);

/* lwp-job-check.c */

/**
 * lwp_job_check:
 * @asked: the job's properties as sent
 * @environment_name: (out) (transfer full): resolved name
 * @environment_version: (out) (transfer full): resolved version
 *
 * Returns: (transfer full) (nullable): why this job cannot be made in @workspace
 */
LwpResponse *lwp_job_check (LwpCloud *cloud, const LwpResource *workspace, JsonObject *asked,
                            char **environment_name, char **environment_version);

/** lwp_job_check_update: the same for a job that exists: which member cannot change */
LwpResponse *lwp_job_check_update (LwpCloud *cloud, const LwpResource *job, JsonObject *asked);

/* lwp-job-json.c */

/** lwp_job_to_json: Returns: (transfer full): the job as GET answers it */
JsonObject *lwp_job_to_json (LwpCloud *cloud, const LwpResource *workspace, const LwpResource *job);

G_END_DECLS

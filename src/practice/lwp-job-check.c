/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether a job can be made as it was asked for, and what of it can change later. Reads only; any
 * thread. */

#include "lwp-codes.h"
#include "lwp-duration.h"
#include "lwp-environments.h"
#include "lwp-jobs.h"

static LwpResponse *
check_text (LwpCloud *cloud, JsonObject *asked, const char *name)
{
  const char *text = lwp_json_get_string (asked, name);

  if (text != NULL && *text != '\0')
    return NULL;
  return lwp_ml_new_error (cloud, 400, "ValidationError", "ArgumentNullOrEmpty",
                           "The field %s of the job is missing or empty.", name);
}

static LwpResponse *
check_compute (LwpCloud *cloud, const LwpResource *workspace, const char *id)
{
  g_autofree char *prefix = g_ascii_strdown (workspace->id, -1);
  g_autofree char *lower = id == NULL ? NULL : g_ascii_strdown (id, -1);
  g_autoptr (LwpResource) compute = NULL;

  if (id == NULL)
    return lwp_ml_new_error (cloud, 400, "UserError", "ArgumentNullOrEmpty",
                             "The practice cloud has no serverless compute: name a computeId.");
  if (g_str_has_prefix (lower, prefix))
    compute = lwp_resource_load (cloud, id);
  if (compute != NULL && compute->gone_us == 0
      && g_ascii_strcasecmp (compute->type, LWP_ML_COMPUTE_TYPE) == 0)
    return NULL;
  return lwp_ml_new_error (cloud, 400, "UserError", "ComputeTargetNotFound",
                           "Unknown compute target '%s'.", id);
}

static LwpResponse *
check_code (LwpCloud *cloud, const char *id)
{
  g_autoptr (LwpResource) code = id == NULL ? NULL : lwp_resource_load (cloud, id);

  if (id == NULL || code != NULL)
    return NULL;
  return lwp_ml_new_error (cloud, 400, "UserError", "NotFoundError",
                           "The code asset '%s' was not found.", id);
}

static LwpResponse *
check_limits (LwpCloud *cloud, JsonObject *asked)
{
  const char *timeout = lwp_json_get_string (asked, "limits.timeout");
  gint64 seconds;

  if (lwp_json_get_int (lwp_json_get_object (asked, "resources"), "instanceCount", 1) != 1)
    return lwp_ml_new_error (cloud, 400, "UserError", "JobNodeCountExceedsCoreQuota",
                             "A job of the practice cloud runs on one node.");
  if (timeout != NULL && (!lwp_duration_parse (timeout, &seconds) || seconds <= 0))
    return lwp_ml_new_error (cloud, 400, "ValidationError", "ArgumentInvalid",
                             "limits.timeout is not a duration of ISO 8601.");
  return NULL;
}

LwpResponse *
lwp_job_check (LwpCloud *cloud, const LwpResource *workspace, JsonObject *asked,
               char **environment_name, char **environment_version)
{
  LwpResponse *response;

  if (g_strcmp0 (lwp_json_get_string (asked, "jobType"), "Command") != 0)
    return lwp_ml_new_error (cloud, 400, "UserError", "ArgumentInvalid",
                             "jobType: the practice cloud runs jobs of the type Command.");
  if ((response = check_text (cloud, asked, "command")) != NULL
      || (response = check_text (cloud, asked, "environmentId")) != NULL
      || (response = check_compute (cloud, workspace, lwp_json_get_string (asked, "computeId")))
             != NULL
      || (response = check_code (cloud, lwp_json_get_string (asked, "codeId"))) != NULL
      || (response = check_limits (cloud, asked)) != NULL)
    return response;
  if (!lwp_environments_resolve (cloud, workspace, lwp_json_get_string (asked, "environmentId"),
                                 environment_name, environment_version))
    return lwp_ml_new_error (cloud, 400, "UserError", "EnvironmentNotFound",
                             "The environment '%s' was not found.",
                             lwp_json_get_string (asked, "environmentId"));
  return NULL;
}

LwpResponse *
lwp_job_check_update (LwpCloud *cloud, const LwpResource *job, JsonObject *asked)
{
  static const char *const fixed[] = { "command", "codeId", "environmentId", "computeId" };

  for (gsize i = 0; i < G_N_ELEMENTS (fixed); i++)
    {
      const char *wanted = lwp_json_get_string (asked, fixed[i]);
      const char *kept = lwp_json_get_string (job->body, fixed[i]);

      if (wanted != NULL && (kept == NULL || g_ascii_strcasecmp (wanted, kept) != 0))
        return lwp_ml_new_error (cloud, 400, "UserError", "ImmutableField",
                                 "The field %s of an existing job cannot be changed.", fixed[i]);
    }
  return NULL;
}

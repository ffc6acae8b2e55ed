/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How a command job looks in the resource manager. It has no word about why it failed: that is told
 * by the run history alone. Reads only; any thread. */

#include "lwp-jobs.h"

static JsonObject *
new_service (const char *type, const char *endpoint)
{
  return lwp_json_build (
      "jobServiceType:s port:n endpoint:s status:n errorMessage:n properties:n nodes:n", type,
      endpoint);
}

static JsonObject *
new_services (const LwpResource *workspace, const LwpResource *job)
{
  g_autofree char *tracking = g_strdup_printf ("azureml://%s.api.azureml.ms/mlflow/v1.0%s?",
                                               workspace->location, workspace->id);
  g_auto (GStrv) parts = g_strsplit (workspace->id, "/", -1);
  g_autofree char *studio = g_strdup_printf (
      "https://ml.azure.com/runs/%s?wsid=/subscriptions/%s/resourcegroups/%s/workspaces/%s",
      job->name, parts[2], parts[4], workspace->name);

  return lwp_json_build ("Tracking:o Studio:o", new_service ("Tracking", tracking),
                         new_service ("Studio", studio));
}

static JsonObject *
new_outputs (const LwpResource *job)
{
  JsonObject *outputs = lwp_json_copy (lwp_json_get_object (job->body, "outputs"));
  g_autofree char *uri = g_strdup_printf (
      "azureml://datastores/workspaceartifactstore/ExperimentRun/dcid.%s", job->name);

  json_object_set_object_member (outputs, "default",
                                 lwp_json_build ("description:n uri:s mode:s jobOutputType:s", uri,
                                                 "ReadWriteMount", "uri_folder"));
  return outputs;
}

static JsonObject *
new_resources (const LwpResource *job)
{
  JsonObject *resources = lwp_json_build (
      "instanceCount:i instanceType:n properties:n shmSize:s dockerArgs:n", (gint64) 1, "2g");

  lwp_json_merge (resources, lwp_json_get_object (job->body, "resources"));
  return resources;
}

JsonObject *
lwp_job_to_json (LwpCloud *cloud, const LwpResource *workspace, const LwpResource *job)
{
  static const char *const kept[] = { "displayName", "experimentName", "description",
                                      "tags",        "computeId",      "isArchived",
                                      "identity",    "codeId",         "command",
                                      "environmentId", "inputs",       "distribution",
                                      "limits",      "environmentVariables", "queueSettings",
                                      NULL };
  g_autoptr (LwpRun) run = lwp_run_load (cloud, job->id);
  JsonObject *own = lwp_json_copy (lwp_json_get_object (job->body, "properties"));
  JsonObject *properties
      = lwp_json_build ("jobType:s status:s services:o outputs:o resources:o componentId:n"
                        " parameters:o",
                        "Command", run == NULL ? "Unknown" : lwp_run_get_status (run),
                        new_services (workspace, job), new_outputs (job), new_resources (job),
                        json_object_new ());

  json_object_set_string_member (own, "_azureml.ComputeTargetType", "amlctrain");
  if (lwp_json_get_string (job->body, "snapshot") != NULL)
    json_object_set_string_member (own, "ContentSnapshotId",
                                   lwp_json_get_string (job->body, "snapshot"));
  json_object_set_object_member (properties, "properties", own);
  for (gsize i = 0; kept[i] != NULL; i++)
    lwp_json_build_copy (properties, job->body, kept[i]);
  return lwp_json_build ("id:s name:s type:s properties:o systemData:o", job->id, job->name,
                         LWP_ML_JOB_TYPE, properties, lwp_ml_new_system_data (job));
}

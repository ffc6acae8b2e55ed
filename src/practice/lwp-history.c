/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Run history: what a run does and why it failed. Everything follows from job, run, cluster and the
 * blobs that are there. Reads only; any thread. */

#include "lwp-cluster.h"
#include "lwp-data-plane.h"
#include "lwp-duration.h"
#include "lwp-environments.h"

#define HISTORY "/history/v1.0" LWP_DATA_PLANE_WORKSPACE
#define MAX_LOGS 200

static char *
dup_time (gint64 time_us)
{
  return time_us == 0 ? NULL : lwp_cloud_format_time (time_us);
}

static char *
dup_span (LwpCloud *cloud, const LwpRun *run)
{
  gint64 end_us = run->ended_us == 0 ? lwp_cloud_get_now_us (cloud) : run->ended_us;

  return run->started_us == 0 ? NULL : lwp_duration_dup_span (end_us - run->started_us);
}

/* The cluster's nodes as the service notes them in a tag of the run: a text of JSON. */
static char *
dup_target_status (LwpCloud *cloud, const LwpResource *job)
{
  G_GNUC_UNUSED g_autoptr (LwpStoreTransaction) transaction
    = lwp_store_hold (lwp_cloud_get_store (cloud));
  g_autoptr (LwpResource) cluster
      = lwp_resource_load (cloud, lwp_json_get_string (job->body, "computeId"));
  g_autoptr (JsonObject) status = NULL;
  LwpClusterCounts counts;
  gboolean moving;

  if (cluster == NULL
      || g_strcmp0 (lwp_json_get_string (cluster->body, "computeType"), "AmlCompute") != 0)
    return NULL;
  lwp_cluster_advance (cloud, cluster);
  lwp_cluster_count (cluster, &counts);
  moving = counts.nodes[LWP_NODE_PREPARING] + counts.nodes[LWP_NODE_LEAVING] > 0;
  status = lwp_json_build (
      "AllocationState:s PreparingNodeCount:i RunningNodeCount:i CurrentNodeCount:i",
      moving ? "resizing" : "steady", (gint64) counts.nodes[LWP_NODE_PREPARING],
      (gint64) counts.nodes[LWP_NODE_RUNNING], (gint64) counts.total);
  return lwp_json_to_string (status);
}

static JsonObject *
new_tags (LwpCloud *cloud, const LwpDataRun *data)
{
  JsonObject *tags = lwp_json_copy (lwp_json_get_object (data->job->body, "tags"));
  g_autofree char *status = dup_target_status (cloud, data->job);

  if (status != NULL)
    json_object_set_string_member (tags, "_aml_system_ComputeTargetStatus", status);
  return tags;
}

static JsonObject *
new_run_properties (const LwpDataRun *data)
{
  JsonObject *properties = lwp_json_copy (lwp_json_get_object (data->job->body, "properties"));
  const char *snapshot = lwp_json_get_string (data->job->body, "snapshot");

  json_object_set_string_member (properties, "_azureml.ComputeTargetType", "amlctrain");
  if (snapshot != NULL)
    json_object_set_string_member (properties, "ContentSnapshotId", snapshot);
  return properties;
}

static char *
dup_target (const LwpDataRun *data)
{
  return g_path_get_basename (lwp_json_get_string (data->job->body, "computeId"));
}

static JsonObject *
new_compute (LwpCloud *cloud, const LwpDataRun *data)
{
  g_autofree char *target = dup_target (data);
  g_autoptr (LwpResource) compute
      = lwp_resource_load (cloud, lwp_json_get_string (data->job->body, "computeId"));

  return lwp_json_build ("target:s targetType:s vmSize:s instanceCount:i gpuCount:n priority:s"
                         " region:s",
                         target, "amlcompute",
                         compute == NULL ? NULL : lwp_json_get_string (compute->body, "vmSize"),
                         (gint64) 1, "Dedicated", data->workspace->location);
}

static JsonObject *
new_definition (const LwpDataRun *data)
{
  g_autofree char *target = dup_target (data);
  g_autofree char *asset = lwp_environments_dup_asset_id (
      data->workspace, data->run->environment_name, data->run->environment_version);
  JsonObject *environment
      = lwp_json_build ("name:s version:s assetId:s", data->run->environment_name,
                        data->run->environment_version, asset);

  return lwp_json_build (
      "command:s script:n arguments:a target:s nodeCount:i framework:s communicator:s"
      " environment:o maxRunDurationSeconds:n",
      lwp_json_get_string (data->job->body, "command"), json_array_new (), target, (gint64) 1,
      "Python", "None", environment);
}

static JsonObject *
new_creator (const LwpDataRun *data)
{
  return lwp_json_build ("userObjectId:s userTenantId:s userName:s",
                         lwp_json_get_string (data->job->body, "creator_object"),
                         lwp_json_get_string (data->job->body, "tenant"),
                         lwp_json_get_string (data->job->body, "creator"));
}

static JsonObject *
new_log_files (LwpCloud *cloud, LwpRequest *request, const LwpDataRun *data)
{
  static const char *const folders[] = { "user_logs/", "system_logs/" };
  JsonObject *files = json_object_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *prefix = g_strconcat (data->prefix, folders[i], NULL);
      g_autoptr (GPtrArray) blobs
          = lwp_blob_list (cloud, data->account, LWP_RUN_CONTAINER, prefix, "", MAX_LOGS);

      for (guint blob = 0; blob < blobs->len; blob++)
        {
          const char *name = ((const LwpBlob *) g_ptr_array_index (blobs, blob))->name;
          g_autofree char *sas
              = lwp_data_plane_dup_sas (cloud, request, data->account, LWP_RUN_CONTAINER, name);

          json_object_set_string_member (files, name + strlen (data->prefix), sas);
        }
    }
  return files;
}

static JsonObject *
new_default_output (const LwpDataRun *data)
{
  g_autofree char *asset = g_strdup_printf (
      "azureml://locations/%s/workspaces/%s/data/azureml_%s_output_data_default/versions/1",
      data->workspace->location, lwp_ml_get_workspace_guid (data->workspace), data->job->name);

  return lwp_json_build ("default:o", lwp_json_build ("assetId:s type:s", asset, "UriFolder"));
}

static JsonObject *
copy_or_null (JsonObject *object)
{
  return object == NULL ? NULL : lwp_json_copy (object);
}

static void
add_members (JsonObject *target, JsonObject *from)
{
  lwp_json_merge (target, from);
  json_object_unref (from);
}

/* What Run and RunDetails have in common. */
static JsonObject *
new_common (LwpCloud *cloud, const LwpDataRun *data)
{
  const LwpRun *run = data->run;
  g_autofree char *container = g_strconcat ("dcid.", data->job->name, NULL);
  g_autofree char *target = dup_target (data);
  g_autofree char *started = dup_time (run->started_us);
  g_autofree char *ended = dup_time (run->ended_us);
  g_autofree char *span = dup_span (cloud, run);

  return lwp_json_build (
      "runId:s runUuid:s rootRunUuid:s parentRunId:n target:s status:s dataContainerId:s"
      " startTimeUtc:s endTimeUtc:s error:o warnings:n tags:o properties:o parameters:o services:o"
      " inputDatasets:a outputDatasets:a revision:i statusRevision:i compute:o duration:s"
      " createdBy:o inputs:o outputs:o",
      data->job->name, run->uuid, run->uuid, target, lwp_run_get_status (run), container, started,
      ended, copy_or_null (run->error), new_tags (cloud, data), new_run_properties (data),
      json_object_new (), json_object_new (), json_array_new (), json_array_new (), run->revision,
      run->revision, new_compute (cloud, data), span, new_creator (data), json_object_new (),
      new_default_output (data));
}

static JsonObject *
new_details (LwpCloud *cloud, LwpRequest *request, const LwpDataRun *data)
{
  JsonObject *details = new_common (cloud, data);
  g_autofree char *created = dup_time (data->run->created_us);
  g_autofree char *span = dup_span (cloud, data->run);

  json_object_set_string_member (details, "createdTimeUtc", created);
  json_object_set_object_member (details, "runDefinition", new_definition (data));
  json_object_set_object_member (details, "logFiles", new_log_files (cloud, request, data));
  json_object_set_object_member (
      details, "runTypeV2",
      lwp_json_build ("orchestrator:s attribution:n computeType:s", "Execution", "AmlCompute"));
  json_object_set_string_member (details, "computeDuration", span == NULL ? "00:00:00" : span);
  json_object_set_null_member (details, "currentComputeTime");
  json_object_set_null_member (details, "jobCost");
  return details;
}

static JsonObject *
new_run (LwpCloud *cloud, const LwpDataRun *data)
{
  const LwpRun *run = data->run;
  JsonObject *object = new_common (cloud, data);
  g_autofree char *created = dup_time (run->created_us);
  g_autofree char *refreshed = dup_time (lwp_cloud_get_now_us (cloud));
  JsonObject *queueing = NULL;

  if (run->waits_for != NULL && run->state == LWP_RUN_QUEUED)
    {
      queueing = lwp_json_copy (run->waits_for);
      json_object_set_string_member (queueing, "lastRefreshTimestamp", refreshed);
    }
  add_members (object,
               lwp_json_build ("runNumber:i displayName:s experimentId:s createdUtc:s"
                               " currentAttemptId:i",
                               run->number, lwp_json_get_string (data->job->body, "displayName"),
                               lwp_json_get_string (data->job->body, "experimentName"), created,
                               (gint64) run->attempt));
  json_object_set_null_member (object, "cancelationReason");
  json_object_set_member (object, "queueingInfo", json_node_new (JSON_NODE_NULL));
  if (queueing != NULL)
    json_object_set_object_member (object, "queueingInfo", queueing);
  json_object_set_object_member (
      object, "computeRequest", lwp_json_build ("nodeCount:i gpuCount:i", (gint64) 1, (gint64) 0));
  return object;
}

static LwpResponse *
get_details (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  LwpResponse *response = NULL;
  g_autoptr (LwpDataRun) data
      = lwp_data_run_load (cloud, request, lwp_request_get_param (request, "run"), &response);

  if (data == NULL)
    return response;
  return lwp_response_new_json (200, new_details (cloud, request, data));
}

static LwpResponse *
get_run (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  LwpResponse *response = NULL;
  g_autoptr (LwpDataRun) data
      = lwp_data_run_load (cloud, request, lwp_request_get_param (request, "run"), &response);

  if (data == NULL)
    return response;
  return lwp_response_new_json (200, new_run (cloud, data));
}

static LwpResponse *
get_children (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  LwpResponse *response = NULL;
  g_autoptr (LwpDataRun) data
      = lwp_data_run_load (cloud, request, lwp_request_get_param (request, "run"), &response);

  if (data == NULL)
    return response;
  return lwp_response_new_json (
      200, lwp_json_build ("value:a continuationToken:n nextLink:n", json_array_new ()));
}

static LwpResponse *
post_run_data (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  JsonObject *asked = lwp_request_get_json (request);
  LwpResponse *response = NULL;
  g_autoptr (LwpDataRun) data
      = lwp_data_run_load (cloud, request, lwp_json_get_string (asked, "runId"), &response);
  gboolean defined = lwp_json_get_boolean (asked, "selectRunDefinition", FALSE);

  if (data == NULL)
    return response;
  return lwp_response_new_json (200, lwp_json_build ("runMetadata:o runDefinition:o"
                                                     " jobSpecification:n",
                                                     new_run (cloud, data),
                                                     defined ? new_definition (data) : NULL));
}

static const LwpRoute routes[] = {
  { "GET", HISTORY "/runs/{run}/details", get_details, LWP_DATA_PLANE_TOKENS },
  { "GET", HISTORY "/runs/{run}", get_run, LWP_DATA_PLANE_TOKENS },
  { "GET", HISTORY "/runs/{run}/children", get_children, LWP_DATA_PLANE_TOKENS },
  { "GET", HISTORY "/experiments/{experiment}/runs/{run}/details", get_details,
    LWP_DATA_PLANE_TOKENS },
  { "GET", HISTORY "/experiments/{experiment}/runs/{run}", get_run, LWP_DATA_PLANE_TOKENS },
  { "POST", HISTORY "/rundata", post_run_data, LWP_DATA_PLANE_TOKENS },
};

void
lwp_history_register (LwpCloud *cloud)
{
  lwp_router_add (lwp_cloud_get_router (cloud), LWP_DATA_PLANE_HOST, routes,
                  G_N_ELEMENTS (routes), NULL);
}

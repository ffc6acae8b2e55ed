/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Compute instances and clusters. The body of a compute keeps what was asked for, for an instance
 * also the last operation ("Create", "Start", "Stop", "Restart"), which is over at the resource's
 * ready_us; "made" is set with the first operation after the creation. Handlers run on any worker
 * thread and hold the store while they change something. */

#include "lwp-computes.h"

#include <string.h>

#include "lwp-arm.h"
#include "lwp-cluster.h"
#include "lwp-duration.h"
#include "lwp-ml-quota.h"

/* Azure was seen to take half a minute for a cluster, three for an instance, one and a half for a
 * start or stop. */
#define CLUSTER_MS 3000
#define INSTANCE_MS 9000
#define SWITCH_MS 4000
#define DELETE_MS 3000
#define SETTING_MS 500
#define OPERATION_KIND "computeOperationsStatus"
#define COMPUTES_PATH LWP_ML_WORKSPACE_PATH "/computes"
#define COMPUTE_PATH COMPUTES_PATH "/{compute}"
#define MIN_IDLE_SECS (15 * 60)
#define MAX_IDLE_SECS (3 * 24 * 60 * 60)
#define MAX_NODES 100

gboolean
lwp_computes_is_instance (const LwpResource *compute)
{
  return g_strcmp0 (lwp_json_get_string (compute->body, "computeType"), "ComputeInstance") == 0;
}

const char *
lwp_computes_get_instance_state (LwpCloud *cloud, const LwpResource *instance)
{
  static const char *const states[][3] = {
    { "Create", "Creating", "Running" },
    { "Start", "Starting", "Running" },
    { "Restart", "Restarting", "Running" },
    { "Stop", "Stopping", "Stopped" },
  };
  const char *operation = lwp_json_get_string (instance->body, "operation");
  gboolean done = instance->ready_us <= lwp_cloud_get_now_us (cloud);

  if (instance->gone_us > 0)
    return "Deleting";
  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_strcmp0 (states[i][0], operation) == 0)
      return states[i][done ? 2 : 1];
  return "Unknown";
}

static char *
dup_id (LwpRequest *request)
{
  g_autofree char *workspace = lwp_ml_dup_workspace_id (request);

  return g_strconcat (workspace, "/computes/", lwp_request_get_param (request, "compute"), NULL);
}

/* The compute of the path, its nodes brought up to now. Hold the store. */
static LwpResource *
load (LwpCloud *cloud, LwpRequest *request, LwpResponse **response)
{
  g_autofree char *id = dup_id (request);
  g_autoptr (LwpResource) workspace = lwp_ml_load_workspace (cloud, request, response);
  LwpResource *compute = workspace == NULL ? NULL : lwp_resource_load (cloud, id);

  if (workspace != NULL && compute == NULL)
    *response = lwp_ml_new_error (cloud, 404, "NotFound", "ComputeNotFound",
                                  "The specified compute could not be found: %s",
                                  lwp_request_get_param (request, "compute"));
  if (compute != NULL && !lwp_computes_is_instance (compute))
    lwp_cluster_advance (cloud, compute);
  return compute;
}

static LwpResponse *
new_bad (LwpCloud *cloud, const char *message)
{
  return lwp_ml_new_error (cloud, 400, "BadRequest", "ArgumentInvalid", "%s", message);
}

static LwpResponse *
check_name (LwpCloud *cloud, const char *name, gboolean instance)
{
  gsize min = instance ? 3 : 2;
  gsize max = instance ? 24 : 16;

  if (g_ascii_isalpha (*name) && lwp_ml_is_name (name, min, max, "-"))
    return NULL;
  return new_bad (cloud, instance ? "The name of a compute instance has 3 to 24 letters, digits "
                                    "and hyphens and begins with a letter."
                                  : "The name of a compute cluster has 2 to 16 letters, digits "
                                    "and hyphens and begins with a letter.");
}

/* The name of an instance is part of a host name, so it can be only once in a region. */
static LwpResponse *
check_unique (LwpCloud *cloud, const char *id, const char *name, const char *location)
{
  g_autoptr (GPtrArray) computes
      = lwp_resource_list (cloud, "/subscriptions", LWP_ML_COMPUTE_TYPE);

  for (guint i = 0; i < computes->len; i++)
    {
      const LwpResource *other = g_ptr_array_index (computes, i);

      if (lwp_computes_is_instance (other) && g_ascii_strcasecmp (other->name, name) == 0
          && g_ascii_strcasecmp (other->location, location) == 0
          && g_ascii_strcasecmp (other->id, id) != 0)
        return lwp_ml_new_error (cloud, 400, "BadRequest", "ComputeNameUnavailable",
                                 "The name %s is already used by a compute instance in %s.", name,
                                 location);
    }
  return NULL;
}

static LwpResponse *
check_quota (LwpCloud *cloud, LwpRequest *request, const char *location, const LwpVmSize *size,
             gboolean instance)
{
  guint limit = lwp_ml_quota_get_limit (size);
  guint left = lwp_ml_quota_get_left (cloud, lwp_request_get_param (request, "subscription"),
                                      location, size);

  /* A cluster begins without nodes: it has to be possible, not to have room now. */
  if ((instance ? left : limit) >= size->cores)
    return NULL;
  return lwp_ml_new_error (
      cloud, 400, "BadRequest", "QuotaExceeded",
      "The specified subscription has a %s family vCPU quota of %u, of which %u are left, and "
      "cannot accommodate at least 1 requested managed compute node which maps to %u vCPUs.",
      size->family, limit, left, size->cores);
}

static LwpResponse *
check_scale (LwpCloud *cloud, JsonObject *scale)
{
  gint64 min = lwp_json_get_int (scale, "minNodeCount", 0);
  gint64 max = lwp_json_get_int (scale, "maxNodeCount", -1);
  const char *idle = lwp_json_get_string (scale, "nodeIdleTimeBeforeScaleDown");
  gint64 seconds;

  if (max < 1 || max > MAX_NODES || min < 0 || min > max)
    return new_bad (cloud, "scaleSettings: maxNodeCount has to be at least 1 and minNodeCount at "
                           "most maxNodeCount.");
  if (idle != NULL && !lwp_duration_parse (idle, &seconds))
    return new_bad (cloud, "scaleSettings.nodeIdleTimeBeforeScaleDown is not a duration of "
                           "ISO 8601.");
  return NULL;
}

static gboolean
is_idle_time (const char *text)
{
  gint64 seconds;

  return lwp_duration_parse (text, &seconds) && seconds >= MIN_IDLE_SECS
         && seconds <= MAX_IDLE_SECS;
}

static LwpResponse *
check_asked (LwpCloud *cloud, LwpRequest *request, const char *id, JsonObject *asked)
{
  JsonObject *outer = lwp_json_get_object (asked, "properties");
  JsonObject *inner = lwp_json_get_object (outer, "properties");
  const char *type = lwp_json_get_string (outer, "computeType");
  g_autofree char *location = lwp_arm_dup_location (lwp_json_get_string (asked, "location"));
  const char *idle = lwp_json_get_string (inner, "idleTimeBeforeShutdown");
  gboolean instance = g_strcmp0 (type, "ComputeInstance") == 0;
  const char *name = lwp_request_get_param (request, "compute");
  const LwpVmSize *size = lwp_vm_sizes_find (lwp_json_get_string (inner, "vmSize"));
  LwpResponse *response;

  if (!instance && g_strcmp0 (type, "AmlCompute") != 0)
    return new_bad (cloud, "computeType: the practice cloud makes AmlCompute and ComputeInstance.");
  if ((response = lwp_arm_check_location (location, LWP_ML_COMPUTE_TYPE)) != NULL)
    return response;
  if (size == NULL)
    return new_bad (cloud, "The requested VM size is not available in the region.");
  if ((response = check_name (cloud, name, instance)) != NULL)
    return response;
  if (!instance && (response = check_scale (cloud, lwp_json_get_object (inner, "scaleSettings"))))
    return response;
  if (instance && idle != NULL && !is_idle_time (idle))
    return new_bad (cloud, "idleTimeBeforeShutdown has to be between PT15M and P3D.");
  if (instance && (response = check_unique (cloud, id, name, location)) != NULL)
    return response;
  return check_quota (cloud, request, location, size, instance);
}

static void
set_default (JsonObject *body, const char *name, const char *value)
{
  if (lwp_json_get_string (body, name) == NULL)
    json_object_set_string_member (body, name, value);
}

static JsonObject *
new_body (LwpRequest *request, JsonObject *asked)
{
  JsonObject *outer = lwp_json_get_object (asked, "properties");
  JsonObject *body = lwp_json_copy (lwp_json_get_object (outer, "properties"));
  const char *type = lwp_json_get_string (outer, "computeType");
  g_autofree char *size = g_ascii_strup (lwp_json_get_string (body, "vmSize"), -1);

  json_object_set_string_member (body, "vmSize", size);
  json_object_set_string_member (body, "computeType", type);
  lwp_json_build_copy (body, outer, "description");
  lwp_json_build_copy (body, asked, "tags");
  lwp_ml_note_caller (body, request);
  if (g_str_equal (type, "AmlCompute"))
    {
      set_default (body, "osType", "Linux");
      set_default (body, "vmPriority", "Dedicated");
      set_default (body, "remoteLoginPortPublicAccess", "NotSpecified");
      json_object_set_array_member (body, "nodes", json_array_new ());
      return body;
    }
  set_default (body, "applicationSharingPolicy", "Personal");
  set_default (body, "computeInstanceAuthorizationType", "personal");
  json_object_set_string_member (body, "operation", "Create");
  return body;
}

static LwpResponse *
create (LwpCloud *cloud, LwpRequest *request, const char *id)
{
  JsonObject *asked = lwp_request_get_json (request);
  LwpResponse *response = check_asked (cloud, request, id, asked);
  g_autoptr (LwpResource) compute = NULL;
  g_autofree char *location = lwp_arm_dup_location (lwp_json_get_string (asked, "location"));
  JsonObject *body;
  gint64 duration_ms;

  if (response != NULL)
    return response;
  body = new_body (request, asked);
  duration_ms = json_object_has_member (body, "operation") ? INSTANCE_MS : CLUSTER_MS;
  compute = lwp_resource_new (cloud, id, LWP_ML_COMPUTE_TYPE, location, body, duration_ms);
  lwp_resource_save (cloud, compute);
  return lwp_ml_new_operation (cloud, request, 201, lwp_computes_to_json (cloud, compute),
                               compute->location, OPERATION_KIND, id, duration_ms);
}

/* Takes over what may change: scale settings of a cluster, idle time of an instance. */
static LwpResponse *
update (LwpCloud *cloud, LwpRequest *request, LwpResource *compute)
{
  JsonObject *asked = lwp_request_get_json (request);
  JsonObject *inner = lwp_json_get_object (asked, "properties.properties");
  JsonObject *scale = lwp_json_get_object (inner, "scaleSettings");
  const char *size = lwp_json_get_string (inner, "vmSize");
  const char *idle = lwp_json_get_string (inner, "idleTimeBeforeShutdown");
  LwpResponse *response;

  if (compute->gone_us > 0)
    return lwp_ml_new_error (cloud, 409, "Conflict", "ComputeBeingDeleted",
                             "The compute is being deleted.");
  if (size != NULL && g_ascii_strcasecmp (size, lwp_json_get_string (compute->body, "vmSize")) != 0)
    return new_bad (cloud, "The VM size of a compute cannot be changed.");
  if (scale != NULL && (response = check_scale (cloud, scale)) != NULL)
    return response;
  if (idle != NULL && !is_idle_time (idle))
    return new_bad (cloud, "idleTimeBeforeShutdown has to be between PT15M and P3D.");
  if (scale != NULL)
    lwp_json_build_copy (compute->body, inner, "scaleSettings");
  if (idle != NULL)
    lwp_json_build_copy (compute->body, inner, "idleTimeBeforeShutdown");
  if (json_object_has_member (asked, "tags"))
    lwp_json_build_copy (compute->body, asked, "tags");
  lwp_ml_note_caller (compute->body, request);
  lwp_resource_save (cloud, compute);
  return lwp_ml_new_operation (cloud, request, 200, lwp_computes_to_json (cloud, compute),
                               compute->location, OPERATION_KIND, compute->id, SETTING_MS);
}

static LwpResponse *
put_compute (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  g_autofree char *id = dup_id (request);
  G_GNUC_UNUSED g_autoptr (LwpStoreTransaction) transaction
    = lwp_store_hold (lwp_cloud_get_store (cloud));
  LwpResponse *response = NULL;
  g_autoptr (LwpResource) workspace = lwp_ml_load_workspace (cloud, request, &response);
  g_autoptr (LwpResource) compute = NULL;

  if (workspace == NULL)
    return response;
  if (lwp_request_get_json (request) == NULL)
    return new_bad (cloud, "The body is not a JSON object.");
  compute = lwp_resource_load (cloud, id);
  if (compute == NULL)
    return create (cloud, request, id);
  return update (cloud, request, compute);
}

static LwpResponse *
patch_compute (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  G_GNUC_UNUSED g_autoptr (LwpStoreTransaction) transaction
    = lwp_store_hold (lwp_cloud_get_store (cloud));
  LwpResponse *response = NULL;
  g_autoptr (LwpResource) compute = load (cloud, request, &response);

  if (compute == NULL)
    return response;
  if (lwp_request_get_json (request) == NULL)
    return new_bad (cloud, "The body is not a JSON object.");
  return update (cloud, request, compute);
}

static LwpResponse *
get_compute (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  G_GNUC_UNUSED g_autoptr (LwpStoreTransaction) transaction
    = lwp_store_hold (lwp_cloud_get_store (cloud));
  LwpResponse *response = NULL;
  g_autoptr (LwpResource) compute = load (cloud, request, &response);

  if (compute == NULL)
    return response;
  return lwp_response_new_json (200, lwp_computes_to_json (cloud, compute));
}

static LwpResponse *
list_computes (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  G_GNUC_UNUSED g_autoptr (LwpStoreTransaction) transaction
    = lwp_store_hold (lwp_cloud_get_store (cloud));
  LwpResponse *response = NULL;
  g_autoptr (LwpResource) workspace = lwp_ml_load_workspace (cloud, request, &response);
  g_autoptr (GPtrArray) computes = NULL;
  GPtrArray *items;

  if (workspace == NULL)
    return response;
  items = lwp_ml_items_new ();
  computes = lwp_resource_list (cloud, workspace->id, LWP_ML_COMPUTE_TYPE);
  for (guint i = 0; i < computes->len; i++)
    {
      LwpResource *compute = g_ptr_array_index (computes, i);

      if (!lwp_computes_is_instance (compute))
        lwp_cluster_advance (cloud, compute);
      g_ptr_array_add (items, lwp_computes_to_json (cloud, compute));
    }
  return lwp_ml_new_page (request, items);
}

static LwpResponse *
delete_compute (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  G_GNUC_UNUSED g_autoptr (LwpStoreTransaction) transaction
    = lwp_store_hold (lwp_cloud_get_store (cloud));
  const char *action = lwp_request_get_query (request, "underlyingResourceAction");
  g_autofree char *id = dup_id (request);
  g_autoptr (LwpResource) compute = lwp_resource_load (cloud, id);

  if (g_strcmp0 (action, "Delete") != 0)
    return new_bad (cloud, "underlyingResourceAction: what the service has made itself can only "
                           "be deleted, with Delete.");
  if (compute == NULL)
    return lwp_response_new (204);
  lwp_resource_delete (cloud, id, DELETE_MS);
  return lwp_ml_new_operation (cloud, request, 202, NULL, compute->location, OPERATION_KIND, id,
                               DELETE_MS);
}

/* start, stop and restart. */
static LwpResponse *
switch_instance (LwpCloud *cloud, LwpRequest *request, const char *operation)
{
  G_GNUC_UNUSED g_autoptr (LwpStoreTransaction) transaction
    = lwp_store_hold (lwp_cloud_get_store (cloud));
  LwpResponse *response = NULL;
  g_autoptr (LwpResource) compute = load (cloud, request, &response);
  gboolean stopped;

  if (compute == NULL)
    return response;
  if (!lwp_computes_is_instance (compute))
    return new_bad (cloud, "Only a compute instance can be started and stopped.");
  if (compute->gone_us > 0 || compute->ready_us > lwp_cloud_get_now_us (cloud))
    return lwp_ml_new_error (cloud, 409, "Conflict", "OperationInProgress",
                             "Another operation is in progress on the compute instance.");
  stopped = g_str_equal (lwp_computes_get_instance_state (cloud, compute), "Stopped");
  if (stopped && g_str_equal (operation, "Restart"))
    return new_bad (cloud, "A compute instance that is stopped cannot be restarted.");
  json_object_set_string_member (compute->body, "operation", operation);
  json_object_set_string_member (compute->body, "made", "");
  compute->ready_us = lwp_cloud_get_end_us (cloud, SWITCH_MS);
  lwp_resource_save (cloud, compute);
  return lwp_ml_new_operation (cloud, request, 202, NULL, compute->location, OPERATION_KIND,
                               compute->id, SWITCH_MS);
}

static LwpResponse *
start_instance (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  return switch_instance (cloud, request, "Start");
}

static LwpResponse *
stop_instance (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  return switch_instance (cloud, request, "Stop");
}

static LwpResponse *
restart_instance (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  return switch_instance (cloud, request, "Restart");
}

static LwpResponse *
set_idle_shutdown (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  G_GNUC_UNUSED g_autoptr (LwpStoreTransaction) transaction
    = lwp_store_hold (lwp_cloud_get_store (cloud));
  LwpResponse *response = NULL;
  g_autoptr (LwpResource) compute = load (cloud, request, &response);
  JsonObject *asked = lwp_request_get_json (request);

  if (compute == NULL)
    return response;
  if (!lwp_computes_is_instance (compute)
      || !is_idle_time (lwp_json_get_string (asked, "idleTimeBeforeShutdown")))
    return new_bad (cloud, "idleTimeBeforeShutdown of a compute instance has to be between PT15M "
                           "and P3D.");
  lwp_json_build_copy (compute->body, asked, "idleTimeBeforeShutdown");
  lwp_resource_save (cloud, compute);
  return lwp_response_new (200);
}

static LwpResponse *
list_nodes (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  G_GNUC_UNUSED g_autoptr (LwpStoreTransaction) transaction
    = lwp_store_hold (lwp_cloud_get_store (cloud));
  LwpResponse *response = NULL;
  g_autoptr (LwpResource) compute = load (cloud, request, &response);
  JsonArray *nodes = json_array_new ();
  JsonArray *kept;

  if (compute == NULL)
    {
      json_array_unref (nodes);
      return response;
    }
  kept = lwp_json_get_array (compute->body, "nodes");
  for (guint i = 0; kept != NULL && i < json_array_get_length (kept); i++)
    {
      JsonObject *node = json_array_get_object_element (kept, i);
      const char *job = lwp_json_get_string (node, "job");
      g_autofree char *run = job == NULL ? NULL : g_path_get_basename (job);

      json_array_add_object_element (
          nodes, lwp_json_build ("nodeId:s privateIpAddress:s publicIpAddress:n port:i nodeState:s"
                                 " runId:s",
                                 lwp_json_get_string (node, "id"), "10.0.0.4", (gint64) 50000,
                                 lwp_json_get_string (node, "state"), run));
    }
  return lwp_response_new_json (200, lwp_json_build ("nodes:a nextLink:n", nodes));
}

static const LwpRoute routes[] = {
  { "GET", COMPUTES_PATH, list_computes, LWP_ROUTE_ARM },
  { "GET", COMPUTE_PATH, get_compute, LWP_ROUTE_ARM },
  { "PUT", COMPUTE_PATH, put_compute, LWP_ROUTE_ARM },
  { "PATCH", COMPUTE_PATH, patch_compute, LWP_ROUTE_ARM },
  { "DELETE", COMPUTE_PATH, delete_compute, LWP_ROUTE_ARM },
  { "POST", COMPUTE_PATH "/start", start_instance, LWP_ROUTE_ARM },
  { "POST", COMPUTE_PATH "/stop", stop_instance, LWP_ROUTE_ARM },
  { "POST", COMPUTE_PATH "/restart", restart_instance, LWP_ROUTE_ARM },
  { "POST", COMPUTE_PATH "/updateIdleShutdownSetting", set_idle_shutdown, LWP_ROUTE_ARM },
  { "POST", COMPUTE_PATH "/listNodes", list_nodes, LWP_ROUTE_ARM },
};

gboolean
lwp_computes_register (LwpCloud *cloud, GError **error)
{
  lwp_router_add (lwp_cloud_get_router (cloud), "management.azure.com", routes,
                  G_N_ELEMENTS (routes), NULL);
  return TRUE;
}

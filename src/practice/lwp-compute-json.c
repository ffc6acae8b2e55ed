/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How a compute looks. While it is being made its inner members are there and null, as the service
 * answers. Reads only; any thread. */

#include "lwp-cluster.h"
#include "lwp-computes.h"

static JsonObject *
new_counts (const LwpClusterCounts *counts)
{
  return lwp_json_build (
      "idleNodeCount:i runningNodeCount:i preparingNodeCount:i unusableNodeCount:i"
      " leavingNodeCount:i preemptedNodeCount:i",
      (gint64) counts->nodes[LWP_NODE_IDLE], (gint64) counts->nodes[LWP_NODE_RUNNING],
      (gint64) counts->nodes[LWP_NODE_PREPARING], (gint64) 0,
      (gint64) counts->nodes[LWP_NODE_LEAVING], (gint64) 0);
}

static void
copy_asked (JsonObject *target, const LwpResource *compute, const char *const *names)
{
  for (gsize i = 0; names[i] != NULL; i++)
    lwp_json_build_copy (target, compute->body, names[i]);
}

static void
set_nulls (JsonObject *target, const char *const *names)
{
  for (gsize i = 0; names[i] != NULL; i++)
    json_object_set_null_member (target, names[i]);
}

static JsonObject *
cluster_properties (LwpCloud *cloud, LwpResource *cluster, gboolean ready)
{
  static const char *const asked[]
      = { "osType", "vmSize", "vmPriority", "scaleSettings", "remoteLoginPortPublicAccess",
          "enableNodePublicIp", "subnet", NULL };
  static const char *const later[]
      = { "currentNodeCount", "targetNodeCount", "nodeStateCounts", "allocationState",
          "allocationStateTransitionTime", "errors", "propertyBag", NULL };
  JsonObject *properties = json_object_new ();
  LwpClusterCounts counts;
  guint moving;
  g_autofree char *time = NULL;

  copy_asked (properties, cluster, asked);
  json_object_set_boolean_member (properties, "isolatedNetwork", FALSE);
  set_nulls (properties, later);
  if (!ready)
    return properties;
  lwp_cluster_count (cluster, &counts);
  moving = counts.nodes[LWP_NODE_PREPARING] + counts.nodes[LWP_NODE_LEAVING];
  time = lwp_cloud_format_time (cluster->changed_us);
  json_object_set_int_member (properties, "currentNodeCount", counts.total);
  json_object_set_int_member (properties, "targetNodeCount",
                              counts.total - counts.nodes[LWP_NODE_LEAVING]);
  json_object_set_object_member (properties, "nodeStateCounts", new_counts (&counts));
  json_object_set_string_member (properties, "allocationState", moving > 0 ? "Resizing" : "Steady");
  json_object_set_string_member (properties, "allocationStateTransitionTime", time);
  json_object_set_object_member (properties, "propertyBag", json_object_new ());
  return properties;
}

static JsonArray *
new_applications (const LwpResource *instance)
{
  JsonArray *applications = json_array_new ();
  g_autofree char *base
      = g_strdup_printf ("https://%s.%s.instances.azureml.ms", instance->name, instance->location);
  g_autofree char *lab = g_strconcat (base, "/lab", NULL);
  g_autofree char *tree = g_strconcat (base, "/tree/", NULL);

  json_array_add_object_element (
      applications, lwp_json_build ("displayName:s endpointUri:s", "Jupyter", tree));
  json_array_add_object_element (
      applications, lwp_json_build ("displayName:s endpointUri:s", "Jupyter Lab", lab));
  return applications;
}

static JsonObject *
new_last_operation (LwpCloud *cloud, const LwpResource *instance)
{
  g_autofree char *time = lwp_cloud_format_time (instance->ready_us);
  gboolean done = instance->ready_us <= lwp_cloud_get_now_us (cloud);

  return lwp_json_build ("operationName:s operationTime:s operationStatus:s operationTrigger:s",
                         lwp_json_get_string (instance->body, "operation"), time,
                         done ? "Succeeded" : "InProgress", "User");
}

static void
set_instance_facts (LwpCloud *cloud, JsonObject *properties, const LwpResource *instance)
{
  json_object_set_string_member (properties, "state",
                                 lwp_computes_get_instance_state (cloud, instance));
  json_object_set_object_member (properties, "lastOperation",
                                 new_last_operation (cloud, instance));
  json_object_set_object_member (
      properties, "connectivityEndpoints",
      lwp_json_build ("publicIpAddress:n privateIpAddress:s", "10.0.0.4"));
  json_object_set_array_member (properties, "applications", new_applications (instance));
  json_object_set_array_member (properties, "errors", json_array_new ());
  json_object_set_object_member (properties, "versions", lwp_json_build ("runtime:s", "practice"));
  json_object_set_object_member (
      properties, "osImageMetadata",
      lwp_json_build ("currentImageVersion:s latestImageVersion:s isLatestOsImageVersion:b",
                      "24.01.30", "24.01.30", TRUE));
}

static JsonObject *
instance_properties (LwpCloud *cloud, const LwpResource *instance, gboolean ready)
{
  static const char *const asked[]
      = { "vmSize", "applicationSharingPolicy", "computeInstanceAuthorizationType", "sshSettings",
          "enableNodePublicIp", "idleTimeBeforeShutdown", "subnet", NULL };
  static const char *const later[]
      = { "state", "lastOperation", "connectivityEndpoints", "applications", "errors", "versions",
          "osImageMetadata", "personalComputeInstanceSettings", "setupScripts", NULL };
  JsonObject *properties = json_object_new ();

  copy_asked (properties, instance, asked);
  set_nulls (properties, later);
  json_object_set_object_member (
      properties, "createdBy",
      lwp_json_build ("userOrgId:s userId:s userName:s",
                      lwp_json_get_string (instance->body, "tenant"),
                      lwp_json_get_string (instance->body, "creator_object"),
                      lwp_json_get_string (instance->body, "creator")));
  json_object_set_object_member (properties, "schedules",
                                 lwp_json_build ("computeStartStop:a", json_array_new ()));
  if (ready)
    set_instance_facts (cloud, properties, instance);
  return properties;
}

static JsonObject *
outer_properties (LwpCloud *cloud, LwpResource *compute)
{
  const char *state = lwp_json_get_string (compute->body, "made") == NULL
                              && compute->ready_us > lwp_cloud_get_now_us (cloud)
                          ? "Creating"
                          : "Succeeded";
  gboolean ready = g_str_equal (state, "Succeeded");
  g_autofree char *created = lwp_cloud_format_time (compute->created_us);
  g_autofree char *changed = lwp_cloud_format_time (compute->changed_us);
  JsonObject *inner = lwp_computes_is_instance (compute)
                          ? instance_properties (cloud, compute, ready)
                          : cluster_properties (cloud, compute, ready);

  if (compute->gone_us > 0)
    state = "Deleting";
  return lwp_json_build (
      "computeType:s computeLocation:s provisioningState:s createdOn:s modifiedOn:s description:s"
      " isAttachedCompute:b disableLocalAuth:b provisioningErrors:n resourceId:n properties:o",
      lwp_json_get_string (compute->body, "computeType"), ready ? compute->location : NULL, state,
      created, changed, lwp_json_get_string (compute->body, "description"), FALSE, TRUE, inner);
}

JsonObject *
lwp_computes_to_json (LwpCloud *cloud, LwpResource *compute)
{
  return lwp_json_build ("id:s name:s type:s location:s tags:o sku:n identity:n properties:o"
                         " systemData:o",
                         compute->id, compute->name, LWP_ML_COMPUTE_TYPE, compute->location,
                         lwp_json_copy (lwp_json_get_object (compute->body, "tags")),
                         outer_properties (cloud, compute), lwp_ml_new_system_data (compute));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The nodes of a cluster. They are kept in the body of the cluster's resource as a list of
 * {id, state, since_us, until_us, job}; nothing moves by itself, the state follows from the times
 * when somebody looks. A compute instance that runs a job is one node: its body names the job. Any
 * thread; whoever changes a cluster holds the store. */

#include "lwp-cluster.h"

#include <string.h>

#include "lwp-duration.h"
#include "lwp-ml-quota.h"

/* Two to five minutes in Azure until a node is there, about one until it has left. */
#define PREPARE_MS 4000
#define LEAVE_MS 1500
#define DEFAULT_IDLE_SECS 120

static const char *const state_names[] = { "preparing", "running", "idle", "leaving" };

const char *
lwp_cluster_get_state_name (LwpNodeState state)
{
  g_return_val_if_fail (state < LWP_NODE_N_STATES, NULL);

  return state_names[state];
}

static gboolean
is_in_state (JsonObject *node, LwpNodeState state)
{
  return g_str_equal (lwp_json_get_string (node, "state"), state_names[state]);
}

static void
set_state (JsonObject *node, LwpNodeState state, gint64 since_us, gint64 until_us)
{
  json_object_set_string_member (node, "state", state_names[state]);
  json_object_set_int_member (node, "since_us", since_us);
  json_object_set_int_member (node, "until_us", until_us);
}

static JsonArray *
get_nodes (const LwpResource *cluster)
{
  if (!json_object_has_member (cluster->body, "nodes"))
    json_object_set_array_member (cluster->body, "nodes", json_array_new ());
  return json_object_get_array_member (cluster->body, "nodes");
}

static gint64
get_scale (const LwpResource *cluster, const char *name)
{
  return lwp_json_get_int (lwp_json_get_object (cluster->body, "scaleSettings"), name, 0);
}

static gint64
get_idle_us (LwpCloud *cloud, const LwpResource *cluster)
{
  JsonObject *scale = lwp_json_get_object (cluster->body, "scaleSettings");
  gint64 seconds;

  if (!lwp_duration_parse (lwp_json_get_string (scale, "nodeIdleTimeBeforeScaleDown"), &seconds))
    seconds = DEFAULT_IDLE_SECS;
  return lwp_cloud_get_end_us (cloud, seconds * 1000 / LWP_CLUSTER_HASTE)
         - lwp_cloud_get_now_us (cloud);
}

static JsonObject *
add_node (LwpCloud *cloud, LwpResource *cluster)
{
  g_autofree char *uuid = g_uuid_string_random ();
  JsonObject *node
      = lwp_json_build ("id:s state:s since_us:i until_us:i job:n", uuid, "preparing",
                        lwp_cloud_get_now_us (cloud), lwp_cloud_get_end_us (cloud, PREPARE_MS));

  json_array_add_object_element (get_nodes (cluster), node);
  return node;
}

/* Moves one node to its next state, if its time has come. */
static gboolean
advance_node (LwpCloud *cloud, JsonObject *node, gint64 idle_us, gboolean may_leave)
{
  gint64 now_us = lwp_cloud_get_now_us (cloud);
  gint64 until_us = lwp_json_get_int (node, "until_us", 0);

  if (is_in_state (node, LWP_NODE_PREPARING) && until_us <= now_us)
    {
      set_state (node, LWP_NODE_IDLE, until_us, 0);
      return TRUE;
    }
  if (is_in_state (node, LWP_NODE_IDLE) && may_leave
      && lwp_json_get_int (node, "since_us", 0) + idle_us <= now_us)
    {
      set_state (node, LWP_NODE_LEAVING, now_us, lwp_cloud_get_end_us (cloud, LEAVE_MS));
      return TRUE;
    }
  return FALSE;
}

static gboolean
has_left (LwpCloud *cloud, JsonObject *node)
{
  return is_in_state (node, LWP_NODE_LEAVING)
         && lwp_json_get_int (node, "until_us", 0) <= lwp_cloud_get_now_us (cloud);
}

void
lwp_cluster_advance (LwpCloud *cloud, LwpResource *cluster)
{
  JsonArray *nodes = get_nodes (cluster);
  gint64 idle_us = get_idle_us (cloud, cluster);
  guint min = (guint) get_scale (cluster, "minNodeCount");
  gboolean changed = FALSE;

  for (guint i = json_array_get_length (nodes); i > 0; i--)
    {
      JsonObject *node = json_array_get_object_element (nodes, i - 1);

      changed |= advance_node (cloud, node, idle_us, json_array_get_length (nodes) > min);
      if (!has_left (cloud, node))
        continue;
      json_array_remove_element (nodes, i - 1);
      changed = TRUE;
    }
  if (cluster->ready_us <= lwp_cloud_get_now_us (cloud) && cluster->gone_us == 0)
    for (; json_array_get_length (nodes) < min; changed = TRUE)
      add_node (cloud, cluster);
  if (changed)
    lwp_resource_save (cloud, cluster);
}

void
lwp_cluster_count (const LwpResource *cluster, LwpClusterCounts *counts)
{
  JsonArray *nodes = get_nodes (cluster);

  memset (counts, 0, sizeof *counts);
  counts->total = json_array_get_length (nodes);
  for (guint i = 0; i < counts->total; i++)
    for (guint state = 0; state < LWP_NODE_N_STATES; state++)
      if (is_in_state (json_array_get_object_element (nodes, i), (LwpNodeState) state))
        counts->nodes[state]++;
}

static JsonObject *
find_node (const LwpResource *cluster, LwpNodeState state, const char *job)
{
  JsonArray *nodes = get_nodes (cluster);

  for (guint i = 0; i < json_array_get_length (nodes); i++)
    {
      JsonObject *node = json_array_get_object_element (nodes, i);

      if (is_in_state (node, state)
          && (job == NULL || g_strcmp0 (lwp_json_get_string (node, "job"), job) == 0))
        return node;
    }
  return NULL;
}

static gboolean
has_quota (LwpCloud *cloud, const LwpResource *cluster)
{
  const LwpVmSize *size = lwp_vm_sizes_find (lwp_json_get_string (cluster->body, "vmSize"));
  g_auto (GStrv) parts = g_strsplit (cluster->id, "/", 4);

  return size != NULL
         && lwp_ml_quota_get_left (cloud, parts[2], cluster->location, size) >= size->cores;
}

/* One node for each job that waits: the node that a job has begun carries its name while it
 * prepares. Saves what it changes: a job that waits asks often and changes nothing. */
static LwpNodeVerdict
acquire_of_cluster (LwpCloud *cloud, LwpResource *cluster, const char *job)
{
  JsonObject *node;

  lwp_cluster_advance (cloud, cluster);
  if (find_node (cluster, LWP_NODE_RUNNING, job) != NULL)
    return LWP_NODE_GRANTED;
  node = find_node (cluster, LWP_NODE_IDLE, NULL);
  if (node != NULL)
    {
      set_state (node, LWP_NODE_RUNNING, lwp_cloud_get_now_us (cloud), 0);
      json_object_set_string_member (node, "job", job);
      lwp_resource_save (cloud, cluster);
      return LWP_NODE_GRANTED;
    }
  if (find_node (cluster, LWP_NODE_PREPARING, job) != NULL
      || json_array_get_length (get_nodes (cluster)) >= (guint) get_scale (cluster, "maxNodeCount"))
    return LWP_NODE_COMING;
  if (!has_quota (cloud, cluster))
    return LWP_NODE_NO_QUOTA;
  json_object_set_string_member (add_node (cloud, cluster), "job", job);
  lwp_resource_save (cloud, cluster);
  return LWP_NODE_COMING;
}

static LwpNodeVerdict
acquire_of_instance (LwpCloud *cloud, LwpResource *instance, const char *job)
{
  const char *busy = lwp_json_get_string (instance->body, "job");

  if (g_strcmp0 (lwp_json_get_string (instance->body, "operation"), "Stop") == 0)
    return LWP_NODE_NO_CLUSTER;
  if (busy != NULL)
    return g_str_equal (busy, job) ? LWP_NODE_GRANTED : LWP_NODE_COMING;
  json_object_set_string_member (instance->body, "job", job);
  lwp_resource_save (cloud, instance);
  return LWP_NODE_GRANTED;
}

LwpNodeVerdict
lwp_cluster_acquire (LwpCloud *cloud, const char *compute, const char *job)
{
  G_GNUC_UNUSED g_autoptr (LwpStoreTransaction) transaction
      = lwp_store_hold (lwp_cloud_get_store (cloud));
  g_autoptr (LwpResource) resource = lwp_resource_load (cloud, compute);

  if (resource == NULL || resource->gone_us > 0)
    return LWP_NODE_NO_CLUSTER;
  if (resource->ready_us > lwp_cloud_get_now_us (cloud))
    return LWP_NODE_COMING;
  if (g_str_equal (lwp_json_get_string (resource->body, "computeType"), "ComputeInstance"))
    return acquire_of_instance (cloud, resource, job);
  return acquire_of_cluster (cloud, resource, job);
}

void
lwp_cluster_release (LwpCloud *cloud, const char *compute, const char *job, gboolean lost)
{
  G_GNUC_UNUSED g_autoptr (LwpStoreTransaction) transaction
      = lwp_store_hold (lwp_cloud_get_store (cloud));
  g_autoptr (LwpResource) resource = lwp_resource_load (cloud, compute);
  JsonObject *node;

  if (resource == NULL)
    return;
  if (g_strcmp0 (lwp_json_get_string (resource->body, "job"), job) == 0)
    json_object_set_null_member (resource->body, "job");
  node = find_node (resource, LWP_NODE_RUNNING, job);
  if (node != NULL)
    {
      json_object_set_null_member (node, "job");
      set_state (node, lost ? LWP_NODE_LEAVING : LWP_NODE_IDLE, lwp_cloud_get_now_us (cloud), 0);
    }
  lwp_resource_save (cloud, resource);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lwp-ml.h"

G_BEGIN_DECLS

/* Azure's minutes are this many times shorter here, at pace 1: a duration that a client chooses
 * (the idle time of a node) is divided by it. */
#define LWP_CLUSTER_HASTE 20

/**
 * LwpNodeState:
 *
 * State of a node, in the order in which AmlCompute counts them.
 */
typedef enum
{
  LWP_NODE_PREPARING,
  LWP_NODE_RUNNING,
  LWP_NODE_IDLE,
  LWP_NODE_LEAVING,
  LWP_NODE_N_STATES,
} LwpNodeState;

/**
 * LwpClusterCounts:
 * @nodes: how many nodes are in each state
 * @total: how many there are
 */
typedef struct
{
  guint nodes[LWP_NODE_N_STATES];
  guint total;
} LwpClusterCounts;

/**
 * LwpNodeVerdict:
 * @LWP_NODE_GRANTED: the job has a node
 * @LWP_NODE_COMING: a node is on its way, or all are busy
 * @LWP_NODE_NO_QUOTA: the cluster cannot grow: the quota is used up
 * @LWP_NODE_NO_CLUSTER: the cluster is gone, or it cannot run jobs now
 */
typedef enum
{
  LWP_NODE_GRANTED,
  LWP_NODE_COMING,
  LWP_NODE_NO_QUOTA,
  LWP_NODE_NO_CLUSTER,
} LwpNodeVerdict;

/**
 * lwp_cluster_advance:
 * @cluster: a cluster (AmlCompute)
 *
 * Lets its nodes become what they are by now: a preparing one idle, an idle one leaving after its
 * time, a leaving one gone; a missing one of the minimum is begun. Saves what has changed. Hold the
 * store around the load, this and what follows.
 */
void lwp_cluster_advance (LwpCloud *cloud, LwpResource *cluster);

void lwp_cluster_count (const LwpResource *cluster, LwpClusterCounts *counts);

/** lwp_cluster_get_state_name: Returns: "preparing", "running", "idle" or "leaving" */
const char *lwp_cluster_get_state_name (LwpNodeState state);

/**
 * lwp_cluster_acquire:
 * @compute: ARM id of a cluster, or of a compute instance, which is one node that is always there
 * @job: ARM id of the job
 *
 * Asks for a node; to be repeated until it is granted. The cluster grows because of the asking.
 */
LwpNodeVerdict lwp_cluster_acquire (LwpCloud *cloud, const char *compute, const char *job);

/**
 * lwp_cluster_release:
 *
 * Gives back the node that @job has, if it has one. A node that is @lost goes at once.
 */
void lwp_cluster_release (LwpCloud *cloud, const char *compute, const char *job, gboolean lost);

G_END_DECLS

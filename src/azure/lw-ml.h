/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-arm.h"

G_BEGIN_DECLS

/**
 * LwMl:
 *
 * A workspace of Azure Machine Learning: where calls of its control plane go. A small value; the
 * strings are borrowed. Workspaces, computes, codes, environments, datastores and jobs are
 * api-version LW_API_ML.
 */
typedef struct
{
  LwArm arm;
  const char *group;
  const char *workspace;
} LwMl;

/** lw_ml_dup_id: Returns: (transfer full): ARM id of the workspace, or of a @child ("jobs/x") */
char *lw_ml_dup_id (const LwMl *ml, const char *child);

/**
 * lw_ml_build_workspace:
 * @storage_id, @vault_id, @insights_id: ARM ids of what the workspace stands on
 * @tags: (nullable) (element-type utf8 utf8)
 *
 * Returns: (transfer full): body of Workspaces_CreateOrUpdate
 */
GBytes *lw_ml_build_workspace (const char *name, const char *location, const char *storage_id,
                               const char *vault_id, const char *insights_id, GHashTable *tags);

/**
 * LwWorkspace (Workspaces_Get)
 * @state: provisioningState
 * @workspace_id: (nullable): the workspace's own GUID
 * @data_host: (nullable): "https://{region}.api.azureml.ms", checked against the cloud's domain;
 *   not told while the workspace is made
 */
typedef struct
{
  char *id;
  char *name;
  char *location;
  char *state;
  char *workspace_id;
  char *data_host;
} LwWorkspace;

void lw_workspace_free (LwWorkspace *self);

/** lw_ml_get_workspace: Returns: (nullable): %NULL without @error when it does not exist */
LwWorkspace *lw_ml_get_workspace (const LwMl *ml, GCancellable *cancellable, GError **error);

/* ---- Computes ----
 *
 * Compute_* 2025-12-01: the first stable version that describes idleTimeBeforeShutdown of an
 * instance, at creation and in the answers; 2024-04-01 neither takes nor tells it. */

typedef enum
{
  LW_COMPUTE_OTHER,
  LW_COMPUTE_INSTANCE,
  LW_COMPUTE_CLUSTER,
} LwComputeKind;

/**
 * LwCompute (Compute_Get)
 * @state: provisioningState
 * @vm_size: in capitals, as the service tells it
 * @instance_state: (nullable): "Running", "Stopped", … of an instance
 * @idle_shutdown: (nullable): ISO 8601 duration read back, e.g. "PT60M"
 * @allocation_state: (nullable): "Steady", "Resizing" of a cluster
 * @nodes, @target_nodes, @max_nodes: of a cluster; -1 when not told
 * @errors: (element-type utf8): "code: message", the service's words, e.g. why a scale-up failed
 * @endpoint: (nullable): scheme and host of an instance's applications
 * @last_operation, @last_status, @last_trigger: (nullable): of an instance: "Stop", "Succeeded",
 *   "IdleShutdown"
 * @last_us: when that was, microseconds since 1970 UTC; 0 when not told
 * @created_us: the same of its creation
 */
typedef struct
{
  char *name;
  LwComputeKind kind;
  char *state;
  char *vm_size;
  char *instance_state;
  char *idle_shutdown;
  char *allocation_state;
  int nodes;
  int target_nodes;
  int max_nodes;
  GPtrArray *errors;
  char *endpoint;
  char *last_operation;
  char *last_status;
  char *last_trigger;
  gint64 last_us;
  gint64 created_us;
} LwCompute;

LwCompute *lw_compute_copy (const LwCompute *self);
void lw_compute_free (LwCompute *self);

/** lw_compute_is_idle: Returns: %TRUE for a cluster that stands, is steady and has no node */
gboolean lw_compute_is_idle (const LwCompute *self);

/** lw_ml_get_compute: Returns: (nullable): %NULL without @error when it does not exist */
LwCompute *lw_ml_get_compute (const LwMl *ml, const char *name, GCancellable *cancellable,
                              GError **error);

/** lw_ml_list_computes: Returns: (element-type LwCompute) */
GPtrArray *lw_ml_list_computes (const LwMl *ml, GCancellable *cancellable, GError **error);

/* What Azure accepts as an instance's idle time before shutdown, minutes. */
#define LW_ML_MIN_IDLE_MINUTES 15
#define LW_ML_MAX_IDLE_MINUTES (3 * 24 * 60)

/**
 * lw_ml_build_instance:
 * @vm_size: e.g. "STANDARD_DS11_V2"
 * @idle_minutes: the instance stops itself after so long without use; 0 for never
 *
 * Returns: (transfer full): body of Compute_CreateOrUpdate for a personal instance without SSH. It
 *   holds the idle time itself, so that no moment exists in which the instance runs without one.
 */
GBytes *lw_ml_build_instance (const char *location, const char *vm_size, int idle_minutes);

/**
 * lw_ml_build_cluster:
 * @max_nodes: from 1 up; the least number is 0, and an idle node is given back after two minutes
 *
 * Returns: (transfer full): body of Compute_CreateOrUpdate for a dedicated AmlCompute cluster
 */
GBytes *lw_ml_build_cluster (const char *location, const char *vm_size, int max_nodes);

/** lw_ml_put_compute: PUT and wait until it stands; repeating it is harmless */
gboolean lw_ml_put_compute (const LwMl *ml, const char *name, GBytes *body, gint64 deadline_us,
                            LwLroProgressFunc progress, gpointer user_data,
                            GCancellable *cancellable, GError **error);

/**
 * lw_ml_set_idle_shutdown:
 * @minutes: LW_ML_MIN_IDLE_MINUTES to LW_ML_MAX_IDLE_MINUTES
 *
 * For an instance that was made without one (Compute_UpdateIdleShutdownSetting 2025-12-01). What
 * holds is what lw_ml_get_compute() reads back as @idle_shutdown.
 */
gboolean lw_ml_set_idle_shutdown (const LwMl *ml, const char *instance, int minutes,
                                  GCancellable *cancellable, GError **error);

/** lw_ml_run_compute: @verb: "start", "stop" or "restart"; waits for the end */
gboolean lw_ml_run_compute (const LwMl *ml, const char *instance, const char *verb,
                            gint64 deadline_us, LwLroProgressFunc progress, gpointer user_data,
                            GCancellable *cancellable, GError **error);
gboolean lw_ml_delete_compute (const LwMl *ml, const char *name, gint64 deadline_us,
                               LwLroProgressFunc progress, gpointer user_data,
                               GCancellable *cancellable, GError **error);

/* ---- Sizes and quotas of a region ---- */

/** LwVmSize (VirtualMachineSizes_List): @price_per_hour: USD, Linux, dedicated; -1 when not told */
typedef struct
{
  char *name;
  char *family;
  int vcpus;
  double memory_gb;
  int gpus;
  double price_per_hour;
  gboolean for_instance;
  gboolean for_cluster;
} LwVmSize;

/**
 * LwUsage (Usages_List of Azure Machine Learning, Usage_List of Microsoft.Compute)
 * @type: e.g. "Microsoft.MachineLearningServices/vmFamily/usages"; "" from Microsoft.Compute
 * @name: e.g. "Standard DSv2 Family Cluster Dedicated vCPUs", "standardDSv2Family", "cores"
 * @current, @limit: vCPUs; a @limit of -1 is none
 */
typedef struct
{
  char *type;
  char *name;
  gint64 current;
  gint64 limit;
} LwUsage;

void lw_vm_size_free (LwVmSize *self);
void lw_usage_free (LwUsage *self);

/** lw_ml_list_vm_sizes: what a workspace in @location can use; Returns: (element-type LwVmSize) */
GPtrArray *lw_ml_list_vm_sizes (const LwArm *arm, const char *location, GCancellable *cancellable,
                                GError **error);

/** lw_ml_list_usages: quota of Azure Machine Learning; Returns: (element-type LwUsage) */
GPtrArray *lw_ml_list_usages (const LwArm *arm, const char *location, GCancellable *cancellable,
                              GError **error);

/** lw_ml_list_vm_usages: quota of Microsoft.Compute; Returns: (element-type LwUsage) */
GPtrArray *lw_ml_list_vm_usages (const LwArm *arm, const char *location, GCancellable *cancellable,
                                 GError **error);

/**
 * lw_ml_find_family_usage:
 * @usages: (element-type LwUsage): of either service
 * @family: as LwVmSize tells it, "standardDSv2Family"
 *
 * No field joins a size and its quota exactly; letters and digits between "standard" and "Family"
 * are compared without case, in rows of dedicated quota of the whole subscription.
 *
 * Returns: (transfer none) (nullable)
 */
const LwUsage *lw_ml_find_family_usage (GPtrArray *usages, const char *family);

/** lw_ml_find_total_usage: Returns: (transfer none) (nullable): dedicated vCPUs of the region */
const LwUsage *lw_ml_find_total_usage (GPtrArray *usages);

/* ---- Environments ---- */

/**
 * LwEnvironmentState:
 * @LW_ENVIRONMENT_UNKNOWN: only the job will tell: a curated environment ("AzureML-…") that the
 *   workspace does not list lives in Microsoft's registry, and so does a registry URI's
 */
typedef enum
{
  LW_ENVIRONMENT_UNKNOWN,
  LW_ENVIRONMENT_EXISTS,
  LW_ENVIRONMENT_MISSING,
} LwEnvironmentState;

/**
 * lw_ml_check_environment:
 * @reference: as in a job: "azureml:AzureML-sklearn-1.5@latest", "azureml:name:3", or a registry
 * URI
 *
 * Asks the workspace by one GET (EnvironmentVersions_Get, EnvironmentContainers_Get).
 *
 * Returns: %FALSE with %LW_ERROR_MALFORMED when @reference is of no such form
 */
gboolean lw_ml_check_environment (const LwMl *ml, const char *reference, LwEnvironmentState *state,
                                  GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwWorkspace, lw_workspace_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwCompute, lw_compute_free)

G_END_DECLS

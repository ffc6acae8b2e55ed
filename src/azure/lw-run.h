/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-ml.h"

G_BEGIN_DECLS

/* The run behind a job, on the data plane of the workspace's region: the only place where the
 * reason of a failure or of a wait is told (run history v1.0, artifact v2.0, metric v2.0).
 * `data_host` is that of the #LwWorkspace throughout. */

/**
 * LwRunLog:
 * @path: "user_logs/std_log.txt"
 * @sas_url: a secret: never shown; valid for about eight hours, fresh with every lw_run_get()
 */
typedef struct
{
  char *path;
  char *sas_url;
} LwRunLog;

/**
 * LwRun
 * @status: as of an #LwJob
 * @created_us, @started_us, @ended_us: microseconds since 1970 UTC; 0 until then
 * @queue_code, @queue_message: (nullable): why it waits, the service's words
 * @cluster_status: (nullable): allocation state of the cluster as the run sees it, "steady" or
 *   "resizing"
 * @nodes, @preparing_nodes, @running_nodes: of the cluster; -1 when not told
 * @error: (nullable): why it failed: %LW_AZURE_ERROR_OPERATION_FAILED
 * @warnings: (element-type utf8): the service's words
 * @environment, @environment_version: (nullable): what was really used
 * @snapshot_id: (nullable): for lw_code_list()
 * @logs: (element-type LwRunLog): sorted by path; empty until the node has started
 */
typedef struct
{
  char *id;
  char *status;
  gint64 created_us;
  gint64 started_us;
  gint64 ended_us;
  char *queue_code;
  char *queue_message;
  char *cluster_status;
  int nodes;
  int preparing_nodes;
  int running_nodes;
  GError *error;
  GPtrArray *warnings;
  char *environment;
  char *environment_version;
  char *snapshot_id;
  GPtrArray *logs;
} LwRun;

LwRun *lw_run_copy (const LwRun *self);
void lw_run_free (LwRun *self);

/**
 * lw_run_get:
 *
 * Two requests: the run's details (log files) and its data (queue, cluster, definition).
 *
 * Returns: (transfer full) (nullable): %NULL without @error when run history does not know the run:
 *   within half a minute of the job's PUT that means "not yet"
 */
LwRun *lw_run_get (const LwMl *ml, const char *data_host, const char *job,
                   GCancellable *cancellable, GError **error);

/** lw_run_find_log: Returns: (nullable): the log at @path */
const LwRunLog *lw_run_find_log (const LwRun *self, const char *path);

/**
 * lw_run_find_user_log:
 *
 * Returns: (nullable): what the command printed: user_logs/std_log.txt, on several nodes that of
 *   the first (user_logs/std_log_process_00.txt and its like)
 */
const LwRunLog *lw_run_find_user_log (const LwRun *self);

/** LwArtifact: @path: relative to the run, checked to stay inside a folder */
typedef struct
{
  char *path;
} LwArtifact;

void lw_artifact_free (LwArtifact *self);

/**
 * lw_run_list_artifacts:
 * @prefix: (nullable): e.g. "outputs/"
 *
 * Returns: (transfer full) (element-type LwArtifact): files of the run, sorted by path
 */
GPtrArray *lw_run_list_artifacts (const LwMl *ml, const char *data_host, const char *job,
                                  const char *prefix, GCancellable *cancellable, GError **error);

/** lw_run_get_artifact_url: Returns: (transfer full): a SAS URL, a secret */
char *lw_run_get_artifact_url (const LwMl *ml, const char *data_host, const char *job,
                               const char *path, GCancellable *cancellable, GError **error);

/** LwMetric: a number that the script logged; @step: of the last value */
typedef struct
{
  char *name;
  double value;
  gint64 step;
} LwMetric;

void lw_metric_free (LwMetric *self);

/**
 * lw_run_list_metrics:
 *
 * Returns: (transfer full) (element-type LwMetric): last values, sorted by name; empty when the
 *   script logged none, as the lab's does
 */
GPtrArray *lw_run_list_metrics (const LwMl *ml, const char *data_host, const char *job,
                                GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwRun, lw_run_free)

G_END_DECLS

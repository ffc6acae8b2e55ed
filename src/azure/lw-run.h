/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-ml.h"

G_BEGIN_DECLS

/* The run behind a job, on the data plane of the workspace's region: the only place where the
 * reason of a failure or of a wait is told (run history v1.0, artifact v2.0, metric v2.0). */

typedef struct
{
  char *path;    /* "user_logs/std_log.txt" */
  char *sas_url; /* a secret: never shown; valid for about eight hours */
} LwRunLog;

/**
 * LwRun
 * @queue_code, @queue_message: (nullable): why it waits
 * @cluster_status: (nullable): e.g. "steady"; @nodes -1 when not told
 * @error: (nullable): why it failed, #LW_AZURE_ERROR_OPERATION_FAILED
 * @warnings: (element-type utf8)
 * @environment: (nullable): name and version that was really used
 * @logs: (element-type LwRunLog): sorted by path; empty until the node has started
 */
typedef struct
{
  char *id;
  char *status;
  gint64 created_us;
  gint64 started_us; /* 0 until then */
  gint64 ended_us;   /* 0 until then */
  char *queue_code;
  char *queue_message;
  char *cluster_status;
  int nodes;
  GError *error;
  GPtrArray *warnings;
  char *environment;
  char *environment_version;
  GPtrArray *logs;
} LwRun;

void lw_run_free (LwRun *self);

/** lw_run_get: details and metadata of one run; Returns: (nullable): %NULL without @error when run
 *   history does not know it (yet) */
LwRun *lw_run_get (const LwMl *ml, const char *data_host, const char *job,
                   GCancellable *cancellable, GError **error);

typedef struct
{
  char *path;
} LwArtifact;

void lw_artifact_free (LwArtifact *self);

/** lw_run_list_artifacts: @prefix: (nullable): e.g. "outputs/"; Returns: (element-type LwArtifact) */
GPtrArray *lw_run_list_artifacts (const LwMl *ml, const char *data_host, const char *job,
                                  const char *prefix, GCancellable *cancellable, GError **error);

/** lw_run_get_artifact_url: Returns: (transfer full): a SAS URL, a secret */
char *lw_run_get_artifact_url (const LwMl *ml, const char *data_host, const char *job,
                               const char *path, GCancellable *cancellable, GError **error);

typedef struct
{
  char *name;
  double value;
  gint64 step;
} LwMetric;

void lw_metric_free (LwMetric *self);

/** lw_run_list_metrics: last values; Returns: (element-type LwMetric): often empty */
GPtrArray *lw_run_list_metrics (const LwMl *ml, const char *data_host, const char *job,
                                GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwRun, lw_run_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lwp-blob-store.h"
#include "lwp-run.h"

G_BEGIN_DECLS

/* The data plane of a region, and the part of its paths that names a workspace. */
#define LWP_DATA_PLANE_HOST "{location}.api.azureml.ms"
#define LWP_DATA_PLANE_WORKSPACE                                                                   \
  "/subscriptions/{subscription}/resourceGroups/{group}"                                           \
  "/providers/Microsoft.MachineLearningServices/workspaces/{workspace}"
#define LWP_DATA_PLANE_TOKENS (LWP_ROUTE_TOKEN_ARM | LWP_ROUTE_TOKEN_ML)

/**
 * lwp_data_plane_register:
 *
 * Plays the data plane of Azure Machine Learning: discovery, run history, artifacts, metrics and
 * snapshots.
 */
gboolean lwp_data_plane_register (LwpCloud *cloud, GError **error);

/* Its parts, each with its routes. */
void lwp_history_register (LwpCloud *cloud);
void lwp_artifacts_register (LwpCloud *cloud);
void lwp_data_assets_register (LwpCloud *cloud);
void lwp_metrics_register (LwpCloud *cloud);
void lwp_snapshots_register (LwpCloud *cloud);

/**
 * LwpDataRun:
 *
 * Job and run that a request to the data plane is about. All members are owned.
 */
typedef struct
{
  LwpResource *workspace;
  LwpResource *job;
  LwpRun *run;
  char *account;
  char *prefix; /* of its blobs, in LWP_RUN_CONTAINER */
} LwpDataRun;

/**
 * lwp_data_run_load:
 * @name: name of the job, maybe with "dcid." before it
 * @response: (out): the refusal when there is none
 *
 * Returns: (transfer full) (nullable)
 */
LwpDataRun *lwp_data_run_load (LwpCloud *cloud, LwpRequest *request, const char *name,
                               LwpResponse **response);
void lwp_data_run_free (LwpDataRun *run);

/**
 * lwp_data_plane_dup_sas:
 * @blob: (nullable): name of the blob
 *
 * Returns: (transfer full) (nullable): a read-only address in the caller's name; a secret
 */
char *lwp_data_plane_dup_sas (LwpCloud *cloud, LwpRequest *request, const char *account,
                              const char *container, const char *blob);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwpDataRun, lwp_data_run_free)

G_END_DECLS

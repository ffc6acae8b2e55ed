/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lwp-json-build.h"
#include "lwp-resource.h"

G_BEGIN_DECLS

#define LWP_ML_WORKSPACE_TYPE "Microsoft.MachineLearningServices/workspaces"
#define LWP_ML_COMPUTE_TYPE LWP_ML_WORKSPACE_TYPE "/computes"
#define LWP_ML_CODE_TYPE LWP_ML_WORKSPACE_TYPE "/codes/versions"
#define LWP_ML_ENVIRONMENT_TYPE LWP_ML_WORKSPACE_TYPE "/environments/versions"
#define LWP_ML_JOB_TYPE LWP_ML_WORKSPACE_TYPE "/jobs"

/* Beginnings of the paths on management.azure.com. */
#define LWP_ML_SUBSCRIPTION_PATH                                                                   \
  "/subscriptions/{subscription}/providers/Microsoft.MachineLearningServices"
#define LWP_ML_GROUP_PATH                                                                          \
  "/subscriptions/{subscription}/resourceGroups/{group}"                                           \
  "/providers/Microsoft.MachineLearningServices/workspaces"
#define LWP_ML_WORKSPACE_PATH LWP_ML_GROUP_PATH "/{workspace}"

/**
 * lwp_ml_new_error:
 * @code: "UserError", "ServiceError", "NotFound", …
 * @inner: (nullable): innermost code of the chain, for instance "ArgumentInvalid"
 * @format: the message
 *
 * An error as the ML service itself tells it, with its additionalInfo.
 */
LwpResponse *lwp_ml_new_error (LwpCloud *cloud, guint status, const char *code, const char *inner,
                               const char *format, ...) G_GNUC_PRINTF (5, 6);

/**
 * lwp_ml_new_operation:
 * @status: of the answer, 200 to 202
 * @body: (nullable) (transfer full): its body
 * @location: region
 * @kind: "workspaceOperationsStatus" or "computeOperationsStatus", last segment but one of the
 *   status URL
 * @target: what is worked on
 * @duration_ms: how long it takes, at pace 1
 *
 * Begins an operation and answers with the header Azure-AsyncOperation; for a workspace also
 * Location. Without Retry-After, as the service answers.
 */
LwpResponse *lwp_ml_new_operation (LwpCloud *cloud, LwpRequest *request, guint status,
                                   JsonObject *body, const char *location, const char *kind,
                                   const char *target, gint64 duration_ms);

/** lwp_ml_dup_workspace_id: Returns: (transfer full): ARM id from the request's path */
char *lwp_ml_dup_workspace_id (LwpRequest *request);

/**
 * lwp_ml_load_workspace:
 * @response: (out): the refusal when there is none
 *
 * Returns: (transfer full) (nullable): the workspace of the request's path
 */
LwpResource *lwp_ml_load_workspace (LwpCloud *cloud, LwpRequest *request, LwpResponse **response);

/** lwp_ml_dup_child_id: Returns: (transfer full): "{workspace}/{kind}/{name}" */
char *lwp_ml_dup_child_id (const LwpResource *workspace, const char *kind, const char *name);

/** lwp_ml_new_system_data: who made a resource and when; @creator and @changer are in its body */
JsonObject *lwp_ml_new_system_data (const LwpResource *resource);

/** lwp_ml_note_caller: writes the caller into @body, as creator too when there is none yet */
void lwp_ml_note_caller (JsonObject *body, LwpRequest *request);

/**
 * lwp_ml_new_page:
 * @items: (transfer full) (element-type JsonObject): everything there is to list
 *
 * The page that the request's $skip (or its own $skipToken) asks for, with nextLink when there is
 * more.
 */
LwpResponse *lwp_ml_new_page (LwpRequest *request, GPtrArray *items);

/** lwp_ml_items_new: Returns: (transfer full): an empty array for lwp_ml_new_page() */
GPtrArray *lwp_ml_items_new (void);

/**
 * lwp_ml_is_name:
 * @extra: what may stand in it besides letters and digits; it begins with one of these
 *
 * Returns: whether @name has @min to @max bytes and is made of what is allowed
 */
gboolean lwp_ml_is_name (const char *name, gsize min, gsize max, const char *extra);

/**
 * lwp_ml_dup_storage_account:
 *
 * Returns: (transfer full): name of the workspace's storage account, lower case
 */
char *lwp_ml_dup_storage_account (const LwpResource *workspace);

/** lwp_ml_get_workspace_guid: Returns: the workspace's workspaceId */
const char *lwp_ml_get_workspace_guid (const LwpResource *workspace);

G_END_DECLS

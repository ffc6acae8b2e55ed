/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-api-versions.h"
#include "lw-ml.h"

G_BEGIN_DECLS

/* What the files of lw-ml share, and the readers of single answers, which tests call too. */

/**
 * lw_ml_dup_path:
 * @collection: (nullable): e.g. "computes"; %NULL for the workspace itself
 * @name: (nullable): of one member, escaped here
 * @action: (nullable): behind it, e.g. "start", "versions/1"
 *
 * Returns: (transfer full): path of a URL on the ARM host
 */
char *lw_ml_dup_path (const LwMl *ml, const char *collection, const char *name, const char *action);

/** lw_ml_check_segment: Returns: %FALSE with %LW_ERROR_MALFORMED for a name that is no one segment
 * of a path, such as "..", "" or "a/b" */
gboolean lw_ml_check_segment (const char *name, GError **error);

/** lw_ml_call: Returns: a call of the control plane, version LW_API_ML; borrows its arguments */
LwAzureCall lw_ml_call (const LwMl *ml, const char *method, const char *path);

/**
 * lw_ml_get_json:
 * @document: (out): %NULL when the resource does not exist
 *
 * GET of @path. A 404 means "does not exist" only when the service itself says so: not from a
 * gateway, and not when the subscription is unknown.
 */
gboolean lw_ml_get_json (const LwMl *ml, const char *path, const char *api_version,
                         LwJsonDocument **document, GCancellable *cancellable, GError **error);

/** lw_ml_is_absent: Returns: %TRUE when the 404 @response says that the resource does not exist */
gboolean lw_ml_is_absent (const LwHttpResponse *response);

/** lw_ml_dup_origin: Returns: (transfer full) (nullable): "https://host" of an https @url */
char *lw_ml_dup_origin (const char *url);

/** lw_ml_add_tags: @tags: (nullable); adds the member "tags" to the object that @builder is in */
void lw_ml_add_tags (JsonBuilder *builder, GHashTable *tags);

/** lw_ml_set_string: adds a member to the object that @builder is in */
void lw_ml_set_string (JsonBuilder *builder, const char *name, const char *value);

/** lw_ml_open: adds a member that is an object, left open */
void lw_ml_open (JsonBuilder *builder, const char *name);

LwWorkspace *lw_workspace_parse (const LwCloud *cloud, LwJson json, GError **error);
LwCompute *lw_compute_parse (LwJson json, GError **error);
LwVmSize *lw_vm_size_parse (LwJson json, GError **error);
LwUsage *lw_usage_parse (LwJson json, GError **error);

G_END_DECLS

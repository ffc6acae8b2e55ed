/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-code.h"

G_BEGIN_DECLS

/* What an upload asks of the control plane (CodeVersions_* 2024-04-01), in the order in which it
 * asks, and what of it can be tested without a server. */

/* The hash version of azure-ai-ml that lw_code_folder_hash() computes. */
#define LW_CODE_HASH_VERSION "202208"

/* Every code asset has one version: other content gets another name. */
#define LW_CODE_VERSION "1"

/** lw_code_make_name: Returns: (transfer full): a UUID that follows from the content hash */
char *lw_code_make_name (const char *hash);

/** lw_code_dup_base: Returns: (transfer full): under which name @folder lies in its container: its
 *   own when it is plain, else "src" */
char *lw_code_dup_base (GFile *folder);

/**
 * LwCodeTarget: where the blobs go
 * @blob_uri: of the container, for the code version
 * @sas_uri: the same with a SAS: a secret
 */
typedef struct
{
  char *blob_uri;
  char *sas_uri;
} LwCodeTarget;

void lw_code_target_clear (LwCodeTarget *self);

/** lw_code_target_parse: reads the answer of startPendingUpload into the empty @self */
gboolean lw_code_target_parse (LwJson json, LwCodeTarget *self, GError **error);

/** lw_code_find: @code_id: (out): %NULL when the workspace has no code with @hash */
gboolean lw_code_find (const LwMl *ml, const char *name, const char *hash, char **code_id,
                       GCancellable *cancellable, GError **error);

/** lw_code_start: asks for a place for the blobs; asking again gives a fresh SAS */
gboolean lw_code_start (const LwMl *ml, const char *name, LwCodeTarget *target,
                        GCancellable *cancellable, GError **error);

/** lw_code_register: @code_id: (out) */
gboolean lw_code_register (const LwMl *ml, const char *name, const char *hash, const char *code_uri,
                           char **code_id, GCancellable *cancellable, GError **error);

/** lw_code_send: puts all files of @folder below @base, several at a time; see lw_code_upload() */
gboolean lw_code_send (const LwMl *ml, LwCodeFolder *folder, const char *name, const char *base,
                       LwCodeTarget *target, LwCodeProgressFunc progress, gpointer user_data,
                       GCancellable *cancellable, GError **error);

/** lw_code_entries_parse: Returns: (transfer full) (element-type LwCodeEntry): the files of a
 *   snapshot's tree, sorted by path; what would leave the folder is left out */
GPtrArray *lw_code_entries_parse (LwJson root, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LwCodeTarget, lw_code_target_clear)

G_END_DECLS

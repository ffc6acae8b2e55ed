/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-ml.h"

G_BEGIN_DECLS

/**
 * LwCodeFolder:
 *
 * A folder as it would be uploaded: the files that the ignore rules leave (.amlignore, else
 * .gitignore, of the root only), sorted as the content hash wants it. Made once, then immutable.
 */
typedef struct _LwCodeFolder LwCodeFolder;

typedef struct
{
  char *path; /* relative, "/" between */
  goffset size;
} LwCodeFile;

/* More than this is surely the wrong folder: refused with LW_ERROR_TOO_LARGE. */
#define LW_CODE_MAX_FILES 10000

LwCodeFolder *lw_code_folder_new (GFile *folder, GCancellable *cancellable, GError **error);
void lw_code_folder_free (LwCodeFolder *self);

/** lw_code_folder_get_files: Returns: (transfer none) (element-type LwCodeFile) */
GPtrArray *lw_code_folder_get_files (LwCodeFolder *self);
goffset lw_code_folder_get_size (LwCodeFolder *self);

/** lw_code_folder_get_ignored: how many files the rules left out */
guint lw_code_folder_get_ignored (LwCodeFolder *self);

/** lw_code_folder_hash: Returns: (transfer full): SHA-256 of hash version 202208, hex; reads all */
char *lw_code_folder_hash (LwCodeFolder *self, GCancellable *cancellable, GError **error);

typedef void (*LwCodeProgressFunc) (guint files_done, guint files_total, goffset sent,
                                    goffset total, gpointer user_data);

/**
 * lw_code_upload:
 * @name: (nullable): name for the code asset, chosen before (a UUID), so that a retry after a
 *   crash goes on with the same one
 * @code_id: (out): ARM id of the code version to put into the job
 * @reused: (out) (optional): the same content was there already, nothing was sent
 *
 * As azure-ai-ml 1.9 does: look by hash, startPendingUpload, put blobs by SAS in parallel,
 * mark, register (CodeVersions_* 2024-04-01). Where a SAS ends in the middle a new one is asked.
 */
gboolean lw_code_upload (const LwMl *ml, LwCodeFolder *folder, const char *name, char **code_id,
                         gboolean *reused, LwCodeProgressFunc progress, gpointer user_data,
                         GCancellable *cancellable, GError **error);

/** LwCodeEntry: one file of a job's code, read through content/v2.0 snapshots */
typedef struct
{
  char *path;
  goffset size;
  char *sas_url; /* a secret: never shown */
} LwCodeEntry;

void lw_code_entry_free (LwCodeEntry *self);

/** lw_code_list: @snapshot_id: ContentSnapshotId of the job; Returns: (element-type LwCodeEntry) */
GPtrArray *lw_code_list (const LwMl *ml, const char *data_host, const char *snapshot_id,
                         GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwCodeFolder, lw_code_folder_free)

G_END_DECLS

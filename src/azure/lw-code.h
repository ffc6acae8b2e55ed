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

/**
 * LwCodeFile:
 * @path: relative to the folder, "/" between segments, UTF-8
 * @size: bytes, when the folder was listed
 */
typedef struct
{
  char *path;
  goffset size;
} LwCodeFile;

/* More than this is surely the wrong folder: refused with LW_ERROR_TOO_LARGE. */
#define LW_CODE_MAX_FILES 10000

/* Files looked at, those that the rules leave out included (.venv, node_modules). */
#define LW_CODE_MAX_ENTRIES 200000

/**
 * lw_code_folder_new:
 * @folder: a local directory
 *
 * Lists @folder. Links are followed, as azure-ai-ml does, but a directory that contains itself is
 * not entered again. What has no content (a pipe, a socket, a link to nothing) is left out.
 *
 * Returns: (transfer full): the folder, or %NULL with %LW_ERROR_NOT_FOUND (no such directory, or
 *   no file in it after ignoring), %LW_ERROR_DENIED, %LW_ERROR_TOO_LARGE, %LW_ERROR_MALFORMED (a
 *   name that is not UTF-8) or %G_IO_ERROR_CANCELLED
 */
LwCodeFolder *lw_code_folder_new (GFile *folder, GCancellable *cancellable, GError **error);
void lw_code_folder_free (LwCodeFolder *self);

/** lw_code_folder_get_folder: Returns: (transfer none): the directory itself */
GFile *lw_code_folder_get_folder (LwCodeFolder *self);

/** lw_code_folder_get_files: Returns: (transfer none) (element-type LwCodeFile) */
GPtrArray *lw_code_folder_get_files (LwCodeFolder *self);

/** lw_code_folder_get_size: Returns: all files together, bytes */
goffset lw_code_folder_get_size (LwCodeFolder *self);

/** lw_code_folder_get_ignored: Returns: how many files were left out */
guint lw_code_folder_get_ignored (LwCodeFolder *self);

/** lw_code_folder_get_rules: Returns: (nullable): ".amlignore", ".gitignore" or %NULL */
const char *lw_code_folder_get_rules (LwCodeFolder *self);

/**
 * lw_code_folder_hash:
 *
 * The hash by which Azure Machine Learning recognises code that it has already (hash version
 * 202208 of azure-ai-ml). Reads every file.
 *
 * Returns: (transfer full): SHA-256, lower-case hex; %NULL with %LW_ERROR_FAILED when a file is no
 *   longer as it was listed, %LW_ERROR_NOT_FOUND, %LW_ERROR_DENIED or %G_IO_ERROR_CANCELLED
 */
char *lw_code_folder_hash (LwCodeFolder *self, GCancellable *cancellable, GError **error);

/**
 * LwCodeProgressFunc:
 * @sent, @total: bytes
 *
 * Called on the thread that waits in lw_code_upload(); the numbers never fall.
 */
typedef void (*LwCodeProgressFunc) (guint files_done, guint files_total, goffset sent,
                                    goffset total, gpointer user_data);

/**
 * lw_code_upload:
 * @name: (nullable): name for the code asset (a UUID); %NULL for one that follows from the
 *   content, so that repeating the call after a crash goes on with the same one
 * @code_id: (out): ARM id of the code version to put into the job
 * @reused: (out) (optional): the same content was there already, nothing was sent
 *
 * As azure-ai-ml 1.9 does: look by hash, startPendingUpload, put blobs by SAS, four at a time,
 * mark, register (CodeVersions_* 2024-04-01). Where a SAS ends in the middle a new one is asked.
 * Blobs and blocks that an earlier attempt left with the same content are kept. The folder is
 * hashed again at the end: code that was changed meanwhile is not registered
 * (%LW_ERROR_FAILED, try again). In the service's container the files lie in a folder that is
 * called as @folder is when that name is plain ASCII, else "src".
 */
gboolean lw_code_upload (const LwMl *ml, LwCodeFolder *folder, const char *name, char **code_id,
                         gboolean *reused, LwCodeProgressFunc progress, gpointer user_data,
                         GCancellable *cancellable, GError **error);

/**
 * LwCodeEntry: one file of a job's code
 * @path: relative, checked to stay inside a folder
 * @sas_url: a secret: never shown
 */
typedef struct
{
  char *path;
  goffset size;
  char *sas_url;
} LwCodeEntry;

void lw_code_entry_free (LwCodeEntry *self);

/**
 * lw_code_list:
 * @data_host: of the #LwWorkspace
 * @snapshot_id: of the #LwJob
 *
 * Reads the tree of a job's code (content/v2.0 snapshots/sas of the data plane).
 *
 * Returns: (transfer full) (element-type LwCodeEntry): the files, sorted by path
 */
GPtrArray *lw_code_list (const LwMl *ml, const char *data_host, const char *snapshot_id,
                         GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwCodeFolder, lw_code_folder_free)

G_END_DECLS

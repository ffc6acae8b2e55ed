/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LwLabFileState: how a file of the work folder stands to the lab's
 * @LW_LAB_FILE_MISSING: not there yet
 * @LW_LAB_FILE_SAME: as the lab gives it
 * @LW_LAB_FILE_CHANGED: the person, or another program, changed it
 */
typedef enum
{
  LW_LAB_FILE_MISSING,
  LW_LAB_FILE_SAME,
  LW_LAB_FILE_CHANGED,
} LwLabFileState;

/** LwLabFile: one file of the lab's material */
typedef struct
{
  char *path;           /* owned: relative, "src/diabetes.csv" */
  LwLabFileState state; /* before this call wrote anything */
  gboolean written;     /* this call wrote it */
  gboolean normalised;  /* its line ends were CRLF and are LF now */
  goffset size;         /* bytes in the lab's material, after normalising */
} LwLabFile;

/* No file of a lab is larger. */
#define LW_LAB_FILES_MAX_SIZE (64 * 1024 * 1024)

/** lw_lab_files_dup_default_folder: Returns: (transfer full): ~/Labwalk */
char *lw_lab_files_dup_default_folder (void);

/**
 * lw_lab_files_look:
 * @source: folder of the lab's material
 * @target: the work folder; need not exist
 * @paths: %NULL-terminated relative paths
 *
 * Compares without writing.
 *
 * Returns: (transfer full) (element-type LwLabFile): one for each path, in order; %NULL with
 *   #LW_ERROR or %G_IO_ERROR_CANCELLED
 */
GPtrArray *lw_lab_files_look (const char *source, const char *target, const char *const *paths,
                              GCancellable *cancellable, GError **error);

/**
 * lw_lab_files_copy:
 * @replace: (nullable): %NULL-terminated paths that the person agreed to have replaced though they
 *   were changed
 *
 * Makes the work folder and puts into it what is missing, each file whole or not at all. A changed
 * file is left as it is unless @replace names it. Line ends of scripts and data are made LF.
 *
 * Returns: (transfer full) (element-type LwLabFile): what was done; %NULL with
 *   %LW_ERROR_NOT_FOUND, %LW_ERROR_NO_SPACE, %LW_ERROR_DENIED, %LW_ERROR_TOO_LARGE,
 *   %LW_ERROR_MALFORMED (a path that leaves its folder) or %G_IO_ERROR_CANCELLED; files before the
 *   failing one are in place
 */
GPtrArray *lw_lab_files_copy (const char *source, const char *target, const char *const *paths,
                              const char *const *replace, GCancellable *cancellable,
                              GError **error);

/**
 * lw_lab_files_save:
 *
 * Writes @text to @path, whole or not at all, keeping the file's mode.
 */
gboolean lw_lab_files_save (const char *path, const char *text, GError **error);

/**
 * lw_lab_files_read:
 *
 * Returns: (transfer full): a text file of at most #LW_LAB_FILES_MAX_SIZE, which must be UTF-8
 *   without NUL (%LW_ERROR_MALFORMED); a byte order mark is skipped
 */
char *lw_lab_files_read (const char *path, GError **error);

void lw_lab_file_free (LwLabFile *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwLabFile, lw_lab_file_free)

G_END_DECLS

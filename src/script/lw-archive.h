/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Microsoft's repository of all labs has about 160 files and stays below 10 MB. */
#define LW_ARCHIVE_MAX_ENTRIES 20000
#define LW_ARCHIVE_MAX_TOTAL (512 * 1024 * 1024)

/**
 * LwArchiveOptions:
 * @strip: leading parts of each path to drop; a GitHub archive has one folder on top
 * @only: (nullable): after that, unpack only what lies below this folder, and drop that prefix
 * @max_entries: files and folders in the archive; 0 for #LW_ARCHIVE_MAX_ENTRIES
 * @max_total: bytes written; 0 for #LW_ARCHIVE_MAX_TOTAL
 */
typedef struct
{
  guint strip;
  const char *only;
  guint max_entries;
  goffset max_total;
} LwArchiveOptions;

/** LwArchiveSummary: what was unpacked */
typedef struct
{
  guint n_files;
  goffset n_bytes;
  guint n_skipped; /* links, devices and the like: left out */
} LwArchiveSummary;

/**
 * lw_archive_unpack:
 * @archive: a tar.gz or zip file
 * @folder: a folder that does not exist yet; it appears when everything is in it, or not at all
 * @options: (nullable)
 * @summary: (out) (optional)
 *
 * Only regular files and folders are made, below @folder, with modes 0644 (0755 where the owner
 * may execute) and 0755. Paths that are absolute or hold `..` are an error, whatever they resolve
 * to. Links, devices and the like are left out.
 *
 * Returns: %FALSE with %LW_ERROR_NOT_FOUND (no archive, or nothing below @only),
 *   %LW_ERROR_MALFORMED, %LW_ERROR_TOO_LARGE, %LW_ERROR_NO_SPACE, %LW_ERROR_DENIED,
 *   %LW_ERROR_FAILED (@folder exists) or %G_IO_ERROR_CANCELLED
 */
gboolean lw_archive_unpack (const char *archive, const char *folder,
                            const LwArchiveOptions *options, LwArchiveSummary *summary,
                            GCancellable *cancellable, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * lw_file_read:
 * @max_size: bytes
 *
 * Reads a whole file. Blocks.
 *
 * Returns: (transfer full): its content; %NULL with %G_IO_ERROR_NOT_FOUND, %LW_ERROR_DENIED,
 *   %LW_ERROR_TOO_LARGE or %LW_ERROR_FAILED
 */
GBytes *lw_file_read (GFile *file, gsize max_size, GError **error);

/**
 * lw_file_replace:
 * @path: the file, in a folder that is there; only one thread or process at a time may call this
 *   for the same @path (see lw-record.c for the lock)
 *
 * Replaces a file atomically and durably: a new file beside it (mode 0600) is written and synced,
 * renamed over @path, and the folder is synced. Whatever happens in between, @path holds the old or
 * the new content, never a part of one. What a killed writer left is used up by the next.
 *
 * Returns: %FALSE with %LW_ERROR_NO_SPACE (also for a quota or a limit on the size of files),
 *   %LW_ERROR_DENIED or %LW_ERROR_FAILED; the old content stands
 */
gboolean lw_file_replace (const char *path, const char *data, gsize length, GError **error);

/** lw_file_set_error_from_errno: says with #LW_ERROR what the system refused at @path */
void lw_file_set_error_from_errno (GError **error, const char *path, int saved_errno);

G_END_DECLS

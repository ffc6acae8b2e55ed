/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * lw_local_file_load:
 * @max_size: a larger file is %LW_ERROR_TOO_LARGE, whatever its length says beforehand
 *
 * Reads a regular file at once.
 *
 * Returns: (transfer full): its bytes, or %NULL with #LW_ERROR or %G_IO_ERROR_CANCELLED
 */
GBytes *lw_local_file_load (const char *path, gsize max_size, GCancellable *cancellable,
                            GError **error);

/**
 * lw_local_file_save:
 *
 * Writes @path durably, whole or not at all; the mode of a file that is there is kept.
 */
gboolean lw_local_file_save (const char *path, const char *data, gsize length, GError **error);

/** lw_local_file_make_folder: makes @path and what lies above it, as far as it is missing */
gboolean lw_local_file_make_folder (const char *path, GError **error);

/**
 * lw_local_file_is_inside:
 *
 * Returns: whether the relative path @path stays in its folder: not empty, not absolute, without
 *   empty parts, `.` and `..`, NUL or backslash
 */
gboolean lw_local_file_is_inside (const char *path);

/** lw_local_file_set_error: sets #LW_ERROR for the system's error @code; @what is the path */
void lw_local_file_set_error (GError **error, int code, const char *what);

G_END_DECLS

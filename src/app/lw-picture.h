/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * lw_picture_save:
 * @window: a window that has been drawn at least once
 * @path: of the PNG file, replaced
 *
 * Saves what @window shows, without decorations of the desktop. Main thread; blocks while the file is
 * written.
 *
 * Returns: %FALSE with %LW_ERROR_FAILED when the window shows nothing or the file cannot be written
 */
gboolean lw_picture_save (GtkWindow *window, const char *path, GError **error);

G_END_DECLS

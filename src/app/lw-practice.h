/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define LW_TYPE_PRACTICE (lw_practice_get_type ())
G_DECLARE_FINAL_TYPE (LwPractice, lw_practice, LW, PRACTICE, GObject)

/**
 * LwPractice:
 *
 * The practice cloud as a child process, `labwalk-practice-cloud`. It ends with the application,
 * however that ends: it watches its standard input, whose other end is held here. Main thread.
 *
 * Signals:
 *   "ended" (): the process ended by itself
 */

/**
 * lw_practice_start_async:
 * @state_dir: folder in which the practice cloud keeps its state
 * @auto_approve: every sign-in is granted without a person, for a tour
 *
 * Starts the program and waits for the line in which it says where it listens.
 */
void lw_practice_start_async (GFile *state_dir, gboolean auto_approve, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);

/**
 * lw_practice_start_finish:
 *
 * Returns: (transfer full) (nullable): %NULL with %LW_ERROR_NOT_FOUND when the program is not there,
 *   %LW_ERROR_FAILED when it ended at once, %LW_ERROR_MALFORMED when it said something else
 */
LwPractice *lw_practice_start_finish (GAsyncResult *result, GError **error);

/** lw_practice_get_proxy: Returns: URL of its proxy, "http://127.0.0.1:PORT" */
const char *lw_practice_get_proxy (LwPractice *self);

/** lw_practice_get_ca_file: Returns: path of the PEM file of its authority */
const char *lw_practice_get_ca_file (LwPractice *self);

/** lw_practice_get_browser: Returns: URL of its pages for a browser */
const char *lw_practice_get_browser (LwPractice *self);

G_END_DECLS

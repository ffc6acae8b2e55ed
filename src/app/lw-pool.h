/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LwPool:
 *
 * The application's own worker threads, on which the blocking functions of the core run. GLib's
 * shared pool is left alone: GIO's local file calls need it. Made, used and freed on the main
 * thread; the functions run on the workers.
 */
typedef struct _LwPool LwPool;

/**
 * LwPoolFunc:
 * @data: as given to lw_pool_run(); nobody else touches it while the function runs
 * @cancellable: ends the work: the caller's own cancellable or the end of the application
 *
 * Runs on a worker. Touches no widget and makes no text for people.
 *
 * Returns: (transfer full) (nullable): the result; %NULL with or without @error
 */
typedef gpointer (*LwPoolFunc) (gpointer data, GCancellable *cancellable, GError **error);

/** lw_pool_new: @max_threads: as many functions run at once; the rest waits in order */
LwPool *lw_pool_new (guint max_threads);

/**
 * lw_pool_run:
 * @tag: who asks, for lw_pool_finish(); usually the calling function's own address
 * @func: what to run
 * @data: (transfer full): what it works on
 * @free_data: (nullable): frees @data, on the main thread, after @callback
 * @free_result: (nullable): frees a result that nobody took, e.g. after a cancel
 * @source: (nullable): a #GObject kept alive until @callback
 * @cancellable: (nullable): one per reason to stop
 * @callback: called on the main thread; reads the result with lw_pool_finish(). When that fails
 *   with %G_IO_ERROR_CANCELLED it touches nothing: its listener may be gone
 */
void lw_pool_run (LwPool *self, gpointer tag, LwPoolFunc func, gpointer data,
                  GDestroyNotify free_data, GDestroyNotify free_result, gpointer source,
                  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);

/** lw_pool_finish: Returns: (transfer full) (nullable): what the function returned */
gpointer lw_pool_finish (GAsyncResult *result, gpointer tag, GError **error);

/** lw_pool_get_data: Returns: (transfer none): the @data of lw_pool_run(), inside the callback */
gpointer lw_pool_get_data (GAsyncResult *result);

/** lw_pool_is_worker: Returns: %TRUE on a thread of any pool; for assertions */
gboolean lw_pool_is_worker (void);

/**
 * lw_pool_free:
 *
 * Cancels what runs, waits for it, and drops the rest as cancelled. Callbacks of the main thread
 * that are still due come with the next turns of the main loop, or never.
 */
void lw_pool_free (LwPool *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwPool, lw_pool_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/**
 * LwpStore:
 *
 * The state of the practice cloud: one SQLite file behind one mutex. Whatever a call has written
 * is there after SIGKILL. Any thread.
 *
 * No call reports an error: a failure (disk full, broken file) is remembered for the calling
 * thread, and lwp_router_dispatch() turns whatever the handler answered into 500. So a handler
 * reads straight through and never tells a client something that was not stored.
 */
typedef struct _LwpStore LwpStore;

/**
 * lwp_store_new:
 * @path: file, made when missing
 *
 * Returns: (transfer full): the store, or %NULL with %G_IO_ERROR_FAILED
 */
LwpStore *lwp_store_new (const char *path, GError **error);
void lwp_store_free (LwpStore *self);

/**
 * lwp_store_ensure:
 * @module: the module whose tables these are, for instance "blobs"
 * @steps: %NULL-terminated SQL scripts; step N brings the tables from version N to N + 1
 *
 * Runs the steps that this file has not seen, each in a transaction. Called while a module
 * registers, before the server starts.
 */
gboolean lwp_store_ensure (LwpStore *self, const char *module, const char *const *steps,
                           GError **error);

/**
 * lwp_store_run:
 * @sql: a literal string: statements are kept prepared by it
 * @types: one letter per parameter: 's' const char * (nullable), 'i' gint64, 'b' GBytes *
 *   (nullable)
 *
 * Runs one statement.
 *
 * Returns: number of rows changed
 */
gint64 lwp_store_run (LwpStore *self, const char *sql, const char *types, ...);

/**
 * LwpRowFunc:
 * @row: read it with sqlite3_column_*(); must not be stepped or kept
 */
typedef void (*LwpRowFunc) (sqlite3_stmt *row, gpointer user_data);

/**
 * lwp_store_query:
 * @func: called for each row with the store locked; may call the store
 *
 * Returns: number of rows
 */
gint64 lwp_store_query (LwpStore *self, LwpRowFunc func, gpointer user_data, const char *sql,
                        const char *types, ...);

/**
 * lwp_store_begin:
 *
 * Locks the store for this thread and begins a transaction; transactions nest. The last
 * lwp_store_commit() commits, or rolls back when something failed since.
 */
void lwp_store_begin (LwpStore *self);
void lwp_store_commit (LwpStore *self);

/**
 * LwpStoreTransaction:
 *
 * For `G_GNUC_UNUSED g_autoptr (LwpStoreTransaction) hold = lwp_store_hold (store);`, which begins
 * here and commits when it goes out of scope.
 */
typedef LwpStore LwpStoreTransaction;

static inline LwpStoreTransaction *
lwp_store_hold (LwpStore *self)
{
  lwp_store_begin (self);
  return self;
}

/**
 * lwp_store_take_error:
 *
 * Returns: (transfer full) (nullable): what failed on this thread since the last call
 */
GError *lwp_store_take_error (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwpStoreTransaction, lwp_store_commit)
G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SQLite behind a recursive mutex. One connection is enough: a statement takes tens of microseconds
 * and nothing slow is done with the lock held. Journal in WAL mode with synchronous=NORMAL: what
 * was committed survives the end of the process (SIGKILL), though not surely a power cut, which a
 * practice may forget. Any thread; lwp_store_free() after the last user. */

#include "lwp-store.h"

#include <stdarg.h>

struct _LwpStore
{
  GRecMutex lock;
  sqlite3 *db;            /* owned; guarded by lock */
  GHashTable *statements; /* owned; SQL to a statement that nobody uses; guarded by lock */
  guint depth;            /* of transactions; guarded by lock */
  gboolean failed;        /* something in this transaction; guarded by lock */
};

static GPrivate thread_error = G_PRIVATE_INIT ((GDestroyNotify) g_error_free);

static void
note_failure (LwpStore *self, const char *sql)
{
  GError *error = g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, "%s: %s",
                               sqlite3_errmsg (self->db), sql);

  self->failed = TRUE;
  g_private_replace (&thread_error, error);
}

GError *
lwp_store_take_error (void)
{
  GError *error = g_private_get (&thread_error);

  g_private_set (&thread_error, NULL);
  return error;
}

static void
finalize (gpointer statement)
{
  sqlite3_finalize (statement);
}

LwpStore *
lwp_store_new (const char *path, GError **error)
{
  LwpStore *self = g_new0 (LwpStore, 1);
  int code;

  g_rec_mutex_init (&self->lock);
  self->statements = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, finalize);
  code = sqlite3_open_v2 (path, &self->db,
                          SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
  if (code == SQLITE_OK)
    code = sqlite3_exec (self->db,
                         "PRAGMA journal_mode=WAL;"
                         "PRAGMA synchronous=NORMAL;"
                         "PRAGMA trusted_schema=OFF;"
                         "CREATE TABLE IF NOT EXISTS modules"
                         " (name TEXT PRIMARY KEY, version INTEGER NOT NULL);",
                         NULL, NULL, NULL);
  if (code != SQLITE_OK)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: %s", path,
                   sqlite3_errmsg (self->db));
      lwp_store_free (self);
      return NULL;
    }
  return self;
}

void
lwp_store_free (LwpStore *self)
{
  g_hash_table_unref (self->statements);
  sqlite3_close (self->db);
  g_rec_mutex_clear (&self->lock);
  g_free (self);
}

/* Takes the idle statement of @sql, or prepares one: so a row function may run the same SQL. */
static sqlite3_stmt *
take_statement (LwpStore *self, const char *sql)
{
  sqlite3_stmt *statement = NULL;
  g_autofree gpointer key = NULL;

  if (g_hash_table_steal_extended (self->statements, sql, &key, (gpointer *) &statement))
    return statement;
  if (sqlite3_prepare_v2 (self->db, sql, -1, &statement, NULL) != SQLITE_OK)
    note_failure (self, sql);
  return statement;
}

static void
give_statement (LwpStore *self, const char *sql, sqlite3_stmt *statement)
{
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
  g_hash_table_replace (self->statements, g_strdup (sql), statement);
}

static void
bind (sqlite3_stmt *statement, const char *types, va_list args)
{
  for (int i = 0; types[i] != '\0'; i++)
    {
      GBytes *bytes;

      switch (types[i])
        {
        case 's':
          sqlite3_bind_text (statement, i + 1, va_arg (args, const char *), -1, SQLITE_TRANSIENT);
          break;
        case 'i':
          sqlite3_bind_int64 (statement, i + 1, va_arg (args, gint64));
          break;
        case 'b':
          bytes = va_arg (args, GBytes *);
          if (bytes != NULL)
            sqlite3_bind_blob64 (statement, i + 1, g_bytes_get_data (bytes, NULL),
                                 g_bytes_get_size (bytes), SQLITE_TRANSIENT);
          break;
        default:
          g_assert_not_reached ();
        }
    }
}

static gint64
step_all (LwpStore *self, const char *sql, LwpRowFunc func, gpointer user_data, const char *types,
          va_list args)
{
  sqlite3_stmt *statement = take_statement (self, sql);
  gint64 n_rows = 0;
  int code;

  if (statement == NULL)
    return 0;
  bind (statement, types, args);
  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    {
      n_rows++;
      if (func != NULL)
        func (statement, user_data);
    }
  if (code != SQLITE_DONE)
    note_failure (self, sql);
  give_statement (self, sql, statement);
  return n_rows;
}

gint64
lwp_store_run (LwpStore *self, const char *sql, const char *types, ...)
{
  gint64 n_changed;
  va_list args;

  g_rec_mutex_lock (&self->lock);
  va_start (args, types);
  step_all (self, sql, NULL, NULL, types, args);
  va_end (args);
  n_changed = sqlite3_changes64 (self->db);
  g_rec_mutex_unlock (&self->lock);
  return n_changed;
}

gint64
lwp_store_query (LwpStore *self, LwpRowFunc func, gpointer user_data, const char *sql,
                 const char *types, ...)
{
  gint64 n_rows;
  va_list args;

  g_rec_mutex_lock (&self->lock);
  va_start (args, types);
  n_rows = step_all (self, sql, func, user_data, types, args);
  va_end (args);
  g_rec_mutex_unlock (&self->lock);
  return n_rows;
}

void
lwp_store_begin (LwpStore *self)
{
  g_rec_mutex_lock (&self->lock);
  if (self->depth++ > 0)
    return;
  self->failed = FALSE;
  lwp_store_run (self, "BEGIN IMMEDIATE", "");
}

void
lwp_store_commit (LwpStore *self)
{
  if (--self->depth == 0)
    {
      if (!self->failed)
        lwp_store_run (self, "COMMIT", "");
      if (!sqlite3_get_autocommit (self->db))
        lwp_store_run (self, "ROLLBACK", "");
    }
  g_rec_mutex_unlock (&self->lock);
}

static void
read_version (sqlite3_stmt *row, gpointer user_data)
{
  *(gint64 *) user_data = sqlite3_column_int64 (row, 0);
}

gboolean
lwp_store_ensure (LwpStore *self, const char *module, const char *const *steps, GError **error)
{
  gint64 version = 0;
  GError *failure;

  lwp_store_query (self, read_version, &version, "SELECT version FROM modules WHERE name = ?", "s",
                   module);
  for (gint64 i = 0; steps[i] != NULL; i++)
    {
      if (i < version)
        continue;
      lwp_store_begin (self);
      if (sqlite3_exec (self->db, steps[i], NULL, NULL, NULL) != SQLITE_OK)
        note_failure (self, module);
      lwp_store_run (self, "INSERT OR REPLACE INTO modules VALUES (?, ?)", "si", module, i + 1);
      lwp_store_commit (self);
    }
  failure = lwp_store_take_error ();
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, failure);
  return FALSE;
}

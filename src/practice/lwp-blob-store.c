/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Containers and blobs: descriptions in the store, bytes in files. A blob's file is written under a
 * name of its own, is complete and synced before the row that names it is committed, and is never
 * changed afterwards, except that an append blob grows beyond the size its row tells. Files that no
 * row names any more are first listed as garbage in the same transaction and removed later, so that
 * a transaction that rolls back still finds them. Any thread. */

#include "lwp-blob-blocks.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define BLOB_FOLDER "blobs"
/* Azure's entity tags of storage are .NET ticks: 100 ns since the year 1. */
#define TICKS_AT_1970 G_GINT64_CONSTANT (621355968000000000)
#define GARBAGE_BATCH 64

static const char *const tables[] = {
  "CREATE TABLE blob_containers ("
  "  account TEXT NOT NULL, name TEXT NOT NULL, created_us INTEGER NOT NULL,"
  "  PRIMARY KEY (account, name)) WITHOUT ROWID;"
  "CREATE TABLE blobs ("
  "  account TEXT NOT NULL, container TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL,"
  "  file TEXT NOT NULL, size INTEGER NOT NULL, md5 TEXT, etag INTEGER NOT NULL,"
  "  content_type TEXT NOT NULL, headers TEXT NOT NULL, metadata TEXT NOT NULL,"
  "  block_count INTEGER NOT NULL, created_us INTEGER NOT NULL, changed_us INTEGER NOT NULL,"
  "  PRIMARY KEY (account, container, name)) WITHOUT ROWID;"
  "CREATE UNIQUE INDEX blobs_by_file ON blobs (file);"
  "CREATE TABLE blob_garbage (file TEXT PRIMARY KEY) WITHOUT ROWID;",
  NULL,
};

#define BLOB_COLUMNS                                                                               \
  "name, kind, file, size, md5, etag, content_type, headers, metadata, block_count, created_us,"   \
  " changed_us"

static char *
folder_path (LwpCloud *cloud, const char *file)
{
  return g_build_filename (lwp_cloud_get_state_dir (cloud), BLOB_FOLDER, file, NULL);
}

static void
unlink_file (LwpCloud *cloud, const char *file)
{
  g_autofree char *path = folder_path (cloud, file);

  (void) g_unlink (path);
}

static void
add_name_cb (sqlite3_stmt *row, gpointer names)
{
  g_ptr_array_add (names, g_strdup ((const char *) sqlite3_column_text (row, 0)));
}

static void
collect_garbage (LwpCloud *cloud)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);

  lwp_store_query (lwp_cloud_get_store (cloud), add_name_cb, files,
                   "SELECT file FROM blob_garbage LIMIT ?", "i", (gint64) GARBAGE_BATCH);
  for (guint i = 0; i < files->len; i++)
    {
      const char *file = g_ptr_array_index (files, i);

      unlink_file (cloud, file);
      lwp_store_run (lwp_cloud_get_store (cloud), "DELETE FROM blob_garbage WHERE file = ?", "s",
                     file);
    }
}

/* Removes what no row names: writes that ended before their row was committed. */
static gboolean
sweep_folder (LwpCloud *cloud, GError **error)
{
  g_autofree char *path = folder_path (cloud, NULL);
  g_autoptr (GDir) dir = NULL;
  const char *name;

  if (g_mkdir_with_parents (path, 0700) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s", g_strerror (errno));
      return FALSE;
    }
  dir = g_dir_open (path, 0, error);
  if (dir == NULL)
    return FALSE;
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_free);

      lwp_store_query (lwp_cloud_get_store (cloud), add_name_cb, rows,
                       "SELECT file FROM blobs WHERE file = ?1 UNION ALL"
                       " SELECT file FROM blob_blocks WHERE file = ?1",
                       "s", name);
      if (rows->len == 0)
        unlink_file (cloud, name);
    }
  return TRUE;
}

gboolean
lwp_blob_store_register (LwpCloud *cloud, GError **error)
{
  return lwp_store_ensure (lwp_cloud_get_store (cloud), "blobs", tables, error)
         && lwp_blob_blocks_register (cloud, error) && sweep_folder (cloud, error);
}

gboolean
lwp_container_create (LwpCloud *cloud, const char *account, const char *container)
{
  return lwp_store_run (lwp_cloud_get_store (cloud),
                        "INSERT INTO blob_containers (account, name, created_us) VALUES (?, ?, ?)"
                        " ON CONFLICT DO NOTHING",
                        "ssi", account, container, lwp_cloud_get_now_us (cloud))
         > 0;
}

gboolean
lwp_container_exists (LwpCloud *cloud, const char *account, const char *container)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_free);

  return lwp_store_query (lwp_cloud_get_store (cloud), add_name_cb, rows,
                          "SELECT name FROM blob_containers WHERE account = ? AND name = ?", "ss",
                          account, container)
         > 0;
}

gboolean
lwp_container_delete (LwpCloud *cloud, const char *account, const char *container)
{
  LwpStore *store = lwp_cloud_get_store (cloud);
  G_GNUC_UNUSED g_autoptr (LwpStoreTransaction) transaction
    = lwp_store_hold (store);

  lwp_store_run (store,
                 "INSERT OR IGNORE INTO blob_garbage SELECT file FROM blobs"
                 " WHERE account = ? AND container = ?",
                 "ss", account, container);
  lwp_store_run (store, "DELETE FROM blobs WHERE account = ? AND container = ?", "ss", account,
                 container);
  lwp_blob_blocks_forget (cloud, account, container, NULL);
  return lwp_store_run (store, "DELETE FROM blob_containers WHERE account = ? AND name = ?", "ss",
                        account, container)
         > 0;
}

GPtrArray *
lwp_container_list (LwpCloud *cloud, const char *account)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);

  lwp_store_query (lwp_cloud_get_store (cloud), add_name_cb, names,
                   "SELECT name FROM blob_containers WHERE account = ? ORDER BY name", "s",
                   account);
  return names;
}

void
lwp_blob_forget_account (LwpCloud *cloud, const char *account)
{
  g_autoptr (GPtrArray) names = lwp_container_list (cloud, account);

  for (guint i = 0; i < names->len; i++)
    lwp_container_delete (cloud, account, g_ptr_array_index (names, i));
}

LwpBlob *
lwp_blob_new (const char *name)
{
  LwpBlob *blob = g_new0 (LwpBlob, 1);

  blob->name = g_strdup (name);
  blob->kind = g_strdup ("BlockBlob");
  blob->file = g_strdup ("");
  blob->content_type = g_strdup ("application/octet-stream");
  blob->headers = json_object_new ();
  blob->metadata = json_object_new ();
  return blob;
}

void
lwp_blob_free (LwpBlob *blob)
{
  if (blob == NULL)
    return;
  g_free (blob->name);
  g_free (blob->kind);
  g_free (blob->file);
  g_free (blob->md5);
  g_free (blob->content_type);
  json_object_unref (blob->headers);
  json_object_unref (blob->metadata);
  g_free (blob);
}

char *
lwp_blob_dup_etag (const LwpBlob *blob)
{
  g_return_val_if_fail (blob != NULL, NULL);

  return g_strdup_printf ("0x%" G_GINT64_MODIFIER "X", (guint64) blob->etag);
}

static JsonObject *
object_from_text (const char *text)
{
  g_autoptr (JsonNode) node = json_from_string (text, NULL);

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return json_object_new ();
  return json_node_dup_object (node);
}

static char *
object_to_text (JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);

  return json_to_string (node, FALSE);
}

static void
set_text (char **member, sqlite3_stmt *row, int column)
{
  g_free (*member);
  *member = g_strdup ((const char *) sqlite3_column_text (row, column));
}

static void
add_blob_cb (sqlite3_stmt *row, gpointer blobs)
{
  LwpBlob *blob = lwp_blob_new (NULL);

  set_text (&blob->name, row, 0);
  set_text (&blob->kind, row, 1);
  set_text (&blob->file, row, 2);
  blob->size = (guint64) sqlite3_column_int64 (row, 3);
  set_text (&blob->md5, row, 4);
  blob->etag = sqlite3_column_int64 (row, 5);
  set_text (&blob->content_type, row, 6);
  json_object_unref (blob->headers);
  blob->headers = object_from_text ((const char *) sqlite3_column_text (row, 7));
  json_object_unref (blob->metadata);
  blob->metadata = object_from_text ((const char *) sqlite3_column_text (row, 8));
  blob->block_count = (guint) sqlite3_column_int64 (row, 9);
  blob->created_us = sqlite3_column_int64 (row, 10);
  blob->changed_us = sqlite3_column_int64 (row, 11);
  g_ptr_array_add (blobs, blob);
}

static GPtrArray *
blob_array_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) lwp_blob_free);
}

LwpBlob *
lwp_blob_load (LwpCloud *cloud, const LwpBlobKey *key)
{
  g_autoptr (GPtrArray) rows = blob_array_new ();

  lwp_store_query (lwp_cloud_get_store (cloud), add_blob_cb, rows,
                   "SELECT " BLOB_COLUMNS " FROM blobs"
                   " WHERE account = ? AND container = ? AND name = ?",
                   "sss", key->account, key->container, key->name);
  return rows->len == 0 ? NULL : g_ptr_array_steal_index (rows, 0);
}

int
lwp_blob_open (LwpCloud *cloud, const LwpBlobKey *key, LwpBlob **blob)
{
  /* Held, so that nobody collects the file between the look at its name and its opening. */
  G_GNUC_UNUSED g_autoptr (LwpStoreTransaction) transaction
    = lwp_store_hold (lwp_cloud_get_store (cloud));
  g_autoptr (LwpBlob) found = lwp_blob_load (cloud, key);
  g_autofree char *path = NULL;
  int fd;

  if (found == NULL)
    return -1;
  path = folder_path (cloud, found->file);
  fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  if (fd >= 0 && blob != NULL)
    *blob = g_steal_pointer (&found);
  return fd;
}

GBytes *
lwp_blob_dup_content (LwpCloud *cloud, const LwpBlobKey *key, gsize max_bytes, GError **error)
{
  g_autoptr (LwpBlob) blob = NULL;
  g_autofree char *buffer = NULL;
  gsize done = 0;
  int fd = lwp_blob_open (cloud, key, &blob);

  if (fd < 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "no blob %s", key->name);
      return NULL;
    }
  if (blob->size <= max_bytes)
    {
      buffer = g_malloc (MAX (blob->size, 1));
      while (done < blob->size)
        {
          gssize length = read (fd, buffer + done, blob->size - done);

          if (length <= 0 && !(length < 0 && errno == EINTR))
            break;
          done += (gsize) MAX (length, 0);
        }
    }
  (void) close (fd);
  if (buffer == NULL || done < blob->size)
    {
      g_set_error (error, G_IO_ERROR, buffer == NULL ? G_IO_ERROR_MESSAGE_TOO_LARGE
                                                     : G_IO_ERROR_FAILED,
                   "blob %s of %" G_GUINT64_FORMAT " bytes", key->name, blob->size);
      return NULL;
    }
  return g_bytes_new_take (g_steal_pointer (&buffer), done);
}

char *
lwp_blob_create_file (LwpCloud *cloud, int *fd, GError **error)
{
  g_autofree char *name = g_uuid_string_random ();
  g_autofree char *path = folder_path (cloud, name);

  collect_garbage (cloud);
  *fd = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (*fd < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s", g_strerror (errno));
      return NULL;
    }
  return g_steal_pointer (&name);
}

void
lwp_blob_discard_file (LwpCloud *cloud, const char *file)
{
  unlink_file (cloud, file);
}

/* Ticks of now; later than @after, however quickly one write follows another. */
static gint64
next_etag (LwpCloud *cloud, gint64 after)
{
  return MAX (lwp_cloud_get_now_us (cloud) * 10 + TICKS_AT_1970, after + 1);
}

static void
store_row (LwpCloud *cloud, const LwpBlobKey *key, LwpBlob *blob)
{
  g_autofree char *headers = object_to_text (blob->headers);
  g_autofree char *metadata = object_to_text (blob->metadata);

  blob->changed_us = lwp_cloud_get_now_us (cloud);
  lwp_store_run (lwp_cloud_get_store (cloud),
                 "INSERT OR REPLACE INTO blobs (account, container, " BLOB_COLUMNS ")"
                 " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                 "sssssisisssiii", key->account, key->container, key->name, blob->kind,
                 blob->file, (gint64) blob->size, blob->md5, blob->etag, blob->content_type,
                 headers, metadata, (gint64) blob->block_count, blob->created_us,
                 blob->changed_us);
}

void
lwp_blob_put_file (LwpCloud *cloud, const LwpBlobKey *key, LwpBlob *blob, char *file, guint64 size)
{
  LwpStore *store = lwp_cloud_get_store (cloud);
  G_GNUC_UNUSED g_autoptr (LwpStoreTransaction) transaction
    = lwp_store_hold (store);
  g_autoptr (LwpBlob) old = lwp_blob_load (cloud, key);

  if (!lwp_container_exists (cloud, key->account, key->container))
    {
      lwp_blob_discard_file (cloud, file);
      g_free (file);
      return;
    }
  if (old != NULL)
    lwp_store_run (store, "INSERT OR IGNORE INTO blob_garbage (file) VALUES (?)", "s", old->file);
  g_free (blob->file);
  blob->file = file;
  blob->size = size;
  blob->etag = next_etag (cloud, old == NULL ? 0 : old->etag);
  blob->created_us = old == NULL ? lwp_cloud_get_now_us (cloud) : old->created_us;
  store_row (cloud, key, blob);
}

static gboolean
write_all (int fd, const char *data, gsize size, gint64 offset, GError **error)
{
  gsize done = 0;

  while (done < size)
    {
      gssize length = pwrite (fd, data + done, size - done, (off_t) (offset + (gint64) done));

      if (length < 0 && errno == EINTR)
        continue;
      if (length < 0)
        {
          g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s",
                       g_strerror (errno));
          return FALSE;
        }
      done += (gsize) length;
    }
  return TRUE;
}

gboolean
lwp_blob_put_bytes (LwpCloud *cloud, const LwpBlobKey *key, LwpBlob *blob, GBytes *bytes,
                    GError **error)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  int fd;
  g_autofree char *file = lwp_blob_create_file (cloud, &fd, error);
  gboolean written;

  if (file == NULL)
    return FALSE;
  written = write_all (fd, data, size, 0, error) && fdatasync (fd) == 0;
  (void) close (fd);
  if (!written)
    {
      lwp_blob_discard_file (cloud, file);
      if (error != NULL && *error == NULL)
        g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "the disk refused the bytes");
      return FALSE;
    }
  lwp_blob_put_file (cloud, key, blob, g_steal_pointer (&file), size);
  return TRUE;
}

static gboolean
append_first (LwpCloud *cloud, const LwpBlobKey *key, const char *data, gsize size, GError **error)
{
  g_autoptr (LwpBlob) blob = lwp_blob_new (key->name);
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);

  g_free (blob->kind);
  blob->kind = g_strdup ("AppendBlob");
  g_free (blob->content_type);
  blob->content_type = g_strdup ("text/plain; charset=utf-8");
  blob->block_count = 1;
  return lwp_blob_put_bytes (cloud, key, blob, bytes, error);
}

gboolean
lwp_blob_append (LwpCloud *cloud, const LwpBlobKey *key, const char *data, gsize size,
                 GError **error)
{
  G_GNUC_UNUSED g_autoptr (LwpStoreTransaction) transaction
    = lwp_store_hold (lwp_cloud_get_store (cloud));
  g_autoptr (LwpBlob) blob = lwp_blob_load (cloud, key);
  g_autofree char *path = NULL;
  gboolean written;
  int fd;

  if (blob == NULL)
    return append_first (cloud, key, data, size, error);
  path = folder_path (cloud, blob->file);
  fd = g_open (path, O_WRONLY | O_CLOEXEC, 0);
  if (fd < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s", g_strerror (errno));
      return FALSE;
    }
  /* At the size that is told, not at the file's end: an append that died between file and row has
   * left bytes that never counted. */
  written = write_all (fd, data, size, (gint64) blob->size, error);
  (void) close (fd);
  if (!written)
    return FALSE;
  blob->size += size;
  blob->block_count++;
  blob->etag = next_etag (cloud, blob->etag);
  g_clear_pointer (&blob->md5, g_free);
  store_row (cloud, key, blob);
  return TRUE;
}

void
lwp_blob_save_description (LwpCloud *cloud, const LwpBlobKey *key, LwpBlob *blob)
{
  blob->etag = next_etag (cloud, blob->etag);
  store_row (cloud, key, blob);
}

gboolean
lwp_blob_delete (LwpCloud *cloud, const LwpBlobKey *key)
{
  LwpStore *store = lwp_cloud_get_store (cloud);
  G_GNUC_UNUSED g_autoptr (LwpStoreTransaction) transaction
    = lwp_store_hold (store);

  lwp_store_run (store,
                 "INSERT OR IGNORE INTO blob_garbage SELECT file FROM blobs"
                 " WHERE account = ? AND container = ? AND name = ?",
                 "sss", key->account, key->container, key->name);
  lwp_blob_blocks_forget (cloud, key->account, key->container, key->name);
  return lwp_store_run (store,
                        "DELETE FROM blobs WHERE account = ? AND container = ? AND name = ?",
                        "sss", key->account, key->container, key->name)
         > 0;
}

GPtrArray *
lwp_blob_list (LwpCloud *cloud, const char *account, const char *container, const char *prefix,
               const char *from, guint max)
{
  GPtrArray *blobs = blob_array_new ();

  /* The upper bound, the last character there is, keeps the search within the prefix. */
  lwp_store_query (lwp_cloud_get_store (cloud), add_blob_cb, blobs,
                   "SELECT " BLOB_COLUMNS " FROM blobs"
                   " WHERE account = ?1 AND container = ?2 AND name >= max(?3, ?4)"
                   " AND name < ?4 || char(1114111) ORDER BY name LIMIT ?5",
                   "ssssi", account, container, from, prefix, (gint64) max);
  return blobs;
}

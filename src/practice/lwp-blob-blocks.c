/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Blocks of block blobs. An uncommitted block is a file of its own. A committed one is a range of
 * the blob's file, remembered so that a later list can take it over. A plain Put Blob forgets
 * both, as the service does. Any thread. */

#include "lwp-blob-blocks.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#define COPY_BYTES (64 * 1024)

static const char *const tables[] = {
  "CREATE TABLE blob_blocks ("
  "  account TEXT NOT NULL, container TEXT NOT NULL, blob TEXT NOT NULL,"
  "  committed INTEGER NOT NULL, id TEXT NOT NULL, place INTEGER NOT NULL, file TEXT,"
  "  start INTEGER NOT NULL, size INTEGER NOT NULL,"
  "  PRIMARY KEY (account, container, blob, committed, place, id)) WITHOUT ROWID;"
  "CREATE INDEX blob_blocks_by_file ON blob_blocks (file);",
  NULL,
};

/* A place where the bytes of a block are. */
typedef struct
{
  char *file; /* owned */
  gint64 start;
  guint64 size;
} Piece;

static void
piece_free (gpointer data)
{
  Piece *piece = data;

  g_free (piece->file);
  g_free (piece);
}

LwpBlock *
lwp_block_new (const char *id, LwpBlockSource source)
{
  LwpBlock *block = g_new0 (LwpBlock, 1);

  block->id = g_strdup (id);
  block->source = source;
  return block;
}

void
lwp_block_free (LwpBlock *block)
{
  if (block == NULL)
    return;
  g_free (block->id);
  g_free (block);
}

gboolean
lwp_blob_blocks_register (LwpCloud *cloud, GError **error)
{
  return lwp_store_ensure (lwp_cloud_get_store (cloud), "blob blocks", tables, error);
}

static gboolean
write_file (int fd, GBytes *bytes)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  while (size > 0)
    {
      gssize length = write (fd, data, size);

      if (length < 0 && errno != EINTR)
        return FALSE;
      data += MAX (length, 0);
      size -= (gsize) MAX (length, 0);
    }
  return fdatasync (fd) == 0;
}

static gboolean
fail_errno (GError **error)
{
  int code = errno;

  g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (code), g_strerror (code));
  return FALSE;
}

gboolean
lwp_blob_blocks_stage (LwpCloud *cloud, const LwpBlobKey *key, const char *id, GBytes *bytes,
                       GError **error)
{
  LwpStore *store = lwp_cloud_get_store (cloud);
  int fd;
  g_autofree char *file = lwp_blob_create_file (cloud, &fd, error);
  gboolean written;

  if (file == NULL)
    return FALSE;
  written = write_file (fd, bytes) || fail_errno (error);
  (void) close (fd);
  if (!written)
    {
      lwp_blob_discard_file (cloud, file);
      return FALSE;
    }
  lwp_store_begin (store);
  lwp_store_run (store,
                 "INSERT OR IGNORE INTO blob_garbage SELECT file FROM blob_blocks WHERE account = ?"
                 " AND container = ? AND blob = ? AND committed = 0 AND id = ?",
                 "ssss", key->account, key->container, key->name, id);
  lwp_store_run (store,
                 "INSERT OR REPLACE INTO blob_blocks (account, container, blob, committed, id,"
                 " place, file, start, size) VALUES (?, ?, ?, 0, ?, 0, ?, 0, ?)",
                 "sssssi", key->account, key->container, key->name, id, file,
                 (gint64) g_bytes_get_size (bytes));
  lwp_store_commit (store);
  return TRUE;
}

static void
take_piece_cb (sqlite3_stmt *row, gpointer data)
{
  Piece **found = data;

  if (*found != NULL)
    return;
  *found = g_new0 (Piece, 1);
  (*found)->file = g_strdup ((const char *) sqlite3_column_text (row, 0));
  (*found)->start = sqlite3_column_int64 (row, 1);
  (*found)->size = (guint64) sqlite3_column_int64 (row, 2);
}

/* A committed block lies in the file of the blob as it is now. */
static Piece *
find_piece (LwpCloud *cloud, const LwpBlobKey *key, const LwpBlock *block, const LwpBlob *old)
{
  LwpStore *store = lwp_cloud_get_store (cloud);
  Piece *found = NULL;

  if (block->source != LWP_BLOCK_COMMITTED)
    lwp_store_query (store, take_piece_cb, &found,
                     "SELECT file, start, size FROM blob_blocks WHERE account = ?"
                     " AND container = ? AND blob = ? AND committed = 0 AND id = ?",
                     "ssss", key->account, key->container, key->name, block->id);
  if (found == NULL && block->source != LWP_BLOCK_UNCOMMITTED && old != NULL)
    {
      lwp_store_query (store, take_piece_cb, &found,
                       "SELECT file, start, size FROM blob_blocks WHERE account = ?"
                       " AND container = ? AND blob = ? AND committed = 1 AND id = ?",
                       "ssss", key->account, key->container, key->name, block->id);
      if (found != NULL)
        found->file = g_strdup (old->file);
    }
  return found;
}

static gboolean
copy_piece (LwpCloud *cloud, const Piece *piece, int target, GError **error)
{
  g_autofree char *path
      = g_build_filename (lwp_cloud_get_state_dir (cloud), "blobs", piece->file, NULL);
  g_autofree char *buffer = g_malloc (COPY_BYTES);
  guint64 done = 0;
  gboolean well = TRUE;
  int fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);

  if (fd < 0)
    return fail_errno (error);
  while (well && done < piece->size)
    {
      gsize wanted = (gsize) MIN (COPY_BYTES, piece->size - done);
      gssize length = pread (fd, buffer, wanted, (off_t) (piece->start + (gint64) done));

      well = length > 0 && write (target, buffer, (gsize) length) == length;
      done += (guint64) MAX (length, 0);
    }
  (void) close (fd);
  return well || fail_errno (error);
}

static GPtrArray *
find_pieces (LwpCloud *cloud, const LwpBlobKey *key, GPtrArray *blocks, GError **error)
{
  g_autoptr (GPtrArray) pieces = g_ptr_array_new_with_free_func (piece_free);
  g_autoptr (LwpBlob) old = lwp_blob_load (cloud, key);

  for (guint i = 0; i < blocks->len; i++)
    {
      LwpBlock *block = g_ptr_array_index (blocks, i);
      Piece *piece = find_piece (cloud, key, block, old);

      if (piece == NULL)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "no block %s", block->id);
          return NULL;
        }
      block->size = piece->size;
      g_ptr_array_add (pieces, piece);
    }
  return g_steal_pointer (&pieces);
}

/* The rows of the blob's blocks after a commit: ranges of its new file. */
static void
replace_rows (LwpCloud *cloud, const LwpBlobKey *key, GPtrArray *blocks)
{
  LwpStore *store = lwp_cloud_get_store (cloud);
  gint64 start = 0;

  lwp_blob_blocks_forget (cloud, key->account, key->container, key->name);
  for (guint i = 0; i < blocks->len; i++)
    {
      const LwpBlock *block = g_ptr_array_index (blocks, i);

      lwp_store_run (store,
                     "INSERT OR REPLACE INTO blob_blocks (account, container, blob, committed, id,"
                     " place, file, start, size) VALUES (?, ?, ?, 1, ?, ?, NULL, ?, ?)",
                     "ssssiii", key->account, key->container, key->name, block->id, (gint64) i,
                     start, (gint64) block->size);
      start += (gint64) block->size;
    }
}

gboolean
lwp_blob_blocks_commit (LwpCloud *cloud, const LwpBlobKey *key, LwpBlob *blob, GPtrArray *blocks,
                        GError **error)
{
  int fd;
  g_autofree char *file = lwp_blob_create_file (cloud, &fd, error);
  g_autoptr (GPtrArray) pieces = NULL;
  g_autoptr (LwpStoreTransaction) transaction = NULL;
  guint64 size = 0;
  gboolean well;

  if (file == NULL)
    return FALSE;
  /* Held while copying, so that the pieces stay what they are. */
  transaction = lwp_store_hold (lwp_cloud_get_store (cloud));
  pieces = find_pieces (cloud, key, blocks, error);
  well = pieces != NULL;
  for (guint i = 0; well && i < pieces->len; i++)
    {
      const Piece *piece = g_ptr_array_index (pieces, i);

      well = copy_piece (cloud, piece, fd, error);
      size += piece->size;
    }
  well = well && (fdatasync (fd) == 0 || fail_errno (error));
  (void) close (fd);
  if (!well)
    {
      lwp_blob_discard_file (cloud, file);
      return FALSE;
    }
  lwp_blob_put_file (cloud, key, blob, g_steal_pointer (&file), size);
  replace_rows (cloud, key, blocks);
  return TRUE;
}

static void
add_block_cb (sqlite3_stmt *row, gpointer blocks)
{
  LwpBlock *block
      = lwp_block_new ((const char *) sqlite3_column_text (row, 0), LWP_BLOCK_LATEST);

  block->size = (guint64) sqlite3_column_int64 (row, 1);
  g_ptr_array_add (blocks, block);
}

GPtrArray *
lwp_blob_blocks_list (LwpCloud *cloud, const LwpBlobKey *key, gboolean committed)
{
  GPtrArray *blocks = g_ptr_array_new_with_free_func ((GDestroyNotify) lwp_block_free);

  lwp_store_query (lwp_cloud_get_store (cloud), add_block_cb, blocks,
                   "SELECT id, size FROM blob_blocks WHERE account = ? AND container = ?"
                   " AND blob = ? AND committed = ? ORDER BY place, id",
                   "sssi", key->account, key->container, key->name, (gint64) committed);
  return blocks;
}

void
lwp_blob_blocks_forget (LwpCloud *cloud, const char *account, const char *container,
                        const char *name)
{
  LwpStore *store = lwp_cloud_get_store (cloud);
  G_GNUC_UNUSED g_autoptr (LwpStoreTransaction) transaction
    = lwp_store_hold (store);

  lwp_store_run (store,
                 "INSERT OR IGNORE INTO blob_garbage SELECT file FROM blob_blocks"
                 " WHERE file IS NOT NULL AND account = ?1 AND container = ?2"
                 " AND (?3 IS NULL OR blob = ?3)",
                 "sss", account, container, name);
  lwp_store_run (store,
                 "DELETE FROM blob_blocks WHERE account = ?1 AND container = ?2"
                 " AND (?3 IS NULL OR blob = ?3)",
                 "sss", account, container, name);
}

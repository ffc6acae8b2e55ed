/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Downloading a blob into a file. The pieces go to a temporary file beside the destination, which
 * takes its name only when everything has been checked and is on the disk: whoever looks sees the
 * old file or the new one, never a part. No state, any thread. */

#include "lw-blob-io.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "lw-error.h"

#define STATUS_OK 200
#define STATUS_PARTIAL 206
#define STATUS_NOT_FOUND 404
#define STATUS_PRECONDITION_FAILED 412
#define STATUS_RANGE_NOT_SATISFIABLE 416

/* How often a blob may be rewritten while it is read. */
#define MAX_RESTARTS 3

typedef struct
{
  char *name;      /* owned: of the destination, for messages */
  char *path;      /* owned: of the destination */
  char *temporary; /* owned, nullable: set while there is a file to be removed */
  int fd;
  GChecksum *checksum; /* owned */
  goffset length;
} Target;

static gboolean
fail_errno (const Target *target, GError **error)
{
  int code = errno;

  lw_error_propagate_file (
      error,
      g_error_new_literal (G_FILE_ERROR, (gint) g_file_error_from_errno (code), g_strerror (code)),
      target->name);
  return FALSE;
}

static gboolean
target_open (Target *self, GFile *destination, GError **error)
{
  g_autofree char *folder = NULL;

  self->fd = -1;
  self->name = g_file_get_basename (destination);
  self->path = g_file_get_path (destination);
  if (self->path == NULL)
    {
      g_set_error (error, LW_ERROR, LW_ERROR_FAILED, "%s: not a local file", self->name);
      return FALSE;
    }
  folder = g_path_get_dirname (self->path);
  self->temporary = g_build_filename (folder, ".labwalk-XXXXXX", NULL);
  self->fd = g_mkstemp_full (self->temporary, O_RDWR | O_CLOEXEC, 0666);
  if (self->fd < 0)
    {
      g_clear_pointer (&self->temporary, g_free);
      return fail_errno (self, error);
    }
  self->checksum = g_checksum_new (G_CHECKSUM_MD5);
  return TRUE;
}

/* What is left of a download that did not come to its end is removed. */
static void
target_clear (Target *self)
{
  if (self->fd >= 0)
    close (self->fd);
  if (self->temporary != NULL)
    g_unlink (self->temporary);
  g_free (self->name);
  g_free (self->path);
  g_free (self->temporary);
  g_clear_pointer (&self->checksum, g_checksum_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Target, target_clear)

static gboolean
target_restart (Target *self, GError **error)
{
  if (ftruncate (self->fd, 0) != 0 || lseek (self->fd, 0, SEEK_SET) != 0)
    return fail_errno (self, error);
  g_checksum_reset (self->checksum);
  self->length = 0;
  return TRUE;
}

static gboolean
target_write (Target *self, GBytes *data, GError **error)
{
  gsize length;
  const guint8 *p = g_bytes_get_data (data, &length);

  g_checksum_update (self->checksum, p, (gssize) length);
  self->length += (goffset) length;
  while (length > 0)
    {
      gssize n = write (self->fd, p, length);

      if (n < 0 && errno != EINTR)
        return fail_errno (self, error);
      if (n > 0)
        {
          p += n;
          length -= (gsize) n;
        }
    }
  return TRUE;
}

/* After a power cut the name must not stand for a file whose content did not reach the disk. */
static gboolean
target_commit (Target *self, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  int folder_fd;
  int fd = self->fd;

  if (fsync (fd) != 0)
    return fail_errno (self, error);
  self->fd = -1;
  if (close (fd) != 0 || g_rename (self->temporary, self->path) != 0)
    return fail_errno (self, error);
  g_clear_pointer (&self->temporary, g_free);
  /* Not every file system can sync a folder; the file itself is safe then, too. */
  folder_fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder_fd >= 0)
    {
      (void) fsync (folder_fd);
      close (folder_fd);
    }
  return TRUE;
}

static gboolean
check (const Target *self, goffset total, const char *md5, GError **error)
{
  char ours[LW_BLOB_MD5_LENGTH];

  if (self->length != total)
    {
      g_set_error (error, LW_ERROR, LW_ERROR_MALFORMED,
                   "%s: %" G_GOFFSET_FORMAT " bytes in place of %" G_GOFFSET_FORMAT, self->name,
                   self->length, total);
      return FALSE;
    }
  if (md5 == NULL)
    return TRUE;
  lw_blob_io_checksum_md5 (self->checksum, ours);
  if (strcmp (ours, md5) == 0)
    return TRUE;
  g_set_error (error, LW_ERROR, LW_ERROR_MALFORMED, "%s: wrong MD5", self->name);
  return FALSE;
}

static gboolean
fail_not_found (const Target *self, GError **error)
{
  g_set_error (error, LW_AZURE_ERROR, LW_AZURE_ERROR_NOT_FOUND, "%s: the blob does not exist",
               self->name);
  return FALSE;
}

/* Reads one version of the blob from beginning to end. @rewritten: it is another one now. */
static gboolean
read_version (LwHttp *http, const char *url, Target *target, gboolean *rewritten,
              GCancellable *cancellable, GError **error)
{
  g_autofree char *etag = NULL;
  g_autofree char *md5 = NULL;
  goffset total = -1;

  *rewritten = FALSE;
  do
    {
      g_auto (LwBlobPiece) piece = { 0 };

      if (!lw_blob_io_read_piece (http, url, target->length, LW_BLOB_BLOCK_SIZE, etag, &piece,
                                  cancellable, error))
        return FALSE;
      if (piece.status == STATUS_NOT_FOUND)
        return fail_not_found (target, error);
      *rewritten = piece.status == STATUS_PRECONDITION_FAILED
                   || (target->length > 0 && piece.status != STATUS_PARTIAL);
      if (*rewritten)
        return TRUE;
      if (piece.status == STATUS_RANGE_NOT_SATISFIABLE)
        return check (target, MAX (piece.total, 0), NULL, error);
      if (total < 0)
        {
          total = piece.total;
          etag = g_steal_pointer (&piece.etag);
          md5 = g_steal_pointer (&piece.md5);
        }
      if (total < 0 || total > LW_BLOB_MAX_DOWNLOAD)
        {
          g_set_error (error, LW_ERROR, total < 0 ? LW_ERROR_MALFORMED : LW_ERROR_TOO_LARGE,
                       "%s: %" G_GOFFSET_FORMAT " bytes", target->name, total);
          return FALSE;
        }
      if (!target_write (target, piece.data, error))
        return FALSE;
      if (g_bytes_get_size (piece.data) == 0)
        break;
    }
  while (target->length < total);
  return check (target, total, md5, error);
}

gboolean
lw_blob_io_download (LwHttp *http, const char *url, GFile *destination, goffset *downloaded,
                     GCancellable *cancellable, GError **error)
{
  g_auto (Target) target = { 0 };
  gboolean rewritten = TRUE;

  if (!target_open (&target, destination, error))
    return FALSE;
  for (guint i = 0; rewritten && i <= MAX_RESTARTS; i++)
    if (!target_restart (&target, error)
        || !read_version (http, url, &target, &rewritten, cancellable, error))
      return FALSE;
  if (rewritten)
    {
      g_set_error (error, LW_ERROR, LW_ERROR_INTERRUPTED, "%s: rewritten again and again",
                   target.name);
      return FALSE;
    }
  if (!target_commit (&target, error))
    return FALSE;
  if (downloaded != NULL)
    *downloaded = target.length;
  return TRUE;
}

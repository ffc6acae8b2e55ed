/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Files of ours that must be whole at any moment. No state; any thread, but one writer of a path at
 * a time. */

#include "lw-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lw-error.h"

#define PRIVATE_MODE 0600

void
lw_file_set_error_from_errno (GError **error, const char *path, int saved_errno)
{
  LwError code;

  switch (saved_errno)
    {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      code = LW_ERROR_NO_SPACE;
      break;
    case EACCES:
    case EPERM:
    case EROFS:
    case ELOOP:
      code = LW_ERROR_DENIED;
      break;
    default:
      code = LW_ERROR_FAILED;
      break;
    }
  g_set_error (error, LW_ERROR, code, "%s: %s", path, g_strerror (saved_errno));
}

static void
set_error_from_gio (GError **error, GError *cause)
{
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    g_propagate_error (error, g_steal_pointer (&cause));
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    g_set_error_literal (error, LW_ERROR, LW_ERROR_DENIED, cause->message);
  else
    g_set_error_literal (error, LW_ERROR, LW_ERROR_FAILED, cause->message);
  g_clear_error (&cause);
}

GBytes *
lw_file_read (GFile *file, gsize max_size, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GFileInputStream) stream = NULL;
  g_autofree guint8 *data = NULL;
  gsize length = 0;

  g_return_val_if_fail (G_IS_FILE (file), NULL);

  stream = g_file_read (file, NULL, &local);
  /* One byte more than allowed tells a file that is too large from one that just fits. */
  data = g_malloc (max_size + 1);
  if (stream == NULL
      || !g_input_stream_read_all (G_INPUT_STREAM (stream), data, max_size + 1, &length, NULL,
                                   &local))
    {
      set_error_from_gio (error, g_steal_pointer (&local));
      return NULL;
    }
  if (length > max_size)
    {
      g_set_error (error, LW_ERROR, LW_ERROR_TOO_LARGE,
                   "%s is larger than %" G_GSIZE_FORMAT " bytes", g_file_peek_path (file),
                   max_size);
      return NULL;
    }
  return g_bytes_new (data, length);
}

static gboolean
write_all (int fd, const char *data, gsize length)
{
  while (length > 0)
    {
      gssize written = write (fd, data, length);

      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        return FALSE;
      data += written;
      length -= (gsize) written;
    }
  return TRUE;
}

/* Some file systems tell only at close that there was no room (NFS, quotas). */
static gboolean
write_new (const char *path, const char *data, gsize length)
{
  int fd = open (path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, PRIVATE_MODE);
  gboolean ok;
  int saved_errno;

  if (fd < 0)
    return FALSE;
  ok = fchmod (fd, PRIVATE_MODE) == 0 && write_all (fd, data, length) && fsync (fd) == 0;
  saved_errno = errno;
  if (close (fd) != 0 && ok)
    return FALSE;
  errno = saved_errno;
  return ok;
}

/* A folder that cannot be synced (some network file systems refuse) is not a failed write: the
 * rename itself has been done. */
static void
sync_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0)
    return;
  fsync (fd);
  close (fd);
}

gboolean
lw_file_replace (const char *path, const char *data, gsize length, GError **error)
{
  g_autofree char *new_path = NULL;

  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (data != NULL || length == 0, FALSE);

  new_path = g_strconcat (path, ".new", NULL);
  if (!write_new (new_path, data, length) || rename (new_path, path) != 0)
    {
      int saved_errno = errno;

      unlink (new_path);
      lw_file_set_error_from_errno (error, path, saved_errno);
      return FALSE;
    }
  sync_folder (path);
  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Local files: reading with a limit, writing whole or not at all, the system's errors as ours. No
 * state: any thread but the main one. */

#include "lw-local-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lw-error.h"

/* One read; a cancel is seen between two of them. */
#define CHUNK (1024 * 1024)

void
lw_local_file_set_error (GError **error, int code, const char *what)
{
  LwError our = LW_ERROR_FAILED;

  if (code == ENOENT || code == ENOTDIR)
    our = LW_ERROR_NOT_FOUND;
  else if (code == EACCES || code == EPERM || code == EROFS)
    our = LW_ERROR_DENIED;
  else if (code == ENOSPC || code == EDQUOT)
    our = LW_ERROR_NO_SPACE;
  else if (code == EFBIG)
    our = LW_ERROR_TOO_LARGE;
  g_set_error (error, LW_ERROR, our, "%s: %s", what, g_strerror (code));
}

static gboolean
read_all (int fd, const char *path, gsize max_size, GByteArray *into, GCancellable *cancellable,
          GError **error)
{
  for (;;)
    {
      guint before = into->len;
      gssize n;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      g_byte_array_set_size (into, before + CHUNK);
      do
        n = read (fd, into->data + before, CHUNK);
      while (n < 0 && errno == EINTR);
      if (n < 0)
        {
          lw_local_file_set_error (error, errno, path);
          return FALSE;
        }
      g_byte_array_set_size (into, before + (guint) n);
      if (into->len > max_size)
        {
          lw_local_file_set_error (error, EFBIG, path);
          return FALSE;
        }
      if (n == 0)
        return TRUE;
    }
}

static gboolean
check_regular (int fd, const char *path, GError **error)
{
  struct stat info;

  if (fstat (fd, &info) != 0)
    {
      lw_local_file_set_error (error, errno, path);
      return FALSE;
    }
  if (!S_ISREG (info.st_mode))
    {
      g_set_error (error, LW_ERROR, LW_ERROR_NOT_FOUND, "%s: no regular file", path);
      return FALSE;
    }
  return TRUE;
}

GBytes *
lw_local_file_load (const char *path, gsize max_size, GCancellable *cancellable, GError **error)
{
  GByteArray *bytes;
  int fd;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (max_size <= G_MAXINT32 - CHUNK, NULL);

  /* A pipe in place of a file must not hold us up. */
  fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0)
    {
      lw_local_file_set_error (error, errno, path);
      return NULL;
    }
  bytes = g_byte_array_new ();
  if (!check_regular (fd, path, error) ||
      !read_all (fd, path, max_size, bytes, cancellable, error))
    g_clear_pointer (&bytes, g_byte_array_unref);
  close (fd);
  return bytes != NULL ? g_byte_array_free_to_bytes (bytes) : NULL;
}

gboolean
lw_local_file_save (const char *path, const char *data, gsize length, GError **error)
{
  static const struct
  {
    GFileError error;
    int code;
  } codes[] = {
    { G_FILE_ERROR_NOSPC, ENOSPC }, { G_FILE_ERROR_ACCES, EACCES },
    { G_FILE_ERROR_PERM, EPERM },   { G_FILE_ERROR_ROFS, EROFS },
    { G_FILE_ERROR_NOENT, ENOENT }, { G_FILE_ERROR_NOTDIR, ENOTDIR },
  };
  g_autoptr (GError) local = NULL;
  struct stat info;
  int mode = 0644;
  int code = EIO;

  g_return_val_if_fail (path != NULL, FALSE);

  if (g_stat (path, &info) == 0)
    mode = (int) (info.st_mode & 0777);
  if (g_file_set_contents_full (path, data, (gssize) length,
                                G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, mode,
                                &local))
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      if (g_error_matches (local, G_FILE_ERROR, codes[i].error))
        code = codes[i].code;
    }
  lw_local_file_set_error (error, code, path);
  return FALSE;
}

gboolean
lw_local_file_make_folder (const char *path, GError **error)
{
  g_return_val_if_fail (path != NULL, FALSE);

  if (g_mkdir_with_parents (path, 0755) == 0)
    return TRUE;
  lw_local_file_set_error (error, errno, path);
  return FALSE;
}

gboolean
lw_local_file_is_inside (const char *path)
{
  g_auto (GStrv) parts = NULL;

  if (*path == '\0' || strchr (path, '\\') != NULL)
    return FALSE;
  parts = g_strsplit (path, "/", -1);
  for (gsize i = 0; parts[i] != NULL; i++)
    {
      if (*parts[i] == '\0' || strcmp (parts[i], ".") == 0 || strcmp (parts[i], "..") == 0)
        return FALSE;
    }
  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Unpacking an archive from outside. libarchive reads it; writing is done here, because
 * libarchive's checks against paths that leave a folder only work from the process's current
 * folder, which threads share. Only regular files and folders are made, in a fresh folder that
 * holds no link, each file as a new one, and that folder gets its name once all is well. No state
 * outlives the call: any thread but the main one. */

#include "lw-archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lw-error.h"
#include "lw-local-file.h"

#define BLOCK_SIZE (64 * 1024)

/* Longer paths and deeper folders are no lab. */
#define MAX_PATH 1024
#define MAX_PARTS 32

typedef struct
{
  struct archive *archive; /* owned */
  const LwArchiveOptions *options;
  char *folder;            /* owned: the unfinished folder */
  GCancellable *cancellable;
  LwArchiveSummary summary;
  guint n_entries;
  goffset n_seen; /* bytes unpacked, also of what is left out */
} Unpack;

typedef struct archive ArchiveReader;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ArchiveReader, archive_read_free)

static gboolean
set_malformed (GError **error, const char *path, const char *what)
{
  g_set_error (error, LW_ERROR, LW_ERROR_MALFORMED, "%s: %s", path, what);
  return FALSE;
}

static gboolean
set_archive_error (const Unpack *self, GError **error)
{
  const char *message = archive_error_string (self->archive);

  g_set_error (error, LW_ERROR, LW_ERROR_MALFORMED, "%s",
               message != NULL ? message : "broken archive");
  return FALSE;
}

static gboolean
set_too_large (GError **error, const char *what)
{
  g_set_error (error, LW_ERROR, LW_ERROR_TOO_LARGE, "%s", what);
  return FALSE;
}

static gboolean
count_bytes (Unpack *self, gsize n, GError **error)
{
  self->n_seen += (goffset) n;
  if (self->n_seen > self->options->max_total)
    return set_too_large (error, "the archive unpacks to more than its limit");
  return !g_cancellable_set_error_if_cancelled (self->cancellable, error);
}

/* Paths */

static char *
dup_entry_path (struct archive_entry *entry)
{
  const char *path = archive_entry_pathname_utf8 (entry);

  if (path == NULL)
    path = archive_entry_pathname (entry);
  if (path == NULL || !g_utf8_validate (path, -1, NULL))
    return NULL;
  /* A folder's slash, and "./" at the front, mean nothing. */
  while (g_str_has_prefix (path, "./"))
    path += 2;
  return g_strndup (path, strlen (path) - (g_str_has_suffix (path, "/") ? 1 : 0));
}

static gboolean
check_path (const char *path, GError **error)
{
  guint parts = 1;

  for (const char *p = path; *p != '\0'; p++)
    parts += *p == '/';
  if (strlen (path) > MAX_PATH || parts > MAX_PARTS)
    return set_malformed (error, "path", "too long");
  if (!lw_local_file_is_inside (path))
    return set_malformed (error, path, "leaves its folder");
  return TRUE;
}

/* Where the entry goes below the folder. Returns: (nullable): %NULL for nowhere */
static const char *
map_path (const Unpack *self, const char *path)
{
  const char *only = self->options->only;

  for (guint i = 0; i < self->options->strip; i++)
    {
      path = strchr (path, '/');
      if (path == NULL)
        return NULL;
      path++;
    }
  if (only == NULL)
    return path;
  if (!g_str_has_prefix (path, only) || path[strlen (only)] != '/')
    return NULL;
  return path + strlen (only) + 1;
}

/* One entry */

static gboolean
write_block (int fd, const char *path, const char *data, gsize length, GError **error)
{
  while (length > 0)
    {
      gssize n = write (fd, data, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          lw_local_file_set_error (error, errno, path);
          return FALSE;
        }
      data += n;
      length -= (gsize) n;
    }
  return TRUE;
}

/* Reads the entry's bytes into @fd, or past them when it is negative. */
static gboolean
pump (Unpack *self, int fd, const char *path, GError **error)
{
  g_autofree char *block = g_malloc (BLOCK_SIZE);

  for (;;)
    {
      la_ssize_t n = archive_read_data (self->archive, block, BLOCK_SIZE);

      if (n < 0)
        return set_archive_error (self, error);
      if (n == 0)
        return TRUE;
      if (!count_bytes (self, (gsize) n, error))
        return FALSE;
      if (fd < 0)
        continue;
      self->summary.n_bytes += n;
      if (!write_block (fd, path, block, (gsize) n, error))
        return FALSE;
    }
}

static gboolean
write_entry (Unpack *self, const char *path, gboolean executable, GError **error)
{
  g_autofree char *full = g_build_filename (self->folder, path, NULL);
  g_autofree char *parent = g_path_get_dirname (full);
  gboolean done;
  int fd;

  if (g_mkdir_with_parents (parent, 0755) != 0 && (errno == ENOTDIR || errno == EEXIST))
    return set_malformed (error, path, "a folder and a file");
  fd = open (full, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, executable ? 0755 : 0644);
  if (fd < 0 && (errno == EEXIST || errno == EISDIR))
    return set_malformed (error, path, "is there twice");
  if (fd < 0)
    {
      lw_local_file_set_error (error, errno, path);
      return FALSE;
    }
  done = pump (self, fd, path, error);
  if (close (fd) != 0 && done)
    {
      lw_local_file_set_error (error, errno, path);
      return FALSE;
    }
  self->summary.n_files++;
  return done;
}

static gboolean
unpack_entry (Unpack *self, struct archive_entry *entry, GError **error)
{
  g_autofree char *path = dup_entry_path (entry);
  const char *target;
  gboolean linked = archive_entry_hardlink (entry) != NULL;

  if (path == NULL)
    return set_malformed (error, "path", "no UTF-8");
  if (*path == '\0' || strcmp (path, ".") == 0)
    return TRUE;
  if (!check_path (path, error))
    return FALSE;
  target = map_path (self, path);
  if (archive_entry_filetype (entry) == AE_IFDIR)
    return TRUE;
  if (target == NULL || linked || archive_entry_filetype (entry) != AE_IFREG)
    {
      self->summary.n_skipped += target != NULL;
      return pump (self, -1, path, error);
    }
  return write_entry (self, target, (archive_entry_mode (entry) & S_IXUSR) != 0, error);
}

/* The archive */

static gboolean
open_archive (Unpack *self, const char *path, GError **error)
{
  /* Not left to libarchive, whose errors do not tell a missing file from a broken one. */
  if (g_access (path, R_OK) != 0)
    {
      lw_local_file_set_error (error, errno, path);
      return FALSE;
    }
  archive_read_support_filter_gzip (self->archive);
  archive_read_support_format_tar (self->archive);
  archive_read_support_format_zip (self->archive);
  if (archive_read_open_filename (self->archive, path, BLOCK_SIZE) != ARCHIVE_OK)
    return set_archive_error (self, error);
  return TRUE;
}

static gboolean
unpack_all (Unpack *self, GError **error)
{
  struct archive_entry *entry;
  int status;

  while ((status = archive_read_next_header (self->archive, &entry)) == ARCHIVE_OK ||
         status == ARCHIVE_WARN)
    {
      if (++self->n_entries > self->options->max_entries)
        return set_too_large (error, "the archive has more entries than its limit");
      if (g_cancellable_set_error_if_cancelled (self->cancellable, error) ||
          !unpack_entry (self, entry, error))
        return FALSE;
    }
  if (status != ARCHIVE_EOF)
    return set_archive_error (self, error);
  if (self->summary.n_files == 0)
    {
      g_set_error_literal (error, LW_ERROR, LW_ERROR_NOT_FOUND, "nothing to unpack");
      return FALSE;
    }
  return TRUE;
}

/* The unfinished folder holds only what was made here: files and folders, no links. */
static void
remove_tree (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_unlink (path) != 0)
        remove_tree (path);
    }
  g_rmdir (folder);
}

static gboolean
make_folder (Unpack *self, const char *folder, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (folder);

  if (g_file_test (folder, G_FILE_TEST_EXISTS) || g_file_test (folder, G_FILE_TEST_IS_SYMLINK))
    {
      lw_local_file_set_error (error, EEXIST, folder);
      return FALSE;
    }
  if (!lw_local_file_make_folder (parent, error))
    return FALSE;
  self->folder = g_strconcat (folder, ".XXXXXX", NULL);
  if (g_mkdtemp_full (self->folder, 0755) != NULL)
    return TRUE;
  lw_local_file_set_error (error, errno, parent);
  g_clear_pointer (&self->folder, g_free);
  return FALSE;
}

static gboolean
finish_folder (Unpack *self, const char *folder, GError **error)
{
  if (g_rename (self->folder, folder) == 0)
    return TRUE;
  lw_local_file_set_error (error, errno, folder);
  return FALSE;
}

gboolean
lw_archive_unpack (const char *archive, const char *folder, const LwArchiveOptions *options,
                   LwArchiveSummary *summary, GCancellable *cancellable, GError **error)
{
  LwArchiveOptions limits = { 0 };
  g_autoptr (ArchiveReader) reader = archive_read_new ();
  Unpack self = { .archive = reader, .options = &limits, .cancellable = cancellable };
  /* libarchive takes names by the locale of the thread, and ours are UTF-8 whatever that is. */
  locale_t utf8 = newlocale (LC_CTYPE_MASK, "C.UTF-8", (locale_t) 0);
  locale_t before = utf8 != (locale_t) 0 ? uselocale (utf8) : (locale_t) 0;
  gboolean done;

  g_return_val_if_fail (archive != NULL && folder != NULL, FALSE);

  if (options != NULL)
    limits = *options;
  if (limits.max_entries == 0)
    limits.max_entries = LW_ARCHIVE_MAX_ENTRIES;
  if (limits.max_total == 0)
    limits.max_total = LW_ARCHIVE_MAX_TOTAL;
  done = open_archive (&self, archive, error) && make_folder (&self, folder, error) &&
         unpack_all (&self, error) && finish_folder (&self, folder, error);
  if (!done && self.folder != NULL)
    remove_tree (self.folder);
  g_free (self.folder);
  if (utf8 != (locale_t) 0)
    {
      uselocale (before);
      freelocale (utf8);
    }
  if (done && summary != NULL)
    *summary = self.summary;
  return done;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The files of a job: its code out of the blob store, its outputs into it. Everything is bounded,
 * and nothing follows a symbolic link: a job may make any. Used by the thread that runs the job. */

#include "lwp-job-files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_DEPTH 32
#define COPY_BYTES (64 * 1024)
#define SETTLE_US G_USEC_PER_SEC
/* Descriptors that nftw() may hold open at the same time. */
#define WALK_DESCRIPTORS 16

struct _LwpJobCollector
{
  LwpCloud *cloud;   /* borrowed */
  char *directory;   /* owned */
  char *account;     /* owned */
  char *container;   /* owned */
  char *prefix;      /* owned */
  GHashTable *known; /* owned; relative name to "size time" */
  guint64 bytes;     /* of the walk under way */
  guint files;
  gboolean all;
};

static gboolean
is_safe_name (const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name, "/", -1);

  for (gsize i = 0; parts[i] != NULL; i++)
    if (*parts[i] == '\0' || g_str_equal (parts[i], ".") || g_str_equal (parts[i], ".."))
      return FALSE;
  return TRUE;
}

static gboolean
write_file (LwpCloud *cloud, const LwpBlobKey *key, const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GBytes) bytes = lwp_blob_dup_content (cloud, key, LWP_JOB_MAX_CODE_BYTES, error);
  gsize size;
  const char *data;

  if (bytes == NULL)
    return FALSE;
  data = g_bytes_get_data (bytes, &size);
  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s", g_strerror (errno));
      return FALSE;
    }
  /* Executable, as everything is that Azure mounts. */
  return g_file_set_contents_full (path, data == NULL ? "" : data, (gssize) size,
                                   G_FILE_SET_CONTENTS_NONE, 0700, error);
}

static gboolean
unpack_one (LwpCloud *cloud, const LwpBlobKey *key, const char *relative, const char *directory,
            GError **error)
{
  g_autofree char *path = g_build_filename (directory, relative, NULL);

  if (!is_safe_name (relative))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME,
                   "the file name \"%s\" leads out of the folder", relative);
      return FALSE;
    }
  return write_file (cloud, key, path, error);
}

gboolean
lwp_job_files_unpack (LwpCloud *cloud, const char *account, const char *container,
                      const char *prefix, const char *directory, GError **error)
{
  g_autoptr (GPtrArray) blobs
      = lwp_blob_list (cloud, account, container, prefix, "", LWP_JOB_MAX_CODE_FILES + 1);
  guint64 bytes = 0;

  if (blobs->len == 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "there are no files in %s/%s",
                   container, prefix);
      return FALSE;
    }
  for (guint i = 0; i < blobs->len; i++)
    bytes += ((const LwpBlob *) g_ptr_array_index (blobs, i))->size;
  if (bytes > LWP_JOB_MAX_CODE_BYTES || blobs->len > LWP_JOB_MAX_CODE_FILES)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                   "there are more than %d files or %" G_GUINT64_FORMAT " MiB",
                   LWP_JOB_MAX_CODE_FILES, LWP_JOB_MAX_CODE_BYTES / (1024 * 1024));
      return FALSE;
    }
  for (guint i = 0; i < blobs->len; i++)
    {
      const LwpBlob *blob = g_ptr_array_index (blobs, i);
      LwpBlobKey key = { account, container, blob->name };

      if (!unpack_one (cloud, &key, blob->name + strlen (prefix), directory, error))
        return FALSE;
    }
  return TRUE;
}

LwpJobCollector *
lwp_job_collector_new (LwpCloud *cloud, const char *directory, const LwpBlobKey *key)
{
  LwpJobCollector *self = g_new0 (LwpJobCollector, 1);

  self->cloud = cloud;
  self->directory = g_strdup (directory);
  self->account = g_strdup (key->account);
  self->container = g_strdup (key->container);
  self->prefix = g_strdup (key->name);
  self->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
lwp_job_collector_free (LwpJobCollector *self)
{
  if (self == NULL)
    return;
  g_free (self->directory);
  g_free (self->account);
  g_free (self->container);
  g_free (self->prefix);
  g_hash_table_unref (self->known);
  g_free (self);
}

static const char *
guess_type (const char *name)
{
  static const char *const types[][2] = {
    { ".png", "image/png" },       { ".jpg", "image/jpeg" },       { ".jpeg", "image/jpeg" },
    { ".svg", "image/svg+xml" },   { ".json", "application/json" }, { ".csv", "text/csv" },
    { ".txt", "text/plain" },      { ".log", "text/plain" },        { ".html", "text/html" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_has_suffix (name, types[i][0]))
      return types[i][1];
  return "application/octet-stream";
}

/* Copies what is in @from now, in pieces: an output may be large. */
static gboolean
copy_bytes (int from, int to, GChecksum *checksum, guint64 *size)
{
  g_autofree guchar *buffer = g_malloc (COPY_BYTES);
  gssize length;

  for (*size = 0; (length = pread (from, buffer, COPY_BYTES, (off_t) *size)) > 0;
       *size += (guint64) length)
    {
      g_checksum_update (checksum, buffer, length);
      if (*size + (guint64) length > LWP_JOB_MAX_OUTPUT_BYTES
          || write (to, buffer, (gsize) length) != length)
        return FALSE;
    }
  return length == 0 && fdatasync (to) == 0;
}

static gboolean
upload (LwpJobCollector *self, const char *relative, int fd, GError **error)
{
  g_autofree char *name = g_strconcat (self->prefix, relative, NULL);
  LwpBlobKey key = { self->account, self->container, name };
  g_autoptr (LwpBlob) blob = lwp_blob_new (name);
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_MD5);
  int target;
  g_autofree char *file = lwp_blob_create_file (self->cloud, &target, error);
  guint8 digest[16];
  gsize digest_size = sizeof digest;
  guint64 size;
  gboolean copied;

  if (file == NULL)
    return FALSE;
  copied = copy_bytes (fd, target, checksum, &size);
  (void) close (target);
  if (!copied)
    {
      lwp_blob_discard_file (self->cloud, file);
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s could not be stored", relative);
      return FALSE;
    }
  g_checksum_get_digest (checksum, digest, &digest_size);
  blob->md5 = g_base64_encode (digest, digest_size);
  g_free (blob->content_type);
  blob->content_type = g_strdup (guess_type (relative));
  lwp_blob_put_file (self->cloud, &key, blob, g_steal_pointer (&file), size);
  return TRUE;
}

static gboolean
collect_file (LwpJobCollector *self, int folder, const char *name, const char *relative,
              GError **error)
{
  int fd = openat (folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  struct stat info;
  g_autofree char *mark = NULL;
  gint64 changed_us;
  gboolean good = TRUE;

  if (fd < 0)
    return TRUE;
  if (fstat (fd, &info) == 0 && S_ISREG (info.st_mode))
    {
      changed_us = (gint64) info.st_mtim.tv_sec * G_USEC_PER_SEC + info.st_mtim.tv_nsec / 1000;
      mark = g_strdup_printf ("%lld %" G_GINT64_FORMAT, (long long) info.st_size, changed_us);
      self->bytes += (guint64) info.st_size;
      self->files++;
      if (self->bytes <= LWP_JOB_MAX_OUTPUT_BYTES
          && g_strcmp0 (g_hash_table_lookup (self->known, relative), mark) != 0
          && (self->all || changed_us + SETTLE_US < g_get_real_time ()))
        {
          good = upload (self, relative, fd, error);
          g_hash_table_replace (self->known, g_strdup (relative), g_steal_pointer (&mark));
        }
    }
  (void) close (fd);
  return good;
}

static gboolean collect_folder (LwpJobCollector *self, int fd, const char *relative, guint depth,
                                GError **error);

static gboolean
collect_entry (LwpJobCollector *self, int folder, const struct dirent *entry, const char *relative,
               guint depth, GError **error)
{
  struct stat info;
  int fd;

  if (fstatat (folder, entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0)
    return TRUE;
  if (!S_ISDIR (info.st_mode))
    return collect_file (self, folder, entry->d_name, relative, error);
  fd = openat (folder, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  return fd < 0 || depth >= MAX_DEPTH || collect_folder (self, fd, relative, depth + 1, error);
}

/* Takes @fd. */
static gboolean
collect_folder (LwpJobCollector *self, int fd, const char *relative, guint depth, GError **error)
{
  DIR *folder = fdopendir (fd);
  struct dirent *entry;
  gboolean good = TRUE;

  if (folder == NULL)
    {
      (void) close (fd);
      return TRUE;
    }
  while (good && self->files <= LWP_JOB_MAX_OUTPUT_FILES && (entry = readdir (folder)) != NULL)
    {
      g_autofree char *path
          = g_strdup_printf ("%s%s%s", relative, *relative == '\0' ? "" : "/", entry->d_name);

      if (g_str_equal (entry->d_name, ".") || g_str_equal (entry->d_name, "..")
          || !g_utf8_validate (entry->d_name, -1, NULL))
        continue;
      good = collect_entry (self, fd, entry, path, depth, error);
    }
  (void) closedir (folder);
  return good;
}

gboolean
lwp_job_collector_collect (LwpJobCollector *self, gboolean all, GError **error)
{
  int fd = g_open (self->directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);

  if (fd < 0)
    return TRUE;
  self->bytes = 0;
  self->files = 0;
  self->all = all;
  if (!collect_folder (self, fd, "", 0, error))
    return FALSE;
  if (self->bytes <= LWP_JOB_MAX_OUTPUT_BYTES && self->files <= LWP_JOB_MAX_OUTPUT_FILES)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
               "the job has written more than %" G_GUINT64_FORMAT " MiB or %d files",
               LWP_JOB_MAX_OUTPUT_BYTES / (1024 * 1024), LWP_JOB_MAX_OUTPUT_FILES);
  return FALSE;
}

/* Before a folder is entered: a job may have made one that not even it can write to. */
static int
open_up_cb (const char *path, const struct stat *info, int type, struct FTW *place)
{
  if (type == FTW_D || type == FTW_DNR)
    (void) g_chmod (path, 0700);
  return 0;
}

static int
remove_cb (const char *path, const struct stat *info, int type, struct FTW *place)
{
  /* What cannot be removed is left; the next start tries again. */
  (void) remove (path);
  return 0;
}

void
lwp_job_files_remove (const char *directory)
{
  (void) nftw (directory, open_up_cb, WALK_DESCRIPTORS, FTW_PHYS | FTW_MOUNT);
  (void) nftw (directory, remove_cb, WALK_DESCRIPTORS, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

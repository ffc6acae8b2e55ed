/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The lab's material in the person's work folder. What a person changed is theirs: it is only
 * replaced when they said so. No state: any thread but the main one. */

#include "lw-lab-files.h"

#include <errno.h>
#include <string.h>

#include "lw-error.h"
#include "lw-local-file.h"

/* The folder in the person's home. */
#define DEFAULT_FOLDER "Labwalk"

void
lw_lab_file_free (LwLabFile *self)
{
  if (self == NULL)
    return;
  g_free (self->path);
  g_free (self);
}

char *
lw_lab_files_dup_default_folder (void)
{
  return g_build_filename (g_get_home_dir (), DEFAULT_FOLDER, NULL);
}

/* CRLF as LF. Returns: (transfer full): the same bytes when there is none */
static GBytes *
normalise (GBytes *bytes, gboolean *changed)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  GByteArray *result;

  *changed = length > 0 && memmem (data, length, "\r\n", 2) != NULL;
  if (!*changed)
    return g_bytes_ref (bytes);
  result = g_byte_array_sized_new ((guint) length);
  for (gsize i = 0; i < length; i++)
    {
      if (data[i] != '\r' || i + 1 == length || data[i + 1] != '\n')
        g_byte_array_append (result, (const guint8 *) data + i, 1);
    }
  return g_byte_array_free_to_bytes (result);
}

/* Looks at one file. @content: (out): what the lab gives */
static LwLabFile *
look_at (const char *source, const char *target, const char *path, GBytes **content,
         GCancellable *cancellable, GError **error)
{
  g_autofree char *source_path = g_build_filename (source, path, NULL);
  g_autofree char *target_path = g_build_filename (target, path, NULL);
  g_autoptr (LwLabFile) file = g_new0 (LwLabFile, 1);
  g_autoptr (GBytes) raw = NULL;
  g_autoptr (GBytes) given = NULL;
  g_autoptr (GBytes) there = NULL;
  g_autoptr (GError) local = NULL;

  if (!lw_local_file_is_inside (path))
    {
      g_set_error (error, LW_ERROR, LW_ERROR_MALFORMED, "%s: leaves its folder", path);
      return NULL;
    }
  raw = lw_local_file_load (source_path, LW_LAB_FILES_MAX_SIZE, cancellable, error);
  if (raw == NULL)
    return NULL;
  given = normalise (raw, &file->normalised);
  there = lw_local_file_load (target_path, LW_LAB_FILES_MAX_SIZE, cancellable, &local);
  if (there != NULL)
    file->state = g_bytes_equal (given, there) ? LW_LAB_FILE_SAME : LW_LAB_FILE_CHANGED;
  else if (g_error_matches (local, LW_ERROR, LW_ERROR_TOO_LARGE))
    file->state = LW_LAB_FILE_CHANGED;
  else if (!g_error_matches (local, LW_ERROR, LW_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  file->path = g_strdup (path);
  file->size = (goffset) g_bytes_get_size (given);
  *content = g_steal_pointer (&given);
  return g_steal_pointer (&file);
}

static gboolean
write_file (const char *target, LwLabFile *file, GBytes *content, GError **error)
{
  g_autofree char *path = g_build_filename (target, file->path, NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  gsize length;
  const char *data = g_bytes_get_data (content, &length);

  if (!lw_local_file_make_folder (folder, error) ||
      !lw_local_file_save (path, data != NULL ? data : "", length, error))
    return FALSE;
  file->written = TRUE;
  return TRUE;
}

static GPtrArray *
go_through (const char *source, const char *target, const char *const *paths, gboolean copy,
            const char *const *replace, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify) lw_lab_file_free);

  for (gsize i = 0; paths[i] != NULL; i++)
    {
      g_autoptr (GBytes) content = NULL;
      LwLabFile *file = look_at (source, target, paths[i], &content, cancellable, error);
      gboolean wanted;

      if (file == NULL)
        return NULL;
      g_ptr_array_add (files, file);
      wanted = file->state == LW_LAB_FILE_MISSING ||
               (file->state == LW_LAB_FILE_CHANGED && replace != NULL &&
                g_strv_contains (replace, paths[i]));
      if (copy && wanted && !write_file (target, file, content, error))
        return NULL;
    }
  return g_steal_pointer (&files);
}

GPtrArray *
lw_lab_files_look (const char *source, const char *target, const char *const *paths,
                   GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (source != NULL && target != NULL && paths != NULL, NULL);

  return go_through (source, target, paths, FALSE, NULL, cancellable, error);
}

GPtrArray *
lw_lab_files_copy (const char *source, const char *target, const char *const *paths,
                   const char *const *replace, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (source != NULL && target != NULL && paths != NULL, NULL);

  return go_through (source, target, paths, TRUE, replace, cancellable, error);
}

gboolean
lw_lab_files_save (const char *path, const char *text, GError **error)
{
  g_return_val_if_fail (path != NULL && text != NULL, FALSE);

  return lw_local_file_save (path, text, strlen (text), error);
}

char *
lw_lab_files_read (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  const char *data;
  gsize length;

  g_return_val_if_fail (path != NULL, NULL);

  bytes = lw_local_file_load (path, LW_LAB_FILES_MAX_SIZE, NULL, error);
  if (bytes == NULL)
    return NULL;
  data = g_bytes_get_data (bytes, &length);
  if (length >= 3 && memcmp (data, "\xef\xbb\xbf", 3) == 0)
    {
      data += 3;
      length -= 3;
    }
  if (length > 0 && !g_utf8_validate_len (data, length, NULL))
    {
      g_set_error (error, LW_ERROR, LW_ERROR_MALFORMED, "%s: no UTF-8 text", path);
      return NULL;
    }
  return g_strndup (length > 0 ? data : "", length);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The files of all attempts in one folder. No state, any thread. */

#include <errno.h>
#include <unistd.h>

#include "lw-file.h"
#include "lw-record.h"

/* So many damaged files of one name are more than anybody keeps. */
#define MAX_SET_ASIDE 1000

typedef struct
{
  GFile *file; /* owned until stolen */
  gint64 changed_us;
} Found;

static void
found_free (Found *self)
{
  g_clear_object (&self->file);
  g_free (self);
}

static gint
compare_found (gconstpointer a, gconstpointer b)
{
  const Found *found_a = *(const Found *const *) a;
  const Found *found_b = *(const Found *const *) b;

  if (found_a->changed_us != found_b->changed_us)
    return found_a->changed_us < found_b->changed_us ? 1 : -1;
  return g_strcmp0 (g_file_peek_path (found_a->file), g_file_peek_path (found_b->file));
}

static GPtrArray *
find_files (GFileEnumerator *enumerator, GError **error)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) found_free);

  for (;;)
    {
      GFileInfo *info;
      GFile *file;
      Found *found;

      if (!g_file_enumerator_iterate (enumerator, &info, &file, NULL, error))
        return NULL;
      if (info == NULL)
        break;
      if (g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR
          || !g_str_has_suffix (g_file_info_get_name (info), LW_RECORD_FILE_SUFFIX))
        continue;
      found = g_new0 (Found, 1);
      found->file = g_object_ref (file);
      found->changed_us
        = (gint64) g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_TIME_MODIFIED)
            * G_USEC_PER_SEC
          + g_file_info_get_attribute_uint32 (info, G_FILE_ATTRIBUTE_TIME_MODIFIED_USEC);
      g_ptr_array_add (all, found);
    }
  g_ptr_array_sort (all, compare_found);
  return g_steal_pointer (&all);
}

GPtrArray *
lw_record_list (GFile *folder, GError **error)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GFileEnumerator) enumerator = NULL;
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GError) local = NULL;

  g_return_val_if_fail (G_IS_FILE (folder), NULL);

  enumerator = g_file_enumerate_children (
    folder,
    G_FILE_ATTRIBUTE_STANDARD_NAME "," G_FILE_ATTRIBUTE_STANDARD_TYPE
                                   "," G_FILE_ATTRIBUTE_TIME_MODIFIED
                                   "," G_FILE_ATTRIBUTE_TIME_MODIFIED_USEC,
    G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL, &local);
  if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return g_steal_pointer (&files);
  if (enumerator != NULL)
    all = find_files (enumerator, &local);
  if (all == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  for (guint i = 0; i < all->len; i++)
    g_ptr_array_add (files, g_steal_pointer (&((Found *) g_ptr_array_index (all, i))->file));
  return g_steal_pointer (&files);
}

GFile *
lw_record_set_aside (GFile *file, GError **error)
{
  g_return_val_if_fail (G_IS_FILE (file), NULL);
  g_return_val_if_fail (g_file_peek_path (file) != NULL, NULL);

  for (guint i = 1; i <= MAX_SET_ASIDE; i++)
    {
      g_autofree char *path
        = i == 1 ? g_strdup_printf ("%s.damaged", g_file_peek_path (file))
                 : g_strdup_printf ("%s.damaged-%u", g_file_peek_path (file), i);

      /* A hard link never replaces what is there. */
      if (link (g_file_peek_path (file), path) == 0)
        {
          unlink (g_file_peek_path (file));
          return g_file_new_for_path (path);
        }
      if (errno != EEXIST)
        break;
    }
  lw_file_set_error_from_errno (error, g_file_peek_path (file), errno);
  return NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A folder of code as it would be uploaded, and its content hash. Made by lw_code_folder_new(),
 * which reads directories only; files are read by lw_code_folder_hash() and by the upload.
 * Immutable after creation, any thread; ends with lw_code_folder_free(). */

#include "lw-code.h"

#include <string.h>

#include "lw-error.h"
#include "lw-ignore.h"

/* Deeper trees are a loop through links that device and inode do not show, or a mistake. */
#define MAX_DEPTH 64

#define HASH_BUFFER_SIZE (256 * 1024)

#define ATTRIBUTES                                                                                 \
  G_FILE_ATTRIBUTE_STANDARD_NAME "," G_FILE_ATTRIBUTE_STANDARD_TYPE                                \
                                 "," G_FILE_ATTRIBUTE_STANDARD_SIZE                                \
                                 "," G_FILE_ATTRIBUTE_UNIX_DEVICE "," G_FILE_ATTRIBUTE_UNIX_INODE

struct _LwCodeFolder
{
  GFile *folder;     /* owned */
  GPtrArray *files;  /* owned, Entry as LwCodeFile, sorted */
  LwIgnore *ignore;  /* owned, nullable, only while listing */
  const char *rules; /* (nullable) name of the file of rules */
  goffset size;
  guint ignored;
};

/* A file with what it is sorted by. */
typedef struct
{
  LwCodeFile file;
  char *key; /* owned: the path in lower case */
} Entry;

/* The directories above the one that is listed, to find a loop. */
typedef struct _Ancestor
{
  const struct _Ancestor *parent;
  guint32 device;
  guint64 inode;
  guint depth;
} Ancestor;

typedef struct
{
  LwCodeFolder *folder;
  guint n_entries;
  GCancellable *cancellable;
} Walk;

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->file.path);
  g_free (entry->key);
  g_free (entry);
}

/* Lower case of every character by itself, whatever the language of the session: the service's hash
 * is sorted by what Python calls lower(). */
static char *
lower_dup (const char *path)
{
  g_autoptr (GString) lower = g_string_sized_new (strlen (path));

  for (const char *p = path; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      g_string_append_unichar (lower, g_unichar_tolower (c));
      if (c == 0x130) /* I with a dot: the dot stays, as a character of its own */
        g_string_append_unichar (lower, 0x307);
    }
  return g_string_free (g_steal_pointer (&lower), FALSE);
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const Entry *first = *(Entry *const *) a;
  const Entry *second = *(Entry *const *) b;
  int order = strcmp (first->key, second->key);

  return order != 0 ? order : strcmp (first->file.path, second->file.path);
}

/* ---- Listing ---- */

static gboolean
read_rules (LwCodeFolder *self, GCancellable *cancellable, GError **error)
{
  static const char *const names[] = { ".amlignore", ".gitignore" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GFile) file = g_file_get_child (self->folder, names[i]);
      g_autoptr (GFileInfo) info
          = g_file_query_info (file, ATTRIBUTES, G_FILE_QUERY_INFO_NONE, cancellable, NULL);
      g_autofree char *text = NULL;
      gsize length = 0;
      GError *local_error = NULL;

      if (info == NULL || g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR)
        continue;
      if (g_file_info_get_size (info) > LW_IGNORE_MAX_SIZE)
        {
          g_set_error (error, LW_ERROR, LW_ERROR_TOO_LARGE, "%s: more than %d bytes of rules",
                       names[i], LW_IGNORE_MAX_SIZE);
          return FALSE;
        }
      if (!g_file_load_contents (file, cancellable, &text, &length, NULL, &local_error))
        {
          lw_error_propagate_file (error, local_error, names[i]);
          return FALSE;
        }
      self->ignore = lw_ignore_new (text, length);
      self->rules = names[i];
      return TRUE;
    }
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

static gboolean
add_file (LwCodeFolder *self, const char *path, goffset size, GError **error)
{
  Entry *entry;

  if (self->ignore != NULL && lw_ignore_excludes (self->ignore, path))
    {
      self->ignored++;
      return TRUE;
    }
  if (self->files->len == LW_CODE_MAX_FILES)
    {
      g_set_error (error, LW_ERROR, LW_ERROR_TOO_LARGE, "more than %d files", LW_CODE_MAX_FILES);
      return FALSE;
    }
  entry = g_new0 (Entry, 1);
  entry->file.path = g_strdup (path);
  entry->file.size = size;
  entry->key = lower_dup (path);
  self->size += size;
  g_ptr_array_add (self->files, entry);
  return TRUE;
}

static gboolean
is_loop (const Ancestor *ancestor, guint32 device, guint64 inode)
{
  for (; ancestor != NULL; ancestor = ancestor->parent)
    if (ancestor->device == device && ancestor->inode == inode)
      return TRUE;
  return FALSE;
}

static gboolean walk_directory (Walk *walk, GFile *directory, const char *prefix,
                                const Ancestor *self, GError **error);

static gboolean
walk_child (Walk *walk, GFile *child, GFileInfo *info, const char *prefix, const Ancestor *parent,
            GError **error)
{
  const char *name = g_file_info_get_name (info);
  GFileType type = g_file_info_get_file_type (info);
  g_autofree char *path = NULL;
  Ancestor self = {
    .parent = parent,
    .device = g_file_info_get_attribute_uint32 (info, G_FILE_ATTRIBUTE_UNIX_DEVICE),
    .inode = g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_UNIX_INODE),
    .depth = parent->depth + 1,
  };

  if (++walk->n_entries > LW_CODE_MAX_ENTRIES)
    {
      g_set_error (error, LW_ERROR, LW_ERROR_TOO_LARGE, "more than %d entries",
                   LW_CODE_MAX_ENTRIES);
      return FALSE;
    }
  if (!g_utf8_validate (name, -1, NULL))
    {
      g_autofree char *shown = g_utf8_make_valid (name, -1);

      g_set_error (error, LW_ERROR, LW_ERROR_MALFORMED, "%s%s: not UTF-8", prefix, shown);
      return FALSE;
    }
  path = g_strconcat (prefix, name, NULL);
  if (type == G_FILE_TYPE_REGULAR)
    return add_file (walk->folder, path, g_file_info_get_size (info), error);
  if (type != G_FILE_TYPE_DIRECTORY)
    walk->folder->ignored++;
  else if (!is_loop (parent, self.device, self.inode))
    {
      g_autofree char *below = g_strconcat (path, "/", NULL);

      return walk_directory (walk, child, below, &self, error);
    }
  return TRUE;
}

static gboolean
walk_directory (Walk *walk, GFile *directory, const char *prefix, const Ancestor *self,
                GError **error)
{
  g_autoptr (GFileEnumerator) children = NULL;
  GError *local_error = NULL;
  GFileInfo *info = NULL;
  GFile *child = NULL;

  if (self->depth > MAX_DEPTH)
    {
      g_set_error (error, LW_ERROR, LW_ERROR_TOO_LARGE, "more than %d levels", MAX_DEPTH);
      return FALSE;
    }
  children = g_file_enumerate_children (directory, ATTRIBUTES, G_FILE_QUERY_INFO_NONE,
                                        walk->cancellable, &local_error);
  while (children != NULL
         && g_file_enumerator_iterate (children, &info, &child, walk->cancellable, &local_error))
    {
      if (info == NULL)
        return TRUE;
      if (!walk_child (walk, child, info, prefix, self, error))
        return FALSE;
    }
  lw_error_propagate_file (error, local_error, *prefix == '\0' ? "." : prefix);
  return FALSE;
}

LwCodeFolder *
lw_code_folder_new (GFile *folder, GCancellable *cancellable, GError **error)
{
  g_autoptr (LwCodeFolder) self = NULL;
  g_autoptr (GFileInfo) info = NULL;
  GError *local_error = NULL;
  Ancestor root = { 0 };
  Walk walk = { 0 };

  g_return_val_if_fail (G_IS_FILE (folder), NULL);

  self = g_new0 (LwCodeFolder, 1);
  self->folder = g_object_ref (folder);
  self->files = g_ptr_array_new_with_free_func (entry_free);
  info = g_file_query_info (folder, ATTRIBUTES, G_FILE_QUERY_INFO_NONE, cancellable, &local_error);
  if (info == NULL)
    {
      g_autofree char *name = g_file_get_basename (folder);

      lw_error_propagate_file (error, local_error, name);
      return NULL;
    }
  root.device = g_file_info_get_attribute_uint32 (info, G_FILE_ATTRIBUTE_UNIX_DEVICE);
  root.inode = g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_UNIX_INODE);
  walk.folder = self;
  walk.cancellable = cancellable;
  if (!read_rules (self, cancellable, error) || !walk_directory (&walk, folder, "", &root, error))
    return NULL;
  if (self->files->len == 0)
    {
      g_set_error (error, LW_ERROR, LW_ERROR_NOT_FOUND, "no file left, %u left out", self->ignored);
      return NULL;
    }
  g_ptr_array_sort (self->files, compare_entries);
  g_clear_pointer (&self->ignore, lw_ignore_free);
  return g_steal_pointer (&self);
}

void
lw_code_folder_free (LwCodeFolder *self)
{
  if (self == NULL)
    return;
  g_clear_object (&self->folder);
  g_clear_pointer (&self->files, g_ptr_array_unref);
  g_clear_pointer (&self->ignore, lw_ignore_free);
  g_free (self);
}

GFile *
lw_code_folder_get_folder (LwCodeFolder *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->folder;
}

GPtrArray *
lw_code_folder_get_files (LwCodeFolder *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->files;
}

goffset
lw_code_folder_get_size (LwCodeFolder *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->size;
}

guint
lw_code_folder_get_ignored (LwCodeFolder *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->ignored;
}

const char *
lw_code_folder_get_rules (LwCodeFolder *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->rules;
}

/* ---- The content hash ---- */

static void
hash_text (GChecksum *checksum, const char *text)
{
  g_checksum_update (checksum, (const guchar *) text, (gssize) strlen (text));
}

static void
hash_number (GChecksum *checksum, goffset number)
{
  char text[32];

  g_snprintf (text, sizeof text, "%" G_GOFFSET_FORMAT, number);
  hash_text (checksum, text);
}

static gboolean
hash_file (LwCodeFolder *self, const LwCodeFile *code_file, GChecksum *checksum, guint8 *buffer,
           GCancellable *cancellable, GError **error)
{
  g_autoptr (GFile) file = g_file_resolve_relative_path (self->folder, code_file->path);
  g_autoptr (GFileInputStream) stream = NULL;
  GError *local_error = NULL;
  goffset size = 0;
  gssize n = -1;

  stream = g_file_read (file, cancellable, &local_error);
  while (stream != NULL
         && (n = g_input_stream_read (G_INPUT_STREAM (stream), buffer, HASH_BUFFER_SIZE,
                                      cancellable, &local_error))
                > 0
         && size <= code_file->size)
    {
      g_checksum_update (checksum, buffer, n);
      size += n;
    }
  if (local_error != NULL)
    {
      lw_error_propagate_file (error, local_error, code_file->path);
      return FALSE;
    }
  if (size != code_file->size)
    {
      g_set_error (error, LW_ERROR, LW_ERROR_FAILED, "%s: changed since it was listed",
                   code_file->path);
      return FALSE;
    }
  return TRUE;
}

char *
lw_code_folder_hash (LwCodeFolder *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guint8 *buffer = g_malloc (HASH_BUFFER_SIZE);

  g_return_val_if_fail (self != NULL, NULL);

  /* First what the files are called and how long they are, then what is in them. */
  hash_number (checksum, self->files->len);
  for (guint i = 0; i < self->files->len; i++)
    {
      const LwCodeFile *file = g_ptr_array_index (self->files, i);

      hash_text (checksum, "#");
      hash_text (checksum, file->path);
      hash_text (checksum, "#");
      hash_number (checksum, file->size);
    }
  for (guint i = 0; i < self->files->len; i++)
    if (!hash_file (self, g_ptr_array_index (self->files, i), checksum, buffer, cancellable, error))
      return NULL;
  return g_strdup (g_checksum_get_string (checksum));
}

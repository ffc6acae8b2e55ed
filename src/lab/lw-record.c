/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The record of one attempt. In memory it is the tree of the file, guarded by a mutex; a setter
 * works on a tree of its own, read from the disk under the folder's lock, and only after the file
 * has been replaced does that tree become the memory. Any thread; ends with its last reference. */

#include "lw-record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "lw-error.h"
#include "lw-file.h"
#include "lw-json.h"

#define FOLDER_MODE 0700
#define LOCK_MODE 0600
#define LOCK_NAME ".lock"

struct _LwRecord
{
  gatomicrefcount ref_count;
  GFile *file;     /* owned, immutable */
  GMutex mutex;    /* guards root; held while saving, so that setters of one record queue here */
  JsonObject *root; /* owned; replaced as a whole, never changed once it is here */
};

/* What is copied from the lab when an attempt begins: key of the value, name in the lab. */
static const struct
{
  const char *key;
  const char *what;
} names_of_lab[] = {
  { LW_RECORD_GROUP, "group" },       { LW_RECORD_WORKSPACE, "workspace" },
  { LW_RECORD_STORAGE, "storage" },   { LW_RECORD_VAULT, "vault" },
  { LW_RECORD_INSIGHTS, "insights" }, { LW_RECORD_LOGS, "logs" },
  { LW_RECORD_INSTANCE, "instance" }, { LW_RECORD_CLUSTER, "cluster" },
};

/* LwChange: changes @root, which nobody else sees yet; Returns: %FALSE with @error to save
 * nothing */
typedef gboolean (*LwChange) (JsonObject *root, gpointer data, GError **error);

/* ---- The tree ---- */

static gboolean
check_kind (LwJson from, const char *member, gboolean (*is_kind) (LwJson), GError **error)
{
  LwJson value = lw_json_member (from, member);

  if (!lw_json_is_present (value) || is_kind (value))
    return TRUE;
  g_set_error (error, LW_ERROR, LW_ERROR_MALFORMED, "%s: wrong type", value.path);
  return FALSE;
}

static gboolean
check_tree (LwJson root, GError **error)
{
  LwJson values;
  gint64 version = 0;

  if (!lw_json_need_int (root, "version", &version, error))
    return FALSE;
  if (version > LW_RECORD_VERSION)
    {
      g_set_error (error, LW_ERROR, LW_ERROR_NEWER_VERSION, "record of version %" G_GINT64_FORMAT,
                   version);
      return FALSE;
    }
  return lw_json_need_object (root, "values", &values, error)
         && lw_json_need_string (values, LW_RECORD_LAB, error) != NULL
         && lw_json_need_string (values, LW_RECORD_CLOUD, error) != NULL
         && lw_json_need_string (values, LW_RECORD_SUFFIX, error) != NULL
         && check_kind (root, "times", lw_json_is_object, error)
         && check_kind (root, "jobs", lw_json_is_array, error);
}

/* Returns: (transfer full): a tree that may be changed */
static JsonObject *
parse (GBytes *bytes, GError **error)
{
  g_autoptr (LwJsonDocument) document = lw_json_parse (bytes, error);
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *text = NULL;

  if (document == NULL || !check_tree (lw_json_document_get_root (document), error))
    return NULL;
  /* The parsed document is immutable; its own text is known to be sound and gives one that is
   * not. */
  text = lw_json_print (lw_json_document_get_root (document), FALSE);
  node = json_from_string (text, error);
  return node != NULL ? json_node_dup_object (node) : NULL;
}

static char *
print (JsonObject *root, gboolean pretty)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), root);

  return json_to_string (node, pretty);
}

static JsonObject *
ensure_object (JsonObject *root, const char *member)
{
  JsonNode *node = json_object_get_member (root, member);

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    json_object_set_object_member (root, member, json_object_new ());
  return json_object_get_object_member (root, member);
}

static JsonArray *
ensure_array (JsonObject *root, const char *member)
{
  JsonNode *node = json_object_get_member (root, member);

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    json_object_set_array_member (root, member, json_array_new ());
  return json_object_get_array_member (root, member);
}

/* Returns: (nullable): member @key of the object @member when it is of @type */
static JsonNode *
find (JsonObject *root, const char *member, const char *key, GType type)
{
  JsonNode *object = json_object_get_member (root, member);
  JsonNode *node;

  if (object == NULL || !JSON_NODE_HOLDS_OBJECT (object))
    return NULL;
  node = json_object_get_member (json_node_get_object (object), key);
  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != type)
    return NULL;
  return node;
}

/* ---- Saving ---- */

/* Returns: a descriptor that holds the lock until it is closed, -1 with @error */
static int
lock_folder (GFile *file, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (g_file_peek_path (file));
  g_autofree char *path = g_build_filename (folder, LOCK_NAME, NULL);
  int fd;

  if (g_mkdir_with_parents (folder, FOLDER_MODE) != 0)
    {
      lw_file_set_error_from_errno (error, folder, errno);
      return -1;
    }
  fd = open (path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, LOCK_MODE);
  while (fd >= 0 && flock (fd, LOCK_EX) != 0)
    {
      int saved_errno = errno;

      if (saved_errno == EINTR)
        continue;
      close (fd);
      errno = saved_errno;
      fd = -1;
    }
  if (fd < 0)
    lw_file_set_error_from_errno (error, path, errno);
  return fd;
}

/* What the file holds now; another process may have saved since. Without a file, the memory. */
static JsonObject *
read_current (LwRecord *self, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GBytes) bytes = lw_file_read (self->file, LW_RECORD_MAX_SIZE, &local);

  if (bytes == NULL && g_error_matches (local, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    {
      char *text = print (self->root, FALSE);

      bytes = g_bytes_new_take (text, strlen (text));
    }
  if (bytes == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  return parse (bytes, error);
}

static gboolean
write_tree (LwRecord *self, JsonObject *root, GError **error)
{
  g_autofree char *text = print (root, TRUE);
  gsize length = strlen (text);

  if (length > LW_RECORD_MAX_SIZE)
    {
      g_set_error_literal (error, LW_ERROR, LW_ERROR_TOO_LARGE, "record");
      return FALSE;
    }
  return lw_file_replace (g_file_peek_path (self->file), text, length, error);
}

static gboolean
save_change (LwRecord *self, LwChange change, gpointer data, GError **error)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  JsonObject *root;
  gboolean ok = FALSE;
  int lock = lock_folder (self->file, error);

  if (lock < 0)
    return FALSE;
  root = read_current (self, error);
  if (root != NULL)
    ok = change (root, data, error) && write_tree (self, root, error);
  if (ok)
    {
      JsonObject *old = self->root;

      self->root = root;
      root = old;
    }
  g_clear_pointer (&root, json_object_unref);
  close (lock);
  return ok;
}

/* ---- Life cycle ---- */

static LwRecord *
record_new (GFile *file, JsonObject *root)
{
  LwRecord *self = g_new0 (LwRecord, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->mutex);
  self->file = g_object_ref (file);
  self->root = root;
  return self;
}

static char *
make_suffix (guint length)
{
  g_autofree char *uuid = g_uuid_string_random ();
  g_autoptr (GString) suffix = g_string_new (NULL);

  for (const char *c = uuid; *c != '\0' && suffix->len < length; c++)
    if (g_ascii_isxdigit (*c))
      g_string_append_c (suffix, *c);
  return g_string_free (g_steal_pointer (&suffix), FALSE);
}

LwRecord *
lw_record_new (GFile *folder, LwLab *lab, const char *cloud_id)
{
  g_autofree char *suffix = NULL;
  g_autofree char *name = NULL;
  g_autoptr (GFile) file = NULL;
  JsonObject *root;
  JsonObject *values;

  g_return_val_if_fail (G_IS_FILE (folder), NULL);
  g_return_val_if_fail (g_file_peek_path (folder) != NULL, NULL);
  g_return_val_if_fail (lab != NULL, NULL);
  g_return_val_if_fail (cloud_id != NULL, NULL);

  suffix = make_suffix (lw_lab_get_suffix_length (lab));
  root = json_object_new ();
  json_object_set_int_member (root, "version", LW_RECORD_VERSION);
  values = ensure_object (root, "values");
  json_object_set_string_member (values, LW_RECORD_LAB, lw_lab_get_id (lab));
  json_object_set_string_member (values, LW_RECORD_CLOUD, cloud_id);
  json_object_set_string_member (values, LW_RECORD_SUFFIX, suffix);
  for (guint i = 0; i < G_N_ELEMENTS (names_of_lab); i++)
    {
      g_autofree char *value = lw_lab_dup_name (lab, names_of_lab[i].what, suffix);

      json_object_set_string_member (values, names_of_lab[i].key, value);
    }
  name = g_strconcat (lw_lab_get_id (lab), "-", suffix, LW_RECORD_FILE_SUFFIX, NULL);
  file = g_file_get_child (folder, name);
  return record_new (file, root);
}

LwRecord *
lw_record_load (GFile *file, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  JsonObject *root;

  g_return_val_if_fail (G_IS_FILE (file), NULL);
  g_return_val_if_fail (g_file_peek_path (file) != NULL, NULL);

  bytes = lw_file_read (file, LW_RECORD_MAX_SIZE, error);
  if (bytes == NULL)
    return NULL;
  root = parse (bytes, error);
  return root != NULL ? record_new (file, root) : NULL;
}

LwRecord *
lw_record_ref (LwRecord *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
lw_record_unref (LwRecord *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  json_object_unref (self->root);
  g_object_unref (self->file);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

GFile *
lw_record_get_file (LwRecord *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->file;
}

/* ---- Values ---- */

char *
lw_record_dup (LwRecord *self, const char *key)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = NULL;
  JsonNode *node;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (key != NULL, NULL);

  locker = g_mutex_locker_new (&self->mutex);
  node = find (self->root, "values", key, G_TYPE_STRING);
  return node != NULL ? json_node_dup_string (node) : NULL;
}

gint64
lw_record_get_int (LwRecord *self, const char *key, gint64 fallback)
{
  g_autofree char *text = lw_record_dup (self, key);
  gint64 value = fallback;

  if (text == NULL || !g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, &value, NULL))
    return fallback;
  return value;
}

/* Keys and values by turns; they belong to the caller. */
static gboolean
change_values (JsonObject *root, gpointer data, GError **error)
{
  JsonObject *values = ensure_object (root, "values");
  GPtrArray *pairs = data;

  for (guint i = 0; i + 1 < pairs->len; i += 2)
    {
      const char *key = g_ptr_array_index (pairs, i);
      const char *value = g_ptr_array_index (pairs, i + 1);

      if (value == NULL)
        json_object_remove_member (values, key);
      else
        json_object_set_string_member (values, key, value);
    }
  return TRUE;
}

static gboolean
check_value (const char *key, const char *value, GError **error)
{
  if (value == NULL)
    return TRUE;
  if (strlen (value) > LW_RECORD_MAX_VALUE)
    {
      g_set_error_literal (error, LW_ERROR, LW_ERROR_TOO_LARGE, key);
      return FALSE;
    }
  if (!g_utf8_validate (value, -1, NULL))
    {
      g_set_error (error, LW_ERROR, LW_ERROR_MALFORMED, "%s: not UTF-8", key);
      return FALSE;
    }
  return TRUE;
}

gboolean
lw_record_set (LwRecord *self, GError **error, const char *key, const char *value, ...)
{
  g_autoptr (GPtrArray) pairs = g_ptr_array_new ();
  gboolean ok = TRUE;
  va_list rest;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (key != NULL, FALSE);

  va_start (rest, value);
  for (const char *next = key; ok && next != NULL; next = va_arg (rest, const char *))
    {
      const char *its_value = next == key ? value : va_arg (rest, const char *);

      ok = check_value (next, its_value, error);
      g_ptr_array_add (pairs, (gpointer) next);
      g_ptr_array_add (pairs, (gpointer) its_value);
    }
  va_end (rest);
  return ok && save_change (self, change_values, pairs, error);
}

/* ---- Moments and jobs ---- */

gint64
lw_record_get_time (LwRecord *self, const char *key)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = NULL;
  JsonNode *node;

  g_return_val_if_fail (self != NULL, 0);
  g_return_val_if_fail (key != NULL, 0);

  locker = g_mutex_locker_new (&self->mutex);
  node = find (self->root, "times", key, G_TYPE_INT64);
  return node != NULL ? json_node_get_int (node) : 0;
}

typedef struct
{
  const char *key;
  gint64 now_us;
} Moment;

static gboolean
change_time (JsonObject *root, gpointer data, GError **error)
{
  const Moment *moment = data;
  JsonObject *times = ensure_object (root, "times");

  if (moment->now_us == 0)
    json_object_remove_member (times, moment->key);
  else
    json_object_set_int_member (times, moment->key, moment->now_us);
  return TRUE;
}

gboolean
lw_record_set_time (LwRecord *self, const char *key, gint64 now_us, GError **error)
{
  Moment moment = { key, now_us };

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (key != NULL, FALSE);

  return save_change (self, change_time, &moment, error);
}

static char **
dup_jobs (JsonObject *root)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonNode *node = json_object_get_member (root, "jobs");
  JsonArray *jobs
    = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; jobs != NULL && i < json_array_get_length (jobs); i++)
    {
      JsonNode *job = json_array_get_element (jobs, i);

      if (JSON_NODE_HOLDS_VALUE (job) && json_node_get_value_type (job) == G_TYPE_STRING)
        g_strv_builder_add (builder, json_node_get_string (job));
    }
  return g_strv_builder_end (builder);
}

static gboolean
change_jobs (JsonObject *root, gpointer data, GError **error)
{
  g_auto (GStrv) jobs = dup_jobs (root);

  if (g_strv_contains ((const char *const *) jobs, data))
    return TRUE;
  if (g_strv_length (jobs) >= LW_RECORD_MAX_JOBS)
    {
      g_set_error_literal (error, LW_ERROR, LW_ERROR_TOO_LARGE, "jobs");
      return FALSE;
    }
  json_array_add_string_element (ensure_array (root, "jobs"), data);
  return TRUE;
}

gboolean
lw_record_add_job (LwRecord *self, const char *name, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  if (!check_value (name, name, error))
    return FALSE;
  return save_change (self, change_jobs, (gpointer) name, error);
}

char **
lw_record_dup_jobs (LwRecord *self)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  locker = g_mutex_locker_new (&self->mutex);
  return dup_jobs (self->root);
}

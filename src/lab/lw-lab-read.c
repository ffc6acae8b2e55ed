/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading a lab's file: each part fails with the first member that is wrong. Runs once, on the
 * thread that loads. */

#include "lw-lab-private.h"

#include <math.h>
#include <string.h>

#include "lw-error.h"

#define EARTH_RADIUS_KM 6371.0
#define MAX_NODES 100
#define MAX_SUFFIX 18

typedef struct
{
  char *name;
  double latitude;
  double longitude;
} Region;

static gboolean
set_malformed (GError **error, LwJson at, const char *member, const char *what)
{
  if (error == NULL || *error == NULL)
    g_set_error (error, LW_ERROR, LW_ERROR_MALFORMED, "%s%s%s: %s", at.path,
                 *at.path != '\0' ? "." : "", member, what);
  return FALSE;
}

static void
region_free (Region *self)
{
  g_free (self->name);
  g_free (self);
}

static gboolean
read_string (LwJson from, const char *member, char **value, GError **error)
{
  const char *text = lw_json_need_string (from, member, error);

  if (text == NULL)
    return FALSE;
  if (*text == '\0')
    return set_malformed (error, from, member, "text expected");
  *value = g_strdup (text);
  return TRUE;
}

static gboolean
read_int (LwJson from, const char *member, int min, int max, int *value, GError **error)
{
  gint64 number = 0;

  if (!lw_json_need_int (from, member, &number, error))
    return FALSE;
  if (number < min || number > max)
    return set_malformed (error, from, member, "out of range");
  *value = (int) number;
  return TRUE;
}

/* A path below its folder: never absolute, never out of it, no backslash. */
static gboolean
is_inner_path (const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);

  if (*path == '\0' || strchr (path, '\\') != NULL)
    return FALSE;
  for (char **part = parts; *part != NULL; part++)
    if (**part == '\0' || g_str_equal (*part, "..") || g_str_equal (*part, "."))
      return FALSE;
  return TRUE;
}

static gboolean
read_path (LwJson from, const char *member, char **value, GError **error)
{
  if (!read_string (from, member, value, error))
    return FALSE;
  if (!is_inner_path (*value))
    return set_malformed (error, from, member, "path inside its folder expected");
  return TRUE;
}

static GHashTable *
read_texts (LwJson from)
{
  GHashTable *table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_auto (GStrv) members = lw_json_members (from);

  for (char **member = members; *member != NULL; member++)
    {
      const char *text = lw_json_get_string (from, *member, NULL);

      if (text != NULL)
        g_hash_table_insert (table, g_strdup (*member), g_strdup (text));
    }
  return table;
}

static char **
read_strings (LwJson array)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < lw_json_length (array); i++)
    {
      const char *text = lw_json_as_string (lw_json_element (array, i), NULL);

      if (text != NULL)
        g_strv_builder_add (builder, text);
    }
  return g_strv_builder_end (builder);
}

static gboolean
read_steps (LwLab *self, LwJson root, GError **error)
{
  LwJson steps;

  if (!lw_json_need_array (root, "steps", &steps, error))
    return FALSE;
  for (guint i = 0; i < lw_json_length (steps); i++)
    {
      LwJson step = lw_json_element (steps, i);
      const char *kind = lw_json_need_string (step, "kind", error);
      guint index = 0;

      if (kind == NULL)
        return FALSE;
      while (index < LW_N_STEPS && !g_str_equal (lw_step_kind_get_id (index), kind))
        index++;
      if (index == LW_N_STEPS)
        return set_malformed (error, step, "kind", "unknown kind of step");
      if (!read_int (step, "minutes", 1, 600, &self->minutes[index], error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_names (LwLab *self, LwJson root, GError **error)
{
  LwJson names;
  int suffix_length = 0;
  const char *group;

  if (!lw_json_need_object (root, "names", &names, error)
      || !read_int (names, "suffix_length", 8, MAX_SUFFIX, &suffix_length, error))
    return FALSE;
  self->suffix_length = (guint) suffix_length;
  for (guint i = 0; i < LW_N_LAB_NAMES; i++)
    {
      gsize length;

      if (!read_string (names, lw_lab_names[i].member, &self->names[i], error))
        return FALSE;
      length = strlen (self->names[i]);
      if (strstr (self->names[i], LW_LAB_SUFFIX_MARK) != NULL)
        length += self->suffix_length - strlen (LW_LAB_SUFFIX_MARK);
      else if (i != LW_LAB_NAME_CLUSTER)
        return set_malformed (error, names, lw_lab_names[i].member, LW_LAB_SUFFIX_MARK " expected");
      if (length > lw_lab_names[i].limit)
        return set_malformed (error, names, lw_lab_names[i].member, "too long for the service");
    }
  group = self->names[LW_LAB_NAME_GROUP];
  self->group_prefix
    = g_strndup (group, (gsize) (strstr (group, LW_LAB_SUFFIX_MARK) - group));
  return TRUE;
}

static gboolean
read_sizes (LwLab *self, LwJson compute, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  LwJson sizes;

  if (!lw_json_need_array (compute, "vm_sizes", &sizes, error))
    return FALSE;
  for (guint i = 0; i < lw_json_length (sizes); i++)
    {
      const char *name = lw_json_need_string (lw_json_element (sizes, i), "name", error);

      if (name == NULL)
        return FALSE;
      g_strv_builder_add (builder, name);
    }
  if (lw_json_length (sizes) == 0)
    return set_malformed (error, compute, "vm_sizes", "at least one expected");
  self->vm_sizes = g_strv_builder_end (builder);
  return TRUE;
}

static gboolean
read_compute (LwLab *self, LwJson root, GError **error)
{
  LwJson compute, instance, cluster;

  if (!lw_json_need_object (root, "compute", &compute, error) || !read_sizes (self, compute, error)
      || !lw_json_need_object (compute, "instance", &instance, error)
      || !lw_json_need_object (compute, "cluster", &cluster, error)
      || !read_int (instance, "idle_shutdown_minutes", 15, 4320, &self->idle_minutes, error)
      || !read_int (cluster, "max_nodes", 1, MAX_NODES, &self->max_nodes, error)
      || !read_int (cluster, "fewest_max_nodes", 1, MAX_NODES, &self->fewest_nodes, error))
    return FALSE;
  if (self->fewest_nodes > self->max_nodes)
    return set_malformed (error, cluster, "fewest_max_nodes", "more than max_nodes");
  return TRUE;
}

/* Great-circle distance; that the earth is no sphere does not change an order of regions. */
static double
get_distance_km (const Region *a, const Region *b)
{
  double lat_a = a->latitude * G_PI / 180, lat_b = b->latitude * G_PI / 180;
  double half_lat = sin ((lat_b - lat_a) / 2);
  double half_lon = sin ((b->longitude - a->longitude) * G_PI / 360);
  double h = half_lat * half_lat + cos (lat_a) * cos (lat_b) * half_lon * half_lon;

  return 2 * EARTH_RADIUS_KM * asin (sqrt (CLAMP (h, 0, 1)));
}

static gint
compare_distance (gconstpointer a, gconstpointer b, gpointer home)
{
  double distance_a = get_distance_km (home, *(Region *const *) a);
  double distance_b = get_distance_km (home, *(Region *const *) b);

  return (distance_a > distance_b) - (distance_a < distance_b);
}

static void
add_order (LwLab *self, GPtrArray *regions, const Region *home)
{
  g_autoptr (GPtrArray) sorted = g_ptr_array_copy (regions, NULL, NULL);
  LwLabOrder *order = g_new0 (LwLabOrder, 1);

  /* The copy borrows its elements. */
  g_ptr_array_set_free_func (sorted, NULL);
  if (home != NULL)
    g_ptr_array_sort_with_data (sorted, compare_distance, (gpointer) home);
  order->home = g_strdup (home != NULL ? home->name : NULL);
  order->regions = g_new0 (char *, sorted->len + 1);
  for (guint i = 0; i < sorted->len; i++)
    order->regions[i] = g_strdup (((Region *) g_ptr_array_index (sorted, i))->name);
  g_ptr_array_add (self->orders, order);
}

static gboolean
read_regions (LwLab *self, LwJson root, GError **error)
{
  g_autoptr (GPtrArray) regions = g_ptr_array_new_with_free_func ((GDestroyNotify) region_free);
  LwJson from, candidates;

  if (!lw_json_need_object (root, "regions", &from, error)
      || !lw_json_need_array (from, "candidates", &candidates, error))
    return FALSE;
  for (guint i = 0; i < lw_json_length (candidates); i++)
    {
      LwJson candidate = lw_json_element (candidates, i);
      const char *name = lw_json_need_string (candidate, "name", error);
      Region *region;

      if (name == NULL)
        return FALSE;
      region = g_new0 (Region, 1);
      region->name = g_strdup (name);
      region->latitude = lw_json_get_double (candidate, "latitude", 0);
      region->longitude = lw_json_get_double (candidate, "longitude", 0);
      g_ptr_array_add (regions, region);
    }
  if (regions->len == 0)
    return set_malformed (error, from, "candidates", "at least one expected");
  add_order (self, regions, NULL);
  for (guint i = 0; i < regions->len; i++)
    add_order (self, regions, g_ptr_array_index (regions, i));
  self->homes_by_territory = read_texts (lw_json_member (from, "home"));
  self->homes_by_language = read_texts (lw_json_member (from, "home_by_language"));
  return TRUE;
}

static gboolean
read_file (LwLab *self, LwJson file, GStrvBuilder *paths, GError **error)
{
  g_autofree char *path = NULL;
  const char *role = lw_json_need_string (file, "role", error);
  char **place = NULL;

  if (role == NULL || !read_path (file, "path", &path, error))
    return FALSE;
  if (g_str_equal (role, "notebook"))
    place = &self->notebook;
  else if (g_str_equal (role, "flat-script"))
    place = &self->flat_script;
  else if (g_str_equal (role, "script"))
    place = &self->script;
  else if (g_str_equal (role, "data"))
    place = &self->data;
  if (place != NULL && *place != NULL)
    return set_malformed (error, file, "role", "twice");
  g_strv_builder_add (paths, path);
  /* A file of any other role is only copied. */
  if (place != NULL)
    *place = g_steal_pointer (&path);
  return TRUE;
}

static gboolean
read_material (LwLab *self, LwJson root, GFile *lab_file, GError **error)
{
  g_autoptr (GStrvBuilder) paths = g_strv_builder_new ();
  g_autoptr (GFile) parent = g_file_get_parent (lab_file);
  g_autofree char *folder = NULL;
  LwJson material, files, repository;

  if (!lw_json_need_object (root, "material", &material, error)
      || !read_path (material, "folder", &folder, error)
      || !read_path (material, "code_folder", &self->code_folder, error)
      || !lw_json_need_array (material, "files", &files, error))
    return FALSE;
  for (guint i = 0; i < lw_json_length (files); i++)
    if (!read_file (self, lw_json_element (files, i), paths, error))
      return FALSE;
  self->paths = g_strv_builder_end (paths);
  self->folder = g_file_resolve_relative_path (parent, folder);
  repository = lw_json_member (material, "repository");
  if (!lw_json_is_present (repository))
    return TRUE;
  return read_string (repository, "archive", &self->archive, error)
         && read_path (repository, "code_folder", &self->archive_code_folder, error);
}

static gboolean
read_script (LwLab *self, LwJson root, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  LwJson script, modules, arguments;

  if (!lw_json_need_object (root, "script", &script, error)
      || !lw_json_need_array (script, "modules", &modules, error)
      || !lw_json_need_array (script, "arguments", &arguments, error)
      || !read_string (script, "last_line_without_arguments", &self->last_line, error)
      || !read_string (script, "break_line", &self->break_line, error))
    return FALSE;
  self->modules = read_strings (modules);
  for (guint i = 0; i < lw_json_length (arguments); i++)
    {
      LwJson argument = lw_json_element (arguments, i);
      const char *name = lw_json_need_string (argument, "name", error);
      const char *value = lw_json_need_string (argument, "value", error);

      if (name == NULL || value == NULL)
        return FALSE;
      g_strv_builder_add (builder, name);
      g_strv_builder_add (builder, value);
    }
  self->arguments = g_strv_builder_end (builder);
  return TRUE;
}

static gboolean
read_environments (LwLab *self, LwJson job, GError **error)
{
  g_autoptr (GPtrArray) references = g_ptr_array_new_with_free_func (g_free);
  LwJson environments;

  if (!lw_json_need_array (job, "environments", &environments, error))
    return FALSE;
  for (guint i = 0; i < lw_json_length (environments); i++)
    {
      LwJson environment = lw_json_element (environments, i);
      const char *name = lw_json_need_string (environment, "name", error);
      const char *version = lw_json_get_string (environment, "version", NULL);
      const char *label = lw_json_get_string (environment, "label", NULL);

      if (name == NULL)
        return FALSE;
      if ((version == NULL) == (label == NULL))
        return set_malformed (error, environment, "version", "either version or label expected");
      g_ptr_array_add (references, version != NULL
                                     ? g_strdup_printf ("azureml:%s:%s", name, version)
                                     : g_strdup_printf ("azureml:%s@%s", name, label));
    }
  if (references->len == 0)
    return set_malformed (error, job, "environments", "at least one expected");
  g_ptr_array_add (references, NULL);
  self->environments = (char **) g_ptr_array_free (g_steal_pointer (&references), FALSE);
  return TRUE;
}

static gboolean
read_job (LwLab *self, LwJson root, GError **error)
{
  LwJson job;

  return lw_json_need_object (root, "job", &job, error)
         && read_string (job, "command", &self->command, error)
         && read_environments (self, job, error)
         && read_string (job, "display_name", &self->display_name, error)
         && read_string (job, "experiment", &self->experiment, error)
         && read_path (job, "log", &self->log, error);
}

gboolean
lw_lab_read (LwLab *self, LwJson root, GFile *file, GError **error)
{
  LwJson title;
  gint64 format = 0;

  if (!lw_json_need_int (root, "format", &format, error))
    return FALSE;
  if (format > LW_LAB_FORMAT)
    {
      g_set_error (error, LW_ERROR, LW_ERROR_NEWER_VERSION, "format %" G_GINT64_FORMAT, format);
      return FALSE;
    }
  if (!read_path (root, "id", &self->id, error)
      || !lw_json_need_object (root, "title", &title, error))
    return FALSE;
  self->titles = read_texts (title);
  if (!g_hash_table_contains (self->titles, "en"))
    return set_malformed (error, title, "en", "missing");
  return read_steps (self, root, error) && read_names (self, root, error)
         && read_compute (self, root, error) && read_regions (self, root, error)
         && read_material (self, root, file, error) && read_script (self, root, error)
         && read_job (self, root, error);
}

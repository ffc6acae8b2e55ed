/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where things are: in the prefix once installed, else as the file uninstalled.ini of the build tree
 * says. Main thread; what is found is kept until the end of the process. */

#include "lw-paths.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "config.h"

#define GROUP "uninstalled"
#define PRACTICE_PROGRAM "labwalk-practice-cloud"

static char *
dup_program_dir (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);

  return program != NULL ? g_path_get_dirname (program) : NULL;
}

/* Returns: (nullable): what the build tree says about @key; NULL for an installed program. */
static const char *
get_uninstalled (const char *key)
{
  static GHashTable *values;

  if (values == NULL)
    {
      g_autofree char *dir = dup_program_dir ();
      g_autofree char *path = NULL;
      g_autoptr (GKeyFile) file = g_key_file_new ();
      const char *const keys[] = { "data", "schemas", "locale", "practice" };

      values = g_hash_table_new (g_str_hash, g_str_equal);
      if (dir != NULL)
        path = g_build_filename (dir, "..", "..", "data", "uninstalled.ini", NULL);
      if (path != NULL && g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL))
        for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
          g_hash_table_insert (values, (char *) keys[i],
                               g_key_file_get_string (file, GROUP, keys[i], NULL));
    }
  return g_hash_table_lookup (values, key);
}

const char *
lw_paths_get_data_dir (void)
{
  const char *dir = get_uninstalled ("data");

  return dir != NULL ? dir : LW_PKGDATADIR;
}

const char *
lw_paths_get_locale_dir (void)
{
  const char *dir = get_uninstalled ("locale");

  return dir != NULL ? dir : LW_LOCALEDIR;
}

GSettings *
lw_paths_new_settings (void)
{
  const char *dir = get_uninstalled ("schemas");
  g_autoptr (GSettingsSchemaSource) source = NULL;
  g_autoptr (GSettingsSchema) schema = NULL;

  if (dir != NULL)
    source = g_settings_schema_source_new_from_directory (
      dir, g_settings_schema_source_get_default (), TRUE, NULL);
  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, LW_APP_ID, FALSE);
  if (schema != NULL)
    return g_settings_new_full (schema, NULL, NULL);
  return g_settings_new (LW_APP_ID);
}

char *
lw_paths_find_practice_cloud (void)
{
  g_autofree char *program_dir = dup_program_dir ();
  const char *const dirs[] = { get_uninstalled ("practice"), program_dir, LW_BINDIR };

  for (gsize i = 0; i < G_N_ELEMENTS (dirs); i++)
    {
      g_autofree char *path = NULL;

      if (dirs[i] == NULL)
        continue;
      path = g_build_filename (dirs[i], PRACTICE_PROGRAM, NULL);
      if (g_file_test (path, G_FILE_TEST_IS_EXECUTABLE))
        return g_steal_pointer (&path);
    }
  return NULL;
}

GFile *
lw_paths_ensure_dir (const char *base, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (base, "labwalk", name, NULL);

  if (g_mkdir_with_parents (path, 0700) != 0)
    {
      int saved_errno = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved_errno), "%s: %s", path,
                   g_strerror (saved_errno));
      return NULL;
    }
  return g_file_new_for_path (path);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Other people's programs as judges of ours: Debian's IPython and nbconvert, run for real. */

#include <glib/gstdio.h>

#include "lw-python.h"
#include "lw-script-run.h"

/* Where no judge is, a test skips and says why; under LW_TEST_ALL=1 that is a failure. */
static inline void
judge_missing (const char *reason)
{
  if (g_strcmp0 (g_getenv ("LW_TEST_ALL"), "1") == 0)
    g_test_message ("%s, and LW_TEST_ALL=1 asks for it", reason);
  g_assert_cmpstr (g_getenv ("LW_TEST_ALL"), !=, "1");
  g_test_skip (reason);
}

/* The first interpreter that can import @modules and whose version begins with @version, or NULL
 * with the test skipped. */
static inline LwPython *
judge_find (const char *const *modules, const char *version)
{
  g_autoptr (LwClock) clock = lw_clock_new_system ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) pythons = lw_python_find (NULL, modules, clock, NULL, &error);
  g_autofree char *names = g_strjoinv (", ", (char **) modules);
  g_autofree char *reason = g_strdup_printf ("no Python %s with %s", version, names);

  g_assert_no_error (error);
  for (guint i = 0; i < pythons->len; i++)
    {
      LwPython *python = g_ptr_array_index (pythons, i);

      if (lw_python_is_usable (python) && g_str_has_prefix (python->version, version))
        return lw_python_ref (python);
    }
  judge_missing (reason);
  return NULL;
}

/* Runs @argv in @directory and expects it to succeed. */
static inline LwScriptRunResult *
judge_run (const char *directory, const char *const *argv)
{
  g_autoptr (LwClock) clock = lw_clock_new_system ();
  g_autoptr (GError) error = NULL;
  LwScriptRunOptions options = { .argv = argv, .directory = directory };
  LwScriptRunResult *result = lw_script_run (&options, clock, NULL, &error);

  g_assert_no_error (error);
  if (result->exit_status != 0)
    g_test_message ("%s", result->output);
  g_assert_cmpint (result->end, ==, LW_SCRIPT_RUN_EXITED);
  g_assert_cmpint (result->exit_status, ==, 0);
  return result;
}

static inline char *
judge_make_folder (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("labwalk-test-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

/* Removes a folder of the test and all below it; links are not followed. */
static inline void
judge_remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        judge_remove_folder (path);
      else
        g_unlink (path);
    }
  g_rmdir (folder);
}

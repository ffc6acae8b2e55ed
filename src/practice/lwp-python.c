/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Finding a Python. What counts is what can be imported, not what is first on PATH, so each
 * candidate is asked. No state; any thread, blocking. */

#include "lwp-python.h"

#include <string.h>

/* What the lab's script imports; the names are those of the modules. */
static const char probe[] = "import sys, pandas, sklearn, matplotlib\n"
                            "print(sys.executable)\n"
                            "print('Python %d.%d.%d, pandas %s, scikit-learn %s, matplotlib %s' % "
                            "(sys.version_info[:3] + (pandas.__version__, sklearn.__version__, "
                            "matplotlib.__version__)))\n";

static const char *const names[] = { "python3", "python" };
static const char *const folders[] = { "/usr/bin", "/usr/local/bin" };

void
lwp_python_free (LwpPython *python)
{
  if (python == NULL)
    return;
  g_free (python->program);
  g_free (python->description);
  g_free (python);
}

static GPtrArray *
list_candidates (void)
{
  GPtrArray *programs = g_ptr_array_new_with_free_func (g_free);
  const char *path = g_getenv ("PATH");
  g_auto (GStrv) parts = g_strsplit (path == NULL ? "" : path, G_SEARCHPATH_SEPARATOR_S, -1);
  g_autoptr (GPtrArray) all = g_ptr_array_new ();

  for (gsize i = 0; parts[i] != NULL; i++)
    g_ptr_array_add (all, parts[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++)
    g_ptr_array_add (all, (gpointer) folders[i]);
  for (guint i = 0; i < all->len; i++)
    for (gsize name = 0; name < G_N_ELEMENTS (names); name++)
      {
        char *program = g_build_filename (g_ptr_array_index (all, i), names[name], NULL);

        if (g_path_is_absolute (program)
            && g_file_test (program, G_FILE_TEST_IS_EXECUTABLE)
            && !g_ptr_array_find_with_equal_func (programs, program, g_str_equal, NULL))
          g_ptr_array_add (programs, program);
        else
          g_free (program);
      }
  return programs;
}

/* Returns NULL, with an error only when cancelled, if @program cannot import them. */
static LwpPython *
try_candidate (const char *program, GCancellable *cancellable, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *output = NULL;
  g_auto (GStrv) lines = NULL;
  LwpPython *python;

  /* -I: what lies in the current directory or in PYTHONPATH is not what a job would find. */
  process = g_subprocess_launcher_spawn (launcher, NULL, program, "-I", "-c", probe, NULL);
  if (process == NULL)
    return NULL;
  if (!g_subprocess_communicate_utf8 (process, NULL, cancellable, &output, NULL, error))
    {
      g_subprocess_force_exit (process);
      return NULL;
    }
  if (!g_subprocess_get_successful (process))
    return NULL;
  lines = g_strsplit (output, "\n", -1);
  if (g_strv_length (lines) < 2)
    return NULL;
  python = g_new0 (LwpPython, 1);
  python->program = g_strdup (lines[0]);
  python->description = g_strdup (lines[1]);
  return python;
}

LwpPython *
lwp_python_find (GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) programs = list_candidates ();
  g_autofree char *tried = NULL;

  for (guint i = 0; i < programs->len; i++)
    {
      g_autoptr (GError) local_error = NULL;
      LwpPython *python
          = try_candidate (g_ptr_array_index (programs, i), cancellable, &local_error);

      if (python != NULL)
        return python;
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
    }
  g_ptr_array_add (programs, NULL);
  tried = g_strjoinv (", ", (char **) programs->pdata);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
               "No Python on this computer can import pandas, scikit-learn and matplotlib (tried: "
               "%s)",
               *tried == '\0' ? "none found" : tried);
  return NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "judge.h"
#include "lw-error.h"

static LwClock *clock_;

static void
write_program (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE, 0700, &error);
  g_assert_no_error (error);
}

static void
test_lacks (void)
{
  const char *modules[] = { "json", "labwalk_no_such_module", "sys", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (LwPython) python = lw_python_probe ("/usr/bin/python3", LW_PYTHON_SYSTEM, modules,
                                                 clock_, NULL, &error);
  const LwPythonLack *lack;

  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (python->version, "3."));
  g_assert_null (python->failure);
  g_assert_false (lw_python_is_usable (python));
  g_assert_cmpuint (python->lacks->len, ==, 1);
  lack = g_ptr_array_index (python->lacks, 0);
  g_assert_cmpstr (lack->module, ==, "labwalk_no_such_module");
  g_assert_cmpstr (lack->exception, ==, "ModuleNotFoundError");
  g_assert_cmpstr (lack->message, ==, "No module named 'labwalk_no_such_module'");
}

static void
test_no_python (void)
{
  const char *modules[] = { "json", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (LwPython) missing
      = lw_python_probe ("/labwalk-no-such-python", LW_PYTHON_PATH, modules, clock_, NULL, &error);
  g_autoptr (LwPython) other = lw_python_probe ("/bin/false", LW_PYTHON_PATH, modules, clock_, NULL,
                                                &error);
  g_autoptr (LwPython) never = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  g_assert_no_error (error);
  g_assert_nonnull (missing->failure);
  g_assert_null (missing->version);
  g_assert_nonnull (other->failure);
  g_assert_false (lw_python_is_usable (other));

  g_cancellable_cancel (cancellable);
  never
      = lw_python_probe ("/usr/bin/python3", LW_PYTHON_PATH, modules, clock_, cancellable, &error);
  g_assert_null (never);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* An interpreter that dies in a module, one that is chosen though it comes later, one that stands
 * twice on the search path, and one that is no interpreter. */
static void
test_find (void)
{
  g_autofree char *folder = judge_make_folder ();
  g_autofree char *first = g_build_filename (folder, "first", NULL);
  g_autofree char *work = g_build_filename (folder, "work", NULL);
  g_autofree char *path = g_strdup_printf ("%s:%s::relative:/usr/bin", first, first);
  g_autoptr (GPtrArray) pythons = NULL;
  g_autoptr (GError) error = NULL;
  const char *modules[] = { "json", "email", NULL };
  LwPythonPlaces places = { .path = path, .home = folder, .folder = work };
  LwPython *python;
  const LwPythonLack *lack;

  write_program (first, "python3",
                 "#!/bin/sh\n"
                 "printf '\\n\\036lw-python:{\"version\": \"3.99.0\", \"prefix\": \"/x\"}\\n'\n"
                 "printf '\\n\\036lw-python:{\"begin\": \"json\"}\\n'\n"
                 "echo 'lost my way' >&2\nexit 139\n");
  write_program (work, ".venv/bin/python3", "#!/bin/sh\necho no python here >&2\nexit 1\n");

  pythons = lw_python_find (&places, modules, clock_, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (pythons->len, >=, 3);

  python = g_ptr_array_index (pythons, 0);
  g_assert_cmpint (python->kind, ==, LW_PYTHON_VENV);
  g_assert_cmpstr (python->failure, ==, "no python here");

  python = g_ptr_array_index (pythons, 1);
  g_assert_cmpint (python->kind, ==, LW_PYTHON_PATH);
  g_assert_cmpstr (python->version, ==, "3.99.0");
  g_assert_cmpuint (python->lacks->len, ==, 1);
  lack = g_ptr_array_index (python->lacks, 0);
  g_assert_cmpstr (lack->module, ==, "json");
  g_assert_cmpstr (lack->exception, ==, "crashed");
  g_assert_cmpstr (lack->message, ==, "lost my way");

  python = lw_python_choose (pythons);
  g_assert_nonnull (python);
  g_assert_cmpstr (python->path, ==, "/usr/bin/python3");
  judge_remove_folder (folder);
}

static void
test_venv (void)
{
  g_autofree char *folder = judge_make_folder ();
  g_autofree char *bin = g_build_filename (folder, ".virtualenvs", "a", "bin", NULL);
  g_autofree char *link = g_build_filename (bin, "python3", NULL);
  g_autofree char *config = g_build_filename (folder, ".virtualenvs", "a", "pyvenv.cfg", NULL);
  g_autoptr (GPtrArray) pythons = NULL;
  g_autoptr (GError) error = NULL;
  const char *modules[] = { "json", NULL };
  LwPythonPlaces places = { .path = "/usr/bin", .home = folder };
  gboolean found = FALSE;

  g_assert_cmpint (g_mkdir_with_parents (bin, 0700), ==, 0);
  g_assert_cmpint (symlink ("/usr/bin/python3", link), ==, 0);
  g_file_set_contents (config, "home = /usr/bin\n", -1, &error);
  g_assert_no_error (error);
  pythons = lw_python_find (&places, modules, clock_, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < pythons->len; i++)
    {
      const LwPython *python = g_ptr_array_index (pythons, i);

      if (strcmp (python->path, link) == 0)
        {
          found = TRUE;
          g_assert_cmpint (python->kind, ==, LW_PYTHON_VENV);
          g_assert_true (lw_python_is_usable (python));
          g_assert_true (g_str_has_suffix (python->prefix, "/.virtualenvs/a"));
        }
    }
  g_assert_true (found);
  judge_remove_folder (folder);
}

static void
test_none (void)
{
  g_autofree char *folder = judge_make_folder ();
  g_autoptr (GPtrArray) pythons = NULL;
  g_autoptr (GError) error = NULL;
  const char *modules[] = { "json", NULL };
  LwPythonPlaces places = { .path = folder, .home = folder, .system = "/labwalk-no-such-python" };

  pythons = lw_python_find (&places, modules, clock_, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < pythons->len; i++)
    g_assert_cmpint (((LwPython *) g_ptr_array_index (pythons, i))->kind, ==, LW_PYTHON_CONDA);
  g_assert_true (pythons->len == 0 || lw_python_choose (pythons) != NULL);
  judge_remove_folder (folder);
}

int
main (int argc, char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  clock_ = lw_clock_new_system ();
  g_test_add_func ("/python/lacks", test_lacks);
  g_test_add_func ("/python/no-python", test_no_python);
  g_test_add_func ("/python/find", test_find);
  g_test_add_func ("/python/venv", test_venv);
  g_test_add_func ("/python/none", test_none);
  status = g_test_run ();
  lw_clock_unref (clock_);
  return status;
}

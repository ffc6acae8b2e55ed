/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <sys/stat.h>

#include "judge.h"
#include "lw-error.h"
#include "lw-lab-files.h"

typedef struct
{
  char *folder;
  char *source;
  char *target;
} Fixture;

static const char *const paths[] = { "src/a.py", "src/b.csv", NULL };

static void
put (const char *folder, const char *path, const char *text)
{
  g_autofree char *full = g_build_filename (folder, path, NULL);
  g_autofree char *parent = g_path_get_dirname (full);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  g_file_set_contents (full, text, -1, &error);
  g_assert_no_error (error);
}

static void
assert_holds (const char *folder, const char *path, const char *text)
{
  g_autofree char *full = g_build_filename (folder, path, NULL);
  g_autofree char *content = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (full, &content, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (content, ==, text);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = judge_make_folder ();
  self->source = g_build_filename (self->folder, "labs", NULL);
  self->target = g_build_filename (self->folder, "work", "한글 folder", NULL);
  put (self->source, "src/a.py", "import os\r\n\r\nprint()\r\n");
  put (self->source, "src/b.csv", "1,2\n");
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  judge_remove_folder (self->folder);
  g_free (self->folder);
  g_free (self->source);
  g_free (self->target);
}

static GPtrArray *
copy (Fixture *self, const char *const *replace)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *files = lw_lab_files_copy (self->source, self->target, paths, replace, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (files->len, ==, 2);
  return files;
}

static void
assert_file (GPtrArray *files, guint index, LwLabFileState state, gboolean written)
{
  const LwLabFile *file = g_ptr_array_index (files, index);

  g_assert_cmpstr (file->path, ==, paths[index]);
  g_assert_cmpint (file->state, ==, state);
  g_assert_cmpint (file->written, ==, written);
}

static void
test_copy (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) first = copy (self, NULL);
  g_autoptr (GPtrArray) second = copy (self, NULL);
  const LwLabFile *file = g_ptr_array_index (first, 0);

  assert_file (first, 0, LW_LAB_FILE_MISSING, TRUE);
  assert_file (first, 1, LW_LAB_FILE_MISSING, TRUE);
  g_assert_true (file->normalised);
  g_assert_cmpint (file->size, ==, strlen ("import os\n\nprint()\n"));
  assert_holds (self->target, "src/a.py", "import os\n\nprint()\n");
  assert_file (second, 0, LW_LAB_FILE_SAME, FALSE);
  assert_file (second, 1, LW_LAB_FILE_SAME, FALSE);
}

static void
test_changed (Fixture *self, gconstpointer data)
{
  const char *replace[] = { "src/a.py", NULL };
  G_GNUC_UNUSED g_autoptr (GPtrArray) first = copy (self, NULL);
  g_autoptr (GPtrArray) kept = NULL;
  g_autoptr (GPtrArray) looked = NULL;
  g_autoptr (GPtrArray) replaced = NULL;
  g_autoptr (GError) error = NULL;

  put (self->target, "src/a.py", "mine\n");
  put (self->target, "src/b.csv", "mine too\n");
  kept = copy (self, NULL);
  assert_file (kept, 0, LW_LAB_FILE_CHANGED, FALSE);
  assert_holds (self->target, "src/a.py", "mine\n");

  looked = lw_lab_files_look (self->source, self->target, paths, NULL, &error);
  g_assert_no_error (error);
  assert_file (looked, 1, LW_LAB_FILE_CHANGED, FALSE);

  replaced = copy (self, replace);
  assert_file (replaced, 0, LW_LAB_FILE_CHANGED, TRUE);
  assert_file (replaced, 1, LW_LAB_FILE_CHANGED, FALSE);
  assert_holds (self->target, "src/a.py", "import os\n\nprint()\n");
  assert_holds (self->target, "src/b.csv", "mine too\n");
}

static void
assert_fails (Fixture *self, const char *path, const char *target, int code)
{
  const char *one[] = { path, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) files = lw_lab_files_copy (self->source, target, one, NULL, NULL, &error);

  g_assert_null (files);
  g_assert_error (error, LW_ERROR, code);
}

static void
test_errors (Fixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *full = NULL;

  put (self->folder, "secret", "x");
  assert_fails (self, "../secret", self->target, LW_ERROR_MALFORMED);
  assert_fails (self, "/etc/passwd", self->target, LW_ERROR_MALFORMED);
  assert_fails (self, "src/./a.py", self->target, LW_ERROR_MALFORMED);
  assert_fails (self, "src/none.py", self->target, LW_ERROR_NOT_FOUND);
  /* A folder that cannot be: its parent is a file. */
  full = g_build_filename (self->folder, "secret", "work", NULL);
  assert_fails (self, "src/a.py", full, LW_ERROR_NOT_FOUND);
  g_assert_false (lw_lab_files_save ("/proc/labwalk-no-such-file", "x", &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_NOT_FOUND);
  g_clear_error (&error);

  g_cancellable_cancel (cancellable);
  g_assert_null (lw_lab_files_copy (self->source, self->target, paths, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (g_file_test (self->target, G_FILE_TEST_EXISTS));
}

static void
test_text (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "t.py", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  struct stat info;

  g_assert_true (lw_lab_files_save (path, "print('한')\n", &error));
  g_assert_no_error (error);
  g_assert_cmpint (chmod (path, 0755), ==, 0);
  g_assert_true (lw_lab_files_save (path, "\xef\xbb\xbfx\n", &error));
  g_assert_cmpint (stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0755);
  text = lw_lab_files_read (path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "x\n");

  put (self->folder, "t.py", "\xff");
  g_assert_null (lw_lab_files_read (path, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_MALFORMED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/lab-files/copy", Fixture, NULL, set_up, test_copy, tear_down);
  g_test_add ("/lab-files/changed", Fixture, NULL, set_up, test_changed, tear_down);
  g_test_add ("/lab-files/errors", Fixture, NULL, set_up, test_errors, tear_down);
  g_test_add ("/lab-files/text", Fixture, NULL, set_up, test_text, tear_down);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lw-code.h"
#include "lw-error.h"

typedef struct
{
  char *path;
  GFile *folder;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->path = g_dir_make_tmp ("lw-code-XXXXXX", &error);
  g_assert_no_error (error);
  self->folder = g_file_new_for_path (self->path);
}

static void
remove_tree (GFile *file)
{
  g_autoptr (GFileEnumerator) children = NULL;
  GFile *child = NULL;

  if (g_file_query_file_type (file, G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL)
      == G_FILE_TYPE_DIRECTORY)
    children = g_file_enumerate_children (file, G_FILE_ATTRIBUTE_STANDARD_NAME,
                                          G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL, NULL);
  while (children != NULL && g_file_enumerator_iterate (children, NULL, &child, NULL, NULL)
         && child != NULL)
    remove_tree (child);
  g_assert_true (g_file_delete (file, NULL, NULL));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  remove_tree (self->folder);
  g_object_unref (self->folder);
  g_free (self->path);
}

static void
write_file (Fixture *self, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (self->path, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static LwCodeFolder *
list_ok (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  LwCodeFolder *folder = lw_code_folder_new (self->folder, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (folder);
  return folder;
}

/* Returns: the paths, with a space between. */
static char *
list_paths (LwCodeFolder *folder)
{
  GPtrArray *files = lw_code_folder_get_files (folder);
  g_autoptr (GString) paths = g_string_new (NULL);

  for (guint i = 0; i < files->len; i++)
    {
      const LwCodeFile *file = g_ptr_array_index (files, i);

      g_string_append_printf (paths, "%s%s", i > 0 ? " " : "", file->path);
    }
  return g_string_free (g_steal_pointer (&paths), FALSE);
}

static void
assert_hash (LwCodeFolder *folder, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *hash = lw_code_folder_hash (folder, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (hash, ==, expected);
}

static void
assert_fails (Fixture *self, LwError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (lw_code_folder_new (self->folder, NULL, &error));
  g_assert_error (error, LW_ERROR, (int) code);
}

/* What azure-ai-ml computes for these folders. */
static void
test_hash_one (Fixture *self, gconstpointer data)
{
  g_autoptr (LwCodeFolder) folder = NULL;

  write_file (self, "a.txt", "a");
  folder = list_ok (self);
  assert_hash (folder, "862da1bf8887bb682e01e98451576e27e096111bb2849a7eeb671c06e11907f6");
  g_assert_cmpint (lw_code_folder_get_size (folder), ==, 1);
  g_assert_true (lw_code_folder_get_folder (folder) == self->folder);
}

static void
test_hash_two (Fixture *self, gconstpointer data)
{
  g_autoptr (LwCodeFolder) folder = NULL;

  write_file (self, "b.txt", "b\n");
  write_file (self, "a.txt", "a\n");
  folder = list_ok (self);
  assert_hash (folder, "58f68001696297d922fd33032ea2affcdaf34411079484877c0768b96fb8a2c1");
}

static void
test_hash_tree (Fixture *self, gconstpointer data)
{
  g_autoptr (LwCodeFolder) folder = NULL;
  g_autofree char *paths = NULL;

  write_file (self, "main.py", "print(1)\n");
  write_file (self, "Sub/B.txt", "B");
  write_file (self, "sub/a.txt", "A");
  write_file (self, "empty.dat", "");
  write_file (self, "z/한.txt", "한");
  folder = list_ok (self);
  paths = list_paths (folder);
  g_assert_cmpstr (paths, ==, "empty.dat main.py sub/a.txt Sub/B.txt z/한.txt");
  assert_hash (folder, "e116cb1ee8aba924b06412e05bc3926da25c7825f7089a590d86b812510ab2ae");
  g_assert_null (lw_code_folder_get_rules (folder));
}

/* More than one buffer, and letters whose lower case is special; computed with Python's hashlib. */
static void
test_hash_large (Fixture *self, gconstpointer data)
{
  g_autoptr (LwCodeFolder) folder = NULL;
  g_autofree char *large = g_strnfill (1000 * 1000, 'x');
  g_autofree char *paths = NULL;

  write_file (self, "big.csv", large);
  write_file (self, "İz.txt", "1");
  write_file (self, "iz.txt", "2");
  write_file (self, "ÄB.txt", "3");
  write_file (self, "äa.txt", "4");
  folder = list_ok (self);
  paths = list_paths (folder);
  g_assert_cmpstr (paths, ==, "big.csv iz.txt İz.txt äa.txt ÄB.txt");
  assert_hash (folder, "429ef26604007fd9954fceb8a0dd33e3e9db24f7d842b119baee5273edaf75c8");
}

static void
test_rules (Fixture *self, gconstpointer data)
{
  g_autoptr (LwCodeFolder) folder = NULL;
  g_autoptr (LwCodeFolder) other = NULL;
  g_autofree char *paths = NULL;
  g_autofree char *other_paths = NULL;

  write_file (self, "train.py", "");
  write_file (self, "data.csv", "");
  write_file (self, "sub/.gitignore", "*");
  write_file (self, ".gitignore", "*.csv\n");
  folder = list_ok (self);
  paths = list_paths (folder);
  g_assert_cmpstr (paths, ==, ".gitignore sub/.gitignore train.py");
  g_assert_cmpstr (lw_code_folder_get_rules (folder), ==, ".gitignore");
  g_assert_cmpuint (lw_code_folder_get_ignored (folder), ==, 1);

  /* .amlignore takes the place of .gitignore, an empty one too. */
  write_file (self, ".amlignore", "/sub\n.amlignore\n");
  other = list_ok (self);
  other_paths = list_paths (other);
  g_assert_cmpstr (other_paths, ==, ".gitignore data.csv train.py");
  g_assert_cmpstr (lw_code_folder_get_rules (other), ==, ".amlignore");
  g_assert_cmpuint (lw_code_folder_get_ignored (other), ==, 2);
}

static void
test_links (Fixture *self, gconstpointer data)
{
  g_autoptr (LwCodeFolder) folder = NULL;
  g_autofree char *paths = NULL;
  g_autofree char *to_file = g_build_filename (self->path, "link.txt", NULL);
  g_autofree char *to_parent = g_build_filename (self->path, "sub", "up", NULL);
  g_autofree char *to_folder = g_build_filename (self->path, "twin", NULL);
  g_autofree char *to_nothing = g_build_filename (self->path, ".#lock", NULL);
  g_autofree char *pipe_path = g_build_filename (self->path, "pipe", NULL);

  write_file (self, "sub/a.txt", "A");
  g_assert_cmpint (symlink ("sub/a.txt", to_file), ==, 0);
  g_assert_cmpint (symlink ("..", to_parent), ==, 0);
  g_assert_cmpint (symlink ("sub", to_folder), ==, 0);
  g_assert_cmpint (symlink ("nowhere", to_nothing), ==, 0);
  g_assert_cmpint (mkfifo (pipe_path, 0600), ==, 0);
  folder = list_ok (self);
  paths = list_paths (folder);
  g_assert_cmpstr (paths, ==, "link.txt sub/a.txt twin/a.txt");
  g_assert_cmpuint (lw_code_folder_get_ignored (folder), ==, 2);
  assert_hash (folder, "22508a973e0e0c2550f9c46cbaa172a18c59b2af2dce311ccd03acf31921eb2d");
}

static void
test_refuses (Fixture *self, gconstpointer data)
{
  g_autoptr (GFile) nowhere = g_file_get_child (self->folder, "nowhere");
  g_autoptr (GFile) file = g_file_get_child (self->folder, "a.txt");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *rules = g_strnfill (2 * 1024 * 1024, '#');
  g_autofree char *broken = g_build_filename (self->path, "\xff.txt", NULL);

  assert_fails (self, LW_ERROR_NOT_FOUND);
  g_assert_null (lw_code_folder_new (nowhere, NULL, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_NOT_FOUND);
  g_clear_error (&error);

  write_file (self, "a.txt", "a");
  g_assert_null (lw_code_folder_new (file, NULL, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_NOT_FOUND);
  g_clear_error (&error);
  write_file (self, ".amlignore", "*");
  assert_fails (self, LW_ERROR_NOT_FOUND);
  write_file (self, ".amlignore", rules);
  assert_fails (self, LW_ERROR_TOO_LARGE);
  write_file (self, ".amlignore", "");
  g_cancellable_cancel (cancellable);
  g_assert_null (lw_code_folder_new (self->folder, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (g_file_set_contents (broken, "", 0, NULL));
  assert_fails (self, LW_ERROR_MALFORMED);
}

static void
test_too_deep (Fixture *self, gconstpointer data)
{
  g_autoptr (GString) path = g_string_new (NULL);

  for (guint i = 0; i < 70; i++)
    g_string_append (path, "d/");
  g_string_append (path, "a.txt");
  write_file (self, path->str, "a");
  assert_fails (self, LW_ERROR_TOO_LARGE);
}

/* A file that changes under our hands must not give a hash that stands for neither. */
static void
test_changed (Fixture *self, gconstpointer data)
{
  g_autoptr (LwCodeFolder) folder = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (self->path, "a.txt", NULL);

  write_file (self, "a.txt", "a");
  folder = list_ok (self);
  write_file (self, "a.txt", "aa");
  g_assert_null (lw_code_folder_hash (folder, NULL, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_FAILED);
  g_clear_error (&error);
  write_file (self, "a.txt", "");
  g_assert_null (lw_code_folder_hash (folder, NULL, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_FAILED);
  g_clear_error (&error);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_null (lw_code_folder_hash (folder, NULL, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_cancellable_cancel (cancellable);
  g_assert_null (lw_code_folder_hash (folder, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

#define ADD(path, func) g_test_add ("/code-folder/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("hash-one", test_hash_one);
  ADD ("hash-two", test_hash_two);
  ADD ("hash-tree", test_hash_tree);
  ADD ("hash-large", test_hash_large);
  ADD ("rules", test_rules);
  ADD ("links", test_links);
  ADD ("refuses", test_refuses);
  ADD ("too-deep", test_too_deep);
  ADD ("changed", test_changed);
  return g_test_run ();
}

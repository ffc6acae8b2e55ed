/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>

#include "judge.h"
#include "lw-archive.h"
#include "lw-error.h"

typedef struct
{
  char *folder;
  char *archive;
  char *target;
} Fixture;

/* An entry to be packed: a link when @link is set, a folder when @text is %NULL. */
typedef struct
{
  const char *path;
  const char *text;
  const char *link;
  guint mode;
} Entry;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = judge_make_folder ();
  self->archive = g_build_filename (self->folder, "archive", NULL);
  self->target = g_build_filename (self->folder, "target", NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  judge_remove_folder (self->folder);
  g_free (self->folder);
  g_free (self->archive);
  g_free (self->target);
}

static void
pack (Fixture *self, gboolean zip, const Entry *entries, gsize n)
{
  struct archive *archive = archive_write_new ();

  /* libarchive writes names by the locale; reading must not need one. */
  setlocale (LC_ALL, "C.UTF-8");
  if (zip)
    archive_write_set_format_zip (archive);
  else
    {
      archive_write_add_filter_gzip (archive);
      archive_write_set_format_pax (archive);
    }
  g_assert_cmpint (archive_write_open_filename (archive, self->archive), ==, ARCHIVE_OK);
  for (gsize i = 0; i < n; i++)
    {
      struct archive_entry *entry = archive_entry_new ();
      gsize length = entries[i].text != NULL ? strlen (entries[i].text) : 0;

      archive_entry_set_pathname_utf8 (entry, entries[i].path);
      archive_entry_set_mode (entry, AE_IFDIR | 0755);
      if (entries[i].text != NULL)
        {
          archive_entry_set_mode (entry,
                                  AE_IFREG | (entries[i].mode != 0 ? entries[i].mode : 0644));
          archive_entry_set_size (entry, (la_int64_t) length);
        }
      if (entries[i].link != NULL)
        {
          archive_entry_set_mode (entry, AE_IFLNK | 0777);
          archive_entry_set_symlink_utf8 (entry, entries[i].link);
        }
      g_assert_cmpint (archive_write_header (archive, entry), ==, ARCHIVE_OK);
      if (length > 0)
        g_assert_cmpint (archive_write_data (archive, entries[i].text, length), ==,
                         (la_ssize_t)length);
      archive_entry_free (entry);
    }
  g_assert_cmpint (archive_write_close (archive), ==, ARCHIVE_OK);
  archive_write_free (archive);
  setlocale (LC_ALL, "C");
}

static void
assert_holds (Fixture *self, const char *path, const char *text)
{
  g_autofree char *full = g_build_filename (self->target, path, NULL);
  g_autofree char *content = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (full, &content, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (content, ==, text);
}

/* Nothing is left: neither the folder nor an unfinished one. */
static void
assert_fails (Fixture *self, const LwArchiveOptions *options, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = NULL;
  const char *name;

  g_assert_false (lw_archive_unpack (self->archive, self->target, options, NULL, NULL, &error));
  g_assert_error (error, LW_ERROR, code);
  dir = g_dir_open (self->folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    g_assert_cmpstr (name, ==, "archive");
}

static const Entry repository[] = {
  { .path = "lab-main/" },
  { .path = "lab-main/README.md", .text = "read\n" },
  { .path = "lab-main/Labs/08/src/train.py", .text = "print()\n", .mode = 0755 },
  { .path = "lab-main/Labs/08/src/한 글.csv", .text = "1\n" },
  { .path = "lab-main/Labs/08/src/link", .text = "", .link = "/etc/passwd" },
  { .path = "lab-main/Labs/08/srcs/no.py", .text = "no\n" },
};

static void
test_unpack (Fixture *self, gconstpointer data)
{
  LwArchiveOptions options = { .strip = 1, .only = "Labs/08/src" };
  LwArchiveSummary summary = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *link = g_build_filename (self->target, "link", NULL);
  g_autofree char *script = g_build_filename (self->target, "train.py", NULL);

  pack (self, GPOINTER_TO_INT (data), repository, G_N_ELEMENTS (repository));
  lw_archive_unpack (self->archive, self->target, &options, &summary, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (summary.n_files, ==, 2);
  g_assert_cmpuint (summary.n_skipped, ==, 1);
  g_assert_cmpint (summary.n_bytes, ==, 10);
  assert_holds (self, "train.py", "print()\n");
  assert_holds (self, "한 글.csv", "1\n");
  g_assert_false (g_file_test (link, G_FILE_TEST_IS_SYMLINK));
  g_assert_true (g_file_test (script, G_FILE_TEST_IS_EXECUTABLE));

  /* A folder that is there is not touched. */
  g_assert_false (lw_archive_unpack (self->archive, self->target, &options, NULL, NULL, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_FAILED);
  assert_holds (self, "train.py", "print()\n");
}

static void
test_all (Fixture *self, gconstpointer data)
{
  LwArchiveSummary summary = { 0 };
  g_autoptr (GError) error = NULL;

  pack (self, FALSE, repository, G_N_ELEMENTS (repository));
  lw_archive_unpack (self->archive, self->target, NULL, &summary, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (summary.n_files, ==, 4);
  assert_holds (self, "lab-main/README.md", "read\n");
}

static void
test_escapes (Fixture *self, gconstpointer data)
{
  static const char *const bad[] = {
    "../outside", "a/../../outside", "a/..", "/tmp/labwalk-outside", "a//b", "a\\b", "..",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      Entry entries[] = { { .path = "good", .text = "x" }, { .path = bad[i], .text = "x" } };

      pack (self, FALSE, entries, 2);
      assert_fails (self, NULL, LW_ERROR_MALFORMED);
      g_unlink (self->archive);
    }
  g_assert_false (g_file_test ("/tmp/labwalk-outside", G_FILE_TEST_EXISTS));
}

/* A link in place of a folder, then a file through it: the link is not made, the file stays inside.
 */
static void
test_through_link (Fixture *self, gconstpointer data)
{
  Entry entries[] = {
    { .path = "d", .text = "", .link = "/tmp" },
    { .path = "d/labwalk-through-link", .text = "x" },
  };
  g_autoptr (GError) error = NULL;

  pack (self, FALSE, entries, 2);
  lw_archive_unpack (self->archive, self->target, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  assert_holds (self, "d/labwalk-through-link", "x");
  g_assert_false (g_file_test ("/tmp/labwalk-through-link", G_FILE_TEST_EXISTS));
}

static void
test_twice (Fixture *self, gconstpointer data)
{
  Entry twice[] = { { .path = "a", .text = "x" }, { .path = "a", .text = "y" } };
  Entry mixed[] = { { .path = "a", .text = "x" }, { .path = "a/b", .text = "y" } };

  pack (self, FALSE, twice, 2);
  assert_fails (self, NULL, LW_ERROR_MALFORMED);
  pack (self, FALSE, mixed, 2);
  assert_fails (self, NULL, LW_ERROR_MALFORMED);
}

static void
test_limits (Fixture *self, gconstpointer data)
{
  g_autofree char *zeros = g_strnfill (5000000, '0');
  Entry entries[] = { { .path = "a", .text = zeros }, { .path = "b", .text = "x" } };
  LwArchiveOptions few = { .max_entries = 1 };
  LwArchiveOptions small = { .max_total = 4999999 };
  LwArchiveOptions elsewhere = { .max_total = 4999999, .only = "none" };

  pack (self, FALSE, entries, 2);
  assert_fails (self, &few, LW_ERROR_TOO_LARGE);
  assert_fails (self, &small, LW_ERROR_TOO_LARGE);
  /* What is left out is unpacked all the same. */
  assert_fails (self, &elsewhere, LW_ERROR_TOO_LARGE);
}

static void
test_broken (Fixture *self, gconstpointer data)
{
  LwArchiveOptions nothing = { .only = "none" };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *content = NULL;
  gsize length;

  assert_fails (self, NULL, LW_ERROR_NOT_FOUND);
  g_file_set_contents (self->archive, "this is no archive at all", -1, &error);
  g_assert_no_error (error);
  assert_fails (self, NULL, LW_ERROR_MALFORMED);

  pack (self, FALSE, repository, G_N_ELEMENTS (repository));
  assert_fails (self, &nothing, LW_ERROR_NOT_FOUND);
  g_cancellable_cancel (cancellable);
  g_assert_false (lw_archive_unpack (self->archive, self->target, NULL, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  /* Cut anywhere, it is an error and never half a folder. */
  g_clear_error (&error);
  g_file_get_contents (self->archive, &content, &length, &error);
  g_assert_no_error (error);
  for (gsize cut = 1; cut + 1 < length; cut += 7)
    {
      g_file_set_contents (self->archive, content, (gssize) cut, &error);
      g_assert_no_error (error);
      assert_fails (self, NULL, LW_ERROR_MALFORMED);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/archive/tar", Fixture, GINT_TO_POINTER (FALSE), set_up, test_unpack, tear_down);
  g_test_add ("/archive/zip", Fixture, GINT_TO_POINTER (TRUE), set_up, test_unpack, tear_down);
  g_test_add ("/archive/all", Fixture, NULL, set_up, test_all, tear_down);
  g_test_add ("/archive/escapes", Fixture, NULL, set_up, test_escapes, tear_down);
  g_test_add ("/archive/through-link", Fixture, NULL, set_up, test_through_link, tear_down);
  g_test_add ("/archive/twice", Fixture, NULL, set_up, test_twice, tear_down);
  g_test_add ("/archive/limits", Fixture, NULL, set_up, test_limits, tear_down);
  g_test_add ("/archive/broken", Fixture, NULL, set_up, test_broken, tear_down);
  return g_test_run ();
}

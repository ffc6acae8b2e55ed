/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lw-record.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lw-error.h"

#define KILL_ROUNDS 60
#define WRITERS 2
#define JOBS_PER_WRITER 40

typedef struct
{
  char *path;
  GFile *folder;
  LwLab *lab;
} Fixture;

static void
set_up (Fixture *f, gconstpointer unused)
{
  g_autofree char *lab_path = g_build_filename (g_getenv ("LW_TEST_SOURCE_ROOT"), "data", "labs",
                                                "dp100-08.json", NULL);
  g_autoptr (GFile) lab_file = g_file_new_for_path (lab_path);
  g_autofree char *parent = g_dir_make_tmp ("lw-record-XXXXXX", NULL);

  f->path = g_build_filename (parent, "records", NULL);
  f->folder = g_file_new_for_path (f->path);
  f->lab = lw_lab_load (lab_file, NULL);
  g_assert_nonnull (f->lab);
}

static void
remove_folder (const char *path)
{
  GDir *dir = g_dir_open (path, 0, NULL);

  for (const char *name = dir ? g_dir_read_name (dir) : NULL; name; name = g_dir_read_name (dir))
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      g_unlink (child);
    }
  g_clear_pointer (&dir, g_dir_close);
  g_rmdir (path);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  g_autofree char *parent = g_path_get_dirname (f->path);

  remove_folder (f->path);
  g_assert_cmpint (g_rmdir (parent), ==, 0);
  lw_lab_unref (f->lab);
  g_object_unref (f->folder);
  g_free (f->path);
}

static LwRecord *
new_saved (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  LwRecord *record = lw_record_new (f->folder, f->lab, "practice");

  lw_record_set (record, &error, LW_RECORD_REGION, "koreacentral", "counter", "0", NULL);
  g_assert_no_error (error);
  return record;
}

static const char *
get_path (LwRecord *record)
{
  return g_file_peek_path (lw_record_get_file (record));
}

static char *
read_text (const char *path)
{
  char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

static mode_t
get_mode (const char *path)
{
  struct stat info;

  g_assert_cmpint (stat (path, &info), ==, 0);
  return info.st_mode & 07777;
}

static void
assert_value (LwRecord *record, const char *key, const char *expected)
{
  g_autofree char *value = lw_record_dup (record, key);

  g_assert_cmpstr (value, ==, expected);
}

static LwRecord *
load (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  LwRecord *record = lw_record_load (file, &error);

  g_assert_no_error (error);
  return record;
}

static void
test_round_trip (Fixture *f, gconstpointer unused)
{
  g_autoptr (LwRecord) record = lw_record_new (f->folder, f->lab, "practice");
  g_autoptr (LwRecord) again = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *suffix = lw_record_dup (record, LW_RECORD_SUFFIX);
  g_autofree char *group = g_strconcat ("rg-dp100-l", suffix, NULL);
  g_auto (GStrv) jobs = NULL;

  g_assert_cmpuint (strlen (suffix), ==, 18);
  g_assert_false (g_file_test (f->path, G_FILE_TEST_EXISTS));
  g_assert_true (lw_record_set (record, &error, LW_RECORD_REGION, "koreacentral",
                                LW_RECORD_MAX_NODES, "2", LW_RECORD_ACCOUNT, "누구 \"x\"\n", NULL));
  g_assert_true (lw_record_set_time (record, LW_RECORD_PROVISION_STARTED, 123456789012345, &error));
  g_assert_true (lw_record_add_job (record, "calm_river", &error));
  g_assert_true (lw_record_add_job (record, "calm_river", &error));
  g_assert_true (lw_record_set (record, &error, LW_RECORD_ACCOUNT, NULL, NULL));
  g_assert_no_error (error);
  g_assert_cmpuint (get_mode (f->path), ==, 0700);
  g_assert_cmpuint (get_mode (get_path (record)), ==, 0600);

  again = load (get_path (record));
  assert_value (again, LW_RECORD_LAB, "dp100-08");
  assert_value (again, LW_RECORD_CLOUD, "practice");
  assert_value (again, LW_RECORD_REGION, "koreacentral");
  assert_value (again, LW_RECORD_GROUP, group);
  assert_value (again, LW_RECORD_CLUSTER, "aml-cluster");
  assert_value (again, LW_RECORD_ACCOUNT, NULL);
  g_assert_cmpint (lw_record_get_int (again, LW_RECORD_MAX_NODES, 0), ==, 2);
  g_assert_cmpint (lw_record_get_int (again, LW_RECORD_REGION, 7), ==, 7);
  g_assert_cmpint (lw_record_get_time (again, LW_RECORD_PROVISION_STARTED), ==, 123456789012345);
  g_assert_cmpint (lw_record_get_time (again, LW_RECORD_PROVISION_DONE), ==, 0);
  jobs = lw_record_dup_jobs (again);
  g_assert_cmpuint (g_strv_length (jobs), ==, 1);
  g_assert_cmpstr (jobs[0], ==, "calm_river");
}

static void
test_unknown_members (Fixture *f, gconstpointer unused)
{
  g_autoptr (LwRecord) record = new_saved (f);
  g_autoptr (LwRecord) other = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *old = read_text (get_path (record));
  g_autofree char *new = NULL;
  g_autoptr (GString) text = g_string_new (old);

  g_string_replace (text, "\"version\"", "\"later\" : { \"deep\" : [1, null] }, \"version\"", 1);
  g_string_replace (text, "\"region\"", "\"unheard-of\" : \"kept\", \"region\"", 1);
  g_assert_true (g_file_set_contents (get_path (record), text->str, -1, NULL));
  other = load (get_path (record));
  g_assert_true (lw_record_set (other, &error, LW_RECORD_REGION, "eastus", NULL));
  g_assert_no_error (error);
  new = read_text (get_path (record));
  g_assert_nonnull (strstr (new, "\"deep\""));
  g_assert_nonnull (strstr (new, "\"unheard-of\" : \"kept\""));
  assert_value (other, "unheard-of", "kept");
}

static void
test_newer_is_untouched (Fixture *f, gconstpointer unused)
{
  g_autoptr (LwRecord) record = new_saved (f);
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) text = NULL;
  g_autofree char *old = read_text (get_path (record));
  g_autofree char *after = NULL;

  text = g_string_new (old);
  g_assert_cmpuint (g_string_replace (text, "\"version\" : 1", "\"version\" : 2", 1), ==, 1);
  g_assert_true (g_file_set_contents (get_path (record), text->str, -1, NULL));
  g_assert_null (lw_record_load (lw_record_get_file (record), &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_NEWER_VERSION);
  g_clear_error (&error);
  /* Also by one who had it open before. */
  g_assert_false (lw_record_set (record, &error, LW_RECORD_REGION, "eastus", NULL));
  g_assert_error (error, LW_ERROR, LW_ERROR_NEWER_VERSION);
  assert_value (record, LW_RECORD_REGION, "koreacentral");
  after = read_text (get_path (record));
  g_assert_cmpstr (after, ==, text->str);
}

static void
test_damaged_is_set_aside (Fixture *f, gconstpointer unused)
{
  static const char *const damages[] = {
    "", "{", "[]", "{\"version\":1}", "{\"version\":\"one\",\"values\":{}}",
    "{\"version\":1,\"values\":{\"lab\":1,\"cloud\":\"x\",\"suffix\":\"y\"}}",
    "{\"version\":1,\"values\":{\"lab\":\"l\",\"cloud\":\"x\",\"suffix\":\"y\"},\"jobs\":{}}",
  };
  g_autoptr (LwRecord) record = new_saved (f);

  for (guint i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GFile) aside = NULL;
      g_autoptr (GPtrArray) files = NULL;
      g_autofree char *text = NULL;

      g_assert_true (g_file_set_contents (get_path (record), damages[i], -1, NULL));
      g_assert_null (lw_record_load (lw_record_get_file (record), &error));
      g_assert_error (error, LW_ERROR, LW_ERROR_MALFORMED);
      g_clear_error (&error);
      aside = lw_record_set_aside (lw_record_get_file (record), &error);
      g_assert_no_error (error);
      text = read_text (g_file_peek_path (aside));
      g_assert_cmpstr (text, ==, damages[i]);
      files = lw_record_list (f->folder, &error);
      g_assert_cmpuint (files->len, ==, 0);
    }
}

static void
test_list (Fixture *f, gconstpointer unused)
{
  g_autoptr (GPtrArray) none = lw_record_list (f->folder, NULL);
  g_autoptr (LwRecord) first = NULL;
  g_autoptr (LwRecord) second = NULL;
  g_autoptr (GPtrArray) files = NULL;

  g_assert_cmpuint (none->len, ==, 0);
  first = new_saved (f);
  second = new_saved (f);
  g_assert_true (lw_record_set (first, NULL, "counter", "1", NULL));
  files = lw_record_list (f->folder, NULL);
  g_assert_cmpuint (files->len, ==, 2);
  g_assert_true (g_file_equal (g_ptr_array_index (files, 0), lw_record_get_file (first)));
  g_assert_true (g_file_equal (g_ptr_array_index (files, 1), lw_record_get_file (second)));
}

static void
test_limits (Fixture *f, gconstpointer unused)
{
  g_autoptr (LwRecord) record = new_saved (f);
  g_autoptr (GError) error = NULL;
  g_autofree char *long_value = g_strnfill (LW_RECORD_MAX_VALUE + 1, 'x');

  g_assert_false (lw_record_set (record, &error, LW_RECORD_LOCAL_OUTPUT, long_value, NULL));
  g_assert_error (error, LW_ERROR, LW_ERROR_TOO_LARGE);
  g_clear_error (&error);
  long_value[LW_RECORD_MAX_VALUE] = '\0';
  g_assert_true (lw_record_set (record, &error, LW_RECORD_LOCAL_OUTPUT, long_value, NULL));
  g_assert_false (lw_record_set (record, &error, LW_RECORD_LOCAL_OUTPUT, "\xff", NULL));
  g_assert_error (error, LW_ERROR, LW_ERROR_MALFORMED);
}

static void
test_no_folder (Fixture *f, gconstpointer unused)
{
  g_autofree char *parent = g_path_get_dirname (f->path);
  g_autofree char *in_the_way = g_build_filename (parent, "file", NULL);
  g_autoptr (GFile) folder = g_file_new_for_path (in_the_way);
  g_autoptr (LwRecord) record = lw_record_new (folder, f->lab, "practice");
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (in_the_way, "", -1, NULL));
  g_assert_false (lw_record_set (record, &error, LW_RECORD_REGION, "eastus", NULL));
  g_assert_error (error, LW_ERROR, LW_ERROR_FAILED);
  assert_value (record, LW_RECORD_REGION, NULL);
  g_assert_cmpint (g_unlink (in_the_way), ==, 0);
}

/* ---- Disk full and sudden death ---- */

static void
limit_file_size (rlim_t bytes)
{
  struct rlimit limit = { bytes, bytes };

  if (setrlimit (RLIMIT_FSIZE, &limit) != 0)
    _exit (99);
}

static int
wait_for (pid_t child)
{
  int status = 0;

  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  return status;
}

/* In a child: no room after @bytes; exits 0 when everything was as promised. */
static void
run_without_room (LwRecord *record, rlim_t bytes)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *region = NULL;

  signal (SIGXFSZ, SIG_IGN);
  limit_file_size (bytes);
  if (lw_record_set (record, &error, LW_RECORD_REGION, "eastus", NULL))
    _exit (1);
  if (!g_error_matches (error, LW_ERROR, LW_ERROR_NO_SPACE))
    _exit (2);
  region = lw_record_dup (record, LW_RECORD_REGION);
  _exit (g_strcmp0 (region, "koreacentral") == 0 ? 0 : 3);
}

static void
test_no_space (Fixture *f, gconstpointer unused)
{
  g_autoptr (LwRecord) record = new_saved (f);
  g_autofree char *before = read_text (get_path (record));
  g_autofree char *litter = g_strconcat (get_path (record), ".new", NULL);

  for (gsize bytes = 0; bytes < strlen (before) - 10; bytes += 50)
    {
      g_autofree char *after = NULL;
      pid_t child = fork ();

      if (child == 0)
        run_without_room (record, bytes);
      g_assert_cmpint (wait_for (child), ==, 0);
      after = read_text (get_path (record));
      g_assert_cmpstr (after, ==, before);
      g_assert_false (g_file_test (litter, G_FILE_TEST_EXISTS));
    }
}

/* The kernel kills the writer in the write that would pass the limit: at every byte of the file. */
static void
test_killed_at_each_write (Fixture *f, gconstpointer unused)
{
  g_autoptr (LwRecord) record = new_saved (f);
  g_autofree char *before = read_text (get_path (record));
  g_autoptr (GError) error = NULL;

  for (gsize bytes = 0; bytes < strlen (before) - 10; bytes += 7)
    {
      g_autofree char *after = NULL;
      pid_t child = fork ();
      int status;

      if (child == 0)
        {
          limit_file_size (bytes);
          lw_record_set (record, NULL, LW_RECORD_REGION, "eastus", NULL);
          _exit (1);
        }
      status = wait_for (child);
      g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGXFSZ);
      after = read_text (get_path (record));
      g_assert_cmpstr (after, ==, before);
    }
  /* Neither lock nor left-over stands in the way of the next one. */
  g_assert_true (lw_record_set (record, &error, LW_RECORD_REGION, "eastus", NULL));
  g_assert_no_error (error);
}

/* In a child: counts in the record for ever, telling each number after it was saved. */
static void
count_for_ever (const char *path, int pipe_fd)
{
  g_autoptr (LwRecord) record = load (path);

  for (gint64 i = lw_record_get_int (record, "counter", -1) + 1;; i++)
    {
      g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, i);

      if (!lw_record_set (record, NULL, "counter", text, "copy", text, NULL)
          || write (pipe_fd, &i, sizeof i) != sizeof i)
        _exit (1);
    }
}

static gint64
kill_counter_soon (const char *path, guint round)
{
  gint64 told = 0, last = -1;
  int fds[2];
  pid_t child;

  g_assert_cmpint (pipe (fds), ==, 0);
  child = fork ();
  if (child == 0)
    {
      close (fds[0]);
      count_for_ever (path, fds[1]);
    }
  close (fds[1]);
  /* After the first number any moment is as good as another. */
  for (guint i = 0; i <= round % 5; i++)
    g_assert_cmpint (read (fds[0], &told, sizeof told), ==, sizeof told);
  g_usleep (g_random_int_range (0, 2000));
  g_assert_cmpint (kill (child, SIGKILL), ==, 0);
  wait_for (child);
  do
    last = told;
  while (read (fds[0], &told, sizeof told) == sizeof told);
  close (fds[0]);
  return last;
}

static void
test_killed_any_time (Fixture *f, gconstpointer unused)
{
  g_autoptr (LwRecord) record = new_saved (f);

  for (guint round = 0; round < KILL_ROUNDS; round++)
    {
      gint64 told = kill_counter_soon (get_path (record), round);
      g_autoptr (LwRecord) after = load (get_path (record));
      gint64 stored = lw_record_get_int (after, "counter", -1);

      /* What was told to be saved is there; one more may have made it. */
      g_assert_cmpint (stored, >=, told);
      g_assert_cmpint (stored, <=, told + 1);
      g_assert_cmpint (lw_record_get_int (after, "copy", -1), ==, stored);
      assert_value (after, LW_RECORD_REGION, "koreacentral");
    }
}

/* ---- Several writers ---- */

static void
add_jobs (const char *path, guint writer)
{
  g_autoptr (LwRecord) record = load (path);

  for (guint i = 0; i < JOBS_PER_WRITER; i++)
    {
      g_autofree char *name = g_strdup_printf ("job-%u-%u", writer, i);

      if (!lw_record_add_job (record, name, NULL))
        _exit (1);
    }
}

static void
test_two_processes (Fixture *f, gconstpointer unused)
{
  g_autoptr (LwRecord) record = new_saved (f);
  g_autoptr (LwRecord) after = NULL;
  g_auto (GStrv) jobs = NULL;
  pid_t children[WRITERS];

  for (guint i = 0; i < WRITERS; i++)
    {
      children[i] = fork ();
      if (children[i] == 0)
        {
          add_jobs (get_path (record), i);
          _exit (0);
        }
    }
  for (guint i = 0; i < WRITERS; i++)
    g_assert_cmpint (wait_for (children[i]), ==, 0);
  after = load (get_path (record));
  jobs = lw_record_dup_jobs (after);
  g_assert_cmpuint (g_strv_length (jobs), ==, WRITERS * JOBS_PER_WRITER);
  /* The one who had it open all the time forgets nothing either. */
  g_assert_true (lw_record_set (record, NULL, LW_RECORD_REGION, "eastus", NULL));
  g_strfreev (jobs);
  jobs = lw_record_dup_jobs (record);
  g_assert_cmpuint (g_strv_length (jobs), ==, WRITERS * JOBS_PER_WRITER);
}

typedef struct
{
  LwRecord *record;
  const char *key;
} Setter;

static gpointer
set_values_thread (gpointer data)
{
  Setter *setter = data;

  for (guint i = 1; i <= 20; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u", i);

      g_assert_true (lw_record_set (setter->record, NULL, setter->key, text, NULL));
      assert_value (setter->record, setter->key, text);
    }
  return NULL;
}

static void
test_threads (Fixture *f, gconstpointer unused)
{
  static const char *const keys[] = { "a", "b", "c", "d" };
  g_autoptr (LwRecord) record = new_saved (f);
  g_autoptr (LwRecord) after = NULL;
  Setter setters[G_N_ELEMENTS (keys)];
  GThread *threads[G_N_ELEMENTS (keys)];

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      setters[i] = (Setter) { record, keys[i] };
      threads[i] = g_thread_new ("set", set_values_thread, &setters[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    g_thread_join (threads[i]);
  after = load (get_path (record));
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    assert_value (after, keys[i], "20");
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/record/round-trip", test_round_trip);
  ADD ("/record/unknown-members", test_unknown_members);
  ADD ("/record/newer-is-untouched", test_newer_is_untouched);
  ADD ("/record/damaged-is-set-aside", test_damaged_is_set_aside);
  ADD ("/record/list", test_list);
  ADD ("/record/limits", test_limits);
  ADD ("/record/no-folder", test_no_folder);
  ADD ("/record/no-space", test_no_space);
  ADD ("/record/killed-at-each-write", test_killed_at_each_write);
  ADD ("/record/killed-any-time", test_killed_any_time);
  ADD ("/record/two-processes", test_two_processes);
  ADD ("/record/threads", test_threads);
  return g_test_run ();
}

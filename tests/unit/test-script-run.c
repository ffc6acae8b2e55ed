/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <errno.h>
#include <signal.h>

#include "judge.h"
#include "lw-error.h"

typedef struct
{
  GString *out;
  GString *err;
  GCancellable *cancel_on_output; /* (nullable) */
  guint calls;
} Seen;

static void
seen_cb (LwScriptStream stream, const char *data, gsize length, gpointer user_data)
{
  Seen *seen = user_data;

  seen->calls++;
  g_string_append_len (stream == LW_SCRIPT_STDOUT ? seen->out : seen->err, data, (gssize) length);
  if (seen->cancel_on_output != NULL)
    g_cancellable_cancel (seen->cancel_on_output);
}

static LwScriptRunResult *
run (const char *const *argv, LwScriptRunOptions *options, Seen *seen, GCancellable *cancellable,
     GError **error)
{
  g_autoptr (LwClock) clock = lw_clock_new_system ();
  LwScriptRunOptions plain = { 0 };

  if (options == NULL)
    options = &plain;
  options->argv = argv;
  if (options->directory == NULL)
    options->directory = "/";
  if (seen != NULL)
    {
      seen->out = g_string_new (NULL);
      seen->err = g_string_new (NULL);
      options->func = seen_cb;
      options->user_data = seen;
    }
  return lw_script_run (options, clock, cancellable, error);
}

static void
seen_clear (Seen *seen)
{
  g_string_free (seen->out, TRUE);
  g_string_free (seen->err, TRUE);
}

static void
test_streams (void)
{
  const char *argv[] = { "sh", "-c", "echo out; echo err >&2; exit 3", NULL };
  g_autoptr (GError) error = NULL;
  Seen seen = { 0 };
  g_autoptr (LwScriptRunResult) result = run (argv, NULL, &seen, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (result->end, ==, LW_SCRIPT_RUN_EXITED);
  g_assert_cmpint (result->exit_status, ==, 3);
  g_assert_cmpstr (seen.out->str, ==, "out\n");
  g_assert_cmpstr (seen.err->str, ==, "err\n");
  g_assert_cmpstr (result->output, ==, "out\nerr\n");
  g_assert_false (result->truncated);
  g_assert_cmpint (result->duration_us, >, 0);
  seen_clear (&seen);
}

/* No shell: every argument arrives as it is. */
static void
test_argv (void)
{
  const char *argv[] = { "printf", "%s|", "a b", "$HOME", "`id`", "*", "", "한글'\"", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (LwScriptRunResult) result = run (argv, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (result->output, ==, "a b|$HOME|`id`|*||한글'\"|");
}

static void
test_environment (void)
{
  const char *argv[] = { "env", NULL };
  const char *extra[] = { "MORE=a=b", "MPLBACKEND=svg", NULL };
  g_autoptr (GError) error = NULL;
  LwScriptRunOptions options = { .environment = extra };
  g_autoptr (LwScriptRunResult) result = NULL;
  g_auto (GStrv) lines = NULL;

  g_setenv ("LW_SECRET_OF_THE_TEST", "x", TRUE);
  g_setenv ("PYTHONPATH", "/somewhere", TRUE);
  result = run (argv, &options, NULL, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (result->output, "\n", -1);
  g_assert_true (g_strv_contains ((const char *const *) lines, "MORE=a=b"));
  g_assert_true (g_strv_contains ((const char *const *) lines, "MPLBACKEND=svg"));
  g_assert_true (g_strv_contains ((const char *const *) lines, "PYTHONUNBUFFERED=1"));
  g_assert_true (g_strv_contains ((const char *const *) lines, "LC_ALL=C.UTF-8"));
  g_assert_null (strstr (result->output, "LW_SECRET_OF_THE_TEST"));
  g_assert_null (strstr (result->output, "PYTHONPATH"));
  g_unsetenv ("PYTHONPATH");
}

static void
test_directory (void)
{
  const char *argv[] = { "pwd", NULL };
  g_autoptr (GError) error = NULL;
  LwScriptRunOptions options = { .directory = "/usr" };
  g_autoptr (LwScriptRunResult) result = run (argv, &options, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (result->output, ==, "/usr\n");
}

static void
test_missing (void)
{
  const char *nothing[] = { "labwalk-no-such-program", NULL };
  const char *argv[] = { "true", NULL };
  g_autofree char *folder = judge_make_folder ();
  g_autofree char *program = g_build_filename (folder, "program", NULL);
  const char *denied[] = { program, NULL };
  LwScriptRunOptions options = { .directory = "/labwalk-no-such-folder" };
  g_autoptr (GError) error = NULL;

  g_assert_null (run (nothing, NULL, NULL, NULL, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (run (argv, &options, NULL, NULL, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_file_set_contents_full (program, "#!/bin/true\n", -1, G_FILE_SET_CONTENTS_NONE, 0600, &error);
  g_assert_no_error (error);
  g_assert_null (run (denied, NULL, NULL, NULL, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_DENIED);
  judge_remove_folder (folder);
}

static void
test_signal (void)
{
  const char *argv[] = { "sh", "-c", "kill -SEGV $$", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (LwScriptRunResult) result = run (argv, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (result->end, ==, LW_SCRIPT_RUN_SIGNALLED);
  g_assert_cmpint (result->signal, ==, SIGSEGV);
}

static void
test_limit (void)
{
  const char *argv[] = { "sh", "-c", "head -c 300000 /dev/zero | tr '\\0' x; echo end >&2", NULL };
  g_autoptr (GError) error = NULL;
  LwScriptRunOptions options = { .max_output = 1000 };
  Seen seen = { 0 };
  g_autoptr (LwScriptRunResult) result = run (argv, &options, &seen, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (result->exit_status, ==, 0);
  g_assert_true (result->truncated);
  g_assert_cmpuint (strlen (result->output), ==, 1000);
  g_assert_cmpuint (seen.out->len + seen.err->len, ==, 1000);
  seen_clear (&seen);
}

static void
test_not_utf8 (void)
{
  const char *argv[] = { "printf", "a\\377b\\000c", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (LwScriptRunResult) result = run (argv, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (result->output, ==, "a\ufffdb\ufffdc");
}

static gboolean
is_gone (int pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", pid);
  g_autofree char *stat = NULL;

  /* What is ended but not yet reaped by whoever inherited it counts as gone. */
  return !g_file_get_contents (path, &stat, NULL, NULL) || strstr (stat, ") Z ") != NULL;
}

static void
assert_gone (int pid)
{
  for (int i = 0; i < 500 && !is_gone (pid); i++)
    g_usleep (10000);
  g_assert_true (is_gone (pid));
}

/* A child that ignores the request to end, and a grandchild: both are gone after a cancel. */
static void
test_cancel_group (void)
{
  const char *argv[]
      = { "sh", "-c", "trap '' TERM; sleep 600 & echo $$ $!; while :; do sleep 600; done", NULL };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Seen seen = { .cancel_on_output = cancellable };
  gint64 started = g_get_monotonic_time ();
  g_autoptr (LwScriptRunResult) result = run (argv, NULL, &seen, cancellable, &error);
  int child = 0, grandchild = 0;

  g_assert_null (result);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - started, <, 30 * G_USEC_PER_SEC);
  g_assert_cmpint (sscanf (seen.out->str, "%d %d", &child, &grandchild), ==, 2);
  assert_gone (child);
  assert_gone (grandchild);
  seen_clear (&seen);
}

static void
test_cancelled_before (void)
{
  const char *argv[] = { "true", NULL };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (run (argv, NULL, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_timeout (void)
{
  const char *argv[] = { "sh", "-c", "echo begun; exec sleep 600", NULL };
  g_autoptr (GError) error = NULL;
  LwScriptRunOptions options = { .timeout_ms = 300 };
  g_autoptr (LwScriptRunResult) result = run (argv, &options, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (result->end, ==, LW_SCRIPT_RUN_TIMED_OUT);
  g_assert_cmpint (result->signal, ==, SIGTERM);
  g_assert_cmpstr (result->output, ==, "begun\n");
}

/* What a script leaves running ends with it, and does not hold us up. */
static void
test_leftover (void)
{
  const char *argv[] = { "sh", "-c", "sleep 600 & echo $!", NULL };
  g_autoptr (GError) error = NULL;
  gint64 started = g_get_monotonic_time ();
  g_autoptr (LwScriptRunResult) result = run (argv, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (g_get_monotonic_time () - started, <, 30 * G_USEC_PER_SEC);
  assert_gone ((int) g_ascii_strtoll (result->output, NULL, 10));
}

/* A leftover that made a session of its own keeps the pipes, but not us. */
static void
test_escaped_leftover (void)
{
  const char *argv[]
      = { "sh", "-c", "setsid sh -c 'echo $$; exec sleep 600' & wait_for=1; sleep 0.2", NULL };
  g_autoptr (GError) error = NULL;
  gint64 started = g_get_monotonic_time ();
  g_autoptr (LwScriptRunResult) result = run (argv, NULL, NULL, NULL, &error);
  int pid;

  g_assert_no_error (error);
  g_assert_cmpint (g_get_monotonic_time () - started, <, 30 * G_USEC_PER_SEC);
  pid = (int) g_ascii_strtoll (result->output, NULL, 10);
  g_assert_cmpint (pid, >, 1);
  kill (pid, SIGKILL);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/script-run/streams", test_streams);
  g_test_add_func ("/script-run/argv", test_argv);
  g_test_add_func ("/script-run/environment", test_environment);
  g_test_add_func ("/script-run/directory", test_directory);
  g_test_add_func ("/script-run/missing", test_missing);
  g_test_add_func ("/script-run/signal", test_signal);
  g_test_add_func ("/script-run/limit", test_limit);
  g_test_add_func ("/script-run/not-utf8", test_not_utf8);
  g_test_add_func ("/script-run/cancel-group", test_cancel_group);
  g_test_add_func ("/script-run/cancelled-before", test_cancelled_before);
  g_test_add_func ("/script-run/timeout", test_timeout);
  g_test_add_func ("/script-run/leftover", test_leftover);
  g_test_add_func ("/script-run/escaped-leftover", test_escaped_leftover);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The keyring store against a real gnome-keyring-daemon, on a message bus and in folders of its
 * own: nothing of the person's is touched. */

#include <ftw.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

#include "lw-error.h"
#include "lw-token-store.h"
#include "prompter.h"

#define CLOUD "practice"
#define ACCOUNT "11111111-1111-1111-1111-111111111111.22222222-2222-2222-2222-222222222222"
#define PASSWORD "only for this test"

typedef struct
{
  GTestDBus *bus;      /* owned, nullable */
  GSubprocess *daemon; /* owned, nullable */
  LwTokenStore *store; /* owned */
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->store = lw_token_store_new_keyring ();
  g_assert_true (lw_token_store_is_persistent (self->store));
  self->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (self->bus);
}

static gboolean
is_owned (GDBusConnection *connection)
{
  g_autoptr (GVariant) answer = g_dbus_connection_call_sync (
      connection, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
      "NameHasOwner", g_variant_new ("(s)", "org.freedesktop.secrets"), G_VARIANT_TYPE ("(b)"),
      G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
  gboolean owned = FALSE;

  g_assert_nonnull (answer);
  g_variant_get (answer, "(b)", &owned);
  return owned;
}

/* A test that fails leaves no daemon behind. */
static void
die_with_parent_cb (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGTERM);
}

/* @password: (nullable): %NULL to leave the keyring locked */
static void
start_daemon (Fixture *self, const char *password)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) connection = NULL;
  g_autoptr (GSubprocessLauncher) launcher
      = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE
                                   | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  gint64 deadline_us = g_get_monotonic_time () + 20 * G_TIME_SPAN_SECOND;

  g_subprocess_launcher_set_child_setup (launcher, die_with_parent_cb, NULL, NULL);
  self->daemon = g_subprocess_launcher_spawn (launcher, &error, "gnome-keyring-daemon",
                                              "--foreground", "--components=secrets",
                                              password != NULL ? "--unlock" : NULL, NULL);
  g_assert_no_error (error);
  if (password != NULL)
    g_output_stream_write_all (g_subprocess_get_stdin_pipe (self->daemon), password,
                               strlen (password), NULL, NULL, NULL);
  g_output_stream_close (g_subprocess_get_stdin_pipe (self->daemon), NULL, NULL);
  connection = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);
  g_assert_no_error (error);
  while (!is_owned (connection))
    g_assert_cmpint (g_get_monotonic_time (), <, deadline_us);
}

static void
stop_daemon (Fixture *self)
{
  if (self->daemon == NULL)
    return;
  g_subprocess_send_signal (self->daemon, SIGTERM);
  g_subprocess_wait (self->daemon, NULL, NULL);
  g_clear_object (&self->daemon);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  stop_daemon (self);
  lw_token_store_unref (self->store);
  g_test_dbus_down (self->bus);
  g_clear_object (&self->bus);
}

static void
assert_stored (Fixture *self, const char *account, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LwSecret) secret = lw_token_store_load (self->store, CLOUD, account, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (secret, ==, expected);
}

static void
save (Fixture *self, const char *account, const char *secret)
{
  g_autoptr (GError) error = NULL;

  lw_token_store_save (self->store, CLOUD, account, "Labwalk", secret, NULL, &error);
  g_assert_no_error (error);
}

static void
clear (Fixture *self, const char *account)
{
  g_autoptr (GError) error = NULL;

  lw_token_store_clear (self->store, CLOUD, account, NULL, &error);
  g_assert_no_error (error);
}

/* Every call fails with the same code. */
static void
assert_all_fail (Fixture *self, LwError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (lw_token_store_prepare (self->store, NULL, &error));
  g_assert_error (error, LW_ERROR, (int) code);
  g_clear_error (&error);
  g_assert_false (lw_token_store_save (self->store, CLOUD, ACCOUNT, "Labwalk", "x", NULL, &error));
  g_assert_error (error, LW_ERROR, (int) code);
  g_clear_error (&error);
  g_assert_null (lw_token_store_load (self->store, CLOUD, ACCOUNT, NULL, &error));
  g_assert_error (error, LW_ERROR, (int) code);
  g_clear_error (&error);
  g_assert_false (lw_token_store_clear (self->store, CLOUD, ACCOUNT, NULL, &error));
  g_assert_error (error, LW_ERROR, (int) code);
}

static void
test_round_trip (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *large = g_strnfill (6000, 't');

  start_daemon (self, PASSWORD);
  g_assert_true (lw_token_store_prepare (self->store, NULL, &error));
  g_assert_no_error (error);
  assert_stored (self, ACCOUNT, NULL);
  save (self, ACCOUNT, "first");
  save (self, ACCOUNT, large);
  save (self, "other", "another");
  assert_stored (self, ACCOUNT, large);
  assert_stored (self, "other", "another");
  clear (self, ACCOUNT);
  clear (self, ACCOUNT);
  assert_stored (self, ACCOUNT, NULL);
  assert_stored (self, "other", "another");
  clear (self, "other");
}

/* A service that was restarted between two calls is found again. */
static void
test_restarted (Fixture *self, gconstpointer data)
{
  start_daemon (self, PASSWORD);
  save (self, ACCOUNT, "kept");
  stop_daemon (self);
  assert_all_fail (self, LW_ERROR_KEYRING_MISSING);
  start_daemon (self, PASSWORD);
  assert_stored (self, ACCOUNT, "kept");
  clear (self, ACCOUNT);
}

/* With a secret in a keyring that is locked. */
static void
start_locked (Fixture *self)
{
  start_daemon (self, PASSWORD);
  save (self, ACCOUNT, "locked away");
  stop_daemon (self);
  start_daemon (self, NULL);
}

/* Locked, and nothing there that could ask the person. */
static void
test_locked (Fixture *self, gconstpointer data)
{
  start_locked (self);
  assert_all_fail (self, LW_ERROR_KEYRING_LOCKED);
}

static void
test_dismissed (Fixture *self, gconstpointer data)
{
  Prompter *prompter = NULL;

  start_locked (self);
  prompter = prompter_new (400);
  assert_all_fail (self, LW_ERROR_KEYRING_DISMISSED);
  prompter_free (prompter);
}

static gpointer
cancel_thread_cb (gpointer data)
{
  gpointer *both = data;

  prompter_wait_shown (both[0]);
  g_cancellable_cancel (both[1]);
  return NULL;
}

/* Cancelled while the prompt is before the person. */
static void
test_cancelled_late (Fixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Prompter *prompter = NULL;
  GThread *thread = NULL;

  start_locked (self);
  prompter = prompter_new (0);
  thread = g_thread_new ("cancel", cancel_thread_cb, (gpointer[]){ prompter, cancellable });
  g_assert_null (lw_token_store_load (self->store, CLOUD, ACCOUNT, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
  prompter_free (prompter);
}

static void
test_missing_service (Fixture *self, gconstpointer data)
{
  assert_all_fail (self, LW_ERROR_KEYRING_MISSING);
}

static void
test_cancelled (Fixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  start_daemon (self, PASSWORD);
  g_cancellable_cancel (cancellable);
  g_assert_false (lw_token_store_prepare (self->store, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Folders that the daemon takes for the person's. */
static void
make_home (const char *home)
{
  g_autofree char *runtime = g_build_filename (home, "run", NULL);
  g_autofree char *share = g_build_filename (home, "share", NULL);
  g_autofree char *keyrings = g_build_filename (share, "keyrings", NULL);

  g_assert_cmpint (g_mkdir (runtime, 0700), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents (keyrings, 0700), ==, 0);
  g_setenv ("HOME", home, TRUE);
  g_setenv ("XDG_RUNTIME_DIR", runtime, TRUE);
  g_setenv ("XDG_DATA_HOME", share, TRUE);
  g_unsetenv ("DISPLAY");
  g_unsetenv ("WAYLAND_DISPLAY");
}

static int
remove_cb (const char *path, const struct stat *info, int type, struct FTW *ftw)
{
  return g_remove (path);
}

int
main (int argc, char **argv)
{
  g_autofree char *home = g_dir_make_tmp ("lw-keyring-XXXXXX", NULL);
  int status = 0;

  make_home (home);
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func, data) g_test_add ("/keyring/" name, Fixture, data, set_up, func, tear_down)
  ADD ("missing-service", test_missing_service, NULL);
  ADD ("round-trip", test_round_trip, NULL);
  ADD ("restarted", test_restarted, NULL);
  ADD ("cancelled", test_cancelled, NULL);
  ADD ("locked", test_locked, NULL);
  ADD ("dismissed", test_dismissed, NULL);
  ADD ("cancelled-late", test_cancelled_late, NULL);
#undef ADD
  status = g_test_run ();
  nftw (home, remove_cb, 8, FTW_DEPTH | FTW_PHYS);
  return status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Every page, in both languages: the template builds on this version of GTK, nothing is wider than
 * 360 px or taller than 300, and a change of language keeps the step. Needs a display and a home of
 * its own. */

#include "lw-accels.h"
#include "lw-error.h"
#include "lw-language.h"
#include "lw-paths.h"
#include "lw-pool.h"
#include "lw-preferences.h"
#include "lw-window.h"

#define NARROW 360
#define LOW 300

/* Layout and folding take a few frames. */
#define SETTLE_US (300 * 1000)

static GtkApplication *app;

typedef struct
{
  GSettings *settings;
  LwPool *pool;
  LwSession *session;
  LwWindow *window;
} Fixture;

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  lw_session_open_finish (LW_SESSION (source), result, &error);
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

static void
settle (void)
{
  gint64 end_us = g_get_monotonic_time () + SETTLE_US;

  while (g_get_monotonic_time () < end_us)
    g_main_context_iteration (NULL, FALSE);
}

/* Opening sends nothing, so that a practice cloud that is not there is as good as one that is. */
static void
open_practice (Fixture *fixture)
{
  gboolean done = FALSE;

  lw_session_set_practice_address (fixture->session, "http://127.0.0.1:9", "/dev/null");
  lw_session_open_async (fixture->session, "practice", opened_cb, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  settle ();
}

static void
set_up (Fixture *fixture, gconstpointer language)
{
  lw_language_apply (language);
  fixture->settings = lw_paths_new_settings ();
  g_settings_reset (fixture->settings, "step");
  g_settings_reset (fixture->settings, "drawer-open");
  g_settings_set_int (fixture->settings, "window-width", NARROW);
  fixture->pool = lw_pool_new (4);
  fixture->session = lw_session_new (fixture->pool, fixture->settings);
  fixture->window = LW_WINDOW (lw_window_new (app, fixture->session));
  gtk_window_present (GTK_WINDOW (fixture->window));
  settle ();
}

static void
tear_down (Fixture *fixture, gconstpointer language)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  settle ();
  g_clear_object (&fixture->session);
  g_clear_pointer (&fixture->pool, lw_pool_free);
  settle ();
  g_clear_object (&fixture->settings);
}

static void
assert_width (Fixture *fixture, const char *what)
{
  int width;

  settle ();
  gtk_widget_measure (adw_application_window_get_content (ADW_APPLICATION_WINDOW (
                        fixture->window)),
                      GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
  g_test_message ("%s: at least %d px wide", what, width);
  if (width > NARROW)
    g_test_fail_printf ("%s: needs %d px of width", what, width);
}

static void
assert_fits (Fixture *fixture, const char *what)
{
  int height;

  assert_width (fixture, what);
  gtk_widget_measure (adw_application_window_get_content (ADW_APPLICATION_WINDOW (
                        fixture->window)),
                      GTK_ORIENTATION_VERTICAL, NARROW, &height, NULL, NULL, NULL);
  g_test_message ("%s: at least %d px high", what, height);
  if (height > LOW)
    g_test_fail_printf ("%s: needs %d px of height", what, height);
}

static void
test_start (Fixture *fixture, gconstpointer language)
{
  g_assert_null (lw_window_get_shell (fixture->window));
  assert_fits (fixture, "start page");
}

static void
test_pages (Fixture *fixture, gconstpointer language)
{
  open_practice (fixture);
  for (guint kind = 0; kind < LW_N_STEPS; kind++)
    {
      LwShell *shell = lw_window_get_shell (fixture->window);

      lw_shell_show_step (shell, (LwStepKind) kind, TRUE);
      assert_fits (fixture, lw_step_kind_get_id ((LwStepKind) kind));
      g_assert_cmpint (lw_shell_get_step (shell), ==, kind);
    }
}

static void
test_rebuild (Fixture *fixture, gconstpointer language)
{
  LwShell *before;

  open_practice (fixture);
  before = lw_window_get_shell (fixture->window);
  g_object_add_weak_pointer (G_OBJECT (before), (gpointer *) &before);
  lw_shell_show_step (before, LW_STEP_JOB, TRUE);
  lw_language_apply (g_str_equal (language, "ko") ? "en" : "ko");
  lw_window_rebuild (fixture->window);
  settle ();
  g_assert_null (before);
  g_assert_cmpint (lw_shell_get_step (lw_window_get_shell (fixture->window)), ==, LW_STEP_JOB);
}

static void
refused_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (lw_session_open_finish (LW_SESSION (source), result, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_NOT_FOUND);
  *(gboolean *) user_data = TRUE;
}

/* A setting of another version must not lead to Azure by default. */
static void
test_unknown_cloud (Fixture *fixture, gconstpointer language)
{
  gboolean done = FALSE;

  lw_session_open_async (fixture->session, "AzureMoonCloud", refused_cb, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (lw_session_is_open (fixture->session));
}

static void
test_close_cloud (Fixture *fixture, gconstpointer language)
{
  open_practice (fixture);
  lw_session_close_cloud (fixture->session);
  settle ();
  g_assert_null (lw_window_get_shell (fixture->window));
  g_assert_null (lw_session_get_http (fixture->session));
}

/* Open it needs more height, but never more width. */
static void
test_drawer (Fixture *fixture, gconstpointer language)
{
  LwEquivalent equivalent = { g_strnfill (400, 'x'), g_strnfill (400, 'y') };

  open_practice (fixture);
  lw_session_take_equivalent (fixture->session, &equivalent);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.drawer-open", NULL);
  g_assert_true (g_settings_get_boolean (fixture->settings, "drawer-open"));
  settle ();
  assert_width (fixture, "drawer");
}

/* Text at twice its size, on every page; GTK warns of what it cannot lay out. */
static void
test_large_text (Fixture *fixture, gconstpointer language)
{
  int dpi;

  open_practice (fixture);
  g_object_get (gtk_settings_get_default (), "gtk-xft-dpi", &dpi, NULL);
  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", 2 * dpi, NULL);
  for (guint kind = 0; kind < LW_N_STEPS; kind++)
    {
      lw_shell_show_step (lw_window_get_shell (fixture->window), (LwStepKind) kind, TRUE);
      settle ();
    }
  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", dpi, NULL);
}

static void
test_dialogs (Fixture *fixture, gconstpointer language)
{
  GtkWidget *shortcuts = lw_accels_new_window ();

  gtk_window_present (GTK_WINDOW (shortcuts));
  settle ();
  gtk_window_destroy (GTK_WINDOW (shortcuts));
  lw_preferences_present (GTK_WINDOW (fixture->window), fixture->session);
  settle ();
}

/* Every action that has a shortcut is there. */
static void
test_shortcuts (Fixture *fixture, gconstpointer language)
{
  const LwAccel *accels;
  gsize n_accels;

  open_practice (fixture);
  accels = lw_accels_get (&n_accels);
  for (gsize i = 0; i < n_accels; i++)
    {
      g_autofree char *name = NULL;
      g_autoptr (GVariant) target = NULL;
      g_autoptr (GError) error = NULL;

      g_action_parse_detailed_name (accels[i].action, &name, &target, &error);
      g_assert_no_error (error);
      if (g_str_has_prefix (name, "win.") && !g_str_equal (name, "win.show-help-overlay"))
        g_assert_true (gtk_widget_activate_action_variant (GTK_WIDGET (fixture->window), name,
                                                           target));
      settle ();
    }
}

static void
add (const char *language, const char *name, void (*test) (Fixture *, gconstpointer))
{
  g_autofree char *path = g_strdup_printf ("/window/%s/%s", language, name);

  g_test_add (path, Fixture, language, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  const char *const languages[] = { "en", "ko" };
  int status;

  lw_language_init ();
  g_test_init (&argc, &argv, NULL);
  app = g_object_new (ADW_TYPE_APPLICATION, "application-id", "io.github.labwalk.Labwalk.Test",
                      "resource-base-path", "/io/github/labwalk/Labwalk", "flags",
                      G_APPLICATION_NON_UNIQUE, NULL);
  g_application_register (G_APPLICATION (app), NULL, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (languages); i++)
    {
      add (languages[i], "start", test_start);
      add (languages[i], "pages", test_pages);
      add (languages[i], "rebuild", test_rebuild);
      add (languages[i], "close-cloud", test_close_cloud);
      add (languages[i], "unknown-cloud", test_unknown_cloud);
      add (languages[i], "drawer", test_drawer);
      add (languages[i], "large-text", test_large_text);
      add (languages[i], "dialogs", test_dialogs);
      add (languages[i], "shortcuts", test_shortcuts);
    }
  status = g_test_run ();
  g_object_unref (app);
  return status;
}

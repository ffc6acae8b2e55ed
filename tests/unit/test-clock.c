/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lw-clock.h"

static gpointer
cancel_soon_thread (gpointer data)
{
  g_usleep (20 * 1000);
  g_cancellable_cancel (data);
  return NULL;
}

static void
test_virtual_moves_on (void)
{
  g_autoptr (LwClock) clock = lw_clock_new_virtual (1000);
  g_autoptr (GError) error = NULL;

  g_assert_true (lw_clock_wait (clock, G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (lw_clock_get_now_us (clock), ==, 1000 + G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC);
  g_assert_cmpint (lw_clock_get_monotonic_us (clock), ==, G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC);
}

static void
test_cancel_ends_wait (void)
{
  g_autoptr (LwClock) clock = lw_clock_new_system ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  gint64 started = g_get_monotonic_time ();
  GThread *thread = g_thread_new ("cancel", cancel_soon_thread, cancellable);

  g_assert_false (lw_clock_wait (clock, 60 * G_USEC_PER_SEC, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - started, <, 5 * G_USEC_PER_SEC);
  g_thread_join (thread);
}

static void
test_cancelled_before (void)
{
  g_autoptr (LwClock) clock = lw_clock_new_virtual (0);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_false (lw_clock_wait (clock, 1, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (lw_clock_get_monotonic_us (clock), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clock/virtual-moves-on", test_virtual_moves_on);
  g_test_add_func ("/clock/cancel-ends-wait", test_cancel_ends_wait);
  g_test_add_func ("/clock/cancelled-before", test_cancelled_before);
  return g_test_run ();
}

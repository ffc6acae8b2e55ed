/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The worker pool: results, errors, cancelling early and late, order of the end. */

#include "lw-error.h"
#include "lw-pool.h"

typedef struct
{
  gpointer result;
  GError *error;
  gboolean called;
  GThread *thread;
} Outcome;

static int data_freed;
static int result_freed;

static void
free_data_cb (gpointer data)
{
  g_assert_false (lw_pool_is_worker ());
  data_freed++;
}

static void
free_result_cb (gpointer result)
{
  result_freed++;
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;

  g_assert_false (lw_pool_is_worker ());
  outcome->result = lw_pool_finish (result, done_cb, &outcome->error);
  outcome->called = TRUE;
  outcome->thread = g_thread_self ();
}

static void
wait_for (Outcome *outcome)
{
  while (!outcome->called)
    g_main_context_iteration (NULL, TRUE);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

static gpointer
answer (gpointer data, GCancellable *cancellable, GError **error)
{
  g_assert_true (lw_pool_is_worker ());
  return data;
}

static gpointer
fail (gpointer data, GCancellable *cancellable, GError **error)
{
  g_set_error_literal (error, LW_ERROR, LW_ERROR_NO_SPACE, "full");
  return NULL;
}

/* Blocks until cancelled. */
static gpointer
block (gpointer data, GCancellable *cancellable, GError **error)
{
  GPollFD fd;

  g_assert_true (g_cancellable_make_pollfd (cancellable, &fd));
  if (data != NULL)
    g_atomic_int_set ((int *) data, 1);
  while (!g_cancellable_is_cancelled (cancellable))
    g_poll (&fd, 1, -1);
  g_cancellable_release_fd (cancellable);
  g_cancellable_set_error_if_cancelled (cancellable, error);
  return NULL;
}

static void
test_result (void)
{
  g_autoptr (LwPool) pool = lw_pool_new (2);
  Outcome outcome = { NULL };

  data_freed = result_freed = 0;
  lw_pool_run (pool, done_cb, answer, GINT_TO_POINTER (42), free_data_cb, free_result_cb, NULL,
               NULL, done_cb, &outcome);
  wait_for (&outcome);
  g_assert_no_error (outcome.error);
  g_assert_cmpint (GPOINTER_TO_INT (outcome.result), ==, 42);
  g_assert_true (outcome.thread == g_thread_self ());
  g_assert_cmpint (data_freed, ==, 1);
  g_assert_cmpint (result_freed, ==, 0);
}

static void
test_error (void)
{
  g_autoptr (LwPool) pool = lw_pool_new (2);
  Outcome outcome = { NULL };

  lw_pool_run (pool, done_cb, fail, NULL, NULL, NULL, NULL, NULL, done_cb, &outcome);
  wait_for (&outcome);
  g_assert_error (outcome.error, LW_ERROR, LW_ERROR_NO_SPACE);
  g_clear_error (&outcome.error);
}

static void
test_cancelled_before (void)
{
  g_autoptr (LwPool) pool = lw_pool_new (1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Outcome outcome = { NULL };

  g_cancellable_cancel (cancellable);
  lw_pool_run (pool, done_cb, answer, GINT_TO_POINTER (1), NULL, free_result_cb, NULL,
               cancellable, done_cb, &outcome);
  wait_for (&outcome);
  g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&outcome.error);
}

static void
test_cancelled_during (void)
{
  g_autoptr (LwPool) pool = lw_pool_new (1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Outcome outcome = { NULL };
  int running = 0;

  lw_pool_run (pool, done_cb, block, &running, NULL, NULL, NULL, cancellable, done_cb, &outcome);
  while (g_atomic_int_get (&running) == 0)
    g_thread_yield ();
  g_cancellable_cancel (cancellable);
  wait_for (&outcome);
  g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&outcome.error);
}

/* A result that came with the cancel is freed, not lost. */
static void
test_cancelled_after (void)
{
  g_autoptr (LwPool) pool = lw_pool_new (1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Outcome outcome = { NULL };

  result_freed = 0;
  lw_pool_run (pool, done_cb, answer, GINT_TO_POINTER (1), NULL, free_result_cb, NULL,
               cancellable, done_cb, &outcome);
  while (!g_main_context_pending (NULL))
    g_thread_yield ();
  g_cancellable_cancel (cancellable);
  wait_for (&outcome);
  g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (result_freed, ==, 1);
  g_clear_error (&outcome.error);
}

/* More work than threads: the end cancels what runs and what waits, and joins. */
static void
test_free (void)
{
  LwPool *pool = lw_pool_new (2);
  Outcome outcomes[5] = { 0 };
  int running = 0;

  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    lw_pool_run (pool, done_cb, block, i == 0 ? &running : NULL, NULL, NULL, NULL, NULL, done_cb,
                 &outcomes[i]);
  while (g_atomic_int_get (&running) == 0)
    g_thread_yield ();
  lw_pool_free (pool);
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      wait_for (&outcomes[i]);
      g_assert_error (outcomes[i].error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_clear_error (&outcomes[i].error);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pool/result", test_result);
  g_test_add_func ("/pool/error", test_error);
  g_test_add_func ("/pool/cancelled-before", test_cancelled_before);
  g_test_add_func ("/pool/cancelled-during", test_cancelled_during);
  g_test_add_func ("/pool/cancelled-after", test_cancelled_after);
  g_test_add_func ("/pool/free", test_free);
  return g_test_run ();
}

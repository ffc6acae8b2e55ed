/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Letters from workers to the main thread. */

#include <gio/gio.h>

#include "lw-mailbox.h"

#define N_LETTERS 1000

static int freed;

static void
free_cb (gpointer letter)
{
  g_atomic_int_inc (&freed);
  g_free (letter);
}

static void
receive_cb (gpointer letter, gpointer listener)
{
  GPtrArray *received = g_object_get_data (listener, "received");

  g_ptr_array_add (received, g_strdup (letter));
}

static GObject *
new_listener (void)
{
  GObject *listener = g_object_new (G_TYPE_OBJECT, NULL);

  g_object_set_data_full (listener, "received", g_ptr_array_new_with_free_func (g_free),
                          (GDestroyNotify) g_ptr_array_unref);
  return listener;
}

static gpointer
post_many (gpointer user_data)
{
  g_autoptr (LwMailbox) mailbox = user_data;

  for (int i = 0; i < N_LETTERS; i++)
    lw_mailbox_post (mailbox, g_strdup_printf ("%d", i));
  return NULL;
}

/* Everything arrives, in order, and in few bundles. */
static void
test_all (void)
{
  g_autoptr (GObject) listener = new_listener ();
  GPtrArray *received = g_object_get_data (listener, "received");
  g_autoptr (LwMailbox) mailbox
    = lw_mailbox_new (LW_MAILBOX_ALL, listener, receive_cb, free_cb);
  GThread *thread;
  int bundles = 0;

  freed = 0;
  thread = g_thread_new ("poster", post_many, lw_mailbox_ref (mailbox));
  while (received->len < N_LETTERS)
    {
      g_main_context_iteration (NULL, TRUE);
      bundles++;
    }
  g_thread_join (thread);
  for (int i = 0; i < N_LETTERS; i++)
    {
      g_autofree char *expected = g_strdup_printf ("%d", i);

      g_assert_cmpstr (g_ptr_array_index (received, i), ==, expected);
    }
  g_assert_cmpint (freed, ==, N_LETTERS);
  g_assert_cmpint (bundles, <, 50);
}

static void
test_newest (void)
{
  g_autoptr (GObject) listener = new_listener ();
  GPtrArray *received = g_object_get_data (listener, "received");
  g_autoptr (LwMailbox) mailbox
    = lw_mailbox_new (LW_MAILBOX_NEWEST, listener, receive_cb, free_cb);

  freed = 0;
  for (int i = 0; i < 10; i++)
    lw_mailbox_post (mailbox, g_strdup_printf ("%d", i));
  while (received->len == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (received->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (received, 0), ==, "9");
  g_assert_cmpint (freed, ==, 10);
}

static void
test_flush (void)
{
  g_autoptr (GObject) listener = new_listener ();
  GPtrArray *received = g_object_get_data (listener, "received");
  g_autoptr (LwMailbox) mailbox
    = lw_mailbox_new (LW_MAILBOX_ALL, listener, receive_cb, free_cb);

  lw_mailbox_post (mailbox, g_strdup ("a"));
  lw_mailbox_flush (mailbox);
  g_assert_cmpint (received->len, ==, 1);
}

static void
run_due (void)
{
  gint64 end_us = g_get_monotonic_time () + 300 * 1000;

  while (g_get_monotonic_time () < end_us && freed == 0)
    g_main_context_iteration (NULL, FALSE);
}

/* Nobody listens any more: the letter is freed, nothing is called. */
static void
test_gone (void)
{
  GObject *listener = new_listener ();
  g_autoptr (LwMailbox) mailbox
    = lw_mailbox_new (LW_MAILBOX_ALL, listener, receive_cb, free_cb);

  freed = 0;
  lw_mailbox_post (mailbox, g_strdup ("a"));
  g_object_unref (listener);
  run_due ();
  g_assert_cmpint (freed, ==, 1);
}

static void
test_close (void)
{
  g_autoptr (GObject) listener = new_listener ();
  GPtrArray *received = g_object_get_data (listener, "received");
  g_autoptr (LwMailbox) mailbox
    = lw_mailbox_new (LW_MAILBOX_ALL, listener, receive_cb, free_cb);

  freed = 0;
  lw_mailbox_post (mailbox, g_strdup ("a"));
  lw_mailbox_close (mailbox);
  g_assert_cmpint (freed, ==, 1);
  freed = 0;
  lw_mailbox_post (mailbox, g_strdup ("b"));
  run_due ();
  g_assert_cmpint (freed, ==, 1);
  g_assert_cmpint (received->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mailbox/all", test_all);
  g_test_add_func ("/mailbox/newest", test_newest);
  g_test_add_func ("/mailbox/flush", test_flush);
  g_test_add_func ("/mailbox/gone", test_gone);
  g_test_add_func ("/mailbox/close", test_close);
  return g_test_run ();
}

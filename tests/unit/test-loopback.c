/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The loopback listener, with the test as the browser and as whoever else is on this computer. */

#include <gio/gio.h>
#include <string.h>

#include "lw-error.h"
#include "lw-loopback.h"

#define STATE "Nr3-5Bk_6mGq1kQ0y9f2b7cQ2wE8zX4vT5uR6iO7pL8"
#define PAGE_DONE "<!doctype html><p>done"
#define PAGE_FAILED "<!doctype html><p>failed"

typedef struct
{
  LwLoopback *loopback;
  LwClock *clock;
  GCancellable *cancellable;
  GThread *thread;
  gint64 wait_us;
  LwLoopbackRequest request;
  GError *error;
} Fixture;

static gpointer
wait_thread_cb (gpointer data)
{
  Fixture *self = data;
  gint64 deadline_us = lw_clock_get_monotonic_us (self->clock) + self->wait_us;

  if (lw_loopback_wait (self->loopback, STATE, PAGE_FAILED, self->clock, deadline_us,
                        &self->request, self->cancellable, &self->error))
    lw_loopback_finish (self->loopback, PAGE_DONE);
  return NULL;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->loopback = lw_loopback_new (&error);
  g_assert_no_error (error);
  self->clock = lw_clock_new_system ();
  self->cancellable = g_cancellable_new ();
  self->wait_us = 30 * G_TIME_SPAN_SECOND;
}

static void
start (Fixture *self)
{
  self->thread = g_thread_new ("wait", wait_thread_cb, self);
}

static void
finish (Fixture *self)
{
  g_thread_join (g_steal_pointer (&self->thread));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  lw_loopback_request_clear (&self->request);
  g_clear_error (&self->error);
  lw_loopback_free (self->loopback);
  lw_clock_unref (self->clock);
  g_object_unref (self->cancellable);
}

static GSocketConnection *
connect_to (Fixture *self, const char *address)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GInetAddress) inet = g_inet_address_new_from_string (address);
  g_autoptr (GSocketAddress) socket_address
      = g_inet_socket_address_new (inet, lw_loopback_get_port (self->loopback));

  return g_socket_client_connect (client, G_SOCKET_CONNECTABLE (socket_address), NULL, NULL);
}

/* What comes back on @connection until it is closed. */
static char *
read_answer (GSocketConnection *connection)
{
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  g_autoptr (GString) answer = g_string_new (NULL);
  char buffer[512];
  gssize n = 0;

  while ((n = g_input_stream_read (input, buffer, sizeof buffer, NULL, NULL)) > 0)
    g_string_append_len (answer, buffer, n);
  return g_strdup (answer->str);
}

static char *
ask (Fixture *self, const char *address, const char *head)
{
  g_autoptr (GSocketConnection) connection = connect_to (self, address);
  GOutputStream *output = NULL;

  g_assert_nonnull (connection);
  output = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  g_output_stream_write_all (output, head, strlen (head), NULL, NULL, NULL);
  return read_answer (connection);
}

static void
assert_answer (Fixture *self, const char *first_line, const char *request_line, const char *host)
{
  g_autofree char *port = g_strdup_printf ("%u", lw_loopback_get_port (self->loopback));
  g_autofree char *head
      = g_strconcat (request_line, "\r\nHost: ", host, ":", port, "\r\n\r\n", NULL);
  g_autofree char *answer = ask (self, "127.0.0.1", head);

  g_assert_true (g_str_has_prefix (answer, first_line));
}

/* What must not end the wait, then what does. */
static void
test_redirect (Fixture *self, gconstpointer data)
{
  g_autoptr (GSocketConnection) silent = NULL;
  g_autoptr (GSocketConnection) after = NULL;

  start (self);
  silent = connect_to (self, "127.0.0.1");
  g_assert_nonnull (silent);
  assert_answer (self, "HTTP/1.1 404 ", "GET /favicon.ico HTTP/1.1", "localhost");
  assert_answer (self, "HTTP/1.1 404 ", "GET / HTTP/1.1", "localhost");
  assert_answer (self, "HTTP/1.1 404 ", "GET /?code=c HTTP/1.1", "localhost");
  assert_answer (self, "HTTP/1.1 404 ", "GET /?state=" STATE " HTTP/1.1", "localhost");
  assert_answer (self, "HTTP/1.1 404 ", "GET /?code=a&code=b&state=" STATE " HTTP/1.1",
                 "localhost");
  assert_answer (self, "HTTP/1.1 404 ", "GET /?code=a&error=b&state=" STATE " HTTP/1.1",
                 "localhost");
  assert_answer (self, "HTTP/1.1 404 ", "GET /?code=%00&state=" STATE " HTTP/1.1", "localhost");
  assert_answer (self, "HTTP/1.1 404 ", "GET /other?code=c&state=" STATE " HTTP/1.1", "localhost");
  assert_answer (self, "HTTP/1.1 400 ", "GET /?code=c&state=wrong HTTP/1.1", "localhost");
  assert_answer (self, "HTTP/1.1 405 ", "POST /?code=c&state=" STATE " HTTP/1.1", "localhost");
  assert_answer (self, "HTTP/1.1 421 ", "GET /?code=c&state=" STATE " HTTP/1.1", "evil.example");
  assert_answer (self, "HTTP/1.1 400 ", "GET /?code=c&state=" STATE, "localhost");
  assert_answer (self, "HTTP/1.1 400 ", "nonsense", "localhost");
  assert_answer (self, "HTTP/1.1 200 ",
                 "GET /?code=0.Ab%2Bc&state=" STATE "&session_state=x HTTP/1.1", "localhost");
  finish (self);
  g_assert_no_error (self->error);
  g_assert_cmpstr (self->request.code, ==, "0.Ab+c");
  g_assert_null (self->request.error);
  after = connect_to (self, "127.0.0.1");
  g_assert_null (after);
}

static void
test_refused (Fixture *self, gconstpointer data)
{
  start (self);
  assert_answer (self, "HTTP/1.1 200 ",
                 "GET /?error=access_denied&error_description=No%20thanks+at+all&state=" STATE
                 " HTTP/1.1",
                 "127.0.0.1");
  finish (self);
  g_assert_no_error (self->error);
  g_assert_null (self->request.code);
  g_assert_cmpstr (self->request.error, ==, "access_denied");
  g_assert_cmpstr (self->request.error_description, ==, "No thanks at all");
}

static void
test_ipv6 (Fixture *self, gconstpointer data)
{
  g_autofree char *head = g_strdup_printf ("GET /?code=six&state=" STATE " HTTP/1.1\r\n"
                                           "Host: [::1]:%u\r\n\r\n",
                                           lw_loopback_get_port (self->loopback));
  g_autoptr (GSocketConnection) probe = NULL;
  g_autofree char *answer = NULL;

  start (self);
  probe = connect_to (self, "::1");
  if (probe != NULL)
    {
      answer = ask (self, "::1", head);
      g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 200 "));
      g_assert_nonnull (strstr (answer, PAGE_DONE));
    }
  else
    {
      g_test_skip ("this computer has no ::1");
      g_cancellable_cancel (self->cancellable);
    }
  finish (self);
}

/* In pieces, as a slow sender has it. */
static void
test_pieces (Fixture *self, gconstpointer data)
{
  g_autofree char *head = g_strdup_printf ("GET /?code=c&state=" STATE " HTTP/1.1\r\n"
                                           "host:  LOCALHOST:%u \r\nCookie: a=b\r\n\r\n",
                                           lw_loopback_get_port (self->loopback));
  g_autoptr (GSocketConnection) connection = NULL;
  g_autofree char *answer = NULL;

  start (self);
  connection = connect_to (self, "127.0.0.1");
  g_tcp_connection_set_graceful_disconnect (G_TCP_CONNECTION (connection), FALSE);
  for (gsize i = 0; head[i] != '\0'; i++)
    g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), head + i,
                               1, NULL, NULL, NULL);
  answer = read_answer (connection);
  g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 200 OK\r\n"));
  g_assert_nonnull (strstr (answer, "\r\n\r\n" PAGE_DONE));
  g_assert_null (strstr (answer, STATE));
  finish (self);
  g_assert_cmpstr (self->request.code, ==, "c");
}

/* More connections than are served, and one without end: neither keeps the browser out. */
static void
test_flood (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) silent = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *endless = g_strnfill (LW_LOOPBACK_MAX_HEAD, 'x');
  g_autofree char *answer = NULL;

  start (self);
  for (guint i = 0; i < 40; i++)
    g_ptr_array_add (silent, connect_to (self, "127.0.0.1"));
  answer = ask (self, "127.0.0.1", endless);
  g_assert_cmpstr (answer, ==, "");
  assert_answer (self, "HTTP/1.1 200 ", "GET /?code=c&state=" STATE " HTTP/1.1", "localhost");
  finish (self);
  g_assert_no_error (self->error);
}

static void
test_cancelled (Fixture *self, gconstpointer data)
{
  g_cancellable_cancel (self->cancellable);
  start (self);
  finish (self);
  g_assert_error (self->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_cancelled_late (Fixture *self, gconstpointer data)
{
  start (self);
  assert_answer (self, "HTTP/1.1 404 ", "GET /favicon.ico HTTP/1.1", "localhost");
  g_cancellable_cancel (self->cancellable);
  finish (self);
  g_assert_error (self->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_expired (Fixture *self, gconstpointer data)
{
  lw_clock_unref (self->clock);
  self->clock = lw_clock_new_virtual (0);
  start (self);
  assert_answer (self, "HTTP/1.1 404 ", "GET /favicon.ico HTTP/1.1", "localhost");
  lw_clock_wait (self->clock, self->wait_us, NULL, NULL);
  finish (self);
  g_assert_error (self->error, LW_ERROR, LW_ERROR_SIGN_IN_EXPIRED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/loopback/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("redirect", test_redirect);
  ADD ("refused", test_refused);
  ADD ("ipv6", test_ipv6);
  ADD ("pieces", test_pieces);
  ADD ("flood", test_flood);
  ADD ("cancelled", test_cancelled);
  ADD ("cancelled-late", test_cancelled_late);
  ADD ("expired", test_expired);
#undef ADD
  return g_test_run ();
}

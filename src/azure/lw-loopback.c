/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The loopback listener. It has no thread and no main loop: the thread that waits polls the
 * listening sockets, the connections and its cancellable. Everything is bounded: connections, their
 * bytes and their time. Closed by lw_loopback_finish() or with its owner. */

#include "lw-loopback.h"

#include <string.h>

#include "lw-error.h"
#include "lw-pkce.h"

/* Connections at once; when there are more, the oldest goes. */
#define MAX_CONNECTIONS 16

/* A connection that has not asked by then is closed. */
#define CONNECTION_TIMEOUT_US (30 * G_TIME_SPAN_SECOND)

/* The clock is looked at so often, as a virtual one moves without waking a poll. */
#define POLL_SLICE_MS 250

/* A browser on this computer reads its answer at once. */
#define SEND_TIMEOUT_S 2

#define N_FAMILIES 2

typedef struct
{
  GSocket *socket; /* owned */
  GString *head;   /* owned, wiped: what was read so far */
  gint64 opened_us;
} Connection;

struct _LwLoopback
{
  GSocket *listeners[N_FAMILIES]; /* owned, the second nullable */
  guint16 port;
  GPtrArray *connections; /* owned, of Connection, oldest first */
  GSocket *taken;         /* owned, nullable: the browser whose redirect was taken */
};

static void
connection_free (gpointer data)
{
  Connection *self = data;

  g_clear_object (&self->socket);
  explicit_bzero (self->head->str, self->head->len);
  g_string_free (self->head, TRUE);
  g_free (self);
}

static GSocket *
open_listener (GSocketFamily family, guint16 port, GError **error)
{
  g_autoptr (GSocket) socket
      = g_socket_new (family, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (family);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, port);

  if (socket == NULL)
    return NULL;
  g_socket_set_blocking (socket, FALSE);
  if (!g_socket_bind (socket, address, FALSE, error) || !g_socket_listen (socket, error))
    return NULL;
  return g_steal_pointer (&socket);
}

LwLoopback *
lw_loopback_new (GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (LwLoopback) self = g_new0 (LwLoopback, 1);

  self->connections = g_ptr_array_new_with_free_func (connection_free);
  self->listeners[0] = open_listener (G_SOCKET_FAMILY_IPV4, 0, &local);
  if (self->listeners[0] != NULL)
    address = g_socket_get_local_address (self->listeners[0], &local);
  if (address == NULL)
    {
      g_set_error_literal (error, LW_ERROR, LW_ERROR_FAILED, local->message);
      return NULL;
    }
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
  /* A browser may try "localhost" there first, and comes to 127.0.0.1 when nobody listens. */
  self->listeners[1] = open_listener (G_SOCKET_FAMILY_IPV6, self->port, NULL);
  return g_steal_pointer (&self);
}

guint16
lw_loopback_get_port (LwLoopback *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->port;
}

static const char *
get_reason (guint status)
{
  switch (status)
    {
    case 200:
      return "OK";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 421:
      return "Misdirected Request";
    default:
      return "Bad Request";
    }
}

/* One answer, after which the connection is closed. A browser that does not read it is left. */
static void
send_answer (GSocket *socket, guint status, const char *page)
{
  g_autofree char *answer = g_strdup_printf (
      "HTTP/1.1 %u %s\r\n"
      "Content-Type: text/html; charset=utf-8\r\n"
      "Content-Length: %" G_GSIZE_FORMAT "\r\n"
      "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n"
      "Referrer-Policy: no-referrer\r\n"
      "Cache-Control: no-store\r\n"
      "Connection: close\r\n\r\n%s",
      status, get_reason (status), strlen (page), page);
  gsize length = strlen (answer);
  gsize sent = 0;

  g_socket_set_blocking (socket, TRUE);
  g_socket_set_timeout (socket, SEND_TIMEOUT_S);
  while (sent < length)
    {
      gssize n = g_socket_send (socket, answer + sent, length - sent, NULL, NULL);

      if (n <= 0)
        return;
      sent += (gsize) n;
    }
  g_socket_shutdown (socket, FALSE, TRUE, NULL);
}

static void
accept_connection (LwLoopback *self, GSocket *listener, gint64 now_us)
{
  g_autoptr (GSocket) socket = g_socket_accept (listener, NULL, NULL);
  Connection *connection = NULL;

  if (socket == NULL)
    return;
  if (self->connections->len == MAX_CONNECTIONS)
    g_ptr_array_remove_index (self->connections, 0);
  g_socket_set_blocking (socket, FALSE);
  connection = g_new0 (Connection, 1);
  connection->socket = g_steal_pointer (&socket);
  /* Of full size at once, so that no copy of a code is left behind when it grows. */
  connection->head = g_string_sized_new (LW_LOOPBACK_MAX_HEAD + 1);
  connection->opened_us = now_us;
  g_ptr_array_add (self->connections, connection);
}

typedef enum
{
  READ_MORE,
  READ_HEAD,
  READ_CLOSED,
} ReadResult;

static ReadResult
read_head (Connection *connection)
{
  GString *head = connection->head;
  gsize room = LW_LOOPBACK_MAX_HEAD - head->len;
  g_autoptr (GError) local = NULL;
  gssize n = 0;

  n = g_socket_receive (connection->socket, head->str + head->len, room, NULL, &local);
  if (n < 0)
    return g_error_matches (local, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK) ? READ_MORE : READ_CLOSED;
  if (n == 0)
    return READ_CLOSED;
  g_string_set_size (head, head->len + (gsize) n);
  if (g_strstr_len (head->str, (gssize) head->len, "\r\n\r\n") != NULL)
    return READ_HEAD;
  return (gsize) n < room ? READ_MORE : READ_CLOSED;
}

/* TRUE when the connection brought the redirect; it is then the taken one. Any other connection
 * that is through is closed. */
static gboolean
serve_connection (LwLoopback *self, guint index, const char *state, const char *page_failed,
                  LwLoopbackRequest *request)
{
  Connection *connection = g_ptr_array_index (self->connections, index);
  ReadResult result = read_head (connection);
  gboolean is_ours = FALSE;

  if (result == READ_MORE)
    return FALSE;
  if (result == READ_HEAD)
    {
      guint status = lw_loopback_request_parse (request, connection->head->str,
                                                connection->head->len, self->port);

      is_ours = status == 200 && lw_pkce_equal (request->state, state);
      if (is_ours)
        self->taken = g_object_ref (connection->socket);
      else if (status == 200)
        send_answer (connection->socket, 400, page_failed);
      else
        send_answer (connection->socket, status, get_reason (status));
    }
  if (!is_ours)
    lw_loopback_request_clear (request);
  g_ptr_array_remove_index (self->connections, index);
  return is_ours;
}

static void
drop_silent (LwLoopback *self, gint64 now_us)
{
  for (guint i = self->connections->len; i > 0; i--)
    {
      const Connection *connection = g_ptr_array_index (self->connections, i - 1);

      if (now_us - connection->opened_us > CONNECTION_TIMEOUT_US)
        g_ptr_array_remove_index (self->connections, i - 1);
    }
}

/* Blocks until a socket has news, the cancellable is cancelled or the slice is over. The order of
 * @fds is: connections, listeners, cancellable. */
static void
poll_sockets (LwLoopback *self, GPollFD *fds, GCancellable *cancellable)
{
  guint n_connections = self->connections->len;
  guint n = 0;

  for (guint i = 0; i < n_connections; i++)
    {
      const Connection *connection = g_ptr_array_index (self->connections, i);

      fds[n++] = (GPollFD){ .fd = g_socket_get_fd (connection->socket), .events = G_IO_IN };
    }
  for (guint i = 0; i < N_FAMILIES; i++)
    fds[n++] = (GPollFD){
      .fd = self->listeners[i] != NULL ? g_socket_get_fd (self->listeners[i]) : -1,
      .events = G_IO_IN,
    };
  if (g_cancellable_make_pollfd (cancellable, &fds[n]))
    {
      g_poll (fds, n + 1, POLL_SLICE_MS);
      g_cancellable_release_fd (cancellable);
    }
  else
    g_poll (fds, n, POLL_SLICE_MS);
}

/* One round: TRUE when the redirect is there. */
static gboolean
serve_once (LwLoopback *self, const char *state, const char *page_failed, gint64 now_us,
            LwLoopbackRequest *request, GCancellable *cancellable)
{
  GPollFD fds[MAX_CONNECTIONS + N_FAMILIES + 1] = { 0 };
  guint n_connections = self->connections->len;

  poll_sockets (self, fds, cancellable);
  /* From the last to the first, as serving may take one away. */
  for (guint i = n_connections; i > 0; i--)
    if (fds[i - 1].revents != 0 && serve_connection (self, i - 1, state, page_failed, request))
      return TRUE;
  for (guint i = 0; i < N_FAMILIES; i++)
    if (fds[n_connections + i].revents != 0)
      accept_connection (self, self->listeners[i], now_us);
  drop_silent (self, now_us);
  return FALSE;
}

gboolean
lw_loopback_wait (LwLoopback *self, const char *state, const char *page_failed, LwClock *clock,
                  gint64 deadline_us, LwLoopbackRequest *request, GCancellable *cancellable,
                  GError **error)
{
  g_return_val_if_fail (self != NULL && self->listeners[0] != NULL, FALSE);
  g_return_val_if_fail (state != NULL && page_failed != NULL && request != NULL, FALSE);

  while (!g_cancellable_set_error_if_cancelled (cancellable, error))
    {
      gint64 now_us = lw_clock_get_monotonic_us (clock);

      if (now_us >= deadline_us)
        {
          g_set_error_literal (error, LW_ERROR, LW_ERROR_SIGN_IN_EXPIRED,
                               "The browser did not return in time");
          return FALSE;
        }
      if (serve_once (self, state, page_failed, now_us, request, cancellable))
        return TRUE;
    }
  return FALSE;
}

static void
close_all (LwLoopback *self)
{
  for (guint i = 0; i < N_FAMILIES; i++)
    g_clear_object (&self->listeners[i]);
  g_ptr_array_set_size (self->connections, 0);
  g_clear_object (&self->taken);
}

void
lw_loopback_finish (LwLoopback *self, const char *page)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (page != NULL);

  if (self->taken != NULL)
    send_answer (self->taken, 200, page);
  close_all (self);
}

void
lw_loopback_free (LwLoopback *self)
{
  if (self == NULL)
    return;
  close_all (self);
  g_ptr_array_unref (self->connections);
  g_free (self);
}

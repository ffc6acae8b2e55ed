/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One thread accepts, one thread per connection carries bytes both ways until either side or the
 * proxy ends. */

#include "connect-proxy.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

struct _ConnectProxy
{
  GSocket *listener;
  char *url;
  GHashTable *ports; /* "host:443" to port */
  GCancellable *end;
  GThread *thread;
  GPtrArray *carriers; /* GThread, of the accepting thread until that has ended */
};

typedef struct
{
  ConnectProxy *proxy; /* borrowed */
  GSocket *client;
} Carrier;

static GSocket *
open_socket (guint16 port, gboolean listen)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, port);
  GSocket *socket
      = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);

  if (listen)
    g_assert_true (g_socket_bind (socket, address, FALSE, NULL) && g_socket_listen (socket, NULL));
  else if (!g_socket_connect (socket, address, NULL, NULL))
    g_clear_object (&socket);
  return socket;
}

static gboolean
send_all (GSocket *socket, const char *data, gsize length)
{
  while (length > 0)
    {
      gssize n = g_socket_send (socket, data, length, NULL, NULL);

      if (n <= 0)
        return FALSE;
      data += n;
      length -= (gsize) n;
    }
  return TRUE;
}

/* The port behind the CONNECT, or 0. */
static guint16
read_connect (Carrier *self)
{
  char head[4096] = { 0 };
  gsize length = 0;
  g_auto (GStrv) words = NULL;

  while (strstr (head, "\r\n\r\n") == NULL && length < sizeof head - 1)
    {
      gssize n = g_socket_receive (self->client, head + length, sizeof head - 1 - length,
                                   self->proxy->end, NULL);

      if (n <= 0)
        return 0;
      length += (gsize) n;
    }
  words = g_strsplit (head, " ", 3);
  if (g_strv_length (words) != 3 || strcmp (words[0], "CONNECT") != 0)
    return 0;
  return (guint16) GPOINTER_TO_UINT (g_hash_table_lookup (self->proxy->ports, words[1]));
}

static gboolean
carry (GSocket *from, GSocket *to)
{
  char buffer[16384];
  gssize n = g_socket_receive (from, buffer, sizeof buffer, NULL, NULL);

  return n > 0 && send_all (to, buffer, (gsize) n);
}

static void
carry_both (Carrier *self, GSocket *server)
{
  GPollFD fds[3] = {
    { .fd = g_socket_get_fd (self->client), .events = G_IO_IN },
    { .fd = g_socket_get_fd (server), .events = G_IO_IN },
  };
  gboolean open = g_cancellable_make_pollfd (self->proxy->end, &fds[2]);

  g_socket_set_option (self->client, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
  g_socket_set_option (server, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
  while (open)
    {
      g_poll (fds, 3, -1);
      open = fds[2].revents == 0;
      if (open && fds[0].revents != 0)
        open = carry (self->client, server);
      if (open && fds[1].revents != 0)
        open = carry (server, self->client);
    }
  g_cancellable_release_fd (self->proxy->end);
}

static gpointer
carrier_thread_cb (gpointer data)
{
  static const char granted[] = "HTTP/1.1 200 OK\r\n\r\n";
  static const char refused[] = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n";
  Carrier *self = data;
  guint16 port = read_connect (self);
  g_autoptr (GSocket) server = port != 0 ? open_socket (port, FALSE) : NULL;

  if (server == NULL)
    send_all (self->client, refused, strlen (refused));
  else if (send_all (self->client, granted, strlen (granted)))
    carry_both (self, server);
  g_object_unref (self->client);
  g_free (self);
  return NULL;
}

static gpointer
accept_thread_cb (gpointer data)
{
  ConnectProxy *self = data;
  GSocket *client = NULL;

  while ((client = g_socket_accept (self->listener, self->end, NULL)) != NULL)
    {
      Carrier *carrier = g_new0 (Carrier, 1);

      carrier->proxy = self;
      carrier->client = client;
      g_ptr_array_add (self->carriers, g_thread_new ("carrier", carrier_thread_cb, carrier));
    }
  return NULL;
}

ConnectProxy *
connect_proxy_new (void)
{
  ConnectProxy *self = g_new0 (ConnectProxy, 1);
  g_autoptr (GSocketAddress) address = NULL;

  self->listener = open_socket (0, TRUE);
  address = g_socket_get_local_address (self->listener, NULL);
  self->url = g_strdup_printf ("http://127.0.0.1:%u",
                               g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)));
  self->ports = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->end = g_cancellable_new ();
  self->carriers = g_ptr_array_new ();
  self->thread = g_thread_new ("proxy", accept_thread_cb, self);
  return self;
}

void
connect_proxy_free (ConnectProxy *self)
{
  g_cancellable_cancel (self->end);
  g_thread_join (self->thread);
  for (guint i = 0; i < self->carriers->len; i++)
    g_thread_join (g_ptr_array_index (self->carriers, i));
  g_ptr_array_unref (self->carriers);
  g_object_unref (self->end);
  g_object_unref (self->listener);
  g_hash_table_unref (self->ports);
  g_free (self->url);
  g_free (self);
}

void
connect_proxy_add (ConnectProxy *self, const char *host, guint16 port)
{
  g_hash_table_insert (self->ports, g_strconcat (host, ":443", NULL), GUINT_TO_POINTER (port));
}

const char *
connect_proxy_get_url (ConnectProxy *self)
{
  return self->url;
}

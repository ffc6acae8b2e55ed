/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A server of bare sockets, one thread for all connections: a request's head is read, the answer
 * written, and the connection ended in the way that the test asks for. */

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http-server.h"

struct _RawServer
{
  GThread *thread;
  int listener;
  int quit[2];
  guint port;
  const char *answer;
  gsize length;
  RawEnding ending;
  gint connections;
  GArray *held;
  char head[16384]; /* of the last request; complete once it was answered */
};

/* Returns: FALSE when the peer or the test went away first. */
static gboolean
wait_readable (RawServer *self, int fd)
{
  struct pollfd fds[] = {
    { .fd = fd, .events = POLLIN },
    { .fd = self->quit[0], .events = POLLIN },
  };

  return poll (fds, G_N_ELEMENTS (fds), -1) > 0 && fds[1].revents == 0;
}

static void
read_head (RawServer *self, int fd)
{
  gsize have = 0;

  while (have < sizeof self->head - 1 && wait_readable (self, fd))
    {
      ssize_t got = read (fd, self->head + have, sizeof self->head - 1 - have);

      if (got <= 0)
        return;
      have += (gsize) got;
      self->head[have] = '\0';
      /* 0x16: the hello of TLS, which a server of plain HTTP does not understand. */
      if (strstr (self->head, "\r\n\r\n") != NULL || self->head[0] == 0x16)
        return;
    }
}

static void
serve (RawServer *self, int fd)
{
  struct linger now = { .l_onoff = 1, .l_linger = 0 };

  g_atomic_int_inc (&self->connections);
  if (self->answer != NULL)
    {
      read_head (self, fd);
      if (send (fd, self->answer, self->length, MSG_NOSIGNAL) < 0)
        g_test_message ("the client went first");
    }
  else if (self->ending != RAW_HOLD)
    wait_readable (self, fd);
  if (self->ending == RAW_HOLD)
    {
      g_array_append_val (self->held, fd);
      return;
    }
  if (self->ending == RAW_RESET)
    setsockopt (fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close (fd);
}

static gpointer
raw_thread_cb (gpointer data)
{
  RawServer *self = data;

  while (wait_readable (self, self->listener))
    {
      int fd = accept (self->listener, NULL, NULL);

      if (fd >= 0)
        serve (self, fd);
    }
  return NULL;
}

RawServer *
raw_server_new (const char *answer, gsize length, RawEnding ending)
{
  RawServer *self = g_new0 (RawServer, 1);
  struct sockaddr_in address = { .sin_family = AF_INET };
  socklen_t size = sizeof address;

  self->answer = answer;
  self->length = length;
  self->ending = ending;
  self->held = g_array_new (FALSE, FALSE, sizeof (int));
  self->listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  g_assert_cmpint (bind (self->listener, (struct sockaddr *) &address, size), ==, 0);
  g_assert_cmpint (listen (self->listener, 64), ==, 0);
  g_assert_cmpint (getsockname (self->listener, (struct sockaddr *) &address, &size), ==, 0);
  self->port = ntohs (address.sin_port);
  g_assert_cmpint (pipe (self->quit), ==, 0);
  self->thread = g_thread_new ("raw", raw_thread_cb, self);
  return self;
}

void
raw_server_free (RawServer *self)
{
  close (self->quit[1]);
  g_thread_join (self->thread);
  for (guint i = 0; i < self->held->len; i++)
    close (g_array_index (self->held, int, i));
  close (self->quit[0]);
  close (self->listener);
  g_array_unref (self->held);
  g_free (self);
}

char *
raw_server_dup_url (RawServer *self, const char *scheme)
{
  return g_strdup_printf ("%s://127.0.0.1:%u/", scheme, self->port);
}

guint
raw_server_get_port (RawServer *self)
{
  return self->port;
}

guint
raw_server_count_connections (RawServer *self)
{
  return (guint) g_atomic_int_get (&self->connections);
}

const char *
raw_server_get_head (RawServer *self)
{
  return self->head;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Accepts connections and reads the head of a CONNECT, on one thread with poll(): a client that
 * sends slowly, or nothing, holds up nobody and is dropped after a while. Exactly the head is taken
 * from the socket, so that TLS begins at its first byte. */

#include "lwp-proxy.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_HEAD_BYTES 8192
#define MAX_PENDING 256
#define HEAD_TIMEOUT_US (10 * G_TIME_SPAN_SECOND)
#define BACKLOG 128
#define MAX_HOST_BYTES 255

static const char established[] = "HTTP/1.1 200 Connection established\r\n\r\n";
static const char forbidden[] = "HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\n"
                                "Content-Length: 45\r\nConnection: close\r\n\r\n"
                                "The practice cloud does not play this host.\r\n";
static const char bad_request[] = "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\n"
                                  "Content-Length: 31\r\nConnection: close\r\n\r\n"
                                  "This is not a proper CONNECT.\r\n";

typedef struct
{
  int fd; /* owned, or -1 when handed over */
  gint64 deadline_us;
  GString *head; /* owned */
} Pending;

struct _LwpProxy
{
  LwpRouter *router; /* borrowed */
  LwpServer *server; /* borrowed */
  int listen_fd;     /* owned */
  int wake_fd;       /* owned */
  guint16 port;
  GThread *thread;    /* owned */
  GPtrArray *pending; /* owned; Pending; the thread's */
};

static void
pending_free (Pending *pending)
{
  if (pending->fd >= 0)
    close (pending->fd);
  g_string_free (pending->head, TRUE);
  g_free (pending);
}

static gboolean
is_host_name (const char *text)
{
  gsize length = strlen (text);

  return length > 0 && length <= MAX_HOST_BYTES
         && strspn (text, "abcdefghijklmnopqrstuvwxyz0123456789.-") == length;
}

char *
lwp_proxy_parse_connect (const char *head)
{
  g_autofree char *line = g_strndup (head, strcspn (head, "\r\n"));
  g_auto (GStrv) words = g_strsplit (line, " ", 4);
  g_autofree char *host = NULL;
  char *colon;

  if (g_strv_length (words) != 3 || strcmp (words[0], "CONNECT") != 0
      || (strcmp (words[2], "HTTP/1.1") != 0 && strcmp (words[2], "HTTP/1.0") != 0))
    return NULL;
  host = g_ascii_strdown (words[1], -1);
  colon = strchr (host, ':');
  if (colon == NULL || strcmp (colon, ":443") != 0)
    return NULL;
  *colon = '\0';
  return is_host_name (host) ? g_steal_pointer (&host) : NULL;
}

static void
refuse (Pending *pending, const char *answer)
{
  /* The buffer of a fresh connection holds it; a client that has gone does not matter. */
  (void) !send (pending->fd, answer, strlen (answer), MSG_NOSIGNAL | MSG_DONTWAIT);
  shutdown (pending->fd, SHUT_WR);
}

static void
hand_over (LwpProxy *self, Pending *pending, gboolean tls)
{
  int fd = pending->fd;

  pending->fd = -1;
  lwp_server_take_socket (self->server, fd, tls);
}

static void
answer_connect (LwpProxy *self, Pending *pending)
{
  g_autofree char *host = lwp_proxy_parse_connect (pending->head->str);
  gsize length = strlen (established);

  if (host == NULL)
    refuse (pending, bad_request);
  else if (!lwp_router_plays_host (self->router, host))
    refuse (pending, forbidden);
  else if (send (pending->fd, established, length, MSG_NOSIGNAL | MSG_DONTWAIT)
           == (gssize) length)
    hand_over (self, pending, TRUE);
}

/* Takes what belongs to the head from the socket: up to its empty line, not a byte more. */
static gboolean
take_head (Pending *pending, const char *bytes, gsize length, gboolean *complete)
{
  gsize had = pending->head->len;
  char scratch[MAX_HEAD_BYTES];
  const char *end;
  gsize wanted;

  g_string_append_len (pending->head, bytes, (gssize) length);
  end = g_strstr_len (pending->head->str, (gssize) pending->head->len, "\r\n\r\n");
  *complete = end != NULL;
  if (end != NULL)
    g_string_truncate (pending->head, (gsize) (end - pending->head->str) + 4);
  wanted = pending->head->len - had;
  return recv (pending->fd, scratch, wanted, MSG_DONTWAIT) == (gssize) wanted
         && (*complete || pending->head->len < MAX_HEAD_BYTES);
}

/* FALSE when the connection is done with here. */
static gboolean
read_some (LwpProxy *self, Pending *pending)
{
  char bytes[MAX_HEAD_BYTES];
  gsize room = MAX_HEAD_BYTES - pending->head->len;
  gssize length = recv (pending->fd, bytes, room, MSG_PEEK | MSG_DONTWAIT);
  gboolean complete;

  if (length < 0 && (errno == EAGAIN || errno == EINTR))
    return TRUE;
  if (length <= 0)
    return FALSE;
  /* No method that a browser uses begins as CONNECT does. */
  if (pending->head->len == 0 && bytes[0] != 'C')
    {
      hand_over (self, pending, FALSE);
      return FALSE;
    }
  if (!take_head (pending, bytes, (gsize) length, &complete))
    {
      refuse (pending, bad_request);
      return FALSE;
    }
  if (complete)
    answer_connect (self, pending);
  return !complete;
}

static void
accept_one (LwpProxy *self)
{
  Pending *pending;
  int one = 1;
  int fd = accept4 (self->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

  if (fd < 0)
    return;
  /* Answers are small: without this each would wait for the acknowledgement of the one before. */
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  pending = g_new0 (Pending, 1);
  pending->fd = fd;
  pending->deadline_us = g_get_monotonic_time () + HEAD_TIMEOUT_US;
  pending->head = g_string_new (NULL);
  g_ptr_array_add (self->pending, pending);
}

/* Milliseconds until the first of those that wait is dropped, -1 when none waits. */
static int
get_timeout_ms (LwpProxy *self)
{
  gint64 left_us = G_MAXINT64;
  gint64 now_us = g_get_monotonic_time ();

  for (guint i = 0; i < self->pending->len; i++)
    {
      const Pending *pending = g_ptr_array_index (self->pending, i);

      left_us = MIN (left_us, MAX (pending->deadline_us - now_us, 0));
    }
  return left_us == G_MAXINT64 ? -1 : (int) (left_us / 1000) + 1;
}

static void
serve_pending (LwpProxy *self, const struct pollfd *polls)
{
  gint64 now_us = g_get_monotonic_time ();

  for (guint i = self->pending->len; i > 0; i--)
    {
      Pending *pending = g_ptr_array_index (self->pending, i - 1);

      if (pending->deadline_us <= now_us
          || (polls[i - 1].revents != 0 && !read_some (self, pending)))
        g_ptr_array_remove_index (self->pending, i - 1);
    }
}

static gpointer
proxy_thread (gpointer user_data)
{
  LwpProxy *self = user_data;
  g_autofree struct pollfd *polls = g_new0 (struct pollfd, MAX_PENDING + 2);

  while (TRUE)
    {
      guint n_pending = self->pending->len;

      for (guint i = 0; i < n_pending; i++)
        {
          const Pending *pending = g_ptr_array_index (self->pending, i);

          polls[i] = (struct pollfd){ pending->fd, POLLIN, 0 };
        }
      polls[n_pending] = (struct pollfd){ self->wake_fd, POLLIN, 0 };
      /* A negative descriptor is left out: those that are full of patience come first. */
      polls[n_pending + 1] = (struct pollfd){ n_pending < MAX_PENDING ? self->listen_fd : -1,
                                              POLLIN, 0 };
      if (poll (polls, n_pending + 2, get_timeout_ms (self)) < 0 && errno != EINTR)
        return NULL;
      if (polls[n_pending].revents != 0)
        return NULL;
      serve_pending (self, polls);
      if (polls[n_pending + 1].revents != 0)
        accept_one (self);
    }
}

static gboolean
fail (GError **error, const char *what)
{
  int code = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s: %s", what,
               g_strerror (code));
  return FALSE;
}

static gboolean
start_listening (LwpProxy *self, guint16 port, GError **error)
{
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_port = htons (port),
                                 .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t length = sizeof address;
  int one = 1;

  self->wake_fd = eventfd (0, EFD_CLOEXEC);
  self->listen_fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (self->wake_fd < 0 || self->listen_fd < 0)
    return fail (error, "socket");
  setsockopt (self->listen_fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind (self->listen_fd, (struct sockaddr *) &address, length) != 0)
    return fail (error, "bind");
  if (listen (self->listen_fd, BACKLOG) != 0
      || getsockname (self->listen_fd, (struct sockaddr *) &address, &length) != 0)
    return fail (error, "listen");
  self->port = ntohs (address.sin_port);
  return TRUE;
}

LwpProxy *
lwp_proxy_new (LwpRouter *router, LwpServer *server, guint16 port, GError **error)
{
  g_autoptr (LwpProxy) self = g_new0 (LwpProxy, 1);

  self->router = router;
  self->server = server;
  self->listen_fd = -1;
  self->wake_fd = -1;
  self->pending = g_ptr_array_new_with_free_func ((GDestroyNotify) pending_free);
  if (!start_listening (self, port, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
lwp_proxy_start (LwpProxy *self)
{
  g_return_if_fail (self->thread == NULL);

  self->thread = g_thread_new ("proxy", proxy_thread, self);
}

void
lwp_proxy_free (LwpProxy *self)
{
  guint64 one = 1;

  if (self->thread != NULL)
    {
      (void) !write (self->wake_fd, &one, sizeof one);
      g_thread_join (self->thread);
    }
  g_ptr_array_unref (self->pending);
  if (self->listen_fd >= 0)
    close (self->listen_fd);
  if (self->wake_fd >= 0)
    close (self->wake_fd);
  g_free (self);
}

guint16
lwp_proxy_get_port (LwpProxy *self)
{
  return self->port;
}

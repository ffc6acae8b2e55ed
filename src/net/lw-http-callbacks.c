/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What libcurl calls during a transfer: pieces that come and go, progress, new sockets. All of it
 * runs on the network thread and must not wait for anything. */

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

#include "lw-error.h"
#include "lw-http-private.h"

/* Progress is told to the caller at most this often. */
#define PROGRESS_PERIOD_US (100 * 1000)

/* After a computer wakes or changes networks its old connections are dead without knowing: bytes
 * that nobody acknowledges for so long end them, well before the stall timeout. */
#define UNACKNOWLEDGED_MS (20 * 1000)

static gboolean
fail (LwHttpTransfer *self, LwError code, const char *message)
{
  if (self->error == NULL)
    self->error = g_error_new (LW_ERROR, (int) code, "%s: %s", self->host, message);
  return FALSE;
}

/* ---- what comes ---- */

static size_t
header_cb (char *data, size_t size, size_t count, void *user_data)
{
  LwHttpTransfer *self = user_data;
  size_t length = size * count;
  const char *colon = memchr (data, ':', length);
  g_autofree char *value = NULL;

  self->active_us = g_get_monotonic_time ();
  self->header_bytes += length;
  if (self->header_bytes > LW_HTTP_MAX_HEADERS)
    {
      fail (self, LW_ERROR_TOO_LARGE, "the header lines of the answer are too long");
      return 0;
    }
  /* A status line starts over: what stood before belongs to an interim answer (1xx). */
  if (length > 5 && memcmp (data, "HTTP/", 5) == 0)
    {
      g_ptr_array_set_size (self->headers, 0);
      self->head_complete = FALSE;
    }
  else if (data[0] == '\r' || data[0] == '\n')
    self->head_complete = TRUE;
  else if (colon != NULL && colon > data && !g_ascii_isspace (data[0]))
    {
      value = g_strndup (colon + 1, length - (size_t) (colon + 1 - data));
      lw_http_headers_add (self->headers, g_strndup (data, (size_t) (colon - data)),
                           g_utf8_make_valid (g_strstrip (value), -1));
    }
  return length;
}

static gboolean
has_success (LwHttpTransfer *self)
{
  long status = 0;

  curl_easy_getinfo (self->easy, CURLINFO_RESPONSE_CODE, &status);
  return status >= 200 && status < 300;
}

/* Returns: %FALSE when the sink is behind: libcurl keeps the piece and offers it again. */
static gboolean
queue_chunk (LwHttpTransfer *self, const char *data, size_t length)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED
      = g_mutex_locker_new (lw_http_engine_get_mutex (self->engine));

  self->paused = self->queued >= LW_HTTP_SINK_QUEUE;
  if (self->paused)
    return FALSE;
  g_queue_push_tail (&self->chunks, g_bytes_new (data, length));
  self->queued += length;
  g_cond_signal (&self->changed);
  return TRUE;
}

static size_t
write_cb (char *data, size_t size, size_t count, void *user_data)
{
  LwHttpTransfer *self = user_data;
  size_t length = size * count;

  if (self->request->sink != NULL && has_success (self))
    return queue_chunk (self, data, length) ? length : CURL_WRITEFUNC_PAUSE;
  if (length > self->request->max_body - self->body->len)
    {
      fail (self, LW_ERROR_TOO_LARGE, "the answer is too large");
      return 0;
    }
  g_byte_array_append (self->body, (const guint8 *) data, (guint) length);
  return length;
}

/* ---- what goes ---- */

/* Reads a local file on the network thread, which libcurl asks a buffer at a time. */
static size_t
read_cb (char *buffer, size_t size, size_t count, void *user_data)
{
  LwHttpTransfer *self = user_data;
  goffset left = self->request->file_length - self->file_read;
  size_t wanted = (size_t) MIN ((goffset) (size * count), left);
  ssize_t got;

  if (wanted == 0)
    return 0;
  do
    got = pread (self->file, buffer, wanted, self->request->file_offset + self->file_read);
  while (got < 0 && errno == EINTR);
  if (got <= 0)
    {
      fail (self, LW_ERROR_FAILED, got < 0 ? g_strerror (errno) : "the file became shorter");
      return CURL_READFUNC_ABORT;
    }
  self->file_read += got;
  return (size_t) got;
}

/* libcurl starts over when a kept connection turned out to be dead. */
static int
seek_cb (void *user_data, curl_off_t offset, int origin)
{
  LwHttpTransfer *self = user_data;

  if (origin != SEEK_SET || offset < 0 || offset > self->request->file_length)
    return CURL_SEEKFUNC_CANTSEEK;
  self->file_read = offset;
  return CURL_SEEKFUNC_OK;
}

static int
progress_cb (void *user_data, curl_off_t down_total, curl_off_t down, curl_off_t up_total,
             curl_off_t up)
{
  LwHttpTransfer *self = user_data;
  gint64 now_us = g_get_monotonic_time ();

  if (down + up != self->moved)
    {
      self->moved = down + up;
      self->active_us = now_us;
    }
  if (self->request->progress != NULL && up > 0
      && now_us - self->progress_us >= PROGRESS_PERIOD_US)
    {
      g_autoptr (GMutexLocker) locker G_GNUC_UNUSED
          = g_mutex_locker_new (lw_http_engine_get_mutex (self->engine));

      self->progress_us = now_us;
      self->sent = MAX (self->sent, up);
      g_cond_signal (&self->changed);
    }
  return 0;
}

/* ---- the connection ---- */

static guint
get_port (const struct sockaddr *address)
{
  if (address->sa_family == AF_INET)
    return g_ntohs (((const struct sockaddr_in *) (const void *) address)->sin_port);
  if (address->sa_family == AF_INET6)
    return g_ntohs (((const struct sockaddr_in6 *) (const void *) address)->sin6_port);
  return 0;
}

static curl_socket_t
open_socket_cb (void *user_data, curlsocktype purpose, struct curl_sockaddr *address)
{
  LwHttpTransfer *self = user_data;
  int patience_ms = UNACKNOWLEDGED_MS;
  int fd = socket (address->family, address->socktype | SOCK_CLOEXEC, address->protocol);

  if (fd < 0)
    return CURL_SOCKET_BAD;
  self->dialled_proxy = get_port (&address->addr) != self->port;
  /* An old kernel without it only waits longer. */
  (void) setsockopt (fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &patience_ms, sizeof patience_ms);
  return fd;
}

void
lw_http_transfer_set_callbacks (LwHttpTransfer *self)
{
  CURL *easy = self->easy;

  curl_easy_setopt (easy, CURLOPT_PRIVATE, self);
  curl_easy_setopt (easy, CURLOPT_ERRORBUFFER, self->error_text);
  curl_easy_setopt (easy, CURLOPT_HEADERFUNCTION, header_cb);
  curl_easy_setopt (easy, CURLOPT_HEADERDATA, self);
  curl_easy_setopt (easy, CURLOPT_WRITEFUNCTION, write_cb);
  curl_easy_setopt (easy, CURLOPT_WRITEDATA, self);
  curl_easy_setopt (easy, CURLOPT_READFUNCTION, read_cb);
  curl_easy_setopt (easy, CURLOPT_READDATA, self);
  curl_easy_setopt (easy, CURLOPT_SEEKFUNCTION, seek_cb);
  curl_easy_setopt (easy, CURLOPT_SEEKDATA, self);
  curl_easy_setopt (easy, CURLOPT_OPENSOCKETFUNCTION, open_socket_cb);
  curl_easy_setopt (easy, CURLOPT_OPENSOCKETDATA, self);
  curl_easy_setopt (easy, CURLOPT_XFERINFOFUNCTION, progress_cb);
  curl_easy_setopt (easy, CURLOPT_XFERINFODATA, self);
  curl_easy_setopt (easy, CURLOPT_NOPROGRESS, 0L);
}

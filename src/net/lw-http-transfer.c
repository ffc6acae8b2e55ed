/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One sending of a request: its life and its options. Made and freed by the caller's thread, lent
 * to the network thread in between; see lw-http-private.h for who owns what when. */

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lw-error.h"
#include "lw-http-private.h"

/* Together with TCP_USER_TIMEOUT in lw-http-callbacks.c: dead connections do not stay unnoticed. */
#define KEEPALIVE_IDLE_S 30L
#define KEEPALIVE_PERIOD_S 10L

/* What a server of HTTP/2 takes before it says more (RFC 9113, 6.9.2). While libcurl 7.88 waits for
 * that word, it keeps a processor busy; so what is larger goes by HTTP/1.1. */
#define HTTP2_WINDOW 65535

#define RECEIVE_BUFFER (64L * 1024)

static gboolean
read_origin (LwHttpTransfer *self, GError **error)
{
  g_autofree char *scheme = NULL;

  if (!lw_http_read_url (self->request->url, &scheme, &self->host, &self->port))
    {
      g_set_error_literal (error, LW_ERROR, LW_ERROR_MALFORMED, "not the URL of a web server");
      return FALSE;
    }
  self->origin = g_strdup_printf ("%s://%s:%u", scheme, self->host, self->port);
  return TRUE;
}

static gboolean
open_file (LwHttpTransfer *self, GError **error)
{
  struct stat info;
  int code = 0;

  self->file = open (self->request->file_path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (self->file < 0 || fstat (self->file, &info) < 0)
    code = errno;
  if (code == 0 && S_ISREG (info.st_mode))
    return TRUE;
  g_set_error (error, LW_ERROR,
               code == ENOENT                     ? LW_ERROR_NOT_FOUND
               : code == EACCES || code == EPERM  ? LW_ERROR_DENIED
                                                  : LW_ERROR_FAILED,
               "%s: %s", self->request->file_path,
               code == 0 ? "not a regular file" : g_strerror (code));
  return FALSE;
}

static void
add_line (LwHttpTransfer *self, const char *line)
{
  self->lines = curl_slist_append (self->lines, line);
}

/* Compressed answers are asked for only where the whole answer is read at once. A piece of a blob
 * (Range), or a file on its way to the disk, has to come as it is. */
static gboolean
wants_gzip (const LwHttpRequest *request)
{
  return request->sink == NULL && !g_str_equal (request->method, "HEAD")
         && lw_http_headers_get (request->headers, "Range") == NULL
         && lw_http_headers_get (request->headers, "x-ms-range") == NULL
         && lw_http_headers_get (request->headers, "Accept-Encoding") == NULL;
}

static void
set_headers (LwHttpTransfer *self)
{
  const GPtrArray *headers = self->request->headers;

  for (guint i = 0; i < headers->len; i++)
    {
      const LwHttpHeader *header = headers->pdata[i];
      /* libcurl's way to say an empty value. */
      const char *format = *header->value == '\0' ? "%s;%s" : "%s: %s";
      g_autofree char *line = g_strdup_printf (format, header->name, header->value);

      add_line (self, line);
    }
  add_line (self, "Expect:");
  if (lw_http_headers_get (headers, "Content-Type") == NULL)
    add_line (self, "Content-Type:");
  self->asked_gzip = wants_gzip (self->request);
  if (self->asked_gzip)
    add_line (self, "Accept-Encoding: gzip");
  curl_easy_setopt (self->easy, CURLOPT_HTTPHEADER, self->lines);
}

static void
set_method_and_body (LwHttpTransfer *self)
{
  const LwHttpRequest *request = self->request;
  CURL *easy = self->easy;

  if (request->file_path != NULL)
    {
      curl_easy_setopt (easy, CURLOPT_UPLOAD, 1L);
      curl_easy_setopt (easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t) request->file_length);
    }
  else if (lw_http_request_get_body_size (request) >= 0)
    {
      gsize length = 0;
      const char *data = request->body != NULL ? g_bytes_get_data (request->body, &length) : NULL;

      curl_easy_setopt (easy, CURLOPT_POST, 1L);
      curl_easy_setopt (easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t) length);
      curl_easy_setopt (easy, CURLOPT_POSTFIELDS, data != NULL ? data : "");
    }
  else if (g_str_equal (request->method, "HEAD"))
    curl_easy_setopt (easy, CURLOPT_NOBODY, 1L);
  curl_easy_setopt (easy, CURLOPT_CUSTOMREQUEST, request->method);
}

static void
set_version (LwHttpTransfer *self)
{
  if (lw_http_request_get_body_size (self->request) > HTTP2_WINDOW)
    curl_easy_setopt (self->easy, CURLOPT_HTTP_VERSION, (long) CURL_HTTP_VERSION_1_1);
  else
    curl_easy_setopt (self->easy, CURLOPT_HTTP_VERSION, (long) CURL_HTTP_VERSION_2TLS);
  /* Wait for another's handshake, which tells whether HTTP/2 can carry both. Without TLS libcurl
   * would wait for another's answer, and that may take for ever. */
  if (g_str_has_prefix (self->origin, "https:"))
    curl_easy_setopt (self->easy, CURLOPT_PIPEWAIT, 1L);
}

/* Authorities to trust. libcurl keeps the parsed ones, which cost some ten milliseconds of the
 * network thread for every connection, only if they come from one file and no directory. */
static void
set_authorities (LwHttpTransfer *self, const LwHttp *http)
{
  if (http->ca_file != NULL)
    {
      curl_easy_setopt (self->easy, CURLOPT_CAINFO, http->ca_file);
      /* A practice cloud that starts again writes a new authority to the same file. */
      curl_easy_setopt (self->easy, CURLOPT_CA_CACHE_TIMEOUT, 0L);
    }
  if (http->ca_file != NULL || curl_version_info (CURLVERSION_NOW)->cainfo != NULL)
    curl_easy_setopt (self->easy, CURLOPT_CAPATH, NULL);
}

static void
set_connection (LwHttpTransfer *self, const LwHttp *http)
{
  CURL *easy = self->easy;

  curl_easy_setopt (easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt (easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  curl_easy_setopt (easy, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt (easy, CURLOPT_CONNECTTIMEOUT_MS, (long) http->connect_timeout_ms);
  curl_easy_setopt (easy, CURLOPT_BUFFERSIZE, RECEIVE_BUFFER);
  curl_easy_setopt (easy, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt (easy, CURLOPT_TCP_KEEPIDLE, KEEPALIVE_IDLE_S);
  curl_easy_setopt (easy, CURLOPT_TCP_KEEPINTVL, KEEPALIVE_PERIOD_S);
  /* Without it a transfer that is cancelled while its host is looked up waits for the resolver. */
  curl_easy_setopt (easy, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt (easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  if (http->proxy != NULL)
    {
      curl_easy_setopt (easy, CURLOPT_PROXY, http->proxy);
      curl_easy_setopt (easy, CURLOPT_NOPROXY, "");
    }
}

LwHttpTransfer *
lw_http_transfer_new (const LwHttp *http, const LwHttpRequest *request, GError **error)
{
  g_autoptr (LwHttpTransfer) self = g_new0 (LwHttpTransfer, 1);

  self->request = request;
  self->engine = http->engine;
  self->fixed_proxy = http->proxy != NULL;
  self->file = -1;
  self->headers = lw_http_headers_new ();
  self->body = g_byte_array_new ();
  g_cond_init (&self->changed);
  g_queue_init (&self->chunks);
  if (!read_origin (self, error) || (request->file_path != NULL && !open_file (self, error)))
    return NULL;

  self->easy = curl_easy_init ();
  curl_easy_setopt (self->easy, CURLOPT_URL, request->url);
  curl_easy_setopt (self->easy, CURLOPT_USERAGENT, http->user_agent);
  set_connection (self, http);
  set_version (self);
  set_authorities (self, http);
  lw_http_transfer_set_callbacks (self);
  set_method_and_body (self);
  set_headers (self);
  return g_steal_pointer (&self);
}

void
lw_http_transfer_free (LwHttpTransfer *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->easy, curl_easy_cleanup);
  curl_slist_free_all (self->lines);
  g_free (self->origin);
  g_free (self->host);
  if (self->file >= 0)
    close (self->file);
  g_ptr_array_unref (self->headers);
  g_byte_array_unref (self->body);
  g_clear_error (&self->error);
  g_queue_clear_full (&self->chunks, (GDestroyNotify) g_bytes_unref);
  g_cond_clear (&self->changed);
  g_free (self);
}

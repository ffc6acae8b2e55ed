/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whom the engine trusts, and HTTP/2. */

#include <glib/gstdio.h>
#include <string.h>

#include "http-server.h"
#include "lw-error.h"
#include "tls-certificates.h"

#define DAY_S (24 * 3600)
#define BIG (4 * 1024 * 1024)

/* A file of authorities, removed in the end. */
typedef char CaFile;

static void
ca_file_write (const CaFile *self, const char *pem)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (self, pem, -1, &error);
  g_assert_no_error (error);
}

static CaFile *
ca_file_new (const char *pem)
{
  g_autoptr (GError) error = NULL;
  CaFile *self = NULL;

  g_close (g_file_open_tmp ("lw-test-ca-XXXXXX.pem", &self, &error), NULL);
  g_assert_no_error (error);
  ca_file_write (self, pem);
  return self;
}

static void
ca_file_free (CaFile *self)
{
  g_remove (self);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CaFile, ca_file_free)

static LwHttp *
new_engine (const char *ca_file, guint max_in_flight)
{
  g_autoptr (LwClock) clock = lw_clock_new_system ();
  g_autoptr (GError) error = NULL;
  LwHttpOptions options = {
    .user_agent = "test/1",
    .ca_file = ca_file,
    .connect_timeout_ms = 5000,
    .stall_timeout_ms = 5000,
    .max_in_flight = max_in_flight,
  };
  LwHttp *http = lw_http_new (&options, clock, &error);

  g_assert_no_error (error);
  return http;
}

static void
handler (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
         gpointer user_data)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);

  soup_server_message_set_status (message, 200, NULL);
  if (g_str_equal (path, "/never"))
    {
      soup_server_message_pause (message);
      return;
    }
  if (g_str_equal (path, "/big"))
    {
      g_autofree char *bytes = g_malloc (BIG);

      for (gsize i = 0; i < BIG; i++)
        bytes[i] = (char) (i % 251);
      soup_server_message_set_response (message, "application/octet-stream", SOUP_MEMORY_COPY,
                                        bytes, BIG);
      return;
    }
  if (body->length > 0)
    soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_COPY, body->data,
                                      (gsize) body->length);
  else
    soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_STATIC, "hi", 2);
}

/* ---- trust ---- */

static void
test_trusted (void)
{
  g_autoptr (TlsCertificates) certificates = tls_certificates_new ("127.0.0.1", DAY_S);
  g_autoptr (HttpServer) server = http_server_new_tls (handler, NULL, certificates->certificate);
  g_autoptr (CaFile) ca_file = ca_file_new (certificates->authority);
  g_autoptr (LwHttp) http = new_engine (ca_file, 0);
  g_autofree char *url = http_server_dup_url (server, "/");

  for (int i = 0; i < 5; i++)
    {
      g_autoptr (LwHttpResponse) response = test_http_get (http, url);

      g_assert_cmpuint (lw_http_response_get_status (response), ==, 200);
    }
  g_assert_cmpuint (http_server_count_connections (server), ==, 1);
}

static void
assert_distrusts (const char *host, gint64 lifetime_s, gboolean with_authority)
{
  g_autoptr (TlsCertificates) certificates = tls_certificates_new (host, lifetime_s);
  g_autoptr (TlsCertificates) others = tls_certificates_new (host, lifetime_s);
  g_autoptr (HttpServer) server = http_server_new_tls (handler, NULL, certificates->certificate);
  g_autoptr (CaFile) ca_file
      = ca_file_new (with_authority ? certificates->authority : others->authority);
  g_autoptr (LwHttp) http = new_engine (ca_file, 0);
  g_autofree char *url = http_server_dup_url (server, "/");

  test_http_assert_fails (http, url, LW_ERROR_TLS);
  g_assert_cmpuint (http_server_count_requests (server), ==, 0);
}

static void
test_distrusted (void)
{
  assert_distrusts ("127.0.0.1", DAY_S, FALSE);
  assert_distrusts ("localhost", DAY_S, TRUE);
  assert_distrusts ("127.0.0.1", 60, TRUE);
}

static void
test_system_does_not_know_it (void)
{
  g_autoptr (TlsCertificates) certificates = tls_certificates_new ("127.0.0.1", DAY_S);
  g_autoptr (HttpServer) server = http_server_new_tls (handler, NULL, certificates->certificate);
  g_autoptr (LwHttp) http = new_engine (NULL, 0);
  g_autofree char *url = http_server_dup_url (server, "/");

  test_http_assert_fails (http, url, LW_ERROR_TLS);
}

static void
test_broken_authorities (void)
{
  g_autoptr (RawServer) server = raw_server_new (NULL, 0, RAW_HOLD);
  g_autoptr (CaFile) ca_file = ca_file_new ("no certificate\n");
  g_autoptr (LwHttp) http = new_engine (ca_file, 0);
  g_autofree char *url = raw_server_dup_url (server, "https");

  test_http_assert_fails (http, url, LW_ERROR_TLS);
}

/* A practice cloud that starts again makes a new authority and writes it to the same file. */
static void
test_authority_changes (void)
{
  g_autoptr (CaFile) ca_file = ca_file_new ("");
  g_autoptr (LwHttp) http = new_engine (ca_file, 0);

  for (int i = 0; i < 3; i++)
    {
      g_autoptr (TlsCertificates) certificates = tls_certificates_new ("127.0.0.1", DAY_S);
      g_autoptr (HttpServer) server
          = http_server_new_tls (handler, NULL, certificates->certificate);
      g_autofree char *url = http_server_dup_url (server, "/");
      g_autoptr (LwHttpResponse) response = NULL;

      ca_file_write (ca_file, certificates->authority);
      response = test_http_get (http, url);
      g_assert_cmpuint (lw_http_response_get_status (response), ==, 200);
    }
}

/* What the network breaks is worth another try, what is said in the handshake is not. */
static void
test_broken_handshake (void)
{
  static const char answer[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
  g_autoptr (RawServer) closing = raw_server_new (NULL, 0, RAW_CLOSE);
  g_autoptr (RawServer) resetting = raw_server_new (NULL, 0, RAW_RESET);
  g_autoptr (RawServer) plain = raw_server_new (answer, strlen (answer), RAW_HOLD);
  g_autoptr (LwHttp) http = new_engine (NULL, 0);
  g_autofree char *closing_url = raw_server_dup_url (closing, "https");
  g_autofree char *resetting_url = raw_server_dup_url (resetting, "https");
  g_autofree char *plain_url = raw_server_dup_url (plain, "https");

  test_http_assert_fails (http, closing_url, LW_ERROR_INTERRUPTED);
  test_http_assert_fails (http, resetting_url, LW_ERROR_INTERRUPTED);
  test_http_assert_fails (http, plain_url, LW_ERROR_TLS);
}

/* ---- HTTP/2 ---- */

typedef struct
{
  LwHttp *http;
  const char *url;
  gsize size;
} Caller;

static gpointer
caller_thread_cb (gpointer data)
{
  Caller *caller = data;

  for (int i = 0; i < 5; i++)
    {
      g_autoptr (LwHttpResponse) response = test_http_get (caller->http, caller->url);

      g_assert_cmpuint (lw_http_response_get_status (response), ==, 200);
      g_assert_cmpuint (g_bytes_get_size (lw_http_response_get_body (response)), ==, caller->size);
    }
  return NULL;
}

static void
run_callers (LwHttp *http, const char *url, gsize size, guint count)
{
  g_autofree GThread **threads = g_new0 (GThread *, count);
  Caller caller = { http, url, size };

  for (guint i = 0; i < count; i++)
    threads[i] = g_thread_new ("caller", caller_thread_cb, &caller);
  for (guint i = 0; i < count; i++)
    g_thread_join (threads[i]);
}

static void
test_streams_share_a_connection (void)
{
  g_autoptr (TlsCertificates) certificates = tls_certificates_new ("127.0.0.1", DAY_S);
  g_autoptr (HttpServer) server = http_server_new_tls (handler, NULL, certificates->certificate);
  g_autoptr (CaFile) ca_file = ca_file_new (certificates->authority);
  g_autoptr (LwHttp) http = new_engine (ca_file, 0);
  g_autofree char *url = http_server_dup_url (server, "/");
  g_autofree char *big_url = http_server_dup_url (server, "/big");

  run_callers (http, url, 2, 32);
  run_callers (http, big_url, BIG, 4);
  g_assert_cmpuint (http_server_count_connections (server), ==, 1);
}

static gpointer
cancel_thread_cb (gpointer data)
{
  g_cancellable_cancel (data);
  return NULL;
}

/* One stream that is cancelled does not take its neighbours along. */
static void
test_cancel_one_stream (void)
{
  g_autoptr (TlsCertificates) certificates = tls_certificates_new ("127.0.0.1", DAY_S);
  g_autoptr (HttpServer) server = http_server_new_tls (handler, NULL, certificates->certificate);
  g_autoptr (CaFile) ca_file = ca_file_new (certificates->authority);
  g_autoptr (LwHttp) http = new_engine (ca_file, 0);
  g_autofree char *url = http_server_dup_url (server, "/");
  g_autofree char *never_url = http_server_dup_url (server, "/never");
  g_autoptr (LwHttpResponse) first G_GNUC_UNUSED = test_http_get (http, url);
  g_autoptr (LwHttpRequest) never = lw_http_request_new ("GET", never_url);

  for (int i = 0; i < 5; i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GError) error = NULL;
      GThread *thread = g_thread_new ("cancel", cancel_thread_cb, cancellable);
      g_autoptr (LwHttpResponse) after = NULL;

      g_assert_null (lw_http_send (http, never, cancellable, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_thread_join (thread);
      after = test_http_get (http, url);
      g_assert_cmpuint (lw_http_response_get_status (after), ==, 200);
    }
  g_assert_cmpuint (http_server_count_connections (server), ==, 1);
}

static gboolean
slow_sink_cb (const guint8 *data, gsize length, gpointer user_data, GError **error)
{
  GByteArray *all = user_data;

  g_byte_array_append (all, data, (guint) length);
  /* Slower than the network, so that libcurl is paused again and again. */
  g_usleep (500);
  return TRUE;
}

static void
test_slow_sink (void)
{
  g_autoptr (TlsCertificates) certificates = tls_certificates_new ("127.0.0.1", DAY_S);
  g_autoptr (HttpServer) server = http_server_new_tls (handler, NULL, certificates->certificate);
  g_autoptr (CaFile) ca_file = ca_file_new (certificates->authority);
  g_autoptr (LwHttp) http = new_engine (ca_file, 0);
  g_autofree char *url = http_server_dup_url (server, "/big");
  g_autoptr (LwHttpRequest) request = lw_http_request_new ("GET", url);
  g_autoptr (GByteArray) all = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (LwHttpResponse) response = NULL;

  lw_http_request_set_sink (request, slow_sink_cb, all);
  response = lw_http_send (http, request, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (all->len, ==, BIG);
  for (guint i = 0; i < all->len; i++)
    g_assert_cmpuint (all->data[i], ==, i % 251);
}

static void
test_upload (void)
{
  g_autoptr (TlsCertificates) certificates = tls_certificates_new ("127.0.0.1", DAY_S);
  g_autoptr (HttpServer) server = http_server_new_tls (handler, NULL, certificates->certificate);
  g_autoptr (CaFile) ca_file = ca_file_new (certificates->authority);
  g_autoptr (LwHttp) http = new_engine (ca_file, 0);
  g_autofree char *url = http_server_dup_url (server, "/");
  g_autoptr (LwHttpResponse) first G_GNUC_UNUSED = test_http_get (http, url);
  g_autoptr (LwHttpRequest) request = lw_http_request_new ("PUT", url);
  g_autoptr (GFile) file = NULL;
  g_autofree char *content = g_malloc (BIG);
  g_autoptr (CaFile) path = ca_file_new ("");
  g_autoptr (GError) error = NULL;
  g_autoptr (LwHttpResponse) response = NULL;
  gsize size = 0;
  const char *data;

  memset (content, 'x', BIG);
  g_file_set_contents (path, content, BIG, &error);
  g_assert_no_error (error);
  file = g_file_new_for_path (path);
  for (goffset length = BIG; length > 0; length /= 8)
    {
      lw_http_request_set_body_file (request, file, 0, length, "text/plain");
      g_clear_pointer (&response, lw_http_response_free);
      response = lw_http_send (http, request, NULL, &error);
      g_assert_no_error (error);
      data = g_bytes_get_data (lw_http_response_get_body (response), &size);
      g_assert_cmpmem (data, size, content, (gsize) length);
    }
}

int
main (int argc, char *argv[])
{
  /* libsoup 3.2's server speaks HTTP/2 only when asked. */
  g_setenv ("SOUP_SERVER_HTTP2", "1", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/http-tls/trusted", test_trusted);
  g_test_add_func ("/http-tls/distrusted", test_distrusted);
  g_test_add_func ("/http-tls/system-does-not-know-it", test_system_does_not_know_it);
  g_test_add_func ("/http-tls/broken-authorities", test_broken_authorities);
  g_test_add_func ("/http-tls/authority-changes", test_authority_changes);
  g_test_add_func ("/http-tls/broken-handshake", test_broken_handshake);
  g_test_add_func ("/http-tls/streams-share-a-connection", test_streams_share_a_connection);
  g_test_add_func ("/http-tls/cancel-one-stream", test_cancel_one_stream);
  g_test_add_func ("/http-tls/slow-sink", test_slow_sink);
  g_test_add_func ("/http-tls/upload", test_upload);
  return g_test_run ();
}

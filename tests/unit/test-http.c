/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the HTTP engine sends and brings back, against a real server in this process. */

#include <glib/gstdio.h>
#include <string.h>

#include "http-server.h"
#include "lw-error.h"

#define BIG (3 * 1024 * 1024)

static void
answer_echo (SoupServerMessage *message)
{
  g_autoptr (GString) text = g_string_new (soup_server_message_get_method (message));
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autofree char *uri = g_uri_to_string (soup_server_message_get_uri (message));
  SoupMessageHeadersIter iter;
  const char *name;
  const char *value;

  g_string_append_printf (text, " %s\n", strstr (uri, "/echo"));
  soup_message_headers_iter_init (&iter, soup_server_message_get_request_headers (message));
  while (soup_message_headers_iter_next (&iter, &name, &value))
    g_string_append_printf (text, "%s: %s\n", name, value);
  g_string_append_c (text, '\n');
  g_string_append_len (text, body->data, (gssize) body->length);
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_COPY, text->str, text->len);
}

static void
answer_gzip (SoupServerMessage *message)
{
  g_autoptr (GZlibCompressor) compressor
      = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, -1);
  g_autofree char *zeros = g_malloc0 (BIG);
  g_autofree char *packed = g_malloc (BIG);
  gsize read = 0;
  gsize written = 0;

  g_converter_convert (G_CONVERTER (compressor), zeros, BIG, packed, BIG, G_CONVERTER_INPUT_AT_END,
                       &read, &written, NULL);
  soup_server_message_set_status (message, 200, NULL);
  soup_message_headers_append (soup_server_message_get_response_headers (message),
                               "Content-Encoding", "gzip");
  soup_server_message_set_response (message, "application/octet-stream", SOUP_MEMORY_COPY, packed,
                                    written);
}

static void
answer_big (SoupServerMessage *message, guint status)
{
  g_autofree char *bytes = g_malloc (BIG);

  for (gsize i = 0; i < BIG; i++)
    bytes[i] = (char) (i % 251);
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "application/octet-stream", SOUP_MEMORY_COPY, bytes,
                                    BIG);
}

static gboolean
unpause_cb (gpointer user_data)
{
  soup_server_message_set_status (user_data, 200, NULL);
  soup_server_message_unpause (user_data);
  return G_SOURCE_REMOVE;
}

static void
answer_slowly (SoupServerMessage *message)
{
  g_autoptr (GSource) source = g_timeout_source_new (20);

  soup_server_message_pause (message);
  g_source_set_callback (source, unpause_cb, g_object_ref (message), g_object_unref);
  g_source_attach (source, g_main_context_get_thread_default ());
}

static void
handler (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
         gpointer user_data)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  if (g_str_has_prefix (path, "/echo"))
    answer_echo (message);
  else if (g_str_equal (path, "/gzip"))
    answer_gzip (message);
  else if (g_str_equal (path, "/big"))
    answer_big (message, 200);
  else if (g_str_equal (path, "/big-failure"))
    answer_big (message, 500);
  else if (g_str_equal (path, "/slow"))
    answer_slowly (message);
  else if (g_str_equal (path, "/redirect"))
    soup_server_message_set_redirect (message, 302, "/echo");
  else if (g_str_equal (path, "/cookie"))
    {
      soup_message_headers_append (headers, "Set-Cookie", "a=b; Path=/");
      soup_server_message_set_status (message, 200, NULL);
    }
  else
    soup_server_message_set_status (message, 404, NULL);
}

static const char *
get_text (const LwHttpResponse *response, gsize *size)
{
  return g_bytes_get_data (lw_http_response_get_body (response), size);
}

/* Sends a request to /echo; what the server saw. */
static char *
echo (HttpServer *server, LwHttpRequest *(*make) (const char *url), const char *path)
{
  g_autoptr (LwHttp) http = test_http_new (0);
  g_autofree char *url = http_server_dup_url (server, path);
  g_autoptr (LwHttpRequest) request = make (url);
  g_autoptr (GError) error = NULL;
  g_autoptr (LwHttpResponse) response = lw_http_send (http, request, NULL, &error);
  const char *text;
  gsize size = 0;

  g_assert_no_error (error);
  g_assert_cmpuint (lw_http_response_get_status (response), ==, 200);
  text = get_text (response, &size);
  return g_strndup (text, size);
}

static LwHttpRequest *
make_get (const char *url)
{
  LwHttpRequest *request = lw_http_request_new ("GET", url);

  lw_http_request_set_header (request, "X-Gone", "1");
  lw_http_request_set_header (request, "x-gone", NULL);
  lw_http_request_set_header (request, "X-Twice", "1");
  lw_http_request_set_header (request, "X-TWICE", "2");
  lw_http_request_set_header (request, "X-Empty", "");
  return request;
}

static LwHttpRequest *
make_post (const char *url)
{
  return lw_http_request_new ("POST", url);
}

static LwHttpRequest *
make_put (const char *url)
{
  LwHttpRequest *request = lw_http_request_new ("PUT", url);
  g_autoptr (GBytes) body = g_bytes_new_static ("{\"a\":\"한\"}", 11);

  lw_http_request_set_body (request, body, "application/json");
  return request;
}

static LwHttpRequest *
make_delete (const char *url)
{
  return lw_http_request_new ("DELETE", url);
}

static void
test_get (void)
{
  g_autoptr (HttpServer) server = http_server_new (handler, NULL);
  g_autofree char *seen = echo (server, make_get, "/echo?a=b");

  g_assert_true (g_str_has_prefix (seen, "GET /echo?a=b\n"));
  g_assert_nonnull (strstr (seen, "\nUser-Agent: test/1\n"));
  g_assert_nonnull (strstr (seen, "\nAccept-Encoding: gzip\n"));
  g_assert_nonnull (strstr (seen, "\nX-TWICE: 2\n"));
  g_assert_nonnull (strstr (seen, "\nX-Empty: \n"));
  g_assert_null (strstr (seen, "X-Gone"));
  g_assert_null (strstr (seen, "X-Twice"));
  g_assert_null (strstr (seen, "Content-Length"));
}

/* A SAS is signed over its bytes, and the server above would tidy them up. */
static void
test_url_byte_for_byte (void)
{
  static const char answer[] = "HTTP/1.1 204 No Content\r\n\r\n";
  static const char path[] = "a%2Fb/../%20c/./d?sig=x%2By%3d&q=%7B{|}'\"&&r=%zz";
  g_autoptr (RawServer) server = raw_server_new (answer, strlen (answer), RAW_CLOSE);
  g_autoptr (LwHttp) http = test_http_new (0);
  g_autofree char *base = raw_server_dup_url (server, "http");
  g_autofree char *url = g_strconcat (base, path, "#fragment", NULL);
  g_autofree char *line = g_strconcat ("GET /", path, " HTTP/1.1\r\n", NULL);
  g_autoptr (LwHttpResponse) response = test_http_get (http, url);

  g_assert_cmpuint (lw_http_response_get_status (response), ==, 204);
  g_assert_true (g_str_has_prefix (raw_server_get_head (server), line));
}

static void
test_bodies (void)
{
  g_autoptr (HttpServer) server = http_server_new (handler, NULL);
  g_autofree char *post = echo (server, make_post, "/echo");
  g_autofree char *put = echo (server, make_put, "/echo");
  g_autofree char *removed = echo (server, make_delete, "/echo");

  g_assert_true (g_str_has_prefix (post, "POST /echo\n"));
  g_assert_nonnull (strstr (post, "\nContent-Length: 0\n"));
  g_assert_null (strstr (post, "Content-Type"));
  g_assert_nonnull (strstr (put, "\nContent-Type: application/json\n"));
  g_assert_nonnull (strstr (put, "\nContent-Length: 11\n"));
  g_assert_null (strstr (put, "Expect"));
  g_assert_true (g_str_has_suffix (put, "\n\n{\"a\":\"한\"}"));
  g_assert_true (g_str_has_prefix (removed, "DELETE /echo\n"));
  g_assert_null (strstr (removed, "Content-Length"));
}

typedef struct
{
  guint calls;
  goffset last;
  goffset total;
} Progress;

static void
progress_cb (goffset sent, goffset total, gpointer user_data)
{
  Progress *progress = user_data;

  g_assert_cmpint (sent, >, progress->last);
  g_assert_cmpint (sent, <=, total);
  progress->calls++;
  progress->last = sent;
  progress->total = total;
}

static void
test_upload_file (void)
{
  g_autoptr (HttpServer) server = http_server_new (handler, NULL);
  g_autoptr (LwHttp) http = test_http_new (0);
  g_autofree char *url = http_server_dup_url (server, "/echo");
  g_autofree char *content = g_malloc (BIG);
  g_autofree char *path = NULL;
  g_autoptr (GFile) file = NULL;
  g_autoptr (LwHttpRequest) request = lw_http_request_new ("PUT", url);
  g_autoptr (GError) error = NULL;
  g_autoptr (LwHttpResponse) response = NULL;
  Progress progress = { 0 };
  const char *text;
  gsize size = 0;

  for (gsize i = 0; i < BIG; i++)
    content[i] = (char) (i % 253);
  path = g_build_filename (g_get_tmp_dir (), "lw-test-http-XXXXXX", NULL);
  g_close (g_mkstemp (path), NULL);
  g_file_set_contents (path, content, BIG, &error);
  g_assert_no_error (error);
  file = g_file_new_for_path (path);
  lw_http_request_set_body_file (request, file, 1000, BIG - 2000, "application/octet-stream");
  lw_http_request_set_upload_progress (request, progress_cb, &progress);

  /* Twice, as a retry does. */
  for (int i = 0; i < 2; i++)
    {
      g_clear_pointer (&response, lw_http_response_free);
      memset (&progress, 0, sizeof progress);
      response = lw_http_send (http, request, NULL, &error);
      g_assert_no_error (error);
      text = get_text (response, &size);
      g_assert_cmpmem (text + size - (BIG - 2000), BIG - 2000, content + 1000, BIG - 2000);
      g_assert_cmpuint (progress.calls, >=, 1);
      g_assert_cmpint (progress.last, ==, BIG - 2000);
      g_assert_cmpint (progress.total, ==, BIG - 2000);
    }

  /* A file that is shorter than was said. */
  lw_http_request_set_upload_progress (request, NULL, NULL);
  lw_http_request_set_body_file (request, file, 1000, BIG, NULL);
  g_assert_null (lw_http_send (http, request, NULL, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_FAILED);
  g_clear_error (&error);
  g_assert_cmpint (g_remove (path), ==, 0);
  g_assert_null (lw_http_send (http, request, NULL, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_NOT_FOUND);
}

typedef struct
{
  GByteArray *all;
  GThread *thread;
  gulong delay_us;
  gsize fail_after;
} Sink;

static gboolean
sink_cb (const guint8 *data, gsize length, gpointer user_data, GError **error)
{
  Sink *sink = user_data;

  g_assert_true (g_thread_self () == sink->thread);
  g_byte_array_append (sink->all, data, (guint) length);
  if (sink->delay_us != 0)
    g_usleep (sink->delay_us);
  if (sink->fail_after != 0 && sink->all->len > sink->fail_after)
    {
      g_set_error_literal (error, LW_ERROR, LW_ERROR_NO_SPACE, "full");
      return FALSE;
    }
  return TRUE;
}

static LwHttpResponse *
get_into_sink (LwHttp *http, HttpServer *server, const char *path, Sink *sink, GError **error)
{
  g_autofree char *url = http_server_dup_url (server, path);
  g_autoptr (LwHttpRequest) request = lw_http_request_new ("GET", url);

  sink->thread = g_thread_self ();
  g_byte_array_set_size (sink->all, 0);
  lw_http_request_set_sink (request, sink_cb, sink);
  return lw_http_send (http, request, NULL, error);
}

static void
test_sink (void)
{
  g_autoptr (HttpServer) server = http_server_new (handler, NULL);
  g_autoptr (LwHttp) http = test_http_new (300);
  g_autoptr (GByteArray) all = g_byte_array_new ();
  g_autoptr (LwHttpResponse) whole = NULL;
  g_autoptr (LwHttpResponse) slow = NULL;
  g_autoptr (LwHttpResponse) failure = NULL;
  g_autoptr (GError) error = NULL;
  Sink sink = { .all = all };

  whole = get_into_sink (http, server, "/big", &sink, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (all->len, ==, BIG);
  g_assert_cmpuint (g_bytes_get_size (lw_http_response_get_body (whole)), ==, 0);

  /* Slower than the stall timeout in all: the network waits, and that is no stall. */
  sink.delay_us = 5000;
  slow = get_into_sink (http, server, "/big", &sink, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (all->len, ==, BIG);
  for (guint i = 0; i < all->len; i++)
    g_assert_cmpuint (all->data[i], ==, i % 251);
  sink.delay_us = 0;

  failure = get_into_sink (http, server, "/big-failure", &sink, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (all->len, ==, 0);
  g_assert_cmpuint (g_bytes_get_size (lw_http_response_get_body (failure)), ==, BIG);

  sink.fail_after = 1024 * 1024;
  g_assert_null (get_into_sink (http, server, "/big", &sink, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_NO_SPACE);
  g_assert_cmpuint (all->len, <, BIG);
}

static void
test_limit_of_body (void)
{
  g_autoptr (HttpServer) server = http_server_new (handler, NULL);
  g_autoptr (LwHttp) http = test_http_new (0);
  g_autofree char *url = http_server_dup_url (server, "/big");
  g_autoptr (LwHttpRequest) request = lw_http_request_new ("GET", url);
  g_autoptr (LwHttpResponse) response = NULL;
  g_autoptr (GError) error = NULL;

  lw_http_request_set_max_body (request, BIG - 1);
  g_assert_null (lw_http_send (http, request, NULL, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_TOO_LARGE);
  g_clear_error (&error);
  lw_http_request_set_max_body (request, BIG);
  response = lw_http_send (http, request, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (lw_http_response_get_body (response)), ==, BIG);
}

static void
test_gzip (void)
{
  g_autoptr (HttpServer) server = http_server_new (handler, NULL);
  g_autoptr (LwHttp) http = test_http_new (0);
  g_autofree char *url = http_server_dup_url (server, "/gzip");
  g_autoptr (LwHttpRequest) request = lw_http_request_new ("GET", url);
  g_autoptr (LwHttpResponse) response = test_http_get (http, url);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (g_bytes_get_size (lw_http_response_get_body (response)), ==, BIG);
  /* A small answer that unpacks to a large one. */
  lw_http_request_set_max_body (request, BIG / 2);
  g_assert_null (lw_http_send (http, request, NULL, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_TOO_LARGE);
}

static void
test_redirect_is_an_answer (void)
{
  g_autoptr (HttpServer) server = http_server_new (handler, NULL);
  g_autoptr (LwHttp) http = test_http_new (0);
  g_autofree char *url = http_server_dup_url (server, "/redirect");
  g_autoptr (LwHttpResponse) response = test_http_get (http, url);

  g_assert_cmpuint (lw_http_response_get_status (response), ==, 302);
  g_assert_true (g_str_has_suffix (lw_http_response_get_header (response, "location"), "/echo"));
  g_assert_null (lw_http_response_get_header (response, "Retry-After"));
}

static void
test_no_cookies_and_reuse (void)
{
  g_autoptr (HttpServer) server = http_server_new (handler, NULL);
  g_autoptr (LwHttp) http = test_http_new (0);
  g_autofree char *cookie_url = http_server_dup_url (server, "/cookie");
  g_autofree char *echo_url = http_server_dup_url (server, "/echo");
  g_autoptr (LwHttpResponse) cookie = test_http_get (http, cookie_url);
  g_autoptr (LwHttpResponse) seen = test_http_get (http, echo_url);
  const char *text;
  gsize size = 0;

  g_assert_cmpuint (lw_http_response_get_status (cookie), ==, 200);
  g_assert_nonnull (lw_http_response_get_header (cookie, "SET-COOKIE"));
  text = get_text (seen, &size);
  g_assert_null (g_strstr_len (text, (gssize) size, "Cookie"));
  for (int i = 0; i < 20; i++)
    {
      g_autoptr (LwHttpResponse) response = test_http_get (http, cookie_url);

      g_assert_cmpuint (lw_http_response_get_status (response), ==, 200);
    }
  g_assert_cmpuint (http_server_count_connections (server), ==, 1);
}

static void
test_refused_urls (void)
{
  static const char *const urls[] = {
    "",
    "management.azure.com",
    "ftp://127.0.0.1/",
    "file:///etc/passwd",
    "https://management.azure.com@127.0.0.1/",
    "https://user:word@127.0.0.1/",
    "http://127.0.0.1:99999/",
    "http://a b/",
  };
  g_autoptr (LwHttp) http = test_http_new (0);

  for (guint i = 0; i < G_N_ELEMENTS (urls); i++)
    test_http_assert_fails (http, urls[i], LW_ERROR_MALFORMED);
}

static void
test_host_of_url (void)
{
  static const struct
  {
    const char *url;
    const char *host;
    gboolean is_https;
  } table[] = {
    { "https://Management.Azure.com:443/a?b=@evil.test", "management.azure.com", TRUE },
    { "http://127.0.0.1:8080/", "127.0.0.1", FALSE },
    { "https://evil.test/https://management.azure.com/", "evil.test", TRUE },
    { "https://evil.test#.management.azure.com/", "evil.test", TRUE },
    { "https://evil.test?.management.azure.com/", "evil.test", TRUE },
    { "https://management.azure.com@evil.test/", NULL, FALSE },
    { "https://evil.test\\@management.azure.com/", NULL, FALSE },
    { "https://management.azure.com\\@evil.test/", NULL, FALSE },
    { "https://management.azure.com\r\nHost: evil.test/", NULL, FALSE },
    { "javascript:alert(1)", NULL, FALSE },
    { "/subscriptions", NULL, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      gboolean is_https = FALSE;
      g_autofree char *host = lw_http_dup_host (table[i].url, &is_https, NULL);

      g_assert_cmpstr (host, ==, table[i].host);
      g_assert_cmpint (is_https, ==, table[i].is_https);
    }
}

static void
test_refused_headers (void)
{
  if (g_test_subprocess ())
    {
      g_autoptr (LwHttpRequest) request = lw_http_request_new ("GET", "http://127.0.0.1/");

      lw_http_request_set_header (request, "X-A", "b\r\nX-C: d");
      return;
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*is_clean*");
}

static void
test_refused_options (void)
{
  g_autoptr (LwClock) clock = lw_clock_new_system ();
  g_autoptr (GError) error = NULL;
  LwHttpOptions options = { .user_agent = "test/1", .proxy = "socks5://127.0.0.1" };

  g_assert_null (lw_http_new (&options, clock, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_PROXY);
  g_clear_error (&error);
  options.proxy = NULL;
  options.ca_file = "/nonexistent/ca.pem";
  g_assert_null (lw_http_new (&options, clock, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_NOT_FOUND);
}

typedef struct
{
  LwHttp *http;
  const char *url;
} Caller;

#define CALLERS 32
#define REQUESTS_OF_A_CALLER 5

static gpointer
caller_thread_cb (gpointer data)
{
  Caller *caller = data;

  for (int i = 0; i < REQUESTS_OF_A_CALLER; i++)
    {
      g_autoptr (LwHttpResponse) response = test_http_get (caller->http, caller->url);

      g_assert_cmpuint (lw_http_response_get_status (response), ==, 200);
    }
  return NULL;
}

static double
run_callers (LwHttp *http, const char *url)
{
  Caller caller = { http, url };
  GThread *threads[CALLERS];
  gint64 started_us = g_get_monotonic_time ();

  for (guint i = 0; i < CALLERS; i++)
    threads[i] = g_thread_new ("caller", caller_thread_cb, &caller);
  for (guint i = 0; i < CALLERS; i++)
    g_thread_join (threads[i]);
  return (double) (g_get_monotonic_time () - started_us) / G_USEC_PER_SEC;
}

static void
test_parallel (void)
{
  g_autoptr (HttpServer) server = http_server_new (handler, NULL);
  g_autoptr (LwHttp) http = test_http_new (0);
  g_autofree char *url = http_server_dup_url (server, "/echo");
  double seconds = run_callers (http, url);

  g_test_message ("%.0f requests/s from %d callers", CALLERS * REQUESTS_OF_A_CALLER / seconds,
                  CALLERS);
  g_assert_cmpuint (http_server_count_connections (server), <=, LW_HTTP_MAX_PER_HOST);
}

static void
test_limits (void)
{
  g_autoptr (HttpServer) server = http_server_new (handler, NULL);
  g_autoptr (HttpServer) other = http_server_new (handler, NULL);
  g_autoptr (LwHttp) http = test_http_new (0);
  g_autoptr (LwClock) clock = lw_clock_new_system ();
  LwHttpOptions options = { .user_agent = "test/1", .max_in_flight = 3 };
  g_autoptr (LwHttp) narrow = lw_http_new (&options, clock, NULL);
  g_autofree char *url = http_server_dup_url (server, "/slow");
  g_autofree char *other_url = http_server_dup_url (other, "/slow");

  run_callers (http, url);
  g_assert_cmpuint (http_server_get_peak (server), ==, LW_HTTP_MAX_PER_HOST);
  g_assert_cmpuint (http_server_count_connections (server), ==, LW_HTTP_MAX_PER_HOST);
  run_callers (narrow, other_url);
  g_assert_cmpuint (http_server_get_peak (other), ==, 3);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/http/get", test_get);
  g_test_add_func ("/http/url-byte-for-byte", test_url_byte_for_byte);
  g_test_add_func ("/http/bodies", test_bodies);
  g_test_add_func ("/http/upload-file", test_upload_file);
  g_test_add_func ("/http/sink", test_sink);
  g_test_add_func ("/http/limit-of-body", test_limit_of_body);
  g_test_add_func ("/http/gzip", test_gzip);
  g_test_add_func ("/http/redirect-is-an-answer", test_redirect_is_an_answer);
  g_test_add_func ("/http/no-cookies-and-reuse", test_no_cookies_and_reuse);
  g_test_add_func ("/http/refused-urls", test_refused_urls);
  g_test_add_func ("/http/host-of-url", test_host_of_url);
  g_test_add_func ("/http/refused-headers", test_refused_headers);
  g_test_add_func ("/http/refused-options", test_refused_options);
  g_test_add_func ("/http/parallel", test_parallel);
  g_test_add_func ("/http/limits", test_limits);
  return g_test_run ();
}

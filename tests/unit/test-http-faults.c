/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the engine makes of servers, proxies and networks that misbehave. */

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http-server.h"
#include "lw-error.h"

#define OK "HTTP/1.1 200 OK\r\n"

typedef struct
{
  const char *name;
  const char *answer;
  gsize length; /* 0: all of the string */
  RawEnding ending;
  int code;
} Fault;

/* "hello hello hello …" packed, without its last bytes. */
#define GZIP_CUT                                                                                   \
  "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\x48\xcd\xc9\xc9\x57\xc8\x40\x27\x00"

static const Fault faults[] = {
  { "reset-before-answer", "", 0, RAW_RESET, LW_ERROR_INTERRUPTED },
  { "close-before-answer", "", 0, RAW_CLOSE, LW_ERROR_INTERRUPTED },
  { "close-in-headers", OK "Content-Le", 0, RAW_CLOSE, LW_ERROR_INTERRUPTED },
  { "close-in-body", OK "Content-Length: 10\r\n\r\nhalf", 0, RAW_CLOSE, LW_ERROR_INTERRUPTED },
  { "reset-in-body", OK "Content-Length: 10\r\n\r\nhalf", 0, RAW_RESET, LW_ERROR_INTERRUPTED },
  { "close-in-chunk", OK "Transfer-Encoding: chunked\r\n\r\n8\r\nhalf", 0, RAW_CLOSE,
    LW_ERROR_INTERRUPTED },
  { "silence-before-answer", "", 0, RAW_HOLD, LW_ERROR_TIMED_OUT },
  { "silence-in-headers", OK "Content-", 0, RAW_HOLD, LW_ERROR_TIMED_OUT },
  { "silence-in-body", OK "Content-Length: 10\r\n\r\nhalf", 0, RAW_HOLD, LW_ERROR_TIMED_OUT },
  { "not-http", "SSH-2.0-OpenSSH_9.2\r\n", 0, RAW_CLOSE, LW_ERROR_MALFORMED },
  { "no-status", "HTTP/1.1 abc\r\n\r\n", 0, RAW_CLOSE, LW_ERROR_MALFORMED },
  { "no-colon-in-header", OK "no colon\r\n\r\n", 0, RAW_CLOSE, LW_ERROR_MALFORMED },
  { "zero-in-header", OK "X-A: b\0c\r\n\r\n", 28, RAW_CLOSE, LW_ERROR_MALFORMED },
  { "bad-gzip", OK "Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello", 0, RAW_CLOSE,
    LW_ERROR_MALFORMED },
  { "cut-gzip", OK "Content-Encoding: gzip\r\nContent-Length: 20\r\n\r\n" GZIP_CUT,
    sizeof (OK "Content-Encoding: gzip\r\nContent-Length: 20\r\n\r\n" GZIP_CUT) - 1, RAW_CLOSE,
    LW_ERROR_MALFORMED },
};

static void
test_fault (gconstpointer data)
{
  const Fault *fault = data;
  gsize length = fault->length != 0 ? fault->length : strlen (fault->answer);
  g_autoptr (RawServer) server = raw_server_new (fault->answer, length, fault->ending);
  g_autoptr (LwHttp) http = test_http_new (200);
  g_autofree char *url = raw_server_dup_url (server, "http");
  gint64 started_us = g_get_monotonic_time ();

  test_http_assert_fails (http, url, fault->code);
  g_assert_cmpint (g_get_monotonic_time () - started_us, <, 2 * G_USEC_PER_SEC);
  if (fault->code == LW_ERROR_TIMED_OUT)
    g_assert_cmpint (g_get_monotonic_time () - started_us, >=, 200 * 1000);
  g_assert_cmpuint (raw_server_count_connections (server), ==, 1);
}

static void
assert_headers_fail (gsize line_length, guint lines)
{
  g_autoptr (GString) answer = g_string_new (OK);
  g_autofree char *value = g_strnfill (line_length, 'x');
  g_autoptr (RawServer) server = NULL;
  g_autoptr (LwHttp) http = test_http_new (0);
  g_autofree char *url = NULL;

  for (guint i = 0; i < lines; i++)
    g_string_append_printf (answer, "X-%u: %s\r\n", i, value);
  g_string_append (answer, "Content-Length: 0\r\n\r\n");
  server = raw_server_new (answer->str, answer->len, RAW_CLOSE);
  url = raw_server_dup_url (server, "http");
  test_http_assert_fails (http, url, LW_ERROR_TOO_LARGE);
}

static void
test_oversized_headers (void)
{
  assert_headers_fail (1000, LW_HTTP_MAX_HEADERS / 1000 + 1);
  assert_headers_fail (200 * 1000, 1);
}

/* The Location of a deletion of a group is longer than 3 KiB, and a name may be anything. */
static void
test_strange_headers (void)
{
  g_autofree char *value = g_strnfill (16 * 1024, 'x');
  g_autofree char *answer = g_strconcat ("HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\n" OK
                                         "Location: ", value,
                                         "\r\nlocation: second\r\nX-Broken: a\xff"
                                         "b\r\n folded\r\nX-Empty:\r\n"
                                         "Content-Length: 2\r\n\r\nhi", NULL);
  g_autoptr (RawServer) server = raw_server_new (answer, strlen (answer), RAW_CLOSE);
  g_autoptr (LwHttp) http = test_http_new (0);
  g_autofree char *url = raw_server_dup_url (server, "http");
  g_autoptr (LwHttpResponse) response = test_http_get (http, url);

  g_assert_cmpuint (lw_http_response_get_status (response), ==, 200);
  g_assert_cmpstr (lw_http_response_get_header (response, "Location"), ==, value);
  g_assert_cmpstr (lw_http_response_get_header (response, "X-Broken"), ==, "a\uFFFDb");
  g_assert_cmpstr (lw_http_response_get_header (response, "X-Empty"), ==, "");
  g_assert_null (lw_http_response_get_header (response, "X-Early"));
}

/* A port on which nobody listens. */
static guint
get_free_port (void)
{
  g_autoptr (RawServer) server = raw_server_new (NULL, 0, RAW_CLOSE);

  return raw_server_get_port (server);
}

static void
test_unreachable (void)
{
  g_autoptr (LwHttp) http = test_http_new (0);
  g_autofree char *refused = g_strdup_printf ("http://127.0.0.1:%u/", get_free_port ());

  test_http_assert_fails (http, refused, LW_ERROR_UNREACHABLE);
  test_http_assert_fails (http, "http://no-such-host.invalid/", LW_ERROR_UNREACHABLE);
}

/* A socket that never accepts and whose queue is full: the next connection hangs. */
static void
test_connect_timeout (void)
{
  g_autoptr (LwClock) clock = lw_clock_new_system ();
  LwHttpOptions options = { .user_agent = "test/1", .connect_timeout_ms = 200 };
  g_autoptr (LwHttp) http = lw_http_new (&options, clock, NULL);
  struct sockaddr_in address = { .sin_family = AF_INET };
  socklen_t size = sizeof address;
  int listener = socket (AF_INET, SOCK_STREAM, 0);
  int clients[3];
  g_autofree char *url = NULL;

  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  g_assert_cmpint (bind (listener, (struct sockaddr *) &address, size), ==, 0);
  g_assert_cmpint (listen (listener, 0), ==, 0);
  g_assert_cmpint (getsockname (listener, (struct sockaddr *) &address, &size), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    {
      clients[i] = socket (AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
      (void) connect (clients[i], (struct sockaddr *) &address, size);
    }
  url = g_strdup_printf ("http://127.0.0.1:%u/", ntohs (address.sin_port));
  test_http_assert_fails (http, url, LW_ERROR_TIMED_OUT);
  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    close (clients[i]);
  close (listener);
}

static void
assert_proxy_fails (const char *proxy, const char *url)
{
  g_autoptr (LwClock) clock = lw_clock_new_system ();
  g_autoptr (GError) error = NULL;
  LwHttpOptions options = { .user_agent = "test/1", .proxy = proxy };
  g_autoptr (LwHttp) http = lw_http_new (&options, clock, &error);

  g_assert_no_error (error);
  test_http_assert_fails (http, url, LW_ERROR_PROXY);
}

static void
test_proxy (void)
{
  static const char refusal[] = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n";
  g_autoptr (RawServer) refusing = raw_server_new (refusal, strlen (refusal), RAW_CLOSE);
  g_autofree char *refusing_url = raw_server_dup_url (refusing, "http");
  g_autofree char *missing = g_strdup_printf ("http://127.0.0.1:%u/", get_free_port ());

  assert_proxy_fails (refusing_url, "https://management.azure.com/");
  g_assert_true (g_str_has_prefix (raw_server_get_head (refusing),
                                   "CONNECT management.azure.com:443 HTTP/1.1\r\n"));
  assert_proxy_fails (missing, "https://management.azure.com/");
  assert_proxy_fails (missing, "http://127.0.0.1:1/");
  assert_proxy_fails ("http://no-such-proxy.invalid:1/", "https://management.azure.com/");
}

/* The system's variables, in a process of its own as they are for all of it. */
static void
test_proxy_of_environment (void)
{
  if (g_test_subprocess ())
    {
      g_autoptr (LwHttp) http = test_http_new (0);
      g_autofree char *missing = g_strdup_printf ("http://127.0.0.1:%u/", get_free_port ());

      g_setenv ("HTTPS_PROXY", missing, TRUE);
      g_setenv ("NO_PROXY", "127.0.0.1", TRUE);
      test_http_assert_fails (http, "https://management.azure.com/", LW_ERROR_PROXY);
      test_http_assert_fails (http, "https://127.0.0.1:1/", LW_ERROR_UNREACHABLE);
      return;
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
}

/* A kept connection that the server has closed meanwhile is replaced. */
static void
test_dead_connection_is_replaced (void)
{
  static const char answer[] = OK "Content-Length: 2\r\n\r\nhi";
  g_autoptr (RawServer) server = raw_server_new (answer, strlen (answer), RAW_CLOSE);
  g_autoptr (LwHttp) http = test_http_new (0);
  g_autofree char *url = raw_server_dup_url (server, "http");

  for (guint i = 1; i <= 5; i++)
    {
      g_autoptr (LwHttpResponse) response = test_http_get (http, url);

      g_assert_cmpuint (lw_http_response_get_status (response), ==, 200);
      g_assert_cmpuint (raw_server_count_connections (server), ==, i);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autofree char *path = g_strconcat ("/http-faults/", faults[i].name, NULL);

      g_test_add_data_func (path, &faults[i], test_fault);
    }
  g_test_add_func ("/http-faults/oversized-headers", test_oversized_headers);
  g_test_add_func ("/http-faults/strange-headers", test_strange_headers);
  g_test_add_func ("/http-faults/unreachable", test_unreachable);
  g_test_add_func ("/http-faults/connect-timeout", test_connect_timeout);
  g_test_add_func ("/http-faults/proxy", test_proxy);
  g_test_add_func ("/http-faults/proxy-of-environment", test_proxy_of_environment);
  g_test_add_func ("/http-faults/dead-connection-is-replaced", test_dead_connection_is_replaced);
  return g_test_run ();
}

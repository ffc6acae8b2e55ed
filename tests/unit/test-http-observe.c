/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the observer is told, and what it must not be told. */

#include <string.h>

#include "http-server.h"
#include "lw-error.h"

#define SECRET "geheim-geheim"
#define LARGE (LW_HTTP_MAX_OBSERVED + 1000)

typedef struct
{
  guint64 serial;
  guint status;
  char *text; /* all that was told */
  char *response_body;
  char *failure;
  gint64 started_us;
  gint64 duration_us;
  GThread *thread;
  guint calls;
  gboolean destroyed;
} Seen;

static void
observer_cb (const LwHttpExchange *exchange, gpointer user_data)
{
  Seen *seen = user_data;

  g_assert_cmpuint (exchange->serial, >, seen->serial);
  seen->serial = exchange->serial;
  seen->status = exchange->status;
  g_free (seen->text);
  seen->text = g_strjoin ("\n", exchange->method, exchange->url, exchange->request_headers,
                          exchange->request_body != NULL ? exchange->request_body : "(none)",
                          exchange->response_headers,
                          exchange->response_body != NULL ? exchange->response_body : "(none)",
                          NULL);
  g_free (seen->response_body);
  seen->response_body = g_strdup (exchange->response_body);
  g_free (seen->failure);
  seen->failure = g_strdup (exchange->failure);
  seen->started_us = exchange->started_us;
  seen->duration_us = exchange->duration_us;
  seen->thread = g_thread_self ();
  seen->calls++;
}

static void
destroyed_cb (gpointer user_data)
{
  Seen *seen = user_data;

  seen->destroyed = TRUE;
}

static void
seen_clear (Seen *seen)
{
  g_free (seen->text);
  g_free (seen->response_body);
  g_free (seen->failure);
}

static void
handler (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
         gpointer user_data)
{
  static const char answer[] = "{\"access_token\":\"" SECRET "\",\"ok\":true}";
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  soup_server_message_set_status (message, 200, NULL);
  if (g_str_equal (path, "/large"))
    {
      g_autoptr (GString) text = g_string_new ("x");

      while (text->len < LARGE)
        g_string_append (text, "한");
      soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_COPY, text->str,
                                        text->len);
      return;
    }
  if (g_str_equal (path, "/binary"))
    {
      soup_server_message_set_response (message, "image/png", SOUP_MEMORY_STATIC, "\x89PNG", 4);
      return;
    }
  soup_message_headers_append (headers, "Set-Cookie", "a=" SECRET);
  soup_message_headers_append (headers, "Location", "https://a/?sig=" SECRET);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_STATIC, answer,
                                    strlen (answer));
}

static LwHttp *
new_observed (Seen *seen)
{
  LwHttp *http = test_http_new (200);

  lw_http_set_observer (http, observer_cb, seen, destroyed_cb);
  return http;
}

static void
test_exchange (void)
{
  static const char form[] = "grant_type=refresh_token&refresh_token=" SECRET;
  g_autoptr (HttpServer) server = http_server_new (handler, NULL);
  Seen seen = { 0 };
  LwHttp *http = new_observed (&seen);
  g_autofree char *url = http_server_dup_url (server, "/?a=b&sig=" SECRET);
  g_autoptr (LwHttpRequest) request = lw_http_request_new ("POST", url);
  g_autoptr (GBytes) body = g_bytes_new_static (form, strlen (form));
  g_autoptr (GError) error = NULL;
  g_autoptr (LwHttpResponse) response = NULL;
  gint64 before_us = g_get_real_time ();

  lw_http_request_set_body (request, body, "application/x-www-form-urlencoded");
  lw_http_request_set_header (request, "Authorization", "Bearer " SECRET);
  response = lw_http_send (http, request, NULL, &error);
  g_assert_no_error (error);

  g_assert_cmpuint (seen.calls, ==, 1);
  g_assert_cmpuint (seen.serial, ==, 1);
  g_assert_cmpuint (seen.status, ==, 200);
  g_assert_null (seen.failure);
  g_assert_true (seen.thread == g_thread_self ());
  g_assert_cmpint (seen.started_us, >=, before_us);
  g_assert_cmpint (seen.started_us + seen.duration_us, <=, g_get_real_time ());
  g_assert_null (strstr (seen.text, SECRET));
  g_assert_nonnull (strstr (seen.text, "?a=b&sig=•••"));
  g_assert_nonnull (strstr (seen.text, "\nUser-Agent: test/1\n"));
  g_assert_nonnull (strstr (seen.text, "\nAuthorization: Bearer •••\n"));
  g_assert_nonnull (strstr (seen.text, "\nContent-Length: 52\n"));
  g_assert_nonnull (strstr (seen.text, "refresh_token=•••"));
  g_assert_nonnull (strstr (seen.text, "\nSet-Cookie: •••\n"));
  g_assert_nonnull (strstr (seen.text, "\nLocation: https://a/?sig=•••\n"));
  g_assert_cmpstr (seen.response_body, ==, "{\"access_token\":\"•••\",\"ok\":true}");

  /* The caller gets the truth. */
  g_assert_nonnull (g_strstr_len (g_bytes_get_data (lw_http_response_get_body (response), NULL), 40,
                                  SECRET));
  g_assert_false (seen.destroyed);
  lw_http_unref (http);
  g_assert_true (seen.destroyed);
  seen_clear (&seen);
}

static void
test_bodies_not_shown_whole (void)
{
  g_autoptr (HttpServer) server = http_server_new (handler, NULL);
  Seen seen = { 0 };
  g_autoptr (LwHttp) http = new_observed (&seen);
  g_autofree char *large_url = http_server_dup_url (server, "/large");
  g_autofree char *binary_url = http_server_dup_url (server, "/binary");
  g_autoptr (LwHttpResponse) large = test_http_get (http, large_url);
  g_autoptr (LwHttpResponse) binary = NULL;

  g_assert_cmpuint (g_bytes_get_size (lw_http_response_get_body (large)), >=, LARGE);
  g_assert_cmpuint (strlen (seen.response_body), <=, LW_HTTP_MAX_OBSERVED);
  g_assert_cmpuint (strlen (seen.response_body), >, LW_HTTP_MAX_OBSERVED - 4);
  g_assert_true (g_utf8_validate (seen.response_body, -1, NULL));
  binary = test_http_get (http, binary_url);
  g_assert_null (seen.response_body);
  seen_clear (&seen);
}

static void
test_failures (void)
{
  static const char half[] = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf";
  g_autoptr (RawServer) server = raw_server_new (half, strlen (half), RAW_CLOSE);
  g_autoptr (RawServer) silent = raw_server_new (half, strlen (half), RAW_HOLD);
  Seen seen = { 0 };
  g_autoptr (LwHttp) http = new_observed (&seen);
  g_autofree char *url = raw_server_dup_url (server, "http");
  g_autofree char *silent_url = raw_server_dup_url (silent, "http");

  test_http_assert_fails (http, url, LW_ERROR_INTERRUPTED);
  g_assert_cmpstr (seen.failure, ==, "interrupted");
  g_assert_cmpuint (seen.status, ==, 0);
  test_http_assert_fails (http, silent_url, LW_ERROR_TIMED_OUT);
  g_assert_cmpstr (seen.failure, ==, "timed-out");
  g_assert_cmpint (seen.duration_us, >=, 200 * 1000);
  g_assert_cmpuint (seen.calls, ==, 2);
  seen_clear (&seen);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/http-observe/exchange", test_exchange);
  g_test_add_func ("/http-observe/bodies-not-shown-whole", test_bodies_not_shown_whole);
  g_test_add_func ("/http-observe/failures", test_failures);
  return g_test_run ();
}

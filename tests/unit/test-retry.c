/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is sent again, how often, and after how long: real requests, virtual time. */

#include <string.h>

#include "http-server.h"
#include "lw-error.h"
#include "lw-retry.h"

/* 2023-11-14 22:13:20 UTC */
#define NOW_US (G_GINT64_CONSTANT (1700000000) * G_USEC_PER_SEC)

#define SECOND_US ((gint64) G_USEC_PER_SEC)

/* An answer of the server: its status, and a header if any. */
typedef struct
{
  guint status;
  const char *name;
  const char *value;
} Answer;

typedef struct
{
  const Answer *answers;
  guint count;
  guint at; /* the last one is given again and again */
} Script;

static void
handler (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
         gpointer user_data)
{
  Script *script = user_data;
  const Answer *answer = &script->answers[MIN (script->at, script->count - 1)];

  script->at++;
  soup_server_message_set_status (message, answer->status, NULL);
  if (answer->name != NULL)
    soup_message_headers_append (soup_server_message_get_response_headers (message), answer->name,
                                 answer->value);
}

static LwHttp *
new_engine (LwClock *clock)
{
  LwHttpOptions options = { .user_agent = "test/1", .stall_timeout_ms = 200 };
  g_autoptr (GError) error = NULL;
  LwHttp *http = lw_http_new (&options, clock, &error);

  g_assert_no_error (error);
  return http;
}

typedef struct
{
  guint requests;
  guint status;
  gint64 waited_us;
} Outcome;

static Outcome
run (const char *method, const Answer *answers, guint count, const LwRetryPolicy *policy)
{
  Script script = { answers, count, 0 };
  g_autoptr (HttpServer) server = http_server_new (handler, &script);
  g_autoptr (LwClock) clock = lw_clock_new_virtual (NOW_US);
  g_autoptr (LwHttp) http = new_engine (clock);
  g_autofree char *url = http_server_dup_url (server, "/");
  g_autoptr (LwHttpRequest) request = lw_http_request_new (method, url);
  g_autoptr (GError) error = NULL;
  g_autoptr (LwHttpResponse) response = lw_retry_send (http, request, policy, NULL, &error);

  g_assert_no_error (error);
  return (Outcome){ script.at, lw_http_response_get_status (response),
                    lw_clock_get_monotonic_us (clock) };
}

static LwRetryPolicy
steady_policy (void)
{
  LwRetryPolicy policy = *lw_retry_policy_get_default ();

  policy.jitter_percent = 0;
  return policy;
}

/* How often each method is sent in all while the service says always the same. */
static void
test_table (void)
{
  static const struct
  {
    guint status;
    const char *after;
    guint get, put, post, patch, repeated_post;
  } table[] = {
    { 200, NULL, 1, 1, 1, 1, 1 }, { 202, "1", 1, 1, 1, 1, 1 },  { 302, "1", 1, 1, 1, 1, 1 },
    { 400, NULL, 1, 1, 1, 1, 1 }, { 400, "1", 3, 3, 3, 3, 3 },  { 401, NULL, 1, 1, 1, 1, 1 },
    { 404, NULL, 1, 1, 1, 1, 1 }, { 408, NULL, 2, 2, 1, 1, 2 }, { 409, NULL, 1, 1, 1, 1, 1 },
    { 409, "1", 3, 3, 3, 3, 3 },  { 429, NULL, 2, 2, 1, 1, 2 }, { 429, "1", 3, 3, 3, 3, 3 },
    { 500, NULL, 2, 2, 2, 2, 2 }, { 501, NULL, 1, 1, 1, 1, 1 }, { 502, NULL, 2, 2, 1, 1, 2 },
    { 503, NULL, 2, 2, 2, 2, 2 }, { 503, "1", 3, 3, 3, 3, 3 },  { 504, NULL, 2, 2, 2, 2, 2 },
    { 505, NULL, 1, 1, 1, 1, 1 },
  };
  LwRetryPolicy policy = steady_policy ();

  policy.max_retries = 2;
  policy.max_blind_retries = 1;
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      Answer answer = { table[i].status, table[i].after != NULL ? "Retry-After" : NULL,
                        table[i].after };

      g_test_message ("%u %s", table[i].status, table[i].after);
      policy.repeat_post = FALSE;
      g_assert_cmpuint (run ("GET", &answer, 1, &policy).requests, ==, table[i].get);
      g_assert_cmpuint (run ("HEAD", &answer, 1, &policy).requests, ==, table[i].get);
      g_assert_cmpuint (run ("DELETE", &answer, 1, &policy).requests, ==, table[i].put);
      g_assert_cmpuint (run ("PUT", &answer, 1, &policy).requests, ==, table[i].put);
      g_assert_cmpuint (run ("POST", &answer, 1, &policy).requests, ==, table[i].post);
      g_assert_cmpuint (run ("PATCH", &answer, 1, &policy).requests, ==, table[i].patch);
      policy.repeat_post = TRUE;
      g_assert_cmpuint (run ("POST", &answer, 1, &policy).requests, ==, table[i].repeated_post);
    }
}

static void
test_backoff (void)
{
  Answer busy = { 503, NULL, NULL };
  LwRetryPolicy policy = steady_policy ();
  Outcome outcome = run ("GET", &busy, 1, &policy);

  /* 0, 1.6 and 3.2 s */
  g_assert_cmpuint (outcome.status, ==, 503);
  g_assert_cmpuint (outcome.requests, ==, 4);
  g_assert_cmpint (outcome.waited_us, ==, 4800 * 1000);

  policy.max_retries = policy.max_blind_retries = 20;
  policy.max_wait_us = 10 * SECOND_US;
  outcome = run ("GET", &busy, 1, &policy);
  /* 0, 1.6, 3.2, 6.4 and 16 times 10 s */
  g_assert_cmpuint (outcome.requests, ==, 21);
  g_assert_cmpint (outcome.waited_us, ==, 171200 * 1000);
}

static void
test_ends_with_success (void)
{
  static const Answer answers[] = {
    { 429, "Retry-After", "7" },
    { 503, NULL, NULL },
    { 429, "x-ms-retry-after-ms", "1500" },
    { 200, NULL, NULL },
  };
  LwRetryPolicy policy = steady_policy ();
  Outcome outcome = run ("PUT", answers, G_N_ELEMENTS (answers), &policy);

  g_assert_cmpuint (outcome.status, ==, 200);
  g_assert_cmpuint (outcome.requests, ==, 4);
  /* 7 s, then 1.6 s as it is the second retry, then 1.5 s */
  g_assert_cmpint (outcome.waited_us, ==, 10100 * 1000);
}

static void
test_long_wait_is_shown (void)
{
  Answer patient = { 429, "Retry-After", "120" };
  Answer too_long = { 429, "Retry-After", "121" };
  LwRetryPolicy policy = steady_policy ();
  Outcome outcome = run ("GET", &too_long, 1, &policy);

  g_assert_cmpuint (outcome.requests, ==, 1);
  g_assert_cmpuint (outcome.status, ==, 429);
  outcome = run ("GET", &patient, 1, NULL);
  g_assert_cmpuint (outcome.requests, ==, 11);
  g_assert_cmpint (outcome.waited_us, ==, 1200 * SECOND_US);
}

static void
test_jitter (void)
{
  static const Answer blind[] = { { 503, NULL, NULL }, { 503, NULL, NULL }, { 200, NULL, NULL } };
  static const Answer told[] = { { 503, "Retry-After", "10" }, { 200, NULL, NULL } };
  gint64 first_us = -1;
  gboolean differ = FALSE;

  for (int i = 0; i < 20; i++)
    {
      gint64 blind_us = run ("GET", blind, G_N_ELEMENTS (blind), NULL).waited_us;
      gint64 told_us = run ("GET", told, G_N_ELEMENTS (told), NULL).waited_us;

      g_assert_cmpint (blind_us, >=, 1600 * 1000 * 8 / 10 - 1);
      g_assert_cmpint (blind_us, <=, 1600 * 1000 * 12 / 10);
      g_assert_cmpint (told_us, >=, 10 * SECOND_US);
      g_assert_cmpint (told_us, <=, 12 * SECOND_US);
      differ |= first_us >= 0 && blind_us != first_us;
      first_us = blind_us;
    }
  g_assert_true (differ);
}

/* One answer with this header: what it is read as. */
static gint64
read_after (const char *name, const char *value)
{
  Answer answer = { 200, name, value };
  Script script = { &answer, 1, 0 };
  g_autoptr (HttpServer) server = http_server_new (handler, &script);
  g_autoptr (LwClock) clock = lw_clock_new_virtual (NOW_US);
  g_autoptr (LwHttp) http = new_engine (clock);
  g_autofree char *url = http_server_dup_url (server, "/");
  g_autoptr (LwHttpResponse) response = test_http_get (http, url);

  return lw_retry_get_after_us (response, NOW_US);
}

static void
test_retry_after (void)
{
  static const struct
  {
    const char *name;
    const char *value;
    gint64 after_us;
  } table[] = {
    { "Retry-After", "0", 0 },
    { "retry-after", "15", 15 * SECOND_US },
    { "Retry-After", "0.5", SECOND_US / 2 },
    { "Retry-After", "Tue, 14 Nov 2023 22:13:50 GMT", 30 * SECOND_US },
    { "Retry-After", "Tue, 14 Nov 2023 22:13:00 GMT", 0 },
    { "Retry-After", "-1", -1 },
    { "Retry-After", "soon", -1 },
    { "Retry-After", "", -1 },
    { "Retry-After", "nan", -1 },
    { "Retry-After", "1e300", 365 * 24 * 3600 * SECOND_US },
    { "Retry-After", "Tue, 14 Nov 9999 22:13:00 GMT", 365 * 24 * 3600 * SECOND_US },
    { "retry-after-ms", "250", SECOND_US / 4 },
    { "x-ms-retry-after-ms", "2000", 2 * SECOND_US },
    { "X-Other", "1", -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_test_message ("%s: %s", table[i].name, table[i].value);
      g_assert_cmpint (read_after (table[i].name, table[i].value), ==, table[i].after_us);
    }
}

/* ---- failures of the transport ---- */

static guint
count_sendings (RawServer *server, const char *method, const LwRetryPolicy *policy, int code)
{
  g_autoptr (LwClock) clock = lw_clock_new_virtual (NOW_US);
  g_autoptr (LwHttp) http = new_engine (clock);
  g_autofree char *url = raw_server_dup_url (server, "http");
  g_autoptr (LwHttpRequest) request = lw_http_request_new (method, url);
  g_autoptr (GError) error = NULL;
  guint before = raw_server_count_connections (server);

  g_assert_null (lw_retry_send (http, request, policy, NULL, &error));
  g_assert_error (error, LW_ERROR, code);
  return raw_server_count_connections (server) - before;
}

static void
test_transport (void)
{
  g_autoptr (RawServer) resetting = raw_server_new ("", 0, RAW_RESET);
  g_autoptr (RawServer) silent = raw_server_new ("", 0, RAW_HOLD);
  g_autoptr (RawServer) talking = raw_server_new ("SSH-2.0\r\n", 9, RAW_CLOSE);
  LwRetryPolicy policy = steady_policy ();

  g_assert_cmpuint (count_sendings (resetting, "GET", &policy, LW_ERROR_INTERRUPTED), ==, 4);
  g_assert_cmpuint (count_sendings (resetting, "PUT", &policy, LW_ERROR_INTERRUPTED), ==, 4);
  g_assert_cmpuint (count_sendings (resetting, "POST", &policy, LW_ERROR_INTERRUPTED), ==, 1);
  g_assert_cmpuint (count_sendings (silent, "GET", &policy, LW_ERROR_TIMED_OUT), ==, 4);
  g_assert_cmpuint (count_sendings (talking, "GET", &policy, LW_ERROR_MALFORMED), ==, 1);
  policy.repeat_post = TRUE;
  g_assert_cmpuint (count_sendings (resetting, "POST", &policy, LW_ERROR_INTERRUPTED), ==, 4);
  policy.max_connect_retries = 0;
  g_assert_cmpuint (count_sendings (resetting, "GET", &policy, LW_ERROR_INTERRUPTED), ==, 1);
}

static void
test_unreachable (void)
{
  g_autoptr (LwClock) clock = lw_clock_new_virtual (NOW_US);
  g_autoptr (LwHttp) http = new_engine (clock);
  g_autoptr (LwHttpRequest) request
      = lw_http_request_new ("POST", "http://no-such-host.invalid/");
  LwRetryPolicy policy = steady_policy ();
  g_autoptr (GError) error = NULL;

  /* Nothing was sent: even a POST may be tried again. */
  g_assert_null (lw_retry_send (http, request, &policy, NULL, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_UNREACHABLE);
  g_assert_cmpint (lw_clock_get_monotonic_us (clock), ==, 4800 * 1000);
}

/* One that is started anew is away for a moment, and nothing was sent. */
static void
test_proxy_away (void)
{
  g_autoptr (LwClock) clock = lw_clock_new_virtual (NOW_US);
  LwHttpOptions options = { .user_agent = "test/1", .proxy = "http://no-such-proxy.invalid:1/" };
  g_autoptr (LwHttp) http = NULL;
  g_autoptr (LwHttpRequest) request
      = lw_http_request_new ("POST", "https://management.azure.com/");
  LwRetryPolicy policy = steady_policy ();
  g_autoptr (GError) error = NULL;

  http = lw_http_new (&options, clock, &error);
  g_assert_no_error (error);
  g_assert_null (lw_retry_send (http, request, &policy, NULL, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_PROXY);
  g_assert_cmpint (lw_clock_get_monotonic_us (clock), ==, 4800 * 1000);
}

static gboolean
sink_cb (const guint8 *data, gsize length, gpointer user_data, GError **error)
{
  g_string_append_len (user_data, (const char *) data, (gssize) length);
  return TRUE;
}

/* What has gone into a sink cannot be taken back. */
static void
test_sink_gets_bytes_once (void)
{
  static const char half[] = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf";
  g_autoptr (RawServer) server = raw_server_new (half, strlen (half), RAW_CLOSE);
  g_autoptr (RawServer) resetting = raw_server_new ("", 0, RAW_RESET);
  g_autoptr (LwClock) clock = lw_clock_new_virtual (NOW_US);
  g_autoptr (LwHttp) http = new_engine (clock);
  g_autofree char *url = raw_server_dup_url (server, "http");
  g_autofree char *resetting_url = raw_server_dup_url (resetting, "http");
  g_autoptr (LwHttpRequest) request = lw_http_request_new ("GET", url);
  g_autoptr (LwHttpRequest) early = lw_http_request_new ("GET", resetting_url);
  g_autoptr (GString) got = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  lw_http_request_set_sink (request, sink_cb, got);
  g_assert_null (lw_retry_send (http, request, NULL, NULL, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_INTERRUPTED);
  g_assert_cmpstr (got->str, ==, "half");
  g_assert_cmpuint (raw_server_count_connections (server), ==, 1);

  g_clear_error (&error);
  lw_http_request_set_sink (early, sink_cb, got);
  g_assert_null (lw_retry_send (http, early, NULL, NULL, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_INTERRUPTED);
  g_assert_cmpuint (raw_server_count_connections (resetting), ==, 4);
}

static void
progress_cb (goffset sent, goffset total, gpointer user_data)
{
  goffset *last = user_data;

  g_assert_cmpint (sent, >, *last);
  g_assert_cmpint (total, ==, 1000);
  *last = sent;
}

static void
test_progress_rises (void)
{
  static const Answer answers[] = { { 503, NULL, NULL }, { 503, NULL, NULL }, { 201, NULL, NULL } };
  Script script = { answers, G_N_ELEMENTS (answers), 0 };
  g_autoptr (HttpServer) server = http_server_new (handler, &script);
  g_autoptr (LwClock) clock = lw_clock_new_virtual (NOW_US);
  g_autoptr (LwHttp) http = new_engine (clock);
  g_autofree char *url = http_server_dup_url (server, "/");
  g_autoptr (LwHttpRequest) request = lw_http_request_new ("PUT", url);
  g_autoptr (GBytes) body = g_bytes_new_take (g_malloc0 (1000), 1000);
  g_autoptr (LwHttpResponse) response = NULL;
  goffset last = 0;

  lw_http_request_set_body (request, body, NULL);
  lw_http_request_set_upload_progress (request, progress_cb, &last);
  response = lw_retry_send (http, request, NULL, NULL, NULL);
  g_assert_cmpuint (lw_http_response_get_status (response), ==, 201);
  g_assert_cmpint (last, ==, 1000);
}

static void
cancel_cb (const LwHttpExchange *exchange, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

/* Cancelled between two sendings: the wait ends at once. */
static void
test_cancel_in_wait (void)
{
  static const Answer answer = { 503, "Retry-After", "60" };
  Script script = { &answer, 1, 0 };
  g_autoptr (HttpServer) server = http_server_new (handler, &script);
  g_autoptr (LwClock) clock = lw_clock_new_system ();
  g_autoptr (LwHttp) http = new_engine (clock);
  g_autofree char *url = http_server_dup_url (server, "/");
  g_autoptr (LwHttpRequest) request = lw_http_request_new ("GET", url);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  lw_http_set_observer (http, cancel_cb, cancellable, NULL);
  g_assert_null (lw_retry_send (http, request, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (script.at, ==, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/retry/table", test_table);
  g_test_add_func ("/retry/backoff", test_backoff);
  g_test_add_func ("/retry/ends-with-success", test_ends_with_success);
  g_test_add_func ("/retry/long-wait-is-shown", test_long_wait_is_shown);
  g_test_add_func ("/retry/jitter", test_jitter);
  g_test_add_func ("/retry/retry-after", test_retry_after);
  g_test_add_func ("/retry/transport", test_transport);
  g_test_add_func ("/retry/unreachable", test_unreachable);
  g_test_add_func ("/retry/proxy-away", test_proxy_away);
  g_test_add_func ("/retry/sink-gets-bytes-once", test_sink_gets_bytes_once);
  g_test_add_func ("/retry/progress-rises", test_progress_rises);
  g_test_add_func ("/retry/cancel-in-wait", test_cancel_in_wait);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Cancelling at every stage of a request, with the time that it takes, and the end of an engine
 * that has requests under way. */

#include <dlfcn.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http-server.h"
#include "lw-error.h"

#define LATENCY_LIMIT_US (50 * 1000)
#define STAGE_DELAY_US (20 * 1000)

/* A busy machine may hold up one try, hardly all of them. */
#define TRIES 5

#define SLOW_HOST "slow-host.invalid"

/* ---- a resolver that hangs ---- */

static GMutex resolver_mutex;
static GCond resolver_changed;
static guint resolver_waiting;
static gboolean resolver_released;

/* Stands before the C library's, which libcurl's resolver threads call. */
int
getaddrinfo (const char *restrict node, const char *restrict service,
             const struct addrinfo *restrict hints, struct addrinfo **restrict result)
{
  int (*real) (const char *, const char *, const struct addrinfo *, struct addrinfo **) = NULL;

  if (node != NULL && strcmp (node, SLOW_HOST) == 0)
    {
      g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&resolver_mutex);

      resolver_waiting++;
      while (!resolver_released)
        g_cond_wait (&resolver_changed, &resolver_mutex);
      resolver_waiting--;
      g_cond_broadcast (&resolver_changed);
      return EAI_NONAME;
    }
  *(void **) &real = dlsym (RTLD_NEXT, "getaddrinfo");
  return real (node, service, hints, result);
}

/* ---- cancelling and measuring ---- */

typedef struct
{
  GCancellable *cancellable;
  gulong delay_us;
  gint64 cancelled_us;
} Canceller;

static gpointer
canceller_thread_cb (gpointer data)
{
  Canceller *canceller = data;

  g_usleep (canceller->delay_us);
  canceller->cancelled_us = g_get_monotonic_time ();
  g_cancellable_cancel (canceller->cancellable);
  return NULL;
}

/* Sends, cancels after a while, and returns how long it took from there. */
static gint64
measure_once (LwHttp *http, const LwHttpRequest *request)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Canceller canceller = { cancellable, STAGE_DELAY_US, 0 };
  GThread *thread = g_thread_new ("cancel", canceller_thread_cb, &canceller);
  LwHttpResponse *response = lw_http_send (http, request, cancellable, &error);
  gint64 ended_us = g_get_monotonic_time ();

  g_thread_join (thread);
  g_assert_null (response);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  return ended_us - canceller.cancelled_us;
}

static void
assert_cancels (LwHttp *http, const LwHttpRequest *request)
{
  gint64 best_us = G_MAXINT64;
  gint64 worst_us = 0;

  for (int i = 0; i < TRIES; i++)
    {
      gint64 took_us = measure_once (http, request);

      best_us = MIN (best_us, took_us);
      worst_us = MAX (worst_us, took_us);
    }
  g_test_message ("%s: %.2f to %.2f ms", g_test_get_path (), (double) best_us / 1000,
                  (double) worst_us / 1000);
  g_assert_cmpint (best_us, <, LATENCY_LIMIT_US);
}

static void
assert_get_cancels (LwHttp *http, const char *url)
{
  g_autoptr (LwHttpRequest) request = lw_http_request_new ("GET", url);

  assert_cancels (http, request);
}

/* ---- the stages ---- */

static void
test_before (void)
{
  g_autoptr (LwHttp) http = test_http_new (0);
  g_autoptr (LwHttpRequest) request = lw_http_request_new ("GET", "http://127.0.0.1:1/");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (lw_http_send (http, request, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_resolving (void)
{
  g_autoptr (LwHttp) http = test_http_new (0);

  assert_get_cancels (http, "http://" SLOW_HOST "/");

  g_mutex_lock (&resolver_mutex);
  g_assert_cmpuint (resolver_waiting, ==, TRIES);
  resolver_released = TRUE;
  g_cond_broadcast (&resolver_changed);
  while (resolver_waiting > 0)
    g_cond_wait (&resolver_changed, &resolver_mutex);
  g_mutex_unlock (&resolver_mutex);
}

static void
test_connecting (void)
{
  g_autoptr (LwHttp) http = test_http_new (0);
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
  assert_get_cancels (http, url);
  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    close (clients[i]);
  close (listener);
}

static void
test_handshake (void)
{
  g_autoptr (RawServer) server = raw_server_new (NULL, 0, RAW_HOLD);
  g_autoptr (LwHttp) http = test_http_new (0);
  g_autofree char *url = raw_server_dup_url (server, "https");

  assert_get_cancels (http, url);
}

static void
test_proxy (void)
{
  g_autoptr (RawServer) server = raw_server_new (NULL, 0, RAW_HOLD);
  g_autofree char *proxy = raw_server_dup_url (server, "http");
  g_autoptr (LwClock) clock = lw_clock_new_system ();
  LwHttpOptions options = { .user_agent = "test/1", .proxy = proxy };
  g_autoptr (LwHttp) http = lw_http_new (&options, clock, NULL);

  assert_get_cancels (http, "https://management.azure.com/");
}

static void
test_waiting_for_answer (void)
{
  g_autoptr (RawServer) server = raw_server_new ("", 0, RAW_HOLD);
  g_autoptr (LwHttp) http = test_http_new (0);
  g_autofree char *url = raw_server_dup_url (server, "http");

  assert_get_cancels (http, url);
}

static void
test_reading_body (void)
{
  static const char half[] = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf";
  g_autoptr (RawServer) server = raw_server_new (half, strlen (half), RAW_HOLD);
  g_autoptr (LwHttp) http = test_http_new (0);
  g_autofree char *url = raw_server_dup_url (server, "http");

  assert_get_cancels (http, url);
}

static void
test_uploading (void)
{
  g_autoptr (RawServer) server = raw_server_new (NULL, 0, RAW_HOLD);
  g_autoptr (LwHttp) http = test_http_new (0);
  g_autofree char *url = raw_server_dup_url (server, "http");
  g_autoptr (LwHttpRequest) request = lw_http_request_new ("PUT", url);
  g_autoptr (GBytes) body = g_bytes_new_take (g_malloc0 (32 * 1024 * 1024), 32 * 1024 * 1024);

  lw_http_request_set_body (request, body, "application/octet-stream");
  assert_cancels (http, request);
}

static void
endless_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
            gpointer user_data)
{
  GBytes *bytes = user_data;

  soup_server_message_set_status (message, 200, NULL);
  soup_message_body_append_bytes (soup_server_message_get_response_body (message), bytes);
}

static gboolean
slow_sink_cb (const guint8 *data, gsize length, gpointer user_data, GError **error)
{
  g_usleep (5000);
  return TRUE;
}

static void
test_slow_sink (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_take (g_malloc0 (16 * 1024 * 1024), 16 * 1024 * 1024);
  g_autoptr (HttpServer) server = http_server_new (endless_cb, bytes);
  g_autoptr (LwHttp) http = test_http_new (0);
  g_autofree char *url = http_server_dup_url (server, "/");
  g_autoptr (LwHttpRequest) request = lw_http_request_new ("GET", url);

  lw_http_request_set_sink (request, slow_sink_cb, NULL);
  assert_cancels (http, request);
}

typedef struct
{
  LwHttp *http; /* owned */
  const char *url;
  GCancellable *cancellable;
} Caller;

static gpointer
caller_thread_cb (gpointer data)
{
  Caller *caller = data;
  g_autoptr (LwHttpRequest) request = lw_http_request_new ("GET", caller->url);
  g_autoptr (GError) error = NULL;

  g_assert_null (lw_http_send (caller->http, request, caller->cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  lw_http_unref (caller->http);
  return NULL;
}

static void
never_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
          gpointer user_data)
{
  soup_server_message_pause (message);
}

#define CALLERS 32

/* More callers than the limits let through: some wait in the engine, some for the server. */
static void
start_callers (HttpServer *server, LwHttp *http, Caller *caller, GThread **threads)
{
  for (guint i = 0; i < CALLERS; i++)
    {
      lw_http_ref (http);
      threads[i] = g_thread_new ("caller", caller_thread_cb, caller);
    }
  http_server_wait_requests (server, LW_HTTP_MAX_PER_HOST);
}

static void
test_waiting_for_turn (void)
{
  g_autoptr (HttpServer) server = http_server_new (never_cb, NULL);
  g_autoptr (LwHttp) http = test_http_new (60 * 1000);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *url = http_server_dup_url (server, "/");
  Caller caller = { http, url, cancellable };
  GThread *threads[CALLERS];

  start_callers (server, http, &caller, threads);
  assert_get_cancels (http, url);
  g_cancellable_cancel (cancellable);
  for (guint i = 0; i < CALLERS; i++)
    g_thread_join (threads[i]);
}

static guint
count_threads (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/task", 0, NULL);
  guint count = 0;

  while (g_dir_read_name (dir) != NULL)
    count++;
  return count;
}

/* The owner lets go first; the last caller ends the engine and its thread. */
static void
test_shutdown_under_way (void)
{
  g_autoptr (HttpServer) server = http_server_new (never_cb, NULL);
  guint threads_before = count_threads ();
  LwHttp *http = test_http_new (60 * 1000);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *url = http_server_dup_url (server, "/");
  Caller caller = { http, url, cancellable };
  GThread *threads[CALLERS];
  gint64 started_us;

  start_callers (server, http, &caller, threads);
  g_assert_cmpuint (count_threads (), ==, threads_before + CALLERS + 1);
  lw_http_unref (http);
  started_us = g_get_monotonic_time ();
  g_cancellable_cancel (cancellable);
  for (guint i = 0; i < CALLERS; i++)
    g_thread_join (threads[i]);
  g_test_message ("32 requests ended in %.2f ms",
                  (double) (g_get_monotonic_time () - started_us) / 1000);
  g_assert_cmpuint (count_threads (), ==, threads_before);
}

static void
quick_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
          gpointer user_data)
{
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_STATIC, "hi", 2);
}

/* Cancelled later and later, until it succeeds: either the whole answer or the error. */
static void
test_later_and_later (void)
{
  g_autoptr (HttpServer) server = http_server_new (quick_cb, NULL);
  g_autoptr (LwHttp) http = test_http_new (0);
  g_autofree char *url = http_server_dup_url (server, "/");
  g_autoptr (LwHttpRequest) request = lw_http_request_new ("GET", url);
  guint cancelled = 0;
  guint succeeded = 0;

  for (gulong delay_us = 0; succeeded < 20; delay_us += 10)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GError) error = NULL;
      Canceller canceller = { cancellable, delay_us, 0 };
      GThread *thread = g_thread_new ("cancel", canceller_thread_cb, &canceller);
      g_autoptr (LwHttpResponse) response = lw_http_send (http, request, cancellable, &error);

      g_thread_join (thread);
      if (response != NULL)
        {
          g_assert_cmpuint (g_bytes_get_size (lw_http_response_get_body (response)), ==, 2);
          succeeded++;
        }
      else
        {
          g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
          cancelled++;
        }
    }
  g_test_message ("%u cancelled, %u succeeded", cancelled, succeeded);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/http-cancel/before", test_before);
  g_test_add_func ("/http-cancel/resolving", test_resolving);
  g_test_add_func ("/http-cancel/connecting", test_connecting);
  g_test_add_func ("/http-cancel/handshake", test_handshake);
  g_test_add_func ("/http-cancel/proxy", test_proxy);
  g_test_add_func ("/http-cancel/waiting-for-answer", test_waiting_for_answer);
  g_test_add_func ("/http-cancel/reading-body", test_reading_body);
  g_test_add_func ("/http-cancel/uploading", test_uploading);
  g_test_add_func ("/http-cancel/slow-sink", test_slow_sink);
  g_test_add_func ("/http-cancel/waiting-for-turn", test_waiting_for_turn);
  g_test_add_func ("/http-cancel/shutdown-under-way", test_shutdown_under_way);
  g_test_add_func ("/http-cancel/later-and-later", test_later_and_later);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A libsoup server on a thread of its own. The counters are guarded by the mutex. */

#include "http-server.h"

#include "lw-error.h"

struct _HttpServer
{
  GThread *thread;
  GMainContext *context;
  GMainLoop *loop;
  SoupServerCallback handler;
  gpointer user_data;
  GTlsCertificate *certificate; /* NULL without TLS */
  char *base;
  GMutex mutex;
  GCond changed;
  GHashTable *peers; /* remote "address:port" */
  guint requests;
  guint under_way;
  guint peak;
};

static void
started_cb (SoupServer *server, SoupServerMessage *message, gpointer user_data)
{
  HttpServer *self = user_data;
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);
  char *peer = g_socket_connectable_to_string (
      G_SOCKET_CONNECTABLE (soup_server_message_get_remote_address (message)));

  g_hash_table_add (self->peers, peer);
}

static void
read_cb (SoupServer *server, SoupServerMessage *message, gpointer user_data)
{
  HttpServer *self = user_data;
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);

  g_object_set_data (G_OBJECT (message), "under-way", self);
  self->requests++;
  self->under_way++;
  self->peak = MAX (self->peak, self->under_way);
  g_cond_broadcast (&self->changed);
}

static void
ended_cb (SoupServer *server, SoupServerMessage *message, gpointer user_data)
{
  HttpServer *self = user_data;
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);

  if (g_object_get_data (G_OBJECT (message), "under-way") != NULL)
    self->under_way--;
}

static gpointer
server_thread_cb (gpointer data)
{
  HttpServer *self = data;
  g_autoptr (SoupServer) server = NULL;
  g_autoptr (GError) error = NULL;
  GSList *uris;
  char *base;

  g_main_context_push_thread_default (self->context);
  server = soup_server_new ("server-header", "test", "tls-certificate", self->certificate, NULL);
  soup_server_add_handler (server, NULL, self->handler, self->user_data, NULL);
  g_signal_connect (server, "request-started", G_CALLBACK (started_cb), self);
  g_signal_connect (server, "request-read", G_CALLBACK (read_cb), self);
  g_signal_connect (server, "request-finished", G_CALLBACK (ended_cb), self);
  g_signal_connect (server, "request-aborted", G_CALLBACK (ended_cb), self);
  soup_server_listen_local (server, 0,
                            SOUP_SERVER_LISTEN_IPV4_ONLY
                                | (self->certificate != NULL ? SOUP_SERVER_LISTEN_HTTPS : 0),
                            &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (server);
  base = g_uri_to_string (uris->data);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);

  g_mutex_lock (&self->mutex);
  self->base = base;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);

  g_main_loop_run (self->loop);
  soup_server_disconnect (server);
  g_clear_object (&server);
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

static HttpServer *
server_new (SoupServerCallback handler, gpointer user_data, GTlsCertificate *certificate_taken)
{
  HttpServer *self = g_new0 (HttpServer, 1);

  self->certificate = certificate_taken;
  self->handler = handler;
  self->user_data = user_data;
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->peers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  self->thread = g_thread_new ("server", server_thread_cb, self);
  g_mutex_lock (&self->mutex);
  while (self->base == NULL)
    g_cond_wait (&self->changed, &self->mutex);
  g_mutex_unlock (&self->mutex);
  return self;
}

HttpServer *
http_server_new (SoupServerCallback handler, gpointer user_data)
{
  return server_new (handler, user_data, NULL);
}

HttpServer *
http_server_new_tls (SoupServerCallback handler, gpointer user_data, const char *pem)
{
  g_autoptr (GError) error = NULL;
  GTlsCertificate *certificate = g_tls_certificate_new_from_pem (pem, -1, &error);

  g_assert_no_error (error);
  return server_new (handler, user_data, certificate);
}

static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_REMOVE;
}

void
http_server_free (HttpServer *self)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_callback (source, quit_cb, self->loop, NULL);
  g_source_attach (source, self->context);
  g_thread_join (self->thread);
  g_main_loop_unref (self->loop);
  /* What the server left to be closed in an idle source. */
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_main_context_unref (self->context);
  g_hash_table_unref (self->peers);
  g_clear_object (&self->certificate);
  g_free (self->base);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->changed);
  g_free (self);
}

char *
http_server_dup_url (HttpServer *self, const char *path)
{
  g_autofree char *base = g_strdup (self->base);

  if (g_str_has_suffix (base, "/"))
    base[strlen (base) - 1] = '\0';
  return g_strconcat (base, path, NULL);
}

guint
http_server_count_requests (HttpServer *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);

  return self->requests;
}

guint
http_server_count_connections (HttpServer *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);

  return g_hash_table_size (self->peers);
}

guint
http_server_get_peak (HttpServer *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);

  return self->peak;
}

void
http_server_wait_requests (HttpServer *self, guint count)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);

  while (self->requests < count)
    g_cond_wait (&self->changed, &self->mutex);
}

LwHttp *
test_http_new (guint stall_timeout_ms)
{
  g_autoptr (LwClock) clock = lw_clock_new_system ();
  g_autoptr (GError) error = NULL;
  LwHttpOptions options = { .user_agent = "test/1", .connect_timeout_ms = 5000 };
  LwHttp *http;

  options.stall_timeout_ms = stall_timeout_ms != 0 ? stall_timeout_ms : 5000;
  http = lw_http_new (&options, clock, &error);
  g_assert_no_error (error);
  return http;
}

LwHttpResponse *
test_http_get (LwHttp *http, const char *url)
{
  g_autoptr (LwHttpRequest) request = lw_http_request_new ("GET", url);
  g_autoptr (GError) error = NULL;
  LwHttpResponse *response = lw_http_send (http, request, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (response);
  return response;
}

void
test_http_assert_fails (LwHttp *http, const char *url, int code)
{
  g_autoptr (LwHttpRequest) request = lw_http_request_new ("GET", url);
  g_autoptr (GError) error = NULL;

  g_assert_null (lw_http_send (http, request, NULL, &error));
  g_assert_nonnull (error);
  g_test_message ("%s", error->message);
  g_assert_error (error, LW_ERROR, code);
}

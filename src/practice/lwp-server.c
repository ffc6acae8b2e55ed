/* SPDX-License-Identifier: GPL-3.0-or-later */

/* libmicrohttpd as the HTTP side of the practice cloud. Two daemons without a listening socket, one
 * with TLS, one without. A request is read on a daemon's thread, suspended, answered by a worker,
 * resumed and sent: so a handler that blocks for a moment does not hold up other connections.
 *
 * An upgraded connection has a thread of its own. lwp_server_free() shuts those down, waits for the
 * workers, then stops the daemons. */

#include "lwp-server.h"

#include <fcntl.h>
#include <microhttpd.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lwp-http-private.h"

#define WORKERS 8
#define POOL_THREADS 2
/* Tokens, SAS queries and the long Location of a group deletion all fit several times. */
#define CONNECTION_MEMORY_BYTES ((size_t) 64 * 1024)
#define IDLE_TIMEOUT_SECS 120
#define MAX_HOST_BYTES 255

struct _LwpServer
{
  LwpCloud *cloud;           /* borrowed */
  LwpAuthority *authority;   /* borrowed */
  struct MHD_Daemon *tls;    /* owned */
  struct MHD_Daemon *plain;  /* owned */
  GThreadPool *workers;      /* owned */
  GMutex lock;
  GPtrArray *upgrades; /* owned; Upgrade, those that run; guarded by lock */
  GCond upgrades_gone; /* signalled when one ends */
  gboolean stopping;   /* guarded by lock */
};

typedef struct
{
  LwpServer *server; /* borrowed */
  char *target;      /* owned */
  gboolean tls;
  LwpRequest *request; /* owned, nullable; taken by the worker's dispatch */
  GByteArray *body;    /* owned, nullable */
  LwpResponse *response; /* owned, nullable */
  gboolean too_large;
  struct MHD_Connection *connection; /* borrowed; while suspended */
} Exchange;

typedef struct
{
  LwpServer *server;     /* borrowed */
  LwpResponse *response; /* owned; holds the function */
  GBytes *early;         /* owned */
  int fd;                /* libmicrohttpd's */
  struct MHD_UpgradeResponseHandle *handle;
} Upgrade;

static void
exchange_free (Exchange *exchange)
{
  g_free (exchange->target);
  g_clear_pointer (&exchange->request, lwp_request_free);
  g_clear_pointer (&exchange->body, g_byte_array_unref);
  g_clear_pointer (&exchange->response, lwp_response_free);
  g_free (exchange);
}

static gpointer
upgrade_thread (gpointer user_data)
{
  Upgrade *upgrade = user_data;
  LwpServer *server = upgrade->server;

  upgrade->response->upgrade (upgrade->fd, upgrade->early, upgrade->response->upgrade_data);
  g_mutex_lock (&server->lock);
  MHD_upgrade_action (upgrade->handle, MHD_UPGRADE_ACTION_CLOSE);
  g_ptr_array_remove_fast (server->upgrades, upgrade);
  g_cond_signal (&server->upgrades_gone);
  g_mutex_unlock (&server->lock);
  lwp_response_free (upgrade->response);
  g_bytes_unref (upgrade->early);
  g_free (upgrade);
  return NULL;
}

static void
upgraded (void *user_data, struct MHD_Connection *connection, void *context, const char *extra,
          size_t extra_size, MHD_socket fd, struct MHD_UpgradeResponseHandle *handle)
{
  Exchange *exchange = context;
  Upgrade *upgrade = g_new0 (Upgrade, 1);

  upgrade->server = exchange->server;
  upgrade->response = g_steal_pointer (&exchange->response);
  upgrade->early = g_bytes_new (extra, extra_size);
  upgrade->fd = fd;
  upgrade->handle = handle;
  fcntl (fd, F_SETFL, fcntl (fd, F_GETFL) & ~O_NONBLOCK);
  g_mutex_lock (&upgrade->server->lock);
  g_ptr_array_add (upgrade->server->upgrades, upgrade);
  if (upgrade->server->stopping)
    shutdown (fd, SHUT_RDWR);
  g_mutex_unlock (&upgrade->server->lock);
  g_thread_unref (g_thread_new ("upgrade", upgrade_thread, upgrade));
}

static struct MHD_Response *
make_mhd_response (LwpResponse *response)
{
  gsize size = 0;
  gconstpointer data;
  int fd;

  switch (response->kind)
    {
    case LWP_RESPONSE_FILE:
      fd = response->fd;
      response->fd = -1;
      return MHD_create_response_from_fd_at_offset64 (response->length, fd, response->offset);
    case LWP_RESPONSE_UPGRADE:
      return MHD_create_response_for_upgrade (upgraded, NULL);
    case LWP_RESPONSE_BYTES:
    case LWP_RESPONSE_CUT:
    default:
      data = response->body != NULL ? g_bytes_get_data (response->body, &size) : "";
      /* The body lives as long as the exchange, and that is freed after it was sent. */
      return MHD_create_response_from_buffer (size, (void *) data, MHD_RESPMEM_PERSISTENT);
    }
}

static enum MHD_Result
send_response (struct MHD_Connection *connection, LwpResponse *response)
{
  struct MHD_Response *mhd;
  enum MHD_Result result;

  if (response->kind == LWP_RESPONSE_CUT)
    return MHD_NO;
  mhd = make_mhd_response (response);
  if (mhd == NULL)
    return MHD_NO;
  for (guint i = 0; i + 1 < response->headers->len; i += 2)
    MHD_add_response_header (mhd, g_ptr_array_index (response->headers, i),
                             g_ptr_array_index (response->headers, i + 1));
  result = MHD_queue_response (connection, response->status, mhd);
  MHD_destroy_response (mhd);
  return result;
}

static enum MHD_Result
add_header (void *user_data, enum MHD_ValueKind kind, const char *name, const char *value)
{
  lwp_request_add_header (user_data, name, value != NULL ? value : "");
  return MHD_YES;
}

/* The host of a request, checked: NULL when the connection may not ask for it. */
static char *
dup_host (Exchange *exchange, struct MHD_Connection *connection)
{
  const char *header = MHD_lookup_connection_value (connection, MHD_HEADER_KIND, "Host");
  g_autofree char *host = NULL;

  if (header == NULL || strlen (header) > MAX_HOST_BYTES)
    return NULL;
  if (!exchange->tls)
    {
      g_autofree char *uri = g_strconcat ("http://", header, NULL);

      /* A page of another site that has its name resolve to this computer says its own name. */
      return g_ascii_strcasecmp (uri, lwp_cloud_get_browser_uri (exchange->server->cloud)) == 0
                 ? g_strdup (LWP_BROWSER_HOST)
                 : NULL;
    }
  host = g_ascii_strdown (header, (gssize) strcspn (header, ":"));
  return lwp_router_plays_host (lwp_cloud_get_router (exchange->server->cloud), host)
                 && strcmp (host, LWP_BROWSER_HOST) != 0
             ? g_steal_pointer (&host)
             : NULL;
}

/* Head of the request: NULL response when it may go on. */
static LwpResponse *
begin_request (Exchange *exchange, struct MHD_Connection *connection, const char *method)
{
  g_autofree char *host = dup_host (exchange, connection);
  const char *length = MHD_lookup_connection_value (connection, MHD_HEADER_KIND, "Content-Length");

  if (*exchange->target != '/')
    return lwp_response_new_text (400, "text/plain; charset=utf-8",
                                  "This proxy plays Azure over HTTPS: it answers CONNECT only.\n");
  if (host == NULL)
    return lwp_response_new_text (400, "text/plain; charset=utf-8",
                                  "The practice cloud does not play this host here.\n");
  if (length != NULL && g_ascii_strtoull (length, NULL, 10) > LWP_MAX_BODY_BYTES)
    return lwp_response_new_arm_error (413, "RequestBodyTooLarge", "The request is too large.");
  exchange->request = lwp_request_new (method, host, exchange->target);
  if (exchange->request == NULL)
    return lwp_response_new_arm_error (400, "InvalidUri", "The request URI is not well-formed.");
  MHD_get_connection_values (connection, MHD_HEADER_KIND, add_header, exchange->request);
  exchange->body = g_byte_array_new ();
  return NULL;
}

static void
answer_cb (gpointer data, gpointer user_data)
{
  Exchange *exchange = data;
  LwpServer *self = user_data;

  lwp_request_take_body (exchange->request,
                         g_byte_array_free_to_bytes (g_steal_pointer (&exchange->body)));
  exchange->response = lwp_router_dispatch (lwp_cloud_get_router (self->cloud), self->cloud,
                                            exchange->request);
  MHD_resume_connection (exchange->connection);
}

static enum MHD_Result
give_to_worker (LwpServer *self, Exchange *exchange, struct MHD_Connection *connection)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  /* The pool is being drained: cut the connection, as a service that restarts does. */
  if (self->stopping)
    return MHD_NO;
  exchange->connection = connection;
  MHD_suspend_connection (connection);
  g_thread_pool_push (self->workers, exchange, NULL);
  return MHD_YES;
}

static enum MHD_Result
handle (void *user_data, struct MHD_Connection *connection, const char *url, const char *method,
        const char *version, const char *upload_data, size_t *upload_size, void **context)
{
  LwpServer *self = user_data;
  Exchange *exchange = *context;

  if (exchange->response != NULL)
    return send_response (connection, exchange->response);
  if (exchange->request == NULL)
    {
      exchange->response = begin_request (exchange, connection, method);
      return exchange->response != NULL ? send_response (connection, exchange->response) : MHD_YES;
    }
  if (*upload_size > 0)
    {
      exchange->too_large |= exchange->body->len + *upload_size > LWP_MAX_BODY_BYTES;
      if (!exchange->too_large)
        g_byte_array_append (exchange->body, (const guint8 *) upload_data, (guint) *upload_size);
      *upload_size = 0;
      return MHD_YES;
    }
  if (exchange->too_large)
    {
      exchange->response = lwp_response_new_arm_error (413, "RequestBodyTooLarge",
                                                       "The request is too large.");
      return send_response (connection, exchange->response);
    }
  return give_to_worker (self, exchange, connection);
}

static Exchange *
exchange_new (LwpServer *self, const char *target, gboolean tls)
{
  Exchange *exchange = g_new0 (Exchange, 1);

  exchange->server = self;
  exchange->target = g_strdup (target);
  exchange->tls = tls;
  return exchange;
}

static void *
begin_tls (void *user_data, const char *target, struct MHD_Connection *connection)
{
  return exchange_new (user_data, target, TRUE);
}

static void *
begin_plain (void *user_data, const char *target, struct MHD_Connection *connection)
{
  return exchange_new (user_data, target, FALSE);
}

static void
completed (void *user_data, struct MHD_Connection *connection, void **context,
           enum MHD_RequestTerminationCode code)
{
  g_clear_pointer ((Exchange **) context, exchange_free);
}

/* The TLS session's certificate, by the name it asks for. libmicrohttpd gives this function no user
 * data; the daemon of a session is not reachable from it either. */
static LwpServer *tls_server;

static int
retrieve_certificate (gnutls_session_t session, const gnutls_datum_t *req_ca_dn, int n_req_ca_dn,
                      const gnutls_pk_algorithm_t *algorithms, int n_algorithms,
                      gnutls_pcert_st **chain, unsigned int *n_chain, gnutls_privkey_t *key)
{
  char name[MAX_HOST_BYTES + 1];
  size_t size = sizeof name;
  unsigned int type;
  g_autofree char *host = NULL;

  if (gnutls_server_name_get (session, name, &size, &type, 0) < 0 || type != GNUTLS_NAME_DNS)
    return -1;
  host = g_ascii_strdown (name, -1);
  if (!lwp_router_plays_host (lwp_cloud_get_router (tls_server->cloud), host)
      || !lwp_authority_find (tls_server->authority, host, chain, n_chain, key))
    return -1;
  return 0;
}

/* Client errors (a certificate that is not trusted, a connection that is cut) are everyday. */
static void
log_nothing (void *user_data, const char *format, va_list args)
{
}

static struct MHD_Daemon *
start_daemon (LwpServer *self, gboolean tls)
{
  unsigned int flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_EPOLL | MHD_USE_ITC
                       | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_UPGRADE | MHD_ALLOW_SUSPEND_RESUME
                       | (tls ? MHD_USE_TLS : 0);
  struct MHD_OptionItem tls_options[] = {
    { MHD_OPTION_HTTPS_PRIORITIES, 0,
      (void *) "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2" },
    { MHD_OPTION_HTTPS_CERT_CALLBACK, 0, (void *) retrieve_certificate },
    { MHD_OPTION_END, 0, NULL },
  };
  struct MHD_OptionItem no_options[] = { { MHD_OPTION_END, 0, NULL } };

  return MHD_start_daemon (flags, 0, NULL, NULL, handle, self,
                           MHD_OPTION_EXTERNAL_LOGGER, log_nothing, NULL,
                           MHD_OPTION_ARRAY, tls ? tls_options : no_options,
                           MHD_OPTION_URI_LOG_CALLBACK, tls ? begin_tls : begin_plain, self,
                           MHD_OPTION_NOTIFY_COMPLETED, completed, NULL,
                           MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_MEMORY_BYTES,
                           MHD_OPTION_CONNECTION_TIMEOUT, (unsigned int) IDLE_TIMEOUT_SECS,
                           MHD_OPTION_THREAD_POOL_SIZE, (unsigned int) POOL_THREADS,
                           MHD_OPTION_END);
}

LwpServer *
lwp_server_new (LwpCloud *cloud, LwpAuthority *authority, GError **error)
{
  g_autoptr (LwpServer) self = g_new0 (LwpServer, 1);

  self->cloud = cloud;
  self->authority = authority;
  g_mutex_init (&self->lock);
  g_cond_init (&self->upgrades_gone);
  self->upgrades = g_ptr_array_new ();
  self->workers = g_thread_pool_new (answer_cb, self, WORKERS, FALSE, NULL);
  tls_server = self;
  self->tls = start_daemon (self, TRUE);
  self->plain = start_daemon (self, FALSE);
  if (self->tls == NULL || self->plain == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                           "libmicrohttpd could not be started");
      return NULL;
    }
  return g_steal_pointer (&self);
}

static void
end_upgrades (LwpServer *self)
{
  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->upgrades->len; i++)
    {
      const Upgrade *upgrade = g_ptr_array_index (self->upgrades, i);

      shutdown (upgrade->fd, SHUT_RDWR);
    }
  while (self->upgrades->len > 0)
    g_cond_wait (&self->upgrades_gone, &self->lock);
  g_mutex_unlock (&self->lock);
}

void
lwp_server_free (LwpServer *self)
{
  g_mutex_lock (&self->lock);
  self->stopping = TRUE;
  g_mutex_unlock (&self->lock);
  g_thread_pool_free (self->workers, FALSE, TRUE);
  end_upgrades (self);
  if (self->tls != NULL)
    MHD_stop_daemon (self->tls);
  if (self->plain != NULL)
    MHD_stop_daemon (self->plain);
  g_ptr_array_unref (self->upgrades);
  g_cond_clear (&self->upgrades_gone);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
lwp_server_take_socket (LwpServer *self, int fd, gboolean tls)
{
  struct sockaddr_storage address;
  socklen_t length = sizeof address;
  struct MHD_Daemon *daemon = tls ? self->tls : self->plain;

  if (getpeername (fd, (struct sockaddr *) &address, &length) != 0)
    {
      close (fd);
      return;
    }
  /* Closes the socket itself when it cannot take it. */
  MHD_add_connection (daemon, fd, (struct sockaddr *) &address, length);
}

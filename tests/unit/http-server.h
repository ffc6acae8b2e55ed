/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "lw-http.h"

G_BEGIN_DECLS

/* A web server inside the test process, on a thread, main context and port of its own. */
typedef struct _HttpServer HttpServer;

/* handler runs on the server's thread. A message that it pauses stays unanswered. */
HttpServer *http_server_new (SoupServerCallback handler, gpointer user_data);

/* The same with TLS; pem holds the certificate and its key. */
HttpServer *http_server_new_tls (SoupServerCallback handler, gpointer user_data, const char *pem);
void http_server_free (HttpServer *self);

/* Returns: (transfer full): "http://127.0.0.1:PORT" (or https) + path */
char *http_server_dup_url (HttpServer *self, const char *path);
guint http_server_count_requests (HttpServer *self);
guint http_server_count_connections (HttpServer *self);

/* The most requests that were under way at once. */
guint http_server_get_peak (HttpServer *self);

/* Blocks until so many requests have arrived, all told. */
void http_server_wait_requests (HttpServer *self, guint count);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HttpServer, http_server_free)

typedef enum
{
  RAW_CLOSE, /* in order */
  RAW_RESET,
  RAW_HOLD /* until the server is freed */
} RawEnding;

/* A server that reads one request's head, sends `answer` as it stands and then misbehaves. With a
 * NULL answer it misbehaves as soon as there is something to read, and does not read it. Any number
 * of connections. */
typedef struct _RawServer RawServer;

RawServer *raw_server_new (const char *answer, gsize length, RawEnding ending);
void raw_server_free (RawServer *self);
char *raw_server_dup_url (RawServer *self, const char *scheme);
guint raw_server_get_port (RawServer *self);
guint raw_server_count_connections (RawServer *self);

/* The head of the last request, byte for byte, once that was answered. */
const char *raw_server_get_head (RawServer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RawServer, raw_server_free)

/* An engine with short timeouts (connect 5 s, stall 5 s unless told otherwise). */
LwHttp *test_http_new (guint stall_timeout_ms);

/* GET of url, which must succeed in the transport. */
LwHttpResponse *test_http_get (LwHttp *http, const char *url);

/* GET of url, which must fail with this code of LW_ERROR. */
void test_http_assert_fails (LwHttp *http, const char *url, int code);

G_END_DECLS

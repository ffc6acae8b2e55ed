/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "lw-clock.h"

G_BEGIN_DECLS

/**
 * LwHttp:
 *
 * The HTTP engine: one network thread drives a libcurl multi handle, so that connections are
 * reused, HTTP/2 streams share one and a cancelled request ends within milliseconds. Callers
 * block in lw_http_send() on any thread but the main one. TLS is always verified. Redirects are
 * not followed: a 3xx is an answer like any other, as a token must not travel by itself.
 * Cookies are not kept. Reference counted, any thread.
 */
typedef struct _LwHttp LwHttp;

/**
 * LwHttpOptions:
 * @proxy: (nullable): URL of an HTTP proxy for every request; %NULL for the system's proxy
 *   variables (HTTPS_PROXY, NO_PROXY)
 * @ca_file: (nullable): PEM file of the authorities to trust *instead of* the system's
 * @user_agent: sent with every request
 * @connect_timeout_ms: how long a connection may take; 0 for 10,000
 * @stall_timeout_ms: a transfer without a byte in either direction for so long ends with
 *   %LW_ERROR_TIMED_OUT; 0 for 60,000
 * @max_in_flight: requests at once, all hosts together; 0 for 16
 */
typedef struct
{
  const char *proxy;
  const char *ca_file;
  const char *user_agent;
  guint connect_timeout_ms;
  guint stall_timeout_ms;
  guint max_in_flight;
} LwHttpOptions;

/* An answer of this size or less is kept in memory; a larger one is LW_ERROR_TOO_LARGE. A request
 * may lower or raise it with lw_http_request_set_max_body(). */
#define LW_HTTP_MAX_BODY (16 * 1024 * 1024)

/* Header lines of an answer, all together. Azure's Location of a group deletion alone can be
 * longer than 3 KiB. */
#define LW_HTTP_MAX_HEADERS (256 * 1024)

/* Requests at once to one host; more wait their turn. */
#define LW_HTTP_MAX_PER_HOST 8

/**
 * lw_http_new:
 * @options: copied
 * @clock: for the times of exchanges and the waits of retries. Timeouts of connections are always
 *   in real time, as sockets are
 *
 * Starts the network thread.
 *
 * Returns: (transfer full): the engine, or %NULL with %LW_ERROR_PROXY (@options has no URL of an
 *   HTTP proxy) or %LW_ERROR_NOT_FOUND (its file of authorities cannot be read)
 */
LwHttp *lw_http_new (const LwHttpOptions *options, LwClock *clock, GError **error);
LwHttp *lw_http_ref (LwHttp *self);
void lw_http_unref (LwHttp *self);

/** lw_http_get_clock: Returns: (transfer none): the clock that retries wait by */
LwClock *lw_http_get_clock (LwHttp *self);

/**
 * lw_http_dup_host:
 * @url: from anywhere
 * @is_https: (out) (optional): whether the connection would be encrypted
 * @port: (out) (optional): the one it would go to
 *
 * Reads @url as the engine does, so that what is checked is what is connected to. Whoever sends a
 * token to an address that came from outside (nextLink, Location, …) compares this host with those
 * of the cloud first.
 *
 * Returns: (transfer full) (nullable): the host in lower case; %NULL for what lw_http_send()
 *   refuses: other schemes, user info, no URL at all
 */
char *lw_http_dup_host (const char *url, gboolean *is_https, guint *port);

/**
 * LwHttpRequest:
 *
 * One request, built by one thread, sent any number of times (a retry sends the same bytes).
 */
typedef struct _LwHttpRequest LwHttpRequest;

/**
 * lw_http_request_new:
 * @method: "GET", "PUT", …
 * @url: absolute http or https URL, already percent-encoded; sent byte for byte
 */
LwHttpRequest *lw_http_request_new (const char *method, const char *url);
void lw_http_request_free (LwHttpRequest *self);
const char *lw_http_request_get_method (const LwHttpRequest *self);
const char *lw_http_request_get_url (const LwHttpRequest *self);

/**
 * lw_http_request_set_header:
 * @value: (nullable): replaces the header; %NULL removes it. Control characters are refused
 *   by a critical warning: values from outside are checked by the caller.
 */
void lw_http_request_set_header (LwHttpRequest *self, const char *name, const char *value);

/** lw_http_request_set_body: @content_type: (nullable) */
void lw_http_request_set_body (LwHttpRequest *self, GBytes *body, const char *content_type);

/**
 * lw_http_request_set_body_file:
 * @file: a local regular file; @length bytes from @offset are streamed and never held whole
 */
void lw_http_request_set_body_file (LwHttpRequest *self, GFile *file, goffset offset,
                                    goffset length, const char *content_type);

/**
 * LwHttpChunkFunc:
 *
 * Called on the thread that waits in lw_http_send(), never on the network thread.
 *
 * Returns: %FALSE with an error set to end the transfer
 */
typedef gboolean (*LwHttpChunkFunc) (const guint8 *data, gsize length, gpointer user_data,
                                     GError **error);

/**
 * lw_http_request_set_sink:
 *
 * A 2xx body goes to @func piece by piece instead of into memory. The body of any other status is
 * kept in memory as always.
 */
void lw_http_request_set_sink (LwHttpRequest *self, LwHttpChunkFunc func, gpointer user_data);
void lw_http_request_set_max_body (LwHttpRequest *self, gsize max_body);

/**
 * LwHttpProgressFunc:
 *
 * Called on the waiting thread, at most ten times a second and at the end; @sent only rises.
 */
typedef void (*LwHttpProgressFunc) (goffset sent, goffset total, gpointer user_data);
void lw_http_request_set_upload_progress (LwHttpRequest *self, LwHttpProgressFunc func,
                                          gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwHttpRequest, lw_http_request_free)

/** LwHttpResponse: an answer, owned by the caller, immutable */
typedef struct _LwHttpResponse LwHttpResponse;

void lw_http_response_free (LwHttpResponse *self);
guint lw_http_response_get_status (const LwHttpResponse *self);

/** lw_http_response_get_header: Returns: (nullable): first value of @name, compared without case */
const char *lw_http_response_get_header (const LwHttpResponse *self, const char *name);

/** lw_http_response_get_body: Returns: (transfer none): the body, empty when there was none */
GBytes *lw_http_response_get_body (const LwHttpResponse *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwHttpResponse, lw_http_response_free)

/**
 * lw_http_send:
 * @cancellable: (nullable): ends the request within 50 ms
 *
 * Sends @request once and blocks until the whole answer is there. Any status is a success: only
 * transport fails here. A kept connection that turns out to be dead before a byte of the answer
 * came is replaced without notice.
 *
 * Gzip is asked for where the whole answer goes into memory: not with a sink, a `Range` or
 * `x-ms-range` header, or HEAD.
 *
 * Returns: (transfer full): the answer, or %NULL with #LW_ERROR or %G_IO_ERROR_CANCELLED
 */
LwHttpResponse *lw_http_send (LwHttp *self, const LwHttpRequest *request,
                              GCancellable *cancellable, GError **error);

/* A body is shown to the observer up to here. */
#define LW_HTTP_MAX_OBSERVED (64 * 1024)

/**
 * LwHttpExchange:
 *
 * What one sending looked like, with secrets masked already (lw-mask.h); bodies are cut at
 * %LW_HTTP_MAX_OBSERVED, those from a file or into a sink are %NULL. Only valid during the call of
 * the observer. A request that never got as far as the network (no URL, no file) is not told.
 */
typedef struct
{
  guint64 serial;
  const char *method;
  const char *url;
  const char *request_headers; /* one "Name: value" a line */
  const char *request_body;    /* (nullable): NULL when there is none or it is not text */
  guint status;                /* 0 when the transport failed */
  const char *response_headers;
  const char *response_body; /* (nullable) */
  const char *failure;       /* (nullable): lw_error_get_name() or "cancelled", with status 0 */
  gint64 started_us;         /* wall clock */
  gint64 duration_us;
} LwHttpExchange;

/** LwHttpObserver: called on the thread that waited in lw_http_send() */
typedef void (*LwHttpObserver) (const LwHttpExchange *exchange, gpointer user_data);

/** lw_http_set_observer: set before the first request, at most one */
void lw_http_set_observer (LwHttp *self, LwHttpObserver observer, gpointer user_data,
                           GDestroyNotify destroy);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwHttp, lw_http_unref)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <curl/curl.h>

#include "lw-http.h"

G_BEGIN_DECLS

/* What the files of the engine share. Who may touch what:
 *
 * - LwHttp and LwHttpRequest do not change while a request is under way.
 * - A LwHttpTransfer belongs to the caller before lw_http_engine_submit() and after `done`; in
 *   between to the network thread, but for the members guarded by the engine's mutex. */

/* A sink that is slower than the network makes it wait at so many bytes. */
#define LW_HTTP_SINK_QUEUE (256 * 1024)

typedef struct _LwHttpEngine LwHttpEngine;

typedef struct
{
  char *name;  /* owned */
  char *value; /* owned, valid UTF-8 in an answer */
} LwHttpHeader;

struct _LwHttp
{
  gatomicrefcount ref_count;
  LwClock *clock;       /* owned */
  LwHttpEngine *engine; /* owned */
  char *proxy;          /* owned, nullable */
  char *ca_file;        /* owned, nullable */
  char *user_agent;     /* owned */
  guint connect_timeout_ms;
  guint64 serial; /* of the last exchange; guarded by the engine's mutex */
  LwHttpObserver observer;
  gpointer observer_data;
  GDestroyNotify observer_destroy;
};

struct _LwHttpRequest
{
  char *method;       /* owned */
  char *url;          /* owned */
  GPtrArray *headers; /* owned, of LwHttpHeader */
  GBytes *body;       /* owned, nullable */
  char *file_path;    /* owned, nullable */
  goffset file_offset;
  goffset file_length;
  gsize max_body;
  LwHttpChunkFunc sink;
  gpointer sink_data;
  LwHttpProgressFunc progress;
  gpointer progress_data;
};

struct _LwHttpResponse
{
  guint status;
  GPtrArray *headers; /* owned, of LwHttpHeader */
  GBytes *body;       /* owned */
};

typedef struct
{
  const LwHttpRequest *request; /* borrowed */
  LwHttpEngine *engine;         /* borrowed */
  CURL *easy;                   /* owned */
  struct curl_slist *lines;     /* owned: header lines of the request */
  char *origin;                 /* owned: "https://host:port" */
  char *host;                   /* owned: for messages */
  guint port;
  gboolean asked_gzip;
  gboolean fixed_proxy; /* all goes through the proxy of the options */
  int file;             /* owned descriptor, or -1 */
  goffset file_read;    /* of the length of the request's file */

  gboolean dialled_proxy; /* the last connection went to another port than the URL's */
  gboolean head_complete; /* the empty line after the last header has come */
  gsize header_bytes;
  GPtrArray *headers;  /* owned, of LwHttpHeader */
  GByteArray *body;    /* owned */
  gint64 active_us;    /* when a byte moved last */
  curl_off_t moved;    /* bytes in both directions by then */
  gint64 progress_us;  /* when progress was told last */
  GError *error;       /* owned, nullable */
  char error_text[CURL_ERROR_SIZE];

  /* guarded by the engine's mutex */
  GCond changed;
  GQueue chunks; /* owned, of GBytes for the sink */
  gsize queued;  /* bytes in them */
  gboolean paused;
  gboolean stop; /* asked of the network thread */
  gboolean done; /* said by the network thread */
  goffset sent;
} LwHttpTransfer;

/* lw-http-message.c */
GPtrArray *lw_http_headers_new (void);
void lw_http_headers_add (GPtrArray *headers, char *name_taken, char *value_taken);
const char *lw_http_headers_get (const GPtrArray *headers, const char *name);

/* Returns: bytes that the request says it has (0 for an empty POST); -1 when it has no body */
goffset lw_http_request_get_body_size (const LwHttpRequest *self);
LwHttpResponse *lw_http_response_new (guint status, GPtrArray *headers_taken, GBytes *body_taken);

/* lw-http-transfer.c */

/**
 * lw_http_transfer_new:
 *
 * Returns: (transfer full): a transfer ready for the network thread, or %NULL with
 *   %LW_ERROR_MALFORMED (URL), %LW_ERROR_NOT_FOUND, %LW_ERROR_DENIED or %LW_ERROR_FAILED (file)
 */
LwHttpTransfer *lw_http_transfer_new (const LwHttp *http, const LwHttpRequest *request,
                                      GError **error);
void lw_http_transfer_free (LwHttpTransfer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwHttpTransfer, lw_http_transfer_free)

/* lw-http-url.c: %FALSE, with nothing given, for what lw_http_send() does not take. Lower case. */
gboolean lw_http_read_url (const char *text, char **scheme, char **host, guint *port);

/* lw-http-callbacks.c: tells libcurl what to call for @self. */
void lw_http_transfer_set_callbacks (LwHttpTransfer *self);

/* lw-http-error.c: what libcurl said about @transfer, as an error. */
GError *lw_http_error_new (const LwHttpTransfer *transfer, CURLcode code);

/* lw-http-engine.c */

/**
 * lw_http_engine_new:
 * @max_in_flight: transfers at once
 * @stall_timeout_ms: how long one may be without a byte
 *
 * Starts the network thread.
 */
LwHttpEngine *lw_http_engine_new (guint max_in_flight, guint stall_timeout_ms);

/** lw_http_engine_free: ends the network thread; no transfer may be under way */
void lw_http_engine_free (LwHttpEngine *self);

/** lw_http_engine_get_mutex: Returns: (transfer none): what guards the shared state */
GMutex *lw_http_engine_get_mutex (LwHttpEngine *self);

/** lw_http_engine_submit: lends @transfer to the network thread until it is `done` */
void lw_http_engine_submit (LwHttpEngine *self, LwHttpTransfer *transfer);

/** lw_http_engine_wake: makes the network thread look at the transfers; any thread */
void lw_http_engine_wake (LwHttpEngine *self);

/* lw-http-gzip.c: replaces the body of an answer that came packed; the caller's side. */
gboolean lw_http_unpack (LwHttpTransfer *transfer, GError **error);

/* lw-http-wait.c: the caller's side: runs @transfer, feeding sink and progress, until the end. */
gboolean lw_http_wait (LwHttpTransfer *transfer, GCancellable *cancellable, GError **error);

/* lw-http-observe.c */
typedef struct
{
  gint64 started_us; /* wall clock */
  gint64 duration_us;
} LwHttpTimes;

/* Tells the observer, which there must be; @response or @error is set. */
void lw_http_observe (LwHttp *http, const LwHttpTransfer *transfer, const LwHttpResponse *response,
                      const GError *error, const LwHttpTimes *times);

G_END_DECLS

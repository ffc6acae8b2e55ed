/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Request line and headers of a browser: its cookies for other ports of localhost come along. */
#define LW_LOOPBACK_MAX_HEAD (64 * 1024)

/** LwLoopbackRequest: what a redirect to the listener carries; owned and nullable */
typedef struct
{
  char *code; /* a secret */
  char *state;
  char *error;
  char *error_description;
} LwLoopbackRequest;

void lw_loopback_request_clear (LwLoopbackRequest *self);

/**
 * lw_loopback_request_parse:
 * @head: a request up to its empty line; anything at all
 * @port: of the listener
 *
 * Returns: the HTTP status of the answer: 200 for a GET of "/" at this listener with `state` and
 *   either `code` or `error`, with @self filled in; 400, 404, 405 or 421 for anything else
 */
guint lw_loopback_request_parse (LwLoopbackRequest *self, const char *head, gsize length,
                                 guint16 port);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LwLoopbackRequest, lw_loopback_request_clear)

G_END_DECLS

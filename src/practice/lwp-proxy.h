/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lwp-server.h"

G_BEGIN_DECLS

/**
 * LwpProxy:
 *
 * The one port of the practice cloud, on 127.0.0.1. A connection that begins with CONNECT for a
 * host that is played goes to the server as TLS, any other CONNECT is answered 403 or 400, and what
 * is no CONNECT goes to the server as plain HTTP. Nothing is ever relayed.
 */
typedef struct _LwpProxy LwpProxy;

/**
 * lwp_proxy_new:
 * @port: 0 for any that is free
 *
 * Listens; connections are served after lwp_proxy_start().
 */
LwpProxy *lwp_proxy_new (LwpRouter *router, LwpServer *server, guint16 port, GError **error);

void lwp_proxy_start (LwpProxy *self);

/** lwp_proxy_free: stops listening; connections that were handed over go on */
void lwp_proxy_free (LwpProxy *self);

guint16 lwp_proxy_get_port (LwpProxy *self);

/**
 * lwp_proxy_parse_connect:
 * @head: the head of a request up to its empty line
 *
 * Returns: (transfer full) (nullable): the host of "CONNECT host:443 HTTP/1.x" in lower case; %NULL
 *   when it is anything else
 */
char *lwp_proxy_parse_connect (const char *head);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwpProxy, lwp_proxy_free)

G_END_DECLS

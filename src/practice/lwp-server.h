/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lwp-authority.h"
#include "lwp-cloud.h"

G_BEGIN_DECLS

/**
 * LwpServer:
 *
 * HTTP on sockets that somebody else has accepted: TLS for Azure's hosts, plain for the pages of a
 * person's browser. Reading and writing are libmicrohttpd's, on its own threads; handlers run on a
 * pool of workers.
 */
typedef struct _LwpServer LwpServer;

LwpServer *lwp_server_new (LwpCloud *cloud, LwpAuthority *authority, GError **error);

/** lwp_server_free: finishes the handlers that run, closes every connection */
void lwp_server_free (LwpServer *self);

/**
 * lwp_server_take_socket:
 * @fd: (transfer full): a connected socket from which nothing of TLS or HTTP was read
 * @tls: whether the client begins with TLS
 *
 * Any thread.
 */
void lwp_server_take_socket (LwpServer *self, int fd, gboolean tls);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwpServer, lwp_server_free)

G_END_DECLS

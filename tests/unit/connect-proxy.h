/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/** ConnectProxy: an HTTP proxy on loopback that knows only CONNECT, and only to hosts it was told */
typedef struct _ConnectProxy ConnectProxy;

ConnectProxy *connect_proxy_new (void);
void connect_proxy_free (ConnectProxy *self);

/** connect_proxy_add: before the first connection: "host:443" leads to @port on 127.0.0.1 */
void connect_proxy_add (ConnectProxy *self, const char *host, guint16 port);

/** connect_proxy_get_url: Returns: "http://127.0.0.1:PORT" */
const char *connect_proxy_get_url (ConnectProxy *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConnectProxy, connect_proxy_free)

G_END_DECLS

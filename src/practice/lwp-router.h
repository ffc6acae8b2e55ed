/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lwp-http.h"

G_BEGIN_DECLS

typedef struct _LwpCloud LwpCloud;

/**
 * LwpHandler:
 * @cloud: the practice cloud
 * @request: the request
 * @user_data: as registered
 *
 * Answers one request. Several run at the same time on worker threads; one may block for a moment
 * (a file, a Unix socket) without holding up the others.
 *
 * Returns: (transfer full): never %NULL
 */
typedef LwpResponse *(*LwpHandler) (LwpCloud *cloud, LwpRequest *request, gpointer user_data);

/**
 * LwpRouteFlags:
 * @LWP_ROUTE_OPEN: no token is looked at
 * @LWP_ROUTE_TOKEN_ARM: a valid token for the resource manager
 * @LWP_ROUTE_TOKEN_ML: a valid token for the ML data plane; alone or with the one above
 * @LWP_ROUTE_ARM: the manners of the resource manager on management.azure.com, in this order:
 *   api-version is asked for, the token, the subscription `{subscription}` and the group `{group}`
 *   exist, the group is not being deleted (for PUT, PATCH, POST, DELETE), no lock forbids it, the
 *   provider of the path is registered (for PUT). Implies @LWP_ROUTE_TOKEN_ARM
 * @LWP_ROUTE_GROUP_OPTIONAL: with @LWP_ROUTE_ARM: the group and its locks are left to the handler
 *
 * What is checked before a handler runs.
 */
typedef enum
{
  LWP_ROUTE_OPEN = 0,
  LWP_ROUTE_TOKEN_ARM = 1 << 0,
  LWP_ROUTE_TOKEN_ML = 1 << 1,
  LWP_ROUTE_ARM = 1 << 2 | LWP_ROUTE_TOKEN_ARM,
  LWP_ROUTE_GROUP_OPTIONAL = 1 << 3,
} LwpRouteFlags;

/**
 * LwpRoute:
 * @method: "GET", …; HEAD is not derived from GET
 * @path: segments compared without case, for instance
 *   "/subscriptions/{subscription}/resourceGroups/{group}"; `{name}` takes one segment and a last
 *   `{name*}` takes what remains, slashes included, maybe nothing
 * @handler: what answers
 * @flags: what is checked before
 */
typedef struct
{
  const char *method;
  const char *path;
  LwpHandler handler;
  LwpRouteFlags flags;
} LwpRoute;

/* The host under which the pages for a person's browser are added. It is no host name, so that no
 * CONNECT can ask for it: these pages are served on plain loopback HTTP only. */
#define LWP_BROWSER_HOST "(browser)"

/**
 * LwpRouter:
 *
 * Finds the handler of a request. Filled before the server starts, then read only.
 */
typedef struct _LwpRouter LwpRouter;

LwpRouter *lwp_router_new (void);
void lwp_router_free (LwpRouter *self);

/**
 * lwp_router_add:
 * @host: a host, labels in braces take any one label: "{account}.blob.core.windows.net"
 * @routes: static, not copied
 *
 * A request is given to the route whose pattern has more literal segments, then to the one that was
 * added first. A host that no pattern matches is refused at CONNECT already.
 */
void lwp_router_add (LwpRouter *self, const char *host, const LwpRoute *routes, gsize n_routes,
                     gpointer user_data);

/** lwp_router_plays_host: Returns: whether some pattern matches @host (lower case, no port) */
gboolean lwp_router_plays_host (LwpRouter *self, const char *host);

/**
 * lwp_router_dispatch:
 *
 * Returns: (transfer full): what the handler answered; 404 or 405 in the manner of the host when
 *   there is none
 */
LwpResponse *lwp_router_dispatch (LwpRouter *self, LwpCloud *cloud, LwpRequest *request);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwpRouter, lwp_router_free)

G_END_DECLS

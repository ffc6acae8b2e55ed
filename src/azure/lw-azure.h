/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-account.h"
#include "lw-azure-error.h"
#include "lw-json.h"
#include "lw-retry.h"

G_BEGIN_DECLS

/**
 * LwAzure:
 *
 * What every call to Azure needs: cloud, HTTP engine and the signed-in account. A call gets the
 * token of its service, is retried as the Azure SDKs do, renews the token once after a 401, and
 * turns any status it did not expect into #LW_AZURE_ERROR. A request to a host outside the
 * cloud's is refused with %LW_ERROR_UNTRUSTED_HOST before a token is made. Reference counted,
 * immutable, any thread.
 */
typedef struct _LwAzure LwAzure;

LwAzure *lw_azure_new (const LwCloud *cloud, LwHttp *http, LwAccount *account);
LwAzure *lw_azure_ref (LwAzure *self);
void lw_azure_unref (LwAzure *self);
const LwCloud *lw_azure_get_cloud (LwAzure *self);
LwHttp *lw_azure_get_http (LwAzure *self);
LwAccount *lw_azure_get_account (LwAzure *self);
LwClock *lw_azure_get_clock (LwAzure *self);

/**
 * LwAzureCall: one call, described
 * @service: decides the scope of the token and the hosts it may go to
 * @tenant_id: (nullable): tenant whose token is used; %NULL for the home tenant
 * @method: "GET", …
 * @url: (nullable): absolute URL; or %NULL with @path
 * @path: (nullable): from "/" on, percent-encoded, on the ARM host
 * @api_version: (nullable): added to the query; see lw-api-versions.h
 * @query: (nullable): further members, encoded, without "?"
 * @body: (nullable): JSON
 * @repeat_post: the POST may be retried like a PUT
 * @accept: (nullable): statuses beside 2xx that are no error, ended by 0 (e.g. {404, 0})
 */
typedef struct
{
  LwCloudService service;
  const char *tenant_id;
  const char *method;
  const char *url;
  const char *path;
  const char *api_version;
  const char *query;
  GBytes *body;
  gboolean repeat_post;
  const guint *accept;
} LwAzureCall;

/** lw_azure_send: Returns: (transfer full): the answer, 2xx or in @accept */
LwHttpResponse *lw_azure_send (LwAzure *self, const LwAzureCall *call, GCancellable *cancellable,
                               GError **error);

/** lw_azure_send_json: as above, body parsed; an empty 2xx body gives an empty object */
LwJsonDocument *lw_azure_send_json (LwAzure *self, const LwAzureCall *call,
                                    GCancellable *cancellable, GError **error);

/**
 * lw_azure_get_json:
 * @call: a GET; its @accept is not used
 * @document: (out) (transfer full) (nullable): %NULL when the resource does not exist
 *
 * A 404 counts as absence only when lw_azure_error_is_absence().
 */
gboolean lw_azure_get_json (LwAzure *self, const LwAzureCall *call, LwJsonDocument **document,
                            GCancellable *cancellable, GError **error);

/** LwAzureItemFunc: one element of a page; Returns: %FALSE with @error to stop */
typedef gboolean (*LwAzureItemFunc) (LwJson item, gpointer user_data, GError **error);

/* Pages of one list; Azure's largest answer to us is far below. */
#define LW_AZURE_MAX_PAGES 200

/** lw_azure_list: follows nextLink, on the same trusted hosts only */
gboolean lw_azure_list (LwAzure *self, const LwAzureCall *call, LwAzureItemFunc func,
                        gpointer user_data, GCancellable *cancellable, GError **error);

/**
 * lw_azure_escape: Returns: (transfer full): one path segment or query value, percent-encoded
 */
char *lw_azure_escape (const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwAzure, lw_azure_unref)

G_END_DECLS

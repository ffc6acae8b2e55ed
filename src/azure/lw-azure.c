/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One call to Azure: the trusted host, the token, the retries, one renewal after a 401, and the
 * error of any other status. Immutable after lw_azure_new(), so that any thread may call; lives as
 * long as its references. */

#include "lw-azure.h"

#include <string.h>

#include "lw-error.h"

/* The margin of the Azure SDKs: a token that ends sooner is renewed before a call. */
#define TOKEN_MIN_VALIDITY_S 300

struct _LwAzure
{
  gatomicrefcount ref_count;
  const LwCloud *cloud;
  LwHttp *http;       /* owned */
  LwAccount *account; /* owned */
};

LwAzure *
lw_azure_new (const LwCloud *cloud, LwHttp *http, LwAccount *account)
{
  LwAzure *self = NULL;

  g_return_val_if_fail (cloud != NULL, NULL);
  g_return_val_if_fail (http != NULL, NULL);
  g_return_val_if_fail (account != NULL, NULL);

  self = g_new0 (LwAzure, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->cloud = cloud;
  self->http = lw_http_ref (http);
  self->account = lw_account_ref (account);
  return self;
}

LwAzure *
lw_azure_ref (LwAzure *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
lw_azure_unref (LwAzure *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  lw_account_unref (self->account);
  lw_http_unref (self->http);
  g_free (self);
}

const LwCloud *
lw_azure_get_cloud (LwAzure *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->cloud;
}

LwHttp *
lw_azure_get_http (LwAzure *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->http;
}

LwAccount *
lw_azure_get_account (LwAzure *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->account;
}

LwClock *
lw_azure_get_clock (LwAzure *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return lw_http_get_clock (self->http);
}

char *
lw_azure_escape (const char *text)
{
  g_return_val_if_fail (text != NULL, NULL);

  return g_uri_escape_string (text, NULL, FALSE);
}

static void
append_query (GString *url, const char *member)
{
  g_string_append_c (url, strchr (url->str, '?') == NULL ? '?' : '&');
  g_string_append (url, member);
}

static char *
build_url (LwAzure *self, const LwAzureCall *call)
{
  GString *url = g_string_new (call->url);

  if (call->url == NULL)
    g_string_append_printf (url, "https://%s%s", self->cloud->arm_host, call->path);
  if (call->api_version != NULL)
    {
      g_autofree char *member = g_strconcat ("api-version=", call->api_version, NULL);

      append_query (url, member);
    }
  if (call->query != NULL && *call->query != '\0')
    append_query (url, call->query);
  return g_string_free (url, FALSE);
}

static LwHttpResponse *
send_with_token (LwAzure *self, const LwAzureCall *call, const char *url, const char *token,
                 GCancellable *cancellable, GError **error)
{
  g_autoptr (LwHttpRequest) request = lw_http_request_new (call->method, url);
  g_autofree char *id = g_uuid_string_random ();
  g_autoptr (LwSecret) authorization = g_strconcat ("Bearer ", token, NULL);
  LwRetryPolicy policy = *lw_retry_policy_get_default ();

  lw_http_request_set_header (request, "Authorization", authorization);
  lw_http_request_set_header (request, "Accept", "application/json");
  lw_http_request_set_header (request, "x-ms-client-request-id", id);
  if (call->body != NULL)
    lw_http_request_set_body (request, call->body, "application/json");
  policy.repeat_post = call->repeat_post;
  return lw_retry_send (self->http, request, &policy, cancellable, error);
}

/* Another token in place of the one that @refusal is about. A claims challenge that cannot be
 * satisfied without the person is reported as such, with its claims. */
static char *
renew_token (LwAzure *self, const LwAzureCall *call, const char *refused,
             const LwHttpResponse *refusal, GCancellable *cancellable, GError **error)
{
  const char *scope = lw_cloud_get_scope (self->cloud, call->service);
  g_autoptr (GError) challenge = NULL;
  g_autoptr (GError) local = NULL;
  const char *claims = NULL;
  char *token = NULL;

  lw_account_drop_token (self->account, call->tenant_id, scope, refused);
  lw_azure_error_set_from_response (&challenge, refusal);
  claims = lw_azure_error_get_claims (challenge);
  if (claims == NULL)
    return lw_account_get_token (self->account, call->tenant_id, scope, TOKEN_MIN_VALIDITY_S,
                                 cancellable, error);
  token
      = lw_account_renew_token (self->account, call->tenant_id, scope, claims, cancellable, &local);
  if (token != NULL)
    return token;
  if (g_error_matches (local, LW_ERROR, LW_ERROR_SIGN_IN_NEEDED))
    g_propagate_error (error, g_steal_pointer (&challenge));
  else
    g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

static gboolean
is_accepted (const LwAzureCall *call, guint status)
{
  if (status >= 200 && status < 300)
    return TRUE;
  for (const guint *accept = call->accept; accept != NULL && *accept != 0; accept++)
    if (*accept == status)
      return TRUE;
  return FALSE;
}

/* As lw_azure_send(), whatever the status. */
static LwHttpResponse *
send_renewing (LwAzure *self, const LwAzureCall *call, const char *url, GCancellable *cancellable,
               GError **error)
{
  const char *scope = lw_cloud_get_scope (self->cloud, call->service);
  g_autoptr (LwHttpResponse) response = NULL;
  g_autoptr (LwSecret) token = NULL;
  g_autoptr (LwSecret) renewed = NULL;

  token = lw_account_get_token (self->account, call->tenant_id, scope, TOKEN_MIN_VALIDITY_S,
                                cancellable, error);
  if (token == NULL)
    return NULL;
  response = send_with_token (self, call, url, token, cancellable, error);
  if (response == NULL || lw_http_response_get_status (response) != 401)
    return g_steal_pointer (&response);
  renewed = renew_token (self, call, token, response, cancellable, error);
  if (renewed == NULL)
    return NULL;
  return send_with_token (self, call, url, renewed, cancellable, error);
}

LwHttpResponse *
lw_azure_send (LwAzure *self, const LwAzureCall *call, GCancellable *cancellable, GError **error)
{
  g_autoptr (LwHttpResponse) response = NULL;
  g_autofree char *url = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (call != NULL && call->method != NULL, NULL);
  g_return_val_if_fail ((call->url == NULL) != (call->path == NULL), NULL);
  g_return_val_if_fail (lw_cloud_get_scope (self->cloud, call->service) != NULL, NULL);

  url = build_url (self, call);
  if (!lw_cloud_trusts (self->cloud, call->service, url))
    {
      g_set_error_literal (error, LW_ERROR, LW_ERROR_UNTRUSTED_HOST,
                           "The address is not one of the chosen cloud");
      return NULL;
    }
  response = send_renewing (self, call, url, cancellable, error);
  if (response == NULL)
    return NULL;
  if (is_accepted (call, lw_http_response_get_status (response)))
    return g_steal_pointer (&response);
  lw_azure_error_set_from_response (error, response);
  return NULL;
}

LwJsonDocument *
lw_azure_send_json (LwAzure *self, const LwAzureCall *call, GCancellable *cancellable,
                    GError **error)
{
  g_autoptr (LwHttpResponse) response = lw_azure_send (self, call, cancellable, error);
  g_autoptr (GBytes) empty = g_bytes_new_static ("{}", 2);
  GBytes *body = NULL;

  if (response == NULL)
    return NULL;
  body = lw_http_response_get_body (response);
  return lw_json_parse (g_bytes_get_size (body) > 0 ? body : empty, error);
}

gboolean
lw_azure_get_json (LwAzure *self, const LwAzureCall *call, LwJsonDocument **document,
                   GCancellable *cancellable, GError **error)
{
  LwAzureCall get = *call;
  g_autoptr (GError) local = NULL;

  g_return_val_if_fail (document != NULL, FALSE);

  get.accept = NULL;
  *document = lw_azure_send_json (self, &get, cancellable, &local);
  if (*document != NULL || lw_azure_error_is_absence (local))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static gboolean
visit_page (LwJson root, LwAzureItemFunc func, gpointer user_data, GError **error)
{
  LwJson items = { 0 };

  if (!lw_json_need_array (root, "value", &items, error))
    return FALSE;
  for (guint i = 0; i < lw_json_length (items); i++)
    if (!func (lw_json_element (items, i), user_data, error))
      return FALSE;
  return TRUE;
}

gboolean
lw_azure_list (LwAzure *self, const LwAzureCall *call, LwAzureItemFunc func, gpointer user_data,
               GCancellable *cancellable, GError **error)
{
  LwAzureCall page = *call;
  g_autofree char *url = NULL;

  g_return_val_if_fail (func != NULL, FALSE);

  for (guint i = 0; i < LW_AZURE_MAX_PAGES; i++)
    {
      g_autoptr (LwJsonDocument) document = lw_azure_send_json (self, &page, cancellable, error);
      LwJson root = { 0 };
      const char *next = NULL;

      if (document == NULL)
        return FALSE;
      root = lw_json_document_get_root (document);
      if (!visit_page (root, func, user_data, error))
        return FALSE;
      next = lw_json_get_string (root, "nextLink", "");
      if (*next == '\0')
        return TRUE;
      g_free (url);
      url = g_strdup (next);
      page.url = url;
      page.path = NULL;
      page.api_version = NULL;
      page.query = NULL;
    }
  g_set_error (error, LW_ERROR, LW_ERROR_TOO_LARGE, "The list has more than %d pages",
               LW_AZURE_MAX_PAGES);
  return FALSE;
}

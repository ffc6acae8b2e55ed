/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The wire of Entra ID: addresses, forms, tokens. No state, any thread but the main one, as all
 * requests block. */

#include "lw-entra.h"

#include <string.h>

#include "lw-azure-error.h"
#include "lw-error.h"
#include "lw-json.h"
#include "lw-retry.h"

/* Tokens are several KB long; an answer holds three. */
#define MAX_TOKEN (64 * 1024)
#define MAX_ANSWER (512 * 1024)

/* Used when an answer does not say how long a token is good for. */
#define DEFAULT_EXPIRES_S 3600

/* Longest life of a token that is believed: with CP1 they live about 28 hours. */
#define MAX_EXPIRES_S (7 * 24 * 3600)

struct _LwEntraForm
{
  GString *text; /* owned, wiped */
};

LwEntraForm *
lw_entra_form_new (void)
{
  LwEntraForm *self = g_new0 (LwEntraForm, 1);

  self->text = g_string_new (NULL);
  return self;
}

void
lw_entra_form_add (LwEntraForm *self, const char *name, const char *value)
{
  g_autoptr (GString) grown = NULL;
  LwSecret *escaped = NULL;

  g_return_if_fail (self != NULL);
  g_return_if_fail (name != NULL);

  if (value == NULL)
    return;
  /* A new string each time, as GString would leave the old one behind when it moves. */
  escaped = g_uri_escape_string (value, NULL, FALSE);
  grown = g_string_sized_new (self->text->len + strlen (name) + strlen (escaped) + 3);
  g_string_append_len (grown, self->text->str, (gssize) self->text->len);
  if (grown->len > 0)
    g_string_append_c (grown, '&');
  g_string_append (grown, name);
  g_string_append_c (grown, '=');
  g_string_append (grown, escaped);
  lw_secret_free (escaped);
  lw_secret_free (g_string_free (self->text, FALSE));
  self->text = g_steal_pointer (&grown);
}

char *
lw_entra_form_to_query (const LwEntraForm *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_strdup (self->text->str);
}

void
lw_entra_form_free (LwEntraForm *self)
{
  if (self == NULL)
    return;
  lw_secret_free (g_string_free (self->text, FALSE));
  g_free (self);
}

void
lw_entra_tokens_free (LwEntraTokens *self)
{
  if (self == NULL)
    return;
  lw_secret_free (self->access_token);
  lw_secret_free (self->refresh_token);
  lw_secret_free (self->id_token);
  g_free (self);
}

char *
lw_entra_build_url (const LwCloud *cloud, const char *tenant, const char *path)
{
  g_autofree char *segment = NULL;

  g_return_val_if_fail (cloud != NULL, NULL);
  g_return_val_if_fail (tenant != NULL && path != NULL, NULL);

  segment = g_uri_escape_string (tenant, NULL, FALSE);
  return g_strconcat ("https://", cloud->login_host, "/", segment, path, NULL);
}

char *
lw_entra_build_scope (const char *scope)
{
  g_return_val_if_fail (scope != NULL, NULL);

  return g_strconcat (scope, " openid profile offline_access", NULL);
}

/* Members of @from that @to has not are copied; objects in both are merged. */
static void
merge_objects (JsonObject *to, JsonObject *from)
{
  JsonObjectIter iter;
  const char *name = NULL;
  JsonNode *node = NULL;

  json_object_iter_init (&iter, from);
  while (json_object_iter_next (&iter, &name, &node))
    {
      JsonNode *present = json_object_get_member (to, name);

      if (present == NULL)
        json_object_set_member (to, name, json_node_copy (node));
      else if (JSON_NODE_HOLDS_OBJECT (present) && JSON_NODE_HOLDS_OBJECT (node))
        merge_objects (json_node_get_object (present), json_node_get_object (node));
    }
}

char *
lw_entra_build_claims (const char *claims)
{
  g_autoptr (JsonNode) capability
      = json_from_string ("{\"access_token\":{\"xms_cc\":{\"values\":[\"CP1\"]}}}", NULL);
  g_autoptr (LwJsonDocument) document = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (claims != NULL)
    {
      bytes = g_bytes_new (claims, strlen (claims));
      document = lw_json_parse (bytes, NULL);
    }
  if (document != NULL && lw_json_is_object (lw_json_document_get_root (document)))
    merge_objects (json_node_get_object (capability),
                   json_node_get_object (lw_json_document_get_root (document).node));
  return json_to_string (capability, FALSE);
}

static void
wipe_body_cb (gpointer data)
{
  lw_secret_free (data);
}

LwHttpResponse *
lw_entra_post (LwHttp *http, const LwCloud *cloud, const char *url, const LwEntraForm *form,
               gboolean repeat, GCancellable *cancellable, GError **error)
{
  g_autoptr (LwHttpRequest) request = NULL;
  g_autoptr (GBytes) body = NULL;
  LwRetryPolicy policy = *lw_retry_policy_get_default ();
  char *copy = NULL;

  g_return_val_if_fail (http != NULL && cloud != NULL, NULL);
  g_return_val_if_fail (url != NULL && form != NULL, NULL);

  if (!lw_cloud_trusts (cloud, LW_CLOUD_LOGIN, url))
    {
      g_set_error_literal (error, LW_ERROR, LW_ERROR_UNTRUSTED_HOST,
                           "The address is not on the cloud's sign-in host");
      return NULL;
    }
  copy = g_strdup (form->text->str);
  body = g_bytes_new_with_free_func (copy, strlen (copy), wipe_body_cb, copy);
  request = lw_http_request_new ("POST", url);
  lw_http_request_set_header (request, "Accept", "application/json");
  lw_http_request_set_body (request, body, "application/x-www-form-urlencoded");
  lw_http_request_set_max_body (request, MAX_ANSWER);
  if (!repeat)
    return lw_http_send (http, request, cancellable, error);
  policy.repeat_post = TRUE;
  return lw_retry_send (http, request, &policy, cancellable, error);
}

/* A token becomes part of a header or a form: visible ASCII, and not without end. */
static char *
dup_token (LwJson root, const char *name)
{
  const char *token = lw_json_get_string (root, name, "");

  if (*token == '\0' || strlen (token) > MAX_TOKEN)
    return NULL;
  for (const char *c = token; *c != '\0'; c++)
    if (!g_ascii_isgraph (*c))
      return NULL;
  return g_strdup (token);
}

LwEntraTokens *
lw_entra_read_tokens (const LwHttpResponse *response, gint64 now_us, GError **error)
{
  g_autoptr (LwJsonDocument) document = NULL;
  g_autoptr (LwEntraTokens) tokens = NULL;
  LwJson root = { 0 };
  gint64 expires_s = 0;

  g_return_val_if_fail (response != NULL, NULL);

  if (lw_http_response_get_status (response) != 200)
    {
      lw_azure_error_set_from_response (error, response);
      return NULL;
    }
  document = lw_json_parse (lw_http_response_get_body (response), error);
  if (document == NULL)
    return NULL;
  root = lw_json_document_get_root (document);
  tokens = g_new0 (LwEntraTokens, 1);
  tokens->access_token = dup_token (root, "access_token");
  tokens->refresh_token = dup_token (root, "refresh_token");
  tokens->id_token = dup_token (root, "id_token");
  expires_s = lw_json_get_int (root, "expires_in", DEFAULT_EXPIRES_S);
  tokens->expires_us = now_us + CLAMP (expires_s, 0, MAX_EXPIRES_S) * G_TIME_SPAN_SECOND;
  if (tokens->access_token != NULL
      && g_ascii_strcasecmp (lw_json_get_string (root, "token_type", ""), "Bearer") == 0)
    return g_steal_pointer (&tokens);
  g_set_error_literal (error, LW_ERROR, LW_ERROR_MALFORMED,
                       "The token endpoint granted no bearer token");
  return NULL;
}

LwEntraTokens *
lw_entra_request_tokens (LwHttp *http, const LwCloud *cloud, const char *tenant,
                         const LwEntraForm *form, gboolean repeat, GCancellable *cancellable,
                         GError **error)
{
  g_autofree char *url = lw_entra_build_url (cloud, tenant, "/oauth2/v2.0/token");
  gint64 now_us = lw_clock_get_now_us (lw_http_get_clock (http));
  g_autoptr (LwHttpResponse) response
      = lw_entra_post (http, cloud, url, form, repeat, cancellable, error);

  return response != NULL ? lw_entra_read_tokens (response, now_us, error) : NULL;
}

gboolean
lw_entra_is_loopback_url (const char *url)
{
  g_autoptr (GUri) uri = NULL;
  const char *host = NULL;

  g_return_val_if_fail (url != NULL, FALSE);

  for (const char *c = url; *c != '\0'; c++)
    if (!g_ascii_isgraph (*c) || *c == '\\')
      return FALSE;
  uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  if (uri == NULL || strcmp (g_uri_get_scheme (uri), "http") != 0
      || g_uri_get_userinfo (uri) != NULL || g_uri_get_port (uri) <= 0)
    return FALSE;
  host = g_uri_get_host (uri);
  return g_strcmp0 (host, "127.0.0.1") == 0 || g_strcmp0 (host, "::1") == 0
         || g_strcmp0 (host, "localhost") == 0;
}

char *
lw_entra_discover_authorize (LwHttp *http, const LwCloud *cloud, const char *tenant,
                             gboolean allow_loopback, GCancellable *cancellable, GError **error)
{
  g_autofree char *url
      = lw_entra_build_url (cloud, tenant, "/v2.0/.well-known/openid-configuration");
  g_autoptr (LwHttpRequest) request = lw_http_request_new ("GET", url);
  g_autoptr (LwHttpResponse) response = NULL;
  g_autoptr (LwJsonDocument) document = NULL;
  const char *endpoint = NULL;

  lw_http_request_set_max_body (request, MAX_ANSWER);
  response = lw_retry_send (http, request, NULL, cancellable, error);
  if (response == NULL)
    return NULL;
  if (lw_http_response_get_status (response) != 200)
    {
      lw_azure_error_set_from_response (error, response);
      return NULL;
    }
  document = lw_json_parse (lw_http_response_get_body (response), error);
  if (document == NULL)
    return NULL;
  endpoint
      = lw_json_need_string (lw_json_document_get_root (document), "authorization_endpoint", error);
  if (endpoint == NULL)
    return NULL;
  if (lw_cloud_trusts (cloud, LW_CLOUD_LOGIN, endpoint)
      || (allow_loopback && lw_entra_is_loopback_url (endpoint)))
    return g_strdup (endpoint);
  g_set_error_literal (error, LW_ERROR, LW_ERROR_UNTRUSTED_HOST,
                       "The sign-in page is not on the cloud's sign-in host");
  return NULL;
}

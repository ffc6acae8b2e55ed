/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The token endpoint: device code, authorization code, refresh token and client credentials become
 * tokens. A refresh token is not bound to a resource and works at any tenant of its account; each
 * use gives a new one and leaves the old one a short while, for a client that dies in between. */

#include <string.h>

#include "lwp-entra-redeem.h"
#include "lwp-entra.h"
#include "lwp-json.h"

#define ACCESS_SECS 4799
#define APPLICATION_SECS 86399
#define ID_TOKEN_SECS 3600
#define REFRESH_SECS (90 * 24 * 60 * 60)
#define OLD_REFRESH_SECS (10 * 60)

static const char *
get_field (GHashTable *form, const char *name)
{
  const char *value = g_hash_table_lookup (form, name);

  return value != NULL ? value : "";
}

static char *
encode_json (JsonObject *object)
{
  g_autofree char *text = lwp_json_to_string (object);

  return lwp_token_base64url (text, strlen (text));
}

static char *
make_id_token (LwpCloud *cloud, const LwpGrant *grant, const char *nonce)
{
  static const char header[] = "{\"typ\":\"JWT\",\"alg\":\"RS256\",\"kid\":\"practice\"}";
  g_autoptr (LwpCaller) caller = lwp_token_dup_caller (grant);
  g_autoptr (JsonObject) claims = json_object_new ();
  g_autofree char *issuer
      = g_strdup_printf ("https://" LWP_ENTRA_HOST "/%s/v2.0", grant->tenant);
  gint64 now = lwp_cloud_get_now_us (cloud) / G_USEC_PER_SEC;
  g_autofree char *head = lwp_token_base64url (header, strlen (header));
  g_autofree char *body = NULL;
  g_autofree char *signature = lwp_token_random (32);

  json_object_set_string_member (claims, "aud", grant->client);
  json_object_set_string_member (claims, "iss", issuer);
  json_object_set_int_member (claims, "iat", now);
  json_object_set_int_member (claims, "nbf", now);
  json_object_set_int_member (claims, "exp", now + ID_TOKEN_SECS);
  json_object_set_string_member (claims, "name", caller->name);
  json_object_set_string_member (claims, "preferred_username", caller->sign_in_name);
  json_object_set_string_member (claims, "oid", caller->object);
  json_object_set_string_member (claims, "sub", caller->object);
  json_object_set_string_member (claims, "tid", grant->tenant);
  json_object_set_string_member (claims, "ver", "2.0");
  if (nonce != NULL)
    json_object_set_string_member (claims, "nonce", nonce);
  body = encode_json (claims);
  return g_strjoin (".", head, body, signature, NULL);
}

static void
add_user_tokens (LwpCloud *cloud, GHashTable *form, const LwpGrant *grant, const char *scope,
                 JsonObject *body)
{
  if (lwp_entra_has_scope (scope, "offline_access"))
    {
      g_autoptr (LwpGrant) refresh = lwp_grant_new (
          grant->tenant, grant->account, grant->client, "",
          lwp_cloud_get_now_us (cloud) + REFRESH_SECS * G_TIME_SPAN_SECOND);
      g_autofree char *token = lwp_token_issue (cloud, LWP_TOKEN_REFRESH, refresh);

      json_object_set_string_member (body, "refresh_token", token);
      json_object_set_string_member (body, "foci", "1");
    }
  if (lwp_entra_has_scope (scope, "openid"))
    {
      g_autofree char *token
          = make_id_token (cloud, grant, lwp_json_get_string (grant->data, "nonce"));

      json_object_set_string_member (body, "id_token", token);
    }
  if (strcmp (get_field (form, "client_info"), "1") == 0)
    {
      gsize n_tenants;
      g_autoptr (JsonObject) info = json_object_new ();
      g_autofree char *text = NULL;

      json_object_set_string_member (info, "uid", grant->account);
      json_object_set_string_member (info, "utid", lwp_directory_get_tenants (&n_tenants)->id);
      text = encode_json (info);
      json_object_set_string_member (body, "client_info", text);
    }
}

/* @grant says who; the tokens are for @tenant and for what @scope names. */
static LwpResponse *
answer_tokens (LwpCloud *cloud, LwpRequest *request, GHashTable *form, const LwpGrant *grant,
               const LwpTenant *tenant, const char *scope, gboolean application)
{
  const char *resource;
  LwpResponse *refusal = lwp_entra_check_scope (request, scope, &resource);
  gint64 life_secs = application ? APPLICATION_SECS : ACCESS_SECS;
  g_autoptr (LwpGrant) access = NULL;
  g_autofree char *token = NULL;
  JsonObject *body;

  if (refusal != NULL)
    return refusal;
  access = lwp_grant_new (tenant->id, grant->account, grant->client, resource,
                          lwp_cloud_get_now_us (cloud) + life_secs * G_TIME_SPAN_SECOND);
  if (grant->data != NULL)
    access->data = json_object_ref (grant->data);
  token = lwp_token_issue (cloud, LWP_TOKEN_ACCESS, access);
  body = json_object_new ();
  json_object_set_string_member (body, "token_type", "Bearer");
  if (!application)
    json_object_set_string_member (body, "scope", scope);
  json_object_set_int_member (body, "expires_in", life_secs);
  json_object_set_int_member (body, "ext_expires_in", life_secs);
  json_object_set_string_member (body, "access_token", token);
  if (!application)
    add_user_tokens (cloud, form, access, scope, body);
  return lwp_entra_finish (request, lwp_response_new_json (200, body));
}

static const LwpTenant *
get_grant_tenant (LwpRequest *request, const LwpGrant *grant, const LwpTenant *tenant)
{
  const char *name = lwp_request_get_param (request, "tenant");

  /* "organizations" means where the person signed in. */
  return lwp_directory_is_any_tenant (name) ? lwp_directory_find_tenant (grant->tenant) : tenant;
}

static LwpResponse *
redeem_refresh (LwpCloud *cloud, LwpRequest *request, GHashTable *form, const LwpTenant *tenant)
{
  const char *token = get_field (form, "refresh_token");
  const char *client = get_field (form, "client_id");
  g_autoptr (LwpGrant) grant = lwp_token_find (cloud, LWP_TOKEN_REFRESH, token);
  gint64 now_us = lwp_cloud_get_now_us (cloud);
  gint64 end_us = now_us + OLD_REFRESH_SECS * G_TIME_SPAN_SECOND;
  LwpResponse *response;

  if (grant == NULL || strcmp (grant->client, client) != 0)
    return lwp_entra_new_error (request, "invalid_grant", 9002313,
                                "Invalid request. The refresh token is malformed or unknown.");
  if (grant->expires_us <= now_us)
    return lwp_entra_new_error (request, "invalid_grant", 700082,
                                "The refresh token has expired due to inactivity.");
  response = answer_tokens (cloud, request, form, grant,
                            get_grant_tenant (request, grant, tenant), get_field (form, "scope"),
                            FALSE);
  if (lwp_response_get_status (response) == 200)
    {
      grant->expires_us = MIN (grant->expires_us, end_us);
      lwp_token_keep (cloud, LWP_TOKEN_REFRESH, token, grant);
    }
  return response;
}

static LwpResponse *
redeem_application (LwpCloud *cloud, LwpRequest *request, GHashTable *form,
                    const LwpTenant *tenant)
{
  const char *client = get_field (form, "client_id");
  const char *secret = get_field (form, "client_secret");
  const LwpAccount *account = lwp_directory_check_application (client, secret);
  g_autoptr (LwpGrant) grant = NULL;

  if (*secret == '\0')
    return lwp_entra_new_error (request, "invalid_client", 7000218,
                                "The request body must contain the following parameter: "
                                "'client_assertion' or 'client_secret'.");
  if (account == NULL)
    return lwp_entra_new_error (request, "invalid_client", 7000215,
                                "Invalid client secret provided.");
  grant = lwp_grant_new (tenant->id, account->object, client, "", 0);
  return answer_tokens (cloud, request, form, grant, tenant, get_field (form, "scope"), TRUE);
}

static LwpResponse *
redeem_person (LwpCloud *cloud, LwpRequest *request, GHashTable *form, const LwpTenant *tenant,
               gboolean device)
{
  const char *client = get_field (form, "client_id");
  g_autoptr (LwpGrant) grant = NULL;
  G_GNUC_UNUSED g_autoptr (LwpStoreTransaction) hold = lwp_cloud_hold (cloud);
  LwpResponse *refusal
      = device ? lwp_entra_redeem_device (cloud, request, get_field (form, "device_code"), client,
                                          &grant)
               : lwp_entra_redeem_code (cloud, request, form, client, &grant);
  const char *scope = get_field (form, "scope");
  const char *granted;

  if (refusal != NULL)
    return refusal;
  granted = lwp_json_get_string (grant->data, "scope");
  return answer_tokens (cloud, request, form, grant, get_grant_tenant (request, grant, tenant),
                        *scope != '\0' ? scope : granted, FALSE);
}

static LwpResponse *
take_request (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  g_autoptr (GHashTable) form = lwp_request_dup_form (request);
  const char *grant = get_field (form, "grant_type");
  LwpResponse *refusal = NULL;
  const LwpTenant *tenant = lwp_entra_find_tenant (request, &refusal);

  if (tenant == NULL)
    return refusal;
  if (*get_field (form, "client_id") == '\0' || *grant == '\0')
    return lwp_entra_new_error (request, "invalid_request", 900144,
                                "The request body must contain the following parameter: '%s'.",
                                *grant == '\0' ? "grant_type" : "client_id");
  if (strcmp (grant, "urn:ietf:params:oauth:grant-type:device_code") == 0
      || strcmp (grant, "device_code") == 0)
    return redeem_person (cloud, request, form, tenant, TRUE);
  if (strcmp (grant, "authorization_code") == 0)
    return redeem_person (cloud, request, form, tenant, FALSE);
  if (strcmp (grant, "refresh_token") == 0)
    return redeem_refresh (cloud, request, form, tenant);
  if (strcmp (grant, "client_credentials") == 0)
    return redeem_application (cloud, request, form, tenant);
  return lwp_entra_new_error (request, "unsupported_grant_type", 70003,
                              "The app requested an unsupported grant type '%s'.", grant);
}

static const LwpRoute routes[] = {
  { "POST", "/{tenant}/oauth2/v2.0/token", take_request, LWP_ROUTE_OPEN },
};

void
lwp_entra_add_token (LwpCloud *cloud)
{
  lwp_router_add (lwp_cloud_get_router (cloud), LWP_ENTRA_HOST, routes, G_N_ELEMENTS (routes),
                  NULL);
}

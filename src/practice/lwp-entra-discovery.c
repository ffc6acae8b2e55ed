/* SPDX-License-Identifier: GPL-3.0-or-later */

/* OpenID Connect discovery and instance discovery, which MSAL reads first. The addresses that a
 * person's browser opens are those of the pages on plain loopback HTTP, because a browser does not
 * go through the practice cloud's proxy. */

#include <string.h>

#include "lwp-entra.h"
#include "lwp-json.h"

static LwpResponse *
show_configuration (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  const char *name = lwp_request_get_param (request, "tenant");
  LwpResponse *refusal = NULL;
  const LwpTenant *tenant = lwp_entra_find_tenant (request, &refusal);
  gboolean many;
  const char *issuer_tenant;
  g_autofree char *base = NULL;
  g_autofree char *issuer = NULL;
  JsonObject *body;

  if (tenant == NULL)
    return refusal;
  many = lwp_directory_is_any_tenant (name);
  issuer_tenant = many ? "{tenantid}" : tenant->id;
  base = g_strdup_printf ("https://" LWP_ENTRA_HOST "/%s", many ? name : tenant->id);
  issuer = g_strdup_printf ("https://" LWP_ENTRA_HOST "/%s/v2.0", issuer_tenant);
  body = lwp_json_new (
      "{'token_endpoint_auth_methods_supported':['client_secret_post','private_key_jwt'],"
      "'response_modes_supported':['query','form_post'],'subject_types_supported':['pairwise'],"
      "'id_token_signing_alg_values_supported':['RS256'],'response_types_supported':['code'],"
      "'scopes_supported':['openid','profile','email','offline_access'],"
      "'claims_supported':['sub','iss','aud','exp','iat','nonce','preferred_username','name','tid',"
      "'ver'],'request_uri_parameter_supported':false,'tenant_region_scope':null,"
      "'cloud_instance_name':'microsoftonline.com',"
      "'cloud_graph_host_name':'graph.windows.net','msgraph_host':'graph.microsoft.com',"
      "'rbac_url':'https://pas.windows.net'}");
  json_object_set_string_member (body, "issuer", issuer);
  for (gsize i = 0; i < 5; i++)
    {
      static const struct
      {
        const char *member;
        const char *path;
        gboolean browser;
      } endpoints[] = {
        { "token_endpoint", "oauth2/v2.0/token", FALSE },
        { "jwks_uri", "discovery/v2.0/keys", FALSE },
        { "device_authorization_endpoint", "oauth2/v2.0/devicecode", FALSE },
        { "authorization_endpoint", "oauth2/v2.0/authorize", TRUE },
        { "end_session_endpoint", "oauth2/v2.0/logout", TRUE },
      };
      g_autofree char *browser_base
          = g_strconcat (lwp_cloud_get_browser_uri (cloud), strrchr (base, '/'), NULL);
      g_autofree char *uri = g_strconcat (endpoints[i].browser ? browser_base : base, "/",
                                          endpoints[i].path, NULL);

      json_object_set_string_member (body, endpoints[i].member, uri);
    }
  return lwp_entra_finish (request, lwp_response_new_json (200, body));
}

static LwpResponse *
show_instance (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  const char *endpoint = lwp_request_get_query (request, "authorization_endpoint");
  g_autoptr (GUri) uri = endpoint != NULL ? g_uri_parse (endpoint, G_URI_FLAGS_NONE, NULL) : NULL;
  const char *path = uri != NULL ? g_uri_get_path (uri) : "";
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);
  g_autofree char *discovery = NULL;
  JsonObject *body;

  if (uri == NULL || g_strcmp0 (g_uri_get_host (uri), LWP_ENTRA_HOST) != 0
      || g_strv_length (parts) < 2)
    return lwp_entra_new_error (request, "invalid_instance", 50049,
                                "Unknown or invalid instance.");
  discovery = g_strdup_printf (
      "https://" LWP_ENTRA_HOST "/%s/v2.0/.well-known/openid-configuration", parts[1]);
  body = lwp_json_new ("{'api-version':'1.1','metadata':[{"
                       "'preferred_network':'login.microsoftonline.com',"
                       "'preferred_cache':'login.windows.net',"
                       "'aliases':['login.microsoftonline.com','login.windows.net',"
                       "'login.microsoft.com','sts.windows.net']}]}");
  json_object_set_string_member (body, "tenant_discovery_endpoint", discovery);
  return lwp_entra_finish (request, lwp_response_new_json (200, body));
}

/* The tokens are not signed: clients get them from the token endpoint over TLS and have no need to
 * check a signature. */
static LwpResponse *
show_keys (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  return lwp_entra_finish (request, lwp_response_new_json (200, lwp_json_new ("{'keys':[]}")));
}

static const LwpRoute routes[] = {
  { "GET", "/{tenant}/v2.0/.well-known/openid-configuration", show_configuration, LWP_ROUTE_OPEN },
  { "GET", "/{tenant}/.well-known/openid-configuration", show_configuration, LWP_ROUTE_OPEN },
  { "GET", "/common/discovery/instance", show_instance, LWP_ROUTE_OPEN },
  { "GET", "/{tenant}/discovery/v2.0/keys", show_keys, LWP_ROUTE_OPEN },
  { "GET", "/{tenant}/discovery/keys", show_keys, LWP_ROUTE_OPEN },
};

void
lwp_entra_add_discovery (LwpCloud *cloud)
{
  lwp_router_add (lwp_cloud_get_router (cloud), LWP_ENTRA_HOST, routes, G_N_ELEMENTS (routes),
                  NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Authorization code flow with PKCE (RFC 6749, 7636, 8252): the page in the person's browser, the
 * way back to the loopback address of the application, and the check when the code is redeemed.
 * What a page asked for waits in the store under a random session id that only this page knows. */

#include <string.h>

#include "lwp-entra-redeem.h"
#include "lwp-entra.h"
#include "lwp-json.h"

#define SESSION_SECS (15 * 60)
#define CODE_SECS (10 * 60)
#define SECRET_BYTES 32
#define MIN_VERIFIER_CHARS 43
#define MAX_VERIFIER_CHARS 128

/* Entra lets a public client go back to http://localhost on any port; 127.0.0.1 is the same. */
static gboolean
is_loopback (const char *redirect)
{
  g_autoptr (GUri) uri = redirect != NULL ? g_uri_parse (redirect, G_URI_FLAGS_NONE, NULL) : NULL;

  return uri != NULL && strcmp (g_uri_get_scheme (uri), "http") == 0
         && (g_strcmp0 (g_uri_get_host (uri), "localhost") == 0
             || g_strcmp0 (g_uri_get_host (uri), "127.0.0.1") == 0)
         && g_uri_get_userinfo (uri) == NULL && g_uri_get_fragment (uri) == NULL;
}

static LwpResponse *
show_problem (LwpRequest *request, guint code, const char *english, const char *korean)
{
  g_autoptr (LwpPage) page = lwp_page_new (request);

  lwp_page_add_text (page, english, korean);
  g_string_append_printf (page->body, "<p>AADSTS%u</p>", code);
  return lwp_page_to_response (page, 400, "Sign-in did not work", "로그인하지 못했습니다", FALSE);
}

static void
append_field (GString *query, const char *name, const char *value)
{
  g_autofree char *escaped = g_uri_escape_string (value, NULL, FALSE);

  g_string_append_printf (query, "%s%s=%s", query->len > 0 ? "&" : "", name, escaped);
}

/* Back to the application: by redirect, or by a form that sends itself. */
static LwpResponse *
go_back (LwpRequest *request, JsonObject *session, const char *name, const char *value,
         const char *description)
{
  const char *redirect = lwp_json_get_string (session, "redirect_uri");
  const char *state = lwp_json_get_string (session, "state");
  g_autoptr (GString) query = g_string_new (NULL);
  g_autofree char *location = NULL;
  LwpResponse *response;

  if (g_strcmp0 (lwp_json_get_string (session, "response_mode"), "form_post") == 0)
    {
      g_autoptr (LwpPage) page = lwp_page_new (request);

      lwp_page_begin_form (page, redirect);
      lwp_page_add_hidden (page, name, value);
      if (description != NULL)
        lwp_page_add_hidden (page, "error_description", description);
      if (state != NULL)
        lwp_page_add_hidden (page, "state", state);
      lwp_page_add_button (page, TRUE, "go", "1", "Continue", "계속");
      lwp_page_end_form (page);
      return lwp_page_to_response (page, 200, "Going back to the application",
                                   "앱으로 돌아가는 중", TRUE);
    }
  append_field (query, name, value);
  if (description != NULL)
    append_field (query, "error_description", description);
  if (state != NULL)
    append_field (query, "state", state);
  location = g_strconcat (redirect, strchr (redirect, '?') != NULL ? "&" : "?", query->str, NULL);
  response = lwp_response_new (303);
  lwp_response_set_header (response, "Location", location);
  lwp_response_set_header (response, "Cache-Control", "no-store");
  return response;
}

static LwpResponse *
grant_code (LwpCloud *cloud, LwpRequest *request, const LwpGrant *session, const char *account)
{
  g_autofree char *code = lwp_token_random (SECRET_BYTES);
  g_autoptr (LwpGrant) grant = lwp_grant_new (
      session->tenant, account, session->client, session->resource,
      lwp_cloud_get_now_us (cloud) + CODE_SECS * G_TIME_SPAN_SECOND);

  grant->data = json_object_ref (session->data);
  lwp_token_keep (cloud, LWP_TOKEN_CODE, code, grant);
  return go_back (request, session->data, "code", code, NULL);
}

static void
keep_query (LwpRequest *request, JsonObject *data, const char *name)
{
  const char *value = lwp_request_get_query (request, name);

  if (value != NULL)
    json_object_set_string_member (data, name, value);
}

static JsonObject *
copy_query (LwpRequest *request)
{
  static const char *const names[]
      = { "redirect_uri", "state", "scope", "nonce", "code_challenge", "response_mode" };
  JsonObject *data = json_object_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    keep_query (request, data, names[i]);
  return data;
}

/* NULL when the request can be shown to a person. */
static LwpResponse *
check_query (LwpRequest *request, JsonObject *data)
{
  const char *type = lwp_request_get_query (request, "response_type");
  const char *mode = lwp_request_get_query (request, "response_mode");
  const char *method = lwp_request_get_query (request, "code_challenge_method");
  const char *challenge = lwp_request_get_query (request, "code_challenge");
  const char *prompt = lwp_request_get_query (request, "prompt");

  if (g_strcmp0 (type, "code") != 0)
    return go_back (request, data, "error", "unsupported_response_type",
                    "AADSTS70005: response_type must be code.");
  if (mode != NULL && strcmp (mode, "query") != 0 && strcmp (mode, "form_post") != 0)
    return go_back (request, data, "error", "invalid_request",
                    "AADSTS9000411: The response_mode is not supported.");
  if (challenge != NULL && g_strcmp0 (method, "S256") != 0)
    return go_back (request, data, "error", "invalid_request",
                    "AADSTS501491: code_challenge_method must be S256.");
  if (g_strcmp0 (prompt, "none") == 0)
    return go_back (request, data, "error", "login_required",
                    "AADSTS50058: A silent sign-in request was sent but no user is signed in.");
  return NULL;
}

static LwpResponse *
authorize (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  const LwpTenant *tenant
      = lwp_directory_find_tenant (lwp_request_get_param (request, "tenant"));
  const char *client = lwp_request_get_query (request, "client_id");
  const char *scope = lwp_request_get_query (request, "scope");
  const char *resource = "graph";
  g_autoptr (JsonObject) data = copy_query (request);
  g_autoptr (LwpGrant) session = NULL;
  g_autofree char *id = NULL;
  g_autoptr (LwpPage) page = NULL;
  LwpResponse *refusal;
  gsize n_accounts;

  if (tenant == NULL)
    return show_problem (request, 90002, "There is no such tenant.", "해당 테넌트가 없습니다.");
  if (client == NULL || scope == NULL)
    return show_problem (request, 900144, "The request has no client_id or no scope.",
                         "요청에 client_id 또는 scope가 없습니다.");
  if (!is_loopback (lwp_request_get_query (request, "redirect_uri")))
    return show_problem (request, 50011,
                         "The address to go back to is not one of this computer.",
                         "돌아갈 주소가 이 컴퓨터의 주소가 아닙니다.");
  refusal = check_query (request, data);
  if (refusal != NULL)
    return refusal;
  refusal = lwp_entra_check_scope (request, scope, &resource);
  if (refusal != NULL)
    return refusal;
  session = lwp_grant_new (tenant->id, "", client, resource,
                           lwp_cloud_get_now_us (cloud) + SESSION_SECS * G_TIME_SPAN_SECOND);
  session->data = g_steal_pointer (&data);
  if (lwp_cloud_get_auto_approve (cloud))
    return grant_code (cloud, request, session,
                       lwp_directory_get_accounts (&n_accounts)->object);
  id = lwp_token_random (SECRET_BYTES);
  lwp_token_keep (cloud, LWP_TOKEN_SESSION, id, session);
  page = lwp_page_new (request);
  lwp_page_add_text (page, "Pick the account with which the application signs in.",
                     "앱이 로그인할 계정을 선택하세요.");
  lwp_page_add_accounts (page, "/practice/answer", id);
  return lwp_page_to_response (page, 200, "Pick an account", "계정 선택", FALSE);
}

static LwpResponse *
take_answer (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  g_autoptr (GHashTable) form = lwp_request_dup_form (request);
  const char *id = g_hash_table_lookup (form, "session");
  const char *object = g_hash_table_lookup (form, "account");
  g_autoptr (LwpGrant) session
      = id != NULL ? lwp_token_find (cloud, LWP_TOKEN_SESSION, id) : NULL;

  if (session == NULL || session->expires_us <= lwp_cloud_get_now_us (cloud)
      || !lwp_token_revoke (cloud, LWP_TOKEN_SESSION, id))
    return show_problem (request, 50089,
                         "This page is too old. Start the sign-in again in the application.",
                         "페이지가 만료되었습니다. 앱에서 다시 로그인하세요.");
  if (object == NULL || lwp_directory_find_account (object) == NULL)
    return go_back (request, session->data, "error", "access_denied",
                    "AADSTS65004: User declined to consent to access the app.");
  return grant_code (cloud, request, session, object);
}

static LwpResponse *
sign_out (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  const char *back = lwp_request_get_query (request, "post_logout_redirect_uri");
  g_autoptr (LwpPage) page = NULL;
  LwpResponse *response;

  if (is_loopback (back))
    {
      response = lwp_response_new (303);
      lwp_response_set_header (response, "Location", back);
      return response;
    }
  page = lwp_page_new (request);
  lwp_page_add_text (page, "You have signed out. You can close this window.",
                     "로그아웃했습니다. 이 창을 닫아도 됩니다.");
  return lwp_page_to_response (page, 200, "Signed out", "로그아웃됨", FALSE);
}

static gboolean
verifier_fits (const char *challenge, const char *verifier)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *expected = NULL;
  guint8 digest[32];
  gsize size = sizeof digest;

  if (verifier == NULL || strlen (verifier) < MIN_VERIFIER_CHARS
      || strlen (verifier) > MAX_VERIFIER_CHARS)
    return FALSE;
  g_checksum_update (checksum, (const guchar *) verifier, -1);
  g_checksum_get_digest (checksum, digest, &size);
  expected = lwp_token_base64url (digest, size);
  return strcmp (expected, challenge) == 0;
}

LwpResponse *
lwp_entra_redeem_code (LwpCloud *cloud, LwpRequest *request, GHashTable *form, const char *client,
                       LwpGrant **grant)
{
  const char *code = g_hash_table_lookup (form, "code");
  const char *redirect = g_hash_table_lookup (form, "redirect_uri");
  g_autoptr (LwpGrant) found = code != NULL ? lwp_token_find (cloud, LWP_TOKEN_CODE, code) : NULL;
  const char *challenge;

  if (found == NULL)
    return lwp_entra_new_error (request, "invalid_grant", 54005,
                                "OAuth2 authorization code is unknown or was already redeemed.");
  /* Whatever comes of it, a code works once. */
  lwp_token_revoke (cloud, LWP_TOKEN_CODE, code);
  challenge = lwp_json_get_string (found->data, "code_challenge");
  if (found->expires_us <= lwp_cloud_get_now_us (cloud))
    return lwp_entra_new_error (request, "invalid_grant", 70008,
                                "The provided authorization code has expired.");
  if (strcmp (found->client, client) != 0)
    return lwp_entra_new_error (request, "invalid_grant", 700005,
                                "The authorization code was issued to another client.");
  if (g_strcmp0 (redirect, lwp_json_get_string (found->data, "redirect_uri")) != 0)
    return lwp_entra_new_error (request, "invalid_grant", 500112,
                                "The reply address does not match the one of the code.");
  if (challenge != NULL && !verifier_fits (challenge, g_hash_table_lookup (form, "code_verifier")))
    return lwp_entra_new_error (request, "invalid_grant", 501481,
                                "The Code_Verifier does not match the code_challenge supplied in "
                                "the authorization request.");
  *grant = g_steal_pointer (&found);
  return NULL;
}

static const LwpRoute routes[] = {
  { "GET", "/{tenant}/oauth2/v2.0/authorize", authorize, LWP_ROUTE_OPEN },
  { "GET", "/{tenant}/oauth2/v2.0/logout", sign_out, LWP_ROUTE_OPEN },
  { "POST", "/practice/answer", take_answer, LWP_ROUTE_OPEN },
};

void
lwp_entra_add_authorize (LwpCloud *cloud)
{
  LwpRouter *router = lwp_cloud_get_router (cloud);

  /* On Entra's own host, too, for a browser that does go through the proxy. */
  lwp_router_add (router, LWP_BROWSER_HOST, routes, G_N_ELEMENTS (routes), NULL);
  lwp_router_add (router, LWP_ENTRA_HOST, routes, G_N_ELEMENTS (routes), NULL);
}

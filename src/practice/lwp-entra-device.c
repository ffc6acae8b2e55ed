/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Device authorization grant (RFC 8628): the code endpoint, and the pages on which a person types
 * the code and says yes or no. A device code ends in its user code, so that the answer to the
 * latter is found from the former while both are stored as hashes only. Any thread. */

#include "lwp-entra-redeem.h"

#include <string.h>

#include "lwp-entra.h"
#include "lwp-json.h"

#define LIFE_SECS 900
/* Entra asks for 5 s; here a person is near. */
#define INTERVAL_SECS 2
#define USER_CODE_CHARS 9
/* No vowels, so no words; nothing that looks like something else. */
static const char alphabet[] = "BCDFGHJKLMNPQRSTVWXZ23456789";

static char *
make_user_code (void)
{
  g_autofree char *random = lwp_token_random (4 * USER_CODE_CHARS);
  char *code = g_malloc0 (USER_CODE_CHARS + 1);

  /* Each letter from several bytes of randomness, so that the remainder's bias is nothing. */
  for (gsize i = 0; i < USER_CODE_CHARS; i++)
    {
      guint32 number = 0;

      for (gsize j = 0; j < 5; j++)
        number = number * 67 + (guint8) random[5 * i + j];
      code[i] = alphabet[number % (sizeof alphabet - 1)];
    }
  return code;
}

static LwpResponse *
answer_code (LwpCloud *cloud, LwpRequest *request, const char *device, const char *user)
{
  LwpPage *page = lwp_page_new (request);
  JsonObject *body = json_object_new ();
  g_autofree char *uri = g_strconcat (lwp_cloud_get_browser_uri (cloud), "/devicelogin", NULL);
  g_autofree char *message = g_strdup_printf (
      lwp_page_text (page,
                     "To sign in, use a web browser to open the page %s and enter the code %s to "
                     "authenticate.",
                     "로그인하려면 웹 브라우저를 사용하여 %s 페이지를 열고 %s 코드를 입력하여 "
                     "인증하세요."),
      uri, user);

  lwp_page_free (page);
  json_object_set_string_member (body, "user_code", user);
  json_object_set_string_member (body, "device_code", device);
  json_object_set_string_member (body, "verification_uri", uri);
  json_object_set_int_member (body, "expires_in", LIFE_SECS);
  json_object_set_int_member (body, "interval", INTERVAL_SECS);
  json_object_set_string_member (body, "message", message);
  return lwp_entra_finish (request, lwp_response_new_json (200, body));
}

static LwpResponse *
begin (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  g_autoptr (GHashTable) form = lwp_request_dup_form (request);
  const char *client = g_hash_table_lookup (form, "client_id");
  const char *scope = g_hash_table_lookup (form, "scope");
  const char *resource;
  LwpResponse *refusal = NULL;
  const LwpTenant *tenant = lwp_entra_find_tenant (request, &refusal);
  g_autoptr (LwpGrant) grant = NULL;
  g_autofree char *user = NULL;
  g_autofree char *random = NULL;
  g_autofree char *device = NULL;

  if (tenant == NULL)
    return refusal;
  if (client == NULL || scope == NULL)
    return lwp_entra_new_error (
        request, "invalid_request", 900144,
        "The request body must contain the following parameter: '%s'.",
        client == NULL ? "client_id" : "scope");
  refusal = lwp_entra_check_scope (request, scope, &resource);
  if (refusal != NULL)
    return refusal;
  user = make_user_code ();
  random = lwp_token_random (48);
  device = g_strconcat (random, user, NULL);
  grant = lwp_grant_new (tenant->id, "", client, resource,
                         lwp_cloud_get_now_us (cloud) + LIFE_SECS * G_TIME_SPAN_SECOND);
  grant->data = json_object_new ();
  json_object_set_string_member (grant->data, "scope", scope);
  lwp_token_keep (cloud, LWP_TOKEN_DEVICE, device, grant);
  json_object_set_string_member (
      grant->data, "answer", lwp_cloud_get_auto_approve (cloud) ? "approved" : "pending");
  if (lwp_cloud_get_auto_approve (cloud))
    {
      gsize n_accounts;

      g_free (grant->account);
      grant->account = g_strdup (lwp_directory_get_accounts (&n_accounts)->object);
    }
  lwp_token_keep (cloud, LWP_TOKEN_USER_CODE, user, grant);
  return answer_code (cloud, request, device, user);
}

static LwpResponse *
show_entry (LwpRequest *request, gboolean wrong)
{
  g_autoptr (LwpPage) page = lwp_page_new (request);

  if (wrong)
    lwp_page_add_text (page, "That code did not work. Check the code and try again.",
                       "코드가 올바르지 않습니다. 코드를 확인하고 다시 시도하세요.");
  lwp_page_add_text (page, "Enter the code that the application shows.",
                     "앱에 표시된 코드를 입력하세요.");
  lwp_page_begin_form (page, "/devicelogin");
  g_string_append_printf (page->body,
                          "<input name=\"code\" aria-label=\"%s\" maxlength=\"16\" required "
                          "autofocus autocomplete=\"off\" spellcheck=\"false\">",
                          lwp_page_text (page, "Code", "코드"));
  lwp_page_add_button (page, TRUE, "next", "1", "Next", "다음");
  lwp_page_end_form (page);
  return lwp_page_to_response (page, 200, "Enter code", "코드 입력", FALSE);
}

static LwpResponse *
show_entry_page (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  return show_entry (request, FALSE);
}

/* The waiting grant of a user code that a person typed. */
static LwpGrant *
find_waiting (LwpCloud *cloud, const char *code)
{
  g_autoptr (LwpGrant) grant = lwp_token_find (cloud, LWP_TOKEN_USER_CODE, code);

  if (grant == NULL || grant->expires_us <= lwp_cloud_get_now_us (cloud)
      || g_strcmp0 (lwp_json_get_string (grant->data, "answer"), "pending") != 0)
    return NULL;
  return g_steal_pointer (&grant);
}

static char *
clean_code (const char *text)
{
  GString *code = g_string_new (NULL);

  for (; *text != '\0' && code->len < 2 * USER_CODE_CHARS; text++)
    if (g_ascii_isalnum (*text))
      g_string_append_c (code, g_ascii_toupper (*text));
  return g_string_free (code, FALSE);
}

static LwpResponse *
take_code (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  g_autoptr (GHashTable) form = lwp_request_dup_form (request);
  const char *text = g_hash_table_lookup (form, "code");
  g_autofree char *code = clean_code (text != NULL ? text : "");
  g_autoptr (LwpGrant) grant = find_waiting (cloud, code);
  g_autoptr (LwpPage) page = NULL;

  if (grant == NULL)
    return show_entry (request, TRUE);
  page = lwp_page_new (request);
  lwp_page_add_text (page,
                     "An application asks to sign in to the practice cloud as you. Go on only if "
                     "you started it yourself.",
                     "앱이 사용자 이름으로 연습 클라우드에 로그인하려고 합니다. 직접 시작한 경우에만 "
                     "계속하세요.");
  lwp_page_add_accounts (page, "/devicelogin/answer", code);
  return lwp_page_to_response (page, 200, "Pick an account", "계정 선택", FALSE);
}

static LwpResponse *
take_answer (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  g_autoptr (GHashTable) form = lwp_request_dup_form (request);
  const char *code = g_hash_table_lookup (form, "session");
  const char *object = g_hash_table_lookup (form, "account");
  g_autoptr (LwpGrant) grant = code != NULL ? find_waiting (cloud, code) : NULL;
  gboolean approved = object != NULL && lwp_directory_find_account (object) != NULL;
  g_autoptr (LwpPage) page = NULL;

  if (grant == NULL)
    return show_entry (request, TRUE);
  g_free (grant->account);
  grant->account = g_strdup (approved ? object : "");
  json_object_set_string_member (grant->data, "answer", approved ? "approved" : "declined");
  lwp_token_keep (cloud, LWP_TOKEN_USER_CODE, code, grant);
  page = lwp_page_new (request);
  if (approved)
    lwp_page_add_text (page, "You have signed in. You can close this window.",
                       "로그인했습니다. 이 창을 닫아도 됩니다.");
  else
    lwp_page_add_text (page, "You have declined. You can close this window.",
                       "로그인을 거부했습니다. 이 창을 닫아도 됩니다.");
  return lwp_page_to_response (page, 200, approved ? "Signed in" : "Declined",
                               approved ? "로그인됨" : "거부됨", FALSE);
}

LwpResponse *
lwp_entra_redeem_device (LwpCloud *cloud, LwpRequest *request, const char *code,
                         const char *client, LwpGrant **grant)
{
  g_autoptr (LwpGrant) device = lwp_token_find (cloud, LWP_TOKEN_DEVICE, code);
  g_autoptr (LwpGrant) user = NULL;
  const char *answer;

  if (device != NULL && strcmp (device->client, client) == 0)
    user = lwp_token_find (cloud, LWP_TOKEN_USER_CODE, code + strlen (code) - USER_CODE_CHARS);
  if (user == NULL)
    return lwp_entra_new_error (request, "bad_verification_code", 70018,
                                "The verification code is invalid.");
  if (device->expires_us <= lwp_cloud_get_now_us (cloud))
    return lwp_entra_new_error (request, "expired_token", 70019, "The verification code has "
                                                                 "expired.");
  answer = lwp_json_get_string (user->data, "answer");
  if (g_strcmp0 (answer, "declined") == 0)
    return lwp_entra_new_error (request, "authorization_declined", 70020,
                                "The end user denied the authorization request.");
  if (g_strcmp0 (answer, "approved") != 0)
    return lwp_entra_new_error (request, "authorization_pending", 70016,
                                "OAuth 2.0 device flow error. Authorization is pending. Continue "
                                "polling.");
  if (!lwp_token_revoke (cloud, LWP_TOKEN_DEVICE, code))
    return lwp_entra_new_error (request, "bad_verification_code", 70018,
                                "The verification code was used already.");
  lwp_token_revoke (cloud, LWP_TOKEN_USER_CODE, code + strlen (code) - USER_CODE_CHARS);
  *grant = g_steal_pointer (&user);
  return NULL;
}

static const LwpRoute entra_routes[] = {
  { "POST", "/{tenant}/oauth2/v2.0/devicecode", begin, LWP_ROUTE_OPEN },
};

static const LwpRoute browser_routes[] = {
  { "GET", "/devicelogin", show_entry_page, LWP_ROUTE_OPEN },
  { "POST", "/devicelogin", take_code, LWP_ROUTE_OPEN },
  { "POST", "/devicelogin/answer", take_answer, LWP_ROUTE_OPEN },
};

void
lwp_entra_add_device (LwpCloud *cloud)
{
  LwpRouter *router = lwp_cloud_get_router (cloud);

  lwp_router_add (router, LWP_ENTRA_HOST, entra_routes, G_N_ELEMENTS (entra_routes), NULL);
  lwp_router_add (router, LWP_BROWSER_HOST, browser_routes, G_N_ELEMENTS (browser_routes), NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Signing in by browser and by device code, with the test as Entra, as the browser, and as what
 * goes wrong between them. */

#include <gio/gio.h>
#include <string.h>

#include "azure-stage.h"
#include "lw-base64url.h"
#include "lw-error.h"
#include "lw-pkce.h"
#include "lw-sign-in.h"

#define ORGANIZATIONS AZURE_STAGE_LOGIN "/organizations"
#define TOKEN ORGANIZATIONS "/oauth2/v2.0/token"
#define DEVICE ORGANIZATIONS "/oauth2/v2.0/devicecode?mkt=ko-KR"
#define DISCOVERY ORGANIZATIONS "/v2.0/.well-known/openid-configuration"
#define OBJECT "11111111-1111-1111-1111-111111111111"
#define ACCOUNT OBJECT "." AZURE_STAGE_TENANT

typedef struct
{
  AzureStage *stage;
  LwTokenStore *store;
  LwSignInOptions options;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->stage = azure_stage_new ();
  self->store = lw_token_store_new_memory ();
  self->options = (LwSignInOptions){
    .cloud = lw_cloud_get_public (),
    .cloud_id = "AzureCloud",
    .tenant = "organizations",
    .client_id = AZURE_STAGE_CLIENT,
    .language = "ko-KR",
    .store = self->store,
    .store_label = "Labwalk",
  };
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  lw_token_store_unref (self->store);
  azure_stage_free (self->stage);
}

/* What the token endpoint grants to the person of the test. */
static char *
make_grant (const char *nonce, const char *audience)
{
  g_autofree char *claims = g_strdup_printf (
      "{\"aud\":\"%s\",\"oid\":\"" OBJECT "\",\"tid\":\"" AZURE_STAGE_TENANT "\",\"nonce\":\"%s\","
      "\"preferred_username\":\"haneul@labwalk.example\",\"name\":\"하늘\"}",
      audience, nonce);
  g_autofree char *part = lw_base64url_encode ((const guint8 *) claims, strlen (claims));

  return g_strdup_printf ("{\"token_type\":\"Bearer\",\"expires_in\":3600,\"access_token\":\"a\","
                          "\"refresh_token\":\"r\",\"id_token\":\"x.%s.y\"}",
                          part);
}

static void
assert_signed_in (Fixture *self, LwAccount *account, const char *method)
{
  const LwAccountInfo *info = lw_account_get_info (account);
  g_autoptr (LwSecret) stored
      = lw_token_store_load (self->store, "AzureCloud", ACCOUNT, NULL, NULL);
  g_autoptr (LwSecret) token = lw_account_get_token (
      account, NULL, "https://management.azure.com/.default", 300, NULL, NULL);

  g_assert_cmpstr (info->cloud_id, ==, "AzureCloud");
  g_assert_cmpstr (info->account_id, ==, ACCOUNT);
  g_assert_cmpstr (info->tenant_id, ==, AZURE_STAGE_TENANT);
  g_assert_cmpstr (info->user_name, ==, "haneul@labwalk.example");
  g_assert_cmpstr (info->display_name, ==, "하늘");
  g_assert_cmpstr (info->client_id, ==, AZURE_STAGE_CLIENT);
  g_assert_cmpstr (info->method, ==, method);
  g_assert_cmpstr (stored, ==, "r");
  g_assert_cmpstr (token, ==, "a");
}

/* ---- Device code ---- */

static LwDeviceSignIn *
begin_device (Fixture *self, const char *answer)
{
  g_autoptr (GError) error = NULL;
  LwDeviceSignIn *sign_in = NULL;

  azure_stage_say (self->stage, "POST", DEVICE, 200, NULL, answer);
  sign_in
      = lw_device_sign_in_new (azure_stage_get_http (self->stage), &self->options, NULL, &error);
  g_assert_no_error (error);
  return sign_in;
}

static LwDeviceSignIn *
begin_usual_device (Fixture *self)
{
  return begin_device (self, "{\"device_code\":\"secret\",\"user_code\":\"ABCD1234E\","
                             "\"verification_uri\":\"https://microsoft.com/devicelogin\","
                             "\"expires_in\":\"900\",\"message\":\"m\"}");
}

static void
say_refusal (Fixture *self, const char *word)
{
  g_autofree char *body = g_strdup_printf (
      "{\"error\":\"%s\",\"error_description\":\"d\",\"error_codes\":[70016]}", word);

  azure_stage_say (self->stage, "POST", TOKEN, 400, NULL, body);
}

static void
test_device (Fixture *self, gconstpointer data)
{
  g_autoptr (LwDeviceSignIn) sign_in = begin_usual_device (self);
  g_autoptr (LwAccount) account = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *grant = make_grant ("", AZURE_STAGE_CLIENT);
  LwClock *clock = azure_stage_get_clock (self->stage);
  gint64 start_us = lw_clock_get_now_us (clock);

  g_assert_cmpstr (lw_device_sign_in_get_user_code (sign_in), ==, "ABCD1234E");
  g_assert_cmpstr (lw_device_sign_in_get_uri (sign_in), ==, "https://microsoft.com/devicelogin");
  g_assert_cmpint (lw_device_sign_in_get_expires_us (sign_in), ==,
                   start_us + 900 * G_TIME_SPAN_SECOND);
  say_refusal (self, "authorization_pending");
  say_refusal (self, "slow_down");
  azure_stage_say (self->stage, "POST", TOKEN, 503, NULL, NULL);
  azure_stage_say (self->stage, "POST", TOKEN, 200, NULL, grant);
  account = lw_device_sign_in_wait (sign_in, NULL, &error);
  g_assert_no_error (error);
  assert_signed_in (self, account, "device");
  /* 5, 5, 10 and 15 seconds: slowing down stays. */
  g_assert_cmpint (lw_clock_get_now_us (clock) - start_us, ==, 35 * G_TIME_SPAN_SECOND);
  g_assert_nonnull (strstr (azure_stage_get_last (self->stage, NULL), "device_code=secret"));
}

static void
assert_device_ends (Fixture *self, const char *word, GQuark domain, int code)
{
  g_autoptr (LwDeviceSignIn) sign_in = begin_usual_device (self);
  g_autoptr (GError) error = NULL;

  say_refusal (self, word);
  g_assert_null (lw_device_sign_in_wait (sign_in, NULL, &error));
  g_assert_error (error, domain, code);
}

static void
test_device_ends (Fixture *self, gconstpointer data)
{
  assert_device_ends (self, "authorization_declined", LW_ERROR, LW_ERROR_SIGN_IN_DECLINED);
  assert_device_ends (self, "access_denied", LW_ERROR, LW_ERROR_SIGN_IN_DECLINED);
  assert_device_ends (self, "expired_token", LW_ERROR, LW_ERROR_SIGN_IN_EXPIRED);
  assert_device_ends (self, "bad_verification_code", LW_AZURE_ERROR, LW_AZURE_ERROR_ENTRA);
  assert_device_ends (self, "invalid_grant", LW_AZURE_ERROR, LW_AZURE_ERROR_ENTRA);
}

static void
test_device_expires (Fixture *self, gconstpointer data)
{
  g_autoptr (LwDeviceSignIn) sign_in
      = begin_device (self, "{\"device_code\":\"secret\",\"user_code\":\"A\",\"verification_uri\":"
                            "\"https://microsoft.com/devicelogin\",\"expires_in\":20,"
                            "\"interval\":8}");
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 3; i++)
    say_refusal (self, "authorization_pending");
  g_assert_null (lw_device_sign_in_wait (sign_in, NULL, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_SIGN_IN_EXPIRED);
}

static void
test_device_malformed (Fixture *self, gconstpointer data)
{
  static const struct
  {
    const char *answer;
    int code;
  } cases[] = {
    { "{}", LW_ERROR_MALFORMED },
    { "{\"device_code\":\"c\",\"user_code\":\"\",\"verification_uri\":\"https://x.example/\"}",
      LW_ERROR_MALFORMED },
    { "{\"device_code\":\"c\",\"user_code\":\"a\\nb\",\"verification_uri\":\"https://x.example/\"}",
      LW_ERROR_MALFORMED },
    { "{\"device_code\":\"c\",\"user_code\":\"A\",\"verification_uri\":\"http://x.example/\"}",
      LW_ERROR_UNTRUSTED_HOST },
    { "{\"device_code\":\"c\",\"user_code\":\"A\",\"verification_uri\":\"http://127.0.0.1:1/\"}",
      LW_ERROR_UNTRUSTED_HOST },
    { "{\"device_code\":\"c\",\"user_code\":\"A\",\"verification_uri\":\"javascript:x\"}",
      LW_ERROR_UNTRUSTED_HOST },
    { "{\"device_code\":\"c\",\"user_code\":\"A\",\"verification_uri\":\"https://u@x.example/\"}",
      LW_ERROR_UNTRUSTED_HOST },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      azure_stage_say (self->stage, "POST", DEVICE, 200, NULL, cases[i].answer);
      g_assert_null (
          lw_device_sign_in_new (azure_stage_get_http (self->stage), &self->options, NULL, &error));
      g_assert_error (error, LW_ERROR, cases[i].code);
    }
}

/* ---- Browser ---- */

static void
say_discovery (Fixture *self, const char *endpoint)
{
  g_autofree char *body = g_strdup_printf ("{\"authorization_endpoint\":\"%s\"}", endpoint);

  azure_stage_say (self->stage, "GET", DISCOVERY, 200, NULL, body);
}

static LwBrowserSignIn *
begin_browser (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  LwBrowserSignIn *sign_in = NULL;

  say_discovery (self, ORGANIZATIONS "/oauth2/v2.0/authorize");
  sign_in
      = lw_browser_sign_in_new (azure_stage_get_http (self->stage), &self->options, NULL, &error);
  g_assert_no_error (error);
  return sign_in;
}

static GHashTable *
parse_query (const char *url)
{
  g_autoptr (GError) error = NULL;
  GHashTable *query
      = g_uri_parse_params (strchr (url, '?') + 1, -1, "&", G_URI_PARAMS_NONE, &error);

  g_assert_no_error (error);
  return query;
}

typedef struct
{
  char *redirect; /* what the browser is sent to */
  char *page;     /* what it shows in the end */
} Browser;

static gpointer
browser_thread_cb (gpointer data)
{
  Browser *self = data;
  g_autoptr (GUri) uri = g_uri_parse (self->redirect, G_URI_FLAGS_ENCODED, NULL);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = g_socket_client_connect_to_host (
      client, "127.0.0.1", (guint16) g_uri_get_port (uri), NULL, NULL);
  g_autofree char *request = g_strdup_printf ("GET /?%s HTTP/1.1\r\nHost: localhost:%d\r\n\r\n",
                                              g_uri_get_query (uri), g_uri_get_port (uri));
  g_autoptr (GString) page = g_string_new (NULL);
  char buffer[512];
  gssize n = 0;

  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), request,
                             strlen (request), NULL, NULL, NULL);
  while ((n = g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)), buffer,
                                   sizeof buffer, NULL, NULL))
         > 0)
    g_string_append_len (page, buffer, n);
  self->page = g_strdup (page->str);
  return NULL;
}

/* The browser comes back with @members; what the wait says. */
static LwAccount *
return_with (LwBrowserSignIn *sign_in, const char *members, const char *expected_page,
             GError **error)
{
  g_autoptr (GHashTable) query = parse_query (lw_browser_sign_in_get_url (sign_in));
  Browser browser = { 0 };
  GThread *thread = NULL;
  LwAccount *account = NULL;

  browser.redirect
      = g_strdup_printf ("%s/?%s&state=%s", (char *) g_hash_table_lookup (query, "redirect_uri"),
                         members, (char *) g_hash_table_lookup (query, "state"));
  thread = g_thread_new ("browser", browser_thread_cb, &browser);
  account = lw_browser_sign_in_wait (sign_in, "<p>done", "<p>failed", 0, NULL, error);
  g_thread_join (thread);
  g_assert_nonnull (strstr (browser.page, expected_page));
  g_free (browser.redirect);
  g_free (browser.page);
  return account;
}

static void
test_browser (Fixture *self, gconstpointer data)
{
  g_autoptr (LwBrowserSignIn) sign_in = begin_browser (self);
  g_autoptr (GHashTable) query = parse_query (lw_browser_sign_in_get_url (sign_in));
  g_autoptr (GHashTable) form = NULL;
  g_autoptr (LwAccount) account = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *grant = make_grant (g_hash_table_lookup (query, "nonce"), AZURE_STAGE_CLIENT);
  g_autofree char *challenge = NULL;

  g_assert_true (g_str_has_prefix (lw_browser_sign_in_get_url (sign_in),
                                   ORGANIZATIONS "/oauth2/v2.0/authorize?"));
  g_assert_cmpstr (g_hash_table_lookup (query, "code_challenge_method"), ==, "S256");
  g_assert_cmpstr (g_hash_table_lookup (query, "response_type"), ==, "code");
  g_assert_cmpstr (g_hash_table_lookup (query, "prompt"), ==, "select_account");
  g_assert_cmpstr (g_hash_table_lookup (query, "claims"), ==,
                   "{\"access_token\":{\"xms_cc\":{\"values\":[\"CP1\"]}}}");
  azure_stage_say (self->stage, "POST", TOKEN, 200, NULL, grant);
  account = return_with (sign_in, "code=0.A%2Bb", "<p>done", &error);
  g_assert_no_error (error);
  assert_signed_in (self, account, "browser");

  form = g_uri_parse_params (azure_stage_get_last (self->stage, NULL), -1, "&", G_URI_PARAMS_NONE,
                             NULL);
  g_assert_cmpstr (g_hash_table_lookup (form, "code"), ==, "0.A+b");
  g_assert_cmpstr (g_hash_table_lookup (form, "redirect_uri"), ==,
                   g_hash_table_lookup (query, "redirect_uri"));
  challenge = lw_pkce_dup_challenge (g_hash_table_lookup (form, "code_verifier"));
  g_assert_cmpstr (g_hash_table_lookup (query, "code_challenge"), ==, challenge);
  g_assert_false (g_hash_table_contains (form, "client_secret"));
}

/* Nothing of one sign-in is used in another. */
static void
test_browser_fresh (Fixture *self, gconstpointer data)
{
  static const char *const members[] = { "state", "nonce", "code_challenge", "redirect_uri" };
  g_autoptr (LwBrowserSignIn) one = begin_browser (self);
  g_autoptr (LwBrowserSignIn) other = begin_browser (self);
  g_autoptr (GHashTable) first = parse_query (lw_browser_sign_in_get_url (one));
  g_autoptr (GHashTable) second = parse_query (lw_browser_sign_in_get_url (other));

  for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
    g_assert_cmpstr (g_hash_table_lookup (first, members[i]), !=,
                     g_hash_table_lookup (second, members[i]));
}

static void
test_browser_claims (Fixture *self, gconstpointer data)
{
  g_autoptr (LwBrowserSignIn) sign_in = NULL;
  g_autoptr (GHashTable) query = NULL;

  self->options.claims = "{\"access_token\":{\"nbf\":{\"essential\":true}}}";
  self->options.login_hint = "haneul@labwalk.example";
  sign_in = begin_browser (self);
  query = parse_query (lw_browser_sign_in_get_url (sign_in));
  g_assert_cmpstr (g_hash_table_lookup (query, "claims"), ==,
                   "{\"access_token\":{\"xms_cc\":{\"values\":[\"CP1\"]},\"nbf\":{\"essential\":"
                   "true}}}");
  g_assert_cmpstr (g_hash_table_lookup (query, "login_hint"), ==, "haneul@labwalk.example");
  g_assert_null (g_hash_table_lookup (query, "prompt"));
}

static void
test_browser_refused (Fixture *self, gconstpointer data)
{
  static const struct
  {
    const char *members;
    gboolean declined;
  } cases[] = {
    { "error=access_denied&error_description=No", TRUE },
    { "error=server_error&error_description=AADSTS90033%3A+x", FALSE },
    { "error=consent_required", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (LwBrowserSignIn) sign_in = begin_browser (self);
      g_autoptr (GError) error = NULL;

      g_assert_null (return_with (sign_in, cases[i].members, "<p>failed", &error));
      if (cases[i].declined)
        g_assert_error (error, LW_ERROR, LW_ERROR_SIGN_IN_DECLINED);
      else
        g_assert_error (error, LW_AZURE_ERROR, LW_AZURE_ERROR_ENTRA);
    }
}

/* The code was good and what it was redeemed for is not. */
static void
test_browser_bad_grant (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (LwBrowserSignIn) sign_in = begin_browser (self);
      g_autoptr (GHashTable) query = parse_query (lw_browser_sign_in_get_url (sign_in));
      const char *nonce = g_hash_table_lookup (query, "nonce");
      g_autofree char *grant
          = make_grant (i == 0 ? "another" : nonce, i == 1 ? "another" : AZURE_STAGE_CLIENT);
      g_autoptr (GError) error = NULL;

      if (i == 2)
        {
          g_free (grant);
          grant = g_strdup ("{\"token_type\":\"Bearer\",\"access_token\":\"a\"}");
        }
      if (i < 3)
        azure_stage_say (self->stage, "POST", TOKEN, 200, NULL, grant);
      else
        azure_stage_say (self->stage, "POST", TOKEN, 400, NULL,
                         "{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS54005: x\","
                         "\"error_codes\":[54005]}");
      g_assert_null (return_with (sign_in, "code=c", "<p>failed", &error));
      if (i < 3)
        g_assert_error (error, LW_ERROR, LW_ERROR_MALFORMED);
      else
        g_assert_error (error, LW_AZURE_ERROR, LW_AZURE_ERROR_ENTRA);
    }
  g_assert_null (lw_token_store_load (self->store, "AzureCloud", ACCOUNT, NULL, NULL));
}

static void
test_browser_endpoint (Fixture *self, gconstpointer data)
{
  static const struct
  {
    const char *endpoint;
    gboolean in_azure;
    gboolean in_practice;
  } cases[] = {
    { ORGANIZATIONS "/oauth2/v2.0/authorize", TRUE, TRUE },
    { "https://evil.example/authorize", FALSE, FALSE },
    { "http://login.microsoftonline.com/authorize", FALSE, FALSE },
    { "http://127.0.0.1:8123/organizations/oauth2/v2.0/authorize", FALSE, TRUE },
    { "http://localhost:8123/authorize", FALSE, TRUE },
    { "http://[::1]:8123/authorize", FALSE, TRUE },
    { "http://127.0.0.1/authorize", FALSE, FALSE },
    { "http://127.0.0.1.evil.example:80/authorize", FALSE, FALSE },
    { "http://127.0.0.1:80@evil.example:80/authorize", FALSE, FALSE },
    { "file:///etc/passwd", FALSE, FALSE },
  };

  for (gsize i = 0; i < 2 * G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (LwBrowserSignIn) sign_in = NULL;
      g_autoptr (GError) error = NULL;

      self->options.practice = i % 2 == 1;
      say_discovery (self, cases[i / 2].endpoint);
      sign_in = lw_browser_sign_in_new (azure_stage_get_http (self->stage), &self->options, NULL,
                                        &error);
      if (self->options.practice ? cases[i / 2].in_practice : cases[i / 2].in_azure)
        g_assert_no_error (error);
      else
        g_assert_error (error, LW_ERROR, LW_ERROR_UNTRUSTED_HOST);
    }
}

static void
test_browser_cancelled (Fixture *self, gconstpointer data)
{
  g_autoptr (LwBrowserSignIn) sign_in = begin_browser (self);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (lw_browser_sign_in_wait (sign_in, "<p>done", "<p>failed", 0, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/sign-in/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("device", test_device);
  ADD ("device-ends", test_device_ends);
  ADD ("device-expires", test_device_expires);
  ADD ("device-malformed", test_device_malformed);
  ADD ("browser", test_browser);
  ADD ("browser-fresh", test_browser_fresh);
  ADD ("browser-claims", test_browser_claims);
  ADD ("browser-refused", test_browser_refused);
  ADD ("browser-bad-grant", test_browser_bad_grant);
  ADD ("browser-endpoint", test_browser_endpoint);
  ADD ("browser-cancelled", test_browser_cancelled);
#undef ADD
  return g_test_run ();
}

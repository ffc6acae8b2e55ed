/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The call: token, renewal, challenge, trust, errors, lists. */

#include <string.h>

#include "azure-stage.h"
#include "lw-error.h"

#define THINGS AZURE_STAGE_ARM "/things?api-version=1"
#define CHALLENGE                                                                                  \
  "WWW-Authenticate: Bearer error=\"insufficient_claims\", claims=\"eyJhY2Nlc3NfdG9rZW4iOnsibmJm"  \
  "Ijp7ImVzc2VudGlhbCI6dHJ1ZX19fQ==\""

static const LwAzureCall get_things = {
  .service = LW_CLOUD_ARM,
  .method = "GET",
  .path = "/things",
  .api_version = "1",
};

typedef struct
{
  AzureStage *stage;
  LwAzure *azure;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->stage = azure_stage_new ();
  self->azure = azure_stage_new_azure (self->stage);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  lw_azure_unref (self->azure);
  azure_stage_free (self->stage);
}

static void
assert_sends (Fixture *self, const LwAzureCall *call, guint status)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LwHttpResponse) response = lw_azure_send (self->azure, call, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (lw_http_response_get_status (response), ==, status);
}

static GError *
assert_fails (Fixture *self, const LwAzureCall *call, GQuark domain, int code)
{
  GError *error = NULL;
  g_autoptr (LwHttpResponse) response = lw_azure_send (self->azure, call, NULL, &error);

  g_assert_null (response);
  g_assert_error (error, domain, code);
  return error;
}

static void
test_token (Fixture *self, gconstpointer data)
{
  const char *first = NULL;

  azure_stage_say (self->stage, "GET", THINGS, 200, NULL, "{}");
  assert_sends (self, &get_things, 200);
  g_assert_cmpstr (azure_stage_get_last (self->stage, "Authorization"), ==, "Bearer access-1");
  g_assert_nonnull (strstr (azure_stage_get_last_grant (self->stage), "refresh_token=refresh-0"));
  g_assert_nonnull (strstr (azure_stage_get_last_grant (self->stage), "CP1"));
  first = azure_stage_get_last (self->stage, "x-ms-client-request-id");
  g_assert_true (g_uuid_string_is_valid (first));

  azure_stage_say (self->stage, "GET", THINGS, 200, NULL, "{}");
  assert_sends (self, &get_things, 200);
  g_assert_cmpstr (azure_stage_get_last (self->stage, "Authorization"), ==, "Bearer access-1");
  g_assert_cmpstr (azure_stage_get_last (self->stage, "x-ms-client-request-id"), !=, first);
  g_assert_cmpuint (azure_stage_count_grants (self->stage), ==, 1);
}

static void
test_body (Fixture *self, gconstpointer data)
{
  g_autoptr (GBytes) body = g_bytes_new_static ("{\"a\":1}", 7);
  LwAzureCall call = {
    .service = LW_CLOUD_ARM,
    .tenant_id = "other-tenant",
    .method = "PUT",
    .path = "/x%20y",
    .api_version = "2",
    .query = "force=true",
    .body = body,
  };

  azure_stage_say (self->stage, "PUT", AZURE_STAGE_ARM "/x y?api-version=2&force=true", 201, NULL,
                   "{}");
  assert_sends (self, &call, 201);
  g_assert_cmpstr (azure_stage_get_last (self->stage, NULL), ==, "{\"a\":1}");
  g_assert_cmpstr (azure_stage_get_last (self->stage, "Content-Type"), ==, "application/json");
}

/* 401: one new token, one more try. */
static void
test_renewed (Fixture *self, gconstpointer data)
{
  azure_stage_say (self->stage, "GET", THINGS, 401, NULL,
                   "{\"error\":{\"code\":\"ExpiredAuthenticationToken\"}}");
  azure_stage_say (self->stage, "GET", THINGS, 200, NULL, "{}");
  assert_sends (self, &get_things, 200);
  g_assert_cmpstr (azure_stage_get_last (self->stage, "Authorization"), ==, "Bearer access-2");
}

static void
test_renewed_once (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  azure_stage_say (self->stage, "GET", THINGS, 401, NULL, NULL);
  azure_stage_say (self->stage, "GET", THINGS, 401, NULL,
                   "{\"error\":{\"code\":\"InvalidAuthenticationTokenTenant\"}}");
  error = assert_fails (self, &get_things, LW_AZURE_ERROR, LW_AZURE_ERROR_UNAUTHENTICATED);
  g_assert_cmpstr (lw_azure_error_get_code (error), ==, "InvalidAuthenticationTokenTenant");
  g_assert_cmpuint (azure_stage_count_grants (self->stage), ==, 2);
}

/* A challenge is answered in silence first. */
static void
test_challenge (Fixture *self, gconstpointer data)
{
  azure_stage_say (self->stage, "GET", THINGS, 401, CHALLENGE, NULL);
  azure_stage_say (self->stage, "GET", THINGS, 200, NULL, "{}");
  assert_sends (self, &get_things, 200);
  g_assert_nonnull (strstr (azure_stage_get_last_grant (self->stage), "nbf"));
  g_assert_nonnull (strstr (azure_stage_get_last_grant (self->stage), "CP1"));
}

static void
assert_claims (const GError *error)
{
  g_assert_cmpstr (lw_azure_error_get_claims (error), ==,
                   "{\"access_token\":{\"nbf\":{\"essential\":true}}}");
}

static void
test_challenge_needs_person (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) again = NULL;
  g_autoptr (GError) refused = NULL;

  azure_stage_say (self->stage, "GET", THINGS, 401, CHALLENGE, NULL);
  azure_stage_say (self->stage, "GET", THINGS, 401, CHALLENGE, NULL);
  again = assert_fails (self, &get_things, LW_AZURE_ERROR, LW_AZURE_ERROR_CLAIMS);
  assert_claims (again);

  azure_stage_say (self->stage, "GET", THINGS, 401, CHALLENGE, NULL);
  azure_stage_say (self->stage, "POST", AZURE_STAGE_TOKEN, 400, NULL,
                   "{\"error\":\"interaction_required\",\"error_description\":\"AADSTS50076: x\","
                   "\"error_codes\":[50076]}");
  refused = assert_fails (self, &get_things, LW_AZURE_ERROR, LW_AZURE_ERROR_CLAIMS);
  assert_claims (refused);
}

static void
test_untrusted (Fixture *self, gconstpointer data)
{
  static const char *const urls[] = {
    "https://evil.example/",
    "https://login.microsoftonline.com/",
    "http://management.azure.com/",
    "https://management.azure.com@evil.example/",
    "https://management.azure.com:8443/",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (urls); i++)
    {
      LwAzureCall call = { .service = LW_CLOUD_ARM, .method = "GET", .url = urls[i] };
      G_GNUC_UNUSED g_autoptr (GError) error
          = assert_fails (self, &call, LW_ERROR, LW_ERROR_UNTRUSTED_HOST);
    }
  g_assert_cmpuint (azure_stage_count_grants (self->stage), ==, 0);
}

static void
test_statuses (Fixture *self, gconstpointer data)
{
  static const guint accept[] = { 404, 0 };
  LwAzureCall call = get_things;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) redirect = NULL;

  azure_stage_say (self->stage, "GET", THINGS, 404,
                   "x-ms-request-id: r\nx-ms-correlation-request-id: c",
                   "{\"error\":{\"code\":\"ResourceNotFound\",\"message\":\"No.\"}}");
  error = assert_fails (self, &call, LW_AZURE_ERROR, LW_AZURE_ERROR_NOT_FOUND);
  g_assert_cmpstr (lw_azure_error_get_code (error), ==, "ResourceNotFound");
  g_assert_cmpstr (lw_azure_error_get_request_id (error), ==, "r");
  g_assert_cmpstr (lw_azure_error_get_correlation_id (error), ==, "c");

  call.accept = accept;
  azure_stage_say (self->stage, "GET", THINGS, 404, NULL, NULL);
  assert_sends (self, &call, 404);

  azure_stage_say (self->stage, "GET", THINGS, 302, "Location: https://evil.example/", NULL);
  redirect = assert_fails (self, &call, LW_AZURE_ERROR, LW_AZURE_ERROR_REFUSED);
}

static void
test_retried (Fixture *self, gconstpointer data)
{
  gint64 before_us = lw_clock_get_monotonic_us (azure_stage_get_clock (self->stage));

  azure_stage_say (self->stage, "GET", THINGS, 429, "Retry-After: 17", NULL);
  azure_stage_say (self->stage, "GET", THINGS, 503, NULL, NULL);
  azure_stage_say (self->stage, "GET", THINGS, 200, NULL, "{}");
  assert_sends (self, &get_things, 200);
  g_assert_cmpint (lw_clock_get_monotonic_us (azure_stage_get_clock (self->stage)) - before_us, >=,
                   17 * G_TIME_SPAN_SECOND);
}

static void
test_get_json (Fixture *self, gconstpointer data)
{
  g_autoptr (LwJsonDocument) document = NULL;
  g_autoptr (GError) error = NULL;

  azure_stage_say (self->stage, "GET", THINGS, 404, NULL,
                   "{\"error\":{\"code\":\"ResourceGroupNotFound\"}}");
  g_assert_true (lw_azure_get_json (self->azure, &get_things, &document, NULL, &error));
  g_assert_null (document);
  azure_stage_say (self->stage, "GET", THINGS, 404, NULL,
                   "{\"error\":{\"code\":\"SubscriptionNotFound\"}}");
  g_assert_false (lw_azure_get_json (self->azure, &get_things, &document, NULL, &error));
  g_assert_error (error, LW_AZURE_ERROR, LW_AZURE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  azure_stage_say (self->stage, "GET", THINGS, 404, NULL, "<html>not here</html>");
  g_assert_false (lw_azure_get_json (self->azure, &get_things, &document, NULL, &error));
  g_assert_error (error, LW_AZURE_ERROR, LW_AZURE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  azure_stage_say (self->stage, "GET", THINGS, 200, NULL, "");
  g_assert_true (lw_azure_get_json (self->azure, &get_things, &document, NULL, &error));
  g_assert_true (lw_json_is_object (lw_json_document_get_root (document)));
}

static gboolean
join_cb (LwJson item, gpointer user_data, GError **error)
{
  g_string_append (user_data, lw_json_as_string (item, "?"));
  return TRUE;
}

static void
test_list (Fixture *self, gconstpointer data)
{
  g_autoptr (GString) seen = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  azure_stage_say (self->stage, "GET", THINGS, 200, NULL,
                   "{\"value\":[\"a\",\"b\"],\"nextLink\":\"" AZURE_STAGE_ARM
                   "/things?api-version=1&$skiptoken=x%3D\"}");
  azure_stage_say (self->stage, "GET", AZURE_STAGE_ARM "/things?api-version=1&$skiptoken=x%3D", 200,
                   NULL, "{\"value\":[],\"nextLink\":\"" AZURE_STAGE_ARM "/last\"}");
  azure_stage_say (self->stage, "GET", AZURE_STAGE_ARM "/last", 200, NULL,
                   "{\"value\":[\"c\"],\"nextLink\":null}");
  g_assert_true (lw_azure_list (self->azure, &get_things, join_cb, seen, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (seen->str, ==, "abc");
}

static void
test_list_foreign_link (Fixture *self, gconstpointer data)
{
  g_autoptr (GString) seen = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  azure_stage_say (self->stage, "GET", THINGS, 200, NULL,
                   "{\"value\":[\"a\"],\"nextLink\":\"https://evil.example/steal\"}");
  g_assert_false (lw_azure_list (self->azure, &get_things, join_cb, seen, NULL, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_UNTRUSTED_HOST);
}

static void
test_list_endless (Fixture *self, gconstpointer data)
{
  g_autoptr (GString) seen = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < LW_AZURE_MAX_PAGES; i++)
    azure_stage_say (self->stage, "GET", THINGS, 200, NULL,
                     "{\"value\":[\"a\"],\"nextLink\":\"" THINGS "\"}");
  g_assert_false (lw_azure_list (self->azure, &get_things, join_cb, seen, NULL, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_TOO_LARGE);
}

static void
test_list_malformed (Fixture *self, gconstpointer data)
{
  g_autoptr (GString) seen = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  azure_stage_say (self->stage, "GET", THINGS, 200, NULL, "{\"values\":[]}");
  g_assert_false (lw_azure_list (self->azure, &get_things, join_cb, seen, NULL, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_MALFORMED);
}

static void
test_cancelled (Fixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (lw_azure_send (self->azure, &get_things, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/azure/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("token", test_token);
  ADD ("body", test_body);
  ADD ("renewed", test_renewed);
  ADD ("renewed-once", test_renewed_once);
  ADD ("challenge", test_challenge);
  ADD ("challenge-needs-person", test_challenge_needs_person);
  ADD ("untrusted", test_untrusted);
  ADD ("statuses", test_statuses);
  ADD ("retried", test_retried);
  ADD ("get-json", test_get_json);
  ADD ("list", test_list);
  ADD ("list-foreign-link", test_list_foreign_link);
  ADD ("list-endless", test_list_endless);
  ADD ("list-malformed", test_list_malformed);
  ADD ("cancelled", test_cancelled);
#undef ADD
  return g_test_run ();
}

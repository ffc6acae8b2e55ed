/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A signed-in account: tokens kept, renewed, refused; one renewal at a time. */

#include <string.h>

#include "azure-stage.h"
#include "lw-error.h"

#define SCOPE "https://management.azure.com/.default"
#define OTHER_SCOPE "https://storage.azure.com/.default"
#define GUEST "99999999-9999-9999-9999-999999999999"
#define N_THREADS 8

typedef struct
{
  AzureStage *stage;
  LwAccount *account;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->stage = azure_stage_new ();
  self->account = azure_stage_new_account (self->stage);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  lw_account_unref (self->account);
  azure_stage_free (self->stage);
}

static void
assert_token (Fixture *self, const char *tenant, const char *scope, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LwSecret) token
      = lw_account_get_token (self->account, tenant, scope, 300, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (token, ==, expected);
}

static void
assert_stored (Fixture *self, const char *expected)
{
  const LwAccountInfo *info = azure_stage_get_info ();
  g_autoptr (GError) error = NULL;
  g_autoptr (LwSecret) stored = lw_token_store_load (
      azure_stage_get_store (self->stage), info->cloud_id, info->account_id, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (stored, ==, expected);
}

static void
test_kept (Fixture *self, gconstpointer data)
{
  assert_token (self, NULL, SCOPE, "access-1");
  assert_token (self, NULL, SCOPE, "access-1");
  assert_token (self, AZURE_STAGE_TENANT, SCOPE, "access-1");
  assert_stored (self, "refresh-1");
  assert_token (self, NULL, OTHER_SCOPE, "access-2");
  assert_stored (self, "refresh-2");
  g_assert_nonnull (strstr (azure_stage_get_last_grant (self->stage), "refresh_token=refresh-1"));
  g_assert_nonnull (strstr (azure_stage_get_last_grant (self->stage),
                            "scope=https%3A%2F%2Fstorage.azure.com%2F.default%20openid"));
}

static void
test_tenant (Fixture *self, gconstpointer data)
{
  azure_stage_say (self->stage, "POST", AZURE_STAGE_LOGIN "/" GUEST "/oauth2/v2.0/token", 200, NULL,
                   "{\"token_type\":\"bearer\",\"expires_in\":3600,\"access_token\":\"guest\"}");
  assert_token (self, GUEST, SCOPE, "guest");
  assert_token (self, GUEST, SCOPE, "guest");
  assert_stored (self, "refresh-0");
}

static void
wait_s (Fixture *self, gint64 seconds)
{
  lw_clock_wait (azure_stage_get_clock (self->stage), seconds * G_TIME_SPAN_SECOND, NULL, NULL);
}

static void
test_expiry (Fixture *self, gconstpointer data)
{
  assert_token (self, NULL, SCOPE, "access-1");
  wait_s (self, 3299);
  assert_token (self, NULL, SCOPE, "access-1");
  wait_s (self, 2);
  assert_token (self, NULL, SCOPE, "access-2");
}

static void
test_dropped (Fixture *self, gconstpointer data)
{
  assert_token (self, NULL, SCOPE, "access-1");
  lw_account_drop_token (self->account, NULL, SCOPE, "another");
  assert_token (self, NULL, SCOPE, "access-1");
  lw_account_drop_token (self->account, NULL, SCOPE, "access-1");
  assert_token (self, NULL, SCOPE, "access-2");
}

static const struct
{
  const char *body;
  gboolean mended;
} refusals[] = {
  { "{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS50173: "
    "x\",\"error_codes\":[50173]}",
    TRUE },
  { "{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS700082: x\","
    "\"error_codes\":[700082]}",
    TRUE },
  { "{\"error\":\"interaction_required\",\"error_description\":\"AADSTS50079: x\","
    "\"error_codes\":[50079]}",
    TRUE },
  { "{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS53003: "
    "x\",\"error_codes\":[53003]}",
    FALSE },
  { "{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS65001: "
    "x\",\"error_codes\":[65001]}",
    FALSE },
  { "{\"error\":\"unauthorized_client\",\"error_description\":\"AADSTS700016: x\","
    "\"error_codes\":[700016]}",
    FALSE },
};

static void
test_refused (Fixture *self, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autoptr (GError) error = NULL;

      azure_stage_say (self->stage, "POST", AZURE_STAGE_TOKEN, 400, NULL, refusals[i].body);
      g_assert_null (lw_account_get_token (self->account, NULL, SCOPE, 300, NULL, &error));
      if (refusals[i].mended)
        g_assert_error (error, LW_ERROR, LW_ERROR_SIGN_IN_NEEDED);
      else
        g_assert_error (error, LW_AZURE_ERROR, LW_AZURE_ERROR_ENTRA);
      g_assert_true (g_str_has_prefix (error->message, "AADSTS"));
    }
  assert_stored (self, "refresh-0");
}

static void
test_claims (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  azure_stage_say (self->stage, "POST", AZURE_STAGE_TOKEN, 400, NULL,
                   "{\"error\":\"interaction_required\",\"error_description\":\"AADSTS50076: x\","
                   "\"error_codes\":[50076],\"claims\":\"{\\\"access_token\\\":{\\\"c\\\":1}}\"}");
  g_assert_null (lw_account_get_token (self->account, NULL, SCOPE, 300, NULL, &error));
  g_assert_error (error, LW_AZURE_ERROR, LW_AZURE_ERROR_CLAIMS);
  g_assert_cmpstr (lw_azure_error_get_claims (error), ==, "{\"access_token\":{\"c\":1}}");
}

static void
test_malformed (Fixture *self, gconstpointer data)
{
  static const char *const bodies[] = {
    "{}",
    "<html>",
    "{\"token_type\":\"Bearer\",\"access_token\":\"\"}",
    "{\"token_type\":\"mac\",\"access_token\":\"x\"}",
    "{\"token_type\":\"Bearer\",\"access_token\":\"a b\"}",
    "{\"token_type\":\"Bearer\",\"access_token\":\"a\\r\\nHost: evil\"}",
    "{\"token_type\":\"Bearer\",\"access_token\":7}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr (GError) error = NULL;

      azure_stage_say (self->stage, "POST", AZURE_STAGE_TOKEN, 200, NULL, bodies[i]);
      g_assert_null (lw_account_get_token (self->account, NULL, SCOPE, 300, NULL, &error));
      g_assert_error (error, LW_ERROR, LW_ERROR_MALFORMED);
    }
}

/* A token endpoint in trouble is asked again. */
static void
test_retried (Fixture *self, gconstpointer data)
{
  azure_stage_say (self->stage, "POST", AZURE_STAGE_TOKEN, 503, NULL, NULL);
  azure_stage_say (self->stage, "POST", AZURE_STAGE_TOKEN, 429, "Retry-After: 3", NULL);
  assert_token (self, NULL, SCOPE, "access-1");
}

static gpointer
token_thread_cb (gpointer data)
{
  return lw_account_get_token (data, NULL, SCOPE, 300, NULL, NULL);
}

/* Many ask at once: one renewal serves all. */
static void
test_one_renewal (Fixture *self, gconstpointer data)
{
  GThread *threads[N_THREADS];

  azure_stage_hold_grants (self->stage, TRUE);
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("token", token_thread_cb, self->account);
  azure_stage_wait_grants (self->stage, 1);
  azure_stage_hold_grants (self->stage, FALSE);
  for (guint i = 0; i < N_THREADS; i++)
    {
      g_autoptr (LwSecret) token = g_thread_join (threads[i]);

      g_assert_cmpstr (token, ==, "access-1");
    }
  g_assert_cmpuint (azure_stage_count_grants (self->stage), ==, 1);
}

typedef struct
{
  LwAccount *account;
  GCancellable *cancellable;
  GError *error;
} Waiter;

static gpointer
waiter_thread_cb (gpointer data)
{
  Waiter *self = data;

  g_assert_null (
      lw_account_get_token (self->account, NULL, SCOPE, 300, self->cancellable, &self->error));
  return NULL;
}

/* One that waits for another's renewal is cancelled alone; then the renewing one is. */
static void
test_cancelled (Fixture *self, gconstpointer data)
{
  Waiter renewing = { self->account, g_cancellable_new (), NULL };
  Waiter waiting = { self->account, g_cancellable_new (), NULL };
  GThread *renewer = NULL;
  GThread *waiter = NULL;

  azure_stage_hold_grants (self->stage, TRUE);
  renewer = g_thread_new ("renewer", waiter_thread_cb, &renewing);
  azure_stage_wait_grants (self->stage, 1);
  waiter = g_thread_new ("waiter", waiter_thread_cb, &waiting);
  g_cancellable_cancel (waiting.cancellable);
  g_thread_join (waiter);
  g_assert_error (waiting.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_cancellable_cancel (renewing.cancellable);
  g_thread_join (renewer);
  g_assert_error (renewing.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  azure_stage_hold_grants (self->stage, FALSE);

  assert_token (self, NULL, SCOPE, "access-2");
  g_clear_error (&waiting.error);
  g_clear_error (&renewing.error);
  g_object_unref (waiting.cancellable);
  g_object_unref (renewing.cancellable);
}

static void
test_signed_out (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  assert_token (self, NULL, SCOPE, "access-1");
  g_assert_true (lw_account_sign_out (self->account, NULL, &error));
  g_assert_no_error (error);
  assert_stored (self, NULL);
  g_assert_null (lw_account_get_token (self->account, NULL, SCOPE, 300, NULL, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_SIGN_IN_NEEDED);
  g_clear_error (&error);
  g_assert_null (lw_account_resume (lw_cloud_get_public (), azure_stage_get_http (self->stage),
                                    azure_stage_get_store (self->stage), "Labwalk",
                                    azure_stage_get_info (), NULL, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_SIGN_IN_NEEDED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/account/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("kept", test_kept);
  ADD ("tenant", test_tenant);
  ADD ("expiry", test_expiry);
  ADD ("dropped", test_dropped);
  ADD ("refused", test_refused);
  ADD ("claims", test_claims);
  ADD ("malformed", test_malformed);
  ADD ("retried", test_retried);
  ADD ("one-renewal", test_one_renewal);
  ADD ("cancelled", test_cancelled);
  ADD ("signed-out", test_signed_out);
#undef ADD
  return g_test_run ();
}

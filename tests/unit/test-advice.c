/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lw-advice.h"

#include <string.h>

#include "lw-error.h"
#include "lw-lab-error.h"

static LwAdviceCatalogue *
load_text (const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return lw_advice_catalogue_load (bytes, error);
}

static LwAdviceCatalogue *
load_catalogue (void)
{
  g_autofree char *path
    = g_build_filename (g_getenv ("LW_TEST_SOURCE_ROOT"), "data", "advice", "advice.json", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  LwAdviceCatalogue *catalogue;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  catalogue = load_text (text, &error);
  g_assert_no_error (error);
  return catalogue;
}

/* What the services say, as a status and a body, and the advice that has to be found. */
static const struct
{
  guint status;
  const char *body;
  const char *id;
  LwAdviceAction action;
} azure_cases[] = {
  { 403, "{\"error\":{\"code\":\"RequestDisallowedByAzure\",\"message\":\"m\",\"target\":\"x\"}}",
    "region-refused", LW_ADVICE_CHOOSE_REGION },
  { 403, "{\"error\":{\"code\":\"AuthorizationFailed\",\"message\":\"The client does not have\"}}",
    "permission-missing", LW_ADVICE_CHOOSE_SUBSCRIPTION },
  { 409, "{\"error\":{\"code\":\"MissingSubscriptionRegistration\",\"message\":\"m\"}}",
    "provider-missing", LW_ADVICE_REGISTER_PROVIDER },
  { 409, "{\"error\":{\"code\":\"ScopeLocked\",\"message\":\"m\"}}", "locked",
    LW_ADVICE_REMOVE_LOCK },
  /* The deepest code decides. */
  { 409,
    "{\"error\":{\"code\":\"DeploymentFailed\",\"message\":\"m\",\"details\":[{\"code\":"
    "\"SkuNotAvailable\",\"message\":\"n\"}]}}",
    "size-not-offered", LW_ADVICE_CHOOSE_REGION },
  /* The same code with and without the words of a quota. */
  { 400,
    "{\"error\":{\"code\":\"BadRequest\",\"message\":\"Your subscription's family vCPU quota of 0 "
    "is exceeded\"}}",
    "ml-quota", LW_ADVICE_CHOOSE_REGION },
  { 400,
    "{\"error\":{\"code\":\"BadRequest\",\"message\":\"Soft-deleted workspace exists. Please "
    "purge\"}}",
    "workspace-soft-deleted", LW_ADVICE_NEW_NAMES },
  { 400, "{\"error\":{\"code\":\"BadRequest\",\"message\":\"something else\"}}", "refused",
    LW_ADVICE_NONE },
  { 400,
    "{\"error\":{\"code\":\"UserError\",\"message\":\"The environment sklearn was not found\"}}",
    "environment-missing", LW_ADVICE_EDIT_JOB },
  { 400, "{\"error\":{\"code\":\"UserError\",\"message\":\"Unknown compute target\"}}",
    "compute-missing", LW_ADVICE_EDIT_JOB },
  { 400, "{\"error\":{\"code\":\"UserError\",\"message\":\"command must not be empty\"}}",
    "job-refused", LW_ADVICE_EDIT_JOB },
  /* The same code inside a job that has run. */
  { 0, "{\"error\":{\"code\":\"UserError\",\"message\":\"Execution failed with exit code 1\"}}",
    "job-script-failed", LW_ADVICE_OPEN_LOG },
  { 0, "{\"error\":{\"code\":\"ServiceError\",\"message\":\"m\"}}", "job-service-failed",
    LW_ADVICE_RETRY },
  { 0, "{\"error\":{\"code\":\"Unheard\",\"message\":\"m\"}}", "operation-failed",
    LW_ADVICE_RETRY },
  { 400,
    "{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS50076: Due to a change "
    "\",\"error_codes\":[50076]}",
    "more-proof-needed", LW_ADVICE_SIGN_IN },
  { 400,
    "{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS53003: blocked\","
    "\"error_codes\":[53003]}",
    "access-policy", LW_ADVICE_NONE },
  { 429, "{\"error\":{\"code\":\"Odd\",\"message\":\"m\"}}", "throttled", LW_ADVICE_WAIT },
  { 503, "<html>gateway</html>", "service-unavailable", LW_ADVICE_RETRY },
  { 404, "", "not-there", LW_ADVICE_RETRY },
  { 403, "", "forbidden", LW_ADVICE_CHOOSE_SUBSCRIPTION },
  { 409, "", "conflict", LW_ADVICE_WAIT },
};

static void
test_azure (void)
{
  g_autoptr (LwAdviceCatalogue) catalogue = load_catalogue ();

  for (guint i = 0; i < G_N_ELEMENTS (azure_cases); i++)
    {
      g_autoptr (GBytes) body = g_bytes_new (azure_cases[i].body, strlen (azure_cases[i].body));
      LwAzureErrorParts parts = { .status = azure_cases[i].status, .body = body };
      g_autoptr (GError) error = NULL;
      const LwAdvice *advice;

      lw_azure_error_set_from_parts (&error, LW_AZURE_ERROR_OPERATION_FAILED, &parts);
      advice = lw_advice_find (catalogue, error);
      g_assert_cmpstr (advice->id, ==, azure_cases[i].id);
      g_assert_cmpint (advice->action, ==, azure_cases[i].action);
    }
}

/* Every code of our own domains has advice, and none falls through to the last entry but the one
 * that says nothing itself. */
static void
test_own_domains (void)
{
  g_autoptr (LwAdviceCatalogue) catalogue = load_catalogue ();

  for (int code = LW_ERROR_FAILED; code <= LW_ERROR_KEYRING_DISMISSED; code++)
    {
      g_autoptr (GError) error = g_error_new_literal (LW_ERROR, code, "");

      g_assert_cmpstr (lw_advice_find (catalogue, error)->id, ==,
                       code == LW_ERROR_FAILED ? "unknown" : lw_error_get_name (code));
    }
  for (int code = LW_LAB_ERROR_SUBSCRIPTION_OFF; code <= LW_LAB_ERROR_JOB_UNKNOWN; code++)
    {
      g_autoptr (GError) error = g_error_new_literal (LW_LAB_ERROR, code, "");

      g_assert_cmpstr (lw_advice_find (catalogue, error)->id, ==, lw_lab_error_get_name (code));
    }
}

static void
test_sign_in_number (void)
{
  g_autoptr (LwAdviceCatalogue) catalogue = load_catalogue ();
  g_autoptr (GError) told
    = g_error_new_literal (LW_ERROR, LW_ERROR_SIGN_IN_NEEDED, "AADSTS50173: revoked");
  g_autoptr (GError) unheard
    = g_error_new_literal (LW_ERROR, LW_ERROR_SIGN_IN_NEEDED, "AADSTS1: what");

  g_assert_cmpstr (lw_advice_find (catalogue, told)->id, ==, "sign-in-over");
  g_assert_cmpstr (lw_advice_find (catalogue, unheard)->id, ==, "sign-in-needed");
}

static void
test_ids (void)
{
  g_autoptr (LwAdviceCatalogue) catalogue = load_catalogue ();
  g_auto (GStrv) ids = lw_advice_catalogue_list_ids (catalogue);
  g_autoptr (GError) foreign = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "");

  g_assert_cmpuint (g_strv_length (ids), >=, 40);
  for (guint i = 0; ids[i] != NULL; i++)
    {
      g_assert_cmpstr (lw_advice_get (catalogue, ids[i])->id, ==, ids[i]);
      g_assert_false (g_strv_contains ((const char *const *) ids + i + 1, ids[i]));
    }
  g_assert_cmpint (lw_advice_get (catalogue, "python-missing")->action, ==,
                   LW_ADVICE_PREPARE_PYTHON);
  g_assert_null (lw_advice_get (catalogue, "no such advice"));
  g_assert_cmpstr (lw_advice_find (catalogue, foreign)->id, ==, "unknown");
}

static void
test_malformed (void)
{
  static const char *const texts[] = {
    "{}",
    "{\"format\":1,\"entries\":[]}",
    "{\"format\":1,\"entries\":[{\"id\":\"a\"}]}",
    "{\"format\":1,\"entries\":[{\"any\":true}]}",
    "{\"format\":1,\"entries\":[{\"id\":\"a\",\"action\":\"fly\",\"any\":true}]}",
    "{\"format\":1,\"entries\":[{\"id\":\"a\",\"classes\":[\"first\"],\"any\":true}]}",
  };
  g_autoptr (GError) newer = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (load_text (texts[i], &error));
      g_assert_error (error, LW_ERROR, LW_ERROR_MALFORMED);
    }
  g_assert_null (load_text ("{\"format\":2,\"entries\":[]}", &newer));
  g_assert_error (newer, LW_ERROR, LW_ERROR_NEWER_VERSION);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/advice/azure", test_azure);
  g_test_add_func ("/advice/own-domains", test_own_domains);
  g_test_add_func ("/advice/sign-in-number", test_sign_in_number);
  g_test_add_func ("/advice/ids", test_ids);
  g_test_add_func ("/advice/malformed", test_malformed);
  return g_test_run ();
}

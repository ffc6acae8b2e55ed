/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Every shape in which the services of Azure tell an error, and many that none of them should. */

#include <string.h>

#include "lw-azure-error.h"
#include "lw-challenge.h"
#include "lw-error.h"

typedef struct
{
  const char *name;
  guint status;
  const char *body;
  LwAzureError class;
  const char *code;
  const char *inner_code;
  const char *message;
  const char *target;
  const char *correlation_id;
} Case;

#define ENTRA_WORDS                                                                                \
  "AADSTS50076: Due to a configuration change made by your administrator.\\r\\nTrace ID: t"

static const Case cases[] = {
  { "arm", 404, "{\"error\":{\"code\":\"ResourceGroupNotFound\",\"message\":\"No group.\"}}",
    LW_AZURE_ERROR_NOT_FOUND, "ResourceGroupNotFound", "ResourceGroupNotFound", "No group." },
  { "arm-bare", 403, "{\"code\":\"AuthorizationFailed\",\"message\":\"No.\"}",
    LW_AZURE_ERROR_FORBIDDEN, "AuthorizationFailed", "AuthorizationFailed", "No." },
  { "arm-pascal", 409, "{\"Code\":\"Conflict\",\"Message\":\"Busy.\",\"Target\":\"x\"}",
    LW_AZURE_ERROR_CONFLICT, "Conflict", "Conflict", "Busy.", "x" },
  { "arm-details", 409,
    "{\"error\":{\"code\":\"MissingSubscriptionRegistration\",\"message\":\"Outer.\",\"details\":"
    "[{\"code\":\"MissingSubscriptionRegistration\",\"target\":\"Microsoft.Storage\","
    "\"message\":\"Inner.\"}]}}",
    LW_AZURE_ERROR_CONFLICT, "MissingSubscriptionRegistration", "MissingSubscriptionRegistration",
    "Outer.\nInner.", "Microsoft.Storage" },
  { "arm-innererror", 400,
    "{\"error\":{\"code\":\"A\",\"message\":\"M\",\"innererror\":{\"code\":\"B\",\"innererror\":"
    "{\"code\":\"C\"}}}}",
    LW_AZURE_ERROR_REFUSED, "A", "C", "M" },
  { "arm-message-is-json", 400,
    "{\"code\":\"DeploymentFailed\",\"message\":\"{\\r\\n \\\"error\\\": {\\\"code\\\": "
    "\\\"InsufficientQuota\\\", \\\"message\\\": \\\"Too few cores.\\\"}}\"}",
    LW_AZURE_ERROR_REFUSED, "DeploymentFailed", "InsufficientQuota", "Too few cores." },
  { "arm-details-json", 400,
    "{\"error\":{\"code\":\"DeploymentFailed\",\"message\":\"At least "
    "one.\",\"details\":[{\"code\":"
    "\"BadRequest\",\"message\":\"{\\\"error\\\":{\\\"code\\\":\\\"SkuNotAvailable\\\","
    "\\\"message\\\":\\\"No such size.\\\"}}\"}]}}",
    LW_AZURE_ERROR_REFUSED, "DeploymentFailed", "SkuNotAvailable", "At least one.\nNo such size." },
  { "arm-message-not-json", 400, "{\"error\":{\"code\":\"A\",\"message\":\"{odd} words\"}}",
    LW_AZURE_ERROR_REFUSED, "A", "A", "{odd} words" },
  { "status", 0,
    "{\"status\":\"Failed\",\"error\":{\"code\":\"QuotaExceeded\",\"message\":\"Full.\"}}",
    LW_AZURE_ERROR_OPERATION_FAILED, "QuotaExceeded", "QuotaExceeded", "Full." },
  { "resource", 0,
    "{\"id\":\"x\",\"name\":\"n\",\"properties\":{\"provisioningState\":\"Failed\","
    "\"provisioningErrors\":[{\"error\":{\"code\":\"BadRequest\",\"message\":\"Quota.\"}}]}}",
    LW_AZURE_ERROR_OPERATION_FAILED, "BadRequest", "BadRequest", "Quota." },
  { "ml", 400,
    "{\"error\":{\"code\":\"UserError\",\"message\":\"Bad name.\",\"target\":null,\"details\":[],"
    "\"additionalInfo\":[{\"type\":\"ComponentName\",\"info\":{\"value\":\"managementfrontend\"}},"
    "{\"type\":\"Correlation\",\"info\":{\"value\":{\"operation\":\"op\",\"request\":\"rq\"}}},"
    "{\"type\":\"InnerError\",\"info\":{\"value\":{\"code\":\"BadArgument\",\"innerError\":{"
    "\"code\":"
    "\"ArgumentInvalid\",\"innerError\":{\"code\":\"NameInvalid\",\"innerError\":null}}}}}]}}",
    LW_AZURE_ERROR_REFUSED, "UserError", "NameInvalid", "Bad name.", NULL, "op" },
  { "ml-throttled", 429,
    "{\"error\":{\"code\":\"UserError\",\"message\":\"Slow.\",\"additionalInfo\":[{\"type\":"
    "\"InnerError\",\"info\":{\"value\":{\"code\":\"TooManyRequests\",\"innerError\":null}}}]}}",
    LW_AZURE_ERROR_THROTTLED, "UserError", "TooManyRequests", "Slow." },
  { "run-history", 404,
    "{\"error\":{\"code\":\"UserError\",\"severity\":null,\"message\":\"No run.\",\"details\":[],"
    "\"innerError\":{\"code\":\"NotFoundError\",\"innerError\":null},\"debugInfo\":null},"
    "\"correlation\":{\"operation\":\"op\",\"request\":\"rq\"},\"environment\":\"eastus\"}",
    LW_AZURE_ERROR_NOT_FOUND, "UserError", "NotFoundError", "No run.", NULL, "op" },
  { "run-history-nested", 0,
    "{\"error\":{\"error\":{\"code\":\"UserError\",\"message\":\"Exit "
    "1.\",\"innerError\":{\"code\":"
    "\"NonZeroExitCode\"}},\"correlation\":{\"operation\":\"op\"}}}",
    LW_AZURE_ERROR_OPERATION_FAILED, "UserError", "NonZeroExitCode", "Exit 1.", NULL, "op" },
  { "entra", 400,
    "{\"error\":\"invalid_grant\",\"error_description\":\"" ENTRA_WORDS
    "\",\"error_codes\":[50076],"
    "\"trace_id\":\"t\",\"correlation_id\":\"c\",\"suberror\":\"basic_action\"}",
    LW_AZURE_ERROR_ENTRA, "invalid_grant", "AADSTS50076",
    "AADSTS50076: Due to a configuration change made by your administrator.\r\nTrace ID: t",
    "basic_action", "c" },
  { "entra-claims", 400,
    "{\"error\":\"interaction_required\",\"error_description\":\"d\",\"error_codes\":[50076],"
    "\"claims\":\"{\\\"access_token\\\":{}}\"}",
    LW_AZURE_ERROR_CLAIMS, "interaction_required", "AADSTS50076", "d" },
  { "entra-throttled", 429,
    "{\"error\":\"temporarily_unavailable\",\"error_description\":\"d\",\"error_codes\":[90055]}",
    LW_AZURE_ERROR_THROTTLED, "temporarily_unavailable", "AADSTS90055", "d" },
  { "storage", 404,
    "\xEF\xBB\xBF<?xml version=\"1.0\" "
    "encoding=\"utf-8\"?><Error><Code>BlobNotFound</Code><Message>"
    "Not there.\nRequestId:r</Message><AuthenticationErrorDetail>d</AuthenticationErrorDetail>"
    "</Error>",
    LW_AZURE_ERROR_NOT_FOUND, "BlobNotFound", "BlobNotFound", "Not there.\nRequestId:r" },
  { "jupyter", 404, "{\"message\":\"No such file\",\"reason\":null}", LW_AZURE_ERROR_NOT_FOUND,
    NULL, NULL, "No such file" },
  { "string", 400, "\"just words\"", LW_AZURE_ERROR_REFUSED, NULL, NULL, "just words" },
  { "plain", 503, "upstream is down", LW_AZURE_ERROR_UNAVAILABLE, NULL, NULL, "upstream is down" },
  { "empty", 502, "", LW_AZURE_ERROR_UNAVAILABLE, NULL, NULL, "HTTP 502" },
  { "html", 502, "<html><head><title>502</title></head><body><h1>Bad Gateway</h1></body></html>",
    LW_AZURE_ERROR_UNAVAILABLE, NULL, NULL, "HTTP 502" },
  { "doctype", 403, "<!DOCTYPE html><html><br>", LW_AZURE_ERROR_FORBIDDEN, NULL, NULL, "HTTP 403" },
  { "cut-json", 500, "{\"error\":{\"code\":\"A\",\"mess", LW_AZURE_ERROR_UNAVAILABLE, NULL, NULL,
    "{\"error\":{\"code\":\"A\",\"mess" },
  { "not-text", 500, "\xff\xfe\x01", LW_AZURE_ERROR_UNAVAILABLE, NULL, NULL, "HTTP 500" },
  { "null", 400, "null", LW_AZURE_ERROR_REFUSED, NULL, NULL, "HTTP 400" },
  { "array", 400, "[1,2]", LW_AZURE_ERROR_REFUSED, NULL, NULL, "HTTP 400" },
  { "wrong-types", 400,
    "{\"error\":{\"code\":1,\"message\":[],\"details\":{},\"innererror\":\"x\","
    "\"additionalInfo\":[3,{\"type\":\"InnerError\",\"info\":5}]}}",
    LW_AZURE_ERROR_REFUSED, NULL, NULL, "HTTP 400" },
  { "word", 400, "{\"error\":\"odd\"}", LW_AZURE_ERROR_REFUSED, "odd", "odd", "odd" },
  { "nothing-told", 0, "{}", LW_AZURE_ERROR_OPERATION_FAILED, NULL, NULL, "No reason is told" },
  { "conflict-412", 412, "", LW_AZURE_ERROR_CONFLICT, NULL, NULL, "HTTP 412" },
  { "timeout-408", 408, "", LW_AZURE_ERROR_UNAVAILABLE, NULL, NULL, "HTTP 408" },
  { "redirect", 302, "", LW_AZURE_ERROR_REFUSED, NULL, NULL, "HTTP 302" },
  { "unauthenticated", 401,
    "{\"error\":{\"code\":\"ExpiredAuthenticationToken\",\"message\":\"Old.\"}}",
    LW_AZURE_ERROR_UNAUTHENTICATED, "ExpiredAuthenticationToken", "ExpiredAuthenticationToken",
    "Old." },
};

static GError *
read_parts (const LwAzureErrorParts *parts)
{
  GError *error = NULL;

  lw_azure_error_set_from_parts (&error, LW_AZURE_ERROR_OPERATION_FAILED, parts);
  g_assert_nonnull (error);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  return error;
}

static GError *
read_body (guint status, const char *text)
{
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));

  return read_parts (&(LwAzureErrorParts){ .status = status, .body = body });
}

static void
test_shapes (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *expected = &cases[i];
      g_autoptr (GError) read = read_body (expected->status, expected->body);
      g_autoptr (GError) error = g_error_copy (read);

      g_test_message ("%s", expected->name);
      g_assert_error (error, LW_AZURE_ERROR, (int) expected->class);
      g_assert_cmpstr (lw_azure_error_get_code (error), ==, expected->code);
      g_assert_cmpstr (lw_azure_error_get_inner_code (error), ==, expected->inner_code);
      g_assert_cmpstr (error->message, ==, expected->message);
      g_assert_cmpstr (lw_azure_error_get_target (error), ==, expected->target);
      g_assert_cmpstr (lw_azure_error_get_correlation_id (error), ==, expected->correlation_id);
      g_assert_cmpuint (lw_azure_error_get_status (error), ==, expected->status);
    }
}

static void
test_headers (void)
{
  g_autoptr (GBytes) body = g_bytes_new_static ("", 0);
  g_autoptr (GError) error = read_parts (&(LwAzureErrorParts){
      .status = 409,
      .body = body,
      .header_code = "BlobAlreadyExists",
      .request_id = "request",
      .correlation_id = "correlation",
  });

  g_assert_cmpstr (lw_azure_error_get_code (error), ==, "BlobAlreadyExists");
  g_assert_cmpstr (error->message, ==, "BlobAlreadyExists");
  g_assert_cmpstr (lw_azure_error_get_request_id (error), ==, "request");
  g_assert_cmpstr (lw_azure_error_get_correlation_id (error), ==, "correlation");
  g_assert_true (lw_azure_error_is (error, "blobalreadyexists"));
  g_assert_false (lw_azure_error_is (error, "BlobAlready"));
}

static void
test_policy (void)
{
  g_autoptr (GError) error = read_body (
      403,
      "{\"error\":{\"code\":\"RequestDisallowedByPolicy\",\"target\":\"ws\",\"message\":\"No.\","
      "\"additionalInfo\":[{\"type\":\"PolicyViolation\",\"info\":{\"policyDefinitionDisplayName"
      "\":\"Allowed locations\"}}]}}");

  g_assert_cmpstr (lw_azure_error_get_policy (error), ==, "Allowed locations");
  g_assert_cmpstr (lw_azure_error_get_target (error), ==, "ws");
}

/* Secrets in a service's words do not get into a message that is shown and logged. */
static void
test_masked (void)
{
  g_autoptr (GError) error = read_body (
      403, "{\"error\":{\"code\":\"A\",\"message\":\"Not at https://a.blob.core.windows.net/c?sv=1&"
           "sig=c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2U%3D&se=2 today\"}}");

  g_assert_nonnull (strstr (error->message, "Not at "));
  g_assert_null (strstr (error->message, "c2VjcmV0"));
}

static void
test_bounded (void)
{
  g_autoptr (GString) deep = g_string_new (NULL);
  g_autoptr (GString) wide = g_string_new ("{\"error\":{\"code\":\"A\",\"details\":[");
  g_autoptr (GString) words = g_string_new ("{\"code\":\"A\",\"message\":\"");
  g_autoptr (GError) deep_error = NULL;
  g_autoptr (GError) wide_error = NULL;
  g_autoptr (GError) long_error = NULL;

  for (guint i = 0; i < 30; i++)
    g_string_append_printf (deep, "{\"code\":\"C%u\",\"innererror\":", i);
  g_string_append (deep, "null");
  for (guint i = 0; i < 30; i++)
    g_string_append_c (deep, '}');
  deep_error = read_body (400, deep->str);
  g_assert_cmpstr (lw_azure_error_get_code (deep_error), ==, "C0");
  g_assert_cmpstr (lw_azure_error_get_inner_code (deep_error), ==, "C12");

  for (guint i = 0; i < 20000; i++)
    g_string_append (wide, "{\"code\":\"B\",\"details\":[{\"code\":\"C\"}]},");
  g_string_append (wide, "{}]}}");
  wide_error = read_body (400, wide->str);
  g_assert_cmpstr (lw_azure_error_get_inner_code (wide_error), ==, "C");

  for (guint i = 0; i < 20000; i++)
    g_string_append (words, "한");
  g_string_append (words, "\"}");
  long_error = read_body (400, words->str);
  g_assert_cmpuint (strlen (long_error->message), <=, LW_AZURE_ERROR_MAX_MESSAGE);
  g_assert_cmpuint (strlen (long_error->message), >, LW_AZURE_ERROR_MAX_MESSAGE - 4);
}

static const struct
{
  const char *header;
  const char *claims;
} challenges[] = {
  { "Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/common/oauth2/"
    "authorize\", error=\"insufficient_claims\", "
    "claims=\"eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZX19fQ==\"",
    "{\"access_token\":{\"nbf\":{\"essential\":true}}}" },
  { "Bearer claims=\"eyJhIjoxfQ\"", "{\"a\":1}" },
  { "Bearer CLAIMS = eyJhIjoxfQ , error=x", "{\"a\":1}" },
  { "Basic realm=\"a, claims=\\\"no\\\"\", Bearer claims=\"eyJhIjoxfQ\"", "{\"a\":1}" },
  { "Bearer claims=\"eyJhIjoxfQ\", PoP claims=\"eyJhIjoyfQ\"", NULL },
  { "Bearer error=\"invalid_token\"", NULL },
  { "Bearer claims=\"WzFd\"", NULL },
  { "Bearer claims=\"%%%\"", NULL },
  { "Bearer claims=\"eyJhIjoxfQ", "{\"a\":1}" },
  { "Bearer claims=", NULL },
  { "=,=,\"", NULL },
  { "", NULL },
};

static void
test_challenge (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (challenges); i++)
    {
      g_autofree char *claims = lw_challenge_dup_claims (challenges[i].header);
      g_autoptr (GError) error
          = read_parts (&(LwAzureErrorParts){ .status = 401, .challenge = challenges[i].header });

      g_test_message ("%s", challenges[i].header);
      g_assert_cmpstr (claims, ==, challenges[i].claims);
      g_assert_cmpstr (lw_azure_error_get_claims (error), ==, challenges[i].claims);
      if (challenges[i].claims != NULL)
        g_assert_error (error, LW_AZURE_ERROR, LW_AZURE_ERROR_CLAIMS);
      else
        g_assert_error (error, LW_AZURE_ERROR, LW_AZURE_ERROR_UNAUTHENTICATED);
    }
}

static void
test_foreign (void)
{
  g_autoptr (GError) error = g_error_new_literal (LW_ERROR, LW_ERROR_TLS, "x");

  g_assert_null (lw_azure_error_get_code (error));
  g_assert_null (lw_azure_error_get_inner_code (error));
  g_assert_null (lw_azure_error_get_claims (error));
  g_assert_cmpuint (lw_azure_error_get_status (error), ==, 0);
  g_assert_false (lw_azure_error_is (error, "x"));
  g_assert_false (lw_azure_error_is (NULL, "x"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/azure-error/shapes", test_shapes);
  g_test_add_func ("/azure-error/headers", test_headers);
  g_test_add_func ("/azure-error/policy", test_policy);
  g_test_add_func ("/azure-error/masked", test_masked);
  g_test_add_func ("/azure-error/bounded", test_bounded);
  g_test_add_func ("/azure-error/challenge", test_challenge);
  g_test_add_func ("/azure-error/foreign", test_foreign);
  return g_test_run ();
}

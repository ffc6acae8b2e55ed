/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Long-running operations, each way they are told, told badly, and ended. */

#include <string.h>

#include "azure-stage.h"
#include "lw-error.h"
#include "lw-lro.h"

#define THING AZURE_STAGE_ARM "/thing?api-version=1"
#define STATUS AZURE_STAGE_ARM "/status?t=1&c=a&s=b&h=c"
#define ASYNC "Azure-AsyncOperation: " STATUS
#define HOUR_US G_TIME_SPAN_HOUR

typedef struct
{
  AzureStage *stage;
  LwAzure *azure;
  LwAzureCall call;
  GString *statuses;
  gint64 elapsed_us;
} Fixture;

static void
set_up (Fixture *self, gconstpointer method)
{
  static const guint gone[] = { 404, 0 };

  self->stage = azure_stage_new ();
  self->azure = azure_stage_new_azure (self->stage);
  self->statuses = g_string_new (NULL);
  self->call = (LwAzureCall){
    .service = LW_CLOUD_ARM,
    .method = method,
    .path = "/thing",
    .api_version = "1",
  };
  if (strcmp (method, "DELETE") == 0)
    self->call.accept = gone;
}

static void
tear_down (Fixture *self, gconstpointer method)
{
  g_string_free (self->statuses, TRUE);
  lw_azure_unref (self->azure);
  azure_stage_free (self->stage);
}

static void
progress_cb (const char *status, gint64 elapsed_us, gpointer user_data)
{
  Fixture *self = user_data;

  g_assert_cmpint (elapsed_us, >=, self->elapsed_us);
  self->elapsed_us = elapsed_us;
  g_string_append_printf (self->statuses, "%s ", status);
}

static gboolean
run (Fixture *self, gint64 deadline_us, GError **error)
{
  return lw_lro_run (self->azure, &self->call, deadline_us, progress_cb, self, NULL, error);
}

static void
assert_done (Fixture *self, const char *statuses)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (run (self, HOUR_US, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (self->statuses->str, ==, statuses);
}

static GError *
assert_failed (Fixture *self, GQuark domain, int code)
{
  GError *error = NULL;

  g_assert_false (run (self, HOUR_US, &error));
  g_assert_error (error, domain, code);
  return error;
}

static void
say (Fixture *self, const char *url, guint status, const char *headers, const char *body)
{
  azure_stage_say (self->stage, "GET", url, status, headers, body);
}

static void
begin (Fixture *self, guint status, const char *headers, const char *body)
{
  azure_stage_say (self->stage, self->call.method, THING, status, headers, body);
}

/* ---- Done at once ---- */

static void
test_at_once (Fixture *self, gconstpointer method)
{
  begin (self, 200, NULL, "{\"properties\":{}}");
  assert_done (self, "Succeeded ");
  begin (self, 204, "Location: " AZURE_STAGE_ARM "/x", NULL);
  assert_done (self, "Succeeded ");
  begin (self, 201, "Location: " AZURE_STAGE_ARM "/x",
         "{\"properties\":{\"provisioningState\":\"Succeeded\"}}");
  assert_done (self, "Succeeded Succeeded ");
}

static void
test_failed_at_once (Fixture *self, gconstpointer method)
{
  g_autoptr (GError) error = NULL;

  begin (self, 200, NULL, "{\"properties\":{\"provisioningState\":\"Failed\"}}");
  error = assert_failed (self, LW_AZURE_ERROR, LW_AZURE_ERROR_OPERATION_FAILED);
  g_assert_cmpstr (lw_azure_error_get_code (error), ==, "Failed");
}

/* ---- A status resource ---- */

static void
test_status (Fixture *self, gconstpointer method)
{
  begin (self, 201, ASYNC "\nLocation: " AZURE_STAGE_ARM "/not-this",
         "{\"properties\":{\"provisioningState\":\"Creating\"}}");
  say (self, STATUS, 200, NULL, "{\"status\":\"InProgress\"}");
  say (self, STATUS, 202, NULL, NULL);
  say (self, STATUS, 200, NULL, "{\"status\":\"Running\",\"percentComplete\":50}");
  say (self, STATUS, 200, NULL, "{\"status\":\"succeeded\"}");
  assert_done (self, "InProgress InProgress Running succeeded ");
  /* 2, 5, 10 and 15 seconds. */
  g_assert_cmpint (self->elapsed_us, ==, 32 * G_TIME_SPAN_SECOND);
}

static void
test_operation_location (Fixture *self, gconstpointer method)
{
  begin (self, 202, "operation-location: /status", NULL);
  say (self, AZURE_STAGE_ARM "/status", 200, NULL, "{\"status\":\"Succeeded\"}");
  assert_done (self, "Succeeded ");
}

static void
test_retry_after (Fixture *self, gconstpointer method)
{
  begin (self, 202, ASYNC "\nRetry-After: 40", NULL);
  say (self, STATUS, 200, "Retry-After: 0", "{\"status\":\"InProgress\"}");
  say (self, STATUS, 200, "Retry-After: 99999", "{\"status\":\"InProgress\"}");
  say (self, STATUS, 200, NULL, "{\"status\":\"Succeeded\"}");
  assert_done (self, "InProgress InProgress Succeeded ");
  g_assert_cmpint (self->elapsed_us, >=, 160 * G_TIME_SPAN_SECOND);
  g_assert_cmpint (self->elapsed_us, <, 161 * G_TIME_SPAN_SECOND);
}

static void
test_status_failed (Fixture *self, gconstpointer method)
{
  g_autoptr (GError) error = NULL;

  begin (self, 201, ASYNC, "{}");
  say (self, STATUS, 200, NULL,
       "{\"status\":\"Failed\",\"error\":{\"code\":\"BadRequest\",\"message\":\"No quota.\"}}");
  error = assert_failed (self, LW_AZURE_ERROR, LW_AZURE_ERROR_OPERATION_FAILED);
  g_assert_cmpstr (lw_azure_error_get_code (error), ==, "BadRequest");
  g_assert_cmpstr (error->message, ==, "No quota.");
  g_clear_error (&error);

  begin (self, 201, ASYNC, "{}");
  say (self, STATUS, 200, NULL, "{\"status\":\"Canceled\"}");
  error = assert_failed (self, LW_AZURE_ERROR, LW_AZURE_ERROR_OPERATION_FAILED);
  g_assert_cmpstr (lw_azure_error_get_code (error), ==, "Canceled");
}

static void
test_status_malformed (Fixture *self, gconstpointer method)
{
  g_autoptr (GError) error = NULL;

  begin (self, 201, ASYNC, "{}");
  say (self, STATUS, 200, NULL, "{\"state\":\"odd\"}");
  say (self, STATUS, 200, NULL, "<html>");
  say (self, STATUS, 200, NULL, "");
  say (self, STATUS, 200, NULL, "{\"status\":7}");
  say (self, STATUS, 200, NULL, "{\"status\":\"InProgress\"}");
  say (self, STATUS, 200, NULL, "[]");
  say (self, STATUS, 200, NULL, "{\"status\":\"Succeeded\"}");
  assert_done (self, "InProgress Succeeded ");

  begin (self, 201, ASYNC, "{}");
  for (guint i = 0; i < 5; i++)
    say (self, STATUS, 200, NULL, "{}");
  error = assert_failed (self, LW_ERROR, LW_ERROR_MALFORMED);
}

/* Trouble of the moment outlasts the retries and still does not end the operation. */
static void
test_passing_trouble (Fixture *self, gconstpointer method)
{
  begin (self, 201, ASYNC, "{}");
  for (guint i = 0; i < 11; i++)
    say (self, STATUS, 503, "Retry-After: 1", NULL);
  say (self, STATUS, 200, NULL, "{\"status\":\"Succeeded\"}");
  assert_done (self, "Succeeded ");
}

static void
test_lasting_trouble (Fixture *self, gconstpointer method)
{
  g_autoptr (GError) error = NULL;

  begin (self, 201, ASYNC, "{}");
  say (self, STATUS, 403, NULL, "{\"error\":{\"code\":\"AuthorizationFailed\"}}");
  error = assert_failed (self, LW_AZURE_ERROR, LW_AZURE_ERROR_FORBIDDEN);
}

/* The status was kept for so long and is gone; the resource tells the rest. */
static void
test_status_expired (Fixture *self, gconstpointer method)
{
  begin (self, 201, ASYNC, "{}");
  say (self, STATUS, 200, NULL, "{\"status\":\"InProgress\"}");
  say (self, STATUS, 404, NULL, NULL);
  say (self, THING, 200, NULL, "{\"properties\":{\"provisioningState\":\"Creating\"}}");
  say (self, THING, 200, NULL, "{\"properties\":{\"provisioningState\":\"Succeeded\"}}");
  assert_done (self, "InProgress Creating Succeeded ");
}

/* ---- The resource itself ---- */

static void
test_resource (Fixture *self, gconstpointer method)
{
  begin (self, 201, NULL, "{\"properties\":{\"provisioningState\":\"Creating\"}}");
  say (self, THING, 404, NULL, "{\"error\":{\"code\":\"ResourceNotFound\"}}");
  say (self, THING, 200, NULL, "{\"properties\":{\"provisioningState\":\"ResolvingDNS\"}}");
  say (self, THING, 200, NULL, "{\"properties\":{\"provisioningState\":\"Succeeded\"}}");
  assert_done (self, "Creating ResolvingDNS Succeeded ");
}

static void
test_resource_never_known (Fixture *self, gconstpointer method)
{
  g_autoptr (GError) error = NULL;

  begin (self, 201, NULL, NULL);
  for (guint i = 0; i < 5; i++)
    say (self, THING, 404, NULL, "{\"error\":{\"code\":\"ResourceNotFound\"}}");
  error = assert_failed (self, LW_AZURE_ERROR, LW_AZURE_ERROR_NOT_FOUND);
}

static void
test_resumed (Fixture *self, gconstpointer method)
{
  g_autoptr (GError) error = NULL;

  say (self, THING, 200, NULL, "{\"properties\":{\"provisioningState\":\"Creating\"}}");
  say (self, THING, 200, NULL, "{\"properties\":{\"provisioningState\":\"Succeeded\"}}");
  g_assert_true (
      lw_lro_wait (self->azure, &self->call, NULL, HOUR_US, progress_cb, self, NULL, &error));
  g_assert_no_error (error);
}

/* ---- Deleting ---- */

/* As groups are deleted: each answer names another, very long place to ask next. */
static void
test_delete (Fixture *self, gconstpointer method)
{
  g_autofree char *filler = g_strnfill (8000, 'x');

  for (guint i = 0; i < 6; i++)
    {
      g_autofree char *url = g_strdup_printf (AZURE_STAGE_ARM "/o/%s%u", filler, i);
      g_autofree char *next
          = g_strdup_printf ("Location: " AZURE_STAGE_ARM "/o/%s%u", filler, i + 1);

      if (i == 0)
        {
          g_autofree char *first = g_strdup_printf ("Location: %s", url);

          begin (self, 202, first, NULL);
        }
      if (i < 5)
        say (self, url, 202, next, i % 2 == 0 ? "null" : "");
      else
        say (self, url, 200, NULL, NULL);
    }
  assert_done (self, "InProgress InProgress InProgress InProgress InProgress Succeeded ");
}

static void
test_delete_absent (Fixture *self, gconstpointer method)
{
  begin (self, 404, NULL, "{\"error\":{\"code\":\"ResourceGroupNotFound\"}}");
  assert_done (self, "");
}

static void
test_delete_failed (Fixture *self, gconstpointer method)
{
  g_autoptr (GError) error = NULL;

  begin (self, 202, "Location: " AZURE_STAGE_ARM "/o", NULL);
  say (self, AZURE_STAGE_ARM "/o", 202, NULL, NULL);
  say (self, AZURE_STAGE_ARM "/o", 409, NULL,
       "{\"error\":{\"code\":\"ResourceGroupDeletionBlocked\"}}");
  error = assert_failed (self, LW_AZURE_ERROR, LW_AZURE_ERROR_CONFLICT);
  g_assert_cmpstr (lw_azure_error_get_code (error), ==, "ResourceGroupDeletionBlocked");
}

/* Nothing to poll: the resource is asked for until it is gone. */
static void
test_delete_without_headers (Fixture *self, gconstpointer method)
{
  begin (self, 202, NULL, NULL);
  say (self, THING, 200, NULL, "{\"properties\":{\"provisioningState\":\"Deleting\"}}");
  say (self, THING, 404, NULL, NULL);
  assert_done (self, "Deleting ");
}

/* A group that was being deleted and stands again was not deleted. */
static void
test_delete_undone (Fixture *self, gconstpointer method)
{
  g_autoptr (GError) error = NULL;

  begin (self, 202, NULL, NULL);
  say (self, THING, 200, NULL, "{\"properties\":{\"provisioningState\":\"Succeeded\"}}");
  say (self, THING, 200, NULL, "{\"properties\":{\"provisioningState\":\"Deleting\"}}");
  say (self, THING, 200, NULL, "{\"properties\":{\"provisioningState\":\"Succeeded\"}}");
  error = assert_failed (self, LW_AZURE_ERROR, LW_AZURE_ERROR_OPERATION_FAILED);
}

/* ---- Limits ---- */

static void
test_foreign (Fixture *self, gconstpointer method)
{
  static const char *const headers[] = {
    "Azure-AsyncOperation: https://evil.example/",
    "Operation-Location: http://management.azure.com/",
    "Location: https://management.azure.com.evil.example/",
    "Location: //evil.example/",
    "Location: relative",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      g_autoptr (GError) error = NULL;

      begin (self, 202, headers[i], NULL);
      error = assert_failed (self, LW_ERROR, LW_ERROR_UNTRUSTED_HOST);
    }
}

/* One that is not followed does no harm. */
static void
test_foreign_unused (Fixture *self, gconstpointer method)
{
  begin (self, 202, ASYNC "\nLocation: https://evil.example/", NULL);
  say (self, STATUS, 200, "Location: https://evil.example/", "{\"status\":\"Succeeded\"}");
  assert_done (self, "Succeeded ");
}

static void
test_deadline (Fixture *self, gconstpointer method)
{
  g_autoptr (GError) error = NULL;

  begin (self, 202, ASYNC, NULL);
  for (guint i = 0; i < 4; i++)
    say (self, STATUS, 200, NULL, "{\"status\":\"InProgress\"}");
  g_assert_false (run (self, 20 * G_TIME_SPAN_SECOND, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_TIMED_OUT);
}

static void
cancel_cb (const char *status, gint64 elapsed_us, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

static void
test_cancelled (Fixture *self, gconstpointer method)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  begin (self, 202, ASYNC, NULL);
  say (self, STATUS, 200, NULL, "{\"status\":\"InProgress\"}");
  g_assert_false (
      lw_lro_run (self->azure, &self->call, HOUR_US, cancel_cb, cancellable, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* ---- Actions ---- */

static void
test_post (Fixture *self, gconstpointer method)
{
  begin (self, 202, "Location: " AZURE_STAGE_ARM "/o", NULL);
  say (self, AZURE_STAGE_ARM "/o", 202, NULL, "{}");
  say (self, AZURE_STAGE_ARM "/o", 204, NULL, NULL);
  assert_done (self, "InProgress Succeeded ");
  begin (self, 200, NULL, "{\"a\":1}");
  assert_done (self, "InProgress Succeeded ");
  begin (self, 202, NULL, NULL);
  assert_done (self, "InProgress Succeeded ");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, method, func) g_test_add ("/lro/" name, Fixture, method, set_up, func, tear_down)
  ADD ("at-once", "PUT", test_at_once);
  ADD ("failed-at-once", "PUT", test_failed_at_once);
  ADD ("status", "PUT", test_status);
  ADD ("operation-location", "PUT", test_operation_location);
  ADD ("retry-after", "PUT", test_retry_after);
  ADD ("status-failed", "PUT", test_status_failed);
  ADD ("status-malformed", "PUT", test_status_malformed);
  ADD ("passing-trouble", "PUT", test_passing_trouble);
  ADD ("lasting-trouble", "PUT", test_lasting_trouble);
  ADD ("status-expired", "PUT", test_status_expired);
  ADD ("resource", "PUT", test_resource);
  ADD ("resource-never-known", "PUT", test_resource_never_known);
  ADD ("resumed", "PUT", test_resumed);
  ADD ("delete", "DELETE", test_delete);
  ADD ("delete-absent", "DELETE", test_delete_absent);
  ADD ("delete-failed", "DELETE", test_delete_failed);
  ADD ("delete-without-headers", "DELETE", test_delete_without_headers);
  ADD ("delete-undone", "DELETE", test_delete_undone);
  ADD ("foreign", "PUT", test_foreign);
  ADD ("foreign-unused", "PUT", test_foreign_unused);
  ADD ("deadline", "PUT", test_deadline);
  ADD ("cancelled", "PUT", test_cancelled);
  ADD ("post", "POST", test_post);
#undef ADD
  return g_test_run ();
}

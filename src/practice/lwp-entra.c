/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the endpoints of Entra ID share: errors, tenants, scopes. Any thread. */

#include "lwp-entra.h"

#include <string.h>

gboolean
lwp_entra_register (LwpCloud *cloud, GError **error)
{
  lwp_entra_add_discovery (cloud);
  lwp_entra_add_device (cloud);
  lwp_entra_add_authorize (cloud);
  lwp_entra_add_token (cloud);
  return TRUE;
}

LwpResponse *
lwp_entra_finish (LwpRequest *request, LwpResponse *response)
{
  const char *id = lwp_request_get_header (request, "client-request-id");

  lwp_response_set_header (response, "Cache-Control", "no-store, no-cache");
  lwp_response_set_header (response, "x-ms-ests-server", "practice");
  if (id != NULL && lwp_request_get_header (request, "return-client-request-id") != NULL)
    lwp_response_set_header (response, "client-request-id", id);
  return response;
}

LwpResponse *
lwp_entra_new_error (LwpRequest *request, const char *error, guint code, const char *format, ...)
{
  JsonObject *body = json_object_new ();
  JsonArray *codes = json_array_new ();
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%Y-%m-%d %H:%M:%SZ");
  g_autofree char *trace = g_uuid_string_random ();
  g_autofree char *fresh = g_uuid_string_random ();
  const char *correlation = lwp_request_get_header (request, "client-request-id");
  g_autofree char *message = NULL;
  g_autofree char *description = NULL;
  g_autofree char *uri = g_strdup_printf ("https://" LWP_ENTRA_HOST "/error?code=%u", code);
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  if (correlation == NULL)
    correlation = fresh;
  description = g_strdup_printf ("AADSTS%u: %s Trace ID: %s Correlation ID: %s Timestamp: %s", code,
                                 message, trace, correlation, time);
  json_array_add_int_element (codes, code);
  json_object_set_string_member (body, "error", error);
  json_object_set_string_member (body, "error_description", description);
  json_object_set_array_member (body, "error_codes", codes);
  json_object_set_string_member (body, "timestamp", time);
  json_object_set_string_member (body, "trace_id", trace);
  json_object_set_string_member (body, "correlation_id", correlation);
  json_object_set_string_member (body, "error_uri", uri);
  return lwp_entra_finish (request, lwp_response_new_json (
                                        strcmp (error, "invalid_client") == 0 ? 401 : 400, body));
}

const LwpTenant *
lwp_entra_find_tenant (LwpRequest *request, LwpResponse **refusal)
{
  const char *name = lwp_request_get_param (request, "tenant");
  const LwpTenant *tenant = lwp_directory_find_tenant (name);

  if (tenant == NULL)
    *refusal = lwp_entra_new_error (
        request, "invalid_request", 90002,
        "Tenant '%s' not found. Check to make sure you have the correct tenant ID and are signing "
        "into the correct cloud.",
        name);
  return tenant;
}

gboolean
lwp_entra_has_scope (const char *scope, const char *word)
{
  g_auto (GStrv) words = g_strsplit (scope, " ", -1);

  return g_strv_contains ((const char *const *) words, word);
}

static gboolean
is_protocol_scope (const char *word)
{
  static const char *const words[] = { "", "openid", "profile", "email", "offline_access", NULL };

  return g_strv_contains (words, word);
}

LwpResponse *
lwp_entra_check_scope (LwpRequest *request, const char *scope, const char **resource)
{
  g_auto (GStrv) words = g_strsplit (scope, " ", -1);

  *resource = NULL;
  for (guint i = 0; words[i] != NULL; i++)
    {
      const char *named = lwp_token_get_resource (words[i]);

      if (is_protocol_scope (words[i]))
        continue;
      /* A scope without a resource is one of Microsoft Graph. */
      if (named == NULL && strstr (words[i], "://") == NULL)
        named = "graph";
      if (named == NULL)
        return lwp_entra_new_error (request, "invalid_resource", 500011,
                                    "The resource principal named %s was not found in the tenant.",
                                    words[i]);
      if (*resource != NULL && strcmp (*resource, named) != 0)
        return lwp_entra_new_error (request, "invalid_request", 700022,
                                    "The provided value for scope %s is not valid: it names more "
                                    "than one resource.",
                                    scope);
      *resource = named;
    }
  if (*resource == NULL)
    *resource = "graph";
  return NULL;
}

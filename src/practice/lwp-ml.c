/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the parts of the ML service share: its errors, operations, pages, names. No state; any
 * thread. */

#include "lwp-ml.h"

#include <string.h>

#define PAGE_SIZE 100
#define ARM_BASE "https://management.azure.com"

static void
add_info (JsonArray *infos, const char *type, JsonObject *value)
{
  json_array_add_object_element (infos, lwp_json_build ("type:s info:o", type, value));
}

static char *
dup_hex (gsize length)
{
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *checksum = g_compute_checksum_for_string (G_CHECKSUM_MD5, uuid, -1);

  return g_strndup (checksum, length);
}

static JsonObject *
new_inner_chain (const char *inner)
{
  JsonObject *last = inner == NULL ? NULL : lwp_json_build ("code:s innerError:n", inner);

  return lwp_json_build ("code:s innerError:o", inner == NULL ? "NotFoundError" : "BadArgument",
                         last);
}

static JsonArray *
new_error_infos (LwpCloud *cloud, const char *inner)
{
  JsonArray *infos = json_array_new ();
  g_autofree char *operation = dup_hex (32);
  g_autofree char *request = dup_hex (16);
  g_autofree char *time = lwp_cloud_format_time (lwp_cloud_get_now_us (cloud));

  add_info (infos, "ComponentName", lwp_json_build ("value:s", "managementfrontend"));
  add_info (
      infos, "Correlation",
      lwp_json_build ("value:o", lwp_json_build ("operation:s request:s", operation, request)));
  add_info (infos, "Time", lwp_json_build ("value:s", time));
  add_info (infos, "InnerError", lwp_json_build ("value:o", new_inner_chain (inner)));
  return infos;
}

LwpResponse *
lwp_ml_new_error (LwpCloud *cloud, guint status, const char *code, const char *inner,
                  const char *format, ...)
{
  g_autofree char *message = NULL;
  JsonObject *error;
  LwpResponse *response;
  va_list values;

  va_start (values, format);
  message = g_strdup_vprintf (format, values);
  va_end (values);
  error = lwp_json_build ("code:s message:s target:n details:a additionalInfo:a", code, message,
                          json_array_new (), new_error_infos (cloud, inner));
  response = lwp_response_new_json (status, lwp_json_build ("error:o", error));
  lwp_response_set_header (response, "x-ms-response-type", "error");
  if (status >= 500)
    lwp_response_set_header (response, "x-ms-failure-cause", "service");
  return response;
}

LwpResponse *
lwp_ml_new_operation (LwpCloud *cloud, LwpRequest *request, guint status, JsonObject *body,
                      const char *location, const char *kind, const char *target,
                      gint64 duration_ms)
{
  const char *version = lwp_request_get_query (request, "api-version");
  gboolean workspace = g_str_equal (kind, "workspaceOperationsStatus");
  g_autofree char *id = lwp_operation_begin (cloud, kind, target, duration_ms, NULL);
  g_autofree char *base = g_strdup_printf (
      ARM_BASE "/subscriptions/%s/providers/Microsoft.MachineLearningServices/locations/%s/%s/%s"
               "?api-version=%s",
      lwp_request_get_param (request, "subscription"), location, kind, id, version);
  g_autofree char *async = g_strconcat (base, workspace ? "&type=async" : "&service=new", NULL);
  g_autofree char *result = g_strconcat (base, "&type=location", NULL);
  LwpResponse *response
      = body == NULL ? lwp_response_new (status) : lwp_response_new_json (status, body);

  lwp_response_set_header (response, "Azure-AsyncOperation", async);
  if (workspace)
    lwp_response_set_header (response, "Location", result);
  return response;
}

char *
lwp_ml_dup_workspace_id (LwpRequest *request)
{
  return g_strdup_printf ("/subscriptions/%s/resourceGroups/%s/providers/%s/%s",
                          lwp_request_get_param (request, "subscription"),
                          lwp_request_get_param (request, "group"), LWP_ML_WORKSPACE_TYPE,
                          lwp_request_get_param (request, "workspace"));
}

LwpResource *
lwp_ml_load_workspace (LwpCloud *cloud, LwpRequest *request, LwpResponse **response)
{
  g_autofree char *id = lwp_ml_dup_workspace_id (request);
  LwpResource *workspace = lwp_resource_load (cloud, id);

  if (workspace == NULL)
    *response = lwp_response_new_arm_error (
        404, "ResourceNotFound",
        "The Resource '" LWP_ML_WORKSPACE_TYPE "/%s' under resource group '%s' was not found.",
        lwp_request_get_param (request, "workspace"), lwp_request_get_param (request, "group"));
  return workspace;
}

char *
lwp_ml_dup_child_id (const LwpResource *workspace, const char *kind, const char *name)
{
  return g_strdup_printf ("%s/%s/%s", workspace->id, kind, name);
}

JsonObject *
lwp_ml_new_system_data (const LwpResource *resource)
{
  g_autofree char *created = lwp_cloud_format_time (resource->created_us);
  g_autofree char *changed = lwp_cloud_format_time (resource->changed_us);

  return lwp_json_build ("createdAt:s createdBy:s createdByType:s lastModifiedAt:s lastModifiedBy:s"
                         " lastModifiedByType:s",
                         created, lwp_json_get_string (resource->body, "creator"), "User", changed,
                         lwp_json_get_string (resource->body, "changer"), "User");
}

void
lwp_ml_note_caller (JsonObject *body, LwpRequest *request)
{
  const LwpCaller *caller = lwp_request_get_caller (request);

  if (!json_object_has_member (body, "creator"))
    {
      json_object_set_string_member (body, "creator", caller->name);
      json_object_set_string_member (body, "creator_object", caller->object);
      json_object_set_string_member (body, "tenant", caller->tenant);
    }
  json_object_set_string_member (body, "changer", caller->name);
}

GPtrArray *
lwp_ml_items_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
}

static void
add_query_cb (const char *name, const char *value, gpointer text)
{
  g_autofree char *escaped = g_uri_escape_string (value, NULL, FALSE);

  if (g_ascii_strcasecmp (name, "$skip") != 0)
    g_string_append_printf (text, "%s=%s&", name, escaped);
}

static char *
dup_next_link (LwpRequest *request, guint64 skip)
{
  GString *link = g_string_new (NULL);

  g_string_printf (link, "https://%s%s?", lwp_request_get_host (request),
                   lwp_request_get_raw_path (request));
  lwp_request_foreach_query (request, add_query_cb, link);
  g_string_append_printf (link, "$skip=%" G_GUINT64_FORMAT, skip);
  return g_string_free (link, FALSE);
}

static guint64
read_number (LwpRequest *request, const char *name, guint64 fallback)
{
  const char *text = lwp_request_get_query (request, name);
  guint64 value;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT32, &value, NULL))
    return fallback;
  return value;
}

LwpResponse *
lwp_ml_new_page (LwpRequest *request, GPtrArray *items)
{
  guint64 skip = read_number (request, "$skip", 0);
  guint64 top = MIN (read_number (request, "$top", PAGE_SIZE), PAGE_SIZE);
  guint64 end = MIN (skip + MAX (top, 1), items->len);
  g_autofree char *next = end < items->len ? dup_next_link (request, end) : NULL;
  JsonArray *value = json_array_new ();

  for (guint64 i = skip; i < end; i++)
    json_array_add_object_element (value, json_object_ref (g_ptr_array_index (items, i)));
  g_ptr_array_unref (items);
  return lwp_response_new_json (200, lwp_json_build ("value:a nextLink:s", value, next));
}

gboolean
lwp_ml_is_name (const char *name, gsize min, gsize max, const char *extra)
{
  gsize length = strlen (name);

  if (length < min || length > max || !g_ascii_isalnum (*name))
    return FALSE;
  for (const char *c = name; *c != '\0'; c++)
    if (!g_ascii_isalnum (*c) && strchr (extra, *c) == NULL)
      return FALSE;
  return TRUE;
}

char *
lwp_ml_dup_storage_account (const LwpResource *workspace)
{
  g_autofree char *name
      = g_path_get_basename (lwp_json_get_string (workspace->body, "storageAccount"));

  return g_ascii_strdown (name, -1);
}

const char *
lwp_ml_get_workspace_guid (const LwpResource *workspace)
{
  return lwp_json_get_string (workspace->body, "workspaceId");
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the resource manager's modules share. No state, any thread. */

#include "lwp-arm.h"

#include <string.h>

#include "lwp-region.h"

LwpResponse *
lwp_arm_new_list (JsonArray *value)
{
  JsonObject *root = json_object_new ();

  json_object_set_array_member (root, "value", value);
  return lwp_response_new_json (200, root);
}

LwpResponse *
lwp_arm_bad_json (void)
{
  return lwp_response_new_arm_error (400, "InvalidRequestContent",
                                     "The request content was invalid and could not be "
                                     "deserialized.");
}

LwpResponse *
lwp_arm_not_found (LwpRequest *request)
{
  const char *const *segments = lwp_request_get_segments (request);
  guint n = g_strv_length ((char **) segments);
  const char *group = lwp_request_get_param (request, "group");
  g_autofree char *what = NULL;

  /* …/providers/{namespace}/{type}/{name} */
  for (guint i = 0; i + 3 < n && what == NULL; i++)
    if (g_ascii_strcasecmp (segments[i], "providers") == 0)
      what = g_strjoinv ("/", (char **) segments + i + 1);
  return lwp_response_new_arm_error (
      404, "ResourceNotFound",
      "The Resource '%s' under resource group '%s' was not found. For more details please go to "
      "https://aka.ms/ARMResourceNotFoundFix",
      what != NULL ? what : lwp_request_get_raw_path (request), group != NULL ? group : "<null>");
}

LwpResponse *
lwp_arm_group_not_found (LwpRequest *request)
{
  return lwp_response_new_arm_error (404, "ResourceGroupNotFound",
                                     "Resource group '%s' could not be found.",
                                     lwp_request_get_param (request, "group"));
}

char *
lwp_arm_dup_group_id (LwpRequest *request)
{
  return g_strdup_printf ("/subscriptions/%s/resourceGroups/%s",
                          lwp_request_get_param (request, "subscription"),
                          lwp_request_get_param (request, "group"));
}

char *
lwp_arm_dup_id (LwpRequest *request, const char *type, const char *name)
{
  g_autofree char *group = lwp_arm_dup_group_id (request);

  return g_strdup_printf ("%s/providers/%s/%s", group, type, name);
}

JsonObject *
lwp_arm_make_envelope (const LwpResource *resource)
{
  static const char *const kept[] = { "kind", "sku", "identity" };
  JsonObject *object = json_object_new ();
  JsonObject *tags = lwp_json_get_object (resource->body, "tags");

  json_object_set_string_member (object, "id", resource->id);
  json_object_set_string_member (object, "name", resource->name);
  json_object_set_string_member (object, "type", resource->type);
  json_object_set_string_member (object, "location", resource->location);
  json_object_set_object_member (object, "tags", lwp_json_copy (tags));
  for (gsize i = 0; i < G_N_ELEMENTS (kept); i++)
    lwp_json_keep (object, resource->body, kept[i]);
  return object;
}

void
lwp_arm_set_operation (LwpResponse *response, LwpRequest *request, const char *header,
                       const char *format, ...)
{
  g_autofree char *path = NULL;
  g_autofree char *version
      = g_uri_escape_string (lwp_request_get_query (request, "api-version"), NULL, FALSE);
  g_autofree char *uri = NULL;
  va_list args;

  va_start (args, format);
  path = g_strdup_vprintf (format, args);
  va_end (args);
  uri = g_strdup_printf ("https://" LWP_ARM_HOST "%s?api-version=%s", path, version);
  lwp_response_set_header (response, header, uri);
}

LwpResponse *
lwp_arm_check_location (const char *location, const char *type)
{
  if (location == NULL || *location == '\0')
    return lwp_response_new_arm_error (400, "LocationRequired",
                                       "The location property is required for this definition.");
  if (lwp_region_find (location) == NULL)
    return lwp_response_new_arm_error (
        400, "LocationNotAvailableForResourceType",
        "The provided location '%s' is not available for resource type '%s'.", location, type);
  return NULL;
}

char *
lwp_arm_dup_location (const char *text)
{
  const LwpRegion *region = lwp_region_find (text);

  return g_strdup (region != NULL ? region->name : text);
}

void
lwp_arm_set_retry_after (LwpCloud *cloud, LwpResponse *response)
{
  gint64 second_us = lwp_cloud_get_end_us (cloud, 1000) - lwp_cloud_get_now_us (cloud);

  lwp_response_set_header (response, "Retry-After", second_us > G_TIME_SPAN_SECOND / 4 ? "1" : "0");
}

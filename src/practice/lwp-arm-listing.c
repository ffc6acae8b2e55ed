/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What stands in a group or subscription (Resources_ListByResourceGroup, Resources_List), and the
 * answer for resources of types that nobody plays. Any thread. */

#include <string.h>

#include "lwp-arm.h"

/* Parts of /subscriptions/S/resourceGroups/G/providers/N/T/NAME, with an empty one in front. */
#define TOP_LEVEL_PARTS 9

/* Resources have rows of their own; children of resources, locks and groups have not. */
static gboolean
is_listed (const LwpResource *resource)
{
  g_auto (GStrv) parts = g_strsplit (resource->id, "/", -1);

  return g_strv_length (parts) == TOP_LEVEL_PARTS && *resource->location != '\0';
}

/* "resourceType eq 'x'", "name eq 'x'", "tagName eq 'x'" and "substringof('x',name)", joined by
 * "and". */
static gboolean
fits_filter (const LwpResource *resource, const char *filter)
{
  g_auto (GStrv) terms = g_strsplit (filter != NULL ? filter : "", " and ", -1);

  for (guint i = 0; terms[i] != NULL; i++)
    {
      g_auto (GStrv) words = g_strsplit (terms[i], "'", -1);
      JsonObject *tags = lwp_json_get_object (resource->body, "tags");
      const char *value = g_strv_length (words) > 1 ? words[1] : "";

      g_strchug (terms[i]);
      if (g_str_has_prefix (terms[i], "resourceType eq")
          && g_ascii_strcasecmp (resource->type, value) != 0)
        return FALSE;
      if (g_str_has_prefix (terms[i], "name eq") && g_ascii_strcasecmp (resource->name, value) != 0)
        return FALSE;
      if (g_str_has_prefix (terms[i], "substringof(") && strstr (resource->name, value) == NULL)
        return FALSE;
      if (g_str_has_prefix (terms[i], "tagName eq")
          && (tags == NULL || !json_object_has_member (tags, value)))
        return FALSE;
    }
  return TRUE;
}

static void
expand (LwpCloud *cloud, const LwpResource *resource, const char *wanted, JsonObject *object)
{
  g_autofree char *created = lwp_cloud_format_time (resource->created_us);
  g_autofree char *changed = lwp_cloud_format_time (resource->changed_us);

  if (strstr (wanted, "createdTime") != NULL)
    json_object_set_string_member (object, "createdTime", created);
  if (strstr (wanted, "changedTime") != NULL)
    json_object_set_string_member (object, "changedTime", changed);
  if (strstr (wanted, "provisioningState") != NULL)
    json_object_set_string_member (object, "provisioningState",
                                   lwp_resource_get_provisioning_state (cloud, resource));
}

static LwpResponse *
list_below (LwpCloud *cloud, LwpRequest *request, const char *scope)
{
  const char *filter = lwp_request_get_query (request, "$filter");
  const char *wanted = lwp_request_get_query (request, "$expand");
  g_autoptr (GPtrArray) resources = lwp_resource_list (cloud, scope, NULL);
  JsonArray *value = json_array_new ();

  for (guint i = 0; i < resources->len; i++)
    {
      const LwpResource *resource = g_ptr_array_index (resources, i);
      JsonObject *object;

      if (!is_listed (resource) || !fits_filter (resource, filter))
        continue;
      object = lwp_arm_make_envelope (resource);
      expand (cloud, resource, wanted != NULL ? wanted : "", object);
      json_array_add_object_element (value, object);
    }
  return lwp_arm_new_list (value);
}

static LwpResponse *
list_in_group (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  g_autofree char *scope = lwp_arm_dup_group_id (request);

  return list_below (cloud, request, scope);
}

static LwpResponse *
list_in_subscription (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  g_autofree char *scope
      = g_strdup_printf ("/subscriptions/%s", lwp_request_get_param (request, "subscription"));

  return list_below (cloud, request, scope);
}

static LwpResponse *
find_nothing (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  return lwp_arm_not_found (request);
}

static const LwpRoute routes[] = {
  { "GET", "/subscriptions/{subscription}/resources", list_in_subscription, LWP_ROUTE_ARM },
  { "GET", "/subscriptions/{subscription}/resourceGroups/{group}/resources", list_in_group,
    LWP_ROUTE_ARM },
  { "GET", "/subscriptions/{subscription}/resourceGroups/{group}/providers/{path*}", find_nothing,
    LWP_ROUTE_ARM },
};

gboolean
lwp_arm_listing_register (LwpCloud *cloud, GError **error)
{
  lwp_router_add (lwp_cloud_get_router (cloud), LWP_ARM_HOST, routes, G_N_ELEMENTS (routes), NULL);
  return TRUE;
}

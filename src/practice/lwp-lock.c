/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Management locks (ManagementLocks_*, 2020-05-01) at a subscription, a group or a resource. What a
 * lock forbids is in lwp-gate.c. Any thread. */

#include <string.h>

#include "lwp-arm.h"

#define TYPE "Microsoft.Authorization/locks"

/* The scope is the path up to the provider of locks. */
static char *
dup_scope (LwpRequest *request)
{
  const char *const *segments = lwp_request_get_segments (request);
  g_autoptr (GString) scope = g_string_new (NULL);

  for (guint i = 0; segments[i] != NULL; i++)
    {
      if (g_ascii_strcasecmp (segments[i], "providers") == 0 && segments[i + 1] != NULL
          && g_ascii_strcasecmp (segments[i + 1], "Microsoft.Authorization") == 0)
        break;
      g_string_append_printf (scope, "/%s", segments[i]);
    }
  return g_string_free (g_steal_pointer (&scope), FALSE);
}

static char *
dup_id (LwpRequest *request)
{
  g_autofree char *scope = dup_scope (request);

  return g_strdup_printf ("%s/providers/" TYPE "/%s", scope,
                          lwp_request_get_param (request, "lock"));
}

static JsonObject *
make_lock (const LwpResource *lock)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "id", lock->id);
  json_object_set_string_member (object, "type", TYPE);
  json_object_set_string_member (object, "name", lock->name);
  lwp_json_keep (object, lock->body, "properties");
  return object;
}

static LwpResponse *
not_found (LwpRequest *request)
{
  return lwp_response_new_arm_error (404, "LockNotFound", "The lock '%s' could not be found.",
                                     lwp_request_get_param (request, "lock"));
}

static LwpResponse *
list (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  g_autofree char *scope = dup_scope (request);
  g_autoptr (GPtrArray) locks = lwp_resource_list (cloud, scope, TYPE);
  JsonArray *value = json_array_new ();

  for (guint i = 0; i < locks->len; i++)
    json_array_add_object_element (value, make_lock (g_ptr_array_index (locks, i)));
  return lwp_arm_new_list (value);
}

static LwpResponse *
show (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  g_autofree char *id = dup_id (request);
  g_autoptr (LwpResource) lock = lwp_resource_load (cloud, id);

  return lock != NULL ? lwp_response_new_json (200, make_lock (lock)) : not_found (request);
}

static LwpResponse *
put (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  JsonObject *body = lwp_request_get_json (request);
  const char *level = lwp_json_get_string (body, "properties.level");
  g_autofree char *id = dup_id (request);
  G_GNUC_UNUSED g_autoptr (LwpStoreTransaction) hold = lwp_cloud_hold (cloud);
  g_autoptr (LwpResource) lock = lwp_resource_load (cloud, id);
  gboolean is_new = lock == NULL;

  if (body == NULL)
    return lwp_arm_bad_json ();
  if (level == NULL || (strcmp (level, "CanNotDelete") != 0 && strcmp (level, "ReadOnly") != 0))
    return lwp_response_new_arm_error (400, "LockLevelInvalid",
                                       "The lock level must be 'CanNotDelete' or 'ReadOnly'.");
  if (is_new)
    lock = lwp_resource_new (cloud, id, TYPE, "", json_object_new (), 0);
  lwp_json_keep (lock->body, body, "properties");
  lwp_resource_save (cloud, lock);
  return lwp_response_new_json (is_new ? 201 : 200, make_lock (lock));
}

static LwpResponse *
delete (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  g_autofree char *id = dup_id (request);
  g_autoptr (LwpResource) lock = lwp_resource_load (cloud, id);

  if (lock == NULL)
    return lwp_response_new (204);
  lwp_resource_delete (cloud, id, 0);
  return lwp_response_new (200);
}

#define SUBSCRIPTION "/subscriptions/{subscription}"
#define GROUP SUBSCRIPTION "/resourceGroups/{group}"
#define RESOURCE GROUP "/providers/{namespace}/{type}/{name}"
#define LOCKS "/providers/Microsoft.Authorization/locks"
#define LOCK LOCKS "/{lock}"

static const LwpRoute routes[] = {
  { "GET", SUBSCRIPTION LOCKS, list, LWP_ROUTE_ARM },
  { "GET", SUBSCRIPTION LOCK, show, LWP_ROUTE_ARM },
  { "PUT", SUBSCRIPTION LOCK, put, LWP_ROUTE_ARM },
  { "DELETE", SUBSCRIPTION LOCK, delete, LWP_ROUTE_ARM },
  { "GET", GROUP LOCKS, list, LWP_ROUTE_ARM },
  { "GET", GROUP LOCK, show, LWP_ROUTE_ARM },
  { "PUT", GROUP LOCK, put, LWP_ROUTE_ARM },
  { "DELETE", GROUP LOCK, delete, LWP_ROUTE_ARM },
  { "GET", RESOURCE LOCKS, list, LWP_ROUTE_ARM },
  { "GET", RESOURCE LOCK, show, LWP_ROUTE_ARM },
  { "PUT", RESOURCE LOCK, put, LWP_ROUTE_ARM },
  { "DELETE", RESOURCE LOCK, delete, LWP_ROUTE_ARM },
};

gboolean
lwp_lock_register (LwpCloud *cloud, GError **error)
{
  lwp_router_add (lwp_cloud_get_router (cloud), LWP_ARM_HOST, routes, G_N_ELEMENTS (routes), NULL);
  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What simple types of resources have in common: show, list, delete. No state, any thread. */

#include "lwp-arm-type.h"

#include <string.h>

#include "lwp-directory.h"

LwpResource *
lwp_arm_type_load (LwpCloud *cloud, LwpRequest *request, const LwpArmType *type)
{
  const char *name = lwp_request_get_param (request, "name");
  g_autofree char *id = lwp_arm_dup_id (request, type->type, name);

  return lwp_resource_load (cloud, id);
}

LwpResponse *
lwp_arm_type_show (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  const LwpArmType *type = user_data;
  g_autoptr (LwpResource) resource = lwp_arm_type_load (cloud, request, type);

  if (resource == NULL)
    return lwp_arm_not_found (request);
  return lwp_response_new_json (200, type->make (cloud, resource));
}

static LwpResponse *
list_below (LwpCloud *cloud, const char *scope, const LwpArmType *type)
{
  g_autoptr (GPtrArray) resources = lwp_resource_list (cloud, scope, type->type);
  JsonArray *value = json_array_new ();

  for (guint i = 0; i < resources->len; i++)
    json_array_add_object_element (value, type->make (cloud, g_ptr_array_index (resources, i)));
  return lwp_arm_new_list (value);
}

LwpResponse *
lwp_arm_type_list_in_group (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  g_autofree char *scope = lwp_arm_dup_group_id (request);

  return list_below (cloud, scope, user_data);
}

LwpResponse *
lwp_arm_type_list_in_subscription (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  g_autofree char *scope
      = g_strdup_printf ("/subscriptions/%s", lwp_request_get_param (request, "subscription"));

  return list_below (cloud, scope, user_data);
}

LwpResponse *
lwp_arm_type_delete (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  const LwpArmType *type = user_data;
  g_autoptr (LwpResource) resource = lwp_arm_type_load (cloud, request, type);

  if (resource == NULL)
    return lwp_response_new (204);
  lwp_resource_delete (cloud, resource->id, type->delete_ms);
  return lwp_response_new (200);
}

LwpResource *
lwp_arm_type_find_name (LwpCloud *cloud, const LwpArmType *type, const char *name)
{
  gsize n_subscriptions;
  const LwpSubscription *subscriptions = lwp_directory_get_subscriptions (&n_subscriptions);

  for (gsize i = 0; i < n_subscriptions; i++)
    {
      g_autofree char *scope = g_strdup_printf ("/subscriptions/%s", subscriptions[i].id);
      g_autoptr (GPtrArray) resources = lwp_resource_list (cloud, scope, type->type);

      for (guint j = 0; j < resources->len; j++)
        {
          const LwpResource *resource = g_ptr_array_index (resources, j);

          if (g_ascii_strcasecmp (resource->name, name) == 0)
            return g_ptr_array_steal_index (resources, j);
        }
    }
  return NULL;
}

gboolean
lwp_arm_type_is_name (const char *name, gsize min, gsize max, gboolean hyphens)
{
  gsize length = strlen (name);

  for (const char *at = name; *at != '\0'; at++)
    if (!g_ascii_isalnum (*at) && !(hyphens && *at == '-'))
      return FALSE;
  return length >= min && length <= max;
}

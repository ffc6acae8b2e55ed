/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which regions the policies of a subscription allow. No state, any thread; blocks. */

#include "lw-policy.h"

#include "lw-api-versions.h"

/* The names under which the built-in policies "Allowed locations" and the restriction of student
 * subscriptions take their list. */
static const char *const parameters[] = { "listOfAllowedLocations", "allowedLocations" };

static gboolean
is_in_force (LwJson assignment)
{
  const char *mode = lw_json_get_string (lw_json_member (assignment, "properties"),
                                         "enforcementMode", "Default");

  return g_ascii_strcasecmp (mode, "DoNotEnforce") != 0;
}

static GPtrArray *
read_regions (LwJson list)
{
  GPtrArray *regions = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < lw_json_length (list); i++)
    {
      const char *region = lw_json_as_string (lw_json_element (list, i), NULL);

      if (region != NULL)
        g_ptr_array_add (regions, g_ascii_strdown (region, -1));
    }
  return regions;
}

/* Several policies have to be met at once. */
static void
keep_common (GPtrArray *regions, GPtrArray *other)
{
  for (guint i = regions->len; i > 0; i--)
    if (!g_ptr_array_find_with_equal_func (other, g_ptr_array_index (regions, i - 1), g_str_equal,
                                           NULL))
      g_ptr_array_remove_index (regions, i - 1);
}

static gboolean
add_assignment (LwJson item, gpointer user_data, GError **error)
{
  GPtrArray **regions = user_data;

  for (guint i = 0; i < G_N_ELEMENTS (parameters); i++)
    {
      LwJson list
        = lw_json_at (item, "properties", "parameters", parameters[i], "value", NULL);
      g_autoptr (GPtrArray) allowed = NULL;

      if (!lw_json_is_array (list) || !is_in_force (item))
        continue;
      allowed = read_regions (list);
      if (*regions == NULL)
        *regions = g_steal_pointer (&allowed);
      else
        keep_common (*regions, allowed);
    }
  return TRUE;
}

gboolean
lw_policy_list_regions (const LwArm *arm, GPtrArray **regions, GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (GPtrArray) allowed = NULL;
  g_autofree char *path = NULL;
  LwAzureCall call = { .service = LW_CLOUD_ARM, .method = "GET", .api_version = LW_API_POLICY };

  g_return_val_if_fail (arm != NULL && regions != NULL, FALSE);

  path = g_strconcat ("/subscriptions/", arm->subscription_id,
                      "/providers/Microsoft.Authorization/policyAssignments", NULL);
  call.tenant_id = arm->tenant_id;
  call.path = path;
  if (!lw_azure_list (arm->azure, &call, add_assignment, &allowed, cancellable, error))
    return FALSE;
  *regions = g_steal_pointer (&allowed);
  return TRUE;
}

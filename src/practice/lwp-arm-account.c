/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the resource manager knows of an account: tenants, subscriptions, regions, permissions; and
 * the description of the cloud itself. Answers from constant tables, any thread. */

#include <string.h>

#include "lwp-arm.h"
#include "lwp-directory.h"

static JsonObject *
wrap_list (JsonArray *value)
{
  JsonObject *root = json_object_new ();

  json_object_set_array_member (root, "value", value);
  return root;
}

static LwpResponse *
list_tenants (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  gsize n_tenants;
  const LwpTenant *tenants = lwp_directory_get_tenants (&n_tenants);
  JsonArray *value = json_array_new ();

  for (gsize i = 0; i < n_tenants; i++)
    {
      JsonObject *tenant = json_object_new ();
      JsonArray *domains = json_array_new ();
      g_autofree char *id = g_strconcat ("/tenants/", tenants[i].id, NULL);

      json_array_add_string_element (domains, tenants[i].domain);
      json_object_set_string_member (tenant, "id", id);
      json_object_set_string_member (tenant, "tenantId", tenants[i].id);
      json_object_set_string_member (tenant, "countryCode", "KR");
      json_object_set_string_member (tenant, "displayName", tenants[i].display_name);
      json_object_set_array_member (tenant, "domains", domains);
      json_object_set_string_member (tenant, "tenantCategory", "Home");
      json_object_set_string_member (tenant, "defaultDomain", tenants[i].domain);
      json_object_set_string_member (tenant, "tenantType", "AAD");
      json_array_add_object_element (value, tenant);
    }
  return lwp_response_new_json (200, wrap_list (value));
}

static const LwpRoute routes[] = {
  { "GET", "/tenants", list_tenants, LWP_ROUTE_ARM },
};

gboolean
lwp_arm_account_register (LwpCloud *cloud, GError **error)
{
  lwp_router_add (lwp_cloud_get_router (cloud), LWP_ARM_HOST, routes, G_N_ELEMENTS (routes), NULL);
  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the resource manager knows of an account: tenants, subscriptions, regions, permissions; and
 * the description of the cloud itself. Answers from constant tables, any thread. */

#include <string.h>

#include "lwp-arm.h"
#include "lwp-directory.h"
#include "lwp-region.h"

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
  return lwp_arm_new_list (value);
}

static JsonObject *
make_subscription (const LwpSubscription *subscription)
{
  JsonObject *object = json_object_new ();
  JsonObject *policies = json_object_new ();
  g_autofree char *id = g_strconcat ("/subscriptions/", subscription->id, NULL);

  json_object_set_string_member (policies, "locationPlacementId", "Public_2014-09-01");
  json_object_set_string_member (policies, "quotaId", subscription->quota_id);
  json_object_set_string_member (policies, "spendingLimit", subscription->spending_limit);
  json_object_set_string_member (object, "id", id);
  json_object_set_string_member (object, "authorizationSource", "RoleBased");
  json_object_set_array_member (object, "managedByTenants", json_array_new ());
  json_object_set_string_member (object, "subscriptionId", subscription->id);
  json_object_set_string_member (object, "tenantId", subscription->tenant);
  json_object_set_string_member (object, "displayName", subscription->display_name);
  json_object_set_string_member (object, "state", "Enabled");
  json_object_set_object_member (object, "subscriptionPolicies", policies);
  return object;
}

static LwpResponse *
list_subscriptions (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  const LwpCaller *caller = lwp_request_get_caller (request);
  gsize n_subscriptions;
  const LwpSubscription *subscriptions = lwp_directory_get_subscriptions (&n_subscriptions);
  JsonObject *root = json_object_new ();
  JsonObject *count = json_object_new ();
  JsonArray *value = json_array_new ();

  for (gsize i = 0; i < n_subscriptions; i++)
    if (strcmp (subscriptions[i].tenant, caller->tenant) == 0)
      json_array_add_object_element (value, make_subscription (&subscriptions[i]));
  json_object_set_string_member (count, "type", "Total");
  json_object_set_int_member (count, "value", json_array_get_length (value));
  json_object_set_array_member (root, "value", value);
  json_object_set_object_member (root, "count", count);
  return lwp_response_new_json (200, root);
}

static LwpResponse *
show_subscription (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  const char *id = lwp_request_get_param (request, "subscription");

  return lwp_response_new_json (200, make_subscription (lwp_directory_find_subscription (id)));
}

static JsonObject *
make_location (const char *subscription, const LwpRegion *region)
{
  JsonObject *object = json_object_new ();
  JsonObject *metadata = json_object_new ();
  JsonObject *pair = json_object_new ();
  JsonArray *pairs = json_array_new ();
  g_autofree char *id
      = g_strdup_printf ("/subscriptions/%s/locations/%s", subscription, region->name);
  g_autofree char *pair_id
      = g_strdup_printf ("/subscriptions/%s/locations/%s", subscription, region->paired);
  g_autofree char *regional = g_strdup_printf ("(%s) %s", region->group, region->display_name);

  json_object_set_string_member (pair, "name", region->paired);
  json_object_set_string_member (pair, "id", pair_id);
  json_array_add_object_element (pairs, pair);
  json_object_set_string_member (metadata, "regionType", "Physical");
  json_object_set_string_member (metadata, "regionCategory", "Recommended");
  json_object_set_string_member (metadata, "geography", region->geography);
  json_object_set_string_member (metadata, "geographyGroup", region->group);
  json_object_set_string_member (metadata, "longitude", region->longitude);
  json_object_set_string_member (metadata, "latitude", region->latitude);
  json_object_set_string_member (metadata, "physicalLocation", region->place);
  json_object_set_array_member (metadata, "pairedRegion", pairs);
  json_object_set_string_member (object, "id", id);
  json_object_set_string_member (object, "name", region->name);
  json_object_set_string_member (object, "type", "Region");
  json_object_set_string_member (object, "displayName", region->display_name);
  json_object_set_string_member (object, "regionalDisplayName", regional);
  json_object_set_object_member (object, "metadata", metadata);
  return object;
}

static LwpResponse *
list_locations (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  const char *subscription = lwp_request_get_param (request, "subscription");
  gsize n_regions;
  const LwpRegion *regions = lwp_region_get_all (&n_regions);
  JsonArray *value = json_array_new ();

  for (gsize i = 0; i < n_regions; i++)
    json_array_add_object_element (value, make_location (subscription, &regions[i]));
  return lwp_arm_new_list (value);
}

/* Everybody owns the practice subscription. */
static LwpResponse *
list_permissions (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  return lwp_response_new_json (200, lwp_json_new ("{'value':[{'actions':['*'],'notActions':[],"
                                                   "'dataActions':[],'notDataActions':[]}]}"));
}

static LwpResponse *
show_endpoints (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  /* A list at the top since 2019-05-01, which is what the Azure CLI and the SDKs ask for. */
  static const char text[]
      = "[{\"portal\":\"https://portal.azure.com\",\"authentication\":{"
        "\"loginEndpoint\":\"https://login.microsoftonline.com\","
        "\"audiences\":[\"https://management.core.windows.net/\","
        "\"https://management.azure.com/\"],"
        "\"tenant\":\"common\",\"identityProvider\":\"AAD\"},"
        "\"media\":\"https://rest.media.azure.net\","
        "\"graphAudience\":\"https://graph.windows.net/\",\"graph\":\"https://graph.windows.net/\","
        "\"name\":\"AzureCloud\",\"suffixes\":{"
        "\"azureDataLakeStoreFileSystem\":\"azuredatalakestore.net\","
        "\"acrLoginServer\":\"azurecr.io\",\"sqlServerHostname\":\"database.windows.net\","
        "\"azureDataLakeAnalyticsCatalogAndJob\":\"azuredatalakeanalytics.net\","
        "\"keyVaultDns\":\"vault.azure.net\",\"storage\":\"core.windows.net\"},"
        "\"batch\":\"https://batch.core.windows.net/\","
        "\"resourceManager\":\"https://management.azure.com/\","
        "\"activeDirectoryDataLake\":\"https://datalake.azure.net/\","
        "\"sqlManagement\":\"https://management.core.windows.net:8443/\","
        "\"gallery\":\"https://gallery.azure.com/\"}]";

  return lwp_response_new_text (200, "application/json; charset=utf-8", text);
}

static const LwpRoute routes[] = {
  { "GET", "/tenants", list_tenants, LWP_ROUTE_ARM },
  { "GET", "/subscriptions", list_subscriptions, LWP_ROUTE_ARM },
  { "GET", "/subscriptions/{subscription}", show_subscription, LWP_ROUTE_ARM },
  { "GET", "/subscriptions/{subscription}/locations", list_locations, LWP_ROUTE_ARM },
  { "GET", "/subscriptions/{subscription}/providers/Microsoft.Authorization/permissions",
    list_permissions, LWP_ROUTE_ARM },
  { "GET",
    "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Authorization/"
    "permissions",
    list_permissions, LWP_ROUTE_ARM },
  { "GET", "/metadata/endpoints", show_endpoints, LWP_ROUTE_OPEN },
};

gboolean
lwp_arm_account_register (LwpCloud *cloud, GError **error)
{
  lwp_router_add (lwp_cloud_get_router (cloud), LWP_ARM_HOST, routes, G_N_ELEMENTS (routes), NULL);
  return TRUE;
}

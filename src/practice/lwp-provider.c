/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Resource providers and their registration (Providers_Get, Providers_List, Providers_Register of
 * Microsoft.Resources). A registration is a row whose time of being ready says how far it is. What
 * a fresh student subscription has not registered is not registered here either. Any thread. */

#include "lwp-provider.h"

#include <string.h>

#include "lwp-arm.h"
#include "lwp-region.h"

#define TYPE "Microsoft.Resources/providers"
#define REGISTER_MS 3000

typedef struct
{
  const char *name;
  gboolean registered;       /* from the start */
  const char *types;         /* parted by spaces */
  const char *api_versions;  /* newest first */
} Provider;

static const Provider providers[] = {
  { "Microsoft.Authorization", TRUE, "locks permissions roleAssignments", "2022-04-01 2020-05-01" },
  { "Microsoft.Compute", TRUE, "virtualMachines locations/usages", "2024-03-01 2023-09-01" },
  { "Microsoft.CostManagement", TRUE, "query", "2023-11-01 2023-03-01" },
  { "Microsoft.Insights", TRUE, "components actionGroups", "2020-02-02 2020-02-02-preview" },
  { "Microsoft.KeyVault", TRUE, "vaults deletedVaults checkNameAvailability",
    "2023-07-01 2019-09-01" },
  { "Microsoft.MachineLearningServices", FALSE,
    "workspaces workspaces/computes workspaces/jobs workspaces/codes workspaces/environments "
    "workspaces/datastores locations locations/vmSizes locations/usages locations/quotas",
    "2025-12-01 2024-04-01 2023-10-01 2023-04-01 2023-04-01-preview 2022-10-01" },
  { "Microsoft.OperationalInsights", FALSE, "workspaces deletedWorkspaces",
    "2022-10-01 2020-08-01" },
  { "Microsoft.Resources", TRUE, "resourceGroups deployments subscriptions tags",
    "2024-03-01 2022-09-01" },
  { "Microsoft.Storage", TRUE, "storageAccounts checkNameAvailability",
    "2023-05-01 2019-04-01" },
};

static const Provider *
find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (providers); i++)
    if (g_ascii_strcasecmp (providers[i].name, name) == 0)
      return &providers[i];
  return NULL;
}

static char *
dup_id (const char *subscription, const char *name)
{
  return g_strdup_printf ("/subscriptions/%s/providers/%s", subscription, name);
}

char *
lwp_provider_dup_spelling (const char *name)
{
  const Provider *provider = find (name);

  return g_strdup (provider != NULL ? provider->name : name);
}

const char *
lwp_provider_get_state (LwpCloud *cloud, const char *subscription, const char *name)
{
  const Provider *provider = find (name);
  g_autofree char *id = dup_id (subscription, name);
  g_autoptr (LwpResource) row = NULL;
  gboolean target;

  if (provider == NULL)
    return NULL;
  row = lwp_resource_load (cloud, id);
  target = row != NULL ? lwp_json_get_boolean (row->body, "registered", FALSE)
                       : provider->registered;
  if (row != NULL && row->ready_us > lwp_cloud_get_now_us (cloud))
    return target ? "Registering" : "Unregistering";
  return target ? "Registered" : "NotRegistered";
}

static void
set_target (LwpCloud *cloud, const char *subscription, const Provider *provider,
            gboolean registered)
{
  g_autofree char *id = dup_id (subscription, provider->name);
  const char *state = lwp_provider_get_state (cloud, subscription, provider->name);
  g_autoptr (LwpResource) row = NULL;

  if (strcmp (state, registered ? "Registered" : "NotRegistered") == 0
      || strcmp (state, registered ? "Registering" : "Unregistering") == 0)
    return;
  row = lwp_resource_new (cloud, id, TYPE, "", json_object_new (), REGISTER_MS);
  json_object_set_boolean_member (row->body, "registered", registered);
  lwp_resource_save (cloud, row);
}

void
lwp_provider_register_now (LwpCloud *cloud, const char *subscription, const char *name)
{
  const Provider *provider = find (name);

  if (provider != NULL)
    set_target (cloud, subscription, provider, TRUE);
}

static JsonArray *
make_strings (const char *words)
{
  g_auto (GStrv) parts = g_strsplit (words, " ", -1);
  JsonArray *array = json_array_new ();

  for (guint i = 0; parts[i] != NULL; i++)
    json_array_add_string_element (array, parts[i]);
  return array;
}

static JsonArray *
make_locations (void)
{
  gsize n_regions;
  const LwpRegion *regions = lwp_region_get_all (&n_regions);
  JsonArray *array = json_array_new ();

  for (gsize i = 0; i < n_regions; i++)
    json_array_add_string_element (array, regions[i].display_name);
  return array;
}

static JsonObject *
make_provider (LwpCloud *cloud, const char *subscription, const Provider *provider)
{
  g_auto (GStrv) types = g_strsplit (provider->types, " ", -1);
  g_autofree char *id = dup_id (subscription, provider->name);
  JsonObject *object = json_object_new ();
  JsonArray *array = json_array_new ();

  for (guint i = 0; types[i] != NULL; i++)
    {
      JsonObject *type = json_object_new ();

      json_object_set_string_member (type, "resourceType", types[i]);
      json_object_set_array_member (type, "locations", make_locations ());
      json_object_set_array_member (type, "apiVersions", make_strings (provider->api_versions));
      json_object_set_string_member (type, "capabilities", "None");
      json_array_add_object_element (array, type);
    }
  json_object_set_string_member (object, "id", id);
  json_object_set_string_member (object, "namespace", provider->name);
  json_object_set_array_member (object, "resourceTypes", array);
  json_object_set_string_member (object, "registrationState",
                                 lwp_provider_get_state (cloud, subscription, provider->name));
  json_object_set_string_member (object, "registrationPolicy", "RegistrationRequired");
  return object;
}

static LwpResponse *
list_providers (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  JsonArray *value = json_array_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (providers); i++)
    json_array_add_object_element (
        value,
        make_provider (cloud, lwp_request_get_param (request, "subscription"), &providers[i]));
  return lwp_arm_new_list (value);
}

static LwpResponse *
answer_provider (LwpCloud *cloud, LwpRequest *request, const Provider *provider)
{
  if (provider == NULL)
    return lwp_response_new_arm_error (404, "InvalidResourceNamespace",
                                       "The resource namespace '%s' is invalid.",
                                       lwp_request_get_param (request, "provider"));
  return lwp_response_new_json (
      200, make_provider (cloud, lwp_request_get_param (request, "subscription"), provider));
}

static LwpResponse *
show_provider (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  return answer_provider (cloud, request, find (lwp_request_get_param (request, "provider")));
}

static LwpResponse *
register_provider (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  const Provider *provider = find (lwp_request_get_param (request, "provider"));

  if (provider != NULL)
    set_target (cloud, lwp_request_get_param (request, "subscription"), provider, TRUE);
  return answer_provider (cloud, request, provider);
}

static LwpResponse *
unregister_provider (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  const Provider *provider = find (lwp_request_get_param (request, "provider"));

  if (provider != NULL)
    set_target (cloud, lwp_request_get_param (request, "subscription"), provider, FALSE);
  return answer_provider (cloud, request, provider);
}

static const LwpRoute routes[] = {
  { "GET", "/subscriptions/{subscription}/providers", list_providers, LWP_ROUTE_ARM },
  { "GET", "/subscriptions/{subscription}/providers/{provider}", show_provider, LWP_ROUTE_ARM },
  { "POST", "/subscriptions/{subscription}/providers/{provider}/register", register_provider,
    LWP_ROUTE_ARM },
  { "POST", "/subscriptions/{subscription}/providers/{provider}/unregister", unregister_provider,
    LWP_ROUTE_ARM },
};

gboolean
lwp_provider_register (LwpCloud *cloud, GError **error)
{
  lwp_router_add (lwp_cloud_get_router (cloud), LWP_ARM_HOST, routes, G_N_ELEMENTS (routes), NULL);
  return TRUE;
}

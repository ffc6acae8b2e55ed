/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Log Analytics workspaces (Workspaces_*, 2022-10-01 of Microsoft.OperationalInsights) and
 * Application Insights components (Components_*, 2020-02-02 of Microsoft.Insights). A deleted
 * workspace stays recoverable unless it was deleted with force. Any thread. */

#include <string.h>

#include "lwp-arm-type.h"

#define LOGS_TYPE "Microsoft.OperationalInsights/workspaces"
#define DELETED_TYPE "Microsoft.OperationalInsights/deletedWorkspaces"
#define COMPONENT_TYPE "microsoft.insights/components"
#define CREATE_MS 1000
#define MIN_NAME_CHARS 4
#define MAX_NAME_CHARS 63

static JsonObject *
make_logs (LwpCloud *cloud, const LwpResource *logs)
{
  JsonObject *object = lwp_arm_make_envelope (logs);
  JsonObject *properties = lwp_json_copy (lwp_json_get_object (logs->body, "properties"));
  g_autofree char *created = lwp_cloud_format_time (logs->created_us);
  g_autofree char *changed = lwp_cloud_format_time (logs->changed_us);

  json_object_set_string_member (properties, "provisioningState",
                                 lwp_resource_get_provisioning_state (cloud, logs));
  json_object_set_string_member (properties, "createdDate", created);
  json_object_set_string_member (properties, "modifiedDate", changed);
  json_object_set_object_member (object, "properties", properties);
  return object;
}

static JsonObject *
make_component (LwpCloud *cloud, const LwpResource *component)
{
  JsonObject *object = lwp_arm_make_envelope (component);
  JsonObject *properties = lwp_json_copy (lwp_json_get_object (component->body, "properties"));
  g_autofree char *created = lwp_cloud_format_time (component->created_us);

  json_object_set_string_member (properties, "ApplicationId", component->name);
  json_object_set_string_member (properties, "Name", component->name);
  json_object_set_string_member (properties, "CreationDate", created);
  json_object_set_string_member (properties, "provisioningState", "Succeeded");
  json_object_set_object_member (object, "properties", properties);
  return object;
}

static JsonObject *
make_deleted (LwpCloud *cloud, const LwpResource *deleted)
{
  JsonObject *object = make_logs (cloud, deleted);

  json_object_set_string_member (object, "id",
                                 lwp_json_get_string (deleted->body, "workspaceId"));
  json_object_set_string_member (object, "type", LOGS_TYPE);
  return object;
}

static const LwpArmType logs_type = { LOGS_TYPE, make_logs, 0 };
static const LwpArmType component_type = { COMPONENT_TYPE, make_component, 0 };
static const LwpArmType deleted_type = { DELETED_TYPE, make_deleted, 0 };

/* The group of a deleted workspace may be gone, so it is kept by name below the subscription. */
static void
keep_deleted (LwpCloud *cloud, const LwpResource *logs, gpointer user_data)
{
  g_auto (GStrv) segments = g_strsplit (logs->id, "/", -1);
  g_autofree char *id = g_strdup_printf (
      "/subscriptions/%s/providers/" DELETED_TYPE "/%s", segments[2], logs->name);
  g_autoptr (LwpResource) deleted = NULL;

  if (lwp_json_get_boolean (logs->body, "force", FALSE))
    return;
  deleted = lwp_resource_new (cloud, id, DELETED_TYPE, logs->location,
                              lwp_json_copy (logs->body), 0);
  json_object_set_string_member (deleted->body, "workspaceId", logs->id);
  lwp_resource_save (cloud, deleted);
}

static LwpResponse *
list_deleted (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  return lwp_arm_type_list_in_subscription (cloud, request, (gpointer) &deleted_type);
}

static LwpResponse *
put_logs (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  const char *name = lwp_request_get_param (request, "name");
  JsonObject *body = lwp_request_get_json (request);
  g_autofree char *location = lwp_arm_dup_location (lwp_json_get_string (body, "location"));
  g_autofree char *id = lwp_arm_dup_id (request, LOGS_TYPE, name);
  g_autofree char *customer = g_uuid_string_random ();
  G_GNUC_UNUSED g_autoptr (LwpStoreTransaction) hold = lwp_cloud_hold (cloud);
  g_autoptr (LwpResource) logs = lwp_resource_load (cloud, id);
  gboolean is_new = logs == NULL;
  LwpResponse *refusal;

  if (body == NULL)
    return lwp_arm_bad_json ();
  if (!lwp_arm_type_is_name (name, MIN_NAME_CHARS, MAX_NAME_CHARS, TRUE))
    return lwp_response_new_arm_error (400, "InvalidParameter",
                                       "'%s' is not a valid name of a workspace.", name);
  refusal = lwp_arm_check_location (location, LOGS_TYPE);
  if (refusal != NULL)
    return refusal;
  if (is_new)
    {
      logs = lwp_resource_new (
          cloud, id, LOGS_TYPE, location,
          lwp_json_new ("{'properties':{'sku':{'name':'PerGB2018'},'retentionInDays':30,"
                        "'publicNetworkAccessForIngestion':'Enabled',"
                        "'publicNetworkAccessForQuery':'Enabled'}}"),
          CREATE_MS);
      json_object_set_string_member (lwp_json_get_object (logs->body, "properties"), "customerId",
                                     customer);
    }
  lwp_json_merge (logs->body, body);
  lwp_resource_save (cloud, logs);
  return lwp_response_new_json (is_new ? 201 : 200, make_logs (cloud, logs));
}

static LwpResponse *
delete_logs (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  const char *force = lwp_request_get_query (request, "force");
  G_GNUC_UNUSED g_autoptr (LwpStoreTransaction) hold = lwp_cloud_hold (cloud);
  g_autoptr (LwpResource) logs = lwp_arm_type_load (cloud, request, &logs_type);

  if (logs != NULL && force != NULL && g_ascii_strcasecmp (force, "true") == 0)
    {
      json_object_set_boolean_member (logs->body, "force", TRUE);
      lwp_resource_save (cloud, logs);
    }
  return lwp_arm_type_delete (cloud, request, (gpointer) &logs_type);
}

static void
add_keys (JsonObject *properties, const LwpResource *component, const char *tenant)
{
  g_autofree char *key = g_uuid_string_random ();
  g_autofree char *app = g_uuid_string_random ();
  g_autofree char *connection = g_strdup_printf (
      "InstrumentationKey=%s;IngestionEndpoint=https://%s-0.in.applicationinsights.azure.com/", key,
      component->location);

  json_object_set_string_member (properties, "InstrumentationKey", key);
  json_object_set_string_member (properties, "AppId", app);
  json_object_set_string_member (properties, "ConnectionString", connection);
  json_object_set_string_member (properties, "TenantId", tenant);
}

static LwpResponse *
put_component (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  JsonObject *body = lwp_request_get_json (request);
  g_autofree char *location = lwp_arm_dup_location (lwp_json_get_string (body, "location"));
  const char *logs_id = lwp_json_get_string (body, "properties.WorkspaceResourceId");
  g_autofree char *id
      = lwp_arm_dup_id (request, COMPONENT_TYPE, lwp_request_get_param (request, "name"));
  G_GNUC_UNUSED g_autoptr (LwpStoreTransaction) hold = lwp_cloud_hold (cloud);
  g_autoptr (LwpResource) component = lwp_resource_load (cloud, id);
  g_autoptr (LwpResource) logs = logs_id != NULL ? lwp_resource_load (cloud, logs_id) : NULL;
  LwpResponse *refusal;

  if (body == NULL)
    return lwp_arm_bad_json ();
  if (lwp_json_get_string (body, "properties.Application_Type") == NULL
      || lwp_json_get_string (body, "kind") == NULL)
    return lwp_response_new_arm_error (400, "InvalidRequestContent",
                                       "'kind' and 'Application_Type' are required.");
  refusal = lwp_arm_check_location (location, COMPONENT_TYPE);
  if (refusal != NULL)
    return refusal;
  if (logs_id != NULL && logs == NULL)
    return lwp_response_new_arm_error (404, "ResourceNotFound",
                                       "The workspace '%s' was not found.", logs_id);
  if (component == NULL)
    {
      component = lwp_resource_new (
          cloud, id, COMPONENT_TYPE, location,
          lwp_json_new ("{'properties':{'RetentionInDays':90,'IngestionMode':'LogAnalytics',"
                        "'publicNetworkAccessForIngestion':'Enabled',"
                        "'publicNetworkAccessForQuery':'Enabled'}}"),
          0);
      add_keys (lwp_json_get_object (component->body, "properties"), component,
                lwp_request_get_caller (request)->tenant);
    }
  lwp_json_merge (component->body, body);
  lwp_resource_save (cloud, component);
  return lwp_response_new_json (200, make_component (cloud, component));
}

#define SUBSCRIPTION "/subscriptions/{subscription}"
#define GROUP SUBSCRIPTION "/resourceGroups/{group}"
#define LOGS "/providers/Microsoft.OperationalInsights"
#define COMPONENTS "/providers/Microsoft.Insights/components"

static const LwpRoute logs_routes[] = {
  { "GET", SUBSCRIPTION LOGS "/workspaces", lwp_arm_type_list_in_subscription, LWP_ROUTE_ARM },
  { "GET", GROUP LOGS "/workspaces", lwp_arm_type_list_in_group, LWP_ROUTE_ARM },
  { "GET", GROUP LOGS "/workspaces/{name}", lwp_arm_type_show, LWP_ROUTE_ARM },
  { "PUT", GROUP LOGS "/workspaces/{name}", put_logs, LWP_ROUTE_ARM },
  { "DELETE", GROUP LOGS "/workspaces/{name}", delete_logs, LWP_ROUTE_ARM },
  { "GET", SUBSCRIPTION LOGS "/deletedWorkspaces", list_deleted, LWP_ROUTE_ARM },
};

static const LwpRoute component_routes[] = {
  { "GET", SUBSCRIPTION COMPONENTS, lwp_arm_type_list_in_subscription, LWP_ROUTE_ARM },
  { "GET", GROUP COMPONENTS, lwp_arm_type_list_in_group, LWP_ROUTE_ARM },
  { "GET", GROUP COMPONENTS "/{name}", lwp_arm_type_show, LWP_ROUTE_ARM },
  { "PUT", GROUP COMPONENTS "/{name}", put_component, LWP_ROUTE_ARM },
  { "DELETE", GROUP COMPONENTS "/{name}", lwp_arm_type_delete, LWP_ROUTE_ARM },
};

gboolean
lwp_insights_register (LwpCloud *cloud, GError **error)
{
  LwpRouter *router = lwp_cloud_get_router (cloud);

  lwp_resource_add_gone_func (cloud, LOGS_TYPE, keep_deleted, NULL);
  lwp_router_add (router, LWP_ARM_HOST, logs_routes, G_N_ELEMENTS (logs_routes),
                  (gpointer) &logs_type);
  lwp_router_add (router, LWP_ARM_HOST, component_routes, G_N_ELEMENTS (component_routes),
                  (gpointer) &component_type);
  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Storage accounts as the resource manager sees them (StorageAccounts_*, 2023-05-01): made in 202
 * and Location, unique in the world by name. Their blobs are another module. Any thread. */

#include <string.h>

#include "lwp-arm-type.h"
#include "lwp-secret.h"

#define TYPE "Microsoft.Storage/storageAccounts"
#define CREATE_MS 2000
#define MIN_NAME_CHARS 3
#define MAX_NAME_CHARS 24

static const char *
get_state (LwpCloud *cloud, const LwpResource *account)
{
  gint64 half_us = account->created_us + (account->ready_us - account->created_us) / 2;
  gint64 now_us = lwp_cloud_get_now_us (cloud);

  if (account->ready_us <= now_us)
    return "Succeeded";
  return now_us < half_us ? "Creating" : "ResolvingDNS";
}

static void
add_endpoints (JsonObject *properties, const char *name)
{
  static const char *const services[] = { "dfs", "web", "blob", "queue", "table", "file" };
  JsonObject *endpoints = json_object_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (services); i++)
    {
      g_autofree char *uri
          = g_strdup_printf ("https://%s.%s.core.windows.net/", name, services[i]);

      json_object_set_string_member (endpoints, services[i], uri);
    }
  json_object_set_object_member (properties, "primaryEndpoints", endpoints);
}

static JsonObject *
make (LwpCloud *cloud, const LwpResource *account)
{
  JsonObject *object = lwp_arm_make_envelope (account);
  JsonObject *properties
      = lwp_json_copy (lwp_json_get_object (account->body, "properties"));
  g_autofree char *created = lwp_cloud_format_time (account->created_us);

  json_object_set_string_member (properties, "provisioningState", get_state (cloud, account));
  json_object_set_string_member (properties, "creationTime", created);
  json_object_set_string_member (properties, "primaryLocation", account->location);
  json_object_set_string_member (properties, "statusOfPrimary", "available");
  add_endpoints (properties, account->name);
  json_object_set_object_member (object, "properties", properties);
  return object;
}

static const LwpArmType type = { TYPE, make, 0 };

static gboolean
is_name (const char *name)
{
  for (const char *at = name; *at != '\0'; at++)
    if (g_ascii_isupper (*at))
      return FALSE;
  return lwp_arm_type_is_name (name, MIN_NAME_CHARS, MAX_NAME_CHARS, FALSE);
}

static LwpResponse *
refuse_name (const char *name)
{
  return lwp_response_new_arm_error (
      400, "AccountNameInvalid",
      "%s is not a valid storage account name. Storage account name must be between 3 and 24 "
      "characters in length and use numbers and lower-case letters only.",
      name);
}

static LwpResponse *
check_body (JsonObject *body, const char *location)
{
  static const char *const needed[] = { "sku.name", "kind" };

  for (gsize i = 0; i < G_N_ELEMENTS (needed); i++)
    if (lwp_json_get_string (body, needed[i]) == NULL)
      return lwp_response_new_arm_error (400, "InvalidRequestContent",
                                         "The required property '%s' is missing.", needed[i]);
  return lwp_arm_check_location (location, TYPE);
}

static JsonObject *
make_body (JsonObject *given)
{
  JsonObject *body = lwp_json_new (
      "{'sku':{'tier':'Standard'},'properties':{'supportsHttpsTrafficOnly':true,"
      "'allowBlobPublicAccess':false,'minimumTlsVersion':'TLS1_2','allowSharedKeyAccess':true,"
      "'accessTier':'Hot','networkAcls':{'bypass':'AzureServices','virtualNetworkRules':[],"
      "'ipRules':[],'defaultAction':'Allow'},'encryption':{'services':{'file':{'enabled':true},"
      "'blob':{'enabled':true}},'keySource':'Microsoft.Storage'}}}");
  static const char *const kept[] = { "sku", "kind", "tags", "properties" };

  for (gsize i = 0; i < G_N_ELEMENTS (kept); i++)
    {
      g_autoptr (JsonObject) part = json_object_new ();

      lwp_json_keep (part, given, kept[i]);
      lwp_json_merge (body, part);
    }
  return body;
}

static LwpResponse *
answer_created (LwpCloud *cloud, LwpRequest *request, const LwpResource *account,
                const char *operation)
{
  LwpResponse *response = lwp_response_new (202);

  lwp_arm_set_operation (response, request, "Location",
                         "/subscriptions/%s/providers/Microsoft.Storage/locations/%s/"
                         "asyncoperations/%s",
                         lwp_request_get_param (request, "subscription"), account->location,
                         operation);
  lwp_arm_set_retry_after (cloud, response);
  return response;
}

static LwpResponse *
put (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  const char *name = lwp_request_get_param (request, "name");
  JsonObject *body = lwp_request_get_json (request);
  g_autofree char *location = lwp_arm_dup_location (lwp_json_get_string (body, "location"));
  g_autofree char *id = lwp_arm_dup_id (request, TYPE, name);
  g_autofree char *operation = NULL;
  G_GNUC_UNUSED g_autoptr (LwpStoreTransaction) hold = lwp_cloud_hold (cloud);
  g_autoptr (LwpResource) account = lwp_arm_type_find_name (cloud, &type, name);
  LwpResponse *refusal;

  if (body == NULL)
    return lwp_arm_bad_json ();
  if (!is_name (name))
    return refuse_name (name);
  refusal = check_body (body, location);
  if (refusal != NULL)
    return refusal;
  if (account != NULL && g_ascii_strcasecmp (account->id, id) != 0)
    return lwp_response_new_arm_error (409, "StorageAccountAlreadyTaken",
                                       "The storage account named %s is already taken.", name);
  if (account != NULL)
    {
      lwp_json_merge (account->body, body);
      lwp_resource_save (cloud, account);
      return lwp_response_new_json (200, make (cloud, account));
    }
  account = lwp_resource_new (cloud, id, TYPE, location, make_body (body), CREATE_MS);
  lwp_resource_save (cloud, account);
  operation = lwp_operation_begin (cloud, "storage", id, CREATE_MS, NULL);
  return answer_created (cloud, request, account, operation);
}

static LwpResponse *
follow (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  g_autoptr (LwpOperation) operation
      = lwp_operation_load (cloud, lwp_request_get_param (request, "operation"));
  g_autoptr (LwpResource) account
      = operation != NULL ? lwp_resource_load (cloud, operation->target) : NULL;

  if (account == NULL)
    return lwp_arm_not_found (request);
  if (lwp_operation_is_done (cloud, operation))
    return lwp_response_new_json (200, make (cloud, account));
  return answer_created (cloud, request, account, operation->id);
}

/* One key is enough: nobody rotates keys in a lab. */
static LwpResponse *
list_keys (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  g_autoptr (LwpResource) account = lwp_arm_type_load (cloud, request, &type);
  g_autofree char *key = NULL;
  g_autofree char *created = NULL;
  JsonObject *object;
  JsonArray *keys;

  if (account == NULL)
    return lwp_arm_not_found (request);
  key = lwp_secret_dup_account_key (cloud, account->name);
  if (key == NULL)
    return lwp_response_new_arm_error (500, "InternalServerError", "There is no key.");
  created = lwp_cloud_format_time (account->created_us);
  object = lwp_json_new ("{'keyName':'key1','permissions':'FULL'}");
  json_object_set_string_member (object, "creationTime", created);
  json_object_set_string_member (object, "value", key);
  keys = json_array_new ();
  json_array_add_object_element (keys, object);
  object = json_object_new ();
  json_object_set_array_member (object, "keys", keys);
  return lwp_response_new_json (200, object);
}

static LwpResponse *
check_name (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  const char *name = lwp_json_get_string (lwp_request_get_json (request), "name");
  g_autoptr (LwpResource) account = NULL;
  JsonObject *answer;

  if (name == NULL)
    return lwp_arm_bad_json ();
  account = lwp_arm_type_find_name (cloud, &type, name);
  answer = json_object_new ();
  json_object_set_boolean_member (answer, "nameAvailable", is_name (name) && account == NULL);
  if (!is_name (name))
    {
      json_object_set_string_member (answer, "reason", "AccountNameInvalid");
      json_object_set_string_member (answer, "message",
                                     "Storage account name must be between 3 and 24 characters in "
                                     "length and use numbers and lower-case letters only.");
    }
  else if (account != NULL)
    {
      g_autofree char *message
          = g_strdup_printf ("The storage account named %s is already taken.", name);

      json_object_set_string_member (answer, "reason", "AlreadyExists");
      json_object_set_string_member (answer, "message", message);
    }
  return lwp_response_new_json (200, answer);
}

#define SUBSCRIPTION "/subscriptions/{subscription}"
#define GROUP SUBSCRIPTION "/resourceGroups/{group}"
#define ALL "/providers/Microsoft.Storage/storageAccounts"
#define ONE GROUP ALL "/{name}"

static const LwpRoute routes[] = {
  { "GET", SUBSCRIPTION ALL, lwp_arm_type_list_in_subscription, LWP_ROUTE_ARM },
  { "GET", GROUP ALL, lwp_arm_type_list_in_group, LWP_ROUTE_ARM },
  { "GET", ONE, lwp_arm_type_show, LWP_ROUTE_ARM },
  { "PUT", ONE, put, LWP_ROUTE_ARM },
  { "DELETE", ONE, lwp_arm_type_delete, LWP_ROUTE_ARM },
  { "POST", ONE "/listKeys", list_keys, LWP_ROUTE_ARM },
  { "GET", SUBSCRIPTION "/providers/Microsoft.Storage/locations/{location}/asyncoperations/"
           "{operation}",
    follow, LWP_ROUTE_ARM },
  { "POST", SUBSCRIPTION "/providers/Microsoft.Storage/checkNameAvailability", check_name,
    LWP_ROUTE_ARM },
};

gboolean
lwp_storage_register (LwpCloud *cloud, GError **error)
{
  lwp_router_add (lwp_cloud_get_router (cloud), LWP_ARM_HOST, routes, G_N_ELEMENTS (routes),
                  (gpointer) &type);
  return TRUE;
}

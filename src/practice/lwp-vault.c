/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Key vaults as the resource manager sees them (Vaults_*, 2023-07-01): a deleted one stays as a
 * deleted vault that keeps its name until somebody purges or recovers it. Any thread. */

#include <string.h>

#include "lwp-arm-type.h"

#define TYPE "Microsoft.KeyVault/vaults"
#define DELETED_TYPE "Microsoft.KeyVault/deletedVaults"
#define CREATE_MS 1000
#define PURGE_MS 1000
#define KEEP_US (90 * G_TIME_SPAN_DAY)
#define MIN_NAME_CHARS 3
#define MAX_NAME_CHARS 24

static JsonObject *
make (LwpCloud *cloud, const LwpResource *vault)
{
  JsonObject *object = lwp_arm_make_envelope (vault);
  JsonObject *properties = lwp_json_copy (lwp_json_get_object (vault->body, "properties"));
  g_autofree char *uri = g_strdup_printf ("https://%s.vault.azure.net/", vault->name);

  json_object_set_string_member (properties, "vaultUri", uri);
  json_object_set_string_member (
      properties, "provisioningState",
      vault->ready_us > lwp_cloud_get_now_us (cloud) ? "RegisteringDns" : "Succeeded");
  json_object_set_object_member (object, "properties", properties);
  return object;
}

static JsonObject *
make_deleted (LwpCloud *cloud, const LwpResource *deleted)
{
  JsonObject *object = json_object_new ();
  JsonObject *properties = json_object_new ();
  g_autofree char *date = lwp_cloud_format_time (deleted->created_us);
  g_autofree char *purge_date = lwp_cloud_format_time (deleted->created_us + KEEP_US);

  json_object_set_string_member (object, "id", deleted->id);
  json_object_set_string_member (object, "name", deleted->name);
  json_object_set_string_member (object, "type", DELETED_TYPE);
  lwp_json_keep (properties, deleted->body, "vaultId");
  json_object_set_string_member (properties, "location", deleted->location);
  json_object_set_object_member (properties, "tags",
                                 lwp_json_copy (lwp_json_get_object (deleted->body, "vault.tags")));
  json_object_set_string_member (properties, "deletionDate", date);
  json_object_set_string_member (properties, "scheduledPurgeDate", purge_date);
  if (lwp_json_get_boolean (deleted->body, "vault.properties.enablePurgeProtection", FALSE))
    json_object_set_boolean_member (properties, "purgeProtectionEnabled", TRUE);
  json_object_set_object_member (object, "properties", properties);
  return object;
}

static const LwpArmType type = { TYPE, make, 0 };
static const LwpArmType deleted_type = { DELETED_TYPE, make_deleted, 0 };

/* "/subscriptions/{guid}/…" */
static char *
dup_subscription (const char *id)
{
  g_auto (GStrv) segments = g_strsplit (id, "/", 4);

  return g_strdup (g_strv_length (segments) > 2 ? segments[2] : "");
}

static void
keep_deleted (LwpCloud *cloud, const LwpResource *vault, gpointer user_data)
{
  g_autofree char *subscription = dup_subscription (vault->id);
  g_autofree char *id
      = g_strdup_printf ("/subscriptions/%s/providers/Microsoft.KeyVault/locations/%s/"
                         "deletedVaults/%s",
                         subscription, vault->location, vault->name);
  g_autoptr (LwpResource) deleted
      = lwp_resource_new (cloud, id, DELETED_TYPE, vault->location, json_object_new (), 0);

  json_object_set_string_member (deleted->body, "vaultId", vault->id);
  json_object_set_object_member (deleted->body, "vault", lwp_json_copy (vault->body));
  lwp_resource_save (cloud, deleted);
}

static JsonObject *
make_body (JsonObject *given)
{
  JsonObject *body
      = lwp_json_new ("{'properties':{'accessPolicies':[],'enabledForDeployment':false,"
                      "'enableSoftDelete':true,'softDeleteRetentionInDays':90,"
                      "'publicNetworkAccess':'Enabled'}}");
  static const char *const kept[] = { "tags", "properties" };

  for (gsize i = 0; i < G_N_ELEMENTS (kept); i++)
    {
      g_autoptr (JsonObject) part = json_object_new ();

      lwp_json_keep (part, given, kept[i]);
      lwp_json_merge (body, part);
    }
  json_object_remove_member (lwp_json_get_object (body, "properties"), "createMode");
  return body;
}

static LwpResponse *
check_body (const char *name, JsonObject *body, const char *location, gboolean recover)
{
  if (!lwp_arm_type_is_name (name, MIN_NAME_CHARS, MAX_NAME_CHARS, TRUE)
      || !g_ascii_isalpha (*name))
    return lwp_response_new_arm_error (400, "VaultNameNotValid",
                                       "The vault name '%s' is invalid. A vault's name must be "
                                       "between 3-24 alphanumeric characters.",
                                       name);
  if (!recover
      && (lwp_json_get_string (body, "properties.tenantId") == NULL
          || lwp_json_get_string (body, "properties.sku.name") == NULL))
    return lwp_response_new_arm_error (400, "BadRequest",
                                       "The properties 'tenantId' and 'sku' are required.");
  return lwp_arm_check_location (location, TYPE);
}

/* A name is taken by a vault anywhere and by one that was deleted but not purged. */
static LwpResponse *
check_taken (const char *name, const LwpResource *vault, const LwpResource *deleted,
             const char *id, gboolean recover)
{
  if (vault != NULL && g_ascii_strcasecmp (vault->id, id) != 0)
    return lwp_response_new_arm_error (
        409, "VaultAlreadyExists",
        "The vault name '%s' is already in use. Vault names are globally unique so it is possible "
        "that the name is already taken.",
        name);
  if (deleted != NULL && vault == NULL && !recover)
    return lwp_response_new_arm_error (
        409, "ConflictError",
        "A vault with the same name already exists in deleted state. You need to either recover "
        "or purge existing key vault.");
  if (deleted == NULL && vault == NULL && recover)
    return lwp_response_new_arm_error (404, "VaultNotFound",
                                       "There is no deleted vault '%s' to recover.", name);
  return NULL;
}

static LwpResponse *
put (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  const char *name = lwp_request_get_param (request, "name");
  JsonObject *body = lwp_request_get_json (request);
  gboolean recover
      = g_strcmp0 (lwp_json_get_string (body, "properties.createMode"), "recover") == 0;
  g_autofree char *location = lwp_arm_dup_location (lwp_json_get_string (body, "location"));
  g_autofree char *id = lwp_arm_dup_id (request, TYPE, name);
  G_GNUC_UNUSED g_autoptr (LwpStoreTransaction) hold = lwp_cloud_hold (cloud);
  g_autoptr (LwpResource) vault = lwp_arm_type_find_name (cloud, &type, name);
  g_autoptr (LwpResource) deleted = lwp_arm_type_find_name (cloud, &deleted_type, name);
  gboolean is_new = vault == NULL;
  LwpResponse *refusal;

  if (body == NULL)
    return lwp_arm_bad_json ();
  refusal = check_body (name, body, location, recover);
  if (refusal == NULL)
    refusal = check_taken (name, vault, deleted, id, recover);
  if (refusal != NULL)
    return refusal;
  if (is_new)
    vault = lwp_resource_new (cloud, id, TYPE, location,
                              recover ? lwp_json_copy (lwp_json_get_object (deleted->body, "vault"))
                                      : make_body (body),
                              CREATE_MS);
  else
    lwp_json_merge (vault->body, body);
  if (recover && deleted != NULL)
    lwp_resource_delete (cloud, deleted->id, 0);
  lwp_resource_save (cloud, vault);
  return lwp_response_new_json (is_new ? 201 : 200, make (cloud, vault));
}

static LwpResponse *
check_name (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  const char *name = lwp_json_get_string (lwp_request_get_json (request), "name");
  g_autoptr (LwpResource) vault = NULL;
  g_autoptr (LwpResource) deleted = NULL;
  JsonObject *answer;

  if (name == NULL)
    return lwp_arm_bad_json ();
  vault = lwp_arm_type_find_name (cloud, &type, name);
  deleted = lwp_arm_type_find_name (cloud, &deleted_type, name);
  answer = json_object_new ();
  json_object_set_boolean_member (answer, "nameAvailable", vault == NULL && deleted == NULL);
  if (vault != NULL || deleted != NULL)
    {
      json_object_set_string_member (answer, "reason", "AlreadyExists");
      json_object_set_string_member (answer, "message", "The vault name is already in use.");
    }
  return lwp_response_new_json (200, answer);
}

static LwpResource *
load_deleted (LwpCloud *cloud, LwpRequest *request)
{
  g_autofree char *id = g_strdup_printf (
      "/subscriptions/%s/providers/Microsoft.KeyVault/locations/%s/deletedVaults/%s",
      lwp_request_get_param (request, "subscription"), lwp_request_get_param (request, "location"),
      lwp_request_get_param (request, "name"));

  return lwp_resource_load (cloud, id);
}

static LwpResponse *
deleted_not_found (LwpRequest *request)
{
  return lwp_response_new_arm_error (404, "DeletedVaultNotFound",
                                     "The specified deleted vault '%s' does not exist.",
                                     lwp_request_get_param (request, "name"));
}

static LwpResponse *
show_deleted (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  g_autoptr (LwpResource) deleted = load_deleted (cloud, request);

  if (deleted == NULL)
    return deleted_not_found (request);
  return lwp_response_new_json (200, make_deleted (cloud, deleted));
}

static LwpResponse *
list_deleted (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  return lwp_arm_type_list_in_subscription (cloud, request, (gpointer) &deleted_type);
}

/* Managed HSMs are not played; the Azure CLI asks for deleted ones together with deleted vaults. */
static LwpResponse *
list_no_modules (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  return lwp_arm_new_list (json_array_new ());
}

static LwpResponse *
answer_purging (LwpCloud *cloud, LwpRequest *request, const char *operation)
{
  LwpResponse *response = lwp_response_new (202);

  lwp_arm_set_operation (response, request, "Location",
                         "/subscriptions/%s/providers/Microsoft.KeyVault/locations/%s/"
                         "operationResults/%s",
                         lwp_request_get_param (request, "subscription"),
                         lwp_request_get_param (request, "location"), operation);
  lwp_arm_set_retry_after (cloud, response);
  return response;
}

static LwpResponse *
purge (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  g_autoptr (LwpResource) deleted = load_deleted (cloud, request);
  g_autofree char *operation = NULL;

  if (deleted == NULL)
    return deleted_not_found (request);
  if (lwp_json_get_boolean (deleted->body, "vault.properties.enablePurgeProtection", FALSE))
    return lwp_response_new_arm_error (409, "OperationNotAllowed",
                                       "The vault '%s' has purge protection.", deleted->name);
  operation = lwp_operation_begin (cloud, "vault-purge", deleted->id, PURGE_MS, NULL);
  lwp_resource_delete (cloud, deleted->id, PURGE_MS);
  return answer_purging (cloud, request, operation);
}

static LwpResponse *
follow (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  g_autoptr (LwpOperation) operation
      = lwp_operation_load (cloud, lwp_request_get_param (request, "operation"));

  if (operation == NULL)
    return lwp_arm_not_found (request);
  if (lwp_operation_is_done (cloud, operation))
    return lwp_response_new (200);
  return answer_purging (cloud, request, operation->id);
}

#define SUBSCRIPTION "/subscriptions/{subscription}"
#define GROUP SUBSCRIPTION "/resourceGroups/{group}"
#define KEY_VAULT "/providers/Microsoft.KeyVault"
#define ONE GROUP KEY_VAULT "/vaults/{name}"
#define LOCATION SUBSCRIPTION KEY_VAULT "/locations/{location}"

static const LwpRoute routes[] = {
  { "GET", SUBSCRIPTION KEY_VAULT "/vaults", lwp_arm_type_list_in_subscription, LWP_ROUTE_ARM },
  { "GET", GROUP KEY_VAULT "/vaults", lwp_arm_type_list_in_group, LWP_ROUTE_ARM },
  { "GET", ONE, lwp_arm_type_show, LWP_ROUTE_ARM },
  { "PUT", ONE, put, LWP_ROUTE_ARM },
  { "DELETE", ONE, lwp_arm_type_delete, LWP_ROUTE_ARM },
  { "POST", SUBSCRIPTION KEY_VAULT "/checkNameAvailability", check_name, LWP_ROUTE_ARM },
  { "GET", SUBSCRIPTION KEY_VAULT "/deletedVaults", list_deleted, LWP_ROUTE_ARM },
  { "GET", SUBSCRIPTION KEY_VAULT "/deletedManagedHSMs", list_no_modules, LWP_ROUTE_ARM },
  { "GET", LOCATION "/deletedVaults/{name}", show_deleted, LWP_ROUTE_ARM },
  { "POST", LOCATION "/deletedVaults/{name}/purge", purge, LWP_ROUTE_ARM },
  { "GET", LOCATION "/operationResults/{operation}", follow, LWP_ROUTE_ARM },
};

gboolean
lwp_vault_register (LwpCloud *cloud, GError **error)
{
  lwp_resource_add_gone_func (cloud, TYPE, keep_deleted, NULL);
  lwp_router_add (lwp_cloud_get_router (cloud), LWP_ARM_HOST, routes, G_N_ELEMENTS (routes),
                  (gpointer) &type);
  return TRUE;
}

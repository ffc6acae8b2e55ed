/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Workspaces. A workspace is a resource whose body keeps what was asked for and the identities that
 * were made for it; its two blob containers are made with it. Deleting it leaves its name taken (a
 * row of ml_soft_deleted) unless it is purged. Handlers run on any worker thread. */

#include "lwp-workspaces.h"

#include <string.h>

#include "lwp-arm.h"
#include "lwp-blob-store.h"
#include "lwp-ml.h"

/* About a minute and a half minute in Azure. */
#define CREATE_MS 8000
#define UPDATE_MS 1000
#define DELETE_MS 4000
#define SOFT_DELETED_DAYS 14
#define OPERATION_KIND "workspaceOperationsStatus"

static const char *const tables[] = {
  "CREATE TABLE ml_soft_deleted (id TEXT PRIMARY KEY COLLATE NOCASE, until_us INTEGER NOT NULL)"
  " WITHOUT ROWID;",
  NULL,
};

/* What PUT and PATCH take over into the body, and what PATCH may change. */
static const char *const kept_members[] = { "friendlyName",        "description",
                                            "storageAccount",      "keyVault",
                                            "applicationInsights", "containerRegistry",
                                            "hbiWorkspace",        "publicNetworkAccess",
                                            "imageBuildCompute",   NULL };
static const char *const fixed_members[] = { "storageAccount", "keyVault", NULL };

static JsonObject *
new_notebook_info (const LwpResource *workspace)
{
  const char *guid = lwp_ml_get_workspace_guid (workspace);
  g_autofree char *hex = g_compute_checksum_for_string (G_CHECKSUM_MD5, guid, -1);
  g_autofree char *host = g_strdup_printf ("ml-%s-%s-%s.%s.notebooks.azure.net", workspace->name,
                                           workspace->location, guid, workspace->location);

  return lwp_json_build ("resourceId:s fqdn:s isPrivateLinkEnabled:b notebookPreparationError:n",
                         hex, host, FALSE);
}

static void
copy_kept (JsonObject *target, JsonObject *body)
{
  for (gsize i = 0; kept_members[i] != NULL; i++)
    lwp_json_build_copy (target, body, kept_members[i]);
}

/* What was asked for, and what the service takes when it was not said. */
static JsonObject *
new_body (LwpRequest *request, JsonObject *asked)
{
  g_autofree char *guid = g_uuid_string_random ();
  g_autofree char *principal = g_uuid_string_random ();
  JsonObject *properties = lwp_json_get_object (asked, "properties");
  JsonObject *body = lwp_json_build ("workspaceId:s principalId:s", guid, principal);
  g_autoptr (JsonObject) defaults
      = lwp_json_new ("{'hbiWorkspace':false,'publicNetworkAccess':'Enabled','description':'',"
                      "'imageBuildCompute':''}");

  json_object_set_string_member (defaults, "friendlyName",
                                 lwp_request_get_param (request, "workspace"));
  copy_kept (body, defaults);
  for (gsize i = 0; kept_members[i] != NULL; i++)
    lwp_json_keep (body, properties, kept_members[i]);
  lwp_json_build_copy (body, asked, "tags");
  lwp_json_build_copy (body, asked, "kind");
  lwp_ml_note_caller (body, request);
  return body;
}

static JsonObject *
new_properties (LwpCloud *cloud, const LwpResource *workspace)
{
  JsonObject *body = workspace->body;
  g_autofree char *created = lwp_cloud_format_time (workspace->created_us);
  g_autofree char *discovery
      = g_strdup_printf ("https://%s.api.azureml.ms/discovery", workspace->location);
  g_autofree char *tracking = g_strdup_printf ("azureml://%s.api.azureml.ms/mlflow/v1.0%s",
                                               workspace->location, workspace->id);
  JsonObject *properties = lwp_json_build (
      "provisioningState:s creationTime:s workspaceId:s tenantId:s",
      lwp_resource_get_provisioning_state (cloud, workspace), created,
      lwp_ml_get_workspace_guid (workspace), lwp_json_get_string (body, "tenant"));
  g_autoptr (JsonObject) rest = lwp_json_build (
      "v1LegacyMode:b storageHnsEnabled:b privateLinkCount:i softDeleteEnabled:b"
      " enableDataIsolation:b discoveryUrl:s mlFlowTrackingUri:s notebookInfo:o",
      FALSE, FALSE, (gint64) 0, FALSE, FALSE, discovery, tracking, new_notebook_info (workspace));
  g_autoptr (GList) names = json_object_get_members (rest);

  copy_kept (properties, body);
  for (GList *name = names; name != NULL; name = name->next)
    lwp_json_build_copy (properties, rest, name->data);
  return properties;
}

static JsonObject *
to_json (LwpCloud *cloud, const LwpResource *workspace)
{
  JsonObject *body = workspace->body;
  JsonObject *identity = lwp_json_build ("type:s principalId:s tenantId:s", "SystemAssigned",
                                         lwp_json_get_string (body, "principalId"),
                                         lwp_json_get_string (body, "tenant"));

  return lwp_json_build (
      "id:s name:s type:s location:s tags:o etag:n kind:s sku:o identity:o systemData:o"
      " properties:o",
      workspace->id, workspace->name, LWP_ML_WORKSPACE_TYPE, workspace->location,
      lwp_json_copy (lwp_json_get_object (body, "tags")),
      lwp_json_get_string (body, "kind") == NULL ? "Default" : lwp_json_get_string (body, "kind"),
      lwp_json_build ("name:s tier:s", "Basic", "Basic"), identity,
      lwp_ml_new_system_data (workspace), new_properties (cloud, workspace));
}

static LwpResponse *
check_dependencies (LwpCloud *cloud, JsonObject *properties)
{
  static const char *const needed[] = { "storageAccount", "keyVault", "applicationInsights", NULL };

  for (gsize i = 0; needed[i] != NULL; i++)
    {
      const char *id = lwp_json_get_string (properties, needed[i]);
      g_autoptr (LwpResource) resource = NULL;

      if (id == NULL || *id != '/')
        return lwp_ml_new_error (cloud, 400, "BadRequest", "MissingDependentResources",
                                 "Missing dependent resources in workspace json: %s", needed[i]);
      resource = lwp_resource_load (cloud, id);
      if (resource == NULL || resource->gone_us > 0)
        return lwp_ml_new_error (cloud, 400, "BadRequest", "DependentResourceNotFound",
                                 "The dependent resource %s of the workspace does not exist.", id);
    }
  return NULL;
}

static void
note_row_cb (sqlite3_stmt *row, gpointer found)
{
  *(gboolean *) found = TRUE;
}

static gboolean
is_soft_deleted (LwpCloud *cloud, const char *id)
{
  gboolean found = FALSE;

  lwp_store_query (lwp_cloud_get_store (cloud), note_row_cb, &found,
                   "SELECT 1 FROM ml_soft_deleted WHERE id = ? AND until_us > ?", "si", id,
                   lwp_cloud_get_now_us (cloud));
  return found;
}

static void
make_containers (LwpCloud *cloud, const LwpResource *workspace)
{
  g_autofree char *account = lwp_ml_dup_storage_account (workspace);
  g_autofree char *container
      = g_strdup_printf ("azureml-blobstore-%s", lwp_ml_get_workspace_guid (workspace));

  lwp_container_create (cloud, account, container);
  lwp_container_create (cloud, account, "azureml");
}

static LwpResponse *
create (LwpCloud *cloud, LwpRequest *request, const char *id)
{
  JsonObject *asked = lwp_request_get_json (request);
  JsonObject *properties = lwp_json_get_object (asked, "properties");
  g_autofree char *location = lwp_arm_dup_location (lwp_json_get_string (asked, "location"));
  g_autoptr (LwpResource) workspace = NULL;
  LwpResponse *response;

  if ((response = lwp_arm_check_location (location, LWP_ML_WORKSPACE_TYPE)) != NULL)
    return response;
  if (is_soft_deleted (cloud, id))
    return lwp_ml_new_error (cloud, 400, "BadRequest", "SoftDeletedWorkspaceExists",
                             "Soft-deleted workspace exists. Please purge or recover it. "
                             "https://aka.ms/wsoftdelete");
  if ((response = check_dependencies (cloud, properties)) != NULL)
    return response;
  workspace = lwp_resource_new (cloud, id, LWP_ML_WORKSPACE_TYPE, location,
                                new_body (request, asked), CREATE_MS);
  lwp_resource_save (cloud, workspace);
  make_containers (cloud, workspace);
  return lwp_ml_new_operation (cloud, request, 202, NULL, location, OPERATION_KIND, id, CREATE_MS);
}

/* PUT on what exists, and PATCH. */
static LwpResponse *
update (LwpCloud *cloud, LwpRequest *request, LwpResource *workspace)
{
  JsonObject *asked = lwp_request_get_json (request);
  JsonObject *properties = lwp_json_get_object (asked, "properties");

  for (gsize i = 0; fixed_members[i] != NULL; i++)
    {
      const char *wanted = lwp_json_get_string (properties, fixed_members[i]);
      const char *kept = lwp_json_get_string (workspace->body, fixed_members[i]);

      if (wanted != NULL && g_ascii_strcasecmp (wanted, kept) != 0)
        return lwp_ml_new_error (cloud, 400, "BadRequest", "ArgumentInvalid",
                                 "%s of a workspace cannot be changed.", fixed_members[i]);
    }
  for (gsize i = 0; properties != NULL && kept_members[i] != NULL; i++)
    if (json_object_has_member (properties, kept_members[i]))
      lwp_json_build_copy (workspace->body, properties, kept_members[i]);
  if (json_object_has_member (asked, "tags"))
    lwp_json_build_copy (workspace->body, asked, "tags");
  lwp_ml_note_caller (workspace->body, request);
  lwp_resource_save (cloud, workspace);
  return lwp_ml_new_operation (cloud, request, 202, NULL, workspace->location, OPERATION_KIND,
                               workspace->id, UPDATE_MS);
}

static LwpResponse *
put_workspace (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  g_autofree char *id = lwp_ml_dup_workspace_id (request);
  G_GNUC_UNUSED g_autoptr (LwpStoreTransaction) transaction
      = lwp_store_hold (lwp_cloud_get_store (cloud));
  g_autoptr (LwpResource) workspace = lwp_resource_load (cloud, id);

  if (lwp_request_get_json (request) == NULL)
    return lwp_response_new_arm_error (400, "InvalidRequestContent",
                                       "The request content was invalid: not a JSON object.");
  if (!lwp_ml_is_name (lwp_request_get_param (request, "workspace"), 3, 33, "-_"))
    return lwp_ml_new_error (cloud, 400, "BadRequest", "ArgumentInvalid",
                             "The workspace name is invalid: it has 3 to 33 letters, digits, "
                             "hyphens and underscores and begins with a letter or digit.");
  if (workspace == NULL)
    return create (cloud, request, id);
  if (workspace->gone_us > 0)
    return lwp_ml_new_error (cloud, 409, "Conflict", "WorkspaceBeingDeleted",
                             "The workspace is being deleted.");
  return update (cloud, request, workspace);
}

static LwpResponse *
patch_workspace (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  G_GNUC_UNUSED g_autoptr (LwpStoreTransaction) transaction
      = lwp_store_hold (lwp_cloud_get_store (cloud));
  g_autoptr (LwpResource) workspace = NULL;
  LwpResponse *response = NULL;

  workspace = lwp_ml_load_workspace (cloud, request, &response);
  if (workspace == NULL)
    return response;
  if (lwp_request_get_json (request) == NULL)
    return lwp_response_new_arm_error (400, "InvalidRequestContent",
                                       "The request content was invalid: not a JSON object.");
  return update (cloud, request, workspace);
}

static LwpResponse *
get_workspace (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  LwpResponse *response = NULL;
  g_autoptr (LwpResource) workspace = lwp_ml_load_workspace (cloud, request, &response);

  if (workspace == NULL)
    return response;
  return lwp_response_new_json (200, to_json (cloud, workspace));
}

static LwpResponse *
list_workspaces (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  const char *group = lwp_request_get_param (request, "group");
  g_autofree char *scope
      = g_strdup_printf ("/subscriptions/%s%s%s", lwp_request_get_param (request, "subscription"),
                         group == NULL ? "" : "/resourceGroups/", group == NULL ? "" : group);
  g_autoptr (GPtrArray) workspaces = lwp_resource_list (cloud, scope, LWP_ML_WORKSPACE_TYPE);
  GPtrArray *items = lwp_ml_items_new ();

  for (guint i = 0; i < workspaces->len; i++)
    g_ptr_array_add (items, to_json (cloud, g_ptr_array_index (workspaces, i)));
  return lwp_ml_new_page (request, items);
}

static gint64
forget_soft_deleted (LwpCloud *cloud, const char *id)
{
  return lwp_store_run (lwp_cloud_get_store (cloud), "DELETE FROM ml_soft_deleted WHERE id = ?",
                        "s", id);
}

static LwpResponse *
delete_workspace (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  const char *purge = lwp_request_get_query (request, "forceToPurge");
  gboolean purged = purge != NULL && g_ascii_strcasecmp (purge, "true") == 0;
  g_autofree char *id = lwp_ml_dup_workspace_id (request);
  G_GNUC_UNUSED g_autoptr (LwpStoreTransaction) transaction
      = lwp_store_hold (lwp_cloud_get_store (cloud));
  g_autoptr (LwpResource) workspace = lwp_resource_load (cloud, id);

  if (workspace == NULL && purged && forget_soft_deleted (cloud, id) > 0)
    /* Where it was is known no more; the operation's URL takes any region. */
    return lwp_ml_new_operation (cloud, request, 202, NULL, "eastus", OPERATION_KIND, id,
                                 UPDATE_MS);
  if (workspace == NULL)
    return lwp_response_new (204);
  if (purged)
    json_object_set_boolean_member (workspace->body, "purged", TRUE);
  lwp_resource_save (cloud, workspace);
  lwp_resource_delete (cloud, id, DELETE_MS);
  return lwp_ml_new_operation (cloud, request, 202, NULL, workspace->location, OPERATION_KIND, id,
                               DELETE_MS);
}

static void
workspace_gone_cb (LwpCloud *cloud, const LwpResource *workspace, gpointer user_data)
{
  if (lwp_json_get_boolean (workspace->body, "purged", FALSE))
    return;
  lwp_store_run (lwp_cloud_get_store (cloud),
                 "INSERT OR REPLACE INTO ml_soft_deleted (id, until_us) VALUES (?, ?)", "si",
                 workspace->id,
                 lwp_cloud_get_now_us (cloud) + SOFT_DELETED_DAYS * (gint64) G_TIME_SPAN_DAY);
}

static LwpResponse *
get_status (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  g_autoptr (LwpOperation) operation
      = lwp_operation_load (cloud, lwp_request_get_param (request, "operation"));
  gboolean location = g_strcmp0 (lwp_request_get_query (request, "type"), "location") == 0;
  g_autoptr (LwpResource) target = NULL;

  if (operation == NULL)
    return lwp_ml_new_error (cloud, 404, "NotFound", NULL, "There is no such operation.");
  if (!location)
    return lwp_response_new_json (200, lwp_operation_to_json (cloud, operation));
  if (!lwp_operation_is_done (cloud, operation))
    return lwp_response_new (202);
  target = lwp_resource_load (cloud, operation->target);
  if (target == NULL || g_ascii_strcasecmp (target->type, LWP_ML_WORKSPACE_TYPE) != 0)
    return lwp_response_new (200);
  return lwp_response_new_json (200, to_json (cloud, target));
}

static const LwpRoute routes[] = {
  { "GET", LWP_ML_SUBSCRIPTION_PATH "/workspaces", list_workspaces, LWP_ROUTE_ARM },
  { "GET", LWP_ML_GROUP_PATH, list_workspaces, LWP_ROUTE_ARM },
  { "GET", LWP_ML_WORKSPACE_PATH, get_workspace, LWP_ROUTE_ARM },
  { "PUT", LWP_ML_WORKSPACE_PATH, put_workspace, LWP_ROUTE_ARM },
  { "PATCH", LWP_ML_WORKSPACE_PATH, patch_workspace, LWP_ROUTE_ARM },
  { "DELETE", LWP_ML_WORKSPACE_PATH, delete_workspace, LWP_ROUTE_ARM },
  { "GET", LWP_ML_SUBSCRIPTION_PATH "/locations/{location}/workspaceOperationsStatus/{operation}",
    get_status, LWP_ROUTE_ARM },
  { "GET", LWP_ML_SUBSCRIPTION_PATH "/locations/{location}/computeOperationsStatus/{operation}",
    get_status, LWP_ROUTE_ARM },
};

gboolean
lwp_workspaces_register (LwpCloud *cloud, GError **error)
{
  if (!lwp_store_ensure (lwp_cloud_get_store (cloud), "workspaces", tables, error))
    return FALSE;
  lwp_resource_add_gone_func (cloud, LWP_ML_WORKSPACE_TYPE, workspace_gone_cb, NULL);
  lwp_router_add (lwp_cloud_get_router (cloud), "management.azure.com", routes,
                  G_N_ELEMENTS (routes), NULL);
  return TRUE;
}

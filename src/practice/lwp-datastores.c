/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Datastores: names for places in the workspace's storage account. The four of them follow from the
 * workspace, so nothing is stored. Any thread. */

#include "lwp-datastores.h"

#include <string.h>

#include "lwp-secret.h"

#define DATASTORE_TYPE LWP_ML_WORKSPACE_TYPE "/datastores"
/* The same share in every workspace of the world. */
#define CODE_SHARE "code-391ff5ac-6576-460f-ba4d-7e03433c68b6"

typedef struct
{
  const char *name;
  const char *type;
  const char *place; /* container or share; %s is the workspace's id */
  gboolean is_default;
} Datastore;

static const Datastore datastores[] = {
  { "workspaceblobstore", "AzureBlob", "azureml-blobstore-%s", TRUE },
  { "workspaceartifactstore", "AzureBlob", "azureml", FALSE },
  { "workspacefilestore", "AzureFile", "azureml-filestore-%s", FALSE },
  { "workspaceworkingdirectory", "AzureFile", CODE_SHARE, FALSE },
};

static const Datastore *
find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (datastores); i++)
    if (g_ascii_strcasecmp (datastores[i].name, name) == 0)
      return &datastores[i];
  return NULL;
}

static char *
dup_place (const LwpResource *workspace, const Datastore *datastore)
{
  const char *hole = strstr (datastore->place, "%s");

  if (hole == NULL)
    return g_strdup (datastore->place);
  return g_strdup_printf ("%.*s%s", (int) (hole - datastore->place), datastore->place,
                          lwp_ml_get_workspace_guid (workspace));
}

static JsonObject *
to_json (const LwpResource *workspace, const Datastore *datastore)
{
  g_autofree char *id = lwp_ml_dup_child_id (workspace, "datastores", datastore->name);
  g_autofree char *account = lwp_ml_dup_storage_account (workspace);
  g_autofree char *place = dup_place (workspace, datastore);
  gboolean blob = g_str_equal (datastore->type, "AzureBlob");
  JsonObject *properties = lwp_json_build (
      "description:n tags:n properties:n isDefault:b datastoreType:s credentials:o accountName:s"
      " endpoint:s protocol:s serviceDataAccessAuthIdentity:s",
      datastore->is_default, datastore->type, lwp_json_build ("credentialsType:s", "AccountKey"),
      account, "core.windows.net", "https", "WorkspaceSystemAssignedIdentity");

  json_object_set_string_member (properties, blob ? "containerName" : "fileShareName", place);
  return lwp_json_build ("id:s name:s type:s properties:o systemData:o", id, datastore->name,
                         DATASTORE_TYPE, properties, lwp_ml_new_system_data (workspace));
}

static LwpResponse *
list_datastores (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  LwpResponse *response = NULL;
  g_autoptr (LwpResource) workspace = lwp_ml_load_workspace (cloud, request, &response);
  const char *only = lwp_request_get_query (request, "isDefault");
  gboolean only_default = only != NULL && g_ascii_strcasecmp (only, "true") == 0;
  GPtrArray *items;

  if (workspace == NULL)
    return response;
  items = lwp_ml_items_new ();
  for (gsize i = 0; i < G_N_ELEMENTS (datastores); i++)
    if (datastores[i].is_default || !only_default)
      g_ptr_array_add (items, to_json (workspace, &datastores[i]));
  return lwp_ml_new_page (request, items);
}

static LwpResponse *
new_unknown (LwpCloud *cloud, LwpRequest *request)
{
  return lwp_ml_new_error (cloud, 404, "UserError", "DatastoreNotFound",
                           "Could not find datastore with name: %s",
                           lwp_request_get_param (request, "datastore"));
}

static LwpResponse *
get_datastore (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  LwpResponse *response = NULL;
  g_autoptr (LwpResource) workspace = lwp_ml_load_workspace (cloud, request, &response);
  const Datastore *datastore;

  if (workspace == NULL)
    return response;
  datastore = find (lwp_request_get_param (request, "datastore"));
  if (datastore == NULL)
    return new_unknown (cloud, request);
  return lwp_response_new_json (200, to_json (workspace, datastore));
}

static LwpResponse *
list_secrets (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  LwpResponse *response = NULL;
  g_autoptr (LwpResource) workspace = lwp_ml_load_workspace (cloud, request, &response);
  g_autofree char *account = NULL;
  g_autofree char *key = NULL;

  if (workspace == NULL)
    return response;
  if (find (lwp_request_get_param (request, "datastore")) == NULL)
    return new_unknown (cloud, request);
  account = lwp_ml_dup_storage_account (workspace);
  key = lwp_secret_dup_account_key (cloud, account);
  if (key == NULL)
    return lwp_ml_new_error (cloud, 500, "ServiceError", NULL, "The key cannot be read.");
  return lwp_response_new_json (200, lwp_json_build ("secretsType:s key:s", "AccountKey", key));
}

gboolean
lwp_datastores_resolve (const LwpResource *workspace, const char *uri, char **container,
                        char **path)
{
  const char *rest = strstr (uri, "/datastores/");
  g_autofree char *name = NULL;
  const Datastore *datastore;

  if (!g_str_has_prefix (uri, "azureml://"))
    return FALSE;
  if (rest == NULL)
    return FALSE;
  rest += strlen ("/datastores/");
  name = g_strndup (rest, strcspn (rest, "/"));
  datastore = find (name);
  if (datastore == NULL || !g_str_equal (datastore->type, "AzureBlob"))
    return FALSE;
  rest += strlen (name);
  rest += *rest == '/' ? 1 : 0;
  if (g_str_has_prefix (rest, "paths/"))
    rest += strlen ("paths/");
  *container = dup_place (workspace, datastore);
  *path = g_strdup (rest);
  return TRUE;
}

static const LwpRoute routes[] = {
  { "GET", LWP_ML_WORKSPACE_PATH "/datastores", list_datastores, LWP_ROUTE_ARM },
  { "GET", LWP_ML_WORKSPACE_PATH "/datastores/{datastore}", get_datastore, LWP_ROUTE_ARM },
  { "POST", LWP_ML_WORKSPACE_PATH "/datastores/{datastore}/listSecrets", list_secrets,
    LWP_ROUTE_ARM },
};

gboolean
lwp_datastores_register (LwpCloud *cloud, GError **error)
{
  lwp_router_add (lwp_cloud_get_router (cloud), "management.azure.com", routes,
                  G_N_ELEMENTS (routes), NULL);
  return TRUE;
}

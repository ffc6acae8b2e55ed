/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Code assets. A version is a resource whose body keeps its properties and a snapshot id that is
 * made with it. The container of a pending upload is remembered by the version's id, so that
 * asking again signs for the same one. Handlers run on any worker thread. */

#include "lwp-codes.h"

#include <string.h>

#include "lwp-blob-store.h"
#include "lwp-sas.h"

#define CODES_PATH LWP_ML_WORKSPACE_PATH "/codes"
#define VERSIONS_PATH CODES_PATH "/{code}/versions"
#define VERSION_PATH VERSIONS_PATH "/{version}"
#define MAX_NAME 255
#define BLOB_HOST_SUFFIX ".blob.core.windows.net"
/* First characters of the workspace's id that begin the name of an asset's container. */
#define CONTAINER_ID_CHARS 8

static const char *const tables[] = {
  "CREATE TABLE ml_pending_uploads (code TEXT PRIMARY KEY COLLATE NOCASE, container TEXT NOT NULL)"
  " WITHOUT ROWID;",
  NULL,
};

void
lwp_code_place_free (LwpCodePlace *place)
{
  if (place == NULL)
    return;
  g_free (place->account);
  g_free (place->container);
  g_free (place->prefix);
  g_free (place);
}

LwpCodePlace *
lwp_codes_find_place (const char *uri)
{
  g_autoptr (GUri) parsed = uri == NULL ? NULL : g_uri_parse (uri, G_URI_FLAGS_NONE, NULL);
  const char *host = parsed == NULL ? NULL : g_uri_get_host (parsed);
  const char *path = parsed == NULL ? NULL : g_uri_get_path (parsed);
  LwpCodePlace *place;
  const char *slash;
  gsize length;

  if (host == NULL || !g_str_has_suffix (host, BLOB_HOST_SUFFIX) || *path != '/')
    return NULL;
  path++;
  length = strcspn (path, "/");
  slash = path + length;
  place = g_new0 (LwpCodePlace, 1);
  place->account = g_ascii_strdown (host, (gssize) (strlen (host) - strlen (BLOB_HOST_SUFFIX)));
  place->container = g_strndup (path, length);
  slash += *slash == '/' ? 1 : 0;
  place->prefix = g_strdup (slash);
  if (*slash != '\0' && !g_str_has_suffix (slash, "/"))
    {
      g_free (place->prefix);
      place->prefix = g_strconcat (slash, "/", NULL);
    }
  return place;
}

LwpResource *
lwp_codes_load_snapshot (LwpCloud *cloud, const LwpResource *workspace, const char *snapshot)
{
  g_autoptr (GPtrArray) codes = lwp_resource_list (cloud, workspace->id, LWP_ML_CODE_TYPE);

  for (guint i = 0; i < codes->len; i++)
    {
      const LwpResource *code = g_ptr_array_index (codes, i);

      if (g_strcmp0 (lwp_json_get_string (code->body, "snapshot"), snapshot) == 0
          || g_ascii_strcasecmp (code->id, snapshot) == 0)
        return g_ptr_array_steal_index (codes, i);
    }
  return NULL;
}

static char *
dup_id (LwpRequest *request)
{
  g_autofree char *workspace = lwp_ml_dup_workspace_id (request);

  return g_strdup_printf ("%s/codes/%s/versions/%s", workspace,
                          lwp_request_get_param (request, "code"),
                          lwp_request_get_param (request, "version"));
}

static JsonObject *
to_json (const LwpResource *code)
{
  JsonObject *body = code->body;
  JsonObject *properties
      = lwp_json_build ("description:s tags:o properties:o isArchived:b isAnonymous:b codeUri:s"
                        " provisioningState:s",
                        lwp_json_get_string (body, "description"),
                        lwp_json_copy (lwp_json_get_object (body, "tags")),
                        lwp_json_copy (lwp_json_get_object (body, "properties")), FALSE, FALSE,
                        lwp_json_get_string (body, "codeUri"), "Succeeded");

  return lwp_json_build ("id:s name:s type:s properties:o systemData:o", code->id, code->name,
                         LWP_ML_CODE_TYPE, properties, lwp_ml_new_system_data (code));
}

static gboolean
has_hash (const LwpResource *code, const char *hash, const char *version)
{
  JsonObject *properties = lwp_json_get_object (code->body, "properties");

  return g_strcmp0 (lwp_json_get_string (properties, "hash_sha256"), hash) == 0
         && (version == NULL
             || g_strcmp0 (lwp_json_get_string (properties, "hash_version"), version) == 0);
}

/* With a hash the search goes across all names, as the service does. */
static LwpResponse *
list_versions (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  const char *hash = lwp_request_get_query (request, "hash");
  const char *version = lwp_request_get_query (request, "hashVersion");
  LwpResponse *response = NULL;
  g_autoptr (LwpResource) workspace = lwp_ml_load_workspace (cloud, request, &response);
  g_autoptr (GPtrArray) codes = NULL;
  g_autofree char *scope = NULL;
  GPtrArray *items;

  if (workspace == NULL)
    return response;
  scope = g_strdup_printf ("%s/codes/%s", workspace->id, lwp_request_get_param (request, "code"));
  codes = lwp_resource_list (cloud, hash == NULL ? scope : workspace->id, LWP_ML_CODE_TYPE);
  items = lwp_ml_items_new ();
  for (guint i = codes->len; i > 0; i--)
    {
      const LwpResource *code = g_ptr_array_index (codes, i - 1);

      if (hash == NULL || has_hash (code, hash, version))
        g_ptr_array_add (items, to_json (code));
    }
  return lwp_ml_new_page (request, items);
}

static LwpResponse *
get_version (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  g_autofree char *id = dup_id (request);
  g_autoptr (LwpResource) code = lwp_resource_load (cloud, id);

  if (code == NULL)
    return lwp_ml_new_error (cloud, 404, "UserError", "NotFoundError",
                             "Code asset %s with version %s was not found.",
                             lwp_request_get_param (request, "code"),
                             lwp_request_get_param (request, "version"));
  return lwp_response_new_json (200, to_json (code));
}

static LwpResponse *
check_place (LwpCloud *cloud, const char *uri)
{
  g_autoptr (LwpCodePlace) place = lwp_codes_find_place (uri);

  if (place != NULL && lwp_container_exists (cloud, place->account, place->container))
    return NULL;
  return lwp_ml_new_error (cloud, 400, "UserError", "ArgumentInvalid",
                           "codeUri has to be a folder in a container of the workspace's storage "
                           "account.");
}

static LwpResponse *
new_created (LwpRequest *request, const LwpResource *code)
{
  LwpResponse *response = lwp_response_new_json (201, to_json (code));
  g_autofree char *location
      = g_strdup_printf ("https://%s%s?%s", lwp_request_get_host (request),
                         lwp_request_get_raw_path (request), lwp_request_get_raw_query (request));

  lwp_response_set_header (response, "Location", location);
  return response;
}

static LwpResponse *
create_version (LwpCloud *cloud, LwpRequest *request, const LwpResource *workspace, const char *id)
{
  JsonObject *asked = lwp_json_get_object (lwp_request_get_json (request), "properties");
  g_autofree char *snapshot = g_uuid_string_random ();
  g_autoptr (LwpResource) code = NULL;
  LwpResponse *response = check_place (cloud, lwp_json_get_string (asked, "codeUri"));
  JsonObject *body;

  if (response != NULL)
    return response;
  body = lwp_json_build ("snapshot:s", snapshot);
  lwp_json_build_copy (body, asked, "codeUri");
  lwp_json_build_copy (body, asked, "properties");
  lwp_json_build_copy (body, asked, "tags");
  lwp_json_build_copy (body, asked, "description");
  lwp_ml_note_caller (body, request);
  code = lwp_resource_new (cloud, id, LWP_ML_CODE_TYPE, workspace->location, body, 0);
  lwp_resource_save (cloud, code);
  return new_created (request, code);
}

static LwpResponse *
put_version (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  G_GNUC_UNUSED g_autoptr (LwpStoreTransaction) transaction
    = lwp_store_hold (lwp_cloud_get_store (cloud));
  LwpResponse *response = NULL;
  g_autoptr (LwpResource) workspace = lwp_ml_load_workspace (cloud, request, &response);
  JsonObject *asked = lwp_json_get_object (lwp_request_get_json (request), "properties");
  const char *uri = lwp_json_get_string (asked, "codeUri");
  g_autofree char *id = dup_id (request);
  g_autoptr (LwpResource) code = NULL;

  if (workspace == NULL)
    return response;
  if (!lwp_ml_is_name (lwp_request_get_param (request, "code"), 1, MAX_NAME, "-_.")
      || !lwp_ml_is_name (lwp_request_get_param (request, "version"), 1, MAX_NAME, "-_."))
    return lwp_ml_new_error (cloud, 400, "ValidationError", "ArgumentInvalid",
                             "Name or version of the code asset is invalid.");
  code = lwp_resource_load (cloud, id);
  if (code == NULL)
    return create_version (cloud, request, workspace, id);
  if (g_strcmp0 (uri, lwp_json_get_string (code->body, "codeUri")) != 0)
    return lwp_ml_new_error (cloud, 400, "UserError", "ImmutableField",
                             "codeUri of an existing code version cannot be changed.");
  lwp_json_keep (code->body, asked, "tags");
  lwp_json_keep (code->body, asked, "description");
  lwp_resource_save (cloud, code);
  return lwp_response_new_json (200, to_json (code));
}

static LwpResponse *
delete_version (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  g_autofree char *id = dup_id (request);
  g_autoptr (LwpResource) code = lwp_resource_load (cloud, id);

  if (code == NULL)
    return lwp_response_new (204);
  lwp_resource_delete (cloud, id, 0);
  return lwp_response_new (200);
}

static void
take_container_cb (sqlite3_stmt *row, gpointer container)
{
  *(char **) container = g_strdup ((const char *) sqlite3_column_text (row, 0));
}

/* The container of a pending version, made when it is asked for the first time. */
static char *
ensure_container (LwpCloud *cloud, const LwpResource *workspace, const char *account,
                  const char *id)
{
  LwpStore *store = lwp_cloud_get_store (cloud);
  g_autofree char *uuid = g_uuid_string_random ();
  char *container = NULL;

  lwp_store_query (store, take_container_cb, &container,
                   "SELECT container FROM ml_pending_uploads WHERE code = ?", "s", id);
  if (container == NULL)
    {
      container = g_strdup_printf ("%.*s-c-%s", CONTAINER_ID_CHARS,
                                   lwp_ml_get_workspace_guid (workspace), uuid);
      lwp_store_run (store, "INSERT INTO ml_pending_uploads (code, container) VALUES (?, ?)", "ss",
                     id, container);
    }
  lwp_container_create (cloud, account, container);
  return container;
}

static LwpResponse *
start_upload (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  G_GNUC_UNUSED g_autoptr (LwpStoreTransaction) transaction
    = lwp_store_hold (lwp_cloud_get_store (cloud));
  const LwpCaller *caller = lwp_request_get_caller (request);
  LwpResponse *response = NULL;
  g_autoptr (LwpResource) workspace = lwp_ml_load_workspace (cloud, request, &response);
  g_autofree char *id = dup_id (request);
  g_autofree char *account = NULL;
  g_autofree char *container = NULL;
  g_autofree char *uri = NULL;
  g_autofree char *sas = NULL;
  LwpSasGrant grant = { 0 };

  if (workspace == NULL)
    return response;
  account = lwp_ml_dup_storage_account (workspace);
  container = ensure_container (cloud, workspace, account, id);
  grant = (LwpSasGrant){ account, container, NULL, "rcwl", caller->object, caller->tenant };
  sas = lwp_sas_dup_url (cloud, &grant);
  uri = g_strdup_printf ("https://%s" BLOB_HOST_SUFFIX ":443/%s", account, container);
  return lwp_response_new_json (
      200,
      lwp_json_build ("pendingUploadId:n pendingUploadType:s blobReferenceForConsumption:o",
                      "TemporaryBlobReference",
                      lwp_json_build ("blobUri:s storageAccountArmId:s credential:o", uri,
                                      lwp_json_get_string (workspace->body, "storageAccount"),
                                      lwp_json_build ("credentialType:s sasUri:s", "SAS", sas))));
}

static void
code_gone_cb (LwpCloud *cloud, const LwpResource *code, gpointer user_data)
{
  lwp_store_run (lwp_cloud_get_store (cloud), "DELETE FROM ml_pending_uploads WHERE code = ?", "s",
                 code->id);
}

static const LwpRoute routes[] = {
  { "GET", VERSIONS_PATH, list_versions, LWP_ROUTE_ARM },
  { "GET", VERSION_PATH, get_version, LWP_ROUTE_ARM },
  { "PUT", VERSION_PATH, put_version, LWP_ROUTE_ARM },
  { "DELETE", VERSION_PATH, delete_version, LWP_ROUTE_ARM },
  { "POST", VERSION_PATH "/startPendingUpload", start_upload, LWP_ROUTE_ARM },
};

gboolean
lwp_codes_register (LwpCloud *cloud, GError **error)
{
  if (!lwp_store_ensure (lwp_cloud_get_store (cloud), "codes", tables, error))
    return FALSE;
  lwp_resource_add_gone_func (cloud, LWP_ML_CODE_TYPE, code_gone_cb, NULL);
  lwp_router_add (lwp_cloud_get_router (cloud), "management.azure.com", routes,
                  G_N_ELEMENTS (routes), NULL);
  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Data assets. The only ones are the default outputs of runs, whose names the service makes as
 * azureml_{job}_output_data_default; clients ask where they are to download them. Reads only; any
 * thread. */

#include <string.h>

#include "lwp-data-plane.h"

#define DATA "/data/v1.0" LWP_DATA_PLANE_WORKSPACE "/dataversion"
#define NAME_PREFIX "/data/azureml_"
#define NAME_SUFFIX "_output_data_default/"
#define MAX_ASSETS 100

/* Returns NULL when @id is not the default output of a run of the workspace. */
static char *
dup_uri (LwpCloud *cloud, const LwpResource *workspace, const char *id)
{
  const char *begin = strstr (id, NAME_PREFIX);
  const char *end = begin == NULL ? NULL : strstr (begin, NAME_SUFFIX);
  g_autofree char *name = NULL;
  g_autofree char *job = NULL;
  g_autoptr (LwpRun) run = NULL;
  g_auto (GStrv) parts = NULL;

  if (end == NULL)
    return NULL;
  begin += strlen (NAME_PREFIX);
  name = g_strndup (begin, (gsize) MAX (end - begin, 0));
  job = lwp_ml_dup_child_id (workspace, "jobs", name);
  run = lwp_run_load (cloud, job);
  if (run == NULL)
    return NULL;
  parts = g_strsplit (workspace->id, "/", -1);
  return g_strdup_printf ("azureml://subscriptions/%s/resourcegroups/%s/workspaces/%s/datastores"
                          "/workspaceartifactstore/paths/ExperimentRun/dcid.%s/",
                          parts[2], parts[4], workspace->name, run->name);
}

static LwpResponse *
resolve_many (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  JsonArray *asked = lwp_json_get_array (lwp_request_get_json (request), "values");
  guint n_asked = asked == NULL ? 0 : MIN (json_array_get_length (asked), MAX_ASSETS);
  LwpResponse *response = NULL;
  g_autoptr (LwpResource) workspace = lwp_ml_load_workspace (cloud, request, &response);
  JsonObject *values;

  if (workspace == NULL)
    return response;
  values = json_object_new ();
  for (guint i = 0; i < n_asked; i++)
    {
      JsonNode *node = json_array_get_element (asked, i);
      const char *id = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
      g_autofree char *uri = id == NULL ? NULL : dup_uri (cloud, workspace, id);

      if (uri != NULL)
        json_object_set_object_member (values, id,
                                       lwp_json_build ("uri:s type:s", uri, "UriFolder"));
    }
  return lwp_response_new_json (200, lwp_json_build ("values:o", values));
}

static LwpResponse *
resolve_one (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  const char *id = lwp_json_get_string (lwp_request_get_json (request), "value");
  LwpResponse *response = NULL;
  g_autoptr (LwpResource) workspace = lwp_ml_load_workspace (cloud, request, &response);
  g_autofree char *uri = NULL;

  if (workspace == NULL)
    return response;
  uri = id == NULL ? NULL : dup_uri (cloud, workspace, id);
  if (uri == NULL)
    return lwp_ml_new_error (cloud, 404, "UserError", "NotFoundError",
                             "The data asset was not found.");
  return lwp_response_new_json (
      200, lwp_json_build ("assetId:s dataVersion:o", id,
                           lwp_json_build ("assetId:s dataUri:s dataType:s", id, uri,
                                           "UriFolder")));
}

static const LwpRoute routes[] = {
  { "POST", DATA "/batchGetResolvedUris", resolve_many, LWP_DATA_PLANE_TOKENS },
  { "POST", DATA "/getByAssetId", resolve_one, LWP_DATA_PLANE_TOKENS },
};

void
lwp_data_assets_register (LwpCloud *cloud)
{
  lwp_router_add (lwp_cloud_get_router (cloud), LWP_DATA_PLANE_HOST, routes,
                  G_N_ELEMENTS (routes), NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the parts of the data plane share, and its discovery. Any thread. */

#include "lwp-data-plane.h"

#include <string.h>

#include "lwp-sas.h"

#define CONTAINER_PREFIX "dcid."

void
lwp_data_run_free (LwpDataRun *run)
{
  if (run == NULL)
    return;
  g_clear_pointer (&run->workspace, lwp_resource_free);
  g_clear_pointer (&run->job, lwp_resource_free);
  g_clear_pointer (&run->run, lwp_run_free);
  g_free (run->account);
  g_free (run->prefix);
  g_free (run);
}

LwpDataRun *
lwp_data_run_load (LwpCloud *cloud, LwpRequest *request, const char *name, LwpResponse **response)
{
  g_autoptr (LwpDataRun) data = g_new0 (LwpDataRun, 1);
  g_autofree char *id = NULL;

  data->workspace = lwp_ml_load_workspace (cloud, request, response);
  if (data->workspace == NULL)
    return NULL;
  if (name != NULL && g_str_has_prefix (name, CONTAINER_PREFIX))
    name += strlen (CONTAINER_PREFIX);
  id = lwp_ml_dup_child_id (data->workspace, "jobs", name == NULL ? "" : name);
  data->job = lwp_resource_load (cloud, id);
  data->run = lwp_run_load (cloud, id);
  if (data->job == NULL || data->run == NULL)
    {
      *response = lwp_ml_new_error (cloud, 404, "UserError", "NotFoundError",
                                    "Run %s was not found.", name == NULL ? "" : name);
      return NULL;
    }
  data->account = lwp_ml_dup_storage_account (data->workspace);
  data->prefix = lwp_run_dup_prefix (data->job->name);
  return g_steal_pointer (&data);
}

char *
lwp_data_plane_dup_sas (LwpCloud *cloud, LwpRequest *request, const char *account,
                        const char *container, const char *blob)
{
  const LwpCaller *caller = lwp_request_get_caller (request);
  LwpSasGrant grant = { account, container, blob, "r", caller->object, caller->tenant };

  return lwp_sas_dup_url (cloud, &grant);
}

static LwpResponse *
get_discovery (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  static const char *const services[]
      = { "api", "history", "experimentation", "catalog", "modelmanagement", "pipelines",
          "metric", "artifact", "content", "hyperdrive", "inferencing" };
  g_autofree char *base = g_strconcat ("https://", lwp_request_get_host (request), NULL);
  JsonObject *object = json_object_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (services); i++)
    json_object_set_string_member (object, services[i], base);
  json_object_set_string_member (object, "studio", "https://ml.azure.com");
  return lwp_response_new_json (200, object);
}

static const LwpRoute routes[] = {
  { "GET", "/discovery", get_discovery, LWP_ROUTE_OPEN },
};

gboolean
lwp_data_plane_register (LwpCloud *cloud, GError **error)
{
  lwp_router_add (lwp_cloud_get_router (cloud), LWP_DATA_PLANE_HOST, routes,
                  G_N_ELEMENTS (routes), NULL);
  lwp_history_register (cloud);
  lwp_artifacts_register (cloud);
  lwp_data_assets_register (cloud);
  lwp_metrics_register (cloud);
  lwp_snapshots_register (cloud);
  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Metrics of a run. A job of the practice cloud has no way yet to log one, so every run that exists
 * has an empty list, as a run of the lab's script has in Azure. Any thread. */

#include "lwp-data-plane.h"

#define METRICS "/metric/v2.0" LWP_DATA_PLANE_WORKSPACE "/runs/{run}"

static LwpResponse *
list_metrics (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  LwpResponse *response = NULL;
  g_autoptr (LwpDataRun) data
      = lwp_data_run_load (cloud, request, lwp_request_get_param (request, "run"), &response);

  if (data == NULL)
    return response;
  return lwp_response_new_json (
      200, lwp_json_build ("value:a continuationToken:n nextLink:n", json_array_new ()));
}

static const LwpRoute routes[] = {
  { "POST", METRICS "/lastvalues", list_metrics, LWP_DATA_PLANE_TOKENS },
  { "POST", METRICS "/list", list_metrics, LWP_DATA_PLANE_TOKENS },
};

void
lwp_metrics_register (LwpCloud *cloud)
{
  lwp_router_add (lwp_cloud_get_router (cloud), LWP_DATA_PLANE_HOST, routes,
                  G_N_ELEMENTS (routes), NULL);
}

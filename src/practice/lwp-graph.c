/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The little of Microsoft Graph that the Azure CLI asks for while it makes a key vault: who am I
 * (user: get, v1.0). Any thread. */

#include "lwp-arm.h"
#include "lwp-token.h"

static LwpResponse *
show_me (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  const LwpCaller *caller;
  JsonObject *me;

  if (!lwp_token_check_request (cloud, request, "graph"))
    return lwp_response_new_arm_error (401, "InvalidAuthenticationToken",
                                       "Access token is empty, expired or for another resource.");
  caller = lwp_request_get_caller (request);
  me = lwp_json_new ("{'@odata.context':"
                     "'https://graph.microsoft.com/v1.0/$metadata#users/$entity'}");
  json_object_set_string_member (me, "id", caller->object);
  json_object_set_string_member (me, "displayName", caller->name);
  json_object_set_string_member (me, "userPrincipalName", caller->sign_in_name);
  json_object_set_string_member (me, "mail", caller->sign_in_name);
  return lwp_response_new_json (200, me);
}

static const LwpRoute routes[] = {
  { "GET", "/v1.0/me", show_me, LWP_ROUTE_OPEN },
};

gboolean
lwp_graph_register (LwpCloud *cloud, GError **error)
{
  lwp_router_add (lwp_cloud_get_router (cloud), "graph.microsoft.com", routes,
                  G_N_ELEMENTS (routes), NULL);
  return TRUE;
}

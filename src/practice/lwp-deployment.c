/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Template deployments (Deployments_*, DeploymentOperations_* of Microsoft.Resources). The
 * resources are PUT at once, in order, each through the router as if the caller had sent it; the deployment
 * is done when the last of them is ready, and failed where the first was refused. Any thread. */

#include <string.h>

#include "lwp-arm.h"
#include "lwp-directory.h"
#include "lwp-provider.h"
#include "lwp-template.h"

#define TYPE "Microsoft.Resources/deployments"

static char *
dup_id (LwpRequest *request)
{
  return lwp_arm_dup_id (request, TYPE, lwp_request_get_param (request, "name"));
}

static const char *
get_state (LwpCloud *cloud, const LwpResource *deployment)
{
  if (deployment->ready_us > lwp_cloud_get_now_us (cloud))
    return "Running";
  return lwp_json_get_object (deployment->body, "error") != NULL ? "Failed" : "Succeeded";
}

static char *
format_duration (gint64 duration_us)
{
  char seconds[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (seconds, sizeof seconds, "%.3f",
                   (double) MAX (duration_us, 0) / (double) G_TIME_SPAN_SECOND);
  return g_strdup_printf ("PT%sS", seconds);
}

static JsonArray *
make_output_resources (const LwpResource *deployment)
{
  JsonArray *operations = lwp_json_get_array (deployment->body, "operations");
  JsonArray *resources = json_array_new ();
  guint n = operations != NULL ? json_array_get_length (operations) : 0;

  for (guint i = 0; i < n; i++)
    {
      JsonObject *entry = json_object_new ();

      json_object_set_string_member (
          entry, "id",
          lwp_json_get_string (json_array_get_object_element (operations, i), "made"));
      json_array_add_object_element (resources, entry);
    }
  return resources;
}

static JsonObject *
make (LwpCloud *cloud, const LwpResource *deployment, const char *state)
{
  static const char *const kept[] = { "mode", "parameters", "correlationId", "templateHash" };
  JsonObject *object = json_object_new ();
  JsonObject *properties = json_object_new ();
  g_autofree char *time = lwp_cloud_format_time (deployment->created_us);
  g_autofree char *duration
      = format_duration (MIN (lwp_cloud_get_now_us (cloud), deployment->ready_us)
                         - deployment->created_us);

  for (gsize i = 0; i < G_N_ELEMENTS (kept); i++)
    lwp_json_keep (properties, deployment->body, kept[i]);
  json_object_set_string_member (properties, "provisioningState", state);
  json_object_set_string_member (properties, "timestamp", time);
  json_object_set_string_member (properties, "duration", duration);
  json_object_set_array_member (properties, "providers", json_array_new ());
  json_object_set_array_member (properties, "dependencies", json_array_new ());
  if (strcmp (state, "Succeeded") == 0)
    json_object_set_array_member (properties, "outputResources",
                                  make_output_resources (deployment));
  if (strcmp (state, "Failed") == 0)
    lwp_json_keep (properties, deployment->body, "error");
  json_object_set_string_member (object, "id", deployment->id);
  json_object_set_string_member (object, "name", deployment->name);
  json_object_set_string_member (object, "type", TYPE);
  json_object_set_object_member (object, "properties", properties);
  return object;
}

static LwpResponse *
not_found (LwpRequest *request)
{
  return lwp_response_new_arm_error (404, "DeploymentNotFound",
                                     "Deployment '%s' could not be found.",
                                     lwp_request_get_param (request, "name"));
}

/* Evaluates the template of a request; NULL with @refusal when it is no template. */
static GPtrArray *
evaluate (LwpCloud *cloud, LwpRequest *request, LwpResponse **refusal)
{
  JsonObject *body = lwp_request_get_json (request);
  JsonObject *template = lwp_json_get_object (body, "properties.template");
  const char *subscription = lwp_request_get_param (request, "subscription");
  g_autofree char *group_id = lwp_arm_dup_group_id (request);
  g_autoptr (LwpResource) group = lwp_resource_load (cloud, group_id);
  g_autoptr (GError) error = NULL;
  GPtrArray *resources = NULL;

  if (group == NULL)
    *refusal = lwp_arm_group_not_found (request);
  else if (template == NULL)
    *refusal = lwp_response_new_arm_error (400, "InvalidRequestContent",
                                           "The practice cloud deploys templates that are part of "
                                           "the request.");
  else
    {
      const LwpExpressionScope scope = {
        .subscription = subscription,
        .tenant = lwp_directory_find_subscription (subscription)->tenant,
        .group = group->name,
        .location = group->location,
      };

      resources = lwp_template_evaluate (
          &scope, template, lwp_json_get_object (body, "properties.parameters"), &error);
      if (resources == NULL)
        *refusal = lwp_response_new_arm_error (400, "InvalidTemplate",
                                               "Deployment template validation failed: '%s'.",
                                               error->message);
    }
  return resources;
}

/* Sends the PUT of one resource through the router, with the caller's own token. */
static LwpResponse *
put_resource (LwpCloud *cloud, LwpRequest *request, const LwpTemplateResource *resource)
{
  const char *token = lwp_request_get_header (request, "Authorization");
  g_auto (GStrv) parts = g_strsplit (resource->type, "/", 2);
  g_autofree char *path = g_uri_escape_string (resource->id, "/", FALSE);
  g_autofree char *version = g_uri_escape_string (resource->api_version, NULL, FALSE);
  g_autofree char *target = g_strdup_printf ("%s?api-version=%s", path, version);
  g_autofree char *text = lwp_json_to_string (resource->body);
  g_autoptr (LwpRequest) inner = lwp_request_new ("PUT", LWP_ARM_HOST, target);

  if (inner == NULL)
    return lwp_response_new_arm_error (400, "InvalidTemplate", "The name '%s' is not valid.",
                                       resource->name);
  lwp_provider_register_now (cloud, lwp_request_get_param (request, "subscription"), parts[0]);
  lwp_request_add_header (inner, "Authorization", token);
  lwp_request_take_body (inner, g_bytes_new (text, strlen (text)));
  return lwp_router_dispatch (lwp_cloud_get_router (cloud), cloud, inner);
}

static JsonObject *
parse_error (LwpResponse *response)
{
  g_autoptr (GBytes) body = lwp_response_dup_body (response);
  gsize size;
  const char *data = g_bytes_get_data (body, &size);
  g_autofree char *text = g_strndup (data, size);
  g_autoptr (JsonNode) node = json_from_string (text, NULL);
  JsonObject *object
      = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  JsonObject *error = lwp_json_get_object (object, "error");

  if (error != NULL)
    return lwp_json_copy (error);
  return lwp_json_new ("{'code':'InternalServerError','message':'The resource was refused.'}");
}

static JsonObject *
wrap_error (const char *code, const char *message, JsonObject *inner)
{
  JsonObject *error = json_object_new ();
  JsonArray *details = json_array_new ();

  json_array_add_object_element (details, inner);
  json_object_set_string_member (error, "code", code);
  json_object_set_string_member (error, "message", message);
  json_object_set_array_member (error, "details", details);
  return error;
}

/* What the list of operations will say of one resource. For one of a nested deployment that is the
 * nested deployment. */
static JsonObject *
make_record (LwpRequest *request, const LwpTemplateResource *resource, guint status)
{
  g_autofree char *operation_id = g_uuid_string_random ();
  g_autofree char *nested_id
      = resource->nested_in != NULL ? lwp_arm_dup_id (request, TYPE, resource->nested_in) : NULL;
  JsonObject *record = json_object_new ();

  json_object_set_string_member (record, "operation", operation_id);
  json_object_set_string_member (record, "made", resource->id);
  json_object_set_string_member (record, "id", nested_id != NULL ? nested_id : resource->id);
  json_object_set_string_member (record, "type", nested_id != NULL ? TYPE : resource->type);
  json_object_set_string_member (record, "name",
                                 nested_id != NULL ? resource->nested_in : resource->name);
  json_object_set_int_member (record, "status", status);
  return record;
}

/* PUTs all resources up to the first that is refused, and notes in @deployment what became of
 * each. */
static void
deploy (LwpCloud *cloud, LwpRequest *request, GPtrArray *resources, LwpResource *deployment)
{
  JsonArray *operations = json_array_new ();

  json_object_set_array_member (deployment->body, "operations", operations);
  for (guint i = 0; i < resources->len; i++)
    {
      const LwpTemplateResource *wanted = g_ptr_array_index (resources, i);
      g_autoptr (LwpResponse) response = put_resource (cloud, request, wanted);
      guint status = lwp_response_get_status (response);
      g_autoptr (LwpResource) made = lwp_resource_load (cloud, wanted->id);
      JsonObject *record = make_record (request, wanted, status);

      json_array_add_object_element (operations, record);
      if (made != NULL)
        deployment->ready_us = MAX (deployment->ready_us, made->ready_us);
      if (status < 400)
        continue;
      json_object_set_object_member (record, "error", parse_error (response));
      json_object_set_object_member (
          deployment->body, "error",
          wrap_error ("DeploymentFailed",
                      "At least one resource deployment operation failed. Please list deployment "
                      "operations for details. Please see "
                      "https://aka.ms/arm-deployment-operations for usage details.",
                      parse_error (response)));
      return;
    }
}

static LwpResource *
new_deployment (LwpCloud *cloud, LwpRequest *request, const char *id)
{
  JsonObject *given = lwp_json_get_object (lwp_request_get_json (request), "properties");
  g_autofree char *correlation = g_uuid_string_random ();
  LwpResource *deployment
      = lwp_resource_new (cloud, id, TYPE, "", json_object_new (), 0);

  lwp_json_keep (deployment->body, given, "mode");
  json_object_set_string_member (deployment->body, "correlationId", correlation);
  return deployment;
}

static LwpResponse *
put (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  LwpResponse *response = NULL;
  g_autoptr (GPtrArray) resources = evaluate (cloud, request, &response);
  g_autofree char *id = dup_id (request);
  g_autoptr (LwpResource) deployment = NULL;
  gboolean is_new;

  if (resources == NULL)
    return response;
  deployment = lwp_resource_load (cloud, id);
  is_new = deployment == NULL;
  if (!is_new && deployment->ready_us > lwp_cloud_get_now_us (cloud))
    return lwp_response_new_arm_error (409, "DeploymentActive",
                                       "The deployment '%s' is still active.", deployment->name);
  g_clear_pointer (&deployment, lwp_resource_free);
  deployment = new_deployment (cloud, request, id);
  deploy (cloud, request, resources, deployment);
  lwp_resource_save (cloud, deployment);
  response = lwp_response_new_json (is_new ? 201 : 200, make (cloud, deployment, "Accepted"));
  lwp_arm_set_operation (response, request, "Azure-AsyncOperation", "%s/operationStatuses/%s", id,
                         lwp_json_get_string (deployment->body, "correlationId"));
  return response;
}

static LwpResponse *
validate (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  LwpResponse *refusal = NULL;
  g_autoptr (GPtrArray) resources = evaluate (cloud, request, &refusal);
  g_autofree char *id = dup_id (request);
  g_autoptr (LwpResource) deployment = NULL;
  JsonArray *validated;
  JsonObject *object;

  if (resources == NULL)
    return refusal;
  deployment = new_deployment (cloud, request, id);
  object = make (cloud, deployment, "Succeeded");
  validated = json_array_new ();
  for (guint i = 0; i < resources->len; i++)
    {
      const LwpTemplateResource *resource = g_ptr_array_index (resources, i);
      JsonObject *entry = json_object_new ();

      json_object_set_string_member (entry, "id", resource->id);
      json_array_add_object_element (validated, entry);
    }
  json_object_set_array_member (lwp_json_get_object (object, "properties"), "validatedResources",
                                validated);
  return lwp_response_new_json (200, object);
}

static LwpResource *
load (LwpCloud *cloud, LwpRequest *request)
{
  g_autofree char *id = dup_id (request);

  return lwp_resource_load (cloud, id);
}

static LwpResponse *
show (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  g_autoptr (LwpResource) deployment = load (cloud, request);

  if (deployment == NULL)
    return not_found (request);
  return lwp_response_new_json (200, make (cloud, deployment, get_state (cloud, deployment)));
}

static LwpResponse *
look (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  g_autoptr (LwpResource) deployment = load (cloud, request);

  return lwp_response_new (deployment != NULL ? 204 : 404);
}

static LwpResponse *
list (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  g_autofree char *scope = lwp_arm_dup_group_id (request);
  g_autoptr (GPtrArray) deployments = lwp_resource_list (cloud, scope, TYPE);
  JsonArray *value = json_array_new ();

  for (guint i = 0; i < deployments->len; i++)
    {
      const LwpResource *deployment = g_ptr_array_index (deployments, i);

      json_array_add_object_element (value,
                                     make (cloud, deployment, get_state (cloud, deployment)));
    }
  return lwp_arm_new_list (value);
}

static LwpResponse *
show_status (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  g_autoptr (LwpResource) deployment = load (cloud, request);
  const char *state;
  JsonObject *object;

  if (deployment == NULL
      || g_strcmp0 (lwp_json_get_string (deployment->body, "correlationId"),
                    lwp_request_get_param (request, "operation"))
             != 0)
    return not_found (request);
  state = get_state (cloud, deployment);
  object = json_object_new ();
  json_object_set_string_member (object, "status", state);
  if (strcmp (state, "Failed") == 0)
    lwp_json_keep (object, deployment->body, "error");
  return lwp_response_new_json (200, object);
}

static JsonObject *
make_operation (LwpCloud *cloud, const LwpResource *deployment, JsonObject *kept)
{
  const char *id = lwp_json_get_string (kept, "id");
  g_autoptr (LwpResource) made = lwp_resource_load (cloud, lwp_json_get_string (kept, "made"));
  gint64 now_us = lwp_cloud_get_now_us (cloud);
  gint64 end_us = made != NULL ? made->ready_us : deployment->created_us;
  gboolean failed = json_object_has_member (kept, "error");
  g_autofree char *time = lwp_cloud_format_time (MIN (now_us, end_us));
  g_autofree char *duration = format_duration (MIN (now_us, end_us) - deployment->created_us);
  g_autofree char *path
      = g_strdup_printf ("%s/operations/%s", deployment->id,
                         lwp_json_get_string (kept, "operation"));
  JsonObject *object = json_object_new ();
  JsonObject *properties = json_object_new ();
  JsonObject *target = json_object_new ();

  json_object_set_string_member (target, "id", id);
  json_object_set_string_member (target, "resourceType", lwp_json_get_string (kept, "type"));
  json_object_set_string_member (target, "resourceName", lwp_json_get_string (kept, "name"));
  json_object_set_string_member (properties, "provisioningOperation", "Create");
  json_object_set_string_member (
      properties, "provisioningState",
      failed ? "Failed" : (end_us > now_us ? "Running" : "Succeeded"));
  json_object_set_string_member (properties, "timestamp", time);
  json_object_set_string_member (properties, "duration", duration);
  json_object_set_string_member (properties, "trackingId", lwp_json_get_string (kept, "operation"));
  json_object_set_string_member (properties, "serviceRequestId",
                                 lwp_json_get_string (kept, "operation"));
  json_object_set_string_member (properties, "statusCode",
                                 failed ? "Conflict" : (end_us > now_us ? "Created" : "OK"));
  if (failed)
    {
      JsonObject *message = json_object_new ();

      lwp_json_keep (message, kept, "error");
      json_object_set_object_member (properties, "statusMessage", message);
    }
  json_object_set_object_member (properties, "targetResource", target);
  json_object_set_string_member (object, "id", path);
  json_object_set_string_member (object, "operationId", lwp_json_get_string (kept, "operation"));
  json_object_set_object_member (object, "properties", properties);
  return object;
}

static LwpResponse *
list_operations (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  g_autoptr (LwpResource) deployment = load (cloud, request);
  JsonArray *operations;
  JsonArray *value;

  if (deployment == NULL)
    return not_found (request);
  operations = lwp_json_get_array (deployment->body, "operations");
  value = json_array_new ();
  for (guint i = 0; operations != NULL && i < json_array_get_length (operations); i++)
    json_array_add_object_element (
        value, make_operation (cloud, deployment, json_array_get_object_element (operations, i)));
  return lwp_arm_new_list (value);
}

static LwpResponse *
delete (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  g_autoptr (LwpResource) deployment = load (cloud, request);

  if (deployment != NULL)
    lwp_resource_delete (cloud, deployment->id, 0);
  return lwp_response_new (204);
}

#define GROUP "/subscriptions/{subscription}/resourceGroups/{group}"
#define ALL GROUP "/providers/Microsoft.Resources/deployments"
#define ONE ALL "/{name}"

static const LwpRoute routes[] = {
  { "GET", ALL, list, LWP_ROUTE_ARM },
  { "GET", ONE, show, LWP_ROUTE_ARM },
  { "HEAD", ONE, look, LWP_ROUTE_ARM },
  { "PUT", ONE, put, LWP_ROUTE_ARM },
  { "DELETE", ONE, delete, LWP_ROUTE_ARM },
  { "POST", ONE "/validate", validate, LWP_ROUTE_ARM },
  { "GET", ONE "/operations", list_operations, LWP_ROUTE_ARM },
  { "GET", ONE "/operationStatuses/{operation}", show_status, LWP_ROUTE_ARM },
  /* What the Azure SDKs ask for. */
  { "GET", GROUP "/deployments/{name}/operations", list_operations, LWP_ROUTE_ARM },
};

gboolean
lwp_deployment_register (LwpCloud *cloud, GError **error)
{
  lwp_router_add (lwp_cloud_get_router (cloud), LWP_ARM_HOST, routes, G_N_ELEMENTS (routes), NULL);
  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Resource groups (ResourceGroups_* of Microsoft.Resources) and the chain of answers that a
 * deletion gives: 202 with another long Location each time, then 200. Any thread. */

#include <string.h>

#include "lwp-arm.h"
#include "lwp-token.h"

#define TYPE "Microsoft.Resources/resourceGroups"
#define DELETE_MS 5000
#define DELETE_EMPTY_MS 1000
#define MAX_NAME_CHARS 90
/* The signature parts make a real Location longer than 3 KB; clients have to bear it. */
#define CERTIFICATE_BYTES 2400
#define SIGNATURE_BYTES 256

static JsonObject *
make_group (LwpCloud *cloud, const LwpResource *group)
{
  JsonObject *object = lwp_arm_make_envelope (group);
  JsonObject *properties = json_object_new ();

  json_object_set_string_member (properties, "provisioningState",
                                 lwp_resource_get_provisioning_state (cloud, group));
  json_object_set_object_member (object, "properties", properties);
  return object;
}

static LwpResource *
load_group (LwpCloud *cloud, LwpRequest *request)
{
  g_autofree char *id = lwp_arm_dup_group_id (request);

  return lwp_resource_load (cloud, id);
}

static LwpResponse *
look (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  g_autoptr (LwpResource) group = load_group (cloud, request);

  return lwp_response_new (group != NULL ? 204 : 404);
}

static LwpResponse *
show (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  g_autoptr (LwpResource) group = load_group (cloud, request);

  if (group == NULL)
    return lwp_arm_group_not_found (request);
  return lwp_response_new_json (200, make_group (cloud, group));
}

/* The one value in quotes after @name in an OData filter: "tagName eq 'x'". */
static char *
dup_filter_value (const char *filter, const char *name)
{
  g_autofree char *start = g_strconcat (name, " eq '", NULL);
  const char *at = filter != NULL ? strstr (filter, start) : NULL;

  if (at == NULL)
    return NULL;
  at += strlen (start);
  return g_strndup (at, strcspn (at, "'"));
}

static gboolean
has_tag (const LwpResource *group, const char *name, const char *value)
{
  JsonObject *tags = lwp_json_get_object (group->body, "tags");

  if (name == NULL)
    return TRUE;
  return tags != NULL && json_object_has_member (tags, name)
         && (value == NULL
             || strcmp (json_object_get_string_member_with_default (tags, name, ""), value) == 0);
}

static LwpResponse *
list (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  const char *filter = lwp_request_get_query (request, "$filter");
  g_autofree char *tag = dup_filter_value (filter, "tagName");
  g_autofree char *tag_value = dup_filter_value (filter, "tagValue");
  g_autofree char *scope
      = g_strdup_printf ("/subscriptions/%s", lwp_request_get_param (request, "subscription"));
  g_autoptr (GPtrArray) groups = lwp_resource_list (cloud, scope, TYPE);
  JsonArray *value = json_array_new ();

  for (guint i = 0; i < groups->len; i++)
    if (has_tag (g_ptr_array_index (groups, i), tag, tag_value))
      json_array_add_object_element (value, make_group (cloud, g_ptr_array_index (groups, i)));
  return lwp_arm_new_list (value);
}

static gboolean
is_name (const char *name)
{
  glong length = g_utf8_strlen (name, -1);

  for (const char *at = name; *at != '\0'; at = g_utf8_next_char (at))
    if (!g_unichar_isalnum (g_utf8_get_char (at)) && strchr ("_-.()", *at) == NULL)
      return FALSE;
  return length > 0 && length <= MAX_NAME_CHARS && !g_str_has_suffix (name, ".");
}

static LwpResponse *
update (LwpCloud *cloud, LwpResource *group, JsonObject *body)
{
  if (lwp_json_get_object (body, "tags") != NULL)
    lwp_json_keep (group->body, body, "tags");
  lwp_resource_save (cloud, group);
  return lwp_response_new_json (200, make_group (cloud, group));
}

static LwpResponse *
put_again (LwpCloud *cloud, LwpResource *group, JsonObject *body, const char *location)
{
  if (group->gone_us > 0)
    return lwp_response_new_arm_error (
        409, "ResourceGroupBeingDeleted",
        "The resource group '%s' is in deprovisioning state and cannot perform this operation.",
        group->name);
  if (g_ascii_strcasecmp (group->location, location) != 0)
    return lwp_response_new_arm_error (
        409, "InvalidResourceGroupLocation",
        "Invalid resource group location '%s'. The Resource group already exists in location '%s'.",
        location, group->location);
  return update (cloud, group, body);
}

static LwpResponse *
put (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  const char *name = lwp_request_get_param (request, "group");
  JsonObject *body = lwp_request_get_json (request);
  g_autofree char *location = lwp_arm_dup_location (lwp_json_get_string (body, "location"));
  g_autofree char *id = lwp_arm_dup_group_id (request);
  G_GNUC_UNUSED g_autoptr (LwpStoreTransaction) hold = lwp_cloud_hold (cloud);
  g_autoptr (LwpResource) group = lwp_resource_load (cloud, id);
  LwpResponse *refusal;

  if (body == NULL)
    return lwp_arm_bad_json ();
  if (!is_name (name))
    return lwp_response_new_arm_error (
        400, "InvalidResourceGroup",
        "The provided resource group name '%s' has these invalid characters or a wrong length. "
        "The name can only be a letter, digit, '-', '.', '(', ')' or '_'.",
        name);
  refusal = lwp_arm_check_location (location, TYPE);
  if (refusal != NULL)
    return refusal;
  if (group != NULL)
    return put_again (cloud, group, body, location);
  group = lwp_resource_new (cloud, id, TYPE, location, json_object_new (), 0);
  lwp_json_keep (group->body, body, "tags");
  lwp_resource_save (cloud, group);
  return lwp_response_new_json (201, make_group (cloud, group));
}

static LwpResponse *
patch (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  JsonObject *body = lwp_request_get_json (request);
  G_GNUC_UNUSED g_autoptr (LwpStoreTransaction) hold = lwp_cloud_hold (cloud);
  g_autoptr (LwpResource) group = load_group (cloud, request);

  if (body == NULL)
    return lwp_arm_bad_json ();
  if (group == NULL)
    return lwp_arm_group_not_found (request);
  return update (cloud, group, body);
}

/* Location is signed, so it is another one each time; only the job in it means something. */
static void
set_deletion_location (LwpCloud *cloud, LwpRequest *request, LwpResponse *response,
                       const char *operation)
{
  g_autofree char *job = g_strdup_printf ("{\"jobId\":\"RESOURCEGROUPDELETIONJOB-%s\"}", operation);
  g_autofree char *opaque = lwp_token_base64url (job, strlen (job));
  g_autofree char *certificate = lwp_token_random (CERTIFICATE_BYTES);
  g_autofree char *signature = lwp_token_random (SIGNATURE_BYTES);
  g_autofree char *hash = lwp_token_random (32);
  const char *version = lwp_request_get_query (request, "api-version");
  g_autofree char *location = g_strdup_printf (
      "https://" LWP_ARM_HOST "/subscriptions/%s/operationresults/%s?api-version=%s"
      "&t=%" G_GINT64_FORMAT "&c=%s&s=%s&h=%s",
      lwp_request_get_param (request, "subscription"), opaque, version,
      lwp_cloud_get_now_us (cloud), certificate, signature, hash);

  lwp_response_set_header (response, "Location", location);
  lwp_arm_set_retry_after (cloud, response);
}

static LwpResponse *
delete (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  G_GNUC_UNUSED g_autoptr (LwpStoreTransaction) hold = lwp_cloud_hold (cloud);
  g_autoptr (LwpResource) group = load_group (cloud, request);
  g_autoptr (GPtrArray) children = NULL;
  g_autofree char *operation = NULL;
  LwpResponse *response;
  gint64 duration_ms;

  if (group == NULL)
    return lwp_arm_group_not_found (request);
  children = lwp_resource_list (cloud, group->id, NULL);
  duration_ms = children->len > 0 ? DELETE_MS : DELETE_EMPTY_MS;
  /* Asked again, it goes on as it was: the rows keep the earlier end. */
  operation = lwp_operation_begin (cloud, "group-deletion", group->id, duration_ms, NULL);
  lwp_resource_delete (cloud, group->id, duration_ms);
  response = lwp_response_new (202);
  set_deletion_location (cloud, request, response, operation);
  return response;
}

static char *
dup_job (const char *opaque)
{
  g_autofree char *padded = g_strdup (opaque);
  g_autofree guchar *data = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GString) base64 = NULL;
  const char *at;
  gsize size;

  g_strdelimit (padded, "-", '+');
  g_strdelimit (padded, "_", '/');
  base64 = g_string_new (padded);
  while (base64->len % 4 != 0)
    g_string_append_c (base64, '=');
  data = g_base64_decode (base64->str, &size);
  text = g_strndup ((const char *) data, size);
  at = strstr (text, "JOB-");
  return at != NULL ? g_strndup (at + 4, strcspn (at + 4, "\"")) : NULL;
}

static LwpResponse *
follow (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  g_autofree char *job = dup_job (lwp_request_get_param (request, "operation"));
  g_autoptr (LwpOperation) operation = job != NULL ? lwp_operation_load (cloud, job) : NULL;
  LwpResponse *response;

  if (operation == NULL)
    return lwp_response_new_arm_error (404, "OperationNotFound", "There is no such operation.");
  if (lwp_operation_is_done (cloud, operation))
    return lwp_response_new (200);
  response = lwp_response_new (202);
  set_deletion_location (cloud, request, response, operation->id);
  return response;
}

#define ONE "/subscriptions/{subscription}/resourceGroups/{group}"

static const LwpRoute routes[] = {
  { "GET", "/subscriptions/{subscription}/resourceGroups", list, LWP_ROUTE_ARM },
  { "HEAD", ONE, look, LWP_ROUTE_ARM | LWP_ROUTE_GROUP_OPTIONAL },
  { "GET", ONE, show, LWP_ROUTE_ARM | LWP_ROUTE_GROUP_OPTIONAL },
  { "PUT", ONE, put, LWP_ROUTE_ARM | LWP_ROUTE_GROUP_OPTIONAL },
  { "PATCH", ONE, patch, LWP_ROUTE_ARM },
  { "DELETE", ONE, delete, LWP_ROUTE_ARM },
  { "GET", "/subscriptions/{subscription}/operationresults/{operation}", follow, LWP_ROUTE_ARM },
};

gboolean
lwp_group_register (LwpCloud *cloud, GError **error)
{
  lwp_router_add (lwp_cloud_get_router (cloud), LWP_ARM_HOST, routes, G_N_ELEMENTS (routes), NULL);
  return TRUE;
}

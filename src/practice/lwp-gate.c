/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What stands before every handler. Reads the store, keeps nothing. Any thread. */

#include "lwp-gate.h"

#include <string.h>

#include "lwp-arm.h"
#include "lwp-directory.h"
#include "lwp-provider.h"
#include "lwp-token.h"

#define LOCK_TYPE "Microsoft.Authorization/locks"
#define LOCK_PART "/providers/microsoft.authorization/locks/"
#define MAX_API_VERSION_BYTES 32

static LwpResponse *
refuse_token (const char *tenant, const char *code, const char *message)
{
  LwpResponse *response = lwp_response_new_arm_error (401, code, "%s", message);
  g_autofree char *challenge = g_strdup_printf (
      "Bearer authorization_uri=\"https://login.microsoftonline.com/%s\", error=\"invalid_token\", "
      "error_description=\"%s\"",
      tenant, message);

  lwp_response_set_header (response, "WWW-Authenticate", challenge);
  return response;
}

static gboolean
audience_fits (const LwpGrant *grant, LwpRouteFlags flags)
{
  return ((flags & LWP_ROUTE_TOKEN_ARM) != 0 && strcmp (grant->resource, "arm") == 0)
         || ((flags & LWP_ROUTE_TOKEN_ML) != 0 && strcmp (grant->resource, "ml") == 0);
}

static LwpResponse *
check_token (LwpCloud *cloud, LwpRequest *request, LwpRouteFlags flags)
{
  g_autofree char *token = lwp_token_dup_bearer (request);
  g_autoptr (LwpGrant) grant = NULL;

  if (token == NULL)
    return refuse_token ("organizations", "AuthenticationFailed",
                         "Authentication failed. The 'Authorization' header is missing.");
  grant = lwp_token_find (cloud, LWP_TOKEN_ACCESS, token);
  if (grant == NULL)
    return refuse_token ("organizations", "InvalidAuthenticationToken",
                         "The access token is invalid.");
  if (grant->expires_us <= lwp_cloud_get_now_us (cloud))
    return refuse_token (grant->tenant, "ExpiredAuthenticationToken",
                         "The access token has expired.");
  if (!audience_fits (grant, flags))
    return refuse_token (grant->tenant, "InvalidAuthenticationTokenAudience",
                         "The access token was issued for another resource.");
  lwp_request_take_caller (request, lwp_token_dup_caller (grant));
  return NULL;
}

/* 2024-04-01 or 2024-04-01-preview. */
static gboolean
is_api_version (const char *text)
{
  static const char pattern[] = "dddd-dd-dd";
  gsize length = strlen (pattern);

  for (gsize i = 0; i < length; i++)
    if (pattern[i] == 'd' ? !g_ascii_isdigit (text[i]) : text[i] != '-')
      return FALSE;
  return (text[length] == '\0' || text[length] == '-') && strlen (text) <= MAX_API_VERSION_BYTES;
}

static LwpResponse *
check_api_version (LwpRequest *request)
{
  const char *version = lwp_request_get_query (request, "api-version");

  if (version == NULL || *version == '\0')
    return lwp_response_new_arm_error (400, "MissingApiVersionParameter",
                                       "The api-version query parameter (?api-version=) is "
                                       "required for all requests.");
  if (!is_api_version (version))
    return lwp_response_new_arm_error (400, "InvalidApiVersionParameter",
                                       "The api-version '%s' is invalid.", version);
  return NULL;
}

static LwpResponse *
check_subscription (LwpRequest *request, const char *id)
{
  const LwpSubscription *subscription = lwp_directory_find_subscription (id);

  if (subscription == NULL)
    return lwp_response_new_arm_error (404, "SubscriptionNotFound",
                                       "The subscription '%s' could not be found.", id);
  if (strcmp (lwp_request_get_caller (request)->tenant, subscription->tenant) != 0)
    return refuse_token (subscription->tenant, "InvalidAuthenticationTokenTenant",
                         "The access token is from the wrong tenant.");
  return NULL;
}

static gboolean
is_write (LwpRequest *request)
{
  const char *method = lwp_request_get_method (request);

  return strcmp (method, "GET") != 0 && strcmp (method, "HEAD") != 0;
}

/* A second DELETE of a group that is being deleted is no harm: it joins the first. */
static gboolean
is_group_delete (LwpRequest *request)
{
  return strcmp (lwp_request_get_method (request), "DELETE") == 0
         && g_strv_length ((char **) lwp_request_get_segments (request)) == 4;
}

static LwpResponse *
check_group (LwpCloud *cloud, LwpRequest *request)
{
  g_autofree char *id = lwp_arm_dup_group_id (request);
  g_autoptr (LwpResource) group = lwp_resource_load (cloud, id);

  if (group == NULL)
    return lwp_arm_group_not_found (request);
  if (group->gone_us > 0 && is_write (request) && !is_group_delete (request))
    return lwp_response_new_arm_error (
        409, "ResourceGroupBeingDeleted",
        "The resource group '%s' is in deprovisioning state and cannot perform this operation.",
        group->name);
  return NULL;
}

/* Whether @path is @scope or something below it; both in lower case. */
static gboolean
is_within (const char *path, const char *scope)
{
  gsize length = strlen (scope);

  return strncmp (path, scope, length) == 0 && (path[length] == '\0' || path[length] == '/');
}

static gboolean
lock_forbids (const LwpResource *lock, const char *path, gboolean is_delete)
{
  JsonObject *properties = json_object_get_object_member (lock->body, "properties");
  gboolean read_only
      = g_strcmp0 (json_object_get_string_member (properties, "level"), "ReadOnly") == 0;
  g_autofree char *scope = g_ascii_strdown (lock->id, -1);
  char *part = strstr (scope, LOCK_PART);

  if (part == NULL)
    return FALSE;
  *part = '\0';
  return ((is_delete || read_only) && is_within (path, scope))
         || (is_delete && is_within (scope, path));
}

static LwpResponse *
check_locks (LwpCloud *cloud, LwpRequest *request, const char *subscription)
{
  g_autofree char *scope = g_strdup_printf ("/subscriptions/%s", subscription);
  g_autoptr (GPtrArray) locks = NULL;
  g_autofree char *joined = NULL;
  g_autofree char *path = NULL;
  gboolean is_delete = strcmp (lwp_request_get_method (request), "DELETE") == 0;

  joined = g_strjoinv ("/", (char **) lwp_request_get_segments (request));
  path = g_strconcat ("/", joined, NULL);
  for (char *c = path; *c != '\0'; c++)
    *c = g_ascii_tolower (*c);
  if (strstr (path, LOCK_PART) != NULL)
    return NULL;
  locks = lwp_resource_list (cloud, scope, LOCK_TYPE);
  for (guint i = 0; i < locks->len; i++)
    {
      const LwpResource *lock = g_ptr_array_index (locks, i);

      if (lock_forbids (lock, path, is_delete))
        return lwp_response_new_arm_error (
            409, "ScopeLocked",
            "The scope '/%s' cannot perform %s operation because following scope(s) are locked: "
            "'%.*s'. Please remove the lock and try again.",
            joined, is_delete ? "delete" : "write",
            (int) (strlen (lock->id) - strlen (LOCK_PART) - strlen (lock->name)), lock->id);
    }
  return NULL;
}

/* Making something needs its provider registered, or at least on the way. */
static LwpResponse *
check_provider (LwpCloud *cloud, LwpRequest *request, const char *subscription)
{
  const char *const *segments = lwp_request_get_segments (request);
  g_autofree char *name = NULL;
  const char *state;

  for (guint i = 0; segments[i] != NULL && segments[i + 1] != NULL && name == NULL; i++)
    if (g_ascii_strcasecmp (segments[i], "providers") == 0)
      name = lwp_provider_dup_spelling (segments[i + 1]);
  if (name == NULL)
    return NULL;
  state = lwp_provider_get_state (cloud, subscription, name);
  if (g_strcmp0 (state, "NotRegistered") != 0 && g_strcmp0 (state, "Unregistering") != 0)
    return NULL;
  return lwp_response_new_arm_details (
      409, "MissingSubscriptionRegistration", name,
      "The subscription is not registered to use namespace '%s'. See "
      "https://aka.ms/rps-not-found for how to register subscriptions.",
      name);
}

static LwpResponse *
check_manners (LwpCloud *cloud, LwpRequest *request, LwpRouteFlags flags)
{
  const char *subscription = lwp_request_get_param (request, "subscription");
  const char *group = lwp_request_get_param (request, "group");
  gboolean check_scope = (flags & LWP_ROUTE_GROUP_OPTIONAL) == 0;
  LwpResponse *refusal = NULL;

  if (subscription == NULL)
    return NULL;
  refusal = check_subscription (request, subscription);
  if (refusal == NULL && group != NULL && check_scope)
    refusal = check_group (cloud, request);
  if (refusal == NULL && group != NULL && check_scope && is_write (request))
    refusal = check_locks (cloud, request, subscription);
  if (refusal == NULL && strcmp (lwp_request_get_method (request), "PUT") == 0)
    refusal = check_provider (cloud, request, subscription);
  return refusal;
}

LwpResponse *
lwp_gate_check (LwpCloud *cloud, LwpRequest *request, LwpRouteFlags flags)
{
  gboolean arm = (flags & LWP_ROUTE_ARM) == LWP_ROUTE_ARM;
  LwpResponse *refusal = NULL;

  if (arm)
    refusal = check_api_version (request);
  if (refusal == NULL && (flags & (LWP_ROUTE_TOKEN_ARM | LWP_ROUTE_TOKEN_ML)) != 0)
    refusal = check_token (cloud, request, flags);
  if (refusal == NULL && arm)
    refusal = check_manners (cloud, request, flags);
  return refusal;
}

void
lwp_gate_finish (LwpRequest *request, LwpResponse *response)
{
  g_autofree char *id = g_uuid_string_random ();
  const char *client_id = lwp_request_get_header (request, "x-ms-client-request-id");
  const char *echo = lwp_request_get_header (request, "x-ms-return-client-request-id");

  if (lwp_response_get_header (response, "x-ms-request-id") == NULL)
    lwp_response_set_header (response, "x-ms-request-id", id);
  if (client_id != NULL && echo != NULL && g_ascii_strcasecmp (echo, "true") == 0)
    lwp_response_set_header (response, "x-ms-client-request-id", client_id);
  if (strcmp (lwp_request_get_host (request), "management.azure.com") == 0)
    {
      lwp_response_set_header (response, "x-ms-correlation-request-id", id);
      lwp_response_set_header (response, "Cache-Control", "no-cache");
      lwp_response_set_header (response, "X-Content-Type-Options", "nosniff");
    }
}

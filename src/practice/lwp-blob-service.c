/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The Blob service: which operation a request is. The service tells operations apart by the query
 * fields "restype" and "comp", not by the path, so that each route looks at them here. Handlers run
 * on any worker thread and keep nothing between requests. */

#include "lwp-blob-service.h"

#include <string.h>

#include "lwp-blob-call.h"
#include "lwp-blob-store.h"
#include "lwp-resource.h"

#define STORAGE_TYPE "Microsoft.Storage/storageAccounts"
#define MIN_CONTAINER_NAME 3
#define MAX_CONTAINER_NAME 63
/* Longest name of a blob (Naming and Referencing Containers, Blobs, and Metadata). */
#define MAX_BLOB_NAME 1024

typedef LwpResponse *(*Operation) (const LwpBlobCall *call);

typedef struct
{
  const char *method;
  const char *restype; /* NULL: not asked */
  const char *comp;    /* NULL: not asked */
  Operation operation;
} Choice;

static gboolean
account_exists (LwpCloud *cloud, const char *account)
{
  g_autoptr (GPtrArray) accounts = lwp_resource_list (cloud, "/subscriptions", STORAGE_TYPE);

  for (guint i = 0; i < accounts->len; i++)
    {
      const LwpResource *resource = g_ptr_array_index (accounts, i);

      if (g_ascii_strcasecmp (resource->name, account) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_container_name (const char *name)
{
  gsize length = strlen (name);

  return length >= MIN_CONTAINER_NAME && length <= MAX_CONTAINER_NAME
         && strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789-") == length && *name != '-';
}

static LwpResponse *
create_container (const LwpBlobCall *call)
{
  LwpResponse *response = lwp_blob_call_authorize (call, "");

  if (response != NULL)
    return response;
  if (!is_container_name (call->key.container))
    return lwp_blob_call_new_error (
        call, 400, "InvalidResourceName",
        "The specified resource name contains invalid characters or has a wrong length.");
  if (lwp_container_create (call->cloud, call->key.account, call->key.container))
    return lwp_blob_call_new_response (call, 201);
  return lwp_blob_call_new_error (call, 409, "ContainerAlreadyExists",
                                  "The specified container already exists.");
}

static LwpResponse *
new_no_container (const LwpBlobCall *call)
{
  return lwp_blob_call_new_error (call, 404, "ContainerNotFound",
                                  "The specified container does not exist.");
}

static LwpResponse *
read_container (const LwpBlobCall *call)
{
  LwpResponse *response = lwp_blob_call_authorize (call, "r");

  if (response != NULL)
    return response;
  if (!lwp_container_exists (call->cloud, call->key.account, call->key.container))
    return new_no_container (call);
  response = lwp_blob_call_new_response (call, 200);
  lwp_response_set_header (response, "x-ms-lease-status", "unlocked");
  lwp_response_set_header (response, "x-ms-lease-state", "available");
  return response;
}

static LwpResponse *
delete_container (const LwpBlobCall *call)
{
  LwpResponse *response = lwp_blob_call_authorize (call, "");

  if (response != NULL)
    return response;
  if (!lwp_container_delete (call->cloud, call->key.account, call->key.container))
    return new_no_container (call);
  return lwp_blob_call_new_response (call, 202);
}

static const Choice account_choices[] = {
  { "GET", NULL, "list", lwp_blob_list_containers },
};

static const Choice container_choices[] = {
  { "GET", "container", "list", lwp_blob_list_blobs },
  { "PUT", "container", NULL, create_container },
  { "GET", "container", NULL, read_container },
  { "HEAD", "container", NULL, read_container },
  { "DELETE", "container", NULL, delete_container },
};

static const Choice blob_choices[] = {
  { "GET", NULL, NULL, lwp_blob_read },
  { "HEAD", NULL, NULL, lwp_blob_read },
  { "GET", NULL, "blocklist", lwp_blob_read_blocks },
  { "PUT", NULL, NULL, lwp_blob_write },
  { "PUT", NULL, "block", lwp_blob_write_block },
  { "PUT", NULL, "blocklist", lwp_blob_write_block_list },
  { "PUT", NULL, "metadata", lwp_blob_write_metadata },
  { "DELETE", NULL, NULL, lwp_blob_remove },
};

static LwpResponse *
choose (const LwpBlobCall *call, const Choice *choices, gsize n_choices)
{
  const char *method = lwp_request_get_method (call->request);
  const char *restype = lwp_request_get_query (call->request, "restype");
  const char *comp = lwp_request_get_query (call->request, "comp");

  if (!account_exists (call->cloud, call->key.account))
    return lwp_blob_call_new_error (call, 404, "ResourceNotFound",
                                    "The specified account does not exist.");
  for (gsize i = 0; i < n_choices; i++)
    if (g_str_equal (choices[i].method, method) && g_strcmp0 (choices[i].restype, restype) == 0
        && g_strcmp0 (choices[i].comp, comp) == 0)
      return choices[i].operation (call);
  return lwp_blob_call_new_error (
      call, 400, "InvalidQueryParameterValue",
      "Value for one of the query parameters specified in the request URI is invalid.");
}

static LwpResponse *
account_handler (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  LwpBlobCall call = { cloud, request, { lwp_request_get_param (request, "account"), "", "" } };

  return choose (&call, account_choices, G_N_ELEMENTS (account_choices));
}

static LwpResponse *
container_handler (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  LwpBlobCall call = { cloud,
                       request,
                       { lwp_request_get_param (request, "account"),
                         lwp_request_get_param (request, "container"), "" } };

  return choose (&call, container_choices, G_N_ELEMENTS (container_choices));
}

static LwpResponse *
blob_handler (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  LwpBlobCall call = { cloud,
                       request,
                       { lwp_request_get_param (request, "account"),
                         lwp_request_get_param (request, "container"),
                         lwp_request_get_param (request, "blob") } };

  if (*call.key.name == '\0')
    return container_handler (cloud, request, user_data);
  if (strlen (call.key.name) > MAX_BLOB_NAME)
    return lwp_blob_call_new_error (&call, 400, "InvalidResourceName",
                                    "The specified resource name is too long.");
  return choose (&call, blob_choices, G_N_ELEMENTS (blob_choices));
}

static const LwpRoute routes[] = {
  { "GET", "/", account_handler, LWP_ROUTE_OPEN },
  { "GET", "/{container}", container_handler, LWP_ROUTE_OPEN },
  { "HEAD", "/{container}", container_handler, LWP_ROUTE_OPEN },
  { "PUT", "/{container}", container_handler, LWP_ROUTE_OPEN },
  { "DELETE", "/{container}", container_handler, LWP_ROUTE_OPEN },
  { "GET", "/{container}/{blob*}", blob_handler, LWP_ROUTE_OPEN },
  { "HEAD", "/{container}/{blob*}", blob_handler, LWP_ROUTE_OPEN },
  { "PUT", "/{container}/{blob*}", blob_handler, LWP_ROUTE_OPEN },
  { "DELETE", "/{container}/{blob*}", blob_handler, LWP_ROUTE_OPEN },
};

static void
forget_account_cb (LwpCloud *cloud, const LwpResource *resource, gpointer user_data)
{
  g_autofree char *account = g_ascii_strdown (resource->name, -1);

  lwp_blob_forget_account (cloud, account);
}

gboolean
lwp_blob_service_register (LwpCloud *cloud, GError **error)
{
  if (!lwp_blob_store_register (cloud, error))
    return FALSE;
  lwp_resource_add_gone_func (cloud, STORAGE_TYPE, forget_account_cb, NULL);
  lwp_router_add (lwp_cloud_get_router (cloud), "{account}.blob.core.windows.net", routes,
                  G_N_ELEMENTS (routes), NULL);
  return TRUE;
}

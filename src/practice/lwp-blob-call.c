/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What every operation of the blob service shares: who may, conditions, headers, errors. Each
 * call is on one worker thread. */

#include "lwp-blob-call.h"

#include <string.h>

#include "lwp-http-date.h"
#include "lwp-sas.h"
#include "lwp-token.h"

#define SERVICE_VERSION "2024-08-04"
#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

#define FORGED_MESSAGE                                                                             \
  "Server failed to authenticate the request. Make sure the value of Authorization header is "     \
  "formed correctly including the signature."

void
lwp_blob_call_add_headers (const LwpBlobCall *call, LwpResponse *response)
{
  const char *version = lwp_request_get_header (call->request, "x-ms-version");
  const char *id = lwp_request_get_header (call->request, "x-ms-client-request-id");

  if (version == NULL)
    version = lwp_request_get_query (call->request, "sv");
  lwp_response_set_header (response, "x-ms-version", version == NULL ? SERVICE_VERSION : version);
  lwp_response_set_header (response, "Server", "Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0");
  if (id != NULL)
    lwp_response_set_header (response, "x-ms-client-request-id", id);
}

LwpResponse *
lwp_blob_call_new_response (const LwpBlobCall *call, guint status)
{
  LwpResponse *response = lwp_response_new (status);

  lwp_blob_call_add_headers (call, response);
  return response;
}

void
lwp_blob_call_set_tag (LwpResponse *response, const LwpBlob *blob)
{
  g_autofree char *etag = lwp_blob_dup_etag (blob);
  g_autofree char *quoted = g_strdup_printf ("\"%s\"", etag);
  g_autofree char *date = lwp_http_date_dup (blob->changed_us);

  lwp_response_set_header (response, "ETag", quoted);
  lwp_response_set_header (response, "Last-Modified", date);
}

LwpResponse *
lwp_blob_call_new_error (const LwpBlobCall *call, guint status, const char *code,
                         const char *message)
{
  g_autofree char *request_id = g_uuid_string_random ();
  g_autofree char *time = lwp_cloud_format_time (lwp_cloud_get_now_us (call->cloud));
  g_autofree char *text
      = g_markup_printf_escaped (BYTE_ORDER_MARK "<?xml version=\"1.0\" encoding=\"utf-8\"?>"
                                                 "<Error><Code>%s</Code><Message>%s\n"
                                                 "RequestId:%s\nTime:%s</Message></Error>",
                                 code, message, request_id, time);
  LwpResponse *response = status == 304
                              ? lwp_response_new (status)
                              : lwp_response_new_text (status, "application/xml", text);

  lwp_blob_call_add_headers (call, response);
  lwp_response_set_header (response, "x-ms-request-id", request_id);
  lwp_response_set_header (response, "x-ms-error-code", code);
  return response;
}

LwpResponse *
lwp_blob_call_new_failure (const LwpBlobCall *call, const GError *error)
{
  g_warning ("blob storage: %s", error->message);
  return lwp_blob_call_new_error (call, 500, "InternalError",
                                  "The server encountered an internal error.");
}

static LwpResponse *
check_sas (const LwpBlobCall *call, const char *permissions)
{
  const char *blob = *call->key.name == '\0' ? NULL : call->key.name;

  if (lwp_request_get_header (call->request, "Authorization") != NULL)
    return lwp_blob_call_new_error (call, 400, "InvalidAuthenticationInfo",
                                    "A signature and an Authorization header exclude each other.");
  switch (lwp_sas_check (call->cloud, call->request, call->key.account, call->key.container, blob))
    {
    case LWP_SAS_MALFORMED:
    case LWP_SAS_FORGED:
      return lwp_blob_call_new_error (call, 403, "AuthenticationFailed", FORGED_MESSAGE);
    case LWP_SAS_NOT_NOW:
      return lwp_blob_call_new_error (
          call, 403, "AuthenticationFailed",
          "Server failed to authenticate the request: the signature is not valid in the specified "
          "time frame.");
    case LWP_SAS_ELSEWHERE:
      return lwp_blob_call_new_error (call, 403, "AuthorizationSourceIPMismatch",
                                      "This request is not authorized by this source IP.");
    case LWP_SAS_GOOD:
    default:
      break;
    }
  for (const char *letter = permissions; *letter != '\0'; letter++)
    if (lwp_sas_permits (call->request, *letter)
        && (blob != NULL || lwp_sas_is_for_container (call->request)))
      return NULL;
  return lwp_blob_call_new_error (
      call, 403, "AuthorizationPermissionMismatch",
      "This request is not authorized to perform this operation using this permission.");
}

LwpResponse *
lwp_blob_call_authorize (const LwpBlobCall *call, const char *permissions)
{
  const char *header = lwp_request_get_header (call->request, "Authorization");

  if (lwp_sas_is_present (call->request))
    return check_sas (call, permissions);
  if (header == NULL)
    return lwp_blob_call_new_error (
        call, 409, "PublicAccessNotPermitted",
        "Public access is not permitted on this storage account.");
  if (g_str_has_prefix (header, "SharedKey "))
    return lwp_shared_key_check (call->cloud, call->request, call->key.account)
               ? NULL
               : lwp_blob_call_new_error (call, 403, "AuthenticationFailed", FORGED_MESSAGE);
  /* In the practice cloud the one user holds the role Storage Blob Data Contributor everywhere. */
  if (lwp_token_check_request (call->cloud, call->request, "storage"))
    return NULL;
  return lwp_blob_call_new_error (call, 401, "InvalidAuthenticationInfo",
                                  "Server failed to authenticate the request. Please refer to the "
                                  "information in the www-authenticate header.");
}

gboolean
lwp_blob_call_may_overwrite (const LwpBlobCall *call)
{
  return !lwp_sas_is_present (call->request) || lwp_sas_permits (call->request, 'w');
}

/* Whether the header's list of tags names @blob; "*" names any that is there. */
static gboolean
names_tag (const char *list, const LwpBlob *blob)
{
  g_autofree char *etag = NULL;

  if (blob == NULL)
    return FALSE;
  if (g_str_equal (list, "*"))
    return TRUE;
  etag = lwp_blob_dup_etag (blob);
  return strstr (list, etag) != NULL;
}

static gboolean
is_read (const LwpBlobCall *call)
{
  const char *method = lwp_request_get_method (call->request);

  return g_str_equal (method, "GET") || g_str_equal (method, "HEAD");
}

static LwpResponse *
new_unmet (const LwpBlobCall *call, const LwpBlob *blob, guint status)
{
  LwpResponse *response = lwp_blob_call_new_error (
      call, status, "ConditionNotMet",
      "The condition specified using HTTP conditional header(s) is not met.");

  if (status == 304)
    lwp_blob_call_set_tag (response, blob);
  return response;
}

LwpResponse *
lwp_blob_call_check_conditions (const LwpBlobCall *call, const LwpBlob *blob)
{
  const char *match = lwp_request_get_header (call->request, "If-Match");
  const char *none = lwp_request_get_header (call->request, "If-None-Match");
  const char *since = lwp_request_get_header (call->request, "If-Modified-Since");
  const char *unmodified = lwp_request_get_header (call->request, "If-Unmodified-Since");
  gint64 changed_us = blob == NULL ? 0 : blob->changed_us - blob->changed_us % G_USEC_PER_SEC;
  gint64 time_us;

  if (match != NULL && !names_tag (match, blob))
    return new_unmet (call, blob, 412);
  if (none != NULL && g_str_equal (none, "*") && blob != NULL && !is_read (call))
    return lwp_blob_call_new_error (call, 409, "BlobAlreadyExists",
                                    "The specified blob already exists.");
  if (none != NULL && names_tag (none, blob))
    return new_unmet (call, blob, is_read (call) ? 304 : 412);
  if (blob == NULL)
    return NULL;
  if (unmodified != NULL && lwp_http_date_parse (unmodified, &time_us) && changed_us > time_us)
    return new_unmet (call, blob, 412);
  if (since != NULL && lwp_http_date_parse (since, &time_us) && changed_us <= time_us)
    return new_unmet (call, blob, is_read (call) ? 304 : 412);
  return NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The extended error of Azure's services: class, the service's own codes and ids, and the way from
 * an answer to such an error. How the bodies are read is in lw-azure-error-body.c. No state, any
 * thread. */

#include "lw-azure-error.h"

#include <string.h>

#include "lw-azure-error-body.h"
#include "lw-challenge.h"
#include "lw-mask.h"

typedef struct
{
  LwAzureErrorBody body; /* owned */
  char *claims;          /* owned, nullable */
  guint status;
} LwAzureErrorPrivate;

/* The assertions tell the compiler what GLib's macro does not: an error of this domain has data. */
static void
lw_azure_error_private_init (LwAzureErrorPrivate *priv)
{
  g_assert (priv != NULL);

  *priv = (LwAzureErrorPrivate){ 0 };
}

static void
lw_azure_error_private_copy (const LwAzureErrorPrivate *from, LwAzureErrorPrivate *to)
{
  g_assert (from != NULL && to != NULL);

  lw_azure_error_body_copy (&from->body, &to->body);
  to->claims = g_strdup (from->claims);
  to->status = from->status;
}

static void
lw_azure_error_private_clear (LwAzureErrorPrivate *priv)
{
  g_assert (priv != NULL);

  lw_azure_error_body_clear (&priv->body);
  g_clear_pointer (&priv->claims, g_free);
}

/* GLib keeps the private part of an error aligned; clang cannot see that in its macro. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wcast-align"
G_DEFINE_EXTENDED_ERROR (LwAzureError, lw_azure_error)
#pragma GCC diagnostic pop

/* The data behind @error, or nothing told for an error of another domain. */
static const LwAzureErrorPrivate *
get_data (const GError *error)
{
  static const LwAzureErrorPrivate nothing = { 0 };
  const LwAzureErrorPrivate *priv = NULL;

  if (error != NULL && error->domain == LW_AZURE_ERROR)
    priv = lw_azure_error_get_private (error);
  return priv != NULL ? priv : &nothing;
}

const char *
lw_azure_error_get_code (const GError *error)
{
  return get_data (error)->body.code;
}

const char *
lw_azure_error_get_inner_code (const GError *error)
{
  const LwAzureErrorPrivate *priv = get_data (error);

  return priv->body.inner_code != NULL ? priv->body.inner_code : priv->body.code;
}

const char *
lw_azure_error_get_target (const GError *error)
{
  return get_data (error)->body.target;
}

const char *
lw_azure_error_get_policy (const GError *error)
{
  return get_data (error)->body.policy;
}

const char *
lw_azure_error_get_request_id (const GError *error)
{
  return get_data (error)->body.request_id;
}

const char *
lw_azure_error_get_correlation_id (const GError *error)
{
  return get_data (error)->body.correlation_id;
}

const char *
lw_azure_error_get_claims (const GError *error)
{
  return get_data (error)->claims;
}

guint
lw_azure_error_get_status (const GError *error)
{
  return get_data (error)->status;
}

gboolean
lw_azure_error_is (const GError *error, const char *service_code)
{
  const LwAzureErrorPrivate *priv = get_data (error);

  g_return_val_if_fail (service_code != NULL, FALSE);

  return (priv->body.code != NULL && g_ascii_strcasecmp (priv->body.code, service_code) == 0)
         || (priv->body.inner_code != NULL
             && g_ascii_strcasecmp (priv->body.inner_code, service_code) == 0);
}

gboolean
lw_azure_error_is_absence (const GError *error)
{
  return get_data (error)->status == 404 && lw_azure_error_get_code (error) != NULL
         && !lw_azure_error_is (error, "SubscriptionNotFound");
}

static LwAzureError
classify_status (guint status)
{
  switch (status)
    {
    case 401:
      return LW_AZURE_ERROR_UNAUTHENTICATED;
    case 403:
      return LW_AZURE_ERROR_FORBIDDEN;
    case 404:
      return LW_AZURE_ERROR_NOT_FOUND;
    case 408:
      return LW_AZURE_ERROR_UNAVAILABLE;
    case 409:
    case 412:
      return LW_AZURE_ERROR_CONFLICT;
    case 429:
      return LW_AZURE_ERROR_THROTTLED;
    default:
      return status >= 500 ? LW_AZURE_ERROR_UNAVAILABLE : LW_AZURE_ERROR_REFUSED;
    }
}

static LwAzureError
classify (LwAzureError fallback, guint status, const LwAzureErrorBody *body, gboolean has_claims)
{
  LwAzureError code = status >= 300 ? classify_status (status) : fallback;

  if (code == LW_AZURE_ERROR_THROTTLED || code == LW_AZURE_ERROR_UNAVAILABLE)
    return code;
  if (has_claims)
    return LW_AZURE_ERROR_CLAIMS;
  return body->is_entra ? LW_AZURE_ERROR_ENTRA : code;
}

/* The service's words, cut and masked; what was answered instead when it had none. */
static char *
make_message (const LwAzureErrorBody *body, guint status)
{
  const char *text = body->message;
  const char *end = NULL;
  g_autofree char *masked = NULL;
  g_autofree char *cut = NULL;

  if (text == NULL || *text == '\0')
    text = body->code;
  if (text == NULL && status == 0)
    return g_strdup ("No reason is told");
  if (text == NULL)
    return g_strdup_printf ("HTTP %u", status);
  masked = lw_mask_body (NULL, (const guint8 *) text, strlen (text));
  if (masked == NULL)
    return g_strdup (LW_MASK);
  cut = g_strndup (masked, LW_AZURE_ERROR_MAX_MESSAGE);
  if (!g_utf8_validate (cut, -1, &end))
    cut[end - cut] = '\0';
  return g_steal_pointer (&cut);
}

static void
replace_if_told (char **member, const char *value)
{
  if (value == NULL || *value == '\0' || !g_utf8_validate (value, -1, NULL))
    return;
  g_free (*member);
  *member = g_strdup (value);
}

void
lw_azure_error_set_from_parts (GError **error, LwAzureError code, const LwAzureErrorParts *parts)
{
  g_auto (LwAzureErrorBody) body = { 0 };
  g_autofree char *claims = NULL;
  g_autofree char *message = NULL;
  LwAzureErrorPrivate *priv = NULL;

  g_return_if_fail (parts != NULL);
  g_return_if_fail (error == NULL || *error == NULL);

  if (error == NULL)
    return;
  lw_azure_error_body_read (&body, parts->body);
  if (body.code == NULL)
    replace_if_told (&body.code, parts->header_code);
  replace_if_told (&body.request_id, parts->request_id);
  replace_if_told (&body.correlation_id, parts->correlation_id);
  if (parts->challenge != NULL)
    claims = lw_challenge_dup_claims (parts->challenge);
  if (claims == NULL)
    claims = g_strdup (body.claims);

  message = make_message (&body, parts->status);
  *error = g_error_new_literal (LW_AZURE_ERROR,
                                classify (code, parts->status, &body, claims != NULL), message);
  priv = lw_azure_error_get_private (*error);
  g_assert (priv != NULL);
  priv->body = body;
  body = (LwAzureErrorBody){ 0 };
  priv->claims = g_steal_pointer (&claims);
  priv->status = parts->status;
}

void
lw_azure_error_set_from_response (GError **error, const LwHttpResponse *response)
{
  LwAzureErrorParts parts = { 0 };

  g_return_if_fail (response != NULL);

  parts.status = lw_http_response_get_status (response);
  parts.body = lw_http_response_get_body (response);
  parts.header_code = lw_http_response_get_header (response, "x-ms-error-code");
  parts.challenge = lw_http_response_get_header (response, "WWW-Authenticate");
  parts.request_id = lw_http_response_get_header (response, "x-ms-request-id");
  parts.correlation_id = lw_http_response_get_header (response, "x-ms-correlation-request-id");
  if (parts.status < 300)
    parts.status = 0;
  lw_azure_error_set_from_parts (error, LW_AZURE_ERROR_OPERATION_FAILED, &parts);
}

void
lw_azure_error_set_from_body (GError **error, LwAzureError code, GBytes *body)
{
  LwAzureErrorParts parts = { .body = body };

  lw_azure_error_set_from_parts (error, code, &parts);
}

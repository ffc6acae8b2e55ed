/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-http.h"

G_BEGIN_DECLS

/**
 * LW_AZURE_ERROR:
 *
 * A service of Azure answered, and said no. The code of the domain is the class of the answer; what
 * the service really said is read with the getters below (the error is extended, GLib 2.68).
 * The message of the GError is the service's own words, English, for display as detail only.
 */
#define LW_AZURE_ERROR (lw_azure_error_quark ())
GQuark lw_azure_error_quark (void);

/**
 * LwAzureError: classes by which code branches; finer decisions read the service's own code
 * @LW_AZURE_ERROR_REFUSED: a 4xx of no class below
 * @LW_AZURE_ERROR_UNAUTHENTICATED: 401, after one renewal of the token
 * @LW_AZURE_ERROR_CLAIMS: 401 with a claims challenge: sign in again with lw_azure_error_get_claims()
 * @LW_AZURE_ERROR_FORBIDDEN: 403
 * @LW_AZURE_ERROR_NOT_FOUND: 404
 * @LW_AZURE_ERROR_CONFLICT: 409, 412
 * @LW_AZURE_ERROR_THROTTLED: 429 that outlasted the retries
 * @LW_AZURE_ERROR_UNAVAILABLE: 5xx that outlasted the retries
 * @LW_AZURE_ERROR_OPERATION_FAILED: a long-running operation ended Failed or Canceled
 * @LW_AZURE_ERROR_ENTRA: the token endpoint refused (AADSTS number in the code)
 */
typedef enum
{
  LW_AZURE_ERROR_REFUSED,
  LW_AZURE_ERROR_UNAUTHENTICATED,
  LW_AZURE_ERROR_CLAIMS,
  LW_AZURE_ERROR_FORBIDDEN,
  LW_AZURE_ERROR_NOT_FOUND,
  LW_AZURE_ERROR_CONFLICT,
  LW_AZURE_ERROR_THROTTLED,
  LW_AZURE_ERROR_UNAVAILABLE,
  LW_AZURE_ERROR_OPERATION_FAILED,
  LW_AZURE_ERROR_ENTRA,
} LwAzureError;

/**
 * lw_azure_error_get_code:
 *
 * Returns: (nullable): outermost code, e.g. "DeploymentFailed"; of Entra its OAuth word, e.g.
 *   "invalid_grant"
 */
const char *lw_azure_error_get_code (const GError *error);

/**
 * lw_azure_error_get_inner_code:
 *
 * Returns: (nullable): the code that tells most: the deepest of `details[]`, `innererror` or of
 *   ML's InnerError chain; of Entra its number, e.g. "AADSTS50076"; the outer code when there is
 *   no deeper one
 */
const char *lw_azure_error_get_inner_code (const GError *error);

/**
 * lw_azure_error_get_target:
 *
 * Returns: (nullable): what the error is about: the deepest target that was told (the namespace of
 *   MissingSubscriptionRegistration, the field of a ValidationError); of Entra its suberror
 */
const char *lw_azure_error_get_target (const GError *error);

/**
 * lw_azure_error_get_policy:
 *
 * Returns: (nullable): display name of the policy behind a RequestDisallowedByPolicy
 */
const char *lw_azure_error_get_policy (const GError *error);

/** lw_azure_error_get_request_id: Returns: (nullable): what support asks for; of Entra its trace id */
const char *lw_azure_error_get_request_id (const GError *error);

/** lw_azure_error_get_correlation_id: Returns: (nullable): ties the answers of one operation */
const char *lw_azure_error_get_correlation_id (const GError *error);

/** lw_azure_error_get_claims: Returns: (nullable): decoded JSON of a claims challenge */
const char *lw_azure_error_get_claims (const GError *error);

/** lw_azure_error_get_status: Returns: HTTP status, 0 when the error was inside a 2xx */
guint lw_azure_error_get_status (const GError *error);

/**
 * lw_azure_error_is:
 *
 * Returns: %TRUE when @error is of #LW_AZURE_ERROR and its outer or inner code equals
 *   @service_code without case
 */
gboolean lw_azure_error_is (const GError *error, const char *service_code);

/**
 * lw_azure_error_is_absence:
 *
 * Returns: %TRUE for a 404 that says what is not there; %FALSE for that of an unknown subscription,
 *   and of a gateway that answers without a code
 */
gboolean lw_azure_error_is_absence (const GError *error);

/* Longest message that is kept; a service's own words are a few hundred bytes. */
#define LW_AZURE_ERROR_MAX_MESSAGE 8192

/**
 * LwAzureErrorParts: what of an answer tells about an error
 * @status: HTTP status, 0 for an error inside a 2xx
 * @body: (nullable): JSON, XML, HTML or anything else
 * @header_code: (nullable): x-ms-error-code
 * @challenge: (nullable): WWW-Authenticate
 * @request_id: (nullable): x-ms-request-id
 * @correlation_id: (nullable): x-ms-correlation-request-id
 */
typedef struct
{
  guint status;
  GBytes *body;
  const char *header_code;
  const char *challenge;
  const char *request_id;
  const char *correlation_id;
} LwAzureErrorParts;

/**
 * lw_azure_error_set_from_parts:
 * @code: class of the error when @parts have no status of their own
 *
 * Reads every shape in which Azure tells an error: ARM (CloudError, with or without the outer
 * `error`, PascalCase, a message that is itself JSON), ML's control plane and run history
 * (RootError), Entra, storage XML with x-ms-error-code, empty bodies and HTML of a gateway.
 * Whatever looks like a signature or a token in the service's words is masked.
 */
void lw_azure_error_set_from_parts (GError **error, LwAzureError code,
                                    const LwAzureErrorParts *parts);

/**
 * lw_azure_error_set_from_response: as above
 * @response: an answer with a status from 300 up, or any whose body tells an error
 */
void lw_azure_error_set_from_response (GError **error, const LwHttpResponse *response);

/** lw_azure_error_set_from_body: as above, from an `error` member inside a 2xx (LRO status, run) */
void lw_azure_error_set_from_body (GError **error, LwAzureError code, GBytes *body);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-cloud.h"
#include "lw-http.h"
#include "lw-secret.h"

G_BEGIN_DECLS

/* The endpoints of Entra ID (Microsoft identity platform v2.0) as the ways of signing in and the
 * account use them; private to src/azure. All block. */

/**
 * LwEntraForm: a form body; it may hold secrets and is overwritten when it is freed
 */
typedef struct _LwEntraForm LwEntraForm;

LwEntraForm *lw_entra_form_new (void);

/** lw_entra_form_add: @value: (nullable): nothing is added for %NULL */
void lw_entra_form_add (LwEntraForm *self, const char *name, const char *value);

/** lw_entra_form_to_query: Returns: (transfer full): the members as a query, without "?" */
char *lw_entra_form_to_query (const LwEntraForm *self);
void lw_entra_form_free (LwEntraForm *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwEntraForm, lw_entra_form_free)

/** LwEntraTokens: what a token endpoint granted; strings are owned secrets */
typedef struct
{
  char *access_token;
  char *refresh_token; /* (nullable) */
  char *id_token;      /* (nullable) */
  gint64 expires_us;   /* of the access token, wall clock */
} LwEntraTokens;

void lw_entra_tokens_free (LwEntraTokens *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwEntraTokens, lw_entra_tokens_free)

/** lw_entra_build_url: Returns: (transfer full): @path below @tenant on the cloud's login host */
char *lw_entra_build_url (const LwCloud *cloud, const char *tenant, const char *path);

/** lw_entra_build_scope: Returns: (transfer full): @scope with what a sign-in needs beside it */
char *lw_entra_build_scope (const char *scope);

/**
 * lw_entra_build_claims:
 * @claims: (nullable): JSON of a claims challenge
 *
 * Returns: (transfer full): the claims parameter: @claims, when it is a JSON object, merged with
 *   the capability CP1, by which a client says that it understands claims challenges
 */
char *lw_entra_build_claims (const char *claims);

/**
 * lw_entra_post:
 * @repeat: a POST that was answered 500, 503 or 504, or not at all, may be sent again
 *
 * Returns: (transfer full): the answer, whatever its status
 * Errors: %LW_ERROR_UNTRUSTED_HOST when @url is not on the login host; transport
 */
LwHttpResponse *lw_entra_post (LwHttp *http, const LwCloud *cloud, const char *url,
                               const LwEntraForm *form, gboolean repeat, GCancellable *cancellable,
                               GError **error);

/**
 * lw_entra_read_tokens:
 * @response: an answer of a token endpoint
 *
 * Returns: (transfer full): %NULL with #LW_AZURE_ERROR when it is a refusal, %LW_ERROR_MALFORMED
 *   when it is nothing
 */
LwEntraTokens *lw_entra_read_tokens (const LwHttpResponse *response, gint64 now_us,
                                     GError **error);

/** lw_entra_request_tokens: lw_entra_post() to the token endpoint and lw_entra_read_tokens() */
LwEntraTokens *lw_entra_request_tokens (LwHttp *http, const LwCloud *cloud, const char *tenant,
                                        const LwEntraForm *form, gboolean repeat,
                                        GCancellable *cancellable, GError **error);

/**
 * lw_entra_discover_authorize:
 * @allow_loopback: the endpoint may be http on a loopback address, as that of the practice cloud
 *
 * Asks the OpenID configuration of @tenant (OpenID Connect Discovery 1.0).
 *
 * Returns: (transfer full): its authorization_endpoint
 * Errors: %LW_ERROR_UNTRUSTED_HOST when it is neither on the login host nor an allowed loopback
 */
char *lw_entra_discover_authorize (LwHttp *http, const LwCloud *cloud, const char *tenant,
                                   gboolean allow_loopback, GCancellable *cancellable,
                                   GError **error);

/**
 * lw_entra_is_loopback_url:
 *
 * Returns: %TRUE when @url is http on 127.0.0.1, [::1] or localhost with a port of its own
 */
gboolean lw_entra_is_loopback_url (const char *url);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lwp-cloud.h"

G_BEGIN_DECLS

/**
 * LwpTokenKind:
 *
 * What a secret text is good for.
 */
typedef enum
{
  LWP_TOKEN_ACCESS,
  LWP_TOKEN_REFRESH,
  LWP_TOKEN_CODE,   /* authorization code, works once */
  LWP_TOKEN_DEVICE, /* device code */
  LWP_TOKEN_USER_CODE, /* what a person types for a device code; holds the answer */
  LWP_TOKEN_SESSION, /* a sign-in page that waits for its answer */
} LwpTokenKind;

/**
 * LwpGrant:
 * @tenant: id of the tenant
 * @account: object id of who signed in; "" while a device code waits
 * @client: id of the client application
 * @resource: see lwp_token_get_resource(); "" where it does not matter
 * @expires_us: microseconds since 1970 UTC
 * @data: (nullable): more, for instance the PKCE challenge of a code
 *
 * What stands behind a token. All strings are owned.
 */
typedef struct
{
  char *tenant;
  char *account;
  char *client;
  char *resource;
  gint64 expires_us;
  JsonObject *data;
} LwpGrant;

LwpGrant *lwp_grant_new (const char *tenant, const char *account, const char *client,
                         const char *resource, gint64 expires_us);
void lwp_grant_free (LwpGrant *grant);

/** lwp_token_register: makes the tables */
gboolean lwp_token_register (LwpCloud *cloud, GError **error);

/**
 * lwp_token_issue:
 *
 * Returns: (transfer full): a new secret. An access token is shaped like a JWT, because SDKs look
 *   for "tid" in it, but what makes it good is the random part that was issued here. Only a SHA-256
 *   of it is stored
 */
char *lwp_token_issue (LwpCloud *cloud, LwpTokenKind kind, const LwpGrant *grant);

/**
 * lwp_token_find:
 *
 * Returns: (transfer full) (nullable): what @token was issued for, also if it has expired
 */
LwpGrant *lwp_token_find (LwpCloud *cloud, LwpTokenKind kind, const char *token);

/** lwp_token_keep: stores, or replaces, what stands behind a secret that the caller made */
void lwp_token_keep (LwpCloud *cloud, LwpTokenKind kind, const char *token, const LwpGrant *grant);

/** lwp_token_revoke: Returns: whether it was there; of two callers only one gets %TRUE */
gboolean lwp_token_revoke (LwpCloud *cloud, LwpTokenKind kind, const char *token);

/**
 * lwp_token_get_resource:
 * @scope: for instance "https://management.azure.com/.default"
 *
 * Returns: (nullable): "arm", "ml", "storage", "graph" or "vault"; %NULL when the scope names no
 *   resource that the practice cloud knows
 */
const char *lwp_token_get_resource (const char *scope);

/**
 * lwp_token_dup_bearer:
 *
 * Returns: (transfer full) (nullable): the token of the request's Authorization header
 */
char *lwp_token_dup_bearer (LwpRequest *request);

/**
 * lwp_token_check_request:
 * @resource: "storage", …
 *
 * Notes the caller in @request when it has a good bearer token for @resource. For handlers that
 * take other proofs too, for instance a SAS.
 */
gboolean lwp_token_check_request (LwpCloud *cloud, LwpRequest *request, const char *resource);

/** lwp_token_dup_caller: Returns: (transfer full): the caller that @grant stands for */
LwpCaller *lwp_token_dup_caller (const LwpGrant *grant);

/** lwp_token_random: Returns: (transfer full): @n_bytes random bytes as base64url */
char *lwp_token_random (gsize n_bytes);

/** lwp_token_base64url: Returns: (transfer full): without padding */
char *lwp_token_base64url (gconstpointer data, gsize size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwpGrant, lwp_grant_free)

G_END_DECLS

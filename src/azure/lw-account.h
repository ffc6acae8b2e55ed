/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-cloud.h"
#include "lw-http.h"
#include "lw-token-store.h"

G_BEGIN_DECLS

/**
 * LwAccount:
 *
 * A signed-in person: one refresh token from which access tokens for (tenant, scope) are made,
 * kept in memory and renewed before they expire, by one thread at a time. A new refresh token is
 * stored before the access token that came with it is used; when the keyring refuses in the middle
 * of a session, the session goes on from memory and the next renewal stores again. Also made from
 * an existing `az` sign-in, which then makes the tokens. Reference counted, any thread; calls
 * block.
 */
typedef struct _LwAccount LwAccount;

LwAccount *lw_account_ref (LwAccount *self);
void lw_account_unref (LwAccount *self);

/**
 * LwAccountInfo: what may be remembered in a plain file: no secret in it
 * @cloud_id: row of the table of clouds, with "practice" for the practice cloud
 * @account_id: "{oid}.{tid}" (for `az`: "az:{user name}")
 * @tenant_id: home tenant
 * @user_name: preferred_username, e.g. an e-mail address
 * @display_name: name, may be empty
 * @client_id: the client that signed in
 * @method: "browser", "device" or "az"
 */
typedef struct
{
  char *cloud_id;
  char *account_id;
  char *tenant_id;
  char *user_name;
  char *display_name;
  char *client_id;
  char *method;
} LwAccountInfo;

LwAccountInfo *lw_account_info_copy (const LwAccountInfo *self);
void lw_account_info_free (LwAccountInfo *self);
const LwAccountInfo *lw_account_get_info (LwAccount *self);

/**
 * lw_account_resume:
 * @store: where the refresh token is; a renewed one is put back there
 * @store_label: label for the keyring, translated by the caller
 * @info: what lw_account_get_info() said of the earlier sign-in
 *
 * Takes up an earlier sign-in: reads the refresh token from @store, or, for the method "az", only
 * looks whether there is an `az`. No network yet: whether the sign-in is still good, the first
 * lw_account_get_token() tells.
 *
 * Errors: %LW_ERROR_SIGN_IN_NEEDED when the store has none; %LW_ERROR_NOT_FOUND when there is no
 *   `az`; the keyring's own codes
 */
LwAccount *lw_account_resume (const LwCloud *cloud, LwHttp *http, LwTokenStore *store,
                              const char *store_label, const LwAccountInfo *info,
                              GCancellable *cancellable, GError **error);

/**
 * lw_account_get_token:
 * @tenant_id: (nullable): %NULL for the home tenant
 * @scope: one scope, ending in "/.default"
 * @min_validity_s: renewed when less is left; 300 is usual
 *
 * Returns: (transfer full): access token, free with lw_secret_free()
 * Errors: %LW_ERROR_SIGN_IN_NEEDED, its message beginning with Entra's number ("AADSTS50173: …"),
 *   when a new sign-in mends it; %LW_AZURE_ERROR_CLAIMS when that has to carry
 *   lw_azure_error_get_claims(); %LW_AZURE_ERROR_ENTRA when signing in again does not help:
 *   policy, consent, wrong client; transport
 */
char *lw_account_get_token (LwAccount *self, const char *tenant_id, const char *scope,
                            guint min_validity_s, GCancellable *cancellable, GError **error);

/**
 * lw_account_renew_token:
 * @claims: (nullable): JSON of a claims challenge that the new token has to satisfy
 *
 * As lw_account_get_token(), but never from memory: what a service asks for by a claims challenge.
 *
 * Returns: (transfer full): access token, free with lw_secret_free()
 * Errors: as lw_account_get_token(); %LW_AZURE_ERROR_CLAIMS when a person has to sign in again with
 *   lw_azure_error_get_claims()
 */
char *lw_account_renew_token (LwAccount *self, const char *tenant_id, const char *scope,
                              const char *claims, GCancellable *cancellable, GError **error);

/**
 * lw_account_drop_token: forgets an access token that a service refused (401), so that the next
 * lw_account_get_token() makes a new one; another, newer one stays
 */
void lw_account_drop_token (LwAccount *self, const char *tenant_id, const char *scope,
                            const char *token);

/** lw_account_sign_out: clears memory and store; `az` keeps its own sign-in */
gboolean lw_account_sign_out (LwAccount *self, GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwAccount, lw_account_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwAccountInfo, lw_account_info_free)

G_END_DECLS

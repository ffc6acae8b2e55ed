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
 * stored before the access token that came with it is used. Also made from an existing `az`
 * sign-in, which then makes the tokens. Reference counted, any thread; calls block.
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
 * @practice: sign-in pages of the practice cloud may be on loopback http
 *
 * Takes up an earlier sign-in: reads the refresh token from @store (or asks `az`). No network yet.
 *
 * Errors: %LW_ERROR_SIGN_IN_NEEDED when the store has none; the keyring's own codes
 */
LwAccount *lw_account_resume (const LwCloud *cloud, LwHttp *http, LwTokenStore *store,
                              const LwAccountInfo *info, GCancellable *cancellable, GError **error);

/**
 * lw_account_get_token:
 * @tenant_id: (nullable): %NULL for the home tenant
 * @scope: one scope, ending in "/.default"
 * @min_validity_s: renewed when less is left; 300 is usual
 *
 * Returns: (transfer full): access token, free with lw_secret_free()
 * Errors: %LW_ERROR_SIGN_IN_NEEDED with the refusal of Entra behind it (#LW_AZURE_ERROR_ENTRA is
 *   used for refusals where signing in again does not help: policy, consent, wrong client)
 */
char *lw_account_get_token (LwAccount *self, const char *tenant_id, const char *scope,
                            guint min_validity_s, GCancellable *cancellable, GError **error);

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

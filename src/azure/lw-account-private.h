/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-account.h"
#include "lw-entra.h"

G_BEGIN_DECLS

/* How the ways of signing in make an account; private to src/azure. */

/** lw_account_new: @info: (transfer full) */
LwAccount *lw_account_new (const LwCloud *cloud, LwHttp *http, LwTokenStore *store,
                           const char *store_label, LwAccountInfo *info);

/**
 * lw_account_adopt:
 * @scope: of the access token in @tokens, which is of the home tenant
 *
 * Stores the refresh token, then keeps both in memory. Unlike a later renewal, this fails when the
 * store does.
 */
gboolean lw_account_adopt (LwAccount *self, const char *scope, const LwEntraTokens *tokens,
                           GCancellable *cancellable, GError **error);

G_END_DECLS

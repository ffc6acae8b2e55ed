/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-entra.h"
#include "lw-json.h"

G_BEGIN_DECLS

/* The Azure CLI as a source of tokens; private to src/azure. It is found on PATH, run without a
 * shell, and its output is never logged. All block until `az` ends or the call is cancelled. */

/** lw_az_find: Returns: (transfer full): path of `az`, or %NULL with %LW_ERROR_NOT_FOUND */
char *lw_az_find (GError **error);

/**
 * lw_az_show_account:
 *
 * Returns: (transfer full): what `az account show` prints
 * Errors: %LW_ERROR_NOT_FOUND, %LW_ERROR_SIGN_IN_NEEDED, %LW_ERROR_MALFORMED
 */
LwJsonDocument *lw_az_show_account (GCancellable *cancellable, GError **error);

/**
 * lw_az_get_token: `az account get-access-token` for @scope, which ends in "/.default"
 *
 * Returns: (transfer full): an access token and its end, 0 when `az` does not tell it
 * Errors: as lw_az_show_account()
 */
LwEntraTokens *lw_az_get_token (const char *tenant_id, const char *scope, GCancellable *cancellable,
                                GError **error);

G_END_DECLS

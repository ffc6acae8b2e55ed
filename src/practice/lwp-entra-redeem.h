/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lwp-token.h"

G_BEGIN_DECLS

/**
 * lwp_entra_redeem_device:
 * @code: a device code
 * @client: the client that asks
 * @grant: (out): who signed in and for what scope ("scope" in its data), when approved
 *
 * Looks whether the person has answered; a code that was approved is used up.
 *
 * Returns: (transfer full) (nullable): the refusal, "authorization_pending" among others
 */
LwpResponse *lwp_entra_redeem_device (LwpCloud *cloud, LwpRequest *request, const char *code,
                                      const char *client, LwpGrant **grant);

/**
 * lwp_entra_redeem_code:
 * @form: the fields of the request to the token endpoint
 * @client: the client that asks
 * @grant: (out): who signed in; its data has "scope" and maybe "nonce"
 *
 * Checks an authorization code: known, not used, not expired, same client and redirect address, and
 * the PKCE verifier (RFC 7636, S256).
 *
 * Returns: (transfer full) (nullable): the refusal
 */
LwpResponse *lwp_entra_redeem_code (LwpCloud *cloud, LwpRequest *request, GHashTable *form,
                                    const char *client, LwpGrant **grant);

G_END_DECLS

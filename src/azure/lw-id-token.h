/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LwIdToken: who signed in, from an id_token of Entra (v2.0); members are owned, never %NULL
 * @object_id, @tenant_id: letters, digits and '-' only
 * @user_name: preferred_username, may be empty; no key to anything
 */
typedef struct
{
  char *object_id;
  char *tenant_id;
  char *user_name;
  char *display_name;
} LwIdToken;

/**
 * lw_id_token_parse:
 * @token: an id_token that came straight from the token endpoint over TLS: its signature adds
 *   nothing (OpenID Connect Core 1.0, section 3.1.3.7) and is not checked
 * @client_id: has to be its audience
 * @nonce: (nullable): has to be its nonce
 *
 * Returns: (transfer full): %NULL with %LW_ERROR_MALFORMED, which quotes nothing of the token
 */
LwIdToken *lw_id_token_parse (const char *token, const char *client_id, const char *nonce,
                              GError **error);
void lw_id_token_free (LwIdToken *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwIdToken, lw_id_token_free)

G_END_DECLS

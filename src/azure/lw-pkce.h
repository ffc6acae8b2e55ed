/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * lw_pkce_new_random:
 *
 * Returns: (transfer full): 256 bits of the system's random source in 43 characters of
 *   [A-Za-z0-9-_]: a code verifier, a state or a nonce; a secret, free with lw_secret_free().
 *   %NULL with %LW_ERROR_FAILED when the system has no random source.
 */
char *lw_pkce_new_random (GError **error);

/**
 * lw_pkce_dup_challenge:
 *
 * Returns: (transfer full): the S256 challenge of @verifier (RFC 7636, section 4.2)
 */
char *lw_pkce_dup_challenge (const char *verifier);

/** lw_pkce_equal: compares two secrets in a time that does not depend on where they differ */
gboolean lw_pkce_equal (const char *a, const char *b);

G_END_DECLS

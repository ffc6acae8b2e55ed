/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Secrets leave the core through these functions only, as LW_MASK. All of them are pure and may be
 * called on any thread. They err on the side of masking too much. */

/* What stands in place of a secret. */
#define LW_MASK "•••"

/**
 * lw_mask_header:
 *
 * Returns: (transfer full): @value, or #LW_MASK (behind its scheme word, as in "Bearer •••") for
 *   Authorization, Proxy-Authorization, Cookie, Set-Cookie, x-azureml-token and their like; the
 *   claims of WWW-Authenticate; URLs in Location, Azure-AsyncOperation, Operation-Location, … are
 *   masked as lw_mask_url() does, all else as lw_mask_text() does
 */
char *lw_mask_header (const char *name, const char *value);

/**
 * lw_mask_url:
 *
 * Returns: (transfer full): @url with user info and the values of secret query members masked: sig,
 *   code, state, code_challenge, client_info, token, …, and t, c, s, h (the signatures of ARM's
 *   poll URLs)
 */
char *lw_mask_url (const char *url);

/**
 * lw_mask_text:
 * @text: valid UTF-8 of any kind, at best in pieces of some ten KiB
 *
 * Returns: (transfer full): @text with whatever looks like a SAS, a JSON Web Token, an account key
 *   of a connection string or a named token masked
 */
char *lw_mask_text (const char *text);

/**
 * lw_mask_body:
 * @content_type: (nullable)
 * @data: may be cut anywhere
 *
 * Masks the values of secret members of JSON (access_token, refresh_token, id_token, device_code,
 * user_code, client_info, client_secret, code_verifier, key, key1, sasToken, passwords, …) and of
 * form bodies, and all else as lw_mask_text() does. The rest stays as it was, byte for byte. A
 * user code is masked wherever it stands, as Entra's device code answer says it twice.
 *
 * Returns: (transfer full) (nullable): %NULL when the body is not text in UTF-8
 */
char *lw_mask_body (const char *content_type, const guint8 *data, gsize length);

G_END_DECLS

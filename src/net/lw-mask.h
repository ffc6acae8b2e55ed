/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What stands in place of a secret. */
#define LW_MASK "•••"

/**
 * lw_mask_header:
 *
 * Returns: (transfer full): @value, or #LW_MASK (behind its scheme word, as in "Bearer •••") for
 *   Authorization, Proxy-Authorization, Cookie, Set-Cookie, WWW-Authenticate claims,
 *   x-azureml-token; URLs in Location, Azure-AsyncOperation and Operation-Location are masked as
 *   lw_mask_url() does
 */
char *lw_mask_header (const char *name, const char *value);

/**
 * lw_mask_url:
 *
 * Returns: (transfer full): @url with the values of secret query members masked: sig, code, state,
 *   code_challenge, client_info, token, t, c, s, h (the signatures of ARM's poll URLs), user info
 */
char *lw_mask_url (const char *url);

/**
 * lw_mask_body:
 * @content_type: (nullable)
 *
 * Masks the values of secret members of JSON (access_token, refresh_token, id_token, device_code,
 * user_code, client_info, client_secret, code_verifier, key, key1, sasToken, any string holding a
 * URL with sig=, …) and of form bodies. Text of any other kind has whatever looks like a SAS or a
 * JSON Web Token masked.
 *
 * Returns: (transfer full) (nullable): %NULL when the body is not text in UTF-8
 */
char *lw_mask_body (const char *content_type, const guint8 *data, gsize length);

G_END_DECLS

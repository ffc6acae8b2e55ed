/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** lw_base64url_encode: Returns: (transfer full): RFC 4648, section 5, without padding */
char *lw_base64url_encode (const guint8 *data, gsize size);

/**
 * lw_base64url_decode:
 * @text: of the URL kind or the plain one, with or without padding
 *
 * Returns: (transfer full): what could be read of it; characters that belong to neither kind are
 *   skipped, as the caller checks what comes out
 */
GBytes *lw_base64url_decode (const char *text);

G_END_DECLS

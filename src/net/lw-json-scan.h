/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * lw_json_scan:
 * @text: JSON in valid UTF-8, changed in place
 * @length: its length, bytes
 *
 * The part of lw_json_parse() that runs before json-glib sees @text: refuses what is too deep for
 * its recursion and what it would accept beyond JSON (comments, single quotes, assignments, a
 * second document), and writes \\ufffd over escapes that no C string can hold.
 *
 * Returns: %FALSE with %LW_ERROR_TOO_LARGE or %LW_ERROR_MALFORMED
 */
gboolean lw_json_scan (char *text, gsize length, GError **error);

G_END_DECLS

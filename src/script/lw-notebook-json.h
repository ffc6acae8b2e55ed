/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * lw_notebook_json_parse:
 * @bytes: the bytes of a notebook file
 *
 * Parses JSON as Python's json module accepts it, which is what writes notebooks: NaN and Infinity
 * are numbers there (they become 0 here, as no use is made of them), and a string may hold half a
 * surrogate pair or a NUL (both become U+FFFD). Nesting is limited to LW_NOTEBOOK_MAX_DEPTH.
 *
 * Returns: (transfer full): a parser whose root is an object, or %NULL with %LW_ERROR_MALFORMED
 */
JsonParser *lw_notebook_json_parse (GBytes *bytes, GError **error);

G_END_DECLS

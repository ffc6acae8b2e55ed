/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * lw_python_literal_match_number:
 * @max: the offset at which @text ends
 *
 * Tries imaginary, then floating, then whole numbers, as Python's tokenize module does.
 *
 * Returns: where the number that begins at @from ends; @from when there is none
 */
gsize lw_python_literal_match_number (const char *text, gsize from, gsize max);

/**
 * lw_python_literal_dup_string:
 * @text: a whole string literal with prefix and quotes
 *
 * Returns: (transfer full) (nullable): the string it stands for; %NULL for bytes and f-strings
 */
char *lw_python_literal_dup_string (const char *text, gsize length);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * lw_script_edit_remove_line:
 * @text: a script
 * @line: what the line to remove says; white space around it does not count
 *
 * "Break it on purpose": takes the first such line out, all else byte for byte as it was.
 *
 * Returns: (transfer full) (nullable): the new text; %NULL when no line says that
 */
char *lw_script_edit_remove_line (const char *text, const char *line);

/**
 * lw_script_edit_restore_line:
 * @text: the script as it is now
 * @original: the script as it was
 * @line: what the removed line says
 *
 * "Mend it": puts the line back where @original has it, behind the nearest line before it that
 * both texts share, and keeps everything a person changed since.
 *
 * Returns: (transfer full) (nullable): the new text; %NULL when @text has the line already or
 *   @original has it not
 */
char *lw_script_edit_restore_line (const char *text, const char *original, const char *line);

/** lw_script_edit_has_line: Returns: whether a line of @text says @line */
gboolean lw_script_edit_has_line (const char *text, const char *line);

G_END_DECLS

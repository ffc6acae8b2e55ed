/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtksourceview/gtksource.h>

G_BEGIN_DECLS

#define LW_TYPE_CODE_VIEW (lw_code_view_get_type ())
G_DECLARE_FINAL_TYPE (LwCodeView, lw_code_view, LW, CODE_VIEW, GtkSourceView)

/**
 * LwCodeView:
 *
 * Source text in the colours of the present style, light or dark, in a monospace font, not editable
 * unless the template says so. Tab moves the focus while it is not editable. Main thread.
 *
 * Properties: "language" (id of GtkSourceView: "python3", "sh", "json"; nullable), and those of
 * GtkSourceView.
 */

GtkWidget *lw_code_view_new (const char *language);

/** lw_code_view_set_text: replaces everything; @text: (nullable): UTF-8 */
void lw_code_view_set_text (LwCodeView *self, const char *text);

/** lw_code_view_dup_text: Returns: (transfer full): everything */
char *lw_code_view_dup_text (LwCodeView *self);
void lw_code_view_set_language (LwCodeView *self, const char *language);

/** lw_code_view_show_line: moves cursor and focus to @line, from 1, and scrolls there */
void lw_code_view_show_line (LwCodeView *self, guint line);

/** lw_code_buffer_new: Returns: (transfer full): a buffer that a model keeps and a view gets by its
 *   property "buffer" */
GtkSourceBuffer *lw_code_buffer_new (const char *language);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "lw-script-model.h"

G_BEGIN_DECLS

#define LW_TYPE_SCRIPT_EDITOR (lw_script_editor_get_type ())
G_DECLARE_FINAL_TYPE (LwScriptEditor, lw_script_editor, LW, SCRIPT_EDITOR, GtkWidget)

/**
 * LwScriptEditor:
 *
 * The two scripts of the lab in an editor: which one, its functions to jump to, undo, save, what to
 * do when another program changed the file, and the buttons that break and mend it (actions
 * "page.break" and "page.mend" of the page around). Main thread.
 */

void lw_script_editor_set_model (LwScriptEditor *self, LwScriptModel *model);

/** lw_script_editor_show: @line: from 1; 0 leaves the cursor where it is */
void lw_script_editor_show (LwScriptEditor *self, LwScriptFile file, guint line);

/** lw_script_editor_save: saves the script in front */
void lw_script_editor_save (LwScriptEditor *self);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "lw-page.h"
#include "lw-session.h"

G_BEGIN_DECLS

#define LW_TYPE_SHELL (lw_shell_get_type ())
G_DECLARE_FINAL_TYPE (LwShell, lw_shell, LW, SHELL, AdwBin)

/**
 * LwShell:
 *
 * What a window shows once a cloud is open: the steps on the left, the page of the chosen one on the
 * right, folding into one pane where there is little room. Pages are made when they are first shown.
 * Main thread; thrown away and made anew when the language changes.
 */

GtkWidget *lw_shell_new (LwSession *session);

/** lw_shell_show_step: @navigate: brings the page to the front where the panes are folded */
void lw_shell_show_step (LwShell *self, LwStepKind kind, gboolean navigate);
LwStepKind lw_shell_get_step (LwShell *self);

/** lw_shell_ensure_page: Returns: (transfer none): the page of a step, made if need be */
LwPage *lw_shell_ensure_page (LwShell *self, LwStepKind kind);

/** lw_shell_back: from the page to the list of steps. Returns: %FALSE when both are in view */
gboolean lw_shell_back (LwShell *self);
void lw_shell_popup_menu (LwShell *self);

G_END_DECLS

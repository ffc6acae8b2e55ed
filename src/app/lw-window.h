/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "lw-session.h"
#include "lw-shell.h"

G_BEGIN_DECLS

#define LW_TYPE_WINDOW (lw_window_get_type ())
G_DECLARE_FINAL_TYPE (LwWindow, lw_window, LW, WINDOW, AdwApplicationWindow)

/**
 * LwWindow:
 *
 * The one window: the start page while no cloud is open, then the shell; its actions (win.…), its
 * size, and toasts. Main thread.
 */

GtkWidget *lw_window_new (GtkApplication *app, LwSession *session);

/** lw_window_open: opens a cloud, showing that it is being opened */
void lw_window_open (LwWindow *self, const char *cloud_id);

/** lw_window_rebuild: makes everything in the window anew, in the language chosen meanwhile; the
 *   step stays, and so does everything in the models */
void lw_window_rebuild (LwWindow *self);

/** lw_window_set_bottom: @widget: (nullable): shown below everything else, such as the bar of a tour */
void lw_window_set_bottom (LwWindow *self, GtkWidget *widget);

/** lw_window_get_shell: Returns: (nullable): %NULL while the start page is shown */
LwShell *lw_window_get_shell (LwWindow *self);

G_END_DECLS

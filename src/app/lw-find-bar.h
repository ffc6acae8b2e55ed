/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define LW_TYPE_FIND_BAR (lw_find_bar_get_type ())
G_DECLARE_FINAL_TYPE (LwFindBar, lw_find_bar, LW, FIND_BAR, AdwBin)

/**
 * LwFindBar:
 *
 * Finds text in a text view, without regard to case and round the end: Enter and Ctrl+G go on,
 * Shift+Ctrl+G goes back, Escape closes. Hidden until it is opened. Main thread.
 */

GtkWidget *lw_find_bar_new (void);

/** lw_find_bar_set_view: @view: (nullable): where to look; kept alive only by its owner */
void lw_find_bar_set_view (LwFindBar *self, GtkTextView *view);
void lw_find_bar_open (LwFindBar *self);

G_END_DECLS

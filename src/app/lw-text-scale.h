/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** lw_text_scale_bind: text of every window follows the key "text-scale" of @settings, on top of
 *   the size that the desktop asks for. Main thread, once. */
void lw_text_scale_bind (GSettings *settings);

/** lw_text_scale_step: @direction: 1 larger, -1 smaller, 0 back to that of the desktop */
void lw_text_scale_step (GSettings *settings, int direction);

G_END_DECLS

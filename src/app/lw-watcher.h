/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-window.h"

G_BEGIN_DECLS

#define LW_TYPE_WATCHER (lw_watcher_get_type ())
G_DECLARE_FINAL_TYPE (LwWatcher, lw_watcher, LW, WATCHER, GObject)

/**
 * LwWatcher:
 *
 * What goes beyond the window: a notification when something long has ended and nobody looks, and no
 * log-out or suspend while something runs that needs this program. Main thread; lives as long as the
 * application.
 */

LwWatcher *lw_watcher_new (GtkApplication *app, LwSession *session);

/** lw_watcher_set_window: @window: (nullable): the one that may be looked at */
void lw_watcher_set_window (LwWatcher *self, LwWindow *window);

G_END_DECLS

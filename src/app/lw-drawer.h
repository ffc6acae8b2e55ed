/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "lw-session.h"

G_BEGIN_DECLS

#define LW_TYPE_DRAWER (lw_drawer_get_type ())
G_DECLARE_FINAL_TYPE (LwDrawer, lw_drawer, LW, DRAWER, AdwBin)

/**
 * LwDrawer:
 *
 * “What just happened”: a bar that tells the newest exchange in a line and opens to show the last
 * action as Azure CLI commands and as Python code, and the HTTP exchanges themselves with secrets
 * masked, each to be copied. Open or not is the setting "drawer-open". Main thread.
 */

/** lw_drawer_set_session: once, after construction by a template */
void lw_drawer_set_session (LwDrawer *self, LwSession *session);

G_END_DECLS

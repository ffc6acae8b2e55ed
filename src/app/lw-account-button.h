/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "lw-session.h"

G_BEGIN_DECLS

#define LW_TYPE_ACCOUNT_BUTTON (lw_account_button_get_type ())
G_DECLARE_FINAL_TYPE (LwAccountButton, lw_account_button, LW, ACCOUNT_BUTTON, AdwBin)

/** LwAccountButton: in the header bar: who works where; in its popover account, subscription and
 *   cloud. Main thread. */

/** lw_account_button_set_session: once, after construction by a template */
void lw_account_button_set_session (LwAccountButton *self, LwSession *session);

G_END_DECLS

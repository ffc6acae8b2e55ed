/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define LW_TYPE_MENU_BUTTON (lw_menu_button_get_type ())
G_DECLARE_FINAL_TYPE (LwMenuButton, lw_menu_button, LW, MENU_BUTTON, AdwBin)

/** LwMenuButton: the button of the primary menu, alike in every header bar */

void lw_menu_button_popup (LwMenuButton *self);

G_END_DECLS

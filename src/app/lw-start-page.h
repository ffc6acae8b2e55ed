/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "lw-session.h"

G_BEGIN_DECLS

#define LW_TYPE_START_PAGE (lw_start_page_get_type ())
G_DECLARE_FINAL_TYPE (LwStartPage, lw_start_page, LW, START_PAGE, AdwBin)

/**
 * LwStartPage:
 *
 * The first screen: practice or Azure, and what costs money and what does not. Main thread.
 * Opens a cloud through its session; the window changes to the steps when the session is open.
 */

GtkWidget *lw_start_page_new (LwSession *session);

/** lw_start_page_open: opens a cloud at once, as if it had been chosen here */
void lw_start_page_open (LwStartPage *self, const char *cloud_id);

/** lw_start_page_show_lost: why the practice cloud that was open is no more */
void lw_start_page_show_lost (LwStartPage *self, const GError *error);
void lw_start_page_popup_menu (LwStartPage *self);

G_END_DECLS

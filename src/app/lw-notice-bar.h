/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "lw-session.h"

G_BEGIN_DECLS

#define LW_TYPE_NOTICE_BAR (lw_notice_bar_get_type ())
G_DECLARE_FINAL_TYPE (LwNoticeBar, lw_notice_bar, LW, NOTICE_BAR, AdwBin)

/**
 * LwNoticeBar: above the pages, while the cloud cannot be reached. Main thread.
 */

/** lw_notice_bar_set_session: once, after construction by a template */
void lw_notice_bar_set_session (LwNoticeBar *self, LwSession *session);

G_END_DECLS

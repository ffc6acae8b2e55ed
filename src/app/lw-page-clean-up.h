/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-page.h"

G_BEGIN_DECLS

#define LW_TYPE_PAGE_CLEAN_UP (lw_page_clean_up_get_type ())
G_DECLARE_FINAL_TYPE (LwPageCleanUp, lw_page_clean_up, LW, PAGE_CLEAN_UP, LwPage)

G_END_DECLS

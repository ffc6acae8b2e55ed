/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-page.h"

G_BEGIN_DECLS

#define LW_TYPE_PAGE_SCRIPT (lw_page_script_get_type ())
G_DECLARE_FINAL_TYPE (LwPageScript, lw_page_script, LW, PAGE_SCRIPT, LwPage)

G_END_DECLS

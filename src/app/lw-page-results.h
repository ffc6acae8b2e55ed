/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-page.h"

G_BEGIN_DECLS

#define LW_TYPE_PAGE_RESULTS (lw_page_results_get_type ())
G_DECLARE_FINAL_TYPE (LwPageResults, lw_page_results, LW, PAGE_RESULTS, LwPage)

G_END_DECLS

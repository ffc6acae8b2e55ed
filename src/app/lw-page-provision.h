/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-page.h"

G_BEGIN_DECLS

#define LW_TYPE_PAGE_PROVISION (lw_page_provision_get_type ())
G_DECLARE_FINAL_TYPE (LwPageProvision, lw_page_provision, LW, PAGE_PROVISION, LwPage)

G_END_DECLS

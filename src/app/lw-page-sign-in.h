/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-page.h"

G_BEGIN_DECLS

#define LW_TYPE_PAGE_SIGN_IN (lw_page_sign_in_get_type ())
G_DECLARE_FINAL_TYPE (LwPageSignIn, lw_page_sign_in, LW, PAGE_SIGN_IN, LwPage)

G_END_DECLS

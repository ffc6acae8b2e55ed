/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-page.h"

G_BEGIN_DECLS

#define LW_TYPE_PAGE_JOB (lw_page_job_get_type ())
G_DECLARE_FINAL_TYPE (LwPageJob, lw_page_job, LW, PAGE_JOB, LwPage)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-job-watch.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define LW_TYPE_JOB_OVERVIEW (lw_job_overview_get_type ())
G_DECLARE_FINAL_TYPE (LwJobOverview, lw_job_overview, LW, JOB_OVERVIEW, AdwBin)

/**
 * LwJobOverview:
 *
 * What is known of one job, without its log and files: state and why it waits, why it failed, the
 * figures beside those of the test on this computer, times, what was asked for, metrics. A view; uses
 * the actions "page.show-log" and "page.studio" of the page around. Main thread.
 */

/** lw_job_overview_update: @watch: (nullable): what to show now */
void lw_job_overview_update (LwJobOverview *self, LwSession *session, LwJobWatch *watch);

G_END_DECLS

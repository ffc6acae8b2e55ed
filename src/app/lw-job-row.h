/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "lw-job.h"

G_BEGIN_DECLS

#define LW_TYPE_JOB_ROW (lw_job_row_get_type ())
G_DECLARE_FINAL_TYPE (LwJobRow, lw_job_row, LW, JOB_ROW, AdwActionRow)

/** LwJobRow: one job in the list of jobs: its name, and its state by icon and word. Main thread. */

GtkWidget *lw_job_row_new (const LwJob *job);
const char *lw_job_row_get_name (LwJobRow *self);
void lw_job_row_set (LwJobRow *self, const LwJob *job);

/** lw_job_row_matches: Returns: @text is part of what the row says, without regard to case */
gboolean lw_job_row_matches (LwJobRow *self, const char *text);

G_END_DECLS

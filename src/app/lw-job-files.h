/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-job-watch.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define LW_TYPE_JOB_FILES (lw_job_files_get_type ())
G_DECLARE_FINAL_TYPE (LwJobFiles, lw_job_files, LW, JOB_FILES, AdwBin)

/**
 * LwJobFiles:
 *
 * Files of a job, its outputs or its code: a list, one file shown as text or picture, one or all saved.
 * What was saved is counted and told. Main thread.
 */

/** lw_job_files_setup: once: @list: %LW_WATCH_OUTPUTS or %LW_WATCH_CODE */
void lw_job_files_setup (LwJobFiles *self, LwSession *session, LwWatchList list);

/** lw_job_files_update: @watch: (nullable): whose files; while the widget is on the screen they are
 *   asked for */
void lw_job_files_update (LwJobFiles *self, LwJobWatch *watch);

/** lw_job_files_find: opens the search when a text is shown */
void lw_job_files_find (LwJobFiles *self);

G_END_DECLS

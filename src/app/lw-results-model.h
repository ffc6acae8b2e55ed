/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-job-watch.h"

G_BEGIN_DECLS

#define LW_TYPE_RESULTS_MODEL (lw_results_model_get_type ())
G_DECLARE_FINAL_TYPE (LwResultsModel, lw_results_model, LW, RESULTS_MODEL, GObject)

/**
 * LwResultsModel:
 *
 * The work of step 5: the list of jobs, the chosen one, and those that are followed. Outlives its
 * page, so that a job is followed and its end told while another page or none is shown. Main thread.
 *
 * Signals:
 *   "changed" (): the list, its error, or which job is chosen
 *   "job-changed" (): what is known of the chosen job
 */

/** lw_results_model_open: asks for the list and follows the attempt's job */
void lw_results_model_open (LwResultsModel *self);

/** lw_results_model_refresh: as before, and the chosen job is looked at again */
void lw_results_model_refresh (LwResultsModel *self);

/** lw_results_model_follow: @name: a job that was just created: chosen and followed */
void lw_results_model_follow (LwResultsModel *self, const char *name);

/** lw_results_model_get_jobs: Returns: (nullable) (element-type LwJob): newest first; a followed job
 *   as it was seen last */
GPtrArray *lw_results_model_get_jobs (LwResultsModel *self);
gboolean lw_results_model_is_listing (LwResultsModel *self);

/** lw_results_model_get_error: Returns: (nullable): of the list or of the chosen job */
const GError *lw_results_model_get_error (LwResultsModel *self);

/** lw_results_model_select: @name: (nullable): chosen from now on, and followed */
void lw_results_model_select (LwResultsModel *self, const char *name);

/** lw_results_model_get_watch: Returns: (nullable): of the chosen job */
LwJobWatch *lw_results_model_get_watch (LwResultsModel *self);

/** lw_results_model_review: the person sees the chosen job; when it is the attempt's own and over,
 *   the record learns so and its notification goes away */
void lw_results_model_review (LwResultsModel *self);

G_END_DECLS

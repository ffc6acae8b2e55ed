/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-ml-private.h"
#include "lw-run.h"

G_BEGIN_DECLS

/* What the files that speak to the data plane share, and the readers of its answers, which tests
 * and fuzzers call. */

/**
 * lw_run_dup_url:
 * @service: with its version, e.g. "history/v1.0"
 * @rest: below the workspace, escaped already
 */
char *lw_run_dup_url (const LwMl *ml, const char *data_host, const char *service, const char *rest);

/** lw_run_call: Returns: a call of the data plane, with no api-version; borrows its arguments */
LwAzureCall lw_run_call (const LwMl *ml, const char *method, const char *url);

/**
 * lw_run_list:
 * @call: a 404 that says that the run is unknown is an empty list
 *
 * lw_azure_list() for the lists of the data plane, which go on by nextLink or by a
 * continuationToken alone, also of a POST.
 */
gboolean lw_run_list (const LwMl *ml, const LwAzureCall *call, LwAzureItemFunc func,
                      gpointer user_data, GCancellable *cancellable, GError **error);

/** lw_run_is_safe_path: Returns: %TRUE for a relative path that stays inside its folder */
gboolean lw_run_is_safe_path (const char *path);

/**
 * lw_run_parse:
 * @details: answer of runs/{job}/details
 * @data: answer of rundata; LW_JSON_ABSENT when there was none
 */
LwRun *lw_run_parse (LwJson details, LwJson data, GError **error);

/** lw_metric_parse: Returns: (nullable): %NULL for a metric whose last value is no number */
LwMetric *lw_metric_parse (LwJson json);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Numbers that a run logged (metric v2.0). No state, any thread. */

#include "lw-run-private.h"

#include <math.h>
#include <string.h>

#include "lw-error.h"

#define MAX_METRICS 5000

void
lw_metric_free (LwMetric *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self);
}

static int
compare_metrics (gconstpointer a, gconstpointer b)
{
  const LwMetric *first = *(LwMetric *const *) a;
  const LwMetric *second = *(LwMetric *const *) b;

  return strcmp (first->name, second->name);
}

/* A scalar's value stands under the metric's own name; older clients gave it another. */
static double
get_value (LwJson data, const char *name)
{
  double value = lw_json_get_double (data, name, NAN);
  g_auto (GStrv) columns = lw_json_members (data);

  if (isnan (value) && g_strv_length (columns) == 1)
    value = lw_json_get_double (data, columns[0], NAN);
  return value;
}

LwMetric *
lw_metric_parse (LwJson json)
{
  const char *name = lw_json_get_string (json, "name", NULL);
  LwJson points = lw_json_member (json, "value");
  LwJson last = lw_json_element (points, MAX (lw_json_length (points), 1) - 1);
  double value = get_value (lw_json_member (last, "data"), name != NULL ? name : "");
  LwMetric *self;

  if (name == NULL || isnan (value))
    return NULL;
  self = g_new0 (LwMetric, 1);
  self->name = g_strdup (name);
  self->value = value;
  self->step = lw_json_get_int (last, "step", 0);
  return self;
}

static gboolean
add_metric (LwJson item, gpointer user_data, GError **error)
{
  GPtrArray *metrics = user_data;
  LwMetric *metric = lw_metric_parse (item);

  if (metric == NULL)
    return TRUE;
  g_ptr_array_add (metrics, metric);
  if (metrics->len <= MAX_METRICS)
    return TRUE;
  g_set_error (error, LW_ERROR, LW_ERROR_TOO_LARGE, "more than %d metrics", MAX_METRICS);
  return FALSE;
}

GPtrArray *
lw_run_list_metrics (const LwMl *ml, const char *data_host, const char *job,
                     GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) metrics = g_ptr_array_new_with_free_func ((GDestroyNotify) lw_metric_free);
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
  g_autofree char *name = NULL;
  g_autofree char *rest = NULL;
  g_autofree char *url = NULL;
  LwAzureCall call = { 0 };

  g_return_val_if_fail (ml != NULL && data_host != NULL && job != NULL, NULL);

  if (!lw_ml_check_segment (job, error))
    return NULL;
  name = lw_azure_escape (job);
  rest = g_strdup_printf ("runs/%s/lastvalues", name);
  url = lw_run_dup_url (ml, data_host, "metric/v2.0", rest);
  call = lw_run_call (ml, "POST", url);
  call.body = body;
  call.repeat_post = TRUE;
  if (!lw_run_list (ml, &call, add_metric, metrics, cancellable, error))
    return NULL;
  g_ptr_array_sort (metrics, compare_metrics);
  return g_steal_pointer (&metrics);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What runs now and what it costs. Pure but for reading the record; any thread. */

#include "lw-cost.h"

#define US_PER_HOUR (3600.0 * G_USEC_PER_SEC)

static void
line_free (LwCostLine *self)
{
  g_free (self->name);
  g_free (self->vm_size);
  g_free (self);
}

void
lw_cost_free (LwCost *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->lines);
  g_free (self);
}

static gboolean
is_word (const char *word, const char *other)
{
  return word != NULL && g_ascii_strcasecmp (word, other) == 0;
}

static gboolean
is_stopped (const LwCompute *compute)
{
  return is_word (compute->instance_state, "Stopped")
         || is_word (compute->instance_state, "CreateFailed") || is_word (compute->state, "Failed");
}

int
lw_cost_count_machines (const LwCompute *compute)
{
  g_return_val_if_fail (compute != NULL, 0);

  if (compute->kind == LW_COMPUTE_CLUSTER)
    return MAX (compute->nodes, 0);
  return compute->kind == LW_COMPUTE_INSTANCE && !is_stopped (compute) ? 1 : 0;
}

double
lw_cost_find_price (GPtrArray *sizes, const char *vm_size)
{
  for (guint i = 0; sizes != NULL && vm_size != NULL && i < sizes->len; i++)
    {
      const LwVmSize *size = g_ptr_array_index (sizes, i);

      if (g_ascii_strcasecmp (size->name, vm_size) == 0)
        return size->price_per_hour;
    }
  return -1;
}

/* An instance is counted from its creation on, whatever pauses it made: at most that. One that is
 * stopped counts up to its stop. */
static gint64
count_instance_us (const LwCompute *compute, gint64 now_us, gint64 *since_us)
{
  gboolean stopped = is_stopped (compute);
  gint64 end_us = stopped && compute->last_us != 0 ? compute->last_us : now_us;

  *since_us = compute->created_us;
  if (compute->created_us == 0 || is_word (compute->instance_state, "CreateFailed"))
    return 0;
  return MAX (end_us - compute->created_us, 0);
}

/* Of a cluster only the newest job is known: one node from its submission to its end. */
static gint64
count_cluster_us (LwRecord *record, int nodes, gint64 now_us, gint64 *since_us)
{
  gint64 started_us = record != NULL ? lw_record_get_time (record, LW_RECORD_JOB_SUBMITTED) : 0;
  gint64 ended_us = record != NULL ? lw_record_get_time (record, LW_RECORD_JOB_ENDED) : 0;

  *since_us = started_us;
  if (started_us == 0)
    return 0;
  if (ended_us < started_us || nodes > 0)
    ended_us = now_us;
  return MAX (ended_us - started_us, 0) * MAX (nodes, 1);
}

static LwCostLine *
line_new (const LwCompute *compute, GPtrArray *sizes, LwRecord *record, gint64 now_us)
{
  LwCostLine *line = g_new0 (LwCostLine, 1);
  gint64 counted_us;

  line->name = g_strdup (compute->name);
  line->kind = compute->kind;
  line->vm_size = g_strdup (compute->vm_size);
  line->machines = lw_cost_count_machines (compute);
  line->price_per_hour = lw_cost_find_price (sizes, compute->vm_size);
  counted_us = compute->kind == LW_COMPUTE_INSTANCE
                 ? count_instance_us (compute, now_us, &line->since_us)
                 : count_cluster_us (record, line->machines, now_us, &line->since_us);
  line->so_far
    = line->price_per_hour < 0 ? -1 : line->price_per_hour * (double) counted_us / US_PER_HOUR;
  return line;
}

LwCost *
lw_cost_new (GPtrArray *computes, GPtrArray *sizes, LwRecord *record, gint64 now_us)
{
  LwCost *self;

  g_return_val_if_fail (computes != NULL, NULL);

  self = g_new0 (LwCost, 1);
  self->lines = g_ptr_array_new_with_free_func ((GDestroyNotify) line_free);
  self->is_complete = TRUE;
  for (guint i = 0; i < computes->len; i++)
    {
      LwCostLine *line = line_new (g_ptr_array_index (computes, i), sizes, record, now_us);

      g_ptr_array_add (self->lines, line);
      if (line->price_per_hour < 0)
        {
          self->is_complete = FALSE;
          continue;
        }
      self->per_hour += line->machines * line->price_per_hour;
      self->so_far += line->so_far;
    }
  return self;
}

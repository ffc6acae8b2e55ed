/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The meter's arithmetic. No thread of its own, no time of its own. */

#include "lw-costs.h"

#define HOUR_US ((double) 3600 * G_USEC_PER_SEC)

struct _LwCosts
{
  GPtrArray *running; /* owned LwCostEntry */
  double spent;       /* of what runs no more */
};

static void
cost_free (LwCostEntry *cost)
{
  g_free (cost->name);
  g_free (cost);
}

LwCosts *
lw_costs_new (void)
{
  LwCosts *self = g_new0 (LwCosts, 1);

  self->running = g_ptr_array_new_with_free_func ((GDestroyNotify) cost_free);
  return self;
}

void
lw_costs_free (LwCosts *self)
{
  g_ptr_array_unref (self->running);
  g_free (self);
}

static double
get_cost (const LwCostEntry *cost, gint64 now_us)
{
  return cost->usd_per_hour * (double) MAX (now_us - cost->since_us, 0) / HOUR_US;
}

static LwCostEntry *
find (LwCosts *self, const char *name, guint *index)
{
  for (*index = 0; *index < self->running->len; (*index)++)
    {
      LwCostEntry *cost = g_ptr_array_index (self->running, *index);

      if (g_str_equal (cost->name, name))
        return cost;
    }
  return NULL;
}

gboolean
lw_costs_set (LwCosts *self, const char *name, double usd_per_hour, gint64 since_us,
              gint64 now_us)
{
  guint index;
  LwCostEntry *cost = find (self, name, &index);

  if (cost == NULL)
    {
      if (usd_per_hour <= 0)
        return FALSE;
      cost = g_new0 (LwCostEntry, 1);
      cost->name = g_strdup (name);
      g_ptr_array_add (self->running, cost);
    }
  else if (usd_per_hour <= 0)
    {
      self->spent += get_cost (cost, now_us);
      g_ptr_array_remove_index (self->running, index);
      return TRUE;
    }
  else if (cost->usd_per_hour == usd_per_hour && cost->since_us == since_us)
    return FALSE;
  cost->usd_per_hour = usd_per_hour;
  cost->since_us = since_us;
  return TRUE;
}

GPtrArray *
lw_costs_get_running (LwCosts *self)
{
  return self->running;
}

double
lw_costs_get_rate (LwCosts *self)
{
  double rate = 0;

  for (guint i = 0; i < self->running->len; i++)
    rate += ((LwCostEntry *) g_ptr_array_index (self->running, i))->usd_per_hour;
  return rate;
}

double
lw_costs_get_spent (LwCosts *self, gint64 now_us)
{
  double spent = self->spent;

  for (guint i = 0; i < self->running->len; i++)
    spent += get_cost (g_ptr_array_index (self->running, i), now_us);
  return spent;
}

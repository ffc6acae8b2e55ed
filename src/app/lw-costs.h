/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** LwCostEntry: one thing that costs while it runs; @name as in the cloud */
typedef struct
{
  char *name;
  double usd_per_hour;
  gint64 since_us;
} LwCostEntry;

/**
 * LwCosts:
 *
 * What runs and costs, and about how much was spent. An estimate from list prices and our own
 * watching, for the meter in the header bar; the bill is the cloud's. One thread.
 */
typedef struct _LwCosts LwCosts;

LwCosts *lw_costs_new (void);
void lw_costs_free (LwCosts *self);

/**
 * lw_costs_set:
 * @usd_per_hour: 0 when it runs no more
 * @since_us, @now_us: wall clock, microseconds
 *
 * Returns: %TRUE when anything changed
 */
gboolean lw_costs_set (LwCosts *self, const char *name, double usd_per_hour, gint64 since_us,
                       gint64 now_us);

/** lw_costs_get_running: Returns: (transfer none) (element-type LwCostEntry): what runs now */
GPtrArray *lw_costs_get_running (LwCosts *self);

/** lw_costs_get_rate: Returns: USD per hour of all that runs */
double lw_costs_get_rate (LwCosts *self);

/** lw_costs_get_spent: Returns: USD of all that ran and runs */
double lw_costs_get_spent (LwCosts *self, gint64 now_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwCosts, lw_costs_free)

G_END_DECLS

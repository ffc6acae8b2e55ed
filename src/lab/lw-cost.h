/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-ml.h"
#include "lw-record.h"

G_BEGIN_DECLS

/**
 * LwCostLine: what one compute costs
 * @machines: how many are charged at this moment; 0 for a stopped instance or an idle cluster
 * @price_per_hour: of one machine, USD; < 0 when unknown
 * @since_us: wall clock: since when it is counted; 0 when it never ran
 * @so_far: USD, at most: as if it had run all the time since; < 0 when unknown
 */
typedef struct
{
  char *name;
  LwComputeKind kind;
  char *vm_size;
  int machines;
  double price_per_hour;
  gint64 since_us;
  double so_far;
} LwCostLine;

/**
 * LwCost: what a lab costs, computed from what stands and its price. What Azure will charge is
 * known to it alone, a day later; disks, addresses and logs add cents a day.
 * @lines: (element-type LwCostLine)
 * @per_hour, @so_far: of all lines, USD; lines of unknown price do not count
 * @is_complete: every line has a price
 */
typedef struct
{
  GPtrArray *lines;
  double per_hour;
  double so_far;
  gboolean is_complete;
} LwCost;

void lw_cost_free (LwCost *self);

/** lw_cost_count_machines: Returns: how many machines of @compute are charged now; a state that was
 *   never heard of counts as running */
int lw_cost_count_machines (const LwCompute *compute);

/**
 * lw_cost_find_price:
 * @sizes: (nullable) (element-type LwVmSize): of the region
 *
 * Returns: USD per hour, < 0 when not told
 */
double lw_cost_find_price (GPtrArray *sizes, const char *vm_size);

/**
 * lw_cost_new:
 * @computes: (element-type LwCompute): as they are now
 * @sizes: (nullable) (element-type LwVmSize): with prices
 * @record: (nullable): tells when the newest job ran, for the cluster's share
 * @now_us: wall clock
 *
 * Returns: (transfer full)
 */
LwCost *lw_cost_new (GPtrArray *computes, GPtrArray *sizes, LwRecord *record, gint64 now_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwCost, lw_cost_free)

G_END_DECLS

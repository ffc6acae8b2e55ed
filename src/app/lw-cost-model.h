/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-cost.h"
#include "lw-session.h"

G_BEGIN_DECLS

#define LW_TYPE_COST_MODEL (lw_cost_model_get_type ())
G_DECLARE_FINAL_TYPE (LwCostModel, lw_cost_model, LW, COST_MODEL, GObject)

/**
 * LwCostModel:
 *
 * What runs in the lab and what it costs, asked from the cloud once a minute while there is anything
 * that could cost, and at once after "cost-changed" of the session. Main thread.
 *
 * Signals:
 *   "changed" ()
 */

/** lw_cost_model_get_cost: Returns: (nullable): %NULL until it was asked or when there is no
 *   workspace */
const LwCost *lw_cost_model_get_cost (LwCostModel *self);

/** lw_cost_model_get_asked_us: Returns: wall clock of the answer; 0 for none */
gint64 lw_cost_model_get_asked_us (LwCostModel *self);

G_END_DECLS

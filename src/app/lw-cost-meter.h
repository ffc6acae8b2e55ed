/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "lw-session.h"

G_BEGIN_DECLS

#define LW_TYPE_COST_METER (lw_cost_meter_get_type ())
G_DECLARE_FINAL_TYPE (LwCostMeter, lw_cost_meter, LW, COST_METER, AdwBin)

/**
 * LwCostMeter: in the header bar: what the lab costs per hour now; in its popover what runs, since
 * when, and about how much it was so far. Main thread.
 */

/** lw_cost_meter_set_session: once, after construction by a template */
void lw_cost_meter_set_session (LwCostMeter *self, LwSession *session);

G_END_DECLS

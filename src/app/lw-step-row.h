/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "lw-steps.h"

G_BEGIN_DECLS

#define LW_TYPE_STEP_ROW (lw_step_row_get_type ())
G_DECLARE_FINAL_TYPE (LwStepRow, lw_step_row, LW, STEP_ROW, GtkListBoxRow)

/** LwStepRow: one step in the list of steps: number, title, and its state by icon and word */

GtkWidget *lw_step_row_new (LwStepKind kind);
LwStepKind lw_step_row_get_kind (LwStepRow *self);
void lw_step_row_set_state (LwStepRow *self, LwStepState state);

G_END_DECLS

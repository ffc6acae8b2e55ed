/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "lw-cleanup.h"

G_BEGIN_DECLS

/**
 * lw_group_row_new:
 * @now_us: wall clock, for the age
 *
 * A lab group as a row that opens: where it is, how old, what it costs now; inside, its resources,
 * computes and locks. Its buttons name "page.delete" (s, the group's name) and "page.unlock" (s, the
 * lock's id). Main thread.
 */
GtkWidget *lw_group_row_new (const LwLabGroup *group, gint64 now_us);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-tour.h"

G_BEGIN_DECLS

#define LW_TYPE_TOUR_BAR (lw_tour_bar_get_type ())
G_DECLARE_FINAL_TYPE (LwTourBar, lw_tour_bar, LW, TOUR_BAR, AdwBin)

/** LwTourBar: below the window while a tour runs: what it does, pause, next, speed, stop. */

GtkWidget *lw_tour_bar_new (LwTour *tour);

G_END_DECLS

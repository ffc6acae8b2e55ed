/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-window.h"

G_BEGIN_DECLS

#define LW_TYPE_TOUR (lw_tour_get_type ())
G_DECLARE_FINAL_TYPE (LwTour, lw_tour, LW, TOUR, GObject)

/**
 * LwTour:
 *
 * Walks the whole lab by itself, through the actions of the pages, as a person would: for a class to
 * watch, with pause, next and speed; or unattended, leaving a report. Main thread.
 *
 * Signals:
 *   "changed" (): caption, step, pause or speed
 *   "ended" (gboolean done): every step was done, or the tour is stuck or was stopped
 */

/** lw_tour_new: @window: borrowed, outlives the tour; @report_folder: (nullable): with one the tour
 *   runs unattended, as fast as it can; Errors: when the folder cannot be made */
LwTour *lw_tour_new (LwWindow *window, LwSession *session, const char *report_folder,
                     GError **error);

/** lw_tour_start: begins as soon as a cloud is open */
void lw_tour_start (LwTour *self);
void lw_tour_stop (LwTour *self);
void lw_tour_set_paused (LwTour *self, gboolean paused);
gboolean lw_tour_get_paused (LwTour *self);

/** lw_tour_next: goes on at once, also out of a pause, by one thing */
void lw_tour_next (LwTour *self);

/** lw_tour_set_speed: 1 leaves time to read; from 0.25 to 8 */
void lw_tour_set_speed (LwTour *self, double speed);
double lw_tour_get_speed (LwTour *self);

/** lw_tour_get_caption: Returns: (nullable): what was done last */
const char *lw_tour_get_caption (LwTour *self);
LwStepKind lw_tour_get_step (LwTour *self);

G_END_DECLS

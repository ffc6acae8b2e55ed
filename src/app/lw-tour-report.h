/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-page.h"

G_BEGIN_DECLS

/**
 * LwTourReport: what a tour leaves behind: report.html and pictures in one folder. Main thread.
 */
typedef struct _LwTourReport LwTourReport;

/** lw_tour_report_new: @folder: made when missing; Errors: from making it */
LwTourReport *lw_tour_report_new (const char *folder, GError **error);
void lw_tour_report_free (LwTourReport *self);

/** lw_tour_report_add_caption: something was done; @window is drawn with it in a moment */
void lw_tour_report_add_caption (LwTourReport *self, const char *caption);

/** lw_tour_report_add_picture: @window as it is now, under the last caption */
void lw_tour_report_add_picture (LwTourReport *self, GtkWindow *window);

/**
 * lw_tour_report_end_step:
 * @failure: (nullable): why the step could not be done
 *
 * The section of @page's step: its state, what was done, pictures, what the page itself has to tell,
 * and the last action in other tools' words.
 */
void lw_tour_report_end_step (LwTourReport *self, LwPage *page, const char *failure);

/** lw_tour_report_save: @duration_us: of the whole tour; Returns: (transfer full) (nullable): path
 *   of the page */
char *lw_tour_report_save (LwTourReport *self, gint64 duration_us, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwTourReport, lw_tour_report_free)

G_END_DECLS

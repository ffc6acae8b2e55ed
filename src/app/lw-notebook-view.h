/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "lw-notebook.h"

G_BEGIN_DECLS

#define LW_TYPE_NOTEBOOK_VIEW (lw_notebook_view_get_type ())
G_DECLARE_FINAL_TYPE (LwNotebookView, lw_notebook_view, LW, NOTEBOOK_VIEW, GtkWidget)

/**
 * LwNotebookView:
 *
 * A notebook to read: Markdown rendered, code coloured, outputs as they stand in the file. Nothing
 * of it is executed, and what comes from the file is shown, not obeyed. Main thread.
 */

GtkWidget *lw_notebook_view_new (void);

/* More cells than this are not made into widgets; the view says so. */
#define LW_NOTEBOOK_VIEW_MAX_CELLS 300

/* Of a longer output only the beginning is shown, in characters. */
#define LW_NOTEBOOK_VIEW_MAX_OUTPUT 20000

/* A picture of more pixels is not decoded. */
#define LW_NOTEBOOK_VIEW_MAX_PIXELS (16 * 1024 * 1024)

/** lw_notebook_view_set_notebook: @notebook: (nullable): %NULL empties the view */
void lw_notebook_view_set_notebook (LwNotebookView *self, LwNotebook *notebook);

G_END_DECLS

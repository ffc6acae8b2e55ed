/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The page of the step “results”; see lw-page.h. Main thread. */

#include "lw-page-results.h"

#include "lw-resources.h"

struct _LwPageResults
{
  LwPage parent_instance;
};

G_DEFINE_FINAL_TYPE (LwPageResults, lw_page_results, LW_TYPE_PAGE)

static void
lw_page_results_class_init (LwPageResultsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  LW_PAGE_CLASS (klass)->kind = LW_STEP_RESULTS;
  gtk_widget_class_set_template_from_resource (widget_class, LW_RESOURCE_PATH "lw-page-results.ui");
}

static void
lw_page_results_init (LwPageResults *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The page of the step “job”; see lw-page.h. Main thread. */

#include "lw-page-job.h"

#include "lw-resources.h"

struct _LwPageJob
{
  LwPage parent_instance;
};

G_DEFINE_FINAL_TYPE (LwPageJob, lw_page_job, LW_TYPE_PAGE)

static void
lw_page_job_class_init (LwPageJobClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  LW_PAGE_CLASS (klass)->kind = LW_STEP_JOB;
  gtk_widget_class_set_template_from_resource (widget_class, LW_RESOURCE_PATH "lw-page-job.ui");
}

static void
lw_page_job_init (LwPageJob *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

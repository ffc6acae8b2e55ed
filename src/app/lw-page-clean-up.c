/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The page of the step “clean-up”; see lw-page.h. Main thread. */

#include "lw-page-clean-up.h"

#include "lw-resources.h"

struct _LwPageCleanUp
{
  LwPage parent_instance;
};

G_DEFINE_FINAL_TYPE (LwPageCleanUp, lw_page_clean_up, LW_TYPE_PAGE)

static void
lw_page_clean_up_class_init (LwPageCleanUpClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  LW_PAGE_CLASS (klass)->kind = LW_STEP_CLEAN_UP;
  gtk_widget_class_set_template_from_resource (widget_class, LW_RESOURCE_PATH "lw-page-clean-up.ui");
}

static void
lw_page_clean_up_init (LwPageCleanUp *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

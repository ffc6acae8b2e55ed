/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The page of the step “provision”; see lw-page.h. Main thread. */

#include "lw-page-provision.h"

#include "lw-resources.h"

struct _LwPageProvision
{
  LwPage parent_instance;
};

G_DEFINE_FINAL_TYPE (LwPageProvision, lw_page_provision, LW_TYPE_PAGE)

static void
lw_page_provision_class_init (LwPageProvisionClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  LW_PAGE_CLASS (klass)->kind = LW_STEP_PROVISION;
  gtk_widget_class_set_template_from_resource (widget_class, LW_RESOURCE_PATH "lw-page-provision.ui");
}

static void
lw_page_provision_init (LwPageProvision *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

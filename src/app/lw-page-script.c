/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The page of the step “script”; see lw-page.h. Main thread. */

#include "lw-page-script.h"

#include "lw-resources.h"

struct _LwPageScript
{
  LwPage parent_instance;
};

G_DEFINE_FINAL_TYPE (LwPageScript, lw_page_script, LW_TYPE_PAGE)

static void
lw_page_script_class_init (LwPageScriptClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  LW_PAGE_CLASS (klass)->kind = LW_STEP_SCRIPT;
  gtk_widget_class_set_template_from_resource (widget_class, LW_RESOURCE_PATH "lw-page-script.ui");
}

static void
lw_page_script_init (LwPageScript *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

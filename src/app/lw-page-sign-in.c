/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The page of the step “sign-in”; see lw-page.h. Main thread. */

#include "lw-page-sign-in.h"

#include "lw-resources.h"

struct _LwPageSignIn
{
  LwPage parent_instance;
};

G_DEFINE_FINAL_TYPE (LwPageSignIn, lw_page_sign_in, LW_TYPE_PAGE)

static void
lw_page_sign_in_class_init (LwPageSignInClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  LW_PAGE_CLASS (klass)->kind = LW_STEP_SIGN_IN;
  gtk_widget_class_set_template_from_resource (widget_class, LW_RESOURCE_PATH "lw-page-sign-in.ui");
}

static void
lw_page_sign_in_init (LwPageSignIn *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

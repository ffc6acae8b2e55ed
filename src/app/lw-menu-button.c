/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The primary menu. Main thread. */

#include "lw-menu-button.h"

#include <glib/gi18n.h>

#include "lw-resources.h"

struct _LwMenuButton
{
  AdwBin parent_instance;

  GtkMenuButton *button;
};

G_DEFINE_FINAL_TYPE (LwMenuButton, lw_menu_button, ADW_TYPE_BIN)

void
lw_menu_button_popup (LwMenuButton *self)
{
  g_return_if_fail (LW_IS_MENU_BUTTON (self));

  gtk_menu_button_popup (self->button);
}

static void
lw_menu_button_class_init (LwMenuButtonClass *klass)
{
}

static void
lw_menu_button_init (LwMenuButton *self)
{
  g_autoptr (GtkBuilder) builder = gtk_builder_new_from_resource (LW_RESOURCE_PATH "lw-menu.ui");
  GMenuModel *menu = G_MENU_MODEL (gtk_builder_get_object (builder, "primary_menu"));

  self->button = GTK_MENU_BUTTON (gtk_menu_button_new ());
  gtk_menu_button_set_icon_name (self->button, "open-menu-symbolic");
  gtk_menu_button_set_menu_model (self->button, menu);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button), _ ("Main Menu"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Main Menu"), -1);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->button));
}

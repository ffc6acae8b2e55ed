/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The first screen. Main thread. */

#include "lw-start-page.h"

#include <glib/gi18n.h>

#include "config.h"
#include "lw-error-banner.h"
#include "lw-menu-button.h"
#include "lw-resources.h"

struct _LwStartPage
{
  AdwBin parent_instance;

  LwMenuButton *menu;
  GtkStack *stack;
  LwErrorBanner *error;
  GtkImage *logo;

  LwSession *session; /* owned */
  char *cloud_id;     /* last tried */
};

G_DEFINE_FINAL_TYPE (LwStartPage, lw_start_page, ADW_TYPE_BIN)

static void
show_error (LwStartPage *self, const LwAdvice *advice, const GError *error)
{
  gtk_stack_set_visible_child_name (self->stack, "choose");
  lw_error_banner_show (self->error, advice, error);
}

void
lw_start_page_show_lost (LwStartPage *self, const GError *error)
{
  g_return_if_fail (LW_IS_START_PAGE (self));
  g_return_if_fail (error != NULL);

  g_free (self->cloud_id);
  self->cloud_id = g_strdup ("practice");
  show_error (self, lw_session_get_advice (self->session, "practice-ended"), error);
}

static void
open_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LwStartPage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (lw_session_open_finish (LW_SESSION (source), result, &error)
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  show_error (self, lw_session_find_advice (self->session, error), error);
}

void
lw_start_page_open (LwStartPage *self, const char *cloud_id)
{
  g_return_if_fail (LW_IS_START_PAGE (self));
  g_return_if_fail (cloud_id != NULL);

  if (g_strcmp0 (self->cloud_id, cloud_id) != 0)
    {
      g_free (self->cloud_id);
      self->cloud_id = g_strdup (cloud_id);
    }
  lw_error_banner_hide (self->error);
  gtk_stack_set_visible_child_name (self->stack, "opening");
  lw_session_open_async (self->session, cloud_id, open_cb, g_object_ref (self));
}

void
lw_start_page_popup_menu (LwStartPage *self)
{
  g_return_if_fail (LW_IS_START_PAGE (self));

  lw_menu_button_popup (self->menu);
}

static void
open_action_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  lw_start_page_open (LW_START_PAGE (widget), g_variant_get_string (parameter, NULL));
}

static void
cancel_action_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  LwStartPage *self = LW_START_PAGE (widget);

  lw_session_close_cloud (self->session);
  gtk_stack_set_visible_child_name (self->stack, "choose");
}

static void
advice_cb (LwStartPage *self, int action)
{
  if (self->cloud_id != NULL)
    lw_start_page_open (self, self->cloud_id);
}

static void
lw_start_page_dispose (GObject *object)
{
  g_clear_object (&LW_START_PAGE (object)->session);
  G_OBJECT_CLASS (lw_start_page_parent_class)->dispose (object);
}

static void
lw_start_page_finalize (GObject *object)
{
  g_free (LW_START_PAGE (object)->cloud_id);
  G_OBJECT_CLASS (lw_start_page_parent_class)->finalize (object);
}

static void
lw_start_page_class_init (LwStartPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = lw_start_page_dispose;
  object_class->finalize = lw_start_page_finalize;

  g_type_ensure (LW_TYPE_MENU_BUTTON);
  g_type_ensure (LW_TYPE_ERROR_BANNER);
  gtk_widget_class_set_template_from_resource (widget_class, LW_RESOURCE_PATH "lw-start-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LwStartPage, menu);
  gtk_widget_class_bind_template_child (widget_class, LwStartPage, stack);
  gtk_widget_class_bind_template_child (widget_class, LwStartPage, error);
  gtk_widget_class_bind_template_child (widget_class, LwStartPage, logo);
  gtk_widget_class_install_action (widget_class, "start.open", "s", open_action_cb);
  gtk_widget_class_install_action (widget_class, "start.cancel", NULL, cancel_action_cb);
}

static void
lw_start_page_init (LwStartPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_image_set_from_icon_name (self->logo, LW_APP_ID);
  g_signal_connect_object (self->error, "advice", G_CALLBACK (advice_cb), self, G_CONNECT_SWAPPED);
}

GtkWidget *
lw_start_page_new (LwSession *session)
{
  LwStartPage *self = g_object_new (LW_TYPE_START_PAGE, NULL);

  self->session = g_object_ref (session);
  return GTK_WIDGET (self);
}

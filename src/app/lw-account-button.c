/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who works where. Main thread; lives as long as its header bar. */

#include "lw-account-button.h"

#include <glib/gi18n.h>

#include "lw-resources.h"
#include "lw-texts.h"

struct _LwAccountButton
{
  AdwBin parent_instance;

  GtkMenuButton *button;
  GtkLabel *cloud;
  GtkLabel *account;
  GtkLabel *subscription;

  LwSession *session; /* owned */
};

G_DEFINE_FINAL_TYPE (LwAccountButton, lw_account_button, ADW_TYPE_BIN)

static const char *
get_account_text (LwAccountButton *self, gboolean mask)
{
  LwAccount *account = lw_session_get_account (self->session);
  const LwAccountInfo *info;

  if (account == NULL)
    return _ ("Nobody is signed in");
  info = lw_account_get_info (account);
  if (mask)
    return _ ("Signed in");
  return info->user_name != NULL ? info->user_name : info->display_name;
}

static void
update (LwAccountButton *self)
{
  const LwSubscription *subscription = lw_session_get_subscription (self->session);
  gboolean mask = g_settings_get_boolean (lw_session_get_settings (self->session),
                                          "mask-account");

  gtk_label_set_label (self->cloud, lw_texts_get_cloud (lw_session_get_cloud_id (self->session)));
  gtk_label_set_label (self->account, get_account_text (self, mask));
  gtk_label_set_label (self->subscription,
                       subscription != NULL && !mask ? subscription->display_name : "");
  gtk_widget_set_visible (GTK_WIDGET (self->subscription), subscription != NULL && !mask);
}

void
lw_account_button_set_session (LwAccountButton *self, LwSession *session)
{
  g_return_if_fail (LW_IS_ACCOUNT_BUTTON (self));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (lw_session_get_settings (session), "changed::mask-account",
                           G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

static void
lw_account_button_dispose (GObject *object)
{
  g_clear_object (&LW_ACCOUNT_BUTTON (object)->session);
  G_OBJECT_CLASS (lw_account_button_parent_class)->dispose (object);
}

static void
lw_account_button_class_init (LwAccountButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lw_account_button_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, LW_RESOURCE_PATH
                                               "lw-account-button.ui");
  gtk_widget_class_bind_template_child (widget_class, LwAccountButton, button);
  gtk_widget_class_bind_template_child (widget_class, LwAccountButton, cloud);
  gtk_widget_class_bind_template_child (widget_class, LwAccountButton, account);
  gtk_widget_class_bind_template_child (widget_class, LwAccountButton, subscription);
}

static void
lw_account_button_init (LwAccountButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

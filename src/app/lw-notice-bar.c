/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The bar above the pages. Whether the cloud can be reached is told by the requests themselves, not
 * by the network monitor, which knows of cables only. Main thread; lives as long as its shell. */

#include "lw-notice-bar.h"

#include <glib/gi18n.h>

#include "lw-resources.h"

struct _LwNoticeBar
{
  AdwBin parent_instance;

  GtkRevealer *revealer;
  GtkLabel *text;

  LwSession *session; /* owned */
};

G_DEFINE_FINAL_TYPE (LwNoticeBar, lw_notice_bar, ADW_TYPE_BIN)

static void
update (LwNoticeBar *self)
{
  gtk_revealer_set_reveal_child (self->revealer, lw_session_is_offline (self->session));
  gtk_label_set_label (
    self->text,
    lw_session_is_practice (self->session)
      ? _ ("The practice cloud does not answer. What needs it goes on by itself once it does.")
      : _ ("Azure cannot be reached. Reading and the script on this computer go on; the rest goes on "
           "by itself once the network is back."));
}

void
lw_notice_bar_set_session (LwNoticeBar *self, LwSession *session)
{
  g_return_if_fail (LW_IS_NOTICE_BAR (self));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

static void
lw_notice_bar_dispose (GObject *object)
{
  g_clear_object (&LW_NOTICE_BAR (object)->session);
  G_OBJECT_CLASS (lw_notice_bar_parent_class)->dispose (object);
}

static void
lw_notice_bar_class_init (LwNoticeBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lw_notice_bar_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, LW_RESOURCE_PATH "lw-notice-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, LwNoticeBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, LwNoticeBar, text);
}

static void
lw_notice_bar_init (LwNoticeBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

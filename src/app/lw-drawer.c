/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The drawer: a view of the session's last equivalent and of its list of exchanges. Main thread;
 * lives as long as its shell. */

#include "lw-drawer.h"

#include <glib/gi18n.h>

#include "lw-code-view.h"
#include "lw-exchange.h"
#include "lw-resources.h"

struct _LwDrawer
{
  AdwBin parent_instance;

  GtkToggleButton *toggle;
  GtkImage *arrow;
  GtkLabel *summary;
  GtkRevealer *revealer;
  GtkButton *back;
  GtkStack *stack;
  LwCodeView *az;
  LwCodeView *python;
  GtkStack *http;
  GtkListView *list;
  LwCodeView *one;

  LwSession *session; /* owned */
};

G_DEFINE_FINAL_TYPE (LwDrawer, lw_drawer, ADW_TYPE_BIN)

/* ---- What is shown ---- */

static gboolean
shows_one (LwDrawer *self)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "http") == 0
         && g_strcmp0 (gtk_stack_get_visible_child_name (self->http), "one") == 0;
}

static void
update_back (LwDrawer *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->back), shows_one (self));
}

static void
update_open (LwDrawer *self)
{
  gboolean open = g_settings_get_boolean (lw_session_get_settings (self->session), "drawer-open");

  gtk_revealer_set_reveal_child (self->revealer, open);
  gtk_image_set_from_icon_name (self->arrow, open ? "pan-down-symbolic" : "pan-up-symbolic");
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->toggle), GTK_ACCESSIBLE_STATE_EXPANDED, open,
                               -1);
}

static void
update_exchanges (LwDrawer *self)
{
  GListModel *exchanges = lw_session_get_exchanges (self->session);
  g_autoptr (LwExchange) newest = g_list_model_get_item (exchanges, 0);
  g_autofree char *summary = newest != NULL ? lw_exchange_dup_summary (newest) : NULL;

  gtk_label_set_label (self->summary, summary != NULL ? summary : "");
  if (!shows_one (self))
    gtk_stack_set_visible_child_name (self->http, newest != NULL ? "list" : "none");
}

static void
update_equivalent (LwDrawer *self)
{
  const LwEquivalent *equivalent = lw_session_get_equivalent (self->session);

  lw_code_view_set_text (self->az, equivalent->az);
  lw_code_view_set_text (self->python, equivalent->python);
}

/* ---- Rows ---- */

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_add_css_class (label, "monospace");
  gtk_widget_add_css_class (label, "caption");
  gtk_list_item_set_child (item, label);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  LwExchange *exchange = gtk_list_item_get_item (item);
  GtkWidget *label = gtk_list_item_get_child (item);
  g_autofree char *summary = lw_exchange_dup_summary (exchange);

  gtk_label_set_label (GTK_LABEL (label), summary);
  if (lw_exchange_is_failure (exchange))
    gtk_widget_add_css_class (label, "error");
  else
    gtk_widget_remove_css_class (label, "error");
}

static void
activate_cb (LwDrawer *self, guint position)
{
  g_autoptr (LwExchange) exchange
    = g_list_model_get_item (lw_session_get_exchanges (self->session), position);
  g_autofree char *text = exchange != NULL ? lw_exchange_dup_text (exchange) : NULL;

  lw_code_view_set_text (self->one, text);
  gtk_stack_set_visible_child_name (self->http, "one");
  gtk_widget_grab_focus (GTK_WIDGET (self->one));
}

/* ---- Actions ---- */

static void
back_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  LwDrawer *self = LW_DRAWER (widget);

  gtk_stack_set_visible_child_name (self->http, "list");
  gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

static char *
dup_all_exchanges (LwDrawer *self)
{
  GListModel *exchanges = lw_session_get_exchanges (self->session);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (exchanges); i++)
    {
      g_autoptr (LwExchange) exchange = g_list_model_get_item (exchanges, i);
      g_autofree char *summary = lw_exchange_dup_summary (exchange);

      g_string_append_printf (text, "%s\n", summary);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
copy_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  LwDrawer *self = LW_DRAWER (widget);
  const char *name = gtk_stack_get_visible_child_name (self->stack);
  g_autofree char *text = NULL;

  if (g_strcmp0 (name, "az") == 0)
    text = lw_code_view_dup_text (self->az);
  else if (g_strcmp0 (name, "python") == 0)
    text = lw_code_view_dup_text (self->python);
  else if (shows_one (self))
    text = lw_code_view_dup_text (self->one);
  else
    text = dup_all_exchanges (self);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  lw_session_notice (self->session, _ ("Copied"));
}

void
lw_drawer_set_session (LwDrawer *self, LwSession *session)
{
  GListModel *exchanges;

  g_return_if_fail (LW_IS_DRAWER (self));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  exchanges = lw_session_get_exchanges (session);
  g_signal_connect_object (exchanges, "items-changed", G_CALLBACK (update_exchanges), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "equivalent-changed", G_CALLBACK (update_equivalent), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (lw_session_get_settings (session), "changed::drawer-open",
                           G_CALLBACK (update_open), self, G_CONNECT_SWAPPED);
  gtk_list_view_set_model (self->list,
                           GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (exchanges))));
  update_open (self);
  update_exchanges (self);
  update_equivalent (self);
  update_back (self);
}

static void
lw_drawer_dispose (GObject *object)
{
  g_clear_object (&LW_DRAWER (object)->session);
  G_OBJECT_CLASS (lw_drawer_parent_class)->dispose (object);
}

static void
lw_drawer_class_init (LwDrawerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lw_drawer_dispose;
  g_type_ensure (LW_TYPE_CODE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, LW_RESOURCE_PATH "lw-drawer.ui");
  gtk_widget_class_bind_template_child (widget_class, LwDrawer, toggle);
  gtk_widget_class_bind_template_child (widget_class, LwDrawer, arrow);
  gtk_widget_class_bind_template_child (widget_class, LwDrawer, summary);
  gtk_widget_class_bind_template_child (widget_class, LwDrawer, revealer);
  gtk_widget_class_bind_template_child (widget_class, LwDrawer, back);
  gtk_widget_class_bind_template_child (widget_class, LwDrawer, stack);
  gtk_widget_class_bind_template_child (widget_class, LwDrawer, az);
  gtk_widget_class_bind_template_child (widget_class, LwDrawer, python);
  gtk_widget_class_bind_template_child (widget_class, LwDrawer, http);
  gtk_widget_class_bind_template_child (widget_class, LwDrawer, list);
  gtk_widget_class_bind_template_child (widget_class, LwDrawer, one);
  gtk_widget_class_install_action (widget_class, "drawer.back", NULL, back_cb);
  gtk_widget_class_install_action (widget_class, "drawer.copy", NULL, copy_cb);
}

static void
lw_drawer_init (LwDrawer *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  gtk_list_view_set_factory (self->list, factory);
  g_signal_connect_object (self->list, "activate", G_CALLBACK (activate_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->stack, "notify::visible-child", G_CALLBACK (update_back), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->http, "notify::visible-child", G_CALLBACK (update_back), self,
                           G_CONNECT_SWAPPED);
}

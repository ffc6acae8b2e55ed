/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The question before a group is deleted. Main thread; the dialog closes itself with a response. */

#include "lw-confirm-delete.h"

#include <glib/gi18n.h>

/* Resources named one by one; more are counted. */
#define MAX_NAMED 12

struct _LwConfirmDelete
{
  AdwMessageDialog parent_instance;

  GtkEditable *entry; /* borrowed from the dialog */
  char *group;
};

G_DEFINE_FINAL_TYPE (LwConfirmDelete, lw_confirm_delete, ADW_TYPE_MESSAGE_DIALOG)

static void
typed_cb (LwConfirmDelete *self)
{
  gboolean same = g_strcmp0 (gtk_editable_get_text (self->entry), self->group) == 0;

  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (self), "delete", same);
}

static void
append_line (GtkBox *box, const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_box_append (box, label);
}

/* What goes: the resources of the group, then the computes inside its workspaces. */
static GtkWidget *
make_list (const LwLabGroup *group)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  guint total = group->resources->len + group->computes->len;

  for (guint i = 0; i < MIN (total, MAX_NAMED); i++)
    {
      g_autofree char *line = NULL;

      if (i < group->resources->len)
        {
          const LwResource *resource = g_ptr_array_index (group->resources, i);

          line = g_strdup_printf ("• %s (%s)", resource->name, resource->type);
        }
      else
        {
          const LwCompute *compute
              = g_ptr_array_index (group->computes, i - group->resources->len);

          line = g_strdup_printf ("• %s (%s)", compute->name, compute->vm_size);
        }
      append_line (GTK_BOX (box), line);
    }
  if (total > MAX_NAMED)
    {
      g_autofree char *more = g_strdup_printf (
          ngettext ("and %u more", "and %u more", (gulong) (total - MAX_NAMED)),
          total - MAX_NAMED);

      append_line (GTK_BOX (box), more);
    }
  return box;
}

static GtkWidget *
make_extra (LwConfirmDelete *self, const LwLabGroup *group)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *entry = gtk_entry_new ();
  GtkWidget *label = gtk_label_new (_ ("Type the name of the resource group to confirm:"));

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), self->group);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Name of the resource group"), -1);
  self->entry = GTK_EDITABLE (entry);
  g_signal_connect_object (entry, "changed", G_CALLBACK (typed_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), make_list (group));
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), entry);
  return box;
}

LwConfirmDelete *
lw_confirm_delete_new (GtkWindow *parent, const LwLabGroup *group)
{
  LwConfirmDelete *self
      = g_object_new (LW_TYPE_CONFIRM_DELETE, "transient-for", parent, "modal", TRUE, NULL);
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (self);

  self->group = g_strdup (group->group->name);
  /* Translators: name of a resource group */
  adw_message_dialog_format_heading (dialog, _ ("Delete “%s”?"), self->group);
  adw_message_dialog_set_body (dialog, _ ("Everything in the group is deleted for good:"));
  adw_message_dialog_set_extra_child (dialog, make_extra (self, group));
  adw_message_dialog_add_responses (dialog, "cancel", _ ("Cancel"), "delete", _ ("Delete"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "delete", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_response_enabled (dialog, "delete", FALSE);
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");
  return self;
}

const char *
lw_confirm_delete_get_group (LwConfirmDelete *self)
{
  g_return_val_if_fail (LW_IS_CONFIRM_DELETE (self), NULL);

  return self->group;
}

const char *
lw_confirm_delete_get_typed (LwConfirmDelete *self)
{
  g_return_val_if_fail (LW_IS_CONFIRM_DELETE (self), NULL);

  return gtk_editable_get_text (self->entry);
}

void
lw_confirm_delete_type (LwConfirmDelete *self, const char *text)
{
  g_return_if_fail (LW_IS_CONFIRM_DELETE (self));

  gtk_editable_set_text (self->entry, text);
}

static void
lw_confirm_delete_finalize (GObject *object)
{
  g_free (LW_CONFIRM_DELETE (object)->group);
  G_OBJECT_CLASS (lw_confirm_delete_parent_class)->finalize (object);
}

static void
lw_confirm_delete_class_init (LwConfirmDeleteClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lw_confirm_delete_finalize;
}

static void
lw_confirm_delete_init (LwConfirmDelete *self)
{
}

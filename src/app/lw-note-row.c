/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is wrong with a field of a form. No state of its own but what it shows. Main thread. */

#include "lw-note-row.h"

#include "lw-resources.h"

struct _LwNoteRow
{
  AdwPreferencesRow parent_instance;

  GtkImage *icon;
  GtkLabel *label;
};

G_DEFINE_FINAL_TYPE (LwNoteRow, lw_note_row, ADW_TYPE_PREFERENCES_ROW)

static void
set_class (GtkWidget *widget, const char *name, gboolean wanted)
{
  if (wanted)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

void
lw_note_row_set (LwNoteRow *self, LwNoteKind kind, const char *text, GtkWidget *field)
{
  gboolean error = kind == LW_NOTE_ERROR;
  gboolean warning = kind == LW_NOTE_WARNING;

  g_return_if_fail (LW_IS_NOTE_ROW (self));
  g_return_if_fail (GTK_IS_WIDGET (field));
  g_return_if_fail (text != NULL || kind == LW_NOTE_NONE);

  gtk_widget_set_visible (GTK_WIDGET (self), kind != LW_NOTE_NONE);
  gtk_label_set_label (self->label, text != NULL ? text : "");
  gtk_image_set_from_icon_name (self->icon,
                                error ? "dialog-error-symbolic" : "dialog-warning-symbolic");
  set_class (GTK_WIDGET (self->icon), "error", error);
  set_class (GTK_WIDGET (self->icon), "warning", warning);
  set_class (field, "error", error);
  set_class (field, "warning", warning);
  gtk_accessible_update_state (GTK_ACCESSIBLE (field), GTK_ACCESSIBLE_STATE_INVALID,
                               error ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (field), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text != NULL ? text : "", -1);
}

static void
lw_note_row_class_init (LwNoteRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, LW_RESOURCE_PATH "lw-note-row.ui");
  gtk_widget_class_bind_template_child (widget_class, LwNoteRow, icon);
  gtk_widget_class_bind_template_child (widget_class, LwNoteRow, label);
}

static void
lw_note_row_init (LwNoteRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
lw_note_row_new (void)
{
  return g_object_new (LW_TYPE_NOTE_ROW, NULL);
}

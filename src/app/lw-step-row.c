/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A row of the list of steps. Main thread. */

#include "lw-step-row.h"

#include <glib/gi18n.h>

#include "lw-resources.h"
#include "lw-texts.h"

struct _LwStepRow
{
  GtkListBoxRow parent_instance;

  GtkStack *icons;
  GtkImage *icon;
  GtkSpinner *spinner;
  GtkLabel *title;
  GtkLabel *word;

  LwStepKind kind;
};

G_DEFINE_FINAL_TYPE (LwStepRow, lw_step_row, GTK_TYPE_LIST_BOX_ROW)

static const struct
{
  const char *icon;
  const char *style;
} looks[] = {
  [LW_STEP_LOCKED] = { "changes-prevent-symbolic", "dim-label" },
  [LW_STEP_READY] = { "media-playback-start-symbolic", "accent" },
  [LW_STEP_RUNNING] = { "content-loading-symbolic", "accent" },
  [LW_STEP_DONE] = { "emblem-ok-symbolic", "success" },
  [LW_STEP_NEEDS_YOU] = { "dialog-warning-symbolic", "warning" },
};

void
lw_step_row_set_state (LwStepRow *self, LwStepState state)
{
  g_autofree char *name = NULL;
  const char *styles[] = { looks[state].style, NULL };
  const char *word = lw_texts_get_step_state (state);

  g_return_if_fail (LW_IS_STEP_ROW (self));

  gtk_image_set_from_icon_name (self->icon, looks[state].icon);
  gtk_widget_set_css_classes (GTK_WIDGET (self->icon), styles);
  gtk_stack_set_visible_child_name (self->icons, state == LW_STEP_RUNNING ? "spinner" : "icon");
  gtk_spinner_set_spinning (self->spinner, state == LW_STEP_RUNNING);
  gtk_label_set_label (self->word, word);
  /* Translators: a step and its state, read by a screen reader, e.g. "Provision: Running" */
  name = g_strdup_printf (_ ("%s: %s"), lw_texts_get_step_title (self->kind), word);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

LwStepKind
lw_step_row_get_kind (LwStepRow *self)
{
  g_return_val_if_fail (LW_IS_STEP_ROW (self), LW_STEP_SIGN_IN);

  return self->kind;
}

static void
lw_step_row_class_init (LwStepRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, LW_RESOURCE_PATH "lw-step-row.ui");
  gtk_widget_class_bind_template_child (widget_class, LwStepRow, icons);
  gtk_widget_class_bind_template_child (widget_class, LwStepRow, icon);
  gtk_widget_class_bind_template_child (widget_class, LwStepRow, spinner);
  gtk_widget_class_bind_template_child (widget_class, LwStepRow, title);
  gtk_widget_class_bind_template_child (widget_class, LwStepRow, word);
}

static void
lw_step_row_init (LwStepRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
lw_step_row_new (LwStepKind kind)
{
  LwStepRow *self = g_object_new (LW_TYPE_STEP_ROW, NULL);
  g_autofree char *title = NULL;

  self->kind = kind;
  /* Translators: number and title of a step, e.g. "2. Provision" */
  title = g_strdup_printf (_ ("%d. %s"), (int) kind + 1, lw_texts_get_step_title (kind));
  gtk_label_set_label (self->title, title);
  lw_step_row_set_state (self, LW_STEP_LOCKED);
  return GTK_WIDGET (self);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The editor of step 3. The texts live in the model's documents; this shows one of them. Main
 * thread. */

#include "lw-script-editor.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "lw-code-view.h"
#include "lw-resources.h"
#include "lw-script-outline.h"

struct _LwScriptEditor
{
  GtkWidget parent_instance;

  /* Template. */
  GtkWidget *box;
  GtkDropDown *files;
  GtkMenuButton *outline_button;
  GtkListBox *outline;
  GtkWidget *stale_bar;
  GtkLabel *state;
  LwCodeView *view;
  GtkStack *stack;

  LwScriptModel *model; /* owned, nullable */
  LwScriptFile file;
};

G_DEFINE_FINAL_TYPE (LwScriptEditor, lw_script_editor, GTK_TYPE_WIDGET)

static LwScriptDocument *
get_document (LwScriptEditor *self)
{
  return lw_script_model_get_document (self->model, self->file);
}

static char *
dup_state (LwScriptEditor *self, gboolean modified)
{
  const char *path = lw_script_document_get_path (get_document (self));
  g_autofree char *name = path != NULL ? g_path_get_basename (path) : g_strdup ("");

  if (modified)
    /* Translators: name of a file */
    return g_strdup_printf (_ ("%s · not saved yet"), name);
  if (self->file == LW_SCRIPT_FILE_FINAL && lw_script_model_is_broken (self->model))
    /* Translators: name of a script, from which an import was removed to see how it fails */
    return g_strdup_printf (_ ("%s · broken: an import is missing"), name);
  return g_steal_pointer (&name);
}

static void
update (LwScriptEditor *self)
{
  LwScriptDocument *document = get_document (self);
  gboolean modified = lw_script_document_is_modified (document);
  gboolean stale = lw_script_document_is_stale (document);
  g_autofree char *state = dup_state (self, modified);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "editor.save", modified);
  gtk_widget_set_visible (self->stale_bar, stale);
  gtk_label_set_label (self->state, state);
  gtk_stack_set_visible_child_name (
    self->stack, lw_script_document_is_loaded (document) ? "text" : "absent");
}

static void
show_file (LwScriptEditor *self, LwScriptFile file)
{
  self->file = file;
  gtk_text_view_set_buffer (GTK_TEXT_VIEW (self->view),
                            GTK_TEXT_BUFFER (lw_script_document_get_buffer (get_document (self))));
  update (self);
}

static void
file_chosen_cb (LwScriptEditor *self)
{
  guint selected = gtk_drop_down_get_selected (self->files);

  if (self->model != NULL && selected < LW_N_SCRIPT_FILES && selected != (guint) self->file)
    show_file (self, (LwScriptFile) selected);
}

/* ---- Functions to jump to ---- */

static void
jump_cb (LwScriptEditor *self, GtkListBoxRow *row)
{
  guint line = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (row), "line"));

  gtk_menu_button_popdown (self->outline_button);
  lw_code_view_show_line (self->view, line);
}

static GtkWidget *
make_symbol_row (const LwScriptSymbol *symbol)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *label = gtk_label_new (symbol->signature);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 36);
  gtk_widget_add_css_class (label, "monospace");
  gtk_widget_set_margin_start (label, 6 + 12 * (int) symbol->depth);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), label);
  g_object_set_data (G_OBJECT (row), "line", GUINT_TO_POINTER (symbol->line));
  return row;
}

/* The outline is made when it is asked for. */
static void
outline_shown_cb (LwScriptEditor *self)
{
  g_autofree char *text = lw_script_document_dup_text (get_document (self));
  g_autoptr (GPtrArray) symbols = lw_script_outline_read (text);
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->outline, 0)) != NULL)
    gtk_list_box_remove (self->outline, GTK_WIDGET (row));
  for (guint i = 0; i < symbols->len; i++)
    gtk_list_box_append (self->outline, make_symbol_row (g_ptr_array_index (symbols, i)));
}

/* ---- Face ---- */

void
lw_script_editor_set_model (LwScriptEditor *self, LwScriptModel *model)
{
  g_return_if_fail (LW_IS_SCRIPT_EDITOR (self));
  g_return_if_fail (LW_IS_SCRIPT_MODEL (model));
  g_return_if_fail (self->model == NULL);

  self->model = g_object_ref (model);
  g_signal_connect_object (model, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  show_file (self, LW_SCRIPT_FILE_FINAL);
}

void
lw_script_editor_show (LwScriptEditor *self, LwScriptFile file, guint line)
{
  g_return_if_fail (LW_IS_SCRIPT_EDITOR (self));
  g_return_if_fail (self->model != NULL);

  if (self->file != file)
    show_file (self, file);
  gtk_drop_down_set_selected (self->files, file);
  if (line > 0)
    lw_code_view_show_line (self->view, line);
}

void
lw_script_editor_save (LwScriptEditor *self)
{
  g_return_if_fail (LW_IS_SCRIPT_EDITOR (self));

  if (self->model != NULL && lw_script_document_is_modified (get_document (self)))
    lw_script_document_save (get_document (self));
}

/* ---- Actions ---- */

static void
save_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  lw_script_editor_save (LW_SCRIPT_EDITOR (widget));
}

static void
undo_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  LwScriptEditor *self = LW_SCRIPT_EDITOR (widget);

  gtk_text_buffer_undo (GTK_TEXT_BUFFER (lw_script_document_get_buffer (get_document (self))));
}

static void
reload_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  lw_script_document_reload (get_document (LW_SCRIPT_EDITOR (widget)));
}

static void
keep_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  LwScriptDocument *document = get_document (LW_SCRIPT_EDITOR (widget));

  lw_script_document_keep (document);
  lw_script_document_save (document);
}

/* ---- Widget ---- */

static void
lw_script_editor_dispose (GObject *object)
{
  LwScriptEditor *self = LW_SCRIPT_EDITOR (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->model);
  G_OBJECT_CLASS (lw_script_editor_parent_class)->dispose (object);
}

#define BIND(name) gtk_widget_class_bind_template_child (widget_class, LwScriptEditor, name)

static void
lw_script_editor_class_init (LwScriptEditorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lw_script_editor_dispose;
  g_type_ensure (LW_TYPE_CODE_VIEW);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               LW_RESOURCE_PATH "lw-script-editor.ui");
  BIND (box);
  BIND (files);
  BIND (outline_button);
  BIND (outline);
  BIND (stale_bar);
  BIND (state);
  BIND (view);
  BIND (stack);
  gtk_widget_class_bind_template_callback (widget_class, file_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, jump_cb);
  gtk_widget_class_bind_template_callback (widget_class, outline_shown_cb);
  gtk_widget_class_install_action (widget_class, "editor.save", NULL, save_cb);
  gtk_widget_class_install_action (widget_class, "editor.undo", NULL, undo_cb);
  gtk_widget_class_install_action (widget_class, "editor.reload", NULL, reload_cb);
  gtk_widget_class_install_action (widget_class, "editor.keep", NULL, keep_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_s, GDK_CONTROL_MASK, "editor.save",
                                       NULL);
}

static void
lw_script_editor_init (LwScriptEditor *self)
{
  self->file = LW_SCRIPT_FILE_FINAL;
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One widget per cell, below each other, made when a notebook is set. Main thread. */

#include "lw-notebook-view.h"

#include <glib/gi18n.h>
#include <string.h>

#include "lw-code-view.h"
#include "lw-markdown.h"
#include "lw-text-filter.h"

struct _LwNotebookView
{
  GtkWidget parent_instance;

  GtkWidget *box;
  LwNotebook *notebook; /* owned, nullable */
};

G_DEFINE_FINAL_TYPE (LwNotebookView, lw_notebook_view, GTK_TYPE_WIDGET)

/* ---- Markdown ---- */

static GtkWidget *
make_label (const char *text, gboolean is_markup)
{
  GtkWidget *label = gtk_label_new (NULL);

  if (is_markup)
    gtk_label_set_markup (GTK_LABEL (label), text);
  else
    gtk_label_set_text (GTK_LABEL (label), text);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  return label;
}

static GtkWidget *
make_scrolled (GtkWidget *child)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_AUTOMATIC,
                                  GTK_POLICY_NEVER);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), child);
  return scroller;
}

/* Text whose columns matter: not wrapped, scrolls sideways by itself. */
static GtkWidget *
make_verbatim (const char *text, gboolean is_markup)
{
  GtkWidget *label = make_label (text, is_markup);

  gtk_label_set_wrap (GTK_LABEL (label), FALSE);
  gtk_widget_add_css_class (label, "monospace");
  return make_scrolled (label);
}

static GtkWidget *
make_item (const LwMarkdownBlock *block)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *marker = gtk_label_new (block->marker);
  GtkWidget *text = make_label (block->markup, TRUE);

  gtk_widget_set_valign (marker, GTK_ALIGN_START);
  gtk_widget_set_margin_start (row, 6 + 18 * (int) block->level);
  gtk_widget_set_hexpand (text, TRUE);
  gtk_box_append (GTK_BOX (row), marker);
  gtk_box_append (GTK_BOX (row), text);
  return row;
}

static GtkWidget *
make_heading (const LwMarkdownBlock *block)
{
  static const char *const classes[] = { "title-2", "title-3", "title-4", "heading" };
  GtkWidget *label = make_label (block->markup, TRUE);

  gtk_widget_add_css_class (label,
                            classes[MIN (block->level - 1, G_N_ELEMENTS (classes) - 1)]);
  return label;
}

static GtkWidget *
make_block (const LwMarkdownBlock *block)
{
  GtkWidget *label;

  switch (block->kind)
    {
    case LW_MARKDOWN_HEADING:
      return make_heading (block);
    case LW_MARKDOWN_ITEM:
      return make_item (block);
    case LW_MARKDOWN_CODE:
      return make_verbatim (block->markup, TRUE);
    case LW_MARKDOWN_RULE:
      return gtk_separator_new (GTK_ORIENTATION_HORIZONTAL);
    case LW_MARKDOWN_QUOTE:
      label = make_label (block->markup, TRUE);
      gtk_widget_set_margin_start (label, 18);
      gtk_widget_add_css_class (label, "dim-label");
      return label;
    case LW_MARKDOWN_PARAGRAPH:
    default:
      return make_label (block->markup, TRUE);
    }
}

static GtkWidget *
make_markdown (const LwNotebookCell *cell)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  g_autofree char *safe = lw_text_filter_once (cell->source, strlen (cell->source));
  g_autoptr (GPtrArray) blocks = lw_markdown_read (safe);

  for (guint i = 0; i < blocks->len; i++)
    gtk_box_append (GTK_BOX (box), make_block (g_ptr_array_index (blocks, i)));
  return box;
}

/* ---- Code and outputs ---- */

static guint32
read_be32 (const guchar *data)
{
  return (guint32) data[0] << 24 | (guint32) data[1] << 16 | (guint32) data[2] << 8 | data[3];
}

/* A PNG file says its size at a fixed place; a small file can stand for a huge picture. */
static gboolean
is_decodable (GBytes *png)
{
  gsize size;
  const guchar *data = g_bytes_get_data (png, &size);

  if (size < 24 || memcmp (data, "\x89PNG\r\n\x1a\n", 8) != 0)
    return FALSE;
  return (guint64) read_be32 (data + 16) * read_be32 (data + 20) <= LW_NOTEBOOK_VIEW_MAX_PIXELS;
}

static GtkWidget *
make_picture (const LwNotebookOutput *output)
{
  g_autoptr (GdkTexture) texture = NULL;
  GtkWidget *picture;
  const char *name = *output->text != '\0' ? output->text : _ ("Picture of the notebook");

  if (output->image != NULL && is_decodable (output->image))
    texture = gdk_texture_new_from_bytes (output->image, NULL);
  if (texture == NULL)
    return NULL;
  picture = gtk_picture_new_for_paintable (GDK_PAINTABLE (texture));
  gtk_picture_set_can_shrink (GTK_PICTURE (picture), TRUE);
  gtk_picture_set_alternative_text (GTK_PICTURE (picture), name);
  gtk_widget_set_halign (picture, GTK_ALIGN_START);
  gtk_widget_set_size_request (picture, -1, MIN (gdk_texture_get_height (texture), 320));
  return picture;
}

static GtkWidget *
make_output (const LwNotebookOutput *output)
{
  GtkWidget *picture = output->kind == LW_NOTEBOOK_OUTPUT_IMAGE ? make_picture (output) : NULL;
  g_autofree char *safe = NULL;

  if (picture != NULL)
    return picture;
  safe = lw_text_filter_once (output->text, strlen (output->text));
  g_strchomp (safe);
  if (g_utf8_strlen (safe, -1) > LW_NOTEBOOK_VIEW_MAX_OUTPUT)
    strcpy (g_utf8_offset_to_pointer (safe, LW_NOTEBOOK_VIEW_MAX_OUTPUT), "…");
  return *safe != '\0' ? make_verbatim (safe, FALSE) : NULL;
}

static GtkWidget *
make_source (const LwNotebookCell *cell)
{
  g_autoptr (GtkSourceBuffer) buffer
    = lw_code_buffer_new (cell->kind == LW_NOTEBOOK_CELL_CODE ? "python3" : NULL);
  g_autofree char *safe = lw_text_filter_once (cell->source, strlen (cell->source));
  GtkWidget *view = g_object_new (LW_TYPE_CODE_VIEW, "buffer", buffer, NULL);
  GtkWidget *frame = gtk_frame_new (NULL);

  gtk_source_buffer_set_highlight_matching_brackets (buffer, FALSE);
  gtk_text_buffer_set_text (GTK_TEXT_BUFFER (buffer), safe, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Code of the cell"), -1);
  gtk_frame_set_child (GTK_FRAME (frame), make_scrolled (view));
  return frame;
}

/* "In [3]", as every notebook has it. */
static GtkWidget *
make_number (const LwNotebookCell *cell)
{
  g_autofree char *number = cell->execution_count > 0
                              ? g_strdup_printf ("In [%" G_GINT64_FORMAT "]",
                                                 cell->execution_count)
                              : g_strdup ("In [ ]");
  GtkWidget *label = gtk_label_new (number);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (label, "dim-label");
  return label;
}

static GtkWidget *
make_code (const LwNotebookCell *cell)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  if (cell->kind == LW_NOTEBOOK_CELL_CODE)
    gtk_box_append (GTK_BOX (box), make_number (cell));
  gtk_box_append (GTK_BOX (box), make_source (cell));
  for (guint i = 0; i < cell->outputs->len; i++)
    {
      GtkWidget *output = make_output (g_ptr_array_index (cell->outputs, i));

      if (output != NULL)
        gtk_box_append (GTK_BOX (box), output);
    }
  return box;
}

/* ---- The whole ---- */

static void
add_cells (LwNotebookView *self)
{
  guint n = self->notebook != NULL ? lw_notebook_get_n_cells (self->notebook) : 0;

  for (guint i = 0; i < MIN (n, LW_NOTEBOOK_VIEW_MAX_CELLS); i++)
    {
      const LwNotebookCell *cell = lw_notebook_get_cell (self->notebook, i);

      if (cell->kind == LW_NOTEBOOK_CELL_MARKDOWN)
        gtk_box_append (GTK_BOX (self->box), make_markdown (cell));
      else if (cell->kind != LW_NOTEBOOK_CELL_OTHER)
        gtk_box_append (GTK_BOX (self->box), make_code (cell));
    }
  if (n > LW_NOTEBOOK_VIEW_MAX_CELLS)
    {
      /* Translators: cells of a notebook that is too long to be shown whole */
      g_autofree char *text = g_strdup_printf (
        ngettext ("%u more cell is not shown.", "%u more cells are not shown.",
                  n - LW_NOTEBOOK_VIEW_MAX_CELLS),
        n - LW_NOTEBOOK_VIEW_MAX_CELLS);

      gtk_box_append (GTK_BOX (self->box), make_label (text, FALSE));
    }
}

void
lw_notebook_view_set_notebook (LwNotebookView *self, LwNotebook *notebook)
{
  GtkWidget *child;

  g_return_if_fail (LW_IS_NOTEBOOK_VIEW (self));

  if (self->notebook == notebook)
    return;
  g_clear_pointer (&self->notebook, lw_notebook_unref);
  self->notebook = notebook != NULL ? lw_notebook_ref (notebook) : NULL;
  while ((child = gtk_widget_get_first_child (self->box)) != NULL)
    gtk_box_remove (GTK_BOX (self->box), child);
  add_cells (self);
}

static void
lw_notebook_view_dispose (GObject *object)
{
  LwNotebookView *self = LW_NOTEBOOK_VIEW (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_pointer (&self->notebook, lw_notebook_unref);
  G_OBJECT_CLASS (lw_notebook_view_parent_class)->dispose (object);
}

GtkWidget *
lw_notebook_view_new (void)
{
  return g_object_new (LW_TYPE_NOTEBOOK_VIEW, NULL);
}

static void
lw_notebook_view_class_init (LwNotebookViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lw_notebook_view_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
lw_notebook_view_init (LwNotebookView *self)
{
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

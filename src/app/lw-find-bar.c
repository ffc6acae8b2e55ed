/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Finding text. The place is the selection of the view's buffer. Main thread. */

#include "lw-find-bar.h"

#include <glib/gi18n.h>

#include "lw-resources.h"

struct _LwFindBar
{
  AdwBin parent_instance;

  GtkSearchBar *bar;
  GtkSearchEntry *entry;
  GtkLabel *absent;

  GtkTextView *view; /* weak */
};

G_DEFINE_FINAL_TYPE (LwFindBar, lw_find_bar, ADW_TYPE_BIN)

static gboolean
search (const GtkTextIter *from, const char *text, gboolean forward, GtkTextIter *start,
        GtkTextIter *end)
{
  GtkTextSearchFlags flags = GTK_TEXT_SEARCH_CASE_INSENSITIVE | GTK_TEXT_SEARCH_TEXT_ONLY;

  return forward ? gtk_text_iter_forward_search (from, text, flags, start, end, NULL)
                 : gtk_text_iter_backward_search (from, text, flags, start, end, NULL);
}

/* From the selection on, or with @again from behind it; then once round. */
static gboolean
find_place (GtkTextBuffer *buffer, const char *text, gboolean forward, gboolean again,
            GtkTextIter *start, GtkTextIter *end)
{
  GtkTextIter from, to, first, last;

  gtk_text_buffer_get_selection_bounds (buffer, &from, &to);
  gtk_text_buffer_get_bounds (buffer, &first, &last);
  if (forward)
    return search (again ? &to : &from, text, TRUE, start, end)
           || search (&first, text, TRUE, start, end);
  return search (&from, text, FALSE, start, end) || search (&last, text, FALSE, start, end);
}

static void
find (LwFindBar *self, gboolean forward, gboolean again)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  gboolean found = TRUE;

  if (self->view != NULL && *text != '\0')
    {
      GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);
      GtkTextIter start, end;

      found = find_place (buffer, text, forward, again, &start, &end);
      if (found)
        {
          gtk_text_buffer_select_range (buffer, &start, &end);
          gtk_text_view_scroll_to_mark (self->view, gtk_text_buffer_get_insert (buffer), 0.1, FALSE,
                                        0, 0);
        }
    }
  gtk_widget_set_visible (GTK_WIDGET (self->absent), !found);
}

static void
changed_cb (LwFindBar *self)
{
  find (self, TRUE, FALSE);
}

static void
next_cb (LwFindBar *self)
{
  find (self, TRUE, TRUE);
}

static void
previous_cb (LwFindBar *self)
{
  find (self, FALSE, TRUE);
}

void
lw_find_bar_set_view (LwFindBar *self, GtkTextView *view)
{
  g_return_if_fail (LW_IS_FIND_BAR (self));
  g_return_if_fail (view == NULL || GTK_IS_TEXT_VIEW (view));

  g_set_weak_pointer (&self->view, view);
}

void
lw_find_bar_open (LwFindBar *self)
{
  g_return_if_fail (LW_IS_FIND_BAR (self));

  gtk_search_bar_set_search_mode (self->bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

static void
lw_find_bar_dispose (GObject *object)
{
  LwFindBar *self = LW_FIND_BAR (object);

  g_clear_weak_pointer (&self->view);
  G_OBJECT_CLASS (lw_find_bar_parent_class)->dispose (object);
}

static void
lw_find_bar_class_init (LwFindBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lw_find_bar_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, LW_RESOURCE_PATH "lw-find-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, LwFindBar, bar);
  gtk_widget_class_bind_template_child (widget_class, LwFindBar, entry);
  gtk_widget_class_bind_template_child (widget_class, LwFindBar, absent);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, next_cb);
  gtk_widget_class_bind_template_callback (widget_class, previous_cb);
}

static void
lw_find_bar_init (LwFindBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_search_bar_connect_entry (self->bar, GTK_EDITABLE (self->entry));
}

GtkWidget *
lw_find_bar_new (void)
{
  return g_object_new (LW_TYPE_FIND_BAR, NULL);
}

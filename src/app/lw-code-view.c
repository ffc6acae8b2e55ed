/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Source text. Main thread. */

#include "lw-code-view.h"

#include <adwaita.h>

struct _LwCodeView
{
  GtkSourceView parent_instance;

  char *language; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (LwCodeView, lw_code_view, GTK_SOURCE_TYPE_VIEW)

enum
{
  PROP_LANGUAGE = 1,
  N_PROPS,
};
static GParamSpec *props[N_PROPS];

static GtkSourceBuffer *
get_buffer (LwCodeView *self)
{
  return GTK_SOURCE_BUFFER (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self)));
}

static void
update_style (LwCodeView *self)
{
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  GtkSourceStyleScheme *scheme = gtk_source_style_scheme_manager_get_scheme (
    gtk_source_style_scheme_manager_get_default (), dark ? "Adwaita-dark" : "Adwaita");

  if (gtk_widget_in_destruction (GTK_WIDGET (self)))
    return;
  gtk_source_buffer_set_style_scheme (get_buffer (self), scheme);
}

static void
editable_cb (LwCodeView *self)
{
  gboolean editable = gtk_text_view_get_editable (GTK_TEXT_VIEW (self));

  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (self), editable);
  gtk_text_view_set_cursor_visible (GTK_TEXT_VIEW (self), editable);
}

void
lw_code_view_set_text (LwCodeView *self, const char *text)
{
  g_return_if_fail (LW_IS_CODE_VIEW (self));

  gtk_text_buffer_set_text (GTK_TEXT_BUFFER (get_buffer (self)), text != NULL ? text : "", -1);
}

char *
lw_code_view_dup_text (LwCodeView *self)
{
  GtkTextIter start, end;

  g_return_val_if_fail (LW_IS_CODE_VIEW (self), NULL);

  gtk_text_buffer_get_bounds (GTK_TEXT_BUFFER (get_buffer (self)), &start, &end);
  return gtk_text_buffer_get_text (GTK_TEXT_BUFFER (get_buffer (self)), &start, &end, TRUE);
}

static GtkSourceLanguage *
find_language (const char *language)
{
  return language != NULL ? gtk_source_language_manager_get_language (
           gtk_source_language_manager_get_default (), language)
                          : NULL;
}

void
lw_code_view_set_language (LwCodeView *self, const char *language)
{
  g_return_if_fail (LW_IS_CODE_VIEW (self));

  g_free (self->language);
  self->language = g_strdup (language);
  gtk_source_buffer_set_language (get_buffer (self), find_language (language));
}

GtkSourceBuffer *
lw_code_buffer_new (const char *language)
{
  GtkSourceBuffer *buffer = gtk_source_buffer_new (NULL);

  gtk_source_buffer_set_language (buffer, find_language (language));
  return buffer;
}

void
lw_code_view_show_line (LwCodeView *self, guint line)
{
  GtkTextBuffer *buffer;
  GtkTextIter iter;

  g_return_if_fail (LW_IS_CODE_VIEW (self));

  buffer = GTK_TEXT_BUFFER (get_buffer (self));
  gtk_text_buffer_get_iter_at_line (buffer, &iter, line > 0 ? (int) line - 1 : 0);
  gtk_text_buffer_place_cursor (buffer, &iter);
  gtk_text_view_scroll_to_mark (GTK_TEXT_VIEW (self), gtk_text_buffer_get_insert (buffer), 0, TRUE,
                                0, 0.3);
  gtk_widget_grab_focus (GTK_WIDGET (self));
}

static void
lw_code_view_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_LANGUAGE:
      lw_code_view_set_language (LW_CODE_VIEW (object), g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lw_code_view_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_LANGUAGE:
      g_value_set_string (value, LW_CODE_VIEW (object)->language);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lw_code_view_finalize (GObject *object)
{
  g_free (LW_CODE_VIEW (object)->language);
  G_OBJECT_CLASS (lw_code_view_parent_class)->finalize (object);
}

static void
lw_code_view_class_init (LwCodeViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = lw_code_view_set_property;
  object_class->get_property = lw_code_view_get_property;
  object_class->finalize = lw_code_view_finalize;
  props[PROP_LANGUAGE] = g_param_spec_string ("language", NULL, NULL, NULL,
                                              G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
lw_code_view_init (LwCodeView *self)
{
  GtkTextView *view = GTK_TEXT_VIEW (self);

  gtk_text_view_set_monospace (view, TRUE);
  gtk_text_view_set_editable (view, FALSE);
  gtk_text_view_set_top_margin (view, 6);
  gtk_text_view_set_bottom_margin (view, 6);
  gtk_text_view_set_left_margin (view, 9);
  gtk_text_view_set_right_margin (view, 9);
  g_signal_connect (self, "notify::editable", G_CALLBACK (editable_cb), NULL);
  g_signal_connect (self, "notify::buffer", G_CALLBACK (update_style), NULL);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (update_style), self, G_CONNECT_SWAPPED);
  editable_cb (self);
  update_style (self);
}

GtkWidget *
lw_code_view_new (const char *language)
{
  return g_object_new (LW_TYPE_CODE_VIEW, "language", language, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A view that follows a growing text. Whether it follows is decided by where the person left the
 * scroll bar; the view's own moves, while it measures lines, do not count. Main thread. */

#include "lw-log-view.h"

#include <glib/gi18n.h>

/* So near to the end counts as the end, in pixels: half a line. */
#define NEAR_END 10

/* A move so long after the last key, wheel or touch is the person's: a swing of the finger goes on
 * for a while. */
#define TOUCH_US (2 * G_USEC_PER_SEC)

struct _LwLogView
{
  GtkWidget parent_instance;

  GtkWidget *overlay;
  GtkScrolledWindow *scroller;
  GtkTextView *view;
  GtkWidget *end_button;
  GtkAdjustment *adjustment; /* borrowed from scroller */
  gint64 touched_us;         /* monotonic: the last input of the person in here */
  gboolean following;
  guint going; /* source that goes to the end, 0 when none */
};

G_DEFINE_FINAL_TYPE (LwLogView, lw_log_view, GTK_TYPE_WIDGET)

/* ---- The buffer ---- */

/* Lone carriage returns come from progress bars: each state becomes a line. */
static char *
dup_with_plain_ends (const char *text)
{
  GString *plain = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p != '\r')
        g_string_append_c (plain, *p);
      else if (p[1] != '\n')
        g_string_append_c (plain, '\n');
    }
  return g_string_free (plain, FALSE);
}

static gboolean
drop_oldest (GtkTextBuffer *buffer)
{
  int lines = gtk_text_buffer_get_line_count (buffer) - LW_LOG_BUFFER_MAX_LINES;
  int chars = gtk_text_buffer_get_char_count (buffer) - LW_LOG_BUFFER_MAX_CHARS;
  GtkTextIter start, end;

  if (lines <= 0 && chars <= 0)
    return FALSE;
  gtk_text_buffer_get_start_iter (buffer, &start);
  end = start;
  if (chars > 0)
    {
      gtk_text_iter_forward_chars (&end, chars);
      gtk_text_iter_forward_line (&end);
    }
  if (lines > gtk_text_iter_get_line (&end))
    gtk_text_buffer_get_iter_at_line (buffer, &end, lines);
  gtk_text_buffer_delete (buffer, &start, &end);
  return TRUE;
}

gboolean
lw_log_buffer_append (GtkTextBuffer *buffer, const char *text)
{
  g_autofree char *plain = NULL;
  GtkTextIter end;

  g_return_val_if_fail (GTK_IS_TEXT_BUFFER (buffer), FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  if (text[0] == '\0')
    return FALSE;
  plain = dup_with_plain_ends (text);
  gtk_text_buffer_get_end_iter (buffer, &end);
  gtk_text_buffer_insert (buffer, &end, plain, -1);
  return drop_oldest (buffer);
}

char *
lw_log_buffer_dup_text (GtkTextBuffer *buffer)
{
  GtkTextIter start, end;

  g_return_val_if_fail (GTK_IS_TEXT_BUFFER (buffer), NULL);

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

/* ---- Following ---- */

static gboolean
is_at_end (LwLogView *self)
{
  return gtk_adjustment_get_value (self->adjustment)
           + gtk_adjustment_get_page_size (self->adjustment)
         >= gtk_adjustment_get_upper (self->adjustment) - NEAR_END;
}

static void
go_to_end (LwLogView *self)
{
  gtk_adjustment_set_value (self->adjustment, gtk_adjustment_get_upper (self->adjustment)
                                                - gtk_adjustment_get_page_size (self->adjustment));
}

static gboolean
going_cb (gpointer user_data)
{
  LwLogView *self = user_data;

  self->going = 0;
  go_to_end (self);
  return G_SOURCE_REMOVE;
}

/* The text or the view grew or shrank. The text view tells so in the middle of measuring its lines,
 * when it cannot be scrolled: that comes right after, before it is drawn. */
static void
extent_changed_cb (LwLogView *self)
{
  if (self->following && self->going == 0)
    self->going = g_idle_add_full (GDK_PRIORITY_REDRAW - 1, going_cb, self, NULL);
}

static gboolean
event_cb (LwLogView *self, GdkEvent *event)
{
  GdkEventType type = gdk_event_get_event_type (event);
  gboolean drags = type == GDK_MOTION_NOTIFY
                   && (gdk_event_get_modifier_state (event) & GDK_BUTTON1_MASK) != 0;

  if (drags || type == GDK_SCROLL || type == GDK_KEY_PRESS || type == GDK_BUTTON_PRESS
      || type == GDK_TOUCH_UPDATE)
    self->touched_us = g_get_monotonic_time ();
  return GDK_EVENT_PROPAGATE;
}

static void
value_changed_cb (LwLogView *self)
{
  if (is_at_end (self))
    self->following = TRUE;
  else if (self->touched_us != 0 && g_get_monotonic_time () - self->touched_us < TOUCH_US)
    self->following = FALSE;
  gtk_widget_set_visible (self->end_button, !self->following);
}

static void
end_clicked_cb (LwLogView *self)
{
  self->following = TRUE;
  go_to_end (self);
}

void
lw_log_view_set_buffer (LwLogView *self, GtkTextBuffer *buffer)
{
  g_return_if_fail (LW_IS_LOG_VIEW (self));
  g_return_if_fail (buffer == NULL || GTK_IS_TEXT_BUFFER (buffer));

  gtk_text_view_set_buffer (self->view, buffer);
}

GtkTextView *
lw_log_view_get_view (LwLogView *self)
{
  g_return_val_if_fail (LW_IS_LOG_VIEW (self), NULL);

  return self->view;
}

/* ---- Widget ---- */

enum
{
  PROP_BUFFER = 1,
  PROP_LABEL,
  N_PROPS,
};
static GParamSpec *props[N_PROPS];

static void
lw_log_view_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  LwLogView *self = LW_LOG_VIEW (object);

  switch (prop_id)
    {
    case PROP_BUFFER:
      lw_log_view_set_buffer (self, g_value_get_object (value));
      break;
    case PROP_LABEL:
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      g_value_get_string (value), -1);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lw_log_view_dispose (GObject *object)
{
  LwLogView *self = LW_LOG_VIEW (object);

  g_clear_handle_id (&self->going, g_source_remove);
  g_clear_pointer (&self->overlay, gtk_widget_unparent);
  G_OBJECT_CLASS (lw_log_view_parent_class)->dispose (object);
}

GtkWidget *
lw_log_view_new (void)
{
  return g_object_new (LW_TYPE_LOG_VIEW, NULL);
}

static void
lw_log_view_class_init (LwLogViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = lw_log_view_set_property;
  object_class->dispose = lw_log_view_dispose;
  props[PROP_BUFFER] = g_param_spec_object ("buffer", NULL, NULL, GTK_TYPE_TEXT_BUFFER,
                                            G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_LABEL]
    = g_param_spec_string ("label", NULL, NULL, NULL, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static GtkWidget *
make_end_button (LwLogView *self)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("go-bottom-symbolic");

  gtk_widget_set_tooltip_text (button, _ ("Follow the End"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Follow the End"), -1);
  gtk_widget_set_halign (button, GTK_ALIGN_END);
  gtk_widget_set_valign (button, GTK_ALIGN_END);
  gtk_widget_set_margin_end (button, 18);
  gtk_widget_set_margin_bottom (button, 12);
  gtk_widget_add_css_class (button, "circular");
  gtk_widget_add_css_class (button, "osd");
  gtk_widget_set_visible (button, FALSE);
  g_signal_connect_object (button, "clicked", G_CALLBACK (end_clicked_cb), self,
                           G_CONNECT_SWAPPED);
  return button;
}

static void
watch_person (LwLogView *self)
{
  GtkEventController *events = gtk_event_controller_legacy_new ();

  gtk_event_controller_set_propagation_phase (events, GTK_PHASE_CAPTURE);
  g_signal_connect_object (events, "event", G_CALLBACK (event_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), events);
}

static void
make_view (LwLogView *self)
{
  self->view = GTK_TEXT_VIEW (gtk_text_view_new ());
  gtk_text_view_set_editable (self->view, FALSE);
  gtk_text_view_set_monospace (self->view, TRUE);
  gtk_text_view_set_wrap_mode (self->view, GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_left_margin (self->view, 12);
  gtk_text_view_set_right_margin (self->view, 12);
  gtk_text_view_set_top_margin (self->view, 9);
  gtk_text_view_set_bottom_margin (self->view, 9);
  gtk_text_view_set_accepts_tab (self->view, FALSE);
}

static void
lw_log_view_init (LwLogView *self)
{
  make_view (self);
  watch_person (self);
  self->following = TRUE;
  self->scroller = GTK_SCROLLED_WINDOW (gtk_scrolled_window_new ());
  gtk_scrolled_window_set_child (self->scroller, GTK_WIDGET (self->view));
  gtk_widget_set_vexpand (GTK_WIDGET (self->scroller), TRUE);
  gtk_scrolled_window_set_min_content_height (self->scroller, 180);
  self->overlay = gtk_overlay_new ();
  gtk_widget_set_parent (self->overlay, GTK_WIDGET (self));
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_overlay_set_child (GTK_OVERLAY (self->overlay), GTK_WIDGET (self->scroller));
  self->end_button = make_end_button (self);
  gtk_overlay_add_overlay (GTK_OVERLAY (self->overlay), self->end_button);
  self->adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  g_signal_connect_object (self->adjustment, "changed", G_CALLBACK (extent_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->adjustment, "value-changed", G_CALLBACK (value_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

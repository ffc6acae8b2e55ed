/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A row of work. update() alone decides what is shown; a timeout calls it once a second while the
 * work runs and the row is on the screen. Main thread. */

#include "lw-wait-row.h"

#include <glib/gi18n.h>

#include "lw-resources.h"
#include "lw-texts.h"

struct _LwWaitRow
{
  AdwActionRow parent_instance;

  GtkStack *icons;
  GtkImage *icon;
  GtkSpinner *spinner;
  GtkButton *cancel;

  LwWaitState state;
  char *word;  /* (nullable) */
  char *phase; /* (nullable) */
  gint64 started_us;
  gint64 ended_us;
  int usual_min_s;
  int usual_max_s;
  char *cancel_action; /* (nullable) */
  guint tick;          /* timeout, only while running and mapped */
};

G_DEFINE_FINAL_TYPE (LwWaitRow, lw_wait_row, ADW_TYPE_ACTION_ROW)

enum
{
  PROP_CANCEL_ACTION = 1,
  PROP_USUAL_MIN,
  PROP_USUAL_MAX,
  N_PROPS,
};
static GParamSpec *props[N_PROPS];

static const struct
{
  const char *icon;
  const char *style; /* (nullable) */
  const char *word;
} looks[] = {
  /* Translators: states of a piece of work */
  [LW_WAIT_IDLE] = { "content-loading-symbolic", "dim-label", N_ ("Waiting") },
  [LW_WAIT_RUNNING] = { "content-loading-symbolic", NULL, N_ ("Running") },
  [LW_WAIT_DONE] = { "emblem-ok-symbolic", "success", N_ ("Done") },
  [LW_WAIT_WARNING] = { "dialog-warning-symbolic", "warning", N_ ("Look at this") },
  [LW_WAIT_FAILED] = { "dialog-error-symbolic", "error", N_ ("Failed") },
};

static char *
dup_elapsed (LwWaitRow *self)
{
  gint64 end_us = self->ended_us != 0 ? self->ended_us : g_get_real_time ();

  if (self->started_us == 0 || (self->state == LW_WAIT_IDLE && self->ended_us == 0))
    return NULL;
  return lw_texts_dup_duration (end_us - self->started_us);
}

static char *
dup_subtitle (LwWaitRow *self)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  char *elapsed = dup_elapsed (self);
  char *usual = NULL;

  g_ptr_array_add (parts, g_strdup (self->word != NULL ? self->word : _ (looks[self->state].word)));
  if (self->phase != NULL && self->phase[0] != '\0')
    g_ptr_array_add (parts, g_strdup (self->phase));
  if (elapsed != NULL)
    g_ptr_array_add (parts, elapsed);
  if (self->state == LW_WAIT_IDLE || self->state == LW_WAIT_RUNNING)
    usual = lw_texts_dup_usual (self->usual_min_s, self->usual_max_s);
  if (usual != NULL)
    g_ptr_array_add (parts, usual);
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (" · ", (char **) parts->pdata);
}

static void
set_style (LwWaitRow *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (looks); i++)
    if (looks[i].style != NULL)
      gtk_widget_remove_css_class (GTK_WIDGET (self->icon), looks[i].style);
  if (looks[self->state].style != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->icon), looks[self->state].style);
}

static void
update (LwWaitRow *self)
{
  g_autofree char *subtitle = dup_subtitle (self);
  gboolean running = self->state == LW_WAIT_RUNNING;

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), subtitle);
  gtk_stack_set_visible_child_name (self->icons, running ? "spinner" : "icon");
  gtk_spinner_set_spinning (self->spinner, running);
  gtk_image_set_from_icon_name (self->icon, looks[self->state].icon);
  set_style (self);
  gtk_widget_set_visible (GTK_WIDGET (self->cancel), running && self->cancel_action != NULL);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->cancel), self->cancel_action);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_BUSY, running, -1);
}

static gboolean
tick_cb (gpointer user_data)
{
  update (user_data);
  return G_SOURCE_CONTINUE;
}

static void
update_tick (LwWaitRow *self)
{
  gboolean wanted = self->state == LW_WAIT_RUNNING && gtk_widget_get_mapped (GTK_WIDGET (self));

  if (!wanted)
    g_clear_handle_id (&self->tick, g_source_remove);
  else if (self->tick == 0)
    self->tick = g_timeout_add_seconds (1, tick_cb, self);
}

void
lw_wait_row_set (LwWaitRow *self, LwWaitState state, const char *phase, gint64 started_us,
                 gint64 ended_us)
{
  g_return_if_fail (LW_IS_WAIT_ROW (self));
  g_return_if_fail ((guint) state < G_N_ELEMENTS (looks));

  if (g_strcmp0 (self->phase, phase) != 0)
    {
      g_free (self->phase);
      self->phase = g_strdup (phase);
    }
  self->state = state;
  self->started_us = started_us;
  self->ended_us = ended_us;
  update (self);
  update_tick (self);
}

void
lw_wait_row_set_word (LwWaitRow *self, const char *word)
{
  g_return_if_fail (LW_IS_WAIT_ROW (self));

  g_free (self->word);
  self->word = g_strdup (word);
  update (self);
}

LwWaitState
lw_wait_row_get_state (LwWaitRow *self)
{
  g_return_val_if_fail (LW_IS_WAIT_ROW (self), LW_WAIT_IDLE);

  return self->state;
}

void
lw_wait_row_set_usual (LwWaitRow *self, int min_s, int max_s)
{
  g_return_if_fail (LW_IS_WAIT_ROW (self));

  self->usual_min_s = min_s;
  self->usual_max_s = max_s;
  update (self);
}

void
lw_wait_row_set_cancel_action (LwWaitRow *self, const char *action)
{
  g_return_if_fail (LW_IS_WAIT_ROW (self));

  g_free (self->cancel_action);
  self->cancel_action = g_strdup (action);
  update (self);
}

static void
lw_wait_row_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (lw_wait_row_parent_class)->map (widget);
  update (LW_WAIT_ROW (widget));
  update_tick (LW_WAIT_ROW (widget));
}

static void
lw_wait_row_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (lw_wait_row_parent_class)->unmap (widget);
  g_clear_handle_id (&LW_WAIT_ROW (widget)->tick, g_source_remove);
}

static void
lw_wait_row_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  LwWaitRow *self = LW_WAIT_ROW (object);

  switch (prop_id)
    {
    case PROP_CANCEL_ACTION:
      lw_wait_row_set_cancel_action (self, g_value_get_string (value));
      break;
    case PROP_USUAL_MIN:
      lw_wait_row_set_usual (self, g_value_get_int (value), self->usual_max_s);
      break;
    case PROP_USUAL_MAX:
      lw_wait_row_set_usual (self, self->usual_min_s, g_value_get_int (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lw_wait_row_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  LwWaitRow *self = LW_WAIT_ROW (object);

  switch (prop_id)
    {
    case PROP_CANCEL_ACTION:
      g_value_set_string (value, self->cancel_action);
      break;
    case PROP_USUAL_MIN:
      g_value_set_int (value, self->usual_min_s);
      break;
    case PROP_USUAL_MAX:
      g_value_set_int (value, self->usual_max_s);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lw_wait_row_dispose (GObject *object)
{
  g_clear_handle_id (&LW_WAIT_ROW (object)->tick, g_source_remove);
  G_OBJECT_CLASS (lw_wait_row_parent_class)->dispose (object);
}

static void
lw_wait_row_finalize (GObject *object)
{
  LwWaitRow *self = LW_WAIT_ROW (object);

  g_free (self->word);
  g_free (self->phase);
  g_free (self->cancel_action);
  G_OBJECT_CLASS (lw_wait_row_parent_class)->finalize (object);
}

static void
lw_wait_row_class_init (LwWaitRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->set_property = lw_wait_row_set_property;
  object_class->get_property = lw_wait_row_get_property;
  object_class->dispose = lw_wait_row_dispose;
  object_class->finalize = lw_wait_row_finalize;
  widget_class->map = lw_wait_row_map;
  widget_class->unmap = lw_wait_row_unmap;

  props[PROP_CANCEL_ACTION] = g_param_spec_string (
    "cancel-action", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  props[PROP_USUAL_MIN] = g_param_spec_int ("usual-min", NULL, NULL, 0, G_MAXINT, 0,
                                            G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  props[PROP_USUAL_MAX] = g_param_spec_int ("usual-max", NULL, NULL, 0, G_MAXINT, 0,
                                            G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  gtk_widget_class_set_template_from_resource (widget_class, LW_RESOURCE_PATH "lw-wait-row.ui");
  gtk_widget_class_bind_template_child (widget_class, LwWaitRow, icons);
  gtk_widget_class_bind_template_child (widget_class, LwWaitRow, icon);
  gtk_widget_class_bind_template_child (widget_class, LwWaitRow, spinner);
  gtk_widget_class_bind_template_child (widget_class, LwWaitRow, cancel);
}

static void
lw_wait_row_init (LwWaitRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  update (self);
}

GtkWidget *
lw_wait_row_new (const char *title)
{
  return g_object_new (LW_TYPE_WAIT_ROW, "title", title, NULL);
}

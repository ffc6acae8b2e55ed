/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Base class of the pages: the frame around a step's content, and what every page does alike.
 * Main thread; a page lives as long as the shell that made it, work lives in models (lw-session.h). */

#include "lw-page.h"

#include "lw-error-banner.h"
#include "lw-resources.h"
#include "lw-texts.h"

/* How often the bar of a busy page moves. */
#define PULSE_MS 100

/* Below its maximum width, less this, content has the whole width, in pixels. */
#define EASING_WIDTH 240

typedef struct
{
  LwErrorBanner *error;
  GtkScrolledWindow *scroller;
  AdwClamp *clamp;
  GtkLabel *purpose;
  AdwBin *content;
  AdwBin *secondary;
  GtkBox *bar;
  GtkButton *primary;
  GtkProgressBar *busy_bar;

  LwSession *session; /* owned */
  gboolean busy;
  gboolean is_private;
  guint pulse; /* timeout, only while busy */
} LwPagePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (LwPage, lw_page, ADW_TYPE_BIN)

enum
{
  PROP_SESSION = 1,
  PROP_BUSY,
  PROP_PURPOSE,
  PROP_CONTENT,
  PROP_SECONDARY,
  PROP_PRIMARY_LABEL,
  PROP_PRIMARY_ACTION,
  PROP_PRIMARY_ENABLED,
  PROP_SCROLLS,
  PROP_MAXIMUM_WIDTH,
  N_PROPS,
};
static GParamSpec *props[N_PROPS];

enum
{
  ADVISE,
  N_SIGNALS,
};
static guint signals[N_SIGNALS];

#define PRIVATE(self) ((LwPagePrivate *) lw_page_get_instance_private (self))

LwSession *
lw_page_get_session (LwPage *self)
{
  g_return_val_if_fail (LW_IS_PAGE (self), NULL);

  return PRIVATE (self)->session;
}

LwStepKind
lw_page_get_kind (LwPage *self)
{
  g_return_val_if_fail (LW_IS_PAGE (self), LW_STEP_SIGN_IN);

  return LW_PAGE_GET_CLASS (self)->kind;
}

const char *
lw_page_get_title (LwPage *self)
{
  return lw_texts_get_step_title (lw_page_get_kind (self));
}

/* ---- What is shown ---- */

static gboolean
pulse_cb (gpointer user_data)
{
  gtk_progress_bar_pulse (user_data);
  return G_SOURCE_CONTINUE;
}

static gboolean
wants_motion (GtkWidget *widget)
{
  gboolean enabled;

  g_object_get (gtk_widget_get_settings (widget), "gtk-enable-animations", &enabled, NULL);
  return enabled;
}

void
lw_page_set_busy (LwPage *self, gboolean busy)
{
  LwPagePrivate *priv = PRIVATE (self);

  g_return_if_fail (LW_IS_PAGE (self));

  if (priv->busy == busy)
    return;
  priv->busy = busy;
  g_clear_handle_id (&priv->pulse, g_source_remove);
  if (busy && wants_motion (GTK_WIDGET (self)))
    priv->pulse = g_timeout_add (PULSE_MS, pulse_cb, priv->busy_bar);
  gtk_progress_bar_set_fraction (priv->busy_bar, 1.0);
  gtk_widget_set_visible (GTK_WIDGET (priv->busy_bar), busy);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_BUSY, busy, -1);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_BUSY]);
}

gboolean
lw_page_get_busy (LwPage *self)
{
  g_return_val_if_fail (LW_IS_PAGE (self), FALSE);

  return PRIVATE (self)->busy;
}

void
lw_page_set_private (LwPage *self, gboolean is_private)
{
  g_return_if_fail (LW_IS_PAGE (self));

  PRIVATE (self)->is_private = is_private;
}

gboolean
lw_page_get_private (LwPage *self)
{
  g_return_val_if_fail (LW_IS_PAGE (self), FALSE);

  return PRIVATE (self)->is_private;
}

static void
update_bar (LwPage *self)
{
  LwPagePrivate *priv = PRIVATE (self);
  const char *label = gtk_button_get_label (priv->primary);
  GtkWidget *secondary = adw_bin_get_child (priv->secondary);
  gboolean has_primary = label != NULL && label[0] != '\0';
  gboolean has_secondary = secondary != NULL && gtk_widget_get_visible (secondary);

  gtk_widget_set_visible (GTK_WIDGET (priv->primary), has_primary);
  gtk_widget_set_visible (GTK_WIDGET (priv->bar), has_primary || has_secondary);
}

/* The target goes first: an action with a parameter must never be seen without it. */
static void
set_primary_action (LwPage *self, const char *action)
{
  GtkActionable *primary = GTK_ACTIONABLE (PRIVATE (self)->primary);
  g_autofree char *name = NULL;
  g_autoptr (GVariant) target = NULL;

  gtk_actionable_set_action_name (primary, NULL);
  if (action == NULL || !g_action_parse_detailed_name (action, &name, &target, NULL))
    return;
  gtk_actionable_set_action_target_value (primary, target);
  gtk_actionable_set_action_name (primary, name);
}

void
lw_page_set_primary (LwPage *self, const char *label, const char *action)
{
  LwPagePrivate *priv = PRIVATE (self);

  g_return_if_fail (LW_IS_PAGE (self));

  gtk_button_set_label (priv->primary, label != NULL ? label : "");
  set_primary_action (self, action);
  update_bar (self);
}

gboolean
lw_page_activate_primary (LwPage *self)
{
  GtkWidget *primary;

  g_return_val_if_fail (LW_IS_PAGE (self), FALSE);

  primary = GTK_WIDGET (PRIVATE (self)->primary);
  if (!gtk_widget_get_visible (primary) || !gtk_widget_is_sensitive (primary))
    return FALSE;
  g_signal_emit_by_name (primary, "clicked");
  return TRUE;
}

void
lw_page_focus_primary (LwPage *self)
{
  g_return_if_fail (LW_IS_PAGE (self));

  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    gtk_widget_grab_focus (GTK_WIDGET (PRIVATE (self)->primary));
}

void
lw_page_show_error (LwPage *self, const GError *error)
{
  LwPagePrivate *priv = PRIVATE (self);

  g_return_if_fail (LW_IS_PAGE (self));

  if (error == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      lw_error_banner_hide (priv->error);
      return;
    }
  if (g_error_matches (error, LW_AZURE_ERROR, LW_AZURE_ERROR_CLAIMS))
    lw_session_set_claims (priv->session, lw_azure_error_get_claims (error));
  lw_error_banner_show (priv->error, lw_session_find_advice (priv->session, error), error);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (priv->scroller), 0);
}

char *
lw_page_dup_error (LwPage *self)
{
  g_return_val_if_fail (LW_IS_PAGE (self), NULL);

  return lw_error_banner_dup_text (PRIVATE (self)->error);
}

/* ---- Virtual functions ---- */

void
lw_page_shown (LwPage *self)
{
  g_return_if_fail (LW_IS_PAGE (self));

  if (LW_PAGE_GET_CLASS (self)->shown != NULL)
    LW_PAGE_GET_CLASS (self)->shown (self);
}

void
lw_page_refresh (LwPage *self)
{
  g_return_if_fail (LW_IS_PAGE (self));

  if (LW_PAGE_GET_CLASS (self)->refresh != NULL)
    LW_PAGE_GET_CLASS (self)->refresh (self);
}

void
lw_page_find (LwPage *self)
{
  g_return_if_fail (LW_IS_PAGE (self));

  if (LW_PAGE_GET_CLASS (self)->find != NULL)
    LW_PAGE_GET_CLASS (self)->find (self);
}

gboolean
lw_page_advise (LwPage *self, LwAdviceAction action)
{
  g_return_val_if_fail (LW_IS_PAGE (self), FALSE);

  return LW_PAGE_GET_CLASS (self)->advise != NULL
         && LW_PAGE_GET_CLASS (self)->advise (self, action);
}

LwTourResult
lw_page_tour_step (LwPage *self, char **caption)
{
  g_return_val_if_fail (LW_IS_PAGE (self), LW_TOUR_STUCK);
  g_return_val_if_fail (caption != NULL && *caption == NULL, LW_TOUR_STUCK);

  if (LW_PAGE_GET_CLASS (self)->tour_step == NULL)
    return LW_TOUR_DONE;
  return LW_PAGE_GET_CLASS (self)->tour_step (self, caption);
}

void
lw_page_report (LwPage *self, LwReport *report)
{
  g_return_if_fail (LW_IS_PAGE (self));

  if (LW_PAGE_GET_CLASS (self)->report != NULL)
    LW_PAGE_GET_CLASS (self)->report (self, report);
}

static void
advice_cb (LwErrorBanner *banner, int action, LwPage *self)
{
  if (!lw_page_advise (self, (LwAdviceAction) action))
    g_signal_emit (self, signals[ADVISE], 0, action);
}

static void
session_changed_cb (LwPage *self)
{
  if (lw_session_is_open (PRIVATE (self)->session)
      && LW_PAGE_GET_CLASS (self)->session_changed != NULL)
    LW_PAGE_GET_CLASS (self)->session_changed (self);
}

/* ---- GObject ---- */

static void
lw_page_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  LwPage *self = LW_PAGE (object);
  LwPagePrivate *priv = PRIVATE (self);
  const char *text;

  switch (prop_id)
    {
    case PROP_SESSION:
      priv->session = g_value_dup_object (value);
      break;
    case PROP_BUSY:
      lw_page_set_busy (self, g_value_get_boolean (value));
      break;
    case PROP_PURPOSE:
      text = g_value_get_string (value);
      gtk_label_set_label (priv->purpose, text != NULL ? text : "");
      gtk_widget_set_visible (GTK_WIDGET (priv->purpose), text != NULL);
      break;
    case PROP_CONTENT:
      adw_bin_set_child (priv->content, g_value_get_object (value));
      break;
    case PROP_SECONDARY:
      adw_bin_set_child (priv->secondary, g_value_get_object (value));
      g_signal_connect_object (g_value_get_object (value), "notify::visible",
                               G_CALLBACK (update_bar), self, G_CONNECT_SWAPPED);
      update_bar (self);
      break;
    case PROP_PRIMARY_LABEL:
      text = g_value_get_string (value);
      gtk_button_set_label (priv->primary, text != NULL ? text : "");
      update_bar (self);
      break;
    case PROP_PRIMARY_ACTION:
      set_primary_action (self, g_value_get_string (value));
      break;
    case PROP_PRIMARY_ENABLED:
      gtk_widget_set_sensitive (GTK_WIDGET (priv->primary), g_value_get_boolean (value));
      break;
    case PROP_SCROLLS:
      gtk_scrolled_window_set_policy (priv->scroller, GTK_POLICY_NEVER,
                                      g_value_get_boolean (value) ? GTK_POLICY_AUTOMATIC
                                                                  : GTK_POLICY_NEVER);
      break;
    case PROP_MAXIMUM_WIDTH:
      adw_clamp_set_maximum_size (priv->clamp, g_value_get_int (value));
      adw_clamp_set_tightening_threshold (priv->clamp, g_value_get_int (value) - EASING_WIDTH);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lw_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  LwPage *self = LW_PAGE (object);

  switch (prop_id)
    {
    case PROP_SESSION:
      g_value_set_object (value, PRIVATE (self)->session);
      break;
    case PROP_BUSY:
      g_value_set_boolean (value, PRIVATE (self)->busy);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lw_page_constructed (GObject *object)
{
  LwPage *self = LW_PAGE (object);

  G_OBJECT_CLASS (lw_page_parent_class)->constructed (object);
  g_signal_connect_object (PRIVATE (self)->session, "changed", G_CALLBACK (session_changed_cb),
                           self, G_CONNECT_SWAPPED);
  session_changed_cb (self);
}

static void
lw_page_dispose (GObject *object)
{
  LwPagePrivate *priv = PRIVATE (LW_PAGE (object));

  g_clear_handle_id (&priv->pulse, g_source_remove);
  g_clear_object (&priv->session);
  G_OBJECT_CLASS (lw_page_parent_class)->dispose (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags write = G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS;

  props[PROP_SESSION] = g_param_spec_object (
    "session", NULL, NULL, LW_TYPE_SESSION,
    G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  props[PROP_BUSY] = g_param_spec_boolean (
    "busy", NULL, NULL, FALSE,
    G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  props[PROP_PURPOSE] = g_param_spec_string ("purpose", NULL, NULL, NULL, write);
  props[PROP_CONTENT] = g_param_spec_object ("content", NULL, NULL, GTK_TYPE_WIDGET, write);
  props[PROP_SECONDARY] = g_param_spec_object ("secondary", NULL, NULL, GTK_TYPE_WIDGET, write);
  props[PROP_PRIMARY_LABEL] = g_param_spec_string ("primary-label", NULL, NULL, NULL, write);
  props[PROP_PRIMARY_ACTION] = g_param_spec_string ("primary-action", NULL, NULL, NULL, write);
  props[PROP_PRIMARY_ENABLED] = g_param_spec_boolean ("primary-enabled", NULL, NULL, TRUE, write);
  props[PROP_SCROLLS] = g_param_spec_boolean ("scrolls", NULL, NULL, TRUE, write);
  props[PROP_MAXIMUM_WIDTH]
    = g_param_spec_int ("maximum-width", NULL, NULL, 0, G_MAXINT, 720, write);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
lw_page_class_init (LwPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->set_property = lw_page_set_property;
  object_class->get_property = lw_page_get_property;
  object_class->constructed = lw_page_constructed;
  object_class->dispose = lw_page_dispose;
  install_properties (object_class);

  signals[ADVISE] = g_signal_new ("advise", LW_TYPE_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_INT);

  g_type_ensure (LW_TYPE_ERROR_BANNER);
  gtk_widget_class_set_template_from_resource (widget_class, LW_RESOURCE_PATH "lw-page.ui");
  gtk_widget_class_bind_template_child_private (widget_class, LwPage, error);
  gtk_widget_class_bind_template_child_private (widget_class, LwPage, scroller);
  gtk_widget_class_bind_template_child_private (widget_class, LwPage, clamp);
  gtk_widget_class_bind_template_child_private (widget_class, LwPage, purpose);
  gtk_widget_class_bind_template_child_private (widget_class, LwPage, content);
  gtk_widget_class_bind_template_child_private (widget_class, LwPage, secondary);
  gtk_widget_class_bind_template_child_private (widget_class, LwPage, bar);
  gtk_widget_class_bind_template_child_private (widget_class, LwPage, primary);
  gtk_widget_class_bind_template_child_private (widget_class, LwPage, busy_bar);
}

static void
lw_page_init (LwPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (PRIVATE (self)->error, "advice", G_CALLBACK (advice_cb), self);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The bar of a tour. Main thread; the window removes it when the tour ends. */

#include "lw-tour-bar.h"

#include <glib/gi18n.h>

#include "lw-resources.h"
#include "lw-texts.h"

struct _LwTourBar
{
  AdwBin parent_instance;

  GtkLabel *caption;
  GtkButton *speed;
  GtkButton *pause;

  LwTour *tour; /* owned */
};

G_DEFINE_FINAL_TYPE (LwTourBar, lw_tour_bar, ADW_TYPE_BIN)

static const double speeds[] = { 0.5, 1, 2, 4 };

static void
update (LwTourBar *self)
{
  const char *caption = lw_tour_get_caption (self->tour);
  LwStepKind step = lw_tour_get_step (self->tour);
  gboolean paused = lw_tour_get_paused (self->tour);
  const char *name = paused ? _ ("Go On") : _ ("Pause");
  /* Translators: number of a step, of how many, and what the tour does there */
  g_autofree char *text = g_strdup_printf (_ ("%d of %d · %s"), (int) step + 1, LW_N_STEPS,
                                           caption != NULL ? caption
                                                           : lw_texts_get_step_title (step));
  g_autofree char *speed = g_strdup_printf ("%g×", lw_tour_get_speed (self->tour));

  gtk_label_set_label (self->caption, text);
  gtk_button_set_label (self->speed, speed);
  gtk_button_set_icon_name (self->pause, paused ? "media-playback-start-symbolic"
                                                : "media-playback-pause-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->pause), name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->pause), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  name, -1);
}

static void
pause_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  LwTourBar *self = LW_TOUR_BAR (widget);

  lw_tour_set_paused (self->tour, !lw_tour_get_paused (self->tour));
}

static void
next_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  lw_tour_next (LW_TOUR_BAR (widget)->tour);
}

static void
stop_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_autoptr (LwTour) tour = g_object_ref (LW_TOUR_BAR (widget)->tour);

  lw_tour_stop (tour);
}

static void
speed_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  LwTourBar *self = LW_TOUR_BAR (widget);
  double now = lw_tour_get_speed (self->tour);
  gsize i = 0;

  while (i < G_N_ELEMENTS (speeds) && speeds[i] <= now)
    i++;
  lw_tour_set_speed (self->tour, speeds[i % G_N_ELEMENTS (speeds)]);
}

static void
lw_tour_bar_dispose (GObject *object)
{
  g_clear_object (&LW_TOUR_BAR (object)->tour);
  G_OBJECT_CLASS (lw_tour_bar_parent_class)->dispose (object);
}

static void
lw_tour_bar_class_init (LwTourBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lw_tour_bar_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, LW_RESOURCE_PATH "lw-tour-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, LwTourBar, caption);
  gtk_widget_class_bind_template_child (widget_class, LwTourBar, speed);
  gtk_widget_class_bind_template_child (widget_class, LwTourBar, pause);
  gtk_widget_class_install_action (widget_class, "tour.pause", NULL, pause_cb);
  gtk_widget_class_install_action (widget_class, "tour.next", NULL, next_cb);
  gtk_widget_class_install_action (widget_class, "tour.stop", NULL, stop_cb);
  gtk_widget_class_install_action (widget_class, "tour.speed", NULL, speed_cb);
}

static void
lw_tour_bar_init (LwTourBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
lw_tour_bar_new (LwTour *tour)
{
  LwTourBar *self = g_object_new (LW_TYPE_TOUR_BAR, NULL);

  self->tour = g_object_ref (tour);
  g_signal_connect_object (tour, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}

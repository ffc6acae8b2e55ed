/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The cost meter: a view of LwCostModel. Main thread; lives as long as its header bar. */

#include "lw-cost-meter.h"

#include <glib/gi18n.h>

#include "lw-cost-model.h"
#include "lw-resources.h"
#include "lw-texts.h"

struct _LwCostMeter
{
  AdwBin parent_instance;

  GtkMenuButton *button;
  GtkLabel *rate;
  GtkLabel *total;
  GtkBox *lines;
  GtkLabel *note;

  LwSession *session; /* owned */
  LwCostModel *model; /* owned */
};

G_DEFINE_FINAL_TYPE (LwCostMeter, lw_cost_meter, ADW_TYPE_BIN)

static char *
dup_line (const LwCostLine *line)
{
  g_autofree char *price = NULL;
  g_autofree char *since = NULL;

  if (line->machines == 0)
    /* Translators: name of a compute that costs nothing at the moment */
    return g_strdup_printf (_ ("%s: nothing runs"), line->name);
  since = line->since_us != 0 ? lw_texts_dup_time (line->since_us) : g_strdup ("–");
  if (line->price_per_hour < 0)
    /* Translators: name of a compute, its machines, since when */
    return g_strdup_printf (_ ("%s: %d running since %s, price unknown"), line->name,
                            line->machines, since);
  price = lw_texts_dup_money (line->price_per_hour * line->machines);
  /* Translators: name of a compute, its machines, since when, price */
  return g_strdup_printf (_ ("%s: %d running since %s, %s per hour"), line->name, line->machines,
                          since, price);
}

static void
update_lines (LwCostMeter *self, const LwCost *cost)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->lines))) != NULL)
    gtk_box_remove (self->lines, child);
  for (guint i = 0; cost != NULL && i < cost->lines->len; i++)
    {
      g_autofree char *text = dup_line (g_ptr_array_index (cost->lines, i));
      GtkWidget *label = gtk_label_new (text);

      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_label_set_wrap (GTK_LABEL (label), TRUE);
      gtk_label_set_max_width_chars (GTK_LABEL (label), 36);
      gtk_box_append (self->lines, label);
    }
}

static void
update (LwCostMeter *self)
{
  const LwCost *cost = lw_cost_model_get_cost (self->model);
  double per_hour = cost != NULL ? cost->per_hour : 0;
  g_autofree char *amount = lw_texts_dup_money (per_hour);
  g_autofree char *so_far = lw_texts_dup_money (cost != NULL ? cost->so_far : 0);
  /* Translators: an amount of money per hour; as short as can be */
  g_autofree char *label = g_strdup_printf (_ ("%s/h"), amount);
  g_autofree char *total = NULL;

  if (cost == NULL)
    total = g_strdup (_ ("Nothing of the lab runs."));
  else
    /* Translators: amounts of money: per hour, and until now */
    total = g_strdup_printf (_ ("%s per hour now, about %s so far"), amount, so_far);
  gtk_label_set_label (self->rate, label);
  gtk_label_set_label (self->total, total);
  gtk_label_set_label (self->note,
                       lw_session_is_practice (self->session)
                         ? _ ("Practice costs nothing: so much it would be in Azure.")
                         : _ ("An estimate from list prices. The bill comes from Azure, a day "
                              "later; disks and logs add a few cents a day."));
  update_lines (self, cost);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  total, -1);
  if (per_hour > 0 && !lw_session_is_practice (self->session))
    gtk_widget_add_css_class (GTK_WIDGET (self->button), "lw-costs");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->button), "lw-costs");
}

void
lw_cost_meter_set_session (LwCostMeter *self, LwSession *session)
{
  g_return_if_fail (LW_IS_COST_METER (self));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  self->model = g_object_ref (lw_session_ensure_model (session, LW_TYPE_COST_MODEL));
  g_signal_connect_object (self->model, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

static void
lw_cost_meter_dispose (GObject *object)
{
  LwCostMeter *self = LW_COST_METER (object);

  g_clear_object (&self->model);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (lw_cost_meter_parent_class)->dispose (object);
}

static void
lw_cost_meter_class_init (LwCostMeterClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lw_cost_meter_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, LW_RESOURCE_PATH "lw-cost-meter.ui");
  gtk_widget_class_bind_template_child (widget_class, LwCostMeter, button);
  gtk_widget_class_bind_template_child (widget_class, LwCostMeter, rate);
  gtk_widget_class_bind_template_child (widget_class, LwCostMeter, total);
  gtk_widget_class_bind_template_child (widget_class, LwCostMeter, lines);
  gtk_widget_class_bind_template_child (widget_class, LwCostMeter, note);
}

static void
lw_cost_meter_init (LwCostMeter *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

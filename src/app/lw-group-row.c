/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One lab group in the list of step 6. A row is made anew with every list. Main thread. */

#include "lw-group-row.h"

#include <glib/gi18n.h>

#include "lw-texts.h"

static void
add_row (AdwExpanderRow *parent, const char *title, const char *subtitle, GtkWidget *suffix)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  if (suffix != NULL)
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), suffix);
  adw_expander_row_add_row (parent, row);
}

static GtkWidget *
make_button (const char *label, const char *action, const char *target)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", target);
  return button;
}

static char *
describe_compute (const LwCompute *compute)
{
  if (compute->kind == LW_COMPUTE_CLUSTER)
    /* Translators: size of the machines, number of nodes */
    return g_strdup_printf (
        ngettext ("Compute cluster, %s, %d node", "Compute cluster, %s, %d nodes",
                  (gulong) compute->nodes),
        compute->vm_size, compute->nodes);
  /* Translators: size of the machine, its state ("Running") */
  return g_strdup_printf (_ ("Compute instance, %s, %s"), compute->vm_size,
                          compute->instance_state != NULL ? compute->instance_state
                                                          : compute->state);
}

static char *
describe (const LwLabGroup *group, gint64 now_us)
{
  GString *text = g_string_new (group->group->location);

  if (group->created_us > 0)
    {
      g_autofree char *age = lw_texts_dup_duration (MAX (0, now_us - group->created_us));

      /* Translators: an age, as in "2 h 5 min old" */
      g_string_append_printf (text, _ (" · %s old"), age);
    }
  g_string_append_printf (text, ngettext (" · %u resource", " · %u resources",
                                          (gulong) group->resources->len),
                          group->resources->len);
  if (group->price_per_hour >= 0)
    {
      g_autofree char *money = lw_texts_dup_money (group->price_per_hour);

      /* Translators: a price, as in "$0.19 per hour now" */
      g_string_append_printf (text, _ (" · %s per hour now"), money);
    }
  if (g_strcmp0 (group->group->state, "Succeeded") != 0)
    g_string_append_printf (text, " · %s", group->group->state);
  return g_string_free (text, FALSE);
}

GtkWidget *
lw_group_row_new (const LwLabGroup *group, gint64 now_us)
{
  GtkWidget *row = adw_expander_row_new ();
  g_autofree char *subtitle = describe (group, now_us);
  GtkWidget *button = make_button (_ ("Delete…"), "page.delete", group->group->name);

  gtk_widget_add_css_class (button, "destructive-action");
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), group->group->name);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (row), subtitle);
  adw_expander_row_add_action (ADW_EXPANDER_ROW (row), button);
  for (guint i = 0; i < group->locks->len; i++)
    {
      const LwLock *lock = g_ptr_array_index (group->locks, i);
      /* Translators: kind of a lock, "CanNotDelete" or "ReadOnly" */
      g_autofree char *text = g_strdup_printf (_ ("Lock (%s): nothing can be deleted"), lock->level);

      add_row (ADW_EXPANDER_ROW (row), lock->name, text,
               make_button (_ ("Remove Lock"), "page.unlock", lock->id));
    }
  for (guint i = 0; i < group->resources->len; i++)
    {
      const LwResource *resource = g_ptr_array_index (group->resources, i);

      add_row (ADW_EXPANDER_ROW (row), resource->name, resource->type, NULL);
    }
  for (guint i = 0; i < group->computes->len; i++)
    {
      const LwCompute *compute = g_ptr_array_index (group->computes, i);
      g_autofree char *text = describe_compute (compute);

      add_row (ADW_EXPANDER_ROW (row), compute->name, text, NULL);
    }
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (row), group->locks->len > 0);
  return row;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Keyboard shortcuts: one table from which both the accelerators and the shortcuts window are made.
 * Main thread, no state. */

#include "lw-accels.h"

#include <glib/gi18n.h>
#include <string.h>

static const LwAccel accels[] = {
  { LW_ACCEL_GENERAL, "win.primary", "<Ctrl>Return", N_ ("Suggested Action of the Page") },
  { LW_ACCEL_GENERAL, "win.refresh", "F5 <Ctrl>r", N_ ("Ask for the Present State") },
  { LW_ACCEL_GENERAL, "win.find", "<Ctrl>f", N_ ("Find") },
  { LW_ACCEL_GENERAL, "app.preferences", "<Ctrl>comma", N_ ("Preferences") },
  { LW_ACCEL_GENERAL, "win.show-help-overlay", "<Ctrl>question", N_ ("Keyboard Shortcuts") },
  { LW_ACCEL_GENERAL, "app.help", "F1", N_ ("Help") },
  { LW_ACCEL_GENERAL, "win.menu", "F10", N_ ("Open the Menu") },
  { LW_ACCEL_GENERAL, "window.close", "<Ctrl>w", N_ ("Close the Window") },
  { LW_ACCEL_GENERAL, "app.quit", "<Ctrl>q", N_ ("Quit") },
  { LW_ACCEL_STEPS, "win.step::sign-in", "<Ctrl>1", N_ ("Sign In") },
  { LW_ACCEL_STEPS, "win.step::provision", "<Ctrl>2", N_ ("Provision") },
  { LW_ACCEL_STEPS, "win.step::script", "<Ctrl>3", N_ ("Script") },
  { LW_ACCEL_STEPS, "win.step::job", "<Ctrl>4", N_ ("Job") },
  { LW_ACCEL_STEPS, "win.step::results", "<Ctrl>5", N_ ("Results") },
  { LW_ACCEL_STEPS, "win.step::clean-up", "<Ctrl>6", N_ ("Clean Up") },
  { LW_ACCEL_STEPS, "win.back", "<Alt>Left", N_ ("Back to the List of Steps") },
  { LW_ACCEL_VIEW, "win.drawer-open", "F9", N_ ("What Just Happened") },
  { LW_ACCEL_VIEW, "win.fullscreen", "F11", N_ ("Full Screen") },
  { LW_ACCEL_VIEW, "app.text-larger", "<Ctrl>plus <Ctrl>equal <Ctrl>KP_Add", N_ ("Larger Text") },
  { LW_ACCEL_VIEW, "app.text-smaller", "<Ctrl>minus <Ctrl>KP_Subtract", N_ ("Smaller Text") },
  { LW_ACCEL_VIEW, "app.text-normal", "<Ctrl>0 <Ctrl>KP_0", N_ ("Normal Text Size") },
};

static const char *const group_titles[LW_N_ACCEL_GROUPS] = {
  [LW_ACCEL_GENERAL] = N_ ("General"),
  [LW_ACCEL_STEPS] = N_ ("Steps"),
  [LW_ACCEL_VIEW] = N_ ("View"),
};

const LwAccel *
lw_accels_get (gsize *n_accels)
{
  *n_accels = G_N_ELEMENTS (accels);
  return accels;
}

void
lw_accels_install (GtkApplication *app)
{
  for (gsize i = 0; i < G_N_ELEMENTS (accels); i++)
    {
      g_auto (GStrv) keys = g_strsplit (accels[i].keys, " ", -1);

      gtk_application_set_accels_for_action (app, accels[i].action, (const char *const *) keys);
    }
}

/* GTK 4 has no public way to add to the windows, sections and groups of the shortcuts window but a
 * template, so that one is written here from the table. */
static void
append_group (GString *xml, LwAccelGroup group)
{
  g_autofree char *title = g_markup_escape_text (_ (group_titles[group]), -1);

  g_string_append_printf (xml,
                          "<child><object class=\"GtkShortcutsGroup\">"
                          "<property name=\"title\">%s</property>",
                          title);
  for (gsize i = 0; i < G_N_ELEMENTS (accels); i++)
    if (accels[i].group == group && accels[i].title != NULL)
      {
        g_autofree char *text = g_markup_escape_text (_ (accels[i].title), -1);
        g_autofree char *keys
          = g_markup_escape_text (accels[i].keys, (gssize) strcspn (accels[i].keys, " "));

        g_string_append_printf (xml,
                                "<child><object class=\"GtkShortcutsShortcut\">"
                                "<property name=\"title\">%s</property>"
                                "<property name=\"accelerator\">%s</property>"
                                "</object></child>",
                                text, keys);
      }
  g_string_append (xml, "</object></child>");
}

GtkWidget *
lw_accels_new_window (void)
{
  g_autoptr (GString) xml = g_string_new (
    "<interface><object class=\"GtkShortcutsWindow\" id=\"window\">"
    "<property name=\"modal\">1</property>"
    "<child><object class=\"GtkShortcutsSection\">"
    "<property name=\"section-name\">shortcuts</property>"
    "<property name=\"max-height\">18</property>");
  g_autoptr (GtkBuilder) builder = gtk_builder_new ();
  g_autoptr (GError) error = NULL;

  for (guint group = 0; group < LW_N_ACCEL_GROUPS; group++)
    append_group (xml, (LwAccelGroup) group);
  g_string_append (xml, "</object></child></object></interface>");
  if (!gtk_builder_add_from_string (builder, xml->str, (gssize) xml->len, &error))
    g_error ("%s", error->message);
  /* A window is kept by GTK itself until it is destroyed. */
  return GTK_WIDGET (gtk_builder_get_object (builder, "window"));
}

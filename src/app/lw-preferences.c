/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The preferences window: a row per setting, bound to its key. Main thread; the window belongs to
 * its parent. */

#include "lw-preferences.h"

#include <glib/gi18n.h>

#include "lw-resources.h"

/* Order of the rows in the template. */
static const char *const languages[] = { "", "en", "ko" };

static gboolean
language_to_row (GValue *row, GVariant *language, gpointer user_data)
{
  const char *code = g_variant_get_string (language, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
    if (g_str_equal (languages[i], code))
      g_value_set_uint (row, i);
  return TRUE;
}

static GVariant *
row_to_language (const GValue *row, const GVariantType *type, gpointer user_data)
{
  guint index = g_value_get_uint (row);

  return g_variant_new_string (index < G_N_ELEMENTS (languages) ? languages[index] : "");
}

static gboolean
style_to_row (GValue *row, GVariant *style, gpointer user_data)
{
  const char *nick = g_variant_get_string (style, NULL);

  g_value_set_uint (row, g_str_equal (nick, "dark") ? 2 : g_str_equal (nick, "light") ? 1 : 0);
  return TRUE;
}

static GVariant *
row_to_style (const GValue *row, const GVariantType *type, gpointer user_data)
{
  static const char *const nicks[] = { "system", "light", "dark" };
  guint index = g_value_get_uint (row);

  return g_variant_new_string (index < G_N_ELEMENTS (nicks) ? nicks[index] : nicks[0]);
}

void
lw_preferences_present (GtkWindow *parent, LwSession *session)
{
  g_autoptr (GtkBuilder) builder
    = gtk_builder_new_from_resource (LW_RESOURCE_PATH "lw-preferences.ui");
  GSettings *settings = lw_session_get_settings (session);
  GtkWindow *window = GTK_WINDOW (gtk_builder_get_object (builder, "window"));

  g_settings_bind_with_mapping (settings, "language", gtk_builder_get_object (builder, "language"),
                                "selected", G_SETTINGS_BIND_DEFAULT, language_to_row,
                                row_to_language, NULL, NULL);
  g_settings_bind_with_mapping (settings, "style", gtk_builder_get_object (builder, "style"),
                                "selected", G_SETTINGS_BIND_DEFAULT, style_to_row, row_to_style,
                                NULL, NULL);
  g_settings_bind (settings, "mask-account", gtk_builder_get_object (builder, "mask_account"),
                   "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "client-id", gtk_builder_get_object (builder, "client_id"), "text",
                   G_SETTINGS_BIND_DEFAULT);
  gtk_window_set_transient_for (window, parent);
  gtk_window_present (window);
}

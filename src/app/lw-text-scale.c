/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Larger text for a projector: GTK's resolution of fonts is multiplied, so that every font of every
 * widget follows, those of code and terminals too. Main thread; lives as long as the process. */

#include "lw-text-scale.h"

#define KEY "text-scale"
#define STEP 1.2
#define SMALLEST 0.58 /* three steps down */
#define LARGEST 2.99  /* six steps up */

static int desktop_dpi; /* 1024ths of a dot per inch, as the desktop has it */

static void
apply_cb (GSettings *settings, const char *key, gpointer user_data)
{
  double scale = g_settings_get_double (settings, KEY);

  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", (int) (desktop_dpi * scale), NULL);
}

void
lw_text_scale_bind (GSettings *settings)
{
  g_object_get (gtk_settings_get_default (), "gtk-xft-dpi", &desktop_dpi, NULL);
  if (desktop_dpi <= 0)
    desktop_dpi = 96 * 1024;
  g_signal_connect (settings, "changed::" KEY, G_CALLBACK (apply_cb), NULL);
  if (g_settings_get_double (settings, KEY) != 1.0)
    apply_cb (settings, KEY, NULL);
}

void
lw_text_scale_step (GSettings *settings, int direction)
{
  double scale = g_settings_get_double (settings, KEY);

  if (direction == 0)
    scale = 1.0;
  else
    scale = CLAMP (direction > 0 ? scale * STEP : scale / STEP, SMALLEST, LARGEST);
  g_settings_set_double (settings, KEY, scale);
}

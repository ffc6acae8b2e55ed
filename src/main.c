/* SPDX-License-Identifier: GPL-3.0-or-later */

/* labwalk: language first, before any thread, then the application. */

#include "lw-application.h"
#include "lw-language.h"

int
main (int argc, char **argv)
{
  g_autoptr (LwApplication) app = NULL;

  lw_language_init ();
  g_set_application_name ("Labwalk");
  app = lw_application_new ();
  return g_application_run (G_APPLICATION (app), argc, argv);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* labwalk: language first, before any thread, then the application. */

#include "lw-application.h"
#include "lw-language.h"

int
main (int argc, char **argv)
{
  g_autoptr (LwApplication) app = NULL;
  int status;

  lw_language_init ();
  g_set_application_name ("Labwalk");
  app = lw_application_new ();
  status = g_application_run (G_APPLICATION (app), argc, argv);
  return status != 0 ? status : lw_application_get_exit_status (app);
}

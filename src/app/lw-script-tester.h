/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "lw-script-model.h"

G_BEGIN_DECLS

#define LW_TYPE_SCRIPT_TESTER (lw_script_tester_get_type ())
G_DECLARE_FINAL_TYPE (LwScriptTester, lw_script_tester, LW, SCRIPT_TESTER, GtkWidget)

/**
 * LwScriptTester:
 *
 * The test of the script on this computer: which Python and why, the script's arguments as a form,
 * the command line, the run with its output as it comes, and what it came to. Its buttons are
 * actions of the page around: "page.run", "page.run-bare", "page.stop", "page.find-python",
 * "page.show-problem". Main thread.
 */

/** lw_script_tester_set_model: @modules: what a Python has to have, for the advice to install */
void lw_script_tester_set_model (LwScriptTester *self, LwScriptModel *model,
                                 const char *const *modules);

/** lw_script_tester_show_python: opens the list of Pythons */
void lw_script_tester_show_python (LwScriptTester *self);

G_END_DECLS

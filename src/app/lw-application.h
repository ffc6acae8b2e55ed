/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define LW_TYPE_APPLICATION (lw_application_get_type ())
G_DECLARE_FINAL_TYPE (LwApplication, lw_application, LW, APPLICATION, AdwApplication)

/**
 * LwApplication:
 *
 * The process: options, actions app.…, the pool, the session and its window. Main thread.
 */

LwApplication *lw_application_new (void);

/** lw_application_get_exit_status: Returns: what main() returns when the run itself went well: 1 after
 *   a tour that could not be finished */
int lw_application_get_exit_status (LwApplication *self);

G_END_DECLS

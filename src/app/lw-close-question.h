/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "lw-session.h"

G_BEGIN_DECLS

/** LwCloseFunc: the person wants to close all the same */
typedef void (*LwCloseFunc) (GtkWindow *window);

/**
 * lw_close_question_ask:
 * @close: called when the answer is to close; @window is alive
 *
 * Asks before closing when something runs that this program takes care of, or when something in Azure
 * costs money. Main thread.
 *
 * Returns: %FALSE when there is nothing to ask: close at once
 */
gboolean lw_close_question_ask (GtkWindow *window, LwSession *session, LwCloseFunc close);

G_END_DECLS

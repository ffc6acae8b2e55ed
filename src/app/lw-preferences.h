/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "lw-session.h"

G_BEGIN_DECLS

/** lw_preferences_present: shows the preferences; each acts at once. Main thread. */
void lw_preferences_present (GtkWindow *parent, LwSession *session);

G_END_DECLS

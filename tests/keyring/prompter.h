/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * Prompter:
 *
 * Stands for the person before the keyring's dialog: says no to every prompt after a while, or never
 * says anything. Serves org.gnome.keyring.SystemPrompter on the session bus, on a thread of its own.
 */
typedef struct _Prompter Prompter;

/** prompter_new: @dismiss_after_ms: 0 for never */
Prompter *prompter_new (guint dismiss_after_ms);

/** prompter_wait_shown: blocks until a prompt is before the person */
void prompter_wait_shown (Prompter *self);
void prompter_free (Prompter *self);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * lw_language_init:
 *
 * Binds the catalogues and takes the system's language. Called first in main(), before any thread
 * is there, so that a later lw_language_apply() only replaces a value of the environment that
 * exists already.
 */
void lw_language_init (void);

/**
 * lw_language_apply:
 * @language: "en", "ko", or "" for the system's
 *
 * Text looked up from now on is in @language; what is on the screen has to be made anew
 * (lw_window_rebuild()). Main thread.
 */
void lw_language_apply (const char *language);

/** lw_language_get_current: Returns: "ko" or "en": the language text is looked up in now */
const char *lw_language_get_current (void);

G_END_DECLS

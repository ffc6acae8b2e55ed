/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** lw_secret_free: overwrites a secret string, then frees it; %NULL is fine */
void lw_secret_free (char *secret);

/**
 * LwSecret: a secret string that is overwritten when it goes out of scope:
 * `g_autoptr (LwSecret) token = …;`
 */
typedef char LwSecret;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwSecret, lw_secret_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The persistent half of LwTokenStore, private to it; parameters and errors are documented there.
 * All block, on any thread but the main one. */

/** lw_keyring_unlock: has the person's default collection unlocked, by a prompt if need be */
gboolean lw_keyring_unlock (GCancellable *cancellable, GError **error);
gboolean lw_keyring_save (const char *cloud_id, const char *account_id, const char *label,
                          const char *secret, GCancellable *cancellable, GError **error);
char *lw_keyring_load (const char *cloud_id, const char *account_id, GCancellable *cancellable,
                       GError **error);
gboolean lw_keyring_clear (const char *cloud_id, const char *account_id,
                           GCancellable *cancellable, GError **error);

G_END_DECLS

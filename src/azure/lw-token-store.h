/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "lw-secret.h"

G_BEGIN_DECLS

/**
 * LwTokenStore:
 *
 * Where a refresh token lives between two starts: the Secret Service (libsecret), or memory only
 * when there is none and the person agreed. Never a file of ours. Reference counted, any thread;
 * calls block.
 */
typedef struct _LwTokenStore LwTokenStore;

/** lw_token_store_new_keyring: the person's default collection, schema "io.github.labwalk.Token" */
LwTokenStore *lw_token_store_new_keyring (void);

/** lw_token_store_new_memory: forgets everything with the last reference; memory is wiped */
LwTokenStore *lw_token_store_new_memory (void);
LwTokenStore *lw_token_store_ref (LwTokenStore *self);
void lw_token_store_unref (LwTokenStore *self);
gboolean lw_token_store_is_persistent (LwTokenStore *self);

/**
 * lw_token_store_prepare:
 *
 * Looks whether the store can be used, and has it unlocked: to be called before a person is sent to
 * sign in, so that what comes back has a place.
 *
 * Errors: %LW_ERROR_KEYRING_MISSING, %LW_ERROR_KEYRING_LOCKED, %LW_ERROR_KEYRING_DISMISSED
 */
gboolean lw_token_store_prepare (LwTokenStore *self, GCancellable *cancellable, GError **error);

/**
 * lw_token_store_save:
 * @cloud_id: id of the cloud, "practice" for the practice cloud
 * @account_id: "{oid}.{tid}" of the signed-in person
 * @label: what a keyring manager shows, translated by the caller
 * @secret: the refresh token
 *
 * Replaces what was stored for the same cloud and account.
 *
 * Errors: as lw_token_store_prepare()
 */
gboolean lw_token_store_save (LwTokenStore *self, const char *cloud_id, const char *account_id,
                              const char *label, const char *secret, GCancellable *cancellable,
                              GError **error);

/** lw_token_store_load: Returns: (transfer full) (nullable): free with lw_secret_free();
 *   %NULL without @error when there is none */
char *lw_token_store_load (LwTokenStore *self, const char *cloud_id, const char *account_id,
                           GCancellable *cancellable, GError **error);

/** lw_token_store_clear: absent is a success */
gboolean lw_token_store_clear (LwTokenStore *self, const char *cloud_id, const char *account_id,
                               GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwTokenStore, lw_token_store_unref)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lwp-cloud.h"

G_BEGIN_DECLS

/* Bytes of what lwp_secret_derive() makes: an HMAC-SHA256. */
#define LWP_SECRET_BYTES 32

/**
 * lwp_secret_register:
 *
 * Makes the secret of this practice cloud when its state directory has none. First of the modules
 * that sign something.
 *
 * The keys and shared access signatures that the practice cloud gives out have to be good after a
 * restart, so what they are made from is kept: 32 random bytes in a file of mode 0600 inside the
 * state directory of mode 0700. It is no person's secret: it opens the practice cloud that lies in
 * the same directory, to somebody who can read that directory anyway.
 */
gboolean lwp_secret_register (LwpCloud *cloud, GError **error);

/**
 * lwp_secret_derive:
 * @purpose: what the key is for, a literal; keys of different purposes have nothing in common
 * @name: what it belongs to
 * @key: (out caller-allocates): %LWP_SECRET_BYTES bytes
 *
 * Returns: whether the secret could be read; @key is undefined otherwise
 */
gboolean lwp_secret_derive (LwpCloud *cloud, const char *purpose, const char *name, guint8 *key);

/**
 * lwp_secret_dup_account_key:
 * @account: name of a storage account
 *
 * Returns: (transfer full) (nullable): key1 of the account, base64 of 64 bytes as in Azure
 *   (StorageAccounts_ListKeys); the caller does not write it anywhere
 */
char *lwp_secret_dup_account_key (LwpCloud *cloud, const char *account);

/**
 * lwp_secret_sign:
 * @key: a key
 * @key_size: its size in bytes
 * @text: what is signed
 *
 * Returns: (transfer full): base64 of the HMAC-SHA256
 */
char *lwp_secret_sign (const guint8 *key, gsize key_size, const char *text);

/**
 * lwp_secret_equal:
 *
 * Compares two signatures in a time that does not depend on where they differ.
 */
gboolean lwp_secret_equal (const char *a, const char *b);

G_END_DECLS

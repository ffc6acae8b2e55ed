/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <gnutls/abstract.h>

G_BEGIN_DECLS

/**
 * LwpAuthority:
 *
 * The throwaway certificate authority of one practice cloud, and the certificates of the hosts it
 * plays. It may certify names below Azure's domains only (a critical name constraint), so whoever
 * trusts it by mistake trusts it for nothing else. Any thread.
 */
typedef struct _LwpAuthority LwpAuthority;

/**
 * lwp_authority_new:
 * @dir: directory of the state, 0700
 *
 * Reads the authority from @dir, or makes one: ca.pem, and ca-key.pem (0600). The key is kept so
 * that a client which trusts ca.pem can go on when the practice cloud is started again; it is not
 * a secret of the person or of Azure.
 */
LwpAuthority *lwp_authority_new (const char *dir, GError **error);
void lwp_authority_free (LwpAuthority *self);

/** lwp_authority_get_ca_path: Returns: path of the PEM file that clients are to trust */
const char *lwp_authority_get_ca_path (LwpAuthority *self);

/**
 * lwp_authority_find:
 * @host: a host name that is played
 * @chain: (out): the certificate and its issuer, as long as @self lives
 * @n_chain: (out): their number
 * @key: (out): the private key, as long as @self lives
 *
 * Finds the certificate of a host, or makes it.
 *
 * Returns: %FALSE when none can be made
 */
gboolean lwp_authority_find (LwpAuthority *self, const char *host, gnutls_pcert_st **chain,
                             unsigned int *n_chain, gnutls_privkey_t *key);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwpAuthority, lwp_authority_free)

G_END_DECLS

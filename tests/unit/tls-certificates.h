/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A throwaway authority and a certificate of its own making, in PEM. */
typedef struct
{
  char *authority;   /* the authority's certificate */
  char *certificate; /* the server's, with its key */
} TlsCertificates;

/* For a server with these names ("127.0.0.1" is one, too), separated by a space, good for so many
 * seconds from an hour ago. */
TlsCertificates *tls_certificates_new (const char *hosts, gint64 lifetime_s);
void tls_certificates_free (TlsCertificates *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlsCertificates, tls_certificates_free)

G_END_DECLS

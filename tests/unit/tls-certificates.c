/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Certificates for tests of TLS, made anew by GnuTLS in each run, so that none lies about. */

#include "tls-certificates.h"

#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>

#define HOUR_S 3600

static void
check (int code)
{
  g_assert_cmpstr (code < 0 ? gnutls_strerror (code) : "", ==, "");
}

static gnutls_x509_privkey_t
new_key (void)
{
  gnutls_x509_privkey_t key;

  check (gnutls_x509_privkey_init (&key));
  check (gnutls_x509_privkey_generate (key, GNUTLS_PK_ECDSA,
                                       GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0));
  return key;
}

static gnutls_x509_crt_t
new_certificate (gnutls_x509_privkey_t key, const char *name, gint64 lifetime_s)
{
  time_t start = time (NULL) - HOUR_S;
  gint64 serial = g_random_int ();
  gnutls_x509_crt_t certificate;

  check (gnutls_x509_crt_init (&certificate));
  check (gnutls_x509_crt_set_version (certificate, 3));
  check (gnutls_x509_crt_set_serial (certificate, &serial, sizeof serial - 1));
  check (gnutls_x509_crt_set_activation_time (certificate, start));
  check (gnutls_x509_crt_set_expiration_time (certificate, start + lifetime_s));
  check (gnutls_x509_crt_set_dn_by_oid (certificate, GNUTLS_OID_X520_COMMON_NAME, 0, name,
                                        (unsigned) strlen (name)));
  check (gnutls_x509_crt_set_key (certificate, key));
  return certificate;
}

static void
add_host (gnutls_x509_crt_t certificate, const char *host)
{
  struct in_addr address;

  if (inet_aton (host, &address) != 0)
    check (gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_IPADDRESS, &address,
                                                 sizeof address, GNUTLS_FSAN_APPEND));
  else
    check (gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_DNSNAME, host,
                                                 (unsigned) strlen (host), GNUTLS_FSAN_APPEND));
}

static char *
dup_certificate (gnutls_x509_crt_t certificate)
{
  gnutls_datum_t pem;
  char *text;

  check (gnutls_x509_crt_export2 (certificate, GNUTLS_X509_FMT_PEM, &pem));
  text = g_strndup ((const char *) pem.data, pem.size);
  gnutls_free (pem.data);
  return text;
}

static char *
dup_key (gnutls_x509_privkey_t key)
{
  gnutls_datum_t pem;
  char *text;

  check (gnutls_x509_privkey_export2_pkcs8 (key, GNUTLS_X509_FMT_PEM, NULL, 0, &pem));
  text = g_strndup ((const char *) pem.data, pem.size);
  gnutls_free (pem.data);
  return text;
}

TlsCertificates *
tls_certificates_new (const char *hosts, gint64 lifetime_s)
{
  TlsCertificates *self = g_new0 (TlsCertificates, 1);
  gnutls_x509_privkey_t authority_key = new_key ();
  gnutls_x509_privkey_t key = new_key ();
  gnutls_x509_crt_t authority = new_certificate (authority_key, "Authority of a test", 24 * HOUR_S);
  gnutls_x509_crt_t certificate = new_certificate (key, "Server of a test", lifetime_s);
  g_autofree char *certificate_text = NULL;
  g_autofree char *key_text = NULL;
  g_auto (GStrv) names = g_strsplit (hosts, " ", -1);

  check (gnutls_x509_crt_set_basic_constraints (authority, 1, 0));
  check (gnutls_x509_crt_set_key_usage (authority, GNUTLS_KEY_KEY_CERT_SIGN));
  check (gnutls_x509_crt_sign2 (authority, authority, authority_key, GNUTLS_DIG_SHA256, 0));
  for (guint i = 0; names[i] != NULL; i++)
    add_host (certificate, names[i]);
  check (gnutls_x509_crt_set_key_purpose_oid (certificate, GNUTLS_KP_TLS_WWW_SERVER, 0));
  check (gnutls_x509_crt_sign2 (certificate, authority, authority_key, GNUTLS_DIG_SHA256, 0));

  self->authority = dup_certificate (authority);
  certificate_text = dup_certificate (certificate);
  key_text = dup_key (key);
  self->certificate = g_strconcat (certificate_text, key_text, NULL);
  gnutls_x509_crt_deinit (certificate);
  gnutls_x509_crt_deinit (authority);
  gnutls_x509_privkey_deinit (key);
  gnutls_x509_privkey_deinit (authority_key);
  return self;
}

void
tls_certificates_free (TlsCertificates *self)
{
  g_free (self->authority);
  g_free (self->certificate);
  g_free (self);
}

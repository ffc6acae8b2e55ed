/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Certificates by GnuTLS. Made on demand for each host name, because a wildcard covers one label
 * and a compute instance's host has two before its domain; one key serves all hosts. The table of
 * certificates is guarded by a mutex and only grows: TLS sessions hold pointers into it. */

#include "lwp-authority.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <string.h>
#include <unistd.h>

#define DAY_SECS (24 * 60 * 60)
#define CA_LIFE_SECS (5 * 365 * DAY_SECS)
/* Some clients refuse a server's certificate that lives longer than 398 days. */
#define HOST_LIFE_SECS (397 * DAY_SECS)
#define SERIAL_BYTES 16
/* Far more than a lab has hosts; a client that invents names cannot fill the memory. */
#define MAX_HOSTS 4096

static const char *const domains[] = {
  "azure.com", "azure.net", "azureml.ms", "microsoft.com", "microsoftonline.com", "windows.net",
};

typedef struct
{
  gnutls_pcert_st chain[2];
} Host;

struct _LwpAuthority
{
  char *ca_path;              /* owned */
  gnutls_x509_crt_t ca;       /* owned */
  gnutls_x509_privkey_t ca_key; /* owned */
  gnutls_x509_privkey_t host_key; /* owned */
  gnutls_privkey_t host_abstract_key; /* owned; the same for TLS sessions */
  GMutex lock;
  GHashTable *hosts; /* owned; name to Host; guarded by lock */
};

G_DEFINE_AUTO_CLEANUP_FREE_FUNC (gnutls_x509_crt_t, gnutls_x509_crt_deinit, NULL)
G_DEFINE_AUTO_CLEANUP_FREE_FUNC (gnutls_x509_name_constraints_t,
                                 gnutls_x509_name_constraints_deinit, NULL)

static void
host_free (Host *host)
{
  gnutls_pcert_deinit (&host->chain[0]);
  gnutls_pcert_deinit (&host->chain[1]);
  g_free (host);
}

static gboolean
check (int code, GError **error)
{
  if (code >= 0)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, gnutls_strerror (code));
  return FALSE;
}

/* Both steps were taken; below zero is GnuTLS's error. */
static int
worse (int code, int next)
{
  return MIN (code, MIN (next, 0));
}

static int
generate_key (gnutls_x509_privkey_t key)
{
  return gnutls_x509_privkey_generate (key, GNUTLS_PK_ECDSA,
                                       GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0);
}

/* What an authority's and a host's certificate have in common. */
static int
fill_common (gnutls_x509_crt_t crt, gnutls_x509_privkey_t key, const char *name, gint64 life_secs)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  unsigned char serial[SERIAL_BYTES];
  unsigned char key_id[64];
  size_t key_id_size = sizeof key_id;
  int code = gnutls_rnd (GNUTLS_RND_NONCE, serial, sizeof serial);

  serial[0] &= 0x7f; /* a serial number is positive */
  code = worse (code, gnutls_x509_crt_set_version (crt, 3));
  code = worse (code, gnutls_x509_crt_set_serial (crt, serial, sizeof serial));
  code = worse (code, gnutls_x509_crt_set_activation_time (crt, now - DAY_SECS));
  code = worse (code, gnutls_x509_crt_set_expiration_time (crt, now + life_secs));
  code = worse (code, gnutls_x509_crt_set_key (crt, key));
  code = worse (code, gnutls_x509_crt_get_key_id (crt, 0, key_id, &key_id_size));
  code = worse (code, gnutls_x509_crt_set_subject_key_id (crt, key_id, key_id_size));
  return worse (code,
                gnutls_x509_crt_set_dn_by_oid (crt, GNUTLS_OID_X520_COMMON_NAME, 0, name,
                                               (unsigned int) strlen (name)));
}

static int
constrain_names (gnutls_x509_crt_t crt)
{
  g_auto (gnutls_x509_name_constraints_t) constraints = NULL;
  int code = gnutls_x509_name_constraints_init (&constraints);

  for (gsize i = 0; i < G_N_ELEMENTS (domains); i++)
    {
      gnutls_datum_t domain = { (unsigned char *) domains[i], (unsigned int) strlen (domains[i]) };

      code = worse (code, gnutls_x509_name_constraints_add_permitted (
                              constraints, GNUTLS_SAN_DNSNAME, &domain));
    }
  return worse (code, gnutls_x509_crt_set_name_constraints (crt, constraints, 1));
}

static gboolean
make_ca (LwpAuthority *self, GError **error)
{
  int code = generate_key (self->ca_key);

  code = worse (code, fill_common (self->ca, self->ca_key, "Labwalk practice cloud", CA_LIFE_SECS));
  code = worse (code, gnutls_x509_crt_set_basic_constraints (self->ca, 1, 0));
  code = worse (code, gnutls_x509_crt_set_key_usage (self->ca, GNUTLS_KEY_KEY_CERT_SIGN
                                                               | GNUTLS_KEY_CRL_SIGN));
  code = worse (code, constrain_names (self->ca));
  code = worse (code, gnutls_x509_crt_sign2 (self->ca, self->ca, self->ca_key, GNUTLS_DIG_SHA256,
                                             0));
  return check (code, error);
}

static gboolean
save (const char *path, const gnutls_datum_t *pem, int mode, GError **error)
{
  return g_file_set_contents_full (path, (const char *) pem->data, pem->size,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   mode, error);
}

static gboolean
save_ca (LwpAuthority *self, const char *key_path, GError **error)
{
  gnutls_datum_t crt = { NULL, 0 };
  gnutls_datum_t key = { NULL, 0 };
  gboolean ok;

  ok = check (gnutls_x509_crt_export2 (self->ca, GNUTLS_X509_FMT_PEM, &crt), error)
       && check (gnutls_x509_privkey_export2 (self->ca_key, GNUTLS_X509_FMT_PEM, &key), error)
       && save (key_path, &key, 0600, error) && save (self->ca_path, &crt, 0644, error);
  gnutls_free (crt.data);
  gnutls_free (key.data);
  return ok;
}

/* FALSE when there is none, or none that is still good for a while. */
static gboolean
load_ca (LwpAuthority *self, const char *key_path)
{
  g_autofree char *crt_text = NULL;
  g_autofree char *key_text = NULL;
  gsize crt_size;
  gsize key_size;
  gnutls_datum_t crt;
  gnutls_datum_t key;
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  if (!g_file_get_contents (self->ca_path, &crt_text, &crt_size, NULL)
      || !g_file_get_contents (key_path, &key_text, &key_size, NULL))
    return FALSE;
  crt.data = (unsigned char *) crt_text;
  crt.size = (unsigned int) crt_size;
  key.data = (unsigned char *) key_text;
  key.size = (unsigned int) key_size;
  return gnutls_x509_crt_import (self->ca, &crt, GNUTLS_X509_FMT_PEM) >= 0
         && gnutls_x509_privkey_import (self->ca_key, &key, GNUTLS_X509_FMT_PEM) >= 0
         && gnutls_x509_crt_get_expiration_time (self->ca) > now + 30 * DAY_SECS;
}

static gboolean
init_objects (LwpAuthority *self, GError **error)
{
  int code = gnutls_x509_crt_init (&self->ca);

  code = worse (code, gnutls_x509_privkey_init (&self->ca_key));
  code = worse (code, gnutls_x509_privkey_init (&self->host_key));
  code = worse (code, gnutls_privkey_init (&self->host_abstract_key));
  code = worse (code, generate_key (self->host_key));
  code = worse (code, gnutls_privkey_import_x509 (self->host_abstract_key, self->host_key, 0));
  return check (code, error);
}

LwpAuthority *
lwp_authority_new (const char *dir, GError **error)
{
  g_autoptr (LwpAuthority) self = g_new0 (LwpAuthority, 1);
  g_autofree char *key_path = g_build_filename (dir, "ca-key.pem", NULL);

  g_mutex_init (&self->lock);
  self->hosts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) host_free);
  self->ca_path = g_build_filename (dir, "ca.pem", NULL);
  if (!init_objects (self, error))
    return NULL;
  if (load_ca (self, key_path))
    return g_steal_pointer (&self);
  gnutls_x509_crt_deinit (self->ca);
  gnutls_x509_privkey_deinit (self->ca_key);
  self->ca = NULL;
  self->ca_key = NULL;
  if (!check (gnutls_x509_crt_init (&self->ca), error)
      || !check (gnutls_x509_privkey_init (&self->ca_key), error) || !make_ca (self, error)
      || !save_ca (self, key_path, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
lwp_authority_free (LwpAuthority *self)
{
  g_hash_table_unref (self->hosts);
  if (self->ca != NULL)
    gnutls_x509_crt_deinit (self->ca);
  if (self->ca_key != NULL)
    gnutls_x509_privkey_deinit (self->ca_key);
  if (self->host_abstract_key != NULL)
    gnutls_privkey_deinit (self->host_abstract_key);
  if (self->host_key != NULL)
    gnutls_x509_privkey_deinit (self->host_key);
  g_free (self->ca_path);
  g_mutex_clear (&self->lock);
  g_free (self);
}

const char *
lwp_authority_get_ca_path (LwpAuthority *self)
{
  return self->ca_path;
}

static int
sign_host (LwpAuthority *self, gnutls_x509_crt_t crt, const char *name)
{
  unsigned char ca_id[64];
  size_t ca_id_size = sizeof ca_id;
  /* The host is the alternative name, which clients read; a common name holds 64 characters. */
  int code = fill_common (crt, self->host_key, "Labwalk practice host", HOST_LIFE_SECS);

  code = worse (code, gnutls_x509_crt_set_subject_alt_name (crt, GNUTLS_SAN_DNSNAME, name,
                                                          (unsigned int) strlen (name),
                                                          GNUTLS_FSAN_SET));
  code = worse (code, gnutls_x509_crt_set_basic_constraints (crt, 0, -1));
  code = worse (code, gnutls_x509_crt_set_key_usage (crt, GNUTLS_KEY_DIGITAL_SIGNATURE));
  code = worse (code, gnutls_x509_crt_set_key_purpose_oid (crt, GNUTLS_KP_TLS_WWW_SERVER, 0));
  code = worse (code, gnutls_x509_crt_get_subject_key_id (self->ca, ca_id, &ca_id_size, NULL));
  code = worse (code, gnutls_x509_crt_set_authority_key_id (crt, ca_id, ca_id_size));
  return worse (code, gnutls_x509_crt_sign2 (crt, self->ca, self->ca_key, GNUTLS_DIG_SHA256, 0));
}

static Host *
make_host (LwpAuthority *self, const char *name)
{
  g_auto (gnutls_x509_crt_t) crt = NULL;
  Host *host = g_new0 (Host, 1);

  if (gnutls_x509_crt_init (&crt) >= 0 && sign_host (self, crt, name) >= 0
      && gnutls_pcert_import_x509 (&host->chain[0], crt, 0) >= 0
      && gnutls_pcert_import_x509 (&host->chain[1], self->ca, 0) >= 0)
    return host;
  host_free (host);
  return NULL;
}

gboolean
lwp_authority_find (LwpAuthority *self, const char *name, gnutls_pcert_st **chain,
                    unsigned int *n_chain, gnutls_privkey_t *key)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  Host *host = g_hash_table_lookup (self->hosts, name);

  if (host == NULL && g_hash_table_size (self->hosts) < MAX_HOSTS)
    {
      host = make_host (self, name);
      if (host != NULL)
        g_hash_table_insert (self->hosts, g_strdup (name), host);
    }
  if (host == NULL)
    return FALSE;
  *chain = host->chain;
  *n_chain = G_N_ELEMENTS (host->chain);
  *key = self->host_abstract_key;
  return TRUE;
}

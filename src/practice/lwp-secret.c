/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the practice cloud signs with. Nothing is kept in memory: the file is 32 bytes and read when
 * a key is derived. Any thread. */

#include "lwp-secret.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#define SECRET_FILE "signing.key"
#define ACCOUNT_KEY_BYTES (2 * LWP_SECRET_BYTES)

static char *
secret_path (LwpCloud *cloud)
{
  return g_build_filename (lwp_cloud_get_state_dir (cloud), SECRET_FILE, NULL);
}

gboolean
lwp_secret_register (LwpCloud *cloud, GError **error)
{
  g_autofree char *path = secret_path (cloud);
  guint8 bytes[LWP_SECRET_BYTES];

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  if (getrandom (bytes, sizeof bytes, 0) != (gssize) sizeof bytes)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "no random numbers");
      return FALSE;
    }
  return g_file_set_contents_full (path, (const char *) bytes, sizeof bytes,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, error);
}

static void
hmac (const guint8 *key, gsize key_size, const char *text, guint8 *digest)
{
  g_autoptr (GHmac) mac = g_hmac_new (G_CHECKSUM_SHA256, key, key_size);
  gsize size = LWP_SECRET_BYTES;

  g_hmac_update (mac, (const guchar *) text, -1);
  g_hmac_get_digest (mac, digest, &size);
}

gboolean
lwp_secret_derive (LwpCloud *cloud, const char *purpose, const char *name, guint8 *key)
{
  g_autofree char *path = secret_path (cloud);
  g_autofree char *text = g_strconcat (purpose, "\n", name, NULL);
  guint8 bytes[LWP_SECRET_BYTES];
  int fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  gboolean whole;

  if (fd < 0)
    return FALSE;
  whole = read (fd, bytes, sizeof bytes) == (gssize) sizeof bytes;
  (void) close (fd);
  if (whole)
    hmac (bytes, sizeof bytes, text, key);
  explicit_bzero (bytes, sizeof bytes);
  return whole;
}

char *
lwp_secret_dup_account_key (LwpCloud *cloud, const char *account)
{
  guint8 key[ACCOUNT_KEY_BYTES];
  char *text = NULL;

  g_return_val_if_fail (account != NULL, NULL);

  if (lwp_secret_derive (cloud, "account key, first half", account, key)
      && lwp_secret_derive (cloud, "account key, second half", account, key + LWP_SECRET_BYTES))
    text = g_base64_encode (key, sizeof key);
  explicit_bzero (key, sizeof key);
  return text;
}

char *
lwp_secret_sign (const guint8 *key, gsize key_size, const char *text)
{
  guint8 digest[LWP_SECRET_BYTES];

  g_return_val_if_fail (key != NULL && text != NULL, NULL);

  hmac (key, key_size, text, digest);
  return g_base64_encode (digest, sizeof digest);
}

gboolean
lwp_secret_equal (const char *a, const char *b)
{
  gsize length = strlen (a);
  guint8 difference = 0;

  if (strlen (b) != length)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    difference |= (guint8) (a[i] ^ b[i]);
  return difference == 0;
}

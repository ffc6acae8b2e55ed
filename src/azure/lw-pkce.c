/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Proof key for code exchange, and the other random values of a sign-in. No state, any thread. */

#include "lw-pkce.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "lw-base64url.h"
#include "lw-error.h"

#define RANDOM_SIZE 32

char *
lw_pkce_new_random (GError **error)
{
  guint8 data[RANDOM_SIZE];
  ssize_t size = 0;
  char *text = NULL;

  do
    size = getrandom (data, sizeof data, 0);
  while (size < 0 && errno == EINTR);
  if (size != sizeof data)
    {
      g_set_error_literal (error, LW_ERROR, LW_ERROR_FAILED, "No random numbers from the system");
      return NULL;
    }
  text = lw_base64url_encode (data, sizeof data);
  explicit_bzero (data, sizeof data);
  return text;
}

char *
lw_pkce_dup_challenge (const char *verifier)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize size = sizeof digest;

  g_return_val_if_fail (verifier != NULL, NULL);

  g_checksum_update (checksum, (const guchar *) verifier, -1);
  g_checksum_get_digest (checksum, digest, &size);
  return lw_base64url_encode (digest, size);
}

gboolean
lw_pkce_equal (const char *a, const char *b)
{
  gsize length = 0;
  volatile guint8 difference = 0;

  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  length = strlen (a);
  if (strlen (b) != length)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    difference |= (guint8) a[i] ^ (guint8) b[i];
  return difference == 0;
}

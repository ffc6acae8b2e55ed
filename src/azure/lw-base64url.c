/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Base64 for URLs, which GLib has not. No state, any thread. */

#include "lw-base64url.h"

#include <string.h>

char *
lw_base64url_encode (const guint8 *data, gsize size)
{
  char *text = g_base64_encode (data, size);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';
  return text;
}

GBytes *
lw_base64url_decode (const char *text)
{
  static const char *const padding[] = { "", "===", "==", "=" };
  g_autofree char *plain = NULL;
  g_autofree char *padded = NULL;
  guint8 *data = NULL;
  gsize size = 0;

  g_return_val_if_fail (text != NULL, NULL);

  plain = g_strndup (text, strcspn (text, "="));
  g_strdelimit (plain, "-", '+');
  g_strdelimit (plain, "_", '/');
  padded = g_strconcat (plain, padding[strlen (plain) % 4], NULL);
  data = g_base64_decode (padded, &size);
  return g_bytes_new_take (data, size);
}

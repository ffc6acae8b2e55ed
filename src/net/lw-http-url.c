/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading URLs with libcurl's own parser, so that the host that is checked is the host that is
 * connected to. No state, any thread. */

#include "lw-http-private.h"

static gboolean
take_part (CURLU *url, CURLUPart part, unsigned flags, char **value)
{
  char *text = NULL;

  if (curl_url_get (url, part, &text, flags) != CURLUE_OK)
    return FALSE;
  *value = g_ascii_strdown (text, -1);
  curl_free (text);
  return TRUE;
}

gboolean
lw_http_read_url (const char *text, char **scheme, char **host, guint *port)
{
  g_autofree char *port_text = NULL;
  CURLU *url = curl_url ();
  gboolean ok
      = curl_url_set (url, CURLUPART_URL, text, CURLU_DISALLOW_USER | CURLU_PATH_AS_IS) == CURLUE_OK
        && take_part (url, CURLUPART_SCHEME, 0, scheme)
        && take_part (url, CURLUPART_HOST, 0, host)
        && take_part (url, CURLUPART_PORT, CURLU_DEFAULT_PORT, &port_text)
        && (g_str_equal (*scheme, "https") || g_str_equal (*scheme, "http"));

  curl_url_cleanup (url);
  if (!ok)
    {
      g_clear_pointer (scheme, g_free);
      g_clear_pointer (host, g_free);
      return FALSE;
    }
  *port = (guint) g_ascii_strtoull (port_text, NULL, 10);
  return TRUE;
}

char *
lw_http_dup_host (const char *url, gboolean *is_https, guint *port)
{
  g_autofree char *scheme = NULL;
  char *host = NULL;
  guint number = 0;

  g_return_val_if_fail (url != NULL, NULL);

  if (!lw_http_read_url (url, &scheme, &host, &number))
    return NULL;
  if (port != NULL)
    *port = number;
  if (is_https != NULL)
    *is_https = g_str_equal (scheme, "https");
  return host;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading the one request that the loopback listener waits for. Whoever is on this computer can
 * send one, so that everything is doubted. No state, any thread. */

#include "lw-loopback-request.h"

#include <string.h>

#include "lw-secret.h"

/* Members of a redirect's query; Entra sends four. */
#define MAX_MEMBERS 32

void
lw_loopback_request_clear (LwLoopbackRequest *self)
{
  g_clear_pointer (&self->code, lw_secret_free);
  g_clear_pointer (&self->state, lw_secret_free);
  g_clear_pointer (&self->error, g_free);
  g_clear_pointer (&self->error_description, g_free);
}

/* The Host of a page on another site that was pointed here by its name server differs. */
static gboolean
is_own_host (const char *host, guint16 port)
{
  static const char *const names[] = { "localhost", "127.0.0.1", "[::1]" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *own = g_strdup_printf ("%s:%u", names[i], port);

      if (g_ascii_strcasecmp (host, own) == 0)
        return TRUE;
    }
  return FALSE;
}

/* Exactly one Host, and it is ours. */
static gboolean
check_host (char **lines, guint16 port)
{
  guint n_hosts = 0;
  gboolean is_own = FALSE;

  for (guint i = 1; lines[i] != NULL && *lines[i] != '\0'; i++)
    {
      if (g_ascii_strncasecmp (lines[i], "Host:", strlen ("Host:")) != 0)
        continue;
      n_hosts++;
      is_own = is_own_host (g_strstrip (lines[i] + strlen ("Host:")), port);
    }
  return n_hosts == 1 && is_own;
}

static char **
find_member (LwLoopbackRequest *self, const char *name)
{
  if (strcmp (name, "code") == 0)
    return &self->code;
  if (strcmp (name, "state") == 0)
    return &self->state;
  if (strcmp (name, "error") == 0)
    return &self->error;
  if (strcmp (name, "error_description") == 0)
    return &self->error_description;
  return NULL;
}

/* FALSE when a member is there twice or is not text. */
static gboolean
take_member (LwLoopbackRequest *self, char *pair)
{
  char *value = strchr (pair, '=');
  char **member = NULL;

  if (value == NULL)
    return TRUE;
  *value++ = '\0';
  member = find_member (self, pair);
  if (member == NULL)
    return TRUE;
  if (*member != NULL)
    return FALSE;
  g_strdelimit (value, "+", ' ');
  *member = g_uri_unescape_string (value, NULL);
  return *member != NULL && **member != '\0' && g_utf8_validate (*member, -1, NULL);
}

static gboolean
parse_query (LwLoopbackRequest *self, const char *query)
{
  g_auto (GStrv) pairs = g_strsplit (query, "&", MAX_MEMBERS + 1);

  if (g_strv_length (pairs) > MAX_MEMBERS)
    return FALSE;
  for (guint i = 0; pairs[i] != NULL; i++)
    if (!take_member (self, pairs[i]))
      return FALSE;
  return self->state != NULL && (self->code != NULL) != (self->error != NULL);
}

guint
lw_loopback_request_parse (LwLoopbackRequest *self, const char *head, gsize length, guint16 port)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_auto (GStrv) words = NULL;
  const char *target = NULL;

  g_return_val_if_fail (self != NULL, 400);
  g_return_val_if_fail (head != NULL, 400);

  if (length > LW_LOOPBACK_MAX_HEAD || memchr (head, '\0', length) != NULL)
    return 400;
  text = g_strndup (head, length);
  lines = g_strsplit (text, "\r\n", -1);
  if (lines[0] == NULL)
    return 400;
  words = g_strsplit (lines[0], " ", 4);
  if (g_strv_length (words) != 3 || !g_str_has_prefix (words[2], "HTTP/1."))
    return 400;
  if (!check_host (lines, port))
    return 421;
  if (strcmp (words[0], "GET") != 0)
    return 405;
  target = words[1];
  if (strncmp (target, "/?", 2) != 0 || !parse_query (self, target + 2))
    {
      lw_loopback_request_clear (self);
      return 404;
    }
  return 200;
}

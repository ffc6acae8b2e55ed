/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading a WWW-Authenticate header far enough to find Entra's claims challenge. No state, any
 * thread. */

#include "lw-challenge.h"

#include <string.h>

#include "lw-base64url.h"
#include "lw-json.h"

/* Characters that separate, beside those that a token of RFC 9110 may hold. */
#define SPACE " \t"

static gboolean
is_token_char (char c)
{
  return g_ascii_isalnum (c) || (c != '\0' && strchr ("!#$%&'*+-.^_`|~/", c) != NULL);
}

static char *
dup_token (const char **cursor)
{
  const char *start = *cursor;

  while (is_token_char (**cursor))
    (*cursor)++;
  return g_strndup (start, (gsize) (*cursor - start));
}

/* A quoted string, which may hold commas and backslash escapes; the cursor is on its first quote.
 */
static char *
dup_quoted (const char **cursor)
{
  GString *text = g_string_new (NULL);

  (*cursor)++;
  while (**cursor != '\0' && **cursor != '"')
    {
      if (**cursor == '\\' && (*cursor)[1] != '\0')
        (*cursor)++;
      g_string_append_c (text, **cursor);
      (*cursor)++;
    }
  if (**cursor == '"')
    (*cursor)++;
  return g_string_free (text, FALSE);
}

/* The value behind "name =", quoted or not. */
static char *
dup_value (const char **cursor)
{
  const char *start = NULL;

  *cursor += strspn (*cursor, SPACE);
  if (**cursor == '"')
    return dup_quoted (cursor);
  start = *cursor;
  *cursor += strcspn (*cursor, SPACE ",");
  return g_strndup (start, (gsize) (*cursor - start));
}

static char *
decode_claims (const char *encoded)
{
  g_autoptr (GBytes) bytes = lw_base64url_decode (encoded);
  g_autoptr (LwJsonDocument) document = lw_json_parse (bytes, NULL);

  if (document == NULL || !lw_json_is_object (lw_json_document_get_root (document)))
    return NULL;
  return lw_json_print (lw_json_document_get_root (document), FALSE);
}

char *
lw_challenge_dup_claims (const char *header)
{
  const char *cursor = header;
  g_autofree char *claims = NULL;

  g_return_val_if_fail (header != NULL, NULL);

  if (strlen (header) > LW_CHALLENGE_MAX)
    return NULL;
  while (*cursor != '\0')
    {
      g_autofree char *name = NULL;
      g_autofree char *value = NULL;

      cursor += strspn (cursor, SPACE ",");
      name = dup_token (&cursor);
      cursor += strspn (cursor, SPACE);
      if (*cursor != '=')
        {
          /* The name of a scheme, or a character that belongs to nothing. */
          if (*name == '\0' && *cursor != '\0')
            cursor++;
          continue;
        }
      cursor++;
      value = dup_value (&cursor);
      if (g_ascii_strcasecmp (name, "claims") != 0)
        continue;
      if (claims != NULL)
        return NULL;
      claims = g_steal_pointer (&value);
    }
  return claims != NULL ? decode_claims (claims) : NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A pass over the text of a document before json-glib parses it. json-glib 1.6 has no limit of
 * depth and no strict mode, and half of a surrogate pair makes it lose the end of the string. No
 * grammar is checked here beyond that; no state, any thread. */

#include "lw-json-scan.h"

#include <string.h>

#include "lw-error.h"
#include "lw-json.h"

/* Whatever may stand outside a string; the letters are those of true, false, null and exponents. */
static const char outside[] = " \t\r\n{}[]:,\"+-.0123456789eEtrufalsn";

static gboolean
malformed (GError **error, gsize offset)
{
  g_set_error (error, LW_ERROR, LW_ERROR_MALFORMED, "not JSON at byte %" G_GSIZE_FORMAT, offset);
  return FALSE;
}

/* The code unit of an escape "\uXXXX" at @text, or -1. */
static int
read_unit (const char *text, gsize left)
{
  int unit = 0;

  if (left < 6 || text[0] != '\\' || text[1] != 'u')
    return -1;
  for (int i = 2; i < 6; i++)
    {
      int digit = g_ascii_xdigit_value (text[i]);

      if (digit < 0)
        return -1;
      unit = unit * 16 + digit;
    }
  return unit;
}

/* Length of the escape at @text, or 0 when it is none. */
static gsize
scan_escape (char *text, gsize left)
{
  int unit = read_unit (text, left);

  if (left >= 2 && text[1] != 'u')
    return strchr ("\"\\/bfnrt", text[1]) != NULL ? 2 : 0;
  if (unit < 0)
    return 0;
  if (unit >= 0xD800 && unit < 0xDC00)
    {
      int low = read_unit (text + 6, left - 6);

      if (low >= 0xDC00 && low < 0xE000)
        return 12;
    }
  if (unit == 0 || (unit >= 0xD800 && unit < 0xE000))
    memcpy (text, "\\ufffd", 6);
  return 6;
}

/* Moves @at from behind the opening quote to behind the closing one. */
static gboolean
scan_string (char *text, gsize length, gsize *at, GError **error)
{
  while (*at < length && text[*at] != '"')
    {
      gsize step = 1;

      if (text[*at] == '\\')
        step = scan_escape (text + *at, length - *at);
      if (step == 0)
        return malformed (error, *at);
      *at += step;
    }
  if (*at >= length)
    return malformed (error, length);
  *at += 1;
  return TRUE;
}

gboolean
lw_json_scan (char *text, gsize length, GError **error)
{
  guint depth = 0;
  gboolean ended = FALSE;
  gsize at = 0;

  g_return_val_if_fail (text != NULL, FALSE);

  while (at < length)
    {
      char c = text[at];

      if (c == '\0' || strchr (outside, c) == NULL || (ended && !g_ascii_isspace (c)))
        return malformed (error, at);
      at++;
      if (c == '"' && !scan_string (text, length, &at, error))
        return FALSE;
      if (c == '{' || c == '[')
        depth++;
      if (c == '}' || c == ']')
        {
          if (depth == 0)
            return malformed (error, at);
          depth--;
          ended = depth == 0;
        }
      if (depth > LW_JSON_MAX_DEPTH)
        {
          g_set_error (error, LW_ERROR, LW_ERROR_TOO_LARGE, "JSON is nested deeper than %d",
                       LW_JSON_MAX_DEPTH);
          return FALSE;
        }
    }
  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Numbers and strings of Python. Values only: any thread. */

#include "lw-python-literal.h"

/* A text and where it ends. */
typedef struct
{
  const char *text;
  gsize max;
} Span;

static char
at (const Span *self, gsize offset)
{
  return offset < self->max ? self->text[offset] : '\0';
}

/* Digits with single underscores between them; returns where they end, or @from for none. */
static gsize
skip_digits (const Span *self, gsize from, const char *digits)
{
  gsize p = from;

  while (at (self, p) != '\0' && strchr (digits, at (self, p)) != NULL)
    {
      p++;
      if (at (self, p) == '_' && at (self, p + 1) != '\0' &&
          strchr (digits, at (self, p + 1)) != NULL)
        p++;
    }
  return p;
}

#define DECIMAL "0123456789"

static gsize
skip_exponent (const Span *self, gsize from)
{
  gsize p = from;
  gsize digits;

  if (at (self, p) != 'e' && at (self, p) != 'E')
    return from;
  p++;
  if (at (self, p) == '+' || at (self, p) == '-')
    p++;
  digits = skip_digits (self, p, DECIMAL);
  return digits > p ? digits : from;
}

static gsize
match_float (const Span *self, gsize from)
{
  gsize whole = skip_digits (self, from, DECIMAL);
  gsize p;

  if (at (self, whole) == '.')
    {
      p = skip_digits (self, whole + 1, DECIMAL);
      if (whole > from || p > whole + 1)
        return skip_exponent (self, p);
      return from;
    }
  if (whole == from)
    return from;
  p = skip_exponent (self, whole);
  return p > whole ? p : from;
}

static gsize
match_based (const Span *self, gsize from)
{
  static const struct
  {
    char low, high;
    const char *digits;
  } bases[] = {
    { 'x', 'X', "0123456789abcdefABCDEF" },
    { 'b', 'B', "01" },
    { 'o', 'O', "01234567" },
  };

  if (at (self, from) != '0')
    return from;
  for (gsize i = 0; i < G_N_ELEMENTS (bases); i++)
    {
      gsize p = from + 2;
      gsize end;

      if (at (self, from + 1) != bases[i].low && at (self, from + 1) != bases[i].high)
        continue;
      if (at (self, p) == '_')
        p++;
      end = skip_digits (self, p, bases[i].digits);
      return end > p ? end : from;
    }
  return from;
}

gsize
lw_python_literal_match_number (const char *text, gsize from, gsize max)
{
  const Span span = { text, max };
  const Span *self = &span;
  gsize whole = skip_digits (self, from, DECIMAL);
  gsize p;

  if (whole > from && (at (self, whole) == 'j' || at (self, whole) == 'J'))
    return whole + 1;
  p = match_float (self, from);
  if (p > from)
    return at (self, p) == 'j' || at (self, p) == 'J' ? p + 1 : p;
  p = match_based (self, from);
  if (p > from || whole == from)
    return p;
  return at (self, from) == '0' ? skip_digits (self, from, "0") : whole;
}

/* One escape behind the backslash at @p; returns what follows it. Unknown ones stay as they are,
 * backslash included, as in Python. */
static const char *
append_escape (GString *out, const char *p, const char *end)
{
  static const char names[] = "\\'\"abfnrtv";
  static const char values[] = "\\'\"\a\b\f\n\r\t\v";
  const char *name = strchr (names, *p);
  guint digits = *p == 'x' ? 2 : *p == 'u' ? 4 : *p == 'U' ? 8 : 0;
  gunichar value = 0;

  if (*p == '\n')
    return p + 1;
  if (*p == '\r')
    return p + (p + 1 < end && p[1] == '\n' ? 2 : 1);
  if (name != NULL)
    {
      g_string_append_c (out, values[name - names]);
      return p + 1;
    }
  if (*p >= '0' && *p <= '7')
    {
      for (guint i = 0; i < 3 && p < end && *p >= '0' && *p <= '7'; i++)
        value = value * 8 + (gunichar) (*p++ - '0');
    }
  else if (digits > 0 && end - p > (gssize) digits)
    {
      for (guint i = 1; i <= digits; i++)
        value = value * 16 + (gunichar) MAX (g_ascii_xdigit_value (p[i]), 0);
      p += digits + 1;
    }
  else
    {
      g_string_append_c (out, '\\');
      return p;
    }
  g_string_append_unichar (out, value != 0 && g_unichar_validate (value) ? value : 0xfffd);
  return p;
}

char *
lw_python_literal_dup_string (const char *text, gsize length)
{
  const char *p = text;
  const char *end = text + length;
  gboolean raw = FALSE;
  gsize quotes;
  GString *out;

  for (; p < end && *p != '\'' && *p != '"'; p++)
    {
      if (strchr ("bBfF", *p) != NULL)
        return NULL;
      raw = raw || *p == 'r' || *p == 'R';
    }
  quotes = end - p >= 6 && p[1] == p[0] && p[2] == p[0] ? 3 : 1;
  p += quotes;
  end -= quotes;
  out = g_string_sized_new ((gsize) MAX (end - p, 0));
  while (p < end)
    {
      if (*p == '\\' && !raw && p + 1 < end)
        p = append_escape (out, p + 1, end);
      else
        g_string_append_c (out, *p++);
    }
  return g_string_free (out, FALSE);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From the bytes of a notebook to a JSON tree. One pass over the bytes finds what json-glib would
 * recurse into without end, refuse or cut off; only then is a copy made and mended. Values only:
 * any thread. */

#include "lw-notebook-json.h"

#include "lw-error.h"
#include "lw-notebook.h"

/* One pass over the text. */
typedef struct
{
  const char *text; /* borrowed; as given, or the copy */
  gsize length;
  char *copy;       /* owned (nullable): made for the first thing to mend */
} Pass;

static void
mend (Pass *self, gsize at, gsize length, const char *with)
{
  if (self->copy == NULL)
    {
      self->copy = g_memdup2 (self->text, self->length);
      self->text = self->copy;
    }
  memset (self->copy + at, ' ', length);
  memcpy (self->copy + at, with, strlen (with));
}

static gboolean
has (const Pass *self, gsize at, const char *what)
{
  gsize n = strlen (what);

  return self->length - at >= n && memcmp (self->text + at, what, n) == 0;
}

/* Four hexadecimal digits behind "\u"; -1 for anything else. */
static int
read_unit (const Pass *self, gsize at)
{
  int value = 0;

  if (!has (self, at, "\\u") || self->length - at < 6)
    return -1;
  for (gsize i = at + 2; i < at + 6; i++)
    {
      if (!g_ascii_isxdigit (self->text[i]))
        return -1;
      value = value * 16 + g_ascii_xdigit_value (self->text[i]);
    }
  return value;
}

/* An escape in a string: returns behind it, mended when no C string can hold it. */
static gsize
pass_escape (Pass *self, gsize at)
{
  int unit = read_unit (self, at);
  int low;

  if (unit < 0)
    return at + 2;
  if (unit >= 0xd800 && unit <= 0xdbff)
    {
      low = at + 6 < self->length ? read_unit (self, at + 6) : -1;
      if (low >= 0xdc00 && low <= 0xdfff)
        return at + 12;
    }
  if (unit == 0 || (unit >= 0xd800 && unit <= 0xdfff))
    mend (self, at, 6, "\\ufffd");
  return at + 6;
}

static gsize
pass_string (Pass *self, gsize at)
{
  gsize p = at + 1;

  while (p < self->length && self->text[p] != '"')
    p = self->text[p] == '\\' ? pass_escape (self, p) : p + 1;
  return p + 1;
}

static gsize
pass_number_name (Pass *self, gsize at)
{
  static const char *const names[] = { "NaN", "Infinity", "-Infinity" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      if (has (self, at, names[i]))
        {
          mend (self, at, strlen (names[i]), "0");
          return at + strlen (names[i]);
        }
    }
  return at + 1;
}

static gboolean
pass_all (Pass *self, GError **error)
{
  guint depth = 0;

  for (gsize p = 0; p < self->length;)
    {
      char c = self->text[p];

      if (c == '"')
        p = pass_string (self, p);
      else if (c == 'N' || c == 'I' || c == '-')
        p = pass_number_name (self, p);
      else
        p++;
      if (c == '[' || c == '{')
        depth++;
      else if ((c == ']' || c == '}') && depth > 0)
        depth--;
      if (depth > LW_NOTEBOOK_MAX_DEPTH)
        {
          g_set_error (error, LW_ERROR, LW_ERROR_MALFORMED, "nested deeper than %d",
                       LW_NOTEBOOK_MAX_DEPTH);
          return FALSE;
        }
    }
  return TRUE;
}

JsonParser *
lw_notebook_json_parse (GBytes *bytes, GError **error)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  const char *bad;
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) parse_error = NULL;
  g_autofree char *copy = NULL;
  Pass pass = { .text = data != NULL ? data : "", .length = length };

  if (has (&pass, 0, "\xef\xbb\xbf"))
    {
      pass.text += 3;
      pass.length -= 3;
    }
  if (!g_utf8_validate_len (pass.text, pass.length, &bad))
    {
      g_set_error (error, LW_ERROR, LW_ERROR_MALFORMED, "no UTF-8 at byte %" G_GSIZE_FORMAT,
                   (gsize) (bad - data));
      return NULL;
    }
  if (!pass_all (&pass, error))
    {
      g_free (pass.copy);
      return NULL;
    }
  copy = pass.copy;
  if (!json_parser_load_from_data (parser, pass.text, (gssize) pass.length, &parse_error))
    {
      g_set_error (error, LW_ERROR, LW_ERROR_MALFORMED, "no JSON: %s", parse_error->message);
      return NULL;
    }
  if (json_parser_get_root (parser) == NULL
      || !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    {
      g_set_error_literal (error, LW_ERROR, LW_ERROR_MALFORMED, "no JSON object");
      return NULL;
    }
  return g_steal_pointer (&parser);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Text by lines and the few string functions of Python that the conversion has to repeat exactly.
 * Plain values without state: any thread, freed by whoever made them. */

#include "lw-python-lines.h"

LwPythonLines *
lw_python_lines_new (void)
{
  LwPythonLines *self = g_new (LwPythonLines, 1);

  self->text = g_string_new (NULL);
  self->starts = g_array_new (FALSE, FALSE, sizeof (gsize));
  return self;
}

void
lw_python_lines_free (LwPythonLines *self)
{
  if (self == NULL)
    return;
  g_string_free (self->text, TRUE);
  g_array_unref (self->starts);
  g_free (self);
}

void
lw_python_lines_append (LwPythonLines *self, const char *line, gsize length)
{
  gsize start = self->text->len;

  g_array_append_val (self->starts, start);
  g_string_append_len (self->text, line, (gssize) length);
}

void
lw_python_lines_append_range (LwPythonLines *self, const LwPythonLines *other, gsize first, gsize n)
{
  for (gsize i = first; i < first + n; i++)
    {
      gsize length;
      const char *line = lw_python_lines_get (other, i, &length);

      lw_python_lines_append (self, line, length);
    }
}

gsize
lw_python_lines_get_n (const LwPythonLines *self)
{
  return self->starts->len;
}

gsize
lw_python_lines_get_start (const LwPythonLines *self, gsize index)
{
  if (index >= self->starts->len)
    return self->text->len;
  return g_array_index (self->starts, gsize, index);
}

const char *
lw_python_lines_get (const LwPythonLines *self, gsize index, gsize *length)
{
  gsize start = lw_python_lines_get_start (self, index);

  *length = lw_python_lines_get_start (self, index + 1) - start;
  return self->text->str + start;
}

static gboolean
ends_line (gunichar c, gboolean wide)
{
  if (c == '\n' || c == '\r')
    return TRUE;
  return wide && (c == '\v' || c == '\f' || (c >= 0x1c && c <= 0x1e) || c == 0x85 || c == 0x2028 ||
                  c == 0x2029);
}

static LwPythonLines *
split (const char *text, gboolean wide)
{
  LwPythonLines *self = lw_python_lines_new ();
  const char *start = text;

  for (const char *p = text; *p != '\0';)
    {
      gunichar c = g_utf8_get_char (p);

      p = g_utf8_next_char (p);
      if (!ends_line (c, wide))
        continue;
      if (c == '\r' && *p == '\n')
        p++;
      lw_python_lines_append (self, start, (gsize) (p - start));
      start = p;
    }
  if (*start != '\0')
    lw_python_lines_append (self, start, strlen (start));
  return self;
}

LwPythonLines *
lw_python_lines_new_split (const char *text)
{
  return split (text, FALSE);
}

LwPythonLines *
lw_python_lines_new_split_wide (const char *text)
{
  return split (text, TRUE);
}

gboolean
lw_python_is_space (gunichar c)
{
  if ((c >= '\t' && c <= '\r') || (c >= 0x1c && c <= ' ') || c == 0x85)
    return TRUE;
  if (c < 0x80)
    return FALSE;
  return g_unichar_type (c) == G_UNICODE_SPACE_SEPARATOR || c == 0x2028 || c == 0x2029;
}

gboolean
lw_python_is_word (gunichar c)
{
  if (c < 0x80)
    return g_ascii_isalnum ((char) c) || c == '_';

  switch ((int) g_unichar_type (c))
    {
    case G_UNICODE_UPPERCASE_LETTER:
    case G_UNICODE_LOWERCASE_LETTER:
    case G_UNICODE_TITLECASE_LETTER:
    case G_UNICODE_MODIFIER_LETTER:
    case G_UNICODE_OTHER_LETTER:
    case G_UNICODE_DECIMAL_NUMBER:
    case G_UNICODE_LETTER_NUMBER:
    case G_UNICODE_OTHER_NUMBER:
      return TRUE;
    default:
      return FALSE;
    }
}

gsize
lw_python_rstrip (const char *text, gsize length)
{
  while (length > 0)
    {
      const char *last = g_utf8_find_prev_char (text, text + length);

      if (last == NULL || !lw_python_is_space (g_utf8_get_char (last)))
        break;
      length = (gsize) (last - text);
    }
  return length;
}

/* str.isprintable(): a space is, other separators, controls, formats and unassigned are not. */
static gboolean
is_printable (gunichar c)
{
  if (c < 0x80)
    return c >= ' ' && c != 0x7f;

  switch ((int) g_unichar_type (c))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_SURROGATE:
    case G_UNICODE_PRIVATE_USE:
    case G_UNICODE_UNASSIGNED:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
    case G_UNICODE_SPACE_SEPARATOR:
      return FALSE;
    default:
      return TRUE;
    }
}

static void
append_escaped (GString *out, gunichar c, char quote)
{
  if (c == '\n')
    g_string_append (out, "\\n");
  else if (c == '\r')
    g_string_append (out, "\\r");
  else if (c == '\t')
    g_string_append (out, "\\t");
  else if (c == '\\' || c == (gunichar) (guchar) quote)
    g_string_append_printf (out, "\\%c", (char) c);
  else if (is_printable (c))
    g_string_append_unichar (out, c);
  else if (c < 0x100)
    g_string_append_printf (out, "\\x%02x", c);
  else if (c < 0x10000)
    g_string_append_printf (out, "\\u%04x", c);
  else
    g_string_append_printf (out, "\\U%08x", c);
}

char *
lw_python_repr (const char *text, gssize length)
{
  gsize n = length < 0 ? strlen (text) : (gsize) length;
  gboolean has_single = memchr (text, '\'', n) != NULL;
  gboolean has_double = memchr (text, '"', n) != NULL;
  char quote = has_single && !has_double ? '"' : '\'';
  GString *out = g_string_sized_new (n + 2);

  g_string_append_c (out, quote);
  for (const char *p = text; p < text + n; p = g_utf8_next_char (p))
    append_escaped (out, g_utf8_get_char (p), quote);
  g_string_append_c (out, quote);
  return g_string_free (out, FALSE);
}

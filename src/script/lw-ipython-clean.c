/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The cleaning that IPython 8.5 does before it looks for special syntax. Values only: any thread.
 */

#include "lw-ipython-clean.h"

static LwPythonLines *
drop_leading_blank_lines (const LwPythonLines *lines)
{
  LwPythonLines *result = lw_python_lines_new ();
  gsize n = lw_python_lines_get_n (lines);
  gsize first;

  for (first = 0; first < n; first++)
    {
      gsize length;
      const char *line = lw_python_lines_get (lines, first, &length);

      if (lw_python_rstrip (line, length) > 0)
        break;
    }
  if (first == n)
    first = 0;
  lw_python_lines_append_range (result, lines, first, n - first);
  return result;
}

static LwPythonLines *
drop_leading_indent (const LwPythonLines *lines)
{
  LwPythonLines *result = lw_python_lines_new ();
  gsize n = lw_python_lines_get_n (lines);
  gsize indent = 0;
  const char *space = NULL;

  for (gsize i = 0; i < n; i++)
    {
      gsize length;
      const char *line = lw_python_lines_get (lines, i, &length);
      gsize skip;

      if (i == 0)
        {
          space = line;
          while (indent < length && (line[indent] == ' ' || line[indent] == '\t'))
            indent++;
        }
      skip = length >= indent && memcmp (line, space, indent) == 0 ? indent : 0;
      lw_python_lines_append (result, line + skip, length - skip);
    }
  return result;
}

/* Each returns how many bytes of a prompt the line begins with; 0 for none. */
typedef gsize (*PromptFunc) (const char *line, gsize length);

static gboolean
has_prefix (const char *line, gsize length, const char *prefix)
{
  return length >= strlen (prefix) && memcmp (line, prefix, strlen (prefix)) == 0;
}

/* ">>> ", or ">>>" alone in its line. */
static gsize
match_plain_prompt (const char *line, gsize length, const char *prompt)
{
  gsize n = strlen (prompt);

  if (!has_prefix (line, length, prompt))
    return 0;
  if (length > n && line[n] == ' ')
    return n + 1;
  return length == n || (length == n + 1 && line[n] == '\n') ? n : 0;
}

static gsize
match_classic_first (const char *line, gsize length)
{
  return match_plain_prompt (line, length, ">>>");
}

static gsize
match_classic (const char *line, gsize length)
{
  gsize n = match_plain_prompt (line, length, ">>>");

  return n > 0 ? n : match_plain_prompt (line, length, "...");
}

/* "In [12]: ", with the mark of an editing mode before it or not. */
static gsize
match_in_prompt (const char *line, gsize length)
{
  gsize p = 0;
  gsize digits;

  if (has_prefix (line, length, "[nav] ") || has_prefix (line, length, "[ins] "))
    p = 6;
  else if (has_prefix (line, length, " "))
    p = 1;
  if (!has_prefix (line + p, length - p, "In ["))
    return 0;
  p += 4;
  for (digits = p; digits < length && g_unichar_isdigit (g_utf8_get_char (line + digits));)
    digits = (gsize) (g_utf8_next_char (line + digits) - line);
  if (digits == p || !has_prefix (line + digits, length - digits, "]: "))
    return 0;
  return digits + 3;
}

/* "   ...: " */
static gsize
match_dots_prompt (const char *line, gsize length)
{
  gsize p = 0;
  gsize dots;

  while (p < length && lw_python_is_space (g_utf8_get_char (line + p)))
    p = (gsize) (g_utf8_next_char (line + p) - line);
  for (dots = p; dots < length && line[dots] == '.';)
    dots++;
  if (dots - p < 3 || dots == length || line[dots] != ':')
    return 0;
  return dots + 1 < length && line[dots + 1] == ' ' ? dots + 2 : dots + 1;
}

static gsize
match_ipython (const char *line, gsize length)
{
  gsize n = match_in_prompt (line, length);

  return n > 0 ? n : match_dots_prompt (line, length);
}

static LwPythonLines *
drop_prompts (const LwPythonLines *lines, PromptFunc first, PromptFunc any)
{
  LwPythonLines *result = lw_python_lines_new ();
  gsize n = lw_python_lines_get_n (lines);
  gboolean strip = FALSE;

  for (gsize i = 0; i < n; i++)
    {
      gsize length;
      const char *line = lw_python_lines_get (lines, i, &length);

      if (i == 0)
        {
          gsize second_length = 0;
          const char *second = n > 1 ? lw_python_lines_get (lines, 1, &second_length) : NULL;

          strip = first (line, length) > 0 || (second != NULL && any (second, second_length) > 0);
        }
      if (strip)
        {
          gsize skip = any (line, length);

          line += skip;
          length -= skip;
        }
      lw_python_lines_append (result, line, length);
    }
  return result;
}

LwPythonLines *
lw_ipython_clean (const LwPythonLines *lines)
{
  g_autoptr (LwPythonLines) filled = drop_leading_blank_lines (lines);
  g_autoptr (LwPythonLines) left = drop_leading_indent (filled);
  g_autoptr (LwPythonLines) plain = drop_prompts (left, match_classic_first, match_classic);

  return drop_prompts (plain, match_ipython, match_ipython);
}

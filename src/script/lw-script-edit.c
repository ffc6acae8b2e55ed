/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Taking one line out of a script and putting it back. Text in, text out: any thread. */

#include "lw-script-edit.h"

#include "lw-python-lines.h"

static char *
dup_line (const LwPythonLines *lines, gsize index)
{
  gsize length;
  const char *line = lw_python_lines_get (lines, index, &length);

  return g_strndup (line, length);
}

/* Returns: the first line that says @line, or the number of lines */
static gsize
find_line (const LwPythonLines *lines, const char *line)
{
  g_autofree char *wanted = g_strstrip (g_strdup (line));
  gsize n = lw_python_lines_get_n (lines);

  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *text = dup_line (lines, i);

      if (strcmp (g_strstrip (text), wanted) == 0)
        return i;
    }
  return n;
}

gboolean
lw_script_edit_has_line (const char *text, const char *line)
{
  g_autoptr (LwPythonLines) lines = NULL;

  g_return_val_if_fail (text != NULL && line != NULL, FALSE);

  lines = lw_python_lines_new_split (text);
  return find_line (lines, line) < lw_python_lines_get_n (lines);
}

char *
lw_script_edit_remove_line (const char *text, const char *line)
{
  g_autoptr (LwPythonLines) lines = NULL;
  gsize found, end;

  g_return_val_if_fail (text != NULL && line != NULL, NULL);

  lines = lw_python_lines_new_split (text);
  found = find_line (lines, line);
  if (found == lw_python_lines_get_n (lines))
    return NULL;
  end = lw_python_lines_get_start (lines, found + 1);
  g_string_erase (lines->text, (gssize) lw_python_lines_get_start (lines, found),
                  (gssize) (end - lw_python_lines_get_start (lines, found)));
  return g_strdup (lines->text->str);
}

/* How many lines both texts begin with in common. */
static gsize
count_common (const LwPythonLines *a, const LwPythonLines *b)
{
  gsize n = MIN (lw_python_lines_get_n (a), lw_python_lines_get_n (b));
  gsize i;

  for (i = 0; i < n; i++)
    {
      g_autofree char *one = dup_line (a, i);
      g_autofree char *other = dup_line (b, i);

      if (strcmp (one, other) != 0)
        break;
    }
  return i;
}

/* Where in @now the line @index of @original belongs. */
static gsize
find_place (const LwPythonLines *now, const LwPythonLines *original, gsize index)
{
  if (count_common (now, original) >= index)
    return index;
  for (gsize i = index; i > 0; i--)
    {
      g_autofree char *before = dup_line (original, i - 1);
      gsize found;

      if (*g_strstrip (before) == '\0')
        continue;
      found = find_line (now, before);
      if (found < lw_python_lines_get_n (now))
        return found + 1;
    }
  return 0;
}

char *
lw_script_edit_restore_line (const char *text, const char *original, const char *line)
{
  g_autoptr (LwPythonLines) now = NULL;
  g_autoptr (LwPythonLines) was = NULL;
  g_autofree char *restored = NULL;
  gsize index, place, offset;

  g_return_val_if_fail (text != NULL && original != NULL && line != NULL, NULL);

  now = lw_python_lines_new_split (text);
  was = lw_python_lines_new_split (original);
  index = find_line (was, line);
  if (index == lw_python_lines_get_n (was) || find_line (now, line) < lw_python_lines_get_n (now))
    return NULL;
  restored = dup_line (was, index);
  place = find_place (now, was, index);
  offset = lw_python_lines_get_start (now, place);
  /* Behind a last line that does not end. */
  if (offset > 0 && strchr ("\r\n", now->text->str[offset - 1]) == NULL)
    {
      g_string_insert_c (now->text, (gssize) offset, '\n');
      offset++;
    }
  g_string_insert (now->text, (gssize) offset, restored);
  return g_strdup (now->text->str);
}

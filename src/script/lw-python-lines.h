/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LwPythonLines:
 *
 * Text in one piece with a table of where its lines begin, each line with its own end. The table
 * is kept when a line is rewritten, so that a line stays one line whatever it holds.
 */
typedef struct
{
  GString *text;  /* owned */
  GArray *starts; /* owned; of gsize: offset of each line in text */
} LwPythonLines;

LwPythonLines *lw_python_lines_new (void);

/** lw_python_lines_new_split: lines end as for Python's compiler: \n, \r\n, \r */
LwPythonLines *lw_python_lines_new_split (const char *text);

/**
 * lw_python_lines_new_split_wide: lines end as for Python's str.splitlines(): also at \v, \f,
 * U+001C to U+001E, U+0085, U+2028 and U+2029
 */
LwPythonLines *lw_python_lines_new_split_wide (const char *text);

void lw_python_lines_free (LwPythonLines *self);

/** lw_python_lines_append: adds one line of @length bytes, its end included */
void lw_python_lines_append (LwPythonLines *self, const char *line, gsize length);

/** lw_python_lines_append_range: adds @n lines of @other from line @first */
void lw_python_lines_append_range (LwPythonLines *self, const LwPythonLines *other, gsize first,
                                   gsize n);

gsize lw_python_lines_get_n (const LwPythonLines *self);

/** lw_python_lines_get: Returns: (transfer none): line @index, not terminated */
const char *lw_python_lines_get (const LwPythonLines *self, gsize index, gsize *length);

/** lw_python_lines_get_start: Returns: offset of line @index; behind the last, the end of all */
gsize lw_python_lines_get_start (const LwPythonLines *self, gsize index);

/** lw_python_is_space: Returns: what str.isspace() of Python says of @c */
gboolean lw_python_is_space (gunichar c);

/** lw_python_is_word: Returns: whether \w of Python's regular expressions matches @c */
gboolean lw_python_is_word (gunichar c);

/** lw_python_rstrip: Returns: the length of @text without trailing white space */
gsize lw_python_rstrip (const char *text, gsize length);

/**
 * lw_python_repr:
 *
 * Returns: (transfer full): @text as repr() of a Python string writes it
 */
char *lw_python_repr (const char *text, gssize length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwPythonLines, lw_python_lines_free)

G_END_DECLS

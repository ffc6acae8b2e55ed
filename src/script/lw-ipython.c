/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What IPython 8.5 does to a cell before Python sees it. The cell is cut into tokens, the first
 * piece of special syntax is rewritten, and all is cut anew, as what follows such a piece may have
 * been no Python before. Only values on the stack: any thread. */

#include "lw-ipython.h"

#include "lw-ipython-clean.h"
#include "lw-python-tokens.h"

/* IPython gives up on a cell that still changes after so many rewritings; what is done stays. */
#define MAX_REWRITES 500

typedef enum
{
  FOUND_ASSIGN_MAGIC,
  FOUND_ASSIGN_SYSTEM,
  FOUND_ESCAPE,
  FOUND_HELP,
} FoundKind;

/* One piece of special syntax. */
typedef struct
{
  FoundKind kind;
  gsize line;     /* where it begins */
  gsize start;    /* offset into the whole text */
  gsize end_line; /* of help: the line of its question mark */
} Found;

/* The tokens of one logical line. */
typedef struct
{
  const LwPythonToken *tokens; /* borrowed */
  gsize n;
} Statement;

/* Cell magics */

/* "%%name?" asks for help on a cell magic and is none. */
static gboolean
is_cell_magic_help (const char *line, gsize length)
{
  gsize p = 2;

  while (p < length && lw_python_is_word (g_utf8_get_char (line + p)))
    p = (gsize) (g_utf8_next_char (line + p) - line);
  return p > 2 && p < length && line[p] == '?';
}

/* The first @length bytes of @text up to the first space, and what follows it. */
static void
partition (const char *text, gsize length, gsize *name_length, const char **rest,
           gsize *rest_length)
{
  const char *space = memchr (text, ' ', length);

  *name_length = space != NULL ? (gsize) (space - text) : length;
  *rest = space != NULL ? space + 1 : text + length;
  *rest_length = (gsize) (text + length - *rest);
}

/* Returns: (nullable): the call that the whole cell becomes */
static LwPythonLines *
rewrite_cell_magic (const LwPythonLines *lines)
{
  LwPythonLines *result;
  gsize length, name_length, rest_length;
  const char *line = lw_python_lines_get (lines, 0, &length);
  const char *rest;
  const char *body = lines->text->str + lw_python_lines_get_start (lines, 1);
  g_autofree char *name_repr = NULL;
  g_autofree char *rest_repr = NULL;
  g_autofree char *body_repr = NULL;
  g_autofree char *call = NULL;

  if (length < 2 || memcmp (line, "%%", 2) != 0 || is_cell_magic_help (line, length))
    return NULL;
  partition (line + 2, lw_python_rstrip (line, length) - 2, &name_length, &rest, &rest_length);
  name_repr = lw_python_repr (line + 2, (gssize) name_length);
  rest_repr = lw_python_repr (rest, (gssize) rest_length);
  body_repr = lw_python_repr (body, -1);
  call = g_strdup_printf ("get_ipython().run_cell_magic(%s, %s, %s)\n", name_repr, rest_repr,
                          body_repr);
  result = lw_python_lines_new ();
  lw_python_lines_append (result, call, strlen (call));
  return result;
}

/* Finding special syntax among the tokens */

static gboolean
is_any_of (const LwPythonToken *token, const LwPythonLines *lines, const char *characters)
{
  return token->end - token->start == 1 &&
         strchr (characters, lines->text->str[token->start]) != NULL;
}

/* The first "=" outside brackets, or @statement's length. */
static gsize
find_assignment (const Statement *statement, const LwPythonLines *lines)
{
  guint depth = 0;

  for (gsize i = 0; i < statement->n; i++)
    {
      const LwPythonToken *token = &statement->tokens[i];

      if (depth == 0 && lw_python_token_is (token, lines, "="))
        return i;
      if (is_any_of (token, lines, "([{"))
        depth++;
      else if (is_any_of (token, lines, ")]}") && depth > 0)
        depth--;
    }
  return statement->n;
}

static gboolean
find_assign_magic (const Statement *statement, const LwPythonLines *lines, Found *found)
{
  gsize i = find_assignment (statement, lines);

  if (i + 2 >= statement->n || !lw_python_token_is (&statement->tokens[i + 1], lines, "%") ||
      statement->tokens[i + 2].kind != LW_PYTHON_TOKEN_NAME)
    return FALSE;
  found->line = statement->tokens[i + 1].line;
  found->start = statement->tokens[i + 1].start;
  return TRUE;
}

static gboolean
is_blank (const char *text, gsize length)
{
  return lw_python_rstrip (text, length) == 0;
}

/* Whether the first thing in the physical line of @token is "=": such an assignment to a command is
 * left alone. */
static gboolean
line_begins_with_assignment (const LwPythonToken *token, const LwPythonLines *lines)
{
  gsize length;
  const char *line = lw_python_lines_get (lines, token->line, &length);
  const char *end = line + length;

  while (line < end && lw_python_is_space (g_utf8_get_char (line)))
    line = g_utf8_next_char (line);
  return line < end && *line == '=';
}

static gboolean
find_assign_system (const Statement *statement, const LwPythonLines *lines, Found *found)
{
  gsize i = find_assignment (statement, lines);

  if (i == statement->n || line_begins_with_assignment (&statement->tokens[i], lines))
    return FALSE;
  for (i++; i < statement->n && statement->tokens[i].kind == LW_PYTHON_TOKEN_ERROR; i++)
    {
      const LwPythonToken *token = &statement->tokens[i];

      if (lw_python_token_is (token, lines, "!"))
        {
          found->line = token->line;
          found->start = token->start;
          return TRUE;
        }
      if (!is_blank (lines->text->str + token->start, token->end - token->start))
        return FALSE;
    }
  return FALSE;
}

static gsize
skip_indents (const Statement *statement)
{
  gsize i = 0;

  while (i < statement->n && (statement->tokens[i].kind == LW_PYTHON_TOKEN_INDENT ||
                              statement->tokens[i].kind == LW_PYTHON_TOKEN_DEDENT))
    i++;
  return i;
}

static gboolean
find_escape (const Statement *statement, const LwPythonLines *lines, Found *found)
{
  gsize i = skip_indents (statement);

  if (i == statement->n || !is_any_of (&statement->tokens[i], lines, "!?%,;/"))
    return FALSE;
  found->line = statement->tokens[i].line;
  found->start = statement->tokens[i].start;
  return TRUE;
}

static gboolean
find_help (const Statement *statement, const LwPythonLines *lines, Found *found)
{
  gsize i;
  const LwPythonToken *mark;

  if (statement->n <= 2)
    return FALSE;
  mark = &statement->tokens[statement->n - 2];
  if (!lw_python_token_is (mark, lines, "?"))
    return FALSE;
  i = skip_indents (statement);
  found->line = statement->tokens[i].line;
  found->start = statement->tokens[i].start;
  found->end_line = mark->line;
  return TRUE;
}

typedef gboolean (*FindFunc) (const Statement *statement, const LwPythonLines *lines, Found *found);

/* In the order of their rank where two begin at the same place. */
static const struct
{
  FoundKind kind;
  FindFunc find;
} finders[] = {
  { FOUND_HELP, find_help },
  { FOUND_ASSIGN_MAGIC, find_assign_magic },
  { FOUND_ASSIGN_SYSTEM, find_assign_system },
  { FOUND_ESCAPE, find_escape },
};

/* Tokens by logical line; in brackets an end of line ends none. */
static GArray *
group_statements (const GArray *tokens, const LwPythonLines *lines)
{
  GArray *statements = g_array_new (FALSE, FALSE, sizeof (Statement));
  gsize first = 0;
  guint depth = 0;

  for (gsize i = 0; i < tokens->len; i++)
    {
      const LwPythonToken *token = &g_array_index (tokens, LwPythonToken, i);

      if (token->kind == LW_PYTHON_TOKEN_NEWLINE ||
          (token->kind == LW_PYTHON_TOKEN_NL && depth == 0))
        {
          Statement statement = { &g_array_index (tokens, LwPythonToken, first), i + 1 - first };

          g_array_append_val (statements, statement);
          first = i + 1;
        }
      else if (is_any_of (token, lines, "([{"))
        depth++;
      else if (is_any_of (token, lines, ")]}") && depth > 0)
        depth--;
    }
  if (first < tokens->len)
    {
      Statement statement = { &g_array_index (tokens, LwPythonToken, first), tokens->len - first };

      g_array_append_val (statements, statement);
    }
  return statements;
}

/* The first find of each kind, sorted by place and then by rank. Returns: how many */
static gsize
find_all (const GArray *statements, const LwPythonLines *lines, Found *founds)
{
  gsize n = 0;

  for (gsize k = 0; k < G_N_ELEMENTS (finders); k++)
    {
      Found found = { .kind = finders[k].kind };
      gsize i = 0;
      gsize place;

      while (i < statements->len &&
             !finders[k].find (&g_array_index (statements, Statement, i), lines, &found))
        i++;
      if (i == statements->len)
        continue;
      for (place = n; place > 0 && founds[place - 1].start > found.start; place--)
        founds[place] = founds[place - 1];
      founds[place] = found;
      n++;
    }
  return n;
}

/* Rewriting one find */

static gboolean
line_is_continued (const LwPythonLines *lines, gsize index)
{
  gsize length;
  const char *line = lw_python_lines_get (lines, index, &length);

  return length >= 2 && memcmp (line + length - 2, "\\\n", 2) == 0;
}

/* Lines joined by backslashes as one, without the backslashes; @end_line is the last of them. */
static char *
join_continued (const LwPythonLines *lines, const Found *found, gsize *end_line)
{
  GString *joined = g_string_new (NULL);
  gsize n = lw_python_lines_get_n (lines);
  gsize last = found->line;

  while (last < n && line_is_continued (lines, last))
    last++;
  *end_line = last;
  last = MIN (last, n - 1);
  for (gsize i = found->line; i <= last; i++)
    {
      gsize length;
      const char *line = lw_python_lines_get (lines, i, &length);

      if (i == found->line)
        {
          length -= found->start - lw_python_lines_get_start (lines, i);
          line = lines->text->str + found->start;
        }
      length = lw_python_rstrip (line, length);
      if (i < last && length > 0)
        length = (gsize) (g_utf8_find_prev_char (line, line + length) - line);
      if (i > found->line)
        g_string_append_c (joined, ' ');
      g_string_append_len (joined, line, (gssize) length);
    }
  return g_string_free (joined, FALSE);
}

static void
append_line_magic (GString *out, const char *text)
{
  gsize name_length, rest_length;
  const char *rest;
  g_autofree char *name_repr = NULL;
  g_autofree char *rest_repr = NULL;

  partition (text, strlen (text), &name_length, &rest, &rest_length);
  name_repr = lw_python_repr (text, (gssize) name_length);
  rest_repr = lw_python_repr (rest, (gssize) rest_length);
  g_string_append_printf (out, "get_ipython().run_line_magic(%s, %s)", name_repr, rest_repr);
}

static void
append_method (GString *out, const char *method, const char *argument)
{
  g_autofree char *repr = lw_python_repr (argument, -1);

  g_string_append_printf (out, "get_ipython().%s(%s)", method, repr);
}

static void
append_help (GString *out, const char *target, gboolean detailed)
{
  const char *method = detailed ? "pinfo2" : strchr (target, '*') != NULL ? "psearch" : "pinfo";
  g_autofree char *repr = lw_python_repr (target, -1);

  if (*target == '\0')
    g_string_append (out, "get_ipython().show_usage()");
  else
    g_string_append_printf (out, "get_ipython().run_line_magic('%s', %s)", method, repr);
}

/* The words of @text, as str.split() has them, with @separator between them. */
static void
append_words (GString *out, const char *text, const char *separator)
{
  gboolean in_word = FALSE;
  gboolean first = TRUE;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (lw_python_is_space (c))
        {
          in_word = FALSE;
          continue;
        }
      if (!in_word && !first)
        g_string_append (out, separator);
      in_word = TRUE;
      first = FALSE;
      g_string_append_unichar (out, c);
    }
}

/* ",f a b", ";f a b" and "/f a b": a call with its arguments quoted one by one, as one, or not. */
static void
append_quoted_call (GString *out, char escape, const char *text)
{
  gsize name_length, rest_length;
  const char *rest;

  partition (text, strlen (text), &name_length, &rest, &rest_length);
  g_string_append_len (out, text, (gssize) name_length);
  g_string_append (out, escape == '/' ? "(" : "(\"");
  if (escape == ';')
    g_string_append (out, rest);
  else
    append_words (out, rest, escape == ',' ? "\", \"" : ", ");
  g_string_append (out, escape == '/' ? ")" : "\")");
}

static void
append_escape_call (GString *out, const char *text)
{
  char escape = text[0];
  gboolean twice = (escape == '!' || escape == '?') && text[1] == escape;
  const char *content = text + (twice ? 2 : 1);

  switch (escape)
    {
    case '!':
      append_method (out, twice ? "getoutput" : "system", content);
      break;
    case '?':
      append_help (out, content, twice);
      break;
    case '%':
      append_line_magic (out, content);
      break;
    default:
      append_quoted_call (out, escape, content);
    }
}

static gboolean
is_target_character (gunichar c)
{
  return c == '*' || lw_python_is_word (c);
}

/* Where the run of name characters that ends at @end begins. */
static const char *
run_start (const char *text, const char *end)
{
  const char *p = end;

  while (p > text)
    {
      const char *previous = g_utf8_prev_char (p);

      if (!is_target_character (g_utf8_get_char (previous)))
        break;
      p = previous;
    }
  return p;
}

static gboolean
begins_with_digit (const char *p)
{
  return g_unichar_type (g_utf8_get_char (p)) == G_UNICODE_DECIMAL_NUMBER;
}

/* Where the dotted name that ends at @end begins, percent signs included; %NULL for none. */
static const char *
target_start (const char *text, const char *end)
{
  const char *begin = NULL;

  for (const char *stop = end;;)
    {
      const char *run = run_start (text, stop);
      const char *name = run;

      while (name < stop && begins_with_digit (name))
        name = g_utf8_next_char (name);
      if (name == stop)
        break;
      begin = name;
      if (name != run || run == text || run[-1] != '.')
        break;
      stop = run - 1;
    }
  for (guint i = 0; begin != NULL && i < 2 && begin > text && begin[-1] == '%'; i++)
    begin--;
  return begin;
}

/* "name?" and "name??" at the end of a statement. Returns: whether there is such a name */
static gboolean
append_help_end (GString *out, const char *content)
{
  const char *end = content + strlen (content);
  const char *begin;
  g_autofree char *target = NULL;
  guint marks = 0;

  if (end > content && end[-1] == '\n')
    end--;
  for (; end > content && end[-1] == '?'; end--)
    marks++;
  if (marks == 0 || marks > 2)
    return FALSE;
  begin = target_start (content, end);
  if (begin == NULL)
    return FALSE;
  target = g_strndup (begin, (gsize) (end - begin));
  append_help (out, target, marks == 2);
  return TRUE;
}

/* Returns: (nullable): all lines with @found rewritten; %NULL when it was nothing after all */
static LwPythonLines *
rewrite (const LwPythonLines *lines, const Found *found)
{
  gsize line_start = lw_python_lines_get_start (lines, found->line);
  gsize end_line = found->end_line;
  gsize n = lw_python_lines_get_n (lines);
  g_autofree char *text = NULL;
  GString *line = g_string_new_len (lines->text->str + line_start,
                                    (gssize) (found->start - line_start));
  LwPythonLines *result = NULL;
  gboolean done = TRUE;

  if (found->kind == FOUND_HELP)
    text = g_strndup (lines->text->str + found->start,
                      lw_python_lines_get_start (lines, end_line + 1) - found->start);
  else
    text = join_continued (lines, found, &end_line);

  switch (found->kind)
    {
    case FOUND_HELP:
      done = append_help_end (line, text);
      break;
    case FOUND_ASSIGN_MAGIC:
      append_line_magic (line, text + 1);
      break;
    case FOUND_ASSIGN_SYSTEM:
      append_method (line, "getoutput", text + 1);
      break;
    case FOUND_ESCAPE:
    default:
      append_escape_call (line, text);
      break;
    }
  if (done)
    {
      g_string_append_c (line, '\n');
      result = lw_python_lines_new ();
      lw_python_lines_append_range (result, lines, 0, found->line);
      lw_python_lines_append (result, line->str, line->len);
      if (end_line + 1 < n)
        lw_python_lines_append_range (result, lines, end_line + 1, n - end_line - 1);
    }
  g_string_free (line, TRUE);
  return result;
}

/* Returns: (nullable): @lines with the first piece of special syntax rewritten; %NULL for none */
static LwPythonLines *
rewrite_first (const LwPythonLines *lines)
{
  g_autoptr (GArray) tokens = lw_python_tokens_read (lines);
  g_autoptr (GArray) statements = group_statements (tokens, lines);
  Found founds[G_N_ELEMENTS (finders)];
  gsize n = find_all (statements, lines, founds);

  for (gsize i = 0; i < n; i++)
    {
      LwPythonLines *result = rewrite (lines, &founds[i]);

      if (result != NULL)
        return result;
    }
  return NULL;
}

static void
replace_lines (LwPythonLines **lines, LwPythonLines *with)
{
  lw_python_lines_free (*lines);
  *lines = with;
}

char *
lw_ipython_transform_cell (const char *source)
{
  g_autoptr (LwPythonLines) lines = NULL;
  g_autofree char *ended = NULL;
  LwPythonLines *next;

  g_return_val_if_fail (source != NULL, NULL);

  ended = g_strconcat (source, g_str_has_suffix (source, "\n") ? "" : "\n", NULL);
  lines = lw_python_lines_new_split_wide (ended);
  replace_lines (&lines, lw_ipython_clean (lines));
  next = rewrite_cell_magic (lines);
  if (next != NULL)
    replace_lines (&lines, next);
  for (guint i = 0; i < MAX_REWRITES && (next = rewrite_first (lines)) != NULL; i++)
    replace_lines (&lines, next);
  return g_strdup (lines->text->str);
}

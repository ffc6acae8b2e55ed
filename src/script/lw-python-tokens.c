/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Python's tokens, as its tokenize module (3.11) finds them. The conversion of notebooks depends
 * on what that module does with text that is *not* Python, so its order of attempts is kept: what
 * continues a line, comment, triple quote, number, operator, one-line string, name; else one error
 * token of one character. Plain values without state: any thread. */

#include "lw-python-tokens.h"

#include "lw-python-literal.h"

#define TAB_SIZE 8

/* Longest first, so that none hides behind its beginning. */
static const char *const operators[] = {
  "**=", "//=", ">>=", "<<=", "...", "!=", "%=", "&=", "**", "*=", "+=", "-=", "->",
  "//",  "/=",  ":=",  "<<",  "<=",  "==", ">=", ">>", "@=", "^=", "|=", "%",  "&",
  "(",   ")",   "*",   "+",   ",",   "-",  ".",  "/",  ":",  ";",  "<",  "=",  ">",
  "@",   "[",   "]",   "^",   "{",   "|",  "}",  "~",
};

typedef struct
{
  const LwPythonLines *lines; /* borrowed */
  GArray *tokens;             /* owned */
  GArray *indents;            /* owned; of guint: columns */
  gsize line;                 /* number of the current line */
  const char *text;           /* borrowed: the whole text */
  gsize pos;                  /* offset of the next character to look at */
  gsize max;                  /* end of the current line */
  int depth;                  /* open brackets; below zero after stray closing ones */
  gboolean continued;         /* the line before ended in a backslash */
  gboolean in_string;         /* inside a string that goes over lines */
  gboolean string_triple;
  char string_quote;
  gsize string_start;
  gsize string_line;
} Scanner;

static void
emit (Scanner *self, LwPythonTokenKind kind, gsize line, gsize start, gsize end)
{
  LwPythonToken token = { kind, line, start, end };

  g_array_append_val (self->tokens, token);
}

static void
emit_here (Scanner *self, LwPythonTokenKind kind, gsize start, gsize end)
{
  emit (self, kind, self->line, start, end);
  self->pos = end;
}

static char
at (const Scanner *self, gsize offset)
{
  return offset < self->max ? self->text[offset] : '\0';
}

static gsize
match_operator (const Scanner *self, gsize from)
{
  for (gsize i = 0; i < G_N_ELEMENTS (operators); i++)
    {
      gsize n = strlen (operators[i]);

      if (self->max - from >= n && memcmp (self->text + from, operators[i], n) == 0)
        return from + n;
    }
  return from;
}

/* Where the quote is after a string's prefix (r, b, u, f, br, fr in any order and case), or a
 * place that is no quote. */
static gsize
skip_prefix (const Scanner *self, gsize from)
{
  char first = (char) g_ascii_tolower (at (self, from));
  char second;

  if (first == '\0' || strchr ("rbuf", first) == NULL)
    return from;
  second = (char) g_ascii_tolower (at (self, from + 1));
  if (first == 'r' && (second == 'b' || second == 'f'))
    return from + 2;
  if ((first == 'b' || first == 'f') && second == 'r')
    return from + 2;
  return from + 1;
}

static gboolean
is_quote (char c)
{
  return c == '\'' || c == '"';
}

/* The rest of a string from @from to behind its closing quotes; FALSE when this line does not
 * close it. */
static gboolean
match_string_end (const Scanner *self, gsize from, gsize *end)
{
  gsize p = from;

  while (p < self->max)
    {
      char c = self->text[p];

      if (c == '\\')
        {
          if (p + 1 >= self->max || self->text[p + 1] == '\n')
            return FALSE;
          p += 2;
        }
      else if (c != self->string_quote)
        p++;
      else if (!self->string_triple)
        {
          *end = p + 1;
          return TRUE;
        }
      else if (at (self, p + 1) == c && at (self, p + 2) == c)
        {
          *end = p + 3;
          return TRUE;
        }
      else
        p++;
    }
  return FALSE;
}

typedef enum
{
  STRING_NONE,
  STRING_WHOLE,
  STRING_CONTINUES,
} StringMatch;

/* A string with single quotes that begins at @quote: closed in this line, continued by a backslash
 * at its end, or no string at all. */
static StringMatch
match_short_string (const Scanner *self, gsize quote, gsize *end)
{
  gsize p = quote + 1;

  while (p < self->max && self->text[p] != '\n')
    {
      char c = self->text[p];

      if (c == self->text[quote])
        {
          *end = p + 1;
          return STRING_WHOLE;
        }
      if (c != '\\')
        {
          p++;
          continue;
        }
      if (at (self, p + 1) == '\n' || (at (self, p + 1) == '\r' && at (self, p + 2) == '\n'))
        {
          *end = self->max;
          return STRING_CONTINUES;
        }
      p += 2;
    }
  return STRING_NONE;
}

static void
begin_string (Scanner *self, gsize start, gsize quote, gboolean triple)
{
  self->in_string = TRUE;
  self->string_triple = triple;
  self->string_quote = self->text[quote];
  self->string_start = start;
  self->string_line = self->line;
}

/* Returns: whether there was a triple-quoted string at the position */
static gboolean
scan_triple (Scanner *self)
{
  gsize start = self->pos;
  gsize quote = skip_prefix (self, start);
  char c = at (self, quote);
  gsize end;

  if (!is_quote (c) || at (self, quote + 1) != c || at (self, quote + 2) != c)
    return FALSE;
  begin_string (self, start, quote, TRUE);
  if (match_string_end (self, quote + 3, &end))
    {
      self->in_string = FALSE;
      emit_here (self, LW_PYTHON_TOKEN_STRING, start, end);
    }
  else
    self->pos = self->max;
  return TRUE;
}

static gboolean
scan_short_string (Scanner *self)
{
  gsize start = self->pos;
  gsize quote = skip_prefix (self, start);
  gsize end;

  if (!is_quote (at (self, quote)))
    return FALSE;

  switch (match_short_string (self, quote, &end))
    {
    case STRING_WHOLE:
      emit_here (self, LW_PYTHON_TOKEN_STRING, start, end);
      return TRUE;
    case STRING_CONTINUES:
      begin_string (self, start, quote, FALSE);
      self->pos = self->max;
      return TRUE;
    case STRING_NONE:
    default:
      return FALSE;
    }
}

/* A backslash at the end of the line, the line's end, or a comment. */
static gboolean
scan_line_end (Scanner *self)
{
  char c = at (self, self->pos);
  gsize p = self->pos;

  if (c == '#')
    {
      while (p < self->max && self->text[p] != '\r' && self->text[p] != '\n')
        p++;
      emit_here (self, LW_PYTHON_TOKEN_COMMENT, self->pos, p);
      return TRUE;
    }
  if (c == '\\')
    p++;
  if (at (self, p) == '\r')
    p++;
  if (at (self, p) != '\n')
    return FALSE;
  if (c == '\\')
    {
      self->continued = TRUE;
      self->pos = p + 1;
    }
  else
    emit_here (self, self->depth > 0 ? LW_PYTHON_TOKEN_NL : LW_PYTHON_TOKEN_NEWLINE, self->pos,
               p + 1);
  return TRUE;
}

static gboolean
scan_operator (Scanner *self)
{
  char c = at (self, self->pos);
  gsize end = match_operator (self, self->pos);

  if (end == self->pos)
    return FALSE;
  if (c == '(' || c == '[' || c == '{')
    self->depth++;
  else if (c == ')' || c == ']' || c == '}')
    self->depth--;
  emit_here (self, LW_PYTHON_TOKEN_OP, self->pos, end);
  return TRUE;
}

static gboolean
begins_name (gunichar c)
{
  if (c < 0x80)
    return g_ascii_isalpha ((char) c) || c == '_';
  return g_unichar_isalpha (c) || g_unichar_type (c) == G_UNICODE_LETTER_NUMBER;
}

static gboolean
scan_name (Scanner *self)
{
  const char *start = self->text + self->pos;
  const char *end = self->text + self->max;
  const char *p = start;

  while (p < end && lw_python_is_word (g_utf8_get_char (p)))
    p = g_utf8_next_char (p);
  if (p == start)
    return FALSE;
  emit_here (self,
             begins_name (g_utf8_get_char (start)) ? LW_PYTHON_TOKEN_NAME : LW_PYTHON_TOKEN_OP,
             self->pos, (gsize)(p - self->text));
  return TRUE;
}

/* One token at the position, or one error token. */
static void
scan_token (Scanner *self)
{
  gsize before = self->pos;
  gsize end;

  while (at (self, self->pos) == ' ' || at (self, self->pos) == '\t'
         || at (self, self->pos) == '\f')
    self->pos++;
  if (self->pos == self->max)
    return;
  if (scan_line_end (self) || scan_triple (self))
    return;
  end = lw_python_literal_match_number (self->text, self->pos, self->max);
  if (end > self->pos)
    {
      emit_here (self, LW_PYTHON_TOKEN_NUMBER, self->pos, end);
      return;
    }
  if (scan_operator (self) || scan_short_string (self) || scan_name (self))
    return;
  /* White space before what is no token is an error token itself, one for each character. */
  end = (gsize) (g_utf8_next_char (self->text + before) - self->text);
  emit_here (self, LW_PYTHON_TOKEN_ERROR, before, end);
}

static guint
measure_indent (Scanner *self)
{
  guint column = 0;

  for (; self->pos < self->max; self->pos++)
    {
      char c = self->text[self->pos];

      if (c == ' ')
        column++;
      else if (c == '\t')
        column = (column / TAB_SIZE + 1) * TAB_SIZE;
      else if (c == '\f')
        column = 0;
      else
        break;
    }
  return column;
}

static gboolean
scan_indent (Scanner *self, guint column)
{
  GArray *indents = self->indents;

  if (column > g_array_index (indents, guint, indents->len - 1))
    {
      emit (self, LW_PYTHON_TOKEN_INDENT, self->line,
            lw_python_lines_get_start (self->lines, self->line), self->pos);
      g_array_append_val (indents, column);
    }
  while (column < g_array_index (indents, guint, indents->len - 1))
    {
      g_array_set_size (indents, indents->len - 1);
      if (column > g_array_index (indents, guint, indents->len - 1))
        return FALSE;
      emit (self, LW_PYTHON_TOKEN_DEDENT, self->line, self->pos, self->pos);
    }
  return TRUE;
}

typedef enum
{
  LINE_TOKENS, /* tokens follow */
  LINE_DONE,   /* nothing more in this line */
  LINE_LAST,   /* the text ends here, in good order */
  LINE_BROKEN, /* the module would raise an exception */
} LineStart;

/* The beginning of a line on which a statement begins. */
static LineStart
scan_statement_start (Scanner *self)
{
  guint column = measure_indent (self);
  char c;

  if (self->pos == self->max)
    return LINE_LAST;
  c = self->text[self->pos];
  if (c == '#')
    {
      gsize end = self->max;

      while (end > self->pos && (self->text[end - 1] == '\r' || self->text[end - 1] == '\n'))
        end--;
      emit_here (self, LW_PYTHON_TOKEN_COMMENT, self->pos, end);
    }
  if (c == '#' || c == '\r' || c == '\n')
    {
      emit_here (self, LW_PYTHON_TOKEN_NL, self->pos, self->max);
      return LINE_DONE;
    }
  return scan_indent (self, column) ? LINE_TOKENS : LINE_BROKEN;
}

static gboolean
line_continues_string (const Scanner *self)
{
  gsize n = self->max - self->pos;
  const char *end = self->text + self->max;

  return (n >= 2 && memcmp (end - 2, "\\\n", 2) == 0) ||
         (n >= 3 && memcmp (end - 3, "\\\r\n", 3) == 0);
}

/* A line that begins inside a string. */
static LineStart
scan_string_line (Scanner *self)
{
  gsize end;

  if (match_string_end (self, self->pos, &end))
    {
      emit (self, LW_PYTHON_TOKEN_STRING, self->string_line, self->string_start, end);
      self->pos = end;
      self->in_string = FALSE;
      return LINE_TOKENS;
    }
  if (!self->string_triple && !line_continues_string (self))
    {
      emit (self, LW_PYTHON_TOKEN_ERROR, self->string_line, self->string_start, self->max);
      self->in_string = FALSE;
    }
  return LINE_DONE;
}

static LineStart
scan_line (Scanner *self)
{
  LineStart start = LINE_TOKENS;

  self->pos = lw_python_lines_get_start (self->lines, self->line);
  self->max = lw_python_lines_get_start (self->lines, self->line + 1);
  if (self->in_string)
    start = scan_string_line (self);
  else if (self->depth == 0 && !self->continued)
    start = scan_statement_start (self);
  else
    self->continued = FALSE;
  if (start == LINE_TOKENS)
    while (self->pos < self->max)
      scan_token (self);
  return start;
}

/* What closes a text that ended in good order: a line without an end gets one, open blocks too. */
static void
finish (Scanner *self)
{
  gsize end = self->text != NULL ? lw_python_lines_get_start (self->lines, self->line) : 0;
  gsize length = 0;
  const char *last = NULL;

  if (self->line > 0)
    last = lw_python_lines_get (self->lines, self->line - 1, &length);
  if (length > 0 && last[length - 1] != '\r' && last[length - 1] != '\n')
    {
      gsize p = 0;

      while (p < length && lw_python_is_space (g_utf8_get_char (last + p)))
        p = (gsize) (g_utf8_next_char (last + p) - last);
      if (p == length || last[p] != '#')
        emit (self, LW_PYTHON_TOKEN_NEWLINE, self->line - 1, end, end);
    }
  for (guint i = 1; i < self->indents->len; i++)
    emit (self, LW_PYTHON_TOKEN_DEDENT, self->line, end, end);
  emit (self, LW_PYTHON_TOKEN_END, self->line, end, end);
}

GArray *
lw_python_tokens_read (const LwPythonLines *lines)
{
  Scanner self = { .lines = lines, .text = lines->text->str };
  guint zero = 0;
  gsize n = lw_python_lines_get_n (lines);
  LineStart start = LINE_DONE;

  self.tokens = g_array_new (FALSE, FALSE, sizeof (LwPythonToken));
  self.indents = g_array_new (FALSE, FALSE, sizeof (guint));
  g_array_append_val (self.indents, zero);
  while (self.line < n && start != LINE_LAST && start != LINE_BROKEN)
    {
      start = scan_line (&self);
      if (start != LINE_LAST && start != LINE_BROKEN)
        self.line++;
    }
  if (start == LINE_LAST || (start != LINE_BROKEN && !self.in_string && !self.continued &&
                             self.depth == 0))
    finish (&self);
  g_array_unref (self.indents);
  return self.tokens;
}

gboolean
lw_python_token_is (const LwPythonToken *token, const LwPythonLines *lines, const char *text)
{
  gsize n = strlen (text);

  return token->end - token->start == n && memcmp (lines->text->str + token->start, text, n) == 0;
}

char *
lw_python_token_dup (const LwPythonToken *token, const LwPythonLines *lines)
{
  return g_strndup (lines->text->str + token->start, token->end - token->start);
}

char *
lw_python_token_dup_string (const LwPythonToken *token, const LwPythonLines *lines)
{
  g_return_val_if_fail (token->kind == LW_PYTHON_TOKEN_STRING, NULL);

  return lw_python_literal_dup_string (lines->text->str + token->start, token->end - token->start);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The functions and classes of a script, from its tokens. Values only: any thread. */

#include "lw-script-outline.h"

#include "lw-python-tokens.h"

/* One reading of a script. */
typedef struct
{
  const LwPythonLines *lines; /* borrowed */
  const GArray *tokens;       /* borrowed */
  GPtrArray *symbols;         /* owned; of LwScriptSymbol */
  GArray *open;               /* owned; of Open: symbols whose body goes on */
  guint level;                /* of indentation */
  guint last_line;            /* the last line, from 1, that has code */
} Reading;

typedef struct
{
  LwScriptSymbol *symbol; /* borrowed */
  guint level;            /* of its `def` */
} Open;

void
lw_script_symbol_free (LwScriptSymbol *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->signature);
  g_free (self);
}

static const LwPythonToken *
token_at (const Reading *self, gsize index)
{
  return index < self->tokens->len ? &g_array_index (self->tokens, LwPythonToken, index) : NULL;
}

static gboolean
token_reads (const Reading *self, gsize index, const char *text)
{
  const LwPythonToken *token = token_at (self, index);

  return token != NULL && lw_python_token_is (token, self->lines, text);
}

/* Bodies that are left once a statement begins at this level. */
static void
close_bodies (Reading *self)
{
  while (self->open->len > 0)
    {
      Open *last = &g_array_index (self->open, Open, self->open->len - 1);

      if (last->level < self->level)
        return;
      last->symbol->end_line = self->last_line;
      g_array_set_size (self->open, self->open->len - 1);
    }
}

/* The text from the name to the colon, on one line. */
static char *
dup_signature (const Reading *self, const LwPythonToken *name, gsize name_index)
{
  const LwPythonToken *token;
  gsize end = name->end;
  guint depth = 0;
  GString *text = g_string_new (NULL);

  for (gsize i = name_index + 1; (token = token_at (self, i)) != NULL; i++)
    {
      if (token->kind == LW_PYTHON_TOKEN_NEWLINE ||
          (depth == 0 && (token_reads (self, i, ":") || token_reads (self, i, "->"))))
        break;
      if (token_reads (self, i, "(") || token_reads (self, i, "["))
        depth++;
      else if (depth > 0 && (token_reads (self, i, ")") || token_reads (self, i, "]")))
        depth--;
      end = token->end;
    }
  for (gsize p = name->start; p < end; p++)
    {
      char c = self->lines->text->str[p];

      if (!g_ascii_isspace (c))
        g_string_append_c (text, c);
      else if (text->len > 0 && text->str[text->len - 1] != ' ' && text->str[text->len - 1] != '(')
        g_string_append_c (text, ' ');
    }
  return g_string_free (text, FALSE);
}

static void
add_symbol (Reading *self, gsize keyword, gboolean is_class)
{
  const LwPythonToken *begin = token_at (self, keyword);
  const LwPythonToken *name = token_at (self, keyword + 1);
  Open open = { .level = self->level };

  if (begin == NULL || name == NULL || name->kind != LW_PYTHON_TOKEN_NAME ||
      self->symbols->len >= LW_SCRIPT_OUTLINE_MAX)
    return;
  open.symbol = g_new0 (LwScriptSymbol, 1);
  open.symbol->name = lw_python_token_dup (name, self->lines);
  open.symbol->signature = dup_signature (self, name, keyword + 1);
  open.symbol->is_class = is_class;
  open.symbol->depth = self->open->len;
  open.symbol->line = (guint) begin->line + 1;
  g_ptr_array_add (self->symbols, open.symbol);
  g_array_append_val (self->open, open);
}

static void
read_statement (Reading *self, gsize index)
{
  gsize keyword = token_reads (self, index, "async") ? index + 1 : index;

  close_bodies (self);
  if (token_reads (self, keyword, "def"))
    add_symbol (self, keyword, FALSE);
  else if (token_reads (self, keyword, "class"))
    add_symbol (self, keyword, TRUE);
}

/* The last line, from 1, that @token stands on. */
static guint
token_last_line (const Reading *self, const LwPythonToken *token)
{
  guint line = (guint) token->line + 1;

  for (gsize p = token->start; token->kind == LW_PYTHON_TOKEN_STRING && p < token->end; p++)
    line += self->lines->text->str[p] == '\n';
  return line;
}

static void
read_tokens (Reading *self)
{
  gboolean begins = TRUE;

  for (gsize i = 0; i < self->tokens->len; i++)
    {
      const LwPythonToken *token = &g_array_index (self->tokens, LwPythonToken, i);

      switch (token->kind)
        {
        case LW_PYTHON_TOKEN_INDENT:
          self->level++;
          break;
        case LW_PYTHON_TOKEN_DEDENT:
          self->level -= self->level > 0;
          break;
        case LW_PYTHON_TOKEN_NEWLINE:
          begins = TRUE;
          break;
        case LW_PYTHON_TOKEN_NL:
        case LW_PYTHON_TOKEN_COMMENT:
        case LW_PYTHON_TOKEN_END:
          break;
        case LW_PYTHON_TOKEN_NAME:
        case LW_PYTHON_TOKEN_NUMBER:
        case LW_PYTHON_TOKEN_STRING:
        case LW_PYTHON_TOKEN_OP:
        case LW_PYTHON_TOKEN_ERROR:
        default:
          if (begins)
            read_statement (self, i);
          begins = FALSE;
          self->last_line = token_last_line (self, token);
          break;
        }
    }
  self->level = 0;
  close_bodies (self);
}

GPtrArray *
lw_script_outline_read (const char *source)
{
  g_autoptr (LwPythonLines) lines = NULL;
  g_autoptr (GArray) tokens = NULL;
  Reading self = { 0 };

  g_return_val_if_fail (source != NULL, NULL);

  lines = lw_python_lines_new_split (source);
  tokens = lw_python_tokens_read (lines);
  self.lines = lines;
  self.tokens = tokens;
  self.symbols = g_ptr_array_new_with_free_func ((GDestroyNotify) lw_script_symbol_free);
  self.open = g_array_new (FALSE, FALSE, sizeof (Open));
  read_tokens (&self);
  g_array_unref (self.open);
  return self.symbols;
}

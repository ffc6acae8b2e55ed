/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The arguments that a script declares with argparse, from its tokens: nothing is run. What is not
 * a literal is not known. Values only: any thread. */

#include "lw-script-args.h"

#include "lw-python-tokens.h"

/* The tokens of one call, or of one value in it: from @first to before @end. */
typedef struct
{
  const LwPythonLines *lines;
  const LwPythonToken *first;
  const LwPythonToken *end;
} Piece;

void
lw_script_arg_free (LwScriptArg *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->short_name);
  g_free (self->dest);
  g_free (self->type);
  g_free (self->default_value);
  g_free (self->help);
  g_free (self->metavar);
  g_strfreev (self->choices);
  g_free (self);
}

static gboolean
reads (const Piece *piece, const LwPythonToken *token, const char *text)
{
  return token < piece->end && lw_python_token_is (token, piece->lines, text);
}

static gboolean
is_space (const LwPythonToken *token)
{
  return token->kind == LW_PYTHON_TOKEN_NL || token->kind == LW_PYTHON_TOKEN_COMMENT;
}

static gboolean
opens (const Piece *piece, const LwPythonToken *token)
{
  return reads (piece, token, "(") || reads (piece, token, "[") || reads (piece, token, "{");
}

static gboolean
closes (const Piece *piece, const LwPythonToken *token)
{
  return reads (piece, token, ")") || reads (piece, token, "]") || reads (piece, token, "}");
}

/* Takes the next of the values that commas separate, without the space around it. */
static gboolean
take_value (Piece *rest, Piece *value)
{
  const LwPythonToken *token;
  guint depth = 0;

  while (rest->first < rest->end && is_space (rest->first))
    rest->first++;
  if (rest->first == rest->end)
    return FALSE;
  for (token = rest->first; token < rest->end; token++)
    {
      if (depth == 0 && reads (rest, token, ","))
        break;
      if (opens (rest, token))
        depth++;
      else if (closes (rest, token) && depth > 0)
        depth--;
    }
  *value = *rest;
  value->end = token;
  rest->first = token < rest->end ? token + 1 : token;
  while (value->end > value->first && is_space (value->end - 1))
    value->end--;
  return TRUE;
}

/* Strings that stand side by side are one. Returns: (nullable) */
static char *
dup_string (const Piece *piece)
{
  GString *text = g_string_new (NULL);
  gboolean known = piece->first < piece->end;

  for (const LwPythonToken *token = piece->first; token < piece->end && known; token++)
    {
      g_autofree char *part = NULL;

      if (is_space (token))
        continue;
      if (token->kind == LW_PYTHON_TOKEN_STRING)
        part = lw_python_token_dup_string (token, piece->lines);
      known = part != NULL;
      if (known)
        g_string_append (text, part);
    }
  return g_string_free (text, !known);
}

/* Removes brackets that only group: ("a" "b"). */
static Piece
without_brackets (Piece piece)
{
  while (piece.end - piece.first >= 2 && reads (&piece, piece.first, "(") &&
         reads (&piece, piece.end - 1, ")"))
    {
      piece.first++;
      piece.end--;
    }
  return piece;
}

/* A literal as a person would type it: a string without quotes, a number, True or False.
 * Returns: (nullable): %NULL for None and for what is no literal */
static char *
dup_literal (const Piece *piece)
{
  Piece inner = without_brackets (*piece);
  gssize n = inner.end - inner.first;
  gboolean negative = n == 2 && reads (&inner, inner.first, "-");
  const LwPythonToken *last = inner.end - 1;

  if (n < 1)
    return NULL;
  if ((n == 1 || negative) && last->kind == LW_PYTHON_TOKEN_NUMBER)
    {
      g_autofree char *number = lw_python_token_dup (last, inner.lines);

      return g_strconcat (negative ? "-" : "", number, NULL);
    }
  if (n == 1 && (reads (&inner, last, "True") || reads (&inner, last, "False")))
    return lw_python_token_dup (last, inner.lines);
  return dup_string (&inner);
}

/* "str", "pathlib.Path": a name with dots. Returns: (nullable) */
static char *
dup_name (const Piece *piece)
{
  GString *name = g_string_new (NULL);
  gboolean known = piece->first < piece->end;

  for (const LwPythonToken *token = piece->first; token < piece->end; token++)
    {
      g_autofree char *part = lw_python_token_dup (token, piece->lines);

      known = known && (token->kind == LW_PYTHON_TOKEN_NAME || strcmp (part, ".") == 0);
      g_string_append (name, part);
    }
  return g_string_free (name, !known);
}

/* A list, tuple or set of literals. Returns: (nullable) */
static char **
dup_choices (const Piece *piece)
{
  Piece rest = *piece;
  Piece value;
  g_autoptr (GPtrArray) choices = g_ptr_array_new_with_free_func (g_free);

  if (rest.end - rest.first < 2 || !opens (&rest, rest.first) || !closes (&rest, rest.end - 1))
    return NULL;
  rest.first++;
  rest.end--;
  while (take_value (&rest, &value) && choices->len < LW_SCRIPT_ARGS_MAX)
    {
      char *choice = dup_literal (&value);

      if (choice == NULL)
        return NULL;
      g_ptr_array_add (choices, choice);
    }
  g_ptr_array_add (choices, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&choices), FALSE);
}

static gboolean
action_takes_no_value (const Piece *piece)
{
  static const char *const flags[] = {
    "store_true", "store_false", "store_const", "append_const", "count", "help", "version", NULL,
  };
  g_autofree char *text = dup_string (piece);
  g_autofree char *name = dup_name (piece);

  if (text != NULL)
    return g_strv_contains (flags, text);
  return name != NULL && g_str_has_suffix (name, "BooleanOptionalAction");
}

static void
replace (char **member, char *with)
{
  g_free (*member);
  *member = with;
}

static void
read_keyword (LwScriptArg *arg, const char *keyword, const Piece *value, gboolean *optional)
{
  Piece inner = without_brackets (*value);

  if (strcmp (keyword, "dest") == 0)
    replace (&arg->dest, dup_string (&inner));
  else if (strcmp (keyword, "type") == 0)
    replace (&arg->type, dup_name (&inner));
  else if (strcmp (keyword, "default") == 0)
    {
      replace (&arg->default_value, dup_literal (value));
      *optional = TRUE;
    }
  else if (strcmp (keyword, "help") == 0)
    replace (&arg->help, dup_string (&inner));
  else if (strcmp (keyword, "metavar") == 0)
    replace (&arg->metavar, dup_string (&inner));
  else if (strcmp (keyword, "required") == 0)
    arg->required = reads (&inner, inner.first, "True");
  else if (strcmp (keyword, "action") == 0)
    arg->flag = action_takes_no_value (&inner);
  else if (strcmp (keyword, "choices") == 0)
    {
      g_strfreev (arg->choices);
      arg->choices = dup_choices (value);
    }
  else if (strcmp (keyword, "nargs") == 0)
    {
      g_autofree char *count = dup_string (&inner);

      *optional = *optional || g_strcmp0 (count, "?") == 0 || g_strcmp0 (count, "*") == 0;
    }
}

/* A name: the first long one counts, else the first. */
static void
read_name (LwScriptArg *arg, char *name)
{
  gboolean is_long = g_str_has_prefix (name, "--");

  if (*name == '-' && !is_long && arg->short_name == NULL)
    arg->short_name = g_strdup (name);
  if (arg->name == NULL || (is_long && !g_str_has_prefix (arg->name, "--")))
    replace (&arg->name, name);
  else
    g_free (name);
}

static void
finish_names (LwScriptArg *arg, gboolean optional)
{
  arg->positional = *arg->name != '-';
  if (arg->positional)
    arg->required = !optional;
  if (arg->dest == NULL)
    {
      const char *name = arg->name;

      while (*name == '-')
        name++;
      arg->dest = g_strdelimit (g_strdup (name), arg->positional ? "" : "-", '_');
    }
  if (arg->short_name != NULL && strcmp (arg->short_name, arg->name) == 0)
    g_clear_pointer (&arg->short_name, g_free);
}

/* What stands in the brackets of one call. Returns: (nullable) */
static LwScriptArg *
read_call (Piece rest)
{
  g_autoptr (LwScriptArg) arg = g_new0 (LwScriptArg, 1);
  gboolean optional = FALSE;
  Piece value;

  while (take_value (&rest, &value))
    {
      if (value.end - value.first > 2 && value.first->kind == LW_PYTHON_TOKEN_NAME &&
          reads (&value, value.first + 1, "="))
        {
          g_autofree char *keyword = lw_python_token_dup (value.first, value.lines);

          value.first += 2;
          read_keyword (arg, keyword, &value, &optional);
        }
      else
        {
          char *name = dup_string (&value);

          if (name != NULL)
            read_name (arg, name);
        }
    }
  if (arg->name == NULL || *arg->name == '\0')
    return NULL;
  finish_names (arg, optional);
  return g_steal_pointer (&arg);
}

/* The token that closes the bracket at @open, or @end. */
static const LwPythonToken *
find_close (const Piece *all, const LwPythonToken *open)
{
  guint depth = 0;

  for (const LwPythonToken *token = open; token < all->end; token++)
    {
      if (opens (all, token))
        depth++;
      else if (closes (all, token) && --depth == 0)
        return token;
    }
  return all->end;
}

GPtrArray *
lw_script_args_read (const char *source)
{
  GPtrArray *args = g_ptr_array_new_with_free_func ((GDestroyNotify) lw_script_arg_free);
  g_autoptr (LwPythonLines) lines = NULL;
  g_autoptr (GArray) tokens = NULL;
  const LwPythonToken *token;
  Piece all;

  g_return_val_if_fail (source != NULL, args);

  lines = lw_python_lines_new_split (source);
  tokens = lw_python_tokens_read (lines);
  token = (const LwPythonToken *) (void *) tokens->data;
  all = (Piece){ lines, token, token + tokens->len };
  for (; all.end - token >= 3 && args->len < LW_SCRIPT_ARGS_MAX; token++)
    {
      Piece call = all;
      LwScriptArg *arg;

      if (!reads (&all, token, ".") || !reads (&all, token + 1, "add_argument") ||
          !reads (&all, token + 2, "("))
        continue;
      call.first = token + 3;
      call.end = find_close (&all, token + 2);
      arg = read_call (call);
      if (arg == NULL)
        continue;
      arg->line = (guint) token[1].line + 1;
      g_ptr_array_add (args, arg);
    }
  return args;
}

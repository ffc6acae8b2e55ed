/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Markdown to blocks of Pango markup. Lines are gathered into blocks, then the text of each block
 * is read for bold, italic, code and links. Pure; any thread. */

#include "lw-markdown.h"

#include <string.h>

/* Bold inside italic inside a link …: beyond this depth delimiters are text. */
#define MAX_DEPTH 6

/* A closing delimiter further away is not looked for: hostile text would cost a scan per
 * character. */
#define MAX_SPAN 2000

/* Spaces that put a list one level deeper. */
#define INDENT 2

void
lw_markdown_block_free (LwMarkdownBlock *self)
{
  if (self == NULL)
    return;
  g_free (self->marker);
  g_free (self->markup);
  g_free (self);
}

/* ---- Inside a line ---- */

static void read_inline (GString *out, const char *text, gsize length, guint depth);

static void
append_escaped (GString *out, const char *text, gsize length)
{
  g_autofree char *escaped = g_markup_escape_text (text, (gssize) length);

  g_string_append (out, escaped);
}

static gsize
count_run (const char *text, gsize length, char c)
{
  gsize n = 0;

  while (n < length && text[n] == c)
    n++;
  return n;
}

/* Returns: offset of the run of exactly @n times @c that closes, from @from; 0 when there is none */
static gsize
find_run (const char *text, gsize length, gsize from, char c, gsize n)
{
  gsize end = MIN (length, from + MAX_SPAN);
  gsize i = from;

  while (i < end)
    {
      gsize run = count_run (text + i, length - i, c);

      if (run == n)
        return i;
      i += MAX (run, 1);
    }
  return 0;
}

/* `code`: Returns: bytes read, 0 when it is none */
static gsize
read_code (GString *out, const char *text, gsize length)
{
  gsize n = count_run (text, length, '`');
  gsize close = find_run (text, length, n, '`', n);
  gsize start = n;
  gsize end = close;

  if (close == 0)
    return 0;
  if (end - start > 2 && text[start] == ' ' && text[end - 1] == ' ')
    {
      start++;
      end--;
    }
  g_string_append (out, "<tt>");
  append_escaped (out, text + start, end - start);
  g_string_append (out, "</tt>");
  return close + n;
}

/* An underscore inside a word is part of the word. */
static gboolean
is_inside_word (const char *text, gsize length, gsize at, gsize n)
{
  return at > 0 && (g_ascii_isalnum (text[at - 1]) || (guchar) text[at - 1] >= 0x80)
         && at + n < length && (g_ascii_isalnum (text[at + n]) || (guchar) text[at + n] >= 0x80);
}

/* *italic*, **bold** and the same with underscores, at @at. Returns: bytes read, 0 when none */
static gsize
read_emphasis (GString *out, const char *text, gsize length, gsize at, guint depth)
{
  const char *rest = text + at;
  gsize rest_length = length - at;
  gsize n = count_run (rest, rest_length, rest[0]);
  gsize close;
  const char *tag;

  if (n > 2 || n == rest_length || g_ascii_isspace (rest[n]))
    return 0;
  if (rest[0] == '_' && is_inside_word (text, length, at, n))
    return 0;
  close = find_run (rest, rest_length, n, rest[0], n);
  if (close == 0 || g_ascii_isspace (rest[close - 1])
      || (rest[0] == '_' && is_inside_word (rest, rest_length, close, n)))
    return 0;
  tag = n == 2 ? "b" : "i";
  g_string_append_printf (out, "<%s>", tag);
  read_inline (out, rest + n, close - n, depth + 1);
  g_string_append_printf (out, "</%s>", tag);
  return close + n;
}

static gboolean
is_web_address (const char *text, gsize length)
{
  return (length > 8 && g_ascii_strncasecmp (text, "https://", 8) == 0)
         || (length > 7 && g_ascii_strncasecmp (text, "http://", 7) == 0);
}

/* [label](address) and ![label](address), of which the label alone is shown. */
static gsize
read_link (GString *out, const char *text, gsize length, guint depth)
{
  gsize start = text[0] == '!' ? 2 : 1;
  gsize label_end = find_run (text, length, start, ']', 1);
  gsize close;
  const char *address;
  gsize address_length;

  if (label_end == 0 || label_end + 1 >= length || text[label_end + 1] != '(')
    return 0;
  close = find_run (text, length, label_end + 2, ')', 1);
  if (close == 0)
    return 0;
  address = text + label_end + 2;
  address_length = close - label_end - 2;
  if (start == 1 && is_web_address (address, address_length)
      && memchr (address, ' ', address_length) == NULL)
    {
      g_string_append (out, "<a href=\"");
      append_escaped (out, address, address_length);
      g_string_append (out, "\">");
      read_inline (out, text + start, label_end - start, MAX_DEPTH);
      g_string_append (out, "</a>");
    }
  else
    read_inline (out, text + start, label_end - start, depth + 1);
  return close + 1;
}

/* Returns: bytes read as something special at @at, 0 when it is plain text */
static gsize
read_special (GString *out, const char *text, gsize length, gsize at, guint depth)
{
  const char *rest = text + at;
  gsize rest_length = length - at;

  if (rest_length < 2)
    return 0;
  if (rest[0] == '\\' && g_ascii_ispunct (rest[1]))
    {
      append_escaped (out, rest + 1, 1);
      return 2;
    }
  if (rest[0] == '`')
    return read_code (out, rest, rest_length);
  if (depth >= MAX_DEPTH)
    return 0;
  if (rest[0] == '*' || rest[0] == '_')
    return read_emphasis (out, text, length, at, depth);
  if (rest[0] == '[' || (rest[0] == '!' && rest[1] == '['))
    return read_link (out, rest, rest_length, depth);
  return 0;
}

static void
read_inline (GString *out, const char *text, gsize length, guint depth)
{
  gsize plain = 0;
  gsize i = 0;

  while (i < length)
    {
      GString *special = strchr ("\\`*_[!", text[i]) != NULL ? g_string_new (NULL) : NULL;
      gsize read = special != NULL ? read_special (special, text, length, i, depth) : 0;

      if (read > 0)
        {
          append_escaped (out, text + plain, i - plain);
          g_string_append_len (out, special->str, (gssize) special->len);
          i += read;
          plain = i;
        }
      else if (special != NULL && (text[i] == '*' || text[i] == '_' || text[i] == '`'))
        i += count_run (text + i, length - i, text[i]);
      else
        i++;
      if (special != NULL)
        g_string_free (special, TRUE);
    }
  append_escaped (out, text + plain, length - plain);
}

/* ---- Lines to blocks ---- */

typedef struct
{
  GPtrArray *blocks;
  GString *text;       /* of the block being gathered */
  LwMarkdownKind kind; /* its kind; nothing is gathered while text is empty and it is no code */
  guint level;
  char *marker;
  char fence; /* the character of the open fence, or 0 */
  gsize fence_length;
} Reader;

static void
flush (Reader *self)
{
  LwMarkdownBlock *block;
  g_autoptr (GString) markup = g_string_new (NULL);

  if (self->text->len == 0)
    return;
  if (self->kind == LW_MARKDOWN_CODE)
    append_escaped (markup, self->text->str, self->text->len - 1);
  else
    read_inline (markup, self->text->str, self->text->len, 0);
  block = g_new0 (LwMarkdownBlock, 1);
  block->kind = self->kind;
  block->level = self->level;
  block->marker = g_steal_pointer (&self->marker);
  block->markup = g_strdup (markup->str);
  g_ptr_array_add (self->blocks, block);
  g_string_truncate (self->text, 0);
  self->kind = LW_MARKDOWN_PARAGRAPH;
  self->level = 0;
}

static void
begin (Reader *self, LwMarkdownKind kind, guint level)
{
  flush (self);
  self->kind = kind;
  self->level = level;
}

/* Two spaces at the end of a line, or a backslash, break it; else lines run together. */
static void
add_line (Reader *self, const char *line)
{
  g_autofree char *stripped = g_strstrip (g_strdup (line));
  gsize length = strlen (stripped);

  if (self->text->len > 0)
    g_string_append_c (self->text, ' ');
  if (length > 1 && stripped[length - 1] == '\\')
    stripped[length - 1] = '\n';
  g_string_append (self->text, stripped);
  if (g_str_has_suffix (line, "  "))
    g_string_append_c (self->text, '\n');
}

static void
add_code (Reader *self, const char *line)
{
  g_string_append (self->text, line);
  g_string_append_c (self->text, '\n');
}

/* Returns: length of a list's marker and the space behind it, 0 when @line begins no item */
static gsize
get_marker_length (const char *line)
{
  gsize digits = strspn (line, "0123456789");

  if (strchr ("-*+", line[0]) != NULL && line[0] != '\0' && line[1] == ' ')
    return 2;
  if (digits > 0 && digits < 10 && (line[digits] == '.' || line[digits] == ')')
      && line[digits + 1] == ' ')
    return digits + 2;
  return 0;
}

static gboolean
is_rule (const char *line)
{
  char c = line[0];
  gsize n = 0;

  if (c != '-' && c != '*' && c != '_')
    return FALSE;
  for (gsize i = 0; line[i] != '\0'; i++)
    {
      if (line[i] == c)
        n++;
      else if (line[i] != ' ')
        return FALSE;
    }
  return n >= 3;
}

static void
add_rule (Reader *self)
{
  LwMarkdownBlock *block = g_new0 (LwMarkdownBlock, 1);

  flush (self);
  block->kind = LW_MARKDOWN_RULE;
  block->markup = g_strdup ("");
  g_ptr_array_add (self->blocks, block);
}

static gboolean
read_fence (Reader *self, const char *line)
{
  gsize n = line[0] == '`' || line[0] == '~' ? count_run (line, strlen (line), line[0]) : 0;

  if (self->fence != '\0')
    {
      if (line[0] != self->fence || n < self->fence_length || line[n] != '\0')
        return FALSE;
      flush (self);
      self->fence = '\0';
      return TRUE;
    }
  if (n < 3)
    return FALSE;
  begin (self, LW_MARKDOWN_CODE, 0);
  self->fence = line[0];
  self->fence_length = n;
  return TRUE;
}

static gboolean
read_heading (Reader *self, const char *line)
{
  gsize n = count_run (line, strlen (line), '#');
  g_autofree char *title = NULL;
  gsize length;

  if (n == 0 || n > 6 || (line[n] != ' ' && line[n] != '\0'))
    return FALSE;
  title = g_strstrip (g_strdup (line + n));
  length = strlen (title);
  while (length > 0 && title[length - 1] == '#')
    title[--length] = '\0';
  begin (self, LW_MARKDOWN_HEADING, (guint) n);
  add_line (self, title);
  flush (self);
  return TRUE;
}

static gboolean
read_item (Reader *self, const char *line, gsize indent)
{
  gsize n = get_marker_length (line);

  if (n == 0)
    return FALSE;
  begin (self, LW_MARKDOWN_ITEM, (guint) MIN (indent / INDENT, MAX_DEPTH));
  g_free (self->marker);
  self->marker = n == 2 && !g_ascii_isdigit (line[0]) ? g_strdup ("•") : g_strndup (line, n - 1);
  add_line (self, line + n);
  return TRUE;
}

/* A line that goes on with code: indented, or a row of a table. */
static gboolean
read_verbatim (Reader *self, const char *whole, const char *line, gsize indent)
{
  gboolean table = line[0] == '|';

  if (!table && (indent < 4 || (self->text->len > 0 && self->kind != LW_MARKDOWN_CODE)))
    return FALSE;
  if (self->kind != LW_MARKDOWN_CODE)
    begin (self, LW_MARKDOWN_CODE, 0);
  add_code (self, table ? line : whole + 4);
  return TRUE;
}

static void
read_line (Reader *self, const char *whole)
{
  const char *line = whole + strspn (whole, " ");
  gsize indent = (gsize) (line - whole);

  if (read_fence (self, line))
    return;
  if (self->fence != '\0')
    {
      add_code (self, whole);
      return;
    }
  if (line[0] == '\0')
    flush (self);
  else if (read_heading (self, line))
    return;
  else if (is_rule (line))
    add_rule (self);
  else if (read_item (self, line, indent) || read_verbatim (self, whole, line, indent))
    return;
  else
    {
      if (self->kind == LW_MARKDOWN_CODE)
        begin (self, LW_MARKDOWN_PARAGRAPH, 0);
      if (line[0] == '>' && self->kind != LW_MARKDOWN_QUOTE)
        begin (self, LW_MARKDOWN_QUOTE, 0);
      add_line (self, line[0] == '>' ? line + 1 : line);
    }
}

GPtrArray *
lw_markdown_read (const char *text)
{
  Reader self = { 0 };
  g_auto (GStrv) lines = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  self.blocks = g_ptr_array_new_with_free_func ((GDestroyNotify) lw_markdown_block_free);
  self.text = g_string_new (NULL);
  if (strlen (text) > LW_MARKDOWN_MAX_SIZE)
    {
      self.kind = LW_MARKDOWN_CODE;
      add_code (&self, text);
    }
  else
    {
      lines = g_strsplit (text, "\n", -1);
      for (gsize i = 0; lines[i] != NULL; i++)
        {
          lines[i][strcspn (lines[i], "\r")] = '\0';
          read_line (&self, lines[i]);
        }
    }
  flush (&self);
  g_free (self.marker);
  g_string_free (self.text, TRUE);
  return self.blocks;
}

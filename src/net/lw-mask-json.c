/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Masking JSON without parsing it: the text may be cut anywhere and has to stay as it was but for
 * the secrets, so this reads tokens and copies them. No state, any thread. */

#include <string.h>

#include "lw-json.h"
#include "lw-mask-private.h"
#include "lw-mask.h"

typedef struct
{
  GString *out;       /* owned */
  char *user_code;    /* owned, nullable */
  guint depth;        /* of brackets */
  guint secret_depth; /* all is secret from this depth on; 0 for not so */
  gboolean secret;    /* the next value is that of a secret member */
  gboolean code_next; /* and it is the user code */
} Masker;

/* Shorter ones would blot out half of the text. */
#define MIN_USER_CODE 6

/* Length of the string at @text with its quotes; what is cut short counts to the end. */
static gsize
get_string_length (const char *text)
{
  gsize at = 1;

  while (text[at] != '\0' && text[at] != '"')
    at += text[at] == '\\' && text[at + 1] != '\0' ? 2 : 1;
  return text[at] == '"' ? at + 1 : at;
}

static gboolean
is_name (const char *after)
{
  return after[strspn (after, " \t\r\n")] == ':';
}

/* What the string token says, without its escapes; %NULL for a broken one. */
static char *
dup_unescaped (const char *token, gsize length)
{
  g_autofree char *text = g_strdup_printf ("[%.*s]", (int) length, token);
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  g_autoptr (LwJsonDocument) document = lw_json_parse (bytes, NULL);

  if (document == NULL)
    return NULL;
  return g_strdup (
      lw_json_as_string (lw_json_element (lw_json_document_get_root (document), 0), NULL));
}

static void
copy_name (Masker *self, const char *token, gsize length)
{
  g_autofree char *name = NULL;

  if (memchr (token, '\\', length) != NULL)
    name = dup_unescaped (token, length);
  else
    name = g_strndup (token + 1, length - 2);
  self->secret = name == NULL || lw_mask_is_secret_name (name);
  self->code_next = name != NULL && g_str_equal (name, "user_code");
  g_string_append_len (self->out, token, (gssize) length);
}

/* Copies a string, number or word, or masks it. */
static void
copy_value (Masker *self, const char *token, gsize length)
{
  gboolean secret = self->secret || self->secret_depth > 0;

  if (self->code_next && *token == '"' && length >= MIN_USER_CODE + 2)
    {
      g_free (self->user_code);
      self->user_code = g_strndup (token + 1, length - 2);
    }
  if (secret && strncmp (token, "null", 4) != 0)
    g_string_append (self->out, "\"" LW_MASK "\"");
  else
    g_string_append_len (self->out, token, (gssize) length);
  self->secret = FALSE;
  self->code_next = FALSE;
}

static void
copy_mark (Masker *self, char mark)
{
  if (mark == '{' || mark == '[')
    {
      self->depth++;
      if (self->secret && self->secret_depth == 0)
        self->secret_depth = self->depth;
      self->secret = FALSE;
    }
  if ((mark == '}' || mark == ']') && self->depth > 0)
    {
      if (self->secret_depth == self->depth)
        self->secret_depth = 0;
      self->depth--;
    }
  g_string_append_c (self->out, mark);
}

char *
lw_mask_json (const char *text)
{
  Masker self = { .out = g_string_sized_new (strlen (text)) };

  while (*text != '\0')
    {
      gsize length = 1;

      if (*text == '"')
        {
          length = get_string_length (text);
          if (is_name (text + length))
            copy_name (&self, text, length);
          else
            copy_value (&self, text, length);
        }
      else if (strchr ("{}[]:, \t\r\n", *text) != NULL)
        copy_mark (&self, *text);
      else
        {
          length = strcspn (text, "{}[]:,\" \t\r\n");
          copy_value (&self, text, length);
        }
      text += length;
    }
  if (self.user_code != NULL)
    g_string_replace (self.out, self.user_code, LW_MASK, 0);
  g_free (self.user_code);
  return g_string_free (self.out, FALSE);
}

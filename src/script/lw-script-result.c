/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a script's output tells: figures and the exception that ended it. One pass, line by line;
 * the last figure and the last traceback count. Values only: any thread. */

#include "lw-script-result.h"

#include <math.h>

/* A longer line is data, not a figure. */
#define MAX_LINE 4096

typedef enum
{
  OUTSIDE,
  IN_TRACEBACK, /* after "Traceback …:" or the place of a syntax error */
  IN_MESSAGE,   /* the exception's line had no text; it follows */
} State;

typedef struct
{
  LwScriptResult *result; /* owned by the caller */
  GRegex *figure;         /* owned */
  GRegex *frame;          /* owned */
  GRegex *exception;      /* owned */
  State state;
  gboolean saw_usage;
} Reader;

static void
frame_free (gpointer data)
{
  LwScriptFrame *self = data;

  g_free (self->file);
  g_free (self->function);
  g_free (self);
}

void
lw_script_result_free (LwScriptResult *self)
{
  if (self == NULL)
    return;
  g_free (self->last_line);
  g_free (self->exception);
  g_free (self->message);
  g_free (self->missing_module);
  g_ptr_array_unref (self->frames);
  g_free (self);
}

static GRegex *
compile (const char *pattern)
{
  g_autoptr (GError) error = NULL;
  GRegex *regex = g_regex_new (pattern, G_REGEX_CASELESS | G_REGEX_OPTIMIZE, 0, &error);

  g_assert_no_error (error);
  return regex;
}

/* The length of the escape sequence at @p. */
static gsize
escape_length (const char *p)
{
  gsize i = 2;

  if (p[1] == '[')
    {
      while (p[i] != '\0' && (p[i] < 0x40 || p[i] > 0x7e))
        i++;
      return p[i] != '\0' ? i + 1 : i;
    }
  if (p[1] == ']')
    {
      while (p[i] != '\0' && p[i] != '\a' && p[i] != '\033')
        i++;
      if (p[i] == '\033' && p[i + 1] == '\\')
        return i + 2;
      return p[i] != '\0' ? i + 1 : i;
    }
  return p[1] != '\0' ? 2 : 1;
}

/* One line as a terminal would show it: without escape sequences, overwritten parts gone. */
static char *
dup_shown (const char *line, gsize length)
{
  g_autofree char *copy = g_utf8_make_valid (line, (gssize) length);
  GString *shown = g_string_sized_new (length);

  for (const char *p = copy; *p != '\0';)
    {
      if (*p == '\033')
        {
          p += escape_length (p);
          continue;
        }
      if (*p == '\r')
        {
          if (p[1] != '\0')
            g_string_truncate (shown, 0);
        }
      else
        g_string_append_c (shown, *p);
      p++;
    }
  return g_string_free (shown, FALSE);
}

static void
set_string (char **member, const char *value)
{
  g_free (*member);
  *member = g_strdup (value);
}

static void
read_figure (Reader *self, const char *line)
{
  g_autoptr (GMatchInfo) match = NULL;

  g_regex_match (self->figure, line, 0, &match);
  for (; g_match_info_matches (match); g_match_info_next (match, NULL))
    {
      g_autofree char *name = g_match_info_fetch (match, 1);
      g_autofree char *number = g_match_info_fetch (match, 2);
      g_autofree char *percent = g_match_info_fetch (match, 3);
      double value = g_ascii_strtod (number, NULL);

      if (percent != NULL && *percent != '\0')
        value /= 100;
      if (g_ascii_strcasecmp (name, "auc") == 0)
        self->result->auc = value;
      else
        self->result->accuracy = value;
    }
}

/* Failures */

static gboolean
ends_with (const char *text, const char *end)
{
  return text != NULL && g_str_has_suffix (text, end);
}

static gboolean
says (const char *text, const char *what)
{
  return text != NULL && strstr (text, what) != NULL;
}

static LwScriptFailure
classify (const char *exception, const char *message)
{
  static const struct
  {
    const char *exception; /* its end, as some libraries derive their own */
    LwScriptFailure failure;
  } kinds[] = {
    { "ModuleNotFoundError", LW_SCRIPT_FAILURE_MISSING_MODULE },
    { "FileNotFoundError", LW_SCRIPT_FAILURE_FILE_NOT_FOUND },
    { "SyntaxError", LW_SCRIPT_FAILURE_SYNTAX },
    { "IndentationError", LW_SCRIPT_FAILURE_SYNTAX },
    { "TabError", LW_SCRIPT_FAILURE_SYNTAX },
    { "MemoryError", LW_SCRIPT_FAILURE_MEMORY },
    { "PermissionError", LW_SCRIPT_FAILURE_DENIED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if (ends_with (exception, kinds[i].exception))
        return kinds[i].failure;
    }
  if (g_strcmp0 (exception, "NameError") == 0)
    return LW_SCRIPT_FAILURE_NAME;
  if (g_strcmp0 (exception, "ImportError") == 0 &&
      (says (message, ".so") || says (message, "GLIBC") || says (message, "shared object")))
    return LW_SCRIPT_FAILURE_LIBRARY;
  if ((ends_with (exception, "ValueError") || ends_with (exception, "TypeError")) &&
      says (message, "NoneType") && (says (message, "path") || says (message, "Path")))
    return LW_SCRIPT_FAILURE_NO_PATH;
  return LW_SCRIPT_FAILURE_OTHER;
}

/* "No module named 'a.b'" → "a": that is what is to be installed. */
static char *
dup_missing_module (const char *message)
{
  const char *quote = message != NULL ? strchr (message, '\'') : NULL;

  return quote != NULL ? g_strndup (quote + 1, strcspn (quote + 1, ".'")) : NULL;
}

static void
set_failure (Reader *self)
{
  LwScriptResult *result = self->result;

  result->failure = classify (result->exception, result->message);
  g_clear_pointer (&result->missing_module, g_free);
  if (result->failure == LW_SCRIPT_FAILURE_MISSING_MODULE)
    result->missing_module = dup_missing_module (result->message);
}

static void
begin_traceback (Reader *self)
{
  g_ptr_array_set_size (self->result->frames, 0);
  self->state = IN_TRACEBACK;
}

static gboolean
read_frame (Reader *self, const char *line)
{
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *number = NULL;
  LwScriptFrame *frame;

  if (!g_regex_match (self->frame, line, 0, &match))
    return FALSE;
  /* A syntax error in the script itself has a place but no traceback. */
  if (self->state != IN_TRACEBACK)
    begin_traceback (self);
  if (self->result->frames->len >= LW_SCRIPT_RESULT_MAX_FRAMES)
    return TRUE;
  frame = g_new0 (LwScriptFrame, 1);
  frame->file = g_match_info_fetch (match, 1);
  number = g_match_info_fetch (match, 2);
  frame->line = (guint) MIN (g_ascii_strtoull (number, NULL, 10), G_MAXUINT);
  frame->function = g_match_info_fetch (match, 3);
  g_ptr_array_add (self->result->frames, frame);
  return TRUE;
}

static void
read_exception (Reader *self, const char *line)
{
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *type = NULL;
  g_autofree char *message = NULL;

  self->state = OUTSIDE;
  if (!g_regex_match (self->exception, line, 0, &match))
    return;
  type = g_match_info_fetch (match, 1);
  message = g_match_info_fetch (match, 2);
  set_string (&self->result->exception, type);
  set_string (&self->result->message, g_strstrip (message));
  set_failure (self);
  if (*message == '\0' && g_str_has_suffix (line, ": "))
    self->state = IN_MESSAGE;
}

/* argparse says how to call the script, and in the next lines what was wrong. */
static gboolean
read_refused_arguments (Reader *self, const char *line)
{
  const char *error = strstr (line, ": error: ");

  if (g_str_has_prefix (line, "usage: "))
    self->saw_usage = TRUE;
  else if (!self->saw_usage || error == NULL)
    return self->saw_usage && *line == ' ';
  else
    {
      self->result->failure = LW_SCRIPT_FAILURE_ARGUMENTS;
      set_string (&self->result->message, error + strlen (": error: "));
    }
  return TRUE;
}

/* What Python says between two tracebacks of one failure. */
static gboolean
joins_tracebacks (const char *line)
{
  return strcmp (line, "During handling of the above exception, another exception occurred:") == 0
         || strcmp (line, "The above exception was the direct cause of the following exception:")
                == 0;
}

static void
read_outside (Reader *self, const char *line)
{
  if (g_str_has_prefix (line, "Traceback (most recent call last)"))
    begin_traceback (self);
  else if (*line != '\0' && !joins_tracebacks (line) && !read_frame (self, line) &&
           !read_refused_arguments (self, line))
    {
      if (self->result->failure == LW_SCRIPT_FAILURE_NONE)
        set_string (&self->result->last_line, line);
      read_figure (self, line);
    }
}

static void
read_line (Reader *self, const char *line)
{
  switch (self->state)
    {
    case IN_TRACEBACK:
      if (!read_frame (self, line) && *line != ' ' && *line != '\0')
        read_exception (self, line);
      break;
    case IN_MESSAGE:
      if (*line == '\0')
        break;
      self->state = OUTSIDE;
      set_string (&self->result->message, line);
      set_failure (self);
      break;
    case OUTSIDE:
    default:
      read_outside (self, line);
      break;
    }
}

LwScriptResult *
lw_script_result_read (const char *output)
{
  Reader self = { 0 };
  const char *p = output;

  g_return_val_if_fail (output != NULL, NULL);

  self.result = g_new0 (LwScriptResult, 1);
  self.result->accuracy = NAN;
  self.result->auc = NAN;
  self.result->frames = g_ptr_array_new_with_free_func (frame_free);
  self.figure = compile ("\\b(accuracy|auc)\\b(?:\\s+score)?\\s*[:=]\\s*"
                         "([+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:e[+-]?\\d+)?)\\s*(%)?");
  self.frame = compile ("^  File \"(.*)\", line (\\d+)(?:, in (.*))?$");
  self.exception = compile ("^([a-z_][\\w.]*)(?:: ?(.*))?$");
  while (*p != '\0')
    {
      gsize length = strcspn (p, "\n");
      g_autofree char *line = dup_shown (p, MIN (length, MAX_LINE));

      read_line (&self, line);
      p += length + (p[length] == '\n');
    }
  g_regex_unref (self.figure);
  g_regex_unref (self.frame);
  g_regex_unref (self.exception);
  return self.result;
}

const LwScriptFrame *
lw_script_result_get_frame_in (const LwScriptResult *self, const char *folder)
{
  g_return_val_if_fail (self != NULL && folder != NULL, NULL);

  for (guint i = self->frames->len; i > 0; i--)
    {
      const LwScriptFrame *frame = g_ptr_array_index (self->frames, i - 1);
      gsize n = strlen (folder);

      if (*frame->file == '<')
        continue;
      if (!g_path_is_absolute (frame->file))
        return frame;
      if (strncmp (frame->file, folder, n) == 0 && frame->file[n] == '/')
        return frame;
    }
  return NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The report of a walk as one page of HTML. The body grows with each call; one thread. */

#include "lw-report.h"

#include <string.h>

#include "lw-file.h"
#include "lw-mask.h"
#include "lw-text-filter.h"

static const char style[]
  = "body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
    "color:#222;background:#fff}"
    "h2{margin-top:2.5rem;border-bottom:1px solid #ccc}"
    ".state{font-size:1rem;font-weight:normal;margin-left:.75rem}"
    ".good{color:#1a7f37}.bad{color:#b3261e}"
    "table{border-collapse:collapse}th,td{text-align:left;padding:.2rem 1rem .2rem 0;"
    "vertical-align:top;overflow-wrap:anywhere}th{font-weight:normal;color:#666}"
    "pre{background:#f4f4f4;padding:.75rem;overflow-x:auto;max-height:30rem}"
    "figure{margin:1rem 0}img{max-width:100%;border:1px solid #ccc}"
    "@media (prefers-color-scheme:dark){body{color:#ddd;background:#1e1e1e}"
    "pre{background:#2a2a2a}th{color:#aaa}.good{color:#57d17a}.bad{color:#ff8a80}}";

struct _LwReport
{
  char *language;
  char *title;
  GString *body;
  gboolean in_table;
};

LwReport *
lw_report_new (const char *language, const char *title)
{
  LwReport *self;

  g_return_val_if_fail (language != NULL && title != NULL, NULL);

  self = g_new0 (LwReport, 1);
  self->language = g_strdup (language);
  self->title = g_strdup (title);
  self->body = g_string_new (NULL);
  return self;
}

void
lw_report_free (LwReport *self)
{
  if (self == NULL)
    return;
  g_free (self->language);
  g_free (self->title);
  g_string_free (self->body, TRUE);
  g_free (self);
}

/* Fit to be shown, without secrets, escaped. */
static char *
escape (const char *text)
{
  g_autofree char *clean = lw_text_filter_once (text, strlen (text));
  g_autofree char *masked = lw_mask_body (NULL, (const guint8 *) clean, strlen (clean));

  return g_markup_escape_text (masked != NULL ? masked : LW_MASK, -1);
}

static void
close_table (LwReport *self)
{
  if (self->in_table)
    g_string_append (self->body, "</table>\n");
  self->in_table = FALSE;
}

void
lw_report_add_section (LwReport *self, const char *title, LwReportState state, const char *word)
{
  static const char *const classes[]
    = { [LW_REPORT_PLAIN] = "", [LW_REPORT_GOOD] = " good", [LW_REPORT_BAD] = " bad" };
  static const char *const marks[]
    = { [LW_REPORT_PLAIN] = "", [LW_REPORT_GOOD] = "✓ ", [LW_REPORT_BAD] = "✗ " };
  g_autofree char *title_text = NULL;
  g_autofree char *word_text = NULL;

  g_return_if_fail (self != NULL && title != NULL);
  g_return_if_fail ((guint) state < G_N_ELEMENTS (classes));

  close_table (self);
  title_text = escape (title);
  word_text = word != NULL ? escape (word) : NULL;
  g_string_append_printf (self->body, "<h2>%s", title_text);
  if (word_text != NULL)
    g_string_append_printf (self->body, "<span class=\"state%s\">%s%s</span>", classes[state],
                            marks[state], word_text);
  g_string_append (self->body, "</h2>\n");
}

void
lw_report_add_paragraph (LwReport *self, const char *text)
{
  g_autofree char *escaped = NULL;

  g_return_if_fail (self != NULL && text != NULL);

  close_table (self);
  escaped = escape (text);
  g_string_append_printf (self->body, "<p>%s</p>\n", escaped);
}

void
lw_report_add_figure (LwReport *self, const char *name, const char *value)
{
  g_autofree char *name_text = NULL;
  g_autofree char *value_text = NULL;

  g_return_if_fail (self != NULL && name != NULL && value != NULL);

  if (!self->in_table)
    g_string_append (self->body, "<table>\n");
  self->in_table = TRUE;
  name_text = escape (name);
  value_text = escape (value);
  g_string_append_printf (self->body, "<tr><th scope=\"row\">%s</th><td>%s</td></tr>\n", name_text,
                          value_text);
}

/* The middle of an endless log is left out; the mark between says so in every language. */
static char *
shorten (const char *text)
{
  gsize length = strlen (text);
  gsize half = LW_REPORT_MAX_LOG / 2;
  g_autofree char *head = NULL;

  if (length <= LW_REPORT_MAX_LOG)
    return g_strdup (text);
  head = g_strndup (text, half);
  return g_strconcat (head, "\n[…]\n", text + length - half, NULL);
}

void
lw_report_add_log (LwReport *self, const char *title, const char *text)
{
  g_autofree char *title_text = NULL;
  g_autofree char *short_text = NULL;
  g_autofree char *log = NULL;

  g_return_if_fail (self != NULL && title != NULL && text != NULL);

  close_table (self);
  title_text = escape (title);
  short_text = shorten (text);
  log = escape (short_text);
  g_string_append_printf (self->body, "<h3>%s</h3>\n<pre>%s</pre>\n", title_text, log);
}

static gboolean
is_inner_path (const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);

  for (char **part = parts; *part != NULL; part++)
    if (**part == '\0' || g_str_equal (*part, "..") || strchr (*part, '\\') != NULL)
      return FALSE;
  return *path != '\0';
}

void
lw_report_add_picture (LwReport *self, const char *path, const char *caption)
{
  g_autofree char *uri = NULL;
  g_autofree char *uri_text = NULL;
  g_autofree char *caption_text = NULL;

  g_return_if_fail (self != NULL && path != NULL && caption != NULL);

  if (!is_inner_path (path))
    return;
  close_table (self);
  uri = g_uri_escape_string (path, "/", FALSE);
  uri_text = g_markup_escape_text (uri, -1);
  caption_text = escape (caption);
  /* The leading "./" keeps a name with a colon from being taken for a scheme. */
  g_string_append_printf (self->body,
                          "<figure><img src=\"./%s\" alt=\"%s\"><figcaption>%s</figcaption>"
                          "</figure>\n",
                          uri_text, caption_text, caption_text);
}

char *
lw_report_to_html (LwReport *self)
{
  g_autofree char *language = NULL;
  g_autofree char *title = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  close_table (self);
  language = g_markup_escape_text (self->language, -1);
  title = escape (self->title);
  return g_strdup_printf (
    "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
    "img-src 'self' file:; style-src 'unsafe-inline'\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n"
    "<title>%s</title>\n<style>%s</style>\n</head>\n<body>\n<h1>%s</h1>\n%s</body>\n</html>\n",
    language, title, style, title, self->body->str);
}

gboolean
lw_report_save (LwReport *self, const char *path, GError **error)
{
  g_autofree char *html = NULL;

  g_return_val_if_fail (self != NULL && path != NULL, FALSE);

  html = lw_report_to_html (self);
  return lw_file_replace (path, html, strlen (html), error);
}

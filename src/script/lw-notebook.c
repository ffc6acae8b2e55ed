/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Notebooks. The file is read at once, checked, and reduced to cells and outputs; the JSON tree is
 * gone afterwards. A notebook never changes after lw_notebook_parse(): any thread may hold one. */

#include "lw-notebook.h"

#include "lw-error.h"
#include "lw-local-file.h"
#include "lw-notebook-json.h"

struct _LwNotebook
{
  gatomicrefcount refs;
  int format;
  char *kernel_name;         /* owned (nullable) */
  char *kernel_display_name; /* owned (nullable) */
  char *language;            /* owned (nullable) */
  GPtrArray *cells;          /* owned; of LwNotebookCell */
};

static void
output_free (gpointer data)
{
  LwNotebookOutput *self = data;

  g_free (self->text);
  g_clear_pointer (&self->image, g_bytes_unref);
  g_free (self->error_name);
  g_free (self->error_value);
  g_free (self);
}

static void
cell_free (gpointer data)
{
  LwNotebookCell *self = data;

  g_free (self->source);
  g_free (self->raw_mimetype);
  g_clear_pointer (&self->outputs, g_ptr_array_unref);
  g_free (self);
}

/* Members of any type from outside: each getter gives NULL for what is absent or something else. */

static JsonObject *
get_object (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static JsonArray *
get_array (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static const char *
node_get_string (JsonNode *node)
{
  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  return json_node_get_string (node);
}

static const char *
get_string (JsonObject *object, const char *name)
{
  return object != NULL ? node_get_string (json_object_get_member (object, name)) : NULL;
}

static gint64
get_int (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) != G_TYPE_INT64)
    return 0;
  return json_node_get_int (node);
}

/* Long text is kept as one string or as a list of its lines. Returns: (nullable) */
static char *
dup_text (JsonObject *object, const char *name)
{
  JsonArray *lines = get_array (object, name);
  GString *text;

  if (lines == NULL)
    return g_strdup (get_string (object, name));
  text = g_string_new (NULL);
  for (guint i = 0; i < json_array_get_length (lines); i++)
    {
      const char *line = node_get_string (json_array_get_element (lines, i));

      if (line == NULL)
        {
          g_string_free (text, TRUE);
          return NULL;
        }
      g_string_append (text, line);
    }
  return g_string_free (text, FALSE);
}

/* Outputs: nobody's conversion depends on them, so that what is not understood is passed over. */

static LwNotebookOutput *
output_new (LwNotebookOutputKind kind, char *text)
{
  LwNotebookOutput *self = g_new0 (LwNotebookOutput, 1);

  self->kind = kind;
  self->text = text != NULL ? text : g_strdup ("");
  return self;
}

static LwNotebookOutput *
read_stream (JsonObject *object, int format)
{
  const char *name = get_string (object, format == 3 ? "stream" : "name");
  char *text = dup_text (object, "text");

  if (text == NULL)
    return NULL;
  return output_new (g_strcmp0 (name, "stderr") == 0 ? LW_NOTEBOOK_OUTPUT_STDERR :
                                                       LW_NOTEBOOK_OUTPUT_STDOUT, text);
}

static LwNotebookOutput *
read_error (JsonObject *object)
{
  JsonArray *lines = get_array (object, "traceback");
  GString *text = g_string_new (NULL);
  LwNotebookOutput *self;

  for (guint i = 0; lines != NULL && i < json_array_get_length (lines); i++)
    {
      const char *line = node_get_string (json_array_get_element (lines, i));

      if (text->len > 0)
        g_string_append_c (text, '\n');
      g_string_append (text, line != NULL ? line : "");
    }
  self = output_new (LW_NOTEBOOK_OUTPUT_ERROR, g_string_free (text, FALSE));
  self->error_name = g_strdup (get_string (object, "ename"));
  self->error_value = g_strdup (get_string (object, "evalue"));
  return self;
}

/* A result or something displayed, in several forms: format 3 names them by words, 4 by types. */
static LwNotebookOutput *
read_display (JsonObject *object, int format)
{
  JsonObject *data = format == 3 ? object : get_object (object, "data");
  static const char *const text_names[][2] = {
    { "text", "text/plain" }, { "text/markdown", "text/markdown" }, { "latex", "text/latex" }
  };
  g_autofree char *picture = dup_text (data, format == 3 ? "png" : "image/png");
  g_autofree char *text = NULL;
  guchar *bytes = NULL;
  gsize length = 0;
  LwNotebookOutput *self;

  for (gsize i = 0; i < G_N_ELEMENTS (text_names) && text == NULL; i++)
    text = dup_text (data, text_names[i][format == 3 ? 0 : 1]);
  if (picture != NULL)
    bytes = g_base64_decode (picture, &length);
  if (length == 0 && text == NULL)
    {
      g_free (bytes);
      return NULL;
    }
  self = output_new (length > 0 ? LW_NOTEBOOK_OUTPUT_IMAGE : LW_NOTEBOOK_OUTPUT_TEXT,
                     g_steal_pointer (&text));
  if (length > 0)
    self->image = g_bytes_new_take (bytes, length);
  else
    g_free (bytes);
  return self;
}

static LwNotebookOutput *
read_output (JsonObject *object, int format)
{
  const char *type = get_string (object, "output_type");

  if (type == NULL)
    return NULL;
  if (strcmp (type, "stream") == 0)
    return read_stream (object, format);
  if (strcmp (type, "error") == 0 || strcmp (type, "pyerr") == 0)
    return read_error (object);
  return read_display (object, format);
}

static GPtrArray *
read_outputs (JsonObject *cell, int format)
{
  GPtrArray *outputs = g_ptr_array_new_with_free_func (output_free);
  JsonArray *array = get_array (cell, "outputs");

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      LwNotebookOutput *output = NULL;

      if (JSON_NODE_HOLDS_OBJECT (node))
        output = read_output (json_node_get_object (node), format);
      if (output != NULL)
        g_ptr_array_add (outputs, output);
    }
  return outputs;
}

/* Cells: whatever is wrong here would change the script, so that it is an error. */

static gboolean
set_malformed (GError **error, guint index, const char *member, const char *expected)
{
  g_set_error (error, LW_ERROR, LW_ERROR_MALFORMED, "cells[%u]%s%s: expected %s", index,
               *member != '\0' ? "." : "", member, expected);
  return FALSE;
}

/* A heading of format 3, as format 4 has it: Markdown on one line. */
static char *
dup_heading (JsonObject *object)
{
  gint64 level = CLAMP (get_int (object, "level"), 1, 6);
  g_autofree char *text = dup_text (object, "source");
  g_autofree char *hashes = g_strnfill ((gsize) level, '#');
  g_autofree char *stripped = g_strdup (text != NULL ? text : "");

  g_strdelimit (g_strchomp (stripped), "\r\n", ' ');
  return g_strdup_printf ("%s %s", hashes, stripped);
}

static LwNotebookCellKind
read_kind (const char *type)
{
  if (strcmp (type, "code") == 0)
    return LW_NOTEBOOK_CELL_CODE;
  if (strcmp (type, "raw") == 0)
    return LW_NOTEBOOK_CELL_RAW;
  if (strcmp (type, "markdown") == 0)
    return LW_NOTEBOOK_CELL_MARKDOWN;
  return LW_NOTEBOOK_CELL_OTHER;
}

static gboolean
read_cell_type (LwNotebookCell *self, JsonObject *object, int format, guint index, GError **error)
{
  const char *type = get_string (object, "cell_type");
  const char *member = "source";

  if (type == NULL)
    return set_malformed (error, index, "cell_type", "a string");
  self->kind = read_kind (type);
  if (format == 3 && strcmp (type, "heading") == 0)
    {
      self->kind = LW_NOTEBOOK_CELL_MARKDOWN;
      self->source = dup_heading (object);
      return TRUE;
    }
  if (format == 3 && strcmp (type, "html") == 0)
    self->kind = LW_NOTEBOOK_CELL_MARKDOWN;
  if (format == 3 && self->kind == LW_NOTEBOOK_CELL_CODE)
    member = "input";
  self->source = dup_text (object, member);
  if (self->source == NULL && self->kind == LW_NOTEBOOK_CELL_OTHER)
    self->source = g_strdup ("");
  if (self->source == NULL)
    return set_malformed (error, index, member, "a string or a list of strings");
  return TRUE;
}

static gboolean
read_cell (LwNotebook *self, JsonNode *node, GError **error)
{
  guint index = self->cells->len;
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  LwNotebookCell *cell;
  JsonObject *transient;
  const char *mimetype;

  if (object == NULL)
    return set_malformed (error, index, "", "an object");
  cell = g_new0 (LwNotebookCell, 1);
  g_ptr_array_add (self->cells, cell);
  if (!read_cell_type (cell, object, self->format, index, error))
    return FALSE;
  cell->execution_count = get_int (object, self->format == 3 ? "prompt_number" : "execution_count");
  mimetype = get_string (get_object (object, "metadata"), "raw_mimetype");
  cell->raw_mimetype = g_ascii_strdown (mimetype != NULL ? mimetype : "", -1);
  transient = get_object (object, "transient");
  if (transient != NULL && json_object_has_member (transient, "remove_source"))
    cell->source_hidden
        = json_object_get_boolean_member_with_default (transient, "remove_source", TRUE);
  cell->outputs = read_outputs (object, self->format);
  return TRUE;
}

static gboolean
read_cells (LwNotebook *self, JsonArray *cells, GError **error)
{
  for (guint i = 0; i < json_array_get_length (cells); i++)
    {
      if (!read_cell (self, json_array_get_element (cells, i), error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_worksheets (LwNotebook *self, JsonArray *sheets, GError **error)
{
  for (guint i = 0; i < json_array_get_length (sheets); i++)
    {
      JsonNode *node = json_array_get_element (sheets, i);
      JsonArray *cells = NULL;

      if (JSON_NODE_HOLDS_OBJECT (node))
        cells = get_array (json_node_get_object (node), "cells");
      if (cells == NULL)
        {
          g_set_error (error, LW_ERROR, LW_ERROR_MALFORMED, "worksheets[%u].cells: expected a list",
                       i);
          return FALSE;
        }
      if (!read_cells (self, cells, error))
        return FALSE;
    }
  return TRUE;
}

static void
read_metadata (LwNotebook *self, JsonObject *root)
{
  JsonObject *metadata = get_object (root, "metadata");
  JsonObject *kernel = get_object (metadata, "kernelspec");
  const char *language = get_string (get_object (metadata, "language_info"), "name");

  self->kernel_name = g_strdup (get_string (kernel, "name"));
  self->kernel_display_name = g_strdup (get_string (kernel, "display_name"));
  self->language = g_strdup (language != NULL ? language : get_string (kernel, "language"));
}

static gboolean
read_format (LwNotebook *self, JsonObject *root, GError **error)
{
  gint64 format = get_int (root, "nbformat");

  if (format > 4)
    {
      g_set_error (error, LW_ERROR, LW_ERROR_NEWER_VERSION, "nbformat: %" G_GINT64_FORMAT, format);
      return FALSE;
    }
  if (format < 3)
    {
      g_set_error_literal (error, LW_ERROR, LW_ERROR_MALFORMED, "nbformat: expected 3 or 4");
      return FALSE;
    }
  self->format = (int) format;
  return TRUE;
}

static gboolean
read_root (LwNotebook *self, JsonObject *root, GError **error)
{
  const char *member;
  JsonArray *array;

  if (!read_format (self, root, error))
    return FALSE;
  read_metadata (self, root);
  member = self->format == 3 ? "worksheets" : "cells";
  array = get_array (root, member);
  if (array == NULL)
    {
      g_set_error (error, LW_ERROR, LW_ERROR_MALFORMED, "%s: expected a list", member);
      return FALSE;
    }
  return self->format == 3 ? read_worksheets (self, array, error) : read_cells (self, array, error);
}

LwNotebook *
lw_notebook_parse (GBytes *bytes, GError **error)
{
  g_autoptr (LwNotebook) self = NULL;
  g_autoptr (JsonParser) parser = NULL;

  g_return_val_if_fail (bytes != NULL, NULL);

  if (g_bytes_get_size (bytes) > LW_NOTEBOOK_MAX_SIZE)
    {
      g_set_error (error, LW_ERROR, LW_ERROR_TOO_LARGE, "larger than %d bytes",
                   LW_NOTEBOOK_MAX_SIZE);
      return NULL;
    }
  parser = lw_notebook_json_parse (bytes, error);
  if (parser == NULL)
    return NULL;
  self = g_new0 (LwNotebook, 1);
  g_atomic_ref_count_init (&self->refs);
  self->cells = g_ptr_array_new_with_free_func (cell_free);
  if (!read_root (self, json_node_get_object (json_parser_get_root (parser)), error))
    return NULL;
  return g_steal_pointer (&self);
}

LwNotebook *
lw_notebook_load (const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  bytes = lw_local_file_load (path, LW_NOTEBOOK_MAX_SIZE, cancellable, error);
  return bytes != NULL ? lw_notebook_parse (bytes, error) : NULL;
}

LwNotebook *
lw_notebook_ref (LwNotebook *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
lw_notebook_unref (LwNotebook *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->refs))
    return;
  g_free (self->kernel_name);
  g_free (self->kernel_display_name);
  g_free (self->language);
  g_ptr_array_unref (self->cells);
  g_free (self);
}

int
lw_notebook_get_format (LwNotebook *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->format;
}

const char *
lw_notebook_get_kernel_name (LwNotebook *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->kernel_name;
}

const char *
lw_notebook_get_kernel_display_name (LwNotebook *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->kernel_display_name;
}

const char *
lw_notebook_get_language (LwNotebook *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->language;
}

guint
lw_notebook_get_n_cells (LwNotebook *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->cells->len;
}

const LwNotebookCell *
lw_notebook_get_cell (LwNotebook *self, guint index)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (index < self->cells->len, NULL);

  return g_ptr_array_index (self->cells, index);
}

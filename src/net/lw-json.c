/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading JSON that came from outside. A document owns the tree of json-glib and the paths of the
 * values that were asked for; values are only views into it. One thread at a time. */

#include "lw-json.h"

#include <math.h>
#include <string.h>

#include "lw-error.h"
#include "lw-json-scan.h"

struct _LwJsonDocument
{
  JsonNode *root;      /* owned */
  GStringChunk *paths; /* owned */
};

#define PATH_CHUNK 512

static const char byte_order_mark[] = "\xEF\xBB\xBF";

/* A copy of @bytes as a string, without the mark; checked for size, encoding and shape. */
static char *
dup_checked (GBytes *bytes, gsize *length, GError **error)
{
  g_autofree char *text = NULL;
  gsize size = 0;
  const char *data = g_bytes_get_data (bytes, &size);

  if (size > LW_JSON_MAX_SIZE)
    {
      g_set_error (error, LW_ERROR, LW_ERROR_TOO_LARGE, "JSON is larger than %d bytes",
                   LW_JSON_MAX_SIZE);
      return NULL;
    }
  if (size >= strlen (byte_order_mark)
      && memcmp (data, byte_order_mark, strlen (byte_order_mark)) == 0)
    {
      data += strlen (byte_order_mark);
      size -= strlen (byte_order_mark);
    }
  if (size == 0)
    {
      g_set_error_literal (error, LW_ERROR, LW_ERROR_MALFORMED, "JSON is empty");
      return NULL;
    }
  if (!g_utf8_validate_len (data, size, NULL))
    {
      g_set_error_literal (error, LW_ERROR, LW_ERROR_MALFORMED, "JSON is not UTF-8");
      return NULL;
    }
  text = g_strndup (data, size);
  if (!lw_json_scan (text, size, error))
    return NULL;
  *length = size;
  return g_steal_pointer (&text);
}

LwJsonDocument *
lw_json_parse (GBytes *bytes, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autofree char *text = NULL;
  LwJsonDocument *self;
  gsize length = 0;

  g_return_val_if_fail (bytes != NULL, NULL);

  text = dup_checked (bytes, &length, error);
  if (text == NULL)
    return NULL;
  /* json-glib's own message quotes the document. */
  if (!json_parser_load_from_data (parser, text, (gssize) length, NULL)
      || json_parser_get_root (parser) == NULL)
    {
      g_set_error (error, LW_ERROR, LW_ERROR_MALFORMED, "not JSON at line %u, column %u",
                   json_parser_get_current_line (parser), json_parser_get_current_pos (parser));
      return NULL;
    }
  self = g_new0 (LwJsonDocument, 1);
  self->root = json_parser_steal_root (parser);
  self->paths = g_string_chunk_new (PATH_CHUNK);
  return self;
}

void
lw_json_document_free (LwJsonDocument *self)
{
  if (self == NULL)
    return;
  json_node_unref (self->root);
  g_string_chunk_free (self->paths);
  g_free (self);
}

LwJson
lw_json_document_get_root (LwJsonDocument *self)
{
  g_return_val_if_fail (self != NULL, ((LwJson){ NULL, NULL, "" }));

  return (LwJson){ self, self->root, "" };
}

gboolean
lw_json_is_present (LwJson self)
{
  return self.node != NULL && !JSON_NODE_HOLDS_NULL (self.node);
}

gboolean
lw_json_is_object (LwJson self)
{
  return self.node != NULL && JSON_NODE_HOLDS_OBJECT (self.node);
}

gboolean
lw_json_is_array (LwJson self)
{
  return self.node != NULL && JSON_NODE_HOLDS_ARRAY (self.node);
}

gboolean
lw_json_is_string (LwJson self)
{
  return self.node != NULL && JSON_NODE_HOLDS_VALUE (self.node)
         && json_node_get_value_type (self.node) == G_TYPE_STRING;
}

static LwJson
below (LwJson parent, JsonNode *node, const char *path)
{
  LwJson self = { parent.document, node, "" };

  if (parent.document != NULL)
    self.path = g_string_chunk_insert_const (parent.document->paths, path);
  return self;
}

LwJson
lw_json_member (LwJson self, const char *name)
{
  g_autofree char *path = NULL;
  JsonNode *node = NULL;

  g_return_val_if_fail (name != NULL, ((LwJson){ self.document, NULL, "" }));

  if (lw_json_is_object (self))
    node = json_object_get_member (json_node_get_object (self.node), name);
  path = *self.path == '\0' ? g_strdup (name) : g_strdup_printf ("%s.%s", self.path, name);
  return below (self, node, path);
}

LwJson
lw_json_at (LwJson self, ...)
{
  va_list names;
  const char *name;

  va_start (names, self);
  while ((name = va_arg (names, const char *)) != NULL)
    self = lw_json_member (self, name);
  va_end (names);
  return self;
}

guint
lw_json_length (LwJson self)
{
  return lw_json_is_array (self) ? json_array_get_length (json_node_get_array (self.node)) : 0;
}

LwJson
lw_json_element (LwJson self, guint index)
{
  g_autofree char *path = g_strdup_printf ("%s[%u]", self.path, index);
  JsonNode *node = NULL;

  if (index < lw_json_length (self))
    node = json_array_get_element (json_node_get_array (self.node), index);
  return below (self, node, path);
}

char **
lw_json_members (LwJson self)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  if (lw_json_is_object (self))
    {
      JsonObjectIter iter;
      const char *name;

      json_object_iter_init_ordered (&iter, json_node_get_object (self.node));
      while (json_object_iter_next_ordered (&iter, &name, NULL))
        g_ptr_array_add (names, g_strdup (name));
    }
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_steal (names, NULL);
}

/* Of @self a member that must be there: fails for the caller, saying what was expected. */
static gboolean
fail_expected (LwJson self, const char *expected, GError **error)
{
  g_set_error (error, LW_ERROR, LW_ERROR_MALFORMED, "%s: %s expected", self.path, expected);
  return FALSE;
}

static gboolean
failed_before (GError **error)
{
  return error != NULL && *error != NULL;
}

const char *
lw_json_as_string (LwJson self, const char *fallback)
{
  return lw_json_is_string (self) ? json_node_get_string (self.node) : fallback;
}

const char *
lw_json_need_string (LwJson self, const char *name, GError **error)
{
  LwJson member = lw_json_member (self, name);

  if (failed_before (error))
    return NULL;
  if (!lw_json_is_string (member))
    {
      fail_expected (member, "string", error);
      return NULL;
    }
  return json_node_get_string (member.node);
}

const char *
lw_json_get_string (LwJson self, const char *name, const char *fallback)
{
  return lw_json_as_string (lw_json_member (self, name), fallback);
}

static gboolean
is_value_of (LwJson self, GType type)
{
  return self.node != NULL && JSON_NODE_HOLDS_VALUE (self.node)
         && json_node_get_value_type (self.node) == type;
}

static gboolean
read_double (LwJson self, double *value)
{
  if (is_value_of (self, G_TYPE_INT64) || is_value_of (self, G_TYPE_DOUBLE))
    *value = json_node_get_double (self.node);
  else if (lw_json_is_string (self))
    {
      const char *text = json_node_get_string (self.node);
      char *end = NULL;

      *value = g_ascii_strtod (text, &end);
      if (end == text || *end != '\0')
        return FALSE;
    }
  else
    return FALSE;
  return isfinite (*value);
}

static gboolean
read_int (LwJson self, gint64 *value)
{
  double number;

  if (is_value_of (self, G_TYPE_INT64))
    {
      *value = json_node_get_int (self.node);
      return TRUE;
    }
  if (lw_json_is_string (self))
    return g_ascii_string_to_signed (json_node_get_string (self.node), 10, G_MININT64, G_MAXINT64,
                                     value, NULL);
  /* 3600.0; 2^63 itself is one too many. */
  if (!read_double (self, &number) || number != floor (number) || number < -0x1p63
      || number >= 0x1p63)
    return FALSE;
  *value = (gint64) number;
  return TRUE;
}

gboolean
lw_json_need_int (LwJson self, const char *name, gint64 *value, GError **error)
{
  LwJson member = lw_json_member (self, name);

  g_return_val_if_fail (value != NULL, FALSE);

  if (failed_before (error))
    return FALSE;
  return read_int (member, value) || fail_expected (member, "whole number", error);
}

gint64
lw_json_get_int (LwJson self, const char *name, gint64 fallback)
{
  gint64 value;

  return read_int (lw_json_member (self, name), &value) ? value : fallback;
}

double
lw_json_get_double (LwJson self, const char *name, double fallback)
{
  double value;

  return read_double (lw_json_member (self, name), &value) ? value : fallback;
}

gboolean
lw_json_get_boolean (LwJson self, const char *name, gboolean fallback)
{
  LwJson member = lw_json_member (self, name);

  return is_value_of (member, G_TYPE_BOOLEAN) ? json_node_get_boolean (member.node) : fallback;
}

gint64
lw_json_get_time_us (LwJson self, const char *name)
{
  const char *text = lw_json_get_string (self, name, "");
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (text, utc);

  if (time == NULL)
    return 0;
  return g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time);
}

gboolean
lw_json_need_array (LwJson self, const char *name, LwJson *array, GError **error)
{
  g_return_val_if_fail (array != NULL, FALSE);

  *array = lw_json_member (self, name);
  if (failed_before (error))
    return FALSE;
  return lw_json_is_array (*array) || fail_expected (*array, "array", error);
}

gboolean
lw_json_need_object (LwJson self, const char *name, LwJson *object, GError **error)
{
  g_return_val_if_fail (object != NULL, FALSE);

  *object = lw_json_member (self, name);
  if (failed_before (error))
    return FALSE;
  return lw_json_is_object (*object) || fail_expected (*object, "object", error);
}

char *
lw_json_print (LwJson self, gboolean pretty)
{
  return self.node == NULL ? g_strdup ("null") : json_to_string (self.node, pretty);
}

GBytes *
lw_json_builder_to_bytes (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = NULL;
  char *text;

  g_return_val_if_fail (JSON_IS_BUILDER (builder), NULL);

  root = json_builder_get_root (builder);
  g_return_val_if_fail (root != NULL, NULL);
  text = json_to_string (root, FALSE);
  return g_bytes_new_take (text, strlen (text));
}

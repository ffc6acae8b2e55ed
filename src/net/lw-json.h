/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * LwJsonDocument:
 *
 * A parsed document. It and its values belong to one thread at a time.
 */
typedef struct _LwJsonDocument LwJsonDocument;

/**
 * LwJson:
 * @document: (transfer none): the document that it is a part of
 * @node: (transfer none) (nullable): %NULL for an absent member
 * @path: (transfer none): how the document leads to it, owned by @document
 *
 * A value inside a parsed document, with the path that leads to it, so that an error can say
 * which member is missing or wrong ("value[3].properties.status: string expected"). A small
 * struct passed by value; valid as long as its #LwJsonDocument.
 *
 * Readers come in two kinds. `need` fails with %LW_ERROR_MALFORMED naming the path when the member
 * is absent, null or of another type; when its @error holds an error already, it does nothing and
 * fails, so that a run of them reports the first failure. `get` takes no @error and gives a
 * fallback in all these cases.
 */
typedef struct
{
  LwJsonDocument *document;
  JsonNode *node;
  const char *path;
} LwJson;

/* A value that is absent, of no document. */
#define LW_JSON_ABSENT ((LwJson){ NULL, NULL, "" })

/* Deeper or larger documents are refused: nothing in Azure's answers comes near. The parser and
 * the printer of json-glib call themselves once a level, so that depth is a matter of stack. */
#define LW_JSON_MAX_DEPTH 64
#define LW_JSON_MAX_SIZE (16 * 1024 * 1024)

/**
 * lw_json_parse:
 * @bytes: JSON in UTF-8; a byte order mark is skipped
 *
 * Half of a surrogate pair and U+0000 in an escape ("\ud83d", "\u0000") are read as U+FFFD: the
 * first comes from programs that cut UTF-16 text, and neither can stand in a C string.
 *
 * Returns: (transfer full): the document, or %NULL with %LW_ERROR_TOO_LARGE (size or depth) or
 *   %LW_ERROR_MALFORMED; the message never holds a piece of the document, which may be secret
 */
LwJsonDocument *lw_json_parse (GBytes *bytes, GError **error);
void lw_json_document_free (LwJsonDocument *self);

/** lw_json_document_get_root: Returns: the outermost value, valid as long as @self */
LwJson lw_json_document_get_root (LwJsonDocument *self);

/** lw_json_is_present: Returns: %TRUE when @self is there and not null */
gboolean lw_json_is_present (LwJson self);
gboolean lw_json_is_object (LwJson self);
gboolean lw_json_is_array (LwJson self);
gboolean lw_json_is_string (LwJson self);

/** lw_json_member: Returns: the member @name, absent when @self is absent or no object */
LwJson lw_json_member (LwJson self, const char *name);

/** lw_json_at: as lw_json_member(), down a path of member names, ended by %NULL */
LwJson lw_json_at (LwJson self, ...) G_GNUC_NULL_TERMINATED;

/** lw_json_length: Returns: elements of an array, 0 for anything else */
guint lw_json_length (LwJson self);

/** lw_json_element: Returns: element @index, absent when there are not so many */
LwJson lw_json_element (LwJson self, guint index);

/**
 * lw_json_members:
 *
 * Returns: (transfer full): names of an object's members in the order of the document,
 *   %NULL-terminated; none for anything else. Free with g_strfreev().
 */
char **lw_json_members (LwJson self);

/** lw_json_need_string: Returns: (transfer none) (nullable): %NULL with @error */
const char *lw_json_need_string (LwJson self, const char *name, GError **error);

/** lw_json_get_string: Returns: (transfer none): the string or @fallback */
const char *lw_json_get_string (LwJson self, const char *name, const char *fallback);

/** lw_json_need_int: a whole number; one in a string counts too, as in lw_json_get_int() */
gboolean lw_json_need_int (LwJson self, const char *name, gint64 *value, GError **error);

/**
 * lw_json_get_int:
 *
 * Numbers in strings count too: the token endpoint of Entra (v2.0) sends `expires_in` as either.
 *
 * Returns: the whole number, or @fallback for anything else or what 64 bits do not hold
 */
gint64 lw_json_get_int (LwJson self, const char *name, gint64 fallback);

/** lw_json_get_double: Returns: the number (or one in a string), never infinite, or @fallback */
double lw_json_get_double (LwJson self, const char *name, double fallback);
gboolean lw_json_get_boolean (LwJson self, const char *name, gboolean fallback);
gboolean lw_json_need_array (LwJson self, const char *name, LwJson *array, GError **error);
gboolean lw_json_need_object (LwJson self, const char *name, LwJson *object, GError **error);

/**
 * lw_json_get_time_us:
 *
 * Returns: microseconds since 1970 UTC of an ISO 8601 time in a string, taken as UTC when it names
 *   no zone; 0 for anything else
 */
gint64 lw_json_get_time_us (LwJson self, const char *name);

/** lw_json_as_string: Returns: (transfer none): the value itself as a string, or @fallback */
const char *lw_json_as_string (LwJson self, const char *fallback);

/** lw_json_print: Returns: (transfer full): the value as JSON text, @pretty with two spaces */
char *lw_json_print (LwJson self, gboolean pretty);

/** lw_json_builder_to_bytes: Returns: (transfer full): what @builder has built, as UTF-8 JSON */
GBytes *lw_json_builder_to_bytes (JsonBuilder *builder);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwJsonDocument, lw_json_document_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * LwJson:
 *
 * A value inside a parsed document, with the path that leads to it, so that an error can say
 * which member is missing or wrong ("value[3].properties.status: string expected"). A small
 * struct passed by value; valid as long as its #LwJsonDocument.
 *
 * Getters come in two kinds: `need` fails with %LW_ERROR_MALFORMED naming the path when the member
 * is absent, null or of another type; the others give a default for absent and null, and still
 * fail for another type when given an @error. After an error was set, getters return the default.
 */
typedef struct _LwJsonDocument LwJsonDocument;

typedef struct
{
  LwJsonDocument *document; /* borrowed */
  JsonNode *node;           /* borrowed; NULL for an absent member */
  const char *path;         /* owned by the document */
} LwJson;

/* Deeper or larger documents are refused: nothing in Azure's answers comes near. */
#define LW_JSON_MAX_DEPTH 64
#define LW_JSON_MAX_SIZE (16 * 1024 * 1024)

/** lw_json_parse: @bytes: UTF-8, a byte order mark is skipped. Returns: (transfer full) */
LwJsonDocument *lw_json_parse (GBytes *bytes, GError **error);
void lw_json_document_free (LwJsonDocument *self);
LwJson lw_json_document_get_root (LwJsonDocument *self);

gboolean lw_json_is_present (LwJson self);
gboolean lw_json_is_object (LwJson self);
gboolean lw_json_is_array (LwJson self);
gboolean lw_json_is_string (LwJson self);

/** lw_json_member: Returns: the member @name, absent when @self is absent or no object */
LwJson lw_json_member (LwJson self, const char *name);

/** lw_json_at: as lw_json_member(), down a path of member names, ended by %NULL */
LwJson lw_json_at (LwJson self, ...) G_GNUC_NULL_TERMINATED;

/** lw_json_length: elements of an array, 0 for anything else */
guint lw_json_length (LwJson self);
LwJson lw_json_element (LwJson self, guint index);

/** lw_json_members: Returns: (transfer full): names of an object's members, %NULL-terminated */
char **lw_json_members (LwJson self);

/** lw_json_need_string: Returns: (transfer none) (nullable): %NULL with @error */
const char *lw_json_need_string (LwJson self, const char *name, GError **error);

/** lw_json_get_string: Returns: (transfer none): the string or @fallback */
const char *lw_json_get_string (LwJson self, const char *name, const char *fallback);
gboolean lw_json_need_int (LwJson self, const char *name, gint64 *value, GError **error);

/** lw_json_get_int: numbers in strings count too, as Azure sends both */
gint64 lw_json_get_int (LwJson self, const char *name, gint64 fallback);
double lw_json_get_double (LwJson self, const char *name, double fallback);
gboolean lw_json_get_boolean (LwJson self, const char *name, gboolean fallback);
gboolean lw_json_need_array (LwJson self, const char *name, LwJson *array, GError **error);
gboolean lw_json_need_object (LwJson self, const char *name, LwJson *object, GError **error);

/** lw_json_as_string: the value itself as a string, or @fallback */
const char *lw_json_as_string (LwJson self, const char *fallback);

/** lw_json_print: Returns: (transfer full): the value as JSON text, @pretty with two spaces */
char *lw_json_print (LwJson self, gboolean pretty);

/** lw_json_builder_to_bytes: Returns: (transfer full): what @builder has built, as UTF-8 JSON */
GBytes *lw_json_builder_to_bytes (JsonBuilder *builder);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwJsonDocument, lw_json_document_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Reading JSON that somebody else wrote, where any member may be missing, null or of another type;
 * and making JSON. A path is member names joined by dots: "properties.sku.name". */

/** lwp_json_get_string: Returns: (nullable): the text at @path; @object may be %NULL */
const char *lwp_json_get_string (JsonObject *object, const char *path);

/** lwp_json_get_object: Returns: (transfer none) (nullable): the object at @path */
JsonObject *lwp_json_get_object (JsonObject *object, const char *path);

/** lwp_json_get_array: Returns: (transfer none) (nullable): the array at @path */
JsonArray *lwp_json_get_array (JsonObject *object, const char *path);

/** lwp_json_get_int: Returns: the number at @path, or @fallback */
gint64 lwp_json_get_int (JsonObject *object, const char *path, gint64 fallback);

/** lwp_json_get_boolean: Returns: the truth value at @path, or @fallback */
gboolean lwp_json_get_boolean (JsonObject *object, const char *path, gboolean fallback);

/**
 * lwp_json_new:
 * @text: a literal JSON object in which quotes may be single
 *
 * Returns: (transfer full): the object; ends the program when the literal is wrong
 */
JsonObject *lwp_json_new (const char *text);

/**
 * lwp_json_copy:
 *
 * Returns: (transfer full): a deep copy that may be changed; an empty object for %NULL
 */
JsonObject *lwp_json_copy (JsonObject *object);

/**
 * lwp_json_merge:
 * @from: (nullable): what is to be added
 *
 * Copies the members of @from into @object as a JSON merge patch (RFC 7396) does.
 */
void lwp_json_merge (JsonObject *object, JsonObject *from);

/**
 * lwp_json_keep:
 *
 * Copies the member @name of @from, if it has one, into @object.
 */
void lwp_json_keep (JsonObject *object, JsonObject *from, const char *name);

/** lwp_json_to_string: Returns: (transfer full): compact text */
char *lwp_json_to_string (JsonObject *object);

G_END_DECLS

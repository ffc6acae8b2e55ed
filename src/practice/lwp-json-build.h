/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lwp-json.h"

G_BEGIN_DECLS

/**
 * lwp_json_build:
 * @members: names and types of the members, parted by spaces: "id:s count:i tags:o next:n"
 * @...: one value for each member but those of type n
 *
 * Makes an object as it will look. Types: `s` const char * (%NULL gives null), `i` gint64, `d`
 * double, `b` gboolean, `o` JsonObject * (transfer full, %NULL gives null), `a` JsonArray *
 * (transfer full, %NULL gives null), `n` null, without a value.
 *
 * Returns: (transfer full): the object
 */
JsonObject *lwp_json_build (const char *members, ...);

/**
 * lwp_json_build_copy:
 *
 * Sets @name of @target to what @source has there; to null when it has nothing.
 */
void lwp_json_build_copy (JsonObject *target, JsonObject *source, const char *name);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* lw-mask.c: whether @name, of a member of JSON or of a form, stands for a secret; "access_token"
 * and "accessToken" alike. */
gboolean lw_mask_is_secret_name (const char *name);

/* lw-mask-json.c: @text with the values of secret members masked; @text need not be complete. */
char *lw_mask_json (const char *text);

G_END_DECLS

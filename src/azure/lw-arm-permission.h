/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * lw_arm_permission_matches:
 * @pattern: of a role, e.g. "Microsoft.Compute*"; "*" stands for any run of characters
 *
 * Returns: %TRUE when @pattern covers @action; letters are compared without case
 */
gboolean lw_arm_permission_matches (const char *pattern, const char *action);

G_END_DECLS

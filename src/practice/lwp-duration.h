/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * lwp_duration_parse:
 * @text: (nullable): a duration of ISO 8601 in days and smaller parts: "PT2M", "P1DT12H"
 * @seconds: (out): its length
 *
 * Returns: whether @text is one
 */
gboolean lwp_duration_parse (const char *text, gint64 *seconds);

/** lwp_duration_dup_span: Returns: (transfer full): a .NET time span: "[d.]hh:mm:ss.fffffff" */
char *lwp_duration_dup_span (gint64 duration_us);

G_END_DECLS

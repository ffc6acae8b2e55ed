/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * lwp_http_date_dup:
 * @time_us: microseconds since 1970 UTC
 *
 * Returns: (transfer full): "Tue, 30 May 2023 08:04:20 GMT", whatever the locale
 */
char *lwp_http_date_dup (gint64 time_us);

/**
 * lwp_http_date_parse:
 * @time_us: (out): microseconds since 1970 UTC
 *
 * Returns: whether @text is such a date
 */
gboolean lwp_http_date_parse (const char *text, gint64 *time_us);

G_END_DECLS

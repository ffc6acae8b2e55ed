/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "lw-http.h"

G_BEGIN_DECLS

#define LW_TYPE_EXCHANGE (lw_exchange_get_type ())
G_DECLARE_FINAL_TYPE (LwExchange, lw_exchange, LW, EXCHANGE, GObject)

/**
 * LwExchange:
 *
 * One HTTP exchange as the drawer shows it, masked already by the engine. Immutable: made on the
 * thread that sent it, shown on the main one.
 */

LwExchange *lw_exchange_new (const LwHttpExchange *exchange);

/** lw_exchange_dup_summary: Returns: (transfer full): one line: method, short URL, status, time */
char *lw_exchange_dup_summary (LwExchange *self);

/** lw_exchange_dup_text: Returns: (transfer full): the whole exchange, as it went over the wire */
char *lw_exchange_dup_text (LwExchange *self);

/** lw_exchange_is_unreached: Returns: %TRUE when nobody answered */
gboolean lw_exchange_is_unreached (LwExchange *self);

/** lw_exchange_is_failure: Returns: %TRUE for a status from 400 up and a failed transport */
gboolean lw_exchange_is_failure (LwExchange *self);

G_END_DECLS

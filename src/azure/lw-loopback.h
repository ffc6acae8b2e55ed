/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-clock.h"
#include "lw-loopback-request.h"

G_BEGIN_DECLS

/**
 * LwLoopback:
 *
 * The listener to which the browser returns after a sign-in (RFC 8252, section 7.3): on 127.0.0.1
 * and, where there is one, ::1, on a port that the system chose. Serves a few connections at once,
 * as browsers open some that they never use. One thread at a time.
 */
typedef struct _LwLoopback LwLoopback;

/** lw_loopback_new: opens the listener; %LW_ERROR_FAILED when the system refuses */
LwLoopback *lw_loopback_new (GError **error);
guint16 lw_loopback_get_port (LwLoopback *self);

/**
 * lw_loopback_wait:
 * @state: the redirect has to carry it; a request with another one is answered with @page_failed
 *   and waited past, as is anything that is no redirect
 * @page_failed: complete HTML
 * @deadline_us: on @clock's monotonic time
 * @request: (out): the redirect; its browser waits for lw_loopback_finish()
 *
 * Errors: %LW_ERROR_SIGN_IN_EXPIRED at the deadline; cancelled
 */
gboolean lw_loopback_wait (LwLoopback *self, const char *state, const char *page_failed,
                           LwClock *clock, gint64 deadline_us, LwLoopbackRequest *request,
                           GCancellable *cancellable, GError **error);

/** lw_loopback_finish: shows @page in the browser whose redirect was taken, and closes */
void lw_loopback_finish (LwLoopback *self, const char *page);
void lw_loopback_free (LwLoopback *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwLoopback, lw_loopback_free)

G_END_DECLS

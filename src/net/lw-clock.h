/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LwClock:
 *
 * Time as it is passed into the core: nobody below the application asks the system for the time or
 * sleeps. A virtual clock lets tests and sweeps run without waiting. Reference counted, any thread.
 */
typedef struct _LwClock LwClock;

/**
 * lw_clock_new_system:
 *
 * Returns: (transfer full): the real time
 */
LwClock *lw_clock_new_system (void);

/**
 * lw_clock_new_virtual:
 * @start_us: its first time, microseconds since 1970 UTC
 *
 * A clock on which a wait returns at once and moves the time on by what was to be waited.
 *
 * Returns: (transfer full): a virtual clock
 */
LwClock *lw_clock_new_virtual (gint64 start_us);

LwClock *lw_clock_ref (LwClock *self);
void lw_clock_unref (LwClock *self);

/**
 * lw_clock_get_now_us:
 *
 * Returns: wall-clock time, microseconds since 1970 UTC; may jump when the system's clock is set
 */
gint64 lw_clock_get_now_us (LwClock *self);

/**
 * lw_clock_get_monotonic_us:
 *
 * Returns: microseconds since some fixed moment; never goes back
 */
gint64 lw_clock_get_monotonic_us (LwClock *self);

/**
 * lw_clock_wait:
 * @duration_us: how long, microseconds; nothing is waited for when it is not positive
 * @cancellable: (nullable): ends the wait at once
 *
 * Blocks the calling thread.
 *
 * Returns: %FALSE with %G_IO_ERROR_CANCELLED when cancelled
 */
gboolean lw_clock_wait (LwClock *self, gint64 duration_us, GCancellable *cancellable,
                        GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwClock, lw_clock_unref)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Real and virtual time. Both may be used from any thread; the virtual one keeps its offset as an
 * atomic number so that waits of several threads add up. */

#include "lw-clock.h"

#include <stdatomic.h>

struct _LwClock
{
  gatomicrefcount ref_count;
  gboolean virtual_time;
  gint64 start_us;
  _Atomic gint64 offset_us; /* how far the virtual time has moved on */
};

static LwClock *
clock_new (gboolean virtual_time, gint64 start_us)
{
  LwClock *self = g_new0 (LwClock, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->virtual_time = virtual_time;
  self->start_us = start_us;
  return self;
}

LwClock *
lw_clock_new_system (void)
{
  return clock_new (FALSE, 0);
}

LwClock *
lw_clock_new_virtual (gint64 start_us)
{
  return clock_new (TRUE, start_us);
}

LwClock *
lw_clock_ref (LwClock *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
lw_clock_unref (LwClock *self)
{
  g_return_if_fail (self != NULL);

  if (g_atomic_ref_count_dec (&self->ref_count))
    g_free (self);
}

gint64
lw_clock_get_now_us (LwClock *self)
{
  g_return_val_if_fail (self != NULL, 0);

  if (!self->virtual_time)
    return g_get_real_time ();
  return self->start_us + atomic_load (&self->offset_us);
}

gint64
lw_clock_get_monotonic_us (LwClock *self)
{
  g_return_val_if_fail (self != NULL, 0);

  if (!self->virtual_time)
    return g_get_monotonic_time ();
  return atomic_load (&self->offset_us);
}

static gboolean
wait_cancelled (GCancellable *cancellable, gint64 duration_us)
{
  GPollFD fd;
  gint64 deadline = g_get_monotonic_time () + duration_us;
  gint64 left = duration_us;

  if (!g_cancellable_make_pollfd (cancellable, &fd))
    {
      g_usleep ((gulong) duration_us);
      return FALSE;
    }
  while (left > 0 && !g_cancellable_is_cancelled (cancellable))
    {
      g_poll (&fd, 1, (gint) MIN ((left + 999) / 1000, G_MAXINT));
      left = deadline - g_get_monotonic_time ();
    }
  g_cancellable_release_fd (cancellable);
  return g_cancellable_is_cancelled (cancellable);
}

gboolean
lw_clock_wait (LwClock *self, gint64 duration_us, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (duration_us <= 0)
    return TRUE;
  if (self->virtual_time)
    {
      atomic_fetch_add (&self->offset_us, duration_us);
      return TRUE;
    }
  if (!wait_cancelled (cancellable, duration_us))
    return TRUE;
  g_cancellable_set_error_if_cancelled (cancellable, error);
  return FALSE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Letters from workers to the main thread. The queue and the flag `due` are guarded by the mutex;
 * listener and closed belong to the main thread. While a delivery is due its timeout holds a
 * reference, so that the mailbox outlives its last sender until the letters are read. */

#include "lw-mailbox.h"

/* Ten bundles a second are quicker than a person reads and leave the main loop idle in between. */
#define INTERVAL_MS 100

struct _LwMailbox
{
  gatomicrefcount ref_count;
  LwMailboxMode mode;
  LwMailboxFunc func;
  GDestroyNotify free_letter;
  GWeakRef listener;
  gboolean closed;
  GMutex mutex;
  GQueue letters; /* owned, guarded by mutex */
  gboolean due;   /* guarded by mutex */
  gint64 last_us; /* of the last delivery, guarded by mutex */
};

LwMailbox *
lw_mailbox_new (LwMailboxMode mode, gpointer listener, LwMailboxFunc func,
                GDestroyNotify free_letter)
{
  LwMailbox *self = g_new0 (LwMailbox, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->mode = mode;
  self->func = func;
  self->free_letter = free_letter;
  g_weak_ref_init (&self->listener, listener);
  g_mutex_init (&self->mutex);
  g_queue_init (&self->letters);
  return self;
}

LwMailbox *
lw_mailbox_ref (LwMailbox *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
lw_mailbox_unref (LwMailbox *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_queue_clear_full (&self->letters, self->free_letter);
  g_weak_ref_clear (&self->listener);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

static GQueue
take_letters (LwMailbox *self)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  GQueue letters = self->letters;

  g_queue_init (&self->letters);
  self->last_us = g_get_monotonic_time ();
  return letters;
}

void
lw_mailbox_flush (LwMailbox *self)
{
  GQueue letters = take_letters (self);
  g_autoptr (GObject) listener = g_weak_ref_get (&self->listener);

  while (letters.length > 0)
    {
      gpointer letter = g_queue_pop_head (&letters);

      if (listener != NULL && !self->closed)
        self->func (letter, listener);
      self->free_letter (letter);
    }
}

static gboolean
deliver_cb (gpointer user_data)
{
  LwMailbox *self = user_data;

  g_mutex_lock (&self->mutex);
  self->due = FALSE;
  g_mutex_unlock (&self->mutex);
  lw_mailbox_flush (self);
  return G_SOURCE_REMOVE;
}

void
lw_mailbox_post (LwMailbox *self, gpointer letter)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  gint64 wait_ms;

  if (self->mode == LW_MAILBOX_NEWEST)
    g_queue_clear_full (&self->letters, self->free_letter);
  g_queue_push_tail (&self->letters, letter);
  if (self->due)
    return;
  self->due = TRUE;
  wait_ms = INTERVAL_MS - (g_get_monotonic_time () - self->last_us) / 1000;
  g_timeout_add_full (G_PRIORITY_DEFAULT, (guint) CLAMP (wait_ms, 0, INTERVAL_MS), deliver_cb,
                      lw_mailbox_ref (self), (GDestroyNotify) lw_mailbox_unref);
}

void
lw_mailbox_close (LwMailbox *self)
{
  self->closed = TRUE;
  lw_mailbox_flush (self);
}

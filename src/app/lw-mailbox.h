/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * LwMailbox:
 *
 * How a worker tells the main thread what it does: letters are put in on any thread and delivered
 * on the main one, in order, in bundles at most ten times a second, so that a busy worker cannot
 * fill the main loop. With #LW_MAILBOX_NEWEST a letter replaces the one not yet delivered, which is
 * right for progress. Reference counted; nothing is delivered once the listener is gone or
 * lw_mailbox_close() was called.
 */
typedef struct _LwMailbox LwMailbox;

typedef enum
{
  LW_MAILBOX_ALL,
  LW_MAILBOX_NEWEST,
} LwMailboxMode;

/** LwMailboxFunc: @letter: borrowed; @listener: as given, alive. Main thread. */
typedef void (*LwMailboxFunc) (gpointer letter, gpointer listener);

/**
 * lw_mailbox_new:
 * @listener: a #GObject, not kept alive by the mailbox
 * @free_letter: frees a letter, delivered or not
 */
LwMailbox *lw_mailbox_new (LwMailboxMode mode, gpointer listener, LwMailboxFunc func,
                           GDestroyNotify free_letter);
LwMailbox *lw_mailbox_ref (LwMailbox *self);
void lw_mailbox_unref (LwMailbox *self);

/** lw_mailbox_post: @letter: (transfer full). Any thread. */
void lw_mailbox_post (LwMailbox *self, gpointer letter);

/** lw_mailbox_flush: delivers at once what is waiting, e.g. before the work's own end is shown.
 *   Main thread. */
void lw_mailbox_flush (LwMailbox *self);

/** lw_mailbox_close: drops what is waiting and all that follows. Main thread. */
void lw_mailbox_close (LwMailbox *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwMailbox, lw_mailbox_unref)

G_END_DECLS

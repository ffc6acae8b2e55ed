/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The caller's side of a transfer: it sleeps on the transfer's condition and wakes for pieces of
 * the body, for progress, and for the end. Sinks and progress functions run here, without the
 * engine's mutex. A cancel asks the network thread to let go of the transfer; the caller always
 * waits until it has. */

#include "lw-http-private.h"

static void
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  LwHttpTransfer *transfer = user_data;
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED
      = g_mutex_locker_new (lw_http_engine_get_mutex (transfer->engine));

  transfer->stop = TRUE;
  lw_http_engine_wake (transfer->engine);
}

/* The next piece for the sink; lets the network go on when half of the queue is free again. */
static GBytes *
pop_chunk (LwHttpTransfer *transfer)
{
  GBytes *chunk = g_queue_pop_head (&transfer->chunks);

  if (chunk == NULL)
    return NULL;
  transfer->queued -= g_bytes_get_size (chunk);
  if (transfer->paused && transfer->queued <= LW_HTTP_SINK_QUEUE / 2)
    lw_http_engine_wake (transfer->engine);
  return chunk;
}

static gboolean
deliver_chunk (const LwHttpTransfer *transfer, GBytes *chunk, GError **error)
{
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (chunk, &length);

  return transfer->request->sink (data, length, transfer->request->sink_data, error);
}

static void
tell_progress (const LwHttpTransfer *transfer, goffset sent)
{
  const LwHttpRequest *request = transfer->request;

  request->progress (sent, lw_http_request_get_body_size (request), request->progress_data);
}

/* With the mutex held, which it gives up while it waits and while it calls out. */
static gboolean
pump (LwHttpTransfer *transfer, GMutex *mutex, GError **error)
{
  goffset told = 0;
  gboolean ok = TRUE;

  while (TRUE)
    {
      g_autoptr (GBytes) chunk = transfer->stop ? NULL : pop_chunk (transfer);
      goffset sent = transfer->sent;

      if (chunk != NULL)
        {
          g_mutex_unlock (mutex);
          ok = deliver_chunk (transfer, chunk, error);
          g_mutex_lock (mutex);
          if (!ok)
            {
              transfer->stop = TRUE;
              lw_http_engine_wake (transfer->engine);
            }
        }
      else if (sent > told)
        {
          told = sent;
          g_mutex_unlock (mutex);
          tell_progress (transfer, sent);
          g_mutex_lock (mutex);
        }
      else if (transfer->done)
        return ok;
      else
        g_cond_wait (&transfer->changed, mutex);
    }
}

gboolean
lw_http_wait (LwHttpTransfer *transfer, GCancellable *cancellable, GError **error)
{
  GMutex *mutex = lw_http_engine_get_mutex (transfer->engine);
  g_autoptr (GError) sink_error = NULL;
  gulong handler = 0;
  gboolean ok;

  lw_http_engine_submit (transfer->engine, transfer);
  if (cancellable != NULL)
    handler = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), transfer, NULL);
  g_mutex_lock (mutex);
  ok = pump (transfer, mutex, &sink_error);
  g_mutex_unlock (mutex);
  g_cancellable_disconnect (cancellable, handler);

  if (!ok)
    {
      g_propagate_error (error, g_steal_pointer (&sink_error));
      return FALSE;
    }
  if (transfer->error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&transfer->error));
  return FALSE;
}

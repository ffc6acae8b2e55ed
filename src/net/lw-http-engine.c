/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The network thread. It alone touches the multi handle, but for curl_multi_wakeup(), which
 * libcurl allows from any thread. Callers leave transfers in `waiting`; the thread starts them as
 * the limits allow, ends what was asked to stop or has stalled, and says `done`. After that it
 * does not touch a transfer again. It lives as long as the LwHttp. */

#include "lw-error.h"
#include "lw-http-private.h"

struct _LwHttpEngine
{
  GThread *thread; /* owned */
  CURLM *multi;    /* owned */
  guint max_in_flight;
  gint64 stall_timeout_us;
  GPtrArray *active; /* owned, of borrowed transfers; network thread only */

  GMutex mutex;
  GQueue waiting; /* guarded by mutex, of borrowed transfers */
  gboolean quit;  /* guarded by mutex */
};

#define IDLE_POLL_MS (60 * 1000)

GMutex *
lw_http_engine_get_mutex (LwHttpEngine *self)
{
  return &self->mutex;
}

void
lw_http_engine_wake (LwHttpEngine *self)
{
  curl_multi_wakeup (self->multi);
}

void
lw_http_engine_submit (LwHttpEngine *self, LwHttpTransfer *transfer)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);

  g_queue_push_tail (&self->waiting, transfer);
  lw_http_engine_wake (self);
}

/* With the mutex held: the caller may free @transfer as soon as it is released. */
static void
say_done (LwHttpTransfer *transfer)
{
  curl_off_t sent = 0;

  curl_easy_getinfo (transfer->easy, CURLINFO_SIZE_UPLOAD_T, &sent);
  if (transfer->request->progress != NULL)
    transfer->sent = MAX (transfer->sent, sent);
  transfer->done = TRUE;
  g_cond_signal (&transfer->changed);
}

static void
finish (LwHttpEngine *self, LwHttpTransfer *transfer, GError *error_taken)
{
  g_autoptr (GMutexLocker) locker = NULL;

  curl_multi_remove_handle (self->multi, transfer->easy);
  g_ptr_array_remove (self->active, transfer);
  if (transfer->error == NULL)
    transfer->error = error_taken;
  else
    g_clear_error (&error_taken);
  locker = g_mutex_locker_new (&self->mutex);
  say_done (transfer);
}

static GError *
new_cancelled_error (void)
{
  return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "the request was cancelled");
}

/* ---- starting ---- */

static gboolean
host_is_full (const LwHttpEngine *self, const char *origin)
{
  guint count = 0;

  for (guint i = 0; i < self->active->len; i++)
    {
      const LwHttpTransfer *transfer = self->active->pdata[i];

      count += g_str_equal (transfer->origin, origin);
    }
  return count >= LW_HTTP_MAX_PER_HOST;
}

/* Takes the first waiting transfer that the limits let through. Those that were asked to stop
 * before they started end here. */
static LwHttpTransfer *
take_next (LwHttpEngine *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);
  GList *next;

  for (GList *link = self->waiting.head; link != NULL; link = next)
    {
      LwHttpTransfer *transfer = link->data;

      next = link->next;
      if (transfer->stop)
        {
          g_queue_delete_link (&self->waiting, link);
          transfer->error = new_cancelled_error ();
          say_done (transfer);
        }
      else if (self->active->len < self->max_in_flight && !host_is_full (self, transfer->origin))
        {
          g_queue_delete_link (&self->waiting, link);
          return transfer;
        }
    }
  return NULL;
}

static void
start_waiting (LwHttpEngine *self)
{
  LwHttpTransfer *transfer;

  while ((transfer = take_next (self)) != NULL)
    {
      CURLMcode code = curl_multi_add_handle (self->multi, transfer->easy);

      g_ptr_array_add (self->active, transfer);
      transfer->active_us = g_get_monotonic_time ();
      if (code != CURLM_OK)
        finish (self, transfer,
                g_error_new_literal (LW_ERROR, LW_ERROR_FAILED, curl_multi_strerror (code)));
    }
}

/* ---- watching ---- */

typedef struct
{
  gboolean stop;
  gboolean paused; /* and still not to go on */
  gboolean resume;
} Wishes;

static Wishes
read_wishes (LwHttpEngine *self, LwHttpTransfer *transfer)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);
  Wishes wishes = { .stop = transfer->stop };

  wishes.resume = transfer->paused && transfer->queued <= LW_HTTP_SINK_QUEUE / 2;
  if (wishes.resume)
    transfer->paused = FALSE;
  wishes.paused = transfer->paused;
  return wishes;
}

/* Ends or resumes what has to be. Returns how long the rest may be left alone. */
static int
look_after (LwHttpEngine *self)
{
  gint64 now_us = g_get_monotonic_time ();
  gint64 left_us = (gint64) IDLE_POLL_MS * 1000;

  /* From the end, as finish() takes transfers out. */
  for (guint i = self->active->len; i-- > 0;)
    {
      LwHttpTransfer *transfer = self->active->pdata[i];
      Wishes wishes = read_wishes (self, transfer);
      CURLcode code = CURLE_OK;

      /* While the sink is behind, it is not the network that is silent. */
      if (wishes.paused || wishes.resume)
        transfer->active_us = now_us;
      if (wishes.resume)
        code = curl_easy_pause (transfer->easy, CURLPAUSE_CONT);
      if (wishes.stop)
        finish (self, transfer, new_cancelled_error ());
      else if (code != CURLE_OK)
        finish (self, transfer, lw_http_error_new (transfer, code));
      else if (now_us - transfer->active_us >= self->stall_timeout_us)
        finish (self, transfer,
                g_error_new (LW_ERROR, LW_ERROR_TIMED_OUT, "%s: no answer in time",
                             transfer->host));
      else
        {
          left_us = MIN (left_us, transfer->active_us + self->stall_timeout_us - now_us);
        }
    }
  return (int) (left_us / 1000) + 1;
}

static void
read_messages (LwHttpEngine *self)
{
  CURLMsg *message;
  int left = 0;

  while ((message = curl_multi_info_read (self->multi, &left)) != NULL)
    {
      CURLcode code = message->data.result;
      LwHttpTransfer *transfer = NULL;

      /* The only message that there is. */
      g_assert (message->msg == CURLMSG_DONE);
      curl_easy_getinfo (message->easy_handle, CURLINFO_PRIVATE, &transfer);
      /* libcurl takes a connection that was closed amid the headers for the end of an answer. */
      if (code == CURLE_OK && !transfer->head_complete)
        code = CURLE_PARTIAL_FILE;
      finish (self, transfer, code == CURLE_OK ? NULL : lw_http_error_new (transfer, code));
    }
}

static gboolean
must_quit (LwHttpEngine *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);

  return self->quit;
}

static gpointer
network_thread_cb (gpointer data)
{
  LwHttpEngine *self = data;

  while (!must_quit (self))
    {
      int running = 0;
      int timeout_ms;

      start_waiting (self);
      timeout_ms = look_after (self);
      curl_multi_perform (self->multi, &running);
      read_messages (self);
      /* What ended may have made room; starting it needs no poll. */
      start_waiting (self);
      curl_multi_poll (self->multi, NULL, 0, timeout_ms, NULL);
    }
  return NULL;
}

LwHttpEngine *
lw_http_engine_new (guint max_in_flight, guint stall_timeout_ms)
{
  LwHttpEngine *self = g_new0 (LwHttpEngine, 1);

  self->max_in_flight = max_in_flight;
  self->stall_timeout_us = (gint64) stall_timeout_ms * 1000;
  self->active = g_ptr_array_new ();
  g_mutex_init (&self->mutex);
  g_queue_init (&self->waiting);
  self->multi = curl_multi_init ();
  curl_multi_setopt (self->multi, CURLMOPT_PIPELINING, (long) CURLPIPE_MULTIPLEX);
  self->thread = g_thread_new ("lw-http", network_thread_cb, self);
  return self;
}

void
lw_http_engine_free (LwHttpEngine *self)
{
  g_mutex_lock (&self->mutex);
  self->quit = TRUE;
  lw_http_engine_wake (self);
  g_mutex_unlock (&self->mutex);
  g_thread_join (self->thread);

  g_assert (self->active->len == 0 && g_queue_is_empty (&self->waiting));
  curl_multi_cleanup (self->multi);
  g_ptr_array_unref (self->active);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

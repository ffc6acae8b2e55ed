/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Worker threads for the blocking core, over a GThreadPool and GTask.
 *
 * Every work has a cancellable of its own, chained to the caller's, so that lw_pool_free() can end
 * it. The list of works is the main thread's alone: a work enters it in lw_pool_run() and leaves it
 * when its task is finalised. So that this happens on the main thread, a worker hands its task and
 * the result over instead of returning from the task itself. */

#include "lw-pool.h"

struct _LwPool
{
  GThreadPool *threads;
  GList *works; /* borrowed LwPoolWork, main thread */
};

typedef struct
{
  LwPool *pool; /* NULL once the pool is gone */
  LwPoolFunc func;
  gpointer data;
  GDestroyNotify free_data;
  GDestroyNotify free_result;
  GCancellable *caller; /* (nullable) */
  gulong caller_id;
  GCancellable *cancellable;
  gpointer result; /* of func, until the task returns it */
  GError *error;
} LwPoolWork;

static GPrivate worker_mark;

static void
lw_pool_work_free (LwPoolWork *work)
{
  if (work->pool != NULL)
    work->pool->works = g_list_remove (work->pool->works, work);
  if (work->caller_id != 0)
    g_cancellable_disconnect (work->caller, work->caller_id);
  g_clear_object (&work->caller);
  g_clear_object (&work->cancellable);
  if (work->free_data != NULL)
    work->free_data (work->data);
  g_free (work);
}

/* Main thread: the end of a work. */
static gboolean
return_cb (gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  LwPoolWork *work = g_task_get_task_data (task);

  if (work->error != NULL)
    g_task_return_error (task, g_steal_pointer (&work->error));
  else
    g_task_return_pointer (task, g_steal_pointer (&work->result), work->free_result);
  return G_SOURCE_REMOVE;
}

static void
lw_pool_thread_cb (gpointer task, gpointer user_data)
{
  LwPoolWork *work = g_task_get_task_data (task);

  g_private_set (&worker_mark, GINT_TO_POINTER (TRUE));
  if (!g_cancellable_set_error_if_cancelled (work->cancellable, &work->error))
    work->result = work->func (work->data, work->cancellable, &work->error);
  g_idle_add_full (G_PRIORITY_DEFAULT, return_cb, task, NULL);
}

LwPool *
lw_pool_new (guint max_threads)
{
  LwPool *self = g_new0 (LwPool, 1);

  self->threads = g_thread_pool_new (lw_pool_thread_cb, self, (int) max_threads, FALSE, NULL);
  return self;
}

static void
caller_cancelled_cb (GCancellable *caller, GCancellable *cancellable)
{
  g_cancellable_cancel (cancellable);
}

void
lw_pool_run (LwPool *self, gpointer tag, LwPoolFunc func, gpointer data, GDestroyNotify free_data,
             GDestroyNotify free_result, gpointer source, GCancellable *cancellable,
             GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;
  LwPoolWork *work;

  g_return_if_fail (self != NULL && func != NULL);
  g_return_if_fail (source == NULL || G_IS_OBJECT (source));

  work = g_new0 (LwPoolWork, 1);
  work->pool = self;
  work->func = func;
  work->data = data;
  work->free_data = free_data;
  work->free_result = free_result;
  work->cancellable = g_cancellable_new ();
  if (cancellable != NULL)
    {
      work->caller = g_object_ref (cancellable);
      work->caller_id = g_cancellable_connect (cancellable, G_CALLBACK (caller_cancelled_cb),
                                               g_object_ref (work->cancellable), g_object_unref);
    }
  self->works = g_list_prepend (self->works, work);

  task = g_task_new (source, cancellable, callback, user_data);
  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, work, (GDestroyNotify) lw_pool_work_free);
  g_thread_pool_push (self->threads, task, NULL);
}

gpointer
lw_pool_finish (GAsyncResult *result, gpointer tag, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, tag), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

gpointer
lw_pool_get_data (GAsyncResult *result)
{
  LwPoolWork *work = g_task_get_task_data (G_TASK (result));

  return work->data;
}

gboolean
lw_pool_is_worker (void)
{
  return g_private_get (&worker_mark) != NULL;
}

void
lw_pool_free (LwPool *self)
{
  for (GList *l = self->works; l != NULL; l = l->next)
    g_cancellable_cancel (((LwPoolWork *) l->data)->cancellable);
  g_thread_pool_free (self->threads, FALSE, TRUE);
  for (GList *l = self->works; l != NULL; l = l->next)
    ((LwPoolWork *) l->data)->pool = NULL;
  g_list_free (self->works);
  g_free (self);
}

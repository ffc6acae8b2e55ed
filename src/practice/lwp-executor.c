/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The threads of the jobs. A job that has not ended has a thread, up to a limit; beyond it jobs
 * wait as NotStarted. Threads are not joined but counted: the last act of each is to take itself
 * out of the table. The mutex guards the table and the Python and is never held while the store
 * is used, because handlers come here with the store held. */

#include "lwp-executor.h"

#include <string.h>
#include <unistd.h>

#include "config.h"
#include "lwp-job-files.h"
#include "lwp-job-run.h"

#define NODE_PROGRAM "labwalk-practice-node"
#define MAX_THREADS 32
#define SEARCH_WAIT_US (G_USEC_PER_SEC / 10)

struct _LwpExecutor
{
  LwpCloud *cloud;     /* borrowed */
  char *node_program;  /* owned */
  GMutex mutex;
  GCond ended;         /* a thread has taken itself out */
  GHashTable *threads; /* owned, guarded; ARM id in lower case to GCancellable */
  LwpPython *python;   /* owned, guarded; NULL until found, then constant */
  gboolean searching;  /* guarded; some thread looks for it */
  GCond searched;      /* that thread has ended its search */
  guint n_alive;       /* guarded; threads that may still use this */
  gboolean stopping;   /* guarded */
};

typedef struct
{
  LwpExecutor *executor; /* borrowed */
  char *job;             /* owned */
  GCancellable *cancellable;
} Task;

/* Beside this program where it was built, otherwise where it was installed to. */
static char *
dup_node_program (void)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = g_path_get_dirname (self == NULL ? "." : self);
  g_autofree char *beside = g_build_filename (folder, NODE_PROGRAM, NULL);

  if (g_file_test (beside, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&beside);
  return g_build_filename (LW_LIBEXECDIR, NODE_PROGRAM, NULL);
}

/* With the mutex held. Only one thread looks, as looking is work; the others wait for it, awake
 * enough to see that they are cancelled. */
static void
wait_for_search (LwpExecutor *self, GCancellable *cancellable)
{
  while (self->searching && !g_cancellable_is_cancelled (cancellable))
    g_cond_wait_until (&self->searched, &self->mutex, g_get_monotonic_time () + SEARCH_WAIT_US);
}

static const LwpPython *
find_python (gpointer user_data, GCancellable *cancellable, GError **error)
{
  LwpExecutor *self = user_data;
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  LwpPython *found;

  wait_for_search (self, cancellable);
  if (self->python != NULL)
    return self->python;
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  self->searching = TRUE;
  g_mutex_unlock (&self->mutex);
  found = lwp_python_find (cancellable, error);
  g_mutex_lock (&self->mutex);
  self->searching = FALSE;
  self->python = found;
  g_cond_broadcast (&self->searched);
  return found;
}

static gpointer
job_thread (gpointer data)
{
  Task *task = data;
  LwpExecutor *self = task->executor;
  LwpJobTools tools = { self->node_program, find_python, self };
  g_autoptr (GError) failure = NULL;
  g_autofree char *key = g_ascii_strdown (task->job, -1);

  lwp_job_run (self->cloud, &tools, task->job, task->cancellable);
  failure = lwp_store_take_error ();
  if (failure != NULL)
    g_warning ("job: %s", failure->message);
  g_object_unref (task->cancellable);
  g_free (task->job);
  g_free (task);
  g_mutex_lock (&self->mutex);
  g_hash_table_remove (self->threads, key);
  g_mutex_unlock (&self->mutex);
  /* Somebody may wait for the place. */
  lwp_executor_start (self);
  g_mutex_lock (&self->mutex);
  self->n_alive--;
  g_cond_broadcast (&self->ended);
  /* From here on the executor may be gone. */
  g_mutex_unlock (&self->mutex);
  return NULL;
}

/* With the mutex held. */
static void
start_thread (LwpExecutor *self, const char *job)
{
  g_autofree char *key = g_ascii_strdown (job, -1);
  Task *task;

  if (self->stopping || g_hash_table_size (self->threads) >= MAX_THREADS
      || g_hash_table_contains (self->threads, key))
    return;
  task = g_new0 (Task, 1);
  task->executor = self;
  task->job = g_strdup (job);
  task->cancellable = g_cancellable_new ();
  g_hash_table_insert (self->threads, g_steal_pointer (&key), g_object_ref (task->cancellable));
  self->n_alive++;
  g_thread_unref (g_thread_new ("job", job_thread, task));
}

void
lwp_executor_start (LwpExecutor *self)
{
  g_autoptr (GPtrArray) runs = lwp_run_list_active (self->cloud);

  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < runs->len; i++)
    start_thread (self, ((const LwpRun *) g_ptr_array_index (runs, i))->job);
  g_mutex_unlock (&self->mutex);
}

void
lwp_executor_interrupt (LwpExecutor *self, const char *job)
{
  g_autofree char *key = g_ascii_strdown (job, -1);
  GCancellable *cancellable;

  g_mutex_lock (&self->mutex);
  cancellable = g_hash_table_lookup (self->threads, key);
  if (cancellable != NULL)
    g_cancellable_cancel (cancellable);
  g_mutex_unlock (&self->mutex);
}

/* Directories whose job has ended or is gone. */
static void
sweep_directories (LwpExecutor *self)
{
  g_autofree char *folder = lwp_job_run_dup_folder (self->cloud);
  g_autoptr (GPtrArray) runs = lwp_run_list_active (self->cloud);
  g_autoptr (GHashTable) kept = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  for (guint i = 0; i < runs->len; i++)
    g_hash_table_add (kept, ((const LwpRun *) g_ptr_array_index (runs, i))->uuid);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (!g_hash_table_contains (kept, name))
        lwp_job_files_remove (path);
    }
}

LwpExecutor *
lwp_executor_new (LwpCloud *cloud)
{
  LwpExecutor *self = g_new0 (LwpExecutor, 1);

  self->cloud = cloud;
  self->node_program = dup_node_program ();
  g_mutex_init (&self->mutex);
  g_cond_init (&self->ended);
  g_cond_init (&self->searched);
  self->threads = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  sweep_directories (self);
  lwp_executor_start (self);
  return self;
}

void
lwp_executor_free (LwpExecutor *self)
{
  GHashTableIter iter;
  gpointer cancellable;

  g_mutex_lock (&self->mutex);
  self->stopping = TRUE;
  g_hash_table_iter_init (&iter, self->threads);
  while (g_hash_table_iter_next (&iter, NULL, &cancellable))
    g_cancellable_cancel (cancellable);
  while (self->n_alive > 0)
    g_cond_wait (&self->ended, &self->mutex);
  g_mutex_unlock (&self->mutex);
  g_hash_table_unref (self->threads);
  g_clear_pointer (&self->python, lwp_python_free);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->ended);
  g_cond_clear (&self->searched);
  g_free (self->node_program);
  g_free (self);
}

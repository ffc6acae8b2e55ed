/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One running command of a job. The heavy part, answering for the whole process tree, is in the
 * node program (lwp-node.c); this side holds two pipes: the lifeline, whose closing ends the job,
 * and the output, whose end says that every process of the job is gone. Both are close-on-exec,
 * so that no other child of this program keeps a job alive. Used by the one thread that runs the
 * job. */

#include "lwp-job-process.h"

#include <errno.h>
#include <glib-unix.h>
#include <sys/wait.h>
#include <unistd.h>

struct _LwpJobProcess
{
  GPid pid;        /* of the node; 0 once its status was taken */
  int lifeline_fd; /* owned; -1 once the end was asked for */
  int output_fd;   /* owned */
  int status;      /* of waitpid(), valid once pid is 0 */
};

LwpJobProcess *
lwp_job_process_new (const LwpJobProcessSpec *spec, GError **error)
{
  g_autofree char *memory = NULL;
  g_autofree char *file = NULL;
  g_autoptr (LwpJobProcess) self = NULL;

  g_return_val_if_fail (spec != NULL && spec->command != NULL, NULL);

  memory = g_strdup_printf ("%" G_GUINT64_FORMAT, spec->memory_bytes);
  file = g_strdup_printf ("%" G_GUINT64_FORMAT, spec->file_bytes);
  self = g_new0 (LwpJobProcess, 1);
  self->lifeline_fd = self->output_fd = -1;
  if (!g_spawn_async_with_pipes_and_fds (
          spec->work_dir,
          (const char *const[]){ spec->node_program, memory, file, spec->command, NULL },
          spec->environment,
          G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_CLOEXEC_PIPES | G_SPAWN_STDERR_TO_DEV_NULL, NULL,
          NULL, -1, -1, -1, NULL, NULL, 0, &self->pid, &self->lifeline_fd, &self->output_fd, NULL,
          error))
    return NULL;
  return g_steal_pointer (&self);
}

gssize
lwp_job_process_read (LwpJobProcess *self, char *buffer, gsize size, guint timeout_ms,
                      GCancellable *cancellable, GError **error)
{
  GPollFD fds[2];
  guint n_fds = 1;
  int ready;
  gssize length;

  g_return_val_if_fail (self != NULL, -1);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return -1;
  fds[0] = (GPollFD){ self->output_fd, G_IO_IN | G_IO_HUP | G_IO_ERR, 0 };
  if (g_cancellable_make_pollfd (cancellable, &fds[1]))
    n_fds = 2;
  ready = g_poll (fds, n_fds, (gint) MIN (timeout_ms, G_MAXINT));
  if (n_fds == 2)
    g_cancellable_release_fd (cancellable);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return -1;
  if (ready <= 0 || fds[0].revents == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "nothing printed");
      return -1;
    }
  do
    length = read (self->output_fd, buffer, size);
  while (length < 0 && errno == EINTR);
  if (length < 0)
    g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
  return length;
}

void
lwp_job_process_end (LwpJobProcess *self)
{
  g_return_if_fail (self != NULL);

  if (self->lifeline_fd >= 0)
    (void) close (self->lifeline_fd);
  self->lifeline_fd = -1;
}

int
lwp_job_process_finish (LwpJobProcess *self)
{
  g_return_val_if_fail (self != NULL, -1);

  if (self->pid != 0)
    {
      while (waitpid (self->pid, &self->status, 0) < 0 && errno == EINTR)
        ;
      self->pid = 0;
    }
  return WIFSIGNALED (self->status) ? 128 + WTERMSIG (self->status) : WEXITSTATUS (self->status);
}

void
lwp_job_process_free (LwpJobProcess *self)
{
  if (self == NULL)
    return;
  lwp_job_process_end (self);
  /* Closing the reading end lets a process that prints without end die at its next word. */
  if (self->output_fd >= 0)
    (void) close (self->output_fd);
  if (self->pid != 0)
    (void) lwp_job_process_finish (self);
  g_free (self);
}

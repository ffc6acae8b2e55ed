/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LwpJobProcess:
 *
 * One running command of a job, kept by a node process (labwalk-practice-node) that ends the whole
 * process tree when the job is cancelled, when this object is freed, and when this program dies.
 * One thread at a time.
 */
typedef struct _LwpJobProcess LwpJobProcess;

/**
 * LwpJobProcessSpec:
 * @node_program: path of labwalk-practice-node
 * @command: given to `/bin/sh -c`
 * @work_dir: where the command starts
 * @environment: the whole environment, "NAME=value", %NULL-terminated
 * @memory_bytes: address space that each process of the job may have
 * @file_bytes: size that each file written by the job may have
 */
typedef struct
{
  const char *node_program;
  const char *command;
  const char *work_dir;
  const char *const *environment;
  guint64 memory_bytes;
  guint64 file_bytes;
} LwpJobProcessSpec;

/**
 * lwp_job_process_new:
 * @spec: what to run; not kept
 *
 * Starts the command.
 *
 * Returns: (transfer full): the running command, or %NULL with an error of #G_SPAWN_ERROR
 */
LwpJobProcess *lwp_job_process_new (const LwpJobProcessSpec *spec, GError **error);

/**
 * lwp_job_process_read:
 * @buffer: (out caller-allocates): receives what the command printed (both streams, in order)
 * @size: of @buffer, in bytes
 * @timeout_ms: how long to wait for the first byte
 *
 * Returns: how many bytes came; 0 when the command and all its processes have ended and everything
 *   was read; -1 with %G_IO_ERROR_TIMED_OUT, %G_IO_ERROR_CANCELLED or another #GIOErrorEnum
 */
gssize lwp_job_process_read (LwpJobProcess *self, char *buffer, gsize size, guint timeout_ms,
                             GCancellable *cancellable, GError **error);

/**
 * lwp_job_process_end:
 *
 * Asks the command's processes to end; those that do not within three seconds are killed. Returns
 * at once: read on until lwp_job_process_read() returns 0 to know that all have ended.
 */
void lwp_job_process_end (LwpJobProcess *self);

/**
 * lwp_job_process_finish:
 *
 * To be called after lwp_job_process_read() has returned 0.
 *
 * Returns: the command's exit status as a shell tells it (128 + signal number for a signal)
 */
int lwp_job_process_finish (LwpJobProcess *self);

/**
 * lwp_job_process_free:
 *
 * Ends what still runs, waits until it has ended (three seconds and a little at most), frees @self.
 */
void lwp_job_process_free (LwpJobProcess *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwpJobProcess, lwp_job_process_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lwp-run.h"

G_BEGIN_DECLS

/**
 * LwpExecutor:
 *
 * Runs jobs, each on a thread of its own. Any thread.
 */
typedef struct _LwpExecutor LwpExecutor;

/**
 * lwp_executor_new:
 *
 * Goes on with the jobs that the last life of the practice cloud has left, and removes what is left
 * of the directories of others.
 */
LwpExecutor *lwp_executor_new (LwpCloud *cloud);

/** lwp_executor_free: ends all commands, waits for the threads; the jobs go on at the next start */
void lwp_executor_free (LwpExecutor *self);

/** lwp_executor_start: begins with the runs that nobody has begun with */
void lwp_executor_start (LwpExecutor *self);

/**
 * lwp_executor_interrupt:
 * @job: ARM id of a job
 *
 * Wakes the thread of a job whose run was asked to cancel or was forgotten.
 */
void lwp_executor_interrupt (LwpExecutor *self, const char *job);

G_END_DECLS

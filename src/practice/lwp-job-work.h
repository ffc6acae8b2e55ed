/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lwp-job-run.h"

G_BEGIN_DECLS

/**
 * LwpJobWork:
 *
 * What the thread that runs a job has in hand. Only lwp-job-run.c makes one; lwp-job-execute.c does
 * the part between a node's coming and its going.
 */
typedef struct
{
  LwpCloud *cloud;           /* borrowed */
  const LwpJobTools *tools;  /* borrowed */
  GCancellable *cancellable; /* borrowed */
  LwpResource *job;          /* owned */
  LwpResource *workspace;    /* owned */
  LwpRun *run;               /* owned */
  char *account;             /* owned; storage account */
  char *prefix;              /* owned; of logs and outputs */
  char *directory;           /* owned; of all attempts */
} LwpJobWork;

/** lwp_job_work_log: adds a line to the node's own log */
void lwp_job_work_log (const LwpJobWork *work, const char *format, ...) G_GNUC_PRINTF (2, 3);

/** lwp_job_work_fail: notes why the run fails; @message is taken */
void lwp_job_work_fail (const LwpJobWork *work, const char *code, const char *inner,
                        char *message);

/** lwp_job_work_dup_attempt: Returns: (transfer full): directory of the attempt */
char *lwp_job_work_dup_attempt (const LwpJobWork *work);

/**
 * lwp_job_execute:
 *
 * Unpacks the code, runs the command and stores what it prints, until it ends. What happened is in
 * the run: exit status or error.
 *
 * Returns: %FALSE when the practice cloud stops, so that nothing is known of the command
 */
gboolean lwp_job_execute (LwpJobWork *work);

/** lwp_job_collect_outputs: stores what the attempt has written; notes a failure in the run */
void lwp_job_collect_outputs (LwpJobWork *work);

G_END_DECLS

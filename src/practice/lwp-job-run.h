/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lwp-python.h"
#include "lwp-run.h"

G_BEGIN_DECLS

/**
 * LwpJobTools:
 * @node_program: path of labwalk-practice-node
 * @find_python: gives the Python for jobs, which is found once
 * @user_data: for it
 */
typedef struct
{
  const char *node_program;
  const LwpPython *(*find_python) (gpointer user_data, GCancellable *cancellable, GError **error);
  gpointer user_data;
} LwpJobTools;

/**
 * lwp_job_run:
 * @job: ARM id of a job whose run has not ended
 * @cancellable: ends it: as canceled when lwp_run_ask_cancel() was called before, otherwise because
 *   the practice cloud stops
 *
 * Takes a job from the state it is in to its end. Blocks meanwhile.
 *
 * A node is lost when the practice cloud ends while a job runs on it, by order or by a crash: its
 * processes end with it. The run then waits for a node again and the command begins from the start
 * with an empty log, as a job on a low-priority node does in Azure; three lost nodes fail it.
 */
void lwp_job_run (LwpCloud *cloud, const LwpJobTools *tools, const char *job,
                  GCancellable *cancellable);

/** lwp_job_run_dup_folder: Returns: (transfer full): the folder of all job directories */
char *lwp_job_run_dup_folder (LwpCloud *cloud);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lwp-ml.h"

G_BEGIN_DECLS

/**
 * LwpRunState:
 *
 * What a job is doing, in the words of the service.
 */
typedef enum
{
  LWP_RUN_NOT_STARTED,
  LWP_RUN_STARTING,
  LWP_RUN_PREPARING,
  LWP_RUN_QUEUED,
  LWP_RUN_RUNNING,
  LWP_RUN_FINALIZING,
  LWP_RUN_COMPLETED,
  LWP_RUN_FAILED,
  LWP_RUN_CANCELED,
} LwpRunState;

/**
 * LwpRun:
 * @job: ARM id of the job
 * @name: name of the job
 * @uuid: id of this run, also the name of its directory
 * @number: counts the runs of the practice cloud, from 1
 * @state: what it is doing
 * @cancel_asked: somebody wants it to end; kept by lwp_run_ask_cancel(), not by lwp_run_save()
 * @attempt: 1, and one more each time the node was lost while it ran
 * @exit_status: of the command, once it ended; -1 before
 * @created_us: when the job was made
 * @started_us: when the command began; 0 before
 * @ended_us: when the run ended; 0 before
 * @revision: counts the changes
 * @environment_name: resolved name of the environment
 * @environment_version: resolved version
 * @error: (nullable): RootError, once it failed
 * @waits_for: (nullable): {"code","message"} why it is queued
 *
 * The execution of a job: what the run history tells. The job itself is a resource.
 */
typedef struct
{
  char *job;
  char *name;
  char *uuid;
  gint64 number;
  LwpRunState state;
  gboolean cancel_asked;
  guint attempt;
  int exit_status;
  gint64 created_us;
  gint64 started_us;
  gint64 ended_us;
  gint64 revision;
  char *environment_name;
  char *environment_version;
  JsonObject *error;
  JsonObject *waits_for;
} LwpRun;

/** lwp_run_register: makes the table */
gboolean lwp_run_register (LwpCloud *cloud, GError **error);

/** lwp_run_new: Returns: (transfer full): a run that has not started, stored */
LwpRun *lwp_run_new (LwpCloud *cloud, const char *job, const char *environment_name,
                     const char *environment_version);
void lwp_run_free (LwpRun *run);

/** lwp_run_load: Returns: (transfer full) (nullable): the run of a job */
LwpRun *lwp_run_load (LwpCloud *cloud, const char *job);

/** lwp_run_save: stores what has changed; its @revision counts in the store */
void lwp_run_save (LwpCloud *cloud, LwpRun *run);

/** lwp_run_list_active: Returns: (transfer full) (element-type LwpRun): those not ended */
GPtrArray *lwp_run_list_active (LwpCloud *cloud);

/** lwp_run_ask_cancel: notes that the run has to end */
void lwp_run_ask_cancel (LwpCloud *cloud, const char *job);
void lwp_run_forget (LwpCloud *cloud, const char *job);

gboolean lwp_run_has_ended (const LwpRun *run);

/** lwp_run_get_status: Returns: "NotStarted", …, "CancelRequested" when somebody wants it to end */
const char *lwp_run_get_status (const LwpRun *run);

/**
 * lwp_run_take_error:
 * @code: "UserError" or "ServiceError"
 * @inner: innermost code
 * @message: (transfer full): what happened
 *
 * Sets the error in the shape of the run history (RootError).
 */
void lwp_run_take_error (LwpCloud *cloud, LwpRun *run, const char *location, const char *code,
                         const char *inner, char *message);

/** lwp_run_dup_prefix: Returns: (transfer full): "ExperimentRun/dcid.{job}/" */
char *lwp_run_dup_prefix (const char *name);

/* Container of logs and outputs in the workspace's storage account. */
#define LWP_RUN_CONTAINER "azureml"
#define LWP_RUN_LOG "user_logs/std_log.txt"
#define LWP_RUN_NODE_LOG "system_logs/lifecycler/lifecycler.log"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwpRun, lwp_run_free)

G_END_DECLS

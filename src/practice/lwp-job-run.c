/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A job from its submission to its end, one state after the other. Each state is stored before
 * its work begins, so that a new start of the practice cloud goes on from there. Runs on a thread
 * of the executor; blocking. */

#include "lwp-job-run.h"

#include <string.h>

#include "lwp-cluster.h"
#include "lwp-codes.h"
#include "lwp-job-files.h"
#include "lwp-job-work.h"

#define JOB_FOLDER "jobs"
#define MAX_ATTEMPTS 3
/* How long the states last that have no work of their own here; Azure takes minutes. */
#define NOT_STARTED_MS 300
#define STARTING_MS 1000
#define PREPARING_MS 2000
#define FINALIZING_MS 1000
/* How often a waiting job asks for its node. */
#define ASK_MS 100

char *
lwp_job_run_dup_folder (LwpCloud *cloud)
{
  return g_build_filename (lwp_cloud_get_state_dir (cloud), JOB_FOLDER, NULL);
}

char *
lwp_job_work_dup_attempt (const LwpJobWork *work)
{
  g_autofree char *attempt = g_strdup_printf ("%u", work->run->attempt);

  return g_build_filename (work->directory, attempt, NULL);
}

void
lwp_job_work_log (const LwpJobWork *work, const char *format, ...)
{
  g_autofree char *name = g_strconcat (work->prefix, LWP_RUN_NODE_LOG, NULL);
  LwpBlobKey key = { work->account, LWP_RUN_CONTAINER, name };
  g_autofree char *time = lwp_cloud_format_time (lwp_cloud_get_now_us (work->cloud));
  g_autofree char *text = NULL;
  g_autofree char *line = NULL;
  g_autoptr (GError) error = NULL;
  va_list values;

  va_start (values, format);
  text = g_strdup_vprintf (format, values);
  va_end (values);
  line = g_strdup_printf ("%s INFO %s\n", time, text);
  if (!lwp_blob_append (work->cloud, &key, line, strlen (line), &error))
    g_warning ("log of a node: %s", error->message);
}

void
lwp_job_work_fail (const LwpJobWork *work, const char *code, const char *inner, char *message)
{
  lwp_run_take_error (work->cloud, work->run, work->workspace->location, code, inner, message);
}

/* Waits as long as @duration_ms means here. Returns FALSE when cancelled. */
static gboolean
pause_for (const LwpJobWork *work, gint64 duration_ms)
{
  gint64 end_us = lwp_cloud_get_end_us (work->cloud, duration_ms);
  gint64 left_us;
  GPollFD fd;

  if (!g_cancellable_make_pollfd (work->cancellable, &fd))
    return FALSE;
  while (!g_cancellable_is_cancelled (work->cancellable)
         && (left_us = end_us - lwp_cloud_get_now_us (work->cloud)) > 0)
    g_poll (&fd, 1, (gint) ((left_us + 999) / 1000));
  g_cancellable_release_fd (work->cancellable);
  return !g_cancellable_is_cancelled (work->cancellable);
}

static void
enter (LwpJobWork *work, LwpRunState state)
{
  work->run->state = state;
  if (state == LWP_RUN_RUNNING && work->run->started_us == 0)
    work->run->started_us = lwp_cloud_get_now_us (work->cloud);
  if (lwp_run_has_ended (work->run))
    work->run->ended_us = lwp_cloud_get_now_us (work->cloud);
  lwp_run_save (work->cloud, work->run);
}

static const char *
get_compute (const LwpJobWork *work)
{
  return lwp_json_get_string (work->job->body, "computeId");
}

static void
finish (LwpJobWork *work)
{
  lwp_cluster_release (work->cloud, get_compute (work), work->job->id, FALSE);
  lwp_job_files_remove (work->directory);
  if (work->run->cancel_asked)
    enter (work, LWP_RUN_CANCELED);
  else
    enter (work, work->run->error == NULL ? LWP_RUN_COMPLETED : LWP_RUN_FAILED);
}

/* Before its time: canceled, or failed before it ran. */
static void
break_off (LwpJobWork *work)
{
  if (work->run->state >= LWP_RUN_RUNNING)
    {
      lwp_job_collect_outputs (work);
      lwp_job_work_log (work, "The job was ended before its time; the node is free.");
    }
  finish (work);
}

static gboolean
prepare (LwpJobWork *work)
{
  const char *code_id = lwp_json_get_string (work->job->body, "codeId");
  g_autoptr (GError) error = NULL;

  if (!pause_for (work, PREPARING_MS))
    return FALSE;
  if (work->tools->find_python (work->tools->user_data, work->cancellable, &error) == NULL)
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return FALSE;
      lwp_job_work_fail (work, "UserError", "EnvironmentNotAvailable", g_strdup (error->message));
    }
  if (code_id != NULL)
    {
      g_autoptr (LwpResource) code = lwp_resource_load (work->cloud, code_id);

      if (code == NULL)
        lwp_job_work_fail (work, "UserError", "SnapshotNotFound",
                           g_strdup ("The code of the job does not exist any more."));
    }
  if (work->run->error == NULL)
    enter (work, LWP_RUN_QUEUED);
  return TRUE;
}

static void
note_wait (LwpJobWork *work, const char *code, const char *message)
{
  if (g_strcmp0 (lwp_json_get_string (work->run->waits_for, "code"), code) == 0)
    return;
  g_clear_pointer (&work->run->waits_for, json_object_unref);
  if (code != NULL)
    work->run->waits_for = lwp_json_build ("code:s message:s", code, message);
  lwp_run_save (work->cloud, work->run);
}

static gboolean
wait_for_node (LwpJobWork *work)
{
  while (TRUE)
    {
      switch (lwp_cluster_acquire (work->cloud, get_compute (work), work->job->id))
        {
        case LWP_NODE_GRANTED:
          note_wait (work, NULL, NULL);
          enter (work, LWP_RUN_RUNNING);
          return TRUE;
        case LWP_NODE_NO_CLUSTER:
          lwp_job_work_fail (work, "UserError", "ComputeTargetNotFound",
                             g_strdup ("The compute target does not exist any more, or it is "
                                       "stopped."));
          return TRUE;
        case LWP_NODE_NO_QUOTA:
          note_wait (work, "ClusterCoreQuotaReached",
                     "The cluster cannot grow: the vCPU quota of the subscription is used up.");
          break;
        case LWP_NODE_COMING:
        default:
          note_wait (work, "WaitingForNode", "The job waits for a node of the compute target.");
          break;
        }
      if (!pause_for (work, ASK_MS))
        return FALSE;
    }
}

static gboolean
run_command (LwpJobWork *work)
{
  if (!lwp_job_execute (work))
    return FALSE;
  enter (work, LWP_RUN_FINALIZING);
  return TRUE;
}

static gboolean
finalize (LwpJobWork *work)
{
  lwp_job_collect_outputs (work);
  if (!work->run->cancel_asked && !pause_for (work, FINALIZING_MS))
    return FALSE;
  lwp_job_work_log (work, "The job has ended with status %d; the node is free.",
                    work->run->exit_status);
  finish (work);
  return TRUE;
}

static gboolean
pass (LwpJobWork *work, gint64 duration_ms, LwpRunState next)
{
  if (!pause_for (work, duration_ms))
    return FALSE;
  enter (work, next);
  return TRUE;
}

/* One state. Returns FALSE when it was cancelled in it. */
static gboolean
step (LwpJobWork *work)
{
  switch (work->run->state)
    {
    case LWP_RUN_NOT_STARTED:
      return pass (work, NOT_STARTED_MS, LWP_RUN_STARTING);
    case LWP_RUN_STARTING:
      return pass (work, STARTING_MS, LWP_RUN_PREPARING);
    case LWP_RUN_PREPARING:
      return prepare (work);
    case LWP_RUN_QUEUED:
      return wait_for_node (work);
    case LWP_RUN_RUNNING:
      return run_command (work);
    case LWP_RUN_FINALIZING:
      return finalize (work);
    case LWP_RUN_COMPLETED:
    case LWP_RUN_FAILED:
    case LWP_RUN_CANCELED:
    default:
      g_assert_not_reached ();
    }
}

/* The state is what the last life of the practice cloud has left. */
static void
resume (LwpJobWork *work)
{
  if (work->run->state != LWP_RUN_RUNNING)
    return;
  lwp_cluster_release (work->cloud, get_compute (work), work->job->id, TRUE);
  lwp_job_work_log (work, "The node was lost while attempt %u ran.", work->run->attempt);
  work->run->attempt++;
  if (work->run->attempt > MAX_ATTEMPTS)
    lwp_job_work_fail (work, "ServiceError", "NodeLost",
                       g_strdup_printf ("The node was lost %d times while the job ran.",
                                        MAX_ATTEMPTS));
  enter (work, LWP_RUN_QUEUED);
}

/* Whether somebody wants the run to end; also when it was deleted. */
static gboolean
is_unwanted (LwpJobWork *work)
{
  g_autoptr (LwpRun) stored = lwp_run_load (work->cloud, work->job->id);

  if (stored == NULL || stored->cancel_asked)
    work->run->cancel_asked = TRUE;
  return work->run->cancel_asked;
}

static void
work_clear (LwpJobWork *work)
{
  g_clear_pointer (&work->job, lwp_resource_free);
  g_clear_pointer (&work->workspace, lwp_resource_free);
  g_clear_pointer (&work->run, lwp_run_free);
  g_free (work->account);
  g_free (work->prefix);
  g_free (work->directory);
}

static gboolean
work_init (LwpJobWork *work, const char *job)
{
  g_autofree char *jobs = g_path_get_dirname (job);
  g_autofree char *workspace = g_path_get_dirname (jobs);
  g_autofree char *folder = lwp_job_run_dup_folder (work->cloud);

  work->job = lwp_resource_load (work->cloud, job);
  work->workspace = lwp_resource_load (work->cloud, workspace);
  work->run = lwp_run_load (work->cloud, job);
  if (work->job == NULL || work->workspace == NULL || work->run == NULL)
    return FALSE;
  work->account = lwp_ml_dup_storage_account (work->workspace);
  work->prefix = lwp_run_dup_prefix (work->job->name);
  work->directory = g_build_filename (folder, work->run->uuid, NULL);
  return TRUE;
}

void
lwp_job_run (LwpCloud *cloud, const LwpJobTools *tools, const char *job, GCancellable *cancellable)
{
  LwpJobWork work = { .cloud = cloud, .tools = tools, .cancellable = cancellable };
  gboolean on = work_init (&work, job);

  if (on)
    resume (&work);
  while (on && !lwp_run_has_ended (work.run))
    {
      if (is_unwanted (&work) || (work.run->error != NULL && work.run->state < LWP_RUN_RUNNING))
        break_off (&work);
      else
        on = step (&work) || is_unwanted (&work);
    }
  work_clear (&work);
}

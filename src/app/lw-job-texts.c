/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is said about jobs. Main thread, no state. */

#include "lw-job-texts.h"

#include <glib/gi18n.h>

/* A state that lasts so many times its usual longest time is worth a word. */
#define STALL_FACTOR 3

/* How much faster the practice cloud is. */
#define PRACTICE_FACTOR 30

typedef struct
{
  const char *status; /* of the service */
  const char *word;
  LwWaitState state;
  const char *phase; /* (nullable) */
  int usual_min_s;
  int usual_max_s;
} Status;

static const Status statuses[] = {
  /* Translators: states of a job in Azure Machine Learning */
  { "NotStarted", N_ ("Not Started"), LW_WAIT_RUNNING, N_ ("the job is being taken in"), 2, 60 },
  { "Starting", N_ ("Starting"), LW_WAIT_RUNNING, N_ ("the job is being taken in"), 2, 60 },
  { "Provisioning", N_ ("Provisioning"), LW_WAIT_RUNNING, N_ ("the cluster gets a node"), 120, 480 },
  { "Preparing", N_ ("Preparing"), LW_WAIT_RUNNING, N_ ("the environment is made ready"), 30, 600 },
  { "Queued", N_ ("Queued"), LW_WAIT_RUNNING, N_ ("the job waits for a node"), 60, 480 },
  { "Running", N_ ("Running"), LW_WAIT_RUNNING, N_ ("the command runs on its node"), 0, 0 },
  { "Finalizing", N_ ("Finalizing"), LW_WAIT_RUNNING, N_ ("logs and outputs are being kept"), 5, 90 },
  { "CancelRequested", N_ ("Cancel Requested"), LW_WAIT_RUNNING, N_ ("the command is being ended"), 5,
    120 },
  { "Completed", N_ ("Completed"), LW_WAIT_DONE, NULL, 0, 0 },
  { "Finished", N_ ("Completed"), LW_WAIT_DONE, NULL, 0, 0 },
  { "Failed", N_ ("Failed"), LW_WAIT_FAILED, NULL, 0, 0 },
  { "Canceled", N_ ("Canceled"), LW_WAIT_WARNING, NULL, 0, 0 },
  { "Cancelled", N_ ("Canceled"), LW_WAIT_WARNING, NULL, 0, 0 },
  { "NotResponding", N_ ("Not Responding"), LW_WAIT_FAILED, NULL, 0, 0 },
  { "Paused", N_ ("Paused"), LW_WAIT_WARNING, NULL, 0, 0 },
};

static const Status *
find (const char *status)
{
  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    if (g_ascii_strcasecmp (statuses[i].status, status) == 0)
      return &statuses[i];
  return NULL;
}

const char *
lw_job_texts_get_status (const char *status)
{
  const Status *known = find (status);

  return known != NULL ? _ (known->word) : status;
}

LwWaitState
lw_job_texts_get_state (const char *status)
{
  const Status *known = find (status);

  return known != NULL ? known->state : LW_WAIT_RUNNING;
}

void
lw_job_texts_get_usual (const char *status, gboolean practice, int *min_s, int *max_s)
{
  const Status *known = find (status);
  int factor = practice ? PRACTICE_FACTOR : 1;

  *min_s = known != NULL ? (known->usual_min_s + factor - 1) / factor : 0;
  *max_s = known != NULL ? (known->usual_max_s + factor - 1) / factor : 0;
}

char *
lw_job_texts_dup_phase (const LwJob *job)
{
  const Status *known = find (job->status);

  return known != NULL && known->phase != NULL ? g_strdup (_ (known->phase)) : NULL;
}

/* ---- Waiting ---- */

static gboolean
is_waiting (const LwJob *job)
{
  static const char *const words[]
      = { "NotStarted", "Starting", "Provisioning", "Preparing", "Queued" };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_ascii_strcasecmp (job->status, words[i]) == 0)
      return TRUE;
  return FALSE;
}

static void
add_line (GString *lines, const char *line)
{
  if (line == NULL || *line == '\0')
    return;
  if (lines->len > 0)
    g_string_append_c (lines, '\n');
  g_string_append (lines, line);
}

static void
add_cluster (GString *lines, const LwCompute *cluster)
{
  g_autofree char *text = NULL;

  if (cluster->kind != LW_COMPUTE_CLUSTER || cluster->nodes < 0)
    return;
  if (g_ascii_strcasecmp (cluster->allocation_state != NULL ? cluster->allocation_state : "",
                          "Resizing") == 0)
    text = g_strdup_printf (_ ("The cluster is growing: %d of at most %d nodes are there."),
                            cluster->nodes, cluster->max_nodes);
  else if (cluster->nodes == 0)
    text = g_strdup (_ ("The cluster has no node yet; one is ordered for the job."));
  else
    text = g_strdup_printf (ngettext ("The cluster has %d node.", "The cluster has %d nodes.",
                                      (gulong) cluster->nodes),
                            cluster->nodes);
  add_line (lines, text);
  for (guint i = 0; i < cluster->errors->len; i++)
    add_line (lines, g_ptr_array_index (cluster->errors, i));
}

char *
lw_job_texts_dup_wait (LwJobWatch *watch)
{
  const LwJob *job = lw_job_watch_get_job (watch);
  const LwRun *run = lw_job_watch_get_run (watch);
  const LwCompute *cluster = lw_job_watch_get_cluster (watch);
  g_autoptr (GString) lines = g_string_new (NULL);

  if (job == NULL || !is_waiting (job))
    return NULL;
  if (cluster != NULL)
    add_cluster (lines, cluster);
  if (run != NULL)
    add_line (lines, run->queue_message);
  return lines->len > 0 ? g_strdup (lines->str) : NULL;
}

char *
lw_job_texts_dup_stall (LwJobWatch *watch, gboolean practice, gint64 now_us)
{
  const LwJob *job = lw_job_watch_get_job (watch);
  const LwCompute *cluster = lw_job_watch_get_cluster (watch);
  gint64 since_us = lw_job_watch_get_phase_since (watch);
  int min_s, max_s;

  if (job == NULL || since_us == 0)
    return NULL;
  lw_job_texts_get_usual (job->status, practice, &min_s, &max_s);
  if (max_s == 0 || now_us - since_us < (gint64) STALL_FACTOR * MAX (max_s, 20) * G_USEC_PER_SEC)
    return NULL;
  if (is_waiting (job) && cluster != NULL && cluster->nodes == 0)
    return g_strdup (_ ("This takes much longer than usual. The cluster gets no node: quota or "
                        "capacity of the region may be used up. Canceling the job costs nothing."));
  return g_strdup (_ ("This takes much longer than usual. If it stays so, cancel the job and submit "
                      "it again; a node that runs costs money."));
}

/* ---- Failure ---- */

/* What helps in a job is not always what helps on this computer. */
void
lw_job_texts_fill_failure (const LwScriptResult *result, LwScriptTexts *texts)
{
  *texts = (LwScriptTexts){ NULL };
  if (result == NULL || result->failure == LW_SCRIPT_FAILURE_NONE)
    return;
  if (result->failure != LW_SCRIPT_FAILURE_MISSING_MODULE)
    {
      lw_script_texts_fill_failure (result, texts);
      return;
    }
  texts->title = g_strdup (_ ("A package is missing"));
  /* Translators: name of a Python package */
  texts->meaning = g_strdup_printf (_ ("The environment of the job has no package “%s”."),
                                    result->missing_module);
  texts->todo = g_strdup (_ ("Submit the job again with an environment that has it."));
}

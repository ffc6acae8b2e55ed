/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Jobs that really run in the practice cloud, followed to their end: state, reasons, and a log of
 * which nothing is missing and nothing is obeyed. */

#include "lab-world.h"

#include <math.h>
#include <signal.h>
#include <string.h>

#include "lw-advice.h"
#include "lw-blob.h"
#include "lw-code.h"
#include "lw-lab-error.h"
#include "lw-log-follower.h"
#include "lw-plan.h"
#include "lw-preflight.h"
#include "lw-script-result.h"
#include "lw-text-filter.h"

#define ENVIRONMENT "azureml:AzureML-sklearn-1.5@latest"

/* All jobs run in one workspace, made once. */
typedef struct
{
  LabWorld *maker;  /* starts the cloud and provisions without waiting */
  LabWorld *world;  /* follows in real time, as the jobs run in it */
  LwRecord *record;
  char *group;
  char *workspace;
  char *cluster;
  char *data_host;
  LwMl ml;
} Shared;

static Shared shared;

static void
provision (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LwPlan) plan = NULL;

  for (const char *const *name = lw_preflight_get_providers (); *name != NULL; name++)
    g_assert_true (lw_arm_register_provider (lab_world_get_arm (shared.maker), *name, NULL, NULL));
  plan = lw_plan_new (lab_world_get_arm (shared.maker)->azure, lab_world_get_lab (shared.maker),
                      shared.record, &error);
  g_assert_no_error (error);
  lw_plan_run (plan, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
start_all (void)
{
  g_autofree char *folder = NULL;
  g_autoptr (LwWorkspace) workspace = NULL;

  shared.maker = lab_world_new (0, TRUE);
  shared.record = lab_world_new_record (shared.maker);
  provision ();
  folder = g_file_get_path (lab_world_get_folder (shared.maker));
  shared.world = lab_world_new_client (lab_world_get_proxy (shared.maker),
                                       lab_world_get_ca (shared.maker), folder, FALSE);
  shared.group = lw_record_dup (shared.record, LW_RECORD_GROUP);
  shared.workspace = lw_record_dup (shared.record, LW_RECORD_WORKSPACE);
  shared.cluster = lw_record_dup (shared.record, LW_RECORD_CLUSTER);
  shared.ml = (LwMl) { *lab_world_get_arm (shared.world), shared.group, shared.workspace };
  workspace = lw_ml_get_workspace (&shared.ml, NULL, NULL);
  shared.data_host = g_strdup (workspace->data_host);
}

static void
stop_all (void)
{
  lw_record_unref (shared.record);
  lab_world_free (shared.world);
  lab_world_free (shared.maker);
  g_free (shared.group);
  g_free (shared.workspace);
  g_free (shared.cluster);
  g_free (shared.data_host);
}

/* ---- Submitting ---- */

/* Returns: (transfer full): name of a job that runs @command in the files of @folder */
static char *
submit_folder (const char *folder_path, const char *command)
{
  g_autoptr (GFile) folder = g_file_new_for_path (folder_path);
  g_autoptr (GError) error = NULL;
  g_autoptr (LwCodeFolder) code = lw_code_folder_new (folder, NULL, &error);
  g_autofree char *code_id = NULL;
  g_autoptr (LwJob) job = NULL;
  char *name = lw_job_make_name ();
  LwJobSpec spec = { .display_name = "test",
                     .experiment_name = "tests",
                     .command = command,
                     .environment = ENVIRONMENT,
                     .compute = shared.cluster };

  g_assert_no_error (error);
  lw_code_upload (&shared.ml, code, NULL, &code_id, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  spec.code_id = code_id;
  job = lw_job_put (&shared.ml, name, &spec, NULL, &error);
  g_assert_no_error (error);
  return name;
}

static char *
submit_script (const char *script)
{
  g_autofree char *folder = g_dir_make_tmp ("lw-job-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "run.py", NULL);
  char *name;

  g_assert_true (g_file_set_contents (path, script, -1, NULL));
  name = submit_folder (folder, "python run.py");
  lab_world_remove (folder);
  return name;
}

/* ---- Following ---- */

typedef struct
{
  GString *log;
  guint events;
  guint pieces;
  guint gaps;
  guint troubles;
  gboolean saw_run;
  gboolean saw_cluster;
  GPtrArray *statuses; /* in order, none twice in a row */
  const char *cancel_on; /* (nullable): text in the log that cancels */
  GCancellable *cancellable;
  GError *run_error;
} Watch;

static void
watch_init (Watch *watch)
{
  *watch = (Watch) { .log = g_string_new (NULL),
                     .statuses = g_ptr_array_new_with_free_func (g_free) };
}

static void
watch_clear (Watch *watch)
{
  g_string_free (watch->log, TRUE);
  g_ptr_array_unref (watch->statuses);
  g_clear_error (&watch->run_error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Watch, watch_clear)

static void
note_status (Watch *watch, const char *status)
{
  guint n = watch->statuses->len;

  if (n == 0 || !g_str_equal (g_ptr_array_index (watch->statuses, n - 1), status))
    g_ptr_array_add (watch->statuses, g_strdup (status));
}

static void
follow_cb (const LwFollowEvent *event, gpointer user_data)
{
  Watch *watch = user_data;

  watch->events++;
  watch->troubles += event->trouble != NULL;
  watch->saw_run = watch->saw_run || event->run != NULL;
  watch->saw_cluster = watch->saw_cluster || event->cluster != NULL;
  if (event->job != NULL)
    {
      note_status (watch, event->job->status);
      g_assert_cmpint (event->phase_since_us, >, 0);
    }
  if (event->run != NULL && event->run->error != NULL && watch->run_error == NULL)
    watch->run_error = g_error_copy (event->run->error);
  if (event->new_text == NULL)
    return;
  g_assert_true (g_utf8_validate (event->new_text, -1, NULL));
  if (event->log_restarted)
    g_string_truncate (watch->log, 0);
  watch->pieces++;
  watch->gaps += event->has_gap;
  g_string_append (watch->log, event->new_text);
  if (watch->cancel_on != NULL && strstr (watch->log->str, watch->cancel_on) != NULL)
    g_cancellable_cancel (watch->cancellable);
}

static LwJob *
follow (const char *name, Watch *watch)
{
  g_autoptr (GError) error = NULL;
  LwJob *job = lw_log_follow (&shared.ml, shared.data_host, name, shared.cluster, TRUE, follow_cb,
                              watch, NULL, &error);

  g_assert_no_error (error);
  return job;
}

/* ---- The lab's own script ---- */

static void
test_lab_script (void)
{
  LwLab *lab = lab_world_get_lab (shared.world);
  g_autoptr (GFile) code
    = g_file_get_child (lw_lab_get_folder (lab), lw_lab_get_code_folder (lab));
  g_autofree char *name = submit_folder (g_file_peek_path (code), lw_lab_get_command (lab));
  g_auto (Watch) watch;
  g_autoptr (LwJob) job = NULL;
  g_autoptr (LwScriptResult) result = NULL;

  watch_init (&watch);
  job = follow (name, &watch);
  g_assert_cmpint (job->phase, ==, LW_JOB_PHASE_COMPLETED);
  g_assert_true (watch.saw_run);
  g_assert_no_error (watch.run_error);
  result = lw_script_result_read (watch.log->str);
  g_assert_false (isnan (result->accuracy));
  g_assert_cmpfloat (result->auc, >, 0.8);
}

/* ---- Why it failed ---- */

static void
test_failing_script (void)
{
  g_autofree char *name = submit_script ("print('so far')\nimport no_such_module\n");
  g_autofree char *path
    = g_build_filename (g_getenv ("LW_TEST_SOURCE_ROOT"), "data", "advice", "advice.json", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (LwAdviceCatalogue) catalogue = NULL;
  g_autoptr (LwScriptResult) result = NULL;
  g_autoptr (LwJob) job = NULL;
  g_auto (Watch) watch;
  gsize length = 0;

  watch_init (&watch);
  job = follow (name, &watch);
  g_assert_cmpint (job->phase, ==, LW_JOB_PHASE_FAILED);
  g_assert_error (watch.run_error, LW_AZURE_ERROR, LW_AZURE_ERROR_OPERATION_FAILED);
  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  bytes = g_bytes_new (text, length);
  catalogue = lw_advice_catalogue_load (bytes, NULL);
  g_assert_cmpstr (lw_advice_find (catalogue, watch.run_error)->id, ==, "job-script-failed");
  result = lw_script_result_read (watch.log->str);
  g_assert_cmpint (result->failure, ==, LW_SCRIPT_FAILURE_MISSING_MODULE);
  g_assert_cmpstr (result->missing_module, ==, "no_such_module");
}

/* ---- A log that grows, cut anywhere, full of what acts on terminals ---- */

static const char growing[]
  = "import sys, time\n"
    "out = sys.stdout.buffer\n"
    "for piece in (b'\\x1b[1;3', b'1mred\\x1b[0m \\xed\\x95', b'\\x9c\\xea\\xb8\\x80 \\xff\\n',\n"
    "              b'\\x1b]0;title', b'\\x07last\\n'):\n"
    "    out.write(piece)\n"
    "    out.flush()\n"
    "    time.sleep(2.5)\n";

static void
test_growing_log (void)
{
  g_autofree char *name = submit_script (growing);
  g_autoptr (LwJob) job = NULL;
  g_auto (Watch) watch;

  watch_init (&watch);
  job = follow (name, &watch);
  g_assert_cmpint (job->phase, ==, LW_JOB_PHASE_COMPLETED);
  g_assert_cmpstr (watch.log->str, ==, "red 한글 \357\277\275\nlast\n");
  g_assert_cmpuint (watch.pieces, >=, 2);
  g_assert_cmpuint (watch.statuses->len, >=, 2);
  g_assert_cmpstr (g_ptr_array_index (watch.statuses, watch.statuses->len - 1), ==, "Completed");
}

/* ---- More than anybody reads ---- */

static void
test_endless_log (void)
{
  g_autofree char *name
    = submit_script ("print('begin')\nfor i in range(400000): print(f'{i:030}')\nprint('end')\n");
  g_autoptr (LwJob) job = NULL;
  g_autoptr (LwJob) again = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Watch) watch;
  g_auto (Watch) late;

  watch_init (&watch);
  watch_init (&late);
  job = follow (name, &watch);
  g_assert_cmpint (job->phase, ==, LW_JOB_PHASE_COMPLETED);
  /* Read after the end it is more than is kept in one go: beginning and end, and a mark between. */
  again = lw_log_follow (&shared.ml, shared.data_host, name, shared.cluster, FALSE, follow_cb,
                         &late, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (late.gaps, ==, 1);
  g_assert_cmpuint (late.log->len, <=, 3 * LW_FOLLOW_MAX_READ);
  g_assert_true (g_str_has_prefix (late.log->str, "begin\n"));
  g_assert_true (g_str_has_suffix (late.log->str, "end\n"));
}

/* ---- Leaving, coming back ---- */

static void
test_cancelled (void)
{
  g_autofree char *name
    = submit_script ("import time\nprint('begun', flush=True)\ntime.sleep(6)\nprint('over')\n");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (LwJob) now = NULL;
  g_autoptr (LwJob) job = NULL;
  g_auto (Watch) watch;
  g_auto (Watch) glance;
  g_auto (Watch) second;

  watch_init (&watch);
  watch_init (&glance);
  watch_init (&second);
  watch.cancel_on = "begun";
  watch.cancellable = cancellable;
  g_assert_null (lw_log_follow (&shared.ml, shared.data_host, name, shared.cluster, TRUE,
                                follow_cb, &watch, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  /* The job goes on; a glance at it does not wait for its end. */
  now = lw_log_follow (&shared.ml, shared.data_host, name, shared.cluster, FALSE, follow_cb,
                       &glance, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (now->phase, ==, LW_JOB_PHASE_ACTIVE);
  g_assert_cmpstr (glance.log->str, ==, "begun\n");
  job = follow (name, &second);
  g_assert_cmpstr (second.log->str, ==, "begun\nover\n");
}

static void
test_stopped_job (void)
{
  g_autofree char *name
    = submit_script ("import time\nprint('begun', flush=True)\ntime.sleep(600)\n");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (LwJob) job = NULL;
  g_auto (Watch) watch;
  g_auto (Watch) second;

  watch_init (&watch);
  watch_init (&second);
  watch.cancel_on = "begun";
  watch.cancellable = cancellable;
  g_assert_null (lw_log_follow (&shared.ml, shared.data_host, name, shared.cluster, TRUE,
                                follow_cb, &watch, cancellable, &error));
  g_clear_error (&error);
  lw_job_cancel (&shared.ml, name, G_TIME_SPAN_MINUTE, NULL, &error);
  g_assert_no_error (error);
  job = follow (name, &second);
  g_assert_cmpint (job->phase, ==, LW_JOB_PHASE_CANCELED);
  g_assert_cmpstr (second.log->str, ==, "begun\n");
}

static void
test_unknown_job (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (lw_log_follow (&shared.ml, shared.data_host, "no_such_job", NULL, TRUE, NULL,
                                NULL, NULL, &error));
  g_assert_error (error, LW_LAB_ERROR, LW_LAB_ERROR_JOB_UNKNOWN);
}

/* The cloud dies under the follower and comes back: told, tolerated, and the log is whole. */
static gpointer
restart_thread (gpointer data)
{
  g_usleep (3 * G_USEC_PER_SEC);
  lab_world_restart_cloud (shared.maker, 8000, 0);
  return NULL;
}

static void
test_cloud_killed (void)
{
  g_autofree char *name = submit_script (
    "import time\nfor i in range(6):\n    print('line', i, flush=True)\n    time.sleep(1)\n");
  GThread *thread = g_thread_new ("restart", restart_thread, NULL);
  g_autoptr (LwJob) job = NULL;
  g_auto (Watch) watch;

  watch_init (&watch);
  job = follow (name, &watch);
  g_thread_join (thread);
  g_assert_cmpint (job->phase, ==, LW_JOB_PHASE_COMPLETED);
  g_assert_cmpuint (watch.troubles, >, 0);
  g_assert_true (g_str_has_suffix (watch.log->str, "line 4\nline 5\n"));
}

int
main (int argc, char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab-job/lab-script", test_lab_script);
  g_test_add_func ("/lab-job/failing-script", test_failing_script);
  g_test_add_func ("/lab-job/growing-log", test_growing_log);
  g_test_add_func ("/lab-job/endless-log", test_endless_log);
  g_test_add_func ("/lab-job/cancelled", test_cancelled);
  g_test_add_func ("/lab-job/stopped-job", test_stopped_job);
  g_test_add_func ("/lab-job/unknown-job", test_unknown_job);
  g_test_add_func ("/lab-job/cloud-killed", test_cloud_killed);
  start_all ();
  result = g_test_run ();
  stop_all ();
  return result;
}

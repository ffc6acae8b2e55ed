/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Our client of Azure Machine Learning against the real practice cloud: workspace, computes,
 * quotas, code, jobs that really run, their logs and files. The cases share one workspace. */

#include <glib/gstdio.h>
#include <string.h>

#include "lab-world.h"
#include "lw-api-versions.h"
#include "lw-blob.h"
#include "lw-code-private.h"
#include "lw-error.h"
#include "lw-job.h"
#include "lw-run.h"

#define REGION "koreacentral"
#define GROUP "rg-azure-ml"
#define SIZE "STANDARD_DS11_V2"

/* Of the client, whose waits take no time, while those of the cloud do. */
#define DEADLINE_US (G_TIME_SPAN_DAY * 10)

/* Of the real time that a job may take. */
#define JOB_DEADLINE_US (G_TIME_SPAN_MINUTE)

static LabWorld *world;
static LwMl ml;
static LwWorkspace *workspace;
static GFile *code;

/* ---- What all cases stand on ---- */

static void
put (const char *type_and_name, const char *api_version, GBytes *body)
{
  g_autofree char *id = g_strdup_printf ("/subscriptions/%s/resourceGroups/" GROUP "/providers/%s",
                                         ml.arm.subscription_id, type_and_name);
  g_autoptr (GError) error = NULL;

  lw_arm_put_resource (&ml.arm, id, api_version, body, DEADLINE_US, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_bytes_unref (body);
}

static void
register_providers (void)
{
  static const char *const names[]
      = { "Microsoft.MachineLearningServices", "Microsoft.Storage", "Microsoft.KeyVault",
          "Microsoft.Insights", "Microsoft.OperationalInsights" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;
      gboolean done = lw_arm_register_provider (&ml.arm, names[i], NULL, &error);

      while (done)
        {
          g_autofree char *state
              = lw_arm_get_provider_state (&ml.arm, names[i], NULL, NULL, NULL, &error);

          g_assert_no_error (error);
          done = strcmp (state, "Registered") != 0;
        }
      g_assert_no_error (error);
    }
}

static char *
dup_group_id (const char *rest)
{
  return g_strdup_printf ("/subscriptions/%s/resourceGroups/" GROUP "/providers/%s",
                          ml.arm.subscription_id, rest);
}

static void
make_workspace (void)
{
  g_autofree char *storage = dup_group_id ("Microsoft.Storage/storageAccounts/stazureml");
  g_autofree char *vault = dup_group_id ("Microsoft.KeyVault/vaults/kv-azure-ml");
  g_autofree char *logs = dup_group_id ("Microsoft.OperationalInsights/workspaces/log-azure-ml");
  g_autofree char *insights = dup_group_id ("Microsoft.Insights/components/appi-azure-ml");
  g_autoptr (GError) error = NULL;

  lw_arm_put_group (&ml.arm, GROUP, REGION, NULL, NULL, &error);
  g_assert_no_error (error);
  put ("Microsoft.Storage/storageAccounts/stazureml", LW_API_STORAGE,
       lw_arm_build_storage (REGION, NULL));
  put ("Microsoft.KeyVault/vaults/kv-azure-ml", LW_API_KEY_VAULT,
       lw_arm_build_vault (REGION, ml.arm.tenant_id, NULL));
  put ("Microsoft.OperationalInsights/workspaces/log-azure-ml", LW_API_LOG_ANALYTICS,
       lw_arm_build_log_analytics (REGION, NULL));
  put ("Microsoft.Insights/components/appi-azure-ml", LW_API_INSIGHTS,
       lw_arm_build_insights (REGION, logs, NULL));
  put ("Microsoft.MachineLearningServices/workspaces/mlw-azure-ml", LW_API_ML,
       lw_ml_build_workspace (ml.workspace, REGION, storage, vault, insights, NULL));
  workspace = lw_ml_get_workspace (&ml, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (workspace);
}

static void
make_compute (const char *name, GBytes *body)
{
  g_autoptr (GError) error = NULL;

  lw_ml_put_compute (&ml, name, body, DEADLINE_US, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_bytes_unref (body);
}

static LwCompute *
get_compute (const char *name)
{
  g_autoptr (GError) error = NULL;
  LwCompute *compute = lw_ml_get_compute (&ml, name, NULL, &error);

  g_assert_no_error (error);
  return compute;
}

static void
write_code (const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (g_file_peek_path (code), name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static void
set_up (void)
{
  world = lab_world_new (0, TRUE);
  ml = (LwMl){ *lab_world_get_arm (world), GROUP, "mlw-azure-ml" };
  code = g_file_get_child (lab_world_get_folder (world), "src");
  register_providers ();
  make_workspace ();
  make_compute ("aml-cluster", lw_ml_build_cluster (REGION, SIZE, 2));
}

static void
tear_down (void)
{
  lw_workspace_free (workspace);
  g_object_unref (code);
  lab_world_free (world);
}

/* ---- Workspace, computes, quotas ---- */

static void
test_workspace (void)
{
  const LwMl nowhere = { ml.arm, GROUP, "mlw-nowhere" };
  g_autofree char *id = lw_ml_dup_id (&ml, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_ascii_strcasecmp (workspace->id, id), ==, 0);
  g_assert_cmpstr (workspace->name, ==, "mlw-azure-ml");
  g_assert_cmpstr (workspace->location, ==, REGION);
  g_assert_cmpstr (workspace->state, ==, "Succeeded");
  g_assert_cmpstr (workspace->data_host, ==, "https://" REGION ".api.azureml.ms");
  g_assert_null (lw_ml_get_workspace (&nowhere, NULL, &error));
  g_assert_no_error (error);
}

static void
test_instance (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LwCompute) made = NULL;
  g_autoptr (LwCompute) stopped = NULL;
  g_autoptr (LwCompute) gone = NULL;

  make_compute ("ci-azure-ml", lw_ml_build_instance (REGION, SIZE, 60));
  made = get_compute ("ci-azure-ml");
  g_assert_cmpint (made->kind, ==, LW_COMPUTE_INSTANCE);
  g_assert_cmpstr (made->instance_state, ==, "Running");
  g_assert_cmpstr (made->idle_shutdown, ==, "PT60M");
  g_assert_cmpstr (made->vm_size, ==, SIZE);
  g_assert_nonnull (made->endpoint);
  g_assert_true (lw_cloud_trusts (lw_cloud_get_public (), LW_CLOUD_INSTANCE, made->endpoint));
  g_assert_cmpint (made->created_us, >, 0);
  lw_ml_set_idle_shutdown (&ml, "ci-azure-ml", 120, NULL, &error);
  g_assert_no_error (error);
  lw_ml_run_compute (&ml, "ci-azure-ml", "stop", DEADLINE_US, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  stopped = get_compute ("ci-azure-ml");
  g_assert_cmpstr (stopped->instance_state, ==, "Stopped");
  g_assert_cmpstr (stopped->idle_shutdown, ==, "PT120M");
  g_assert_cmpstr (stopped->last_operation, ==, "Stop");
  g_assert_cmpstr (stopped->last_trigger, ==, "User");
  lw_ml_run_compute (&ml, "ci-azure-ml", "start", DEADLINE_US, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  lw_ml_delete_compute (&ml, "ci-azure-ml", DEADLINE_US, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  gone = get_compute ("ci-azure-ml");
  g_assert_null (gone);
  lw_ml_delete_compute (&ml, "ci-azure-ml", DEADLINE_US, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
test_cluster (void)
{
  g_autoptr (LwCompute) cluster = get_compute ("aml-cluster");
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) all = lw_ml_list_computes (&ml, NULL, &error);
  g_autoptr (GBytes) body = lw_ml_build_cluster (REGION, "STANDARD_NOSUCH", 2);

  g_assert_true (lw_compute_is_idle (cluster));
  g_assert_cmpint (cluster->max_nodes, ==, 2);
  g_assert_no_error (error);
  g_assert_cmpuint (all->len, ==, 1);
  g_assert_cmpstr (((LwCompute *) g_ptr_array_index (all, 0))->name, ==, "aml-cluster");
  g_assert_false (lw_ml_put_compute (&ml, "odd", body, DEADLINE_US, NULL, NULL, NULL, &error));
  g_assert_true (error->domain == LW_AZURE_ERROR);
}

static void
test_quota (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) sizes = lw_ml_list_vm_sizes (&ml.arm, REGION, NULL, &error);
  g_autoptr (GPtrArray) usages = NULL;
  g_autoptr (GPtrArray) vm_usages = NULL;
  const LwVmSize *size = NULL;

  g_assert_no_error (error);
  for (guint i = 0; i < sizes->len && size == NULL; i++)
    if (g_ascii_strcasecmp (((LwVmSize *) g_ptr_array_index (sizes, i))->name, SIZE) == 0)
      size = g_ptr_array_index (sizes, i);
  g_assert_nonnull (size);
  g_assert_cmpint (size->vcpus, ==, 2);
  g_assert_true (size->for_instance && size->for_cluster);
  g_assert_cmpfloat (size->price_per_hour, >, 0);
  usages = lw_ml_list_usages (&ml.arm, REGION, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (lw_ml_find_family_usage (usages, size->family));
  g_assert_nonnull (lw_ml_find_total_usage (usages));
  vm_usages = lw_ml_list_vm_usages (&ml.arm, REGION, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (lw_ml_find_family_usage (vm_usages, size->family));
  g_assert_nonnull (lw_ml_find_total_usage (vm_usages));
}

static void
assert_environment (const char *reference, LwEnvironmentState expected)
{
  LwEnvironmentState state = LW_ENVIRONMENT_UNKNOWN;
  g_autoptr (GError) error = NULL;

  lw_ml_check_environment (&ml, reference, &state, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (state, ==, expected);
}

static void
test_environments (void)
{
  static const char *const bad[] = { "", "azureml:", "azureml:x", "x:1", "azureml:../x:1" };

  assert_environment ("azureml:AzureML-sklearn-1.5@latest", LW_ENVIRONMENT_EXISTS);
  assert_environment ("azureml:AzureML-sklearn-1.5:35", LW_ENVIRONMENT_EXISTS);
  assert_environment ("azureml:AzureML-nosuch@latest", LW_ENVIRONMENT_UNKNOWN);
  assert_environment ("azureml:nosuch:7", LW_ENVIRONMENT_MISSING);
  assert_environment ("azureml://registries/azureml/environments/sklearn-1.5/versions/35",
                      LW_ENVIRONMENT_UNKNOWN);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      LwEnvironmentState state;
      g_autoptr (GError) error = NULL;

      g_assert_false (lw_ml_check_environment (&ml, bad[i], &state, NULL, &error));
      g_assert_error (error, LW_ERROR, LW_ERROR_MALFORMED);
    }
}

/* ---- Code ---- */

typedef struct
{
  GCancellable *cancellable; /* (nullable): cancelled after some files */
  guint stop_at;
  guint done;
  goffset sent;
  goffset total;
  GThread *thread;
} Progress;

static void
on_progress (guint done, guint n_files, goffset sent, goffset total, gpointer user_data)
{
  Progress *self = user_data;

  g_assert_true (g_thread_self () == self->thread);
  g_assert_cmpuint (done, >=, self->done);
  g_assert_cmpuint (done, <=, n_files);
  g_assert_cmpint (sent, >=, self->sent);
  g_assert_cmpint (sent, <=, total);
  self->done = done;
  self->sent = sent;
  self->total = total;
  if (self->cancellable != NULL && done >= self->stop_at)
    g_cancellable_cancel (self->cancellable);
}

static LwCodeFolder *
list_code (void)
{
  g_autoptr (GError) error = NULL;
  LwCodeFolder *folder = lw_code_folder_new (code, NULL, &error);

  g_assert_no_error (error);
  return folder;
}

static char *
upload_ok (gboolean *reused, Progress *progress)
{
  g_autoptr (LwCodeFolder) folder = list_code ();
  g_autoptr (GError) error = NULL;
  char *id = NULL;

  progress->thread = g_thread_self ();
  lw_code_upload (&ml, folder, NULL, &id, reused, on_progress, progress, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (id);
  return id;
}

static void
test_code (void)
{
  g_autofree char *large = g_strnfill (LW_BLOB_BLOCK_SIZE + 1000, 'x');
  g_autofree char *codes = lw_ml_dup_id (&ml, "codes/");
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *third = NULL;
  Progress progress = { NULL };
  gboolean reused = TRUE;

  write_code ("train.py", "print('hello')\n");
  write_code ("Train classification model.ipynb", "{}");
  write_code ("data/한글 #1?.csv", "a,b\n");
  write_code ("data/empty", "");
  write_code ("data/large.csv", large);
  write_code (".amlignore", "*.tmp\n");
  write_code ("left out.tmp", "x");
  first = upload_ok (&reused, &progress);
  g_assert_false (reused);
  g_assert_cmpuint (progress.done, ==, 6);
  g_assert_cmpint (progress.sent, ==, progress.total);
  g_assert_cmpint (g_ascii_strncasecmp (first, codes, strlen (codes)), ==, 0);

  lab_world_forget_requests (world);
  progress = (Progress){ NULL };
  second = upload_ok (&reused, &progress);
  g_assert_true (reused);
  g_assert_cmpstr (second, ==, first);
  g_assert_cmpuint (lab_world_count (world, NULL, ""), ==, 1);

  write_code ("train.py", "print('other')\n");
  progress = (Progress){ NULL };
  third = upload_ok (&reused, &progress);
  g_assert_false (reused);
  g_assert_cmpstr (third, !=, first);
}

/* Cancelled in the middle, and taken up again: what was there is not sent twice. */
static void
test_code_again (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (LwCodeFolder) folder = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;
  Progress progress = { cancellable, 10, .thread = g_thread_self () };
  gboolean reused = TRUE;
  guint n_before;

  for (guint i = 0; i < 60; i++)
    {
      g_autofree char *name = g_strdup_printf ("many/%02u.txt", i);

      write_code (name, name);
    }
  folder = list_code ();
  lab_world_forget_requests (world);
  g_assert_false (
      lw_code_upload (&ml, folder, NULL, &id, NULL, on_progress, &progress, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (id);
  n_before = lab_world_count (world, "PUT", ".blob.");
  g_assert_cmpuint (n_before, <, 60);
  progress = (Progress){ NULL };
  id = upload_ok (&reused, &progress);
  g_assert_false (reused);
  g_assert_cmpuint (progress.done, ==, lw_code_folder_get_files (folder)->len);
}

/* Sends the code with another SAS, and to another container, than the service said. */
static gboolean
send_with_sas (const char *sas, const char *container, GError **error)
{
  g_autoptr (LwCodeFolder) folder = list_code ();
  g_auto (LwCodeTarget) target = { NULL };
  g_autofree char *name = g_uuid_string_random ();
  char *query;

  lw_code_start (&ml, name, &target, NULL, error);
  g_assert_no_error (*error);
  query = strchr (target.sas_uri, '?');
  g_assert_nonnull (query);
  *query = '\0';
  query = g_strconcat (target.sas_uri, sas, NULL);
  g_free (target.sas_uri);
  target.sas_uri = query;
  if (container != NULL)
    {
      g_free (target.blob_uri);
      target.blob_uri = g_strdup (container);
    }
  lab_world_forget_requests (world);
  return lw_code_send (&ml, folder, name, "src", &target, NULL, NULL, NULL, error);
}

static void
test_sas_over (void)
{
  static const char sas[] = "?sv=2020-12-06&sr=c&sp=rcwl&se=2020-01-01T00%3A00%3A00Z&sig=AAAA";
  g_autoptr (GError) error = NULL;

  g_assert_true (send_with_sas (sas, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (lab_world_count (world, "POST", "/startPendingUpload"), ==, 1);
  /* What was sent before would be missing in another container. */
  g_assert_false (send_with_sas (sas, "https://a.blob.core.windows.net/other", &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_INTERRUPTED);
}

/* ---- Jobs ---- */

static LwJob *
submit (const char *name, const char *command)
{
  g_autofree char *code_id = NULL;
  g_autoptr (GError) error = NULL;
  Progress progress = { NULL };
  LwJobSpec spec = { .display_name = "a job",
                     .experiment_name = "tests",
                     .command = command,
                     .environment = "azureml:AzureML-sklearn-1.5@latest",
                     .compute = "aml-cluster" };
  LwJob *job;

  code_id = upload_ok (NULL, &progress);
  spec.code_id = code_id;
  job = lw_job_put (&ml, name, &spec, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (job->name, ==, name);
  g_assert_cmpstr (job->compute, ==, "aml-cluster");
  return job;
}

static LwJob *
get_job (const char *name)
{
  g_autoptr (GError) error = NULL;
  LwJob *job = lw_job_get (&ml, name, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (job);
  return job;
}

static LwRun *
get_run (const char *name)
{
  g_autoptr (GError) error = NULL;
  LwRun *run = lw_run_get (&ml, workspace->data_host, name, NULL, &error);

  g_assert_no_error (error);
  return run;
}

/* Reads what is new behind @text, as a window that follows the log does. */
static void
read_on (const char *name, GString *text)
{
  g_autoptr (LwRun) run = get_run (name);
  const LwRunLog *log = run != NULL ? lw_run_find_user_log (run) : NULL;
  g_auto (LwBlobRange) range = { 0 };
  g_autoptr (GError) error = NULL;

  if (log == NULL)
    return;
  lw_blob_read_range (ml.arm.azure, log->sas_url, (goffset) text->len, 7, &range, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (range.total, >=, text->len);
  g_string_append_len (text, g_bytes_get_data (range.data, NULL),
                       (gssize) g_bytes_get_size (range.data));
}

static LwJob *
follow (const char *name, GString *text)
{
  gint64 end_us = g_get_monotonic_time () + JOB_DEADLINE_US;
  gsize before;
  LwJob *job = get_job (name);

  while (job->phase == LW_JOB_PHASE_ACTIVE)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end_us);
      read_on (name, text);
      lw_job_free (job);
      job = get_job (name);
    }
  do
    {
      before = text->len;
      read_on (name, text);
    }
  while (text->len > before);
  return job;
}

static void
assert_phase (const LwJob *job, LwJobPhase phase, const GString *log)
{
  g_autoptr (LwRun) run = get_run (job->name);

  if (job->phase != phase)
    g_error ("%s is %s: %s\n%s", job->name, job->status,
             run->error != NULL ? run->error->message : "", log->str);
}

static gboolean
has_artifact (GPtrArray *artifacts, const char *path)
{
  for (guint i = 0; i < artifacts->len; i++)
    if (strcmp (((LwArtifact *) g_ptr_array_index (artifacts, i))->path, path) == 0)
      return TRUE;
  return FALSE;
}

static void
assert_output (const char *job, const char *path, const char *expected)
{
  g_autoptr (GFile) file = g_file_get_child (lab_world_get_folder (world), "downloaded");
  g_autoptr (GError) error = NULL;
  g_autofree char *url
      = lw_run_get_artifact_url (&ml, workspace->data_host, job, path, NULL, &error);
  g_autofree char *text = NULL;
  goffset length = 0;

  g_assert_no_error (error);
  lw_blob_download (ml.arm.azure, url, file, &length, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (length, ==, strlen (expected));
  g_file_load_contents (file, NULL, &text, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_completed (void)
{
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (LwJob) put = NULL;
  g_autoptr (LwJob) same = NULL;
  g_autoptr (LwJob) job = NULL;
  g_autoptr (LwRun) run = NULL;
  g_autoptr (GPtrArray) artifacts = NULL;
  g_autoptr (GPtrArray) outputs = NULL;
  g_autoptr (GPtrArray) metrics = NULL;
  g_autoptr (GPtrArray) jobs = NULL;

  write_code ("train.py", "import os, sys\nos.makedirs('outputs/하위 폴더')\n"
                          "open('outputs/하위 폴더/a 1.txt', 'w').write('out')\n"
                          "print('arguments', sys.argv[1:])\nprint('정확도 0.77')\n");
  put = submit ("completed_job", "python train.py --reg_rate 0.1");
  same = submit ("completed_job", "python train.py --reg_rate 0.1");
  job = follow ("completed_job", log);
  assert_phase (job, LW_JOB_PHASE_COMPLETED, log);
  g_assert_cmpstr (log->str, ==, "arguments ['--reg_rate', '0.1']\n정확도 0.77\n");
  g_assert_nonnull (job->studio_url);
  g_assert_cmpint (job->created_us, >, 0);

  run = get_run ("completed_job");
  g_assert_cmpstr (run->status, ==, "Completed");
  g_assert_null (run->error);
  g_assert_cmpint (run->ended_us, >=, run->started_us);
  g_assert_cmpint (run->started_us, >, 0);
  g_assert_nonnull (run->environment);
  artifacts
      = lw_run_list_artifacts (&ml, workspace->data_host, "completed_job", NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (has_artifact (artifacts, "user_logs/std_log.txt"));
  outputs = lw_run_list_artifacts (&ml, workspace->data_host, "completed_job", "outputs/", NULL,
                                   &error);
  g_assert_no_error (error);
  g_assert_cmpuint (outputs->len, ==, 1);
  assert_output ("completed_job", "outputs/하위 폴더/a 1.txt", "out");
  assert_output ("completed_job", "user_logs/std_log.txt", log->str);
  metrics = lw_run_list_metrics (&ml, workspace->data_host, "completed_job", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (metrics->len, ==, 0);
  jobs = lw_job_list (&ml, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (((LwJob *) g_ptr_array_index (jobs, 0))->name, ==, "completed_job");
}

static void
test_code_of_job (void)
{
  g_autoptr (LwJob) job = get_job ("completed_job");
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (LwCodeFolder) folder = list_code ();
  GPtrArray *files = lw_code_folder_get_files (folder);
  g_auto (LwBlobRange) range = { 0 };

  g_assert_nonnull (job->snapshot_id);
  entries = lw_code_list (&ml, workspace->data_host, job->snapshot_id, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (entries->len, ==, files->len);
  for (guint i = 0; i < entries->len; i++)
    {
      const LwCodeEntry *entry = g_ptr_array_index (entries, i);

      if (strcmp (entry->path, "data/한글 #1?.csv") == 0)
        {
          g_assert_cmpint (entry->size, ==, 4);
          lw_blob_read_range (ml.arm.azure, entry->sas_url, 0, 100, &range, NULL, &error);
          g_assert_no_error (error);
        }
    }
  g_assert_nonnull (range.data);
  g_assert_cmpmem (g_bytes_get_data (range.data, NULL), g_bytes_get_size (range.data), "a,b\n", 4);
}

static void
test_failed (void)
{
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (LwJob) put = NULL;
  g_autoptr (LwJob) job = NULL;
  g_autoptr (LwRun) run = NULL;

  write_code ("broken.py", "import nosuchmodule\n");
  put = submit ("failed_job", "python broken.py");
  job = follow ("failed_job", log);
  assert_phase (job, LW_JOB_PHASE_FAILED, log);
  run = get_run ("failed_job");
  g_assert_error (run->error, LW_AZURE_ERROR, LW_AZURE_ERROR_OPERATION_FAILED);
  g_assert_cmpstr (lw_azure_error_get_code (run->error), ==, "UserError");
  g_assert_nonnull (strstr (log->str, "nosuchmodule"));
}

static void
test_cancel (void)
{
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (LwJob) put = NULL;
  g_autoptr (LwJob) job = NULL;
  g_autoptr (GError) error = NULL;

  write_code ("endless.py", "import time\nprint('on', flush=True)\nwhile True: time.sleep(0.1)\n");
  put = submit ("endless_job", "python endless.py");
  while (log->len < 3)
    read_on ("endless_job", log);
  lw_job_cancel (&ml, "endless_job", DEADLINE_US, NULL, &error);
  g_assert_no_error (error);
  job = follow ("endless_job", log);
  assert_phase (job, LW_JOB_PHASE_CANCELED, log);
  g_assert_cmpstr (log->str, ==, "on\n");
  lw_job_cancel (&ml, "endless_job", DEADLINE_US, NULL, &error);
  g_assert_no_error (error);
}

static void
test_unknown (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) artifacts = NULL;
  LwJobSpec spec = { .code_id = "/nowhere",
                     .command = "true",
                     .environment = "azureml:nosuch@latest",
                     .compute = "no-cluster" };

  g_assert_null (lw_job_get (&ml, "no_job", NULL, &error));
  g_assert_no_error (error);
  g_assert_null (lw_run_get (&ml, workspace->data_host, "no_job", NULL, &error));
  g_assert_no_error (error);
  g_assert_false (lw_job_cancel (&ml, "no_job", DEADLINE_US, NULL, &error));
  g_assert_error (error, LW_AZURE_ERROR, LW_AZURE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (lw_job_put (&ml, "bad_job", &spec, NULL, &error));
  g_assert_true (error->domain == LW_AZURE_ERROR);
  g_clear_error (&error);
  artifacts = lw_run_list_artifacts (&ml, workspace->data_host, "no_job", NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (artifacts->len, ==, 0);
  /* A token goes nowhere but to the cloud. */
  g_assert_null (lw_run_get (&ml, "https://evil.example", "no_job", NULL, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_UNTRUSTED_HOST);
}

int
main (int argc, char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  set_up ();
  g_test_add_func ("/azure-ml/workspace", test_workspace);
  g_test_add_func ("/azure-ml/instance", test_instance);
  g_test_add_func ("/azure-ml/cluster", test_cluster);
  g_test_add_func ("/azure-ml/quota", test_quota);
  g_test_add_func ("/azure-ml/environments", test_environments);
  g_test_add_func ("/azure-ml/code", test_code);
  g_test_add_func ("/azure-ml/code-again", test_code_again);
  g_test_add_func ("/azure-ml/sas-over", test_sas_over);
  g_test_add_func ("/azure-ml/completed", test_completed);
  g_test_add_func ("/azure-ml/code-of-job", test_code_of_job);
  g_test_add_func ("/azure-ml/failed", test_failed);
  g_test_add_func ("/azure-ml/cancel", test_cancel);
  g_test_add_func ("/azure-ml/unknown", test_unknown);
  status = g_test_run ();
  tear_down ();
  return status;
}

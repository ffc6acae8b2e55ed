/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Command jobs: names, the body of the PUT, and what is read of the answers. */

#include <string.h>

#include "lw-error.h"
#include "lw-job-private.h"

static LwJob *
parse (const char *text, const char *tenant_id, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  g_autoptr (LwJsonDocument) document = lw_json_parse (bytes, NULL);

  g_assert_nonnull (document);
  return lw_job_parse (lw_json_document_get_root (document), tenant_id, error);
}

static void
test_names (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < 500; i++)
    {
      char *name = lw_job_make_name ();

      g_assert_true (g_regex_match_simple ("^[a-z]+_[a-z]+_[bcdfghjklmnpqrstvwxyz0123456789]{10}$",
                                           name, 0, 0));
      g_assert_true (g_hash_table_add (seen, name));
    }
}

static void
test_phases (void)
{
  static const char *const active[]
      = { "NotStarted", "Starting",        "Provisioning", "Preparing", "Queued", "Running",
          "Finalizing", "CancelRequested", "Paused",       "Unknown",   "",       "Dancing" };

  for (guint i = 0; i < G_N_ELEMENTS (active); i++)
    g_assert_cmpint (lw_job_phase_from_status (active[i]), ==, LW_JOB_PHASE_ACTIVE);
  g_assert_cmpint (lw_job_phase_from_status ("completed"), ==, LW_JOB_PHASE_COMPLETED);
  g_assert_cmpint (lw_job_phase_from_status ("Failed"), ==, LW_JOB_PHASE_FAILED);
  g_assert_cmpint (lw_job_phase_from_status ("NotResponding"), ==, LW_JOB_PHASE_FAILED);
  g_assert_cmpint (lw_job_phase_from_status ("Canceled"), ==, LW_JOB_PHASE_CANCELED);
}

static void
test_body (void)
{
  const LwMl ml = { { NULL, NULL, "s" }, "rg", "ws" };
  const LwJobSpec spec = {
    .display_name = "diabetes-train-script",
    .experiment_name = "diabetes-training",
    .code_id = "/c/versions/1",
    .command = "python \"a b.py\" --training_data diabetes.csv",
    .environment = "azureml:AzureML-sklearn-1.5@latest",
    .compute = "aml-cluster",
  };
  g_autoptr (GBytes) body = lw_job_build (&ml, &spec);
  g_autoptr (LwJsonDocument) document = lw_json_parse (body, NULL);
  LwJson properties = lw_json_member (lw_json_document_get_root (document), "properties");
  g_autofree char *text = lw_json_print (properties, FALSE);

  g_assert_cmpstr (
      text, ==,
      "{\"jobType\":\"Command\",\"displayName\":\"diabetes-train-script\","
      "\"experimentName\":\"diabetes-training\",\"codeId\":\"/c/versions/1\","
      "\"command\":\"python \\\"a b.py\\\" --training_data diabetes.csv\","
      "\"environmentId\":\"azureml:AzureML-sklearn-1.5@latest\","
      "\"computeId\":\"/subscriptions/s/resourceGroups/rg/providers/"
      "Microsoft.MachineLearningServices/workspaces/ws/computes/aml-cluster\","
      "\"environmentVariables\":{},\"inputs\":{},\"outputs\":{},\"properties\":{},\"tags\":{},"
      "\"isArchived\":false}");
}

static void
test_answer (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LwJob) job = parse (
      "{\"id\":\"/x/jobs/"
      "calm_river_8zj374s222\",\"name\":\"calm_river_8zj374s222\",\"properties\":{"
      "\"description\":null,\"properties\":{\"_azureml.ComputeTargetType\":\"amlctrain\","
      "\"ContentSnapshotId\":\"guid\"},\"displayName\":\"diabetes-train-script\","
      "\"status\":\"Starting\",\"experimentName\":\"diabetes-training\",\"services\":{"
      "\"Tracking\":{\"endpoint\":\"azureml://x\"},\"Studio\":{\"endpoint\":"
      "\"https://ml.azure.com/runs/j?wsid=/subscriptions/s\"}},"
      "\"computeId\":\"/x/computes/aml-cluster\",\"jobType\":\"Command\",\"codeId\":\"/c/versions/"
      "1\","
      "\"command\":\"python a.py\",\"environmentId\":\"azureml:e@latest\"},"
      "\"systemData\":{\"createdAt\":\"2024-01-01T00:00:00.5Z\",\"createdBy\":\"First Last\"}}",
      "t/1", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (job->name, ==, "calm_river_8zj374s222");
  g_assert_cmpstr (job->type, ==, "Command");
  g_assert_cmpstr (job->status, ==, "Starting");
  g_assert_cmpint (job->phase, ==, LW_JOB_PHASE_ACTIVE);
  g_assert_cmpstr (job->compute, ==, "aml-cluster");
  g_assert_cmpstr (job->code_id, ==, "/c/versions/1");
  g_assert_cmpstr (job->command, ==, "python a.py");
  g_assert_cmpstr (job->environment, ==, "azureml:e@latest");
  g_assert_cmpstr (job->snapshot_id, ==, "guid");
  g_assert_cmpstr (job->created_by, ==, "First Last");
  g_assert_cmpint (job->created_us, ==, 1704067200500000);
  g_assert_cmpstr (job->studio_url, ==,
                   "https://ml.azure.com/runs/j?wsid=/subscriptions/s&tid=t%2F1");
}

/* Pipelines and the like have other members; a name and properties are all that is asked for. */
static void
test_bare_answer (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LwJob) job
      = parse ("{\"name\":\"j\",\"properties\":{\"computeId\":null}}", NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (job->display_name, ==, "j");
  g_assert_cmpstr (job->status, ==, "Unknown");
  g_assert_null (job->compute);
  g_assert_null (job->studio_url);
  g_assert_cmpint (job->created_us, ==, 0);
  g_assert_null (parse ("{\"properties\":{}}", NULL, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_MALFORMED);
  g_clear_error (&error);
  g_assert_null (parse ("{\"name\":\"j\",\"properties\":[]}", NULL, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_MALFORMED);
}

/* A link that is put before a person. */
static void
test_studio_links (void)
{
  static const struct
  {
    const char *endpoint;
    const char *expected;
  } table[] = {
    { "https://ml.azure.com/runs/j?wsid=x", "https://ml.azure.com/runs/j?wsid=x&tid=t" },
    { "https://ml.azure.com/runs/j", "https://ml.azure.com/runs/j" },
    { "http://127.0.0.1:4711/runs/j?wsid=x", "http://127.0.0.1:4711/runs/j?wsid=x" },
    { "http://ml.azure.com/runs/j", NULL },
    { "http://127.0.0.1.evil.example/", NULL },
    { "file:///etc/passwd", NULL },
    { "javascript:alert(1)", NULL },
    { "nonsense", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autofree char *text = g_strdup_printf (
          "{\"name\":\"j\",\"properties\":{\"services\":{\"Studio\":{\"endpoint\":\"%s\"}}}}",
          table[i].endpoint);
      g_autoptr (GError) error = NULL;
      g_autoptr (LwJob) job = parse (text, "t", &error);

      g_assert_no_error (error);
      g_assert_cmpstr (job->studio_url, ==, table[i].expected);
    }
}

/* Names that could be another path are refused before anything is sent: there is no server here. */
static void
test_bad_names (void)
{
  static const char *const bad[] = { "", "..", "a/b", "a?b", "-a", "_a", "한", "a b", "a%2e" };
  const LwMl ml = { { NULL, NULL, "s" }, "rg", "ws" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (lw_job_get (&ml, bad[i], NULL, &error));
      g_assert_error (error, LW_ERROR, LW_ERROR_MALFORMED);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/job/names", test_names);
  g_test_add_func ("/job/phases", test_phases);
  g_test_add_func ("/job/body", test_body);
  g_test_add_func ("/job/answer", test_answer);
  g_test_add_func ("/job/bare-answer", test_bare_answer);
  g_test_add_func ("/job/studio-links", test_studio_links);
  g_test_add_func ("/job/bad-names", test_bad_names);
  return g_test_run ();
}

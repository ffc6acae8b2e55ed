/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is read of run history, metrics and a job's code. */

#include <string.h>

#include "lw-code-private.h"
#include "lw-error.h"
#include "lw-run-private.h"

static LwJsonDocument *
parse (const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  LwJsonDocument *document = lw_json_parse (bytes, NULL);

  g_assert_nonnull (document);
  return document;
}

static LwRun *
parse_run (const char *details, const char *data, GError **error)
{
  g_autoptr (LwJsonDocument) first = parse (details);
  g_autoptr (LwJsonDocument) second = data != NULL ? parse (data) : NULL;

  return lw_run_parse (lw_json_document_get_root (first),
                       second != NULL ? lw_json_document_get_root (second) : LW_JSON_ABSENT, error);
}

/* Waiting for a node. */
static void
test_queued (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LwRun) run = parse_run (
      "{\"runId\":\"j\",\"status\":\"Queued\",\"createdTimeUtc\":\"2024-01-01T00:00:00+00:00\","
      "\"startTimeUtc\":null,\"error\":null,\"warnings\":null,\"logFiles\":{}}",
      "{\"runMetadata\":{\"queueingInfo\":{\"code\":\"Scaling\",\"message\":\"Waiting for a "
      "node\"},"
      "\"tags\":{\"_aml_system_ComputeTargetStatus\":\"{\\\"AllocationState\\\":\\\"resizing\\\","
      "\\\"PreparingNodeCount\\\":1,\\\"RunningNodeCount\\\":0,\\\"CurrentNodeCount\\\":0}\"},"
      "\"properties\":{\"ContentSnapshotId\":\"guid\"}},"
      "\"runDefinition\":{\"environment\":{\"name\":\"AzureML-sklearn-1.5\",\"version\":\"35\"}}}",
      &error);

  g_assert_no_error (error);
  g_assert_cmpstr (run->status, ==, "Queued");
  g_assert_cmpint (run->created_us, ==, 1704067200000000);
  g_assert_cmpint (run->started_us, ==, 0);
  g_assert_cmpstr (run->queue_code, ==, "Scaling");
  g_assert_cmpstr (run->queue_message, ==, "Waiting for a node");
  g_assert_cmpstr (run->cluster_status, ==, "resizing");
  g_assert_cmpint (run->nodes, ==, 0);
  g_assert_cmpint (run->preparing_nodes, ==, 1);
  g_assert_cmpint (run->running_nodes, ==, 0);
  g_assert_cmpstr (run->environment, ==, "AzureML-sklearn-1.5");
  g_assert_cmpstr (run->environment_version, ==, "35");
  g_assert_cmpstr (run->snapshot_id, ==, "guid");
  g_assert_null (run->error);
  g_assert_cmpuint (run->logs->len, ==, 0);
  g_assert_null (lw_run_find_user_log (run));
}

static void
test_failed (void)
{
  static const char failure[]
      = "{\"runId\":\"j\",\"status\":\"Failed\",\"endTimeUtc\":\"2024-01-01T00:01:00+00:00\","
        "\"warnings\":[{\"source\":\"s\",\"message\":\"w\"},{\"message\":\"w\"},{}],"
        "\"error\":{\"error\":{\"code\":\"UserError\",\"message\":\"exit code 1\","
        "\"innerError\":{\"code\":\"NonZeroExitCode\",\"innerError\":null}},"
        "\"correlation\":{\"operation\":\"o\"},\"componentName\":\"Execution\"}}";
  g_autoptr (GError) error = NULL;
  g_autoptr (LwRun) run = parse_run (failure, NULL, &error);

  g_assert_no_error (error);
  g_assert_error (run->error, LW_AZURE_ERROR, LW_AZURE_ERROR_OPERATION_FAILED);
  g_assert_cmpstr (lw_azure_error_get_code (run->error), ==, "UserError");
  g_assert_cmpstr (lw_azure_error_get_inner_code (run->error), ==, "NonZeroExitCode");
  g_assert_nonnull (strstr (run->error->message, "exit code 1"));
  g_assert_cmpuint (run->warnings->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (run->warnings, 0), ==, "w");
  g_assert_cmpint (run->ended_us, ==, 1704067260000000);
  g_assert_cmpint (run->nodes, ==, -1);
  g_assert_null (run->queue_code);
}

static void
test_logs (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LwRun) run = parse_run (
      "{\"runId\":\"j\",\"status\":\"Running\",\"logFiles\":{\"user_logs/std_log.txt\":\"https://"
      "u\","
      "\"system_logs/lifecycler/lifecycler.log\":\"https://l\",\"../evil\":\"https://e\","
      "\"/abs\":\"https://a\",\"none\":null}}",
      NULL, &error);
  g_autoptr (LwRun) nodes = NULL;
  g_autoptr (LwRun) old = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (run->logs->len, ==, 2);
  g_assert_cmpstr (((LwRunLog *) g_ptr_array_index (run->logs, 0))->path, ==,
                   "system_logs/lifecycler/lifecycler.log");
  g_assert_cmpstr (lw_run_find_user_log (run)->sas_url, ==, "https://u");
  g_assert_cmpstr (lw_run_find_log (run, "user_logs/std_log.txt")->sas_url, ==, "https://u");
  g_assert_null (lw_run_find_log (run, "none"));
  nodes = parse_run ("{\"runId\":\"j\",\"status\":\"Running\",\"logFiles\":{"
                     "\"user_logs/std_log_process_01.txt\":\"https://1\","
                     "\"user_logs/std_log_process_00.txt\":\"https://0\"}}",
                     NULL, &error);
  g_assert_cmpstr (lw_run_find_user_log (nodes)->sas_url, ==, "https://0");
  old = parse_run ("{\"runId\":\"j\",\"status\":\"Running\",\"logFiles\":{"
                   "\"azureml-logs/20_image_build_log.txt\":\"https://2\","
                   "\"azureml-logs/70_driver_log.txt\":\"https://7\"}}",
                   NULL, &error);
  g_assert_cmpstr (lw_run_find_user_log (old)->sas_url, ==, "https://7");
}

static void
test_broken (void)
{
  static const char *const broken[]
      = { "{}", "[]", "{\"runId\":\"j\"}", "{\"status\":\"Running\"}" };
  static const char odd[]
      = "{\"runId\":\"j\",\"status\":\"X\",\"logFiles\":[],\"error\":\"text\",\"warnings\":{}}";

  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (parse_run (broken[i], NULL, &error));
      g_assert_error (error, LW_ERROR, LW_ERROR_MALFORMED);
    }
  lw_run_free (parse_run (odd,
                          "{\"runMetadata\":{\"tags\":{\"_aml_system_ComputeTargetStatus\":"
                          "\"{\"}}}",
                          NULL));
}

static void
test_safe_paths (void)
{
  static const char *const safe[] = { "a", "a/b.txt", "..a", "한/글", ".a", "a\\b" };
  static const char *const unsafe[] = { "", "/", "/a", "a/", "a//b", ".", "..", "a/../b", "./a" };

  for (guint i = 0; i < G_N_ELEMENTS (safe); i++)
    g_assert_true (lw_run_is_safe_path (safe[i]));
  for (guint i = 0; i < G_N_ELEMENTS (unsafe); i++)
    g_assert_false (lw_run_is_safe_path (unsafe[i]));
}

static void
assert_metric (const char *text, const char *name, double value, gint64 step)
{
  g_autoptr (LwJsonDocument) document = parse (text);
  LwMetric *metric = lw_metric_parse (lw_json_document_get_root (document));

  if (name == NULL)
    {
      g_assert_null (metric);
      return;
    }
  g_assert_cmpstr (metric->name, ==, name);
  g_assert_cmpfloat (metric->value, ==, value);
  g_assert_cmpint (metric->step, ==, step);
  lw_metric_free (metric);
}

static void
test_metrics (void)
{
  assert_metric ("{\"name\":\"auc\",\"columns\":{\"auc\":\"Double\"},\"value\":[{\"step\":0,"
                 "\"data\":{\"auc\":0.5}},{\"step\":3,\"data\":{\"auc\":0.85}}]}",
                 "auc", 0.85, 3);
  assert_metric ("{\"name\":\"auc\",\"value\":[{\"data\":{\"value\":1}}]}", "auc", 1, 0);
  assert_metric ("{\"name\":\"roc\",\"value\":[{\"data\":{\"roc\":\"aml://artifact\"}}]}", NULL, 0,
                 0);
  assert_metric ("{\"name\":\"t\",\"value\":[{\"data\":{\"x\":1,\"y\":2}}]}", NULL, 0, 0);
  assert_metric ("{\"name\":\"none\",\"value\":[]}", NULL, 0, 0);
  assert_metric ("{\"value\":[{\"data\":{\"x\":1}}]}", NULL, 0, 0);
}

/* ---- Code ---- */

static void
test_code_tree (void)
{
  g_autoptr (LwJsonDocument) document
      = parse ("{\"name\":\"\",\"type\":\"Directory\",\"children\":{"
               "\"train.py\":{\"type\":\"File\",\"sasUrl\":\"https://"
               "t\",\"sizeBytes\":2681,\"children\":{}},"
               "\"data\":{\"type\":\"Directory\",\"children\":{"
               "\"b.csv\":{\"type\":\"File\",\"absoluteUrl\":\"https://"
               "b\",\"sasUrl\":null,\"sizeBytes\":-1},"
               "\"..\":{\"type\":\"File\",\"sasUrl\":\"https://e\"}}},"
               "\"a/../../c\":{\"type\":\"File\",\"sasUrl\":\"https://e\"}}}");
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries
      = lw_code_entries_parse (lw_json_document_get_root (document), &error);
  const LwCodeEntry *first, *second;

  g_assert_no_error (error);
  g_assert_cmpuint (entries->len, ==, 2);
  first = g_ptr_array_index (entries, 0);
  second = g_ptr_array_index (entries, 1);
  g_assert_cmpstr (first->path, ==, "data/b.csv");
  g_assert_cmpstr (first->sas_url, ==, "https://b");
  g_assert_cmpint (first->size, ==, 0);
  g_assert_cmpstr (second->path, ==, "train.py");
  g_assert_cmpint (second->size, ==, 2681);
}

static void
test_code_target (void)
{
  g_autoptr (LwJsonDocument) document = parse (
      "{\"pendingUploadId\":null,\"pendingUploadType\":\"None\",\"blobReferenceForConsumption\":{"
      "\"blobUri\":\"https://a.blob.core.windows.net:443/c\",\"credential\":{"
      "\"credentialType\":\"SAS\",\"sasUri\":\"https://a.blob.core.windows.net/c?sig=x\"}}}");
  g_autoptr (LwJsonDocument) broken = parse ("{\"blobReferenceForConsumption\":{\"blobUri\":\"x\","
                                             "\"credential\":{\"credentialType\":\"None\"}}}");
  g_auto (LwCodeTarget) target = { NULL };
  g_autoptr (GError) error = NULL;

  g_assert_true (lw_code_target_parse (lw_json_document_get_root (document), &target, &error));
  g_assert_cmpstr (target.blob_uri, ==, "https://a.blob.core.windows.net:443/c");
  g_assert_cmpstr (target.sas_uri, ==, "https://a.blob.core.windows.net/c?sig=x");
  lw_code_target_clear (&target);
  g_assert_false (lw_code_target_parse (lw_json_document_get_root (broken), &target, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_MALFORMED);
}

static void
test_code_names (void)
{
  static const struct
  {
    const char *folder;
    const char *base;
  } table[] = {
    { "/x/src", "src" },     { "/x/my-code_1.0", "my-code_1.0" },
    { "/x/내 코드", "src" }, { "/x/a b", "src" },
    { "/x/.hidden", "src" }, { "/", "src" },
  };
  g_autofree char *name
      = lw_code_make_name ("8d5e615cb823080560cb533d84a992dfec8d8f290c55ef836f4a60eabe1314b8");

  g_assert_cmpstr (name, ==, "8d5e615c-b823-8805-a0cb-533d84a992df");
  g_assert_true (g_uuid_string_is_valid (name));
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (GFile) folder = g_file_new_for_path (table[i].folder);
      g_autofree char *base = lw_code_dup_base (folder);

      g_assert_cmpstr (base, ==, table[i].base);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/run/queued", test_queued);
  g_test_add_func ("/run/failed", test_failed);
  g_test_add_func ("/run/logs", test_logs);
  g_test_add_func ("/run/broken", test_broken);
  g_test_add_func ("/run/safe-paths", test_safe_paths);
  g_test_add_func ("/run/metrics", test_metrics);
  g_test_add_func ("/run/code-tree", test_code_tree);
  g_test_add_func ("/run/code-target", test_code_target);
  g_test_add_func ("/run/code-names", test_code_names);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lw-lab.h"

#include <glib/gstdio.h>
#include <string.h>

#include "lw-error.h"

static char *
get_lab_path (void)
{
  return g_build_filename (g_getenv ("LW_TEST_SOURCE_ROOT"), "data", "labs", "dp100-08.json", NULL);
}

static LwLab *
load_lab (void)
{
  g_autofree char *path = get_lab_path ();
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  LwLab *lab = lw_lab_load (file, &error);

  g_assert_no_error (error);
  return lab;
}

/* The lab's file with one piece of text replaced, loaded. */
static LwLab *
load_changed (const char *old, const char *new, GError **error)
{
  g_autofree char *path = get_lab_path ();
  g_autofree char *folder = g_dir_make_tmp ("lw-lab-XXXXXX", NULL);
  g_autofree char *copy = g_build_filename (folder, "dp100-08.json", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (copy);
  g_autofree char *content = NULL;
  g_autoptr (GString) text = NULL;
  LwLab *lab;

  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  text = g_string_new (content);
  g_assert_cmpuint (g_string_replace (text, old, new, 1), ==, 1);
  g_assert_true (g_file_set_contents (copy, text->str, -1, NULL));
  lab = lw_lab_load (file, error);
  g_assert_true (g_file_delete (file, NULL, NULL));
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  return lab;
}

static void
test_values (void)
{
  g_autoptr (LwLab) lab = load_lab ();

  g_assert_cmpstr (lw_lab_get_id (lab), ==, "dp100-08");
  g_assert_cmpstr (lw_lab_get_title (lab, "en_US.UTF-8"), ==,
                   "Run a training script as a command job");
  g_assert_cmpstr (lw_lab_get_title (lab, "ko_KR.UTF-8"), !=, lw_lab_get_title (lab, NULL));
  g_assert_cmpstr (lw_lab_get_title (lab, "fi"), ==, lw_lab_get_title (lab, "en"));
  g_assert_cmpint (lw_lab_get_minutes (lab, LW_STEP_PROVISION), >, 0);
  g_assert_cmpstr (lw_lab_get_group_prefix (lab), ==, "rg-dp100-l");
  g_assert_cmpint (lw_lab_get_max_nodes (lab), ==, 2);
  g_assert_cmpint (lw_lab_get_fewest_nodes (lab), ==, 1);
  g_assert_cmpint (lw_lab_get_idle_minutes (lab), ==, 30);
  g_assert_cmpstr (lw_lab_get_vm_sizes (lab)[0], ==, "Standard_DS11_v2");
  g_assert_cmpstr (lw_lab_get_environments (lab)[0], ==, "azureml:AzureML-sklearn-1.5:35");
  g_assert_cmpstr (lw_lab_get_environments (lab)[1], ==, "azureml:AzureML-sklearn-1.5@latest");
  g_assert_cmpstr (lw_lab_get_arguments (lab)[0], ==, "--training_data");
  g_assert_cmpstr (lw_lab_get_arguments (lab)[1], ==, "diabetes.csv");
  g_assert_cmpstr (lw_lab_get_log (lab), ==, "user_logs/std_log.txt");
  g_assert_cmpstr (lw_lab_get_script (lab), ==, "src/train-model-parameters.py");
  g_assert_true (g_strv_contains (lw_lab_get_paths (lab), lw_lab_get_notebook (lab)));
  g_assert_true (g_strv_contains (lw_lab_get_modules (lab), "pandas"));
}

static void
test_names (void)
{
  static const struct
  {
    const char *what;
    const char *name;
    gsize limit;
  } cases[] = {
    { "group", "rg-dp100-l0123456789abcdef01", 90 },
    { "workspace", "mlw-dp100-l0123456789abcdef01", 33 },
    { "storage", "st0123456789abcdef01", 24 },
    { "vault", "kv0123456789abcdef01", 24 },
    { "insights", "appi-dp100-l0123456789abcdef01", 255 },
    { "logs", "log-dp100-l0123456789abcdef01", 63 },
    { "instance", "ci0123456789abcdef01", 24 },
    { "cluster", "aml-cluster", 16 },
  };
  g_autoptr (LwLab) lab = load_lab ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = lw_lab_dup_name (lab, cases[i].what, "0123456789abcdef01");
      g_autofree char *cut = lw_lab_dup_name (
        lab, cases[i].what, "0123456789012345678901234567890123456789012345678901234567890123456789"
                            "012345678901234567890123456789");

      g_assert_cmpstr (name, ==, cases[i].name);
      g_assert_cmpuint (strlen (cut), <=, cases[i].limit);
    }
}

static void
test_regions (void)
{
  g_autoptr (LwLab) lab = load_lab ();
  const char *const *korean = lw_lab_get_regions (lab, "ko");
  const char *const *file_order = lw_lab_get_regions (lab, NULL);

  g_assert_cmpstr (korean[0], ==, "koreacentral");
  g_assert_true (g_str_equal (korean[1], "japanwest") || g_str_equal (korean[1], "japaneast"));
  g_assert_cmpstr (lw_lab_get_regions (lab, "ko-KR")[0], ==, "koreacentral");
  g_assert_cmpstr (lw_lab_get_regions (lab, "en_KR.UTF-8")[0], ==, "koreacentral");
  g_assert_cmpstr (lw_lab_get_regions (lab, "de_AT")[0], ==, "germanywestcentral");
  g_assert_cmpstr (lw_lab_get_regions (lab, "en_GB")[0], ==, "uksouth");
  g_assert_cmpstr (file_order[0], ==, "eastus");
  g_assert_cmpstr (lw_lab_get_regions (lab, "xx")[0], ==, "eastus");
  g_assert_cmpuint (g_strv_length ((char **) korean), ==, g_strv_length ((char **) file_order));
}

static void
test_errors (void)
{
  static const struct
  {
    const char *old;
    const char *new;
    int code;
    const char *says; /* (nullable): a piece of the message */
  } cases[] = {
    { "\"format\": 1", "\"format\": 2", LW_ERROR_NEWER_VERSION, NULL },
    { "\"format\": 1", "\"format\": \"x\"", LW_ERROR_MALFORMED, "format" },
    { "\"names\"", "\"nomes\"", LW_ERROR_MALFORMED, "names" },
    { "st{suffix}", "a-very-long-name-indeed{suffix}", LW_ERROR_MALFORMED, "storage_account" },
    { "kv{suffix}", "kv", LW_ERROR_MALFORMED, "key_vault" },
    { "\"kind\": \"job\"", "\"kind\": \"dance\"", LW_ERROR_MALFORMED, "steps[3].kind" },
    { "\"folder\": \"dp100-08\"", "\"folder\": \"../x\"", LW_ERROR_MALFORMED, "material.folder" },
    { "\"path\": \"src/diabetes.csv\"", "\"path\": \"/etc/passwd\"", LW_ERROR_MALFORMED, "path" },
    { "\"fewest_max_nodes\": 1", "\"fewest_max_nodes\": 9", LW_ERROR_MALFORMED,
      "fewest_max_nodes" },
    { "\"idle_shutdown_minutes\": 30", "\"idle_shutdown_minutes\": 3", LW_ERROR_MALFORMED, "idle" },
    { "\"label\": \"latest\"", "\"label\": 5", LW_ERROR_MALFORMED, "environments[1]" },
    { "{", "[", LW_ERROR_MALFORMED, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (load_changed (cases[i].old, cases[i].new, &error));
      g_assert_error (error, LW_ERROR, cases[i].code);
      if (cases[i].says != NULL)
        g_assert_nonnull (strstr (error->message, cases[i].says));
    }
}

static void
test_missing_file (void)
{
  g_autoptr (GFile) file = g_file_new_for_path ("/nonexistent/lab.json");
  g_autoptr (GError) error = NULL;

  g_assert_null (lw_lab_load (file, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_NOT_FOUND);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab/values", test_values);
  g_test_add_func ("/lab/names", test_names);
  g_test_add_func ("/lab/regions", test_regions);
  g_test_add_func ("/lab/errors", test_errors);
  g_test_add_func ("/lab/missing-file", test_missing_file);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The lab's material itself, run with a real Python: what a person will do in step 3. */

#include <math.h>

#include "judge.h"
#include "lw-lab-files.h"
#include "lw-script-edit.h"
#include "lw-script-result.h"

#define LABS "data/labs"
#define SCRIPT "train-model-parameters.py"

static const char *const paths[] = {
  "src/Train classification model.ipynb", "src/train-classification-model.py", "src/" SCRIPT,
  "src/diabetes.csv", "src/.amlignore", NULL,
};
static const char *const modules[] = { "pandas", "numpy", "sklearn", "matplotlib", NULL };

static char *
dup_source (const char *path)
{
  return g_build_filename (g_getenv ("LW_TEST_SOURCE_ROOT"), LABS, path, NULL);
}

static LwScriptRunResult *
run (const LwPython *python, const char *folder, const char *script, const char *const *arguments)
{
  g_autoptr (LwClock) clock = lw_clock_new_system ();
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  LwScriptRunOptions options = { .directory = folder };
  LwScriptRunResult *result;

  g_ptr_array_add (argv, python->path);
  g_ptr_array_add (argv, (gpointer) script);
  for (gsize i = 0; arguments != NULL && arguments[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer) arguments[i]);
  g_ptr_array_add (argv, NULL);
  options.argv = (const char *const *) argv->pdata;
  result = lw_script_run (&options, clock, NULL, &error);
  g_assert_no_error (error);
  return result;
}

static const char *const with_data[] = { "--training_data", "diabetes.csv", NULL };
static const char *const with_rate[] = { "--training_data", "diabetes.csv", "--reg_rate", "0.1",
                                         NULL };

/* The script with its arguments. Returns: the AUC */
static double
run_with_arguments (const LwPython *python, const char *folder)
{
  g_autofree char *picture = g_build_filename (folder, "outputs", "roc-curve.png", NULL);
  g_autoptr (LwScriptRunResult) ran = run (python, folder, SCRIPT, with_data);
  g_autoptr (LwScriptResult) result = lw_script_result_read (ran->output);
  g_autoptr (LwScriptRunResult) other_ran = run (python, folder, SCRIPT, with_rate);
  g_autoptr (LwScriptResult) other = lw_script_result_read (other_ran->output);

  g_test_message ("%s", ran->output);
  g_assert_cmpint (ran->exit_status, ==, 0);
  g_assert_cmpfloat_with_epsilon (result->auc, 0.85, 0.01);
  g_assert_cmpfloat_with_epsilon (result->accuracy, 0.79, 0.02);
  g_assert_nonnull (strstr (ran->output, "Reading data...\nSplitting data...\nTraining model...\n"));
  g_assert_true (g_file_test (picture, G_FILE_TEST_IS_REGULAR));
  g_assert_cmpint (other_ran->exit_status, ==, 0);
  g_assert_cmpfloat (fabs (result->auc - other->auc), >, 0);
  return result->auc;
}

/* Without arguments it fails in pandas, and the line to look at is its own. */
static void
run_without_arguments (const LwPython *python, const char *folder)
{
  g_autoptr (LwScriptRunResult) ran = run (python, folder, SCRIPT, NULL);
  g_autoptr (LwScriptResult) result = lw_script_result_read (ran->output);
  const LwScriptFrame *frame = lw_script_result_get_frame_in (result, folder);

  g_assert_cmpint (ran->exit_status, ==, 1);
  g_assert_cmpint (result->failure, ==, LW_SCRIPT_FAILURE_NO_PATH);
  g_assert_cmpstr (result->last_line, ==, "Reading data...");
  g_assert_cmpstr (frame->function, ==, "get_data");
}

static void
run_broken (const LwPython *python, const char *folder)
{
  g_autofree char *script = g_build_filename (folder, SCRIPT, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = lw_lab_files_read (script, &error);
  g_autofree char *broken = lw_script_edit_remove_line (text, "import pandas as pd");
  g_autoptr (LwScriptRunResult) ran = NULL;
  g_autoptr (LwScriptResult) result = NULL;

  g_assert_no_error (error);
  g_assert_true (lw_lab_files_save (script, broken, &error));
  ran = run (python, folder, SCRIPT, with_data);
  result = lw_script_result_read (ran->output);
  g_assert_cmpint (ran->exit_status, ==, 1);
  g_assert_cmpint (result->failure, ==, LW_SCRIPT_FAILURE_NAME);
  g_assert_true (g_str_has_prefix (result->message, "name 'pd' is not defined"));
}

/* Scripts as the lab has them: with arguments, without, broken; and the converted one. */
static void
test_scripts (void)
{
  g_autoptr (LwPython) python = judge_find (modules, "3.");
  g_autofree char *source = dup_source ("dp100-08");
  g_autofree char *target = NULL;
  g_autofree char *folder = NULL;
  g_autoptr (GPtrArray) files = NULL;
  g_autoptr (LwScriptRunResult) ran = NULL;
  g_autoptr (LwScriptResult) result = NULL;
  g_autoptr (GError) error = NULL;
  double auc;

  if (python == NULL)
    return;
  target = judge_make_folder ();
  folder = g_build_filename (target, "src", NULL);
  files = lw_lab_files_copy (source, target, paths, NULL, NULL, &error);
  g_assert_no_error (error);

  auc = run_with_arguments (python, folder);
  run_without_arguments (python, folder);
  run_broken (python, folder);
  ran = run (python, folder, "train-classification-model.py", NULL);
  result = lw_script_result_read (ran->output);
  g_assert_cmpint (ran->exit_status, ==, 0);
  g_assert_cmpfloat_with_epsilon (result->auc, auc, 1e-12);
  judge_remove_folder (target);
}

/* The committed data is what its generator makes. */
static void
test_generated (void)
{
  static const char *const numpy[] = { "numpy", NULL };
  g_autoptr (LwPython) python = judge_find (numpy, "3.");
  g_autofree char *generator = dup_source ("dp100-08/generate-diabetes.py");
  g_autofree char *path = dup_source ("dp100-08/src/diabetes.csv");
  g_autofree char *committed = NULL;
  g_autoptr (LwScriptRunResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  if (python == NULL)
    return;
  {
    const char *argv[] = { python->path, generator, NULL };

    result = judge_run ("/", argv);
  }
  g_file_get_contents (path, &committed, &length, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (result->output, strlen (result->output), committed, length);
}

static void
test_schema (void)
{
  static const char *const jsonschema[] = { "jsonschema", NULL };
  g_autoptr (LwPython) python = judge_find (jsonschema, "3.");
  g_autofree char *lab = dup_source ("dp100-08.json");
  g_autofree char *schema = dup_source ("lab.schema.json");
  g_autoptr (LwScriptRunResult) result = NULL;

  if (python == NULL)
    return;
  {
    const char *argv[] = {
      python->path, "-c",
      "import copy, json, sys, jsonschema\n"
      "lab, schema = (json.load(open(p, encoding='utf-8')) for p in sys.argv[1:])\n"
      "jsonschema.Draft7Validator.check_schema(schema)\n"
      "judge = jsonschema.Draft7Validator(schema)\n"
      "judge.validate(lab)\n"
      "for name in schema['required']:\n"
      "    less = copy.deepcopy(lab)\n"
      "    del less[name]\n"
      "    assert not judge.is_valid(less), name\n"
      "for path in ('/etc/passwd', '../x', 'a/../b', ''):\n"
      "    lab['material']['files'][0]['path'] = path\n"
      "    assert not judge.is_valid(lab), path\n",
      lab, schema, NULL,
    };

    result = judge_run ("/", argv);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab-material/scripts", test_scripts);
  g_test_add_func ("/lab-material/generated", test_generated);
  g_test_add_func ("/lab-material/schema", test_schema);
  return g_test_run ();
}

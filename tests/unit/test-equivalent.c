/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What other tools would say is given to a real shell and a real Python: names full of their
 * special characters have to come out as they went in. */

#include "lw-equivalent.h"

#include <string.h>

#define NASTY "it's; $(touch x) `y` \"z\" \\ & | <>\n* 한글 #"

/* A shell in which `az` prints its arguments, one a line, instead of doing anything. */
#define FAKE_AZ "az() { for a in \"$@\"; do printf '[%s]\\n' \"$a\"; done; }\n"

/* Prints every string of a program as JSON, one a line, after parsing it. */
#define PRINT_STRINGS                                                                              \
  "import ast, json, sys\n"                                                                        \
  "for node in ast.walk(ast.parse(sys.stdin.read())):\n"                                           \
  "    if isinstance(node, ast.Constant) and isinstance(node.value, str):\n"                       \
  "        sys.stdout.buffer.write(('[' + node.value + ']\\n').encode())\n"

static char *
run (const char *const *argv, const char *input)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = g_subprocess_newv (
    argv, G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  char *output = NULL;

  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, input, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_successful (process));
  return output;
}

static char *
run_az (const LwEquivalent *equivalent)
{
  const char *const argv[] = { "sh", "-eu", "-s", NULL };
  g_autofree char *script = g_strconcat (FAKE_AZ, equivalent->az, NULL);

  return run (argv, script);
}

static char *
run_python (const LwEquivalent *equivalent)
{
  const char *const argv[] = { "python3", "-c", PRINT_STRINGS, NULL };

  return run (argv, equivalent->python);
}

static void
assert_says (const char *output, const char *word)
{
  g_autofree char *line = g_strconcat ("[", word, "]\n", NULL);

  if (strstr (output, line) == NULL)
    g_error ("%s is not in:\n%s", line, output);
}

static void
assert_both_say (const LwEquivalent *equivalent, const char *const *words)
{
  g_autofree char *az = run_az (equivalent);
  g_autofree char *python = run_python (equivalent);

  for (; *words != NULL; words++)
    {
      assert_says (az, *words);
      assert_says (python, *words);
    }
}

static void
test_sign_in (void)
{
  static const char *const words[] = { NASTY, "s-" NASTY, NULL };
  g_auto (LwEquivalent) equivalent = { NULL };

  lw_equivalent_sign_in (NASTY, "s-" NASTY, &equivalent);
  assert_both_say (&equivalent, words);
}

static GPtrArray *
make_items (void)
{
  GPtrArray *items = g_ptr_array_new_with_free_func ((GDestroyNotify) lw_plan_item_free);

  for (guint kind = 0; kind < LW_N_PLAN_ITEMS; kind++)
    {
      LwPlanItem *item = g_new0 (LwPlanItem, 1);

      item->kind = kind;
      item->name = g_strconcat (lw_plan_kind_get_id (kind), NASTY, NULL);
      item->id = g_strconcat ("/ids/", lw_plan_kind_get_id (kind), NASTY, NULL);
      g_ptr_array_add (items, item);
    }
  return items;
}

static void
test_plan (void)
{
  static const char *const words[]
    = { "workspace" NASTY,   "instance" NASTY,      "cluster" NASTY,     "/ids/storage" NASTY,
        "/ids/vault" NASTY,  "/ids/insights" NASTY, "Standard_DS11_v2",  "koreacentral",
        NULL };
  g_autoptr (GPtrArray) items = make_items ();
  g_auto (LwEquivalent) equivalent = { NULL };
  g_autofree char *az = NULL;

  lw_equivalent_plan ("sub", "koreacentral", "Standard_DS11_v2", 2, 30, items, &equivalent);
  assert_both_say (&equivalent, words);
  az = run_az (&equivalent);
  assert_says (az, "storage" NASTY);
  assert_says (az, "logs" NASTY);
  assert_says (az, "idle_time_before_shutdown_minutes=30");
  g_assert_nonnull (strstr (equivalent.python, "idle_time_before_shutdown_minutes=30"));
}

static const LwMl ml = { { NULL, "tenant", "sub" }, "group" NASTY, "ws" NASTY };

static void
test_job (void)
{
  static const char *const words[] = { "group" NASTY, "ws" NASTY, "job" NASTY, NULL };
  static const char *const in_file[]
    = { NASTY "/src", "python x.py --a \"b\"", "aml-cluster", NASTY "shown", NULL };
  LwJobSpec spec = { .display_name = NASTY "shown",
                     .experiment_name = "EOF",
                     .command = "python x.py --a \"b\"",
                     .environment = "azureml:AzureML-sklearn-1.5@latest",
                     .compute = "aml-cluster" };
  g_auto (LwEquivalent) equivalent = { NULL };
  g_autofree char *python = NULL;

  lw_equivalent_job (&ml, "job" NASTY, NASTY "/src", &spec, &equivalent);
  assert_both_say (&equivalent, words);
  python = run_python (&equivalent);
  for (guint i = 0; in_file[i] != NULL; i++)
    assert_says (python, in_file[i]);
  assert_says (python, "AzureML-sklearn-1.5@latest");
  g_assert_nonnull (strstr (equivalent.az, "\ncommand: \"python x.py --a \\\"b\\\"\"\n"));
  g_assert_nonnull (strstr (equivalent.az, "\ncompute: \"azureml:aml-cluster\"\n"));
}

static void
test_follow (void)
{
  static const char *const words[] = { "group" NASTY, "ws" NASTY, "job" NASTY, NULL };
  g_auto (LwEquivalent) equivalent = { NULL };

  lw_equivalent_follow (&ml, "job" NASTY, &equivalent);
  assert_both_say (&equivalent, words);
}

static void
test_delete (void)
{
  static const char *const words[] = { "sub", "group" NASTY, "ws" NASTY, NULL };
  g_auto (LwEquivalent) equivalent = { NULL };
  g_auto (LwEquivalent) bare = { NULL };

  lw_equivalent_delete ("sub", "group" NASTY, "ws" NASTY, &equivalent);
  assert_both_say (&equivalent, words);
  lw_equivalent_delete ("sub", "g", NULL, &bare);
  g_assert_null (strstr (bare.az, "workspace"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/equivalent/sign-in", test_sign_in);
  g_test_add_func ("/equivalent/plan", test_plan);
  g_test_add_func ("/equivalent/job", test_job);
  g_test_add_func ("/equivalent/follow", test_follow);
  g_test_add_func ("/equivalent/delete", test_delete);
  return g_test_run ();
}

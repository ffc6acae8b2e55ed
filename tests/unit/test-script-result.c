/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <math.h>

#include "lw-script-result.h"

static const struct
{
  const char *output;
  double accuracy;
  double auc;
} figures[] = {
  { "Training model...\nAccuracy: 0.774\nAUC: 0.8483203144435048\n", 0.774, 0.8483203144435048 },
  { "accuracy = 77.4 %\nROC AUC score: .84\n", 0.774, 0.84 },
  { "Accuracy: 0.1\nAccuracy: 0.2", 0.2, NAN },
  { "\033[1mAccuracy:\033[0m 0.5\r\n", 0.5, NAN },
  { "Accuracy: 0.1\rAccuracy: 0.9\n", 0.9, NAN },
  { "\033]0;AUC: 0.1\aAUC: 8e-1\n", NAN, 0.8 },
  { "inaccuracy: 0.5\nAccuracy: high\nmauc: 0.5\n", NAN, NAN },
  { "", NAN, NAN },
};

static void
assert_figure (double value, double expected)
{
  if (isnan (expected))
    g_assert_true (isnan (value));
  else
    g_assert_cmpfloat_with_epsilon (value, expected, 1e-12);
}

static void
test_figures (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (figures); i++)
    {
      g_autoptr (LwScriptResult) result = lw_script_result_read (figures[i].output);

      g_test_message ("output %" G_GSIZE_FORMAT, i);
      assert_figure (result->accuracy, figures[i].accuracy);
      assert_figure (result->auc, figures[i].auc);
      g_assert_cmpint (result->failure, ==, LW_SCRIPT_FAILURE_NONE);
    }
}

#define TRACE(file, exception)                                                                     \
  "Reading data...\nTraceback (most recent call last):\n"                                          \
  "  File \"" file "\", line 83, in <module>\n    main(args)\n    ^^^^^^^^^^\n"                    \
  "  File \"/usr/lib/python3/dist-packages/pandas/io/common.py\", line 451, in _get\n    raise "   \
  "x\n" exception "\n"

static const struct
{
  const char *output;
  LwScriptFailure failure;
  const char *exception;
  const char *message;
  const char *missing_module;
} failures[] = {
  { TRACE ("a.py", "ModuleNotFoundError: No module named 'sklearn.linear_model'"),
    LW_SCRIPT_FAILURE_MISSING_MODULE, "ModuleNotFoundError",
    "No module named 'sklearn.linear_model'", "sklearn" },
  { TRACE ("a.py", "ValueError: Invalid file path or buffer object type: <class 'NoneType'>"),
    LW_SCRIPT_FAILURE_NO_PATH, "ValueError",
    "Invalid file path or buffer object type: <class 'NoneType'>", NULL },
  { TRACE ("a.py",
           "ImportError: /lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.29' not found"),
    LW_SCRIPT_FAILURE_LIBRARY, "ImportError",
    "/lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.29' not found", NULL },
  { TRACE ("a.py", "ImportError: cannot import name 'x' from 'y'"), LW_SCRIPT_FAILURE_OTHER,
    "ImportError", "cannot import name 'x' from 'y'", NULL },
  { TRACE ("a.py", "NameError: name 'pd' is not defined"), LW_SCRIPT_FAILURE_NAME, "NameError",
    "name 'pd' is not defined", NULL },
  { TRACE ("a.py", "FileNotFoundError: [Errno 2] No such file or directory: 'x.csv'"),
    LW_SCRIPT_FAILURE_FILE_NOT_FOUND, "FileNotFoundError",
    "[Errno 2] No such file or directory: 'x.csv'", NULL },
  { TRACE ("a.py", "PermissionError: [Errno 13] Permission denied: 'x'"), LW_SCRIPT_FAILURE_DENIED,
    "PermissionError", "[Errno 13] Permission denied: 'x'", NULL },
  { TRACE ("a.py", "numpy.core._exceptions._ArrayMemoryError: Unable to allocate 8 TiB"),
    LW_SCRIPT_FAILURE_MEMORY, "numpy.core._exceptions._ArrayMemoryError",
    "Unable to allocate 8 TiB", NULL },
  { TRACE ("a.py", "KeyboardInterrupt"), LW_SCRIPT_FAILURE_OTHER, "KeyboardInterrupt", "", NULL },
  { TRACE ("a.py", "KeyError: 'a'") "\nDuring handling of the above exception, another exception "
                                    "occurred:\n\n" TRACE ("b.py",
                                                           "ValueError: ") "\nin the next line\n",
    LW_SCRIPT_FAILURE_OTHER, "ValueError", "in the next line", NULL },
  { "Reading data...\n  File \"/w/a.py\", line 3\n    if x\n        ^\nSyntaxError: expected ':'\n",
    LW_SCRIPT_FAILURE_SYNTAX, "SyntaxError", "expected ':'", NULL },
  { "Reading data...\nusage: a.py [-h]\n            [--reg_rate R]\na.py: error: unrecognized "
    "arguments: --x\n",
    LW_SCRIPT_FAILURE_ARGUMENTS, NULL, "unrecognized arguments: --x", NULL },
};

static void
test_failures (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      g_autoptr (LwScriptResult) result = lw_script_result_read (failures[i].output);

      g_test_message ("output %" G_GSIZE_FORMAT, i);
      g_assert_cmpint (result->failure, ==, failures[i].failure);
      g_assert_cmpstr (result->exception, ==, failures[i].exception);
      g_assert_cmpstr (result->message, ==, failures[i].message);
      g_assert_cmpstr (result->missing_module, ==, failures[i].missing_module);
      g_assert_cmpstr (result->last_line, ==, "Reading data...");
    }
}

static void
test_frames (void)
{
  g_autoptr (LwScriptResult) result = lw_script_result_read (TRACE ("/w/src/a.py", "KeyError: 1"));
  g_autoptr (LwScriptResult) relative = lw_script_result_read (TRACE ("a.py", "KeyError: 1"));
  const LwScriptFrame *frame;

  g_assert_cmpuint (result->frames->len, ==, 2);
  frame = lw_script_result_get_frame_in (result, "/w/src");
  g_assert_nonnull (frame);
  g_assert_cmpstr (frame->file, ==, "/w/src/a.py");
  g_assert_cmpuint (frame->line, ==, 83);
  g_assert_cmpstr (frame->function, ==, "<module>");
  g_assert_null (lw_script_result_get_frame_in (result, "/w/sr"));
  frame = lw_script_result_get_frame_in (relative, "/w");
  g_assert_cmpstr (frame->file, ==, "a.py");
}

/* Output from outside: long lines, broken characters, a traceback without end. */
static void
test_hostile (void)
{
  GString *text = g_string_new ("Traceback (most recent call last):\n");
  g_autoptr (LwScriptResult) result = NULL;
  g_autofree char *line = g_strnfill (100000, 'x');

  for (guint i = 0; i < 1000; i++)
    g_string_append (text, "  File \"a.py\", line 99999999999999999999, in f\n");
  g_string_append (text, line);
  g_string_append (text, "\n\xff\xfe\033[\033]\033\n\033");
  result = lw_script_result_read (text->str);
  g_assert_cmpuint (result->frames->len, ==, LW_SCRIPT_RESULT_MAX_FRAMES);
  g_string_free (text, TRUE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/script-result/figures", test_figures);
  g_test_add_func ("/script-result/failures", test_failures);
  g_test_add_func ("/script-result/frames", test_frames);
  g_test_add_func ("/script-result/hostile", test_hostile);
  return g_test_run ();
}

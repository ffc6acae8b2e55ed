/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gstdio.h>
#include <sys/stat.h>

#include "lw-error.h"
#include "lw-notebook.h"

static LwNotebook *
parse (const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return lw_notebook_parse (bytes, error);
}

static const LwNotebookOutput *
output (const LwNotebookCell *cell, guint index)
{
  g_assert_cmpuint (index, <, cell->outputs->len);
  return g_ptr_array_index (cell->outputs, index);
}

#define OUTPUTS \
  "{\"output_type\":\"stream\",\"name\":\"stdout\",\"text\":[\"a\\n\",\"b\\n\"]}," \
  "{\"output_type\":\"stream\",\"name\":\"stderr\",\"text\":\"warning\"}," \
  "{\"output_type\":\"execute_result\",\"execution_count\":2,\"metadata\":{}," \
  "\"data\":{\"text/plain\":[\"   x\\n\",\"0  1\"],\"text/html\":\"<b>\"}}," \
  "{\"output_type\":\"display_data\",\"metadata\":{}," \
  "\"data\":{\"image/png\":\"iVBO\\nRw0K\\n\",\"text/plain\":\"<Figure>\"}}," \
  "{\"output_type\":\"error\",\"ename\":\"NameError\",\"evalue\":\"name 'pd' is not defined\"," \
  "\"traceback\":[\"one\",\"two\"]}," \
  "{\"output_type\":\"display_data\",\"data\":{\"application/json\":{\"a\":NaN}}},7,{}"

static void
test_format_4 (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LwNotebook) notebook = parse (
      "\xef\xbb\xbf{\"cells\":["
      "{\"cell_type\":\"markdown\",\"metadata\":{},\"source\":\"# 제목\"},"
      "{\"cell_type\":\"code\",\"execution_count\":2,\"metadata\":{},\"source\":[\"x = "
      "1\\n\",\"x\"],"
      "\"outputs\":[" OUTPUTS "]},"
      "{\"cell_type\":\"raw\",\"metadata\":{\"raw_mimetype\":\"Text/HTML\"},\"source\":\"\"}],"
      "\"metadata\":{\"kernelspec\":{\"name\":\"python38\",\"display_name\":\"Python 3.10 - "
      "AzureML\"},"
      "\"language_info\":{\"name\":\"python\"}},\"nbformat\":4,\"nbformat_minor\":5}",
      &error);
  const LwNotebookCell *cell;

  g_assert_no_error (error);
  g_assert_cmpint (lw_notebook_get_format (notebook), ==, 4);
  g_assert_cmpstr (lw_notebook_get_kernel_name (notebook), ==, "python38");
  g_assert_cmpstr (lw_notebook_get_kernel_display_name (notebook), ==, "Python 3.10 - AzureML");
  g_assert_cmpstr (lw_notebook_get_language (notebook), ==, "python");
  g_assert_cmpuint (lw_notebook_get_n_cells (notebook), ==, 3);

  cell = lw_notebook_get_cell (notebook, 0);
  g_assert_cmpint (cell->kind, ==, LW_NOTEBOOK_CELL_MARKDOWN);
  g_assert_cmpstr (cell->source, ==, "# 제목");
  cell = lw_notebook_get_cell (notebook, 2);
  g_assert_cmpint (cell->kind, ==, LW_NOTEBOOK_CELL_RAW);
  g_assert_cmpstr (cell->raw_mimetype, ==, "text/html");

  cell = lw_notebook_get_cell (notebook, 1);
  g_assert_cmpstr (cell->source, ==, "x = 1\nx");
  g_assert_cmpint (cell->execution_count, ==, 2);
  g_assert_cmpuint (cell->outputs->len, ==, 5);
  g_assert_cmpint (output (cell, 0)->kind, ==, LW_NOTEBOOK_OUTPUT_STDOUT);
  g_assert_cmpstr (output (cell, 0)->text, ==, "a\nb\n");
  g_assert_cmpint (output (cell, 1)->kind, ==, LW_NOTEBOOK_OUTPUT_STDERR);
  g_assert_cmpstr (output (cell, 2)->text, ==, "   x\n0  1");
  g_assert_cmpint (output (cell, 3)->kind, ==, LW_NOTEBOOK_OUTPUT_IMAGE);
  g_assert_cmpmem (g_bytes_get_data (output (cell, 3)->image, NULL),
                   g_bytes_get_size (output (cell, 3)->image), "\x89PNG\r\n", 6);
  g_assert_cmpint (output (cell, 4)->kind, ==, LW_NOTEBOOK_OUTPUT_ERROR);
  g_assert_cmpstr (output (cell, 4)->error_name, ==, "NameError");
  g_assert_cmpstr (output (cell, 4)->text, ==, "one\ntwo");
}

static void
test_format_3 (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LwNotebook) notebook = parse (
    "{\"metadata\":{\"name\":\"\"},\"nbformat\":3,\"nbformat_minor\":0,\"worksheets\":[{\"cells\":["
    "{\"cell_type\":\"heading\",\"level\":3,\"source\":\"T\"},"
    "{\"cell_type\":\"code\",\"input\":[\"a\\n\",\"b\"],\"prompt_number\":4,\"outputs\":["
    "{\"output_type\":\"stream\",\"stream\":\"stderr\",\"text\":\"w\"},"
    "{\"output_type\":\"pyout\",\"prompt_number\":4,\"text\":\"1\"},"
    "{\"output_type\":\"display_data\",\"png\":\"iVBORw0K\"},"
    "{\"output_type\":\"pyerr\",\"ename\":\"E\",\"evalue\":\"v\",\"traceback\":[]}]}]},"
    "{\"cells\":[{\"cell_type\":\"markdown\",\"source\":\"second sheet\"}]}]}", &error);
  const LwNotebookCell *cell;

  g_assert_no_error (error);
  g_assert_cmpint (lw_notebook_get_format (notebook), ==, 3);
  g_assert_cmpuint (lw_notebook_get_n_cells (notebook), ==, 3);
  g_assert_cmpstr (lw_notebook_get_cell (notebook, 0)->source, ==, "### T");
  cell = lw_notebook_get_cell (notebook, 1);
  g_assert_cmpstr (cell->source, ==, "a\nb");
  g_assert_cmpint (cell->execution_count, ==, 4);
  g_assert_cmpuint (cell->outputs->len, ==, 4);
  g_assert_cmpint (output (cell, 0)->kind, ==, LW_NOTEBOOK_OUTPUT_STDERR);
  g_assert_cmpstr (output (cell, 1)->text, ==, "1");
  g_assert_cmpint (output (cell, 2)->kind, ==, LW_NOTEBOOK_OUTPUT_IMAGE);
  g_assert_cmpint (output (cell, 3)->kind, ==, LW_NOTEBOOK_OUTPUT_ERROR);
}

static void
test_python_json (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LwNotebook) notebook = parse (
      "{\"nbformat\":4,\"metadata\":{\"a\":-Infinity,\"b\":[NaN,Infinity,-1.5]},\"cells\":["
      "{\"cell_type\":\"raw\",\"source\":\"NaN \\u0000 \\ud800 \\udc00 \\ud83d\\ude00 \\\\u0000 "
      "\\\"\"}]}",
      &error);

  g_assert_no_error (error);
  g_assert_cmpstr (lw_notebook_get_cell (notebook, 0)->source, ==,
                   "NaN \ufffd \ufffd \ufffd \U0001f600 \\u0000 \"");
}

static const struct
{
  const char *text;
  LwError code;
  const char *says;
} broken[] = {
  { "", LW_ERROR_MALFORMED, "no JSON object" },
  { "[]", LW_ERROR_MALFORMED, "no JSON object" },
  { "{\"cells\":[", LW_ERROR_MALFORMED, "no JSON" },
  { "{\"cells\":[]}", LW_ERROR_MALFORMED, "nbformat" },
  { "{\"nbformat\":\"4\"}", LW_ERROR_MALFORMED, "nbformat" },
  { "{\"nbformat\":2}", LW_ERROR_MALFORMED, "nbformat" },
  { "{\"nbformat\":5}", LW_ERROR_NEWER_VERSION, "nbformat: 5" },
  { "{\"nbformat\":4}", LW_ERROR_MALFORMED, "cells" },
  { "{\"nbformat\":4,\"cells\":{}}", LW_ERROR_MALFORMED, "cells" },
  { "{\"nbformat\":4,\"cells\":[3]}", LW_ERROR_MALFORMED, "cells[0]" },
  { "{\"nbformat\":4,\"cells\":[{}]}", LW_ERROR_MALFORMED, "cells[0].cell_type" },
  { "{\"nbformat\":4,\"cells\":[{\"cell_type\":\"code\"}]}", LW_ERROR_MALFORMED,
    "cells[0].source" },
  { "{\"nbformat\":4,\"cells\":[{\"cell_type\":\"raw\",\"source\":[1]}]}", LW_ERROR_MALFORMED,
    "cells[0].source" },
  { "{\"nbformat\":3,\"worksheets\":[{}]}", LW_ERROR_MALFORMED, "worksheets[0].cells" },
  { "{\"nbformat\":3,\"worksheets\":[{\"cells\":[{\"cell_type\":\"code\"}]}]}", LW_ERROR_MALFORMED,
    "cells[0].input" },
  { "{\"a\":\"\xff\"}", LW_ERROR_MALFORMED, "byte 6" },
};

static void
test_broken (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (LwNotebook) notebook = parse (broken[i].text, &error);

      g_assert_null (notebook);
      g_assert_error (error, LW_ERROR, (int) broken[i].code);
      g_assert_nonnull (strstr (error->message, broken[i].says));
    }
}

static void
test_deep (void)
{
  g_autofree char *open = g_strnfill (1000000, '[');
  g_autofree char *text = g_strconcat ("{\"nbformat\":4,\"x\":", open, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (LwNotebook) notebook = parse (text, &error);

  g_assert_null (notebook);
  g_assert_error (error, LW_ERROR, LW_ERROR_MALFORMED);
  g_assert_nonnull (strstr (error->message, "nested"));
}

static void
assert_load_fails (const char *path, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LwNotebook) notebook = lw_notebook_load (path, NULL, &error);

  g_assert_null (notebook);
  g_assert_error (error, LW_ERROR, code);
}

static void
test_files (void)
{
  g_autofree char *folder = g_dir_make_tmp ("labwalk-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a.ipynb", NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (LwNotebook) notebook = NULL;
  FILE *file;

  assert_load_fails (path, LW_ERROR_NOT_FOUND);
  assert_load_fails (folder, LW_ERROR_NOT_FOUND);
  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  assert_load_fails (path, LW_ERROR_NOT_FOUND);
  g_unlink (path);

  g_file_set_contents (path, "{\"nbformat\":4,\"cells\":[]}", -1, &error);
  g_assert_no_error (error);
  notebook = lw_notebook_load (path, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (lw_notebook_get_n_cells (notebook), ==, 0);
  lw_notebook_unref (lw_notebook_ref (notebook));

  g_cancellable_cancel (cancellable);
  g_assert_null (lw_notebook_load (path, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  /* A hole: large without taking room on the disk. */
  file = fopen (path, "w");
  g_assert_nonnull (file);
  g_assert_cmpint (ftruncate (fileno (file), LW_NOTEBOOK_MAX_SIZE + 1), ==, 0);
  fclose (file);
  assert_load_fails (path, LW_ERROR_TOO_LARGE);
  g_unlink (path);
  g_rmdir (folder);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/notebook/format-4", test_format_4);
  g_test_add_func ("/notebook/format-3", test_format_3);
  g_test_add_func ("/notebook/python-json", test_python_json);
  g_test_add_func ("/notebook/broken", test_broken);
  g_test_add_func ("/notebook/deep", test_deep);
  g_test_add_func ("/notebook/files", test_files);
  return g_test_run ();
}

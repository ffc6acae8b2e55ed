/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lw-convert.h"

#include "judge.h"

#define LAB_FOLDER "data/labs/dp100-08/src"
#define LAB_NOTEBOOK "Train classification model.ipynb"
#define LAB_SCRIPT "train-classification-model.py"

static char *
convert_text (const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;
  g_autoptr (LwNotebook) notebook = lw_notebook_parse (bytes, &error);

  g_assert_no_error (error);
  return lw_convert_notebook (notebook);
}

#define HEADER "#!/usr/bin/env python\n# coding: utf-8\n"
#define FOUR "],\"metadata\":{},\"nbformat\":4,\"nbformat_minor\":4}"

static const struct
{
  const char *name;
  const char *notebook;
  const char *script;
} notebooks[] = {
  { "empty", "{\"cells\":[" FOUR, HEADER },
  { "code",
    "{\"cells\":[{\"cell_type\":\"code\",\"execution_count\":3,\"metadata\":{},\"outputs\":[],"
    "\"source\":[\"a\\n\",\"b\"]}" FOUR,
    HEADER "\n# In[3]:\n\n\na\nb\n\n" },
  { "not-run",
    "{\"cells\":[{\"cell_type\":\"code\",\"execution_count\":null,\"metadata\":{},"
    "\"outputs\":[],\"source\":\"%pwd\"}" FOUR,
    HEADER "\n# In[ ]:\n\n\nget_ipython().run_line_magic('pwd', '')\n\n" },
  { "markdown",
    "{\"cells\":[{\"cell_type\":\"markdown\",\"metadata\":{},\"source\":[\"# "
    "T\\n\",\"\\n\",\"한\"]}" FOUR,
    HEADER "\n# # T\n# \n# 한\n" },
  { "raw",
    "{\"cells\":[{\"cell_type\":\"raw\",\"metadata\":{},\"source\":\"one\"},"
    "{\"cell_type\":\"raw\",\"metadata\":{\"raw_mimetype\":\"text/html\"},\"source\":\"two\"},"
    "{\"cell_type\":\"raw\",\"metadata\":{\"raw_mimetype\":\"Text/"
    "X-Python\"},\"source\":\"three\"}" FOUR,
    HEADER "onethree" },
  { "tagged",
    "{\"cells\":[{\"cell_type\":\"code\",\"execution_count\":1,\"metadata\":{\"tags\":[\"remove_"
    "cell\"]},"
    "\"outputs\":[],\"source\":\"x\"}" FOUR,
    HEADER "\n# In[1]:\n\n\nx\n\n" },
  { "format-3",
    "{\"metadata\":{\"name\":\"\"},\"nbformat\":3,\"nbformat_minor\":0,\"worksheets\":[{\"cells\":["
    "{\"cell_type\":\"heading\",\"level\":2,\"metadata\":{},\"source\":[\"A\\n\",\"B\"]},"
    "{\"cell_type\":\"code\",\"collapsed\":false,\"input\":\"x?\",\"language\":\"python\","
    "\"metadata\":{},\"outputs\":[],\"prompt_number\":7}],\"metadata\":{}}]}",
    HEADER "\n# ## A B\n\n# In[7]:\n\n\nget_ipython().run_line_magic('pinfo', 'x')\n\n" },
};

static void
test_texts (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (notebooks); i++)
    {
      g_autofree char *script = convert_text (notebooks[i].notebook);

      g_assert_cmpstr (script, ==, notebooks[i].script);
    }
}

/* nbconvert refuses these; here they do not keep a person from the rest. */
static void
test_lenient (void)
{
  g_autofree char *unknown
      = convert_text ("{\"cells\":[{\"cell_type\":\"video\",\"metadata\":{}}" FOUR);
  g_autofree char *dedent = convert_text (
    "{\"cells\":[{\"cell_type\":\"code\",\"source\":\"if x:\\n    a\\n  b\\n%pwd\"}" FOUR);

  g_assert_cmpstr (unknown, ==, HEADER);
  g_assert_cmpstr (dedent, ==, HEADER "\n# In[ ]:\n\n\nif x:\n    a\n  b\n%pwd\n\n");
}

static char *
dup_lab_path (const char *name)
{
  return g_build_filename (g_getenv ("LW_TEST_SOURCE_ROOT"), LAB_FOLDER, name, NULL);
}

/* The lab's flat script is its notebook, converted. */
static void
test_lab (void)
{
  g_autofree char *notebook_path = dup_lab_path (LAB_NOTEBOOK);
  g_autofree char *script_path = dup_lab_path (LAB_SCRIPT);
  g_autoptr (GError) error = NULL;
  g_autoptr (LwNotebook) notebook = lw_notebook_load (notebook_path, NULL, &error);
  g_autofree char *ours = NULL;
  g_autofree char *theirs = NULL;

  g_assert_no_error (error);
  ours = lw_convert_notebook (notebook);
  g_file_get_contents (script_path, &theirs, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (ours, ==, theirs);
}

/* Every notebook of this test through the real nbconvert, in one go. */
static void
test_judged (void)
{
  static const char *const modules[] = { "nbconvert", "IPython", NULL };
  g_autoptr (LwPython) python = judge_find (modules, "3.11.");
  g_autofree char *folder = NULL;
  g_autofree char *lab = dup_lab_path (LAB_NOTEBOOK);
  g_autoptr (GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (LwScriptRunResult) result = NULL;
  g_autoptr (GError) error = NULL;

  if (python == NULL)
    return;
  folder = judge_make_folder ();
  for (const char *const *p = (const char *const[]){ python->path, "-m", "nbconvert", "--to",
                                                     "python", "--output-dir", folder, lab, NULL };
       *p != NULL; p++)
    g_ptr_array_add (argv, g_strdup (*p));
  for (gsize i = 0; i < G_N_ELEMENTS (notebooks); i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/%s.ipynb", folder, notebooks[i].name);

      g_file_set_contents (path, notebooks[i].notebook, -1, &error);
      g_assert_no_error (error);
      g_ptr_array_add (argv, g_steal_pointer (&path));
    }
  g_ptr_array_add (argv, NULL);
  result = judge_run (folder, (const char *const *) argv->pdata);

  for (gsize i = 0; i < G_N_ELEMENTS (notebooks); i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/%s.py", folder, notebooks[i].name);
      g_autofree char *theirs = NULL;

      g_file_get_contents (path, &theirs, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (notebooks[i].script, ==, theirs);
    }
  {
    g_autofree char *path = g_build_filename (folder, "Train classification model.py", NULL);
    g_autofree char *script_path = dup_lab_path (LAB_SCRIPT);
    g_autofree char *theirs = NULL;
    g_autofree char *ours = NULL;

    g_file_get_contents (path, &theirs, NULL, &error);
    g_assert_no_error (error);
    g_file_get_contents (script_path, &ours, NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpstr (ours, ==, theirs);
  }
  judge_remove_folder (folder);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/convert/texts", test_texts);
  g_test_add_func ("/convert/lenient", test_lenient);
  g_test_add_func ("/convert/lab", test_lab);
  g_test_add_func ("/convert/judged-by-nbconvert", test_judged);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lw-ipython.h"

#include "judge.h"

static const struct
{
  const char *cell;
  const char *expected;
} cells[] = {
  /* Plain Python stays. */
  { "", "\n" },
  { "x = 1", "x = 1\n" },
  { "x = 5 % 3\ny %= 2\n", "x = 5 % 3\ny %= 2\n" },
  { "print('%d' % 3)", "print('%d' % 3)\n" },
  { "s = '''\n%magic\n!ls\n'''", "s = '''\n%magic\n!ls\n'''\n" },
  { "f(1,\n  %pwd\n)", "f(1,\n  %pwd\n)\n" },
  { "total = a \\\n  % b", "total = a \\\n  % b\n" },
  { "# %magic?\nx", "# %magic?\nx\n" },
  { "if a != b:\n    pass", "if a != b:\n    pass\n" },
  /* What surrounds the code goes. */
  { "\n  \n\nx", "x\n" },
  { "  a\n  b\n c", "a\nb\n c\n" },
  { ">>> a = 1\n>>> b\n... c", "a = 1\nb\nc\n" },
  { "In [12]: a = 1\n   ...: b", "a = 1\nb\n" },
  /* Magics. */
  { "%matplotlib inline", "get_ipython().run_line_magic('matplotlib', 'inline')\n" },
  { "%time", "get_ipython().run_line_magic('time', '')\n" },
  { "for i in x:\n    %time f(i)",
    "for i in x:\n    get_ipython().run_line_magic('time', 'f(i)')\n" },
  { "%run a \\\n  b", "get_ipython().run_line_magic('run', 'a    b')\n" },
  { "%alias a it's", "get_ipython().run_line_magic('alias', \"a it's\")\n" },
  { "x = %pwd", "x = get_ipython().run_line_magic('pwd', '')\n" },
  { "a.b[1] = %time 2", "a.b[1] = get_ipython().run_line_magic('time', '2')\n" },
  { "%%bash -s\necho \"1\"\n", "get_ipython().run_cell_magic('bash', '-s', 'echo \"1\"\\n')\n" },
  { "%%html\n<p>한\u200b</p>",
    "get_ipython().run_cell_magic('html', '', '<p>한\\u200b</p>\\n')\n" },
  /* Commands. */
  { "!ls -l", "get_ipython().system('ls -l')\n" },
  { "!!ls", "get_ipython().getoutput('ls')\n" },
  { "files = !ls *.py", "files = get_ipython().getoutput('ls *.py')\n" },
  { "!pip install \\\n pandas", "get_ipython().system('pip install   pandas')\n" },
  { "if x:\n\t!rm \"a'b\"", "if x:\n\tget_ipython().system('rm \"a\\'b\"')\n" },
  /* Help. */
  { "df.head?", "get_ipython().run_line_magic('pinfo', 'df.head')\n" },
  { "df??", "get_ipython().run_line_magic('pinfo2', 'df')\n" },
  { "?df", "get_ipython().run_line_magic('pinfo', 'df')\n" },
  { "np.*load*?", "get_ipython().run_line_magic('psearch', 'np.*load*')\n" },
  { "%time?", "get_ipython().run_line_magic('pinfo', '%time')\n" },
  { "%%time?", "get_ipython().run_line_magic('pinfo', '%%time')\n" },
  { "?", "get_ipython().show_usage()\n" },
  /* Calls without brackets. */
  { ",f a b", "f(\"a\", \"b\")\n" },
  { ";f a b", "f(\"a b\")\n" },
  { "/f a b", "f(a, b)\n" },
  /* What is no Python and no IPython either is left as it is. */
  { "if (", "if (\n" },
  { "'unfinished\n%pwd", "'unfinished\nget_ipython().run_line_magic('pwd', '')\n" },
  { "a $ b", "a $ b\n" },
  { "a\r\n%pwd\r\n", "a\r\nget_ipython().run_line_magic('pwd', '')\n" },
};

static void
test_cells (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cells); i++)
    {
      g_autofree char *result = lw_ipython_transform_cell (cells[i].cell);

      g_assert_cmpstr (result, ==, cells[i].expected);
    }
}

/* Pieces that cells are made of at random: much of it no Python, so that the order of attempts of
 * the tokenizer shows. */
static const char *const pieces[] = {
  "%",
  "%%",
  "!",
  "!!",
  "?",
  "??",
  ",",
  ";",
  "/",
  "=",
  "==",
  "!=",
  "a",
  "foo",
  "x1",
  "1",
  "0x1f",
  "1e5",
  "1.",
  "1_0",
  "0777",
  "2j",
  ".5",
  "...",
  "..",
  "(",
  ")",
  "[",
  "]",
  "{",
  "}",
  "'",
  "\"",
  "'''",
  "\"\"\"",
  "\\",
  "\\\n",
  "\n",
  "\n",
  "\n",
  " ",
  "  ",
  "    ",
  "\t",
  "#",
  "# c",
  "r'",
  "b\"",
  "f'{x}'",
  "Rb'''",
  "import os",
  "def f():",
  "    return",
  "if x:",
  "ls -l",
  "timeit",
  "matplotlib inline",
  "%time",
  "!ls",
  "!cd ~",
  "?foo",
  "foo?",
  "foo??",
  "a.b.c?",
  "a.*?",
  "%foo?",
  "%%foo?",
  "%%bash\n",
  "%%time\n",
  ">>> ",
  "... ",
  "In [1]: ",
  "   ...: ",
  "[ins] In [3]: ",
  "\r",
  "\r\n",
  "\f",
  "\v",
  "\u2028",
  "\xc2\x85",
  "\x1c",
  "한글",
  "é",
  "²",
  "\u0301",
  "$",
  "`",
  "@",
  "->",
  ":=",
  ":",
  ".",
  "_",
  "~",
  "|",
  "^",
  "&",
  "<<=",
  "**",
  "//",
  "x = !ls",
  "y = %pwd",
  "z=!!ls",
  "print('%d' % 3)",
  "\u3000",
  "\xc2\xa0",
  "'it''s'",
  "\"a'b\"",
  "\\n",
  "\x7f",
  "\u200b",
  "😀",
  "1__0",
  "0b1",
  "0o7",
  "0xg",
  "1e",
  "1e+",
  "lambda:",
  "a,b",
  "self.x[0] = %time f()",
  "for i in range(3):\n    !echo {i}\n",
};

static char *
make_cell (GRand *random)
{
  static const gint32 sizes[] = { 3, 8, 20 };
  gint32 n = g_rand_int_range (random, 1, sizes[g_rand_int_range (random, 0, 3)] + 1);
  GString *cell = g_string_new (NULL);

  for (gint32 i = 0; i < n; i++)
    g_string_append (cell, pieces[g_rand_int_range (random, 0, G_N_ELEMENTS (pieces))]);
  return g_string_free (cell, FALSE);
}

static void
compare (char **answers, char **made)
{
  guint raised = 0;

  for (gsize i = 0; made[i] != NULL; i++)
    {
      g_autofree char *ours = NULL;

      g_assert_nonnull (answers[i]);
      if (strcmp (answers[i], "\1") == 0)
        {
          raised++;
          continue;
        }
      ours = lw_ipython_transform_cell (made[i]);
      if (strcmp (ours, answers[i]) != 0)
        g_test_message ("cell %" G_GSIZE_FORMAT ":\n%s", i, made[i]);
      g_assert_cmpstr (ours, ==, answers[i]);
    }
  /* IPython itself stumbles over very few. */
  g_assert_cmpuint (raised * 100, <, g_strv_length (made));
}

/* Cells made at random, with IPython as the judge. */
static void
test_judged (void)
{
  static const char *const modules[] = { "IPython", NULL };
  gboolean all = g_strcmp0 (g_getenv ("LW_TEST_ALL"), "1") == 0;
  guint n = all ? 40000 : 4000;
  g_autoptr (LwPython) python = judge_find (modules, "3.11.");
  g_autoptr (GRand) random = g_rand_new_with_seed (20261123);
  g_autoptr (GString) joined = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) made = g_new0 (char *, n + 1);
  g_auto (GStrv) answers = g_new0 (char *, n + 1);
  g_autofree char *folder = NULL;
  g_autofree char *contents = NULL;
  g_autofree char *judge = g_build_filename (g_getenv ("LW_TEST_SOURCE_ROOT"), "tests", "unit",
                                             "judge-ipython.py", NULL);
  g_autoptr (LwScriptRunResult) result = NULL;
  gsize length;
  const char *p;

  if (python == NULL)
    return;
  for (guint i = 0; i < n; i++)
    {
      made[i] = make_cell (random);
      g_string_append_len (joined, made[i], (gssize) strlen (made[i]) + 1);
    }
  folder = judge_make_folder ();
  {
    g_autofree char *in = g_build_filename (folder, "in", NULL);
    g_autofree char *out = g_build_filename (folder, "out", NULL);
    const char *argv[] = { python->path, judge, in, out, NULL };

    g_file_set_contents (in, joined->str, (gssize) joined->len, &error);
    g_assert_no_error (error);
    result = judge_run (folder, argv);
    g_file_get_contents (out, &contents, &length, &error);
    g_assert_no_error (error);
  }
  p = contents;
  for (guint i = 0; i < n && p < contents + length; i++)
    {
      answers[i] = g_strdup (p);
      p += strlen (p) + 1;
    }
  compare (answers, made);
  judge_remove_folder (folder);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ipython/cells", test_cells);
  g_test_add_func ("/ipython/judged-by-ipython", test_judged);
  return g_test_run ();
}

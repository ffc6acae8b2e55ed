/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is read from, and done to, the source of a script: arguments, outline, one line out and in.
 */

#include "lw-script-args.h"
#include "lw-script-edit.h"
#include "lw-script-outline.h"

#define LAB_SCRIPT "data/labs/dp100-08/src/train-model-parameters.py"

static char *
dup_lab_script (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("LW_TEST_SOURCE_ROOT"), LAB_SCRIPT, NULL);
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

static const LwScriptArg *
arg_at (GPtrArray *args, guint index)
{
  g_assert_cmpuint (index, <, args->len);
  return g_ptr_array_index (args, index);
}

static void
test_args_lab (void)
{
  g_autofree char *source = dup_lab_script ();
  g_autoptr (GPtrArray) args = lw_script_args_read (source);
  const LwScriptArg *arg;

  g_assert_cmpuint (args->len, ==, 2);
  arg = arg_at (args, 0);
  g_assert_cmpstr (arg->name, ==, "--training_data");
  g_assert_cmpstr (arg->dest, ==, "training_data");
  g_assert_cmpstr (arg->type, ==, "str");
  g_assert_null (arg->default_value);
  g_assert_false (arg->required);
  arg = arg_at (args, 1);
  g_assert_cmpstr (arg->name, ==, "--reg_rate");
  g_assert_cmpstr (arg->type, ==, "float");
  g_assert_cmpstr (arg->default_value, ==, "0.01");
  g_assert_cmpstr (arg->help, ==, "regularization rate");
}

static void
test_args_forms (void)
{
  g_autoptr (GPtrArray) args = lw_script_args_read (
      "parser.add_argument('file', help='one '  # why\n    \"two\", nargs='?')\n"
      "g.add_argument(\n  '-n', '--n-rows',\n  type=int, default=-5,\n  metavar='N', "
      "required=True,\n)\n"
      "p.add_argument('-v', action='store_true')\n"
      "p.add_argument('--solver', choices=['a', \"b\"], default='a')\n"
      "p.add_argument('--size', choices=[1, 2.5], type=pathlib.Path, default=DEFAULTS['size'])\n"
      "p.add_argument('--' + name)\n"
      "p.add_argument('target')\n"
      "p.add_argument('--yes', action=argparse.BooleanOptionalAction, default=True)\n"
      "# p.add_argument('--comment')\n'''p.add_argument('--string')'''\n"
      "p.add_argument('--f', default=(f'{x}'), help=('a' 'b'), choices=range(3), dest='other')\n"
      "p.add_argument(");
  const LwScriptArg *arg;

  g_assert_cmpuint (args->len, ==, 8);
  arg = arg_at (args, 0);
  g_assert_true (arg->positional);
  g_assert_false (arg->required);
  g_assert_cmpstr (arg->help, ==, "one two");
  g_assert_cmpuint (arg->line, ==, 1);
  arg = arg_at (args, 1);
  g_assert_cmpstr (arg->name, ==, "--n-rows");
  g_assert_cmpstr (arg->short_name, ==, "-n");
  g_assert_cmpstr (arg->dest, ==, "n_rows");
  g_assert_cmpstr (arg->default_value, ==, "-5");
  g_assert_cmpstr (arg->metavar, ==, "N");
  g_assert_true (arg->required);
  g_assert_cmpuint (arg->line, ==, 3);
  arg = arg_at (args, 2);
  g_assert_cmpstr (arg->name, ==, "-v");
  g_assert_null (arg->short_name);
  g_assert_true (arg->flag);
  arg = arg_at (args, 3);
  g_assert_cmpuint (g_strv_length (arg->choices), ==, 2);
  g_assert_cmpstr (arg->choices[1], ==, "b");
  g_assert_cmpstr (arg->default_value, ==, "a");
  arg = arg_at (args, 4);
  g_assert_cmpstr (arg->choices[1], ==, "2.5");
  g_assert_cmpstr (arg->type, ==, "pathlib.Path");
  g_assert_null (arg->default_value);
  arg = arg_at (args, 5);
  g_assert_cmpstr (arg->name, ==, "target");
  g_assert_true (arg->required);
  arg = arg_at (args, 6);
  g_assert_true (arg->flag);
  g_assert_cmpstr (arg->default_value, ==, "True");
  arg = arg_at (args, 7);
  g_assert_cmpstr (arg->dest, ==, "other");
  g_assert_cmpstr (arg->help, ==, "ab");
  g_assert_null (arg->default_value);
  g_assert_null (arg->choices);
}

static const LwScriptSymbol *
symbol_at (GPtrArray *symbols, guint index)
{
  g_assert_cmpuint (index, <, symbols->len);
  return g_ptr_array_index (symbols, index);
}

static void
test_outline_lab (void)
{
  static const char *const names[] = { "main",        "get_data",   "split_data",
                                       "train_model", "eval_model", "parse_args" };
  g_autofree char *source = dup_lab_script ();
  g_autoptr (GPtrArray) symbols = lw_script_outline_read (source);

  g_assert_cmpuint (symbols->len, ==, G_N_ELEMENTS (names));
  for (guint i = 0; i < symbols->len; i++)
    g_assert_cmpstr (symbol_at (symbols, i)->name, ==, names[i]);
  g_assert_cmpstr (symbol_at (symbols, 3)->signature, ==,
                   "train_model(reg_rate, X_train, y_train)");
}

static void
test_outline_forms (void)
{
  g_autoptr (GPtrArray) symbols = lw_script_outline_read (
    "class A(Base):\n"
    "    x = 1\n"
    "\n"
    "    @property\n"
    "    async def f(self,\n"
    "                a: int = {1: 2}[1]) -> str:\n"
    "        def inner(): return '''\n"
    "        '''\n"
    "\n"
    "        return 1\n"
    "    # after\n"
    "\n"
    "def g(): pass\n"
    "'def no(): pass'\n"
    "def h(\n");
  const LwScriptSymbol *symbol;

  g_assert_cmpuint (symbols->len, ==, 5);
  symbol = symbol_at (symbols, 0);
  g_assert_true (symbol->is_class);
  g_assert_cmpstr (symbol->signature, ==, "A(Base)");
  g_assert_cmpuint (symbol->end_line, ==, 10);
  symbol = symbol_at (symbols, 1);
  g_assert_cmpstr (symbol->signature, ==, "f(self, a: int = {1: 2}[1])");
  g_assert_cmpuint (symbol->depth, ==, 1);
  g_assert_cmpuint (symbol->line, ==, 5);
  g_assert_cmpuint (symbol->end_line, ==, 10);
  symbol = symbol_at (symbols, 2);
  g_assert_cmpstr (symbol->name, ==, "inner");
  g_assert_cmpuint (symbol->depth, ==, 2);
  g_assert_cmpuint (symbol->end_line, ==, 8);
  symbol = symbol_at (symbols, 3);
  g_assert_cmpstr (symbol->name, ==, "g");
  g_assert_cmpuint (symbol->line, ==, 13);
  g_assert_cmpuint (symbol->end_line, ==, 13);
}

#define LINE "import pandas as pd"

static void
test_edit_lab (void)
{
  g_autofree char *source = dup_lab_script ();
  g_autofree char *broken = lw_script_edit_remove_line (source, LINE);
  g_autofree char *mended = NULL;

  g_assert_true (lw_script_edit_has_line (source, LINE));
  g_assert_nonnull (broken);
  g_assert_false (lw_script_edit_has_line (broken, LINE));
  g_assert_cmpuint (strlen (source) - strlen (broken), ==, strlen (LINE "\n"));
  g_assert_null (lw_script_edit_remove_line (broken, LINE));
  mended = lw_script_edit_restore_line (broken, source, LINE);
  g_assert_cmpstr (mended, ==, source);
  g_assert_null (lw_script_edit_restore_line (source, source, LINE));
  g_assert_null (lw_script_edit_restore_line (broken, broken, LINE));
}

static const struct
{
  const char *text;
  const char *original;
  const char *mended;
} edits[] = {
  { "b\n", LINE "\nb\n", LINE "\nb\n" },
  { "# mine\na\nb\n", "a\n" LINE "\nb\n", "# mine\na\n" LINE "\nb\n" },
  { "# mine\na\nb\n", "a\n\n" LINE "\nb\n", "# mine\na\n" LINE "\nb\n" },
  { "x\n", "a\n" LINE "\nb\n", LINE "\nx\n" },
  { "x\na", "a\n" LINE "\n", "x\na\n" LINE "\n" },
  { "", LINE, LINE },
  { "a\r\nb\r\n", "a\r\n" LINE "\r\nb\r\n", "a\r\n" LINE "\r\nb\r\n" },
};

static void
test_edit_changed (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (edits); i++)
    {
      g_autofree char *mended
          = lw_script_edit_restore_line (edits[i].text, edits[i].original, LINE);

      g_assert_cmpstr (mended, ==, edits[i].mended);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/script-source/args-lab", test_args_lab);
  g_test_add_func ("/script-source/args-forms", test_args_forms);
  g_test_add_func ("/script-source/outline-lab", test_outline_lab);
  g_test_add_func ("/script-source/outline-forms", test_outline_forms);
  g_test_add_func ("/script-source/edit-lab", test_edit_lab);
  g_test_add_func ("/script-source/edit-changed", test_edit_changed);
  return g_test_run ();
}

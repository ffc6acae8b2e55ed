/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lw-script-command.h"

#define SOURCE                                                                                    \
  "p.add_argument('--training_data', type=str)\n"                                                 \
  "p.add_argument('--reg_rate', type=float, default=0.01)\n"                                      \
  "p.add_argument('--verbose', action='store_true')\n"                                            \
  "p.add_argument('out')\n"

static void
assert_line (LwScriptCommand *command, gboolean with_arguments, const char *expected)
{
  g_auto (GStrv) argv
    = lw_script_command_dup_argv (command, "/usr/bin/python3", "train.py", with_arguments);
  g_autofree char *line = lw_script_command_dup_line ((const char *const *) argv);

  g_assert_cmpstr (line, ==, expected);
}

static void
test_values (void)
{
  g_autoptr (LwScriptCommand) command = lw_script_command_new ();

  g_assert_true (lw_script_command_read (command, SOURCE));
  g_assert_false (lw_script_command_read (command, "# moved\n" SOURCE));
  g_assert_cmpuint (lw_script_command_get_args (command)->len, ==, 4);
  g_assert_null (lw_script_command_get_value (command, "--training_data"));
  g_assert_cmpstr (lw_script_command_get_value (command, "--reg_rate"), ==, "0.01");
  assert_line (command, TRUE, "/usr/bin/python3 train.py");

  lw_script_command_set_value (command, "--training_data", "diabetes.csv");
  lw_script_command_set_value (command, "--reg_rate", "0.01");
  assert_line (command, TRUE, "/usr/bin/python3 train.py --training_data diabetes.csv");
  assert_line (command, FALSE, "/usr/bin/python3 train.py");

  lw_script_command_set_value (command, "--reg_rate", "0.1");
  lw_script_command_set_value (command, "--verbose", "yes");
  lw_script_command_set_value (command, "out", "a b; c");
  assert_line (command, TRUE,
               "/usr/bin/python3 train.py --training_data diabetes.csv --reg_rate 0.1 --verbose "
               "'a b; c'");

  lw_script_command_set_value (command, "--reg_rate", NULL);
  lw_script_command_set_value (command, "--verbose", NULL);
  lw_script_command_set_value (command, "out", "");
  assert_line (command, TRUE, "/usr/bin/python3 train.py --training_data diabetes.csv");
}

/* What was typed is still there when an argument comes back. */
static void
test_edited (void)
{
  g_autoptr (LwScriptCommand) command = lw_script_command_new ();

  lw_script_command_read (command, SOURCE);
  lw_script_command_set_value (command, "--training_data", "diabetes.csv");
  g_assert_true (lw_script_command_read (command, "print()\n"));
  g_assert_cmpuint (lw_script_command_get_args (command)->len, ==, 0);
  assert_line (command, TRUE, "/usr/bin/python3 train.py");
  g_assert_true (lw_script_command_read (command, SOURCE));
  assert_line (command, TRUE, "/usr/bin/python3 train.py --training_data diabetes.csv");
  g_assert_true (lw_script_command_read (
    command, "p.add_argument('--reg_rate', choices=['a', 'b'], default='a')\n"));
  g_assert_true (lw_script_command_read (
    command, "p.add_argument('--reg_rate', choices=['a', 'c'], default='a')\n"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/script-command/values", test_values);
  g_test_add_func ("/script-command/edited", test_edited);
  return g_test_run ();
}

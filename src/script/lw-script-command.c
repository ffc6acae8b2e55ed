/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The call of a script, from what it declares and what was typed. One thread at a time. */

#include "lw-script-command.h"

#include <string.h>

struct _LwScriptCommand
{
  GPtrArray *args;    /* owned; of LwScriptArg */
  GHashTable *values; /* owned; name to what was typed, both char * */
};

LwScriptCommand *
lw_script_command_new (void)
{
  LwScriptCommand *self = g_new0 (LwScriptCommand, 1);

  self->args = g_ptr_array_new_with_free_func ((GDestroyNotify) lw_script_arg_free);
  self->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
lw_script_command_free (LwScriptCommand *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->args);
  g_hash_table_unref (self->values);
  g_free (self);
}

static gboolean
is_same (const LwScriptArg *a, const LwScriptArg *b)
{
  gboolean same_choices = a->choices == NULL || b->choices == NULL
                            ? a->choices == b->choices
                            : g_strv_equal ((const char *const *) a->choices,
                                            (const char *const *) b->choices);

  return g_strcmp0 (a->name, b->name) == 0 && g_strcmp0 (a->default_value, b->default_value) == 0
         && g_strcmp0 (a->help, b->help) == 0 && a->flag == b->flag
         && a->positional == b->positional && a->required == b->required && same_choices;
}

static gboolean
are_same (GPtrArray *a, GPtrArray *b)
{
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    if (!is_same (g_ptr_array_index (a, i), g_ptr_array_index (b, i)))
      return FALSE;
  return TRUE;
}

gboolean
lw_script_command_read (LwScriptCommand *self, const char *source)
{
  g_autoptr (GPtrArray) args = NULL;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (source != NULL, FALSE);

  args = lw_script_args_read (source);
  if (are_same (self->args, args))
    return FALSE;
  g_ptr_array_unref (self->args);
  self->args = g_steal_pointer (&args);
  return TRUE;
}

GPtrArray *
lw_script_command_get_args (LwScriptCommand *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->args;
}

void
lw_script_command_set_value (LwScriptCommand *self, const char *name, const char *value)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (name != NULL);

  if (value == NULL)
    g_hash_table_remove (self->values, name);
  else
    g_hash_table_insert (self->values, g_strdup (name), g_strdup (value));
}

const char *
lw_script_command_get_value (LwScriptCommand *self, const char *name)
{
  const char *value;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  value = g_hash_table_lookup (self->values, name);
  for (guint i = 0; value == NULL && i < self->args->len; i++)
    {
      const LwScriptArg *arg = g_ptr_array_index (self->args, i);

      if (strcmp (arg->name, name) == 0)
        value = arg->default_value;
    }
  return value;
}

static void
add_arg (LwScriptCommand *self, const LwScriptArg *arg, GPtrArray *argv)
{
  const char *value = g_hash_table_lookup (self->values, arg->name);

  if (value == NULL || *value == '\0'
      || (!arg->positional && g_strcmp0 (value, arg->default_value) == 0))
    return;
  if (!arg->positional)
    g_ptr_array_add (argv, g_strdup (arg->name));
  if (!arg->flag)
    g_ptr_array_add (argv, g_strdup (value));
}

char **
lw_script_command_dup_argv (LwScriptCommand *self, const char *python, const char *script,
                            gboolean with_arguments)
{
  GPtrArray *argv = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (python != NULL, NULL);
  g_return_val_if_fail (script != NULL, NULL);

  argv = g_ptr_array_new ();
  g_ptr_array_add (argv, g_strdup (python));
  g_ptr_array_add (argv, g_strdup (script));
  for (guint i = 0; with_arguments && i < self->args->len; i++)
    add_arg (self, g_ptr_array_index (self->args, i), argv);
  g_ptr_array_add (argv, NULL);
  return (char **) g_ptr_array_free (argv, FALSE);
}

/* Words that no shell changes stay bare, so that a person can read them. */
static gboolean
is_plain (const char *word)
{
  static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                              "-_./:=@,+%";

  return *word != '\0' && word[strspn (word, plain)] == '\0';
}

char *
lw_script_command_dup_line (const char *const *argv)
{
  GString *line = NULL;

  g_return_val_if_fail (argv != NULL, NULL);

  line = g_string_new (NULL);
  for (gsize i = 0; argv[i] != NULL; i++)
    {
      g_autofree char *quoted = is_plain (argv[i]) ? NULL : g_shell_quote (argv[i]);

      if (i > 0)
        g_string_append_c (line, ' ');
      g_string_append (line, quoted != NULL ? quoted : argv[i]);
    }
  return g_string_free (line, FALSE);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The places in a job's command that stand for its inputs and outputs. Pure, any thread. */

#include "lwp-job-command.h"

#include <gio/gio.h>
#include <string.h>

#define OPENING "${{"
#define CLOSING "}}"

char *
lwp_job_command_expand (const char *command, GHashTable *values, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const char *opening;

  while ((opening = strstr (command, OPENING)) != NULL)
    {
      const char *closing = strstr (opening, CLOSING);
      g_autofree char *name = NULL;
      const char *value;

      if (closing == NULL)
        break;
      name = g_strstrip (g_strndup (opening + strlen (OPENING),
                                    (gsize) (closing - opening) - strlen (OPENING)));
      value = g_hash_table_lookup (values, name);
      if (value == NULL)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                       "The command names ${{%s}}, which the job does not have.", name);
          return NULL;
        }
      g_string_append_len (text, command, opening - command);
      g_string_append (text, value);
      command = closing + strlen (CLOSING);
    }
  g_string_append (text, command);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * lwp_job_command_expand:
 * @command: a command with places like "${{inputs.training_data}}"
 * @values: (element-type utf8 utf8): "inputs.training_data" to what stands for it
 *
 * Returns: (transfer full) (nullable): the command for the shell; %NULL with
 *   %G_IO_ERROR_INVALID_ARGUMENT when it names something that is not there
 */
char *lwp_job_command_expand (const char *command, GHashTable *values, GError **error);

G_END_DECLS

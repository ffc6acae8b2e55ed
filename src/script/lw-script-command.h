/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-script-args.h"

G_BEGIN_DECLS

/**
 * LwScriptCommand:
 *
 * How a script is called: the arguments it declares and what a person typed for them, which stays
 * while the script is edited, also for an argument that is gone for a moment. One thread at a time.
 */
typedef struct _LwScriptCommand LwScriptCommand;

LwScriptCommand *lw_script_command_new (void);
void lw_script_command_free (LwScriptCommand *self);

/**
 * lw_script_command_read:
 * @source: the script
 *
 * Returns: whether its arguments differ from those read before
 */
gboolean lw_script_command_read (LwScriptCommand *self, const char *source);

/** lw_script_command_get_args: Returns: (transfer none) (element-type LwScriptArg): replaced when
 *   the script is read again */
GPtrArray *lw_script_command_get_args (LwScriptCommand *self);

/**
 * lw_script_command_set_value:
 * @name: as the script declares it, "--reg_rate"
 * @value: (nullable): as typed; of a flag "yes" when it is given; %NULL for the script's default
 */
void lw_script_command_set_value (LwScriptCommand *self, const char *name, const char *value);

/** lw_script_command_get_value: Returns: (transfer none) (nullable): as typed, else the default */
const char *lw_script_command_get_value (LwScriptCommand *self, const char *name);

/**
 * lw_script_command_dup_argv:
 * @python: the interpreter
 * @script: as it is to be called
 * @with_arguments: %FALSE for the call without any
 *
 * What is empty or equal to the script's own default is left out.
 *
 * Returns: (transfer full): %NULL-terminated
 */
char **lw_script_command_dup_argv (LwScriptCommand *self, const char *python, const char *script,
                                   gboolean with_arguments);

/** lw_script_command_dup_line: Returns: (transfer full): @argv as a person would type it in a
 *   shell, quoted only where it has to be */
char *lw_script_command_dup_line (const char *const *argv);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwScriptCommand, lw_script_command_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LwScriptArg:
 *
 * One argument that a script declares by `add_argument`, as far as its source tells it. What is
 * computed (`default=DEFAULTS["rate"]`) is not known and NULL.
 */
typedef struct
{
  char *name;          /* owned: the long form, "--reg_rate", or a positional's "file" */
  char *short_name;    /* owned (nullable): "-r" */
  char *dest;          /* owned: the attribute it is kept in, "reg_rate" */
  char *type;          /* owned (nullable): "str", "int", "float", or the name that is called */
  char *default_value; /* owned (nullable): as a person would type it: 0.01, not "0.01" in quotes */
  char *help;          /* owned (nullable) */
  char *metavar;       /* owned (nullable) */
  char **choices;      /* owned (nullable): as typed */
  gboolean required;   /* `required=True`, or positional without a default */
  gboolean positional;
  gboolean flag;       /* takes no value: `action="store_true"` and its kin */
  guint line;          /* where it is declared, from 1 */
} LwScriptArg;

/* A script declares no more than this. */
#define LW_SCRIPT_ARGS_MAX 256

/**
 * lw_script_args_read:
 * @source: Python source, UTF-8
 *
 * Finds the calls of `….add_argument(…)` without running anything. Source that is no valid Python
 * gives what could be read.
 *
 * Returns: (transfer full) (element-type LwScriptArg): in the order of the source
 */
GPtrArray *lw_script_args_read (const char *source);

void lw_script_arg_free (LwScriptArg *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwScriptArg, lw_script_arg_free)

G_END_DECLS

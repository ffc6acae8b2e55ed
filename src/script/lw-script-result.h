/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LwScriptFailure: what kind of exception ended a script, as far as there is advice for it
 * @LW_SCRIPT_FAILURE_NONE: no traceback in the output
 * @LW_SCRIPT_FAILURE_MISSING_MODULE: `missing_module` is not installed
 * @LW_SCRIPT_FAILURE_LIBRARY: a compiled module does not load (libstdc++ and its kin)
 * @LW_SCRIPT_FAILURE_NO_PATH: the path to the data is None: the argument was left out
 * @LW_SCRIPT_FAILURE_FILE_NOT_FOUND: a file or folder is not there
 * @LW_SCRIPT_FAILURE_NAME: a name is not defined: an import was removed, or a slip of the pen
 * @LW_SCRIPT_FAILURE_SYNTAX: no valid Python
 * @LW_SCRIPT_FAILURE_MEMORY: out of memory
 * @LW_SCRIPT_FAILURE_DENIED: no permission
 * @LW_SCRIPT_FAILURE_ARGUMENTS: argparse refused the arguments
 * @LW_SCRIPT_FAILURE_OTHER: any other exception
 */
typedef enum
{
  LW_SCRIPT_FAILURE_NONE,
  LW_SCRIPT_FAILURE_MISSING_MODULE,
  LW_SCRIPT_FAILURE_LIBRARY,
  LW_SCRIPT_FAILURE_NO_PATH,
  LW_SCRIPT_FAILURE_FILE_NOT_FOUND,
  LW_SCRIPT_FAILURE_NAME,
  LW_SCRIPT_FAILURE_SYNTAX,
  LW_SCRIPT_FAILURE_MEMORY,
  LW_SCRIPT_FAILURE_DENIED,
  LW_SCRIPT_FAILURE_ARGUMENTS,
  LW_SCRIPT_FAILURE_OTHER,
} LwScriptFailure;

/** LwScriptFrame: one place a traceback names */
typedef struct
{
  char *file;     /* owned: as printed */
  guint line;     /* from 1 */
  char *function; /* owned: "main", "<module>" */
} LwScriptFrame;

/**
 * LwScriptResult: what a script's output tells. The same reading serves the test on this computer
 * and the log of a job, so that the two can be laid side by side. Owned by the caller.
 */
typedef struct
{
  double accuracy;      /* NAN when not printed; the last one counts */
  double auc;           /* NAN when not printed; the last one counts */
  char *last_line;      /* owned (nullable): printed last, before a traceback */
  LwScriptFailure failure;
  char *exception;      /* owned (nullable): "ModuleNotFoundError" */
  char *message;        /* owned (nullable): "No module named 'pandas'" */
  char *missing_module; /* owned (nullable): "pandas" */
  GPtrArray *frames;    /* owned: of LwScriptFrame, outermost first */
} LwScriptResult;

/* Lines of a traceback beyond this many frames are skipped. */
#define LW_SCRIPT_RESULT_MAX_FRAMES 200

/**
 * lw_script_result_read:
 * @output: UTF-8; colours and other escape sequences, and what stood before a carriage return in
 *   its line, are passed over
 */
LwScriptResult *lw_script_result_read (const char *output);

/**
 * lw_script_result_get_frame_in:
 * @folder: a folder
 *
 * Returns: (transfer none) (nullable): the innermost frame of a file below @folder or of a
 *   relative file: the line a person can mend
 */
const LwScriptFrame *lw_script_result_get_frame_in (const LwScriptResult *self, const char *folder);

void lw_script_result_free (LwScriptResult *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwScriptResult, lw_script_result_free)

G_END_DECLS

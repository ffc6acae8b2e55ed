/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-script-runner.h"

G_BEGIN_DECLS

/* Sentences of step 3: how a run ended and why, what a Python lacks. Main thread. */

/** LwScriptTexts: all owned; @title: %NULL when there is nothing to say; @todo: (nullable) */
typedef struct
{
  char *title;
  char *meaning;
  char *todo;
} LwScriptTexts;

/** lw_script_texts_fill: @texts: (out caller-allocates): about the last run, plain text */
void lw_script_texts_fill (LwScriptRunner *runner, LwScriptTexts *texts);

/** lw_script_texts_fill_failure: @texts: holds nothing before: about how a script on this computer
 *   failed */
void lw_script_texts_fill_failure (const LwScriptResult *result, LwScriptTexts *texts);
void lw_script_texts_clear (LwScriptTexts *texts);

/** lw_script_texts_dup_end: Returns: (transfer full) (nullable): "Exit status 1" */
char *lw_script_texts_dup_end (LwScriptRunner *runner);

/** lw_script_texts_dup_python: Returns: (transfer full): what can be said of @python in a line */
char *lw_script_texts_dup_python (const LwPython *python);

/** lw_script_texts_dup_install: Returns: (transfer full): shell commands that put @modules where a
 *   later look finds them */
char *lw_script_texts_dup_install (const char *const *modules);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LwScriptTexts, lw_script_texts_clear)

G_END_DECLS

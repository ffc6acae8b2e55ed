/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "lw-python.h"
#include "lw-script-result.h"
#include "lw-script-run.h"
#include "lw-session.h"

G_BEGIN_DECLS

#define LW_TYPE_SCRIPT_RUNNER (lw_script_runner_get_type ())
G_DECLARE_FINAL_TYPE (LwScriptRunner, lw_script_runner, LW, SCRIPT_RUNNER, GObject)

/**
 * LwScriptOutcome: of the last run
 * @LW_SCRIPT_OUTCOME_NONE: there was none
 * @LW_SCRIPT_OUTCOME_RUNNING: it runs
 * @LW_SCRIPT_OUTCOME_STOPPED: the person stopped it
 * @LW_SCRIPT_OUTCOME_PASSED: exit status 0
 * @LW_SCRIPT_OUTCOME_EXPECTED: it failed as the lab wants to show: without arguments, or broken
 * @LW_SCRIPT_OUTCOME_FAILED: it failed
 */
typedef enum
{
  LW_SCRIPT_OUTCOME_NONE,
  LW_SCRIPT_OUTCOME_RUNNING,
  LW_SCRIPT_OUTCOME_STOPPED,
  LW_SCRIPT_OUTCOME_PASSED,
  LW_SCRIPT_OUTCOME_EXPECTED,
  LW_SCRIPT_OUTCOME_FAILED,
} LwScriptOutcome;

/**
 * LwScriptRunner:
 *
 * The Pythons of this computer and the runs of the script with one of them: the half of step 3 that
 * LwScriptModel has. Main thread.
 *
 * Signals:
 *   "changed" (): anything that the getters tell
 *   "ended" (): a run came to its end, whatever its outcome; before "changed"
 */

/** lw_script_runner_new: @session: borrowed, outlives the runner's work */
LwScriptRunner *lw_script_runner_new (LwSession *session);

/** lw_script_runner_get_error: Returns: (nullable): why the last work could not be done */
const GError *lw_script_runner_get_error (LwScriptRunner *self);

/* ---- Python ---- */

/** lw_script_runner_find_pythons: @folder: (nullable): may hold a virtual environment */
void lw_script_runner_find_pythons (LwScriptRunner *self, const char *folder);
gboolean lw_script_runner_is_looking (LwScriptRunner *self);

/** lw_script_runner_get_pythons: Returns: (nullable) (element-type LwPython) */
GPtrArray *lw_script_runner_get_pythons (LwScriptRunner *self);

/** lw_script_runner_get_python: Returns: (nullable): the one that runs the script */
const LwPython *lw_script_runner_get_python (LwScriptRunner *self);
void lw_script_runner_choose_python (LwScriptRunner *self, const char *path);

/* ---- Run ---- */

/**
 * LwScriptCall: what is run
 * @argv: the interpreter, the script, its arguments
 * @directory: of the script
 * @folder: the work folder, for the record
 * @is_bare: without arguments: it is expected to fail
 * @is_broken: without an import: it is expected to fail
 */
typedef struct
{
  const char *const *argv;
  const char *directory;
  const char *folder;
  gboolean is_bare;
  gboolean is_broken;
} LwScriptCall;

/** lw_script_runner_start: does nothing while a script runs */
void lw_script_runner_start (LwScriptRunner *self, const LwScriptCall *call);

/** lw_script_runner_stop: ends the script and all it started */
void lw_script_runner_stop (LwScriptRunner *self);
gboolean lw_script_runner_is_running (LwScriptRunner *self);

LwScriptOutcome lw_script_runner_get_outcome (LwScriptRunner *self);

/** lw_script_runner_was_bare, lw_script_runner_was_broken: of the call last started */
gboolean lw_script_runner_was_bare (LwScriptRunner *self);
gboolean lw_script_runner_was_broken (LwScriptRunner *self);

/** lw_script_runner_get_run: Returns: (nullable): how the last run ended */
const LwScriptRunResult *lw_script_runner_get_run (LwScriptRunner *self);

/** lw_script_runner_get_result: Returns: (nullable): what its output tells */
const LwScriptResult *lw_script_runner_get_result (LwScriptRunner *self);

/** lw_script_runner_get_started: Returns: when the last run began, wall clock µs; 0 when none */
gint64 lw_script_runner_get_started (LwScriptRunner *self);

/** lw_script_runner_get_output: Returns: (transfer none): what it printed, safe to show */
GtkTextBuffer *lw_script_runner_get_output (LwScriptRunner *self);

G_END_DECLS

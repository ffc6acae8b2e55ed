/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-notebook.h"
#include "lw-script-command.h"
#include "lw-script-document.h"
#include "lw-script-runner.h"

G_BEGIN_DECLS

#define LW_TYPE_SCRIPT_MODEL (lw_script_model_get_type ())
G_DECLARE_FINAL_TYPE (LwScriptModel, lw_script_model, LW, SCRIPT_MODEL, GObject)

/**
 * LwScriptStage: what comes next in step 3, in the order in which the lab teaches it
 * @LW_SCRIPT_COPY: the material has to be brought into the work folder
 * @LW_SCRIPT_READ: the notebook was not opened yet
 * @LW_SCRIPT_CONVERT: the notebook is to become a script
 * @LW_SCRIPT_RUN_BARE: the script is to be run without arguments, which fails
 * @LW_SCRIPT_BREAK: an import is to be removed on purpose
 * @LW_SCRIPT_RUN_BROKEN: the broken script is to be run, which fails
 * @LW_SCRIPT_MEND: the import is to be put back
 * @LW_SCRIPT_RUN: the script is to be run with its arguments
 * @LW_SCRIPT_DONE: it ran and printed its accuracy
 */
typedef enum
{
  LW_SCRIPT_COPY,
  LW_SCRIPT_READ,
  LW_SCRIPT_CONVERT,
  LW_SCRIPT_RUN_BARE,
  LW_SCRIPT_BREAK,
  LW_SCRIPT_RUN_BROKEN,
  LW_SCRIPT_MEND,
  LW_SCRIPT_RUN,
  LW_SCRIPT_DONE,
} LwScriptStage;

/** LwScriptFile: the two scripts of the lab */
typedef enum
{
  LW_SCRIPT_FILE_FLAT,  /* what the notebook converts to */
  LW_SCRIPT_FILE_FINAL, /* with functions and arguments */
} LwScriptFile;
#define LW_N_SCRIPT_FILES 2

/**
 * LwScriptModel:
 *
 * The work of step 3: the lab's files in the work folder, conversion, the two scripts being edited,
 * and the stage of the lesson; Pythons and runs are its runner's. Outlives its page. Main thread; needs no account and no network.
 *
 * Signals:
 *   "changed" (): anything that the getters tell
 *   "conflict" (): conversion found another text in the flat script's place and wrote nothing; see
 *     lw_script_model_convert()
 */

/* ---- State ---- */

LwScriptStage lw_script_model_get_stage (LwScriptModel *self);

/** lw_script_model_is_working: Returns: whether files are copied or converted or a script runs */
gboolean lw_script_model_is_working (LwScriptModel *self);

/** lw_script_model_get_error: Returns: (nullable): of the last work or of a document */
const GError *lw_script_model_get_error (LwScriptModel *self);

/* ---- Material ---- */

/** lw_script_model_open: brings the material into the work folder and looks for Pythons, once */
void lw_script_model_open (LwScriptModel *self);

/** lw_script_model_look: the same again: what is missing is copied, Pythons are looked for */
void lw_script_model_look (LwScriptModel *self);

/** lw_script_model_get_folder: Returns: (nullable): the work folder */
const char *lw_script_model_get_folder (LwScriptModel *self);

/** lw_script_model_set_folder: another work folder */
void lw_script_model_set_folder (LwScriptModel *self, const char *folder);

/** lw_script_model_get_files: Returns: (nullable) (element-type LwLabFile): as the last copy found
 *   and left them */
GPtrArray *lw_script_model_get_files (LwScriptModel *self);

/** lw_script_model_replace: puts the lab's own @path in the place of the changed one */
void lw_script_model_replace (LwScriptModel *self, const char *path);

/* ---- Notebook and scripts ---- */

LwNotebook *lw_script_model_get_notebook (LwScriptModel *self);

/** lw_script_model_get_notebook_error: Returns: (nullable): why there is none */
const GError *lw_script_model_get_notebook_error (LwScriptModel *self);

/** lw_script_model_set_read: the notebook was shown to the person */
void lw_script_model_set_read (LwScriptModel *self);

/** lw_script_model_convert: @replace: another text in its place may go */
void lw_script_model_convert (LwScriptModel *self, gboolean replace);

LwScriptDocument *lw_script_model_get_document (LwScriptModel *self, LwScriptFile file);

/** lw_script_model_is_broken: Returns: whether the final script lacks the lab's break line */
gboolean lw_script_model_is_broken (LwScriptModel *self);

/** lw_script_model_can_break: Returns: whether that line is there to be removed */
gboolean lw_script_model_can_break (LwScriptModel *self);

/** lw_script_model_break: removes the line and saves; Returns: where it was, from 1, or 0 */
guint lw_script_model_break (LwScriptModel *self);

/** lw_script_model_mend: puts the line back and saves; Returns: where it is, from 1, or 0 */
guint lw_script_model_mend (LwScriptModel *self);

/* ---- Run ---- */

/** lw_script_model_get_runner: Returns: (transfer none): its changes are the model's too */
LwScriptRunner *lw_script_model_get_runner (LwScriptModel *self);

/** lw_script_model_find_pythons: looks again, also in the work folder */
void lw_script_model_find_pythons (LwScriptModel *self);

/** lw_script_model_get_command: Returns: (transfer none): follows the final script; values are set
 *   by lw_script_model_set_value() */
LwScriptCommand *lw_script_model_get_command (LwScriptModel *self);
void lw_script_model_set_value (LwScriptModel *self, const char *name, const char *value);

/** lw_script_model_dup_line: Returns: (transfer full) (nullable): what would be run */
char *lw_script_model_dup_line (LwScriptModel *self);

/** lw_script_model_can_run: Returns: whether there is a script, a Python, and nothing runs */
gboolean lw_script_model_can_run (LwScriptModel *self);

/** lw_script_model_run: saves what was edited, then runs the final script */
void lw_script_model_run (LwScriptModel *self, gboolean with_arguments);

/** lw_script_model_stop: ends what runs, or the copy or conversion under way */
void lw_script_model_stop (LwScriptModel *self);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-lab-files.h"
#include "lw-mailbox.h"
#include "lw-notebook.h"
#include "lw-python.h"
#include "lw-record.h"
#include "lw-script-result.h"
#include "lw-script-run.h"

G_BEGIN_DECLS

/* What step 3 does on a worker; the model (lw-script-model.h) gives the inputs and reads results
 * and letters. Everything is owned by its struct. */

/* ---- Material ---- */

/** LwScriptMaterialInput: @replace: (nullable): changed files that may be replaced */
typedef struct
{
  LwLab *lab;
  LwRecord *record;
  char *lab_folder; /* (nullable): another copy of the lab's code folder */
  char *folder;     /* the work folder */
  char **replace;
} LwScriptMaterialInput;

void lw_script_material_input_free (LwScriptMaterialInput *self);

/**
 * LwScriptMaterial: what lies in the work folder now
 * @notebook: (nullable): %NULL with @notebook_error, or in a lab without one
 * @original: the script as the lab gives it
 * @converted: the flat script is there and is what the notebook converts to
 */
typedef struct
{
  GPtrArray *files; /* of LwLabFile, relative to the code folder */
  LwNotebook *notebook;
  GError *notebook_error;
  char *original;
  gboolean converted;
} LwScriptMaterial;

void lw_script_material_free (LwScriptMaterial *self);

/** lw_script_get_material_in_pool: an #LwPoolFunc over #LwScriptMaterialInput: copies what is
 *   missing, keeps the folder in the record, reads. Returns: #LwScriptMaterial */
gpointer lw_script_get_material_in_pool (gpointer input, GCancellable *cancellable,
                                         GError **error);

/* ---- Conversion ---- */

/** LwScriptConvertInput: @replace: the person agreed to have another text at @path replaced;
 *   @conflict: (out): there is one and nothing was written */
typedef struct
{
  LwNotebook *notebook;
  char *path;
  gboolean replace;
  gboolean conflict;
} LwScriptConvertInput;

void lw_script_convert_input_free (LwScriptConvertInput *self);

/** lw_script_convert_in_pool: Returns: %NULL in any case */
gpointer lw_script_convert_in_pool (gpointer input, GCancellable *cancellable, GError **error);

/* ---- Pythons ---- */

typedef struct
{
  LwClock *clock;
  char *folder; /* may hold a virtual environment */
  char *first;  /* (nullable): chosen before */
  char **modules;
} LwScriptPythonInput;

void lw_script_python_input_free (LwScriptPythonInput *self);

/** lw_script_find_python_in_pool: Returns: (element-type LwPython): #GPtrArray */
gpointer lw_script_find_python_in_pool (gpointer input, GCancellable *cancellable,
                                        GError **error);

/* ---- Run ---- */

/* Of what the local test printed, the record keeps this much of the end. */
#define LW_SCRIPT_MAX_KEPT_OUTPUT (16 * 1024)

/** LwScriptRunInput: @mailbox: gets what was printed, as char *, safe to show; @record: gets the
 *   figures of a run that ended well */
typedef struct
{
  LwClock *clock;
  LwRecord *record;
  LwMailbox *mailbox;
  char **argv;
  char *directory;
  char *folder; /* the work folder, for the record */
} LwScriptRunInput;

void lw_script_run_input_free (LwScriptRunInput *self);

/** LwScriptRan: a run that ended by itself; @record_error: (nullable): its figures were not kept */
typedef struct
{
  LwScriptRunResult *run;
  LwScriptResult *result;
  GError *record_error;
} LwScriptRan;

void lw_script_ran_free (LwScriptRan *self);

/** lw_script_run_in_pool: Returns: #LwScriptRan */
gpointer lw_script_run_in_pool (gpointer input, GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwScriptMaterial, lw_script_material_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwScriptRan, lw_script_ran_free)

G_END_DECLS

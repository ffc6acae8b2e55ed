/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-clock.h"

G_BEGIN_DECLS

/**
 * LwPythonKind: where an interpreter was found
 * @LW_PYTHON_PATH: by the search path
 * @LW_PYTHON_SYSTEM: /usr/bin/python3, the distribution's
 * @LW_PYTHON_VENV: in a virtual environment
 * @LW_PYTHON_CONDA: in a conda environment
 */
typedef enum
{
  LW_PYTHON_PATH,
  LW_PYTHON_SYSTEM,
  LW_PYTHON_VENV,
  LW_PYTHON_CONDA,
} LwPythonKind;

/** LwPythonLack: a module that cannot be imported, and Python's own words why */
typedef struct
{
  char *module;    /* owned: "sklearn" */
  char *exception; /* owned: "ModuleNotFoundError", "ImportError", … */
  char *message;   /* owned: "No module named 'sklearn'" */
} LwPythonLack;

/** LwPython: one interpreter; immutable, reference counted, any thread */
typedef struct
{
  char *path;       /* owned: what to run */
  char *version;    /* owned (nullable): "3.11.2"; NULL when it did not answer */
  char *prefix;     /* owned (nullable): sys.prefix, the folder of its environment */
  LwPythonKind kind;
  GPtrArray *lacks; /* owned: of LwPythonLack, in the order asked; empty when it can import all */
  char *failure;    /* owned (nullable): why it did not answer: its last words, or "timed-out" */
} LwPython;

LwPython *lw_python_ref (LwPython *self);
void lw_python_unref (LwPython *self);

/** lw_python_is_usable: Returns: whether it answered and can import every module asked for */
gboolean lw_python_is_usable (const LwPython *self);

/**
 * LwPythonPlaces: where to look; every member may be %NULL
 * @path: a search path; %NULL for that of the environment
 * @home: for ~/.virtualenvs, ~/miniconda3, ~/.pyenv, …; %NULL for the person's
 * @folder: a work folder that may hold `.venv` or `venv`
 * @first: an interpreter chosen before, asked first
 * @system: %NULL for /usr/bin/python3
 */
typedef struct
{
  const char *path;
  const char *home;
  const char *folder;
  const char *first;
  const char *system;
} LwPythonPlaces;

/* How long one interpreter may take to import the modules: a cold disk and scikit-learn need some
 * seconds. */
#define LW_PYTHON_TIMEOUT_MS 60000

/* More than so many interpreters are not asked. */
#define LW_PYTHON_MAX 24

/**
 * lw_python_probe:
 * @path: an interpreter
 * @modules: %NULL-terminated
 *
 * Starts @path once and lets it import each of @modules, in the environment a script gets
 * (lw-script-run.h) but without a work folder on its module path.
 *
 * Returns: (transfer full): what it said, also when it is broken; %NULL only with
 *   %G_IO_ERROR_CANCELLED
 */
LwPython *lw_python_probe (const char *path, LwPythonKind kind, const char *const *modules,
                           LwClock *clock, GCancellable *cancellable, GError **error);

/**
 * lw_python_find:
 * @places: (nullable)
 * @modules: %NULL-terminated names of modules to import
 *
 * Asks every interpreter once: @first, the virtual environment of the work folder, `python3` and
 * `python` of the search path, the system's, then other virtual environments and conda.
 *
 * Returns: (transfer full) (element-type LwPython): all of them, in that order, none twice; empty
 *   when there is none; %NULL only with %G_IO_ERROR_CANCELLED
 */
GPtrArray *lw_python_find (const LwPythonPlaces *places, const char *const *modules, LwClock *clock,
                           GCancellable *cancellable, GError **error);

/**
 * lw_python_choose:
 * @pythons: (element-type LwPython): of lw_python_find()
 *
 * Returns: (transfer none) (nullable): the first usable one
 */
LwPython *lw_python_choose (GPtrArray *pythons);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwPython, lw_python_unref)

G_END_DECLS

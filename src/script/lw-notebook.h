/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A larger notebook is refused with LW_ERROR_TOO_LARGE before it is read. */
#define LW_NOTEBOOK_MAX_SIZE (100 * 1024 * 1024)

/* Containers inside containers; notebooks need seven or so. The parser recurses, so it must end. */
#define LW_NOTEBOOK_MAX_DEPTH 128

/**
 * LwNotebook:
 *
 * A Jupyter notebook as it stands in its file (nbformat 3 and 4), reduced to what is shown and
 * converted here. Nothing of it is executed. Immutable, reference counted, any thread.
 */
typedef struct _LwNotebook LwNotebook;

/** LwNotebookCellKind: @LW_NOTEBOOK_CELL_OTHER: nbformat does not know it; kept, not shown */
typedef enum
{
  LW_NOTEBOOK_CELL_MARKDOWN,
  LW_NOTEBOOK_CELL_CODE,
  LW_NOTEBOOK_CELL_RAW,
  LW_NOTEBOOK_CELL_OTHER,
} LwNotebookCellKind;

/**
 * LwNotebookOutputKind:
 * @LW_NOTEBOOK_OUTPUT_STDOUT: text of a stream
 * @LW_NOTEBOOK_OUTPUT_STDERR: text of a stream
 * @LW_NOTEBOOK_OUTPUT_TEXT: the text/plain form of a result or of something displayed
 * @LW_NOTEBOOK_OUTPUT_IMAGE: a PNG picture; `text` is its text/plain form when it has one
 * @LW_NOTEBOOK_OUTPUT_ERROR: an exception; `text` is its traceback
 */
typedef enum
{
  LW_NOTEBOOK_OUTPUT_STDOUT,
  LW_NOTEBOOK_OUTPUT_STDERR,
  LW_NOTEBOOK_OUTPUT_TEXT,
  LW_NOTEBOOK_OUTPUT_IMAGE,
  LW_NOTEBOOK_OUTPUT_ERROR,
} LwNotebookOutputKind;

/**
 * LwNotebookOutput:
 *
 * All text is UTF-8 from outside: it may hold escape sequences and is to be shown, not obeyed.
 */
typedef struct
{
  LwNotebookOutputKind kind;
  char *text;        /* owned; "" when there is none */
  GBytes *image;     /* owned (nullable): the bytes of the PNG file, not looked into */
  char *error_name;  /* owned (nullable): "NameError" */
  char *error_value; /* owned (nullable): "name 'pd' is not defined" */
} LwNotebookOutput;

/** LwNotebookCell: one cell; owned by its notebook */
typedef struct
{
  LwNotebookCellKind kind;
  char *source;           /* owned; as in the file, lines joined */
  gint64 execution_count; /* 0 when the cell was not run */
  char *raw_mimetype;     /* owned; lower case; "" unless a raw cell names a format */
  gboolean source_hidden; /* the cell asks converters to leave its source out */
  GPtrArray *outputs;     /* owned; of LwNotebookOutput, in order */
} LwNotebookCell;

/**
 * lw_notebook_load:
 * @path: of an `.ipynb` file
 *
 * Returns: (transfer full): the notebook, or %NULL with %LW_ERROR_NOT_FOUND, %LW_ERROR_DENIED,
 *   %LW_ERROR_TOO_LARGE, %LW_ERROR_MALFORMED (its message names the member, "cells[3].source"),
 *   %LW_ERROR_NEWER_VERSION (nbformat 5 and later) or %G_IO_ERROR_CANCELLED
 */
LwNotebook *lw_notebook_load (const char *path, GCancellable *cancellable, GError **error);

/** lw_notebook_parse: the same from the bytes of such a file */
LwNotebook *lw_notebook_parse (GBytes *bytes, GError **error);

LwNotebook *lw_notebook_ref (LwNotebook *self);
void lw_notebook_unref (LwNotebook *self);

/** lw_notebook_get_format: Returns: 3 or 4 */
int lw_notebook_get_format (LwNotebook *self);

/** lw_notebook_get_kernel_name: Returns: (nullable): as the file says, "python3" */
const char *lw_notebook_get_kernel_name (LwNotebook *self);

/** lw_notebook_get_kernel_display_name: Returns: (nullable): "Python 3.10 - AzureML" */
const char *lw_notebook_get_kernel_display_name (LwNotebook *self);

/** lw_notebook_get_language: Returns: (nullable): language_info.name, else kernelspec.language */
const char *lw_notebook_get_language (LwNotebook *self);

guint lw_notebook_get_n_cells (LwNotebook *self);

/** lw_notebook_get_cell: Returns: (transfer none): cell @index, from 0 */
const LwNotebookCell *lw_notebook_get_cell (LwNotebook *self, guint index);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwNotebook, lw_notebook_unref)

G_END_DECLS

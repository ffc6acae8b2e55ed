/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A notebook as a script: the layout of nbconvert's Python template around what lw-ipython.h makes
 * of the code. Only values on the stack: any thread. */

#include "lw-convert.h"

#include "lw-ipython.h"

static void
append_comment (GString *out, const char *text)
{
  g_string_append (out, "\n# ");
  for (const char *p = text; *p != '\0'; p++)
    {
      g_string_append_c (out, *p);
      if (*p == '\n')
        g_string_append (out, "# ");
    }
  g_string_append_c (out, '\n');
}

static void
append_code (GString *out, const LwNotebookCell *cell)
{
  g_autofree char *code = lw_ipython_transform_cell (cell->source);

  if (cell->execution_count != 0)
    g_string_append_printf (out, "\n# In[%" G_GINT64_FORMAT "]:\n\n\n", cell->execution_count);
  else
    g_string_append (out, "\n# In[ ]:\n\n\n");
  g_string_append (out, code);
  g_string_append_c (out, '\n');
}

/* A raw cell is for the converter whose format it names; without a name it is for all. */
static gboolean
raw_is_for_python (const LwNotebookCell *cell)
{
  return *cell->raw_mimetype == '\0' || strcmp (cell->raw_mimetype, "text/x-python") == 0;
}

char *
lw_convert_notebook (LwNotebook *notebook)
{
  GString *out;

  g_return_val_if_fail (notebook != NULL, NULL);

  out = g_string_new ("#!/usr/bin/env python\n# coding: utf-8\n");
  for (guint i = 0; i < lw_notebook_get_n_cells (notebook); i++)
    {
      const LwNotebookCell *cell = lw_notebook_get_cell (notebook, i);

      if (cell->source_hidden)
        continue;
      if (cell->kind == LW_NOTEBOOK_CELL_MARKDOWN)
        append_comment (out, cell->source);
      else if (cell->kind == LW_NOTEBOOK_CELL_CODE)
        append_code (out, cell);
      else if (cell->kind == LW_NOTEBOOK_CELL_RAW && raw_is_for_python (cell))
        g_string_append (out, cell->source);
    }
  return g_string_free (out, FALSE);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-notebook.h"

G_BEGIN_DECLS

/**
 * lw_convert_notebook:
 *
 * Writes @notebook as a Python script, byte for byte as `jupyter nbconvert --to python` of
 * nbconvert 6.5 does: header, `# In[n]:` before each code cell, Markdown as comments, raw cells as
 * they are, IPython's magics as calls of get_ipython().
 *
 * Returns: (transfer full): UTF-8 text
 */
char *lw_convert_notebook (LwNotebook *notebook);

G_END_DECLS

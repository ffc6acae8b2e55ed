/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-python-lines.h"

G_BEGIN_DECLS

/**
 * lw_ipython_clean:
 *
 * Takes away what stands around the code of a cell before anything is rewritten, in IPython's
 * order: empty lines at the front, the indentation of the first line, prompts of a pasted session.
 *
 * Returns: (transfer full): the lines that are left
 */
LwPythonLines *lw_ipython_clean (const LwPythonLines *lines);

G_END_DECLS

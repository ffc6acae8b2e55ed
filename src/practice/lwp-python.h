/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LwpPython:
 * @program: path of the interpreter
 * @description: "Python 3.11.2, pandas 1.5.3, scikit-learn 1.2.1, matplotlib 3.6.3"
 *
 * A Python of this computer that has what the curated environments promise.
 */
typedef struct
{
  char *program;
  char *description;
} LwpPython;

/**
 * lwp_python_find:
 *
 * Tries the Pythons of this computer, those of PATH first, until one imports pandas, scikit-learn
 * and matplotlib. A computer may have several and only one with these packages. Blocks for the
 * seconds that the imports take.
 *
 * Returns: (transfer full): the Python, or %NULL with %G_IO_ERROR_NOT_FOUND, whose message names
 *   those that were tried, or %G_IO_ERROR_CANCELLED
 */
LwpPython *lwp_python_find (GCancellable *cancellable, GError **error);
void lwp_python_free (LwpPython *python);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwpPython, lwp_python_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * lw_ipython_transform_cell:
 * @source: the source of one code cell, UTF-8
 *
 * Rewrites what IPython adds to Python: `%magic`, `%%cell magic`, `!command`, `!!command`,
 * `object?`, `object??`, `,` `;` `/` quoting, `x = %magic`, `x = !command`, prompts of pasted
 * sessions (`>>> `, `In [1]: `), leading indentation. What stands inside a string, a bracket or a
 * continued line is left alone. The same result as TransformerManager().transform_cell() of
 * IPython 8.5.
 *
 * Returns: (transfer full): Python source that ends in a newline
 */
char *lw_ipython_transform_cell (const char *source);

G_END_DECLS

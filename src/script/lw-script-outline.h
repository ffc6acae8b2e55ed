/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** LwScriptSymbol: a function, a class or a method of a script */
typedef struct
{
  char *name;        /* owned: "get_data" */
  char *signature;   /* owned: "get_data(path)", on one line; of a class its name and bases */
  gboolean is_class;
  guint depth;       /* 0 at top level, 1 inside a class or function, … */
  guint line;        /* of its `def` or `class`, from 1 */
  guint end_line;    /* the last line of its body */
} LwScriptSymbol;

/* A script has no more than this; the rest is left out. */
#define LW_SCRIPT_OUTLINE_MAX 4096

/**
 * lw_script_outline_read:
 * @source: Python source, UTF-8; need not be valid
 *
 * Returns: (transfer full) (element-type LwScriptSymbol): in the order of the source
 */
GPtrArray *lw_script_outline_read (const char *source);

void lw_script_symbol_free (LwScriptSymbol *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwScriptSymbol, lw_script_symbol_free)

G_END_DECLS

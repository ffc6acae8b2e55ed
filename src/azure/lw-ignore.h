/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LwIgnore:
 *
 * The rules of one .amlignore or .gitignore, read as azure-ai-ml reads them: each line is a
 * pattern of git, and the last line that matches a file, or a directory above it, decides. That is
 * git's own answer but for one case: "!" can bring back a file below an ignored directory. The
 * matcher is our own because libgit2 asks for a repository, and because what is left out must be
 * what azure-ai-ml leaves out, or the content hash would not find code that is there already.
 * Immutable, any thread.
 */
typedef struct _LwIgnore LwIgnore;

/* A larger file of rules is refused by the caller: it is something else by mistake. */
#define LW_IGNORE_MAX_SIZE (1024 * 1024)

/**
 * lw_ignore_new:
 * @text: lines; need not be UTF-8, what is not is read as U+FFFD
 *
 * A line that no path can match ("[a" without its end) is no error, as in git.
 */
LwIgnore *lw_ignore_new (const char *text, gsize length);
void lw_ignore_free (LwIgnore *self);

/**
 * lw_ignore_excludes:
 * @path: of a file, relative to the folder of the rules, "/" between segments, valid UTF-8
 *
 * Takes time in proportion to the product of the lengths of pattern and path, whatever the pattern.
 */
gboolean lw_ignore_excludes (const LwIgnore *self, const char *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwIgnore, lw_ignore_free)

G_END_DECLS

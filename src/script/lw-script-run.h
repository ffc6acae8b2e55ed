/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-clock.h"

G_BEGIN_DECLS

typedef enum
{
  LW_SCRIPT_STDOUT,
  LW_SCRIPT_STDERR,
} LwScriptStream;

/**
 * LwScriptRunFunc:
 * @data: bytes as they came; may end in the middle of a character; not terminated
 *
 * Called on the thread that waits in lw_script_run(), as soon as there is output.
 */
typedef void (*LwScriptRunFunc) (LwScriptStream stream, const char *data, gsize length,
                                 gpointer user_data);

/* What of the output reaches the callback and the result; a script that prints for ever goes on,
 * but its further output is dropped and `truncated` says so. */
#define LW_SCRIPT_RUN_MAX_OUTPUT (8 * 1024 * 1024)

/* From the request to end to the order to: a script may want to save something. */
#define LW_SCRIPT_RUN_GRACE_MS 2000

/**
 * LwScriptRunOptions:
 * @argv: %NULL-terminated; the program's path or a name on the search path, then its arguments,
 *   given to it exactly so; no shell has a part in it
 * @directory: its working folder
 * @environment: (nullable): %NULL-terminated "NAME=value" on top of the small environment: HOME,
 *   PATH, USER, LOGNAME, TMPDIR, TZ, LD_LIBRARY_PATH and XDG folders as they are;
 *   LC_ALL=C.UTF-8, PYTHONUTF8=1, PYTHONUNBUFFERED=1, PYTHONDONTWRITEBYTECODE=1, MPLBACKEND=Agg
 * @max_output: bytes of both streams together; 0 for %LW_SCRIPT_RUN_MAX_OUTPUT
 * @timeout_ms: 0 for no limit
 * @func: (nullable)
 */
typedef struct
{
  const char *const *argv;
  const char *directory;
  const char *const *environment;
  gsize max_output;
  guint timeout_ms;
  LwScriptRunFunc func;
  gpointer user_data;
} LwScriptRunOptions;

/** LwScriptRunEnd: how it ended */
typedef enum
{
  LW_SCRIPT_RUN_EXITED,
  LW_SCRIPT_RUN_SIGNALLED,
  LW_SCRIPT_RUN_TIMED_OUT,
} LwScriptRunEnd;

/** LwScriptRunResult: owned by the caller */
typedef struct
{
  LwScriptRunEnd end;
  int exit_status;    /* when it exited */
  int signal;         /* when it was ended by one */
  gint64 duration_us;
  gboolean truncated; /* output beyond the limit was dropped */
  char *output;       /* owned: both streams as they came, made valid UTF-8 */
} LwScriptRunResult;

void lw_script_run_result_free (LwScriptRunResult *self);

/**
 * lw_script_run:
 *
 * Runs a program in a process group of its own and blocks until it has ended and its output is
 * read. What it left running in its group is ended with it. Its standard input is empty.
 * @cancellable asks the whole group to end (TERM), then orders it to (KILL).
 *
 * Returns: (transfer full): how it ended, whatever its exit status; %NULL with
 *   %LW_ERROR_NOT_FOUND (no such program or folder), %LW_ERROR_DENIED, %LW_ERROR_FAILED or
 *   %G_IO_ERROR_CANCELLED
 */
LwScriptRunResult *lw_script_run (const LwScriptRunOptions *options, LwClock *clock,
                                  GCancellable *cancellable, GError **error);

/**
 * lw_script_run_dup_environment:
 * @extra: (nullable): as @environment of the options
 *
 * Returns: (transfer full): the environment a script gets, for a terminal that runs one
 */
char **lw_script_run_dup_environment (const char *const *extra);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwScriptRunResult, lw_script_run_result_free)

G_END_DECLS

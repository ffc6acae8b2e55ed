/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Running a script. One call is one child in a process group of its own; the calling thread waits
 * in poll() for its output, its end, a cancel and the time limit, and leaves neither the child nor
 * its group behind. No state outlives the call: any thread but the main one. */

#include "lw-script-run.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lw-error.h"
#include "lw-local-file.h"

/* How long the pipes of an ended child may stay silent: a process that left the group may hold
 * them open for ever. */
#define DRAIN_MS 250

/* Where the kernel cannot tell the end of a process by a descriptor, it is looked for so often. */
#define REAP_POLL_MS 50

typedef struct
{
  const LwScriptRunOptions *options; /* borrowed */
  LwClock *clock;                    /* borrowed */
  pid_t pid;
  int pipes[2];     /* owned; read ends of standard output and error; -1 once closed */
  int pidfd;        /* owned; -1 where there is none */
  GString *output;  /* owned */
  gsize max_output;
  gint64 started_us;
  gint64 asked_us;  /* when the group was asked to end; 0 before */
  gint64 quiet_us;  /* once the child has ended: when it last had output */
  gboolean ordered; /* the group was ordered to end */
  gboolean ended;
  gboolean timed_out;
  gboolean truncated;
} Run;

char **
lw_script_run_dup_environment (const char *const *extra)
{
  static const char *const kept[] = {
    "HOME", "PATH", "USER", "LOGNAME", "TMPDIR", "TZ", "LD_LIBRARY_PATH", "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME", "XDG_DATA_HOME",
  };
  static const char *const fixed[][2] = {
    { "LC_ALL", "C.UTF-8" },      { "PYTHONUTF8", "1" }, { "PYTHONUNBUFFERED", "1" },
    { "PYTHONDONTWRITEBYTECODE", "1" }, { "MPLBACKEND", "Agg" },
  };
  char **environment = g_new0 (char *, 1);

  for (gsize i = 0; i < G_N_ELEMENTS (kept); i++)
    {
      const char *value = g_getenv (kept[i]);

      if (value != NULL)
        environment = g_environ_setenv (environment, kept[i], value, TRUE);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (fixed); i++)
    environment = g_environ_setenv (environment, fixed[i][0], fixed[i][1], TRUE);
  for (gsize i = 0; extra != NULL && extra[i] != NULL; i++)
    {
      const char *equals = strchr (extra[i], '=');
      g_autofree char *name = NULL;

      g_return_val_if_fail (equals != NULL, environment);
      name = g_strndup (extra[i], (gsize) (equals - extra[i]));
      environment = g_environ_setenv (environment, name, equals + 1, TRUE);
    }
  return environment;
}

static void
close_fd (int *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

/* Starting */

/* Default signals, no mask, a group of its own: nothing of this process reaches into the child. */
static void
prepare_attributes (posix_spawnattr_t *attributes)
{
  sigset_t signals;

  posix_spawnattr_init (attributes);
  posix_spawnattr_setflags (attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF |
                                          POSIX_SPAWN_SETSIGMASK);
  posix_spawnattr_setpgroup (attributes, 0);
  sigemptyset (&signals);
  posix_spawnattr_setsigmask (attributes, &signals);
  sigfillset (&signals);
  sigdelset (&signals, SIGKILL);
  sigdelset (&signals, SIGSTOP);
  posix_spawnattr_setsigdefault (attributes, &signals);
}

static int
spawn (Run *self, const int *write_ends)
{
  g_auto (GStrv) environment = lw_script_run_dup_environment (self->options->environment);
  g_auto (GStrv) argv = g_strdupv ((char **) self->options->argv);
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  int code;

  prepare_attributes (&attributes);
  posix_spawn_file_actions_init (&actions);
  posix_spawn_file_actions_addopen (&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2 (&actions, write_ends[0], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2 (&actions, write_ends[1], STDERR_FILENO);
  posix_spawn_file_actions_addclosefrom_np (&actions, STDERR_FILENO + 1);
  posix_spawn_file_actions_addchdir_np (&actions, self->options->directory);
  code = posix_spawnp (&self->pid, argv[0], &actions, &attributes, argv, environment);
  posix_spawn_file_actions_destroy (&actions);
  posix_spawnattr_destroy (&attributes);
  return code;
}

static gboolean
start (Run *self, GError **error)
{
  int ends[2][2] = { { -1, -1 }, { -1, -1 } };
  int write_ends[2];
  int code = 0;

  if (!g_file_test (self->options->directory, G_FILE_TEST_IS_DIR))
    {
      lw_local_file_set_error (error, ENOENT, self->options->directory);
      return FALSE;
    }
  /* The write ends go through dup2(), which drops close-on-exec. */
  if (pipe2 (ends[0], O_CLOEXEC) != 0 || pipe2 (ends[1], O_CLOEXEC) != 0)
    code = errno;
  for (int i = 0; i < 2; i++)
    {
      self->pipes[i] = ends[i][0];
      write_ends[i] = ends[i][1];
      if (self->pipes[i] >= 0)
        fcntl (self->pipes[i], F_SETFL, O_NONBLOCK);
    }
  if (code == 0)
    code = spawn (self, write_ends);
  close_fd (&write_ends[0]);
  close_fd (&write_ends[1]);
  if (code != 0)
    {
      lw_local_file_set_error (error, code, self->options->argv[0]);
      return FALSE;
    }
  self->started_us = lw_clock_get_monotonic_us (self->clock);
  self->pidfd = (int) syscall (SYS_pidfd_open, self->pid, 0);
  return TRUE;
}

/* Following */

static void
take_output (Run *self, int stream, const char *data, gsize length)
{
  gsize room = self->max_output - MIN (self->output->len, self->max_output);
  gsize kept = MIN (length, room);

  if (kept < length)
    self->truncated = TRUE;
  if (kept == 0)
    return;
  g_string_append_len (self->output, data, (gssize) kept);
  if (self->options->func != NULL)
    self->options->func (stream == 0 ? LW_SCRIPT_STDOUT : LW_SCRIPT_STDERR, data, kept,
                         self->options->user_data);
}

/* Reads what is there, but no more than a good piece: a script that prints without end must not
 * keep us from seeing a cancel. */
static void
read_pipe (Run *self, int stream)
{
  char buffer[16384];

  for (guint i = 0; i < 16 && self->pipes[stream] >= 0; i++)
    {
      gssize n = read (self->pipes[stream], buffer, sizeof buffer);

      if (n > 0)
        {
          self->quiet_us = lw_clock_get_monotonic_us (self->clock);
          take_output (self, stream, buffer, (gsize) n);
        }
      else if (n == 0 || (errno != EAGAIN && errno != EINTR))
        close_fd (&self->pipes[stream]);
      else
        return;
    }
}

static void
ask_to_end (Run *self)
{
  if (self->asked_us != 0)
    return;
  self->asked_us = lw_clock_get_monotonic_us (self->clock);
  kill (-self->pid, SIGTERM);
  /* A stopped process sees the signal once it goes on. */
  kill (-self->pid, SIGCONT);
}

/* The child is not reaped here: as long as its id is taken, its group cannot be somebody else's. */
static void
look_for_end (Run *self)
{
  siginfo_t info = { 0 };

  if (self->ended)
    return;
  if (waitid (P_PID, (id_t) self->pid, &info, WEXITED | WNOWAIT | WNOHANG) != 0 || info.si_pid == 0)
    return;
  self->ended = TRUE;
  self->quiet_us = lw_clock_get_monotonic_us (self->clock);
  kill (-self->pid, SIGKILL);
}

static void
look_at_time (Run *self, GCancellable *cancellable)
{
  gint64 now = lw_clock_get_monotonic_us (self->clock);
  gint64 limit = (gint64) self->options->timeout_ms * 1000;

  if (self->ended)
    return;
  if (limit > 0 && self->asked_us == 0 && now - self->started_us >= limit)
    {
      self->timed_out = TRUE;
      ask_to_end (self);
    }
  if (g_cancellable_is_cancelled (cancellable))
    ask_to_end (self);
  if (self->asked_us != 0 && !self->ordered &&
      now - self->asked_us >= (gint64) LW_SCRIPT_RUN_GRACE_MS * 1000)
    {
      self->ordered = TRUE;
      kill (-self->pid, SIGKILL);
    }
}

static gboolean
is_finished (const Run *self)
{
  gint64 now;

  if (!self->ended)
    return FALSE;
  if (self->pipes[0] < 0 && self->pipes[1] < 0)
    return TRUE;
  now = lw_clock_get_monotonic_us (self->clock);
  return now - self->quiet_us >= DRAIN_MS * 1000;
}

/* Milliseconds until something has to be done though nothing happened; -1 for never. */
static int
get_poll_timeout (const Run *self)
{
  gint64 now = lw_clock_get_monotonic_us (self->clock);
  gint64 until = -1;

  if (self->ended)
    return DRAIN_MS;
  if (self->asked_us != 0 && !self->ordered)
    until = self->asked_us + (gint64) LW_SCRIPT_RUN_GRACE_MS * 1000;
  else if (self->asked_us == 0 && self->options->timeout_ms > 0)
    until = self->started_us + (gint64) self->options->timeout_ms * 1000;
  if (until >= 0)
    until = CLAMP ((until - now) / 1000 + 1, 0, G_MAXINT);
  if (self->pidfd < 0)
    return (int) (until >= 0 ? MIN (until, REAP_POLL_MS) : REAP_POLL_MS);
  return (int) until;
}

static void
follow (Run *self, GCancellable *cancellable)
{
  GPollFD cancel = { .fd = -1 };
  gboolean has_cancel = cancellable != NULL && g_cancellable_make_pollfd (cancellable, &cancel);

  while (!is_finished (self))
    {
      struct pollfd fds[] = {
        { .fd = self->pipes[0], .events = POLLIN },
        { .fd = self->pipes[1], .events = POLLIN },
        { .fd = self->ended ? -1 : self->pidfd, .events = POLLIN },
        { .fd = self->asked_us == 0 && has_cancel ? cancel.fd : -1, .events = POLLIN },
      };

      poll (fds, G_N_ELEMENTS (fds), get_poll_timeout (self));
      read_pipe (self, 0);
      read_pipe (self, 1);
      look_for_end (self);
      look_at_time (self, cancellable);
    }
  if (has_cancel)
    g_cancellable_release_fd (cancellable);
}

/* Ending */

static LwScriptRunResult *
finish (Run *self)
{
  LwScriptRunResult *result = g_new0 (LwScriptRunResult, 1);
  int status = 0;

  while (waitpid (self->pid, &status, 0) < 0 && errno == EINTR)
    continue;
  result->duration_us = lw_clock_get_monotonic_us (self->clock) - self->started_us;
  result->truncated = self->truncated;
  result->output = g_utf8_make_valid (self->output->str, (gssize) self->output->len);
  if (WIFSIGNALED (status))
    {
      result->end = LW_SCRIPT_RUN_SIGNALLED;
      result->signal = WTERMSIG (status);
    }
  else
    result->exit_status = WEXITSTATUS (status);
  if (self->timed_out)
    result->end = LW_SCRIPT_RUN_TIMED_OUT;
  return result;
}

LwScriptRunResult *
lw_script_run (const LwScriptRunOptions *options, LwClock *clock, GCancellable *cancellable,
               GError **error)
{
  Run self = { .options = options, .clock = clock, .pipes = { -1, -1 }, .pidfd = -1 };
  g_autoptr (LwScriptRunResult) result = NULL;

  g_return_val_if_fail (options != NULL && options->argv != NULL && options->argv[0] != NULL, NULL);
  g_return_val_if_fail (options->directory != NULL, NULL);
  g_return_val_if_fail (clock != NULL, NULL);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  self.max_output = options->max_output > 0 ? options->max_output : LW_SCRIPT_RUN_MAX_OUTPUT;
  self.output = g_string_new (NULL);
  if (start (&self, error))
    {
      follow (&self, cancellable);
      result = finish (&self);
    }
  close_fd (&self.pipes[0]);
  close_fd (&self.pipes[1]);
  close_fd (&self.pidfd);
  g_string_free (self.output, TRUE);
  if (result != NULL && self.asked_us != 0 && !self.timed_out &&
      g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  return g_steal_pointer (&result);
}

void
lw_script_run_result_free (LwScriptRunResult *self)
{
  if (self == NULL)
    return;
  g_free (self->output);
  g_free (self);
}

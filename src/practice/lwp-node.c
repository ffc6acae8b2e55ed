/* SPDX-License-Identifier: GPL-3.0-or-later */

/* labwalk-practice-node: the node of a practice cluster. One process per attempt of a job: it runs
 * one shell command in a session of its own and answers for every process that comes out of it.
 *
 * usage: labwalk-practice-node MEMORY_BYTES FILE_BYTES COMMAND
 *
 * Standard input is the lifeline: a pipe whose other end only the practice cloud holds. When it
 * closes, because the job was cancelled or because the cloud died of whatever cause, the command's
 * processes are asked to end (SIGTERM), given a grace, and killed. Standard output receives what
 * the command prints to both of its streams, in order. The exit status is the command's, as a shell
 * tells it (128 + signal for a signal).
 *
 * The node is a subreaper: a process that detaches itself from its parent becomes a child of the
 * node, so "no child left" means that nothing of the job is left. It is single-threaded, and a
 * program of its own because only a small process may fork and then do more than exec. */

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* How long a command may tidy up after SIGTERM; Azure ML gives its jobs a similar short notice. */
#define GRACE_MS 3000
/* How long to wait for killed processes before looking for new ones. */
#define REAP_ROUND_MS 20
#define EXIT_NOT_EXECUTED 127
#define EXIT_USAGE 64
#define EXIT_SYSTEM 71

static void
limit (int resource, rlim_t value)
{
  struct rlimit old;
  struct rlimit wanted = { value, value };

  /* Never raise a limit that the system has set lower. */
  if (getrlimit (resource, &old) == 0 && old.rlim_max < value)
    wanted.rlim_cur = wanted.rlim_max = old.rlim_max;
  (void) setrlimit (resource, &wanted);
}

static void
run_command (const char *command, rlim_t memory_bytes, rlim_t file_bytes, pid_t node,
             const sigset_t *signals)
{
  int null_fd = open ("/dev/null", O_RDONLY);

  (void) setsid ();
  (void) prctl (PR_SET_PDEATHSIG, SIGKILL);
  if (getppid () != node || null_fd < 0)
    _exit (EXIT_NOT_EXECUTED);
  (void) dup2 (null_fd, STDIN_FILENO);
  (void) close (null_fd);
  (void) sigprocmask (SIG_SETMASK, signals, NULL);
  limit (RLIMIT_CORE, 0);
  limit (RLIMIT_FSIZE, file_bytes);
  limit (RLIMIT_AS, memory_bytes);
  (void) execl ("/bin/sh", "sh", "-c", command, (char *) NULL);
  _exit (EXIT_NOT_EXECUTED);
}

/* Which process is the parent of @pid, or 0. The name in parentheses may hold anything, so the
 * fields are counted from the last closing one. */
static pid_t
parent_of (const char *pid)
{
  char path[64];
  char text[512];
  const char *after;
  ssize_t length;
  int parent = 0;
  int fd;

  if (snprintf (path, sizeof path, "/proc/%.16s/stat", pid) >= (int) sizeof path)
    return 0;
  fd = open (path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return 0;
  length = read (fd, text, sizeof text - 1);
  (void) close (fd);
  if (length <= 0)
    return 0;
  text[length] = '\0';
  after = strrchr (text, ')');
  if (after == NULL || sscanf (after + 1, " %*c %d", &parent) != 1)
    return 0;
  return (pid_t) parent;
}

static void
kill_children (void)
{
  DIR *proc = opendir ("/proc");
  struct dirent *entry;

  if (proc == NULL)
    return;
  while ((entry = readdir (proc)) != NULL)
    {
      if (isdigit ((unsigned char) entry->d_name[0]) && parent_of (entry->d_name) == getpid ())
        (void) kill ((pid_t) atol (entry->d_name), SIGKILL);
    }
  (void) closedir (proc);
}

/* Takes the status of every child that ended. Returns false when no child is left at all. */
static bool
reap (pid_t command, int *status, bool *command_ended)
{
  int one;
  pid_t pid;

  while ((pid = waitpid (-1, &one, WNOHANG)) > 0)
    {
      if (pid == command)
        {
          *status = one;
          *command_ended = true;
        }
    }
  return !(pid < 0 && errno == ECHILD);
}

static long long
now_ms (void)
{
  struct timespec now;

  (void) clock_gettime (CLOCK_MONOTONIC, &now);
  return (long long) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Waits until the command ended by itself, or by the grace after the lifeline broke. */
static void
wait_for_command (pid_t command, int signal_fd, int *status)
{
  struct pollfd fds[2] = { { signal_fd, POLLIN, 0 }, { STDIN_FILENO, POLLIN, 0 } };
  struct signalfd_siginfo info;
  long long deadline = 0;
  bool ended = false;

  while (reap (command, status, &ended) && !ended)
    {
      int timeout = deadline == 0 ? -1 : (int) (deadline - now_ms ());

      if (deadline != 0 && timeout <= 0)
        return;
      if (poll (fds, 2, timeout) < 0 && errno != EINTR)
        return;
      if (fds[0].revents & POLLIN)
        (void) !read (signal_fd, &info, sizeof info);
      if (fds[1].fd >= 0 && fds[1].revents != 0)
        {
          fds[1].fd = -1; /* poll() ignores it from now on */
          deadline = now_ms () + GRACE_MS;
          (void) kill (-command, SIGTERM);
        }
    }
}

/* A killed parent hands its children to this process: round after round the tree gets smaller. */
static void
end_everything (pid_t command, int signal_fd, int *status)
{
  struct pollfd fd = { signal_fd, POLLIN, 0 };
  struct signalfd_siginfo info;
  bool ended = false;

  while (reap (command, status, &ended))
    {
      kill_children ();
      if (poll (&fd, 1, REAP_ROUND_MS) > 0)
        (void) !read (signal_fd, &info, sizeof info);
    }
}

int
main (int argc, char **argv)
{
  sigset_t blocked;
  sigset_t before;
  int signal_fd;
  int status = 0;
  pid_t command;
  pid_t node = getpid ();

  if (argc != 4)
    return EXIT_USAGE;
  (void) setsid ();
  (void) dup2 (STDOUT_FILENO, STDERR_FILENO);
  (void) prctl (PR_SET_CHILD_SUBREAPER, 1);
  (void) sigemptyset (&blocked);
  (void) sigaddset (&blocked, SIGCHLD);
  /* Ended by the lifeline only: a stray SIGTERM must not leave the tree without its keeper. */
  (void) sigaddset (&blocked, SIGTERM);
  (void) sigaddset (&blocked, SIGINT);
  (void) sigaddset (&blocked, SIGHUP);
  (void) sigprocmask (SIG_BLOCK, &blocked, &before);
  signal_fd = signalfd (-1, &blocked, SFD_CLOEXEC | SFD_NONBLOCK);
  command = signal_fd < 0 ? -1 : fork ();
  if (command < 0)
    return EXIT_SYSTEM;
  if (command == 0)
    run_command (argv[3], strtoull (argv[1], NULL, 10), strtoull (argv[2], NULL, 10), node,
                 &before);
  wait_for_command (command, signal_fd, &status);
  end_everything (command, signal_fd, &status);
  return WIFSIGNALED (status) ? 128 + WTERMSIG (status) : WEXITSTATUS (status);
}

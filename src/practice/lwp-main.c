/* SPDX-License-Identifier: GPL-3.0-or-later */

/* labwalk-practice-cloud: options, one instance per state directory, start, serve until a signal or
 * the end of standard input, stop in order. The main thread only waits; the work is done by the
 * threads of proxy and server. */

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"
#include "lwp-proxy.h"

#define EXIT_USAGE 2

typedef struct
{
  LwpOptions cloud;
  int port;
  gboolean end_with_stdin;
  gboolean show_version;
} Arguments;

static gboolean
parse_arguments (int argc, char **argv, Arguments *arguments, GError **error)
{
  const GOptionEntry entries[] = {
    { "state", 0, 0, G_OPTION_ARG_FILENAME, &arguments->cloud.state_dir,
      "Directory that keeps the state; made when missing", "DIR" },
    { "port", 0, 0, G_OPTION_ARG_INT, &arguments->port,
      "Port on 127.0.0.1 (default: the one of last time, or any)", "N" },
    { "pace", 0, 0, G_OPTION_ARG_DOUBLE, &arguments->cloud.pace,
      "Multiplies every duration; 1 is seconds for Azure's minutes, 0 is at once", "FACTOR" },
    { "auto-approve", 0, 0, G_OPTION_ARG_NONE, &arguments->cloud.auto_approve,
      "Grant every sign-in without asking", NULL },
    { "end-with-stdin", 0, 0, G_OPTION_ARG_NONE, &arguments->end_with_stdin,
      "End when standard input is closed", NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &arguments->show_version, "Show the version and end",
      NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("- plays Azure on this computer");

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, error))
    return FALSE;
  if (arguments->show_version || (arguments->cloud.state_dir != NULL && argc == 1
                                  && arguments->port >= 0 && arguments->port <= G_MAXUINT16
                                  && arguments->cloud.pace >= 0 && arguments->cloud.pace <= 1000))
    return TRUE;
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                       "--state is needed, --port is 0 to 65535, --pace is 0 to 1000");
  return FALSE;
}

/* The lock is held by the open descriptor and goes with the process, however it ends. */
static int
lock_state (const char *dir, GError **error)
{
  g_autofree char *path = g_build_filename (dir, "lock", NULL);
  int fd;
  int code;

  if (g_mkdir_with_parents (dir, 0700) == 0 && g_chmod (dir, 0700) == 0)
    {
      fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
      if (fd >= 0 && flock (fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
      code = errno;
      if (fd >= 0)
        close (fd);
    }
  else
    code = errno;
  if (code == EWOULDBLOCK)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                 "%s: another practice cloud uses this directory", dir);
  else
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s: %s", dir,
                 g_strerror (code));
  return -1;
}

static char *
dup_port_path (const char *dir)
{
  return g_build_filename (dir, "port", NULL);
}

static guint16
read_last_port (const char *dir)
{
  g_autofree char *path = dup_port_path (dir);
  g_autofree char *text = NULL;
  guint64 port = 0;

  if (g_file_get_contents (path, &text, NULL, NULL)
      && g_ascii_string_to_unsigned (g_strstrip (text), 10, 1, G_MAXUINT16, &port, NULL))
    return (guint16) port;
  return 0;
}

/* Without --port the port of last time is taken if it is free, so that what was told about it (a
 * shell with HTTPS_PROXY set, a page in a browser) goes on after a restart. */
static LwpProxy *
start_proxy (const Arguments *arguments, LwpRouter *router, LwpServer *server, GError **error)
{
  g_autofree char *path = dup_port_path (arguments->cloud.state_dir);
  g_autofree char *text = NULL;
  guint16 last = read_last_port (arguments->cloud.state_dir);
  LwpProxy *proxy = NULL;

  if (arguments->port == 0 && last != 0)
    proxy = lwp_proxy_new (router, server, last, NULL);
  if (proxy == NULL)
    proxy = lwp_proxy_new (router, server, (guint16) arguments->port, error);
  if (proxy == NULL)
    return NULL;
  text = g_strdup_printf ("%u\n", lwp_proxy_get_port (proxy));
  g_file_set_contents (path, text, -1, NULL);
  return proxy;
}

static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_CONTINUE;
}

static gboolean
stdin_cb (int fd, GIOCondition condition, gpointer user_data)
{
  char scratch[256];

  if (read (fd, scratch, sizeof scratch) > 0)
    return G_SOURCE_CONTINUE;
  g_main_loop_quit (user_data);
  return G_SOURCE_REMOVE;
}

static void
print_ready (LwpAuthority *authority, const char *uri)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *ready = json_object_new ();
  g_autofree char *text = NULL;

  json_object_set_string_member (ready, "proxy", uri);
  json_object_set_string_member (ready, "ca", lwp_authority_get_ca_path (authority));
  json_object_set_string_member (ready, "browser", uri);
  json_node_take_object (node, ready);
  text = json_to_string (node, FALSE);
  g_print ("%s\n", text);
  fflush (stdout);
}

static gboolean
serve (const Arguments *arguments, GError **error)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (LwpAuthority) authority = NULL;
  g_autoptr (LwpCloud) cloud = NULL;
  g_autoptr (LwpServer) server = NULL;
  g_autoptr (LwpProxy) proxy = NULL;
  g_autofree char *uri = NULL;

  authority = lwp_authority_new (arguments->cloud.state_dir, error);
  if (authority == NULL)
    return FALSE;
  cloud = lwp_cloud_new (&arguments->cloud, error);
  if (cloud == NULL)
    return FALSE;
  server = lwp_server_new (cloud, authority, error);
  if (server == NULL)
    return FALSE;
  proxy = start_proxy (arguments, lwp_cloud_get_router (cloud), server, error);
  if (proxy == NULL)
    return FALSE;
  uri = g_strdup_printf ("http://127.0.0.1:%u", lwp_proxy_get_port (proxy));
  lwp_cloud_set_browser_uri (cloud, uri);
  lwp_proxy_start (proxy);
  /* A client that closes early is seen by the return of a write. */
  signal (SIGPIPE, SIG_IGN);
  g_unix_signal_add (SIGTERM, quit_cb, loop);
  g_unix_signal_add (SIGINT, quit_cb, loop);
  if (arguments->end_with_stdin)
    g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR, stdin_cb, loop);
  print_ready (authority, uri);
  g_main_loop_run (loop);
  return TRUE;
}

int
main (int argc, char **argv)
{
  Arguments arguments = { .cloud = { .pace = 1.0 } };
  g_autoptr (GError) error = NULL;
  g_autofree char *given = NULL;
  g_autofree char *dir = NULL;
  gboolean parsed;
  int lock;

  umask (077);
  parsed = parse_arguments (argc, argv, &arguments, &error);
  given = arguments.cloud.state_dir;
  if (!parsed)
    {
      g_printerr ("%s\n", error->message);
      return EXIT_USAGE;
    }
  if (arguments.show_version)
    {
      g_print ("%s\n", LW_VERSION);
      return EXIT_SUCCESS;
    }
  dir = g_canonicalize_filename (given, NULL);
  arguments.cloud.state_dir = dir;
  lock = lock_state (dir, &error);
  if (lock < 0 || !serve (&arguments, &error))
    g_printerr ("%s\n", error->message);
  if (lock >= 0)
    close (lock);
  return error == NULL ? EXIT_SUCCESS : EXIT_FAILURE;
}

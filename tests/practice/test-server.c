/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The server of the practice cloud with routes of the test's own: files, connections that are cut,
 * upgrades, and an end while something still runs. The client is GnuTLS on a socket. */

#include <fcntl.h>
#include <gnutls/gnutls.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lwp-proxy.h"

#define HOST "ci1.koreacentral.instances.azureml.ms"

typedef struct
{
  char *dir;
  LwpCloud *cloud;
  LwpAuthority *authority;
  LwpServer *server;
  LwpProxy *proxy;
} Fixture;

typedef struct
{
  GSocketConnection *connection;
  gnutls_certificate_credentials_t credentials;
  gnutls_session_t session;
} Client;

static void
echo (int fd, GBytes *early, gpointer user_data)
{
  char bytes[256];
  gssize length;

  g_assert_cmpint (send (fd, "ready", 5, MSG_NOSIGNAL), ==, 5);
  while ((length = read (fd, bytes, sizeof bytes)) > 0)
    if (send (fd, bytes, (size_t) length, MSG_NOSIGNAL) != length)
      return;
}

static LwpResponse *
upgrade (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  LwpResponse *response = lwp_response_new_upgrade (echo, NULL, NULL);

  lwp_response_set_header (response, "Upgrade", "echo");
  return response;
}

static LwpResponse *
cut (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  return lwp_response_new_cut ();
}

static LwpResponse *
give_file (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  g_autofree char *path = g_build_filename (lwp_cloud_get_state_dir (cloud), "file", NULL);
  int fd;

  g_assert_true (g_file_set_contents (path, "0123456789", -1, NULL));
  fd = open (path, O_RDONLY | O_CLOEXEC);
  return lwp_response_new_file (206, "text/plain", fd, 3, 4);
}

static LwpResponse *
give_rest (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  g_autofree char *text
      = g_strdup_printf ("%s|%s|%s", lwp_request_get_param (request, "ci"),
                         lwp_request_get_param (request, "first"),
                         lwp_request_get_param (request, "rest"));

  return lwp_response_new_text (200, "text/plain", text);
}

static const LwpRoute routes[] = {
  { "GET", "/test/upgrade", upgrade, LWP_ROUTE_OPEN },
  { "GET", "/test/cut", cut, LWP_ROUTE_OPEN },
  { "GET", "/test/file", give_file, LWP_ROUTE_OPEN },
  { "GET", "/test/path/{first}/{rest*}", give_rest, LWP_ROUTE_OPEN },
};

static void
set_up (Fixture *self, gconstpointer data)
{
  LwpOptions options = { .pace = 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *uri = NULL;

  self->dir = g_dir_make_tmp ("labwalk-server-XXXXXX", NULL);
  options.state_dir = self->dir;
  self->authority = lwp_authority_new (self->dir, &error);
  g_assert_no_error (error);
  self->cloud = lwp_cloud_new (&options, &error);
  g_assert_no_error (error);
  lwp_router_add (lwp_cloud_get_router (self->cloud), "{ci}.{region}.instances.azureml.ms", routes,
                  G_N_ELEMENTS (routes), NULL);
  self->server = lwp_server_new (self->cloud, self->authority, &error);
  g_assert_no_error (error);
  self->proxy = lwp_proxy_new (lwp_cloud_get_router (self->cloud), self->server, 0, &error);
  g_assert_no_error (error);
  uri = g_strdup_printf ("http://127.0.0.1:%u", lwp_proxy_get_port (self->proxy));
  lwp_cloud_set_browser_uri (self->cloud, uri);
  lwp_proxy_start (self->proxy);
}

static void
stop (Fixture *self)
{
  g_clear_pointer (&self->proxy, lwp_proxy_free);
  g_clear_pointer (&self->server, lwp_server_free);
  g_clear_pointer (&self->cloud, lwp_cloud_free);
  g_clear_pointer (&self->authority, lwp_authority_free);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_autofree char *command = g_strdup_printf ("rm -r '%s'", self->dir);

  stop (self);
  g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL));
  g_free (self->dir);
}

static void
client_open (Client *self, Fixture *fixture)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) error = NULL;
  static const char head[] = "CONNECT " HOST ":443 HTTP/1.1\r\n\r\n";
  char answer[256] = "";
  int fd;

  g_socket_client_set_enable_proxy (client, FALSE);
  self->connection = g_socket_client_connect_to_host (
      client, "127.0.0.1", lwp_proxy_get_port (fixture->proxy), NULL, &error);
  g_assert_no_error (error);
  fd = g_socket_get_fd (g_socket_connection_get_socket (self->connection));
  g_socket_set_blocking (g_socket_connection_get_socket (self->connection), TRUE);
  fcntl (fd, F_SETFL, fcntl (fd, F_GETFL) & ~O_NONBLOCK);
  g_assert_cmpint (send (fd, head, strlen (head), 0), ==, (gssize) strlen (head));
  g_assert_cmpint (recv (fd, answer, sizeof answer - 1, 0), >, 0);
  g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 200 "));
  gnutls_certificate_allocate_credentials (&self->credentials);
  g_assert_cmpint (gnutls_certificate_set_x509_trust_file (
                       self->credentials, lwp_authority_get_ca_path (fixture->authority),
                       GNUTLS_X509_FMT_PEM),
                   ==, 1);
  gnutls_init (&self->session, GNUTLS_CLIENT);
  gnutls_set_default_priority (self->session);
  gnutls_credentials_set (self->session, GNUTLS_CRD_CERTIFICATE, self->credentials);
  gnutls_server_name_set (self->session, GNUTLS_NAME_DNS, HOST, strlen (HOST));
  gnutls_session_set_verify_cert (self->session, HOST, 0);
  gnutls_transport_set_int (self->session, fd);
  g_assert_cmpint (gnutls_handshake (self->session), ==, 0);
}

static void
client_close (Client *self)
{
  gnutls_deinit (self->session);
  gnutls_certificate_free_credentials (self->credentials);
  g_object_unref (self->connection);
}

static void
client_ask (Client *self, const char *method, const char *path, const char *headers)
{
  g_autofree char *head = g_strdup_printf ("%s %s HTTP/1.1\r\nHost: " HOST "\r\n%s\r\n", method,
                                           path, headers);

  g_assert_cmpint (gnutls_record_send (self->session, head, strlen (head)), ==,
                   (gssize) strlen (head));
}

/* Reads until @end was seen, or the connection ends. */
static char *
client_read_until (Client *self, const char *end)
{
  GString *text = g_string_new (NULL);

  while (strstr (text->str, end) == NULL)
    {
      char bytes[512];
      gssize length = gnutls_record_recv (self->session, bytes, sizeof bytes);

      if (length <= 0)
        break;
      g_string_append_len (text, bytes, length);
    }
  return g_string_free (text, FALSE);
}

static void
test_upgrade (Fixture *fixture, gconstpointer data)
{
  Client client;
  g_autofree char *head = NULL;
  g_autofree char *echoed = NULL;

  client_open (&client, fixture);
  client_ask (&client, "GET", "/test/upgrade", "Connection: Upgrade\r\nUpgrade: echo\r\n");
  head = client_read_until (&client, "ready");
  g_assert_true (g_str_has_prefix (head, "HTTP/1.1 101 "));
  g_assert_cmpint (gnutls_record_send (client.session, "hello.", 6), ==, 6);
  echoed = client_read_until (&client, ".");
  g_assert_cmpstr (echoed, ==, "hello.");
  client_close (&client);
}

static void
test_stop_while_upgraded (Fixture *fixture, gconstpointer data)
{
  Client client;
  g_autofree char *head = NULL;
  g_autofree char *rest = NULL;

  client_open (&client, fixture);
  client_ask (&client, "GET", "/test/upgrade", "Connection: Upgrade\r\nUpgrade: echo\r\n");
  head = client_read_until (&client, "ready");
  stop (fixture);
  rest = client_read_until (&client, "never");
  g_assert_cmpstr (rest, ==, "");
  client_close (&client);
}

static void
test_answers (Fixture *fixture, gconstpointer data)
{
  Client client;
  g_autofree char *file = NULL;
  g_autofree char *path = NULL;
  g_autofree char *nothing = NULL;

  client_open (&client, fixture);
  client_ask (&client, "GET", "/test/file", "");
  file = client_read_until (&client, "3456");
  g_assert_true (g_str_has_prefix (file, "HTTP/1.1 206 "));
  g_assert_nonnull (strstr (file, "Content-Length: 4\r\n"));
  client_ask (&client, "GET", "/TEST/path/a%2Fb/c//d%20e/", "");
  path = client_read_until (&client, "ci1|a/b|c//d e/");
  g_assert_nonnull (strstr (path, "\r\n\r\nci1|a/b|c//d e/"));
  client_ask (&client, "GET", "/test/cut", "");
  nothing = client_read_until (&client, "never");
  g_assert_cmpstr (nothing, ==, "");
  client_close (&client);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/server/answers", Fixture, NULL, set_up, test_answers, tear_down);
  g_test_add ("/server/upgrade", Fixture, NULL, set_up, test_upgrade, tear_down);
  g_test_add ("/server/stop-while-upgraded", Fixture, NULL, set_up, test_stop_while_upgraded,
              tear_down);
  return g_test_run ();
}

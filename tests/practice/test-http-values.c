/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Requests, answers, CONNECT heads and the store of the practice cloud, as values. */

#include <glib/gstdio.h>

#include "lwp-http.h"
#include "lwp-proxy.h"
#include "lwp-store.h"

static void
test_request (void)
{
  g_autoptr (LwpRequest) request
      = lwp_request_new ("GET", "Management.Azure.com", "/a%2Fb//%EA%B0%80/?X=1+2%2B&y&x=9");
  const char *const *segments = lwp_request_get_segments (request);

  g_assert_cmpstr (lwp_request_get_host (request), ==, "management.azure.com");
  g_assert_cmpuint (g_strv_length ((char **) segments), ==, 2);
  g_assert_cmpstr (segments[0], ==, "a/b");
  g_assert_cmpstr (segments[1], ==, "가");
  g_assert_cmpstr (lwp_request_get_query (request, "x"), ==, "1 2+");
  g_assert_cmpstr (lwp_request_get_query (request, "Y"), ==, "");
  g_assert_null (lwp_request_get_query (request, "z"));
  g_assert_cmpstr (lwp_request_get_raw_query (request), ==, "X=1+2%2B&y&x=9");
  lwp_request_add_header (request, "Accept", "a\xff");
  g_assert_true (g_utf8_validate (lwp_request_get_header (request, "ACCEPT"), -1, NULL));
}

static void
test_refused_targets (void)
{
  static const char *const targets[]
      = { "", "a", "http://x/", "*", "/%", "/%0", "/%zz", "/%00", "/%ff", "/?a=%ff", "/?%zz=1" };

  for (gsize i = 0; i < G_N_ELEMENTS (targets); i++)
    g_assert_null (lwp_request_new ("GET", "host", targets[i]));
}

static void
test_json (void)
{
  static const struct
  {
    const char *text;
    gboolean good;
  } bodies[] = {
    { "", TRUE },     { "{}", TRUE }, { "{\"a\":\"[[[[{{{{\\\"\"}", TRUE }, { "[]", FALSE },
    { "5", FALSE },   { "{", FALSE }, { "{\"a\":}", FALSE },                { "\xff", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr (LwpRequest) request = lwp_request_new ("PUT", "host", "/");

      lwp_request_take_body (request, g_bytes_new (bodies[i].text, strlen (bodies[i].text)));
      g_assert_cmpint (lwp_request_get_json (request) != NULL, ==, bodies[i].good);
    }
}

static void
test_response_headers (void)
{
  g_autoptr (LwpResponse) response = lwp_response_new (200);

  lwp_response_set_header (response, "Location", "/a\r\nSet-Cookie: x");
  g_assert_cmpstr (lwp_response_get_header (response, "location"), ==, "/a  Set-Cookie: x");
  lwp_response_set_header (response, "LOCATION", "/b");
  g_assert_cmpstr (lwp_response_get_header (response, "Location"), ==, "/b");
}

static void
test_connect (void)
{
  static const struct
  {
    const char *head;
    const char *host;
  } heads[] = {
    { "CONNECT Management.Azure.com:443 HTTP/1.1\r\nHost: x\r\n\r\n", "management.azure.com" },
    { "CONNECT a.b:443 HTTP/1.0\r\n\r\n", "a.b" },
    { "CONNECT a.b:80 HTTP/1.1\r\n\r\n", NULL },
    { "CONNECT a.b HTTP/1.1\r\n\r\n", NULL },
    { "CONNECT :443 HTTP/1.1\r\n\r\n", NULL },
    { "CONNECT a.b:443:443 HTTP/1.1\r\n\r\n", NULL },
    { "CONNECT a_b:443 HTTP/1.1\r\n\r\n", NULL },
    { "CONNECT (browser):443 HTTP/1.1\r\n\r\n", NULL },
    { "CONNECT a.b:443 HTTP/1.1 x\r\n\r\n", NULL },
    { "connect a.b:443 HTTP/1.1\r\n\r\n", NULL },
    { "CONNECT  a.b:443 HTTP/1.1\r\n\r\n", NULL },
    { "", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (heads); i++)
    {
      g_autofree char *host = lwp_proxy_parse_connect (heads[i].head);

      g_assert_cmpstr (host, ==, heads[i].host);
    }
}

typedef struct
{
  LwpStore *store;
  GString *seen;
} Reading;

static void
read_name (sqlite3_stmt *row, gpointer user_data)
{
  Reading *reading = user_data;

  g_string_append (reading->seen, (const char *) sqlite3_column_text (row, 0));
  /* The same statement again, while it runs. */
  if (reading->seen->len < 8)
    lwp_store_query (reading->store, read_name, reading, "SELECT name FROM t ORDER BY name", "");
}

static LwpStore *
open_store (const char *path)
{
  static const char *const steps[]
      = { "CREATE TABLE t (name TEXT PRIMARY KEY);", "ALTER TABLE t ADD COLUMN n INTEGER;", NULL };
  g_autoptr (GError) error = NULL;
  LwpStore *store = lwp_store_new (path, &error);

  g_assert_no_error (error);
  g_assert_true (lwp_store_ensure (store, "test", steps, &error));
  g_assert_no_error (error);
  return store;
}

static void
test_store (void)
{
  g_autofree char *dir = g_dir_make_tmp ("labwalk-store-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "s", NULL);
  g_autofree char *command = g_strdup_printf ("rm -r '%s'", dir);
  g_autoptr (GError) error = NULL;
  LwpStore *store = open_store (path);
  Reading reading = { store, g_string_new (NULL) };

  g_assert_cmpint (lwp_store_run (store, "INSERT INTO t VALUES (?, ?)", "si", "a", (gint64) 1),
                   ==, 1);
  lwp_store_begin (store);
  lwp_store_begin (store);
  lwp_store_run (store, "INSERT INTO t VALUES (?, NULL)", "s", "b");
  lwp_store_commit (store);
  lwp_store_commit (store);
  g_assert_null (lwp_store_take_error ());
  /* What failed takes the whole transaction with it, and is told once. */
  lwp_store_begin (store);
  lwp_store_run (store, "INSERT INTO t VALUES (?, NULL)", "s", "c");
  lwp_store_run (store, "INSERT INTO t VALUES (?, NULL)", "s", "a");
  lwp_store_commit (store);
  error = lwp_store_take_error ();
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_null (lwp_store_take_error ());
  lwp_store_free (store);

  store = open_store (path);
  reading.store = store;
  lwp_store_query (store, read_name, &reading, "SELECT name FROM t ORDER BY name", "");
  g_assert_true (g_str_has_prefix (reading.seen->str, "aaaaaaaa"));
  g_assert_null (strchr (reading.seen->str, 'c'));
  g_assert_null (lwp_store_take_error ());
  lwp_store_free (store);
  g_string_free (reading.seen, TRUE);
  g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/http-values/request", test_request);
  g_test_add_func ("/http-values/refused-targets", test_refused_targets);
  g_test_add_func ("/http-values/json", test_json);
  g_test_add_func ("/http-values/response-headers", test_response_headers);
  g_test_add_func ("/http-values/connect", test_connect);
  g_test_add_func ("/http-values/store", test_store);
  return g_test_run ();
}

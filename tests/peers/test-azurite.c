/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Our blob code against Azurite, Microsoft's own storage server. Each test has a container of its
 * own; the server is started for the process and ended with it. Where there is no Azurite the tests
 * are skipped, or fail when LW_TEST_ALL is 1. */

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

#include "lw-blob-io.h"
#include "lw-error.h"

/* Azurite's only account, and the key that its documentation gives for it. */
#define ACCOUNT "devstoreaccount1"
#define ACCOUNT_KEY                                                                                \
  "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="

#define LONG_AGO "2020-01-01T00:00:00Z"
#define FAR_AWAY "2999-01-01T00:00:00Z"

static GSubprocess *server;
static GDataInputStream *output; /* kept open: the server ends when it cannot write */
static char *origin;             /* "http://127.0.0.1:PORT/devstoreaccount1" */

/* ---- The server ---- */

/* Between fork and exec: a test that is aborted must not leave its server behind. */
static void
end_with_parent (gpointer user_data)
{
  prctl (PR_SET_PDEATHSIG, SIGTERM);
}

/* Where tests/peers/setup put it, or anywhere on the path. */
static char *
find_program (void)
{
  g_autofree char *installed = g_build_filename (
      g_getenv ("LW_TEST_SOURCE_ROOT"), "_build/peers/node_modules/.bin/azurite-blob", NULL);
  char *program = g_find_program_in_path (installed);

  return program != NULL ? program : g_find_program_in_path ("azurite-blob");
}

static gboolean
start_server (void)
{
  g_autofree char *program = find_program ();
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autoptr (GError) error = NULL;

  if (program == NULL)
    return FALSE;
  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_subprocess_launcher_set_child_setup (launcher, end_with_parent, NULL, NULL);
  server = g_subprocess_launcher_spawn (launcher, &error, program, "--blobHost", "127.0.0.1",
                                        "--blobPort", "0", "--inMemoryPersistence",
                                        "--disableTelemetry", "--silent", NULL);
  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (server));
  while (origin == NULL)
    {
      g_autofree char *line = g_data_input_stream_read_line (output, NULL, NULL, &error);
      const char *url = line != NULL ? strstr (line, "http://127.0.0.1:") : NULL;

      g_assert_no_error (error);
      g_assert_nonnull (line);
      if (url != NULL)
        origin = g_strconcat (url, "/" ACCOUNT, NULL);
    }
  return TRUE;
}

static void
stop_server (void)
{
  g_subprocess_send_signal (server, SIGTERM);
  g_subprocess_wait (server, NULL, NULL);
  g_clear_object (&output);
  g_clear_object (&server);
  g_clear_pointer (&origin, g_free);
}

/* An account SAS for everything, as the storage service documents it. */
static char *
make_sas (const char *expiry)
{
  g_autofree char *text = g_strdup_printf (ACCOUNT "\nrwdlacup\nb\nsco\n" LONG_AGO "\n%s\n\n"
                                                   "https,http\n2020-12-06\n\n",
                                           expiry);
  g_autoptr (GHmac) hmac = NULL;
  g_autofree guchar *key = NULL;
  g_autofree char *signature = NULL;
  g_autofree char *escaped = NULL;
  guint8 digest[32];
  gsize length = sizeof digest;
  gsize key_length;

  key = g_base64_decode (ACCOUNT_KEY, &key_length);
  hmac = g_hmac_new (G_CHECKSUM_SHA256, key, key_length);
  g_hmac_update (hmac, (const guchar *) text, -1);
  g_hmac_get_digest (hmac, digest, &length);
  signature = g_base64_encode (digest, length);
  escaped = g_uri_escape_string (signature, NULL, FALSE);
  return g_strdup_printf ("sv=2020-12-06&ss=b&srt=sco&sp=rwdlacup&st=" LONG_AGO
                          "&se=%s&spr=https,http&sig=%s",
                          expiry, escaped);
}

/* ---- What each test has ---- */

typedef struct
{
  LwClock *clock;
  LwHttp *http;
  char *container; /* URL with SAS */
  char *folder;
  GFile *file;     /* in it */
  GPtrArray *sent; /* "METHOD comp" of each request */
  GBytes *rewrite; /* (nullable): put over the blob after the first request */
  char *url;       /* of the blob */
} Fixture;

static void
on_exchange (const LwHttpExchange *exchange, gpointer user_data)
{
  Fixture *self = user_data;
  const char *comp = strstr (exchange->url, "&comp=");
  gsize length = comp != NULL ? strcspn (comp + 6, "&") : 0;

  g_ptr_array_add (self->sent, g_strdup_printf ("%s %.*s", exchange->method, (int) length,
                                                comp != NULL ? comp + 6 : ""));
}

static LwHttp *
make_http (Fixture *self)
{
  LwHttpOptions options = { .user_agent = "labwalk-test" };
  g_autoptr (GError) error = NULL;
  LwHttp *http = lw_http_new (&options, self->clock, &error);

  g_assert_no_error (error);
  return http;
}

static LwHttpResponse *
send_plain (Fixture *self, const char *method, const char *url, const char *header,
            const char *value, GBytes *body)
{
  g_autoptr (LwHttpRequest) request = lw_blob_io_request (method, url);
  g_autoptr (LwHttp) http = make_http (self);
  g_autoptr (GError) error = NULL;
  LwHttpResponse *response;

  if (header != NULL)
    lw_http_request_set_header (request, header, value);
  if (body != NULL)
    lw_http_request_set_body (request, body, "application/octet-stream");
  response = lw_http_send (http, request, NULL, &error);
  g_assert_no_error (error);
  return response;
}

static void
expect_status (LwHttpResponse *response, guint status)
{
  g_assert_cmpuint (lw_http_response_get_status (response), ==, status);
  lw_http_response_free (response);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autofree char *sas = make_sas (FAR_AWAY);
  g_autofree char *name = g_uuid_string_random ();
  g_autofree char *create = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  self->clock = lw_clock_new_system ();
  self->http = make_http (self);
  self->sent = g_ptr_array_new_with_free_func (g_free);
  lw_http_set_observer (self->http, on_exchange, self, NULL);
  self->container = g_strdup_printf ("%s/%s?%s", origin, name, sas);
  create = lw_blob_io_add_query (self->container, "restype=container");
  expect_status (send_plain (self, "PUT", create, NULL, NULL, NULL), 201);
  self->url = lw_blob_join_sas (self->container, "src/a b/한글 #?%.txt");
  self->folder = g_dir_make_tmp ("lw-azurite-XXXXXX", &error);
  g_assert_no_error (error);
  path = g_build_filename (self->folder, "file", NULL);
  self->file = g_file_new_for_path (path);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_autoptr (GDir) folder = g_dir_open (self->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->folder, name, NULL);

      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_free (self->folder);
  g_free (self->container);
  g_free (self->url);
  g_object_unref (self->file);
  lw_http_unref (self->http);
  g_ptr_array_unref (self->sent);
  lw_clock_unref (self->clock);
}

static void
write_file (Fixture *self, const char *data, gsize length)
{
  g_autoptr (GError) error = NULL;

  g_file_replace_contents (self->file, data, length, NULL, FALSE, G_FILE_CREATE_NONE, NULL, NULL,
                           &error);
  g_assert_no_error (error);
}

/* Bytes that no two blocks have in common. */
static GBytes *
make_bytes (gsize length, guint32 seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  guint32 *data = g_malloc (length + sizeof *data);

  for (gsize i = 0; i <= length / sizeof *data; i++)
    data[i] = g_rand_int (random);
  return g_bytes_new_take (data, length);
}

static void
put_ok (Fixture *self, gboolean overwrite)
{
  g_autoptr (GError) error = NULL;
  gboolean done = lw_blob_io_put_file (self->http, self->url, self->file, overwrite, NULL, NULL,
                                       NULL, &error);

  g_assert_no_error (error);
  g_assert_true (done);
}

static void
assert_file (Fixture *self, gconstpointer data, gsize length)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize n;

  g_file_load_contents (self->file, NULL, &text, &n, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (text, n, data, length);
}

/* Nothing but what is named is in the folder. */
static void
assert_folder (Fixture *self, const char *only)
{
  g_autoptr (GDir) folder = g_dir_open (self->folder, 0, NULL);

  g_assert_cmpstr (g_dir_read_name (folder), ==, only);
  g_assert_true (only == NULL || g_dir_read_name (folder) == NULL);
}

static guint
count_sent (Fixture *self, const char *what)
{
  guint n = 0;

  for (guint i = 0; i < self->sent->len; i++)
    n += strcmp (g_ptr_array_index (self->sent, i), what) == 0 ? 1 : 0;
  return n;
}

static void
download_ok (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  goffset length = -1;

  lw_blob_io_download (self->http, self->url, self->file, &length, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (length, >=, 0);
}

static void
assert_download_fails (Fixture *self, GQuark domain, int code)
{
  g_autoptr (GError) error = NULL;

  g_unlink (g_file_peek_path (self->file));
  g_assert_false (lw_blob_io_download (self->http, self->url, self->file, NULL, NULL, &error));
  g_assert_error (error, domain, code);
  assert_folder (self, NULL);
}

/* ---- Tests ---- */

static void
test_small (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  write_file (self, "hello", 5);
  put_ok (self, FALSE);
  put_ok (self, FALSE); /* the same again */
  write_file (self, "other", 5);
  g_assert_false (
      lw_blob_io_put_file (self->http, self->url, self->file, FALSE, NULL, NULL, NULL, &error));
  g_assert_error (error, LW_AZURE_ERROR, LW_AZURE_ERROR_CONFLICT);
  g_assert_true (lw_azure_error_is (error, "BlobAlreadyExists"));
  download_ok (self);
  assert_file (self, "hello", 5);
  assert_folder (self, "file");
  write_file (self, "other", 5);
  put_ok (self, TRUE);
  write_file (self, "", 0);
  download_ok (self);
  assert_file (self, "other", 5);
}

static void
test_empty (Fixture *self, gconstpointer data)
{
  g_auto (LwBlobRange) range = { 0 };
  g_autoptr (GError) error = NULL;

  write_file (self, "", 0);
  put_ok (self, FALSE);
  write_file (self, "old", 3);
  download_ok (self);
  assert_file (self, "", 0);
  g_assert_true (lw_blob_io_read_range (self->http, self->url, 0, 100, &range, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (range.exists);
  g_assert_cmpint (range.total, ==, 0);
  g_assert_cmpuint (g_bytes_get_size (range.data), ==, 0);
}

static void
test_blocks (Fixture *self, gconstpointer data)
{
  g_autoptr (GBytes) bytes = make_bytes (2 * LW_BLOB_BLOCK_SIZE + 12345, 1);
  g_autoptr (GError) error = NULL;
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);

  write_file (self, text, length);
  put_ok (self, FALSE);
  g_assert_cmpuint (count_sent (self, "PUT block"), ==, 3);
  put_ok (self, FALSE);
  g_assert_cmpuint (count_sent (self, "PUT block"), ==, 3);
  write_file (self, "x", 1);
  download_ok (self);
  assert_file (self, text, length);
  /* One byte more is another content. */
  write_file (self, text, length - 1);
  g_assert_false (
      lw_blob_io_put_file (self->http, self->url, self->file, FALSE, NULL, NULL, NULL, &error));
  g_assert_error (error, LW_AZURE_ERROR, LW_AZURE_ERROR_CONFLICT);
  put_ok (self, TRUE);
  download_ok (self);
  assert_file (self, text, length - 1);
}

typedef struct
{
  GCancellable *cancellable;
  goffset stop_at;
  goffset last;
} Progress;

static void
on_progress (goffset sent, goffset total, gpointer user_data)
{
  Progress *progress = user_data;

  g_assert_cmpint (sent, >, progress->last);
  g_assert_cmpint (sent, <=, total);
  progress->last = sent;
  if (progress->cancellable != NULL && sent >= progress->stop_at)
    g_cancellable_cancel (progress->cancellable);
}

static void
test_resume (Fixture *self, gconstpointer data)
{
  g_autoptr (GBytes) bytes = make_bytes (3 * LW_BLOB_BLOCK_SIZE + 1, 2);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Progress progress = { cancellable, 2 * LW_BLOB_BLOCK_SIZE, 0 };
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);
  guint n_before;

  write_file (self, text, length);
  g_assert_false (lw_blob_io_put_file (self->http, self->url, self->file, FALSE, on_progress,
                                       &progress, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  n_before = count_sent (self, "PUT block");
  g_assert_cmpuint (n_before, >=, 2);
  g_assert_cmpuint (n_before, <, 4);

  progress = (Progress){ NULL, 0, 0 };
  lw_blob_io_put_file (self->http, self->url, self->file, FALSE, on_progress, &progress, NULL,
                       &error);
  g_assert_no_error (error);
  g_assert_cmpint (progress.last, ==, length);
  g_assert_cmpuint (count_sent (self, "PUT block"), <=, 4 + (n_before > 2 ? 1 : 0));
  write_file (self, "", 0);
  download_ok (self);
  assert_file (self, text, length);
}

static void
append (Fixture *self, const char *text)
{
  g_autofree char *url = lw_blob_io_add_query (self->url, "comp=appendblock");
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));

  expect_status (send_plain (self, "PUT", url, NULL, NULL, body), 201);
}

static void
assert_range (Fixture *self, goffset offset, gsize max_length, const char *expected, goffset total)
{
  g_auto (LwBlobRange) range = { 0 };
  g_autoptr (GError) error = NULL;

  lw_blob_io_read_range (self->http, self->url, offset, max_length, &range, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (range.exists);
  g_assert_cmpmem (g_bytes_get_data (range.data, NULL), g_bytes_get_size (range.data), expected,
                   strlen (expected));
  g_assert_cmpint (range.total, ==, total);
}

/* A log: not there, empty, growing, begun again. */
static void
test_growing (Fixture *self, gconstpointer data)
{
  g_auto (LwBlobRange) range = { 0 };
  g_autoptr (GError) error = NULL;

  lw_blob_io_read_range (self->http, self->url, 0, 10, &range, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (range.exists);
  g_assert_cmpuint (g_bytes_get_size (range.data), ==, 0);

  expect_status (send_plain (self, "PUT", self->url, "x-ms-blob-type", "AppendBlob", NULL), 201);
  assert_range (self, 0, 10, "", 0);
  append (self, "Reading data...\n");
  assert_range (self, 0, 7, "Reading", 16);
  assert_range (self, 7, 100, " data...\n", 16);
  assert_range (self, 16, 100, "", 16);
  append (self, "AUC");
  assert_range (self, 16, 100, "AUC", 19);
  expect_status (send_plain (self, "PUT", self->url, "x-ms-blob-type", "AppendBlob", NULL), 201);
  append (self, "anew");
  assert_range (self, 19, 100, "", 4);
}

static void
test_metadata (Fixture *self, gconstpointer data)
{
  g_autoptr (GHashTable) metadata = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (LwHttpResponse) response = NULL;
  g_autoptr (GError) error = NULL;

  write_file (self, "x", 1);
  g_hash_table_insert (metadata, (gpointer) "upload_status", (gpointer) "completed");
  g_assert_false (lw_blob_io_set_metadata (self->http, self->url, metadata, NULL, &error));
  g_assert_error (error, LW_AZURE_ERROR, LW_AZURE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  put_ok (self, FALSE);
  lw_blob_io_set_metadata (self->http, self->url, metadata, NULL, &error);
  g_assert_no_error (error);
  response = send_plain (self, "HEAD", self->url, NULL, NULL, NULL);
  g_assert_cmpstr (lw_http_response_get_header (response, "x-ms-meta-upload_status"), ==,
                   "completed");
  g_hash_table_insert (metadata, (gpointer) "name", (gpointer) "a\r\nb: c");
  g_assert_false (lw_blob_io_set_metadata (self->http, self->url, metadata, NULL, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_MALFORMED);
}

static void
test_refused (Fixture *self, gconstpointer data)
{
  g_autofree char *sas = make_sas ("2021-01-01T00:00:00Z");
  g_auto (LwBlobRange) range = { 0 };
  g_autoptr (GError) error = NULL;

  assert_download_fails (self, LW_AZURE_ERROR, LW_AZURE_ERROR_NOT_FOUND);
  write_file (self, "x", 1);
  g_free (self->url);
  self->url = g_strdup_printf ("%s/container/x?%s", origin, sas);
  g_assert_false (
      lw_blob_io_put_file (self->http, self->url, self->file, TRUE, NULL, NULL, NULL, &error));
  g_assert_error (error, LW_AZURE_ERROR, LW_AZURE_ERROR_FORBIDDEN);
  g_assert_true (lw_azure_error_is (error, "AuthenticationFailed")
                 || lw_azure_error_is (error, "AuthorizationFailure"));
  g_clear_error (&error);
  g_assert_false (lw_blob_io_read_range (self->http, self->url, 0, 1, &range, NULL, &error));
  g_assert_error (error, LW_AZURE_ERROR, LW_AZURE_ERROR_FORBIDDEN);
  assert_download_fails (self, LW_AZURE_ERROR, LW_AZURE_ERROR_FORBIDDEN);
}

static void
test_wrong_md5 (Fixture *self, gconstpointer data)
{
  g_autofree char *url = lw_blob_io_add_query (self->url, "comp=properties");

  write_file (self, "hello", 5);
  put_ok (self, FALSE);
  expect_status (
      send_plain (self, "PUT", url, "x-ms-blob-content-md5", "rL0Y20zC+Fzt72VPzMSk2A==", NULL),
      200);
  assert_download_fails (self, LW_ERROR, LW_ERROR_MALFORMED);
}

static void
test_destination (Fixture *self, gconstpointer data)
{
  g_autoptr (GFile) nowhere = g_file_resolve_relative_path (self->file, "../nowhere/file");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  write_file (self, "hello", 5);
  put_ok (self, FALSE);
  g_assert_false (lw_blob_io_download (self->http, self->url, nowhere, NULL, NULL, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_cancellable_cancel (cancellable);
  write_file (self, "old", 3);
  g_assert_false (
      lw_blob_io_download (self->http, self->url, self->file, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_file (self, "old", 3);
  assert_folder (self, "file");
}

static void
rewrite_after_first (const LwHttpExchange *exchange, gpointer user_data)
{
  Fixture *self = user_data;
  g_autoptr (GBytes) body = g_steal_pointer (&self->rewrite);

  if (body != NULL)
    expect_status (send_plain (self, "PUT", self->url, "x-ms-blob-type", "BlockBlob", body), 201);
}

/* What arrives is one version of the blob, never the head of one and the tail of another. */
static void
test_rewritten (Fixture *self, gconstpointer data)
{
  g_autoptr (GBytes) old = make_bytes (LW_BLOB_BLOCK_SIZE + 100, 3);
  g_autoptr (GBytes) new = make_bytes (LW_BLOB_BLOCK_SIZE + 200, 4);

  write_file (self, g_bytes_get_data (old, NULL), g_bytes_get_size (old));
  put_ok (self, FALSE);
  lw_http_unref (self->http);
  self->http = make_http (self);
  lw_http_set_observer (self->http, rewrite_after_first, self, NULL);
  self->rewrite = g_bytes_ref (new);
  download_ok (self);
  g_assert_null (self->rewrite);
  assert_file (self, g_bytes_get_data (new, NULL), g_bytes_get_size (new));
}

#define ADD(path, func) g_test_add ("/azurite/" path, Fixture, NULL, set_up, func, tear_down)

static void
test_absent (void)
{
  if (g_strcmp0 (g_getenv ("LW_TEST_ALL"), "1") == 0)
    g_error ("azurite-blob is not installed");
  g_test_skip ("azurite-blob is not installed");
}

int
main (int argc, char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  if (!start_server ())
    {
      g_test_add_func ("/azurite", test_absent);
      return g_test_run ();
    }
  ADD ("small", test_small);
  ADD ("empty", test_empty);
  ADD ("blocks", test_blocks);
  ADD ("resume", test_resume);
  ADD ("growing", test_growing);
  ADD ("metadata", test_metadata);
  ADD ("refused", test_refused);
  ADD ("wrong-md5", test_wrong_md5);
  ADD ("destination", test_destination);
  ADD ("rewritten", test_rewritten);
  status = g_test_run ();
  stop_server ();
  return status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Signing in to the real practice cloud: by browser, with the test following its redirects as a
 * browser does, by device code, and by the real `az`. */

#include <glib/gstdio.h>
#include <string.h>

#include "lab-world.h"
#include "lw-error.h"
#include "lw-sign-in.h"

#define ARM_SCOPE "https://management.azure.com/.default"

static LabWorld *world;
static LwHttp *http;
static LwTokenStore *store;
static LwSignInOptions options;

static void
set_up (void)
{
  g_autoptr (LwClock) clock = lw_clock_new_virtual (g_get_real_time ());
  g_autoptr (GError) error = NULL;
  LwHttpOptions http_options = { .user_agent = "test" };

  world = lab_world_new (0, TRUE);
  http_options.proxy = lab_world_get_proxy (world);
  http_options.ca_file = lab_world_get_ca (world);
  http = lw_http_new (&http_options, clock, &error);
  g_assert_no_error (error);
  store = lw_token_store_new_memory ();
  options = (LwSignInOptions){
    .cloud = lw_cloud_get_public (),
    .cloud_id = "practice",
    .tenant = "organizations",
    .language = "en-US",
    .store = store,
    .store_label = "Labwalk",
    .practice = TRUE,
  };
}

static void
tear_down (void)
{
  lw_token_store_unref (store);
  lw_http_unref (http);
  lab_world_free (world);
}

/* The account can do something, and what is stored can take it up. */
static void
assert_works (LwAccount *account)
{
  const LwAccountInfo *info = lw_account_get_info (account);
  g_autoptr (LwAzure) azure = lw_azure_new (options.cloud, http, account);
  g_autoptr (LwAccount) resumed = NULL;
  g_autoptr (GPtrArray) tenants = NULL;
  g_autoptr (LwSecret) token = NULL;
  g_autoptr (GError) error = NULL;

  tenants = lw_arm_list_tenants (azure, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (tenants->len, >, 0);
  resumed = lw_account_resume (options.cloud, http, store, "Labwalk", info, NULL, &error);
  g_assert_no_error (error);
  token = lw_account_get_token (resumed, NULL, ARM_SCOPE, 300, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (token);
}

/* ---- Browser ---- */

/* One GET to this computer, without the proxy. */
static char *
browse (const char *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_ENCODED, NULL);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = NULL;
  g_autofree char *request = NULL;
  g_autoptr (GString) page = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  char buffer[1024];
  gssize n = 0;

  g_assert_nonnull (uri);
  g_socket_client_set_enable_proxy (client, FALSE);
  connection = g_socket_client_connect_to_host (client, "127.0.0.1", (guint16) g_uri_get_port (uri),
                                                NULL, &error);
  g_assert_no_error (error);
  request = g_strdup_printf ("GET %s?%s HTTP/1.1\r\nHost: %s:%d\r\nConnection: close\r\n\r\n",
                             *g_uri_get_path (uri) != '\0' ? g_uri_get_path (uri) : "/",
                             g_uri_get_query (uri), g_uri_get_host (uri), g_uri_get_port (uri));
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), request,
                             strlen (request), NULL, NULL, &error);
  g_assert_no_error (error);
  while ((n = g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)), buffer,
                                   sizeof buffer, NULL, NULL))
         > 0)
    g_string_append_len (page, buffer, n);
  return g_strdup (page->str);
}

static char *
dup_location (const char *answer)
{
  const char *start = strstr (answer, "Location: ");

  g_assert (start != NULL);
  start += strlen ("Location: ");
  return g_strndup (start, strcspn (start, "\r\n"));
}

/* To the sign-in page, which approves at once, and back to the listener. Returns its page. */
static gpointer
browser_thread_cb (gpointer data)
{
  g_autofree char *answer = browse (data);
  g_autofree char *redirect = dup_location (answer);

  return browse (redirect);
}

static void
test_browser (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LwBrowserSignIn) sign_in = lw_browser_sign_in_new (http, &options, NULL, &error);
  g_autoptr (LwAccount) account = NULL;
  g_autofree char *url = NULL;
  g_autofree char *page = NULL;
  GThread *browser = NULL;

  g_assert_no_error (error);
  url = g_strdup (lw_browser_sign_in_get_url (sign_in));
  g_assert_true (g_str_has_prefix (url, "http://"));
  browser = g_thread_new ("browser", browser_thread_cb, url);
  account = lw_browser_sign_in_wait (sign_in, "<p>done", "<p>failed", 0, NULL, &error);
  page = g_thread_join (browser);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (page, "<p>done"));
  g_assert_cmpstr (lw_account_get_info (account)->method, ==, "browser");
  g_assert_cmpstr (lw_account_get_info (account)->cloud_id, ==, "practice");
  assert_works (account);
}

/* Not as practice, its loopback page is refused. */
static void
test_browser_not_practice (void)
{
  LwSignInOptions strict = options;
  g_autoptr (GError) error = NULL;

  strict.practice = FALSE;
  g_assert_null (lw_browser_sign_in_new (http, &strict, NULL, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_UNTRUSTED_HOST);
}

/* ---- Device code ---- */

static LwAccount *
sign_in_by_device (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LwDeviceSignIn) sign_in = lw_device_sign_in_new (http, &options, NULL, &error);
  LwAccount *account = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (lw_device_sign_in_get_user_code (sign_in), !=, "");
  g_assert_true (g_str_has_prefix (lw_device_sign_in_get_uri (sign_in), "http://"));
  account = lw_device_sign_in_wait (sign_in, NULL, &error);
  g_assert_no_error (error);
  return account;
}

static void
test_device (void)
{
  g_autoptr (LwAccount) account = sign_in_by_device ();

  assert_works (account);
}

static void
test_unknown_tenant (void)
{
  LwSignInOptions other = options;
  g_autoptr (GError) error = NULL;

  other.tenant = "nowhere.example";
  g_assert_null (lw_device_sign_in_new (http, &other, NULL, &error));
  g_assert_error (error, LW_AZURE_ERROR, LW_AZURE_ERROR_ENTRA);
  g_assert_cmpstr (lw_azure_error_get_inner_code (error), ==, "AADSTS90002");
}

/* ---- What is stored ---- */

static void
test_bad_refresh_token (void)
{
  g_autoptr (LwAccount) account = sign_in_by_device ();
  const LwAccountInfo *info = lw_account_get_info (account);
  g_autoptr (LwAccount) resumed = NULL;
  g_autoptr (GError) error = NULL;

  lw_token_store_save (store, info->cloud_id, info->account_id, "Labwalk", "revoked", NULL, &error);
  g_assert_no_error (error);
  resumed = lw_account_resume (options.cloud, http, store, "Labwalk", info, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (lw_account_get_token (resumed, NULL, ARM_SCOPE, 300, NULL, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_SIGN_IN_NEEDED);
  g_assert_true (g_str_has_prefix (error->message, "AADSTS"));
}

static void
test_sign_out (void)
{
  g_autoptr (LwAccount) account = sign_in_by_device ();
  const LwAccountInfo *info = lw_account_get_info (account);
  g_autoptr (GError) error = NULL;

  g_assert_true (lw_account_sign_out (account, NULL, &error));
  g_assert_no_error (error);
  g_assert_null (lw_account_resume (options.cloud, http, store, "Labwalk", info, NULL, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_SIGN_IN_NEEDED);
}

/* ---- az ---- */

static void
point_az_at_practice (void)
{
  g_autofree char *config
      = g_build_filename (g_file_peek_path (lab_world_get_folder (world)), "az", NULL);

  g_setenv ("AZURE_CONFIG_DIR", config, TRUE);
  g_setenv ("AZURE_CORE_COLLECT_TELEMETRY", "no", TRUE);
  g_setenv ("HTTPS_PROXY", lab_world_get_proxy (world), TRUE);
  g_setenv ("REQUESTS_CA_BUNDLE", lab_world_get_ca (world), TRUE);
}

static void
run_az_login (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process
      = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                          &error, "az", "login", "--use-device-code", "--only-show-errors", NULL);

  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (process, NULL, &error));
  g_assert_no_error (error);
}

static void
test_az (void)
{
  g_autofree char *path = g_find_program_in_path ("az");
  g_autoptr (LwAccount) account = NULL;
  g_autoptr (LwAccount) resumed = NULL;
  g_autoptr (LwAzure) azure = NULL;
  g_autoptr (GPtrArray) tenants = NULL;
  g_autoptr (GError) error = NULL;

  if (path == NULL)
    {
      g_test_skip ("there is no az");
      return;
    }
  point_az_at_practice ();
  g_assert_null (lw_az_sign_in (http, &options, NULL, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_SIGN_IN_NEEDED);
  g_clear_error (&error);

  run_az_login ();
  account = lw_az_sign_in (http, &options, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (lw_account_get_info (account)->method, ==, "az");
  g_assert_true (g_str_has_prefix (lw_account_get_info (account)->account_id, "az:"));
  resumed = lw_account_resume (options.cloud, http, store, "Labwalk", lw_account_get_info (account),
                               NULL, &error);
  g_assert_no_error (error);
  azure = lw_azure_new (options.cloud, http, resumed);
  tenants = lw_arm_list_tenants (azure, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (tenants->len, >, 0);
}

static gpointer
cancel_thread_cb (gpointer data)
{
  g_cancellable_cancel (data);
  return NULL;
}

static void
test_az_cancelled (void)
{
  g_autofree char *path = g_find_program_in_path ("az");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GThread *thread = NULL;

  if (path == NULL)
    {
      g_test_skip ("there is no az");
      return;
    }
  thread = g_thread_new ("cancel", cancel_thread_cb, cancellable);
  g_assert_null (lw_az_sign_in (http, &options, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
}

static void
test_az_missing (void)
{
  g_autofree char *path = g_strdup (g_getenv ("PATH"));
  g_autoptr (GError) error = NULL;

  g_setenv ("PATH", g_file_peek_path (lab_world_get_folder (world)), TRUE);
  g_assert_null (lw_az_sign_in (http, &options, NULL, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_NOT_FOUND);
  g_setenv ("PATH", path, TRUE);
}

int
main (int argc, char **argv)
{
  int status = 0;

  g_test_init (&argc, &argv, NULL);
  set_up ();
  g_test_add_func ("/azure-sign-in/browser", test_browser);
  g_test_add_func ("/azure-sign-in/browser-not-practice", test_browser_not_practice);
  g_test_add_func ("/azure-sign-in/device", test_device);
  g_test_add_func ("/azure-sign-in/unknown-tenant", test_unknown_tenant);
  g_test_add_func ("/azure-sign-in/bad-refresh-token", test_bad_refresh_token);
  g_test_add_func ("/azure-sign-in/sign-out", test_sign_out);
  g_test_add_func ("/azure-sign-in/az", test_az);
  g_test_add_func ("/azure-sign-in/az-cancelled", test_az_cancelled);
  g_test_add_func ("/azure-sign-in/az-missing", test_az_missing);
  status = g_test_run ();
  tear_down ();
  return status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The practice cloud as a child process, and a client of it. The cloud ends with its standard
 * input, so also when the test dies. */

#include "lab-world.h"

#include <glib/gstdio.h>
#include <string.h>

#include "lw-json.h"
#include "lw-sign-in.h"

/* Of each answer while the cloud takes real time but the client's waits do not: otherwise the
 * client would reach every deadline at once. */
#define LATENCY_US (30 * 1000)

struct _LabWorld
{
  GSubprocess *process; /* (nullable): somebody else's cloud */
  GInputStream *output; /* (nullable) */
  char *state;          /* (nullable) */
  char *proxy;
  char *ca;
  char *top; /* (nullable): removed at the end */
  GFile *folder;
  gboolean virtual_time;
  gulong latency_us;

  LwLab *lab;
  LwHttp *http;
  LwAzure *azure;
  GPtrArray *subscriptions;
  LwArm arm;

  GMutex mutex;
  GPtrArray *requests; /* guarded: "PUT https://…" */
};

void
lab_world_remove (const char *path)
{
  GDir *dir = g_dir_open (path, 0, NULL);

  for (const char *name = dir ? g_dir_read_name (dir) : NULL; name; name = g_dir_read_name (dir))
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      lab_world_remove (child);
    }
  g_clear_pointer (&dir, g_dir_close);
  g_remove (path);
}

/* ---- The cloud ---- */

static void
read_ready_line (LabWorld *self)
{
  g_autoptr (GDataInputStream) stream = g_data_input_stream_new (self->output);
  g_autoptr (GError) error = NULL;
  g_autofree char *line = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (LwJsonDocument) document = NULL;
  LwJson root;

  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (stream), FALSE);
  line = g_data_input_stream_read_line (stream, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (line);
  bytes = g_bytes_new (line, strlen (line));
  document = lw_json_parse (bytes, &error);
  g_assert_no_error (error);
  root = lw_json_document_get_root (document);
  g_free (self->proxy);
  g_free (self->ca);
  self->proxy = g_strdup (lw_json_need_string (root, "proxy", &error));
  self->ca = g_strdup (lw_json_need_string (root, "ca", &error));
  g_assert_no_error (error);
}

static void
start_cloud (LabWorld *self, double pace)
{
  g_autofree char *pace_text = g_strdup_printf ("%g", pace);
  g_autoptr (GError) error = NULL;

  self->process = g_subprocess_new (
    G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
    g_getenv ("LW_PRACTICE_CLOUD"), "--state", self->state, "--pace", pace_text, "--auto-approve",
    "--end-with-stdin", NULL);
  g_assert_no_error (error);
  self->output = g_subprocess_get_stdout_pipe (self->process);
  read_ready_line (self);
}

void
lab_world_restart_cloud (LabWorld *self, guint pause_ms, double pace)
{
  g_autofree char *proxy = g_strdup (self->proxy);

  g_subprocess_force_exit (self->process);
  g_assert_true (g_subprocess_wait (self->process, NULL, NULL));
  g_clear_object (&self->process);
  g_usleep (pause_ms * 1000ul);
  start_cloud (self, pace);
  /* It takes its old port again, so that its clients go on. */
  g_assert_cmpstr (self->proxy, ==, proxy);
}

static void
stop_cloud (LabWorld *self)
{
  g_autoptr (GError) error = NULL;

  g_output_stream_close (g_subprocess_get_stdin_pipe (self->process), NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait (self->process, NULL, NULL));
  g_assert_true (g_subprocess_get_successful (self->process));
  g_clear_object (&self->process);
}

/* ---- The client ---- */

static void
observe (const LwHttpExchange *exchange, gpointer user_data)
{
  LabWorld *self = user_data;
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = NULL;

  if (self->latency_us > 0)
    g_usleep (self->latency_us);
  locker = g_mutex_locker_new (&self->mutex);
  g_ptr_array_add (self->requests, g_strdup_printf ("%s %s", exchange->method, exchange->url));
}

static LwAccount *
sign_in (LabWorld *self)
{
  g_autoptr (LwTokenStore) store = lw_token_store_new_memory ();
  g_autoptr (GError) error = NULL;
  LwSignInOptions options = { .cloud = lw_cloud_get_public (),
                              .cloud_id = "practice",
                              .tenant = "organizations",
                              .store = store,
                              .store_label = "test",
                              .practice = TRUE };
  g_autoptr (LwDeviceSignIn) flow = lw_device_sign_in_new (self->http, &options, NULL, &error);
  LwAccount *account;

  g_assert_no_error (error);
  account = lw_device_sign_in_wait (flow, NULL, &error);
  g_assert_no_error (error);
  return account;
}

static void
start_client (LabWorld *self)
{
  LwHttpOptions options
    = { .proxy = self->proxy, .ca_file = self->ca, .user_agent = "labwalk-test" };
  g_autoptr (LwClock) clock = self->virtual_time ? lw_clock_new_virtual (g_get_real_time ())
                                                 : lw_clock_new_system ();
  g_autoptr (LwAccount) account = NULL;
  g_autoptr (GError) error = NULL;
  const LwSubscription *subscription;

  self->http = lw_http_new (&options, clock, &error);
  g_assert_no_error (error);
  lw_http_set_observer (self->http, observe, self, NULL);
  account = sign_in (self);
  self->azure = lw_azure_new (lw_cloud_get_public (), self->http, account);
  self->subscriptions = lw_arm_list_subscriptions (
    self->azure, lw_account_get_info (account)->tenant_id, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (self->subscriptions->len, >, 0);
  subscription = g_ptr_array_index (self->subscriptions, 0);
  self->arm = (LwArm) { self->azure, subscription->tenant_id, subscription->id };
}

static LabWorld *
world_new (gboolean virtual_time)
{
  g_autofree char *path = g_build_filename (g_getenv ("LW_TEST_SOURCE_ROOT"), "data", "labs",
                                            "dp100-08.json", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  LabWorld *self = g_new0 (LabWorld, 1);

  g_mutex_init (&self->mutex);
  self->requests = g_ptr_array_new_with_free_func (g_free);
  self->virtual_time = virtual_time;
  self->lab = lw_lab_load (file, &error);
  g_assert_no_error (error);
  return self;
}

LabWorld *
lab_world_new (double pace, gboolean virtual_time)
{
  LabWorld *self = world_new (virtual_time);
  g_autofree char *records = NULL;

  self->top = g_dir_make_tmp ("lw-world-XXXXXX", NULL);
  self->state = g_build_filename (self->top, "cloud", NULL);
  records = g_build_filename (self->top, "records", NULL);
  self->folder = g_file_new_for_path (records);
  self->latency_us = virtual_time && pace > 0 ? LATENCY_US : 0;
  start_cloud (self, pace);
  start_client (self);
  return self;
}

LabWorld *
lab_world_new_client (const char *proxy, const char *ca, const char *folder, gboolean virtual_time)
{
  LabWorld *self = world_new (virtual_time);

  self->proxy = g_strdup (proxy);
  self->ca = g_strdup (ca);
  self->folder = g_file_new_for_path (folder);
  self->latency_us = virtual_time ? LATENCY_US : 0;
  start_client (self);
  return self;
}

void
lab_world_free (LabWorld *self)
{
  lw_azure_unref (self->azure);
  lw_http_unref (self->http);
  if (self->process != NULL)
    stop_cloud (self);
  if (self->top != NULL)
    lab_world_remove (self->top);
  g_ptr_array_unref (self->subscriptions);
  g_ptr_array_unref (self->requests);
  lw_lab_unref (self->lab);
  g_object_unref (self->folder);
  g_mutex_clear (&self->mutex);
  g_free (self->state);
  g_free (self->proxy);
  g_free (self->ca);
  g_free (self->top);
  g_free (self);
}

const char *
lab_world_get_proxy (LabWorld *self)
{
  return self->proxy;
}

const char *
lab_world_get_ca (LabWorld *self)
{
  return self->ca;
}

GFile *
lab_world_get_folder (LabWorld *self)
{
  return self->folder;
}

LwLab *
lab_world_get_lab (LabWorld *self)
{
  return self->lab;
}

const LwArm *
lab_world_get_arm (LabWorld *self)
{
  return &self->arm;
}

const LwSubscription *
lab_world_get_subscription (LabWorld *self)
{
  return g_ptr_array_index (self->subscriptions, 0);
}

LwRecord *
lab_world_new_record (LabWorld *self)
{
  LwRecord *record = lw_record_new (self->folder, self->lab, "practice");
  g_autoptr (GError) error = NULL;

  lw_record_set (record, &error, LW_RECORD_TENANT, self->arm.tenant_id, LW_RECORD_SUBSCRIPTION,
                 self->arm.subscription_id, LW_RECORD_REGION, "koreacentral", LW_RECORD_VM_SIZE,
                 "Standard_DS11_v2", LW_RECORD_MAX_NODES, "2", NULL);
  g_assert_no_error (error);
  return record;
}

guint
lab_world_count (LabWorld *self, const char *method, const char *part)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  g_autofree char *start = g_strconcat (method != NULL ? method : "", method != NULL ? " " : "",
                                        NULL);
  guint count = 0;

  for (guint i = 0; i < self->requests->len; i++)
    {
      const char *request = g_ptr_array_index (self->requests, i);

      if (g_str_has_prefix (request, start) && strstr (request, part) != NULL)
        count++;
    }
  return count;
}

void
lab_world_forget_requests (LabWorld *self)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  g_ptr_array_set_size (self->requests, 0);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One server stands for all hosts. Its handler runs on its thread; what it shares with the test is
 * guarded by the mutex. */

#include "azure-stage.h"

#include <glib/gstdio.h>
#include <string.h>

#include "connect-proxy.h"
#include "http-server.h"
#include "tls-certificates.h"

#define HOSTS "management.azure.com login.microsoftonline.com"
#define LIFETIME_S 86400
#define START_US (G_GINT64_CONSTANT (1800000000) * G_TIME_SPAN_SECOND)

typedef struct
{
  char *request; /* "GET https://…" */
  guint status;
  char *headers;
  char *body;
} Line;

struct _AzureStage
{
  ConnectProxy *proxy;
  HttpServer *server;
  char *ca_path;
  LwClock *clock;
  LwHttp *http;
  LwTokenStore *store;
  GMutex mutex;
  GCond changed;
  GQueue lines; /* of Line */
  GString *wrong;
  GHashTable *last; /* header in lower case to value; "" to the body */
  GPtrArray *kept;  /* what getters have returned */
  char *last_grant;
  guint n_grants;
  gboolean hold;
};

static void
line_free (gpointer data)
{
  Line *self = data;

  g_free (self->request);
  g_free (self->headers);
  g_free (self->body);
  g_free (self);
}

static void
note_header_cb (const char *name, const char *value, gpointer user_data)
{
  g_hash_table_replace (user_data, g_ascii_strdown (name, -1), g_strdup (value));
}

static char *
dup_request_body (SoupServerMessage *message)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autoptr (GBytes) bytes = soup_message_body_flatten (body);

  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
answer (SoupServerMessage *message, guint status, const char *headers, const char *body)
{
  SoupMessageHeaders *list = soup_server_message_get_response_headers (message);
  g_auto (GStrv) split = g_strsplit (headers != NULL ? headers : "", "\n", -1);

  for (guint i = 0; split[i] != NULL; i++)
    {
      char *value = strstr (split[i], ": ");

      if (value == NULL)
        continue;
      *value = '\0';
      soup_message_headers_append (list, split[i], value + 2);
    }
  soup_server_message_set_status (message, status, NULL);
  if (body != NULL)
    soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, body,
                                      strlen (body));
}

/* With the mutex held. */
static void
answer_line (AzureStage *self, SoupServerMessage *message)
{
  Line *line = g_queue_pop_head (&self->lines);

  g_hash_table_remove_all (self->last);
  soup_message_headers_foreach (soup_server_message_get_request_headers (message), note_header_cb,
                                self->last);
  g_hash_table_replace (self->last, g_strdup (""), dup_request_body (message));
  answer (message, line->status, line->headers, line->body);
  line_free (line);
}

/* With the mutex held. */
static void
answer_grant (AzureStage *self, SoupServerMessage *message)
{
  g_autofree char *body = NULL;

  self->n_grants++;
  g_free (self->last_grant);
  self->last_grant = dup_request_body (message);
  g_cond_broadcast (&self->changed);
  while (self->hold)
    g_cond_wait (&self->changed, &self->mutex);
  body = g_strdup_printf ("{\"token_type\":\"Bearer\",\"expires_in\":\"3600\",\"access_token\":"
                          "\"access-%u\",\"refresh_token\":\"refresh-%u\"}",
                          self->n_grants, self->n_grants);
  answer (message, 200, NULL, body);
}

static void
handler_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
            gpointer user_data)
{
  AzureStage *self = user_data;
  GUri *uri = soup_server_message_get_uri (message);
  const char *host
      = soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Host");
  const char *uri_query = g_uri_get_query (uri);
  g_autofree char *request = g_strdup_printf (
      "%s https://%s%s%s%s", soup_server_message_get_method (message), host, g_uri_get_path (uri),
      uri_query != NULL ? "?" : "", uri_query != NULL ? uri_query : "");
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);
  const Line *next = g_queue_peek_head (&self->lines);

  if (next != NULL && strcmp (next->request, request) == 0)
    {
      answer_line (self, message);
      return;
    }
  if (g_str_has_suffix (path, "/oauth2/v2.0/token"))
    {
      answer_grant (self, message);
      return;
    }
  g_test_message ("came %s, expected %s", request, next != NULL ? next->request : "nothing");
  g_string_append_printf (self->wrong, "came %s, expected %s\n", request,
                          next != NULL ? next->request : "nothing");
  answer (message, 418, NULL, NULL);
}

static void
open_house (AzureStage *self)
{
  g_autoptr (TlsCertificates) certificates = tls_certificates_new (HOSTS, LIFETIME_S);
  g_auto (GStrv) hosts = g_strsplit (HOSTS, " ", -1);
  g_autofree char *url = NULL;
  g_autoptr (GUri) uri = NULL;
  g_autoptr (GError) error = NULL;

  self->server = http_server_new_tls (handler_cb, self, certificates->certificate);
  url = http_server_dup_url (self->server, "/");
  uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  self->proxy = connect_proxy_new ();
  for (guint i = 0; hosts[i] != NULL; i++)
    connect_proxy_add (self->proxy, hosts[i], (guint16) g_uri_get_port (uri));
  g_file_set_contents (self->ca_path, certificates->authority, -1, &error);
  g_assert_no_error (error);
}

static LwHttp *
new_http (AzureStage *self)
{
  LwHttpOptions options = {
    .proxy = connect_proxy_get_url (self->proxy),
    .ca_file = self->ca_path,
    .user_agent = "test",
    .stall_timeout_ms = 20000,
  };
  g_autoptr (GError) error = NULL;
  LwHttp *http = lw_http_new (&options, self->clock, &error);

  g_assert_no_error (error);
  return http;
}

AzureStage *
azure_stage_new (void)
{
  AzureStage *self = g_new0 (AzureStage, 1);
  const LwAccountInfo *info = azure_stage_get_info ();
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("lw-stage-XXXXXX.pem", &self->ca_path, &error);

  g_assert_no_error (error);
  g_close (fd, NULL);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  g_queue_init (&self->lines);
  self->wrong = g_string_new (NULL);
  self->last = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->kept = g_ptr_array_new_with_free_func (g_free);
  open_house (self);
  self->clock = lw_clock_new_virtual (START_US);
  self->http = new_http (self);
  self->store = lw_token_store_new_memory ();
  lw_token_store_save (self->store, info->cloud_id, info->account_id, "Labwalk", "refresh-0", NULL,
                       &error);
  g_assert_no_error (error);
  return self;
}

void
azure_stage_free (AzureStage *self)
{
  const Line *next = g_queue_peek_head (&self->lines);

  g_assert_cmpstr (self->wrong->str, ==, "");
  g_assert_cmpstr (next != NULL ? next->request : NULL, ==, NULL);
  lw_http_unref (self->http);
  lw_clock_unref (self->clock);
  lw_token_store_unref (self->store);
  http_server_free (self->server);
  connect_proxy_free (self->proxy);
  g_remove (self->ca_path);
  g_free (self->ca_path);
  g_queue_clear_full (&self->lines, line_free);
  g_string_free (self->wrong, TRUE);
  g_hash_table_unref (self->last);
  g_ptr_array_unref (self->kept);
  g_free (self->last_grant);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

void
azure_stage_say (AzureStage *self, const char *method, const char *url, guint status,
                 const char *headers, const char *body)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);
  Line *line = g_new0 (Line, 1);

  line->request = g_strconcat (method, " ", url, NULL);
  line->status = status;
  line->headers = g_strdup (headers);
  line->body = g_strdup (body);
  g_queue_push_tail (&self->lines, line);
}

/* With the mutex held: a copy that lives as long as the stage. */
static const char *
keep (AzureStage *self, const char *text)
{
  g_ptr_array_add (self->kept, g_strdup (text));
  return g_ptr_array_index (self->kept, self->kept->len - 1);
}

const char *
azure_stage_get_last (AzureStage *self, const char *name)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);
  g_autofree char *key = g_ascii_strdown (name != NULL ? name : "", -1);

  return keep (self, g_hash_table_lookup (self->last, key));
}

const char *
azure_stage_get_last_grant (AzureStage *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);

  return keep (self, self->last_grant);
}

guint
azure_stage_count_grants (AzureStage *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);

  return self->n_grants;
}

void
azure_stage_hold_grants (AzureStage *self, gboolean hold)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);

  self->hold = hold;
  g_cond_broadcast (&self->changed);
}

void
azure_stage_wait_grants (AzureStage *self, guint n_grants)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);

  while (self->n_grants < n_grants)
    g_cond_wait (&self->changed, &self->mutex);
}

LwHttp *
azure_stage_get_http (AzureStage *self)
{
  return self->http;
}

LwClock *
azure_stage_get_clock (AzureStage *self)
{
  return self->clock;
}

LwTokenStore *
azure_stage_get_store (AzureStage *self)
{
  return self->store;
}

const LwAccountInfo *
azure_stage_get_info (void)
{
  static char cloud_id[] = "AzureCloud";
  static char account_id[] = "11111111-1111-1111-1111-111111111111." AZURE_STAGE_TENANT;
  static char tenant_id[] = AZURE_STAGE_TENANT;
  static char user_name[] = "haneul@labwalk.example";
  static char display_name[] = "하늘";
  static char client_id[] = AZURE_STAGE_CLIENT;
  static char method[] = "browser";
  static const LwAccountInfo info = {
    cloud_id, account_id, tenant_id, user_name, display_name, client_id, method,
  };

  return &info;
}

LwAccount *
azure_stage_new_account (AzureStage *self)
{
  g_autoptr (GError) error = NULL;
  LwAccount *account = lw_account_resume (lw_cloud_get_public (), self->http, self->store,
                                          "Labwalk", azure_stage_get_info (), NULL, &error);

  g_assert_no_error (error);
  return account;
}

LwAzure *
azure_stage_new_azure (AzureStage *self)
{
  g_autoptr (LwAccount) account = azure_stage_new_account (self);

  return lw_azure_new (lw_cloud_get_public (), self->http, account);
}

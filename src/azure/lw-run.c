/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A run as run history tells it, and what the requests to the data plane have in common. No state,
 * any thread. */

#include "lw-run-private.h"

#include <string.h>

#include "lw-error.h"

#define USER_LOG "user_logs/std_log.txt"

/* Jobs of several nodes have a log for each; the first is enough to begin with. */
#define USER_LOG_PREFIX "user_logs/std_log"

/* What older runtimes wrote. */
#define LEGACY_LOG_PREFIX "azureml-logs/70_driver_log"

/* Warnings of one run that are kept. */
#define MAX_WARNINGS 50

/* ---- The data plane ---- */

char *
lw_run_dup_url (const LwMl *ml, const char *data_host, const char *service, const char *rest)
{
  g_autofree char *workspace = lw_ml_dup_path (ml, NULL, NULL, NULL);

  return g_strdup_printf ("%s/%s%s/%s", data_host, service, workspace, rest);
}

LwAzureCall
lw_run_call (const LwMl *ml, const char *method, const char *url)
{
  return (LwAzureCall){
    .service = LW_CLOUD_ML_DATA, .tenant_id = ml->arm.tenant_id, .method = method, .url = url
  };
}

/* Whether the 404 that was accepted says that there is nothing; else its error. */
static gboolean
accept_absence (const LwHttpResponse *response, GError **error)
{
  if (lw_ml_is_absent (response))
    return TRUE;
  lw_azure_error_set_from_response (error, response);
  return FALSE;
}

/* The next page, or NULL after the last one. */
static char *
dup_next_url (const char *first_url, LwJson root)
{
  const char *link = lw_json_get_string (root, "nextLink", "");
  const char *token = lw_json_get_string (root, "continuationToken", "");
  g_autofree char *escaped = NULL;

  if (*link != '\0')
    return g_strdup (link);
  if (*token == '\0')
    return NULL;
  escaped = lw_azure_escape (token);
  return g_strdup_printf ("%s%ccontinuationToken=%s", first_url,
                          strchr (first_url, '?') != NULL ? '&' : '?', escaped);
}

static gboolean
visit_items (LwJson root, LwAzureItemFunc func, gpointer user_data, GError **error)
{
  LwJson items = lw_json_member (root, "value");

  for (guint i = 0; i < lw_json_length (items); i++)
    if (!func (lw_json_element (items, i), user_data, error))
      return FALSE;
  return TRUE;
}

gboolean
lw_run_list (const LwMl *ml, const LwAzureCall *call, LwAzureItemFunc func, gpointer user_data,
             GCancellable *cancellable, GError **error)
{
  static const guint unknown[] = { 404, 0 };
  g_autofree char *url = g_strdup (call->url);
  LwAzureCall page = *call;

  page.accept = unknown;
  for (guint i = 0; i < LW_AZURE_MAX_PAGES; i++)
    {
      g_autoptr (LwHttpResponse) response = NULL;
      g_autoptr (LwJsonDocument) document = NULL;
      char *next;

      page.url = url;
      response = lw_azure_send (ml->arm.azure, &page, cancellable, error);
      if (response == NULL)
        return FALSE;
      if (lw_http_response_get_status (response) == 404)
        return accept_absence (response, error);
      document = lw_json_parse (lw_http_response_get_body (response), error);
      if (document == NULL
          || !visit_items (lw_json_document_get_root (document), func, user_data, error))
        return FALSE;
      next = dup_next_url (call->url, lw_json_document_get_root (document));
      if (next == NULL)
        return TRUE;
      g_free (url);
      url = next;
    }
  g_set_error (error, LW_ERROR, LW_ERROR_TOO_LARGE, "The list has more than %d pages",
               LW_AZURE_MAX_PAGES);
  return FALSE;
}

gboolean
lw_run_is_safe_path (const char *path)
{
  g_auto (GStrv) segments = g_strsplit (path, "/", -1);

  for (guint i = 0; segments[i] != NULL; i++)
    if (*segments[i] == '\0' || strcmp (segments[i], ".") == 0 || strcmp (segments[i], "..") == 0)
      return FALSE;
  return *path != '\0';
}

/* ---- Reading ---- */

static void
log_free (gpointer data)
{
  LwRunLog *log = data;

  g_free (log->path);
  g_free (log->sas_url);
  g_free (log);
}

static gpointer
copy_log (gconstpointer source, gpointer user_data)
{
  const LwRunLog *log = source;
  LwRunLog *copy = g_new0 (LwRunLog, 1);

  copy->path = g_strdup (log->path);
  copy->sas_url = g_strdup (log->sas_url);
  return copy;
}

static gpointer
copy_string (gconstpointer string, gpointer user_data)
{
  return g_strdup (string);
}

LwRun *
lw_run_copy (const LwRun *self)
{
  LwRun *copy = g_memdup2 (self, sizeof *self);

  copy->id = g_strdup (self->id);
  copy->status = g_strdup (self->status);
  copy->queue_code = g_strdup (self->queue_code);
  copy->queue_message = g_strdup (self->queue_message);
  copy->cluster_status = g_strdup (self->cluster_status);
  copy->error = self->error != NULL ? g_error_copy (self->error) : NULL;
  copy->warnings = g_ptr_array_copy (self->warnings, copy_string, NULL);
  copy->environment = g_strdup (self->environment);
  copy->environment_version = g_strdup (self->environment_version);
  copy->snapshot_id = g_strdup (self->snapshot_id);
  copy->logs = g_ptr_array_copy (self->logs, copy_log, NULL);
  return copy;
}

void
lw_run_free (LwRun *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->status);
  g_free (self->queue_code);
  g_free (self->queue_message);
  g_free (self->cluster_status);
  g_clear_error (&self->error);
  g_clear_pointer (&self->warnings, g_ptr_array_unref);
  g_free (self->environment);
  g_free (self->environment_version);
  g_free (self->snapshot_id);
  g_clear_pointer (&self->logs, g_ptr_array_unref);
  g_free (self);
}

static int
compare_logs (gconstpointer a, gconstpointer b)
{
  const LwRunLog *first = *(LwRunLog *const *) a;
  const LwRunLog *second = *(LwRunLog *const *) b;

  return strcmp (first->path, second->path);
}

static GPtrArray *
parse_logs (LwJson map)
{
  GPtrArray *logs = g_ptr_array_new_with_free_func (log_free);
  g_auto (GStrv) paths = lw_json_members (map);

  for (guint i = 0; paths[i] != NULL; i++)
    {
      const char *url = lw_json_get_string (map, paths[i], NULL);
      LwRunLog *log;

      if (url == NULL || !lw_run_is_safe_path (paths[i]))
        continue;
      log = g_new0 (LwRunLog, 1);
      log->path = g_strdup (paths[i]);
      log->sas_url = g_strdup (url);
      g_ptr_array_add (logs, log);
    }
  g_ptr_array_sort (logs, compare_logs);
  return logs;
}

static void
add_warnings (GPtrArray *warnings, LwJson array)
{
  for (guint i = 0; i < lw_json_length (array) && warnings->len < MAX_WARNINGS; i++)
    {
      const char *message = lw_json_get_string (lw_json_element (array, i), "message", NULL);

      if (message != NULL
          && !g_ptr_array_find_with_equal_func (warnings, message, g_str_equal, NULL))
        g_ptr_array_add (warnings, g_strdup (message));
    }
}

static GError *
parse_error (LwJson json)
{
  g_autofree char *text = NULL;
  g_autoptr (GBytes) bytes = NULL;
  GError *error = NULL;

  if (!lw_json_is_object (json))
    return NULL;
  text = lw_json_print (json, FALSE);
  bytes = g_bytes_new (text, strlen (text));
  lw_azure_error_set_from_body (&error, LW_AZURE_ERROR_OPERATION_FAILED, bytes);
  return error;
}

static int
get_count (LwJson json, const char *name)
{
  return (int) CLAMP (lw_json_get_int (json, name, -1), -1, G_MAXINT);
}

/* The state of the cluster is a tag, and its value JSON in a string. */
static void
parse_cluster (LwRun *self, LwJson tags)
{
  const char *text = lw_json_get_string (tags, "_aml_system_ComputeTargetStatus", "");
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (LwJsonDocument) document = lw_json_parse (bytes, NULL);
  LwJson status;

  if (document == NULL)
    return;
  status = lw_json_document_get_root (document);
  self->cluster_status = g_strdup (lw_json_get_string (status, "AllocationState", NULL));
  self->nodes = get_count (status, "CurrentNodeCount");
  self->preparing_nodes = get_count (status, "PreparingNodeCount");
  self->running_nodes = get_count (status, "RunningNodeCount");
}

static gint64
first_time (LwJson details, const char *name, LwJson metadata, const char *other_name)
{
  gint64 time_us = lw_json_get_time_us (details, name);

  return time_us != 0 ? time_us : lw_json_get_time_us (metadata, other_name);
}

LwRun *
lw_run_parse (LwJson details, LwJson data, GError **error)
{
  g_autoptr (LwRun) self = g_new0 (LwRun, 1);
  LwJson metadata = lw_json_member (data, "runMetadata");
  LwJson queue = lw_json_member (metadata, "queueingInfo");
  LwJson environment = lw_json_at (details, "runDefinition", "environment", NULL);
  GError *local_error = NULL;

  self->id = g_strdup (lw_json_need_string (details, "runId", &local_error));
  self->status = g_strdup (lw_json_need_string (details, "status", &local_error));
  if (local_error != NULL)
    {
      g_propagate_error (error, local_error);
      return NULL;
    }
  if (!lw_json_is_object (environment))
    environment = lw_json_at (data, "runDefinition", "environment", NULL);
  self->created_us = first_time (details, "createdTimeUtc", metadata, "createdUtc");
  self->started_us = first_time (details, "startTimeUtc", metadata, "startTimeUtc");
  self->ended_us = first_time (details, "endTimeUtc", metadata, "endTimeUtc");
  self->queue_code = g_strdup (lw_json_get_string (queue, "code", NULL));
  self->queue_message = g_strdup (lw_json_get_string (queue, "message", NULL));
  self->nodes = self->preparing_nodes = self->running_nodes = -1;
  parse_cluster (self, lw_json_member (metadata, "tags"));
  self->error = parse_error (lw_json_member (details, "error"));
  if (self->error == NULL)
    self->error = parse_error (lw_json_member (metadata, "error"));
  self->warnings = g_ptr_array_new_with_free_func (g_free);
  add_warnings (self->warnings, lw_json_member (details, "warnings"));
  add_warnings (self->warnings, lw_json_member (metadata, "warnings"));
  self->environment = g_strdup (lw_json_get_string (environment, "name", NULL));
  self->environment_version = g_strdup (lw_json_get_string (environment, "version", NULL));
  self->snapshot_id = g_strdup (
      lw_json_get_string (lw_json_member (metadata, "properties"), "ContentSnapshotId", NULL));
  self->logs = parse_logs (lw_json_member (details, "logFiles"));
  return g_steal_pointer (&self);
}

const LwRunLog *
lw_run_find_log (const LwRun *self, const char *path)
{
  g_return_val_if_fail (self != NULL && path != NULL, NULL);

  for (guint i = 0; i < self->logs->len; i++)
    {
      const LwRunLog *log = g_ptr_array_index (self->logs, i);

      if (strcmp (log->path, path) == 0)
        return log;
    }
  return NULL;
}

static const LwRunLog *
find_by_prefix (const LwRun *self, const char *prefix)
{
  for (guint i = 0; i < self->logs->len; i++)
    {
      const LwRunLog *log = g_ptr_array_index (self->logs, i);

      if (g_str_has_prefix (log->path, prefix) && g_str_has_suffix (log->path, ".txt"))
        return log;
    }
  return NULL;
}

const LwRunLog *
lw_run_find_user_log (const LwRun *self)
{
  const LwRunLog *log = lw_run_find_log (self, USER_LOG);

  if (log == NULL)
    log = find_by_prefix (self, USER_LOG_PREFIX);
  return log != NULL ? log : find_by_prefix (self, LEGACY_LOG_PREFIX);
}

/* ---- Asking ---- */

/* @document is NULL when run history does not know the run. */
static gboolean
ask (const LwMl *ml, const LwAzureCall *call, LwJsonDocument **document, GCancellable *cancellable,
     GError **error)
{
  g_autoptr (LwHttpResponse) response = lw_azure_send (ml->arm.azure, call, cancellable, error);

  *document = NULL;
  if (response == NULL)
    return FALSE;
  if (lw_http_response_get_status (response) == 404)
    return accept_absence (response, error);
  *document = lw_json_parse (lw_http_response_get_body (response), error);
  return *document != NULL;
}

static GBytes *
build_question (const char *job)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  lw_ml_set_string (builder, "runId", job);
  json_builder_set_member_name (builder, "selectRunMetadata");
  json_builder_add_boolean_value (builder, TRUE);
  json_builder_set_member_name (builder, "selectRunDefinition");
  json_builder_add_boolean_value (builder, TRUE);
  json_builder_end_object (builder);
  return lw_json_builder_to_bytes (builder);
}

LwRun *
lw_run_get (const LwMl *ml, const char *data_host, const char *job, GCancellable *cancellable,
            GError **error)
{
  static const guint unknown[] = { 404, 0 };
  g_autoptr (LwJsonDocument) details = NULL;
  g_autoptr (LwJsonDocument) data = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autofree char *name = NULL;
  g_autofree char *rest = NULL;
  g_autofree char *details_url = NULL;
  g_autofree char *data_url = NULL;
  LwAzureCall call = { 0 };

  g_return_val_if_fail (ml != NULL && data_host != NULL && job != NULL, NULL);

  if (!lw_ml_check_segment (job, error))
    return NULL;
  name = lw_azure_escape (job);
  rest = g_strdup_printf ("runs/%s/details", name);
  details_url = lw_run_dup_url (ml, data_host, "history/v1.0", rest);
  data_url = lw_run_dup_url (ml, data_host, "history/v1.0", "rundata");
  call = lw_run_call (ml, "GET", details_url);
  call.accept = unknown;
  if (!ask (ml, &call, &details, cancellable, error) || details == NULL)
    return NULL;
  body = build_question (job);
  call = lw_run_call (ml, "POST", data_url);
  call.accept = unknown;
  call.body = body;
  call.repeat_post = TRUE;
  if (!ask (ml, &call, &data, cancellable, error))
    return NULL;
  return lw_run_parse (lw_json_document_get_root (details),
                       data != NULL ? lw_json_document_get_root (data) : LW_JSON_ABSENT, error);
}

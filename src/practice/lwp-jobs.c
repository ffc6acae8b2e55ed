/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Jobs in the resource manager. A job is a resource that keeps what was asked for; what it does
 * is in its run (lwp-run.h). Putting the same job again changes its labels and starts nothing.
 * Handlers run on any worker thread and hold the store while they change something. */

#include "lwp-jobs.h"

#include <string.h>

#include "lwp-codes.h"
#include "lwp-executor.h"

#define JOBS_PATH LWP_ML_WORKSPACE_PATH "/jobs"
#define JOB_PATH JOBS_PATH "/{job}"
#define MAX_NAME 255
#define CANCEL_PREFIX "jc:"

/* What a job keeps; the first ones can change later. */
static const char *const label_members[]
    = { "displayName", "description", "tags", "isArchived", NULL };
static const char *const fixed_members[]
    = { "experimentName", "codeId",      "command", "environmentId", "computeId",
        "environmentVariables", "inputs", "outputs", "resources",    "limits",
        "identity",       "distribution", "queueSettings", NULL };

static char *
dup_id (LwpRequest *request)
{
  g_autofree char *workspace = lwp_ml_dup_workspace_id (request);

  return g_strconcat (workspace, "/jobs/", lwp_request_get_param (request, "job"), NULL);
}

static LwpResponse *
new_not_found (LwpCloud *cloud, LwpRequest *request)
{
  return lwp_ml_new_error (cloud, 404, "UserError", "NotFoundError",
                           "Run %s was not found in the workspace.",
                           lwp_request_get_param (request, "job"));
}

static LwpResponse *
new_accepted (LwpCloud *cloud, LwpRequest *request, const LwpResource *workspace,
              const LwpResource *job, guint status)
{
  LwpResponse *response
      = lwp_response_new_json (status, lwp_job_to_json (cloud, workspace, job));
  g_autofree char *location
      = g_strdup_printf ("https://%s%s?%s", lwp_request_get_host (request),
                         lwp_request_get_raw_path (request), lwp_request_get_raw_query (request));

  if (status == 201)
    lwp_response_set_header (response, "Location", location);
  return response;
}

static JsonObject *
new_body (LwpCloud *cloud, LwpRequest *request, const LwpResource *workspace, JsonObject *asked)
{
  JsonObject *body = json_object_new ();
  const char *code_id = lwp_json_get_string (asked, "codeId");
  g_autoptr (LwpResource) code = code_id == NULL ? NULL : lwp_resource_load (cloud, code_id);

  for (gsize i = 0; label_members[i] != NULL; i++)
    lwp_json_build_copy (body, asked, label_members[i]);
  for (gsize i = 0; fixed_members[i] != NULL; i++)
    lwp_json_build_copy (body, asked, fixed_members[i]);
  lwp_json_build_copy (body, asked, "properties");
  json_object_set_boolean_member (body, "isArchived",
                                  lwp_json_get_boolean (asked, "isArchived", FALSE));
  if (lwp_json_get_string (asked, "experimentName") == NULL)
    json_object_set_string_member (body, "experimentName", "Default");
  if (lwp_json_get_string (asked, "displayName") == NULL)
    json_object_set_string_member (body, "displayName", lwp_request_get_param (request, "job"));
  if (code != NULL)
    lwp_json_build_copy (body, code->body, "snapshot");
  lwp_ml_note_caller (body, request);
  return body;
}

static LwpResponse *
create (LwpCloud *cloud, LwpRequest *request, LwpExecutor *executor, const LwpResource *workspace,
        const char *id)
{
  JsonObject *asked = lwp_json_get_object (lwp_request_get_json (request), "properties");
  g_autofree char *environment_name = NULL;
  g_autofree char *environment_version = NULL;
  g_autoptr (LwpResource) job = NULL;
  g_autoptr (LwpRun) run = NULL;
  LwpResponse *response = lwp_job_check (cloud, workspace, asked, &environment_name,
                                         &environment_version);

  if (response != NULL)
    return response;
  job = lwp_resource_new (cloud, id, LWP_ML_JOB_TYPE, workspace->location,
                          new_body (cloud, request, workspace, asked), 0);
  lwp_resource_save (cloud, job);
  run = lwp_run_new (cloud, id, environment_name, environment_version);
  response = new_accepted (cloud, request, workspace, job, 201);
  /* Its thread finds the run as soon as this request has committed. */
  lwp_executor_start (executor);
  return response;
}

static LwpResponse *
update (LwpCloud *cloud, LwpRequest *request, const LwpResource *workspace, LwpResource *job)
{
  JsonObject *asked = lwp_json_get_object (lwp_request_get_json (request), "properties");
  LwpResponse *response = lwp_job_check_update (cloud, job, asked);

  if (response != NULL)
    return response;
  for (gsize i = 0; label_members[i] != NULL; i++)
    lwp_json_keep (job->body, asked, label_members[i]);
  lwp_ml_note_caller (job->body, request);
  lwp_resource_save (cloud, job);
  return new_accepted (cloud, request, workspace, job, 200);
}

static LwpResponse *
put_job (LwpCloud *cloud, LwpRequest *request, gpointer executor)
{
  g_autofree char *id = dup_id (request);
  G_GNUC_UNUSED g_autoptr (LwpStoreTransaction) transaction
    = lwp_store_hold (lwp_cloud_get_store (cloud));
  LwpResponse *response = NULL;
  g_autoptr (LwpResource) workspace = lwp_ml_load_workspace (cloud, request, &response);
  g_autoptr (LwpResource) job = NULL;

  if (workspace == NULL)
    return response;
  if (lwp_json_get_object (lwp_request_get_json (request), "properties") == NULL)
    return lwp_ml_new_error (cloud, 400, "ValidationError", "ArgumentInvalid",
                             "The body has to be a job with its properties.");
  if (!lwp_ml_is_name (lwp_request_get_param (request, "job"), 1, MAX_NAME, "-_"))
    return lwp_ml_new_error (cloud, 400, "ValidationError", "ArgumentInvalid",
                             "The name of a job has letters, digits, hyphens and underscores and "
                             "begins with a letter or digit.");
  job = lwp_resource_load (cloud, id);
  if (job == NULL)
    return create (cloud, request, executor, workspace, id);
  return update (cloud, request, workspace, job);
}

static LwpResponse *
get_job (LwpCloud *cloud, LwpRequest *request, gpointer executor)
{
  g_autofree char *id = dup_id (request);
  LwpResponse *response = NULL;
  g_autoptr (LwpResource) workspace = lwp_ml_load_workspace (cloud, request, &response);
  g_autoptr (LwpResource) job = NULL;

  if (workspace == NULL)
    return response;
  job = lwp_resource_load (cloud, id);
  if (job == NULL)
    return new_not_found (cloud, request);
  return lwp_response_new_json (200, lwp_job_to_json (cloud, workspace, job));
}

static gboolean
is_listed (LwpRequest *request, const LwpResource *job)
{
  const char *view = lwp_request_get_query (request, "listViewType");
  const char *type = lwp_request_get_query (request, "jobType");
  const char *tag = lwp_request_get_query (request, "tag");
  gboolean archived = lwp_json_get_boolean (job->body, "isArchived", FALSE);
  g_auto (GStrv) parts = g_strsplit (tag == NULL ? "" : tag, "=", 2);

  if (type != NULL && *type != '\0' && g_ascii_strcasecmp (type, "Command") != 0)
    return FALSE;
  if (g_strv_length (parts) > 0
      && g_strcmp0 (lwp_json_get_string (lwp_json_get_object (job->body, "tags"), parts[0]),
                    parts[1])
             != 0)
    return FALSE;
  if (view == NULL || g_ascii_strcasecmp (view, "ActiveOnly") == 0)
    return !archived;
  return g_ascii_strcasecmp (view, "ArchivedOnly") != 0 || archived;
}

static LwpResponse *
list_jobs (LwpCloud *cloud, LwpRequest *request, gpointer executor)
{
  LwpResponse *response = NULL;
  g_autoptr (LwpResource) workspace = lwp_ml_load_workspace (cloud, request, &response);
  g_autoptr (GPtrArray) jobs = NULL;
  GPtrArray *items;

  if (workspace == NULL)
    return response;
  items = lwp_ml_items_new ();
  jobs = lwp_resource_list (cloud, workspace->id, LWP_ML_JOB_TYPE);
  for (guint i = jobs->len; i > 0; i--)
    if (is_listed (request, g_ptr_array_index (jobs, i - 1)))
      g_ptr_array_add (items,
                       lwp_job_to_json (cloud, workspace, g_ptr_array_index (jobs, i - 1)));
  return lwp_ml_new_page (request, items);
}

static char *
dup_result_url (LwpRequest *request, const LwpResource *workspace, const char *job)
{
  /* The random part makes every answer's address another one, as in Azure. */
  g_autofree char *uuid = g_uuid_string_random ();

  return g_strdup_printf (
      "https://management.azure.com/subscriptions/%s/providers"
      "/Microsoft.MachineLearningServices/locations/%s/mfeOperationResults/" CANCEL_PREFIX
      "%s:%s?api-version=%s&t=%s",
      lwp_request_get_param (request, "subscription"), workspace->location,
      lwp_ml_get_workspace_guid (workspace), job, lwp_request_get_query (request, "api-version"),
      uuid);
}

static LwpResponse *
new_going_on (LwpRequest *request, const LwpResource *workspace, const char *job, const char *body)
{
  LwpResponse *response
      = lwp_response_new_text (202, "application/json; charset=utf-8", body);
  g_autofree char *location = dup_result_url (request, workspace, job);

  lwp_response_set_header (response, "Location", location);
  lwp_response_set_header (response, "x-ms-async-operation-timeout", "PT1H");
  return response;
}

static LwpResponse *
cancel_job (LwpCloud *cloud, LwpRequest *request, gpointer executor)
{
  g_autofree char *id = dup_id (request);
  G_GNUC_UNUSED g_autoptr (LwpStoreTransaction) transaction
    = lwp_store_hold (lwp_cloud_get_store (cloud));
  LwpResponse *response = NULL;
  g_autoptr (LwpResource) workspace = lwp_ml_load_workspace (cloud, request, &response);
  g_autoptr (LwpRun) run = NULL;

  if (workspace == NULL)
    return response;
  run = lwp_run_load (cloud, id);
  if (run == NULL)
    return new_not_found (cloud, request);
  if (lwp_run_has_ended (run))
    return lwp_ml_new_error (cloud, 400, "UserError", "CancelRunInTerminalStatus",
                             "The run %s cannot be canceled: it is %s already.", run->name,
                             lwp_run_get_status (run));
  lwp_run_ask_cancel (cloud, id);
  lwp_executor_interrupt (executor, id);
  return new_going_on (request, workspace, run->name, "null");
}

static LwpResource *
find_workspace (LwpCloud *cloud, const char *guid)
{
  g_autoptr (GPtrArray) workspaces
      = lwp_resource_list (cloud, "/subscriptions", LWP_ML_WORKSPACE_TYPE);

  for (guint i = 0; i < workspaces->len; i++)
    if (g_strcmp0 (lwp_ml_get_workspace_guid (g_ptr_array_index (workspaces, i)), guid) == 0)
      return g_ptr_array_steal_index (workspaces, i);
  return NULL;
}

/* jc:{id of the workspace}:{job} */
static LwpResponse *
get_result (LwpCloud *cloud, LwpRequest *request, gpointer executor)
{
  g_auto (GStrv) parts = g_strsplit (lwp_request_get_param (request, "operation"), ":", 3);
  g_autoptr (LwpResource) workspace
      = g_strv_length (parts) == 3 ? find_workspace (cloud, parts[1]) : NULL;
  g_autofree char *id
      = workspace == NULL ? NULL : lwp_ml_dup_child_id (workspace, "jobs", parts[2]);
  g_autoptr (LwpRun) run = id == NULL ? NULL : lwp_run_load (cloud, id);

  if (run == NULL)
    return lwp_ml_new_error (cloud, 404, "UserError", "NotFoundError",
                             "There is no such operation.");
  if (lwp_run_has_ended (run))
    return lwp_response_new (200);
  return new_going_on (request, workspace, run->name, "{}");
}

static LwpResponse *
delete_job (LwpCloud *cloud, LwpRequest *request, gpointer executor)
{
  g_autofree char *id = dup_id (request);
  G_GNUC_UNUSED g_autoptr (LwpStoreTransaction) transaction
    = lwp_store_hold (lwp_cloud_get_store (cloud));
  g_autoptr (LwpRun) run = lwp_run_load (cloud, id);

  if (run == NULL)
    return lwp_response_new (204);
  if (!lwp_run_has_ended (run))
    return lwp_ml_new_error (cloud, 400, "UserError", "RunNotInTerminalStatus",
                             "The run %s has to be canceled before it can be deleted.", run->name);
  lwp_resource_delete (cloud, id, 0);
  return lwp_response_new (200);
}

static void
job_gone_cb (LwpCloud *cloud, const LwpResource *job, gpointer executor)
{
  lwp_run_forget (cloud, job->id);
  lwp_executor_interrupt (executor, job->id);
}

static const LwpRoute routes[] = {
  { "GET", JOBS_PATH, list_jobs, LWP_ROUTE_ARM },
  { "GET", JOB_PATH, get_job, LWP_ROUTE_ARM },
  { "PUT", JOB_PATH, put_job, LWP_ROUTE_ARM },
  { "DELETE", JOB_PATH, delete_job, LWP_ROUTE_ARM },
  { "POST", JOB_PATH "/cancel", cancel_job, LWP_ROUTE_ARM },
  { "GET", LWP_ML_SUBSCRIPTION_PATH "/locations/{location}/mfeOperationResults/{operation}",
    get_result, LWP_ROUTE_ARM },
};

gboolean
lwp_jobs_register (LwpCloud *cloud, GError **error)
{
  LwpExecutor *executor;

  if (!lwp_run_register (cloud, error))
    return FALSE;
  executor = lwp_executor_new (cloud);
  lwp_cloud_add_module (cloud, executor, (GDestroyNotify) lwp_executor_free);
  lwp_resource_add_gone_func (cloud, LWP_ML_JOB_TYPE, job_gone_cb, executor);
  lwp_router_add (lwp_cloud_get_router (cloud), "management.azure.com", routes,
                  G_N_ELEMENTS (routes), executor);
  return TRUE;
}

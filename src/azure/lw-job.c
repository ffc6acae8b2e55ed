/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Command jobs (Jobs_* 2024-04-01). No state, any thread. */

#include "lw-job-private.h"

#include <string.h>

#include "lw-error.h"
#include "lw-ml-private.h"

/* ---- Names and words ---- */

static const char *const adjectives[]
    = { "amber",  "brave",  "bright", "calm",   "clear", "clever", "cool",  "coral",   "eager",
        "fair",   "fresh",  "gentle", "golden", "happy", "honest", "jolly", "keen",    "kind",
        "light",  "lively", "lucky",  "mellow", "merry", "nimble", "olive", "patient", "plucky",
        "polite", "proud",  "quick",  "quiet",  "ready", "rosy",   "shiny", "silver",  "smart",
        "snowy",  "steady", "sunny",  "tidy",   "warm",  "wise",   "witty", "young" };

static const char *const nouns[]
    = { "apple", "arrow",  "atlas",  "beach", "bird",   "bridge", "brook",  "cedar",  "cloud",
        "comet", "crane",  "dawn",   "field", "forest", "garden", "gate",   "grape",  "harbor",
        "hill",  "island", "kite",   "lake",  "leaf",   "lemon",  "maple",  "meadow", "moon",
        "ocean", "orange", "path",   "pearl", "pine",   "plum",   "pond",   "river",  "road",
        "sail",  "shell",  "spring", "star",  "stone",  "tiger",  "valley", "wave",   "wind" };

#define NAME_TAIL 10

/* Limit of the service; also keeps names out that would be something else in a path. */
static gboolean
check_name (const char *name, GError **error)
{
  gsize length = strspn (name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_-");

  if (length > 0 && length <= 255 && name[length] == '\0' && g_ascii_isalnum (*name))
    return TRUE;
  g_set_error_literal (error, LW_ERROR, LW_ERROR_MALFORMED,
                       "A job's name is letters, digits, “_” and “-”, up to 255");
  return FALSE;
}

static guint
pick (guint n)
{
  return (guint) g_random_int_range (0, (gint32) n);
}

char *
lw_job_make_name (void)
{
  /* No vowels: no words. */
  static const char tail[] = "bcdfghjklmnpqrstvwxyz0123456789";
  GString *name = g_string_new (adjectives[pick (G_N_ELEMENTS (adjectives))]);

  g_string_append_printf (name, "_%s_", nouns[pick (G_N_ELEMENTS (nouns))]);
  for (guint i = 0; i < NAME_TAIL; i++)
    g_string_append_c (name, tail[pick (sizeof tail - 1)]);
  return g_string_free (name, FALSE);
}

LwJobPhase
lw_job_phase_from_status (const char *status)
{
  static const struct
  {
    const char *status;
    LwJobPhase phase;
  } table[] = {
    { "Completed", LW_JOB_PHASE_COMPLETED }, { "Finished", LW_JOB_PHASE_COMPLETED },
    { "Failed", LW_JOB_PHASE_FAILED },       { "NotResponding", LW_JOB_PHASE_FAILED },
    { "Canceled", LW_JOB_PHASE_CANCELED },   { "Cancelled", LW_JOB_PHASE_CANCELED },
  };

  g_return_val_if_fail (status != NULL, LW_JOB_PHASE_ACTIVE);

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    if (g_ascii_strcasecmp (status, table[i].status) == 0)
      return table[i].phase;
  return LW_JOB_PHASE_ACTIVE;
}

/* ---- Bodies and answers ---- */

static void
set_empty (JsonBuilder *builder, const char *name)
{
  lw_ml_open (builder, name);
  json_builder_end_object (builder);
}

GBytes *
lw_job_build (const LwMl *ml, const LwJobSpec *spec)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *child = NULL;
  g_autofree char *compute_id = NULL;

  g_return_val_if_fail (ml != NULL && spec != NULL, NULL);
  g_return_val_if_fail (spec->code_id != NULL && spec->command != NULL, NULL);
  g_return_val_if_fail (spec->environment != NULL && spec->compute != NULL, NULL);

  child = g_strconcat ("computes/", spec->compute, NULL);
  compute_id = lw_ml_dup_id (ml, child);
  json_builder_begin_object (builder);
  lw_ml_open (builder, "properties");
  lw_ml_set_string (builder, "jobType", "Command");
  if (spec->display_name != NULL)
    lw_ml_set_string (builder, "displayName", spec->display_name);
  if (spec->experiment_name != NULL)
    lw_ml_set_string (builder, "experimentName", spec->experiment_name);
  if (spec->description != NULL)
    lw_ml_set_string (builder, "description", spec->description);
  lw_ml_set_string (builder, "codeId", spec->code_id);
  lw_ml_set_string (builder, "command", spec->command);
  lw_ml_set_string (builder, "environmentId", spec->environment);
  lw_ml_set_string (builder, "computeId", compute_id);
  set_empty (builder, "environmentVariables");
  set_empty (builder, "inputs");
  set_empty (builder, "outputs");
  set_empty (builder, "properties");
  set_empty (builder, "tags");
  json_builder_set_member_name (builder, "isArchived");
  json_builder_add_boolean_value (builder, FALSE);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  return lw_json_builder_to_bytes (builder);
}

LwJob *
lw_job_copy (const LwJob *self)
{
  LwJob *copy = g_memdup2 (self, sizeof *self);

  copy->name = g_strdup (self->name);
  copy->type = g_strdup (self->type);
  copy->display_name = g_strdup (self->display_name);
  copy->experiment_name = g_strdup (self->experiment_name);
  copy->status = g_strdup (self->status);
  copy->command = g_strdup (self->command);
  copy->environment = g_strdup (self->environment);
  copy->compute = g_strdup (self->compute);
  copy->code_id = g_strdup (self->code_id);
  copy->snapshot_id = g_strdup (self->snapshot_id);
  copy->studio_url = g_strdup (self->studio_url);
  copy->created_by = g_strdup (self->created_by);
  return copy;
}

void
lw_job_free (LwJob *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->type);
  g_free (self->display_name);
  g_free (self->experiment_name);
  g_free (self->status);
  g_free (self->command);
  g_free (self->environment);
  g_free (self->compute);
  g_free (self->code_id);
  g_free (self->snapshot_id);
  g_free (self->studio_url);
  g_free (self->created_by);
  g_free (self);
}

/* A link that a person may be sent to: https, or the page of a practice cloud on this computer. The
 * tenant keeps someone with several of them from landing in the wrong one. */
static char *
dup_studio_url (const char *url, const char *tenant_id)
{
  g_autoptr (GUri) uri = url != NULL ? g_uri_parse (url, G_URI_FLAGS_ENCODED, NULL) : NULL;
  const char *scheme = uri != NULL ? g_uri_get_scheme (uri) : "";
  const char *host = uri != NULL ? g_uri_get_host (uri) : "";
  g_autofree char *escaped = NULL;

  if (strcmp (scheme, "http") == 0)
    return g_strcmp0 (host, "127.0.0.1") == 0 || g_strcmp0 (host, "localhost") == 0 ? g_strdup (url)
                                                                                    : NULL;
  if (strcmp (scheme, "https") != 0)
    return NULL;
  if (tenant_id == NULL || g_uri_get_query (uri) == NULL || g_uri_get_fragment (uri) != NULL)
    return g_strdup (url);
  escaped = lw_azure_escape (tenant_id);
  return g_strdup_printf ("%s&tid=%s", url, escaped);
}

static char *
dup_last_segment (const char *id)
{
  const char *slash = id != NULL ? strrchr (id, '/') : NULL;

  return g_strdup (slash != NULL ? slash + 1 : id);
}

LwJob *
lw_job_parse (LwJson json, const char *tenant_id, GError **error)
{
  g_autoptr (LwJob) self = g_new0 (LwJob, 1);
  LwJson studio = lw_json_at (json, "properties", "services", "Studio", NULL);
  LwJson system_data = lw_json_member (json, "systemData");
  GError *local_error = NULL;
  LwJson properties;

  self->name = g_strdup (lw_json_need_string (json, "name", &local_error));
  if (!lw_json_need_object (json, "properties", &properties, &local_error))
    {
      g_propagate_error (error, local_error);
      return NULL;
    }
  self->type = g_strdup (lw_json_get_string (properties, "jobType", ""));
  self->display_name = g_strdup (lw_json_get_string (properties, "displayName", self->name));
  self->experiment_name = g_strdup (lw_json_get_string (properties, "experimentName", ""));
  self->status = g_strdup (lw_json_get_string (properties, "status", "Unknown"));
  self->phase = lw_job_phase_from_status (self->status);
  self->command = g_strdup (lw_json_get_string (properties, "command", NULL));
  self->environment = g_strdup (lw_json_get_string (properties, "environmentId", NULL));
  self->compute = dup_last_segment (lw_json_get_string (properties, "computeId", NULL));
  self->code_id = g_strdup (lw_json_get_string (properties, "codeId", NULL));
  self->snapshot_id = g_strdup (
      lw_json_get_string (lw_json_member (properties, "properties"), "ContentSnapshotId", NULL));
  self->studio_url = dup_studio_url (lw_json_get_string (studio, "endpoint", NULL), tenant_id);
  self->created_by = g_strdup (lw_json_get_string (system_data, "createdBy", NULL));
  self->created_us = lw_json_get_time_us (system_data, "createdAt");
  return g_steal_pointer (&self);
}

/* ---- Calls ---- */

/* Whether @job, which stands there, is the one that @spec asks for. */
static gboolean
is_same_job (const LwJob *job, const LwJobSpec *spec)
{
  return g_strcmp0 (job->command, spec->command) == 0 && job->code_id != NULL
         && g_ascii_strcasecmp (job->code_id, spec->code_id) == 0;
}

/* Failures after which the job may be there all the same. */
static gboolean
may_stand (const GError *error)
{
  return g_error_matches (error, LW_ERROR, LW_ERROR_INTERRUPTED)
         || g_error_matches (error, LW_ERROR, LW_ERROR_TIMED_OUT)
         || g_error_matches (error, LW_AZURE_ERROR, LW_AZURE_ERROR_CONFLICT)
         || g_error_matches (error, LW_AZURE_ERROR, LW_AZURE_ERROR_UNAVAILABLE);
}

LwJob *
lw_job_put (const LwMl *ml, const char *name, const LwJobSpec *spec, GCancellable *cancellable,
            GError **error)
{
  g_autoptr (LwJsonDocument) document = NULL;
  g_autoptr (LwJob) job = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autofree char *path = NULL;
  GError *local_error = NULL;
  LwAzureCall call = { 0 };

  g_return_val_if_fail (ml != NULL && name != NULL && spec != NULL, NULL);

  if (!check_name (name, error))
    return NULL;
  body = lw_job_build (ml, spec);
  path = lw_ml_dup_path (ml, "jobs", name, NULL);
  call = lw_ml_call (ml, "PUT", path);
  call.body = body;
  document = lw_azure_send_json (ml->arm.azure, &call, cancellable, &local_error);
  if (document != NULL)
    return lw_job_parse (lw_json_document_get_root (document), ml->arm.tenant_id, error);
  if (may_stand (local_error))
    job = lw_job_get (ml, name, cancellable, NULL);
  if (job != NULL && is_same_job (job, spec))
    {
      g_error_free (local_error);
      return g_steal_pointer (&job);
    }
  g_propagate_error (error, local_error);
  return NULL;
}

LwJob *
lw_job_get (const LwMl *ml, const char *name, GCancellable *cancellable, GError **error)
{
  g_autoptr (LwJsonDocument) document = NULL;
  g_autofree char *path = NULL;

  g_return_val_if_fail (ml != NULL && name != NULL, NULL);

  if (!check_name (name, error))
    return NULL;
  path = lw_ml_dup_path (ml, "jobs", name, NULL);
  if (!lw_ml_get_json (ml, path, LW_API_ML, &document, cancellable, error) || document == NULL)
    return NULL;
  return lw_job_parse (lw_json_document_get_root (document), ml->arm.tenant_id, error);
}

typedef struct
{
  const LwMl *ml;
  GPtrArray *jobs; /* owned by the caller */
} Listing;

static gboolean
add_job (LwJson item, gpointer user_data, GError **error)
{
  Listing *listing = user_data;
  LwJob *job = lw_job_parse (item, listing->ml->arm.tenant_id, error);

  if (job == NULL)
    return FALSE;
  g_ptr_array_add (listing->jobs, job);
  return TRUE;
}

static int
compare_jobs (gconstpointer a, gconstpointer b)
{
  const LwJob *first = *(LwJob *const *) a;
  const LwJob *second = *(LwJob *const *) b;

  if (first->created_us != second->created_us)
    return first->created_us > second->created_us ? -1 : 1;
  return strcmp (first->name, second->name);
}

GPtrArray *
lw_job_list (const LwMl *ml, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func ((GDestroyNotify) lw_job_free);
  g_autofree char *path = NULL;
  Listing listing = { ml, jobs };
  LwAzureCall call = { 0 };

  g_return_val_if_fail (ml != NULL, NULL);

  path = lw_ml_dup_path (ml, "jobs", NULL, NULL);
  call = lw_ml_call (ml, "GET", path);
  call.query = "listViewType=ActiveOnly";
  if (!lw_azure_list (ml->arm.azure, &call, add_job, &listing, cancellable, error))
    return NULL;
  g_ptr_array_sort (jobs, compare_jobs);
  return g_steal_pointer (&jobs);
}

gboolean
lw_job_cancel (const LwMl *ml, const char *name, gint64 deadline_us, GCancellable *cancellable,
               GError **error)
{
  g_autoptr (LwJob) job = NULL;
  g_autofree char *path = NULL;
  GError *local_error = NULL;
  LwAzureCall call = { 0 };

  g_return_val_if_fail (ml != NULL && name != NULL, FALSE);

  if (!check_name (name, error))
    return FALSE;
  path = lw_ml_dup_path (ml, "jobs", name, "cancel");
  call = lw_ml_call (ml, "POST", path);
  call.repeat_post = TRUE;
  if (lw_lro_run (ml->arm.azure, &call, deadline_us, NULL, NULL, cancellable, &local_error))
    return TRUE;
  /* The service refuses to cancel what is over. */
  if (g_error_matches (local_error, LW_AZURE_ERROR, LW_AZURE_ERROR_REFUSED)
      || g_error_matches (local_error, LW_AZURE_ERROR, LW_AZURE_ERROR_CONFLICT))
    job = lw_job_get (ml, name, cancellable, NULL);
  if (job != NULL && job->phase != LW_JOB_PHASE_ACTIVE)
    {
      g_error_free (local_error);
      return TRUE;
    }
  g_propagate_error (error, local_error);
  return FALSE;
}

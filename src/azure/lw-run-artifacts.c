/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Files of a run: its outputs and logs (artifact v2.0). No state, any thread. */

#include "lw-run-private.h"

#include <string.h>

#include "lw-error.h"

/* A job that writes more files is shown the first ones only by an error that says so. */
#define MAX_ARTIFACTS 20000

void
lw_artifact_free (LwArtifact *self)
{
  if (self == NULL)
    return;
  g_free (self->path);
  g_free (self);
}

static int
compare_artifacts (gconstpointer a, gconstpointer b)
{
  const LwArtifact *first = *(LwArtifact *const *) a;
  const LwArtifact *second = *(LwArtifact *const *) b;

  return strcmp (first->path, second->path);
}

typedef struct
{
  GPtrArray *artifacts; /* owned by the caller */
  const char *prefix;   /* (nullable) */
} Listing;

static gboolean
add_artifact (LwJson item, gpointer user_data, GError **error)
{
  Listing *listing = user_data;
  const char *path = lw_json_need_string (item, "path", error);
  LwArtifact *artifact;

  if (path == NULL)
    return FALSE;
  if (!lw_run_is_safe_path (path)
      || (listing->prefix != NULL && !g_str_has_prefix (path, listing->prefix)))
    return TRUE;
  if (listing->artifacts->len == MAX_ARTIFACTS)
    {
      g_set_error (error, LW_ERROR, LW_ERROR_TOO_LARGE, "more than %d files", MAX_ARTIFACTS);
      return FALSE;
    }
  artifact = g_new0 (LwArtifact, 1);
  artifact->path = g_strdup (path);
  g_ptr_array_add (listing->artifacts, artifact);
  return TRUE;
}

static char *
dup_container_url (const LwMl *ml, const char *data_host, const char *job, const char *action)
{
  g_autofree char *name = lw_azure_escape (job);
  g_autofree char *rest = g_strdup_printf ("artifacts/ExperimentRun/dcid.%s%s", name, action);

  return lw_run_dup_url (ml, data_host, "artifact/v2.0", rest);
}

static char *
dup_path_query (const char *path)
{
  g_autofree char *escaped = lw_azure_escape (path);

  return g_strconcat ("?path=", escaped, NULL);
}

GPtrArray *
lw_run_list_artifacts (const LwMl *ml, const char *data_host, const char *job, const char *prefix,
                       GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) artifacts
      = g_ptr_array_new_with_free_func ((GDestroyNotify) lw_artifact_free);
  g_autofree char *query = prefix != NULL ? dup_path_query (prefix) : g_strdup ("");
  g_autofree char *url = NULL;
  Listing listing = { artifacts, prefix };
  LwAzureCall call = { 0 };

  g_return_val_if_fail (ml != NULL && data_host != NULL && job != NULL, NULL);

  if (!lw_ml_check_segment (job, error))
    return NULL;
  url = dup_container_url (ml, data_host, job, query);
  call = lw_run_call (ml, "GET", url);
  if (!lw_run_list (ml, &call, add_artifact, &listing, cancellable, error))
    return NULL;
  g_ptr_array_sort (artifacts, compare_artifacts);
  return g_steal_pointer (&artifacts);
}

char *
lw_run_get_artifact_url (const LwMl *ml, const char *data_host, const char *job, const char *path,
                         GCancellable *cancellable, GError **error)
{
  g_autoptr (LwJsonDocument) document = NULL;
  g_autofree char *query = NULL;
  g_autofree char *action = NULL;
  g_autofree char *url = NULL;
  LwAzureCall call = { 0 };

  g_return_val_if_fail (ml != NULL && data_host != NULL && job != NULL && path != NULL, NULL);

  if (!lw_ml_check_segment (job, error))
    return NULL;
  query = dup_path_query (path);
  action = g_strconcat ("/contentinfo", query, NULL);
  url = dup_container_url (ml, data_host, job, action);
  call = lw_run_call (ml, "GET", url);
  document = lw_azure_send_json (ml->arm.azure, &call, cancellable, error);
  if (document == NULL)
    return NULL;
  return g_strdup (lw_json_need_string (lw_json_document_get_root (document), "contentUri", error));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Artifacts: the logs and outputs of a run, by name. They are the blobs below the run's prefix, so
 * nothing else is stored. Reads only; any thread. */

#include "lwp-data-plane.h"

#include <string.h>
#include <unistd.h>

#define ARTIFACTS "/artifact/v2.0" LWP_DATA_PLANE_WORKSPACE "/artifacts"
#define RUN_ARTIFACTS ARTIFACTS "/ExperimentRun/{run}"
#define HISTORY_RUN                                                                                \
  "/history/v1.0" LWP_DATA_PLANE_WORKSPACE "/experiments/{experiment}/runs/{run}/artifacts"
#define PAGE_SIZE 100
#define ORIGIN "ExperimentRun"

static const char *
get_path (LwpRequest *request)
{
  const char *path = lwp_request_get_param (request, "path");

  if (path == NULL)
    path = lwp_request_get_query (request, "path");
  return path == NULL ? "" : path;
}

static LwpDataRun *
load_run (LwpCloud *cloud, LwpRequest *request, LwpResponse **response)
{
  return lwp_data_run_load (cloud, request, lwp_request_get_param (request, "run"), response);
}

static JsonObject *
artifact_json (const LwpDataRun *data, const LwpBlob *blob)
{
  const char *path = blob->name + strlen (data->prefix);
  g_autofree char *container = g_strconcat ("dcid.", data->job->name, NULL);
  g_autofree char *etag = lwp_blob_dup_etag (blob);
  g_autofree char *quoted = g_strdup_printf ("\"%s\"", etag);
  g_autofree char *created = lwp_cloud_format_time (blob->created_us);

  return lwp_json_build (
      "artifactId:s origin:s container:s path:s etag:s createdTime:s dataPath:n", blob->name,
      ORIGIN, container, path, quoted, created);
}

static JsonObject *
content_json (LwpCloud *cloud, LwpRequest *request, const LwpDataRun *data, const LwpBlob *blob)
{
  g_autofree char *container = g_strconcat ("dcid.", data->job->name, NULL);
  g_autofree char *sas
      = lwp_data_plane_dup_sas (cloud, request, data->account, LWP_RUN_CONTAINER, blob->name);

  return lwp_json_build ("contentUri:s origin:s container:s path:s", sas, ORIGIN, container,
                         blob->name + strlen (data->prefix));
}

/* Where the next page begins. The token is base64 of the last name of this one. */
static char *
dup_from (LwpRequest *request)
{
  const char *token = lwp_request_get_query (request, "continuationToken");
  g_autofree guchar *name = NULL;
  gsize size;

  if (token == NULL || *token == '\0')
    return g_strdup ("");
  name = g_base64_decode (token, &size);
  return g_strdup_printf ("%.*s\x01", (int) size, (const char *) name);
}

static void
set_continuation (JsonObject *page, LwpRequest *request, const LwpBlob *last)
{
  g_autofree char *token = g_base64_encode ((const guchar *) last->name, strlen (last->name));
  g_autofree char *escaped = g_uri_escape_string (token, NULL, FALSE);
  g_autofree char *path = g_uri_escape_string (get_path (request), NULL, FALSE);
  g_autofree char *link
      = g_strdup_printf ("https://%s%s?path=%s&continuationToken=%s",
                         lwp_request_get_host (request), lwp_request_get_raw_path (request), path,
                         escaped);

  json_object_set_string_member (page, "continuationToken", token);
  json_object_set_string_member (page, "nextLink", link);
}

static LwpResponse *
list (LwpCloud *cloud, LwpRequest *request, gboolean contents)
{
  LwpResponse *response = NULL;
  g_autoptr (LwpDataRun) data = load_run (cloud, request, &response);
  g_autoptr (GPtrArray) blobs = NULL;
  g_autofree char *prefix = NULL;
  g_autofree char *from = dup_from (request);
  JsonArray *value;
  JsonObject *page;

  if (data == NULL)
    return response;
  value = json_array_new ();
  prefix = g_strconcat (data->prefix, get_path (request), NULL);
  blobs = lwp_blob_list (cloud, data->account, LWP_RUN_CONTAINER, prefix, from, PAGE_SIZE + 1);
  for (guint i = 0; i < MIN (blobs->len, PAGE_SIZE); i++)
    {
      const LwpBlob *blob = g_ptr_array_index (blobs, i);

      json_array_add_object_element (value, contents ? content_json (cloud, request, data, blob)
                                                     : artifact_json (data, blob));
    }
  page = lwp_json_build ("value:a continuationToken:n nextLink:n", value);
  if (blobs->len > PAGE_SIZE)
    set_continuation (page, request, g_ptr_array_index (blobs, PAGE_SIZE - 1));
  return lwp_response_new_json (200, page);
}

static LwpResponse *
list_artifacts (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  return list (cloud, request, FALSE);
}

static LwpResponse *
list_contents (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  return list (cloud, request, TRUE);
}

static LwpResponse *
new_missing (LwpCloud *cloud, LwpRequest *request)
{
  return lwp_ml_new_error (cloud, 404, "UserError", "NotFoundError",
                           "The artifact %s was not found.", get_path (request));
}

static LwpResponse *
get_content_info (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  LwpResponse *response = NULL;
  g_autoptr (LwpDataRun) data = load_run (cloud, request, &response);
  g_autoptr (LwpBlob) blob = NULL;
  g_autofree char *name = NULL;
  LwpBlobKey key;

  if (data == NULL)
    return response;
  name = g_strconcat (data->prefix, get_path (request), NULL);
  key = (LwpBlobKey){ data->account, LWP_RUN_CONTAINER, name };
  blob = lwp_blob_load (cloud, &key);
  if (blob == NULL)
    return new_missing (cloud, request);
  return lwp_response_new_json (200, content_json (cloud, request, data, blob));
}

static LwpResponse *
get_content (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  LwpResponse *response = NULL;
  g_autoptr (LwpDataRun) data = load_run (cloud, request, &response);
  g_autoptr (LwpBlob) blob = NULL;
  g_autofree char *name = NULL;
  LwpBlobKey key;
  int fd;

  if (data == NULL)
    return response;
  name = g_strconcat (data->prefix, get_path (request), NULL);
  key = (LwpBlobKey){ data->account, LWP_RUN_CONTAINER, name };
  fd = lwp_blob_open (cloud, &key, &blob);
  if (fd < 0)
    return new_missing (cloud, request);
  return lwp_response_new_file (200, blob->content_type, fd, 0, blob->size);
}

static const LwpRoute routes[] = {
  { "GET", RUN_ARTIFACTS, list_artifacts, LWP_DATA_PLANE_TOKENS },
  { "GET", RUN_ARTIFACTS "/contentinfo", get_content_info, LWP_DATA_PLANE_TOKENS },
  { "GET", RUN_ARTIFACTS "/prefix/contentinfo", list_contents, LWP_DATA_PLANE_TOKENS },
  { "GET", RUN_ARTIFACTS "/content", get_content, LWP_DATA_PLANE_TOKENS },
  { "GET", ARTIFACTS "/contentinfo/ExperimentRun/{run}/{path*}", get_content_info,
    LWP_DATA_PLANE_TOKENS },
  { "GET", HISTORY_RUN, list_artifacts, LWP_DATA_PLANE_TOKENS },
  { "GET", HISTORY_RUN "/contentinfo", get_content_info, LWP_DATA_PLANE_TOKENS },
  { "GET", HISTORY_RUN "/prefix/contentinfo", list_contents, LWP_DATA_PLANE_TOKENS },
};

void
lwp_artifacts_register (LwpCloud *cloud)
{
  lwp_router_add (lwp_cloud_get_router (cloud), LWP_DATA_PLANE_HOST, routes,
                  G_N_ELEMENTS (routes), NULL);
}

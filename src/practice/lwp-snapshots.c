/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Snapshots: the code of a run as a tree, each file with an address of its own. Reads only; any
 * thread. */

#include "lwp-codes.h"
#include "lwp-data-plane.h"

#include <string.h>

#define SNAPSHOTS "/content/v2.0" LWP_DATA_PLANE_WORKSPACE "/snapshots/sas"
#define MAX_FILES 2000
#define MAX_DEPTH 32

static char *
dup_md5_hex (const LwpBlob *blob)
{
  g_autofree guchar *bytes = NULL;
  GString *hex;
  gsize size;

  if (blob->md5 == NULL)
    return NULL;
  bytes = g_base64_decode (blob->md5, &size);
  hex = g_string_new (NULL);
  for (gsize i = 0; i < size; i++)
    g_string_append_printf (hex, "%02X", bytes[i]);
  return g_string_free (hex, FALSE);
}

static JsonObject *
new_directory (const char *name, const char *time)
{
  return lwp_json_build ("name:s hash:n type:s timestamp:s sasUrl:n absoluteUrl:n sizeBytes:i"
                         " sizeSet:b children:o",
                         name, "Directory", time, (gint64) 0, FALSE, json_object_new ());
}

/* The folder that the last part of @parts lies in, made as needed. */
static JsonObject *
ensure_folder (JsonObject *root, char **parts, const char *time)
{
  JsonObject *folder = json_object_get_object_member (root, "children");

  for (gsize i = 0; parts[i + 1] != NULL; i++)
    {
      if (!json_object_has_member (folder, parts[i]))
        json_object_set_object_member (folder, parts[i], new_directory (parts[i], time));
      folder = json_object_get_object_member (json_object_get_object_member (folder, parts[i]),
                                              "children");
    }
  return folder;
}

static void
add_file (LwpCloud *cloud, LwpRequest *request, const LwpCodePlace *place, const LwpBlob *blob,
          JsonObject *root)
{
  g_auto (GStrv) parts = g_strsplit (blob->name + strlen (place->prefix), "/", -1);
  guint n_parts = g_strv_length (parts);
  g_autofree char *time = lwp_cloud_format_time (blob->changed_us);
  g_autofree char *sas = NULL;
  g_autofree char *hash = dup_md5_hex (blob);
  g_autofree char *plain = NULL;

  if (n_parts == 0 || n_parts > MAX_DEPTH)
    return;
  sas = lwp_data_plane_dup_sas (cloud, request, place->account, place->container, blob->name);
  plain = g_strndup (sas, strcspn (sas, "?"));
  json_object_set_object_member (
      ensure_folder (root, parts, time), parts[n_parts - 1],
      lwp_json_build ("name:s hash:s type:s timestamp:s sasUrl:s absoluteUrl:s sizeBytes:i"
                      " sizeSet:b children:o",
                      parts[n_parts - 1], hash, "File", time, sas, plain, (gint64) blob->size,
                      TRUE, json_object_new ()));
}

static LwpResponse *
post_snapshot (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  const char *id = lwp_json_get_string (lwp_request_get_json (request), "snapshotOrAssetId");
  LwpResponse *response = NULL;
  g_autoptr (LwpResource) workspace = lwp_ml_load_workspace (cloud, request, &response);
  g_autoptr (LwpResource) code = NULL;
  g_autoptr (LwpCodePlace) place = NULL;
  g_autoptr (GPtrArray) blobs = NULL;
  g_autofree char *time = NULL;
  JsonObject *root;

  if (workspace == NULL)
    return response;
  code = id == NULL ? NULL : lwp_codes_load_snapshot (cloud, workspace, id);
  place = lwp_codes_find_place (
      code == NULL ? NULL : lwp_json_get_string (code->body, "codeUri"));
  if (place == NULL)
    return lwp_ml_new_error (cloud, 404, "UserError", "NotFoundError",
                             "The snapshot was not found.");
  time = lwp_cloud_format_time (code->created_us);
  root = new_directory ("", time);
  blobs = lwp_blob_list (cloud, place->account, place->container, place->prefix, "", MAX_FILES);
  for (guint i = 0; i < blobs->len; i++)
    add_file (cloud, request, place, g_ptr_array_index (blobs, i), root);
  return lwp_response_new_json (200, root);
}

static const LwpRoute routes[] = {
  { "POST", SNAPSHOTS, post_snapshot, LWP_DATA_PLANE_TOKENS },
};

void
lwp_snapshots_register (LwpCloud *cloud)
{
  lwp_router_add (lwp_cloud_get_router (cloud), LWP_DATA_PLANE_HOST, routes,
                  G_N_ELEMENTS (routes), NULL);
}

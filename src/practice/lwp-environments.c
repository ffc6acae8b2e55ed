/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Environments. The curated ones are a constant table; each has the versions 1 to its latest.
 * Versions that somebody made in a workspace are resources. Any thread. */

#include "lwp-environments.h"

#include <string.h>

#define ENVIRONMENTS_PATH LWP_ML_WORKSPACE_PATH "/environments"
#define ENVIRONMENT_PATH ENVIRONMENTS_PATH "/{environment}"
#define VERSION_PATH ENVIRONMENT_PATH "/versions/{version}"
#define CONTAINER_TYPE LWP_ML_WORKSPACE_TYPE "/environments"
#define CURATED_PREFIX "AzureML-"
#define REGISTRY_PREFIX "azureml://registries/azureml/environments/"
#define MAX_NAME 255

typedef struct
{
  const char *name; /* without the prefix */
  guint64 latest;
  const char *description;
} Curated;

static const Curated curated[] = {
  { "sklearn-1.5", 35, "scikit-learn 1.5, pandas, matplotlib, Python 3.10" },
  { "sklearn-1.0", 25, "scikit-learn 1.0, pandas, matplotlib, Python 3.8" },
};

static const Curated *
find_curated (const char *name)
{
  if (g_ascii_strncasecmp (name, CURATED_PREFIX, strlen (CURATED_PREFIX)) == 0)
    name += strlen (CURATED_PREFIX);
  for (gsize i = 0; i < G_N_ELEMENTS (curated); i++)
    if (g_ascii_strcasecmp (curated[i].name, name) == 0)
      return &curated[i];
  return NULL;
}

static LwpResource *
load_own (LwpCloud *cloud, const LwpResource *workspace, const char *name, const char *version)
{
  g_autofree char *scope = lwp_ml_dup_child_id (workspace, "environments", name);
  g_autofree char *id = g_strconcat (scope, "/versions/", version, NULL);
  g_autoptr (GPtrArray) versions = NULL;

  if (!g_str_equal (version, "latest"))
    return lwp_resource_load (cloud, id);
  versions = lwp_resource_list (cloud, scope, LWP_ML_ENVIRONMENT_TYPE);
  return versions->len == 0 ? NULL : g_ptr_array_steal_index (versions, versions->len - 1);
}

static gboolean
resolve_parts (LwpCloud *cloud, const LwpResource *workspace, const char *asked,
               const char *asked_version, char **name, char **version)
{
  const Curated *known = find_curated (asked);
  g_autoptr (LwpResource) own = load_own (cloud, workspace, asked, asked_version);
  guint64 number = known == NULL ? 0 : known->latest;

  if (own != NULL)
    {
      *name = g_strdup (asked);
      *version = g_strdup (own->name);
      return TRUE;
    }
  if (known == NULL
      || (!g_str_equal (asked_version, "latest")
          && !g_ascii_string_to_unsigned (asked_version, 10, 1, known->latest, &number, NULL)))
    return FALSE;
  *name = g_strconcat (CURATED_PREFIX, known->name, NULL);
  *version = g_strdup_printf ("%" G_GUINT64_FORMAT, number);
  return TRUE;
}

/* NAME/versions/VERSION or NAME/labels/latest */
static gboolean
resolve_path (LwpCloud *cloud, const LwpResource *workspace, const char *path, char **name,
              char **version)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);

  return g_strv_length (parts) == 3
         && resolve_parts (cloud, workspace, parts[0], parts[2], name, version);
}

gboolean
lwp_environments_resolve (LwpCloud *cloud, const LwpResource *workspace, const char *reference,
                          char **name, char **version)
{
  const char *inside = strstr (reference, "/environments/");
  g_autofree char *plain = NULL;
  char *mark;

  if (g_str_has_prefix (reference, REGISTRY_PREFIX))
    return resolve_path (cloud, workspace, reference + strlen (REGISTRY_PREFIX), name, version);
  if (g_str_has_prefix (reference, "azureml:/") || *reference == '/')
    return inside != NULL
           && resolve_path (cloud, workspace, inside + strlen ("/environments/"), name, version);
  plain = g_strdup (g_str_has_prefix (reference, "azureml:") ? reference + strlen ("azureml:")
                                                             : reference);
  mark = strpbrk (plain, "@:");
  if (mark == NULL)
    return FALSE;
  *mark = '\0';
  return resolve_parts (cloud, workspace, plain, mark + 1, name, version);
}

char *
lwp_environments_dup_asset_id (const LwpResource *workspace, const char *name, const char *version)
{
  const Curated *known = find_curated (name);

  if (known == NULL)
    return g_strdup_printf ("%s/environments/%s/versions/%s", workspace->id, name, version);
  return g_strdup_printf (REGISTRY_PREFIX "%s/versions/%s", known->name, version);
}

static JsonObject *
version_json (const LwpResource *workspace, const char *name, const char *version,
              JsonObject *properties, const LwpResource *made)
{
  g_autofree char *scope = lwp_ml_dup_child_id (workspace, "environments", name);
  g_autofree char *id = g_strconcat (scope, "/versions/", version, NULL);

  return lwp_json_build ("id:s name:s type:s properties:o systemData:o", id, version,
                         LWP_ML_ENVIRONMENT_TYPE, properties, lwp_ml_new_system_data (made));
}

static JsonObject *
curated_json (const LwpResource *workspace, const char *name, const char *version)
{
  const Curated *known = find_curated (name);
  g_autofree char *image
      = g_strdup_printf ("mcr.microsoft.com/azureml/curated/%s:%s", known->name, version);

  return version_json (
      workspace, name, version,
      lwp_json_build ("description:s tags:o properties:o isArchived:b isAnonymous:b"
                      " environmentType:s image:s osType:s",
                      known->description, json_object_new (), json_object_new (), FALSE, FALSE,
                      "Curated", image, "Linux"),
      workspace);
}

static JsonObject *
own_json (const LwpResource *workspace, const char *name, const LwpResource *own)
{
  JsonObject *properties = lwp_json_copy (lwp_json_get_object (own->body, "properties"));

  json_object_set_string_member (properties, "environmentType", "UserCreated");
  return version_json (workspace, name, own->name, properties, own);
}

static JsonObject *
container_json (const LwpResource *workspace, const char *name, const char *latest,
                const char *description)
{
  g_autofree char *id = lwp_ml_dup_child_id (workspace, "environments", name);

  return lwp_json_build (
      "id:s name:s type:s properties:o systemData:o", id, name, CONTAINER_TYPE,
      lwp_json_build ("description:s tags:o properties:o isArchived:b latestVersion:s"
                      " nextVersion:n",
                      description, json_object_new (), json_object_new (), FALSE, latest),
      lwp_ml_new_system_data (workspace));
}

/* Name of the environment that a version's ARM id is of. */
static char *
dup_owner_name (const LwpResource *own)
{
  g_autofree char *versions = g_path_get_dirname (own->id);
  g_autofree char *environment = g_path_get_dirname (versions);

  return g_path_get_basename (environment);
}

static LwpResponse *
list_environments (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  LwpResponse *response = NULL;
  g_autoptr (LwpResource) workspace = lwp_ml_load_workspace (cloud, request, &response);
  g_autoptr (GPtrArray) own = NULL;
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GPtrArray *items;

  if (workspace == NULL)
    return response;
  items = lwp_ml_items_new ();
  for (gsize i = 0; i < G_N_ELEMENTS (curated); i++)
    {
      g_autofree char *name = g_strconcat (CURATED_PREFIX, curated[i].name, NULL);
      g_autofree char *latest = g_strdup_printf ("%" G_GUINT64_FORMAT, curated[i].latest);

      g_ptr_array_add (items, container_json (workspace, name, latest, curated[i].description));
    }
  own = lwp_resource_list (cloud, workspace->id, LWP_ML_ENVIRONMENT_TYPE);
  for (guint i = own->len; i > 0; i--)
    {
      const LwpResource *version = g_ptr_array_index (own, i - 1);
      char *name = dup_owner_name (version);

      if (g_hash_table_add (seen, name))
        g_ptr_array_add (items, container_json (workspace, name, version->name, NULL));
    }
  return lwp_ml_new_page (request, items);
}

static LwpResponse *
new_unknown (LwpCloud *cloud, LwpRequest *request)
{
  return lwp_ml_new_error (cloud, 404, "UserError", "NotFoundError",
                           "Environment %s was not found.",
                           lwp_request_get_param (request, "environment"));
}

static LwpResponse *
list_versions (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  const char *name = lwp_request_get_param (request, "environment");
  const Curated *known = find_curated (name);
  LwpResponse *response = NULL;
  g_autoptr (LwpResource) workspace = lwp_ml_load_workspace (cloud, request, &response);
  g_autoptr (GPtrArray) own = NULL;
  g_autofree char *scope = NULL;
  GPtrArray *items;

  if (workspace == NULL)
    return response;
  scope = lwp_ml_dup_child_id (workspace, "environments", name);
  own = lwp_resource_list (cloud, scope, LWP_ML_ENVIRONMENT_TYPE);
  items = lwp_ml_items_new ();
  for (guint i = own->len; i > 0; i--)
    g_ptr_array_add (items, own_json (workspace, name, g_ptr_array_index (own, i - 1)));
  for (guint64 number = known == NULL ? 0 : known->latest; number > 0; number--)
    {
      g_autofree char *version = g_strdup_printf ("%" G_GUINT64_FORMAT, number);

      g_ptr_array_add (items, curated_json (workspace, name, version));
    }
  if (items->len > 0)
    return lwp_ml_new_page (request, items);
  g_ptr_array_unref (items);
  return new_unknown (cloud, request);
}

static LwpResponse *
get_environment (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  const char *name = lwp_request_get_param (request, "environment");
  LwpResponse *response = NULL;
  g_autoptr (LwpResource) workspace = lwp_ml_load_workspace (cloud, request, &response);
  g_autofree char *found = NULL;
  g_autofree char *version = NULL;

  if (workspace == NULL)
    return response;
  if (!resolve_parts (cloud, workspace, name, "latest", &found, &version))
    return new_unknown (cloud, request);
  return lwp_response_new_json (200, container_json (workspace, found, version, NULL));
}

static LwpResponse *
get_version (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  const char *name = lwp_request_get_param (request, "environment");
  const char *asked = lwp_request_get_param (request, "version");
  LwpResponse *response = NULL;
  g_autoptr (LwpResource) workspace = lwp_ml_load_workspace (cloud, request, &response);
  g_autoptr (LwpResource) own = NULL;
  g_autofree char *found = NULL;
  g_autofree char *version = NULL;

  if (workspace == NULL)
    return response;
  own = load_own (cloud, workspace, name, asked);
  if (own != NULL)
    return lwp_response_new_json (200, own_json (workspace, name, own));
  if (!resolve_parts (cloud, workspace, name, asked, &found, &version))
    return new_unknown (cloud, request);
  return lwp_response_new_json (200, curated_json (workspace, found, version));
}

static LwpResponse *
put_version (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  const char *name = lwp_request_get_param (request, "environment");
  const char *version = lwp_request_get_param (request, "version");
  JsonObject *asked = lwp_json_get_object (lwp_request_get_json (request), "properties");
  G_GNUC_UNUSED g_autoptr (LwpStoreTransaction) transaction
    = lwp_store_hold (lwp_cloud_get_store (cloud));
  LwpResponse *response = NULL;
  g_autoptr (LwpResource) workspace = lwp_ml_load_workspace (cloud, request, &response);
  g_autoptr (LwpResource) own = NULL;
  g_autofree char *scope = NULL;
  g_autofree char *id = NULL;
  gboolean existed;

  if (workspace == NULL)
    return response;
  if (asked == NULL || !lwp_ml_is_name (name, 1, MAX_NAME, "-_.")
      || !lwp_ml_is_name (version, 1, MAX_NAME, "-_.")
      || g_ascii_strncasecmp (name, CURATED_PREFIX, strlen (CURATED_PREFIX)) == 0)
    return lwp_ml_new_error (cloud, 400, "ValidationError", "ArgumentInvalid",
                             "Name, version or properties of the environment are invalid; names "
                             "that begin with AzureML- are reserved.");
  scope = lwp_ml_dup_child_id (workspace, "environments", name);
  id = g_strconcat (scope, "/versions/", version, NULL);
  own = lwp_resource_load (cloud, id);
  existed = own != NULL;
  if (!existed)
    {
      own = lwp_resource_new (cloud, id, LWP_ML_ENVIRONMENT_TYPE, workspace->location,
                              json_object_new (), 0);
      lwp_json_build_copy (own->body, lwp_request_get_json (request), "properties");
    }
  lwp_ml_note_caller (own->body, request);
  lwp_resource_save (cloud, own);
  return lwp_response_new_json (existed ? 200 : 201, own_json (workspace, name, own));
}

static const LwpRoute routes[] = {
  { "GET", ENVIRONMENTS_PATH, list_environments, LWP_ROUTE_ARM },
  { "GET", ENVIRONMENT_PATH, get_environment, LWP_ROUTE_ARM },
  { "GET", ENVIRONMENT_PATH "/versions", list_versions, LWP_ROUTE_ARM },
  { "GET", VERSION_PATH, get_version, LWP_ROUTE_ARM },
  { "PUT", VERSION_PATH, put_version, LWP_ROUTE_ARM },
};

gboolean
lwp_environments_register (LwpCloud *cloud, GError **error)
{
  lwp_router_add (lwp_cloud_get_router (cloud), "management.azure.com", routes,
                  G_N_ELEMENTS (routes), NULL);
  return TRUE;
}

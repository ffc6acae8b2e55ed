/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Ids and paths of a workspace, and what the requests to its control plane have in common. No
 * state, any thread. */

#include "lw-ml-private.h"

#include <string.h>

#include "lw-error.h"

char *
lw_ml_dup_id (const LwMl *ml, const char *child)
{
  g_return_val_if_fail (ml != NULL, NULL);

  return g_strdup_printf ("/subscriptions/%s/resourceGroups/%s/providers/"
                          "Microsoft.MachineLearningServices/workspaces/%s%s%s",
                          ml->arm.subscription_id, ml->group, ml->workspace,
                          child != NULL ? "/" : "", child != NULL ? child : "");
}

char *
lw_ml_dup_path (const LwMl *ml, const char *collection, const char *name, const char *action)
{
  g_autofree char *id = lw_ml_dup_id (ml, collection);
  g_autofree char *escaped_id = g_uri_escape_string (id, "/()", FALSE);
  g_autofree char *escaped_name = name != NULL ? lw_azure_escape (name) : NULL;
  GString *path = g_string_new (escaped_id);

  if (name != NULL)
    g_string_append_printf (path, "/%s", escaped_name);
  if (action != NULL)
    g_string_append_printf (path, "/%s", action);
  return g_string_free (path, FALSE);
}

gboolean
lw_ml_check_segment (const char *name, GError **error)
{
  if (*name != '\0' && strchr (name, '/') == NULL && strcmp (name, ".") != 0
      && strcmp (name, "..") != 0)
    return TRUE;
  g_set_error (error, LW_ERROR, LW_ERROR_MALFORMED, "“%s” is no name", name);
  return FALSE;
}

LwAzureCall
lw_ml_call (const LwMl *ml, const char *method, const char *path)
{
  return (LwAzureCall){ .service = LW_CLOUD_ARM,
                        .tenant_id = ml->arm.tenant_id,
                        .method = method,
                        .path = path,
                        .api_version = LW_API_ML };
}

gboolean
lw_ml_is_absent (const LwHttpResponse *response)
{
  g_autoptr (GError) said = NULL;

  lw_azure_error_set_from_response (&said, response);
  return lw_azure_error_is_absence (said);
}

gboolean
lw_ml_get_json (const LwMl *ml, const char *path, const char *api_version,
                LwJsonDocument **document, GCancellable *cancellable, GError **error)
{
  LwAzureCall call = lw_ml_call (ml, "GET", path);

  call.api_version = api_version;
  return lw_azure_get_json (ml->arm.azure, &call, document, cancellable, error);
}

char *
lw_ml_dup_origin (const char *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  if (host == NULL || *host == '\0' || strcmp (g_uri_get_scheme (uri), "https") != 0
      || (g_uri_get_port (uri) != -1 && g_uri_get_port (uri) != 443))
    return NULL;
  return g_strconcat ("https://", host, NULL);
}

void
lw_ml_set_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

void
lw_ml_open (JsonBuilder *builder, const char *name)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_object (builder);
}

void
lw_ml_add_tags (JsonBuilder *builder, GHashTable *tags)
{
  GHashTableIter iter;
  gpointer name, value;

  lw_ml_open (builder, "tags");
  if (tags != NULL)
    {
      g_hash_table_iter_init (&iter, tags);
      while (g_hash_table_iter_next (&iter, &name, &value))
        lw_ml_set_string (builder, name, value);
    }
  json_builder_end_object (builder);
}

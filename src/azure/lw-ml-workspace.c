/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The workspace itself: body of its PUT, and what its GET tells (Workspaces_* 2024-04-01). No
 * state, any thread. */

#include "lw-ml-private.h"

#include "lw-error.h"

GBytes *
lw_ml_build_workspace (const char *name, const char *location, const char *storage_id,
                       const char *vault_id, const char *insights_id, GHashTable *tags)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  g_return_val_if_fail (name != NULL && location != NULL, NULL);
  g_return_val_if_fail (storage_id != NULL && vault_id != NULL && insights_id != NULL, NULL);

  json_builder_begin_object (builder);
  lw_ml_set_string (builder, "location", location);
  lw_ml_set_string (builder, "kind", "Default");
  lw_ml_open (builder, "identity");
  lw_ml_set_string (builder, "type", "SystemAssigned");
  json_builder_end_object (builder);
  lw_ml_open (builder, "sku");
  lw_ml_set_string (builder, "name", "Basic");
  lw_ml_set_string (builder, "tier", "Basic");
  json_builder_end_object (builder);
  lw_ml_add_tags (builder, tags);
  lw_ml_open (builder, "properties");
  lw_ml_set_string (builder, "friendlyName", name);
  lw_ml_set_string (builder, "description", name);
  lw_ml_set_string (builder, "storageAccount", storage_id);
  lw_ml_set_string (builder, "keyVault", vault_id);
  lw_ml_set_string (builder, "applicationInsights", insights_id);
  json_builder_set_member_name (builder, "hbiWorkspace");
  json_builder_add_boolean_value (builder, FALSE);
  lw_ml_set_string (builder, "publicNetworkAccess", "Enabled");
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  return lw_json_builder_to_bytes (builder);
}

void
lw_workspace_free (LwWorkspace *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->name);
  g_free (self->location);
  g_free (self->state);
  g_free (self->workspace_id);
  g_free (self->data_host);
  g_free (self);
}

LwWorkspace *
lw_workspace_parse (const LwCloud *cloud, LwJson json, GError **error)
{
  g_autoptr (LwWorkspace) self = g_new0 (LwWorkspace, 1);
  GError *local_error = NULL;
  const char *discovery_url;
  LwJson properties;

  self->id = g_strdup (lw_json_need_string (json, "id", &local_error));
  self->name = g_strdup (lw_json_need_string (json, "name", &local_error));
  self->location = g_strdup (lw_json_need_string (json, "location", &local_error));
  if (!lw_json_need_object (json, "properties", &properties, &local_error))
    {
      g_propagate_error (error, local_error);
      return NULL;
    }
  self->state = g_strdup (lw_json_get_string (properties, "provisioningState", "Unknown"));
  self->workspace_id = g_strdup (lw_json_get_string (properties, "workspaceId", NULL));
  discovery_url = lw_json_get_string (properties, "discoveryUrl", NULL);
  if (discovery_url == NULL)
    return g_steal_pointer (&self);
  self->data_host = lw_ml_dup_origin (discovery_url);
  if (self->data_host != NULL && lw_cloud_trusts (cloud, LW_CLOUD_ML_DATA, self->data_host))
    return g_steal_pointer (&self);
  g_set_error_literal (error, LW_ERROR, LW_ERROR_UNTRUSTED_HOST,
                       "discoveryUrl is not a host of the chosen cloud");
  return NULL;
}

LwWorkspace *
lw_ml_get_workspace (const LwMl *ml, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = NULL;
  g_autoptr (LwJsonDocument) document = NULL;

  g_return_val_if_fail (ml != NULL, NULL);

  path = lw_ml_dup_path (ml, NULL, NULL, NULL);
  if (!lw_ml_get_json (ml, path, LW_API_ML, &document, cancellable, error) || document == NULL)
    return NULL;
  return lw_workspace_parse (lw_azure_get_cloud (ml->arm.azure),
                             lw_json_document_get_root (document), error);
}

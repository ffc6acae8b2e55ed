/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Bodies of the resources that a workspace stands on. No state, any thread. */

#include "lw-arm.h"

#include <string.h>

/* @properties: (transfer full) */
static JsonObject *
body_new (const char *location, GHashTable *tags, JsonObject *properties)
{
  JsonObject *body = json_object_new ();
  GHashTableIter iter;
  gpointer name = NULL;
  gpointer value = NULL;

  json_object_set_string_member (body, "location", location);
  json_object_set_object_member (body, "properties", properties);
  if (tags != NULL)
    {
      JsonObject *object = json_object_new ();

      g_hash_table_iter_init (&iter, tags);
      while (g_hash_table_iter_next (&iter, &name, &value))
        json_object_set_string_member (object, name, value);
      json_object_set_object_member (body, "tags", object);
    }
  return body;
}

static JsonObject *
object_with (const char *name, const char *value)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, name, value);
  return object;
}

/* @body: (transfer full) */
static GBytes *
print_body (JsonObject *body)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  char *text = NULL;

  json_node_take_object (node, body);
  text = json_to_string (node, FALSE);
  return g_bytes_new_take (text, strlen (text));
}

/* Shared keys stay allowed: the workspace's datastores and its file share use them. */
GBytes *
lw_arm_build_storage (const char *location, GHashTable *tags)
{
  JsonObject *properties = NULL;
  JsonObject *body = NULL;

  g_return_val_if_fail (location != NULL, NULL);

  properties = json_object_new ();
  json_object_set_boolean_member (properties, "supportsHttpsTrafficOnly", TRUE);
  json_object_set_boolean_member (properties, "allowBlobPublicAccess", FALSE);
  json_object_set_boolean_member (properties, "allowSharedKeyAccess", TRUE);
  json_object_set_string_member (properties, "minimumTlsVersion", "TLS1_2");
  body = body_new (location, tags, properties);
  json_object_set_object_member (body, "sku", object_with ("name", "Standard_LRS"));
  json_object_set_string_member (body, "kind", "StorageV2");
  return print_body (body);
}

/* Soft deletion cannot be switched off; seven days is the least it can be. */
GBytes *
lw_arm_build_vault (const char *location, const char *tenant_id, GHashTable *tags)
{
  JsonObject *properties = NULL;
  JsonObject *sku = NULL;

  g_return_val_if_fail (location != NULL && tenant_id != NULL, NULL);

  properties = json_object_new ();
  sku = object_with ("family", "A");
  json_object_set_string_member (sku, "name", "standard");
  json_object_set_string_member (properties, "tenantId", tenant_id);
  json_object_set_object_member (properties, "sku", sku);
  json_object_set_array_member (properties, "accessPolicies", json_array_new ());
  json_object_set_int_member (properties, "softDeleteRetentionInDays", 7);
  return print_body (body_new (location, tags, properties));
}

GBytes *
lw_arm_build_log_analytics (const char *location, GHashTable *tags)
{
  JsonObject *properties = NULL;

  g_return_val_if_fail (location != NULL, NULL);

  properties = json_object_new ();
  json_object_set_object_member (properties, "sku", object_with ("name", "PerGB2018"));
  json_object_set_int_member (properties, "retentionInDays", 30);
  return print_body (body_new (location, tags, properties));
}

GBytes *
lw_arm_build_insights (const char *location, const char *log_analytics_id, GHashTable *tags)
{
  JsonObject *properties = NULL;
  JsonObject *body = NULL;

  g_return_val_if_fail (location != NULL && log_analytics_id != NULL, NULL);

  properties = json_object_new ();
  json_object_set_string_member (properties, "Application_Type", "web");
  json_object_set_string_member (properties, "WorkspaceResourceId", log_analytics_id);
  body = body_new (location, tags, properties);
  json_object_set_string_member (body, "kind", "web");
  return print_body (body);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Resource groups. No state, any thread but the main one. */

#include "lw-arm-private.h"

#include <string.h>

#include "lw-api-versions.h"

void
lw_group_free (LwGroup *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->name);
  g_free (self->location);
  g_free (self->state);
  g_hash_table_unref (self->tags);
  g_free (self);
}

static GHashTable *
read_tags (LwJson tags)
{
  GHashTable *table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_auto (GStrv) names = lw_json_members (tags);

  for (guint i = 0; names[i] != NULL; i++)
    g_hash_table_replace (table, g_strdup (names[i]),
                          g_strdup (lw_json_get_string (tags, names[i], "")));
  return table;
}

static LwGroup *
read_group (LwJson item, GError **error)
{
  const char *id = lw_json_need_string (item, "id", error);
  const char *name = id != NULL ? lw_json_need_string (item, "name", error) : NULL;
  LwGroup *group = NULL;

  if (name == NULL)
    return NULL;
  group = g_new0 (LwGroup, 1);
  group->id = g_strdup (id);
  group->name = g_strdup (name);
  group->location = g_strdup (lw_json_get_string (item, "location", ""));
  group->state = g_strdup (
      lw_json_get_string (lw_json_member (item, "properties"), "provisioningState", "Unknown"));
  group->tags = read_tags (lw_json_member (item, "tags"));
  return group;
}

LwGroup *
lw_arm_get_group (const LwArm *arm, const char *name, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = NULL;
  g_autoptr (LwJsonDocument) document = NULL;
  LwAzureCall call = { 0 };

  g_return_val_if_fail (arm != NULL && name != NULL, NULL);

  path = lw_arm_dup_path (arm, name, NULL);
  call = lw_arm_call (arm, "GET", path, LW_API_RESOURCES);
  if (!lw_azure_get_json (arm->azure, &call, &document, cancellable, error) || document == NULL)
    return NULL;
  return read_group (lw_json_document_get_root (document), error);
}

static GBytes *
build_group (const char *location, GHashTable *tags)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  GHashTableIter iter;
  gpointer name = NULL;
  gpointer value = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "location");
  json_builder_add_string_value (builder, location);
  if (tags != NULL)
    {
      json_builder_set_member_name (builder, "tags");
      json_builder_begin_object (builder);
      g_hash_table_iter_init (&iter, tags);
      while (g_hash_table_iter_next (&iter, &name, &value))
        {
          json_builder_set_member_name (builder, name);
          json_builder_add_string_value (builder, value);
        }
      json_builder_end_object (builder);
    }
  json_builder_end_object (builder);
  return lw_json_builder_to_bytes (builder);
}

gboolean
lw_arm_put_group (const LwArm *arm, const char *name, const char *location, GHashTable *tags,
                  GCancellable *cancellable, GError **error)
{
  g_autofree char *path = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autoptr (LwHttpResponse) response = NULL;
  LwAzureCall call = { 0 };

  g_return_val_if_fail (arm != NULL, FALSE);
  g_return_val_if_fail (name != NULL && location != NULL, FALSE);

  path = lw_arm_dup_path (arm, name, NULL);
  body = build_group (location, tags);
  call = lw_arm_call (arm, "PUT", path, LW_API_RESOURCES);
  call.body = body;
  response = lw_azure_send (arm->azure, &call, cancellable, error);
  return response != NULL;
}

static gboolean
take_group (LwJson item, gpointer user_data, GError **error)
{
  GPtrArray *groups = user_data;
  LwGroup *group = read_group (item, error);

  if (group == NULL)
    return FALSE;
  g_ptr_array_add (groups, group);
  return TRUE;
}

GPtrArray *
lw_arm_list_groups (const LwArm *arm, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) groups = g_ptr_array_new_with_free_func ((GDestroyNotify) lw_group_free);
  g_autofree char *path = NULL;
  LwAzureCall call = { 0 };

  g_return_val_if_fail (arm != NULL, NULL);

  path = lw_arm_dup_path (arm, NULL, "/resourcegroups");
  call = lw_arm_call (arm, "GET", path, LW_API_RESOURCES);
  if (!lw_azure_list (arm->azure, &call, take_group, groups, cancellable, error))
    return NULL;
  return g_steal_pointer (&groups);
}

gboolean
lw_arm_delete_group (const LwArm *arm, const char *name, gint64 deadline_us,
                     LwLroProgressFunc progress, gpointer user_data, GCancellable *cancellable,
                     GError **error)
{
  static const guint gone[] = { 404, 0 };
  g_autofree char *path = NULL;
  g_autoptr (LwHttpResponse) first = NULL;
  g_autoptr (GError) local = NULL;
  LwAzureCall call = { 0 };

  g_return_val_if_fail (arm != NULL && name != NULL, FALSE);

  path = lw_arm_dup_path (arm, name, NULL);
  call = lw_arm_call (arm, "DELETE", path, LW_API_RESOURCES);
  call.accept = gone;
  first = lw_azure_send (arm->azure, &call, cancellable, &local);
  /* Somebody began before us, perhaps this program before it was closed. */
  if (first == NULL && !lw_azure_error_is (local, "ResourceGroupBeingDeleted"))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  return lw_lro_wait (arm->azure, &call, first, deadline_us, progress, user_data, cancellable,
                      error);
}

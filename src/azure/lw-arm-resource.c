/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Any resource by its id, and the rows of a group. No state, any thread but the main one. */

#include "lw-arm-private.h"

#include <string.h>

#include "lw-api-versions.h"

/* A group made a moment ago can be unknown to another front end of Resource Manager. */
#define REPLICATION_TRIES 4
#define REPLICATION_WAIT_US (5 * G_TIME_SPAN_SECOND)

void
lw_resource_free (LwResource *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->name);
  g_free (self->type);
  g_free (self->location);
  g_free (self->state);
  g_free (self);
}

/* A row of a list has state and time on itself, a resource has them below. */
static LwResource *
read_resource (LwJson item, GError **error)
{
  const char *id = lw_json_need_string (item, "id", error);
  const char *name = id != NULL ? lw_json_need_string (item, "name", error) : NULL;
  LwJson properties = lw_json_member (item, "properties");
  LwResource *resource = NULL;

  if (name == NULL)
    return NULL;
  resource = g_new0 (LwResource, 1);
  resource->id = g_strdup (id);
  resource->name = g_strdup (name);
  resource->type = g_strdup (lw_json_get_string (item, "type", ""));
  resource->location = g_strdup (lw_json_get_string (item, "location", ""));
  resource->state = g_strdup (lw_json_get_string (
      item, "provisioningState", lw_json_get_string (properties, "provisioningState", NULL)));
  resource->created_us = lw_json_get_time_us (item, "createdTime");
  if (resource->created_us == 0)
    resource->created_us = lw_json_get_time_us (lw_json_member (item, "systemData"), "createdAt");
  return resource;
}

static gboolean
take_resource (LwJson item, gpointer user_data, GError **error)
{
  GPtrArray *resources = user_data;
  LwResource *resource = read_resource (item, error);

  if (resource == NULL)
    return FALSE;
  g_ptr_array_add (resources, resource);
  return TRUE;
}

GPtrArray *
lw_arm_list_resources (const LwArm *arm, const char *group, GCancellable *cancellable,
                       GError **error)
{
  g_autoptr (GPtrArray) resources
      = g_ptr_array_new_with_free_func ((GDestroyNotify) lw_resource_free);
  g_autofree char *path = NULL;
  LwAzureCall call = { 0 };

  g_return_val_if_fail (arm != NULL && group != NULL, NULL);

  path = lw_arm_dup_path (arm, group, "/resources");
  call = lw_arm_call (arm, "GET", path, LW_API_RESOURCES);
  call.query = "$expand=createdTime,changedTime,provisioningState";
  if (!lw_azure_list (arm->azure, &call, take_resource, resources, cancellable, error))
    return NULL;
  return g_steal_pointer (&resources);
}

LwResource *
lw_arm_get_resource (const LwArm *arm, const char *id, const char *api_version,
                     LwJsonDocument **document, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = NULL;
  g_autoptr (LwJsonDocument) answer = NULL;
  LwResource *resource = NULL;
  LwAzureCall call = { 0 };

  g_return_val_if_fail (arm != NULL, NULL);
  g_return_val_if_fail (id != NULL && api_version != NULL, NULL);

  if (document != NULL)
    *document = NULL;
  path = lw_arm_dup_id_path (arm, id, error);
  if (path == NULL)
    return NULL;
  call = lw_arm_call (arm, "GET", path, api_version);
  if (!lw_azure_get_json (arm->azure, &call, &answer, cancellable, error) || answer == NULL)
    return NULL;
  resource = read_resource (lw_json_document_get_root (answer), error);
  if (resource != NULL && document != NULL)
    *document = g_steal_pointer (&answer);
  return resource;
}

static gboolean
is_replication_delay (const GError *error)
{
  return g_error_matches (error, LW_AZURE_ERROR, LW_AZURE_ERROR_NOT_FOUND)
         && (lw_azure_error_is (error, "ResourceGroupNotFound")
             || lw_azure_error_is (error, "ParentResourceNotFound"));
}

gboolean
lw_arm_put_resource (const LwArm *arm, const char *id, const char *api_version, GBytes *body,
                     gint64 deadline_us, LwLroProgressFunc progress, gpointer user_data,
                     GCancellable *cancellable, GError **error)
{
  g_autofree char *path = NULL;
  g_autoptr (LwHttpResponse) first = NULL;
  LwAzureCall call = { 0 };

  g_return_val_if_fail (arm != NULL, FALSE);
  g_return_val_if_fail (id != NULL && api_version != NULL && body != NULL, FALSE);

  path = lw_arm_dup_id_path (arm, id, error);
  if (path == NULL)
    return FALSE;
  call = lw_arm_call (arm, "PUT", path, api_version);
  call.body = body;
  for (guint i = 1; first == NULL; i++)
    {
      g_autoptr (GError) local = NULL;

      first = lw_azure_send (arm->azure, &call, cancellable, &local);
      if (first != NULL)
        break;
      if (i == REPLICATION_TRIES || !is_replication_delay (local))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
      if (!lw_clock_wait (lw_azure_get_clock (arm->azure), REPLICATION_WAIT_US, cancellable, error))
        return FALSE;
    }
  return lw_lro_wait (arm->azure, &call, first, deadline_us, progress, user_data, cancellable,
                      error);
}

gboolean
lw_arm_delete_resource (const LwArm *arm, const char *id, const char *api_version,
                        const char *query, gint64 deadline_us, LwLroProgressFunc progress,
                        gpointer user_data, GCancellable *cancellable, GError **error)
{
  static const guint gone[] = { 404, 0 };
  g_autofree char *path = NULL;
  LwAzureCall call = { 0 };

  g_return_val_if_fail (arm != NULL, FALSE);
  g_return_val_if_fail (id != NULL && api_version != NULL, FALSE);

  path = lw_arm_dup_id_path (arm, id, error);
  if (path == NULL)
    return FALSE;
  call = lw_arm_call (arm, "DELETE", path, api_version);
  call.query = query;
  call.accept = gone;
  return lw_lro_run (arm->azure, &call, deadline_us, progress, user_data, cancellable, error);
}

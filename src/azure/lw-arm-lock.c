/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Locks, which keep a group from being deleted. No state, any thread but the main one. */

#include "lw-arm-private.h"

#include "lw-api-versions.h"

void
lw_lock_free (LwLock *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->name);
  g_free (self->level);
  g_free (self->notes);
  g_free (self);
}

static gboolean
has_lock (GPtrArray *locks, const char *id)
{
  for (guint i = 0; i < locks->len; i++)
    {
      const LwLock *lock = g_ptr_array_index (locks, i);

      if (g_ascii_strcasecmp (lock->id, id) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
take_lock (LwJson item, gpointer user_data, GError **error)
{
  GPtrArray *locks = user_data;
  LwJson properties = lw_json_member (item, "properties");
  const char *id = lw_json_need_string (item, "id", error);
  const char *level = id != NULL ? lw_json_need_string (properties, "level", error) : NULL;
  LwLock *lock = NULL;

  if (level == NULL)
    return FALSE;
  if (has_lock (locks, id))
    return TRUE;
  lock = g_new0 (LwLock, 1);
  lock->id = g_strdup (id);
  lock->name = g_strdup (lw_json_get_string (item, "name", ""));
  lock->level = g_strdup (level);
  lock->notes = g_strdup (lw_json_get_string (properties, "notes", NULL));
  g_ptr_array_add (locks, lock);
  return TRUE;
}

GPtrArray *
lw_arm_list_locks (const LwArm *arm, const char *group, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) locks = g_ptr_array_new_with_free_func ((GDestroyNotify) lw_lock_free);
  g_autofree char *path = NULL;
  LwAzureCall call = { 0 };

  g_return_val_if_fail (arm != NULL && group != NULL, NULL);

  path = lw_arm_dup_path (arm, group, "/providers/Microsoft.Authorization/locks");
  call = lw_arm_call (arm, "GET", path, LW_API_LOCKS);
  if (!lw_azure_list (arm->azure, &call, take_lock, locks, cancellable, error))
    return NULL;
  /* The plain list holds the group's own and those below; this one, what it inherits. */
  call.query = "$filter=atScope()";
  if (!lw_azure_list (arm->azure, &call, take_lock, locks, cancellable, error))
    return NULL;
  return g_steal_pointer (&locks);
}

gboolean
lw_arm_delete_lock (const LwArm *arm, const char *lock_id, GCancellable *cancellable,
                    GError **error)
{
  static const guint gone[] = { 404, 0 };
  g_autofree char *path = NULL;
  g_autoptr (LwHttpResponse) response = NULL;
  LwAzureCall call = { 0 };

  g_return_val_if_fail (arm != NULL && lock_id != NULL, FALSE);

  path = lw_arm_dup_id_path (arm, lock_id, error);
  if (path == NULL)
    return FALSE;
  call = lw_arm_call (arm, "DELETE", path, LW_API_LOCKS);
  call.accept = gone;
  response = lw_azure_send (arm->azure, &call, cancellable, error);
  return response != NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Key vaults that were deleted and still hold their name. No state, any thread but the main one. */

#include "lw-arm-private.h"

#include "lw-api-versions.h"

void
lw_deleted_vault_free (LwDeletedVault *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->location);
  g_free (self->vault_id);
  g_free (self);
}

static gboolean
take_vault (LwJson item, gpointer user_data, GError **error)
{
  GPtrArray *vaults = user_data;
  LwJson properties = lw_json_member (item, "properties");
  const char *name = lw_json_need_string (item, "name", error);
  const char *location = name != NULL ? lw_json_need_string (properties, "location", error) : NULL;
  LwDeletedVault *vault = NULL;

  if (location == NULL)
    return FALSE;
  vault = g_new0 (LwDeletedVault, 1);
  vault->name = g_strdup (name);
  vault->location = g_strdup (location);
  vault->vault_id = g_strdup (lw_json_get_string (properties, "vaultId", ""));
  vault->purge_us = lw_json_get_time_us (properties, "scheduledPurgeDate");
  vault->purge_protected = lw_json_get_boolean (properties, "purgeProtectionEnabled", FALSE);
  g_ptr_array_add (vaults, vault);
  return TRUE;
}

GPtrArray *
lw_arm_list_deleted_vaults (const LwArm *arm, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) vaults
      = g_ptr_array_new_with_free_func ((GDestroyNotify) lw_deleted_vault_free);
  g_autofree char *path = NULL;
  LwAzureCall call = { 0 };

  g_return_val_if_fail (arm != NULL, NULL);

  path = lw_arm_dup_path (arm, NULL, "/providers/Microsoft.KeyVault/deletedVaults");
  call = lw_arm_call (arm, "GET", path, LW_API_KEY_VAULT);
  if (!lw_azure_list (arm->azure, &call, take_vault, vaults, cancellable, error))
    return NULL;
  return g_steal_pointer (&vaults);
}

gboolean
lw_arm_purge_vault (const LwArm *arm, const char *name, const char *location, gint64 deadline_us,
                    GCancellable *cancellable, GError **error)
{
  static const guint gone[] = { 404, 0 };
  g_autofree char *name_segment = NULL;
  g_autofree char *location_segment = NULL;
  g_autofree char *tail = NULL;
  g_autofree char *path = NULL;
  LwAzureCall call = { 0 };

  g_return_val_if_fail (arm != NULL, FALSE);
  g_return_val_if_fail (name != NULL && location != NULL, FALSE);

  name_segment = lw_azure_escape (name);
  location_segment = lw_azure_escape (location);
  tail = g_strconcat ("/providers/Microsoft.KeyVault/locations/", location_segment,
                      "/deletedVaults/", name_segment, "/purge", NULL);
  path = lw_arm_dup_path (arm, NULL, tail);
  call = lw_arm_call (arm, "POST", path, LW_API_KEY_VAULT);
  call.repeat_post = TRUE;
  call.accept = gone;
  return lw_lro_run (arm->azure, &call, deadline_us, NULL, NULL, cancellable, error);
}

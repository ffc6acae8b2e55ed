/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Deleting a lab's group, and proving that it is gone. State is on the stack of the calling thread;
 * what the cloud was asked to delete goes on without us. */

#include "lw-cleanup.h"

#include <string.h>

#include "lw-api-versions.h"
#include "lw-lab-error.h"

#define WORKSPACE_TYPE "Microsoft.MachineLearningServices/workspaces"

/* A workspace is gone in minutes; a group takes up to an hour when Resource Manager has to try
 * again what refused at first. */
#define PURGE_DEADLINE_US (40 * 60 * (gint64) G_TIME_SPAN_SECOND)
#define GROUP_DEADLINE_US (90 * 60 * (gint64) G_TIME_SPAN_SECOND)
#define VAULT_DEADLINE_US (10 * 60 * (gint64) G_TIME_SPAN_SECOND)

/* A workspace cannot go while a compute in it is still going. */
#define CONFLICT_WAIT_US (10 * (gint64) G_TIME_SPAN_SECOND)
#define MAX_CONFLICTS 30

typedef struct
{
  const LwArm *arm;
  const LwLabGroup *group;
  LwRecord *record; /* (nullable): only when the group is its own */
  LwCleanupFunc func;
  gpointer user_data;
  GCancellable *cancellable;
  LwCleanupPhase phase;
  gint64 started_us; /* monotonic */
} Deletion;

void
lw_proof_free (LwProof *self)
{
  if (self == NULL)
    return;
  g_free (self->group);
  g_clear_pointer (&self->left, g_ptr_array_unref);
  g_clear_pointer (&self->vaults, g_ptr_array_unref);
  g_free (self);
}

gboolean
lw_proof_is_clean (const LwProof *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->group_gone && self->left->len == 0;
}

/* ---- Proving ---- */

/* Resource ids are the same in any case of their letters. */
static gboolean
is_below_group (const char *id, const char *subscription_id, const char *group)
{
  g_autofree char *start
    = g_strconcat ("/subscriptions/", subscription_id, "/resourceGroups/", group, "/", NULL);

  return id != NULL && g_ascii_strncasecmp (id, start, strlen (start)) == 0;
}

typedef struct
{
  const LwArm *arm;
  const char *group;
  GPtrArray *left;
} LeftSearch;

static gboolean
add_left (LwJson item, gpointer user_data, GError **error)
{
  LeftSearch *search = user_data;
  const char *id = lw_json_need_string (item, "id", error);
  LwResource *resource;

  if (id == NULL)
    return FALSE;
  if (!is_below_group (id, search->arm->subscription_id, search->group))
    return TRUE;
  resource = g_new0 (LwResource, 1);
  resource->id = g_strdup (id);
  resource->name = g_strdup (lw_json_get_string (item, "name", ""));
  resource->type = g_strdup (lw_json_get_string (item, "type", ""));
  resource->location = g_strdup (lw_json_get_string (item, "location", ""));
  g_ptr_array_add (search->left, resource);
  return TRUE;
}

/* The list of the whole subscription (Resources_List 2024-03-01), as that of a group that is gone
 * can only say so. */
static gboolean
find_left (const LwArm *arm, LwProof *proof, GCancellable *cancellable, GError **error)
{
  g_autofree char *path
    = g_strconcat ("/subscriptions/", arm->subscription_id, "/resources", NULL);
  LeftSearch search = { arm, proof->group, proof->left };
  LwAzureCall call = { .service = LW_CLOUD_ARM,
                       .tenant_id = arm->tenant_id,
                       .method = "GET",
                       .path = path,
                       .api_version = LW_API_RESOURCES };

  return lw_azure_list (arm->azure, &call, add_left, &search, cancellable, error);
}

static gboolean
find_vaults (const LwArm *arm, LwProof *proof, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GPtrArray) vaults = lw_arm_list_deleted_vaults (arm, cancellable, &local);

  /* Often refused to students: then it is not known, and the proof says so. */
  if (vaults == NULL && lw_lab_error_is_answer (local))
    return TRUE;
  if (vaults == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  proof->vaults_told = TRUE;
  for (guint i = 0; i < vaults->len; i++)
    {
      LwDeletedVault *vault = g_ptr_array_index (vaults, i);

      if (!is_below_group (vault->vault_id, arm->subscription_id, proof->group))
        continue;
      g_ptr_array_add (proof->vaults, vault);
      g_ptr_array_index (vaults, i) = NULL;
    }
  return TRUE;
}

LwProof *
lw_cleanup_prove (const LwArm *arm, const char *group, GCancellable *cancellable, GError **error)
{
  g_autoptr (LwProof) proof = NULL;
  g_autoptr (LwGroup) found = NULL;
  g_autoptr (GError) local = NULL;

  g_return_val_if_fail (arm != NULL && group != NULL, NULL);

  proof = g_new0 (LwProof, 1);
  proof->group = g_strdup (group);
  proof->left = g_ptr_array_new_with_free_func ((GDestroyNotify) lw_resource_free);
  proof->vaults = g_ptr_array_new_with_free_func ((GDestroyNotify) lw_deleted_vault_free);
  proof->asked_us = lw_clock_get_now_us (lw_azure_get_clock (arm->azure));
  found = lw_arm_get_group (arm, group, cancellable, &local);
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  proof->group_gone = found == NULL;
  if (!find_left (arm, proof, cancellable, error) || !find_vaults (arm, proof, cancellable, error))
    return NULL;
  return g_steal_pointer (&proof);
}

/* ---- Before anything is deleted ---- */

static gboolean
check_locks (Deletion *self, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GPtrArray) locks
    = lw_arm_list_locks (self->arm, self->group->group->name, self->cancellable, &local);

  /* Not to know is no reason to stop: the deletion itself will say it. */
  if (locks == NULL && lw_lab_error_is_answer (local))
    return TRUE;
  if (locks == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (locks->len == 0)
    return TRUE;
  g_set_error_literal (error, LW_LAB_ERROR, LW_LAB_ERROR_LOCKED,
                       ((LwLock *) g_ptr_array_index (locks, 0))->name);
  return FALSE;
}

static gboolean
was_shown (Deletion *self, const LwResource *resource)
{
  for (guint i = 0; i < self->group->resources->len; i++)
    {
      const LwResource *shown = g_ptr_array_index (self->group->resources, i);

      if (g_ascii_strcasecmp (shown->id, resource->id) == 0)
        return TRUE;
    }
  return FALSE;
}

/* Returns: (transfer full) (nullable): what the group holds now, nothing of which is new; an empty
 * list for a group that is gone */
static GPtrArray *
list_as_shown (Deletion *self, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GPtrArray) resources
    = lw_arm_list_resources (self->arm, self->group->group->name, self->cancellable, &local);

  if (resources == NULL && g_error_matches (local, LW_AZURE_ERROR, LW_AZURE_ERROR_NOT_FOUND))
    return g_ptr_array_new_with_free_func ((GDestroyNotify) lw_resource_free);
  if (resources == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  for (guint i = 0; i < resources->len; i++)
    {
      const LwResource *resource = g_ptr_array_index (resources, i);

      if (was_shown (self, resource))
        continue;
      g_set_error_literal (error, LW_LAB_ERROR, LW_LAB_ERROR_GROUP_CHANGED, resource->name);
      return NULL;
    }
  return g_steal_pointer (&resources);
}

/* ---- Deleting ---- */

static void
tell (Deletion *self, LwCleanupPhase phase, const char *detail)
{
  LwClock *clock = lw_azure_get_clock (self->arm->azure);

  self->phase = phase;
  if (self->func != NULL)
    self->func (phase, detail, lw_clock_get_monotonic_us (clock) - self->started_us,
                self->user_data);
}

static void
progress_cb (const char *status, gint64 elapsed_us, gpointer user_data)
{
  Deletion *self = user_data;

  tell (self, self->phase, status);
}

static gboolean
purge_workspace (Deletion *self, const LwResource *workspace, GError **error)
{
  for (guint tries = 0;; tries++)
    {
      g_autoptr (GError) local = NULL;

      tell (self, LW_CLEANUP_PURGING_WORKSPACE, workspace->name);
      if (lw_arm_delete_resource (self->arm, workspace->id, LW_API_ML, "forceToPurge=true",
                                  PURGE_DEADLINE_US, progress_cb, self, self->cancellable, &local))
        return TRUE;
      if (tries >= MAX_CONFLICTS
          || !g_error_matches (local, LW_AZURE_ERROR, LW_AZURE_ERROR_CONFLICT))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
      if (!lw_clock_wait (lw_azure_get_clock (self->arm->azure), CONFLICT_WAIT_US,
                          self->cancellable, error))
        return FALSE;
    }
}

static gboolean
purge_workspaces (Deletion *self, GPtrArray *resources, GError **error)
{
  for (guint i = 0; i < resources->len; i++)
    {
      const LwResource *resource = g_ptr_array_index (resources, i);

      if (g_ascii_strcasecmp (resource->type, WORKSPACE_TYPE) == 0
          && !purge_workspace (self, resource, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
save_moment (Deletion *self, const char *key, GError **error)
{
  if (self->record == NULL || lw_record_get_time (self->record, key) != 0)
    return TRUE;
  return lw_record_set_time (self->record, key,
                             lw_clock_get_now_us (lw_azure_get_clock (self->arm->azure)), error);
}

static LwProof *
delete_all (Deletion *self, GError **error)
{
  const char *name = self->group->group->name;
  g_autoptr (LwProof) proof = NULL;
  g_autoptr (GPtrArray) resources = NULL;

  if (!check_locks (self, error))
    return NULL;
  resources = list_as_shown (self, error);
  if (resources == NULL || !save_moment (self, LW_RECORD_DELETE_STARTED, error)
      || !purge_workspaces (self, resources, error))
    return NULL;
  tell (self, LW_CLEANUP_DELETING_GROUP, NULL);
  if (!lw_arm_delete_group (self->arm, name, GROUP_DEADLINE_US, progress_cb, self,
                            self->cancellable, error))
    return NULL;
  tell (self, LW_CLEANUP_PROVING, NULL);
  proof = lw_cleanup_prove (self->arm, name, self->cancellable, error);
  if (proof == NULL)
    return NULL;
  if (lw_proof_is_clean (proof) && !save_moment (self, LW_RECORD_DELETE_PROVED, error))
    return NULL;
  tell (self, LW_CLEANUP_DONE, NULL);
  return g_steal_pointer (&proof);
}

LwProof *
lw_cleanup_delete (const LwArm *arm, const LwLabGroup *group, const char *typed_name,
                   LwRecord *record, LwCleanupFunc func, gpointer user_data,
                   GCancellable *cancellable, GError **error)
{
  Deletion self = { .arm = arm,
                    .group = group,
                    .func = func,
                    .user_data = user_data,
                    .cancellable = cancellable };

  g_return_val_if_fail (arm != NULL && group != NULL, NULL);

  if (g_strcmp0 (typed_name, group->group->name) != 0)
    {
      g_set_error_literal (error, LW_LAB_ERROR, LW_LAB_ERROR_NOT_CONFIRMED, group->group->name);
      return NULL;
    }
  self.record = group->ours ? record : NULL;
  self.started_us = lw_clock_get_monotonic_us (lw_azure_get_clock (arm->azure));
  return delete_all (&self, error);
}

gboolean
lw_cleanup_purge_vaults (const LwArm *arm, LwProof *proof, GCancellable *cancellable,
                         GError **error)
{
  guint i = 0;

  g_return_val_if_fail (arm != NULL && proof != NULL, FALSE);

  while (i < proof->vaults->len)
    {
      const LwDeletedVault *vault = g_ptr_array_index (proof->vaults, i);

      if (vault->purge_protected)
        {
          i++;
          continue;
        }
      if (!lw_arm_purge_vault (arm, vault->name, vault->location, VAULT_DEADLINE_US, cancellable,
                               error))
        return FALSE;
      g_ptr_array_remove_index (proof->vaults, i);
    }
  return TRUE;
}

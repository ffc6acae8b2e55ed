/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Finding every group of a lab, with what is in it and what it costs. State is on the stack of the
 * calling thread. */

#include <string.h>

#include "lw-cleanup.h"
#include "lw-cost.h"
#include "lw-lab-error.h"
#include "lw-plan.h"

#define WORKSPACE_TYPE "Microsoft.MachineLearningServices/workspaces"

typedef struct
{
  const LwArm *arm;
  GHashTable *sizes; /* owned: region to (nullable) array of LwVmSize */
  GCancellable *cancellable;
} Search;

void
lw_lab_group_free (LwLabGroup *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->group, lw_group_free);
  g_clear_pointer (&self->resources, g_ptr_array_unref);
  g_clear_pointer (&self->computes, g_ptr_array_unref);
  g_clear_pointer (&self->locks, g_ptr_array_unref);
  g_free (self);
}

/* What one service would not tell (a group that goes at this very moment, a right that is missing)
 * must not hide all the others. Takes @items and @failure; Returns: (transfer full) (nullable):
 * what to go on with */
static GPtrArray *
take_answer (GPtrArray *items, GError *failure, GError **error)
{
  if (items != NULL)
    return items;
  if (!lw_lab_error_is_answer (failure))
    {
      g_propagate_error (error, failure);
      return NULL;
    }
  g_error_free (failure);
  return g_ptr_array_new ();
}

static gboolean
is_lab_group (const LwGroup *group, const char *prefix)
{
  gsize length = strlen (prefix);

  return (length > 0 && g_ascii_strncasecmp (group->name, prefix, length) == 0)
         || g_hash_table_contains (group->tags, LW_PLAN_TAG_LAB);
}

static gboolean
add_computes (Search *self, LwLabGroup *found, const LwResource *workspace, GError **error)
{
  LwMl ml = { *self->arm, found->group->name, workspace->name };
  GError *failure = NULL;
  GPtrArray *computes = lw_ml_list_computes (&ml, self->cancellable, &failure);

  computes = take_answer (computes, failure, error);
  if (computes == NULL)
    return FALSE;
  g_ptr_array_extend_and_steal (found->computes, computes);
  return TRUE;
}

static gboolean
look_into_resources (Search *self, LwLabGroup *found, GError **error)
{
  for (guint i = 0; i < found->resources->len; i++)
    {
      const LwResource *resource = g_ptr_array_index (found->resources, i);

      if (resource->created_us != 0
          && (found->created_us == 0 || resource->created_us < found->created_us))
        found->created_us = resource->created_us;
      if (g_ascii_strcasecmp (resource->type, WORKSPACE_TYPE) == 0
          && !add_computes (self, found, resource, error))
        return FALSE;
    }
  return TRUE;
}

/* Returns: (transfer none) (nullable): %NULL with @error; an empty array when not told */
static GPtrArray *
get_sizes (Search *self, const char *region, GError **error)
{
  GPtrArray *sizes = g_hash_table_lookup (self->sizes, region);
  GError *failure = NULL;

  if (sizes != NULL)
    return sizes;
  sizes = lw_ml_list_vm_sizes (self->arm, region, self->cancellable, &failure);
  sizes = take_answer (sizes, failure, error);
  if (sizes != NULL)
    g_hash_table_insert (self->sizes, g_strdup (region), sizes);
  return sizes;
}

static gboolean
find_price (Search *self, LwLabGroup *found, GError **error)
{
  g_autoptr (LwCost) cost = NULL;
  GPtrArray *sizes;

  if (found->computes->len == 0)
    return TRUE;
  sizes = get_sizes (self, found->group->location, error);
  if (sizes == NULL)
    return FALSE;
  cost = lw_cost_new (found->computes, sizes, NULL, 0);
  found->price_per_hour = cost->is_complete ? cost->per_hour : -1;
  return TRUE;
}

static gboolean
look_into_group (Search *self, LwLabGroup *found, GError **error)
{
  const char *name = found->group->name;
  GError *failure = NULL;

  found->resources = lw_arm_list_resources (self->arm, name, self->cancellable, &failure);
  found->resources = take_answer (found->resources, failure, error);
  if (found->resources == NULL)
    return FALSE;
  failure = NULL;
  found->locks = lw_arm_list_locks (self->arm, name, self->cancellable, &failure);
  found->locks = take_answer (found->locks, failure, error);
  return found->locks != NULL && look_into_resources (self, found, error)
         && find_price (self, found, error);
}

static gboolean
is_ours (const LwGroup *group, LwRecord *record)
{
  g_autofree char *name = record != NULL ? lw_record_dup (record, LW_RECORD_GROUP) : NULL;

  return name != NULL && g_ascii_strcasecmp (group->name, name) == 0;
}

GPtrArray *
lw_cleanup_list (const LwArm *arm, const char *prefix, LwRecord *record, GCancellable *cancellable,
                 GError **error)
{
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GPtrArray) groups = NULL;
  g_autoptr (GHashTable) sizes = NULL;
  Search search = { .arm = arm, .cancellable = cancellable };

  g_return_val_if_fail (arm != NULL && prefix != NULL, NULL);

  all = g_ptr_array_new_with_free_func ((GDestroyNotify) lw_lab_group_free);
  sizes
    = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  search.sizes = sizes;
  groups = lw_arm_list_groups (arm, cancellable, error);
  for (guint i = 0; groups != NULL && i < groups->len; i++)
    {
      LwLabGroup *found;

      if (!is_lab_group (g_ptr_array_index (groups, i), prefix))
        continue;
      found = g_new0 (LwLabGroup, 1);
      g_ptr_array_add (all, found);
      found->group = g_steal_pointer (&g_ptr_array_index (groups, i));
      found->computes = g_ptr_array_new_with_free_func ((GDestroyNotify) lw_compute_free);
      found->ours = is_ours (found->group, record);
      if (!look_into_group (&search, found, error))
        return NULL;
    }
  return groups != NULL ? g_steal_pointer (&all) : NULL;
}

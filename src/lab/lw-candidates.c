/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which size of a region will do, decided from what the services told. Pure; any thread. */

#include "lw-candidates.h"

#include <string.h>

#define NO_LIMIT G_MAXINT64

void
lw_candidate_free (LwCandidate *self)
{
  if (self == NULL)
    return;
  g_free (self->region);
  g_free (self->vm_size);
  g_free (self);
}

static LwCandidate *
add_candidate (GPtrArray *candidates, const char *region, const char *vm_size,
               LwRejectReason reason)
{
  LwCandidate *candidate = g_new0 (LwCandidate, 1);

  candidate->region = g_strdup (region);
  candidate->vm_size = g_strdup (vm_size);
  candidate->reason = reason;
  candidate->free_cores = -1;
  candidate->price_per_hour = -1;
  g_ptr_array_add (candidates, candidate);
  return candidate;
}

void
lw_candidates_reject_region (GPtrArray *candidates, const char *region, LwRejectReason reason)
{
  g_return_if_fail (candidates != NULL && region != NULL);

  add_candidate (candidates, region, NULL, reason);
}

gboolean
lw_candidates_is_excluded (const char *const *excluded, const char *region, const char *vm_size)
{
  g_return_val_if_fail (region != NULL, FALSE);

  for (; excluded != NULL && *excluded != NULL; excluded++)
    {
      const char *slash = strchr (*excluded, '/');
      gsize length = slash != NULL ? (gsize) (slash - *excluded) : strlen (*excluded);

      if (strlen (region) != length || g_ascii_strncasecmp (*excluded, region, length) != 0)
        continue;
      if (slash == NULL ? vm_size == NULL
                        : vm_size != NULL && g_ascii_strcasecmp (slash + 1, vm_size) == 0)
        return TRUE;
    }
  return FALSE;
}

static const LwVmSize *
find_size (GPtrArray *sizes, const char *name)
{
  for (guint i = 0; i < sizes->len; i++)
    {
      const LwVmSize *size = g_ptr_array_index (sizes, i);

      if (g_ascii_strcasecmp (size->name, name) == 0)
        return size;
    }
  return NULL;
}

static gint64
get_free (const LwUsage *usage)
{
  if (usage == NULL || usage->limit < 0)
    return NO_LIMIT;
  return MAX (usage->limit - usage->current, 0);
}

/* What the rows for the family and for the region as a whole leave. */
static gint64
get_free_cores (GPtrArray *usages, const char *family)
{
  if (usages == NULL)
    return NO_LIMIT;
  return MIN (get_free (lw_ml_find_family_usage (usages, family)),
              get_free (lw_ml_find_total_usage (usages)));
}

static void
judge (LwCandidate *candidate, LwLab *lab, const LwRegionOffer *offer, const LwVmSize *size)
{
  gint64 free_ml = get_free_cores (offer->ml_usages, size->family);
  gint64 free_vm = get_free_cores (offer->vm_usages, size->family);
  gint64 free_cores = MIN (free_ml, free_vm);
  int nodes = lw_lab_get_max_nodes (lab);
  int fewest = lw_lab_get_fewest_nodes (lab);

  while (nodes > fewest && free_cores < size->vcpus * (1 + (gint64) nodes))
    nodes--;
  candidate->needed = size->vcpus * (1 + (gint64) nodes);
  candidate->free_cores = free_cores == NO_LIMIT ? -1 : free_cores;
  candidate->price_per_hour = size->price_per_hour;
  if (free_cores >= candidate->needed)
    candidate->max_nodes = nodes;
  else
    candidate->reason = free_ml <= free_vm ? LW_REJECT_ML_QUOTA : LW_REJECT_VM_QUOTA;
}

LwCandidate *
lw_candidates_choose (LwLab *lab, const LwRegionOffer *offer, const char *const *sizes,
                      const char *const *excluded, GPtrArray *candidates)
{
  LwCandidate *best = NULL;

  g_return_val_if_fail (lab != NULL && offer != NULL && sizes != NULL && candidates != NULL, NULL);

  for (; *sizes != NULL && (best == NULL || best->max_nodes < lw_lab_get_max_nodes (lab)); sizes++)
    {
      const LwVmSize *size = find_size (offer->sizes, *sizes);
      LwCandidate *candidate = add_candidate (candidates, offer->region, *sizes, LW_REJECT_NONE);

      if (lw_candidates_is_excluded (excluded, offer->region, *sizes))
        candidate->reason = LW_REJECT_REFUSED;
      else if (size == NULL || !size->for_instance || !size->for_cluster || size->vcpus < 1)
        candidate->reason = LW_REJECT_SIZE_NOT_OFFERED;
      else
        judge (candidate, lab, offer, size);
      if (candidate->reason == LW_REJECT_NONE
          && (best == NULL || candidate->max_nodes > best->max_nodes))
        best = candidate;
    }
  if (best != NULL)
    best->chosen = TRUE;
  return best;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The part of the preflight that asks region after region what it offers, nearest first, until one
 * will do. No single answer of Azure says "this will work here", so all of them are asked. */

#include "lw-candidates.h"
#include "lw-lab-error.h"
#include "lw-policy.h"
#include "lw-preflight-private.h"

static gboolean
has_region (GPtrArray *regions, const char *region)
{
  for (guint i = 0; i < regions->len; i++)
    if (g_ascii_strcasecmp (g_ptr_array_index (regions, i), region) == 0)
      return TRUE;
  return FALSE;
}

/* Returns: (nullable): %NULL with @error unset when the service would not tell */
static GPtrArray *
keep_answer (GPtrArray *items, GError *failure, GError **error)
{
  if (items == NULL && !lw_lab_error_is_answer (failure))
    g_propagate_error (error, g_steal_pointer (&failure));
  g_clear_error (&failure);
  return items;
}

static gboolean
look_at_region (LwPreflight *self, const char *region, const char *const *sizes, GError **error)
{
  const LwPreflightRequest *request = self->request;
  g_autoptr (GPtrArray) offered = NULL;
  g_autoptr (GPtrArray) ml_usages = NULL;
  g_autoptr (GPtrArray) vm_usages = NULL;
  LwRegionOffer offer = { .region = region };
  GError *failure = NULL;
  GError *stop = NULL;

  offered = lw_ml_list_vm_sizes (&request->arm, region, self->cancellable, &failure);
  offered = keep_answer (offered, g_steal_pointer (&failure), &stop);
  if (offered != NULL)
    {
      ml_usages = lw_ml_list_usages (&request->arm, region, self->cancellable, &failure);
      ml_usages = keep_answer (ml_usages, g_steal_pointer (&failure), &stop);
    }
  if (ml_usages != NULL)
    {
      vm_usages = lw_ml_list_vm_usages (&request->arm, region, self->cancellable, &failure);
      vm_usages = keep_answer (vm_usages, g_steal_pointer (&failure), &stop);
    }
  if (stop != NULL)
    {
      g_propagate_error (error, stop);
      return FALSE;
    }
  if (ml_usages == NULL)
    {
      lw_candidates_reject_region (self->candidates, region, LW_REJECT_ERROR);
      return TRUE;
    }
  offer.sizes = offered;
  offer.ml_usages = ml_usages;
  offer.vm_usages = vm_usages;
  self->chosen
    = lw_candidates_choose (request->lab, &offer, sizes, request->excluded, self->candidates);
  return TRUE;
}

/* Returns: %LW_REJECT_NONE when the region is worth its questions */
static LwRejectReason
judge_region (LwPreflight *self, const char *region, GPtrArray *allowed)
{
  if (lw_candidates_is_excluded (self->request->excluded, region, NULL))
    return LW_REJECT_REFUSED;
  if (allowed != NULL && !has_region (allowed, region))
    return LW_REJECT_REGION_POLICY;
  if (self->regions_of_service != NULL && self->regions_of_service->len > 0
      && !has_region (self->regions_of_service, region))
    return LW_REJECT_REGION_NOT_OFFERED;
  return LW_REJECT_NONE;
}

static gboolean
look_at_regions (LwPreflight *self, GPtrArray *allowed, GError **error)
{
  const LwPreflightRequest *request = self->request;
  const char *const fixed_region[] = { request->region, NULL };
  const char *const fixed_size[] = { request->vm_size, NULL };
  const char *const *regions = request->region != NULL
                                 ? fixed_region
                                 : lw_lab_get_regions (request->lab, request->locale);
  const char *const *sizes
    = request->vm_size != NULL ? fixed_size : lw_lab_get_vm_sizes (request->lab);

  for (; *regions != NULL && self->chosen == NULL; regions++)
    {
      LwRejectReason reason = judge_region (self, *regions, allowed);

      lw_preflight_tell (self, LW_CHECK_REGION, LW_CHECK_RUNNING, *regions, NULL);
      if (reason != LW_REJECT_NONE)
        lw_candidates_reject_region (self->candidates, *regions, reason);
      else if (!look_at_region (self, *regions, sizes, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
lw_preflight_check_region (LwPreflight *self, GError **error)
{
  g_autoptr (GPtrArray) allowed = NULL;
  g_autoptr (GError) failure = NULL;

  if (!lw_policy_list_regions (&self->request->arm, &allowed, self->cancellable, &failure)
      && !lw_lab_error_is_answer (failure))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  if (!look_at_regions (self, allowed, error))
    return FALSE;
  if (self->chosen == NULL)
    {
      g_set_error_literal (error, LW_LAB_ERROR, LW_LAB_ERROR_NO_CANDIDATE,
                           self->request->region != NULL ? self->request->region
                                                         : lw_lab_get_id (self->request->lab));
      return FALSE;
    }
  lw_preflight_tell (self, LW_CHECK_REGION,
                     self->chosen->max_nodes < lw_lab_get_max_nodes (self->request->lab)
                       ? LW_CHECK_WARNING
                       : LW_CHECK_OK,
                     self->chosen->region, NULL);
  return TRUE;
}

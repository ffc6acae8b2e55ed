/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-preflight.h"

G_BEGIN_DECLS

/**
 * LwRegionOffer: what the services tell about one region; all borrowed
 * @sizes: (element-type LwVmSize)
 * @ml_usages: (element-type LwUsage): quota of Azure Machine Learning
 * @vm_usages: (nullable) (element-type LwUsage): quota of Microsoft.Compute; %NULL when not told
 */
typedef struct
{
  const char *region;
  GPtrArray *sizes;
  GPtrArray *ml_usages;
  GPtrArray *vm_usages;
} LwRegionOffer;

/** lw_candidates_is_excluded: @vm_size: (nullable): %NULL asks for the whole region */
gboolean lw_candidates_is_excluded (const char *const *excluded, const char *region,
                                    const char *vm_size);

/** lw_candidates_reject_region: appends a candidate for the whole of @region */
void lw_candidates_reject_region (GPtrArray *candidates, const char *region,
                                  LwRejectReason reason);

/**
 * lw_candidates_choose:
 * @sizes: names of sizes, in the order in which they are tried
 * @candidates: (element-type LwCandidate): what is looked at is appended, up to the chosen one
 *
 * One machine is the instance, the others are nodes. The first size that fits with all nodes of the
 * lab is chosen, else the first that fits with fewer. A quota that is not told does not limit: the
 * create call will judge.
 *
 * Returns: (transfer none) (nullable): the chosen candidate, in @candidates
 */
LwCandidate *lw_candidates_choose (LwLab *lab, const LwRegionOffer *offer,
                                   const char *const *sizes, const char *const *excluded,
                                   GPtrArray *candidates);

G_END_DECLS

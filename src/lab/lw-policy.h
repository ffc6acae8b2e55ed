/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-arm.h"

G_BEGIN_DECLS

/**
 * lw_policy_list_regions:
 * @regions: (out) (transfer full) (nullable) (element-type utf8): names of regions that the
 *   policies of the subscription allow; %NULL when none of them limits the regions
 *
 * Student and class subscriptions carry an assigned policy with the list of the regions that may be
 * used (PolicyAssignments_List 2022-06-01, parameter listOfAllowedLocations). Only what a person
 * may read is told, so that an absent limit proves nothing.
 */
gboolean lw_policy_list_regions (const LwArm *arm, GPtrArray **regions, GCancellable *cancellable,
                                 GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lwp-ml.h"
#include "lwp-vm-sizes.h"

G_BEGIN_DECLS

/**
 * lwp_ml_quota_register:
 *
 * Plays sizes, usages and quotas of a region: VirtualMachineSizes_List, Usages_List and Quotas_List
 * of Azure Machine Learning 2024-04-01, and Usage_List of Microsoft.Compute 2024-03-01.
 */
gboolean lwp_ml_quota_register (LwpCloud *cloud, GError **error);

/**
 * lwp_ml_quota_get_left:
 * @subscription: id of the subscription
 * @location: region
 *
 * Returns: how many vCPUs of @size's family may still be started: what is left of the family's
 *   quota or of the region's, whichever is less; never below 0
 */
guint lwp_ml_quota_get_left (LwpCloud *cloud, const char *subscription, const char *location,
                             const LwpVmSize *size);

/** lwp_ml_quota_get_limit: Returns: the same of an empty region */
guint lwp_ml_quota_get_limit (const LwpVmSize *size);

G_END_DECLS

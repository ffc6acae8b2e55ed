/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lwp-resource.h"

G_BEGIN_DECLS

#define LWP_ARM_HOST "management.azure.com"

/* Tenants, subscriptions, locations, permissions, /metadata/endpoints. */
gboolean lwp_arm_account_register (LwpCloud *cloud, GError **error);

G_END_DECLS

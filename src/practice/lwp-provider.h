/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lwp-cloud.h"

G_BEGIN_DECLS

/**
 * lwp_provider_get_state:
 * @subscription: id of a subscription
 * @name: namespace, without regard to case
 *
 * Returns: (nullable): "NotRegistered", "Registering", "Registered" or "Unregistering"; %NULL when
 *   there is no such resource provider
 */
const char *lwp_provider_get_state (LwpCloud *cloud, const char *subscription, const char *name);

/**
 * lwp_provider_register_now:
 *
 * Registers a provider as a template deployment does for a caller who may.
 */
void lwp_provider_register_now (LwpCloud *cloud, const char *subscription, const char *name);

/** lwp_provider_dup_spelling: Returns: (transfer full): @name as Azure spells it */
char *lwp_provider_dup_spelling (const char *name);

G_END_DECLS

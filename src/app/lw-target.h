/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-ml.h"

G_BEGIN_DECLS

/**
 * LwTarget:
 *
 * Where calls go, with everything they borrow held alive: the signed-in account, tenant,
 * subscription and, once named, the lab's group and workspace. The session makes a new one when any
 * of them changes; a worker keeps the one it began with. Immutable, reference counted, any thread.
 */
typedef struct _LwTarget LwTarget;

/** lw_target_new: @group, @workspace: (nullable): both or none */
LwTarget *lw_target_new (LwAzure *azure, const char *tenant_id, const char *subscription_id,
                         const char *group, const char *workspace);
LwTarget *lw_target_ref (LwTarget *self);
void lw_target_unref (LwTarget *self);

/** lw_target_equals: Returns: %TRUE when lw_target_new() of these would be the same */
gboolean lw_target_equals (LwTarget *self, LwAzure *azure, const char *tenant_id,
                           const char *subscription_id, const char *group,
                           const char *workspace);

/** lw_target_get_arm: Returns: the subscription */
const LwArm *lw_target_get_arm (LwTarget *self);

/** lw_target_get_ml: Returns: (nullable): the workspace, %NULL before the record names one */
const LwMl *lw_target_get_ml (LwTarget *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwTarget, lw_target_unref)

G_END_DECLS

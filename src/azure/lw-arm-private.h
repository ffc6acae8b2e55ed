/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-arm.h"

G_BEGIN_DECLS

/* What the calls to Resource Manager have in common; private to src/azure. */

/** lw_arm_call: a call with the tenant's token; @path is borrowed */
LwAzureCall lw_arm_call (const LwArm *arm, const char *method, const char *path,
                         const char *api_version);

/**
 * lw_arm_dup_path:
 * @group: (nullable): a resource group, percent-encoded here
 * @tail: (nullable): what follows, percent-encoded already, from "/" on
 *
 * Returns: (transfer full): path below the subscription
 */
char *lw_arm_dup_path (const LwArm *arm, const char *group, const char *tail);

/**
 * lw_arm_dup_id_path:
 *
 * Returns: (transfer full): @id as a path, percent-encoded; %NULL with %LW_ERROR_MALFORMED when it
 *   is no id of something in the subscription
 */
char *lw_arm_dup_id_path (const LwArm *arm, const char *id, GError **error);

G_END_DECLS

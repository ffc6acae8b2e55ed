/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lwp-ml.h"

G_BEGIN_DECLS

/**
 * lwp_computes_register:
 *
 * Plays compute instances and clusters (Computes_* 2024-04-01, updateIdleShutdownSetting
 * 2025-12-01).
 */
gboolean lwp_computes_register (LwpCloud *cloud, GError **error);

/** lwp_computes_is_instance: Returns: whether it is a compute instance, not a cluster */
gboolean lwp_computes_is_instance (const LwpResource *compute);

/**
 * lwp_computes_get_instance_state:
 *
 * Returns: "Creating", "Running", "Stopping", "Stopped", "Starting", "Restarting" or "Deleting"
 */
const char *lwp_computes_get_instance_state (LwpCloud *cloud, const LwpResource *instance);

/* lwp-compute-json.c */

/** lwp_computes_to_json: Returns: (transfer full): the compute as GET answers it */
JsonObject *lwp_computes_to_json (LwpCloud *cloud, LwpResource *compute);

G_END_DECLS

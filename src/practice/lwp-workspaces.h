/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lwp-cloud.h"

G_BEGIN_DECLS

/**
 * lwp_workspaces_register:
 *
 * Plays the workspaces of Azure Machine Learning (Workspaces_* 2024-04-01) and the status URLs of
 * their operations and of those of computes. A deleted workspace that was not purged keeps its name
 * for 14 days.
 */
gboolean lwp_workspaces_register (LwpCloud *cloud, GError **error);

G_END_DECLS

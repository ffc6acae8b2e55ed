/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lwp-ml.h"

G_BEGIN_DECLS

/**
 * lwp_environments_register:
 *
 * Plays environments (EnvironmentContainers_*, EnvironmentVersions_* 2024-04-01): the curated ones
 * of the practice cloud, and versions that somebody made in a workspace. All of them are played by
 * the Python of this computer.
 */
gboolean lwp_environments_register (LwpCloud *cloud, GError **error);

/**
 * lwp_environments_resolve:
 * @reference: "azureml:NAME@latest", "azureml:NAME:VERSION", an ARM id, or
 *   "azureml://registries/azureml/environments/NAME/versions/VERSION" (or "labels/latest")
 * @name: (out) (transfer full): name, for a curated one with its prefix "AzureML-"
 * @version: (out) (transfer full): version
 *
 * Returns: whether there is such an environment
 */
gboolean lwp_environments_resolve (LwpCloud *cloud, const LwpResource *workspace,
                                   const char *reference, char **name, char **version);

/**
 * lwp_environments_dup_asset_id:
 *
 * Returns: (transfer full): what the run history calls a resolved environment: its place in the
 *   registry, or for one of the workspace its ARM id
 */
char *lwp_environments_dup_asset_id (const LwpResource *workspace, const char *name,
                                     const char *version);

G_END_DECLS

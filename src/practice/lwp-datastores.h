/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lwp-ml.h"

G_BEGIN_DECLS

/**
 * lwp_datastores_register:
 *
 * Plays the four datastores that every workspace is born with (Datastores_* 2024-04-01), and
 * listSecrets, which gives the key of the storage account.
 */
gboolean lwp_datastores_register (LwpCloud *cloud, GError **error);

/**
 * lwp_datastores_resolve:
 * @uri: "azureml://datastores/{name}/paths/{path}", also without "paths/" and in its long form
 *   with subscription, group and workspace
 * @container: (out) (transfer full): container of the workspace's storage account
 * @path: (out) (transfer full): name or prefix within it
 *
 * Returns: %FALSE when @uri is not one or its datastore is not a blob container
 */
gboolean lwp_datastores_resolve (const LwpResource *workspace, const char *uri, char **container,
                                 char **path);

G_END_DECLS

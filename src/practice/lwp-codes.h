/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lwp-ml.h"

G_BEGIN_DECLS

/**
 * lwp_codes_register:
 *
 * Plays code assets (CodeVersions_* 2024-04-01): versions, the look-up by hash, and
 * startPendingUpload, which makes a container for the asset and signs for it.
 */
gboolean lwp_codes_register (LwpCloud *cloud, GError **error);

/**
 * LwpCodePlace:
 * @account: storage account, lower case
 * @container: container
 * @prefix: names of its blobs begin with this; "" or ending in a slash
 *
 * Where the files of a code asset are.
 */
typedef struct
{
  char *account;
  char *container;
  char *prefix;
} LwpCodePlace;

void lwp_code_place_free (LwpCodePlace *place);

/**
 * lwp_codes_find_place:
 * @uri: a codeUri: "https://{account}.blob.core.windows.net[:443]/{container}/{prefix}"
 *
 * Returns: (transfer full) (nullable): the place, or %NULL when @uri is not such an address
 */
LwpCodePlace *lwp_codes_find_place (const char *uri);

/**
 * lwp_codes_load_snapshot:
 * @snapshot: a ContentSnapshotId, or the ARM id of a code version
 *
 * Returns: (transfer full) (nullable): the code version
 */
LwpResource *lwp_codes_load_snapshot (LwpCloud *cloud, const LwpResource *workspace,
                                      const char *snapshot);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwpCodePlace, lwp_code_place_free)

G_END_DECLS

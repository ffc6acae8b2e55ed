/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-arm.h"

G_BEGIN_DECLS

/* Who signed in last to each cloud, and the subscription they worked in: names and ids in a small key
 * file, no secret in it. Calls block; any thread, one at a time. */

/**
 * lw_account_file_load:
 * @subscription: (out) (nullable): the one last chosen; its state is not known until it is asked
 *
 * Returns: (transfer full) (nullable): the account last used in @cloud_id
 */
LwAccountInfo *lw_account_file_load (GFile *folder, const char *cloud_id,
                                     LwSubscription **subscription);

/** lw_account_file_save: @info: (nullable): %NULL forgets the account of @cloud_id;
 *   @subscription: (nullable) */
gboolean lw_account_file_save (GFile *folder, const char *cloud_id, const LwAccountInfo *info,
                               const LwSubscription *subscription, GError **error);

G_END_DECLS

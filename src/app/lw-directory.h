/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-arm.h"

G_BEGIN_DECLS

/* Tenants asked for their subscriptions; nobody who follows a lab is a member of more. */
#define LW_DIRECTORY_MAX_TENANTS 50

/**
 * LwDirectory: where the signed-in account may work
 * @tenants: (element-type LwTenant)
 * @subscriptions: (element-type LwSubscription): of all tenants that answered, the home tenant first
 * @closed: (element-type utf8): names of tenants that ask for a sign-in of their own
 */
typedef struct
{
  GPtrArray *tenants;
  GPtrArray *subscriptions;
  GPtrArray *closed;
} LwDirectory;

/** lw_directory_load: a #LwPoolFunc over an #LwAzure. Returns: (transfer full): #LwDirectory; %NULL
 *   with the error of the first tenant when none answered */
gpointer lw_directory_load (gpointer azure, GCancellable *cancellable, GError **error);
void lw_directory_free (LwDirectory *self);

/** lw_directory_find: Returns: (transfer none) (nullable): the subscription @id */
const LwSubscription *lw_directory_find (const LwDirectory *self, const char *id);

/** lw_directory_get_tenant_name: Returns: what people call the tenant @id */
const char *lw_directory_get_tenant_name (const LwDirectory *self, const char *id);

/** lw_directory_is_usable: Returns: %TRUE when the subscription takes changes */
gboolean lw_directory_is_usable (const LwSubscription *subscription);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwDirectory, lw_directory_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LwpTenant:
 *
 * A directory of the practice cloud. The first one is the home of every account.
 */
typedef struct
{
  const char *id;
  const char *display_name;
  const char *domain;
} LwpTenant;

/**
 * LwpAccount:
 * @object: object id
 * @name: as shown, in both languages
 *
 * Somebody who can sign in.
 */
typedef struct
{
  const char *object;
  const char *name;
  const char *sign_in_name;
} LwpAccount;

/**
 * LwpSubscription:
 *
 * A subscription; everybody in its tenant owns it.
 */
typedef struct
{
  const char *id;
  const char *tenant;
  const char *display_name;
  const char *quota_id;
  const char *spending_limit;
} LwpSubscription;

/* All tables are constant: who and what there is does not change while one practises. */

const LwpTenant *lwp_directory_get_tenants (gsize *n_tenants);
const LwpSubscription *lwp_directory_get_subscriptions (gsize *n_subscriptions);

/**
 * lwp_directory_find_tenant:
 * @name: an id or domain of a tenant; or "organizations" or "common", which mean the home tenant
 *
 * Returns: (nullable): the tenant
 */
const LwpTenant *lwp_directory_find_tenant (const char *name);

/** lwp_directory_is_any_tenant: Returns: whether @name is "organizations" or "common" */
gboolean lwp_directory_is_any_tenant (const char *name);

const LwpSubscription *lwp_directory_find_subscription (const char *id);

/** lwp_directory_get_accounts: the people that the sign-in page offers */
const LwpAccount *lwp_directory_get_accounts (gsize *n_accounts);

/** lwp_directory_find_account: Returns: (nullable): a person or application by object id */
const LwpAccount *lwp_directory_find_account (const char *object);

/**
 * lwp_directory_check_application:
 *
 * Returns: (nullable): the application's own account, when @secret is its practice secret
 */
const LwpAccount *lwp_directory_check_application (const char *client, const char *secret);

G_END_DECLS

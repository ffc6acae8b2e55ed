/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-lro.h"

G_BEGIN_DECLS

/* An @id of a resource, here and below, is its ARM id as the service tells it, of the subscription
 * of the #LwArm; anything else is refused with %LW_ERROR_MALFORMED before it becomes a URL. */

/** LwTenant: a directory the person is a member of (Tenants_List 2022-12-01) */
typedef struct
{
  char *id;
  char *display_name;
  char *default_domain;
} LwTenant;

/**
 * LwSubscription (Subscriptions_List 2022-12-01)
 * @state: "Enabled", "Warned", "PastDue", "Disabled", "Deleted"
 * @quota_id: (nullable): tells student and free offers apart, e.g. "AzureForStudents_2018-01-01"
 */
typedef struct
{
  char *id;
  char *tenant_id;
  char *display_name;
  char *state;
  char *quota_id;
  gboolean spending_limit;
} LwSubscription;

/** LwLocation: a physical region (Subscriptions_ListLocations 2022-12-01) */
typedef struct
{
  char *name;
  char *display_name;
  char *geography_group;
} LwLocation;

/** LwGroup: a resource group (ResourceGroups_* 2024-03-01); @state e.g. "Succeeded", "Deleting" */
typedef struct
{
  char *id;
  char *name;
  char *location;
  char *state;
  GHashTable *tags; /* char* to char* */
} LwGroup;

/** LwResource: one row of a group (Resources_ListByResourceGroup 2024-03-01) or one GET */
typedef struct
{
  char *id;
  char *name;
  char *type;
  char *location;
  char *state;       /* (nullable) provisioningState */
  gint64 created_us; /* 0 when not told */
} LwResource;

/** LwLock (ManagementLocks_ListAtResourceGroupLevel 2020-05-01) */
typedef struct
{
  char *id;
  char *name;
  char *level; /* "CanNotDelete", "ReadOnly" */
  char *notes; /* (nullable) */
} LwLock;

void lw_tenant_free (LwTenant *self);
void lw_subscription_free (LwSubscription *self);
void lw_location_free (LwLocation *self);
void lw_group_free (LwGroup *self);
void lw_resource_free (LwResource *self);
void lw_lock_free (LwLock *self);

/**
 * lw_arm_list_tenants:
 *
 * All that the signed-in account is a member of (Tenants_List 2022-12-01), the home tenant first.
 *
 * Returns: (transfer full) (element-type LwTenant): frees its elements, as all lists here
 */
GPtrArray *lw_arm_list_tenants (LwAzure *azure, GCancellable *cancellable, GError **error);

/**
 * lw_arm_list_subscriptions:
 *
 * Those of one tenant, with a token of that tenant; a tenant that asks for more than the present
 * sign-in fails with %LW_ERROR_SIGN_IN_NEEDED or %LW_AZURE_ERROR_CLAIMS, and the others go on.
 *
 * Returns: (transfer full) (element-type LwSubscription): may be empty
 */
GPtrArray *lw_arm_list_subscriptions (LwAzure *azure, const char *tenant_id,
                                      GCancellable *cancellable, GError **error);

/**
 * LwArm:
 *
 * A subscription of a tenant: where all further calls go. A small value, copied freely; the
 * strings are borrowed and outlive the calls.
 */
typedef struct
{
  LwAzure *azure;
  const char *tenant_id;
  const char *subscription_id;
} LwArm;

/** lw_arm_list_locations: Returns: (transfer full) (element-type LwLocation): the physical ones */
GPtrArray *lw_arm_list_locations (const LwArm *arm, GCancellable *cancellable, GError **error);

/**
 * lw_arm_may:
 * @actions: %NULL-terminated, e.g. "Microsoft.Resources/subscriptions/resourceGroups/write"
 * @allowed: (out): every one of @actions is allowed: some assignment's actions match it and the
 *   notActions of the same assignment do not
 *
 * Permissions at the subscription's scope (Permissions_List 2022-04-01, which names only the scopes
 * below; Resource Manager answers at this one, too).
 */
gboolean lw_arm_may (const LwArm *arm, const char *const *actions, gboolean *allowed,
                     GCancellable *cancellable, GError **error);

/**
 * lw_arm_get_provider_state:
 * @provider_namespace: e.g. "Microsoft.MachineLearningServices"
 * @type: (nullable): a resource type of it, e.g. "workspaces"; needed with @locations
 * @locations: (out) (optional) (transfer full) (element-type utf8): where @type exists, as names
 *   of regions ("koreacentral"), not as display names
 *
 * Providers_Get 2024-03-01.
 *
 * Returns: (transfer full): "NotRegistered", "Registering", "Registered", "Unregistering", …
 */
char *lw_arm_get_provider_state (const LwArm *arm, const char *provider_namespace, const char *type,
                                 GPtrArray **locations, GCancellable *cancellable, GError **error);

/** lw_arm_register_provider: starts it (Providers_Register 2024-03-01); its state tells the end */
gboolean lw_arm_register_provider (const LwArm *arm, const char *provider_namespace,
                                   GCancellable *cancellable, GError **error);

/** lw_arm_get_group: Returns: (nullable): %NULL without @error when it does not exist */
LwGroup *lw_arm_get_group (const LwArm *arm, const char *name, GCancellable *cancellable,
                           GError **error);

/**
 * lw_arm_put_group: makes a group or sets its tags (ResourceGroups_CreateOrUpdate 2024-03-01)
 * @tags: (nullable)
 *
 * Errors: %LW_AZURE_ERROR_CONFLICT with InvalidResourceGroupLocation when it exists elsewhere
 */
gboolean lw_arm_put_group (const LwArm *arm, const char *name, const char *location,
                           GHashTable *tags, GCancellable *cancellable, GError **error);

/** lw_arm_list_groups: all of the subscription; Returns: (element-type LwGroup) */
GPtrArray *lw_arm_list_groups (const LwArm *arm, GCancellable *cancellable, GError **error);

/** lw_arm_list_resources: Returns: (element-type LwResource): what a group holds */
GPtrArray *lw_arm_list_resources (const LwArm *arm, const char *group, GCancellable *cancellable,
                                  GError **error);

/**
 * lw_arm_list_locks: those of the group, of what is below it, and those it inherits from its
 * subscription; Returns: (transfer full) (element-type LwLock)
 */
GPtrArray *lw_arm_list_locks (const LwArm *arm, const char *group, GCancellable *cancellable,
                              GError **error);

/** lw_arm_delete_lock: absent is a success */
gboolean lw_arm_delete_lock (const LwArm *arm, const char *lock_id, GCancellable *cancellable,
                             GError **error);

/**
 * lw_arm_delete_group:
 *
 * Deletes a group and waits for its end (ResourceGroups_Delete 2024-03-01: 202 with a new Location
 * on every poll). A group that is gone already is a success; of one that is being deleted already
 * the end is waited for.
 *
 * Errors: %LW_AZURE_ERROR_CONFLICT with ScopeLocked; those of lw_lro_wait()
 */
gboolean lw_arm_delete_group (const LwArm *arm, const char *name, gint64 deadline_us,
                              LwLroProgressFunc progress, gpointer user_data,
                              GCancellable *cancellable, GError **error);

/**
 * lw_arm_get_resource: Returns: (nullable): the resource at @id, %NULL without @error when absent;
 *   its whole JSON in @document: (out) (optional)
 */
LwResource *lw_arm_get_resource (const LwArm *arm, const char *id, const char *api_version,
                                 LwJsonDocument **document, GCancellable *cancellable,
                                 GError **error);

/**
 * lw_arm_put_resource: PUT @body at @id and wait until it stands
 *
 * A group or parent that was made a moment ago and is not known everywhere yet is tried again.
 */
gboolean lw_arm_put_resource (const LwArm *arm, const char *id, const char *api_version,
                              GBytes *body, gint64 deadline_us, LwLroProgressFunc progress,
                              gpointer user_data, GCancellable *cancellable, GError **error);

/** lw_arm_delete_resource: @query: (nullable): e.g. "forceToPurge=true"; absent is a success */
gboolean lw_arm_delete_resource (const LwArm *arm, const char *id, const char *api_version,
                                 const char *query, gint64 deadline_us,
                                 LwLroProgressFunc progress, gpointer user_data,
                                 GCancellable *cancellable, GError **error);

/**
 * lw_arm_is_name_free:
 * @provider: "storage" or "vault"
 * @is_free: (out): %FALSE also when the name is not a possible one
 *
 * StorageAccounts_CheckNameAvailability 2023-05-01, Vaults_CheckNameAvailability 2023-07-01.
 */
gboolean lw_arm_is_name_free (const LwArm *arm, const char *provider, const char *name,
                              gboolean *is_free, GCancellable *cancellable, GError **error);

/** LwDeletedVault: a soft-deleted key vault (Vaults_ListDeleted 2023-07-01) */
typedef struct
{
  char *name;
  char *location;
  char *vault_id;
  gint64 purge_us; /* when it goes by itself */
  gboolean purge_protected;
} LwDeletedVault;

void lw_deleted_vault_free (LwDeletedVault *self);

/** lw_arm_list_deleted_vaults: Returns: (transfer full) (element-type LwDeletedVault) */
GPtrArray *lw_arm_list_deleted_vaults (const LwArm *arm, GCancellable *cancellable,
                                       GError **error);

/** lw_arm_purge_vault: for good (Vaults_PurgeDeleted 2023-07-01); absent is a success */
gboolean lw_arm_purge_vault (const LwArm *arm, const char *name, const char *location,
                             gint64 deadline_us, GCancellable *cancellable, GError **error);

/* Bodies of the resources that a lab workspace stands on; each is LW_API_… of its service. @tags:
 * (nullable). */
GBytes *lw_arm_build_storage (const char *location, GHashTable *tags);
GBytes *lw_arm_build_vault (const char *location, const char *tenant_id, GHashTable *tags);
GBytes *lw_arm_build_log_analytics (const char *location, GHashTable *tags);
GBytes *lw_arm_build_insights (const char *location, const char *log_analytics_id,
                               GHashTable *tags);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwGroup, lw_group_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwResource, lw_resource_free)

G_END_DECLS

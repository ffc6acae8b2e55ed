/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where a person may work: tenants, subscriptions, regions. No state, any thread but the main
 * one. */

#include "lw-arm-private.h"

#include <string.h>

#include "lw-api-versions.h"

void
lw_tenant_free (LwTenant *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->display_name);
  g_free (self->default_domain);
  g_free (self);
}

void
lw_subscription_free (LwSubscription *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->tenant_id);
  g_free (self->display_name);
  g_free (self->state);
  g_free (self->quota_id);
  g_free (self);
}

void
lw_location_free (LwLocation *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->display_name);
  g_free (self->geography_group);
  g_free (self);
}

static gboolean
take_tenant (LwJson item, gpointer user_data, GError **error)
{
  GPtrArray *tenants = user_data;
  const char *id = lw_json_need_string (item, "tenantId", error);
  LwTenant *tenant = NULL;

  if (id == NULL)
    return FALSE;
  tenant = g_new0 (LwTenant, 1);
  tenant->id = g_strdup (id);
  tenant->display_name = g_strdup (lw_json_get_string (item, "displayName", id));
  tenant->default_domain = g_strdup (lw_json_get_string (item, "defaultDomain", ""));
  g_ptr_array_add (tenants, tenant);
  return TRUE;
}

static void
move_to_front (GPtrArray *tenants, const char *id)
{
  for (guint i = 1; i < tenants->len; i++)
    {
      LwTenant *tenant = g_ptr_array_index (tenants, i);

      if (g_ascii_strcasecmp (tenant->id, id) != 0)
        continue;
      g_ptr_array_insert (tenants, 0, g_ptr_array_steal_index (tenants, i));
      return;
    }
}

GPtrArray *
lw_arm_list_tenants (LwAzure *azure, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) tenants = g_ptr_array_new_with_free_func ((GDestroyNotify) lw_tenant_free);
  LwAzureCall call = {
    .service = LW_CLOUD_ARM,
    .method = "GET",
    .path = "/tenants",
    .api_version = LW_API_SUBSCRIPTIONS,
  };

  g_return_val_if_fail (azure != NULL, NULL);

  if (!lw_azure_list (azure, &call, take_tenant, tenants, cancellable, error))
    return NULL;
  move_to_front (tenants, lw_account_get_info (lw_azure_get_account (azure))->tenant_id);
  return g_steal_pointer (&tenants);
}

typedef struct
{
  GPtrArray *list;       /* borrowed */
  const char *tenant_id; /* borrowed: what was asked */
} SubscriptionList;

static gboolean
take_subscription (LwJson item, gpointer user_data, GError **error)
{
  SubscriptionList *self = user_data;
  const char *id = lw_json_need_string (item, "subscriptionId", error);
  LwJson policies = lw_json_member (item, "subscriptionPolicies");
  LwSubscription *subscription = NULL;

  if (id == NULL)
    return FALSE;
  subscription = g_new0 (LwSubscription, 1);
  subscription->id = g_strdup (id);
  subscription->tenant_id = g_strdup (self->tenant_id);
  subscription->display_name = g_strdup (lw_json_get_string (item, "displayName", id));
  subscription->state = g_strdup (lw_json_get_string (item, "state", "Enabled"));
  subscription->quota_id = g_strdup (lw_json_get_string (policies, "quotaId", NULL));
  subscription->spending_limit
      = strcmp (lw_json_get_string (policies, "spendingLimit", "Off"), "On") == 0;
  g_ptr_array_add (self->list, subscription);
  return TRUE;
}

GPtrArray *
lw_arm_list_subscriptions (LwAzure *azure, const char *tenant_id, GCancellable *cancellable,
                           GError **error)
{
  g_autoptr (GPtrArray) list
      = g_ptr_array_new_with_free_func ((GDestroyNotify) lw_subscription_free);
  SubscriptionList subscriptions = { list, tenant_id };
  LwAzureCall call = {
    .service = LW_CLOUD_ARM,
    .tenant_id = tenant_id,
    .method = "GET",
    .path = "/subscriptions",
    .api_version = LW_API_SUBSCRIPTIONS,
  };

  g_return_val_if_fail (azure != NULL && tenant_id != NULL, NULL);

  if (!lw_azure_list (azure, &call, take_subscription, &subscriptions, cancellable, error))
    return NULL;
  return g_steal_pointer (&list);
}

static gboolean
take_location (LwJson item, gpointer user_data, GError **error)
{
  GPtrArray *locations = user_data;
  LwJson metadata = lw_json_member (item, "metadata");
  const char *name = lw_json_need_string (item, "name", error);
  LwLocation *location = NULL;

  if (name == NULL)
    return FALSE;
  /* Groups of regions ("europe") are listed, too; nothing can be made in one. */
  if (strcmp (lw_json_get_string (metadata, "regionType", "Physical"), "Physical") != 0)
    return TRUE;
  location = g_new0 (LwLocation, 1);
  location->name = g_strdup (name);
  location->display_name = g_strdup (lw_json_get_string (item, "displayName", name));
  location->geography_group = g_strdup (lw_json_get_string (metadata, "geographyGroup", ""));
  g_ptr_array_add (locations, location);
  return TRUE;
}

GPtrArray *
lw_arm_list_locations (const LwArm *arm, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) locations
      = g_ptr_array_new_with_free_func ((GDestroyNotify) lw_location_free);
  g_autofree char *path = NULL;
  LwAzureCall call = { 0 };

  g_return_val_if_fail (arm != NULL, NULL);

  path = lw_arm_dup_path (arm, NULL, "/locations");
  call = lw_arm_call (arm, "GET", path, LW_API_SUBSCRIPTIONS);
  if (!lw_azure_list (arm->azure, &call, take_location, locations, cancellable, error))
    return NULL;
  return g_steal_pointer (&locations);
}

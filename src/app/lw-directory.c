/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Tenants and subscriptions of an account. Blocking; runs on a worker. Immutable afterwards. */

#include "lw-directory.h"

void
lw_directory_free (LwDirectory *self)
{
  g_clear_pointer (&self->tenants, g_ptr_array_unref);
  g_clear_pointer (&self->subscriptions, g_ptr_array_unref);
  g_clear_pointer (&self->closed, g_ptr_array_unref);
  g_free (self);
}

static const char *
get_name (const LwTenant *tenant)
{
  if (tenant->display_name != NULL && tenant->display_name[0] != '\0')
    return tenant->display_name;
  return tenant->default_domain != NULL && tenant->default_domain[0] != '\0'
           ? tenant->default_domain
           : tenant->id;
}

/* A tenant that refuses closes itself only; the first refusal is kept for the case that all do. */
static void
ask_tenant (LwDirectory *self, LwAzure *azure, const LwTenant *tenant, GCancellable *cancellable,
            GError **first)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found
    = lw_arm_list_subscriptions (azure, tenant->id, cancellable, &error);

  if (found != NULL)
    {
      g_ptr_array_extend_and_steal (self->subscriptions, g_steal_pointer (&found));
      return;
    }
  g_ptr_array_add (self->closed, g_strdup (get_name (tenant)));
  if (*first == NULL)
    *first = g_steal_pointer (&error);
}

gpointer
lw_directory_load (gpointer azure, GCancellable *cancellable, GError **error)
{
  g_autoptr (LwDirectory) self = g_new0 (LwDirectory, 1);
  g_autoptr (GError) first = NULL;

  self->tenants = lw_arm_list_tenants (azure, cancellable, error);
  if (self->tenants == NULL)
    return NULL;
  self->subscriptions = g_ptr_array_new_with_free_func ((GDestroyNotify) lw_subscription_free);
  self->closed = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < MIN (self->tenants->len, LW_DIRECTORY_MAX_TENANTS); i++)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      ask_tenant (self, azure, g_ptr_array_index (self->tenants, i), cancellable, &first);
    }
  if (first != NULL && self->subscriptions->len == 0)
    {
      g_propagate_error (error, g_steal_pointer (&first));
      return NULL;
    }
  return g_steal_pointer (&self);
}

const LwSubscription *
lw_directory_find (const LwDirectory *self, const char *id)
{
  for (guint i = 0; i < self->subscriptions->len; i++)
    {
      const LwSubscription *subscription = g_ptr_array_index (self->subscriptions, i);

      if (id != NULL && g_ascii_strcasecmp (subscription->id, id) == 0)
        return subscription;
    }
  return NULL;
}

const char *
lw_directory_get_tenant_name (const LwDirectory *self, const char *id)
{
  for (guint i = 0; i < self->tenants->len; i++)
    {
      const LwTenant *tenant = g_ptr_array_index (self->tenants, i);

      if (g_ascii_strcasecmp (tenant->id, id) == 0)
        return get_name (tenant);
    }
  return id;
}

gboolean
lw_directory_is_usable (const LwSubscription *subscription)
{
  return g_ascii_strcasecmp (subscription->state, "Enabled") == 0
         || g_ascii_strcasecmp (subscription->state, "Warned") == 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The destination of calls, owned. Any thread; freed with the last reference. */

#include "lw-target.h"

struct _LwTarget
{
  gatomicrefcount ref_count;
  LwMl ml; /* points to the members below */
  LwAzure *azure;
  char *tenant_id;
  char *subscription_id;
  char *group;     /* (nullable) */
  char *workspace; /* (nullable) */
};

LwTarget *
lw_target_new (LwAzure *azure, const char *tenant_id, const char *subscription_id,
               const char *group, const char *workspace)
{
  LwTarget *self;

  g_return_val_if_fail (azure != NULL, NULL);
  g_return_val_if_fail (tenant_id != NULL && subscription_id != NULL, NULL);
  g_return_val_if_fail ((group == NULL) == (workspace == NULL), NULL);

  self = g_new0 (LwTarget, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->azure = lw_azure_ref (azure);
  self->tenant_id = g_strdup (tenant_id);
  self->subscription_id = g_strdup (subscription_id);
  self->group = g_strdup (group);
  self->workspace = g_strdup (workspace);
  self->ml.arm.azure = self->azure;
  self->ml.arm.tenant_id = self->tenant_id;
  self->ml.arm.subscription_id = self->subscription_id;
  self->ml.group = self->group;
  self->ml.workspace = self->workspace;
  return self;
}

LwTarget *
lw_target_ref (LwTarget *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
lw_target_unref (LwTarget *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  lw_azure_unref (self->azure);
  g_free (self->tenant_id);
  g_free (self->subscription_id);
  g_free (self->group);
  g_free (self->workspace);
  g_free (self);
}

gboolean
lw_target_equals (LwTarget *self, LwAzure *azure, const char *tenant_id,
                  const char *subscription_id, const char *group, const char *workspace)
{
  return self->azure == azure && g_str_equal (self->tenant_id, tenant_id)
         && g_str_equal (self->subscription_id, subscription_id)
         && g_strcmp0 (self->group, group) == 0 && g_strcmp0 (self->workspace, workspace) == 0;
}

const LwArm *
lw_target_get_arm (LwTarget *self)
{
  return &self->ml.arm;
}

const LwMl *
lw_target_get_ml (LwTarget *self)
{
  return self->workspace != NULL ? &self->ml : NULL;
}

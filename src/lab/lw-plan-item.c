/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The kinds of resource in a plan as constants, and the value that tells callers about one. No
 * state, any thread. */

#include "lw-api-versions.h"
#include "lw-plan-private.h"

/* Usual times: creations as recorded by the Azure SDK's own tests and told by its documentation.
 * The deadlines leave room for a region under load; the group's for one that is being deleted. */
static const LwPlanKindInfo infos[LW_N_PLAN_ITEMS] = {
  [LW_PLAN_GROUP] = { "group", LW_RECORD_GROUP, NULL, NULL, 1, 3, 1800 },
  [LW_PLAN_STORAGE] = { "storage", LW_RECORD_STORAGE, "Microsoft.Storage/storageAccounts/",
                        LW_API_STORAGE, 15, 40, 900 },
  [LW_PLAN_VAULT] = { "vault", LW_RECORD_VAULT, "Microsoft.KeyVault/vaults/", LW_API_KEY_VAULT, 10,
                      40, 900 },
  [LW_PLAN_LOGS] = { "logs", LW_RECORD_LOGS, "Microsoft.OperationalInsights/workspaces/",
                     LW_API_LOG_ANALYTICS, 5, 40, 900 },
  [LW_PLAN_INSIGHTS] = { "insights", LW_RECORD_INSIGHTS, "Microsoft.Insights/components/",
                         LW_API_INSIGHTS, 2, 10, 900 },
  [LW_PLAN_WORKSPACE] = { "workspace", LW_RECORD_WORKSPACE,
                          "Microsoft.MachineLearningServices/workspaces/", LW_API_ML, 30, 120,
                          1800 },
  [LW_PLAN_INSTANCE] = { "instance", LW_RECORD_INSTANCE, NULL, NULL, 150, 300, 2700 },
  [LW_PLAN_CLUSTER] = { "cluster", LW_RECORD_CLUSTER, NULL, NULL, 20, 60, 1800 },
};

const LwPlanKindInfo *
lw_plan_kind_get_info (LwPlanKind kind)
{
  g_return_val_if_fail ((guint) kind < LW_N_PLAN_ITEMS, NULL);

  return &infos[kind];
}

const char *
lw_plan_kind_get_id (LwPlanKind kind)
{
  g_return_val_if_fail ((guint) kind < LW_N_PLAN_ITEMS, NULL);

  return infos[kind].id;
}

LwPlanItem *
lw_plan_item_copy (const LwPlanItem *self)
{
  LwPlanItem *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new (LwPlanItem, 1);
  *copy = *self;
  copy->name = g_strdup (self->name);
  copy->id = g_strdup (self->id);
  copy->detail = g_strdup (self->detail);
  copy->idle_shutdown = g_strdup (self->idle_shutdown);
  copy->error = self->error != NULL ? g_error_copy (self->error) : NULL;
  copy->trouble = self->trouble != NULL ? g_error_copy (self->trouble) : NULL;
  return copy;
}

void
lw_plan_item_free (LwPlanItem *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->id);
  g_free (self->detail);
  g_free (self->idle_shutdown);
  g_clear_error (&self->error);
  g_clear_error (&self->trouble);
  g_free (self);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Making and mending the resources of a plan. Every creation is a PUT with a name chosen before, so
 * that repeating it makes nothing twice. Blocks on the calling thread. */

#include "lw-plan-private.h"

/* A workspace that was made a moment ago may not be known everywhere yet. For the other resources
 * lw_arm_put_resource() sees to that. */
#define MAX_PARENT_TRIES 5
#define PARENT_WAIT_US (3 * (gint64) G_TIME_SPAN_SECOND)

static GHashTable *
make_tags (LwPlan *self)
{
  GHashTable *tags = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  gint64 now_us = lw_clock_get_now_us (lw_azure_get_clock (self->azure));
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (now_us / G_USEC_PER_SEC);

  g_hash_table_insert (tags, g_strdup (LW_PLAN_TAG_LAB), g_strdup (lw_lab_get_id (self->lab)));
  g_hash_table_insert (tags, g_strdup (LW_PLAN_TAG_ATTEMPT), g_strdup (self->suffix));
  g_hash_table_insert (tags, g_strdup (LW_PLAN_TAG_CREATED),
                       g_date_time_format (now, "%Y-%m-%dT%H:%M:%SZ"));
  return tags;
}

static GBytes *
build_resource (LwPlan *self, LwPlanKind kind, GHashTable *tags)
{
  switch (kind)
    {
    case LW_PLAN_STORAGE:
      return lw_arm_build_storage (self->region, tags);
    case LW_PLAN_VAULT:
      return lw_arm_build_vault (self->region, self->tenant_id, tags);
    case LW_PLAN_LOGS:
      return lw_arm_build_log_analytics (self->region, tags);
    case LW_PLAN_INSIGHTS:
      return lw_arm_build_insights (self->region, self->ids[LW_PLAN_LOGS], tags);
    case LW_PLAN_WORKSPACE:
      return lw_ml_build_workspace (self->names[kind], self->region, self->ids[LW_PLAN_STORAGE],
                                    self->ids[LW_PLAN_VAULT], self->ids[LW_PLAN_INSIGHTS], tags);
    case LW_PLAN_INSTANCE:
      return lw_ml_build_instance (self->region, self->vm_size,
                                   lw_lab_get_idle_minutes (self->lab));
    case LW_PLAN_CLUSTER:
      return lw_ml_build_cluster (self->region, self->vm_size, self->max_nodes);
    case LW_PLAN_GROUP:
    default:
      g_return_val_if_reached (NULL);
    }
}

static gboolean
is_in_workspace (LwPlanKind kind)
{
  return kind == LW_PLAN_INSTANCE || kind == LW_PLAN_CLUSTER;
}

static gboolean
put_once (LwPlan *self, LwPlanKind kind, gint64 deadline_us, LwLroProgressFunc progress,
          gpointer user_data, GCancellable *cancellable, GError **error)
{
  g_autoptr (GHashTable) tags = make_tags (self);
  g_autoptr (GBytes) body = NULL;

  if (kind == LW_PLAN_GROUP)
    return lw_arm_put_group (&self->ml.arm, self->names[kind], self->region, tags, cancellable,
                             error);
  body = build_resource (self, kind, tags);
  if (is_in_workspace (kind))
    return lw_ml_put_compute (&self->ml, self->names[kind], body, deadline_us, progress, user_data,
                              cancellable, error);
  return lw_arm_put_resource (&self->ml.arm, self->ids[kind],
                              lw_plan_kind_get_info (kind)->api_version, body, deadline_us,
                              progress, user_data, cancellable, error);
}

static gboolean
is_parent_unknown (const GError *error)
{
  return lw_azure_error_is (error, "ParentResourceNotFound")
         || lw_azure_error_is (error, "ResourceNotFound");
}

gboolean
lw_plan_make (LwPlan *self, LwPlanKind kind, gint64 deadline_us, LwLroProgressFunc progress,
              gpointer user_data, GCancellable *cancellable, GError **error)
{
  for (guint tries = 1;; tries++)
    {
      g_autoptr (GError) local = NULL;

      if (put_once (self, kind, deadline_us, progress, user_data, cancellable, &local))
        return TRUE;
      if (tries >= MAX_PARENT_TRIES || !is_in_workspace (kind) || !is_parent_unknown (local))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
      if (!lw_clock_wait (lw_azure_get_clock (self->azure), PARENT_WAIT_US, cancellable, error))
        return FALSE;
    }
}

gboolean
lw_plan_mend (LwPlan *self, LwPlanKind kind, LwPlanSight sight, gint64 deadline_us,
              LwLroProgressFunc progress, gpointer user_data, GCancellable *cancellable,
              GError **error)
{
  const char *name = self->names[kind];

  g_return_val_if_fail (is_in_workspace (kind), FALSE);

  switch ((int) sight)
    {
    case LW_PLAN_SEES_STOPPED:
      return lw_ml_run_compute (&self->ml, name, "start", deadline_us, progress, user_data,
                                cancellable, error);
    case LW_PLAN_SEES_NO_IDLE:
      return lw_ml_set_idle_shutdown (&self->ml, name, lw_lab_get_idle_minutes (self->lab),
                                      cancellable, error);
    case LW_PLAN_SEES_CREATE_FAILED:
      return lw_ml_delete_compute (&self->ml, name, deadline_us, progress, user_data, cancellable,
                                   error);
    default:
      g_return_val_if_reached (FALSE);
    }
}

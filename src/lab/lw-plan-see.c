/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Looking at the resources of a plan: what the services' words mean for it. Blocks on the calling
 * thread; changes nothing. */

#include "lw-plan-private.h"

#include <string.h>

#include "lw-lab-error.h"

void
lw_plan_view_clear (LwPlanView *self)
{
  g_clear_pointer (&self->detail, g_free);
  g_clear_pointer (&self->idle_shutdown, g_free);
}

static gboolean
is_one_of (const char *word, const char *const *words)
{
  for (; *words != NULL; words++)
    if (g_ascii_strcasecmp (word, *words) == 0)
      return TRUE;
  return FALSE;
}

LwPlanSight
lw_plan_sight_from_state (const char *state)
{
  static const char *const failed[] = { "Failed", "Canceled", "Cancelled", NULL };

  if (state == NULL || g_ascii_strcasecmp (state, "Succeeded") == 0)
    return LW_PLAN_SEES_READY;
  /* Every other word, also one that we never heard, is taken as still going on. */
  return is_one_of (state, failed) ? LW_PLAN_SEES_FAILED : LW_PLAN_SEES_BUSY;
}

/* States of ComputeInstanceProperties (Compute_Get 2025-12-01). */
static LwPlanSight
get_sight_of_instance (const LwCompute *compute)
{
  static const char *const running[] = { "Running", "JobRunning", NULL };
  static const char *const broken[] = { "SetupFailed", "UserSetupFailed", "Unusable", NULL };
  const char *state = compute->instance_state != NULL ? compute->instance_state : "Unknown";

  if (g_ascii_strcasecmp (state, "CreateFailed") == 0)
    return LW_PLAN_SEES_CREATE_FAILED;
  if (g_ascii_strcasecmp (state, "Stopped") == 0)
    return LW_PLAN_SEES_STOPPED;
  if (is_one_of (state, broken))
    return LW_PLAN_SEES_BROKEN;
  if (!is_one_of (state, running))
    return LW_PLAN_SEES_BUSY;
  return lw_plan_read_minutes (compute->idle_shutdown) > 0 ? LW_PLAN_SEES_READY
                                                           : LW_PLAN_SEES_NO_IDLE;
}

LwPlanSight
lw_plan_sight_from_compute (const LwCompute *compute)
{
  LwPlanSight sight;

  g_return_val_if_fail (compute != NULL, LW_PLAN_SEES_ABSENT);

  sight = lw_plan_sight_from_state (compute->state);
  if (sight == LW_PLAN_SEES_FAILED)
    return LW_PLAN_SEES_CREATE_FAILED;
  if (sight == LW_PLAN_SEES_READY && compute->kind == LW_COMPUTE_INSTANCE)
    return get_sight_of_instance (compute);
  return sight;
}

int
lw_plan_read_minutes (const char *duration)
{
  gint64 seconds = 0;
  gboolean in_time = FALSE;
  const char *c = duration;

  if (c == NULL || *c != 'P')
    return 0;
  for (c++; *c != '\0'; c++)
    {
      char *end = NULL;
      gint64 number, factor = 0;

      if (*c == 'T' && !in_time)
        {
          in_time = TRUE;
          continue;
        }
      number = g_ascii_isdigit (*c) ? g_ascii_strtoll (c, &end, 10) : -1;
      if (number < 0 || number > G_MAXINT || end == NULL)
        return 0;
      if (*end == 'D' && !in_time)
        factor = 24 * 60 * 60;
      else if (in_time)
        factor = *end == 'H' ? 60 * 60 : *end == 'M' ? 60 : *end == 'S' ? 1 : 0;
      if (factor == 0)
        return 0;
      seconds += number * factor;
      c = end;
    }
  return (int) MIN ((seconds + 59) / 60, G_MAXINT);
}

/* "Korea Central" and "koreacentral" are the same region. */
static gboolean
is_same_region (const char *a, const char *b)
{
  g_autoptr (GString) one = g_string_new (a);
  g_autoptr (GString) other = g_string_new (b);

  g_string_replace (one, " ", "", 0);
  g_string_replace (other, " ", "", 0);
  return g_ascii_strcasecmp (one->str, other->str) == 0;
}

static gboolean
see_group (LwPlan *self, LwPlanView *view, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (LwGroup) group
    = lw_arm_get_group (&self->ml.arm, self->names[LW_PLAN_GROUP], cancellable, &local);

  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  view->sight = LW_PLAN_SEES_ABSENT;
  if (group == NULL)
    return TRUE;
  /* A group is there at once, and there is nothing in it that could fail. */
  view->sight = g_ascii_strcasecmp (group->state, "Deleting") == 0 ? LW_PLAN_SEES_BUSY
                                                                   : LW_PLAN_SEES_READY;
  if (view->sight == LW_PLAN_SEES_READY && !is_same_region (group->location, self->region))
    {
      g_set_error (error, LW_LAB_ERROR, LW_LAB_ERROR_GROUP_FOREIGN, "%s: %s", group->name,
                   group->location);
      return FALSE;
    }
  view->detail = g_strdup (group->state);
  return TRUE;
}

static gboolean
see_resource (LwPlan *self, LwPlanKind kind, LwPlanView *view, GCancellable *cancellable,
              GError **error)
{
  g_autoptr (GError) local = NULL;
  const char *api_version = lw_plan_kind_get_info (kind)->api_version;
  g_autoptr (LwResource) resource = lw_arm_get_resource (&self->ml.arm, self->ids[kind],
                                                         api_version, NULL, cancellable, &local);

  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  view->sight = resource != NULL ? lw_plan_sight_from_state (resource->state) : LW_PLAN_SEES_ABSENT;
  view->detail = g_strdup (resource != NULL ? resource->state : NULL);
  return TRUE;
}

static gboolean
see_workspace (LwPlan *self, LwPlanView *view, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (LwWorkspace) workspace = lw_ml_get_workspace (&self->ml, cancellable, &local);

  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  view->sight
    = workspace != NULL ? lw_plan_sight_from_state (workspace->state) : LW_PLAN_SEES_ABSENT;
  view->detail = g_strdup (workspace != NULL ? workspace->state : NULL);
  return TRUE;
}

static gboolean
see_compute (LwPlan *self, LwPlanKind kind, LwPlanView *view, GCancellable *cancellable,
             GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (LwCompute) compute
    = lw_ml_get_compute (&self->ml, self->names[kind], cancellable, &local);
  const char *word;

  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (compute == NULL)
    {
      view->sight = LW_PLAN_SEES_ABSENT;
      return TRUE;
    }
  word = kind == LW_PLAN_INSTANCE ? compute->instance_state : compute->allocation_state;
  view->sight = lw_plan_sight_from_compute (compute);
  view->detail = g_strdup (word != NULL ? word : compute->state);
  view->idle_shutdown = g_strdup (compute->idle_shutdown);
  view->nodes = compute->kind == LW_COMPUTE_CLUSTER ? compute->nodes : -1;
  return TRUE;
}

gboolean
lw_plan_see (LwPlan *self, LwPlanKind kind, LwPlanView *view, GCancellable *cancellable,
             GError **error)
{
  view->nodes = -1;
  switch (kind)
    {
    case LW_PLAN_GROUP:
      return see_group (self, view, cancellable, error);
    case LW_PLAN_WORKSPACE:
      return see_workspace (self, view, cancellable, error);
    case LW_PLAN_INSTANCE:
    case LW_PLAN_CLUSTER:
      return see_compute (self, kind, view, cancellable, error);
    case LW_PLAN_STORAGE:
    case LW_PLAN_VAULT:
    case LW_PLAN_LOGS:
    case LW_PLAN_INSIGHTS:
      return see_resource (self, kind, view, cancellable, error);
    default:
      g_return_val_if_reached (FALSE);
    }
}

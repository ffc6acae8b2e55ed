/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One resource of a plan, brought to be ready: look, and do what the look asks for, until there is
 * nothing left to do. Runs on the thread of the plan's run, or on one of its workers. */

#include "lw-error.h"
#include "lw-lab-error.h"
#include "lw-plan-private.h"

/* Times that something is made or mended before it counts as not to be had. */
#define MAX_DEEDS 4

/* Looks at a resource that was just made and is not told yet. */
#define MAX_LAG_LOOKS 5

/* While somebody else's operation is under way. */
#define CONFLICT_WAIT_US (5 * (gint64) G_TIME_SPAN_SECOND)
#define MAX_CONFLICTS 24

/* While network or service are away. */
#define TROUBLE_WAIT_US (3 * (gint64) G_TIME_SPAN_SECOND)

/* Between two looks at what is on its way, seconds; the last one repeats. */
static const guint look_waits_s[] = { 1, 2, 5, 10, 15 };

typedef struct
{
  LwPlan *plan; /* borrowed */
  LwPlanKind kind;
  GCancellable *cancellable;
  gint64 deadline_us; /* monotonic */
  guint deeds;
  guint looks;
  guint lag_looks;
  guint conflicts;
  gint64 trouble_since_us; /* monotonic; 0 while all is well */
  gboolean made;
} Work;

typedef enum
{
  WORK_GOES_ON,
  WORK_DONE,
  WORK_FAILED,
} WorkState;

static void
progress_cb (const char *status, gint64 elapsed_us, gpointer user_data)
{
  Work *work = user_data;

  lw_plan_tell_status (work->plan, work->kind, status);
}

static LwClock *
get_clock (const Work *work)
{
  return lw_azure_get_clock (work->plan->azure);
}

static gint64
get_time_left_us (const Work *work)
{
  return work->deadline_us - lw_clock_get_monotonic_us (get_clock (work));
}

static WorkState
wait_us (Work *work, gint64 duration_us, GError **error)
{
  if (get_time_left_us (work) <= 0)
    {
      g_set_error_literal (error, LW_ERROR, LW_ERROR_TIMED_OUT, work->plan->names[work->kind]);
      return WORK_FAILED;
    }
  return lw_clock_wait (get_clock (work), duration_us, work->cancellable, error) ? WORK_GOES_ON
                                                                                 : WORK_FAILED;
}

static WorkState
wait_for_next_look (Work *work, GError **error)
{
  guint index = MIN (work->looks, G_N_ELEMENTS (look_waits_s) - 1);

  work->looks++;
  return wait_us (work, look_waits_s[index] * (gint64) G_TIME_SPAN_SECOND, error);
}

static gboolean
is_passing_conflict (const GError *error)
{
  return lw_azure_error_is (error, "AnotherOperationInProgress")
         || lw_azure_error_is (error, "RetryableError")
         || lw_azure_error_is (error, "ResourceGroupBeingDeleted");
}

/* What has been answered once will be answered again. What was asked for while the answer got lost,
 * the next look tells. */
static gboolean
may_pass (Work *work, const GError *failure)
{
  gint64 now_us = lw_clock_get_monotonic_us (get_clock (work));

  if (!g_atomic_int_get (&work->plan->answered) || !lw_lab_error_is_passing (failure))
    return FALSE;
  if (work->trouble_since_us == 0)
    work->trouble_since_us = MAX (now_us, 1);
  return now_us - work->trouble_since_us < LW_PLAN_MAX_TROUBLE_US;
}

/* What a failure means: an operation of somebody else ends some time, and a network may come back;
 * all else is final. Takes @failure. */
static WorkState
judge_failure (Work *work, GError *failure, GError **error)
{
  if (may_pass (work, failure))
    {
      lw_plan_tell_trouble (work->plan, work->kind, failure);
      g_error_free (failure);
      return wait_us (work, TROUBLE_WAIT_US, error);
    }
  if (!is_passing_conflict (failure) || work->conflicts >= MAX_CONFLICTS)
    {
      g_propagate_error (error, failure);
      return WORK_FAILED;
    }
  work->conflicts++;
  g_error_free (failure);
  return wait_us (work, CONFLICT_WAIT_US, error);
}

static gboolean
do_deed (Work *work, LwPlanSight sight, GError **error)
{
  gint64 left_us = get_time_left_us (work);

  if (sight == LW_PLAN_SEES_ABSENT || sight == LW_PLAN_SEES_FAILED)
    {
      work->made = lw_plan_make (work->plan, work->kind, left_us, progress_cb, work,
                                 work->cancellable, error);
      return work->made;
    }
  work->made = FALSE;
  return lw_plan_mend (work->plan, work->kind, sight, left_us, progress_cb, work, work->cancellable,
                       error);
}

static WorkState
act (Work *work, const LwPlanView *view, GError **error)
{
  GError *failure = NULL;

  if (work->deeds >= MAX_DEEDS)
    {
      gboolean no_idle = view->sight == LW_PLAN_SEES_NO_IDLE;

      g_set_error (error, LW_LAB_ERROR,
                   no_idle ? LW_LAB_ERROR_NO_IDLE_SHUTDOWN : LW_LAB_ERROR_RESOURCE_FAILED, "%s: %s",
                   work->plan->names[work->kind], view->detail != NULL ? view->detail : "");
      return WORK_FAILED;
    }
  lw_plan_tell (work->plan, work->kind, LW_PLAN_MAKING, view);
  if (!do_deed (work, view->sight, &failure))
    return judge_failure (work, failure, error);
  work->deeds++;
  work->looks = 0;
  return WORK_GOES_ON;
}

static WorkState
take_step (Work *work, GError **error)
{
  g_auto (LwPlanView) view = { 0 };
  GError *failure = NULL;

  if (!lw_plan_see (work->plan, work->kind, &view, work->cancellable, &failure))
    return judge_failure (work, failure, error);
  g_atomic_int_set (&work->plan->answered, TRUE);
  work->trouble_since_us = 0;
  switch (view.sight)
    {
    case LW_PLAN_SEES_READY:
      lw_plan_tell (work->plan, work->kind, LW_PLAN_READY, &view);
      return WORK_DONE;
    case LW_PLAN_SEES_BUSY:
      lw_plan_tell (work->plan, work->kind, LW_PLAN_MAKING, &view);
      return wait_for_next_look (work, error);
    case LW_PLAN_SEES_BROKEN:
      g_set_error (error, LW_LAB_ERROR, LW_LAB_ERROR_RESOURCE_FAILED, "%s: %s",
                   work->plan->names[work->kind], view.detail);
      return WORK_FAILED;
    case LW_PLAN_SEES_ABSENT:
      if (work->made && work->lag_looks++ < MAX_LAG_LOOKS)
        return wait_for_next_look (work, error);
      return act (work, &view, error);
    case LW_PLAN_SEES_STOPPED:
    case LW_PLAN_SEES_NO_IDLE:
    case LW_PLAN_SEES_FAILED:
    case LW_PLAN_SEES_CREATE_FAILED:
      return act (work, &view, error);
    default:
      g_return_val_if_reached (WORK_FAILED);
    }
}

gboolean
lw_plan_reconcile (LwPlan *self, LwPlanKind kind, GCancellable *cancellable, GError **error)
{
  Work work = { .plan = self, .kind = kind, .cancellable = cancellable };
  GError *failure = NULL;
  WorkState state;

  work.deadline_us
    = lw_clock_get_monotonic_us (get_clock (&work))
      + lw_plan_kind_get_info (kind)->deadline_s * (gint64) G_TIME_SPAN_SECOND;
  lw_plan_tell (self, kind, LW_PLAN_LOOKING, NULL);
  do
    state = take_step (&work, &failure);
  while (state == WORK_GOES_ON);
  if (state == WORK_DONE)
    return TRUE;
  lw_plan_tell_failure (self, kind, failure);
  g_propagate_error (error, failure);
  return FALSE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Shared by the files lw-plan*.c only. */

#include "lw-plan.h"

G_BEGIN_DECLS

struct _LwPlan
{
  gatomicrefcount ref_count;
  LwAzure *azure;   /* owned */
  LwLab *lab;       /* owned */
  LwRecord *record; /* owned */
  char *tenant_id;
  char *subscription_id;
  char *region;
  char *vm_size;
  char *suffix;
  int max_nodes;
  LwMl ml;                        /* borrows the strings above and the names of items */
  char *names[LW_N_PLAN_ITEMS];   /* owned, immutable, as the ids below */
  char *ids[LW_N_PLAN_ITEMS];     /* owned */
  GMutex run_mutex;               /* held during a run or a look */
  LwPlanFunc func;                /* guarded by run_mutex: of the present run */
  gpointer user_data;             /* likewise */
  gint answered;                  /* atomic: the cloud has answered in the present run */
  GMutex mutex;                   /* guards the items, and makes calls of func one at a time */
  LwPlanItem *items[LW_N_PLAN_ITEMS]; /* owned */
};

/** LwPlanSight: what a look at one resource tells, and so what has to be done about it */
typedef enum
{
  LW_PLAN_SEES_ABSENT,
  LW_PLAN_SEES_BUSY,          /* on its way to another state: wait and look again */
  LW_PLAN_SEES_READY,
  LW_PLAN_SEES_STOPPED,       /* an instance: start it */
  LW_PLAN_SEES_NO_IDLE,       /* an instance that would run for ever: set its idle shutdown */
  LW_PLAN_SEES_FAILED,        /* its creation failed: ask for it again */
  LW_PLAN_SEES_CREATE_FAILED, /* a compute that never came to be: remove it, then ask again */
  LW_PLAN_SEES_BROKEN,        /* nothing that a plan can mend */
} LwPlanSight;

/** LwPlanView: @detail: the service's word; cleared with lw_plan_view_clear() */
typedef struct
{
  LwPlanSight sight;
  char *detail;
  char *idle_shutdown;
  int nodes;
} LwPlanView;

void lw_plan_view_clear (LwPlanView *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LwPlanView, lw_plan_view_clear)

/** lw_plan_sight_from_state: what a provisioningState means; %NULL is that of a resource without */
LwPlanSight lw_plan_sight_from_state (const char *state);

/** lw_plan_sight_from_compute: @compute: an instance or a cluster */
LwPlanSight lw_plan_sight_from_compute (const LwCompute *compute);

/** lw_plan_read_minutes: Returns: an ISO 8601 duration of days, hours, minutes and seconds in whole
 *   minutes, rounded up; 0 when it is none */
int lw_plan_read_minutes (const char *duration);

/** lw_plan_see: one look at one resource; @view: (out): empty before */
gboolean lw_plan_see (LwPlan *self, LwPlanKind kind, LwPlanView *view, GCancellable *cancellable,
                      GError **error);

/** lw_plan_make: asks for the resource, and waits until its operation ends */
gboolean lw_plan_make (LwPlan *self, LwPlanKind kind, gint64 deadline_us,
                       LwLroProgressFunc progress, gpointer user_data, GCancellable *cancellable,
                       GError **error);

/** lw_plan_mend: starts a stopped instance, sets an idle shutdown, removes a compute that never
 *   came to be */
gboolean lw_plan_mend (LwPlan *self, LwPlanKind kind, LwPlanSight sight, gint64 deadline_us,
                       LwLroProgressFunc progress, gpointer user_data, GCancellable *cancellable,
                       GError **error);

/** lw_plan_reconcile: look, make, mend and wait until @kind is ready or cannot be */
gboolean lw_plan_reconcile (LwPlan *self, LwPlanKind kind, GCancellable *cancellable,
                            GError **error);

/** lw_plan_tell: sets what is known of @kind and tells it; @view: (nullable): keeps the words */
void lw_plan_tell (LwPlan *self, LwPlanKind kind, LwPlanState state, const LwPlanView *view);

/** lw_plan_tell_status: as above while something is being made: @status is the service's word */
void lw_plan_tell_status (LwPlan *self, LwPlanKind kind, const char *status);

/** lw_plan_tell_trouble: @error: copied; the state stays */
void lw_plan_tell_trouble (LwPlan *self, LwPlanKind kind, const GError *error);

/** lw_plan_tell_failure: @error: copied; a cancel makes the item unknown, not failed */
void lw_plan_tell_failure (LwPlan *self, LwPlanKind kind, const GError *error);

/** LwPlanKindInfo: constants of one kind; usual times as seen in Azure, seconds */
typedef struct
{
  const char *id;
  const char *record_key;
  const char *path;        /* (nullable): under the group's "/providers/", before the name */
  const char *api_version; /* (nullable) */
  int usual_min_s;
  int usual_max_s;
  int deadline_s;
} LwPlanKindInfo;

const LwPlanKindInfo *lw_plan_kind_get_info (LwPlanKind kind);

G_END_DECLS

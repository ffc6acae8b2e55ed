/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-ml.h"
#include "lw-record.h"

G_BEGIN_DECLS

/** LwPlanKind: the resources of a lab, in the order in which they are made */
typedef enum
{
  LW_PLAN_GROUP,
  LW_PLAN_STORAGE,
  LW_PLAN_VAULT,
  LW_PLAN_LOGS,
  LW_PLAN_INSIGHTS,
  LW_PLAN_WORKSPACE,
  LW_PLAN_INSTANCE,
  LW_PLAN_CLUSTER,
} LwPlanKind;
#define LW_N_PLAN_ITEMS 8

/** lw_plan_kind_get_id: Returns: "group", "storage", "vault", "logs", "insights", "workspace",
 *   "instance", "cluster" */
const char *lw_plan_kind_get_id (LwPlanKind kind);

/* Tags on everything that a plan makes: which lab, which attempt (its suffix), when (ISO 8601). */
#define LW_PLAN_TAG_LAB "labwalk-lab"
#define LW_PLAN_TAG_ATTEMPT "labwalk-attempt"
#define LW_PLAN_TAG_CREATED "labwalk-created"

/** LwPlanState: what is known of one resource of the plan */
typedef enum
{
  LW_PLAN_UNKNOWN, /* not looked at yet, or the look was cancelled */
  LW_PLAN_ABSENT,
  LW_PLAN_LOOKING,
  LW_PLAN_MAKING, /* being made, started or deleted in the cloud at this moment, by whomever */
  LW_PLAN_READY,
  LW_PLAN_WRONG, /* stands, but not as the lab needs it (failed, stopped, no idle shutdown) */
  LW_PLAN_FAILED,
} LwPlanState;

/**
 * LwPlanItem: one resource; read-only for callers
 * @detail: (nullable): the service's word: "Running", "Creating", "Steady", …
 * @idle_shutdown: (nullable): of the instance, as read back: "PT30M"
 * @nodes: of the cluster; -1 when not told
 * @started_us, @ended_us: wall clock, 0 when not; both 0 for what stood already
 * @usual_min_s, @usual_max_s: how long it usually takes in this cloud
 * @error: (nullable): why it is %LW_PLAN_FAILED
 * @trouble: (nullable): the last question failed for a moment, as network or service are away; it
 *   is asked again
 */
typedef struct
{
  LwPlanKind kind;
  char *name;
  char *id;
  LwPlanState state;
  char *detail;
  char *idle_shutdown;
  int nodes;
  gint64 started_us;
  gint64 ended_us;
  int usual_min_s;
  int usual_max_s;
  GError *error;
  GError *trouble;
} LwPlanItem;

/* How long a network that goes away in the middle of a run is tolerated. One that is away from the
 * beginning is an error at once. */
#define LW_PLAN_MAX_TROUBLE_US (2 * 60 * (gint64) G_TIME_SPAN_SECOND)

LwPlanItem *lw_plan_item_copy (const LwPlanItem *self);
void lw_plan_item_free (LwPlanItem *self);

/**
 * LwPlan:
 *
 * The resources of one attempt, reconciled: each is looked at, made when missing, waited for. Run
 * again it is always right: what stands is kept, what is being made is waited for, a stopped
 * instance is started, a compute that could not be created is made anew (it is the only thing that
 * a plan ever deletes, and it holds nothing). The names come from the record, which was saved
 * before. Reference counted, any thread; runs of one plan queue up.
 */
typedef struct _LwPlan LwPlan;

/** LwPlanFunc: @item changed; valid during the call. Called on the thread of the run or on one of
 *   its workers, one call at a time; must not call the plan */
typedef void (*LwPlanFunc) (const LwPlanItem *item, gpointer user_data);

/**
 * lw_plan_new:
 * @record: with tenant, subscription, region, size, node count and all names set
 *
 * Errors: %LW_ERROR_MALFORMED naming the value that the record lacks
 */
LwPlan *lw_plan_new (LwAzure *azure, LwLab *lab, LwRecord *record, GError **error);
LwPlan *lw_plan_ref (LwPlan *self);
void lw_plan_unref (LwPlan *self);

/** lw_plan_get_items: Returns: (transfer full) (element-type LwPlanItem): copies, one per kind, in
 *   order */
GPtrArray *lw_plan_get_items (LwPlan *self);

/** lw_plan_look: asks the cloud for the truth of every item, makes nothing; @func: (nullable) */
gboolean lw_plan_look (LwPlan *self, LwPlanFunc func, gpointer user_data,
                       GCancellable *cancellable, GError **error);

/**
 * lw_plan_run: reconciles until every item is ready
 * @func: (nullable)
 *
 * What does not depend on each other is made side by side, on threads that are joined before this
 * returns: storage, vault and log workspace; instance and cluster. Saves when it began, before
 * anything is made, and when everything stood, in the record. Cancelled: what is being made goes on
 * in the cloud, and the next run finds it.
 *
 * Errors: that of the first item that failed, items tell theirs: #LW_AZURE_ERROR as the service
 *   said no (SkuNotAvailable, quota, policy, …); %LW_LAB_ERROR_GROUP_FOREIGN when the group is in
 *   another region; %LW_LAB_ERROR_RESOURCE_FAILED; %LW_LAB_ERROR_NO_IDLE_SHUTDOWN;
 *   %LW_ERROR_TIMED_OUT; those of lw_record_set_time(), before anything is made
 */
gboolean lw_plan_run (LwPlan *self, LwPlanFunc func, gpointer user_data,
                      GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwPlan, lw_plan_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwPlanItem, lw_plan_item_free)

G_END_DECLS

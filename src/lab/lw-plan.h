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

const char *lw_plan_kind_get_id (LwPlanKind kind);

/** LwPlanState: what is known of one resource of the plan */
typedef enum
{
  LW_PLAN_UNKNOWN, /* not looked at yet */
  LW_PLAN_ABSENT,
  LW_PLAN_LOOKING,
  LW_PLAN_MAKING,
  LW_PLAN_READY,
  LW_PLAN_WRONG, /* stands, but not as the lab needs it (failed, stopped, no idle shutdown) */
  LW_PLAN_FAILED,
} LwPlanState;

/**
 * LwPlanItem: one resource; read-only for callers
 * @detail: (nullable): the service's word: "Running", "Creating", "PT60M", …
 * @started_us, @ended_us: wall clock, 0 when not
 * @usual_min_s, @usual_max_s: how long it usually takes
 */
typedef struct
{
  LwPlanKind kind;
  char *name;
  char *id;
  LwPlanState state;
  char *detail;
  gint64 started_us;
  gint64 ended_us;
  int usual_min_s;
  int usual_max_s;
  GError *error; /* (nullable) */
} LwPlanItem;

LwPlanItem *lw_plan_item_copy (const LwPlanItem *self);
void lw_plan_item_free (LwPlanItem *self);

/**
 * LwPlan:
 *
 * The resources of one attempt, reconciled: each is looked at, made when missing, waited for. Run
 * again it is always right: what stands is kept. The names come from the record, which was saved
 * before. Instance and cluster are made side by side. Any thread; one run at a time.
 */
typedef struct _LwPlan LwPlan;

/** LwPlanFunc: @item changed; called on the thread of the run (or on one of its two workers, one at
 *   a time) */
typedef void (*LwPlanFunc) (const LwPlanItem *item, gpointer user_data);

/** lw_plan_new: @record: with names, region, size and node count set */
LwPlan *lw_plan_new (LwAzure *azure, LwLab *lab, LwRecord *record, GError **error);
LwPlan *lw_plan_ref (LwPlan *self);
void lw_plan_unref (LwPlan *self);

/** lw_plan_get_items: Returns: (transfer container) (element-type LwPlanItem): copies */
GPtrArray *lw_plan_get_items (LwPlan *self);

/** lw_plan_look: asks the cloud for the truth of every item, makes nothing */
gboolean lw_plan_look (LwPlan *self, LwPlanFunc func, gpointer user_data,
                       GCancellable *cancellable, GError **error);

/**
 * lw_plan_run: reconciles until every item is ready. Cancelled: what is being made goes on in the
 * cloud, and the next run finds it.
 *
 * Errors: that of the first item that failed; items tell theirs
 */
gboolean lw_plan_run (LwPlan *self, LwPlanFunc func, gpointer user_data,
                      GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwPlan, lw_plan_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwPlanItem, lw_plan_item_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-ml.h"
#include "lw-record.h"

G_BEGIN_DECLS

/** LwCheckState: how one check of the preflight stands */
typedef enum
{
  LW_CHECK_WAITING,
  LW_CHECK_RUNNING,
  LW_CHECK_OK,
  LW_CHECK_WARNING,
  LW_CHECK_FAILED,
} LwCheckState;

/** LwCheckKind: what is asked before anything is made */
typedef enum
{
  LW_CHECK_SUBSCRIPTION, /* enabled, spending limit */
  LW_CHECK_PERMISSION,   /* may create groups, workspaces, computes */
  LW_CHECK_PROVIDERS,    /* all registered; registers them and waits, bounded */
  LW_CHECK_REGION,       /* policy and offer, sizes, both quotas: picks region and size */
  LW_CHECK_NAMES,        /* group and names free, vault name not soft-deleted; whether a
                          * soft-deleted workspace keeps the name, only its creation tells */
} LwCheckKind;
#define LW_N_CHECKS 5

/** LwRejectReason: why a candidate (region, size) was passed over */
typedef enum
{
  LW_REJECT_NONE, /* it would do, or is chosen */
  LW_REJECT_REGION_NOT_OFFERED,
  LW_REJECT_REGION_POLICY,
  LW_REJECT_SIZE_NOT_OFFERED,
  LW_REJECT_VM_QUOTA,
  LW_REJECT_ML_QUOTA,
  LW_REJECT_REFUSED, /* excluded by the caller: a create call refused it */
  LW_REJECT_ERROR,   /* the question could not be answered */
} LwRejectReason;

/**
 * LwCandidate: one (region, size) that was looked at
 * @vm_size: (nullable): %NULL when the whole region was rejected
 * @needed: vCPU of the instance and @max_nodes nodes, or of the fewest nodes when rejected
 * @free_cores: vCPU that the tightest quota leaves; -1 when no quota limits or none is told
 * @max_nodes: nodes of the cluster that fit, at most the lab's number
 * @price_per_hour: of one machine, USD; < 0 when not told
 */
typedef struct
{
  char *region;
  char *vm_size;
  gboolean chosen;
  LwRejectReason reason;
  gint64 needed;
  gint64 free_cores;
  int max_nodes;
  double price_per_hour;
} LwCandidate;

void lw_candidate_free (LwCandidate *self);

/**
 * LwPreflightFunc:
 * @detail: (nullable): what it is about just now: a provider, a region, a name, a state
 * @error: (nullable): with %LW_CHECK_FAILED, and with %LW_CHECK_WARNING where a service said no
 *
 * Called on the thread of the run.
 */
typedef void (*LwPreflightFunc) (LwCheckKind check, LwCheckState state, const char *detail,
                                 const GError *error, gpointer user_data);

/**
 * LwPreflightResult
 * @price_per_hour: of one machine, USD; < 0 when not told
 * @candidates: (element-type LwCandidate): all that were looked at, in order
 */
typedef struct
{
  char *region;
  char *vm_size;
  int max_nodes;
  double price_per_hour;
  GPtrArray *candidates;
} LwPreflightResult;

void lw_preflight_result_free (LwPreflightResult *self);

/* How long registrations of providers are waited for. What is still under way then is told as a
 * warning: the create call will judge. */
#define LW_PREFLIGHT_MAX_REGISTER_US (5 * 60 * (gint64) G_TIME_SPAN_SECOND)

/** lw_preflight_get_providers: Returns: the providers that every plan needs, %NULL-terminated */
const char *const *lw_preflight_get_providers (void);

/**
 * LwPreflightRequest: all borrowed
 * @subscription: as listed
 * @locale: (nullable): decides which regions come first: "ko_KR.UTF-8"
 * @region, @vm_size: (nullable): fixed by the person or a class file: then only these are looked at
 * @record: whose names are checked, and whose suffix tells its own group from a foreign one
 * @excluded: (nullable): "region/size" or "region", refused by a create call before
 */
typedef struct
{
  LwArm arm;
  LwLab *lab;
  const LwSubscription *subscription;
  const char *locale;
  const char *region;
  const char *vm_size;
  LwRecord *record;
  const char *const *excluded;
} LwPreflightRequest;

/**
 * lw_preflight_run:
 * @rejected: (out) (optional) (element-type LwCandidate): what was looked at when nothing fits
 *
 * Asks everything that can be asked before anything is made, and chooses a region and a size: the
 * nearest region in which some size fits with all nodes, or else with the fewest. Nothing is
 * created but registrations of providers. The create call remains the judge: where it refuses the
 * choice all the same, run again with it excluded.
 *
 * Returns: (transfer full): the choice; %NULL with the error of the first check that failed:
 *   %LW_LAB_ERROR_SUBSCRIPTION_OFF, %LW_LAB_ERROR_PERMISSION_MISSING, %LW_LAB_ERROR_NO_CANDIDATE,
 *   %LW_LAB_ERROR_NAME_TAKEN, %LW_LAB_ERROR_GROUP_FOREIGN, #LW_AZURE_ERROR
 */
LwPreflightResult *lw_preflight_run (const LwPreflightRequest *request, GPtrArray **rejected,
                                     LwPreflightFunc func, gpointer user_data,
                                     GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwCandidate, lw_candidate_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwPreflightResult, lw_preflight_result_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-lab.h"
#include "lw-ml.h"

G_BEGIN_DECLS

/**
 * LwCheckState: one check of the preflight
 */
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
  LW_CHECK_NAMES,        /* group and names free, workspace name not soft-deleted */
} LwCheckKind;
#define LW_N_CHECKS 5

/** LwRejectReason: why a candidate (region, size) was passed over */
typedef enum
{
  LW_REJECT_REGION_NOT_OFFERED,
  LW_REJECT_REGION_POLICY,
  LW_REJECT_SIZE_NOT_OFFERED,
  LW_REJECT_VM_QUOTA,
  LW_REJECT_ML_QUOTA,
  LW_REJECT_ERROR, /* the question could not be answered */
} LwRejectReason;

/** LwCandidate: one (region, size) that was looked at; @needed/@free_cores in vCPU */
typedef struct
{
  char *region;
  char *vm_size; /* (nullable): the whole region was rejected */
  gboolean chosen;
  LwRejectReason reason;
  gint64 needed;
  gint64 free_cores;
  int max_nodes; /* what fits */
  double price_per_hour;
} LwCandidate;

/** LwPreflightEvent: @error, @detail: (nullable); detail is a name, e.g. a provider being registered */
typedef void (*LwPreflightFunc) (LwCheckKind check, LwCheckState state, const char *detail,
                                 const GError *error, gpointer user_data);

/**
 * LwPreflightResult
 * @candidates: (element-type LwCandidate): all that were looked at, in order
 */
typedef struct
{
  char *region;
  char *vm_size;
  int max_nodes;
  double price_per_hour; /* of one machine, USD; < 0 when not told */
  GPtrArray *candidates;
} LwPreflightResult;

void lw_preflight_result_free (LwPreflightResult *self);

/**
 * lw_preflight_run:
 * @subscription: as listed
 * @language: decides which regions come first
 * @region, @vm_size: (nullable): fixed by the person or a class file: then only these are looked at
 * @names: group, workspace, storage, vault names to check, as "what" → name
 *
 * Nothing is created but registrations of providers. The create call remains the judge: where it
 * refuses a candidate all the same, run again with it excluded (@excluded: (nullable) "region/size").
 *
 * Returns: (transfer full): the choice; %NULL with the error of the first check that failed;
 *   LW_ERROR_NOT_FOUND when no candidate fits (@rejected: (out) (optional) (element-type LwCandidate))
 */
LwPreflightResult *lw_preflight_run (const LwArm *arm, LwLab *lab,
                                     const LwSubscription *subscription, const char *language,
                                     const char *region, const char *vm_size, GHashTable *names,
                                     const char *const *excluded, GPtrArray **rejected,
                                     LwPreflightFunc func, gpointer user_data,
                                     GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwPreflightResult, lw_preflight_result_free)

G_END_DECLS

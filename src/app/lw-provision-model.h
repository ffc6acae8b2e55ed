/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-plan.h"
#include "lw-preflight.h"
#include "lw-session.h"

G_BEGIN_DECLS

#define LW_TYPE_PROVISION_MODEL (lw_provision_model_get_type ())
G_DECLARE_FINAL_TYPE (LwProvisionModel, lw_provision_model, LW, PROVISION_MODEL, GObject)

/**
 * LwProvisionPhase: what step 2 is at
 * @LW_PROVISION_IDLE: nothing asked yet
 * @LW_PROVISION_CHECKING: the preflight runs
 * @LW_PROVISION_PLANNED: region and size are chosen, nothing was made
 * @LW_PROVISION_LOOKING: the cloud is asked what stands of an earlier start
 * @LW_PROVISION_CREATING: resources are being made
 * @LW_PROVISION_STOPPED: begun before, not complete, nothing under way
 * @LW_PROVISION_DONE: everything stands as the lab needs it
 */
typedef enum
{
  LW_PROVISION_IDLE,
  LW_PROVISION_CHECKING,
  LW_PROVISION_PLANNED,
  LW_PROVISION_LOOKING,
  LW_PROVISION_CREATING,
  LW_PROVISION_STOPPED,
  LW_PROVISION_DONE,
} LwProvisionPhase;

/**
 * LwProvisionModel:
 *
 * The work of step 2: preflight, plan, what stands. Outlives its page; runs the core on the pool.
 * Main thread.
 *
 * Signals:
 *   "changed" (): anything that the getters tell
 */

LwProvisionPhase lw_provision_model_get_phase (LwProvisionModel *self);

/** lw_provision_model_get_error: Returns: (nullable): what the last work ended with */
const GError *lw_provision_model_get_error (LwProvisionModel *self);

/** lw_provision_model_get_check: @detail: (out) (nullable): a name, as the preflight told it */
LwCheckState lw_provision_model_get_check (LwProvisionModel *self, LwCheckKind kind,
                                           const char **detail);

/** lw_provision_model_get_result: Returns: (nullable): what the last preflight chose */
const LwPreflightResult *lw_provision_model_get_result (LwProvisionModel *self);

/** lw_provision_model_get_candidates: Returns: (nullable) (element-type LwCandidate): what the last
 *   preflight looked at, also when nothing fitted */
GPtrArray *lw_provision_model_get_candidates (LwProvisionModel *self);

/** lw_provision_model_get_item: Returns: (nullable): what is known of one resource */
const LwPlanItem *lw_provision_model_get_item (LwProvisionModel *self, LwPlanKind kind);

/** lw_provision_model_open: takes up what is there: an earlier start is looked at, and gone on with
 *   when it was cut off not long ago; else the preflight runs. Does nothing while work runs. */
void lw_provision_model_open (LwProvisionModel *self);

/**
 * lw_provision_model_check:
 * @region, @vm_size: (nullable): fixed by the person; %NULL lets the preflight choose
 */
void lw_provision_model_check (LwProvisionModel *self, const char *region, const char *vm_size);

/** lw_provision_model_check_others: as before, but without what was chosen and then refused */
void lw_provision_model_check_others (LwProvisionModel *self);

/** lw_provision_model_create: makes the plan true, from whatever stands */
void lw_provision_model_create (LwProvisionModel *self);
void lw_provision_model_look (LwProvisionModel *self);

/** lw_provision_model_begin_anew: after a lab was cleaned up: a new attempt with new names */
void lw_provision_model_begin_anew (LwProvisionModel *self);

/** lw_provision_model_cancel: ends the work here; what is being made goes on in the cloud */
void lw_provision_model_cancel (LwProvisionModel *self);

G_END_DECLS

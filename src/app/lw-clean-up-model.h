/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-cleanup.h"
#include "lw-session.h"

G_BEGIN_DECLS

#define LW_TYPE_CLEAN_UP_MODEL (lw_clean_up_model_get_type ())
G_DECLARE_FINAL_TYPE (LwCleanUpModel, lw_clean_up_model, LW, CLEAN_UP_MODEL, GObject)

/** LwCleanUpWork: what step 6 is doing */
typedef enum
{
  LW_CLEAN_UP_RESTING,
  LW_CLEAN_UP_LISTING,
  LW_CLEAN_UP_DELETING,
  LW_CLEAN_UP_PROVING,
  LW_CLEAN_UP_PURGING,
  LW_CLEAN_UP_UNLOCKING,
} LwCleanUpWork;

/**
 * LwCleanUpModel:
 *
 * The work of step 6: lab groups, the deletion of one, its proof. Outlives its page; runs the core
 * on the pool. Main thread.
 *
 * Signals:
 *   "changed" (): anything that the getters tell
 */

LwCleanUpWork lw_clean_up_model_get_work (LwCleanUpModel *self);

/** lw_clean_up_model_get_error: Returns: (nullable): what the last work ended with */
const GError *lw_clean_up_model_get_error (LwCleanUpModel *self);

/** lw_clean_up_model_get_groups: Returns: (nullable) (element-type LwLabGroup): as listed last; %NULL
 *   before the first list */
GPtrArray *lw_clean_up_model_get_groups (LwCleanUpModel *self);

/** lw_clean_up_model_get_generation: Returns: a number that changes with every new list */
guint lw_clean_up_model_get_generation (LwCleanUpModel *self);

/** lw_clean_up_model_find_group: Returns: (nullable): the listed group of that name */
const LwLabGroup *lw_clean_up_model_find_group (LwCleanUpModel *self, const char *name);

/** lw_clean_up_model_find_own: Returns: (nullable): the group of this attempt, if it stands */
const LwLabGroup *lw_clean_up_model_find_own (LwCleanUpModel *self);

/**
 * lw_clean_up_model_get_progress:
 * @detail: (out) (nullable): the service's own word
 * @started_us: (out): wall clock
 *
 * Returns: what the deletion is at; only while it runs, and after it
 */
LwCleanupPhase lw_clean_up_model_get_progress (LwCleanUpModel *self, const char **detail,
                                               gint64 *started_us);

/** lw_clean_up_model_get_target: Returns: (nullable): group that is being, or was last, deleted */
const char *lw_clean_up_model_get_target (LwCleanUpModel *self);

/** lw_clean_up_model_get_proof: Returns: (nullable): of the last deletion */
const LwProof *lw_clean_up_model_get_proof (LwCleanUpModel *self);

void lw_clean_up_model_list (LwCleanUpModel *self);

/** lw_clean_up_model_delete: @name: a listed group; @typed_name: what the person typed */
void lw_clean_up_model_delete (LwCleanUpModel *self, const char *name, const char *typed_name);

/** lw_clean_up_model_prove: asks again whether the last deleted group is gone */
void lw_clean_up_model_prove (LwCleanUpModel *self);

/** lw_clean_up_model_purge: purges the soft-deleted vaults of the proof */
void lw_clean_up_model_purge (LwCleanUpModel *self);

/** lw_clean_up_model_unlock: removes one lock of a listed group */
void lw_clean_up_model_unlock (LwCleanUpModel *self, const char *lock_id);

/** lw_clean_up_model_cancel: ends the work here; a deletion goes on in the cloud */
void lw_clean_up_model_cancel (LwCleanUpModel *self);

G_END_DECLS

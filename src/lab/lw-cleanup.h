/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-arm.h"
#include "lw-ml.h"
#include "lw-record.h"

G_BEGIN_DECLS

/**
 * LwLabGroup: a group that belongs to a lab: by its name's prefix or our tag
 * @resources: (element-type LwResource), @computes: (element-type LwCompute) of its workspaces,
 *   @locks: (element-type LwLock): each empty where the service would not tell
 * @created_us: age, by its oldest resource; 0 when unknown
 * @price_per_hour: of what runs in it now, USD; 0 when nothing runs; < 0 when unknown
 * @ours: the record of this computer knows it
 */
typedef struct
{
  LwGroup *group;
  GPtrArray *resources;
  GPtrArray *computes;
  GPtrArray *locks;
  gint64 created_us;
  double price_per_hour;
  gboolean ours;
} LwLabGroup;

void lw_lab_group_free (LwLabGroup *self);

/**
 * lw_cleanup_list:
 * @prefix: of the names of lab groups, "rg-dp100-l"
 * @record: (nullable): whose group is told to be ours
 *
 * Returns: (transfer full) (element-type LwLabGroup): every lab group of the subscription
 */
GPtrArray *lw_cleanup_list (const LwArm *arm, const char *prefix, LwRecord *record,
                            GCancellable *cancellable, GError **error);

/** LwCleanupPhase: what is under way */
typedef enum
{
  LW_CLEANUP_PURGING_WORKSPACE, /* so that it never becomes soft-deleted */
  LW_CLEANUP_DELETING_GROUP,
  LW_CLEANUP_PROVING,
  LW_CLEANUP_DONE,
} LwCleanupPhase;

/** LwCleanupFunc: @detail: (nullable): the service's word, or the name of a workspace; @elapsed_us:
 *   since the deletion began. Called on the thread of the deletion. */
typedef void (*LwCleanupFunc) (LwCleanupPhase phase, const char *detail, gint64 elapsed_us,
                               gpointer user_data);

/**
 * LwProof: what was asked after the deletion, and what the answers were
 * @group_gone: GET of the group answered 404
 * @left: (element-type LwResource): still listed by the subscription under the group's id
 * @vaults: (element-type LwDeletedVault): soft-deleted vaults of the group
 * @vaults_told: the service told about soft-deleted vaults
 * @asked_us: when, wall clock
 */
typedef struct
{
  char *group;
  gboolean group_gone;
  GPtrArray *left;
  GPtrArray *vaults;
  gboolean vaults_told;
  gint64 asked_us;
} LwProof;

void lw_proof_free (LwProof *self);

/** lw_proof_is_clean: the group is gone and nothing of it is left but soft-deleted vaults, which
 *   cost nothing */
gboolean lw_proof_is_clean (const LwProof *self);

/**
 * lw_cleanup_delete:
 * @group: what was shown to the person
 * @typed_name: what the person typed; anything but the very name refuses with
 *   %LW_LAB_ERROR_NOT_CONFIRMED and sends nothing
 * @record: (nullable): moments are saved in it when the group is its own
 * @func: (nullable)
 *
 * Asks first whether a lock is in the way (%LW_LAB_ERROR_LOCKED) or something came into the group
 * since it was shown (%LW_LAB_ERROR_GROUP_CHANGED): then nothing is deleted. Deletes workspaces
 * with purge, then the group, then proves. Begun again after a cancel or a crash it goes on.
 * Cancelled: the deletion goes on in the cloud.
 *
 * Returns: (transfer full): the proof, clean or not; %NULL with the above, #LW_AZURE_ERROR, …
 */
LwProof *lw_cleanup_delete (const LwArm *arm, const LwLabGroup *group, const char *typed_name,
                            LwRecord *record, LwCleanupFunc func, gpointer user_data,
                            GCancellable *cancellable, GError **error);

/** lw_cleanup_prove: asks again; Returns: (transfer full) */
LwProof *lw_cleanup_prove (const LwArm *arm, const char *group, GCancellable *cancellable,
                           GError **error);

/** lw_cleanup_purge_vaults: purges the soft-deleted vaults of @proof, and takes them out of it;
 *   those with purge protection stay */
gboolean lw_cleanup_purge_vaults (const LwArm *arm, LwProof *proof, GCancellable *cancellable,
                                  GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwLabGroup, lw_lab_group_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwProof, lw_proof_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-arm.h"
#include "lw-ml.h"
#include "lw-record.h"

G_BEGIN_DECLS

/**
 * LwLabGroup: a group that belongs to a lab: by its name's prefix or our tag
 * @resources: (element-type LwResource), @computes: (element-type LwCompute) of its workspaces
 * @created_us: age, by its oldest resource; 0 when unknown
 * @price_per_hour: of what runs in it now, USD; < 0 when unknown
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

/** lw_cleanup_list: Returns: (element-type LwLabGroup): every lab group of the subscription */
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

typedef void (*LwCleanupFunc) (LwCleanupPhase phase, const char *detail, gint64 elapsed_us,
                               gpointer user_data);

/**
 * LwProof: what was asked after the deletion, and what the answers were
 * @group_gone: GET of the group answered 404
 * @left: (element-type LwResource): still listed by the subscription under the group's id
 * @vaults: (element-type LwDeletedVault): soft-deleted vaults of the group
 * @asked_us: when
 */
typedef struct
{
  char *group;
  gboolean group_gone;
  GPtrArray *left;
  GPtrArray *vaults;
  gint64 asked_us;
} LwProof;

void lw_proof_free (LwProof *self);

/** lw_proof_is_clean: the group is gone and nothing of it is left but soft-deleted vaults, which
 *   cost nothing */
gboolean lw_proof_is_clean (const LwProof *self);

/**
 * lw_cleanup_delete:
 * @group: what was shown to the person
 * @typed_name: what the person typed; anything but the very name refuses with %LW_ERROR_DENIED and
 *   sends nothing
 *
 * Deletes workspaces with purge, then the group, then proves. Saves the moments in @record when the
 * group is its own. Cancelled: the deletion goes on in the cloud.
 */
LwProof *lw_cleanup_delete (const LwArm *arm, const LwLabGroup *group, const char *typed_name,
                            LwRecord *record, LwCleanupFunc func, gpointer user_data,
                            GCancellable *cancellable, GError **error);

/** lw_cleanup_prove: asks again */
LwProof *lw_cleanup_prove (const LwArm *arm, const char *group, GCancellable *cancellable,
                           GError **error);

/** lw_cleanup_purge_vaults: purges the soft-deleted vaults of @proof */
gboolean lw_cleanup_purge_vaults (const LwArm *arm, LwProof *proof, GCancellable *cancellable,
                                  GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwProof, lw_proof_free)

G_END_DECLS

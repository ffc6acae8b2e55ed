/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-job.h"
#include "lw-plan.h"

G_BEGIN_DECLS

/**
 * LwEquivalent: what the last action was, said in the other tools' languages, each complete enough
 * to be copied and run. Names are quoted for the shell or for Python. No secret in it: neither tool
 * is given one on its command line.
 * @az: Azure CLI with its extension "ml", for a POSIX shell
 * @python: azure-ai-ml and azure-identity; Azure's other SDK packages where azure-ai-ml has nothing
 */
typedef struct
{
  char *az;
  char *python;
} LwEquivalent;

/* Each function below fills @equivalent, which holds nothing before; lw_equivalent_clear() frees
 * what it holds. Pure, any thread. */

void lw_equivalent_clear (LwEquivalent *self);

void lw_equivalent_sign_in (const char *tenant_id, const char *subscription_id,
                            LwEquivalent *equivalent);

/** lw_equivalent_plan: @items: (element-type LwPlanItem): whose names are used; @idle_minutes: of
 *   the instance */
void lw_equivalent_plan (const char *subscription_id, const char *region, const char *vm_size,
                         int max_nodes, int idle_minutes, GPtrArray *items,
                         LwEquivalent *equivalent);

/** lw_equivalent_job: @name: of the job; @folder: local path of the code */
void lw_equivalent_job (const LwMl *ml, const char *name, const char *folder,
                        const LwJobSpec *spec, LwEquivalent *equivalent);
void lw_equivalent_follow (const LwMl *ml, const char *job, LwEquivalent *equivalent);

/** lw_equivalent_delete: @workspace: (nullable): purged before the group is deleted */
void lw_equivalent_delete (const char *subscription_id, const char *group, const char *workspace,
                           LwEquivalent *equivalent);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LwEquivalent, lw_equivalent_clear)

G_END_DECLS

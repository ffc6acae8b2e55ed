/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-job.h"
#include "lw-plan.h"

G_BEGIN_DECLS

/**
 * LwEquivalent: what the last action was, said in the other tools' languages, each complete enough
 * to be copied and run. No secret in it.
 */
typedef struct
{
  char *az;     /* Azure CLI, one command a line */
  char *python; /* azure-ai-ml and azure-identity */
} LwEquivalent;

void lw_equivalent_clear (LwEquivalent *self);

void lw_equivalent_sign_in (const char *tenant_id, const char *subscription_id,
                            LwEquivalent *equivalent);
void lw_equivalent_plan (const char *subscription_id, const char *region, const char *vm_size,
                         int max_nodes, int idle_minutes, GPtrArray *items,
                         LwEquivalent *equivalent);
void lw_equivalent_job (const LwMl *ml, const char *folder, const LwJobSpec *spec,
                        LwEquivalent *equivalent);
void lw_equivalent_follow (const LwMl *ml, const char *job, LwEquivalent *equivalent);
void lw_equivalent_delete (const char *subscription_id, const char *group,
                           LwEquivalent *equivalent);

G_END_DECLS

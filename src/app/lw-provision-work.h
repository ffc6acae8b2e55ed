/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-mailbox.h"
#include "lw-plan.h"
#include "lw-preflight.h"
#include "lw-target.h"

G_BEGIN_DECLS

/* What step 2 does on a worker; the model (lw-provision-model.h) gives the input and reads the
 * letters. */

/** LwProvisionLetter: a check or an item (not both) changed */
typedef struct
{
  LwPlanItem *item; /* (nullable): NULL for a check */
  LwCheckKind check;
  LwCheckState state;
  char *detail; /* (nullable) */
} LwProvisionLetter;

void lw_provision_letter_free (LwProvisionLetter *self);

/**
 * LwProvisionInput: everything the worker needs, owned by it
 * @region, @vm_size: (nullable): fixed ones of a check; what was chosen for a creation
 * @max_nodes: for a creation
 * @excluded: (nullable): "region/size" that were refused
 * @rejected: (nullable): filled by a check that found nothing
 */
typedef struct
{
  LwTarget *target;
  LwAzure *azure;
  LwLab *lab;
  LwRecord *record;
  LwClock *clock;
  LwSubscription *subscription;
  char *locale;
  char *region;
  char *vm_size;
  int max_nodes;
  char **excluded;
  GPtrArray *rejected;
  LwMailbox *mailbox;
} LwProvisionInput;

void lw_provision_input_free (LwProvisionInput *self);

/* Functions for lw_pool_run(). The first gives an LwPreflightResult, the others the items
 * (element-type LwPlanItem). */
gpointer lw_provision_check_in_pool (gpointer data, GCancellable *cancellable, GError **error);
gpointer lw_provision_create_in_pool (gpointer data, GCancellable *cancellable, GError **error);
gpointer lw_provision_look_in_pool (gpointer data, GCancellable *cancellable, GError **error);

G_END_DECLS

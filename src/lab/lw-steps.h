/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-record.h"

G_BEGIN_DECLS

/** LwStepState: as the list of steps shows it */
typedef enum
{
  LW_STEP_LOCKED,
  LW_STEP_READY,
  LW_STEP_RUNNING,
  LW_STEP_DONE,
  LW_STEP_NEEDS_YOU,
} LwStepState;

/**
 * LwStepFacts: what the application knows at this moment beside the record
 * @signed_in: an account with a subscription is there
 * @running: a bit (1 << LwStepKind) for work under way
 * @failed: a bit for work that ended with an error
 */
typedef struct
{
  gboolean signed_in;
  guint running;
  guint failed;
} LwStepFacts;

/**
 * lw_steps_derive:
 * @record: (nullable): %NULL before there is an attempt
 * @states: (out caller-allocates): one per #LwStepKind
 *
 * The script is never locked, as it can be read and run on this computer while the cloud is being
 * made ready. What was begun and not seen done, after a crash say, needs the person.
 */
void lw_steps_derive (LwRecord *record, const LwStepFacts *facts, LwStepState states[LW_N_STEPS]);

/** lw_steps_get_suggested: Returns: the step to go on with: the first that needs the person, else
 *   the first that is ready, else the first that runs, else the last step */
LwStepKind lw_steps_get_suggested (const LwStepState states[LW_N_STEPS]);

G_END_DECLS

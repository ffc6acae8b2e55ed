/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What state each step is in, derived from the record and a few facts of the moment. Pure functions
 * but for reading the record; any thread. */

#include "lw-steps.h"

static gboolean
has_time (LwRecord *record, const char *key)
{
  return record != NULL && lw_record_get_time (record, key) != 0;
}

static gboolean
has_value (LwRecord *record, const char *key)
{
  g_autofree char *value = record != NULL ? lw_record_dup (record, key) : NULL;

  return value != NULL;
}

/* The log of the newest job was read after it had ended. */
static gboolean
is_reviewed (LwRecord *record)
{
  g_autofree char *job = record != NULL ? lw_record_dup (record, LW_RECORD_JOB) : NULL;
  g_autofree char *reviewed
    = record != NULL ? lw_record_dup (record, LW_RECORD_JOB_REVIEWED) : NULL;

  return has_time (record, LW_RECORD_JOB_ENDED) && job != NULL && g_strcmp0 (job, reviewed) == 0;
}

/* What the step is when nothing of it runs and nothing of it failed. */
static LwStepState
derive_at_rest (LwRecord *record, LwStepKind kind, gboolean signed_in)
{
  gboolean deleted = has_time (record, LW_RECORD_DELETE_PROVED);
  gboolean provisioned = has_time (record, LW_RECORD_PROVISION_DONE);
  gboolean begun = has_time (record, LW_RECORD_PROVISION_STARTED);
  gboolean submitted = has_time (record, LW_RECORD_JOB_SUBMITTED);
  LwStepState usable = signed_in && !deleted ? LW_STEP_READY : LW_STEP_LOCKED;

  switch (kind)
    {
    case LW_STEP_SIGN_IN:
      return signed_in ? LW_STEP_DONE : LW_STEP_READY;
    case LW_STEP_PROVISION:
      if (provisioned)
        return LW_STEP_DONE;
      return begun && usable == LW_STEP_READY ? LW_STEP_NEEDS_YOU : usable;
    case LW_STEP_SCRIPT:
      return has_value (record, LW_RECORD_LOCAL_ACCURACY) ? LW_STEP_DONE : LW_STEP_READY;
    case LW_STEP_JOB:
      if (submitted)
        return LW_STEP_DONE;
      return provisioned ? usable : LW_STEP_LOCKED;
    case LW_STEP_RESULTS:
      if (is_reviewed (record))
        return LW_STEP_DONE;
      return submitted ? usable : LW_STEP_LOCKED;
    case LW_STEP_CLEAN_UP:
      if (deleted)
        return LW_STEP_DONE;
      if (has_time (record, LW_RECORD_DELETE_STARTED) && signed_in)
        return LW_STEP_NEEDS_YOU;
      return begun ? usable : LW_STEP_LOCKED;
    default:
      g_return_val_if_reached (LW_STEP_LOCKED);
    }
}

void
lw_steps_derive (LwRecord *record, const LwStepFacts *facts, LwStepState states[LW_N_STEPS])
{
  g_return_if_fail (facts != NULL);
  g_return_if_fail (states != NULL);

  for (guint kind = 0; kind < LW_N_STEPS; kind++)
    {
      if (facts->running & (1u << kind))
        states[kind] = LW_STEP_RUNNING;
      else if (facts->failed & (1u << kind))
        states[kind] = LW_STEP_NEEDS_YOU;
      else
        states[kind] = derive_at_rest (record, kind, facts->signed_in);
    }
}

LwStepKind
lw_steps_get_suggested (const LwStepState states[LW_N_STEPS])
{
  static const LwStepState order[] = { LW_STEP_NEEDS_YOU, LW_STEP_READY, LW_STEP_RUNNING };

  g_return_val_if_fail (states != NULL, LW_STEP_SIGN_IN);

  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    for (guint kind = 0; kind < LW_N_STEPS; kind++)
      if (states[kind] == order[i])
        return kind;
  return LW_STEP_CLEAN_UP;
}

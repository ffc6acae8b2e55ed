/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lw-steps.h"

#include <glib/gstdio.h>

/* A letter for each state: locked, ready, running (X), done, needs you. */
static const char letters[]
  = { [LW_STEP_LOCKED] = 'L', [LW_STEP_READY] = 'R', [LW_STEP_RUNNING] = 'X', [LW_STEP_DONE] = 'D',
      [LW_STEP_NEEDS_YOU] = 'N' };

/* What the record holds, as bits. */
enum
{
  STARTED = 1 << 0,
  PROVISIONED = 1 << 1,
  TESTED = 1 << 2,
  SUBMITTED = 1 << 3,
  ENDED = 1 << 4,
  REVIEWED = 1 << 5,
  DELETING = 1 << 6,
  DELETED = 1 << 7,
};

static const struct
{
  guint record;
  gboolean signed_in;
  guint running;
  guint failed;
  const char *expected;
  LwStepKind suggested;
} cases[] = {
  { 0, FALSE, 0, 0, "RLRLLL", LW_STEP_SIGN_IN },
  { 0, TRUE, 0, 0, "DRRLLL", LW_STEP_PROVISION },
  { STARTED, TRUE, 1 << LW_STEP_PROVISION, 0, "DXRLLR", LW_STEP_SCRIPT },
  { STARTED, TRUE, 0, 0, "DNRLLR", LW_STEP_PROVISION },
  { STARTED, TRUE, 0, 1 << LW_STEP_PROVISION, "DNRLLR", LW_STEP_PROVISION },
  { STARTED, FALSE, 0, 0, "RLRLLL", LW_STEP_SIGN_IN },
  { STARTED | PROVISIONED, TRUE, 0, 0, "DDRRLR", LW_STEP_SCRIPT },
  { STARTED | PROVISIONED | TESTED, TRUE, 0, 0, "DDDRLR", LW_STEP_JOB },
  { STARTED | PROVISIONED | TESTED | SUBMITTED, TRUE, 1 << LW_STEP_RESULTS, 0, "DDDDXR",
    LW_STEP_CLEAN_UP },
  { STARTED | PROVISIONED | TESTED | SUBMITTED, TRUE, 0, 0, "DDDDRR", LW_STEP_RESULTS },
  { STARTED | PROVISIONED | TESTED | SUBMITTED | ENDED, TRUE, 0, 0, "DDDDRR",
    LW_STEP_RESULTS },
  { STARTED | PROVISIONED | TESTED | SUBMITTED | ENDED | REVIEWED, TRUE, 0, 0, "DDDDDR",
    LW_STEP_CLEAN_UP },
  { STARTED | PROVISIONED | TESTED | DELETING, TRUE, 0, 0, "DDDRLN", LW_STEP_CLEAN_UP },
  { STARTED | PROVISIONED | TESTED | SUBMITTED | ENDED | REVIEWED | DELETING | DELETED, TRUE, 0, 0,
    "DDDDDD", LW_STEP_CLEAN_UP },
  { STARTED | DELETING | DELETED, TRUE, 0, 0, "DLRLLD", LW_STEP_SCRIPT },
};

static void
set_time (LwRecord *record, guint bits, guint bit, const char *key)
{
  g_autoptr (GError) error = NULL;

  if (bits & bit)
    lw_record_set_time (record, key, 1, &error);
  g_assert_no_error (error);
}

static void
fill (LwRecord *record, guint bits)
{
  g_autoptr (GError) error = NULL;

  set_time (record, bits, STARTED, LW_RECORD_PROVISION_STARTED);
  set_time (record, bits, PROVISIONED, LW_RECORD_PROVISION_DONE);
  set_time (record, bits, SUBMITTED, LW_RECORD_JOB_SUBMITTED);
  set_time (record, bits, ENDED, LW_RECORD_JOB_ENDED);
  set_time (record, bits, DELETING, LW_RECORD_DELETE_STARTED);
  set_time (record, bits, DELETED, LW_RECORD_DELETE_PROVED);
  if (bits & TESTED)
    lw_record_set (record, &error, LW_RECORD_LOCAL_ACCURACY, "0.774", NULL);
  g_assert_no_error (error);
  lw_record_set (record, &error, LW_RECORD_JOB, bits & SUBMITTED ? "calm_river" : NULL,
                 LW_RECORD_JOB_REVIEWED, bits & REVIEWED ? "calm_river" : NULL, NULL);
  g_assert_no_error (error);
}

static void
check_case (guint index, LwLab *lab, GFile *folder)
{
  g_autoptr (LwRecord) record = lw_record_new (folder, lab, "practice");
  LwStepFacts facts
    = { cases[index].signed_in, cases[index].running, cases[index].failed };
  LwStepState states[LW_N_STEPS];
  char derived[LW_N_STEPS + 1] = "";

  fill (record, cases[index].record);
  lw_steps_derive (record, &facts, states);
  for (guint kind = 0; kind < LW_N_STEPS; kind++)
    derived[kind] = letters[states[kind]];
  g_assert_cmpstr (derived, ==, cases[index].expected);
  g_assert_cmpint (lw_steps_get_suggested (states), ==, cases[index].suggested);
  g_assert_true (g_file_delete (lw_record_get_file (record), NULL, NULL));
}

static void
test_table (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("LW_TEST_SOURCE_ROOT"), "data", "labs",
                                            "dp100-08.json", NULL);
  g_autoptr (GFile) lab_file = g_file_new_for_path (path);
  g_autoptr (LwLab) lab = lw_lab_load (lab_file, NULL);
  g_autofree char *folder_path = g_dir_make_tmp ("lw-steps-XXXXXX", NULL);
  g_autofree char *lock = g_build_filename (folder_path, ".lock", NULL);
  g_autoptr (GFile) folder = g_file_new_for_path (folder_path);

  g_assert_nonnull (lab);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    check_case (i, lab, folder);
  g_assert_cmpint (g_unlink (lock), ==, 0);
  g_assert_cmpint (g_rmdir (folder_path), ==, 0);
}

static void
test_no_record (void)
{
  LwStepFacts facts = { FALSE, 0, 0 };
  LwStepState states[LW_N_STEPS];

  lw_steps_derive (NULL, &facts, states);
  g_assert_cmpint (states[LW_STEP_SIGN_IN], ==, LW_STEP_READY);
  g_assert_cmpint (states[LW_STEP_PROVISION], ==, LW_STEP_LOCKED);
  facts.signed_in = TRUE;
  lw_steps_derive (NULL, &facts, states);
  g_assert_cmpint (states[LW_STEP_PROVISION], ==, LW_STEP_READY);
  g_assert_cmpint (states[LW_STEP_CLEAN_UP], ==, LW_STEP_LOCKED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/steps/table", test_table);
  g_test_add_func ("/steps/no-record", test_no_record);
  return g_test_run ();
}

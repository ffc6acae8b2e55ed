/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the services' words mean for a plan. Whole runs are tested against the practice cloud. */

#include "lw-plan-private.h"

static void
test_minutes (void)
{
  static const struct
  {
    const char *duration;
    int minutes;
  } cases[] = {
    { "PT30M", 30 },   { "PT1H", 60 },   { "PT1H30M", 90 },  { "P1D", 1440 }, { "P1DT1M", 1441 },
    { "PT90S", 2 },    { "PT0S", 0 },    { "P", 0 },         { "PT", 0 },     { "", 0 },
    { NULL, 0 },       { "30", 0 },      { "PT30", 0 },      { "PTM", 0 },    { "PT-5M", 0 },
    { "P30M", 0 },     { "PT1D", 0 },    { "PTT5M", 0 },     { "PT5M ", 0 },
    { "PT99999999999H", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (lw_plan_read_minutes (cases[i].duration), ==, cases[i].minutes);
}

static void
test_states (void)
{
  g_assert_cmpint (lw_plan_sight_from_state (NULL), ==, LW_PLAN_SEES_READY);
  g_assert_cmpint (lw_plan_sight_from_state ("succeeded"), ==, LW_PLAN_SEES_READY);
  g_assert_cmpint (lw_plan_sight_from_state ("Failed"), ==, LW_PLAN_SEES_FAILED);
  g_assert_cmpint (lw_plan_sight_from_state ("Canceled"), ==, LW_PLAN_SEES_FAILED);
  g_assert_cmpint (lw_plan_sight_from_state ("Deleting"), ==, LW_PLAN_SEES_BUSY);
  g_assert_cmpint (lw_plan_sight_from_state ("a word of the future"), ==, LW_PLAN_SEES_BUSY);
}

static void
test_computes (void)
{
  static const struct
  {
    LwComputeKind kind;
    const char *state;
    const char *instance_state;
    const char *idle_shutdown;
    LwPlanSight sight;
  } cases[] = {
    { LW_COMPUTE_CLUSTER, "Succeeded", NULL, NULL, LW_PLAN_SEES_READY },
    { LW_COMPUTE_CLUSTER, "Creating", NULL, NULL, LW_PLAN_SEES_BUSY },
    { LW_COMPUTE_CLUSTER, "Failed", NULL, NULL, LW_PLAN_SEES_CREATE_FAILED },
    { LW_COMPUTE_INSTANCE, "Creating", NULL, NULL, LW_PLAN_SEES_BUSY },
    { LW_COMPUTE_INSTANCE, "Succeeded", "Running", "PT30M", LW_PLAN_SEES_READY },
    { LW_COMPUTE_INSTANCE, "Succeeded", "JobRunning", "PT1H", LW_PLAN_SEES_READY },
    { LW_COMPUTE_INSTANCE, "Succeeded", "Running", NULL, LW_PLAN_SEES_NO_IDLE },
    { LW_COMPUTE_INSTANCE, "Succeeded", "Running", "PT0S", LW_PLAN_SEES_NO_IDLE },
    { LW_COMPUTE_INSTANCE, "Succeeded", "Stopped", "PT30M", LW_PLAN_SEES_STOPPED },
    { LW_COMPUTE_INSTANCE, "Succeeded", "Stopping", "PT30M", LW_PLAN_SEES_BUSY },
    { LW_COMPUTE_INSTANCE, "Succeeded", "SettingUp", NULL, LW_PLAN_SEES_BUSY },
    { LW_COMPUTE_INSTANCE, "Succeeded", NULL, NULL, LW_PLAN_SEES_BUSY },
    { LW_COMPUTE_INSTANCE, "Succeeded", "CreateFailed", NULL, LW_PLAN_SEES_CREATE_FAILED },
    { LW_COMPUTE_INSTANCE, "Failed", "CreateFailed", NULL, LW_PLAN_SEES_CREATE_FAILED },
    /* Somebody may have worked on these: they are told, never removed. */
    { LW_COMPUTE_INSTANCE, "Succeeded", "Unusable", "PT30M", LW_PLAN_SEES_BROKEN },
    { LW_COMPUTE_INSTANCE, "Succeeded", "UserSetupFailed", "PT30M", LW_PLAN_SEES_BROKEN },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      LwCompute compute = { .kind = cases[i].kind,
                            .state = (char *) cases[i].state,
                            .instance_state = (char *) cases[i].instance_state,
                            .idle_shutdown = (char *) cases[i].idle_shutdown };

      g_assert_cmpint (lw_plan_sight_from_compute (&compute), ==, cases[i].sight);
    }
}

static void
test_kinds (void)
{
  for (guint kind = 0; kind < LW_N_PLAN_ITEMS; kind++)
    {
      const LwPlanKindInfo *info = lw_plan_kind_get_info (kind);

      g_assert_cmpstr (lw_plan_kind_get_id (kind), ==, info->id);
      g_assert_cmpint (info->usual_min_s, <, info->usual_max_s);
      g_assert_cmpint (info->usual_max_s, <, info->deadline_s);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plan/minutes", test_minutes);
  g_test_add_func ("/plan/states", test_states);
  g_test_add_func ("/plan/computes", test_computes);
  g_test_add_func ("/plan/kinds", test_kinds);
  return g_test_run ();
}

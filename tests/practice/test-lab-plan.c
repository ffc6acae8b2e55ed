/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The plan of an attempt against the practice cloud: made once, found again, gone on with after a
 * cancel, a crash of the application and one of the cloud, mended where it is not as the lab needs
 * it. */

#include "lab-world.h"

#include <signal.h>
#include <string.h>

#include "lw-lab-error.h"
#include "lw-plan.h"

/* Rounds in which the application is killed, at most. */
#define MAX_KILLS 40

static void
register_providers (LabWorld *world)
{
  for (const char *const *name = (const char *const[]){ "Microsoft.MachineLearningServices",
                                                        "Microsoft.Storage", "Microsoft.KeyVault",
                                                        "Microsoft.Insights",
                                                        "Microsoft.OperationalInsights", NULL };
       *name != NULL; name++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *state = NULL;

      lw_arm_register_provider (lab_world_get_arm (world), *name, NULL, &error);
      g_assert_no_error (error);
      while (g_strcmp0 (state, "Registered") != 0)
        {
          g_free (state);
          state = lw_arm_get_provider_state (lab_world_get_arm (world), *name, NULL, NULL, NULL,
                                             &error);
          g_assert_no_error (error);
        }
    }
}

static LwPlan *
new_plan (LabWorld *world, LwRecord *record)
{
  g_autoptr (GError) error = NULL;
  LwPlan *plan = lw_plan_new (lab_world_get_arm (world)->azure, lab_world_get_lab (world), record,
                              &error);

  g_assert_no_error (error);
  return plan;
}

static void
assert_all_ready (LwPlan *plan)
{
  g_autoptr (GPtrArray) items = lw_plan_get_items (plan);

  g_assert_cmpuint (items->len, ==, LW_N_PLAN_ITEMS);
  for (guint kind = 0; kind < items->len; kind++)
    {
      const LwPlanItem *item = g_ptr_array_index (items, kind);

      if (item->state != LW_PLAN_READY)
        g_error ("%s is in state %d (%s): %s", lw_plan_kind_get_id (kind), (int) item->state,
                 item->detail, item->error != NULL ? item->error->message : "no error");
    }
}

/* What is in the cloud is what the plan wants, each of it once. */
static void
assert_nothing_twice (LabWorld *world, LwRecord *record)
{
  const LwArm *arm = lab_world_get_arm (world);
  g_autofree char *group = lw_record_dup (record, LW_RECORD_GROUP);
  g_autofree char *workspace = lw_record_dup (record, LW_RECORD_WORKSPACE);
  LwMl ml = { *arm, group, workspace };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) groups = lw_arm_list_groups (arm, NULL, &error);
  g_autoptr (GPtrArray) resources = lw_arm_list_resources (arm, group, NULL, &error);
  g_autoptr (GPtrArray) computes = lw_ml_list_computes (&ml, NULL, &error);
  static const char *const types[]
    = { "Microsoft.Storage/storageAccounts", "Microsoft.KeyVault/vaults",
        "Microsoft.OperationalInsights/workspaces", "Microsoft.Insights/components",
        "Microsoft.MachineLearningServices/workspaces" };

  g_assert_no_error (error);
  g_assert_cmpuint (groups->len, ==, 1);
  g_assert_cmpuint (computes->len, ==, 2);
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      guint n = 0;

      for (guint j = 0; j < resources->len; j++)
        if (g_ascii_strcasecmp (((LwResource *) g_ptr_array_index (resources, j))->type, types[i])
            == 0)
          n++;
      g_assert_cmpuint (n, ==, 1);
    }
}

static void
run_plan (LwPlan *plan)
{
  g_autoptr (GError) error = NULL;

  lw_plan_run (plan, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  assert_all_ready (plan);
}

/* ---- Made once, found again ---- */

typedef struct
{
  guint calls[LW_N_PLAN_ITEMS];
  LwPlanState last[LW_N_PLAN_ITEMS];
  int inside; /* calls at this moment; they must not overlap */
} Watch;

static void
watch_cb (const LwPlanItem *item, gpointer user_data)
{
  Watch *watch = user_data;

  g_assert_cmpint (g_atomic_int_add (&watch->inside, 1), ==, 0);
  watch->calls[item->kind]++;
  watch->last[item->kind] = item->state;
  g_assert_true (g_atomic_int_dec_and_test (&watch->inside));
}

static void
test_once (void)
{
  LabWorld *world = lab_world_new (0, TRUE);
  g_autoptr (LwRecord) record = lab_world_new_record (world);
  g_autoptr (LwPlan) plan = new_plan (world, record);
  g_autoptr (LwPlan) again = NULL;
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (GError) error = NULL;
  const LwPlanItem *item;
  Watch watch = { { 0 } };

  register_providers (world);
  lw_plan_look (plan, watch_cb, &watch, NULL, &error);
  g_assert_no_error (error);
  for (guint kind = 0; kind < LW_N_PLAN_ITEMS; kind++)
    g_assert_cmpint (watch.last[kind], ==, LW_PLAN_ABSENT);
  g_assert_cmpint (lw_record_get_time (record, LW_RECORD_PROVISION_STARTED), ==, 0);

  lw_plan_run (plan, watch_cb, &watch, NULL, &error);
  g_assert_no_error (error);
  for (guint kind = 0; kind < LW_N_PLAN_ITEMS; kind++)
    {
      g_assert_cmpint (watch.last[kind], ==, LW_PLAN_READY);
      g_assert_cmpuint (watch.calls[kind], >=, 3);
    }
  items = lw_plan_get_items (plan);
  item = g_ptr_array_index (items, LW_PLAN_INSTANCE);
  g_assert_cmpstr (item->detail, ==, "Running");
  g_assert_cmpstr (item->idle_shutdown, ==, "PT30M");
  g_assert_cmpint (item->started_us, >, 0);
  g_assert_cmpint (item->ended_us, >=, item->started_us);
  item = g_ptr_array_index (items, LW_PLAN_CLUSTER);
  g_assert_cmpstr (item->detail, ==, "Steady");
  g_assert_cmpint (item->nodes, ==, 0);
  g_assert_cmpint (lw_record_get_time (record, LW_RECORD_PROVISION_STARTED), >, 0);
  g_assert_cmpint (lw_record_get_time (record, LW_RECORD_PROVISION_DONE), >=,
                   lw_record_get_time (record, LW_RECORD_PROVISION_STARTED));
  g_assert_cmpuint (lab_world_count (world, "PUT", "https://management.azure.com/"), ==,
                    LW_N_PLAN_ITEMS);
  assert_nothing_twice (world, record);

  lab_world_forget_requests (world);
  again = new_plan (world, record);
  run_plan (again);
  g_assert_cmpuint (lab_world_count (world, "PUT", ""), ==, 0);
  g_assert_cmpuint (lab_world_count (world, "POST", "management.azure.com"), ==, 0);
  g_assert_cmpuint (lab_world_count (world, "DELETE", ""), ==, 0);
  lab_world_free (world);
}

/* ---- Cancelled, and gone on with ---- */

typedef struct
{
  LwPlanKind kind;
  GCancellable *cancellable;
} CancelAt;

static void
cancel_cb (const LwPlanItem *item, gpointer user_data)
{
  CancelAt *at = user_data;

  if (item->kind == at->kind && item->state == LW_PLAN_MAKING)
    g_cancellable_cancel (at->cancellable);
}

static void
test_cancelled (void)
{
  LabWorld *world = lab_world_new (0.2, TRUE);
  g_autoptr (LwRecord) record = lab_world_new_record (world);
  g_autoptr (LwPlan) plan = new_plan (world, record);

  register_providers (world);
  for (guint kind = 0; kind < LW_N_PLAN_ITEMS; kind++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GPtrArray) items = NULL;
      g_autoptr (GError) error = NULL;
      CancelAt at = { kind, cancellable };

      g_assert_false (lw_plan_run (plan, cancel_cb, &at, cancellable, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      items = lw_plan_get_items (plan);
      g_assert_cmpint (((LwPlanItem *) g_ptr_array_index (items, kind))->state, ==,
                       LW_PLAN_UNKNOWN);
    }
  g_assert_cmpint (lw_record_get_time (record, LW_RECORD_PROVISION_DONE), ==, 0);
  run_plan (plan);
  assert_nothing_twice (world, record);
  lab_world_free (world);
}

static void
test_cancelled_before (void)
{
  LabWorld *world = lab_world_new (0, TRUE);
  g_autoptr (LwRecord) record = lab_world_new_record (world);
  g_autoptr (LwPlan) plan = new_plan (world, record);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  lab_world_forget_requests (world);
  g_assert_false (lw_plan_run (plan, NULL, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (lab_world_count (world, "PUT", ""), ==, 0);
  lab_world_free (world);
}

/* ---- Killed, and gone on with ---- */

/* What the killed process does: a client of its own that runs the plan of the record. */
static int
provision (char **argv)
{
  g_autofree char *folder = g_path_get_dirname (argv[2]);
  LabWorld *world = lab_world_new_client (argv[0], argv[1], folder, TRUE);
  g_autoptr (GFile) file = g_file_new_for_path (argv[2]);
  g_autoptr (GError) error = NULL;
  g_autoptr (LwRecord) record = lw_record_load (file, &error);
  g_autoptr (LwPlan) plan = NULL;

  g_assert_no_error (error);
  plan = new_plan (world, record);
  run_plan (plan);
  lab_world_free (world);
  return 0;
}

/* Returns: %TRUE when the process came to its end before it could be killed */
static gboolean
run_and_kill (LabWorld *world, LwRecord *record, int after_ms)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = g_subprocess_new (
    G_SUBPROCESS_FLAGS_NONE, &error, "/proc/self/exe", "--provision", lab_world_get_proxy (world),
    lab_world_get_ca (world), g_file_peek_path (lw_record_get_file (record)), NULL);

  g_assert_no_error (error);
  g_usleep ((gulong) after_ms * 1000);
  g_subprocess_send_signal (process, SIGKILL);
  g_assert_true (g_subprocess_wait (process, NULL, NULL));
  if (g_subprocess_get_if_exited (process))
    g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 0);
  return g_subprocess_get_if_exited (process);
}

static void
test_killed (void)
{
  LabWorld *world = lab_world_new (0.2, TRUE);
  g_autoptr (LwRecord) record = lab_world_new_record (world);
  g_autoptr (GError) error = NULL;
  gboolean done = FALSE;
  guint kills = 0;

  register_providers (world);
  for (; !done && kills < MAX_KILLS; kills++)
    {
      g_autoptr (LwRecord) loaded = NULL;

      done = run_and_kill (world, record, g_test_rand_int_range (100, 900));
      loaded = lw_record_load (lw_record_get_file (record), &error);
      g_assert_no_error (error);
      /* Never anything in the cloud that the record does not know to have begun. */
      if (lw_record_get_time (loaded, LW_RECORD_PROVISION_STARTED) == 0)
        {
          g_autoptr (GPtrArray) groups = lw_arm_list_groups (lab_world_get_arm (world), NULL, NULL);

          g_assert_cmpuint (groups->len, ==, 0);
        }
    }
  g_test_message ("killed %u times", kills);
  if (!done)
    {
      g_autoptr (LwPlan) plan = new_plan (world, record);

      run_plan (plan);
    }
  assert_nothing_twice (world, record);
  lab_world_free (world);
}

/* ---- The cloud dies and comes back ---- */

static gpointer
run_thread (gpointer data)
{
  run_plan (data);
  return NULL;
}

static void
test_cloud_killed (void)
{
  LabWorld *world = lab_world_new (0.2, FALSE);
  g_autoptr (LwRecord) record = lab_world_new_record (world);
  g_autoptr (LwPlan) plan = new_plan (world, record);
  GThread *thread;

  register_providers (world);
  thread = g_thread_new ("run", run_thread, plan);
  for (guint i = 0; i < 3; i++)
    {
      g_usleep (600 * 1000);
      lab_world_restart_cloud (world, 5000 * (i % 2), 0.2);
    }
  g_thread_join (thread);
  assert_nothing_twice (world, record);
  lab_world_free (world);
}

/* ---- Mended ---- */

static void
test_stopped_instance (void)
{
  LabWorld *world = lab_world_new (0, TRUE);
  g_autoptr (LwRecord) record = lab_world_new_record (world);
  g_autoptr (LwPlan) plan = new_plan (world, record);
  g_autofree char *group = lw_record_dup (record, LW_RECORD_GROUP);
  g_autofree char *workspace = lw_record_dup (record, LW_RECORD_WORKSPACE);
  g_autofree char *instance = lw_record_dup (record, LW_RECORD_INSTANCE);
  LwMl ml = { *lab_world_get_arm (world), group, workspace };
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (GError) error = NULL;

  register_providers (world);
  run_plan (plan);
  lw_ml_run_compute (&ml, instance, "stop", G_TIME_SPAN_HOUR, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  lw_plan_look (plan, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  items = lw_plan_get_items (plan);
  g_assert_cmpint (((LwPlanItem *) g_ptr_array_index (items, LW_PLAN_INSTANCE))->state, ==,
                   LW_PLAN_WRONG);
  lab_world_forget_requests (world);
  run_plan (plan);
  g_assert_cmpuint (lab_world_count (world, "POST", "/start"), ==, 1);
  g_assert_cmpuint (lab_world_count (world, "PUT", ""), ==, 0);
  lab_world_free (world);
}

/* An instance that somebody made without an idle shutdown gets one. */
static void
test_no_idle_shutdown (void)
{
  LabWorld *world = lab_world_new (0, TRUE);
  g_autoptr (LwRecord) record = lab_world_new_record (world);
  g_autoptr (LwPlan) plan = new_plan (world, record);
  g_autofree char *group = lw_record_dup (record, LW_RECORD_GROUP);
  g_autofree char *workspace = lw_record_dup (record, LW_RECORD_WORKSPACE);
  g_autofree char *instance = lw_record_dup (record, LW_RECORD_INSTANCE);
  LwMl ml = { *lab_world_get_arm (world), group, workspace };
  g_autoptr (GBytes) body = lw_ml_build_instance ("koreacentral", "Standard_DS11_v2", 0);
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (GError) error = NULL;

  register_providers (world);
  run_plan (plan);
  lw_ml_delete_compute (&ml, instance, G_TIME_SPAN_HOUR, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  lw_ml_put_compute (&ml, instance, body, G_TIME_SPAN_HOUR, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  lab_world_forget_requests (world);
  run_plan (plan);
  items = lw_plan_get_items (plan);
  g_assert_cmpstr (((LwPlanItem *) g_ptr_array_index (items, LW_PLAN_INSTANCE))->idle_shutdown, ==,
                   "PT30M");
  g_assert_cmpuint (lab_world_count (world, "PUT", ""), ==, 0);
  lab_world_free (world);
}

/* ---- Refused ---- */

static void
assert_run_fails (LwPlan *plan, LwPlanKind kind, GError **failure)
{
  g_autoptr (GPtrArray) items = NULL;
  const LwPlanItem *item;

  g_assert_false (lw_plan_run (plan, NULL, NULL, NULL, failure));
  items = lw_plan_get_items (plan);
  item = g_ptr_array_index (items, kind);
  g_assert_cmpint (item->state, ==, LW_PLAN_FAILED);
  g_assert_nonnull (item->error);
}

static void
test_group_elsewhere (void)
{
  LabWorld *world = lab_world_new (0, TRUE);
  g_autoptr (LwRecord) record = lab_world_new_record (world);
  g_autoptr (LwPlan) plan = new_plan (world, record);
  g_autofree char *group = lw_record_dup (record, LW_RECORD_GROUP);
  g_autoptr (GError) error = NULL;

  lw_arm_put_group (lab_world_get_arm (world), group, "eastus", NULL, NULL, &error);
  g_assert_no_error (error);
  assert_run_fails (plan, LW_PLAN_GROUP, &error);
  g_assert_error (error, LW_LAB_ERROR, LW_LAB_ERROR_GROUP_FOREIGN);
  lab_world_free (world);
}

/* A quota is told at creation: instance and cluster of a size that nobody has any of. */
static void
test_no_quota (void)
{
  LabWorld *world = lab_world_new (0, TRUE);
  g_autoptr (LwRecord) record = lab_world_new_record (world);
  g_autoptr (LwPlan) plan = NULL;
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (GError) error = NULL;

  register_providers (world);
  g_assert_true (lw_record_set (record, NULL, LW_RECORD_VM_SIZE, "Standard_NC6s_v3", NULL));
  plan = new_plan (world, record);
  assert_run_fails (plan, LW_PLAN_INSTANCE, &error);
  g_assert_cmpint (error->domain, ==, LW_AZURE_ERROR);
  items = lw_plan_get_items (plan);
  g_assert_cmpint (((LwPlanItem *) g_ptr_array_index (items, LW_PLAN_WORKSPACE))->state, ==,
                   LW_PLAN_READY);
  lab_world_free (world);
}

static void
test_incomplete_record (void)
{
  LabWorld *world = lab_world_new (0, TRUE);
  g_autoptr (LwRecord) record
    = lw_record_new (lab_world_get_folder (world), lab_world_get_lab (world), "practice");
  g_autoptr (GError) error = NULL;

  g_assert_null (lw_plan_new (lab_world_get_arm (world)->azure, lab_world_get_lab (world), record,
                              &error));
  g_assert_nonnull (error);
  lab_world_free (world);
}

int
main (int argc, char *argv[])
{
  if (argc == 5 && g_str_equal (argv[1], "--provision"))
    return provision (argv + 2);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab-plan/once", test_once);
  g_test_add_func ("/lab-plan/cancelled", test_cancelled);
  g_test_add_func ("/lab-plan/cancelled-before", test_cancelled_before);
  g_test_add_func ("/lab-plan/killed", test_killed);
  g_test_add_func ("/lab-plan/cloud-killed", test_cloud_killed);
  g_test_add_func ("/lab-plan/stopped-instance", test_stopped_instance);
  g_test_add_func ("/lab-plan/no-idle-shutdown", test_no_idle_shutdown);
  g_test_add_func ("/lab-plan/group-elsewhere", test_group_elsewhere);
  g_test_add_func ("/lab-plan/no-quota", test_no_quota);
  g_test_add_func ("/lab-plan/incomplete-record", test_incomplete_record);
  return g_test_run ();
}

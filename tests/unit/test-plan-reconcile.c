/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a plan does about an instance in every state that the practice cloud does not come to by
 * itself: word for word what Azure is asked, and what it answers. */

#include <glib/gstdio.h>

#include "azure-stage.h"
#include "lw-error.h"
#include "lw-lab-error.h"
#include "lw-plan-private.h"

#define SUBSCRIPTION "33333333-3333-3333-3333-333333333333"
#define GROUP AZURE_STAGE_ARM "/subscriptions/" SUBSCRIPTION "/resourceGroups/g"
#define INSTANCE                                                                                   \
  GROUP "/providers/Microsoft.MachineLearningServices/workspaces/w/computes/ci"
#define VERSION "?api-version=2025-12-01"
#define COMPUTE(state, inner)                                                                      \
  "{\"id\":\"x\",\"name\":\"ci\",\"properties\":{\"computeType\":\"ComputeInstance\","              \
  "\"provisioningState\":\"" state "\",\"properties\":{\"vmSize\":\"V\"" inner "}}}"
#define RUNNING COMPUTE ("Succeeded", ",\"state\":\"Running\",\"idleTimeBeforeShutdown\":\"PT30M\"")
#define RUNNING_FOR_EVER COMPUTE ("Succeeded", ",\"state\":\"Running\"")
#define STATE(state) COMPUTE ("Succeeded", ",\"state\":\"" state "\"")
#define ERROR_BODY(code) "{\"error\":{\"code\":\"" code "\",\"message\":\"m\"}}"

typedef struct
{
  AzureStage *stage;
  char *folder;
  LwPlan *plan;
} Fixture;

static void
set_up (Fixture *f, gconstpointer unused)
{
  g_autofree char *path = g_build_filename (g_getenv ("LW_TEST_SOURCE_ROOT"), "data", "labs",
                                            "dp100-08.json", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (LwLab) lab = lw_lab_load (file, NULL);
  g_autoptr (GFile) folder = NULL;
  g_autoptr (LwRecord) record = NULL;
  g_autoptr (LwAzure) azure = NULL;
  g_autoptr (GError) error = NULL;

  f->stage = azure_stage_new ();
  f->folder = g_dir_make_tmp ("lw-reconcile-XXXXXX", NULL);
  folder = g_file_new_for_path (f->folder);
  record = lw_record_new (folder, lab, "AzureCloud");
  lw_record_set (record, &error, LW_RECORD_TENANT, AZURE_STAGE_TENANT, LW_RECORD_SUBSCRIPTION,
                 SUBSCRIPTION, LW_RECORD_REGION, "koreacentral", LW_RECORD_VM_SIZE, "V",
                 LW_RECORD_MAX_NODES, "2", LW_RECORD_GROUP, "g", LW_RECORD_WORKSPACE, "w",
                 LW_RECORD_INSTANCE, "ci", NULL);
  g_assert_no_error (error);
  azure = azure_stage_new_azure (f->stage);
  f->plan = lw_plan_new (azure, lab, record, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_delete (lw_record_get_file (record), NULL, NULL));
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  g_autofree char *lock = g_build_filename (f->folder, ".lock", NULL);

  lw_plan_unref (f->plan);
  azure_stage_free (f->stage);
  g_assert_cmpint (g_unlink (lock), ==, 0);
  g_assert_cmpint (g_rmdir (f->folder), ==, 0);
  g_free (f->folder);
}

static void
say (Fixture *f, const char *method, const char *url, guint status, const char *body)
{
  azure_stage_say (f->stage, method, url, status, NULL, body);
}

static const LwPlanItem *
get_instance (Fixture *f)
{
  return f->plan->items[LW_PLAN_INSTANCE];
}

static void
assert_ready (Fixture *f)
{
  g_autoptr (GError) error = NULL;

  lw_plan_reconcile (f->plan, LW_PLAN_INSTANCE, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (get_instance (f)->state, ==, LW_PLAN_READY);
}

static void
assert_fails (Fixture *f, GQuark domain, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (lw_plan_reconcile (f->plan, LW_PLAN_INSTANCE, NULL, &error));
  g_assert_error (error, domain, code);
  g_assert_cmpint (get_instance (f)->state, ==, LW_PLAN_FAILED);
  g_assert_error (get_instance (f)->error, domain, code);
}

/* One that never came to be is removed and asked for again. */
static void
test_create_failed (Fixture *f, gconstpointer unused)
{
  say (f, "GET", INSTANCE VERSION, 200, COMPUTE ("Failed", ",\"state\":\"CreateFailed\""));
  say (f, "DELETE", INSTANCE VERSION "&underlyingResourceAction=Delete", 200, NULL);
  say (f, "GET", INSTANCE VERSION, 404, ERROR_BODY ("ResourceNotFound"));
  say (f, "PUT", INSTANCE VERSION, 200, COMPUTE ("Succeeded", ""));
  say (f, "GET", INSTANCE VERSION, 200, RUNNING);
  assert_ready (f);
}

/* One that somebody may have worked with is never removed. */
static void
test_broken (Fixture *f, gconstpointer unused)
{
  say (f, "GET", INSTANCE VERSION, 200, STATE ("Unusable"));
  assert_fails (f, LW_LAB_ERROR, LW_LAB_ERROR_RESOURCE_FAILED);
}

/* What was made a moment ago and is not told yet is not made twice. */
static void
test_lag (Fixture *f, gconstpointer unused)
{
  say (f, "GET", INSTANCE VERSION, 404, ERROR_BODY ("ResourceNotFound"));
  say (f, "PUT", INSTANCE VERSION, 200, COMPUTE ("Succeeded", ""));
  say (f, "GET", INSTANCE VERSION, 404, ERROR_BODY ("ResourceNotFound"));
  say (f, "GET", INSTANCE VERSION, 404, ERROR_BODY ("ResourceNotFound"));
  say (f, "GET", INSTANCE VERSION, 200, STATE ("SettingUp"));
  say (f, "GET", INSTANCE VERSION, 200, RUNNING);
  assert_ready (f);
}

/* A workspace of a moment ago is not known everywhere yet. */
static void
test_parent_lag (Fixture *f, gconstpointer unused)
{
  say (f, "GET", INSTANCE VERSION, 404, ERROR_BODY ("ParentResourceNotFound"));
  say (f, "PUT", INSTANCE VERSION, 404, ERROR_BODY ("ParentResourceNotFound"));
  say (f, "PUT", INSTANCE VERSION, 200, COMPUTE ("Succeeded", ""));
  say (f, "GET", INSTANCE VERSION, 200, RUNNING);
  assert_ready (f);
}

/* Somebody starts it at the same time: their operation is waited for. */
static void
test_conflict (Fixture *f, gconstpointer unused)
{
  say (f, "GET", INSTANCE VERSION, 200, STATE ("Stopped"));
  say (f, "POST", INSTANCE "/start" VERSION, 409, ERROR_BODY ("AnotherOperationInProgress"));
  say (f, "GET", INSTANCE VERSION, 200, STATE ("Starting"));
  say (f, "GET", INSTANCE VERSION, 200, RUNNING);
  assert_ready (f);
}

/* A service that is away for a moment is asked again, once it has answered at all. */
static void
test_trouble (Fixture *f, gconstpointer unused)
{
  say (f, "GET", INSTANCE VERSION, 200, STATE ("SettingUp"));
  /* As often as lw_azure_send() tries by itself, and once more. */
  for (guint i = 0; i < 1 + lw_retry_policy_get_default ()->max_blind_retries + 1; i++)
    say (f, "GET", INSTANCE VERSION, 503, NULL);
  say (f, "GET", INSTANCE VERSION, 200, RUNNING);
  assert_ready (f);
  g_assert_no_error (get_instance (f)->trouble);
}

static void
test_trouble_at_once (Fixture *f, gconstpointer unused)
{
  for (guint i = 0; i < 1 + lw_retry_policy_get_default ()->max_blind_retries; i++)
    say (f, "GET", INSTANCE VERSION, 503, NULL);
  assert_fails (f, LW_AZURE_ERROR, LW_AZURE_ERROR_UNAVAILABLE);
}

static void
test_refused (Fixture *f, gconstpointer unused)
{
  say (f, "GET", INSTANCE VERSION, 404, ERROR_BODY ("ResourceNotFound"));
  say (f, "PUT", INSTANCE VERSION, 409, ERROR_BODY ("SkuNotAvailable"));
  assert_fails (f, LW_AZURE_ERROR, LW_AZURE_ERROR_CONFLICT);
  g_assert_true (lw_azure_error_is (get_instance (f)->error, "SkuNotAvailable"));
}

static void
test_idle_is_set (Fixture *f, gconstpointer unused)
{
  say (f, "GET", INSTANCE VERSION, 200, RUNNING_FOR_EVER);
  say (f, "POST", INSTANCE "/updateIdleShutdownSetting" VERSION, 200, NULL);
  say (f, "GET", INSTANCE VERSION, 200, RUNNING);
  assert_ready (f);
  g_assert_cmpstr (get_instance (f)->idle_shutdown, ==, "PT30M");
}

/* Set, and set again, and never read back: an instance that would run for ever is an error. */
static void
test_idle_is_ignored (Fixture *f, gconstpointer unused)
{
  for (guint i = 0; i < 4; i++)
    {
      say (f, "GET", INSTANCE VERSION, 200, RUNNING_FOR_EVER);
      say (f, "POST", INSTANCE "/updateIdleShutdownSetting" VERSION, 200, NULL);
    }
  say (f, "GET", INSTANCE VERSION, 200, RUNNING_FOR_EVER);
  assert_fails (f, LW_LAB_ERROR, LW_LAB_ERROR_NO_IDLE_SHUTDOWN);
}

/* Looks come after 1, 2, 5, 10 and then every 15 s, up to the deadline of 45 minutes. */
static void
test_never_ready (Fixture *f, gconstpointer unused)
{
  guint looks = 1 + 4 + (2700 - 18 + 14) / 15;

  for (guint i = 0; i < looks; i++)
    say (f, "GET", INSTANCE VERSION, 200, COMPUTE ("Creating", ""));
  assert_fails (f, LW_ERROR, LW_ERROR_TIMED_OUT);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/plan-reconcile/create-failed", test_create_failed);
  ADD ("/plan-reconcile/broken", test_broken);
  ADD ("/plan-reconcile/lag", test_lag);
  ADD ("/plan-reconcile/parent-lag", test_parent_lag);
  ADD ("/plan-reconcile/conflict", test_conflict);
  ADD ("/plan-reconcile/trouble", test_trouble);
  ADD ("/plan-reconcile/trouble-at-once", test_trouble_at_once);
  ADD ("/plan-reconcile/refused", test_refused);
  ADD ("/plan-reconcile/idle-is-set", test_idle_is_set);
  ADD ("/plan-reconcile/idle-is-ignored", test_idle_is_ignored);
  ADD ("/plan-reconcile/never-ready", test_never_ready);
  return g_test_run ();
}

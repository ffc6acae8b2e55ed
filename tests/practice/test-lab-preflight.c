/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The preflight against the practice cloud. */

#include "lab-world.h"

#include "lw-lab-error.h"
#include "lw-plan.h"
#include "lw-preflight.h"

typedef struct
{
  LabWorld *world;
  LwRecord *record;
  LwPreflightRequest request;
  LwCheckState last[LW_N_CHECKS];
} Fixture;

static void
set_up (Fixture *f, gconstpointer unused)
{
  f->world = lab_world_new (0, TRUE);
  f->record = lab_world_new_record (f->world);
  f->request = (LwPreflightRequest) { .arm = *lab_world_get_arm (f->world),
                                      .lab = lab_world_get_lab (f->world),
                                      .subscription = lab_world_get_subscription (f->world),
                                      .locale = "ko_KR.UTF-8",
                                      .record = f->record };
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  lw_record_unref (f->record);
  lab_world_free (f->world);
}

static void
watch_cb (LwCheckKind check, LwCheckState state, const char *detail, const GError *error,
          gpointer user_data)
{
  Fixture *f = user_data;

  g_assert_true ((state == LW_CHECK_FAILED) <= (error != NULL));
  f->last[check] = state;
}

static LwPreflightResult *
run (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  LwPreflightResult *result = lw_preflight_run (&f->request, NULL, watch_cb, f, NULL, &error);

  g_assert_no_error (error);
  for (guint check = 0; check < LW_N_CHECKS; check++)
    g_assert_cmpint (f->last[check], ==, LW_CHECK_OK);
  return result;
}

static void
assert_fails (Fixture *f, LwCheckKind check, int code, GPtrArray **rejected)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (lw_preflight_run (&f->request, rejected, watch_cb, f, NULL, &error));
  g_assert_error (error, LW_LAB_ERROR, code);
  g_assert_cmpint (f->last[check], ==, LW_CHECK_FAILED);
  for (guint later = check + 1; later < LW_N_CHECKS; later++)
    g_assert_cmpint (f->last[later], ==, LW_CHECK_WAITING);
}

static void
test_chooses (Fixture *f, gconstpointer unused)
{
  g_autoptr (LwPreflightResult) result = run (f);
  const LwCandidate *last = g_ptr_array_index (result->candidates, result->candidates->len - 1);

  g_assert_cmpstr (result->region, ==, "koreacentral");
  g_assert_cmpstr (result->vm_size, ==, "Standard_DS11_v2");
  g_assert_cmpint (result->max_nodes, ==, 2);
  g_assert_cmpfloat (result->price_per_hour, >, 0);
  g_assert_true (last->chosen);
  g_assert_cmpint (last->needed, ==, 6);
  /* Registered what was not, and made nothing. */
  g_assert_cmpuint (lab_world_count (f->world, "POST", "/register"), >, 0);
  g_assert_cmpuint (lab_world_count (f->world, "PUT", ""), ==, 0);
  lab_world_forget_requests (f->world);
  lw_preflight_result_free (run (f));
  g_assert_cmpuint (lab_world_count (f->world, "POST", "/register"), ==, 0);
}

static void
test_american (Fixture *f, gconstpointer unused)
{
  g_autoptr (LwPreflightResult) result = NULL;

  f->request.locale = "en_US.UTF-8";
  result = run (f);
  g_assert_cmpstr (result->region, ==, "eastus");
}

static void
test_excluded (Fixture *f, gconstpointer unused)
{
  static const char *const excluded[] = { "koreacentral/Standard_DS11_v2", NULL };
  static const char *const region[] = { "koreacentral", NULL };
  g_autoptr (LwPreflightResult) other_size = NULL;
  g_autoptr (LwPreflightResult) other_region = NULL;
  const LwCandidate *first;

  f->request.excluded = excluded;
  other_size = run (f);
  g_assert_cmpstr (other_size->region, ==, "koreacentral");
  g_assert_cmpstr (other_size->vm_size, !=, "Standard_DS11_v2");
  first = g_ptr_array_index (other_size->candidates, 0);
  g_assert_cmpint (first->reason, ==, LW_REJECT_REFUSED);
  f->request.excluded = region;
  other_region = run (f);
  g_assert_cmpstr (other_region->region, !=, "koreacentral");
  first = g_ptr_array_index (other_region->candidates, 0);
  g_assert_null (first->vm_size);
}

static void
test_nothing_fits (Fixture *f, gconstpointer unused)
{
  g_autoptr (GPtrArray) rejected = NULL;
  const LwCandidate *only;

  f->request.region = "koreacentral";
  f->request.vm_size = "Standard_NC6s_v3";
  assert_fails (f, LW_CHECK_REGION, LW_LAB_ERROR_NO_CANDIDATE, &rejected);
  g_assert_cmpuint (rejected->len, ==, 1);
  only = g_ptr_array_index (rejected, 0);
  g_assert_true (only->reason == LW_REJECT_ML_QUOTA || only->reason == LW_REJECT_VM_QUOTA
                 || only->reason == LW_REJECT_SIZE_NOT_OFFERED);
}

static void
test_subscription_off (Fixture *f, gconstpointer unused)
{
  LwSubscription off = *lab_world_get_subscription (f->world);

  off.state = (char *) "Disabled";
  f->request.subscription = &off;
  lab_world_forget_requests (f->world);
  assert_fails (f, LW_CHECK_SUBSCRIPTION, LW_LAB_ERROR_SUBSCRIPTION_OFF, NULL);
  g_assert_cmpuint (lab_world_count (f->world, NULL, ""), ==, 0);
}

static void
test_group_foreign (Fixture *f, gconstpointer unused)
{
  g_autofree char *group = lw_record_dup (f->record, LW_RECORD_GROUP);
  g_autoptr (GError) error = NULL;

  lw_arm_put_group (&f->request.arm, group, "koreacentral", NULL, NULL, &error);
  g_assert_no_error (error);
  assert_fails (f, LW_CHECK_NAMES, LW_LAB_ERROR_GROUP_FOREIGN, NULL);
}

static void
test_group_ours (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LwPlan) plan = NULL;

  lw_preflight_result_free (run (f));
  plan = lw_plan_new (f->request.arm.azure, f->request.lab, f->record, &error);
  g_assert_no_error (error);
  lw_plan_run (plan, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  lw_preflight_result_free (run (f));
}

static void
test_name_taken (Fixture *f, gconstpointer unused)
{
  const LwArm *arm = &f->request.arm;
  g_autofree char *name = lw_record_dup (f->record, LW_RECORD_STORAGE);
  g_autofree char *id
    = g_strconcat ("/subscriptions/", arm->subscription_id, "/resourceGroups/rg-other/providers/",
                   "Microsoft.Storage/storageAccounts/", name, NULL);
  g_autoptr (GBytes) body = lw_arm_build_storage ("koreacentral", NULL);
  g_autoptr (GError) error = NULL;

  lw_preflight_result_free (run (f));
  lw_arm_put_group (arm, "rg-other", "koreacentral", NULL, NULL, &error);
  g_assert_no_error (error);
  lw_arm_put_resource (arm, id, "2023-05-01", body, G_TIME_SPAN_HOUR, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  for (guint check = 0; check < LW_N_CHECKS; check++)
    f->last[check] = LW_CHECK_WAITING;
  assert_fails (f, LW_CHECK_NAMES, LW_LAB_ERROR_NAME_TAKEN, NULL);
}

/* Cancelled before it begins, then later and later, until it succeeds once. */
typedef struct
{
  GCancellable *cancellable;
  guint calls_left;
} CancelLater;

static void
cancel_later_cb (LwCheckKind check, LwCheckState state, const char *detail, const GError *error,
                 gpointer user_data)
{
  CancelLater *later = user_data;

  if (later->calls_left == 0)
    g_cancellable_cancel (later->cancellable);
  else
    later->calls_left--;
}

static void
test_cancelled (Fixture *f, gconstpointer unused)
{
  g_autoptr (LwPreflightResult) result = NULL;

  for (guint calls = 0; result == NULL; calls++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GError) error = NULL;
      CancelLater later = { cancellable, calls };

      result
        = lw_preflight_run (&f->request, NULL, cancel_later_cb, &later, cancellable, &error);
      if (result == NULL)
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_cmpuint (calls, <, 1000);
    }
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/lab-preflight/chooses", test_chooses);
  ADD ("/lab-preflight/american", test_american);
  ADD ("/lab-preflight/excluded", test_excluded);
  ADD ("/lab-preflight/nothing-fits", test_nothing_fits);
  ADD ("/lab-preflight/subscription-off", test_subscription_off);
  ADD ("/lab-preflight/group-foreign", test_group_foreign);
  ADD ("/lab-preflight/group-ours", test_group_ours);
  ADD ("/lab-preflight/name-taken", test_name_taken);
  ADD ("/lab-preflight/cancelled", test_cancelled);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Listing, deleting and proving against the practice cloud. */

#include "lab-world.h"

#include <string.h>

#include "lw-cleanup.h"
#include "lw-lab-error.h"
#include "lw-plan.h"
#include "lw-preflight.h"

typedef struct
{
  LabWorld *world;
  const LwArm *arm;
  LwRecord *record;
  char *group;
  GPtrArray *groups; /* as listed */
} Fixture;

static void
register_providers (const LwArm *arm)
{
  for (const char *const *name = lw_preflight_get_providers (); *name != NULL; name++)
    g_assert_true (lw_arm_register_provider (arm, *name, NULL, NULL));
}

static void
set_up (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LwPlan) plan = NULL;

  f->world = lab_world_new (0, TRUE);
  f->arm = lab_world_get_arm (f->world);
  f->record = lab_world_new_record (f->world);
  f->group = lw_record_dup (f->record, LW_RECORD_GROUP);
  register_providers (f->arm);
  lw_arm_put_group (f->arm, "rg-somebody-else", "koreacentral", NULL, NULL, &error);
  g_assert_no_error (error);
  plan = lw_plan_new (f->arm->azure, lab_world_get_lab (f->world), f->record, &error);
  g_assert_no_error (error);
  lw_plan_run (plan, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  f->groups = lw_cleanup_list (f->arm, lw_lab_get_group_prefix (lab_world_get_lab (f->world)),
                               f->record, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (f->groups->len, ==, 1);
  lab_world_forget_requests (f->world);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  g_autoptr (LwGroup) other = lw_arm_get_group (f->arm, "rg-somebody-else", NULL, NULL);

  /* Whatever a test does, this one is none of its business. */
  g_assert_nonnull (other);
  g_ptr_array_unref (f->groups);
  g_free (f->group);
  lw_record_unref (f->record);
  lab_world_free (f->world);
}

static LwLabGroup *
get_listed (Fixture *f)
{
  return g_ptr_array_index (f->groups, 0);
}

static void
test_list (Fixture *f, gconstpointer unused)
{
  const LwLabGroup *listed = get_listed (f);
  g_autoptr (GPtrArray) foreign = NULL;

  g_assert_cmpstr (listed->group->name, ==, f->group);
  g_assert_true (listed->ours);
  g_assert_cmpuint (listed->resources->len, >=, 5);
  g_assert_cmpuint (listed->computes->len, ==, 2);
  g_assert_cmpuint (listed->locks->len, ==, 0);
  g_assert_cmpint (listed->created_us, >, 0);
  g_assert_cmpfloat (listed->price_per_hour, >, 0);
  /* By its tag, whatever its name. */
  foreign = lw_cleanup_list (f->arm, "no-such-prefix", NULL, NULL, NULL);
  g_assert_cmpuint (foreign->len, ==, 1);
  g_assert_false (((LwLabGroup *) g_ptr_array_index (foreign, 0))->ours);
}

static void
assert_refused (Fixture *f, const char *typed, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (lw_cleanup_delete (f->arm, get_listed (f), typed, f->record, NULL, NULL, NULL,
                                    &error));
  g_assert_error (error, LW_LAB_ERROR, code);
  g_assert_cmpuint (lab_world_count (f->world, "DELETE", ""), ==, 0);
  g_assert_cmpint (lw_record_get_time (f->record, LW_RECORD_DELETE_STARTED), ==, 0);
}

static void
test_wrong_name (Fixture *f, gconstpointer unused)
{
  g_autofree char *longer = g_strconcat (f->group, " ", NULL);
  g_autofree char *upper = g_ascii_strup (f->group, -1);
  const char *const wrong[] = { "", "rg-somebody-else", longer, upper };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    assert_refused (f, wrong[i], LW_LAB_ERROR_NOT_CONFIRMED);
  assert_refused (f, NULL, LW_LAB_ERROR_NOT_CONFIRMED);
  g_assert_cmpuint (lab_world_count (f->world, NULL, ""), ==, 0);
}

static void
put_in_group (Fixture *f, const char *path, const char *api_version, GBytes *body)
{
  g_autofree char *id = g_strconcat ("/subscriptions/", f->arm->subscription_id,
                                     "/resourceGroups/", f->group, "/providers/", path, NULL);
  g_autoptr (GError) error = NULL;

  lw_arm_put_resource (f->arm, id, api_version, body, G_TIME_SPAN_HOUR, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
test_locked (Fixture *f, gconstpointer unused)
{
  static const char text[] = "{\"properties\":{\"level\":\"CanNotDelete\"}}";
  g_autoptr (GBytes) body = g_bytes_new_static (text, strlen (text));

  put_in_group (f, "Microsoft.Authorization/locks/keep", "2020-05-01", body);
  assert_refused (f, f->group, LW_LAB_ERROR_LOCKED);
}

static void
test_changed (Fixture *f, gconstpointer unused)
{
  g_autoptr (GBytes) body = lw_arm_build_storage ("koreacentral", NULL);

  put_in_group (f, "Microsoft.Storage/storageAccounts/precious", "2023-05-01", body);
  assert_refused (f, f->group, LW_LAB_ERROR_GROUP_CHANGED);
}

typedef struct
{
  LwCleanupPhase last;
  guint calls;
} Watch;

static void
watch_cb (LwCleanupPhase phase, const char *detail, gint64 elapsed_us, gpointer user_data)
{
  Watch *watch = user_data;

  g_assert_cmpint (phase, >=, watch->last);
  g_assert_cmpint (elapsed_us, >=, 0);
  watch->last = phase;
  watch->calls++;
}

static LwProof *
delete_it (Fixture *f, Watch *watch)
{
  g_autoptr (GError) error = NULL;
  LwProof *proof = lw_cleanup_delete (f->arm, get_listed (f), f->group, f->record, watch_cb, watch,
                                      NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (watch->last, ==, LW_CLEANUP_DONE);
  g_assert_cmpuint (watch->calls, >=, 3);
  g_assert_true (lw_proof_is_clean (proof));
  return proof;
}

static void
test_delete (Fixture *f, gconstpointer unused)
{
  Watch watch = { 0 };
  Watch again = { 0 };
  g_autoptr (LwProof) proof = delete_it (f, &watch);
  g_autoptr (LwProof) second = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) groups = NULL;

  g_assert_cmpuint (lab_world_count (f->world, "DELETE", "forceToPurge=true"), ==, 1);
  g_assert_cmpuint (lab_world_count (f->world, "DELETE", ""), ==, 2);
  g_assert_cmpint (lw_record_get_time (f->record, LW_RECORD_DELETE_STARTED), >, 0);
  g_assert_cmpint (lw_record_get_time (f->record, LW_RECORD_DELETE_PROVED), >=,
                   lw_record_get_time (f->record, LW_RECORD_DELETE_STARTED));
  groups = lw_cleanup_list (f->arm, "rg-dp100-l", f->record, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (groups->len, ==, 0);

  /* The vault is still there, soft-deleted, and goes when it is asked to. */
  g_assert_true (proof->vaults_told);
  g_assert_cmpuint (proof->vaults->len, ==, 1);
  lw_cleanup_purge_vaults (f->arm, proof, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (proof->vaults->len, ==, 0);
  second = lw_cleanup_prove (f->arm, f->group, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (lw_proof_is_clean (second));
  g_assert_cmpuint (second->vaults->len, ==, 0);

  /* Once more does no harm. */
  g_clear_pointer (&second, lw_proof_free);
  second = delete_it (f, &again);
}

static void
test_not_clean (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LwProof) proof = lw_cleanup_prove (f->arm, f->group, NULL, &error);

  g_assert_no_error (error);
  g_assert_false (proof->group_gone);
  g_assert_false (lw_proof_is_clean (proof));
  g_assert_cmpuint (proof->left->len, ==, get_listed (f)->resources->len);
}

typedef struct
{
  LwCleanupPhase phase;
  GCancellable *cancellable;
} CancelAt;

static void
cancel_cb (LwCleanupPhase phase, const char *detail, gint64 elapsed_us, gpointer user_data)
{
  CancelAt *at = user_data;

  if (phase == at->phase)
    g_cancellable_cancel (at->cancellable);
}

static void
test_cancelled (Fixture *f, gconstpointer unused)
{
  Watch watch = { 0 };
  g_autoptr (LwProof) proof = NULL;

  for (LwCleanupPhase phase = LW_CLEANUP_PURGING_WORKSPACE; phase < LW_CLEANUP_DONE; phase++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GError) error = NULL;
      CancelAt at = { phase, cancellable };

      g_assert_null (lw_cleanup_delete (f->arm, get_listed (f), f->group, f->record, cancel_cb,
                                        &at, cancellable, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_cmpint (lw_record_get_time (f->record, LW_RECORD_DELETE_PROVED), ==, 0);
    }
  proof = delete_it (f, &watch);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/lab-cleanup/list", test_list);
  ADD ("/lab-cleanup/wrong-name", test_wrong_name);
  ADD ("/lab-cleanup/locked", test_locked);
  ADD ("/lab-cleanup/changed", test_changed);
  ADD ("/lab-cleanup/delete", test_delete);
  ADD ("/lab-cleanup/not-clean", test_not_clean);
  ADD ("/lab-cleanup/cancelled", test_cancelled);
  return g_test_run ();
}

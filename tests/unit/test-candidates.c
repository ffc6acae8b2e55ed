/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which size of a region is chosen, from what the services tell about quotas. */

#include "lw-candidates.h"

typedef struct
{
  LwLab *lab;
  GPtrArray *sizes;
  GPtrArray *ml_usages;
  GPtrArray *vm_usages;
  GPtrArray *candidates;
} Fixture;

static void
set_up (Fixture *f, gconstpointer unused)
{
  g_autofree char *path = g_build_filename (g_getenv ("LW_TEST_SOURCE_ROOT"), "data", "labs",
                                            "dp100-08.json", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);

  f->lab = lw_lab_load (file, NULL);
  g_assert_nonnull (f->lab);
  f->sizes = g_ptr_array_new_with_free_func ((GDestroyNotify) lw_vm_size_free);
  f->ml_usages = g_ptr_array_new_with_free_func ((GDestroyNotify) lw_usage_free);
  f->vm_usages = g_ptr_array_new_with_free_func ((GDestroyNotify) lw_usage_free);
  f->candidates = g_ptr_array_new_with_free_func ((GDestroyNotify) lw_candidate_free);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  g_ptr_array_unref (f->candidates);
  g_ptr_array_unref (f->vm_usages);
  g_ptr_array_unref (f->ml_usages);
  g_ptr_array_unref (f->sizes);
  lw_lab_unref (f->lab);
}

static void
add_size (Fixture *f, const char *name, const char *family, int vcpus, gboolean for_both)
{
  LwVmSize *size = g_new0 (LwVmSize, 1);

  size->name = g_strdup (name);
  size->family = g_strdup (family);
  size->vcpus = vcpus;
  size->price_per_hour = 0.1 * vcpus;
  size->for_instance = TRUE;
  size->for_cluster = for_both;
  g_ptr_array_add (f->sizes, size);
}

static void
add_usage (GPtrArray *usages, const char *type, const char *name, gint64 current, gint64 limit)
{
  LwUsage *usage = g_new0 (LwUsage, 1);

  usage->type = g_strdup (type);
  usage->name = g_strdup (name);
  usage->current = current;
  usage->limit = limit;
  g_ptr_array_add (usages, usage);
}

#define ML_FAMILY "Microsoft.MachineLearningServices/vmFamily/usages"
#define ML_TOTAL "Microsoft.MachineLearningServices/dedicatedCores/usages"

static const char *const sizes[] = { "Standard_DS11_v2", "Standard_D2s_v3", NULL };

static void
add_usual_sizes (Fixture *f)
{
  add_size (f, "STANDARD_DS11_V2", "standardDSv2Family", 2, TRUE);
  add_size (f, "Standard_D2s_v3", "standardDSv3Family", 2, TRUE);
}

static LwCandidate *
choose (Fixture *f, const char *const *excluded)
{
  LwRegionOffer offer = { "koreacentral", f->sizes, f->ml_usages, f->vm_usages };

  return lw_candidates_choose (f->lab, &offer, sizes, excluded, f->candidates);
}

static LwCandidate *
get_candidate (Fixture *f, guint index)
{
  return g_ptr_array_index (f->candidates, index);
}

static void
test_first_fits (Fixture *f, gconstpointer unused)
{
  LwCandidate *chosen;

  add_usual_sizes (f);
  add_usage (f->ml_usages, ML_FAMILY, "Standard DSv2 Family Cluster Dedicated vCPUs", 2, 8);
  add_usage (f->vm_usages, "", "standardDSv2Family", 0, 10);
  add_usage (f->vm_usages, "", "cores", 0, 10);
  chosen = choose (f, NULL);
  g_assert_cmpstr (chosen->vm_size, ==, "Standard_DS11_v2");
  g_assert_true (chosen->chosen);
  g_assert_cmpint (chosen->max_nodes, ==, 2);
  g_assert_cmpint (chosen->needed, ==, 6);
  g_assert_cmpint (chosen->free_cores, ==, 6);
  g_assert_cmpuint (f->candidates->len, ==, 1);
}

/* Another size with all nodes is better than the first with one. */
static void
test_next_size (Fixture *f, gconstpointer unused)
{
  LwCandidate *chosen;

  add_usual_sizes (f);
  add_usage (f->ml_usages, ML_FAMILY, "Standard DSv2 Family Cluster Dedicated vCPUs", 0, 4);
  add_usage (f->ml_usages, ML_FAMILY, "Standard DSv3 Family Cluster Dedicated vCPUs", 0, 6);
  chosen = choose (f, NULL);
  g_assert_cmpstr (chosen->vm_size, ==, "Standard_D2s_v3");
  g_assert_cmpint (chosen->max_nodes, ==, 2);
  g_assert_cmpint (get_candidate (f, 0)->max_nodes, ==, 1);
  g_assert_false (get_candidate (f, 0)->chosen);
}

/* Four vCPU are enough for the instance and one node. */
static void
test_one_node (Fixture *f, gconstpointer unused)
{
  LwCandidate *chosen;

  add_usual_sizes (f);
  add_usage (f->ml_usages, ML_TOTAL, "Total Cluster Dedicated Regional vCPUs", 0, 4);
  chosen = choose (f, NULL);
  g_assert_cmpstr (chosen->vm_size, ==, "Standard_DS11_v2");
  g_assert_cmpint (chosen->max_nodes, ==, 1);
  g_assert_cmpint (chosen->needed, ==, 4);
}

static void
test_quotas (Fixture *f, gconstpointer unused)
{
  add_usual_sizes (f);
  add_usage (f->ml_usages, ML_FAMILY, "Standard DSv2 Family Cluster Dedicated vCPUs", 3, 6);
  add_usage (f->vm_usages, "", "standardDSv3Family", 10, 10);
  g_assert_null (choose (f, NULL));
  g_assert_cmpint (get_candidate (f, 0)->reason, ==, LW_REJECT_ML_QUOTA);
  g_assert_cmpint (get_candidate (f, 0)->free_cores, ==, 3);
  g_assert_cmpint (get_candidate (f, 0)->needed, ==, 4);
  g_assert_cmpint (get_candidate (f, 1)->reason, ==, LW_REJECT_VM_QUOTA);
  g_assert_cmpint (get_candidate (f, 1)->free_cores, ==, 0);
}

/* What is not told, or has no limit, does not limit. */
static void
test_untold (Fixture *f, gconstpointer unused)
{
  LwRegionOffer offer = { "koreacentral", f->sizes, f->ml_usages, NULL };
  LwCandidate *chosen;

  add_usual_sizes (f);
  add_usage (f->ml_usages, ML_FAMILY, "Standard DSv2 Family Cluster Dedicated vCPUs", 9, -1);
  chosen = lw_candidates_choose (f->lab, &offer, sizes, NULL, f->candidates);
  g_assert_cmpstr (chosen->vm_size, ==, "Standard_DS11_v2");
  g_assert_cmpint (chosen->free_cores, ==, -1);
}

static void
test_not_offered (Fixture *f, gconstpointer unused)
{
  add_size (f, "Standard_D2s_v3", "standardDSv3Family", 2, FALSE);
  g_assert_null (choose (f, NULL));
  g_assert_cmpint (get_candidate (f, 0)->reason, ==, LW_REJECT_SIZE_NOT_OFFERED);
  g_assert_cmpint (get_candidate (f, 1)->reason, ==, LW_REJECT_SIZE_NOT_OFFERED);
}

static void
test_excluded (Fixture *f, gconstpointer unused)
{
  static const char *const excluded[] = { "westus", "KoreaCentral/standard_ds11_v2", NULL };

  add_usual_sizes (f);
  g_assert_cmpstr (choose (f, excluded)->vm_size, ==, "Standard_D2s_v3");
  g_assert_cmpint (get_candidate (f, 0)->reason, ==, LW_REJECT_REFUSED);
  g_assert_true (lw_candidates_is_excluded (excluded, "westus", NULL));
  g_assert_false (lw_candidates_is_excluded (excluded, "westus2", NULL));
  g_assert_false (lw_candidates_is_excluded (excluded, "koreacentral", NULL));
  g_assert_false (lw_candidates_is_excluded (NULL, "westus", NULL));
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/candidates/first-fits", test_first_fits);
  ADD ("/candidates/next-size", test_next_size);
  ADD ("/candidates/one-node", test_one_node);
  ADD ("/candidates/quotas", test_quotas);
  ADD ("/candidates/untold", test_untold);
  ADD ("/candidates/not-offered", test_not_offered);
  ADD ("/candidates/excluded", test_excluded);
  return g_test_run ();
}

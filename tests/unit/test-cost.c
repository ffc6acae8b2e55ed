/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lw-cost.h"

#include <math.h>

#define HOUR_US (3600 * (gint64) G_USEC_PER_SEC)
#define START_US (1000 * HOUR_US)

static LwCompute *
compute_new (LwComputeKind kind, const char *vm_size, const char *instance_state, int nodes)
{
  LwCompute *compute = g_new0 (LwCompute, 1);

  compute->name = g_strdup ("c");
  compute->kind = kind;
  compute->state = g_strdup ("Succeeded");
  compute->vm_size = g_strdup (vm_size);
  compute->instance_state = g_strdup (instance_state);
  compute->nodes = nodes;
  compute->created_us = START_US;
  compute->errors = g_ptr_array_new_with_free_func (g_free);
  return compute;
}

static GPtrArray *
make_sizes (void)
{
  GPtrArray *sizes = g_ptr_array_new_with_free_func ((GDestroyNotify) lw_vm_size_free);
  LwVmSize *size = g_new0 (LwVmSize, 1);

  size->name = g_strdup ("Standard_DS11_v2");
  size->family = g_strdup ("f");
  size->price_per_hour = 0.2;
  g_ptr_array_add (sizes, size);
  return sizes;
}

static void
assert_near (double value, double expected)
{
  g_assert_cmpfloat (fabs (value - expected), <, 1e-9);
}

static void
test_running (void)
{
  g_autoptr (GPtrArray) computes
    = g_ptr_array_new_with_free_func ((GDestroyNotify) lw_compute_free);
  g_autoptr (GPtrArray) sizes = make_sizes ();
  g_autoptr (LwCost) cost = NULL;

  g_ptr_array_add (computes, compute_new (LW_COMPUTE_INSTANCE, "STANDARD_DS11_V2", "Running", -1));
  g_ptr_array_add (computes, compute_new (LW_COMPUTE_CLUSTER, "STANDARD_DS11_V2", NULL, 2));
  cost = lw_cost_new (computes, sizes, NULL, START_US + 3 * HOUR_US);
  assert_near (cost->per_hour, 0.6);
  assert_near (cost->so_far, 0.6);
  g_assert_true (cost->is_complete);
}

static void
test_stopped (void)
{
  g_autoptr (GPtrArray) computes
    = g_ptr_array_new_with_free_func ((GDestroyNotify) lw_compute_free);
  g_autoptr (GPtrArray) sizes = make_sizes ();
  g_autoptr (LwCost) cost = NULL;
  LwCompute *instance = compute_new (LW_COMPUTE_INSTANCE, "STANDARD_DS11_V2", "Stopped", -1);

  instance->last_us = START_US + HOUR_US;
  g_ptr_array_add (computes, instance);
  g_ptr_array_add (computes, compute_new (LW_COMPUTE_CLUSTER, "STANDARD_DS11_V2", NULL, 0));
  cost = lw_cost_new (computes, sizes, NULL, START_US + 30 * HOUR_US);
  assert_near (cost->per_hour, 0);
  assert_near (cost->so_far, 0.2);
}

static void
test_unknown_price (void)
{
  g_autoptr (GPtrArray) computes
    = g_ptr_array_new_with_free_func ((GDestroyNotify) lw_compute_free);
  g_autoptr (LwCost) cost = NULL;

  g_ptr_array_add (computes, compute_new (LW_COMPUTE_INSTANCE, "Standard_Odd", "Running", -1));
  cost = lw_cost_new (computes, NULL, NULL, START_US);
  g_assert_false (cost->is_complete);
  g_assert_cmpfloat (((LwCostLine *) g_ptr_array_index (cost->lines, 0))->so_far, <, 0);
}

static void
test_machines (void)
{
  static const struct
  {
    LwComputeKind kind;
    const char *instance_state;
    int nodes;
    int machines;
  } cases[] = {
    { LW_COMPUTE_INSTANCE, "Running", -1, 1 },      { LW_COMPUTE_INSTANCE, "Starting", -1, 1 },
    { LW_COMPUTE_INSTANCE, "a new word", -1, 1 },   { LW_COMPUTE_INSTANCE, NULL, -1, 1 },
    { LW_COMPUTE_INSTANCE, "Stopped", -1, 0 },      { LW_COMPUTE_INSTANCE, "CreateFailed", -1, 0 },
    { LW_COMPUTE_CLUSTER, NULL, 0, 0 },             { LW_COMPUTE_CLUSTER, NULL, -1, 0 },
    { LW_COMPUTE_CLUSTER, NULL, 3, 3 },             { LW_COMPUTE_OTHER, NULL, 3, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (LwCompute) compute
        = compute_new (cases[i].kind, "s", cases[i].instance_state, cases[i].nodes);

      g_assert_cmpint (lw_cost_count_machines (compute), ==, cases[i].machines);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cost/running", test_running);
  g_test_add_func ("/cost/stopped", test_stopped);
  g_test_add_func ("/cost/unknown-price", test_unknown_price);
  g_test_add_func ("/cost/machines", test_machines);
  return g_test_run ();
}

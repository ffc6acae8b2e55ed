/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Submits the lab's job as step 4 does: look for the same code, upload it, put the job. The
 * workspace is made before the count begins. Prints requests, wall seconds, processor seconds and
 * the largest resident size of this process, which the practice cloud is no part of. */

#include <sys/resource.h>

#include "lab-world.h"
#include "lw-code.h"
#include "lw-job.h"
#include "lw-plan.h"
#include "lw-preflight.h"

static double
get_cpu_seconds (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
         + (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void
submit (LabWorld *world, const LwMl *ml, const char *job)
{
  LwLab *lab = lab_world_get_lab (world);
  g_autoptr (GFile) folder = g_file_get_child (lw_lab_get_folder (lab), "src");
  g_autoptr (GError) error = NULL;
  g_autoptr (LwCodeFolder) code = lw_code_folder_new (folder, NULL, &error);
  g_autofree char *code_id = NULL;
  g_autoptr (LwJob) put = NULL;
  LwJobSpec spec = {
    .display_name = lw_lab_get_display_name (lab),
    .experiment_name = lw_lab_get_experiment (lab),
    .command = lw_lab_get_command (lab),
    .environment = lw_lab_get_environments (lab)[0],
    .compute = "aml-cluster",
  };

  g_assert_no_error (error);
  lw_code_upload (ml, code, NULL, &code_id, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  spec.code_id = code_id;
  put = lw_job_put (ml, job, &spec, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (put);
}

static void
register_providers (const LwArm *arm)
{
  const char *const *providers = lw_preflight_get_providers ();

  for (guint i = 0; providers[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;

      lw_arm_register_provider (arm, providers[i], NULL, &error);
      g_assert_no_error (error);
    }
}

int
main (void)
{
  LabWorld *world = lab_world_new (0, TRUE);
  g_autoptr (LwRecord) record = lab_world_new_record (world);
  g_autofree char *group = lw_record_dup (record, LW_RECORD_GROUP);
  g_autofree char *workspace = lw_record_dup (record, LW_RECORD_WORKSPACE);
  LwMl ml = { .arm = *lab_world_get_arm (world), .group = group, .workspace = workspace };
  g_autoptr (GError) error = NULL;
  g_autoptr (LwPlan) plan
      = lw_plan_new (ml.arm.azure, lab_world_get_lab (world), record, &error);
  g_autofree char *job = lw_job_make_name ();
  struct rusage usage;
  double cpu;
  gint64 started;

  g_assert_no_error (error);
  register_providers (&ml.arm);
  lw_plan_run (plan, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  lab_world_forget_requests (world);
  cpu = get_cpu_seconds ();
  started = g_get_monotonic_time ();
  submit (world, &ml, job);
  getrusage (RUSAGE_SELF, &usage);
  g_print ("submit: %u requests, %.3f s wall, %.3f s cpu, %.1f MiB\n",
           lab_world_count (world, NULL, ""),
           (double) (g_get_monotonic_time () - started) / G_USEC_PER_SEC, get_cpu_seconds () - cpu,
           (double) usage.ru_maxrss / 1024);
  lab_world_free (world);
  return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The error domain of the lab. No state, any thread. */

#include "lw-lab-error.h"

G_DEFINE_QUARK (lw-lab-error-quark, lw_lab_error)

static const char *const names[] = {
  [LW_LAB_ERROR_SUBSCRIPTION_OFF] = "subscription-off",
  [LW_LAB_ERROR_PERMISSION_MISSING] = "permission-missing",
  [LW_LAB_ERROR_NO_CANDIDATE] = "no-candidate",
  [LW_LAB_ERROR_NAME_TAKEN] = "name-taken",
  [LW_LAB_ERROR_GROUP_FOREIGN] = "group-foreign",
  [LW_LAB_ERROR_RESOURCE_FAILED] = "resource-failed",
  [LW_LAB_ERROR_NO_IDLE_SHUTDOWN] = "no-idle-shutdown",
  [LW_LAB_ERROR_NOT_CONFIRMED] = "not-confirmed",
  [LW_LAB_ERROR_LOCKED] = "locked",
  [LW_LAB_ERROR_JOB_UNKNOWN] = "job-unknown",
};

const char *
lw_lab_error_get_name (LwLabError code)
{
  g_return_val_if_fail ((guint) code < G_N_ELEMENTS (names), "failed");

  return names[code];
}

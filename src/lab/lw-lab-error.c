/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The error domain of the lab. No state, any thread. */

#include "lw-lab-error.h"

#include "lw-azure-error.h"
#include "lw-error.h"

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
  [LW_LAB_ERROR_GROUP_CHANGED] = "group-changed",
  [LW_LAB_ERROR_JOB_UNKNOWN] = "job-unknown",
  [LW_LAB_ERROR_RECORD_DAMAGED] = "record-damaged",
};

const char *
lw_lab_error_get_name (LwLabError code)
{
  g_return_val_if_fail ((guint) code < G_N_ELEMENTS (names), "failed");

  return names[code];
}

gboolean
lw_lab_error_is_answer (const GError *error)
{
  g_return_val_if_fail (error != NULL, FALSE);

  return error->domain == LW_AZURE_ERROR && error->code != LW_AZURE_ERROR_UNAUTHENTICATED
         && error->code != LW_AZURE_ERROR_CLAIMS && error->code != LW_AZURE_ERROR_ENTRA;
}

gboolean
lw_lab_error_is_passing (const GError *error)
{
  g_return_val_if_fail (error != NULL, FALSE);

  return g_error_matches (error, LW_ERROR, LW_ERROR_UNREACHABLE)
         || g_error_matches (error, LW_ERROR, LW_ERROR_TIMED_OUT)
         || g_error_matches (error, LW_ERROR, LW_ERROR_INTERRUPTED)
         || g_error_matches (error, LW_ERROR, LW_ERROR_PROXY)
         || g_error_matches (error, LW_AZURE_ERROR, LW_AZURE_ERROR_THROTTLED)
         || g_error_matches (error, LW_AZURE_ERROR, LW_AZURE_ERROR_UNAVAILABLE);
}

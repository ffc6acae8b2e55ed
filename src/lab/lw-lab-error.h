/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LW_LAB_ERROR:
 *
 * What stands in the way of a lab though every question was answered: no service said no, this
 * program did, on the grounds of what the services told. The message of the GError names the thing
 * (a group, a permission, a region); it is data, not a sentence for people.
 */
#define LW_LAB_ERROR (lw_lab_error_quark ())
GQuark lw_lab_error_quark (void);

/**
 * LwLabError:
 * @LW_LAB_ERROR_SUBSCRIPTION_OFF: the subscription takes no changes (disabled, deleted)
 * @LW_LAB_ERROR_PERMISSION_MISSING: the person may not do what the lab needs; names the action
 * @LW_LAB_ERROR_NO_CANDIDATE: no region and size of the lab will work
 * @LW_LAB_ERROR_NAME_TAKEN: a name that has to be new is taken, or kept by something soft-deleted
 * @LW_LAB_ERROR_GROUP_FOREIGN: a group of that name is there and not made by this attempt
 * @LW_LAB_ERROR_RESOURCE_FAILED: something stands but cannot be used, and making it again did not
 *   help; names its state
 * @LW_LAB_ERROR_NO_IDLE_SHUTDOWN: the instance's idle shutdown could not be read back
 * @LW_LAB_ERROR_NOT_CONFIRMED: the name that was typed is not that of what would be deleted
 * @LW_LAB_ERROR_LOCKED: a lock keeps the group from being deleted; names it
 * @LW_LAB_ERROR_GROUP_CHANGED: the group holds something that was not there when it was shown;
 *   names it
 * @LW_LAB_ERROR_JOB_UNKNOWN: the workspace has no job of that name; names it
 * @LW_LAB_ERROR_RECORD_DAMAGED: the record of an earlier attempt cannot be read; names the file that
 *   keeps it
 */
typedef enum
{
  LW_LAB_ERROR_SUBSCRIPTION_OFF,
  LW_LAB_ERROR_PERMISSION_MISSING,
  LW_LAB_ERROR_NO_CANDIDATE,
  LW_LAB_ERROR_NAME_TAKEN,
  LW_LAB_ERROR_GROUP_FOREIGN,
  LW_LAB_ERROR_RESOURCE_FAILED,
  LW_LAB_ERROR_NO_IDLE_SHUTDOWN,
  LW_LAB_ERROR_NOT_CONFIRMED,
  LW_LAB_ERROR_LOCKED,
  LW_LAB_ERROR_GROUP_CHANGED,
  LW_LAB_ERROR_JOB_UNKNOWN,
  LW_LAB_ERROR_RECORD_DAMAGED,
} LwLabError;

/** lw_lab_error_get_name: Returns: the stable word for @code by which the catalogue of advice and
 *   reports name it: "subscription-off", … */
const char *lw_lab_error_get_name (LwLabError code);

/**
 * lw_lab_error_is_answer:
 *
 * Returns: %TRUE when a service said no or would not tell: where that was only asked for, it is one
 *   thing less to know; %FALSE when the network or the sign-in failed, or a cancel: that ends all
 */
gboolean lw_lab_error_is_answer (const GError *error);

/**
 * lw_lab_error_is_passing:
 *
 * Returns: %TRUE when network or service are away, as far as can be told for a moment: what asks
 *   again and again anyway may go on asking
 */
gboolean lw_lab_error_is_passing (const GError *error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One region and size that the preflight looked at, as a row of a list. Main thread, no state. */

#include "lw-candidate-row.h"

#include <glib/gi18n.h>

static char *
describe_quota (const LwCandidate *candidate, const char *format)
{
  return g_strdup_printf (format, (int) candidate->needed, (int) candidate->free_cores);
}

static char *
describe (const LwCandidate *candidate)
{
  if (candidate->chosen)
    return g_strdup (_ ("Chosen: offered, allowed, and both quotas suffice"));
  switch (candidate->reason)
    {
    case LW_REJECT_REGION_NOT_OFFERED:
      return g_strdup (_ ("Azure Machine Learning is not offered in this region"));
    case LW_REJECT_REGION_POLICY:
      return g_strdup (_ ("A policy of the subscription does not allow this region"));
    case LW_REJECT_SIZE_NOT_OFFERED:
      return g_strdup (_ ("This size is not offered here"));
    case LW_REJECT_VM_QUOTA:
      /* Translators: numbers of vCPUs */
      return describe_quota (candidate, _ ("VM quota too small: %d vCPUs needed, %d free"));
    case LW_REJECT_ML_QUOTA:
      /* Translators: numbers of vCPUs */
      return describe_quota (
          candidate, _ ("Azure Machine Learning quota too small: %d vCPUs needed, %d free"));
    case LW_REJECT_REFUSED:
      return g_strdup (_ ("Azure refused it when it was to be made"));
    case LW_REJECT_NONE:
      return g_strdup (_ ("Would do as well"));
    case LW_REJECT_ERROR:
    default:
      return g_strdup (_ ("Could not be asked"));
    }
}

GtkWidget *
lw_candidate_row_new (const LwCandidate *candidate)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = gtk_image_new_from_icon_name (candidate->chosen ? "emblem-ok-symbolic"
                                                                    : "action-unavailable-symbolic");
  g_autofree char *subtitle = describe (candidate);
  g_autofree char *title
      = candidate->vm_size != NULL
            ? g_strdup_printf ("%s · %s", candidate->region, candidate->vm_size)
            : g_strdup (candidate->region);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  return row;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether the person may do something, asked before it is tried. No state, any thread but the main
 * one. */

#include "lw-arm-private.h"

#include "lw-api-versions.h"
#include "lw-arm-permission.h"

gboolean
lw_arm_permission_matches (const char *pattern, const char *action)
{
  const char *star = NULL;
  const char *resume = NULL;

  g_return_val_if_fail (pattern != NULL && action != NULL, FALSE);

  /* Goes back to the last star only: at worst the product of both lengths. */
  while (*action != '\0')
    {
      if (*pattern == '*')
        {
          star = pattern++;
          resume = action;
        }
      else if (g_ascii_tolower (*pattern) == g_ascii_tolower (*action))
        {
          pattern++;
          action++;
        }
      else if (star != NULL)
        {
          pattern = star + 1;
          action = ++resume;
        }
      else
        return FALSE;
    }
  while (*pattern == '*')
    pattern++;
  return *pattern == '\0';
}

static gboolean
any_matches (LwJson patterns, const char *action)
{
  for (guint i = 0; i < lw_json_length (patterns); i++)
    if (lw_arm_permission_matches (lw_json_as_string (lw_json_element (patterns, i), ""), action))
      return TRUE;
  return FALSE;
}

typedef struct
{
  const char *const *actions; /* borrowed */
  gboolean *allowed;          /* borrowed: one per action */
} Question;

static gboolean
take_assignment (LwJson item, gpointer user_data, GError **error)
{
  Question *self = user_data;

  for (guint i = 0; self->actions[i] != NULL; i++)
    if (any_matches (lw_json_member (item, "actions"), self->actions[i])
        && !any_matches (lw_json_member (item, "notActions"), self->actions[i]))
      self->allowed[i] = TRUE;
  return TRUE;
}

gboolean
lw_arm_may (const LwArm *arm, const char *const *actions, gboolean *allowed,
            GCancellable *cancellable, GError **error)
{
  g_autofree char *path = NULL;
  g_autofree gboolean *each = NULL;
  guint n_actions = 0;
  Question question = { 0 };
  LwAzureCall call = { 0 };

  g_return_val_if_fail (arm != NULL, FALSE);
  g_return_val_if_fail (actions != NULL && allowed != NULL, FALSE);

  n_actions = g_strv_length ((char **) actions);
  each = g_new0 (gboolean, n_actions + 1);
  question = (Question){ actions, each };
  path = lw_arm_dup_path (arm, NULL, "/providers/Microsoft.Authorization/permissions");
  call = lw_arm_call (arm, "GET", path, LW_API_PERMISSIONS);
  if (!lw_azure_list (arm->azure, &call, take_assignment, &question, cancellable, error))
    return FALSE;
  *allowed = TRUE;
  for (guint i = 0; i < n_actions; i++)
    *allowed = *allowed && each[i];
  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Paths of Resource Manager. No state, any thread. */

#include "lw-arm-private.h"

#include <string.h>

#include "lw-error.h"

/* Ids of nested resources are a few hundred bytes. */
#define MAX_ID 2048

LwAzureCall
lw_arm_call (const LwArm *arm, const char *method, const char *path, const char *api_version)
{
  return (LwAzureCall){
    .service = LW_CLOUD_ARM,
    .tenant_id = arm->tenant_id,
    .method = method,
    .path = path,
    .api_version = api_version,
  };
}

char *
lw_arm_dup_path (const LwArm *arm, const char *group, const char *tail)
{
  g_autofree char *subscription = lw_azure_escape (arm->subscription_id);
  g_autofree char *segment = group != NULL ? lw_azure_escape (group) : NULL;

  return g_strconcat ("/subscriptions/", subscription, segment != NULL ? "/resourceGroups/" : "",
                      segment != NULL ? segment : "", tail != NULL ? tail : "", NULL);
}

/* No segment that is empty or would lead elsewhere. */
static gboolean
has_plain_segments (const char *id)
{
  g_auto (GStrv) segments = g_strsplit (id + 1, "/", -1);

  for (guint i = 0; segments[i] != NULL; i++)
    if (*segments[i] == '\0' || strcmp (segments[i], ".") == 0 || strcmp (segments[i], "..") == 0)
      return FALSE;
  return TRUE;
}

char *
lw_arm_dup_id_path (const LwArm *arm, const char *id, GError **error)
{
  g_autofree char *prefix = g_strconcat ("/subscriptions/", arm->subscription_id, "/", NULL);

  if (strlen (id) <= MAX_ID && g_ascii_strncasecmp (id, prefix, strlen (prefix)) == 0
      && has_plain_segments (id) && g_utf8_validate (id, -1, NULL))
    return g_uri_escape_string (id, "/", FALSE);
  g_set_error_literal (error, LW_ERROR, LW_ERROR_MALFORMED,
                       "That is no id of a resource in the subscription");
  return NULL;
}

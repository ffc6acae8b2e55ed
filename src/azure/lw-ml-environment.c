/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether the environment that a job names exists (EnvironmentContainers_Get and
 * EnvironmentVersions_Get 2024-04-01). No state, any thread. */

#include "lw-ml-private.h"

#include <string.h>

#include "lw-error.h"

#define SCHEME "azureml:"
#define REGISTRY_SCHEME "azureml://registries/"
#define CURATED_PREFIX "AzureML-"

/* "azureml:NAME@LABEL" or "azureml:NAME:VERSION"; @version is NULL for a label. */
static gboolean
split_reference (const char *reference, char **name, char **version, GError **error)
{
  const char *rest;
  const char *label;
  const char *colon;

  if (g_str_has_prefix (reference, SCHEME))
    {
      rest = reference + strlen (SCHEME);
      label = strrchr (rest, '@');
      colon = strrchr (rest, ':');
      if (label != NULL && label > rest && label[1] != '\0' && strchr (rest, '/') == NULL)
        {
          *name = g_strndup (rest, (gsize) (label - rest));
          return lw_ml_check_segment (*name, error);
        }
      if (colon != NULL && colon > rest && colon[1] != '\0')
        {
          *name = g_strndup (rest, (gsize) (colon - rest));
          *version = g_strdup (colon + 1);
          return lw_ml_check_segment (*name, error) && lw_ml_check_segment (*version, error);
        }
    }
  g_set_error (error, LW_ERROR, LW_ERROR_MALFORMED,
               "“%s” is neither azureml:NAME:VERSION nor azureml:NAME@LABEL", reference);
  return FALSE;
}

gboolean
lw_ml_check_environment (const LwMl *ml, const char *reference, LwEnvironmentState *state,
                         GCancellable *cancellable, GError **error)
{
  g_autoptr (LwJsonDocument) document = NULL;
  g_autofree char *name = NULL;
  g_autofree char *version = NULL;
  g_autofree char *escaped = NULL;
  g_autofree char *action = NULL;
  g_autofree char *path = NULL;

  g_return_val_if_fail (ml != NULL && reference != NULL && state != NULL, FALSE);

  *state = LW_ENVIRONMENT_UNKNOWN;
  if (g_str_has_prefix (reference, REGISTRY_SCHEME))
    return TRUE;
  if (!split_reference (reference, &name, &version, error))
    return FALSE;
  if (version != NULL)
    {
      escaped = lw_azure_escape (version);
      action = g_strconcat ("versions/", escaped, NULL);
    }
  path = lw_ml_dup_path (ml, "environments", name, action);
  if (!lw_ml_get_json (ml, path, LW_API_ML, &document, cancellable, error))
    return FALSE;
  if (document != NULL)
    *state = LW_ENVIRONMENT_EXISTS;
  else if (!g_str_has_prefix (name, CURATED_PREFIX))
    *state = LW_ENVIRONMENT_MISSING;
  return TRUE;
}

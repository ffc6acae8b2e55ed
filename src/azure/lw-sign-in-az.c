/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Signing in by the sign-in of the Azure CLI. Any thread but the main one. */

#include "lw-account-private.h"
#include "lw-az.h"
#include "lw-error.h"
#include "lw-sign-in.h"

LwAccount *
lw_az_sign_in (LwHttp *http, const LwSignInOptions *options, GCancellable *cancellable,
               GError **error)
{
  g_autoptr (LwJsonDocument) document = NULL;
  LwAccountInfo *info = NULL;
  LwJson root = { 0 };
  const char *tenant = NULL;
  const char *user = NULL;

  g_return_val_if_fail (http != NULL && options != NULL, NULL);

  document = lw_az_show_account (cancellable, error);
  if (document == NULL)
    return NULL;
  root = lw_json_document_get_root (document);
  tenant = lw_json_need_string (root, "tenantId", error);
  if (tenant == NULL)
    return NULL;
  user = lw_json_need_string (lw_json_member (root, "user"), "name", error);
  if (user == NULL)
    return NULL;
  if (g_ascii_strcasecmp (lw_json_get_string (root, "environmentName", ""), options->cloud->id)
      != 0)
    {
      g_set_error_literal (error, LW_ERROR, LW_ERROR_SIGN_IN_NEEDED,
                           "az is signed in to another cloud");
      return NULL;
    }
  info = g_new0 (LwAccountInfo, 1);
  info->cloud_id = g_strdup (options->cloud_id);
  info->account_id = g_strconcat ("az:", user, NULL);
  info->tenant_id = g_strdup (tenant);
  info->user_name = g_strdup (user);
  info->display_name = g_strdup ("");
  info->client_id = g_strdup (options->cloud->client_id);
  info->method = g_strdup ("az");
  return lw_account_new (options->cloud, http, options->store, options->store_label, info);
}

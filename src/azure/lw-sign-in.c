/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the ways of signing in share: their options, and the account at their end. Belongs to one
 * thread at a time. */

#include "lw-sign-in-private.h"

#include "lw-account-private.h"
#include "lw-error.h"
#include "lw-id-token.h"

void
lw_sign_in_init (LwSignIn *self, LwHttp *http, const LwSignInOptions *options)
{
  self->http = lw_http_ref (http);
  self->cloud = options->cloud;
  self->cloud_id = g_strdup (options->cloud_id);
  self->tenant = g_strdup (options->tenant);
  self->client_id
      = g_strdup (options->client_id != NULL ? options->client_id : options->cloud->client_id);
  self->claims = lw_entra_build_claims (options->claims);
  self->scope = lw_entra_build_scope (options->cloud->arm_scope);
  self->login_hint = g_strdup (options->login_hint);
  self->language = g_strdup (options->language);
  self->store = lw_token_store_ref (options->store);
  self->store_label = g_strdup (options->store_label);
  self->practice = options->practice;
}

void
lw_sign_in_clear (LwSignIn *self)
{
  g_clear_pointer (&self->http, lw_http_unref);
  g_clear_pointer (&self->cloud_id, g_free);
  g_clear_pointer (&self->tenant, g_free);
  g_clear_pointer (&self->client_id, g_free);
  g_clear_pointer (&self->claims, g_free);
  g_clear_pointer (&self->scope, g_free);
  g_clear_pointer (&self->login_hint, g_free);
  g_clear_pointer (&self->language, g_free);
  g_clear_pointer (&self->store, lw_token_store_unref);
  g_clear_pointer (&self->store_label, g_free);
}

LwAccount *
lw_sign_in_finish (const LwSignIn *self, const char *method, const LwEntraTokens *tokens,
                   const char *nonce, GCancellable *cancellable, GError **error)
{
  g_autoptr (LwIdToken) id_token = NULL;
  g_autoptr (LwAccount) account = NULL;
  LwAccountInfo *info = NULL;

  if (tokens->id_token == NULL || tokens->refresh_token == NULL)
    {
      g_set_error_literal (error, LW_ERROR, LW_ERROR_MALFORMED,
                           "The token endpoint did not grant all that was asked for");
      return NULL;
    }
  id_token = lw_id_token_parse (tokens->id_token, self->client_id, nonce, error);
  if (id_token == NULL)
    return NULL;
  info = g_new0 (LwAccountInfo, 1);
  info->cloud_id = g_strdup (self->cloud_id);
  info->account_id = g_strconcat (id_token->object_id, ".", id_token->tenant_id, NULL);
  info->tenant_id = g_strdup (id_token->tenant_id);
  info->user_name = g_strdup (id_token->user_name);
  info->display_name = g_strdup (id_token->display_name);
  info->client_id = g_strdup (self->client_id);
  info->method = g_strdup (method);
  account = lw_account_new (self->cloud, self->http, self->store, self->store_label, info);
  if (!lw_account_adopt (account, self->cloud->arm_scope, tokens, cancellable, error))
    return NULL;
  return g_steal_pointer (&account);
}

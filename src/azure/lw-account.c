/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A signed-in person and the access tokens made for them. Any thread; everything that changes is
 * guarded by one mutex, which is never held during a request: the thread that renews marks the
 * account as busy, and the others wait for it, each as long as its own cancellable lets it. Lives
 * as long as its references; secrets are overwritten with it. */

#include "lw-account.h"

#include <string.h>

#include "lw-account-private.h"
#include "lw-az.h"
#include "lw-azure-error.h"
#include "lw-error.h"

#define METHOD_AZ "az"

struct _LwAccount
{
  gatomicrefcount ref_count;
  const LwCloud *cloud;
  LwHttp *http;        /* owned */
  LwTokenStore *store; /* owned */
  char *store_label;   /* owned */
  LwAccountInfo *info; /* owned, immutable */
  GMutex mutex;
  GCond changed;       /* is_busy became FALSE, or a waiting thread was cancelled */
  gboolean is_busy;    /* guarded by mutex: one thread renews or signs out */
  gboolean is_unsaved; /* guarded by mutex: the store has an older refresh token */
  char *refresh_token; /* owned, nullable, guarded by mutex */
  GHashTable *access;  /* owned, guarded by mutex, "tenant scope" to AccessToken */
};

typedef struct
{
  char *token; /* owned */
  gint64 expires_us;
} AccessToken;

/* Refusals that a new sign-in with the same account does not mend: another directory's account,
 * disabled, not assigned, locked, looping, conditional access, consent, client not allowed,
 * resource unknown to the tenant (Entra's table of AADSTS error codes). */
static const char *const lasting_refusals[] = {
  "AADSTS50020", "AADSTS50034",  "AADSTS50053",  "AADSTS50057", "AADSTS50105",  "AADSTS50196",
  "AADSTS53000", "AADSTS53001",  "AADSTS53003",  "AADSTS53004", "AADSTS530032", "AADSTS530035",
  "AADSTS65001", "AADSTS65002",  "AADSTS65004",  "AADSTS90094", "AADSTS90002",  "AADSTS90072",
  "AADSTS90038", "AADSTS500011", "AADSTS700016",
};

static void
access_token_free (gpointer data)
{
  AccessToken *self = data;

  lw_secret_free (self->token);
  g_free (self);
}

LwAccountInfo *
lw_account_info_copy (const LwAccountInfo *self)
{
  LwAccountInfo *copy = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new0 (LwAccountInfo, 1);
  copy->cloud_id = g_strdup (self->cloud_id);
  copy->account_id = g_strdup (self->account_id);
  copy->tenant_id = g_strdup (self->tenant_id);
  copy->user_name = g_strdup (self->user_name);
  copy->display_name = g_strdup (self->display_name);
  copy->client_id = g_strdup (self->client_id);
  copy->method = g_strdup (self->method);
  return copy;
}

void
lw_account_info_free (LwAccountInfo *self)
{
  if (self == NULL)
    return;
  g_free (self->cloud_id);
  g_free (self->account_id);
  g_free (self->tenant_id);
  g_free (self->user_name);
  g_free (self->display_name);
  g_free (self->client_id);
  g_free (self->method);
  g_free (self);
}

LwAccount *
lw_account_new (const LwCloud *cloud, LwHttp *http, LwTokenStore *store, const char *store_label,
                LwAccountInfo *info)
{
  LwAccount *self = g_new0 (LwAccount, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->cloud = cloud;
  self->http = lw_http_ref (http);
  self->store = lw_token_store_ref (store);
  self->store_label = g_strdup (store_label);
  self->info = info;
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  self->access = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, access_token_free);
  return self;
}

LwAccount *
lw_account_ref (LwAccount *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
lw_account_unref (LwAccount *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_hash_table_unref (self->access);
  lw_secret_free (self->refresh_token);
  lw_account_info_free (self->info);
  g_free (self->store_label);
  lw_token_store_unref (self->store);
  lw_http_unref (self->http);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

const LwAccountInfo *
lw_account_get_info (LwAccount *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->info;
}

static gboolean
is_az (const LwAccountInfo *info)
{
  return g_strcmp0 (info->method, METHOD_AZ) == 0;
}

LwAccount *
lw_account_resume (const LwCloud *cloud, LwHttp *http, LwTokenStore *store, const char *store_label,
                   const LwAccountInfo *info, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (LwSecret) refresh_token = NULL;
  LwAccount *self = NULL;

  g_return_val_if_fail (cloud != NULL && http != NULL && store != NULL, NULL);
  g_return_val_if_fail (store_label != NULL && info != NULL, NULL);

  if (is_az (info))
    {
      g_autofree char *path = lw_az_find (error);

      return path == NULL
                 ? NULL
                 : lw_account_new (cloud, http, store, store_label, lw_account_info_copy (info));
    }
  refresh_token
      = lw_token_store_load (store, info->cloud_id, info->account_id, cancellable, &local);
  if (refresh_token == NULL)
    {
      if (local == NULL)
        g_set_error_literal (&local, LW_ERROR, LW_ERROR_SIGN_IN_NEEDED, "No sign-in is stored");
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  self = lw_account_new (cloud, http, store, store_label, lw_account_info_copy (info));
  self->refresh_token = g_steal_pointer (&refresh_token);
  return self;
}

static char *
make_key (const char *tenant_id, const char *scope)
{
  return g_strconcat (tenant_id, " ", scope, NULL);
}

/* With the mutex held. */
static void
keep_access (LwAccount *self, const char *key, const LwEntraTokens *tokens)
{
  AccessToken *access = g_new0 (AccessToken, 1);

  access->token = g_strdup (tokens->access_token);
  access->expires_us = tokens->expires_us;
  g_hash_table_replace (self->access, g_strdup (key), access);
}

gboolean
lw_account_adopt (LwAccount *self, const char *scope, const LwEntraTokens *tokens,
                  GCancellable *cancellable, GError **error)
{
  g_autofree char *key = make_key (self->info->tenant_id, scope);

  if (!lw_token_store_save (self->store, self->info->cloud_id, self->info->account_id,
                            self->store_label, tokens->refresh_token, cancellable, error))
    return FALSE;
  g_mutex_lock (&self->mutex);
  lw_secret_free (self->refresh_token);
  self->refresh_token = g_strdup (tokens->refresh_token);
  keep_access (self, key, tokens);
  g_mutex_unlock (&self->mutex);
  return TRUE;
}

static char *
look_up_access (LwAccount *self, const char *key, guint min_validity_s)
{
  gint64 now_us = lw_clock_get_now_us (lw_http_get_clock (self->http));
  const AccessToken *access = NULL;
  char *token = NULL;

  g_mutex_lock (&self->mutex);
  access = g_hash_table_lookup (self->access, key);
  if (access != NULL && access->expires_us - now_us > min_validity_s * G_TIME_SPAN_SECOND)
    token = g_strdup (access->token);
  g_mutex_unlock (&self->mutex);
  return token;
}

static void
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  LwAccount *self = user_data;

  g_mutex_lock (&self->mutex);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
}

/* Waits for the account to be free and takes it. The handler is connected and taken away without
 * the mutex, as it takes the mutex itself. */
static gboolean
begin_work (LwAccount *self, GCancellable *cancellable, GError **error)
{
  gulong handler = 0;
  gboolean taken = FALSE;

  if (cancellable != NULL)
    handler = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), self, NULL);
  g_mutex_lock (&self->mutex);
  while (self->is_busy && !g_cancellable_is_cancelled (cancellable))
    g_cond_wait (&self->changed, &self->mutex);
  taken = !self->is_busy;
  if (taken)
    self->is_busy = TRUE;
  g_mutex_unlock (&self->mutex);
  g_cancellable_disconnect (cancellable, handler);
  return taken || !g_cancellable_set_error_if_cancelled (cancellable, error);
}

static void
end_work (LwAccount *self)
{
  g_mutex_lock (&self->mutex);
  self->is_busy = FALSE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
}

/* Entra's no, as the caller can act on it. @refusal: (transfer full) */
static void
set_refusal (GError **error, GError *refusal)
{
  static const char *const mended[]
      = { "invalid_grant", "interaction_required", "login_required", NULL };
  g_autoptr (GError) owned = refusal;
  const char *code = lw_azure_error_get_code (owned);

  if (!g_error_matches (owned, LW_AZURE_ERROR, LW_AZURE_ERROR_ENTRA) || code == NULL
      || !g_strv_contains (mended, code))
    {
      g_propagate_error (error, g_steal_pointer (&owned));
      return;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (lasting_refusals); i++)
    if (lw_azure_error_is (owned, lasting_refusals[i]))
      {
        g_propagate_error (error, g_steal_pointer (&owned));
        return;
      }
  g_set_error_literal (error, LW_ERROR, LW_ERROR_SIGN_IN_NEEDED, owned->message);
}

static LwEntraTokens *
request_refresh (LwAccount *self, const char *tenant_id, const char *scope, const char *claims,
                 GCancellable *cancellable, GError **error)
{
  g_autoptr (LwEntraForm) form = lw_entra_form_new ();
  g_autoptr (LwSecret) refresh_token = NULL;
  g_autofree char *scopes = lw_entra_build_scope (scope);
  g_autofree char *all_claims = lw_entra_build_claims (claims);
  g_autoptr (GError) local = NULL;
  LwEntraTokens *tokens = NULL;

  g_mutex_lock (&self->mutex);
  refresh_token = g_strdup (self->refresh_token);
  g_mutex_unlock (&self->mutex);
  if (refresh_token == NULL)
    {
      g_set_error_literal (error, LW_ERROR, LW_ERROR_SIGN_IN_NEEDED, "Signed out");
      return NULL;
    }
  lw_entra_form_add (form, "grant_type", "refresh_token");
  lw_entra_form_add (form, "client_id", self->info->client_id);
  lw_entra_form_add (form, "scope", scopes);
  lw_entra_form_add (form, "claims", all_claims);
  lw_entra_form_add (form, "refresh_token", refresh_token);
  tokens = lw_entra_request_tokens (self->http, self->cloud, tenant_id, form, TRUE, cancellable,
                                    &local);
  if (tokens == NULL)
    set_refusal (error, g_steal_pointer (&local));
  return tokens;
}

/* A new refresh token goes to the store first. That the store refuses now is no reason to end a
 * session whose token is in hand: the one that is stored stays good for a while, and the next
 * renewal tries again. */
static void
store_refreshed (LwAccount *self, const LwEntraTokens *tokens, GCancellable *cancellable)
{
  g_autoptr (LwSecret) newest = NULL;
  gboolean is_saved = FALSE;

  g_mutex_lock (&self->mutex);
  if (tokens->refresh_token != NULL && g_strcmp0 (tokens->refresh_token, self->refresh_token) != 0)
    {
      lw_secret_free (self->refresh_token);
      self->refresh_token = g_strdup (tokens->refresh_token);
      self->is_unsaved = TRUE;
    }
  if (self->is_unsaved)
    newest = g_strdup (self->refresh_token);
  g_mutex_unlock (&self->mutex);
  if (newest == NULL)
    return;
  is_saved = lw_token_store_save (self->store, self->info->cloud_id, self->info->account_id,
                                  self->store_label, newest, cancellable, NULL);
  g_mutex_lock (&self->mutex);
  self->is_unsaved = !is_saved;
  g_mutex_unlock (&self->mutex);
}

/* A new access token, kept and returned. The account is busy with it. */
static char *
make_token (LwAccount *self, const char *tenant_id, const char *scope, const char *claims,
            GCancellable *cancellable, GError **error)
{
  g_autoptr (LwEntraTokens) tokens = NULL;
  g_autofree char *key = make_key (tenant_id, scope);

  if (!is_az (self->info))
    tokens = request_refresh (self, tenant_id, scope, claims, cancellable, error);
  else if (claims == NULL)
    tokens = lw_az_get_token (tenant_id, scope, cancellable, error);
  else
    g_set_error_literal (error, LW_ERROR, LW_ERROR_SIGN_IN_NEEDED,
                         "az does not answer claims challenges");
  if (tokens == NULL)
    return NULL;
  if (!is_az (self->info))
    store_refreshed (self, tokens, cancellable);
  g_mutex_lock (&self->mutex);
  keep_access (self, key, tokens);
  g_mutex_unlock (&self->mutex);
  return g_steal_pointer (&tokens->access_token);
}

char *
lw_account_get_token (LwAccount *self, const char *tenant_id, const char *scope,
                      guint min_validity_s, GCancellable *cancellable, GError **error)
{
  g_autofree char *key = NULL;
  char *token = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (scope != NULL && g_str_has_suffix (scope, "/.default"), NULL);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (tenant_id == NULL)
    tenant_id = self->info->tenant_id;
  key = make_key (tenant_id, scope);
  token = look_up_access (self, key, min_validity_s);
  if (token != NULL || !begin_work (self, cancellable, error))
    return token;
  /* Perhaps made by the thread that was waited for. */
  token = look_up_access (self, key, min_validity_s);
  if (token == NULL)
    token = make_token (self, tenant_id, scope, NULL, cancellable, error);
  end_work (self);
  return token;
}

char *
lw_account_renew_token (LwAccount *self, const char *tenant_id, const char *scope,
                        const char *claims, GCancellable *cancellable, GError **error)
{
  char *token = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (scope != NULL && g_str_has_suffix (scope, "/.default"), NULL);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (tenant_id == NULL)
    tenant_id = self->info->tenant_id;
  if (!begin_work (self, cancellable, error))
    return NULL;
  token = make_token (self, tenant_id, scope, claims, cancellable, error);
  end_work (self);
  return token;
}

void
lw_account_drop_token (LwAccount *self, const char *tenant_id, const char *scope, const char *token)
{
  g_autofree char *key = NULL;
  const AccessToken *access = NULL;

  g_return_if_fail (self != NULL);
  g_return_if_fail (scope != NULL && token != NULL);

  key = make_key (tenant_id != NULL ? tenant_id : self->info->tenant_id, scope);
  g_mutex_lock (&self->mutex);
  access = g_hash_table_lookup (self->access, key);
  if (access != NULL && strcmp (access->token, token) == 0)
    g_hash_table_remove (self->access, key);
  g_mutex_unlock (&self->mutex);
}

gboolean
lw_account_sign_out (LwAccount *self, GCancellable *cancellable, GError **error)
{
  gboolean cleared = TRUE;

  g_return_val_if_fail (self != NULL, FALSE);

  /* A renewal that is under way would store its token after the store was cleared. */
  if (!begin_work (self, cancellable, error))
    return FALSE;
  g_mutex_lock (&self->mutex);
  g_hash_table_remove_all (self->access);
  g_clear_pointer (&self->refresh_token, lw_secret_free);
  self->is_unsaved = FALSE;
  g_mutex_unlock (&self->mutex);
  if (!is_az (self->info))
    cleared = lw_token_store_clear (self->store, self->info->cloud_id, self->info->account_id,
                                    cancellable, error);
  end_work (self);
  return cleared;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One face for two places of refresh tokens: the person's keyring (lw-keyring.c) and this process's
 * memory. Any thread; the table of the memory store is guarded by a mutex and wiped entry by
 * entry. */

#include "lw-token-store.h"

#include "lw-keyring.h"

struct _LwTokenStore
{
  gatomicrefcount ref_count;
  GMutex mutex;
  GHashTable
      *memory; /* owned, guarded by mutex, "cloud\naccount" to secret; NULL for the keyring */
};

static void
secret_free_cb (gpointer data)
{
  lw_secret_free (data);
}

static LwTokenStore *
store_new (gboolean in_memory)
{
  LwTokenStore *self = g_new0 (LwTokenStore, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->mutex);
  if (in_memory)
    self->memory = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, secret_free_cb);
  return self;
}

LwTokenStore *
lw_token_store_new_keyring (void)
{
  return store_new (FALSE);
}

LwTokenStore *
lw_token_store_new_memory (void)
{
  return store_new (TRUE);
}

LwTokenStore *
lw_token_store_ref (LwTokenStore *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
lw_token_store_unref (LwTokenStore *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_pointer (&self->memory, g_hash_table_unref);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

gboolean
lw_token_store_is_persistent (LwTokenStore *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->memory == NULL;
}

static char *
make_key (const char *cloud_id, const char *account_id)
{
  return g_strconcat (cloud_id, "\n", account_id, NULL);
}

gboolean
lw_token_store_prepare (LwTokenStore *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  return self->memory != NULL || lw_keyring_unlock (cancellable, error);
}

gboolean
lw_token_store_save (LwTokenStore *self, const char *cloud_id, const char *account_id,
                     const char *label, const char *secret, GCancellable *cancellable,
                     GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (cloud_id != NULL && account_id != NULL, FALSE);
  g_return_val_if_fail (label != NULL && secret != NULL, FALSE);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (self->memory == NULL)
    return lw_keyring_save (cloud_id, account_id, label, secret, cancellable, error);
  g_mutex_lock (&self->mutex);
  g_hash_table_replace (self->memory, make_key (cloud_id, account_id), g_strdup (secret));
  g_mutex_unlock (&self->mutex);
  return TRUE;
}

char *
lw_token_store_load (LwTokenStore *self, const char *cloud_id, const char *account_id,
                     GCancellable *cancellable, GError **error)
{
  g_autofree char *key = NULL;
  char *secret = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (cloud_id != NULL && account_id != NULL, NULL);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (self->memory == NULL)
    return lw_keyring_load (cloud_id, account_id, cancellable, error);
  key = make_key (cloud_id, account_id);
  g_mutex_lock (&self->mutex);
  secret = g_strdup (g_hash_table_lookup (self->memory, key));
  g_mutex_unlock (&self->mutex);
  return secret;
}

gboolean
lw_token_store_clear (LwTokenStore *self, const char *cloud_id, const char *account_id,
                      GCancellable *cancellable, GError **error)
{
  g_autofree char *key = NULL;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (cloud_id != NULL && account_id != NULL, FALSE);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (self->memory == NULL)
    return lw_keyring_clear (cloud_id, account_id, cancellable, error);
  key = make_key (cloud_id, account_id);
  g_mutex_lock (&self->mutex);
  g_hash_table_remove (self->memory, key);
  g_mutex_unlock (&self->mutex);
  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lw-token-store.h"

#define ACCOUNT "11111111-1111-1111-1111-111111111111.22222222-2222-2222-2222-222222222222"

static void
assert_stored (LwTokenStore *store, const char *cloud, const char *account, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LwSecret) secret = lw_token_store_load (store, cloud, account, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (secret, ==, expected);
}

static void
save (LwTokenStore *store, const char *cloud, const char *account, const char *secret)
{
  g_autoptr (GError) error = NULL;

  lw_token_store_save (store, cloud, account, "Labwalk", secret, NULL, &error);
  g_assert_no_error (error);
}

static void
test_round_trip (void)
{
  g_autoptr (LwTokenStore) store = lw_token_store_new_memory ();
  g_autoptr (LwTokenStore) again = lw_token_store_ref (store);
  g_autoptr (GError) error = NULL;

  g_assert_false (lw_token_store_is_persistent (store));
  lw_token_store_prepare (store, NULL, &error);
  g_assert_no_error (error);
  assert_stored (store, "AzureCloud", ACCOUNT, NULL);

  save (store, "AzureCloud", ACCOUNT, "first");
  save (store, "practice", ACCOUNT, "practised");
  save (store, "AzureCloud", "other", "another");
  assert_stored (again, "AzureCloud", ACCOUNT, "first");
  save (store, "AzureCloud", ACCOUNT, "second");
  assert_stored (store, "AzureCloud", ACCOUNT, "second");
  assert_stored (store, "practice", ACCOUNT, "practised");

  g_assert_true (lw_token_store_clear (store, "AzureCloud", ACCOUNT, NULL, &error));
  g_assert_true (lw_token_store_clear (store, "AzureCloud", ACCOUNT, NULL, &error));
  g_assert_no_error (error);
  assert_stored (store, "AzureCloud", ACCOUNT, NULL);
  assert_stored (store, "practice", ACCOUNT, "practised");
  assert_stored (store, "AzureCloud", "other", "another");
}

static void
test_cancelled (void)
{
  g_autoptr (LwTokenStore) store = lw_token_store_new_memory ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  save (store, "AzureCloud", ACCOUNT, "kept");
  g_cancellable_cancel (cancellable);
  g_assert_false (
      lw_token_store_save (store, "AzureCloud", ACCOUNT, "Labwalk", "new", cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_null (lw_token_store_load (store, "AzureCloud", ACCOUNT, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_false (lw_token_store_clear (store, "AzureCloud", ACCOUNT, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_stored (store, "AzureCloud", ACCOUNT, "kept");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/token-store-memory/round-trip", test_round_trip);
  g_test_add_func ("/token-store-memory/cancelled", test_cancelled);
  return g_test_run ();
}

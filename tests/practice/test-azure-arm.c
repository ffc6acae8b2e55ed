/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Our client of Resource Manager against the real practice cloud. The cases share one subscription
 * and make groups of their own. */

#include <string.h>

#include "lab-world.h"
#include "lw-api-versions.h"
#include "lw-error.h"

#define REGION "koreacentral"

/* Of the client, whose waits take no time, while those of the cloud do. */
#define DEADLINE_US (10 * G_TIME_SPAN_DAY)

static LabWorld *world;
static const LwArm *arm;

static void
make_group (const char *name)
{
  g_autoptr (GError) error = NULL;

  lw_arm_put_group (arm, name, REGION, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
delete_group (const char *name)
{
  g_autoptr (GError) error = NULL;

  lw_arm_delete_group (arm, name, DEADLINE_US, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
register_provider (const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *state = NULL;

  lw_arm_register_provider (arm, name, NULL, &error);
  g_assert_no_error (error);
  while (g_strcmp0 (state, "Registered") != 0)
    {
      g_free (state);
      state = lw_arm_get_provider_state (arm, name, NULL, NULL, NULL, &error);
      g_assert_no_error (error);
    }
}

static char *
dup_id (const char *group, const char *rest)
{
  return g_strdup_printf ("/subscriptions/%s/resourceGroups/%s%s", arm->subscription_id, group,
                          rest);
}

static void
put (const char *id, const char *api_version, GBytes *body)
{
  g_autoptr (GError) error = NULL;

  lw_arm_put_resource (arm, id, api_version, body, DEADLINE_US, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_bytes_unref (body);
}

static void
test_account (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) tenants = lw_arm_list_tenants (arm->azure, NULL, &error);
  const LwAccountInfo *info = lw_account_get_info (lw_azure_get_account (arm->azure));
  gboolean found = FALSE;

  g_assert_no_error (error);
  g_assert_cmpuint (tenants->len, >=, 1);
  g_assert_cmpstr (((LwTenant *) g_ptr_array_index (tenants, 0))->id, ==, info->tenant_id);
  for (guint i = 0; i < tenants->len; i++)
    {
      const LwTenant *tenant = g_ptr_array_index (tenants, i);
      g_autoptr (GPtrArray) subscriptions
          = lw_arm_list_subscriptions (arm->azure, tenant->id, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (tenant->display_name, !=, "");
      for (guint j = 0; j < subscriptions->len; j++)
        {
          const LwSubscription *subscription = g_ptr_array_index (subscriptions, j);

          g_assert_cmpstr (subscription->tenant_id, ==, tenant->id);
          g_assert_cmpstr (subscription->state, ==, "Enabled");
          found = found || strcmp (subscription->id, arm->subscription_id) == 0;
        }
    }
  g_assert_true (found);
}

static void
test_locations (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) locations = lw_arm_list_locations (arm, NULL, &error);
  gboolean found = FALSE;

  g_assert_no_error (error);
  for (guint i = 0; i < locations->len; i++)
    {
      const LwLocation *location = g_ptr_array_index (locations, i);

      if (strcmp (location->name, REGION) != 0)
        continue;
      found = TRUE;
      g_assert_cmpstr (location->display_name, ==, "Korea Central");
    }
  g_assert_true (found);
}

static void
test_permissions (void)
{
  static const char *const needed[] = {
    "Microsoft.Resources/subscriptions/resourceGroups/write",
    "Microsoft.MachineLearningServices/workspaces/write",
    NULL,
  };
  g_autoptr (GError) error = NULL;
  gboolean allowed = FALSE;

  g_assert_true (lw_arm_may (arm, needed, &allowed, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (allowed);
}

static void
test_provider (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) locations = NULL;
  g_autofree char *state = NULL;
  gboolean found = FALSE;

  register_provider ("Microsoft.MachineLearningServices");
  state = lw_arm_get_provider_state (arm, "Microsoft.MachineLearningServices", "workspaces",
                                     &locations, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (state, ==, "Registered");
  for (guint i = 0; i < locations->len; i++)
    found = found || strcmp (g_ptr_array_index (locations, i), REGION) == 0;
  g_assert_true (found);
}

static void
test_group (void)
{
  g_autoptr (GHashTable) tags = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (LwGroup) group = NULL;
  g_autoptr (LwGroup) absent = NULL;
  g_autoptr (GPtrArray) groups = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (lw_arm_get_group (arm, "rg-arm-group", NULL, &error));
  g_assert_no_error (error);
  g_hash_table_insert (tags, (gpointer) "lab", (gpointer) "08 <한글>");
  lw_arm_put_group (arm, "rg-arm-group", REGION, tags, NULL, &error);
  g_assert_no_error (error);
  group = lw_arm_get_group (arm, "rg-arm-group", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (group->name, ==, "rg-arm-group");
  g_assert_cmpstr (group->location, ==, REGION);
  g_assert_cmpstr (group->state, ==, "Succeeded");
  g_assert_cmpstr (g_hash_table_lookup (group->tags, "lab"), ==, "08 <한글>");
  groups = lw_arm_list_groups (arm, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (groups->len, >=, 1);

  g_assert_false (lw_arm_put_group (arm, "rg-arm-group", "eastus", NULL, NULL, &error));
  g_assert_error (error, LW_AZURE_ERROR, LW_AZURE_ERROR_CONFLICT);
  g_assert_true (lw_azure_error_is (error, "InvalidResourceGroupLocation"));
  g_clear_error (&error);

  delete_group ("rg-arm-group");
  absent = lw_arm_get_group (arm, "rg-arm-group", NULL, &error);
  g_assert_no_error (error);
  g_assert_null (absent);
  delete_group ("rg-arm-group");
}

static void
count_cb (const char *status, gint64 elapsed_us, gpointer user_data)
{
  g_assert_nonnull (status);
  ++*(guint *) user_data;
}

static void
test_resource (void)
{
  g_autofree char *id
      = dup_id ("rg-arm-resource", "/providers/Microsoft.Storage/storageAccounts/starmresource");
  g_autoptr (LwResource) resource = NULL;
  g_autoptr (LwJsonDocument) document = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL;
  gboolean is_free = FALSE;
  guint n_polls = 0;

  register_provider ("Microsoft.Storage");
  make_group ("rg-arm-resource");
  g_assert_true (lw_arm_is_name_free (arm, "storage", "starmresource", &is_free, NULL, &error));
  g_assert_true (is_free);
  g_assert_null (lw_arm_get_resource (arm, id, LW_API_STORAGE, &document, NULL, &error));
  g_assert_no_error (error);
  put (id, LW_API_STORAGE, lw_arm_build_storage (REGION, NULL));

  resource = lw_arm_get_resource (arm, id, LW_API_STORAGE, &document, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (resource->name, ==, "starmresource");
  g_assert_cmpstr (resource->state, ==, "Succeeded");
  g_assert_true (lw_json_is_object (lw_json_document_get_root (document)));
  g_assert_true (lw_arm_is_name_free (arm, "storage", "starmresource", &is_free, NULL, &error));
  g_assert_false (is_free);

  rows = lw_arm_list_resources (arm, "rg-arm-resource", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, 1);
  g_assert_cmpint (((LwResource *) g_ptr_array_index (rows, 0))->created_us, >, 0);

  lw_arm_delete_resource (arm, id, LW_API_STORAGE, NULL, DEADLINE_US, count_cb, &n_polls, NULL,
                          &error);
  g_assert_no_error (error);
  g_assert_null (lw_arm_get_resource (arm, id, LW_API_STORAGE, NULL, NULL, &error));
  g_assert_no_error (error);
  lw_arm_delete_resource (arm, id, LW_API_STORAGE, NULL, DEADLINE_US, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  delete_group ("rg-arm-resource");
}

/* The provider is not registered, the group is not there, the id is not ours. */
static void
test_resource_refused (void)
{
  g_autofree char *id
      = dup_id ("rg-arm-nowhere", "/providers/Microsoft.Storage/storageAccounts/starmnowhere");
  g_autofree char *workspace = dup_id (
      "rg-arm-refused", "/providers/Microsoft.OperationalInsights/workspaces/logarmrefused");
  g_autoptr (GBytes) storage = lw_arm_build_storage (REGION, NULL);
  g_autoptr (GBytes) logs = lw_arm_build_log_analytics (REGION, NULL);
  g_autoptr (GError) error = NULL;

  register_provider ("Microsoft.Storage");
  g_assert_false (lw_arm_put_resource (arm, id, LW_API_STORAGE, storage, DEADLINE_US, NULL, NULL,
                                       NULL, &error));
  g_assert_error (error, LW_AZURE_ERROR, LW_AZURE_ERROR_NOT_FOUND);
  g_assert_true (lw_azure_error_is (error, "ResourceGroupNotFound"));
  g_assert_nonnull (lw_azure_error_get_request_id (error));
  g_clear_error (&error);

  make_group ("rg-arm-refused");
  g_assert_false (lw_arm_put_resource (arm, workspace, LW_API_LOG_ANALYTICS, logs, DEADLINE_US,
                                       NULL, NULL, NULL, &error));
  g_assert_error (error, LW_AZURE_ERROR, LW_AZURE_ERROR_CONFLICT);
  g_assert_true (lw_azure_error_is (error, "MissingSubscriptionRegistration"));
  g_assert_cmpstr (lw_azure_error_get_target (error), ==, "Microsoft.OperationalInsights");
  g_clear_error (&error);

  g_assert_false (lw_arm_delete_resource (arm, "/subscriptions/x/resourceGroups/y", LW_API_STORAGE,
                                          NULL, DEADLINE_US, NULL, NULL, NULL, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_MALFORMED);
  delete_group ("rg-arm-refused");
}

static const LwDeletedVault *
find_vault (GPtrArray *vaults, const char *name)
{
  for (guint i = 0; i < vaults->len; i++)
    {
      const LwDeletedVault *vault = g_ptr_array_index (vaults, i);

      if (strcmp (vault->name, name) == 0)
        return vault;
    }
  return NULL;
}

/* A deleted vault holds its name until it is purged. */
static void
test_vault (void)
{
  g_autofree char *id = dup_id ("rg-arm-vault", "/providers/Microsoft.KeyVault/vaults/kv-arm-test");
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (GPtrArray) after = NULL;
  g_autoptr (GError) error = NULL;
  const LwDeletedVault *vault = NULL;
  gboolean is_free = TRUE;

  register_provider ("Microsoft.KeyVault");
  make_group ("rg-arm-vault");
  put (id, LW_API_KEY_VAULT, lw_arm_build_vault (REGION, arm->tenant_id, NULL));
  delete_group ("rg-arm-vault");

  before = lw_arm_list_deleted_vaults (arm, NULL, &error);
  g_assert_no_error (error);
  vault = find_vault (before, "kv-arm-test");
  g_assert (vault != NULL);
  g_assert_cmpstr (vault->location, ==, REGION);
  g_assert_cmpint (g_ascii_strcasecmp (vault->vault_id, id), ==, 0);
  g_assert_cmpint (vault->purge_us, >, 0);
  g_assert_false (vault->purge_protected);
  g_assert_true (lw_arm_is_name_free (arm, "vault", "kv-arm-test", &is_free, NULL, &error));
  g_assert_false (is_free);

  g_assert_true (lw_arm_purge_vault (arm, vault->name, vault->location, DEADLINE_US, NULL, &error));
  g_assert_no_error (error);
  after = lw_arm_list_deleted_vaults (arm, NULL, &error);
  g_assert_null (find_vault (after, "kv-arm-test"));
  g_assert_true (lw_arm_is_name_free (arm, "vault", "kv-arm-test", &is_free, NULL, &error));
  g_assert_true (is_free);
  g_assert_true (lw_arm_purge_vault (arm, "kv-arm-test", REGION, DEADLINE_US, NULL, &error));
  g_assert_no_error (error);
}

static void
put_lock (const char *group)
{
  static const char body[] = "{\"properties\":{\"level\":\"CanNotDelete\",\"notes\":\"mine\"}}";
  g_autofree char *id = dup_id (group, "/providers/Microsoft.Authorization/locks/keep");
  g_autoptr (GBytes) bytes = g_bytes_new_static (body, strlen (body));

  put (id, LW_API_LOCKS, g_bytes_ref (bytes));
}

static void
test_locked_group (void)
{
  g_autoptr (GPtrArray) locks = NULL;
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GError) error = NULL;
  const LwLock *lock = NULL;

  make_group ("rg-arm-locked");
  put_lock ("rg-arm-locked");
  g_assert_false (
      lw_arm_delete_group (arm, "rg-arm-locked", DEADLINE_US, NULL, NULL, NULL, &error));
  g_assert_error (error, LW_AZURE_ERROR, LW_AZURE_ERROR_CONFLICT);
  g_assert_true (lw_azure_error_is (error, "ScopeLocked"));
  g_clear_error (&error);

  locks = lw_arm_list_locks (arm, "rg-arm-locked", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (locks->len, ==, 1);
  lock = g_ptr_array_index (locks, 0);
  g_assert_cmpstr (lock->name, ==, "keep");
  g_assert_cmpstr (lock->level, ==, "CanNotDelete");
  g_assert_cmpstr (lock->notes, ==, "mine");
  g_assert_true (lw_arm_delete_lock (arm, lock->id, NULL, &error));
  g_assert_true (lw_arm_delete_lock (arm, lock->id, NULL, &error));
  g_assert_no_error (error);
  none = lw_arm_list_locks (arm, "rg-arm-locked", NULL, &error);
  g_assert_cmpuint (none->len, ==, 0);
  delete_group ("rg-arm-locked");
}

/* Deleting a group that is being deleted waits for the same end. */
static void
test_deleted_twice (void)
{
  LwAzureCall call = { .service = LW_CLOUD_ARM, .method = "DELETE", .tenant_id = arm->tenant_id };
  g_autofree char *path = dup_id ("rg-arm-twice", "");
  g_autoptr (LwHttpResponse) first = NULL;
  g_autoptr (GError) error = NULL;

  make_group ("rg-arm-twice");
  call.path = path;
  call.api_version = LW_API_RESOURCES;
  first = lw_azure_send (arm->azure, &call, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (lw_http_response_get_status (first), ==, 202);
  delete_group ("rg-arm-twice");
  g_assert_null (lw_arm_get_group (arm, "rg-arm-twice", NULL, &error));
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  int status = 0;

  g_test_init (&argc, &argv, NULL);
  world = lab_world_new (0, TRUE);
  arm = lab_world_get_arm (world);
  g_test_add_func ("/azure-arm/account", test_account);
  g_test_add_func ("/azure-arm/locations", test_locations);
  g_test_add_func ("/azure-arm/permissions", test_permissions);
  g_test_add_func ("/azure-arm/provider", test_provider);
  g_test_add_func ("/azure-arm/group", test_group);
  g_test_add_func ("/azure-arm/resource", test_resource);
  g_test_add_func ("/azure-arm/resource-refused", test_resource_refused);
  g_test_add_func ("/azure-arm/vault", test_vault);
  g_test_add_func ("/azure-arm/locked-group", test_locked_group);
  g_test_add_func ("/azure-arm/deleted-twice", test_deleted_twice);
  status = g_test_run ();
  lab_world_free (world);
  return status;
}

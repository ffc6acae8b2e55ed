/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the calls to Resource Manager are made of: permissions, ids, bodies. */

#include "lw-arm-permission.h"
#include "lw-arm-private.h"
#include "lw-error.h"

#define SUBSCRIPTION "33333333-3333-3333-3333-333333333333"

static const LwArm arm = { .subscription_id = SUBSCRIPTION };

static const struct
{
  const char *pattern;
  const char *action;
  gboolean matches;
} permissions[] = {
  { "*", "Microsoft.Compute/virtualMachines/write", TRUE },
  { "*/read", "Microsoft.Compute/virtualMachines/read", TRUE },
  { "*/read", "Microsoft.Compute/virtualMachines/write", FALSE },
  { "Microsoft.Compute/*", "microsoft.compute/virtualMachines/WRITE", TRUE },
  { "Microsoft.Compute/*", "Microsoft.Computer/x", FALSE },
  { "Microsoft.Authorization/*/Delete", "Microsoft.Authorization/locks/delete", TRUE },
  { "Microsoft.Authorization/*/Delete", "Microsoft.Authorization/delete", FALSE },
  { "Microsoft.Resources/subscriptions/resourceGroups/write",
    "Microsoft.Resources/subscriptions/resourcegroups/write", TRUE },
  { "Microsoft.Resources/subscriptions/resourceGroups/write",
    "Microsoft.Resources/subscriptions/resourceGroups/writes", FALSE },
  { "a*b*c", "abbbc", TRUE },
  { "a*b*c", "abbb", FALSE },
  { "**", "", TRUE },
  { "", "", TRUE },
  { "", "a", FALSE },
};

static void
test_permissions (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (permissions); i++)
    {
      g_test_message ("%s %s", permissions[i].pattern, permissions[i].action);
      g_assert_cmpint (lw_arm_permission_matches (permissions[i].pattern, permissions[i].action),
                       ==, permissions[i].matches);
    }
}

static const struct
{
  const char *id;
  const char *path;
} ids[] = {
  { "/subscriptions/" SUBSCRIPTION "/resourceGroups/rg/providers/M.S/t/n",
    "/subscriptions/" SUBSCRIPTION "/resourceGroups/rg/providers/M.S/t/n" },
  { "/SUBSCRIPTIONS/" SUBSCRIPTION "/resourcegroups/rg",
    "/SUBSCRIPTIONS/" SUBSCRIPTION "/resourcegroups/rg" },
  { "/subscriptions/" SUBSCRIPTION "/resourceGroups/a b?c#d%2F",
    "/subscriptions/" SUBSCRIPTION "/resourceGroups/a%20b%3Fc%23d%252F" },
  { "/subscriptions/" SUBSCRIPTION "/resourceGroups/rg/../../x", NULL },
  { "/subscriptions/" SUBSCRIPTION "/resourceGroups/./x", NULL },
  { "/subscriptions/" SUBSCRIPTION "//x", NULL },
  { "/subscriptions/" SUBSCRIPTION "/x/", NULL },
  { "/subscriptions/" SUBSCRIPTION, NULL },
  { "/subscriptions/44444444-4444-4444-4444-444444444444/resourceGroups/rg", NULL },
  { "https://evil.example/", NULL },
  { "/subscriptions/" SUBSCRIPTION "/\xff", NULL },
  { "", NULL },
};

static void
test_ids (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *path = lw_arm_dup_id_path (&arm, ids[i].id, &error);

      g_assert_cmpstr (path, ==, ids[i].path);
      if (ids[i].path == NULL)
        g_assert_error (error, LW_ERROR, LW_ERROR_MALFORMED);
      else
        g_assert_no_error (error);
    }
}

static void
test_paths (void)
{
  g_autofree char *plain = lw_arm_dup_path (&arm, NULL, "/locations");
  g_autofree char *escaped = lw_arm_dup_path (&arm, "a/../b", NULL);

  g_assert_cmpstr (plain, ==, "/subscriptions/" SUBSCRIPTION "/locations");
  g_assert_cmpstr (escaped, ==, "/subscriptions/" SUBSCRIPTION "/resourceGroups/a%2F..%2Fb");
}

/* @body: (transfer full) */
static void
assert_body (GBytes *body, const char *expected)
{
  g_autoptr (GBytes) owned = body;
  g_autofree char *text = g_strndup (g_bytes_get_data (owned, NULL), g_bytes_get_size (owned));

  g_assert_cmpstr (text, ==, expected);
}

static void
test_bodies (void)
{
  g_autoptr (GHashTable) tags = g_hash_table_new (g_str_hash, g_str_equal);

  g_hash_table_insert (tags, (gpointer) "lab", (gpointer) "\"08\"");
  assert_body (lw_arm_build_storage ("koreacentral", NULL),
               "{\"location\":\"koreacentral\",\"properties\":{\"supportsHttpsTrafficOnly\":true,"
               "\"allowBlobPublicAccess\":false,\"allowSharedKeyAccess\":true,"
               "\"minimumTlsVersion\":\"TLS1_2\"},\"sku\":{\"name\":\"Standard_LRS\"},"
               "\"kind\":\"StorageV2\"}");
  assert_body (lw_arm_build_vault ("koreacentral", "tenant", tags),
               "{\"location\":\"koreacentral\",\"properties\":{\"tenantId\":\"tenant\",\"sku\":{"
               "\"family\":\"A\",\"name\":\"standard\"},\"accessPolicies\":[],"
               "\"softDeleteRetentionInDays\":7},\"tags\":{\"lab\":\"\\\"08\\\"\"}}");
  assert_body (lw_arm_build_log_analytics ("koreacentral", NULL),
               "{\"location\":\"koreacentral\",\"properties\":{\"sku\":{\"name\":\"PerGB2018\"},"
               "\"retentionInDays\":30}}");
  assert_body (lw_arm_build_insights ("koreacentral", "/subscriptions/x", NULL),
               "{\"location\":\"koreacentral\",\"properties\":{\"Application_Type\":\"web\","
               "\"WorkspaceResourceId\":\"/subscriptions/x\"},\"kind\":\"web\"}");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/arm/permissions", test_permissions);
  g_test_add_func ("/arm/ids", test_ids);
  g_test_add_func ("/arm/paths", test_paths);
  g_test_add_func ("/arm/bodies", test_bodies);
  return g_test_run ();
}

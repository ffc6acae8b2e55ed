/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "azure-stage.h"
#include "lw-policy.h"

#define ASSIGNMENTS                                                                                \
  AZURE_STAGE_ARM                                                                                  \
  "/subscriptions/s/providers/Microsoft.Authorization/policyAssignments?api-version=2022-06-01"
#define ASSIGNMENT(mode, name, list)                                                               \
  "{\"properties\":{\"enforcementMode\":\"" mode "\",\"parameters\":{\"" name                      \
  "\":{\"value\":" list "}}}}"

static GPtrArray *
ask (const char *assignments, GError **error)
{
  g_autoptr (AzureStage) stage = azure_stage_new ();
  g_autoptr (LwAzure) azure = azure_stage_new_azure (stage);
  g_autofree char *body = g_strconcat ("{\"value\":[", assignments, "]}", NULL);
  LwArm arm = { azure, AZURE_STAGE_TENANT, "s" };
  GPtrArray *regions = NULL;

  azure_stage_say (stage, "GET", ASSIGNMENTS, 200, NULL, body);
  lw_policy_list_regions (&arm, &regions, NULL, error);
  return regions;
}

static void
assert_regions (const char *assignments, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) regions = ask (assignments, &error);
  g_autoptr (GString) text = g_string_new (NULL);

  g_assert_no_error (error);
  if (expected == NULL)
    {
      g_assert_null (regions);
      return;
    }
  for (guint i = 0; i < regions->len; i++)
    g_string_append_printf (text, "%s ", (const char *) g_ptr_array_index (regions, i));
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_regions (void)
{
  assert_regions ("", NULL);
  assert_regions (ASSIGNMENT ("Default", "somethingElse", "[\"eastus\"]"), NULL);
  assert_regions (ASSIGNMENT ("Default", "listOfAllowedLocations", "\"eastus\""), NULL);
  assert_regions (ASSIGNMENT ("DoNotEnforce", "listOfAllowedLocations", "[\"eastus\"]"), NULL);
  assert_regions (ASSIGNMENT ("Default", "listOfAllowedLocations", "[\"KoreaCentral\",\"eastus\"]"),
                  "koreacentral eastus ");
  /* Both have to be met. */
  assert_regions (ASSIGNMENT ("Default", "listOfAllowedLocations",
                              "[\"koreacentral\",\"eastus\",\"westus\"]") "," ASSIGNMENT (
                    "Default", "allowedLocations", "[\"westus\",\"koreacentral\"]"),
                  "koreacentral westus ");
  assert_regions (ASSIGNMENT ("Default", "listOfAllowedLocations", "[]"), "");
}

static void
test_refused (void)
{
  g_autoptr (AzureStage) stage = azure_stage_new ();
  g_autoptr (LwAzure) azure = azure_stage_new_azure (stage);
  LwArm arm = { azure, AZURE_STAGE_TENANT, "s" };
  g_autoptr (GPtrArray) regions = NULL;
  g_autoptr (GError) error = NULL;

  azure_stage_say (stage, "GET", ASSIGNMENTS, 403, NULL,
                   "{\"error\":{\"code\":\"AuthorizationFailed\",\"message\":\"m\"}}");
  g_assert_false (lw_policy_list_regions (&arm, &regions, NULL, &error));
  g_assert_error (error, LW_AZURE_ERROR, LW_AZURE_ERROR_FORBIDDEN);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/policy/regions", test_regions);
  g_test_add_func ("/policy/refused", test_refused);
  return g_test_run ();
}

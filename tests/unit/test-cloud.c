/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lw-cloud.h"

typedef struct
{
  LwCloudService service;
  gboolean trusted;
  const char *url;
} Case;

static const Case cases[] = {
  { LW_CLOUD_ARM, TRUE, "https://management.azure.com/subscriptions?api-version=2022-12-01" },
  { LW_CLOUD_ARM, TRUE, "https://management.azure.com" },
  { LW_CLOUD_ARM, TRUE, "https://management.azure.com:443/x" },
  { LW_CLOUD_ARM, TRUE, "HTTPS://Management.Azure.COM/x" },
  { LW_CLOUD_ARM, TRUE, "https://management.azure.com?x=https://evil.example" },
  { LW_CLOUD_ARM, FALSE, "http://management.azure.com/x" },
  { LW_CLOUD_ARM, FALSE, "ftp://management.azure.com/x" },
  { LW_CLOUD_ARM, FALSE, "//management.azure.com/x" },
  { LW_CLOUD_ARM, FALSE, "management.azure.com/x" },
  { LW_CLOUD_ARM, FALSE, "https:management.azure.com/x" },
  { LW_CLOUD_ARM, FALSE, "https:///management.azure.com/x" },
  { LW_CLOUD_ARM, FALSE, " https://management.azure.com/x" },
  { LW_CLOUD_ARM, FALSE, "https://management.azure.com.evil.example/x" },
  { LW_CLOUD_ARM, FALSE, "https://management.azure.com./x" },
  { LW_CLOUD_ARM, FALSE, "https://xmanagement.azure.com/x" },
  { LW_CLOUD_ARM, FALSE, "https://a.management.azure.com/x" },
  { LW_CLOUD_ARM, FALSE, "https://azure.com/x" },
  { LW_CLOUD_ARM, FALSE, "https://management.azure.com@evil.example/x" },
  { LW_CLOUD_ARM, FALSE, "https://user@management.azure.com/x" },
  { LW_CLOUD_ARM, FALSE, "https://user:word@management.azure.com/x" },
  { LW_CLOUD_ARM, FALSE, "https://management.azure.com:443@evil.example/x" },
  { LW_CLOUD_ARM, FALSE, "https://evil.example\\@management.azure.com/x" },
  { LW_CLOUD_ARM, FALSE, "https://management.azure.com\\@evil.example/x" },
  { LW_CLOUD_ARM, FALSE, "https://evil.example#@management.azure.com/x" },
  { LW_CLOUD_ARM, FALSE, "https://evil.example?@management.azure.com/x" },
  { LW_CLOUD_ARM, FALSE, "https://management.azure.com:444/x" },
  { LW_CLOUD_ARM, FALSE, "https://management.azure.com:/x" },
  { LW_CLOUD_ARM, FALSE, "https://management.azure.com:0443/x" },
  { LW_CLOUD_ARM, FALSE, "https://management.azure.com:4430/x" },
  { LW_CLOUD_ARM, FALSE, "https://management%2Eazure.com/x" },
  { LW_CLOUD_ARM, FALSE, "https://management.azure.com%00.evil.example/x" },
  { LW_CLOUD_ARM, FALSE, "https://management.azure.com\t/x" },
  { LW_CLOUD_ARM, FALSE, "https://management.azure.com/x\r\nHost: evil.example" },
  { LW_CLOUD_ARM, FALSE, "https://management.azure.com/한글" },
  { LW_CLOUD_ARM, FALSE, "https://m\xc3\xa4nagement.azure.com/x" },
  { LW_CLOUD_ARM, FALSE, "https://[::1]/x" },
  { LW_CLOUD_ARM, FALSE, "https://[::ffff:management.azure.com]/x" },
  { LW_CLOUD_ARM, FALSE, "https://127.0.0.1/x" },
  { LW_CLOUD_ARM, FALSE, "https://" },
  { LW_CLOUD_ARM, FALSE, "https:///x" },
  { LW_CLOUD_ARM, FALSE, "" },
  { LW_CLOUD_ARM, FALSE, "https://login.microsoftonline.com/x" },
  { LW_CLOUD_LOGIN, TRUE, "https://login.microsoftonline.com/organizations/oauth2/v2.0/token" },
  { LW_CLOUD_LOGIN, FALSE, "https://management.azure.com/" },
  { LW_CLOUD_ML_DATA, TRUE, "https://koreacentral.api.azureml.ms/history/v1.0" },
  { LW_CLOUD_ML_DATA, TRUE, "https://id.workspace.koreacentral.api.azureml.ms/" },
  { LW_CLOUD_ML_DATA, FALSE, "https://api.azureml.ms/" },
  { LW_CLOUD_ML_DATA, FALSE, "https://.api.azureml.ms/" },
  { LW_CLOUD_ML_DATA, FALSE, "https://a..api.azureml.ms/" },
  { LW_CLOUD_ML_DATA, FALSE, "https://evilapi.azureml.ms/" },
  { LW_CLOUD_ML_DATA, FALSE, "https://eastus.api.azureml.ms.evil.example/" },
  { LW_CLOUD_ML_DATA, FALSE, "https://ci.eastus.instances.azureml.ms/" },
  { LW_CLOUD_INSTANCE, TRUE, "https://ci.eastus.instances.azureml.ms/api/terminals" },
  { LW_CLOUD_INSTANCE, FALSE, "https://eastus.api.azureml.ms/" },
  { LW_CLOUD_BLOB, TRUE, "https://account.blob.core.windows.net/container" },
  { LW_CLOUD_BLOB, FALSE, "https://account.file.core.windows.net/share" },
  { LW_CLOUD_BLOB, FALSE, "https://account.blob.core.windows.net.evil.example/" },
  { LW_CLOUD_BLOB, FALSE, "https://accountblob.core.windows.net/" },
};

static void
test_trust (void)
{
  const LwCloud *cloud = lw_cloud_get_public ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      if (lw_cloud_trusts (cloud, cases[i].service, cases[i].url) != cases[i].trusted)
        g_test_message ("wrong: %s", cases[i].url);
      g_assert_cmpint (lw_cloud_trusts (cloud, cases[i].service, cases[i].url), ==,
                       cases[i].trusted);
    }
}

/* A cloud trusts its own hosts and nothing of another cloud. */
static void
test_separate (void)
{
  gsize n_clouds = 0;
  const LwCloud *clouds = lw_cloud_list (&n_clouds);

  g_assert_cmpuint (n_clouds, ==, 3);
  for (gsize i = 0; i < n_clouds; i++)
    for (gsize j = 0; j < n_clouds; j++)
      {
        g_autofree char *arm = g_strconcat ("https://", clouds[j].arm_host, "/", NULL);
        g_autofree char *login = g_strconcat ("https://", clouds[j].login_host, "/", NULL);
        g_autofree char *data = g_strconcat ("https://r.", clouds[j].ml_data_suffix, "/", NULL);
        g_autofree char *blob = g_strconcat ("https://a.blob.", clouds[j].storage_suffix, NULL);

        g_assert_cmpint (lw_cloud_trusts (&clouds[i], LW_CLOUD_ARM, arm), ==, i == j);
        g_assert_cmpint (lw_cloud_trusts (&clouds[i], LW_CLOUD_LOGIN, login), ==, i == j);
        g_assert_cmpint (lw_cloud_trusts (&clouds[i], LW_CLOUD_ML_DATA, data), ==, i == j);
        g_assert_cmpint (lw_cloud_trusts (&clouds[i], LW_CLOUD_BLOB, blob), ==, i == j);
      }
}

static void
test_rows (void)
{
  gsize n_clouds = 0;
  const LwCloud *clouds = lw_cloud_list (&n_clouds);

  g_assert_true (lw_cloud_get ("azurecloud") == lw_cloud_get_public ());
  g_assert_null (lw_cloud_get ("practice"));
  for (gsize i = 0; i < n_clouds; i++)
    {
      g_assert_true (lw_cloud_get (clouds[i].id) == &clouds[i]);
      g_assert_true (g_str_has_suffix (clouds[i].arm_scope, "/.default"));
      g_assert_true (g_str_has_suffix (clouds[i].ml_scope, "/.default"));
      g_assert_true (g_str_has_suffix (clouds[i].storage_scope, "/.default"));
      g_assert_cmpstr (lw_cloud_get_scope (&clouds[i], LW_CLOUD_ML_DATA), ==, clouds[i].arm_scope);
      g_assert_cmpstr (lw_cloud_get_scope (&clouds[i], LW_CLOUD_BLOB), ==, clouds[i].storage_scope);
      g_assert_null (lw_cloud_get_scope (&clouds[i], LW_CLOUD_LOGIN));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cloud/trust", test_trust);
  g_test_add_func ("/cloud/separate", test_separate);
  g_test_add_func ("/cloud/rows", test_rows);
  return g_test_run ();
}

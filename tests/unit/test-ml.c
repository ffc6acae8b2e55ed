/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Bodies that are sent to the control plane of Azure Machine Learning, and the readers of its
 * answers; where Azure's own examples lie beside the source tree, they are read too. */

#include <string.h>

#include "lw-error.h"
#include "lw-ml-private.h"

#define ML_EXAMPLES                                                                                \
  "../shared/azure/openapi/specification/machinelearningservices/resource-manager/"                \
  "Microsoft.MachineLearningServices/stable/2024-04-01/examples/"

static const LwMl ml
    = { { NULL, "tenant", "22222222-2222-2222-2222-222222222222" }, "rg-dp100-l1", "mlw-dp100-l1" };

#define WORKSPACE_ID                                                                               \
  "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/rg-dp100-l1/providers/"      \
  "Microsoft.MachineLearningServices/workspaces/mlw-dp100-l1"

static LwJsonDocument *
parse (const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  g_autoptr (GError) error = NULL;
  LwJsonDocument *document = lw_json_parse (bytes, &error);

  g_assert_no_error (error);
  return document;
}

/* The 200 answer of one of Azure's examples; NULL, with the test skipped, when it is not there. */
static LwJsonDocument *
load_example (const char *name, LwJson *body)
{
  g_autofree char *path
      = g_build_filename (g_getenv ("LW_TEST_SOURCE_ROOT"), ML_EXAMPLES, name, NULL);
  g_autofree char *text = NULL;
  LwJsonDocument *document;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    {
      g_test_skip ("Azure's API descriptions are not beside the source tree");
      return NULL;
    }
  document = parse (text);
  *body = lw_json_at (lw_json_document_get_root (document), "responses", "200", "body", NULL);
  g_assert_true (lw_json_is_object (*body));
  return document;
}

/* Whether @bytes are the same JSON as @expected, whatever the order of members. */
static void
assert_json (GBytes *bytes, const char *expected)
{
  g_autoptr (JsonParser) actual = json_parser_new ();
  g_autoptr (JsonParser) wanted = json_parser_new ();
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);

  g_assert_true (json_parser_load_from_data (actual, text, (gssize) length, NULL));
  g_assert_true (json_parser_load_from_data (wanted, expected, -1, NULL));
  if (!json_node_equal (json_parser_get_root (actual), json_parser_get_root (wanted)))
    g_error ("%.*s\nis not\n%s", (int) length, text, expected);
}

static void
test_ids (void)
{
  const LwMl strange = { { NULL, NULL, "s" }, "rg (한)", "ws" };
  g_autofree char *id = lw_ml_dup_id (&ml, NULL);
  g_autofree char *child = lw_ml_dup_id (&ml, "jobs/x");
  g_autofree char *path = lw_ml_dup_path (&strange, "computes", "a b", "start");
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (id, ==, WORKSPACE_ID);
  g_assert_cmpstr (child, ==, WORKSPACE_ID "/jobs/x");
  g_assert_cmpstr (path, ==,
                   "/subscriptions/s/resourceGroups/rg%20(%ED%95%9C)/providers/"
                   "Microsoft.MachineLearningServices/workspaces/ws/computes/a%20b/start");
  g_assert_true (lw_ml_check_segment ("aml-cluster", &error));
  for (guint i = 0; i < 4; i++)
    {
      static const char *const bad[] = { "", ".", "..", "a/b" };

      g_assert_false (lw_ml_check_segment (bad[i], &error));
      g_assert_error (error, LW_ERROR, LW_ERROR_MALFORMED);
      g_clear_error (&error);
    }
}

static void
test_bodies (void)
{
  g_autoptr (GHashTable) tags = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GBytes) instance = lw_ml_build_instance ("koreacentral", "STANDARD_DS11_V2", 60);
  g_autoptr (GBytes) endless = lw_ml_build_instance ("koreacentral", "STANDARD_DS11_V2", 0);
  g_autoptr (GBytes) cluster = lw_ml_build_cluster ("eastus", "STANDARD_DS11_V2", 2);
  g_autoptr (GBytes) workspace = NULL;

  assert_json (instance,
               "{\"location\":\"koreacentral\",\"properties\":{\"computeType\":\"ComputeInstance\","
               "\"properties\":{\"vmSize\":\"STANDARD_DS11_V2\",\"enableNodePublicIp\":true,"
               "\"applicationSharingPolicy\":\"Personal\","
               "\"computeInstanceAuthorizationType\":\"personal\","
               "\"sshSettings\":{\"sshPublicAccess\":\"Disabled\"},"
               "\"idleTimeBeforeShutdown\":\"PT60M\"}}}");
  g_assert_null (strstr (g_bytes_get_data (endless, NULL), "idleTimeBeforeShutdown"));
  assert_json (cluster,
               "{\"location\":\"eastus\",\"properties\":{\"computeType\":\"AmlCompute\","
               "\"properties\":{\"osType\":\"Linux\",\"vmSize\":\"STANDARD_DS11_V2\","
               "\"vmPriority\":\"Dedicated\",\"scaleSettings\":{\"minNodeCount\":0,"
               "\"maxNodeCount\":2,\"nodeIdleTimeBeforeScaleDown\":\"PT2M\"},"
               "\"remoteLoginPortPublicAccess\":\"NotSpecified\",\"enableNodePublicIp\":true}}}");
  g_hash_table_insert (tags, (gpointer) "lab", (gpointer) "dp100 \"8\"");
  workspace = lw_ml_build_workspace ("ws", "eastus", "/s", "/v", "/i", tags);
  assert_json (workspace,
               "{\"location\":\"eastus\",\"identity\":{\"type\":\"SystemAssigned\"},"
               "\"kind\":\"Default\",\"sku\":{\"name\":\"Basic\",\"tier\":\"Basic\"},"
               "\"tags\":{\"lab\":\"dp100 \\\"8\\\"\"},\"properties\":{\"friendlyName\":\"ws\","
               "\"description\":\"ws\",\"storageAccount\":\"/s\",\"keyVault\":\"/v\","
               "\"applicationInsights\":\"/i\",\"hbiWorkspace\":false,"
               "\"publicNetworkAccess\":\"Enabled\"}}");
}

/* ---- Workspace ---- */

static LwWorkspace *
parse_workspace (const char *discovery_url, GError **error)
{
  g_autofree char *text = g_strdup_printf (
      "{\"id\":\"/x\",\"name\":\"ws\",\"location\":\"eastus\",\"properties\":"
      "{\"provisioningState\":\"Succeeded\",\"workspaceId\":\"g\",\"discoveryUrl\":%s}}",
      discovery_url);
  g_autoptr (LwJsonDocument) document = parse (text);

  return lw_workspace_parse (lw_cloud_get_public (), lw_json_document_get_root (document), error);
}

static void
test_workspace (void)
{
  static const char *const foreign[] = {
    "\"http://eastus.api.azureml.ms/discovery\"",
    "\"https://eastus.api.azureml.ms.evil.example/discovery\"",
    "\"https://evil.example/eastus.api.azureml.ms\"",
    "\"https://eastus.api.azureml.ms:8443/discovery\"",
    "\"nonsense\"",
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (LwWorkspace) self
      = parse_workspace ("\"https://eastus.api.azureml.ms/discovery\"", &error);
  g_autoptr (LwWorkspace) with_port = NULL;
  g_autoptr (LwWorkspace) young = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (self->data_host, ==, "https://eastus.api.azureml.ms");
  g_assert_cmpstr (self->state, ==, "Succeeded");
  g_assert_cmpstr (self->workspace_id, ==, "g");
  with_port = parse_workspace ("\"https://user:x@eastus.api.azureml.ms:443/discovery\"", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (with_port->data_host, ==, "https://eastus.api.azureml.ms");
  young = parse_workspace ("null", &error);
  g_assert_no_error (error);
  g_assert_null (young->data_host);
  for (guint i = 0; i < G_N_ELEMENTS (foreign); i++)
    {
      g_assert_null (parse_workspace (foreign[i], &error));
      g_assert_error (error, LW_ERROR, LW_ERROR_UNTRUSTED_HOST);
      g_clear_error (&error);
    }
}

/* ---- Computes ---- */

static LwCompute *
parse_compute (const char *text, GError **error)
{
  g_autoptr (LwJsonDocument) document = parse (text);

  return lw_compute_parse (lw_json_document_get_root (document), error);
}

static void
test_instance (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LwCompute) self = parse_compute (
      "{\"name\":\"ci1\",\"properties\":{\"computeType\":\"ComputeInstance\","
      "\"provisioningState\":\"Succeeded\",\"createdOn\":\"2024-01-01T00:00:00.5+00:00\","
      "\"properties\":{\"vmSize\":\"STANDARD_DS11_V2\",\"state\":\"Stopped\","
      "\"idleTimeBeforeShutdown\":\"PT60M\",\"lastOperation\":{\"operationName\":\"Stop\","
      "\"operationTime\":\"2024-01-01T01:00:00Z\",\"operationStatus\":\"Succeeded\","
      "\"operationTrigger\":\"IdleShutdown\"},\"applications\":[{\"displayName\":\"Jupyter Lab\","
      "\"endpointUri\":\"https://ci1.eastus.instances.azureml.ms/lab\"}]}}}",
      &error);

  g_assert_no_error (error);
  g_assert_cmpint (self->kind, ==, LW_COMPUTE_INSTANCE);
  g_assert_cmpstr (self->instance_state, ==, "Stopped");
  g_assert_cmpstr (self->idle_shutdown, ==, "PT60M");
  g_assert_cmpstr (self->endpoint, ==, "https://ci1.eastus.instances.azureml.ms");
  g_assert_cmpstr (self->last_operation, ==, "Stop");
  g_assert_cmpstr (self->last_status, ==, "Succeeded");
  g_assert_cmpstr (self->last_trigger, ==, "IdleShutdown");
  g_assert_cmpint (self->last_us - self->created_us, ==, 3599500000);
  g_assert_cmpint (self->nodes, ==, -1);
  g_assert_false (lw_compute_is_idle (self));
}

static void
test_cluster (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LwCompute) young = parse_compute (
      "{\"name\":\"aml-cluster\",\"properties\":{\"computeType\":\"AmlCompute\","
      "\"provisioningState\":\"Creating\",\"provisioningErrors\":null,\"properties\":"
      "{\"vmSize\":\"STANDARD_DS11_V2\",\"currentNodeCount\":null,\"allocationState\":null}}}",
      &error);
  g_autoptr (LwCompute) idle = NULL;
  g_autoptr (LwCompute) failed = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (young->kind, ==, LW_COMPUTE_CLUSTER);
  g_assert_cmpint (young->nodes, ==, -1);
  g_assert_null (young->allocation_state);
  g_assert_false (lw_compute_is_idle (young));
  idle = parse_compute ("{\"name\":\"c\",\"properties\":{\"computeType\":\"AmlCompute\","
                        "\"provisioningState\":\"Succeeded\",\"properties\":{\"vmSize\":\"X\","
                        "\"allocationState\":\"Steady\",\"currentNodeCount\":0,"
                        "\"targetNodeCount\":0,\"scaleSettings\":{\"maxNodeCount\":2},"
                        "\"errors\":null}}}",
                        &error);
  g_assert_no_error (error);
  g_assert_true (lw_compute_is_idle (idle));
  g_assert_cmpint (idle->max_nodes, ==, 2);
  g_assert_cmpuint (idle->errors->len, ==, 0);
  failed
      = parse_compute ("{\"name\":\"c\",\"properties\":{\"computeType\":\"AmlCompute\","
                       "\"provisioningErrors\":[{\"error\":{\"code\":\"A\",\"message\":\"b\"}}],"
                       "\"properties\":{\"errors\":[{\"code\":\"C\"},{\"message\":\"d\"},{},7]}}}",
                       &error);
  g_assert_no_error (error);
  g_assert_cmpstr (failed->state, ==, "Unknown");
  g_assert_cmpuint (failed->errors->len, ==, 3);
  g_assert_cmpstr (g_ptr_array_index (failed->errors, 0), ==, "A: b");
  g_assert_cmpstr (g_ptr_array_index (failed->errors, 1), ==, "C");
  g_assert_cmpstr (g_ptr_array_index (failed->errors, 2), ==, "d");
}

static void
test_broken_compute (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (parse_compute ("{\"properties\":{}}", &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_MALFORMED);
  g_assert_cmpstr (error->message, ==, "name: string expected");
  g_clear_error (&error);
  g_assert_null (parse_compute ("{\"name\":\"c\"}", &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_MALFORMED);
  g_clear_error (&error);
  g_assert_null (parse_compute ("[]", &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_MALFORMED);
}

static void
test_compute_examples (void)
{
  static const struct
  {
    const char *name;
    LwComputeKind kind;
  } table[] = {
    { "Compute/get/ComputeInstance.json", LW_COMPUTE_INSTANCE },
    { "Compute/get/AmlCompute.json", LW_COMPUTE_CLUSTER },
    { "Compute/get/AKSCompute.json", LW_COMPUTE_OTHER },
    { "Compute/get/KubernetesCompute.json", LW_COMPUTE_OTHER },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      LwJson body;
      g_autoptr (LwJsonDocument) document = load_example (table[i].name, &body);
      g_autoptr (LwCompute) self = NULL;
      g_autoptr (GError) error = NULL;

      if (document == NULL)
        return;
      self = lw_compute_parse (body, &error);
      g_assert_no_error (error);
      g_assert_cmpint (self->kind, ==, table[i].kind);
      g_assert_cmpstr (self->name, ==, "compute123");
      g_assert_cmpstr (self->state, ==, "Succeeded");
    }
}

/* ---- Sizes and quotas ---- */

static void
test_vm_size (void)
{
  g_autoptr (LwJsonDocument) document = parse (
      "{\"name\":\"Standard_DS11_v2\",\"family\":\"standardDSv2Family\",\"vCPUs\":2,\"gpus\":0,"
      "\"memoryGB\":14.0,\"estimatedVMPrices\":{\"billingCurrency\":\"USD\","
      "\"unitOfMeasure\":\"OneHour\",\"values\":["
      "{\"retailPrice\":0.03,\"osType\":\"Linux\",\"vmTier\":\"LowPriority\"},"
      "{\"retailPrice\":0.26,\"osType\":\"Windows\",\"vmTier\":\"Standard\"},"
      "{\"retailPrice\":0.149,\"osType\":\"Linux\",\"vmTier\":\"Standard\"}]},"
      "\"supportedComputeTypes\":[\"AmlCompute\",\"ComputeInstance\"]}");
  g_autoptr (LwJsonDocument) bare
      = parse ("{\"name\":\"Standard_X\",\"family\":\"xFamily\",\"vCPUs\":4}");
  g_autoptr (GError) error = NULL;
  LwVmSize *size = lw_vm_size_parse (lw_json_document_get_root (document), &error);

  g_assert_no_error (error);
  g_assert_cmpstr (size->family, ==, "standardDSv2Family");
  g_assert_cmpint (size->vcpus, ==, 2);
  g_assert_cmpfloat (size->memory_gb, ==, 14.0);
  g_assert_cmpfloat (size->price_per_hour, ==, 0.149);
  g_assert_true (size->for_instance && size->for_cluster);
  lw_vm_size_free (size);
  size = lw_vm_size_parse (lw_json_document_get_root (bare), &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (size->price_per_hour, <, 0);
  g_assert_false (size->for_instance || size->for_cluster);
  lw_vm_size_free (size);
}

static GPtrArray *
parse_usages (LwJson array)
{
  GPtrArray *usages = g_ptr_array_new_with_free_func ((GDestroyNotify) lw_usage_free);

  for (guint i = 0; i < lw_json_length (array); i++)
    {
      g_autoptr (GError) error = NULL;
      LwUsage *usage = lw_usage_parse (lw_json_element (array, i), &error);

      g_assert_no_error (error);
      g_ptr_array_add (usages, usage);
    }
  return usages;
}

static void
test_vm_usages (void)
{
  g_autoptr (LwJsonDocument) document = parse (
      "[{\"limit\":20,\"unit\":\"Count\",\"currentValue\":3,\"name\":{\"value\":\"cores\"}},"
      "{\"limit\":3,\"currentValue\":0,\"name\":{\"value\":\"lowPriorityCores\"}},"
      "{\"limit\":10,\"currentValue\":2,\"name\":{\"value\":\"standardDSv2Family\"}},"
      "{\"limit\":-1,\"currentValue\":\"0\",\"name\":{\"value\":\"standardDv2Family\"}},"
      "{\"limit\":7,\"currentValue\":0,\"name\":{\"value\":\"standardDSv2PromoFamily\"}}]");
  g_autoptr (GPtrArray) usages = parse_usages (lw_json_document_get_root (document));

  g_assert_cmpint (lw_ml_find_total_usage (usages)->limit, ==, 20);
  g_assert_cmpint (lw_ml_find_family_usage (usages, "standardDSv2Family")->limit, ==, 10);
  g_assert_cmpint (lw_ml_find_family_usage (usages, "StandardDv2family")->limit, ==, -1);
  g_assert_null (lw_ml_find_family_usage (usages, "standardFSv2Family"));
  g_assert_null (lw_ml_find_family_usage (usages, "Family"));
  g_assert_null (lw_ml_find_family_usage (usages, ""));
}

static void
test_ml_usages (void)
{
  LwJson body;
  g_autoptr (LwJsonDocument) document = load_example ("Usage/list.json", &body);
  g_autoptr (GPtrArray) usages = NULL;
  const LwUsage *usage;

  if (document == NULL)
    return;
  usages = parse_usages (lw_json_member (body, "value"));
  usage = lw_ml_find_family_usage (usages, "standardDSv2Family");
  g_assert_cmpstr (usage->type, ==, "Microsoft.MachineLearningServices/vmFamily/usages");
  g_assert_cmpstr (usage->name, ==, "Standard DSv2 Family Cluster Dedicated vCPUs");
  g_assert_cmpint (usage->current, ==, 2);
  g_assert_cmpint (usage->limit, ==, 24);
  g_assert_cmpint (lw_ml_find_total_usage (usages)->current, ==, 14);
  g_assert_cmpint (lw_ml_find_family_usage (usages, "standardDFamily")->limit, ==, 48);
  g_assert_cmpint (lw_ml_find_family_usage (usages, "standardNCv3Family")->limit, ==, 0);
}

static void
test_size_examples (void)
{
  LwJson body;
  g_autoptr (LwJsonDocument) document = load_example ("VirtualMachineSize/list.json", &body);
  gboolean found = FALSE;

  for (guint i = 0; document != NULL && i < lw_json_length (lw_json_member (body, "value")); i++)
    {
      g_autoptr (GError) error = NULL;
      LwVmSize *size
          = lw_vm_size_parse (lw_json_element (lw_json_member (body, "value"), i), &error);

      g_assert_no_error (error);
      if (strcmp (size->name, "Standard_DS11_v2") == 0)
        {
          found = TRUE;
          g_assert_cmpfloat (size->price_per_hour, ==, 0.18);
          g_assert_true (size->for_instance && size->for_cluster);
        }
      lw_vm_size_free (size);
    }
  g_assert_true (document == NULL || found);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ml/ids", test_ids);
  g_test_add_func ("/ml/bodies", test_bodies);
  g_test_add_func ("/ml/workspace", test_workspace);
  g_test_add_func ("/ml/instance", test_instance);
  g_test_add_func ("/ml/cluster", test_cluster);
  g_test_add_func ("/ml/broken-compute", test_broken_compute);
  g_test_add_func ("/ml/compute-examples", test_compute_examples);
  g_test_add_func ("/ml/vm-size", test_vm_size);
  g_test_add_func ("/ml/vm-usages", test_vm_usages);
  g_test_add_func ("/ml/ml-usages", test_ml_usages);
  g_test_add_func ("/ml/size-examples", test_size_examples);
  return g_test_run ();
}

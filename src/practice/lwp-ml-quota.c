/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Quotas. The limits are those of a small subscription and constant; what is used is counted from
 * the computes that stand: an instance counts until it is deleted, also while it is stopped, a
 * cluster by its nodes. Any thread. */

#include "lwp-ml-quota.h"

#include <math.h>

#include "lwp-cluster.h"
#include "lwp-region.h"

#define REGION_LIMIT 24
#define FAMILY_LIMIT 24
/* Nobody has accelerators without asking for them: here one sees a quota that is too small. */
#define GPU_FAMILY_LIMIT 0
#define CLUSTER_LIMIT 100
/* Of Microsoft.Compute, which is another quota than that of Azure Machine Learning. */
#define VM_REGION_LIMIT 10
#define VM_FAMILY_LIMIT 10

static guint
get_family_limit (const LwpVmSize *size)
{
  return size->gpus > 0 ? GPU_FAMILY_LIMIT : FAMILY_LIMIT;
}

/* vCPUs in use by one compute. */
static guint
count_cores (LwpResource *compute)
{
  const LwpVmSize *size = lwp_vm_sizes_find (lwp_json_get_string (compute->body, "vmSize"));
  LwpClusterCounts counts;

  if (size == NULL)
    return 0;
  if (g_str_equal (lwp_json_get_string (compute->body, "computeType"), "ComputeInstance"))
    return size->cores;
  lwp_cluster_count (compute, &counts);
  return size->cores * counts.total;
}

static GPtrArray *
list_computes (LwpCloud *cloud, const char *subscription, const char *location)
{
  g_autofree char *scope = g_strconcat ("/subscriptions/", subscription, NULL);
  g_autoptr (GPtrArray) all = lwp_resource_list (cloud, scope, LWP_ML_COMPUTE_TYPE);
  GPtrArray *here = g_ptr_array_new_with_free_func ((GDestroyNotify) lwp_resource_free);

  while (all->len > 0)
    {
      LwpResource *compute = g_ptr_array_steal_index_fast (all, 0);

      if (g_ascii_strcasecmp (compute->location, location) == 0)
        g_ptr_array_add (here, compute);
      else
        lwp_resource_free (compute);
    }
  return here;
}

/* vCPUs in use by @computes; of @family, or of all. */
static guint
sum_cores (GPtrArray *computes, const char *family)
{
  guint sum = 0;

  for (guint i = 0; i < computes->len; i++)
    {
      LwpResource *compute = g_ptr_array_index (computes, i);
      const LwpVmSize *size = lwp_vm_sizes_find (lwp_json_get_string (compute->body, "vmSize"));

      if (size != NULL && (family == NULL || g_str_equal (size->family, family)))
        sum += count_cores (compute);
    }
  return sum;
}

guint
lwp_ml_quota_get_limit (const LwpVmSize *size)
{
  return MIN (REGION_LIMIT, get_family_limit (size));
}

guint
lwp_ml_quota_get_left (LwpCloud *cloud, const char *subscription, const char *location,
                       const LwpVmSize *size)
{
  g_autoptr (GPtrArray) computes = list_computes (cloud, subscription, location);
  guint used = sum_cores (computes, NULL);
  guint used_of_family = sum_cores (computes, size->family);
  guint limit = get_family_limit (size);
  guint left = used < REGION_LIMIT ? REGION_LIMIT - used : 0;

  return MIN (left, used_of_family < limit ? limit - used_of_family : 0);
}

static JsonObject *
new_prices (const LwpVmSize *size, double factor)
{
  JsonArray *values = json_array_new ();
  double price = round (size->price * factor * 1000.0) / 1000.0;

  json_array_add_object_element (
      values, lwp_json_build ("retailPrice:d osType:s vmTier:s", price, "Linux", "Standard"));
  json_array_add_object_element (
      values,
      lwp_json_build ("retailPrice:d osType:s vmTier:s", price / 5.0, "Linux", "LowPriority"));
  return lwp_json_build ("billingCurrency:s unitOfMeasure:s values:a", "USD", "OneHour", values);
}

static JsonObject *
size_to_json (const LwpVmSize *size, double factor)
{
  JsonArray *types = json_array_new ();

  json_array_add_string_element (types, "AmlCompute");
  json_array_add_string_element (types, "ComputeInstance");
  return lwp_json_build (
      "name:s family:s vCPUs:i gpus:i osVhdSizeMB:i maxResourceVolumeMB:i memoryGB:d"
      " lowPriorityCapable:b premiumIO:b estimatedVMPrices:o supportedComputeTypes:a",
      size->name, size->family, (gint64) size->cores, (gint64) size->gpus, (gint64) 1047552,
      (gint64) size->disk_mb, size->memory_gb, TRUE, TRUE, new_prices (size, factor), types);
}

static LwpResponse *
list_sizes (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  gsize n_sizes;
  const LwpVmSize *sizes = lwp_vm_sizes_get (&n_sizes);
  const LwpRegion *region = lwp_region_find (lwp_request_get_param (request, "location"));
  double factor = region == NULL ? 1.0 : region->price_factor;
  JsonArray *value = json_array_new ();

  for (gsize i = 0; i < n_sizes; i++)
    json_array_add_object_element (value, size_to_json (&sizes[i], factor));
  return lwp_response_new_json (200, lwp_json_build ("value:a", value));
}

/* The first size of each family stands for the family. */
static gboolean
is_first_of_family (const LwpVmSize *sizes, gsize index)
{
  for (gsize i = 0; i < index; i++)
    if (g_str_equal (sizes[i].family, sizes[index].family))
      return FALSE;
  return TRUE;
}

static JsonObject *
new_usage (const char *id, const char *type, guint used, guint limit, const char *name)
{
  g_autofree char *full = g_strconcat ("Microsoft.MachineLearningServices/", type, NULL);

  return lwp_json_build ("id:s type:s currentValue:i limit:i unit:s name:o", id, full,
                         (gint64) used, (gint64) limit, "Count",
                         lwp_json_build ("value:s localizedValue:s", name, name));
}

static char *
dup_family_name (const LwpVmSize *size)
{
  return g_strconcat (size->family_label, " Cluster Dedicated vCPUs", NULL);
}

static char *
dup_id (const char *scope, const char *kind, const char *name)
{
  g_autofree char *last = g_strdelimit (g_strdup (name), " ", '_');

  return g_strdup_printf ("%s/%s/%s", scope, kind, last);
}

/* A row for each workspace and family in which something stands. */
static void
add_workspace_usages (LwpCloud *cloud, const char *scope, const char *location,
                      const LwpVmSize *size, GPtrArray *items)
{
  g_autoptr (GPtrArray) workspaces = lwp_resource_list (cloud, scope, LWP_ML_WORKSPACE_TYPE);
  g_autofree char *name = dup_family_name (size);

  for (guint i = 0; i < workspaces->len; i++)
    {
      const LwpResource *workspace = g_ptr_array_index (workspaces, i);
      g_autoptr (GPtrArray) computes
          = lwp_resource_list (cloud, workspace->id, LWP_ML_COMPUTE_TYPE);
      g_autofree char *id = dup_id (workspace->id, "usages", name);
      guint used = sum_cores (computes, size->family);

      if (used > 0 && g_ascii_strcasecmp (workspace->location, location) == 0)
        g_ptr_array_add (items,
                         new_usage (id, "workspaces/usages", used, get_family_limit (size), name));
    }
}

static guint
count_clusters (GPtrArray *computes)
{
  guint clusters = 0;

  for (guint i = 0; i < computes->len; i++)
    {
      const LwpResource *compute = g_ptr_array_index (computes, i);

      clusters += g_str_equal (lwp_json_get_string (compute->body, "computeType"), "AmlCompute");
    }
  return clusters;
}

static LwpResponse *
list_usages (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  const char *subscription = lwp_request_get_param (request, "subscription");
  const char *location = lwp_request_get_param (request, "location");
  g_autofree char *scope = g_strconcat ("/subscriptions/", subscription, NULL);
  g_autofree char *base = g_strconcat (scope, "/usages", NULL);
  g_autoptr (GPtrArray) computes = list_computes (cloud, subscription, location);
  GPtrArray *items = lwp_ml_items_new ();
  gsize n_sizes;
  const LwpVmSize *sizes = lwp_vm_sizes_get (&n_sizes);

  g_ptr_array_add (items, new_usage (base, "totalCores/usages", count_clusters (computes),
                                     CLUSTER_LIMIT, "Clusters"));
  g_ptr_array_add (items, new_usage (base, "dedicatedCores/usages", sum_cores (computes, NULL),
                                     REGION_LIMIT, "Total Cluster Dedicated Regional vCPUs"));
  for (gsize i = 0; i < n_sizes; i++)
    {
      g_autofree char *name = dup_family_name (&sizes[i]);
      g_autofree char *id = dup_id (scope, "usages", name);

      if (!is_first_of_family (sizes, i))
        continue;
      g_ptr_array_add (items,
                       new_usage (id, "vmFamily/usages", sum_cores (computes, sizes[i].family),
                                  get_family_limit (&sizes[i]), name));
      add_workspace_usages (cloud, scope, location, &sizes[i], items);
    }
  return lwp_ml_new_page (request, items);
}

static LwpResponse *
list_quotas (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  g_autofree char *scope
      = g_strconcat ("/subscriptions/", lwp_request_get_param (request, "subscription"), NULL);
  GPtrArray *items = lwp_ml_items_new ();
  gsize n_sizes;
  const LwpVmSize *sizes = lwp_vm_sizes_get (&n_sizes);

  for (gsize i = 0; i < n_sizes; i++)
    {
      g_autofree char *name = dup_family_name (&sizes[i]);
      g_autofree char *id = dup_id (scope, "quotas", name);

      if (is_first_of_family (sizes, i))
        g_ptr_array_add (items,
                         lwp_json_build ("id:s type:s limit:i unit:s name:o", id,
                                         "Microsoft.MachineLearningServices/vmFamily/quotas",
                                         (gint64) get_family_limit (&sizes[i]), "Count",
                                         lwp_json_build ("value:s localizedValue:s", name, name)));
    }
  return lwp_ml_new_page (request, items);
}

static void
add_vm_usage (JsonArray *value, const char *name, const char *label, guint limit)
{
  json_array_add_object_element (
      value, lwp_json_build ("limit:i unit:s currentValue:i name:o", (gint64) limit, "Count",
                             (gint64) 0, lwp_json_build ("value:s localizedValue:s", name, label)));
}

/* Nothing of the practice cloud is a plain virtual machine, so nothing is ever used here. */
static LwpResponse *
list_vm_usages (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  JsonArray *value = json_array_new ();
  gsize n_sizes;
  const LwpVmSize *sizes = lwp_vm_sizes_get (&n_sizes);

  add_vm_usage (value, "cores", "Total Regional vCPUs", VM_REGION_LIMIT);
  for (gsize i = 0; i < n_sizes; i++)
    {
      g_autofree char *label = g_strconcat (sizes[i].family_label, " vCPUs", NULL);

      if (is_first_of_family (sizes, i))
        add_vm_usage (value, sizes[i].family, label, sizes[i].gpus > 0 ? 0 : VM_FAMILY_LIMIT);
    }
  return lwp_response_new_json (200, lwp_json_build ("value:a", value));
}

static const LwpRoute routes[] = {
  { "GET", LWP_ML_SUBSCRIPTION_PATH "/locations/{location}/vmSizes", list_sizes, LWP_ROUTE_ARM },
  { "GET", LWP_ML_SUBSCRIPTION_PATH "/locations/{location}/usages", list_usages, LWP_ROUTE_ARM },
  { "GET", LWP_ML_SUBSCRIPTION_PATH "/locations/{location}/quotas", list_quotas, LWP_ROUTE_ARM },
  { "GET", "/subscriptions/{subscription}/providers/Microsoft.Compute/locations/{location}/usages",
    list_vm_usages, LWP_ROUTE_ARM },
};

gboolean
lwp_ml_quota_register (LwpCloud *cloud, GError **error)
{
  lwp_router_add (lwp_cloud_get_router (cloud), "management.azure.com", routes,
                  G_N_ELEMENTS (routes), NULL);
  return TRUE;
}

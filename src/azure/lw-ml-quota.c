/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Sizes and quotas of a region (VirtualMachineSizes_List and Usages_List 2024-04-01, Usage_List of
 * Microsoft.Compute). No state, any thread. */

#include "lw-ml-private.h"

#include <string.h>

void
lw_vm_size_free (LwVmSize *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->family);
  g_free (self);
}

void
lw_usage_free (LwUsage *self)
{
  if (self == NULL)
    return;
  g_free (self->type);
  g_free (self->name);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwVmSize, lw_vm_size_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwUsage, lw_usage_free)

/* ---- Answers ---- */

static gboolean
is_word (LwJson json, const char *name, const char *word)
{
  return g_ascii_strcasecmp (lw_json_get_string (json, name, ""), word) == 0;
}

/* The price that the lab's computes are charged by; the service tells US dollars only. */
static double
get_price (LwJson prices)
{
  LwJson values = lw_json_member (prices, "values");

  if (!is_word (prices, "unitOfMeasure", "OneHour") || !is_word (prices, "billingCurrency", "USD"))
    return -1;
  for (guint i = 0; i < lw_json_length (values); i++)
    {
      LwJson value = lw_json_element (values, i);

      if (is_word (value, "osType", "Linux") && is_word (value, "vmTier", "Standard"))
        return lw_json_get_double (value, "retailPrice", -1);
    }
  return -1;
}

static gboolean
has_word (LwJson array, const char *word)
{
  for (guint i = 0; i < lw_json_length (array); i++)
    if (g_ascii_strcasecmp (lw_json_as_string (lw_json_element (array, i), ""), word) == 0)
      return TRUE;
  return FALSE;
}

LwVmSize *
lw_vm_size_parse (LwJson json, GError **error)
{
  g_autoptr (LwVmSize) self = g_new0 (LwVmSize, 1);
  LwJson types = lw_json_member (json, "supportedComputeTypes");
  GError *local_error = NULL;
  gint64 vcpus = 0;

  self->name = g_strdup (lw_json_need_string (json, "name", &local_error));
  self->family = g_strdup (lw_json_need_string (json, "family", &local_error));
  if (!lw_json_need_int (json, "vCPUs", &vcpus, &local_error))
    {
      g_propagate_error (error, local_error);
      return NULL;
    }
  self->vcpus = (int) CLAMP (vcpus, 0, G_MAXINT);
  self->gpus = (int) CLAMP (lw_json_get_int (json, "gpus", 0), 0, G_MAXINT);
  self->memory_gb = lw_json_get_double (json, "memoryGB", 0);
  self->price_per_hour = get_price (lw_json_member (json, "estimatedVMPrices"));
  self->for_instance = has_word (types, "ComputeInstance");
  self->for_cluster = has_word (types, "AmlCompute");
  return g_steal_pointer (&self);
}

LwUsage *
lw_usage_parse (LwJson json, GError **error)
{
  g_autoptr (LwUsage) self = g_new0 (LwUsage, 1);
  GError *local_error = NULL;

  self->type = g_strdup (lw_json_get_string (json, "type", ""));
  self->name
      = g_strdup (lw_json_need_string (lw_json_member (json, "name"), "value", &local_error));
  if (!lw_json_need_int (json, "currentValue", &self->current, &local_error)
      || !lw_json_need_int (json, "limit", &self->limit, &local_error))
    {
      g_propagate_error (error, local_error);
      return NULL;
    }
  return g_steal_pointer (&self);
}

/* ---- Calls ---- */

static gboolean
add_vm_size (LwJson item, gpointer user_data, GError **error)
{
  LwVmSize *size = lw_vm_size_parse (item, error);

  if (size == NULL)
    return FALSE;
  g_ptr_array_add (user_data, size);
  return TRUE;
}

static gboolean
add_usage (LwJson item, gpointer user_data, GError **error)
{
  LwUsage *usage = lw_usage_parse (item, error);

  if (usage == NULL)
    return FALSE;
  g_ptr_array_add (user_data, usage);
  return TRUE;
}

static gboolean
list_of_location (const LwArm *arm, const char *provider, const char *location, const char *what,
                  const char *api_version, LwAzureItemFunc func, GPtrArray *items,
                  GCancellable *cancellable, GError **error)
{
  g_autofree char *region = lw_azure_escape (location);
  g_autofree char *path = g_strdup_printf ("/subscriptions/%s/providers/%s/locations/%s/%s",
                                           arm->subscription_id, provider, region, what);
  LwAzureCall call = { .service = LW_CLOUD_ARM,
                       .tenant_id = arm->tenant_id,
                       .method = "GET",
                       .path = path,
                       .api_version = api_version };

  return lw_azure_list (arm->azure, &call, func, items, cancellable, error);
}

GPtrArray *
lw_ml_list_vm_sizes (const LwArm *arm, const char *location, GCancellable *cancellable,
                     GError **error)
{
  g_autoptr (GPtrArray) sizes = g_ptr_array_new_with_free_func ((GDestroyNotify) lw_vm_size_free);

  g_return_val_if_fail (arm != NULL && location != NULL, NULL);

  if (!list_of_location (arm, "Microsoft.MachineLearningServices", location, "vmSizes", LW_API_ML,
                         add_vm_size, sizes, cancellable, error))
    return NULL;
  return g_steal_pointer (&sizes);
}

GPtrArray *
lw_ml_list_usages (const LwArm *arm, const char *location, GCancellable *cancellable,
                   GError **error)
{
  g_autoptr (GPtrArray) usages = g_ptr_array_new_with_free_func ((GDestroyNotify) lw_usage_free);

  g_return_val_if_fail (arm != NULL && location != NULL, NULL);

  if (!list_of_location (arm, "Microsoft.MachineLearningServices", location, "usages", LW_API_ML,
                         add_usage, usages, cancellable, error))
    return NULL;
  return g_steal_pointer (&usages);
}

GPtrArray *
lw_ml_list_vm_usages (const LwArm *arm, const char *location, GCancellable *cancellable,
                      GError **error)
{
  g_autoptr (GPtrArray) usages = g_ptr_array_new_with_free_func ((GDestroyNotify) lw_usage_free);

  g_return_val_if_fail (arm != NULL && location != NULL, NULL);

  if (!list_of_location (arm, "Microsoft.Compute", location, "usages", LW_API_COMPUTE, add_usage,
                         usages, cancellable, error))
    return NULL;
  return g_steal_pointer (&usages);
}

/* ---- Which row is whose ---- */

/* Lower-case letters and digits of @text alone. */
static char *
squeeze (const char *text)
{
  GString *plain = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p++)
    if (g_ascii_isalnum (*p))
      g_string_append_c (plain, g_ascii_tolower (*p));
  return g_string_free (plain, FALSE);
}

/* "dsv2" of "standardDSv2Family" and of "Standard DSv2 Family Cluster Dedicated vCPUs". */
static char *
dup_family_key (const char *name)
{
  g_autofree char *plain = squeeze (name);
  const char *start = g_str_has_prefix (plain, "standard") ? plain + strlen ("standard") : plain;
  const char *end = strstr (start, "family");

  return end != NULL && end > start ? g_strndup (start, (gsize) (end - start)) : NULL;
}

static gboolean
has_type (const LwUsage *usage, const char *ending)
{
  gsize length = strlen (usage->type);
  gsize ending_length = strlen (ending);

  return length >= ending_length
         && g_ascii_strcasecmp (usage->type + length - ending_length, ending) == 0;
}

/* Low priority and spot machines have rows of their own. */
static gboolean
is_dedicated (const LwUsage *usage)
{
  g_autofree char *plain = squeeze (usage->name);

  return strstr (plain, "lowpriority") == NULL && strstr (plain, "spot") == NULL;
}

const LwUsage *
lw_ml_find_family_usage (GPtrArray *usages, const char *family)
{
  g_autofree char *key = NULL;

  g_return_val_if_fail (usages != NULL && family != NULL, NULL);

  key = dup_family_key (family);
  for (guint i = 0; key != NULL && i < usages->len; i++)
    {
      const LwUsage *usage = g_ptr_array_index (usages, i);
      g_autofree char *usage_key = dup_family_key (usage->name);

      if (usage_key != NULL && strcmp (usage_key, key) == 0 && is_dedicated (usage)
          && (*usage->type == '\0' || has_type (usage, "/vmFamily/usages")))
        return usage;
    }
  return NULL;
}

const LwUsage *
lw_ml_find_total_usage (GPtrArray *usages)
{
  g_return_val_if_fail (usages != NULL, NULL);

  for (guint i = 0; i < usages->len; i++)
    {
      const LwUsage *usage = g_ptr_array_index (usages, i);

      if (has_type (usage, "/dedicatedCores/usages")
          || (*usage->type == '\0' && g_ascii_strcasecmp (usage->name, "cores") == 0))
        return usage;
    }
  return NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Cost Management's query (Query_Usage, 2023-11-01), as far as one total with groupings goes: each
 * compute instance costs its size's price for the time since it was made. Real costs lag by hours;
 * these do not. Any thread. */

#include <string.h>

#include "lwp-arm.h"
#include "lwp-computes.h"
#include "lwp-region.h"
#include "lwp-vm-sizes.h"

#define COMPUTE_TYPE "Microsoft.MachineLearningServices/workspaces/computes"
#define MAX_GROUPINGS 2

/* Microsoft names the workspace as what costs, not its computes. */
static char *
dup_workspace (const char *compute)
{
  const char *at = g_strrstr (compute, "/computes/");
  g_autofree char *id = g_strndup (compute, at != NULL ? (gsize) (at - compute) : 0);

  return g_ascii_strdown (id, -1);
}

static double
get_cost (LwpCloud *cloud, const LwpResource *compute)
{
  const LwpVmSize *size
      = lwp_vm_sizes_find (lwp_json_get_string (compute->body, "vmSize"));
  const LwpRegion *region = lwp_region_find (compute->location);
  double hours = (double) (lwp_cloud_get_now_us (cloud) - compute->created_us)
                 / (double) G_TIME_SPAN_HOUR;

  /* A cluster without nodes costs nothing. */
  if (size == NULL || !lwp_computes_is_instance (compute))
    return 0;
  return hours * size->price * (region != NULL ? region->price_factor : 1.0);
}

static const char *
get_dimension (const char *name, const char *workspace)
{
  if (strcmp (name, "ResourceType") == 0)
    return "microsoft.machinelearningservices/workspaces";
  if (strcmp (name, "ResourceId") == 0)
    return workspace;
  return "";
}

static void
add_column (JsonArray *columns, const char *name, const char *type)
{
  JsonObject *column = json_object_new ();

  json_object_set_string_member (column, "name", name);
  json_object_set_string_member (column, "type", type);
  json_array_add_object_element (columns, column);
}

/* Names of the groupings; NULL when there are too many or one has none. */
static GPtrArray *
read_groupings (JsonObject *body)
{
  JsonArray *given = lwp_json_get_array (body, "dataset.grouping");
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  guint n_given = given != NULL ? json_array_get_length (given) : 0;

  for (guint i = 0; i < n_given; i++)
    {
      JsonNode *node = json_array_get_element (given, i);
      const char *name
          = JSON_NODE_HOLDS_OBJECT (node)
                ? lwp_json_get_string (json_node_get_object (node), "name")
                : NULL;

      if (name == NULL || i == MAX_GROUPINGS)
        return NULL;
      g_ptr_array_add (names, (gpointer) name);
    }
  return g_steal_pointer (&names);
}

static JsonArray *
make_rows (LwpCloud *cloud, const char *scope, GPtrArray *groupings)
{
  g_autoptr (GPtrArray) computes = lwp_resource_list (cloud, scope, COMPUTE_TYPE);
  g_autoptr (GHashTable) sums = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  JsonArray *rows = json_array_new ();
  GHashTableIter iter;
  const char *workspace;
  double *sum;

  for (guint i = 0; i < computes->len; i++)
    {
      const LwpResource *compute = g_ptr_array_index (computes, i);
      g_autofree char *id = dup_workspace (compute->id);

      sum = g_hash_table_lookup (sums, id);
      if (sum == NULL)
        {
          sum = g_new0 (double, 1);
          g_hash_table_insert (sums, g_strdup (id), sum);
        }
      *sum += get_cost (cloud, compute);
    }
  g_hash_table_iter_init (&iter, sums);
  while (g_hash_table_iter_next (&iter, (gpointer *) &workspace, (gpointer *) &sum))
    {
      JsonArray *row = json_array_new ();

      json_array_add_double_element (row, *sum);
      for (guint i = 0; i < groupings->len; i++)
        json_array_add_string_element (
            row, get_dimension (g_ptr_array_index (groupings, i), workspace));
      json_array_add_string_element (row, "USD");
      json_array_add_array_element (rows, row);
    }
  return rows;
}

static LwpResponse *
query (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  const char *group = lwp_request_get_param (request, "group");
  JsonObject *body = lwp_request_get_json (request);
  g_autoptr (GPtrArray) groupings = read_groupings (body);
  g_autofree char *scope
      = group != NULL ? lwp_arm_dup_group_id (request)
                      : g_strdup_printf ("/subscriptions/%s",
                                         lwp_request_get_param (request, "subscription"));
  g_autofree char *name = g_uuid_string_random ();
  g_autofree char *id
      = g_strdup_printf ("%s/providers/Microsoft.CostManagement/query/%s", scope, name);
  JsonObject *answer;
  JsonObject *properties;
  JsonArray *columns;

  if (lwp_json_get_string (body, "type") == NULL || lwp_json_get_string (body, "timeframe") == NULL
      || groupings == NULL)
    return lwp_response_new_arm_error (400, "BadRequest", "Invalid query definition.");
  answer = json_object_new ();
  properties = json_object_new ();
  columns = json_array_new ();
  add_column (columns, "Cost", "Number");
  for (guint i = 0; i < groupings->len; i++)
    add_column (columns, g_ptr_array_index (groupings, i), "String");
  add_column (columns, "Currency", "String");
  json_object_set_null_member (properties, "nextLink");
  json_object_set_array_member (properties, "columns", columns);
  json_object_set_array_member (properties, "rows", make_rows (cloud, scope, groupings));
  json_object_set_string_member (answer, "id", id);
  json_object_set_string_member (answer, "name", name);
  json_object_set_string_member (answer, "type", "Microsoft.CostManagement/query");
  json_object_set_object_member (answer, "properties", properties);
  return lwp_response_new_json (200, answer);
}

static const LwpRoute routes[] = {
  { "POST", "/subscriptions/{subscription}/providers/Microsoft.CostManagement/query", query,
    LWP_ROUTE_ARM },
  { "POST",
    "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.CostManagement/query",
    query, LWP_ROUTE_ARM },
};

gboolean
lwp_cost_register (LwpCloud *cloud, GError **error)
{
  lwp_router_add (lwp_cloud_get_router (cloud), LWP_ARM_HOST, routes, G_N_ELEMENTS (routes), NULL);
  return TRUE;
}

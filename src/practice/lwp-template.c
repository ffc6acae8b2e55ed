/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Resource manager templates: parameters with their defaults, conditions, and the order that
 * dependsOn asks for. No state, any thread. */

#include "lwp-template.h"

#include <string.h>

#include "lwp-expression-private.h"
#include "lwp-json.h"

#define DEPLOYMENT_TYPE "Microsoft.Resources/deployments"
#define GROUP_TYPE "Microsoft.Resources/resourceGroups"
#define MAX_RESOURCES 64
#define MAX_NESTING 3

/* What a template is deployed to, and the nested deployment that it belongs to. */
typedef struct
{
  const char *group;      /* nullable: the subscription itself */
  const char *nested_in;  /* nullable */
  JsonArray *depends_on;  /* of the nested deployment; borrowed, nullable */
  guint depth;
} Place;

typedef struct
{
  LwpTemplateResource *resource; /* owned until it is sorted */
  JsonArray *depends_on;         /* borrowed from the evaluated template, nullable */
  JsonArray *outer_depends_on;   /* the same of the nested deployment around it */
} Item;

typedef struct
{
  const LwpExpressionScope *scope;
  GArray *items;   /* borrowed; Item */
  GPtrArray *kept; /* borrowed; JsonNode; the evaluated resources that items borrow from */
} Collection;

static void
resource_free (LwpTemplateResource *resource)
{
  g_free (resource->type);
  g_free (resource->name);
  g_free (resource->api_version);
  g_free (resource->id);
  g_free (resource->nested_in);
  g_clear_pointer (&resource->body, json_object_unref);
  g_free (resource);
}

static void
item_clear (Item *item)
{
  g_clear_pointer (&item->resource, resource_free);
}

static gboolean
fail (GError **error, const char *format, const char *name)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, format, name);
  return FALSE;
}

/* What was given, or the evaluated default, for each parameter that the template declares. Defaults
 * may use parameters that are declared above. */
static gboolean
fill_parameters (LwpExpressionScope *scope, JsonObject *declared, JsonObject *given,
                 GError **error)
{
  g_autoptr (GList) names = declared != NULL ? json_object_get_members (declared) : NULL;

  for (const GList *item = names; item != NULL; item = item->next)
    {
      const char *name = item->data;
      JsonNode *declaration = json_object_get_member (declared, name);
      JsonNode *entry = given != NULL ? json_object_get_member (given, name) : NULL;
      JsonNode *value = NULL;
      JsonNode *fallback = NULL;

      if (entry != NULL && JSON_NODE_HOLDS_OBJECT (entry))
        value = json_object_get_member (json_node_get_object (entry), "value");
      if (JSON_NODE_HOLDS_OBJECT (declaration))
        fallback = json_object_get_member (json_node_get_object (declaration), "defaultValue");
      if (value != NULL)
        value = json_node_copy (value);
      else if (fallback != NULL)
        value = lwp_expression_evaluate (scope, fallback, error);
      else
        return fail (error, "The value for the template parameter '%s' is not provided", name);
      if (value == NULL)
        return FALSE;
      json_object_set_member (scope->parameters, name, value);
    }
  return TRUE;
}

/* "N/A/B" and "a/b" make "/providers/N/A/a/B/b". */
static char *
make_path (const char *type, const char *name)
{
  g_auto (GStrv) types = g_strsplit (type, "/", -1);
  g_auto (GStrv) names = g_strsplit (name, "/", -1);
  GString *path;

  if (g_strv_length (types) < 2 || g_strv_length (types) != g_strv_length (names) + 1)
    return NULL;
  path = g_string_new ("/providers/");
  g_string_append (path, types[0]);
  for (guint i = 0; names[i] != NULL; i++)
    g_string_append_printf (path, "/%s/%s", types[i + 1], names[i]);
  return g_string_free (path, FALSE);
}

static char *
make_id (const char *subscription, const Place *place, const char *type, const char *name)
{
  g_autofree char *path = make_path (type, name);

  if (path == NULL)
    return NULL;
  if (g_ascii_strcasecmp (type, GROUP_TYPE) == 0)
    return g_strdup_printf ("/subscriptions/%s/resourceGroups/%s", subscription, name);
  if (place->group == NULL)
    return NULL;
  return g_strdup_printf ("/subscriptions/%s/resourceGroups/%s%s", subscription, place->group,
                          path);
}

static gboolean
add_resource (Collection *self, const Place *place, JsonObject *object, GError **error)
{
  static const char *const put[]
      = { "location", "tags", "sku", "kind", "identity", "plan", "zones", "properties" };
  const char *type = lwp_json_get_string (object, "type");
  const char *name = lwp_json_get_string (object, "name");
  const char *version = lwp_json_get_string (object, "apiVersion");
  g_autofree char *id = make_id (self->scope->subscription, place, type, name);
  LwpTemplateResource *resource;
  Item item = { NULL, NULL, NULL };

  if (id == NULL)
    return fail (error, "The name '%s' does not fit its type and place", name);
  resource = g_new0 (LwpTemplateResource, 1);
  resource->type = g_strdup (type);
  resource->name = g_strdup (name);
  resource->api_version = g_strdup (version);
  resource->id = g_steal_pointer (&id);
  resource->nested_in = g_strdup (place->nested_in);
  resource->body = json_object_new ();
  for (gsize i = 0; i < G_N_ELEMENTS (put); i++)
    lwp_json_keep (resource->body, object, put[i]);
  item.resource = resource;
  item.depends_on = lwp_json_get_array (object, "dependsOn");
  item.outer_depends_on = place->depends_on;
  g_array_append_val (self->items, item);
  return TRUE;
}

/* Whether the resource is to be made. Its condition is looked at before the rest, which may make no
 * sense without it. */
static gboolean
is_wanted (const LwpExpressionScope *scope, JsonObject *object, gboolean *wanted, GError **error)
{
  JsonNode *condition = json_object_get_member (object, "condition");
  g_autoptr (JsonNode) value = NULL;

  *wanted = TRUE;
  if (condition == NULL)
    return TRUE;
  value = lwp_expression_evaluate (scope, condition, error);
  if (value == NULL)
    return FALSE;
  *wanted = lwp_expression_is_true (value);
  return TRUE;
}

static gboolean
names_item (const char *dependency, const Item *item)
{
  const LwpTemplateResource *resource = item->resource;
  const char *last = strrchr (dependency, '/');

  return g_ascii_strcasecmp (dependency, resource->id) == 0
         || g_ascii_strcasecmp (dependency, resource->name) == 0
         || (resource->nested_in != NULL
             && g_ascii_strcasecmp (last != NULL ? last + 1 : dependency, resource->nested_in)
                    == 0);
}

static gboolean
is_waited_for (JsonArray *dependencies, const Item *item)
{
  guint n = dependencies != NULL ? json_array_get_length (dependencies) : 0;

  for (guint i = 0; i < n; i++)
    {
      const char *name = lwp_expression_get_string (json_array_get_element (dependencies, i));

      if (name != NULL && names_item (name, item))
        return TRUE;
    }
  return FALSE;
}

/* Whether something that @item depends on is still in @items. */
static gboolean
has_to_wait (const Item *item, GArray *items)
{
  for (guint i = 0; i < items->len; i++)
    {
      const Item *other = &g_array_index (items, Item, i);

      if (other != item
          && (is_waited_for (item->depends_on, other)
              || is_waited_for (item->outer_depends_on, other)))
        return TRUE;
    }
  return FALSE;
}

static GPtrArray *
sort (GArray *items, GError **error)
{
  g_autoptr (GPtrArray) sorted
      = g_ptr_array_new_with_free_func ((GDestroyNotify) resource_free);

  while (items->len > 0)
    {
      guint i = 0;

      while (i < items->len && has_to_wait (&g_array_index (items, Item, i), items))
        i++;
      if (i == items->len)
        {
          fail (error, "A circular dependency was found at '%s'",
                g_array_index (items, Item, 0).resource->name);
          return NULL;
        }
      g_ptr_array_add (sorted, g_steal_pointer (&g_array_index (items, Item, i).resource));
      g_array_remove_index (items, i);
    }
  return g_steal_pointer (&sorted);
}

static gboolean add_resources (Collection *self, const Place *place, JsonArray *resources,
                               GError **error);

/* A deployment inside the deployment: its resources join the others. Its expressions were evaluated
 * with those around it, which is the default of templates. */
static gboolean
add_nested (Collection *self, const Place *outer, JsonObject *object, GError **error)
{
  JsonArray *resources = lwp_json_get_array (object, "properties.template.resources");
  const char *group = lwp_json_get_string (object, "resourceGroup");
  Place place = { .group = group,
                  .nested_in = lwp_json_get_string (object, "name"),
                  .depends_on = lwp_json_get_array (object, "dependsOn"),
                  .depth = outer->depth + 1 };

  /* With a location of its own it is one for the subscription. */
  if (group == NULL && !json_object_has_member (object, "location"))
    place.group = outer->group;
  if (resources == NULL || place.depth > MAX_NESTING)
    return fail (error, "The nested deployment '%s' has no template of its own",
                 place.nested_in);
  return add_resources (self, &place, resources, error);
}

static gboolean
add_one (Collection *self, const Place *place, JsonNode *node, GError **error)
{
  JsonNode *evaluated;
  JsonObject *object;
  gboolean wanted;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return fail (error, "%s", "A resource of the template is not well-formed");
  if (!is_wanted (self->scope, json_node_get_object (node), &wanted, error))
    return FALSE;
  if (!wanted)
    return TRUE;
  evaluated = lwp_expression_evaluate (self->scope, node, error);
  if (evaluated == NULL)
    return FALSE;
  g_ptr_array_add (self->kept, evaluated);
  object = json_node_get_object (evaluated);
  if (lwp_json_get_string (object, "type") == NULL || lwp_json_get_string (object, "name") == NULL
      || lwp_json_get_string (object, "apiVersion") == NULL)
    return fail (error, "A resource needs %s", "type, name and apiVersion");
  if (json_object_has_member (object, "copy"))
    return fail (error, "The practice cloud knows no copies: '%s'",
                 lwp_json_get_string (object, "name"));
  if (g_ascii_strcasecmp (lwp_json_get_string (object, "type"), DEPLOYMENT_TYPE) == 0)
    return add_nested (self, place, object, error);
  return add_resource (self, place, object, error);
}

static gboolean
add_resources (Collection *self, const Place *place, JsonArray *resources, GError **error)
{
  for (guint i = 0; i < json_array_get_length (resources); i++)
    {
      if (self->items->len == MAX_RESOURCES)
        return fail (error, "%s", "The template has too many resources");
      if (!add_one (self, place, json_array_get_element (resources, i), error))
        return FALSE;
    }
  return TRUE;
}

GPtrArray *
lwp_template_evaluate (const LwpExpressionScope *outer, JsonObject *template,
                       JsonObject *parameters, GError **error)
{
  LwpExpressionScope scope = *outer;
  const Place place = { .group = outer->group };
  JsonArray *resources = lwp_json_get_array (template, "resources");
  g_autoptr (JsonObject) values = json_object_new ();
  g_autoptr (GArray) items = g_array_new (FALSE, FALSE, sizeof (Item));
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func ((GDestroyNotify) json_node_unref);
  Collection collection = { &scope, items, kept };

  g_array_set_clear_func (items, (GDestroyNotify) item_clear);
  if (resources == NULL)
    {
      fail (error, "%s", "The template has no resources");
      return NULL;
    }
  scope.parameters = values;
  scope.variables = lwp_json_get_object (template, "variables");
  if (!fill_parameters (&scope, lwp_json_get_object (template, "parameters"), parameters, error)
      || !add_resources (&collection, &place, resources, error))
    return NULL;
  return sort (items, error);
}

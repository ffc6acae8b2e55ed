/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Small helpers around json-glib. No state, any thread. */

#include "lwp-json.h"

#include <string.h>

static JsonNode *
find (JsonObject *object, const char *path)
{
  g_auto (GStrv) names = g_strsplit (path, ".", -1);
  JsonNode *node = NULL;

  for (guint i = 0; names[i] != NULL; i++)
    {
      if (object == NULL)
        return NULL;
      node = json_object_get_member (object, names[i]);
      object = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
    }
  return node;
}

static gboolean
holds (JsonNode *node, GType type)
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type;
}

const char *
lwp_json_get_string (JsonObject *object, const char *path)
{
  JsonNode *node = find (object, path);

  return holds (node, G_TYPE_STRING) ? json_node_get_string (node) : NULL;
}

JsonObject *
lwp_json_get_object (JsonObject *object, const char *path)
{
  JsonNode *node = find (object, path);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

JsonArray *
lwp_json_get_array (JsonObject *object, const char *path)
{
  JsonNode *node = find (object, path);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

gint64
lwp_json_get_int (JsonObject *object, const char *path, gint64 fallback)
{
  JsonNode *node = find (object, path);

  return holds (node, G_TYPE_INT64) || holds (node, G_TYPE_DOUBLE) ? json_node_get_int (node)
                                                                   : fallback;
}

gboolean
lwp_json_get_boolean (JsonObject *object, const char *path, gboolean fallback)
{
  JsonNode *node = find (object, path);

  return holds (node, G_TYPE_BOOLEAN) ? json_node_get_boolean (node) : fallback;
}

JsonObject *
lwp_json_new (const char *text)
{
  g_autofree char *quoted = g_strdelimit (g_strdup (text), "'", '"');
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = json_from_string (quoted, &error);

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    g_error ("%s: %s", error != NULL ? error->message : "no object", text);
  return json_node_dup_object (node);
}

JsonObject *
lwp_json_copy (JsonObject *object)
{
  JsonObject *copy = json_object_new ();
  g_autoptr (GList) names = object != NULL ? json_object_get_members (object) : NULL;

  for (const GList *item = names; item != NULL; item = item->next)
    lwp_json_keep (copy, object, item->data);
  return copy;
}

void
lwp_json_merge (JsonObject *object, JsonObject *from)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  if (from == NULL)
    return;
  json_object_iter_init (&iter, from);
  while (json_object_iter_next (&iter, &name, &node))
    {
      JsonNode *had = json_object_get_member (object, name);
      JsonObject *inner = had != NULL && JSON_NODE_HOLDS_OBJECT (had) ? json_node_get_object (had)
                                                                      : NULL;

      if (JSON_NODE_HOLDS_NULL (node))
        json_object_remove_member (object, name);
      else if (!JSON_NODE_HOLDS_OBJECT (node))
        json_object_set_member (object, name, json_node_copy (node));
      else if (inner != NULL)
        lwp_json_merge (inner, json_node_get_object (node));
      else
        json_object_set_object_member (object, name, lwp_json_copy (json_node_get_object (node)));
    }
}

void
lwp_json_keep (JsonObject *object, JsonObject *from, const char *name)
{
  JsonNode *node = json_object_get_member (from, name);

  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    json_object_set_object_member (object, name, lwp_json_copy (json_node_get_object (node)));
  else if (node != NULL)
    json_object_set_member (object, name, json_node_copy (node));
}

char *
lwp_json_to_string (JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_node_set_object (node, object);
  return json_to_string (node, FALSE);
}

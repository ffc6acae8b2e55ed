/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Making JSON from values, so that an answer is written down as it looks. Pure functions, any
 * thread. */

#include "lwp-json-build.h"

#include <string.h>

static JsonNode *
take_object (JsonObject *object)
{
  JsonNode *node;

  if (object == NULL)
    return json_node_new (JSON_NODE_NULL);
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, object);
  return node;
}

static JsonNode *
take_array (JsonArray *array)
{
  JsonNode *node;

  if (array == NULL)
    return json_node_new (JSON_NODE_NULL);
  node = json_node_new (JSON_NODE_ARRAY);
  json_node_take_array (node, array);
  return node;
}

static JsonNode *
new_text (const char *text)
{
  if (text == NULL)
    return json_node_new (JSON_NODE_NULL);
  return json_node_init_string (json_node_alloc (), text);
}

JsonObject *
lwp_json_build (const char *members, ...)
{
  JsonObject *object = json_object_new ();
  g_auto (GStrv) parts = g_strsplit (members, " ", -1);
  va_list values;

  va_start (values, members);
  for (gsize i = 0; parts[i] != NULL; i++)
    {
      char *type = strrchr (parts[i], ':');
      JsonNode *node = NULL;

      g_assert (type != NULL);
      *type++ = '\0';
      switch (*type)
        {
        case 's':
          node = new_text (va_arg (values, const char *));
          break;
        case 'i':
          node = json_node_init_int (json_node_alloc (), va_arg (values, gint64));
          break;
        case 'd':
          node = json_node_init_double (json_node_alloc (), va_arg (values, double));
          break;
        case 'b':
          node = json_node_init_boolean (json_node_alloc (), va_arg (values, gboolean));
          break;
        case 'o':
          node = take_object (va_arg (values, JsonObject *));
          break;
        case 'a':
          node = take_array (va_arg (values, JsonArray *));
          break;
        case 'n':
          node = json_node_new (JSON_NODE_NULL);
          break;
        default:
          g_assert_not_reached ();
        }
      json_object_set_member (object, parts[i], node);
    }
  va_end (values);
  return object;
}

void
lwp_json_build_copy (JsonObject *target, JsonObject *source, const char *name)
{
  JsonNode *node = source == NULL ? NULL : json_object_get_member (source, name);

  json_object_set_member (target, name,
                          node == NULL ? json_node_new (JSON_NODE_NULL) : json_node_copy (node));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The functions of template expressions (Microsoft.Resources, "template functions"). Each looks at
 * its own arguments, and gives NULL for ones that it does not take. No state, any thread. */

#include <string.h>

#include "lwp-expression-private.h"

#define UNIQUE_CHARS 13
#define MAX_TEXT_BYTES 65536
/* json() is there for null and small constants. */
#define MAX_JSON_BYTES 1024

typedef struct
{
  const LwpExpressionScope *scope;
  GPtrArray *arguments;
} Call;

static JsonNode *
get (const Call *call, guint index)
{
  return g_ptr_array_index (call->arguments, index);
}

JsonNode *
lwp_expression_new_string (const char *text)
{
  JsonNode *node = json_node_new (JSON_NODE_VALUE);

  json_node_set_string (node, text);
  return node;
}

const char *
lwp_expression_get_string (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

gboolean
lwp_expression_is_true (JsonNode *node)
{
  const char *text = lwp_expression_get_string (node);

  if (text != NULL)
    return g_ascii_strcasecmp (text, "true") == 0;
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_boolean (node);
}

static JsonNode *
new_boolean (gboolean value)
{
  JsonNode *node = json_node_new (JSON_NODE_VALUE);

  json_node_set_boolean (node, value);
  return node;
}

static JsonNode *
new_int (gint64 value)
{
  JsonNode *node = json_node_new (JSON_NODE_VALUE);

  json_node_set_int (node, value);
  return node;
}

/* Text as concat() and string() write a value. */
static char *
dup_text (JsonNode *node)
{
  const char *text = lwp_expression_get_string (node);

  return text != NULL ? g_strdup (text) : json_to_string (node, FALSE);
}

static char *
join (const Call *call, guint from, const char *separator)
{
  GString *joined = g_string_new (NULL);

  for (guint i = from; i < call->arguments->len; i++)
    {
      g_autofree char *text = dup_text (get (call, i));

      g_string_append (joined, i > from ? separator : "");
      g_string_append (joined, text);
    }
  return g_string_free (joined, FALSE);
}

static JsonNode *
concat (const Call *call)
{
  g_autofree char *text = join (call, 0, "");

  return strlen (text) <= MAX_TEXT_BYTES ? lwp_expression_new_string (text) : NULL;
}

static JsonNode *
unique_string (const Call *call)
{
  static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
  g_autofree char *text = join (call, 0, "-");
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
  char unique[UNIQUE_CHARS + 1] = "";

  for (gsize i = 0; i < UNIQUE_CHARS; i++)
    unique[i] = letters[(g_ascii_xdigit_value (hash[2 * i]) * 16
                         + g_ascii_xdigit_value (hash[2 * i + 1]))
                        % 32];
  return lwp_expression_new_string (unique);
}

/* resourceId([subscription], [group], type, name, …) */
static JsonNode *
resource_id (const Call *call)
{
  const char *subscription = call->scope->subscription;
  const char *group = call->scope->group;
  g_auto (GStrv) types = NULL;
  g_autoptr (GString) id = NULL;
  guint at = 0;

  while (at < call->arguments->len && lwp_expression_get_string (get (call, at)) != NULL
         && strchr (lwp_expression_get_string (get (call, at)), '/') == NULL)
    at++;
  if (at > 2 || at >= call->arguments->len || lwp_expression_get_string (get (call, at)) == NULL)
    return NULL;
  if (at > 0)
    group = lwp_expression_get_string (get (call, at - 1));
  if (at == 2)
    subscription = lwp_expression_get_string (get (call, 0));
  types = g_strsplit (lwp_expression_get_string (get (call, at)), "/", -1);
  if (g_strv_length (types) != call->arguments->len - at)
    return NULL;
  id = g_string_new (NULL);
  g_string_printf (id, "/subscriptions/%s/resourceGroups/%s/providers/%s", subscription, group,
                   types[0]);
  for (guint i = 1; types[i] != NULL; i++)
    {
      g_autofree char *name = dup_text (get (call, at + i));

      g_string_append_printf (id, "/%s/%s", types[i], name);
    }
  return lwp_expression_new_string (id->str);
}

static JsonNode *
new_object (const char *first, const char *first_value, const char *second,
            const char *second_value, const char *id)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, first, first_value);
  json_object_set_string_member (object, second, second_value);
  json_object_set_string_member (object, "id", id);
  json_node_take_object (node, object);
  return node;
}

static JsonNode *
subscription (const Call *call)
{
  g_autofree char *id = g_strdup_printf ("/subscriptions/%s", call->scope->subscription);

  return new_object ("subscriptionId", call->scope->subscription, "tenantId", call->scope->tenant,
                     id);
}

static JsonNode *
resource_group (const Call *call)
{
  g_autofree char *id = g_strdup_printf ("/subscriptions/%s/resourceGroups/%s",
                                         call->scope->subscription, call->scope->group);

  return new_object ("name", call->scope->group, "location", call->scope->location, id);
}

static JsonNode *
if_ (const Call *call)
{
  return json_node_copy (get (call, lwp_expression_is_true (get (call, 0)) ? 1 : 2));
}

static JsonNode *
equals (const Call *call)
{
  return new_boolean (json_node_equal (get (call, 0), get (call, 1)));
}

static JsonNode *
not_ (const Call *call)
{
  return new_boolean (!lwp_expression_is_true (get (call, 0)));
}

static JsonNode *
and_ (const Call *call)
{
  for (guint i = 0; i < call->arguments->len; i++)
    if (!lwp_expression_is_true (get (call, i)))
      return new_boolean (FALSE);
  return new_boolean (TRUE);
}

static JsonNode *
or_ (const Call *call)
{
  for (guint i = 0; i < call->arguments->len; i++)
    if (lwp_expression_is_true (get (call, i)))
      return new_boolean (TRUE);
  return new_boolean (FALSE);
}

static JsonNode *
json (const Call *call)
{
  const char *text = lwp_expression_get_string (get (call, 0));

  return text != NULL && strlen (text) <= MAX_JSON_BYTES ? json_from_string (text, NULL) : NULL;
}

static JsonNode *
null (const Call *call)
{
  return json_node_new (JSON_NODE_NULL);
}

static JsonNode *
true_ (const Call *call)
{
  return new_boolean (TRUE);
}

static JsonNode *
false_ (const Call *call)
{
  return new_boolean (FALSE);
}

static JsonNode *
bool_ (const Call *call)
{
  return new_boolean (lwp_expression_is_true (get (call, 0)));
}

static JsonNode *
string (const Call *call)
{
  g_autofree char *text = dup_text (get (call, 0));

  return lwp_expression_new_string (text);
}

static JsonNode *
to_lower (const Call *call)
{
  const char *text = lwp_expression_get_string (get (call, 0));
  g_autofree char *lower = text != NULL ? g_utf8_strdown (text, -1) : NULL;

  return lower != NULL ? lwp_expression_new_string (lower) : NULL;
}

static gint64
get_length (JsonNode *node)
{
  const char *text = lwp_expression_get_string (node);

  if (text != NULL)
    return g_utf8_strlen (text, -1);
  if (JSON_NODE_HOLDS_ARRAY (node))
    return json_array_get_length (json_node_get_array (node));
  if (JSON_NODE_HOLDS_OBJECT (node))
    return json_object_get_size (json_node_get_object (node));
  return 0;
}

static JsonNode *
length (const Call *call)
{
  return new_int (get_length (get (call, 0)));
}

static JsonNode *
empty (const Call *call)
{
  return new_boolean (get_length (get (call, 0)) == 0);
}

static JsonNode *
make_array (const Call *call, guint from)
{
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);
  JsonArray *values = json_array_new ();

  for (guint i = from; i < call->arguments->len; i++)
    json_array_add_element (values, json_node_copy (get (call, i)));
  json_node_take_array (node, values);
  return node;
}

static JsonNode *
array (const Call *call)
{
  return JSON_NODE_HOLDS_ARRAY (get (call, 0)) ? json_node_copy (get (call, 0))
                                               : make_array (call, 0);
}

static JsonNode *
create_array (const Call *call)
{
  return make_array (call, 0);
}

static JsonNode *
create_object (const Call *call)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  json_node_take_object (node, object);
  for (guint i = 0; i + 1 < call->arguments->len; i += 2)
    {
      const char *name = lwp_expression_get_string (get (call, i));

      if (name != NULL)
        json_object_set_member (object, name, json_node_copy (get (call, i + 1)));
    }
  return node;
}

static const struct
{
  const char *name;
  guint min;
  guint max;
  JsonNode *(*run) (const Call *call);
} functions[] = {
  { "and", 1, 32, and_ },
  { "array", 1, 1, array },
  { "bool", 1, 1, bool_ },
  { "concat", 1, 32, concat },
  { "createArray", 0, 32, create_array },
  { "createObject", 0, 32, create_object },
  { "empty", 1, 1, empty },
  { "equals", 2, 2, equals },
  { "false", 0, 0, false_ },
  { "if", 3, 3, if_ },
  { "json", 1, 1, json },
  { "length", 1, 1, length },
  { "not", 1, 1, not_ },
  { "null", 0, 0, null },
  { "or", 1, 32, or_ },
  { "resourceGroup", 0, 0, resource_group },
  { "resourceId", 2, 12, resource_id },
  { "string", 1, 1, string },
  { "subscription", 0, 0, subscription },
  { "toLower", 1, 1, to_lower },
  { "true", 0, 0, true_ },
  { "uniqueString", 1, 32, unique_string },
};

JsonNode *
lwp_expression_call (const LwpExpressionScope *scope, const char *name, GPtrArray *arguments)
{
  const Call call = { scope, arguments };

  for (gsize i = 0; i < G_N_ELEMENTS (functions); i++)
    if (g_ascii_strcasecmp (functions[i].name, name) == 0)
      return arguments->len >= functions[i].min && arguments->len <= functions[i].max
                 ? functions[i].run (&call)
                 : NULL;
  return NULL;
}

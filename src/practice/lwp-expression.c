/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The expressions of resource manager templates: recursive descent over the text, each call bounded
 * in depth, since a template comes from outside. The functions are in lwp-expression-functions.c.
 * No state, any thread. */

#include "lwp-expression.h"

#include <string.h>

#include "lwp-expression-private.h"

#define MAX_DEPTH 32
#define MAX_ARGUMENTS 32
/* Values read for one template: variables that use variables twice could go on for ever. */
#define MAX_VALUES 50000

typedef struct
{
  const LwpExpressionScope *scope;
  guint n_values;
  GError **error;
} Evaluation;

typedef struct
{
  Evaluation *evaluation;
  const char *at; /* what is still to be read */
  guint depth;    /* of calls, values and variables */
  gboolean dry;   /* read only: the branch of an if() that is not taken */
} Reader;

static JsonNode *read_value (Reader *reader);
static JsonNode *evaluate (Evaluation *self, JsonNode *node, guint depth);

static JsonNode *
fail (Reader *reader, const char *what)
{
  GError **error = reader->evaluation->error;

  /* The first one is the reason. */
  if (*error == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s at '%.40s'", what, reader->at);
  return NULL;
}

static void
skip_space (Reader *reader)
{
  reader->at += strspn (reader->at, " \t\r\n");
}

static gboolean
take (Reader *reader, char c)
{
  skip_space (reader);
  if (*reader->at != c)
    return FALSE;
  reader->at++;
  return TRUE;
}

/* 'it''s': two quotes are one. */
static JsonNode *
read_string (Reader *reader)
{
  g_autoptr (GString) text = g_string_new (NULL);

  while (TRUE)
    {
      gsize length = strcspn (reader->at, "'");

      g_string_append_len (text, reader->at, (gssize) length);
      reader->at += length;
      if (*reader->at == '\0')
        return fail (reader, "The text has no end");
      reader->at++;
      if (*reader->at != '\'')
        break;
      g_string_append_c (text, '\'');
      reader->at++;
    }
  return lwp_expression_new_string (text->str);
}

static JsonNode *
read_number (Reader *reader)
{
  char *end;
  gint64 number = g_ascii_strtoll (reader->at, &end, 10);
  JsonNode *node;

  if (end == reader->at)
    return fail (reader, "A value is missing");
  reader->at = end;
  node = json_node_new (JSON_NODE_VALUE);
  json_node_set_int (node, number);
  return node;
}

static JsonNode *
new_null (void)
{
  return json_node_new (JSON_NODE_NULL);
}

/* The arguments up to the closing bracket; of an if() only the branch taken is evaluated. */
static GPtrArray *
read_arguments (Reader *reader, gboolean is_if)
{
  g_autoptr (GPtrArray) arguments
      = g_ptr_array_new_with_free_func ((GDestroyNotify) json_node_unref);
  gboolean outer_dry = reader->dry;

  while (!take (reader, ')'))
    {
      JsonNode *value;

      if (arguments->len == MAX_ARGUMENTS || (arguments->len > 0 && !take (reader, ',')))
        {
          fail (reader, "A comma or bracket is missing");
          return NULL;
        }
      if (is_if && arguments->len > 0 && !outer_dry)
        reader->dry = lwp_expression_is_true (g_ptr_array_index (arguments, 0))
                      == (arguments->len == 2);
      value = read_value (reader);
      reader->dry = outer_dry;
      if (value == NULL)
        return NULL;
      g_ptr_array_add (arguments, value);
    }
  return g_steal_pointer (&arguments);
}

static JsonNode *
get_variable (Reader *reader, const char *name)
{
  JsonObject *variables = reader->evaluation->scope->variables;
  JsonNode *node = variables != NULL ? json_object_get_member (variables, name) : NULL;

  if (node == NULL)
    return fail (reader, "There is no such variable");
  return evaluate (reader->evaluation, node, reader->depth + 1);
}

static JsonNode *
get_parameter (Reader *reader, const char *name)
{
  JsonObjectIter iter;
  const char *member;
  JsonNode *node;

  json_object_iter_init (&iter, reader->evaluation->scope->parameters);
  while (json_object_iter_next (&iter, &member, &node))
    if (g_ascii_strcasecmp (member, name) == 0)
      return json_node_copy (node);
  return fail (reader, "There is no value for this parameter");
}

static JsonNode *
call (Reader *reader, const char *name, GPtrArray *arguments)
{
  const char *first = arguments->len > 0
                          ? lwp_expression_get_string (g_ptr_array_index (arguments, 0))
                          : NULL;
  JsonNode *value;

  if (reader->dry)
    return new_null ();
  if (g_ascii_strcasecmp (name, "parameters") == 0 && first != NULL)
    return get_parameter (reader, first);
  if (g_ascii_strcasecmp (name, "variables") == 0 && first != NULL)
    return get_variable (reader, first);
  value = lwp_expression_call (reader->evaluation->scope, name, arguments);
  return value != NULL ? value
                       : fail (reader, "The function is unknown or its arguments are wrong");
}

static JsonNode *
read_call (Reader *reader)
{
  gsize length = strspn (reader->at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
  g_autofree char *name = g_strndup (reader->at, length);
  g_autoptr (GPtrArray) arguments = NULL;

  reader->at += length;
  if (!take (reader, '('))
    return fail (reader, "A bracket is missing");
  arguments = read_arguments (reader, g_ascii_strcasecmp (name, "if") == 0);
  return arguments != NULL ? call (reader, name, arguments) : NULL;
}

static JsonNode *
get_member (Reader *reader, JsonNode *value, const char *name)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (value) ? json_node_get_object (value) : NULL;
  JsonNode *member = object != NULL ? json_object_get_member (object, name) : NULL;

  if (reader->dry)
    return new_null ();
  return member != NULL ? json_node_copy (member) : fail (reader, "There is no such member");
}

static JsonNode *
get_element (Reader *reader, JsonNode *value, JsonNode *index)
{
  const char *name = lwp_expression_get_string (index);
  gint64 number = JSON_NODE_HOLDS_VALUE (index) && name == NULL ? json_node_get_int (index) : -1;
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (value) ? json_node_get_array (value) : NULL;

  if (reader->dry)
    return new_null ();
  if (name != NULL)
    return get_member (reader, value, name);
  if (array == NULL || number < 0 || number >= json_array_get_length (array))
    return fail (reader, "There is no such element");
  return json_node_copy (json_array_get_element (array, (guint) number));
}

/* .member and [index] after a value. */
static JsonNode *
read_suffixes (Reader *reader, JsonNode *first)
{
  g_autoptr (JsonNode) value = first;

  while (value != NULL)
    {
      JsonNode *next;

      if (take (reader, '.'))
        {
          gsize length = strcspn (reader->at, ".[](), \t\r\n");
          g_autofree char *name = g_strndup (reader->at, length);

          reader->at += length;
          next = get_member (reader, value, name);
        }
      else if (take (reader, '['))
        {
          g_autoptr (JsonNode) index = read_value (reader);

          next = index != NULL ? get_element (reader, value, index) : NULL;
          if (next != NULL && !take (reader, ']'))
            {
              json_node_unref (next);
              next = fail (reader, "A bracket is missing");
            }
        }
      else
        break;
      json_node_unref (value);
      value = next;
    }
  return g_steal_pointer (&value);
}

static JsonNode *
read_value (Reader *reader)
{
  JsonNode *value;

  if (++reader->depth > MAX_DEPTH || ++reader->evaluation->n_values > MAX_VALUES)
    return fail (reader, "The expression is too large");
  skip_space (reader);
  if (take (reader, '\''))
    value = read_string (reader);
  else if (g_ascii_isalpha (*reader->at))
    value = read_call (reader);
  else
    value = read_number (reader);
  if (value != NULL)
    value = read_suffixes (reader, value);
  reader->depth--;
  return value;
}

static JsonNode *
evaluate_text (Evaluation *self, JsonNode *node, guint depth)
{
  const char *text = json_node_get_string (node);
  gsize length = strlen (text);
  Reader reader = { .evaluation = self, .depth = depth };
  g_autofree char *inside = NULL;
  g_autoptr (JsonNode) value = NULL;

  /* "[[x]" is the text "[x]". */
  if (g_str_has_prefix (text, "[["))
    return lwp_expression_new_string (text + 1);
  if (length < 2 || text[0] != '[' || text[length - 1] != ']')
    return json_node_copy (node);
  inside = g_strndup (text + 1, length - 2);
  reader.at = inside;
  value = read_value (&reader);
  skip_space (&reader);
  if (value != NULL && *reader.at != '\0')
    return fail (&reader, "Something follows the expression");
  return g_steal_pointer (&value);
}

static JsonNode *
evaluate_array (Evaluation *self, JsonArray *array, guint depth)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_ARRAY);
  JsonArray *values = json_array_new ();

  json_node_take_array (node, values);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *value = evaluate (self, json_array_get_element (array, i), depth);

      if (value == NULL)
        return NULL;
      json_array_add_element (values, value);
    }
  return g_steal_pointer (&node);
}

static JsonNode *
evaluate_object (Evaluation *self, JsonObject *object, guint depth)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *values = json_object_new ();
  g_autoptr (GList) names = json_object_get_members (object);

  json_node_take_object (node, values);
  for (const GList *item = names; item != NULL; item = item->next)
    {
      JsonNode *value = evaluate (self, json_object_get_member (object, item->data), depth);

      if (value == NULL)
        return NULL;
      json_object_set_member (values, item->data, value);
    }
  return g_steal_pointer (&node);
}

static JsonNode *
evaluate (Evaluation *self, JsonNode *node, guint depth)
{
  if (depth > MAX_DEPTH)
    {
      if (*self->error == NULL)
        g_set_error_literal (self->error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                             "The template is nested too deeply");
      return NULL;
    }
  if (JSON_NODE_HOLDS_OBJECT (node))
    return evaluate_object (self, json_node_get_object (node), depth + 1);
  if (JSON_NODE_HOLDS_ARRAY (node))
    return evaluate_array (self, json_node_get_array (node), depth + 1);
  if (lwp_expression_get_string (node) != NULL)
    return evaluate_text (self, node, depth + 1);
  return json_node_copy (node);
}

JsonNode *
lwp_expression_evaluate (const LwpExpressionScope *scope, JsonNode *node, GError **error)
{
  g_autoptr (GError) reason = NULL;
  Evaluation self = { .scope = scope, .error = &reason };
  JsonNode *value = evaluate (&self, node, 0);

  if (value == NULL)
    g_propagate_error (error, g_steal_pointer (&reason));
  return value;
}

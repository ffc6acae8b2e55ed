/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Requests as values: the target is taken apart once, when the request is made, and everything that
 * comes from outside is bounded here. A request belongs to one thread at a time. */

#include "lwp-http.h"

#include <string.h>

#include "lwp-http-private.h"

#define MAX_SEGMENTS 64
#define MAX_QUERY_FIELDS 64
#define MAX_FORM_FIELDS 64
/* The largest JSON that is read is a deployment with its template; a form is a sign-in. */
#define MAX_JSON_BYTES ((gsize) 8 * 1024 * 1024)
#define MAX_JSON_DEPTH 64
#define MAX_FORM_BYTES ((gsize) 256 * 1024)

typedef struct
{
  char *name;
  char *value;
} Pair;

struct _LwpRequest
{
  char *method;     /* owned */
  char *host;       /* owned */
  char *raw_path;   /* owned */
  char *raw_query;  /* owned */
  char **segments;  /* owned */
  GArray *starts;   /* owned; gsize, where each segment begins in raw_path */
  GArray *query;    /* owned; Pair */
  GArray *headers;  /* owned; Pair */
  GHashTable *params; /* owned, nullable */
  GBytes *body;     /* owned */
  JsonNode *json;   /* owned, nullable; made when first asked for */
  LwpCaller *caller; /* owned, nullable */
};

void
lwp_caller_free (LwpCaller *caller)
{
  g_free (caller->tenant);
  g_free (caller->object);
  g_free (caller->name);
  g_free (caller->sign_in_name);
  g_free (caller->client);
  g_free (caller);
}

static void
pair_clear (Pair *pair)
{
  g_free (pair->name);
  g_free (pair->value);
}

static GArray *
pairs_new (void)
{
  GArray *pairs = g_array_new (FALSE, FALSE, sizeof (Pair));

  g_array_set_clear_func (pairs, (GDestroyNotify) pair_clear);
  return pairs;
}

static const char *
pairs_find (GArray *pairs, const char *name)
{
  for (guint i = 0; i < pairs->len; i++)
    {
      const Pair *pair = &g_array_index (pairs, Pair, i);

      if (g_ascii_strcasecmp (pair->name, name) == 0)
        return pair->value;
    }
  return NULL;
}

static void
pairs_foreach (GArray *pairs, LwpPairFunc func, gpointer user_data)
{
  for (guint i = 0; i < pairs->len; i++)
    {
      const Pair *pair = &g_array_index (pairs, Pair, i);

      func (pair->name, pair->value, user_data);
    }
}

/* NULL when it is not percent encoding of UTF-8 text without NUL. */
static char *
decode (const char *text, gssize length, gboolean plus_is_space)
{
  g_autofree char *copy = length < 0 ? g_strdup (text) : g_strndup (text, (gsize) length);
  g_autofree char *decoded = NULL;

  if (plus_is_space)
    g_strdelimit (copy, "+", ' ');
  decoded = g_uri_unescape_string (copy, NULL);
  if (decoded == NULL || !g_utf8_validate (decoded, -1, NULL))
    return NULL;
  return g_steal_pointer (&decoded);
}

/* name=value&name=value, into @pairs. */
static gboolean
parse_fields (const char *text, guint max_fields, GArray *pairs)
{
  g_auto (GStrv) fields = g_strsplit (text, "&", (int) max_fields + 1);

  for (guint i = 0; fields[i] != NULL; i++)
    {
      const char *equals = strchr (fields[i], '=');
      Pair pair = { NULL, NULL };

      if (i == max_fields)
        return FALSE;
      if (*fields[i] == '\0')
        continue;
      pair.name = decode (fields[i], equals != NULL ? equals - fields[i] : -1, TRUE);
      pair.value = decode (equals != NULL ? equals + 1 : "", -1, TRUE);
      g_array_append_val (pairs, pair);
      if (pair.name == NULL || pair.value == NULL)
        return FALSE;
    }
  return TRUE;
}

static gboolean
parse_path (LwpRequest *self)
{
  g_autoptr (GPtrArray) segments = g_ptr_array_new_with_free_func (g_free);
  const char *at = self->raw_path;

  while (*at != '\0')
    {
      gsize length;

      at += strspn (at, "/");
      length = strcspn (at, "/");
      if (length > 0)
        {
          gsize start = (gsize) (at - self->raw_path);
          char *segment = decode (at, (gssize) length, FALSE);

          if (segment == NULL || segments->len == MAX_SEGMENTS)
            {
              g_free (segment);
              return FALSE;
            }
          g_ptr_array_add (segments, segment);
          g_array_append_val (self->starts, start);
        }
      at += length;
    }
  g_ptr_array_add (segments, NULL);
  self->segments = (char **) g_ptr_array_free (g_steal_pointer (&segments), FALSE);
  return TRUE;
}

LwpRequest *
lwp_request_new (const char *method, const char *host, const char *target)
{
  g_autoptr (LwpRequest) self = NULL;
  const char *question;

  g_return_val_if_fail (method != NULL && host != NULL && target != NULL, NULL);

  question = strchr (target, '?');
  self = g_new0 (LwpRequest, 1);
  self->method = g_strdup (method);
  self->host = g_ascii_strdown (host, -1);
  self->raw_path = question != NULL ? g_strndup (target, (gsize) (question - target))
                                    : g_strdup (target);
  self->raw_query = g_strdup (question != NULL ? question + 1 : "");
  self->starts = g_array_new (FALSE, FALSE, sizeof (gsize));
  self->query = pairs_new ();
  self->headers = pairs_new ();
  self->body = g_bytes_new_static ("", 0);
  if (*target != '/' || !parse_path (self)
      || !parse_fields (self->raw_query, MAX_QUERY_FIELDS, self->query))
    return NULL;
  return g_steal_pointer (&self);
}

void
lwp_request_free (LwpRequest *self)
{
  g_free (self->method);
  g_free (self->host);
  g_free (self->raw_path);
  g_free (self->raw_query);
  g_strfreev (self->segments);
  g_array_unref (self->starts);
  g_array_unref (self->query);
  g_array_unref (self->headers);
  g_clear_pointer (&self->params, g_hash_table_unref);
  g_bytes_unref (self->body);
  g_clear_pointer (&self->json, json_node_unref);
  g_clear_pointer (&self->caller, lwp_caller_free);
  g_free (self);
}

void
lwp_request_add_header (LwpRequest *self, const char *name, const char *value)
{
  Pair pair = { g_strdup (name), g_utf8_make_valid (value, -1) };

  g_array_append_val (self->headers, pair);
}

void
lwp_request_take_body (LwpRequest *self, GBytes *body)
{
  g_bytes_unref (self->body);
  self->body = body;
}

void
lwp_request_take_caller (LwpRequest *self, LwpCaller *caller)
{
  g_clear_pointer (&self->caller, lwp_caller_free);
  self->caller = caller;
}

void
lwp_request_take_params (LwpRequest *self, GHashTable *params)
{
  g_clear_pointer (&self->params, g_hash_table_unref);
  self->params = params;
}

const char *
lwp_request_get_method (LwpRequest *self)
{
  return self->method;
}

const char *
lwp_request_get_host (LwpRequest *self)
{
  return self->host;
}

const char *
lwp_request_get_raw_path (LwpRequest *self)
{
  return self->raw_path;
}

const char *
lwp_request_get_raw_query (LwpRequest *self)
{
  return self->raw_query;
}

const char *const *
lwp_request_get_segments (LwpRequest *self)
{
  return (const char *const *) self->segments;
}

char *
lwp_request_dup_rest (LwpRequest *self, guint index)
{
  if (index >= self->starts->len)
    return g_strdup ("");
  /* Each segment was decoded before, so this cannot fail. */
  return decode (self->raw_path + g_array_index (self->starts, gsize, index), -1, FALSE);
}

const char *
lwp_request_get_param (LwpRequest *self, const char *name)
{
  return self->params != NULL ? g_hash_table_lookup (self->params, name) : NULL;
}

const char *
lwp_request_get_query (LwpRequest *self, const char *name)
{
  return pairs_find (self->query, name);
}

const char *
lwp_request_get_header (LwpRequest *self, const char *name)
{
  return pairs_find (self->headers, name);
}

void
lwp_request_foreach_header (LwpRequest *self, LwpPairFunc func, gpointer user_data)
{
  pairs_foreach (self->headers, func, user_data);
}

void
lwp_request_foreach_query (LwpRequest *self, LwpPairFunc func, gpointer user_data)
{
  pairs_foreach (self->query, func, user_data);
}

GBytes *
lwp_request_get_body (LwpRequest *self)
{
  return self->body;
}

const LwpCaller *
lwp_request_get_caller (LwpRequest *self)
{
  return self->caller;
}

/* json-glib recurses for each level and has no limit of its own: look before it leaps. */
static gboolean
is_shallow (const char *text, gsize length)
{
  guint depth = 0;
  gboolean in_string = FALSE;

  for (gsize i = 0; i < length; i++)
    {
      if (in_string && text[i] == '\\')
        i++;
      else if (text[i] == '"')
        in_string = !in_string;
      else if (!in_string && (text[i] == '{' || text[i] == '[') && ++depth > MAX_JSON_DEPTH)
        return FALSE;
      else if (!in_string && (text[i] == '}' || text[i] == ']') && depth > 0)
        depth--;
    }
  return TRUE;
}

static JsonNode *
parse_json (GBytes *body)
{
  gsize length;
  const char *text = g_bytes_get_data (body, &length);
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  JsonNode *root;

  if (length == 0)
    {
      root = json_node_new (JSON_NODE_OBJECT);
      json_node_take_object (root, json_object_new ());
      return root;
    }
  if (length > MAX_JSON_BYTES || !is_shallow (text, length)
      || !json_parser_load_from_data (parser, text, (gssize) length, NULL))
    return NULL;
  root = json_parser_get_root (parser);
  return root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_ref (root) : NULL;
}

JsonObject *
lwp_request_get_json (LwpRequest *self)
{
  if (self->json == NULL)
    self->json = parse_json (self->body);
  return self->json != NULL ? json_node_get_object (self->json) : NULL;
}

GHashTable *
lwp_request_dup_form (LwpRequest *self)
{
  GHashTable *form = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  const char *type = lwp_request_get_header (self, "Content-Type");
  g_autoptr (GArray) pairs = pairs_new ();
  g_autofree char *text = NULL;
  gsize length;
  const char *data = g_bytes_get_data (self->body, &length);

  if (type == NULL || length > MAX_FORM_BYTES
      || g_ascii_strncasecmp (type, "application/x-www-form-urlencoded", 33) != 0)
    return form;
  text = g_strndup (data, length);
  if (!parse_fields (text, MAX_FORM_FIELDS, pairs))
    return form;
  for (guint i = 0; i < pairs->len; i++)
    {
      const Pair *pair = &g_array_index (pairs, Pair, i);

      g_hash_table_replace (form, g_strdup (pair->name), g_strdup (pair->value));
    }
  return form;
}

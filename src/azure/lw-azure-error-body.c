/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading what the body of an answer tells about an error, in all the shapes in which the services
 * of Azure tell it. Never fails: what cannot be read is not told. No state, any thread. */

#include "lw-azure-error-body.h"

#include <string.h>

#include "lw-json.h"

/* A larger body is no error of Azure's. */
#define MAX_BODY (1024 * 1024)

/* Levels of an error, and objects of all levels, that are looked at. A template deployment in a
 * template deployment makes six levels. */
#define MAX_DEPTH 12
#define MAX_OBJECTS 64

/* Plain text, from a gateway, that is taken as the message. */
#define MAX_PLAIN_TEXT 1024

static const char byte_order_mark[] = "\xEF\xBB\xBF";

/* Where the error is when the body is a resource that failed (ARM's provisioning state, computes of
 * Machine Learning). */
static const char *const resource_members[]
    = { "error", "provisioningErrors", "errors", "statusMessage" };

typedef struct
{
  LwAzureErrorBody *body; /* borrowed */
  GString *message;       /* owned by the caller */
  guint code_depth;       /* of the code that was taken last */
  guint target_depth;
  guint objects_left;
} Reader;

static void read_error (Reader *self, LwJson node, guint depth);

void
lw_azure_error_body_copy (const LwAzureErrorBody *from, LwAzureErrorBody *to)
{
  to->code = g_strdup (from->code);
  to->inner_code = g_strdup (from->inner_code);
  to->message = g_strdup (from->message);
  to->target = g_strdup (from->target);
  to->policy = g_strdup (from->policy);
  to->request_id = g_strdup (from->request_id);
  to->correlation_id = g_strdup (from->correlation_id);
  to->claims = g_strdup (from->claims);
  to->is_entra = from->is_entra;
}

void
lw_azure_error_body_clear (LwAzureErrorBody *self)
{
  g_clear_pointer (&self->code, g_free);
  g_clear_pointer (&self->inner_code, g_free);
  g_clear_pointer (&self->message, g_free);
  g_clear_pointer (&self->target, g_free);
  g_clear_pointer (&self->policy, g_free);
  g_clear_pointer (&self->request_id, g_free);
  g_clear_pointer (&self->correlation_id, g_free);
  g_clear_pointer (&self->claims, g_free);
}

/* The member @name in whatever case: Azure writes code and Code, innererror and innerError. */
static LwJson
member_of (LwJson node, const char *name)
{
  LwJson exact = lw_json_member (node, name);
  g_auto (GStrv) members = NULL;

  if (lw_json_is_present (exact))
    return exact;
  members = lw_json_members (node);
  for (guint i = 0; members[i] != NULL; i++)
    if (g_ascii_strcasecmp (members[i], name) == 0)
      return lw_json_member (node, members[i]);
  return exact;
}

static const char *
string_of (LwJson node, const char *name)
{
  const char *text = lw_json_as_string (member_of (node, name), NULL);

  return text != NULL && *text != '\0' ? text : NULL;
}

static void
set_once (char **member, const char *value)
{
  if (*member == NULL && value != NULL && *value != '\0')
    *member = g_strdup (value);
}

static void
take_code (Reader *self, const char *code, guint depth)
{
  if (code == NULL)
    return;
  if (self->body->code == NULL)
    {
      self->body->code = g_strdup (code);
      self->code_depth = depth;
    }
  else if (depth > self->code_depth)
    {
      g_free (self->body->inner_code);
      self->body->inner_code = g_strdup (code);
      self->code_depth = depth;
    }
}

static void
take_target (Reader *self, const char *target, guint depth)
{
  if (target == NULL || (self->body->target != NULL && depth <= self->target_depth))
    return;
  g_free (self->body->target);
  self->body->target = g_strdup (target);
  self->target_depth = depth;
}

/* A message that is itself an error in JSON is read as one more level. */
static gboolean
read_message_json (Reader *self, const char *text, guint depth)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (LwJsonDocument) document = NULL;
  gsize before = self->message->len;

  text += strspn (text, " \t\r\n");
  if (*text != '{')
    return FALSE;
  bytes = g_bytes_new (text, strlen (text));
  document = lw_json_parse (bytes, NULL);
  if (document == NULL)
    return FALSE;
  read_error (self, lw_json_document_get_root (document), depth + 1);
  return self->message->len > before;
}

static void
take_message (Reader *self, const char *text, guint depth)
{
  if (text == NULL || read_message_json (self, text, depth))
    return;
  if (strstr (self->message->str, text) != NULL)
    return;
  if (self->message->len > 0)
    g_string_append_c (self->message, '\n');
  g_string_append (self->message, text);
}

/* ML tells its innermost codes, ids and refusing policies in typed pieces beside the error. */
static void
read_additional_info (Reader *self, LwJson list, guint depth)
{
  for (guint i = 0; i < lw_json_length (list) && i < MAX_OBJECTS; i++)
    {
      LwJson piece = lw_json_element (list, i);
      LwJson info = lw_json_member (piece, "info");
      LwJson value = lw_json_member (info, "value");
      const char *type = lw_json_get_string (piece, "type", "");

      if (strcmp (type, "InnerError") == 0)
        read_error (self, value, depth + 1);
      else if (strcmp (type, "PolicyViolation") == 0)
        set_once (&self->body->policy,
                  lw_json_get_string (info, "policyDefinitionDisplayName", NULL));
      else if (strcmp (type, "Correlation") == 0)
        {
          set_once (&self->body->correlation_id, lw_json_get_string (value, "operation", NULL));
          set_once (&self->body->request_id, lw_json_get_string (value, "request", NULL));
        }
    }
}

static void
read_list (Reader *self, LwJson list, guint depth)
{
  for (guint i = 0; i < lw_json_length (list) && i < MAX_OBJECTS; i++)
    read_error (self, lw_json_element (list, i), depth);
}

/* One level of an error, then what is below it. */
static void
read_level (Reader *self, LwJson node, guint depth)
{
  take_code (self, string_of (node, "code"), depth);
  take_target (self, string_of (node, "target"), depth);
  take_message (self, string_of (node, "message"), depth);
  read_list (self, member_of (node, "details"), depth + 1);
  read_error (self, member_of (node, "innererror"), depth + 1);
  read_additional_info (self, lw_json_member (node, "additionalInfo"), depth);
}

/* A level, or what wraps one: {"error": {…}}, twice for the RootError of run history. */
static void
read_error (Reader *self, LwJson node, guint depth)
{
  LwJson wrapped = member_of (node, "error");
  LwJson correlation = lw_json_member (node, "correlation");

  if (!lw_json_is_object (node) || depth > MAX_DEPTH || self->objects_left == 0)
    return;
  self->objects_left--;
  set_once (&self->body->correlation_id, lw_json_get_string (correlation, "operation", NULL));
  set_once (&self->body->request_id, lw_json_get_string (correlation, "request", NULL));
  if (lw_json_is_object (wrapped))
    read_error (self, wrapped, depth);
  else
    read_level (self, node, depth);
}

/* The error of a resource that failed is among its properties. */
static void
read_resource (Reader *self, LwJson root)
{
  LwJson properties = lw_json_member (root, "properties");

  for (guint i = 0; i < G_N_ELEMENTS (resource_members); i++)
    {
      LwJson found = lw_json_member (properties, resource_members[i]);

      if (lw_json_is_array (found))
        read_list (self, found, 0);
      else
        read_error (self, found, 0);
      if (self->body->code != NULL || self->message->len > 0)
        return;
    }
}

/* RFC 6749, section 5.2, with Entra's own members. */
static void
read_entra (Reader *self, LwJson root)
{
  LwAzureErrorBody *body = self->body;
  LwJson numbers = lw_json_member (root, "error_codes");
  LwJson first = lw_json_element (numbers, 0);

  body->is_entra = TRUE;
  body->code = g_strdup (lw_json_get_string (root, "error", NULL));
  body->target = g_strdup (lw_json_get_string (root, "suberror", NULL));
  body->claims = g_strdup (lw_json_get_string (root, "claims", NULL));
  body->request_id = g_strdup (lw_json_get_string (root, "trace_id", NULL));
  body->correlation_id = g_strdup (lw_json_get_string (root, "correlation_id", NULL));
  g_string_append (self->message, lw_json_get_string (root, "error_description", ""));
  if (first.node != NULL && JSON_NODE_HOLDS_VALUE (first.node))
    body->inner_code = g_strdup_printf ("AADSTS%" G_GINT64_FORMAT, json_node_get_int (first.node));
}

static void
read_json (Reader *self, LwJson root)
{
  const char *word = lw_json_as_string (lw_json_member (root, "error"), NULL);

  if (lw_json_is_string (root))
    take_message (self, lw_json_as_string (root, NULL), 0);
  else if (word != NULL
           && (lw_json_is_string (lw_json_member (root, "error_description"))
               || lw_json_is_array (lw_json_member (root, "error_codes"))))
    read_entra (self, root);
  else
    {
      read_error (self, root, 0);
      if (self->body->code == NULL)
        self->body->code = g_strdup (word);
      if (self->body->code == NULL && self->message->len == 0)
        read_resource (self, root);
    }
}

/* <Error><Code>…</Code><Message>…</Message></Error> of the storage services. */
static void
xml_text_cb (GMarkupParseContext *context, const char *text, gsize length, gpointer user_data,
             GError **error)
{
  Reader *self = user_data;
  const char *element = g_markup_parse_context_get_element (context);
  const GSList *stack = g_markup_parse_context_get_element_stack (context);
  g_autofree char *value = g_strndup (text, length);

  if (g_slist_length ((GSList *) stack) != 2 || g_strcmp0 (stack->next->data, "Error") != 0)
    return;
  if (g_strcmp0 (element, "Code") == 0)
    set_once (&self->body->code, value);
  else if (g_strcmp0 (element, "Message") == 0)
    take_message (self, value, 0);
}

static void
read_xml (Reader *self, const char *text, gsize size)
{
  static const GMarkupParser parser = { .text = xml_text_cb };
  g_autoptr (GMarkupParseContext) context = g_markup_parse_context_new (&parser, 0, self, NULL);

  /* HTML of a gateway ends the reading early, and nothing of it is kept. */
  g_markup_parse_context_parse (context, text, (gssize) size, NULL);
}

void
lw_azure_error_body_read (LwAzureErrorBody *self, GBytes *body)
{
  g_autoptr (GString) message = g_string_new (NULL);
  g_autoptr (LwJsonDocument) document = NULL;
  Reader reader = { .body = self, .message = message, .objects_left = MAX_OBJECTS };
  gsize size = 0;
  const char *data = body != NULL ? g_bytes_get_data (body, &size) : NULL;

  g_return_if_fail (self != NULL);

  if (size == 0 || size > MAX_BODY)
    return;
  document = lw_json_parse (body, NULL);
  if (size >= strlen (byte_order_mark)
      && memcmp (data, byte_order_mark, strlen (byte_order_mark)) == 0)
    {
      data += strlen (byte_order_mark);
      size -= strlen (byte_order_mark);
    }
  if (document != NULL)
    read_json (&reader, lw_json_document_get_root (document));
  else if (size > 0 && data[0] == '<')
    read_xml (&reader, data, size);
  else if (size <= MAX_PLAIN_TEXT && g_utf8_validate_len (data, size, NULL))
    g_string_append_len (message, data, (gssize) size);
  if (message->len > 0)
    self->message = g_strdup (message->str);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Answers as values. One belongs to the thread that makes it until the server takes it. */

#include <string.h>
#include <unistd.h>

#include "lwp-http-private.h"

static LwpResponse *
response_new (LwpResponseKind kind, guint status)
{
  LwpResponse *self = g_new0 (LwpResponse, 1);

  self->kind = kind;
  self->status = status;
  self->headers = g_ptr_array_new_with_free_func (g_free);
  self->fd = -1;
  return self;
}

LwpResponse *
lwp_response_new (guint status)
{
  return response_new (LWP_RESPONSE_BYTES, status);
}

void
lwp_response_free (LwpResponse *self)
{
  g_ptr_array_unref (self->headers);
  g_clear_pointer (&self->body, g_bytes_unref);
  if (self->fd >= 0)
    close (self->fd);
  if (self->upgrade_destroy != NULL)
    self->upgrade_destroy (self->upgrade_data);
  g_free (self);
}

LwpResponse *
lwp_response_new_bytes (guint status, const char *content_type, GBytes *body)
{
  LwpResponse *self = response_new (LWP_RESPONSE_BYTES, status);

  self->body = g_bytes_ref (body);
  if (content_type != NULL)
    lwp_response_set_header (self, "Content-Type", content_type);
  return self;
}

LwpResponse *
lwp_response_new_text (guint status, const char *content_type, const char *text)
{
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));

  return lwp_response_new_bytes (status, content_type, body);
}

LwpResponse *
lwp_response_new_json (guint status, JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;

  json_node_take_object (node, object);
  text = json_to_string (node, FALSE);
  return lwp_response_new_text (status, "application/json; charset=utf-8", text);
}

LwpResponse *
lwp_response_new_file (guint status, const char *content_type, int fd, guint64 offset,
                       guint64 length)
{
  LwpResponse *self = response_new (LWP_RESPONSE_FILE, status);

  self->fd = fd;
  self->offset = offset;
  self->length = length;
  if (content_type != NULL)
    lwp_response_set_header (self, "Content-Type", content_type);
  return self;
}

LwpResponse *
lwp_response_new_upgrade (LwpUpgradeFunc func, gpointer user_data, GDestroyNotify destroy)
{
  LwpResponse *self = response_new (LWP_RESPONSE_UPGRADE, 101);

  self->upgrade = func;
  self->upgrade_data = user_data;
  self->upgrade_destroy = destroy;
  return self;
}

LwpResponse *
lwp_response_new_cut (void)
{
  return response_new (LWP_RESPONSE_CUT, 0);
}

void
lwp_response_set_header (LwpResponse *self, const char *name, const char *value)
{
  /* A value can hold what a client sent: it must not be able to add a header of its own. */
  char *clean = g_strdelimit (g_strdup (value), "\r\n", ' ');

  for (guint i = 0; i + 1 < self->headers->len; i += 2)
    if (g_ascii_strcasecmp (g_ptr_array_index (self->headers, i), name) == 0)
      {
        g_free (g_ptr_array_index (self->headers, i + 1));
        g_ptr_array_index (self->headers, i + 1) = clean;
        return;
      }
  g_ptr_array_add (self->headers, g_strdup (name));
  g_ptr_array_add (self->headers, clean);
}

const char *
lwp_response_get_header (LwpResponse *self, const char *name)
{
  for (guint i = 0; i + 1 < self->headers->len; i += 2)
    if (g_ascii_strcasecmp (g_ptr_array_index (self->headers, i), name) == 0)
      return g_ptr_array_index (self->headers, i + 1);
  return NULL;
}

guint
lwp_response_get_status (LwpResponse *self)
{
  return self->status;
}

GBytes *
lwp_response_dup_body (LwpResponse *self)
{
  return self->body != NULL ? g_bytes_ref (self->body) : g_bytes_new_static ("", 0);
}

static LwpResponse *
new_arm_error (guint status, const char *code, const char *target, const char *message)
{
  JsonObject *error = json_object_new ();
  JsonObject *root = json_object_new ();
  LwpResponse *self;

  json_object_set_string_member (error, "code", code);
  json_object_set_string_member (error, "message", message);
  if (target != NULL)
    {
      JsonObject *detail = json_object_new ();
      JsonArray *details = json_array_new ();

      json_object_set_string_member (detail, "code", code);
      json_object_set_string_member (detail, "target", target);
      json_object_set_string_member (detail, "message", message);
      json_array_add_object_element (details, detail);
      json_object_set_array_member (error, "details", details);
    }
  json_object_set_object_member (root, "error", error);
  self = lwp_response_new_json (status, root);
  lwp_response_set_header (self, "x-ms-failure-cause", "gateway");
  return self;
}

LwpResponse *
lwp_response_new_arm_error (guint status, const char *code, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  return new_arm_error (status, code, NULL, message);
}

LwpResponse *
lwp_response_new_arm_details (guint status, const char *code, const char *target,
                              const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  return new_arm_error (status, code, target, message);
}

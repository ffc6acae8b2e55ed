/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Requests and answers: plain values. A request is built by one thread and does not change while
 * it is sent; an answer never changes. */

#include <string.h>

#include "lw-http-private.h"

static void
header_free (gpointer data)
{
  LwHttpHeader *self = data;

  g_free (self->name);
  g_free (self->value);
  g_free (self);
}

GPtrArray *
lw_http_headers_new (void)
{
  return g_ptr_array_new_with_free_func (header_free);
}

void
lw_http_headers_add (GPtrArray *headers, char *name_taken, char *value_taken)
{
  LwHttpHeader *header = g_new0 (LwHttpHeader, 1);

  header->name = name_taken;
  header->value = value_taken;
  g_ptr_array_add (headers, header);
}

static gboolean
find_header (const GPtrArray *headers, const char *name, guint *index)
{
  for (guint i = 0; i < headers->len; i++)
    {
      const LwHttpHeader *header = headers->pdata[i];

      if (g_ascii_strcasecmp (header->name, name) == 0)
        {
          *index = i;
          return TRUE;
        }
    }
  return FALSE;
}

const char *
lw_http_headers_get (const GPtrArray *headers, const char *name)
{
  guint index;

  if (!find_header (headers, name, &index))
    return NULL;
  return ((const LwHttpHeader *) headers->pdata[index])->value;
}

LwHttpRequest *
lw_http_request_new (const char *method, const char *url)
{
  LwHttpRequest *self;

  g_return_val_if_fail (method != NULL && *method != '\0', NULL);
  g_return_val_if_fail (url != NULL, NULL);

  self = g_new0 (LwHttpRequest, 1);
  self->method = g_strdup (method);
  self->url = g_strdup (url);
  self->headers = lw_http_headers_new ();
  self->max_body = LW_HTTP_MAX_BODY;
  return self;
}

void
lw_http_request_free (LwHttpRequest *self)
{
  if (self == NULL)
    return;
  g_free (self->method);
  g_free (self->url);
  g_ptr_array_unref (self->headers);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self->file_path);
  g_free (self);
}

const char *
lw_http_request_get_method (const LwHttpRequest *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->method;
}

const char *
lw_http_request_get_url (const LwHttpRequest *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->url;
}

/* A line break in a value would be a header, or a request, of someone else's making. */
static gboolean
is_clean (const char *text)
{
  for (const char *at = text; *at != '\0'; at++)
    {
      if (g_ascii_iscntrl (*at))
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_header_name (const char *name)
{
  return *name != '\0' && is_clean (name) && strpbrk (name, " :;\"") == NULL;
}

void
lw_http_request_set_header (LwHttpRequest *self, const char *name, const char *value)
{
  guint index;

  g_return_if_fail (self != NULL);
  g_return_if_fail (name != NULL && is_header_name (name));
  g_return_if_fail (value == NULL || is_clean (value));

  if (find_header (self->headers, name, &index))
    g_ptr_array_remove_index (self->headers, index);
  if (value != NULL)
    lw_http_headers_add (self->headers, g_strdup (name), g_strdup (value));
}

void
lw_http_request_set_body (LwHttpRequest *self, GBytes *body, const char *content_type)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (body != NULL);

  g_clear_pointer (&self->file_path, g_free);
  g_bytes_ref (body);
  g_clear_pointer (&self->body, g_bytes_unref);
  self->body = body;
  lw_http_request_set_header (self, "Content-Type", content_type);
}

void
lw_http_request_set_body_file (LwHttpRequest *self, GFile *file, goffset offset, goffset length,
                               const char *content_type)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (G_IS_FILE (file) && g_file_is_native (file));
  g_return_if_fail (offset >= 0 && length >= 0);

  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self->file_path);
  self->file_path = g_file_get_path (file);
  self->file_offset = offset;
  self->file_length = length;
  lw_http_request_set_header (self, "Content-Type", content_type);
}

goffset
lw_http_request_get_body_size (const LwHttpRequest *self)
{
  if (self->file_path != NULL)
    return self->file_length;
  if (self->body != NULL)
    return (goffset) g_bytes_get_size (self->body);
  /* These say a length even when there is nothing to send. */
  if (g_str_equal (self->method, "POST") || g_str_equal (self->method, "PUT")
      || g_str_equal (self->method, "PATCH"))
    return 0;
  return -1;
}

void
lw_http_request_set_sink (LwHttpRequest *self, LwHttpChunkFunc func, gpointer user_data)
{
  g_return_if_fail (self != NULL);

  self->sink = func;
  self->sink_data = user_data;
}

void
lw_http_request_set_max_body (LwHttpRequest *self, gsize max_body)
{
  g_return_if_fail (self != NULL);

  self->max_body = max_body;
}

void
lw_http_request_set_upload_progress (LwHttpRequest *self, LwHttpProgressFunc func,
                                     gpointer user_data)
{
  g_return_if_fail (self != NULL);

  self->progress = func;
  self->progress_data = user_data;
}

LwHttpResponse *
lw_http_response_new (guint status, GPtrArray *headers_taken, GBytes *body_taken)
{
  LwHttpResponse *self = g_new0 (LwHttpResponse, 1);

  self->status = status;
  self->headers = headers_taken;
  self->body = body_taken;
  return self;
}

void
lw_http_response_free (LwHttpResponse *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->headers);
  g_bytes_unref (self->body);
  g_free (self);
}

guint
lw_http_response_get_status (const LwHttpResponse *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->status;
}

const char *
lw_http_response_get_header (const LwHttpResponse *self, const char *name)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return lw_http_headers_get (self->headers, name);
}

GBytes *
lw_http_response_get_body (const LwHttpResponse *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->body;
}

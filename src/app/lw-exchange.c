/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A copy of what the observer of LwHttp was told. Immutable after lw_exchange_new(), any thread. */

#include "lw-exchange.h"

#include <string.h>

/* Of a URL, what tells one request from the other stands at its end. */
#define SHORT_URL 64

struct _LwExchange
{
  GObject parent_instance;

  char *method;
  char *url;
  char *request_headers;
  char *request_body; /* (nullable) */
  guint status;
  char *response_headers; /* (nullable) */
  char *response_body;    /* (nullable) */
  char *failure;          /* (nullable) */
  gint64 duration_us;
};

G_DEFINE_FINAL_TYPE (LwExchange, lw_exchange, G_TYPE_OBJECT)

static char *
dup_short_url (const char *url)
{
  const char *path = strstr (url, "://");
  g_autofree char *bare = NULL;
  glong length;

  path = path != NULL ? path + strlen ("://") : url;
  bare = g_strndup (path, strcspn (path, "?"));
  length = g_utf8_strlen (bare, -1);
  if (length <= SHORT_URL)
    return g_steal_pointer (&bare);
  return g_strconcat ("…", g_utf8_offset_to_pointer (bare, length - SHORT_URL), NULL);
}

char *
lw_exchange_dup_summary (LwExchange *self)
{
  g_autofree char *url = NULL;

  g_return_val_if_fail (LW_IS_EXCHANGE (self), NULL);

  url = dup_short_url (self->url);
  if (self->failure != NULL)
    return g_strdup_printf ("%s %s → %s", self->method, url, self->failure);
  return g_strdup_printf ("%s %s → %u · %.2f s", self->method, url, self->status,
                          (double) self->duration_us / G_USEC_PER_SEC);
}

static void
append_message (GString *text, const char *headers, const char *body)
{
  if (headers != NULL && headers[0] != '\0')
    {
      g_string_append (text, headers);
      if (text->str[text->len - 1] != '\n')
        g_string_append_c (text, '\n');
    }
  if (body != NULL && body[0] != '\0')
    g_string_append_printf (text, "\n%s\n", body);
}

char *
lw_exchange_dup_text (LwExchange *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_return_val_if_fail (LW_IS_EXCHANGE (self), NULL);

  g_string_append_printf (text, "%s %s\n", self->method, self->url);
  append_message (text, self->request_headers, self->request_body);
  if (self->failure != NULL)
    g_string_append_printf (text, "\n%s\n", self->failure);
  else
    g_string_append_printf (text, "\nHTTP %u\n", self->status);
  append_message (text, self->response_headers, self->response_body);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

gboolean
lw_exchange_is_unreached (LwExchange *self)
{
  static const char *const names[] = { "unreachable", "proxy", "timed-out", NULL };

  g_return_val_if_fail (LW_IS_EXCHANGE (self), FALSE);

  return self->failure != NULL && g_strv_contains (names, self->failure);
}

gboolean
lw_exchange_is_failure (LwExchange *self)
{
  g_return_val_if_fail (LW_IS_EXCHANGE (self), FALSE);

  return self->failure != NULL || self->status >= 400;
}

static void
lw_exchange_finalize (GObject *object)
{
  LwExchange *self = LW_EXCHANGE (object);

  g_free (self->method);
  g_free (self->url);
  g_free (self->request_headers);
  g_free (self->request_body);
  g_free (self->response_headers);
  g_free (self->response_body);
  g_free (self->failure);
  G_OBJECT_CLASS (lw_exchange_parent_class)->finalize (object);
}

static void
lw_exchange_class_init (LwExchangeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lw_exchange_finalize;
}

static void
lw_exchange_init (LwExchange *self)
{
}

LwExchange *
lw_exchange_new (const LwHttpExchange *exchange)
{
  LwExchange *self = g_object_new (LW_TYPE_EXCHANGE, NULL);

  self->method = g_strdup (exchange->method);
  self->url = g_strdup (exchange->url);
  self->request_headers = g_strdup (exchange->request_headers);
  self->request_body = g_strdup (exchange->request_body);
  self->status = exchange->status;
  self->response_headers = g_strdup (exchange->response_headers);
  self->response_body = g_strdup (exchange->response_body);
  self->failure = g_strdup (exchange->failure);
  self->duration_us = exchange->duration_us;
  return self;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Telling the observer what one sending looked like. Runs on the caller's thread after the end of
 * the transfer; everything is masked before it leaves. */

#include <string.h>

#include "lw-error.h"
#include "lw-http-private.h"
#include "lw-mask.h"

static void
append_line (GString *lines, const char *name, const char *value)
{
  g_autofree char *masked = lw_mask_header (name, value);

  g_string_append_printf (lines, "%s: %s\n", name, masked);
}

static void
append_headers (GString *lines, const GPtrArray *headers)
{
  for (guint i = 0; i < headers->len; i++)
    {
      const LwHttpHeader *header = headers->pdata[i];

      append_line (lines, header->name, header->value);
    }
}

/* What was set, and what libcurl adds to it. */
static char *
dup_request_headers (const LwHttp *http, const LwHttpTransfer *transfer)
{
  const LwHttpRequest *request = transfer->request;
  GString *lines = g_string_new (NULL);
  goffset length = lw_http_request_get_body_size (request);

  append_line (lines, "Host", transfer->host);
  append_line (lines, "User-Agent", http->user_agent);
  if (transfer->asked_gzip)
    append_line (lines, "Accept-Encoding", "gzip");
  append_headers (lines, request->headers);
  if (length >= 0)
    g_string_append_printf (lines, "Content-Length: %" G_GOFFSET_FORMAT "\n", length);
  return g_string_free (lines, FALSE);
}

static char *
dup_response_headers (const LwHttpResponse *response)
{
  GString *lines = g_string_new (NULL);

  if (response != NULL)
    append_headers (lines, response->headers);
  return g_string_free (lines, FALSE);
}

static char *
mask_body (GBytes *body, const GPtrArray *headers)
{
  gsize length = 0;
  const guint8 *data = body != NULL ? g_bytes_get_data (body, &length) : NULL;

  if (length == 0)
    return NULL;
  if (length > LW_HTTP_MAX_OBSERVED)
    {
      length = LW_HTTP_MAX_OBSERVED;
      /* Not in the middle of a character. */
      while (length > 0 && (data[length] & 0xC0) == 0x80)
        length--;
    }
  return lw_mask_body (lw_http_headers_get (headers, "Content-Type"), data, length);
}

static const char *
get_failure (const GError *error)
{
  if (error == NULL)
    return NULL;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return "cancelled";
  return lw_error_get_name (error->domain == LW_ERROR ? (LwError) error->code : LW_ERROR_FAILED);
}

void
lw_http_observe (LwHttp *http, const LwHttpTransfer *transfer, const LwHttpResponse *response,
                 const GError *error, const LwHttpTimes *times)
{
  const LwHttpRequest *request = transfer->request;
  g_autofree char *url = lw_mask_url (request->url);
  g_autofree char *request_headers = dup_request_headers (http, transfer);
  g_autofree char *response_headers = dup_response_headers (response);
  g_autofree char *request_body = mask_body (request->body, request->headers);
  g_autofree char *response_body
      = response != NULL ? mask_body (response->body, response->headers) : NULL;
  LwHttpExchange exchange = {
    .method = request->method,
    .url = url,
    .request_headers = request_headers,
    .request_body = request_body,
    .status = response != NULL ? response->status : 0,
    .response_headers = response_headers,
    .response_body = response_body,
    .failure = get_failure (error),
    .started_us = times->started_us,
    .duration_us = times->duration_us,
  };

  g_mutex_lock (lw_http_engine_get_mutex (http->engine));
  exchange.serial = ++http->serial;
  g_mutex_unlock (lw_http_engine_get_mutex (http->engine));
  http->observer (&exchange, http->observer_data);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Unpacking gzip bodies. libcurl could do it on the fly, but takes a stream that was cut short for
 * a whole one; and here it costs the caller's thread and not that of the network. */

#include "lw-error.h"
#include "lw-http-private.h"

#define STEP (64 * 1024)

/* The header lines of the answer say whether it is packed. */
static gboolean
is_packed (const LwHttpTransfer *transfer)
{
  const char *encoding = lw_http_headers_get (transfer->headers, "Content-Encoding");

  return transfer->asked_gzip && transfer->body->len > 0 && encoding != NULL
         && (g_ascii_strcasecmp (encoding, "gzip") == 0
             || g_ascii_strcasecmp (encoding, "x-gzip") == 0);
}

/* Unpacks one more piece of @packed from @used on. */
static GConverterResult
unpack_step (GConverter *converter, const GByteArray *packed, gsize *used, GByteArray *body)
{
  guint8 buffer[STEP];
  gsize read = 0;
  gsize written = 0;
  GConverterResult result
      = g_converter_convert (converter, packed->data + *used, packed->len - *used, buffer,
                             sizeof buffer, G_CONVERTER_INPUT_AT_END, &read, &written, NULL);

  *used += read;
  g_byte_array_append (body, buffer, (guint) written);
  /* A stream may consist of several, one after the other (RFC 1952, 2.2). */
  if (result == G_CONVERTER_FINISHED)
    g_converter_reset (converter);
  return result;
}

gboolean
lw_http_unpack (LwHttpTransfer *transfer, GError **error)
{
  g_autoptr (GByteArray) body = NULL;
  g_autoptr (GConverter) converter = NULL;
  GConverterResult result = G_CONVERTER_CONVERTED;
  gsize used = 0;

  if (!is_packed (transfer))
    return TRUE;
  body = g_byte_array_new ();
  converter = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  while (result != G_CONVERTER_FINISHED || used < transfer->body->len)
    {
      result = unpack_step (converter, transfer->body, &used, body);
      if (result == G_CONVERTER_ERROR)
        {
          g_set_error (error, LW_ERROR, LW_ERROR_MALFORMED, "%s: a broken gzip stream",
                       transfer->host);
          return FALSE;
        }
      if (body->len > transfer->request->max_body)
        {
          g_set_error (error, LW_ERROR, LW_ERROR_TOO_LARGE, "%s: the answer is too large",
                       transfer->host);
          return FALSE;
        }
    }
  g_byte_array_unref (transfer->body);
  transfer->body = g_steal_pointer (&body);
  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading a piece of a blob, and the ranged read of one that grows. No state, any thread. */

#include "lw-blob-io.h"

#include <string.h>

#include "lw-error.h"

#define STATUS_OK 200
#define STATUS_PARTIAL 206
#define STATUS_NOT_FOUND 404
#define STATUS_PRECONDITION_FAILED 412
#define STATUS_RANGE_NOT_SATISFIABLE 416

void
lw_blob_range_clear (LwBlobRange *self)
{
  g_clear_pointer (&self->data, g_bytes_unref);
  g_clear_pointer (&self->etag, g_free);
  self->total = 0;
  self->exists = FALSE;
}

void
lw_blob_piece_clear (LwBlobPiece *self)
{
  g_clear_pointer (&self->data, g_bytes_unref);
  g_clear_pointer (&self->etag, g_free);
  g_clear_pointer (&self->md5, g_free);
  self->status = 0;
  self->total = -1;
}

static gboolean
read_number (const char **text, goffset *number)
{
  char *end = NULL;

  if (!g_ascii_isdigit (**text))
    return FALSE;
  *number = g_ascii_strtoll (*text, &end, 10);
  *text = end;
  return *number < G_MAXINT64;
}

/* "bytes 0-4/5", "bytes 0-4/" followed by a star, or "bytes", a star and "/5"; what is not told is
 * left as it is. */
static gboolean
parse_content_range (const char *text, goffset *first, goffset *last, goffset *total)
{
  if (text == NULL || !g_str_has_prefix (text, "bytes "))
    return FALSE;
  text += strlen ("bytes ");
  if (*text == '*')
    text++;
  else if (!read_number (&text, first) || *text++ != '-' || !read_number (&text, last))
    return FALSE;
  if (*text++ != '/')
    return FALSE;
  if (*text == '*')
    text++;
  else if (!read_number (&text, total))
    return FALSE;
  return *text == '\0';
}

static gboolean
fail_malformed (const char *what, GError **error)
{
  g_set_error (error, LW_ERROR, LW_ERROR_MALFORMED, "The storage service answered %s", what);
  return FALSE;
}

/* A 206 has to be the range that was asked for, or a shorter one. At the very end of the blob
 * Azurite sends an empty one, "bytes 5-4/5", where Azure says 416. */
static gboolean
take_partial (const LwHttpResponse *response, goffset offset, gsize length, LwBlobPiece *piece,
              GError **error)
{
  GBytes *body = lw_http_response_get_body (response);
  goffset first = -1, last = -1;
  const char *range = lw_http_response_get_header (response, "Content-Range");

  if (!parse_content_range (range, &first, &last, &piece->total))
    return fail_malformed ("a part without its range", error);
  if (first != offset || last < first - 1 || last - first >= (goffset) length
      || (goffset) g_bytes_get_size (body) != last - first + 1
      || (piece->total >= 0 && last >= piece->total) || (last < first && piece->total != offset))
    return fail_malformed ("another range", error);
  piece->data = g_bytes_ref (body);
  piece->md5 = g_strdup (lw_http_response_get_header (response, "x-ms-blob-content-md5"));
  return TRUE;
}

gboolean
lw_blob_io_read_piece (LwHttp *http, const char *url, goffset offset, gsize length,
                       const char *if_match, LwBlobPiece *piece, GCancellable *cancellable,
                       GError **error)
{
  g_autoptr (LwHttpRequest) request = lw_blob_io_request ("GET", url);
  g_autoptr (LwHttpResponse) response = NULL;
  g_autofree char *range = NULL;
  goffset unused;

  lw_blob_piece_clear (piece);
  range = g_strdup_printf ("bytes=%" G_GOFFSET_FORMAT "-%" G_GOFFSET_FORMAT, offset,
                           offset + (goffset) length - 1);
  lw_http_request_set_header (request, "Range", range);
  if (if_match != NULL)
    lw_http_request_set_header (request, "If-Match", if_match);
  response = lw_retry_send (http, request, NULL, cancellable, error);
  if (response == NULL)
    return FALSE;
  piece->status = lw_http_response_get_status (response);
  piece->etag = g_strdup (lw_http_response_get_header (response, "ETag"));
  switch (piece->status)
    {
    case STATUS_OK:
      piece->data = g_bytes_ref (lw_http_response_get_body (response));
      piece->total = (goffset) g_bytes_get_size (piece->data);
      piece->md5 = g_strdup (lw_http_response_get_header (response, "Content-MD5"));
      return TRUE;
    case STATUS_PARTIAL:
      return take_partial (response, offset, length, piece, error);
    case STATUS_RANGE_NOT_SATISFIABLE:
      if (!parse_content_range (lw_http_response_get_header (response, "Content-Range"), &unused,
                                &unused, &piece->total))
        piece->total = -1;
      return TRUE;
    case STATUS_NOT_FOUND:
    case STATUS_PRECONDITION_FAILED:
      return TRUE;
    default:
      lw_azure_error_set_from_response (error, response);
      return FALSE;
    }
}

static gboolean
read_length (LwHttp *http, const char *url, LwBlobRange *range, GCancellable *cancellable,
             GError **error)
{
  g_autoptr (LwHttpRequest) request = lw_blob_io_request ("HEAD", url);
  g_autoptr (LwHttpResponse) response = lw_retry_send (http, request, NULL, cancellable, error);
  const char *length;

  if (response == NULL)
    return FALSE;
  length = lw_http_response_get_header (response, "Content-Length");
  if (lw_http_response_get_status (response) == STATUS_NOT_FOUND)
    range->exists = FALSE;
  else if (lw_http_response_get_status (response) != STATUS_OK)
    {
      lw_azure_error_set_from_response (error, response);
      return FALSE;
    }
  else if (length == NULL || !read_number (&length, &range->total))
    return fail_malformed ("no length", error);
  return TRUE;
}

/* A whole blob in place of a range of it. */
static GBytes *
cut_range (GBytes *all, goffset offset, gsize max_length)
{
  gsize size = g_bytes_get_size (all);
  gsize skip = (gsize) MIN ((goffset) size, offset);

  return g_bytes_new_from_bytes (all, skip, MIN (size - skip, max_length));
}

gboolean
lw_blob_io_read_range (LwHttp *http, const char *url, goffset offset, gsize max_length,
                       LwBlobRange *range, GCancellable *cancellable, GError **error)
{
  g_auto (LwBlobPiece) piece = { 0 };

  lw_blob_range_clear (range);
  if (!lw_blob_io_read_piece (http, url, offset, max_length, NULL, &piece, cancellable, error))
    return FALSE;
  range->exists = piece.status != STATUS_NOT_FOUND;
  range->etag = g_steal_pointer (&piece.etag);
  range->total = MAX (piece.total, 0);
  if (piece.status == STATUS_OK)
    range->data = cut_range (piece.data, offset, max_length);
  else if (piece.status == STATUS_PARTIAL)
    range->data = g_bytes_ref (piece.data);
  else
    range->data = g_bytes_new_static ("", 0);
  if (piece.status == STATUS_PARTIAL && piece.total < 0)
    range->total = offset + (goffset) g_bytes_get_size (range->data);
  /* Some servers do not say how long the blob is when there is nothing behind the offset. */
  if (piece.status == STATUS_RANGE_NOT_SATISFIABLE && piece.total < 0)
    return read_length (http, url, range, cancellable, error);
  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading blobs: Get Blob with its ranges, Get Blob Properties (the same without the bytes, which
 * the server leaves out of an answer to HEAD), Get Block List. The bytes are sent from the open
 * file, so that a blob rewritten meanwhile does not change what is under way. */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lwp-blob-blocks.h"
#include "lwp-blob-call.h"
#include "lwp-http-date.h"

typedef enum
{
  RANGE_NONE,
  RANGE_GOOD,
  RANGE_BEYOND,
} RangeVerdict;

/* "bytes=N-" or "bytes=N-M"; the service takes anything else as if it had not been said. */
static RangeVerdict
parse_range (const LwpBlobCall *call, guint64 size, guint64 *first, guint64 *last)
{
  const char *text = lwp_request_get_header (call->request, "x-ms-range");
  guint64 from;
  guint64 to;
  char *end;

  if (text == NULL)
    text = lwp_request_get_header (call->request, "Range");
  if (text == NULL || !g_str_has_prefix (text, "bytes=")
      || !g_ascii_isdigit (text[strlen ("bytes=")]))
    return RANGE_NONE;
  from = g_ascii_strtoull (text + strlen ("bytes="), &end, 10);
  if (*end != '-')
    return RANGE_NONE;
  to = end[1] == '\0' ? G_MAXUINT64 : g_ascii_strtoull (end + 1, &end, 10);
  if (to < from)
    return RANGE_NONE;
  if (from >= size)
    return RANGE_BEYOND;
  *first = from;
  *last = MIN (to, size - 1);
  return RANGE_GOOD;
}

static void
set_metadata_cb (JsonObject *object, const char *name, JsonNode *node, gpointer response)
{
  g_autofree char *header = g_strconcat ("x-ms-meta-", name, NULL);

  lwp_response_set_header (response, header, json_node_get_string (node));
}

static void
set_header_cb (JsonObject *object, const char *name, JsonNode *node, gpointer response)
{
  lwp_response_set_header (response, name, json_node_get_string (node));
}

static void
set_overrides (const LwpBlobCall *call, LwpResponse *response)
{
  static const char *const overrides[][2] = {
    { "rscc", "Cache-Control" },    { "rscd", "Content-Disposition" },
    { "rsce", "Content-Encoding" }, { "rscl", "Content-Language" },
    { "rsct", "Content-Type" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (overrides); i++)
    {
      const char *value = lwp_request_get_query (call->request, overrides[i][0]);

      if (value != NULL)
        lwp_response_set_header (response, overrides[i][1], value);
    }
}

static void
set_properties (const LwpBlobCall *call, LwpResponse *response, const LwpBlob *blob)
{
  g_autofree char *created = lwp_http_date_dup (blob->created_us);
  g_autofree char *count = g_strdup_printf ("%u", blob->block_count);

  lwp_blob_call_add_headers (call, response);
  lwp_blob_call_set_tag (response, blob);
  json_object_foreach_member (blob->headers, set_header_cb, response);
  json_object_foreach_member (blob->metadata, set_metadata_cb, response);
  lwp_response_set_header (response, "Accept-Ranges", "bytes");
  lwp_response_set_header (response, "x-ms-blob-type", blob->kind);
  lwp_response_set_header (response, "x-ms-creation-time", created);
  lwp_response_set_header (response, "x-ms-lease-status", "unlocked");
  lwp_response_set_header (response, "x-ms-lease-state", "available");
  lwp_response_set_header (response, "x-ms-server-encrypted", "true");
  lwp_response_set_header (response, "x-ms-access-tier", "Hot");
  lwp_response_set_header (response, "x-ms-access-tier-inferred", "true");
  if (g_str_equal (blob->kind, "AppendBlob"))
    lwp_response_set_header (response, "x-ms-blob-committed-block-count", count);
  set_overrides (call, response);
}

static LwpResponse *
new_beyond (const LwpBlobCall *call, const LwpBlob *blob)
{
  LwpResponse *response = lwp_blob_call_new_error (
      call, 416, "InvalidRange",
      "The range specified is invalid for the current size of the resource.");
  g_autofree char *range = g_strdup_printf ("bytes */%" G_GUINT64_FORMAT, blob->size);

  lwp_response_set_header (response, "Content-Range", range);
  return response;
}

static LwpResponse *
new_part (const LwpBlob *blob, int fd, guint64 first, guint64 last)
{
  LwpResponse *response
      = lwp_response_new_file (206, blob->content_type, fd, first, last - first + 1);
  g_autofree char *range
      = g_strdup_printf ("bytes %" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT,
                         first, last, blob->size);

  lwp_response_set_header (response, "Content-Range", range);
  if (blob->md5 != NULL)
    lwp_response_set_header (response, "x-ms-blob-content-md5", blob->md5);
  return response;
}

LwpResponse *
lwp_blob_read (const LwpBlobCall *call)
{
  g_autoptr (LwpBlob) blob = NULL;
  g_autoptr (LwpResponse) response = NULL;
  gboolean head = g_str_equal (lwp_request_get_method (call->request), "HEAD");
  RangeVerdict range = RANGE_NONE;
  guint64 first = 0;
  guint64 last = 0;
  int fd;

  if ((response = lwp_blob_call_authorize (call, "r")) != NULL)
    return g_steal_pointer (&response);
  fd = lwp_blob_open (call->cloud, &call->key, &blob);
  if (fd < 0)
    return lwp_blob_call_new_error (call, 404, "BlobNotFound",
                                    "The specified blob does not exist.");
  response = lwp_blob_call_check_conditions (call, blob);
  if (response == NULL && !head)
    range = parse_range (call, blob->size, &first, &last);
  if (range == RANGE_BEYOND)
    response = new_beyond (call, blob);
  if (response != NULL)
    {
      (void) close (fd);
      return g_steal_pointer (&response);
    }
  if (range == RANGE_GOOD)
    response = new_part (blob, fd, first, last);
  else
    {
      response = lwp_response_new_file (200, blob->content_type, fd, 0, blob->size);
      if (blob->md5 != NULL)
        lwp_response_set_header (response, "Content-MD5", blob->md5);
    }
  set_properties (call, response, blob);
  return g_steal_pointer (&response);
}

static void
append_blocks (GString *text, const LwpBlobCall *call, const char *element, gboolean committed)
{
  g_autoptr (GPtrArray) blocks = lwp_blob_blocks_list (call->cloud, &call->key, committed);

  g_string_append_printf (text, "<%s>", element);
  for (guint i = 0; i < blocks->len; i++)
    {
      const LwpBlock *block = g_ptr_array_index (blocks, i);
      g_autofree char *id = g_markup_escape_text (block->id, -1);

      g_string_append_printf (text,
                              "<Block><Name>%s</Name><Size>%" G_GUINT64_FORMAT "</Size></Block>",
                              id, block->size);
    }
  g_string_append_printf (text, "</%s>", element);
}

LwpResponse *
lwp_blob_read_blocks (const LwpBlobCall *call)
{
  const char *which = lwp_request_get_query (call->request, "blocklisttype");
  g_autoptr (GString) text
      = g_string_new ("\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>");
  LwpResponse *response = lwp_blob_call_authorize (call, "r");

  if (response != NULL)
    return response;
  if (which == NULL || !g_str_equal (which, "uncommitted"))
    append_blocks (text, call, "CommittedBlocks", TRUE);
  if (which != NULL && !g_str_equal (which, "committed"))
    append_blocks (text, call, "UncommittedBlocks", FALSE);
  g_string_append (text, "</BlockList>");
  response = lwp_response_new_text (200, "application/xml", text->str);
  lwp_blob_call_add_headers (call, response);
  return response;
}

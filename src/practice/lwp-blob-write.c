/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Writing blobs: Put Blob, Put Block, Put Block List, Set Blob Metadata, Delete Blob. The store is
 * held from the look at what is there to the commit, so that "If-None-Match: *" of two requests at
 * the same time lets one of them through. */

#include <string.h>

#include "lwp-blob-blocks.h"
#include "lwp-blob-call.h"

/* Put Block List takes this much XML at most: 50000 blocks with their elements. */
#define MAX_LIST_BYTES (8 * 1024 * 1024)
#define METADATA_PREFIX "x-ms-meta-"
/* All metadata of a blob together may have 8 KiB (Set Blob Metadata). */
#define MAX_METADATA_BYTES (8 * 1024)

typedef struct
{
  JsonObject *metadata;
  gsize size;
} Metadata;

static void
take_metadata_cb (const char *name, const char *value, gpointer data)
{
  Metadata *metadata = data;
  g_autofree char *key = NULL;

  if (g_ascii_strncasecmp (name, METADATA_PREFIX, strlen (METADATA_PREFIX)) != 0)
    return;
  key = g_ascii_strdown (name + strlen (METADATA_PREFIX), -1);
  metadata->size += strlen (key) + strlen (value);
  json_object_set_string_member (metadata->metadata, key, value);
}

static LwpResponse *
read_metadata (const LwpBlobCall *call, LwpBlob *blob)
{
  Metadata metadata = { json_object_new (), 0 };

  lwp_request_foreach_header (call->request, take_metadata_cb, &metadata);
  json_object_unref (blob->metadata);
  blob->metadata = metadata.metadata;
  if (metadata.size > MAX_METADATA_BYTES)
    return lwp_blob_call_new_error (
        call, 400, "MetadataTooLarge",
        "The size of the specified metadata exceeds the maximum size permitted.");
  return NULL;
}

/* The headers that describe the content; those of the blob win over those of the request. */
static void
read_description (const LwpBlobCall *call, LwpBlob *blob, gboolean plain_too)
{
  static const char *const names[][2] = {
    { "x-ms-blob-cache-control", "Cache-Control" },
    { "x-ms-blob-content-encoding", "Content-Encoding" },
    { "x-ms-blob-content-language", "Content-Language" },
    { "x-ms-blob-content-disposition", "Content-Disposition" },
  };
  const char *type = lwp_request_get_header (call->request, "x-ms-blob-content-type");

  if (type == NULL && plain_too)
    type = lwp_request_get_header (call->request, "Content-Type");
  if (type != NULL)
    {
      g_free (blob->content_type);
      blob->content_type = g_strdup (type);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const char *value = lwp_request_get_header (call->request, names[i][0]);

      if (value == NULL && plain_too)
        value = lwp_request_get_header (call->request, names[i][1]);
      if (value != NULL)
        json_object_set_string_member (blob->headers, names[i][1], value);
    }
}

static char *
dup_md5 (GBytes *bytes)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_MD5);
  guint8 digest[16];
  gsize digest_size = sizeof digest;
  gsize size;
  const guchar *data = g_bytes_get_data (bytes, &size);

  g_checksum_update (checksum, data, (gssize) size);
  g_checksum_get_digest (checksum, digest, &digest_size);
  return g_base64_encode (digest, digest_size);
}

static LwpResponse *
check_md5 (const LwpBlobCall *call, const char *md5)
{
  const char *sent = lwp_request_get_header (call->request, "Content-MD5");

  if (sent == NULL)
    sent = lwp_request_get_header (call->request, "x-ms-blob-content-md5");
  if (sent == NULL || g_str_equal (sent, md5))
    return NULL;
  return lwp_blob_call_new_error (call, 400, "Md5Mismatch",
                                  "The MD5 value specified in the request did not match with the "
                                  "MD5 value calculated by the server.");
}

static LwpResponse *
check_container (const LwpBlobCall *call)
{
  if (lwp_container_exists (call->cloud, call->key.account, call->key.container))
    return NULL;
  return lwp_blob_call_new_error (call, 404, "ContainerNotFound",
                                  "The specified container does not exist.");
}

/* With the store held: may the blob be replaced by this request? */
static LwpResponse *
check_target (const LwpBlobCall *call, const LwpBlob *old)
{
  LwpResponse *response = lwp_blob_call_check_conditions (call, old);

  if (response == NULL && old != NULL && !lwp_blob_call_may_overwrite (call))
    response = lwp_blob_call_new_error (
        call, 403, "AuthorizationPermissionMismatch",
        "This request is not authorized to perform this operation using this permission.");
  return response;
}

static LwpResponse *
new_written (const LwpBlobCall *call, const LwpBlob *blob)
{
  LwpResponse *response = lwp_blob_call_new_response (call, 201);

  lwp_blob_call_set_tag (response, blob);
  if (blob->md5 != NULL)
    lwp_response_set_header (response, "Content-MD5", blob->md5);
  lwp_response_set_header (response, "x-ms-request-server-encrypted", "true");
  return response;
}

static LwpResponse *
check_kind (const LwpBlobCall *call)
{
  const char *kind = lwp_request_get_header (call->request, "x-ms-blob-type");

  if (kind == NULL)
    return lwp_blob_call_new_error (
        call, 400, "MissingRequiredHeader",
        "An HTTP header that's mandatory for this request is not specified: x-ms-blob-type.");
  if (!g_str_equal (kind, "BlockBlob"))
    return lwp_blob_call_new_error (call, 400, "InvalidHeaderValue",
                                    "The practice cloud lets clients write block blobs only.");
  return NULL;
}

LwpResponse *
lwp_blob_write (const LwpBlobCall *call)
{
  GBytes *body = lwp_request_get_body (call->request);
  g_autoptr (LwpBlob) blob = lwp_blob_new (call->key.name);
  g_autoptr (LwpBlob) old = NULL;
  g_autoptr (LwpStoreTransaction) transaction = NULL;
  g_autoptr (GError) error = NULL;
  LwpResponse *response;

  blob->md5 = dup_md5 (body);
  read_description (call, blob, TRUE);
  if ((response = lwp_blob_call_authorize (call, "wc")) != NULL
      || (response = check_kind (call)) != NULL
      || (response = check_md5 (call, blob->md5)) != NULL
      || (response = read_metadata (call, blob)) != NULL)
    return response;
  transaction = lwp_store_hold (lwp_cloud_get_store (call->cloud));
  old = lwp_blob_load (call->cloud, &call->key);
  if ((response = check_container (call)) != NULL || (response = check_target (call, old)) != NULL)
    return response;
  if (!lwp_blob_put_bytes (call->cloud, &call->key, blob, body, &error))
    return lwp_blob_call_new_failure (call, error);
  lwp_blob_blocks_forget (call->cloud, call->key.account, call->key.container, call->key.name);
  return new_written (call, blob);
}

static gboolean
is_block_id (const char *id)
{
  g_autofree guchar *decoded = NULL;
  gsize size;

  if (id == NULL || *id == '\0' || strlen (id) > 2 * LWP_MAX_BLOCK_ID_BYTES)
    return FALSE;
  decoded = g_base64_decode (id, &size);
  return size > 0 && size <= LWP_MAX_BLOCK_ID_BYTES;
}

LwpResponse *
lwp_blob_write_block (const LwpBlobCall *call)
{
  GBytes *body = lwp_request_get_body (call->request);
  const char *id = lwp_request_get_query (call->request, "blockid");
  g_autofree char *md5 = dup_md5 (body);
  g_autoptr (GError) error = NULL;
  LwpResponse *response;

  if ((response = lwp_blob_call_authorize (call, "wc")) != NULL
      || (response = check_md5 (call, md5)) != NULL || (response = check_container (call)) != NULL)
    return response;
  if (!is_block_id (id))
    return lwp_blob_call_new_error (
        call, 400, "InvalidQueryParameterValue",
        "Value for one of the query parameters specified in the request URI is invalid: blockid.");
  if (!lwp_blob_blocks_stage (call->cloud, &call->key, id, body, &error))
    return lwp_blob_call_new_failure (call, error);
  response = lwp_blob_call_new_response (call, 201);
  lwp_response_set_header (response, "Content-MD5", md5);
  lwp_response_set_header (response, "x-ms-request-server-encrypted", "true");
  return response;
}

typedef struct
{
  GPtrArray *blocks; /* borrowed; LwpBlock */
  gboolean in_block;
  LwpBlockSource source;
} ListParser;

static void
start_element (GMarkupParseContext *context, const char *name, const char **attributes,
               const char **values, gpointer data, GError **error)
{
  ListParser *parser = data;

  parser->in_block = TRUE;
  if (g_str_equal (name, "Latest"))
    parser->source = LWP_BLOCK_LATEST;
  else if (g_str_equal (name, "Committed"))
    parser->source = LWP_BLOCK_COMMITTED;
  else if (g_str_equal (name, "Uncommitted"))
    parser->source = LWP_BLOCK_UNCOMMITTED;
  else
    parser->in_block = FALSE;
}

static void
end_element (GMarkupParseContext *context, const char *name, gpointer data, GError **error)
{
  ((ListParser *) data)->in_block = FALSE;
}

static void
take_text (GMarkupParseContext *context, const char *text, gsize length, gpointer data,
           GError **error)
{
  ListParser *parser = data;
  g_autofree char *id = NULL;

  if (!parser->in_block)
    return;
  id = g_strstrip (g_strndup (text, length));
  if (!is_block_id (id) || parser->blocks->len >= LWP_MAX_BLOCKS)
    g_set_error (error, G_MARKUP_ERROR, G_MARKUP_ERROR_INVALID_CONTENT, "block id %s", id);
  else
    g_ptr_array_add (parser->blocks, lwp_block_new (id, parser->source));
}

static GPtrArray *
parse_list (GBytes *body)
{
  static const GMarkupParser functions = { start_element, end_element, take_text, NULL, NULL };
  g_autoptr (GPtrArray) blocks
      = g_ptr_array_new_with_free_func ((GDestroyNotify) lwp_block_free);
  ListParser parser = { blocks, FALSE, LWP_BLOCK_LATEST };
  g_autoptr (GMarkupParseContext) context
      = g_markup_parse_context_new (&functions, G_MARKUP_TREAT_CDATA_AS_TEXT, &parser, NULL);
  gsize size;
  const char *text = g_bytes_get_data (body, &size);

  if (size > MAX_LIST_BYTES || !g_markup_parse_context_parse (context, text, (gssize) size, NULL)
      || !g_markup_parse_context_end_parse (context, NULL))
    return NULL;
  return g_steal_pointer (&blocks);
}

LwpResponse *
lwp_blob_write_block_list (const LwpBlobCall *call)
{
  g_autoptr (GPtrArray) blocks = parse_list (lwp_request_get_body (call->request));
  g_autoptr (LwpBlob) blob = lwp_blob_new (call->key.name);
  g_autoptr (LwpBlob) old = NULL;
  g_autoptr (LwpStoreTransaction) transaction = NULL;
  g_autoptr (GError) error = NULL;
  LwpResponse *response;

  read_description (call, blob, FALSE);
  blob->md5 = g_strdup (lwp_request_get_header (call->request, "x-ms-blob-content-md5"));
  if ((response = lwp_blob_call_authorize (call, "wc")) != NULL
      || (response = read_metadata (call, blob)) != NULL)
    return response;
  if (blocks == NULL)
    return lwp_blob_call_new_error (call, 400, "InvalidXmlDocument",
                                    "XML specified is not syntactically valid.");
  transaction = lwp_store_hold (lwp_cloud_get_store (call->cloud));
  old = lwp_blob_load (call->cloud, &call->key);
  if ((response = check_container (call)) != NULL || (response = check_target (call, old)) != NULL)
    return response;
  if (lwp_blob_blocks_commit (call->cloud, &call->key, blob, blocks, &error))
    return new_written (call, blob);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT))
    return lwp_blob_call_new_error (call, 400, "InvalidBlockList",
                                    "The specified block list is invalid.");
  return lwp_blob_call_new_failure (call, error);
}

static LwpResponse *
new_missing (const LwpBlobCall *call)
{
  return lwp_blob_call_new_error (call, 404, "BlobNotFound", "The specified blob does not exist.");
}

LwpResponse *
lwp_blob_write_metadata (const LwpBlobCall *call)
{
  g_autoptr (LwpStoreTransaction) transaction = NULL;
  g_autoptr (LwpBlob) blob = NULL;
  LwpResponse *response = lwp_blob_call_authorize (call, "w");

  if (response != NULL)
    return response;
  transaction = lwp_store_hold (lwp_cloud_get_store (call->cloud));
  blob = lwp_blob_load (call->cloud, &call->key);
  if (blob == NULL)
    return new_missing (call);
  if ((response = lwp_blob_call_check_conditions (call, blob)) != NULL
      || (response = read_metadata (call, blob)) != NULL)
    return response;
  lwp_blob_save_description (call->cloud, &call->key, blob);
  response = lwp_blob_call_new_response (call, 200);
  lwp_blob_call_set_tag (response, blob);
  return response;
}

LwpResponse *
lwp_blob_remove (const LwpBlobCall *call)
{
  g_autoptr (LwpStoreTransaction) transaction = NULL;
  g_autoptr (LwpBlob) blob = NULL;
  LwpResponse *response = lwp_blob_call_authorize (call, "d");

  if (response != NULL)
    return response;
  transaction = lwp_store_hold (lwp_cloud_get_store (call->cloud));
  blob = lwp_blob_load (call->cloud, &call->key);
  if (blob == NULL)
    return new_missing (call);
  if ((response = lwp_blob_call_check_conditions (call, blob)) != NULL)
    return response;
  lwp_blob_delete (call->cloud, &call->key);
  return lwp_blob_call_new_response (call, 202);
}

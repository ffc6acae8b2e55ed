/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Uploading one file: whole, or block by block. A piece is read into memory, hashed and sent, so
 * that what the service checks is what was read, and a retry sends the same. The id of a block
 * tells its place and its content: a block that an earlier attempt left is recognised and not sent
 * again. No state, any thread. */

#include "lw-blob-io.h"

#include <string.h>

#include "lw-error.h"

#define STATUS_OK 200
#define STATUS_CREATED 201
#define STATUS_FORBIDDEN 403
#define STATUS_NOT_FOUND 404
#define STATUS_CONFLICT 409
#define STATUS_PRECONDITION_FAILED 412

typedef struct
{
  LwHttp *http;         /* borrowed */
  const char *url;      /* borrowed */
  GInputStream *stream; /* owned */
  const char *name;     /* borrowed: for messages */
  goffset size;
  gboolean overwrite;
  GCancellable *cancellable; /* borrowed */

  LwHttpProgressFunc progress;
  gpointer progress_data;
  goffset done; /* bytes of the pieces before this one */
  goffset told; /* what progress said last */
} Upload;

static void
on_progress (goffset sent, goffset total, gpointer user_data)
{
  Upload *self = user_data;

  /* A retry begins its piece again: what a person sees does not go back. */
  if (self->progress == NULL || self->done + sent <= self->told)
    return;
  self->told = self->done + sent;
  self->progress (self->told, self->size, self->progress_data);
}

static LwHttpResponse *
send (Upload *self, LwHttpRequest *request, GError **error)
{
  return lw_retry_send (self->http, request, NULL, self->cancellable, error);
}

/* Reads the next piece; what is not @length bytes long any more was changed meanwhile. */
static GBytes *
read_piece (Upload *self, gsize length, GError **error)
{
  g_autofree guint8 *data = g_malloc (MAX (length, 1));
  GError *local_error = NULL;
  gsize n = 0;

  if (!g_input_stream_read_all (self->stream, data, length, &n, self->cancellable, &local_error))
    {
      lw_error_propagate_file (error, local_error, self->name);
      return NULL;
    }
  if (n < length)
    {
      g_set_error (error, LW_ERROR, LW_ERROR_FAILED, "%s: became shorter", self->name);
      return NULL;
    }
  return g_bytes_new_take (g_steal_pointer (&data), n);
}

static gboolean
file_md5 (Upload *self, GFile *file, char md5[LW_BLOB_MD5_LENGTH], GError **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_MD5);
  g_autoptr (GFileInputStream) stream = NULL;
  guint8 buffer[64 * 1024];
  GError *local_error = NULL;
  gssize n = -1;

  stream = g_file_read (file, self->cancellable, &local_error);
  while (stream != NULL
         && (n = g_input_stream_read (G_INPUT_STREAM (stream), buffer, sizeof buffer,
                                      self->cancellable, &local_error))
                > 0)
    g_checksum_update (checksum, buffer, n);
  if (local_error != NULL)
    {
      lw_error_propagate_file (error, local_error, self->name);
      return FALSE;
    }
  lw_blob_io_checksum_md5 (checksum, md5);
  return TRUE;
}

/* Whether the blob is there, and there with the same content. */
static gboolean
look_at_blob (Upload *self, GFile *file, gboolean *exists, gboolean *is_same, GError **error)
{
  g_autoptr (LwHttpRequest) request = lw_blob_io_request ("HEAD", self->url);
  g_autoptr (LwHttpResponse) response = send (self, request, error);
  const char *length;
  const char *md5;
  char ours[LW_BLOB_MD5_LENGTH];

  if (response == NULL)
    return FALSE;
  *exists = lw_http_response_get_status (response) == STATUS_OK;
  *is_same = FALSE;
  if (!*exists && lw_http_response_get_status (response) != STATUS_NOT_FOUND)
    {
      lw_azure_error_set_from_response (error, response);
      return FALSE;
    }
  length = lw_http_response_get_header (response, "Content-Length");
  md5 = lw_http_response_get_header (response, "Content-MD5");
  if (!*exists || length == NULL || md5 == NULL || g_ascii_strtoll (length, NULL, 10) != self->size)
    return TRUE;
  if (!file_md5 (self, file, ours, error))
    return FALSE;
  *is_same = strcmp (md5, ours) == 0;
  return TRUE;
}

/* The end of a request that makes the blob: created, or there already with the same content. */
static gboolean
finish (Upload *self, GFile *file, const LwHttpResponse *response, GError **error)
{
  guint status = lw_http_response_get_status (response);
  gboolean exists = FALSE, is_same = FALSE;

  if (status == STATUS_CREATED)
    return TRUE;
  if (!self->overwrite && (status == STATUS_CONFLICT || status == STATUS_PRECONDITION_FAILED))
    {
      if (!look_at_blob (self, file, &exists, &is_same, error))
        return FALSE;
      if (is_same)
        return TRUE;
    }
  lw_azure_error_set_from_response (error, response);
  return FALSE;
}

static gboolean
put_whole (Upload *self, GFile *file, GError **error)
{
  g_autoptr (LwHttpRequest) request = lw_blob_io_request ("PUT", self->url);
  g_autoptr (LwHttpResponse) response = NULL;
  g_autoptr (GBytes) body = read_piece (self, (gsize) self->size, error);
  char md5[LW_BLOB_MD5_LENGTH];
  gsize length;
  const guint8 *data;

  if (body == NULL)
    return FALSE;
  data = g_bytes_get_data (body, &length);
  lw_blob_io_md5 (data, length, md5);
  lw_http_request_set_header (request, "x-ms-blob-type", "BlockBlob");
  lw_http_request_set_header (request, "Content-MD5", md5);
  if (!self->overwrite)
    lw_http_request_set_header (request, "If-None-Match", "*");
  lw_http_request_set_body (request, body, "application/octet-stream");
  lw_http_request_set_upload_progress (request, on_progress, self);
  response = send (self, request, error);
  return response != NULL && finish (self, file, response, error);
}

/* ---- Blocks ---- */

/* What is read of the service's list of blocks. */
typedef struct
{
  GHashTable *sizes; /* owned: id to size, as a string */
  gboolean uncommitted;
  GString *text; /* owned: of the element that is read */
  char *name;    /* owned, nullable */
} BlockList;

static void
block_list_start (GMarkupParseContext *context, const char *element, const char **names,
                  const char **values, gpointer user_data, GError **error)
{
  BlockList *self = user_data;

  if (strcmp (element, "UncommittedBlocks") == 0)
    self->uncommitted = TRUE;
  g_string_truncate (self->text, 0);
}

static void
block_list_text (GMarkupParseContext *context, const char *text, gsize length, gpointer user_data,
                 GError **error)
{
  BlockList *self = user_data;

  g_string_append_len (self->text, text, (gssize) length);
}

static void
block_list_end (GMarkupParseContext *context, const char *element, gpointer user_data,
                GError **error)
{
  BlockList *self = user_data;

  if (strcmp (element, "UncommittedBlocks") == 0)
    self->uncommitted = FALSE;
  else if (strcmp (element, "Name") == 0)
    {
      g_free (self->name);
      self->name = g_strdup (self->text->str);
    }
  else if (strcmp (element, "Size") == 0 && self->uncommitted && self->name != NULL)
    g_hash_table_insert (self->sizes, g_steal_pointer (&self->name), g_strdup (self->text->str));
}

static GHashTable *
parse_block_list (GBytes *body)
{
  static const GMarkupParser parser
      = { block_list_start, block_list_end, block_list_text, NULL, NULL };
  BlockList list = { g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free), FALSE,
                     g_string_new (NULL), NULL };
  g_autoptr (GMarkupParseContext) context
      = g_markup_parse_context_new (&parser, G_MARKUP_PREFIX_ERROR_POSITION, &list, NULL);
  gsize length;
  const char *text = g_bytes_get_data (body, &length);
  gsize skip = length >= 3 && memcmp (text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;

  /* A list that cannot be read helps nobody: all blocks are sent. */
  if (length == 0
      || !g_markup_parse_context_parse (context, text + skip, (gssize) (length - skip), NULL))
    g_hash_table_remove_all (list.sizes);
  g_string_free (list.text, TRUE);
  g_free (list.name);
  return list.sizes;
}

/* Returns: blocks that an earlier attempt left. A SAS that may not read gives none. */
static GHashTable *
get_left_blocks (Upload *self, GError **error)
{
  g_autofree char *url
      = lw_blob_io_add_query (self->url, "comp=blocklist&blocklisttype=uncommitted");
  g_autoptr (LwHttpRequest) request = lw_blob_io_request ("GET", url);
  g_autoptr (LwHttpResponse) response = send (self, request, error);
  guint status;

  if (response == NULL)
    return NULL;
  status = lw_http_response_get_status (response);
  if (status == STATUS_OK)
    return parse_block_list (lw_http_response_get_body (response));
  if (status == STATUS_NOT_FOUND || status == STATUS_FORBIDDEN)
    return g_hash_table_new (g_str_hash, g_str_equal);
  lw_azure_error_set_from_response (error, response);
  return NULL;
}

/* All ids of a blob must be of one length. */
static char *
make_block_id (guint index, const char *md5)
{
  g_autofree char *plain = g_strdup_printf ("%08u-%s", index, md5);

  return g_base64_encode ((const guint8 *) plain, strlen (plain));
}

static gboolean
put_block (Upload *self, const char *id, const char *md5, GBytes *body, GError **error)
{
  g_autofree char *escaped = lw_azure_escape (id);
  g_autofree char *member = g_strconcat ("comp=block&blockid=", escaped, NULL);
  g_autofree char *url = lw_blob_io_add_query (self->url, member);
  g_autoptr (LwHttpRequest) request = lw_blob_io_request ("PUT", url);
  g_autoptr (LwHttpResponse) response = NULL;

  lw_http_request_set_header (request, "Content-MD5", md5);
  lw_http_request_set_body (request, body, "application/octet-stream");
  lw_http_request_set_upload_progress (request, on_progress, self);
  response = send (self, request, error);
  if (response == NULL)
    return FALSE;
  if (lw_http_response_get_status (response) == STATUS_CREATED)
    return TRUE;
  lw_azure_error_set_from_response (error, response);
  return FALSE;
}

/* Sends one piece, unless it is there. Its id is added to @list. */
static gboolean
put_piece (Upload *self, guint index, GHashTable *left, GChecksum *checksum, GString *list,
           GError **error)
{
  gsize length = (gsize) MIN (self->size - self->done, LW_BLOB_BLOCK_SIZE);
  g_autoptr (GBytes) body = read_piece (self, length, error);
  g_autofree char *id = NULL;
  char md5[LW_BLOB_MD5_LENGTH];
  const char *left_size;

  if (body == NULL)
    return FALSE;
  lw_blob_io_md5 (g_bytes_get_data (body, NULL), length, md5);
  g_checksum_update (checksum, g_bytes_get_data (body, NULL), (gssize) length);
  id = make_block_id (index, md5);
  left_size = g_hash_table_lookup (left, id);
  if ((left_size == NULL || g_ascii_strtoull (left_size, NULL, 10) != length)
      && !put_block (self, id, md5, body, error))
    return FALSE;
  g_string_append_printf (list, "<Latest>%s</Latest>", id);
  on_progress ((goffset) length, self->size, self);
  self->done += (goffset) length;
  return TRUE;
}

static gboolean
commit_blocks (Upload *self, GFile *file, GChecksum *checksum, const char *list, GError **error)
{
  g_autofree char *url = lw_blob_io_add_query (self->url, "comp=blocklist");
  g_autofree char *xml = g_strdup_printf (
      "<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>%s</BlockList>", list);
  g_autoptr (LwHttpRequest) request = lw_blob_io_request ("PUT", url);
  g_autoptr (LwHttpResponse) response = NULL;
  g_autoptr (GBytes) body = g_bytes_new (xml, strlen (xml));
  char md5[LW_BLOB_MD5_LENGTH];

  lw_blob_io_checksum_md5 (checksum, md5);
  lw_http_request_set_header (request, "x-ms-blob-content-md5", md5);
  lw_http_request_set_header (request, "x-ms-blob-content-type", "application/octet-stream");
  if (!self->overwrite)
    lw_http_request_set_header (request, "If-None-Match", "*");
  lw_http_request_set_body (request, body, "application/xml");
  response = send (self, request, error);
  return response != NULL && finish (self, file, response, error);
}

static gboolean
put_blocks (Upload *self, GFile *file, GError **error)
{
  g_autoptr (GHashTable) left = NULL;
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_MD5);
  g_autoptr (GString) list = g_string_new (NULL);
  gboolean exists = FALSE, is_same = FALSE;

  /* Before gigabytes are sent for nothing. */
  if (!self->overwrite && !look_at_blob (self, file, &exists, &is_same, error))
    return FALSE;
  if (is_same)
    return TRUE;
  if (exists)
    {
      g_set_error (error, LW_AZURE_ERROR, LW_AZURE_ERROR_CONFLICT, "%s: the blob exists",
                   self->name);
      return FALSE;
    }
  left = get_left_blocks (self, error);
  if (left == NULL)
    return FALSE;
  for (guint i = 0; self->done < self->size; i++)
    if (!put_piece (self, i, left, checksum, list, error))
      return FALSE;
  return commit_blocks (self, file, checksum, list->str, error);
}

gboolean
lw_blob_io_put_file (LwHttp *http, const char *url, GFile *file, gboolean overwrite,
                     LwHttpProgressFunc progress, gpointer user_data, GCancellable *cancellable,
                     GError **error)
{
  g_autoptr (GFileInputStream) stream = NULL;
  g_autoptr (GFileInfo) info = NULL;
  g_autofree char *name = g_file_get_basename (file);
  GError *local_error = NULL;
  Upload upload = { .http = http,
                    .url = url,
                    .name = name,
                    .overwrite = overwrite,
                    .cancellable = cancellable,
                    .progress = progress,
                    .progress_data = user_data };

  stream = g_file_read (file, cancellable, &local_error);
  if (stream != NULL)
    info = g_file_input_stream_query_info (stream, G_FILE_ATTRIBUTE_STANDARD_SIZE, cancellable,
                                           &local_error);
  if (info == NULL)
    {
      lw_error_propagate_file (error, local_error, name);
      return FALSE;
    }
  upload.stream = G_INPUT_STREAM (stream);
  upload.size = g_file_info_get_size (info);
  if (upload.size <= LW_BLOB_BLOCK_SIZE)
    return put_whole (&upload, file, error);
  if (upload.size <= (goffset) LW_BLOB_BLOCK_SIZE * LW_BLOB_MAX_BLOCKS)
    return put_blocks (&upload, file, error);
  g_set_error (error, LW_ERROR, LW_ERROR_TOO_LARGE, "%s: larger than a blob can be", name);
  return FALSE;
}

static gboolean
is_metadata_safe (const char *name, const char *value)
{
  for (const char *p = name; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && *p != '_')
      return FALSE;
  for (const char *p = value; *p != '\0'; p++)
    if (!g_ascii_isprint (*p))
      return FALSE;
  return *name != '\0';
}

gboolean
lw_blob_io_set_metadata (LwHttp *http, const char *url, GHashTable *metadata,
                         GCancellable *cancellable, GError **error)
{
  g_autofree char *metadata_url = lw_blob_io_add_query (url, "comp=metadata");
  g_autoptr (LwHttpRequest) request = lw_blob_io_request ("PUT", metadata_url);
  g_autoptr (LwHttpResponse) response = NULL;
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, metadata);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      g_autofree char *header = g_strconcat ("x-ms-meta-", (const char *) name, NULL);

      if (!is_metadata_safe (name, value))
        {
          g_set_error_literal (error, LW_ERROR, LW_ERROR_MALFORMED, "metadata: not plain ASCII");
          return FALSE;
        }
      lw_http_request_set_header (request, header, value);
    }
  response = lw_retry_send (http, request, NULL, cancellable, error);
  if (response == NULL)
    return FALSE;
  if (lw_http_response_get_status (response) == STATUS_OK)
    return TRUE;
  lw_azure_error_set_from_response (error, response);
  return FALSE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Blobs by SAS URL: the check of the host, and what all requests have in common. No state, any
 * thread; the work is done by lw-blob-upload.c, lw-blob-read.c and lw-blob-download.c. */

#include "lw-blob-io.h"

#include <string.h>

#include "lw-error.h"

#define MD5_SIZE 16

char *
lw_blob_join_sas (const char *container_sas, const char *path)
{
  const char *query;
  gsize length;
  g_autoptr (GString) url = NULL;
  g_auto (GStrv) segments = NULL;

  g_return_val_if_fail (container_sas != NULL, NULL);
  g_return_val_if_fail (path != NULL, NULL);

  query = strchr (container_sas, '?');
  length = query != NULL ? (gsize) (query - container_sas) : strlen (container_sas);
  while (length > 0 && container_sas[length - 1] == '/')
    length--;
  url = g_string_new_len (container_sas, (gssize) length);
  segments = g_strsplit (path, "/", -1);
  for (guint i = 0; segments[i] != NULL; i++)
    {
      g_autofree char *segment = lw_azure_escape (segments[i]);

      g_string_append_c (url, '/');
      g_string_append (url, segment);
    }
  if (query != NULL)
    g_string_append (url, query);
  return g_string_free (g_steal_pointer (&url), FALSE);
}

char *
lw_blob_io_add_query (const char *url, const char *member)
{
  return g_strconcat (url, strchr (url, '?') != NULL ? "&" : "?", member, NULL);
}

LwHttpRequest *
lw_blob_io_request (const char *method, const char *url)
{
  LwHttpRequest *request = lw_http_request_new (method, url);
  g_autofree char *id = g_uuid_string_random ();

  lw_http_request_set_header (request, "x-ms-version", LW_API_BLOB);
  lw_http_request_set_header (request, "x-ms-client-request-id", id);
  return request;
}

void
lw_blob_io_checksum_md5 (GChecksum *checksum, char md5[LW_BLOB_MD5_LENGTH])
{
  guint8 digest[MD5_SIZE];
  gsize length = sizeof digest;
  g_autofree char *text = NULL;

  g_checksum_get_digest (checksum, digest, &length);
  text = g_base64_encode (digest, length);
  g_strlcpy (md5, text, LW_BLOB_MD5_LENGTH);
}

void
lw_blob_io_md5 (const guint8 *data, gsize length, char md5[LW_BLOB_MD5_LENGTH])
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_MD5);

  g_checksum_update (checksum, data, (gssize) length);
  lw_blob_io_checksum_md5 (checksum, md5);
}

static gboolean
check_host (LwAzure *azure, const char *url, GError **error)
{
  if (lw_cloud_trusts (lw_azure_get_cloud (azure), LW_CLOUD_BLOB, url))
    return TRUE;
  g_set_error_literal (error, LW_ERROR, LW_ERROR_UNTRUSTED_HOST,
                       "The address is not a blob of the chosen cloud");
  return FALSE;
}

gboolean
lw_blob_put_file (LwAzure *azure, const char *sas_url, GFile *file, gboolean overwrite,
                  LwHttpProgressFunc progress, gpointer user_data, GCancellable *cancellable,
                  GError **error)
{
  g_return_val_if_fail (azure != NULL, FALSE);
  g_return_val_if_fail (sas_url != NULL, FALSE);
  g_return_val_if_fail (G_IS_FILE (file), FALSE);

  return check_host (azure, sas_url, error)
         && lw_blob_io_put_file (lw_azure_get_http (azure), sas_url, file, overwrite, progress,
                                 user_data, cancellable, error);
}

gboolean
lw_blob_set_metadata (LwAzure *azure, const char *sas_url, GHashTable *metadata,
                      GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (azure != NULL, FALSE);
  g_return_val_if_fail (sas_url != NULL, FALSE);
  g_return_val_if_fail (metadata != NULL, FALSE);

  return check_host (azure, sas_url, error)
         && lw_blob_io_set_metadata (lw_azure_get_http (azure), sas_url, metadata, cancellable,
                                     error);
}

gboolean
lw_blob_read_range (LwAzure *azure, const char *sas_url, goffset offset, gsize max_length,
                    LwBlobRange *range, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (azure != NULL, FALSE);
  g_return_val_if_fail (sas_url != NULL, FALSE);
  g_return_val_if_fail (offset >= 0, FALSE);
  g_return_val_if_fail (max_length > 0 && max_length <= LW_BLOB_BLOCK_SIZE, FALSE);
  g_return_val_if_fail (range != NULL, FALSE);

  return check_host (azure, sas_url, error)
         && lw_blob_io_read_range (lw_azure_get_http (azure), sas_url, offset, max_length, range,
                                   cancellable, error);
}

gboolean
lw_blob_download (LwAzure *azure, const char *sas_url, GFile *destination, goffset *downloaded,
                  GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (azure != NULL, FALSE);
  g_return_val_if_fail (sas_url != NULL, FALSE);
  g_return_val_if_fail (G_IS_FILE (destination), FALSE);

  return check_host (azure, sas_url, error)
         && lw_blob_io_download (lw_azure_get_http (azure), sas_url, destination, downloaded,
                                 cancellable, error);
}

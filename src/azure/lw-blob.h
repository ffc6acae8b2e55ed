/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-api-versions.h"
#include "lw-azure.h"

G_BEGIN_DECLS

/* Blob storage by SAS URLs (Blob REST LW_API_BLOB). A SAS URL is a secret: it is neither logged
 * nor shown, and no bearer token goes with it. Every function checks that the URL is on the
 * cloud's blob domain (%LW_ERROR_UNTRUSTED_HOST), blocks, and reports a refusal as
 * #LW_AZURE_ERROR with the code of the storage service. A SAS that is over gives
 * %LW_AZURE_ERROR_FORBIDDEN with inner code AuthenticationFailed: ask for a fresh one. */

/* Files up to this size go in one Put Blob, larger ones in blocks of it; a download is read in
 * pieces of it. Each piece is in memory while it travels, so that a retry sends the same bytes. */
#define LW_BLOB_BLOCK_SIZE (8 * 1024 * 1024)

/* The largest number of blocks that the service takes for one blob. */
#define LW_BLOB_MAX_BLOCKS 50000

/* A download beyond this is LW_ERROR_TOO_LARGE: outputs of a lab are megabytes. */
#define LW_BLOB_MAX_DOWNLOAD ((goffset) 4 * 1024 * 1024 * 1024)

/**
 * lw_blob_join_sas:
 * @container_sas: URL of a container (or of a prefix in it) with a SAS
 * @path: "/" between segments; each segment is percent-encoded here
 *
 * Returns: (transfer full): URL of the blob, the SAS byte for byte as it was; a secret
 */
char *lw_blob_join_sas (const char *container_sas, const char *path);

/**
 * lw_blob_put_file:
 * @file: a local file; must not change meanwhile
 * @overwrite: %FALSE: an existing blob is left alone; it counts as success when length and MD5 are
 *   the same and gives %LW_AZURE_ERROR_CONFLICT when they are not
 *
 * Uploads with the MD5 of each piece, checked by the service. Blocks that an earlier attempt left
 * are not sent again.
 */
gboolean lw_blob_put_file (LwAzure *azure, const char *sas_url, GFile *file, gboolean overwrite,
                           LwHttpProgressFunc progress, gpointer user_data,
                           GCancellable *cancellable, GError **error);

/**
 * lw_blob_set_metadata:
 * @metadata: (element-type utf8 utf8): names are letters, digits and "_"; values printable ASCII
 */
gboolean lw_blob_set_metadata (LwAzure *azure, const char *sas_url, GHashTable *metadata,
                               GCancellable *cancellable, GError **error);

/**
 * LwBlobRange: what one ranged read gave
 * @data: bytes from the offset asked; empty when there is nothing new
 * @total: length of the blob now; smaller than the offset when it was rewritten
 * @etag: (nullable)
 * @exists: %FALSE when the blob is not there (yet)
 */
typedef struct
{
  GBytes *data;
  goffset total;
  char *etag;
  gboolean exists;
} LwBlobRange;

/** lw_blob_range_clear: frees what @self owns and makes it empty */
void lw_blob_range_clear (LwBlobRange *self);

/**
 * lw_blob_read_range:
 * @max_length: from 1 to %LW_BLOB_BLOCK_SIZE
 * @range: (out caller-allocates): all zero before; cleared by the caller with lw_blob_range_clear()
 *
 * Reads from @offset of a growing blob. 416 is "nothing new", a 200 in place of a 206 is cut to
 * the range.
 */
gboolean lw_blob_read_range (LwAzure *azure, const char *sas_url, goffset offset, gsize max_length,
                             LwBlobRange *range, GCancellable *cancellable, GError **error);

/**
 * lw_blob_download:
 * @downloaded: (out) (optional): length, bytes
 *
 * Downloads to a temporary file beside @destination, checked against length and, when the service
 * tells it, MD5; @destination appears, or is replaced, only at the end. All pieces are of one
 * version of the blob (ETag); a blob that is rewritten meanwhile is begun again, three times.
 *
 * Errors: %LW_ERROR_NO_SPACE, %LW_ERROR_DENIED, %LW_ERROR_NOT_FOUND (no such folder),
 *   %LW_ERROR_MALFORMED (wrong length or MD5), %LW_ERROR_TOO_LARGE
 */
gboolean lw_blob_download (LwAzure *azure, const char *sas_url, GFile *destination,
                           goffset *downloaded, GCancellable *cancellable, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LwBlobRange, lw_blob_range_clear)

G_END_DECLS

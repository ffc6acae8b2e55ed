/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-azure.h"

G_BEGIN_DECLS

/* Blob storage by SAS URLs (Blob REST LW_API_BLOB). A SAS URL is a secret: it is neither logged
 * nor shown, and no bearer token goes with it. Every function checks that the URL is on the
 * cloud's blob domain. */

/* Files up to this size go in one Put Blob, larger ones in blocks of it. */
#define LW_BLOB_BLOCK_SIZE (8 * 1024 * 1024)

/** lw_blob_join_sas: Returns: (transfer full): URL of blob @path in the container of @container_sas */
char *lw_blob_join_sas (const char *container_sas, const char *path);

/** lw_blob_put_file: uploads with MD5 of each piece; @overwrite FALSE: an existing blob is kept and
 *   counts as success when its length is the same */
gboolean lw_blob_put_file (LwAzure *azure, const char *sas_url, GFile *file, gboolean overwrite,
                           LwHttpProgressFunc progress, gpointer user_data,
                           GCancellable *cancellable, GError **error);
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

void lw_blob_range_clear (LwBlobRange *self);

/**
 * lw_blob_read_range: reads at most @max_length bytes from @offset of a growing blob
 *
 * 416 is "nothing new", a 200 in place of a 206 is cut to the range. A SAS that is over gives
 * %LW_AZURE_ERROR_FORBIDDEN with inner code AuthenticationFailed: ask for a fresh one.
 */
gboolean lw_blob_read_range (LwAzure *azure, const char *sas_url, goffset offset,
                             gsize max_length, LwBlobRange *range, GCancellable *cancellable,
                             GError **error);

/**
 * lw_blob_download: to @destination by a temporary file beside it, checked against length and, when
 * the service tells it, MD5; an existing file is replaced only at the end
 */
gboolean lw_blob_download (LwAzure *azure, const char *sas_url, GFile *destination,
                           goffset *downloaded, GCancellable *cancellable, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-blob.h"

G_BEGIN_DECLS

/* The functions of lw-blob.h behind the check of the host: what they do with a URL that is known to
 * be one of the cloud's. Apart from lw-blob.c only tests call them, with a storage server on
 * this computer. */

/* What a base64 of an MD5 takes, with its end. */
#define LW_BLOB_MD5_LENGTH 25

/** lw_blob_io_request: Returns: (transfer full): a request with what each has in common */
LwHttpRequest *lw_blob_io_request (const char *method, const char *url);

/** lw_blob_io_add_query: Returns: (transfer full): @url with @member behind its query; a secret */
char *lw_blob_io_add_query (const char *url, const char *member);

/** lw_blob_io_md5: MD5 of @data in base64, as in Content-MD5 */
void lw_blob_io_md5 (const guint8 *data, gsize length, char md5[LW_BLOB_MD5_LENGTH]);

/** lw_blob_io_checksum_md5: the same of a closed @checksum */
void lw_blob_io_checksum_md5 (GChecksum *checksum, char md5[LW_BLOB_MD5_LENGTH]);

gboolean lw_blob_io_put_file (LwHttp *http, const char *url, GFile *file, gboolean overwrite,
                              LwHttpProgressFunc progress, gpointer user_data,
                              GCancellable *cancellable, GError **error);
gboolean lw_blob_io_set_metadata (LwHttp *http, const char *url, GHashTable *metadata,
                                  GCancellable *cancellable, GError **error);

/**
 * LwBlobPiece: one piece of a blob
 * @status: 200, 206, 304, 404, 412 or 416
 * @data: (nullable): with 200 all, with 206 the range
 * @total: length of the blob, -1 when not told
 * @etag: (nullable)
 * @md5: (nullable): of the whole blob
 */
typedef struct
{
  guint status;
  GBytes *data;
  goffset total;
  char *etag;
  char *md5;
} LwBlobPiece;

void lw_blob_piece_clear (LwBlobPiece *self);

/**
 * lw_blob_io_read_piece:
 * @if_match: (nullable): an ETag: 412 when the blob is another one now
 *
 * Any other status is an error, and so is a range that was not asked for.
 */
gboolean lw_blob_io_read_piece (LwHttp *http, const char *url, goffset offset, gsize length,
                                const char *if_match, LwBlobPiece *piece, GCancellable *cancellable,
                                GError **error);
gboolean lw_blob_io_read_range (LwHttp *http, const char *url, goffset offset, gsize max_length,
                                LwBlobRange *range, GCancellable *cancellable, GError **error);
gboolean lw_blob_io_download (LwHttp *http, const char *url, GFile *destination,
                              goffset *downloaded, GCancellable *cancellable, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LwBlobPiece, lw_blob_piece_clear)

G_END_DECLS

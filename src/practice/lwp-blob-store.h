/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lwp-cloud.h"

G_BEGIN_DECLS

/**
 * LwpBlobKey:
 * @account: storage account, lower case
 * @container: container
 * @name: name of the blob, decoded, slashes included
 *
 * Where a blob is.
 */
typedef struct
{
  const char *account;
  const char *container;
  const char *name;
} LwpBlobKey;

/**
 * LwpBlob:
 * @name: name within its container
 * @kind: "BlockBlob" or "AppendBlob"
 * @file: name of the file with its bytes, in the state directory's folder of blobs
 * @size: bytes
 * @md5: (nullable): base64 of the MD5 of the whole, when known
 * @etag: number that grows with each change; lwp_blob_dup_etag() makes Azure's text of it
 * @content_type: media type
 * @headers: further headers that a read gives back (Cache-Control, Content-Encoding,
 *   Content-Language, Content-Disposition), by name
 * @metadata: names (lower case) and values
 * @block_count: for an append blob, how often something was appended
 * @created_us: when it was first written, microseconds since 1970 UTC
 * @changed_us: when it was last written
 *
 * What is known of a blob. All members are owned; @file is empty before the first write.
 */
typedef struct
{
  char *name;
  char *kind;
  char *file;
  guint64 size;
  char *md5;
  gint64 etag;
  char *content_type;
  JsonObject *headers;
  JsonObject *metadata;
  guint block_count;
  gint64 created_us;
  gint64 changed_us;
} LwpBlob;

/**
 * lwp_blob_store_register:
 *
 * Makes tables and folder and removes the files that an interrupted write has left. The bytes of a
 * blob are in a file that is complete and on disk before the row that names it is committed, so
 * after SIGKILL a blob has its old content or its new one.
 */
gboolean lwp_blob_store_register (LwpCloud *cloud, GError **error);

/** lwp_container_create: Returns: %FALSE when there is one of that name */
gboolean lwp_container_create (LwpCloud *cloud, const char *account, const char *container);
gboolean lwp_container_exists (LwpCloud *cloud, const char *account, const char *container);

/** lwp_container_delete: with all blobs in it. Returns: %FALSE when there is none */
gboolean lwp_container_delete (LwpCloud *cloud, const char *account, const char *container);

/** lwp_container_list: Returns: (transfer full) (element-type utf8): names in order */
GPtrArray *lwp_container_list (LwpCloud *cloud, const char *account);

/** lwp_blob_new: Returns: (transfer full): an empty block blob, not stored */
LwpBlob *lwp_blob_new (const char *name);
void lwp_blob_free (LwpBlob *blob);

/** lwp_blob_dup_etag: Returns: (transfer full): "0x8DD…", without quotes */
char *lwp_blob_dup_etag (const LwpBlob *blob);

/** lwp_blob_load: Returns: (transfer full) (nullable): %NULL when there is none */
LwpBlob *lwp_blob_load (LwpCloud *cloud, const LwpBlobKey *key);

/**
 * lwp_blob_open:
 * @blob: (out) (optional) (transfer full): what was known of it at that moment
 *
 * Returns: a descriptor for reading, at which @blob's bytes stay whatever happens to the blob; -1
 *   when there is none
 */
int lwp_blob_open (LwpCloud *cloud, const LwpBlobKey *key, LwpBlob **blob);

/**
 * lwp_blob_dup_content:
 * @max_bytes: more is an error
 *
 * Returns: (transfer full): the bytes, or %NULL with %G_IO_ERROR_NOT_FOUND,
 *   %G_IO_ERROR_MESSAGE_TOO_LARGE or another #GIOErrorEnum
 */
GBytes *lwp_blob_dup_content (LwpCloud *cloud, const LwpBlobKey *key, gsize max_bytes,
                              GError **error);

/**
 * lwp_blob_create_file:
 * @fd: (out): descriptor for writing
 *
 * First half of a write: a new file of the folder of blobs. Write it, then give its name to
 * lwp_blob_put_file(), or remove it by lwp_blob_discard_file().
 *
 * Returns: (transfer full): its name, or %NULL with a #GIOErrorEnum
 */
char *lwp_blob_create_file (LwpCloud *cloud, int *fd, GError **error);
void lwp_blob_discard_file (LwpCloud *cloud, const char *file);

/**
 * lwp_blob_put_file:
 * @blob: description: the members @kind, @md5, @content_type, @headers, @metadata and @block_count
 *   are stored; the others are filled in
 * @file: (transfer full): name of a complete file
 * @size: its bytes
 *
 * Second half of a write: replaces the blob. When the container is gone, as under a job that still
 * writes, nothing is stored. To decide by the blob
 * that is there (If-None-Match), hold the store around lwp_blob_load() and this.
 */
void lwp_blob_put_file (LwpCloud *cloud, const LwpBlobKey *key, LwpBlob *blob, char *file,
                        guint64 size);

/**
 * lwp_blob_put_bytes:
 *
 * Both halves at once.
 */
gboolean lwp_blob_put_bytes (LwpCloud *cloud, const LwpBlobKey *key, LwpBlob *blob, GBytes *bytes,
                             GError **error);

/**
 * lwp_blob_append:
 * @data: bytes to add to an append blob, which is made when it is not there
 *
 * A reader sees the old size or the new one, never a part of @data.
 */
gboolean lwp_blob_append (LwpCloud *cloud, const LwpBlobKey *key, const char *data, gsize size,
                          GError **error);

/**
 * lwp_blob_save_description:
 *
 * Stores @blob's @metadata, @content_type and @headers and gives it a new tag.
 */
void lwp_blob_save_description (LwpCloud *cloud, const LwpBlobKey *key, LwpBlob *blob);

/** lwp_blob_delete: Returns: %FALSE when there is none */
gboolean lwp_blob_delete (LwpCloud *cloud, const LwpBlobKey *key);

/**
 * lwp_blob_list:
 * @prefix: what names have to begin with, maybe ""
 * @from: the first name that may be listed, maybe ""
 * @max: how many at most
 *
 * Returns: (transfer full) (element-type LwpBlob): in the order of the bytes of their names
 */
GPtrArray *lwp_blob_list (LwpCloud *cloud, const char *account, const char *container,
                          const char *prefix, const char *from, guint max);

/** lwp_blob_forget_account: removes every container of a storage account that is gone */
void lwp_blob_forget_account (LwpCloud *cloud, const char *account);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwpBlob, lwp_blob_free)

G_END_DECLS

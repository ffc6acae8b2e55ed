/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lwp-blob-store.h"

G_BEGIN_DECLS

/**
 * LwpBlobCall:
 * @cloud: the practice cloud
 * @request: the request
 * @key: account, container and blob it is about; the latter two "" when it is about less
 *
 * One request to the blob service, on the stack of its handler. All members are borrowed.
 */
typedef struct
{
  LwpCloud *cloud;
  LwpRequest *request;
  LwpBlobKey key;
} LwpBlobCall;

/**
 * lwp_blob_call_authorize:
 * @permissions: letters of which one has to be in the field "sp" of a SAS
 *
 * Takes, in this order, a SAS, a SharedKey signature, a bearer token for storage.
 *
 * Returns: (transfer full) (nullable): the refusal, or %NULL when the caller may go on
 */
LwpResponse *lwp_blob_call_authorize (const LwpBlobCall *call, const char *permissions);

/**
 * lwp_blob_call_may_overwrite:
 *
 * Returns: whether an authorized caller may replace what is there; a SAS with "c" but without "w"
 *   only creates
 */
gboolean lwp_blob_call_may_overwrite (const LwpBlobCall *call);

/**
 * lwp_blob_call_check_conditions:
 * @blob: (nullable): what is there
 *
 * The request's If-Match, If-None-Match, If-Modified-Since and If-Unmodified-Since.
 *
 * Returns: (transfer full) (nullable): 304, 409 or 412, or %NULL when they hold
 */
LwpResponse *lwp_blob_call_check_conditions (const LwpBlobCall *call, const LwpBlob *blob);

/** lwp_blob_call_new_response: an answer with the headers that each of the service has */
LwpResponse *lwp_blob_call_new_response (const LwpBlobCall *call, guint status);

/** lwp_blob_call_add_headers: adds those to an answer with a body */
void lwp_blob_call_add_headers (const LwpBlobCall *call, LwpResponse *response);

/** lwp_blob_call_set_tag: adds ETag and Last-Modified */
void lwp_blob_call_set_tag (LwpResponse *response, const LwpBlob *blob);

/**
 * lwp_blob_call_new_error:
 * @code: error code of the storage services
 *
 * The error in XML and the header x-ms-error-code.
 */
LwpResponse *lwp_blob_call_new_error (const LwpBlobCall *call, guint status, const char *code,
                                      const char *message);

/** lwp_blob_call_new_failure: 500 for what the disk refused; logs @error */
LwpResponse *lwp_blob_call_new_failure (const LwpBlobCall *call, const GError *error);

/* lwp-blob-read.c: Get Blob, Get Blob Properties, Get Block List */
LwpResponse *lwp_blob_read (const LwpBlobCall *call);
LwpResponse *lwp_blob_read_blocks (const LwpBlobCall *call);

/* lwp-blob-write.c: Put Blob, Put Block, Put Block List, Set Blob Metadata, Delete Blob */
LwpResponse *lwp_blob_write (const LwpBlobCall *call);
LwpResponse *lwp_blob_write_block (const LwpBlobCall *call);
LwpResponse *lwp_blob_write_block_list (const LwpBlobCall *call);
LwpResponse *lwp_blob_write_metadata (const LwpBlobCall *call);
LwpResponse *lwp_blob_remove (const LwpBlobCall *call);

/* lwp-blob-list.c: List Blobs, List Containers */
LwpResponse *lwp_blob_list_blobs (const LwpBlobCall *call);
LwpResponse *lwp_blob_list_containers (const LwpBlobCall *call);

G_END_DECLS

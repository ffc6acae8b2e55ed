/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lwp-blob-store.h"

G_BEGIN_DECLS

/* Limits of the service for one block blob (Put Block, Put Block List). */
#define LWP_MAX_BLOCKS 50000
#define LWP_MAX_BLOCK_ID_BYTES 64

/**
 * LwpBlockSource:
 *
 * Where Put Block List looks for a block: Committed, Uncommitted, Latest (uncommitted first).
 */
typedef enum
{
  LWP_BLOCK_COMMITTED,
  LWP_BLOCK_UNCOMMITTED,
  LWP_BLOCK_LATEST,
} LwpBlockSource;

/**
 * LwpBlock:
 * @id: base64 text as sent
 * @source: where it is to be found
 * @size: bytes; filled in by this module
 */
typedef struct
{
  char *id;
  LwpBlockSource source;
  guint64 size;
} LwpBlock;

LwpBlock *lwp_block_new (const char *id, LwpBlockSource source);
void lwp_block_free (LwpBlock *block);

/** lwp_blob_blocks_register: makes the tables; called by lwp_blob_store_register() */
gboolean lwp_blob_blocks_register (LwpCloud *cloud, GError **error);

/**
 * lwp_blob_blocks_stage:
 *
 * Keeps a block that is not yet part of the blob (Put Block); one of the same id is replaced.
 */
gboolean lwp_blob_blocks_stage (LwpCloud *cloud, const LwpBlobKey *key, const char *id,
                                GBytes *bytes, GError **error);

/**
 * lwp_blob_blocks_commit:
 * @blocks: (element-type LwpBlock): in the order of the blob; sizes are filled in
 *
 * Makes the blob of the blocks (Put Block List) and forgets the other uncommitted ones.
 *
 * Returns: %FALSE with %G_IO_ERROR_INVALID_ARGUMENT when a block is missing, or another
 *   #GIOErrorEnum
 */
gboolean lwp_blob_blocks_commit (LwpCloud *cloud, const LwpBlobKey *key, LwpBlob *blob,
                                 GPtrArray *blocks, GError **error);

/**
 * lwp_blob_blocks_list:
 *
 * Returns: (transfer full) (element-type LwpBlock): the committed blocks in order, or the
 *   uncommitted ones (Get Block List)
 */
GPtrArray *lwp_blob_blocks_list (LwpCloud *cloud, const LwpBlobKey *key, gboolean committed);

/**
 * lwp_blob_blocks_forget:
 * @name: (nullable): of one blob, or of all of the container
 */
void lwp_blob_blocks_forget (LwpCloud *cloud, const char *account, const char *container,
                             const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwpBlock, lwp_block_free)

G_END_DECLS

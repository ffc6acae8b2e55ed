/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lwp-cloud.h"

G_BEGIN_DECLS

/**
 * lwp_blob_service_register:
 *
 * Plays the Blob service of every storage account that exists: containers, block blobs, ranges,
 * conditions, lists, shared access signatures and SharedKey.
 */
gboolean lwp_blob_service_register (LwpCloud *cloud, GError **error);

G_END_DECLS

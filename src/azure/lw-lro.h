/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-azure.h"

G_BEGIN_DECLS

/**
 * LwLroProgressFunc:
 * @status: the service's own word ("InProgress", "Running", …), never translated
 * @elapsed_us: since the operation was started or taken up
 *
 * Called after every poll on the waiting thread.
 */
typedef void (*LwLroProgressFunc) (const char *status, gint64 elapsed_us, gpointer user_data);

/**
 * lw_lro_wait:
 * @call: what started the operation: PUT, PATCH, DELETE or POST
 * @first: (nullable): the answer that started the operation (200, 201, 202 or 204); %NULL to take
 *   up an operation of which that answer is lost: the resource itself is followed then (not for a
 *   POST)
 * @deadline_us: longest wait, microseconds
 *
 * Follows a long-running operation to its end as azure-core's ARM polling does: Azure-AsyncOperation,
 * else Location, else the resource's own provisioningState at the URL of @call; new headers are
 * taken over from every answer; polls after 2, 5, 10, 15 s … unless Retry-After says otherwise.
 * Poll answers that are throttled or fail for a moment do not end the operation. A resource that
 * is being deleted is followed until it is gone (404), or stands again.
 *
 * Errors: %LW_AZURE_ERROR_OPERATION_FAILED with the operation's own error; %LW_ERROR_TIMED_OUT at
 *   the deadline (the operation goes on in the cloud); cancelled (the same);
 *   %LW_ERROR_UNTRUSTED_HOST when an answer names a host outside the cloud
 */
gboolean lw_lro_wait (LwAzure *azure, const LwAzureCall *call, const LwHttpResponse *first,
                      gint64 deadline_us, LwLroProgressFunc progress, gpointer user_data,
                      GCancellable *cancellable, GError **error);

/** lw_lro_run: lw_azure_send() and lw_lro_wait() in one */
gboolean lw_lro_run (LwAzure *azure, const LwAzureCall *call, gint64 deadline_us,
                     LwLroProgressFunc progress, gpointer user_data, GCancellable *cancellable,
                     GError **error);

G_END_DECLS

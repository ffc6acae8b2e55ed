/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-http.h"

G_BEGIN_DECLS

/**
 * LwRetryPolicy:
 * @max_retries: sendings after the first one
 * @max_connect_retries: of these, after a failure of the transport
 * @backoff_us: wait before the second retry; doubled each time; the first retry has no wait
 * @max_wait_us: no single wait is longer, whatever Retry-After says: more is a failure that the
 *   person should see
 * @repeat_post: the POST may be repeated like a PUT (start, stop, cancel, register, listSecrets)
 *
 * Statuses, methods and waits as the Azure SDKs have them (azure-core's retry policy):
 * 408, 429, 500, 502, 503, 504 for HEAD, GET, PUT, DELETE; POST and PATCH for 500, 503, 504 only;
 * any status from 400 up that carries Retry-After. A wait has a jitter of 20 %.
 */
typedef struct
{
  guint max_retries;
  guint max_connect_retries;
  gint64 backoff_us;
  gint64 max_wait_us;
  gboolean repeat_post;
} LwRetryPolicy;

/** lw_retry_policy_get_default: 10 in all, 3 for the transport, 0.8 s, 120 s, POST not repeated */
const LwRetryPolicy *lw_retry_policy_get_default (void);

/**
 * lw_retry_send:
 * @policy: (nullable): %NULL for the default
 *
 * lw_http_send() as often as @policy allows.
 *
 * Returns: (transfer full): the last answer, whatever its status; %NULL when the last try failed
 *   in the transport
 */
LwHttpResponse *lw_retry_send (LwHttp *http, const LwHttpRequest *request,
                               const LwRetryPolicy *policy, GCancellable *cancellable,
                               GError **error);

/**
 * lw_retry_get_after_us:
 * @now_us: wall-clock time, for the HTTP-date form
 *
 * Reads Retry-After (seconds or HTTP date), retry-after-ms or x-ms-retry-after-ms, in this order.
 *
 * Returns: microseconds, or -1 when no header says so
 */
gint64 lw_retry_get_after_us (const LwHttpResponse *response, gint64 now_us);

G_END_DECLS

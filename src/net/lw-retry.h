/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-http.h"

G_BEGIN_DECLS

/**
 * LwRetryPolicy:
 * @max_retries: sendings after the first one
 * @max_blind_retries: of these, after an answer that does not say when to try again
 * @max_connect_retries: of these, after a failure of the transport
 * @backoff_us: the nth retry waits this times 2^(n - 1), but the first does not wait at all
 * @max_wait_us: no wait is longer; a Retry-After of more is not waited for, but returned, as it is
 *   something that the person should see
 * @jitter_percent: by how much a wait is lengthened or shortened at random; one that the service
 *   asked for is only lengthened
 * @repeat_post: the POST may be repeated like a PUT (start, stop, cancel, register, listSecrets)
 *
 * Statuses, methods and waits as the Azure SDKs have them (azure-core's retry policy):
 * 408, 429, 500, 502, 503, 504 for HEAD, GET, PUT, DELETE, OPTIONS; 500, 503, 504 for POST and
 * PATCH; any status from 400 up that carries Retry-After for all.
 *
 * Of the transport's failures %LW_ERROR_UNREACHABLE and %LW_ERROR_PROXY (one that starts anew is away
 * for a moment) are tried again with any method, as nothing was sent; %LW_ERROR_TIMED_OUT and %LW_ERROR_INTERRUPTED with HEAD, GET, PUT, DELETE, OPTIONS (and a
 * POST that may be repeated), and only as long as nothing has gone into the request's sink.
 */
typedef struct
{
  guint max_retries;
  guint max_blind_retries;
  guint max_connect_retries;
  gint64 backoff_us;
  gint64 max_wait_us;
  guint jitter_percent;
  gboolean repeat_post;
} LwRetryPolicy;

/**
 * lw_retry_policy_get_default:
 *
 * Returns: (transfer none): 10 retries in all, 3 blind, 3 for the transport; 0.8 s doubled up to
 *   120 s, 20 % jitter; POST not repeated
 */
const LwRetryPolicy *lw_retry_policy_get_default (void);

/**
 * lw_retry_send:
 * @policy: (nullable): %NULL for the default
 * @cancellable: (nullable): ends a wait at once, a sending within 50 ms
 *
 * lw_http_send() as often as @policy allows. Waits by the clock of @http. Upload progress rises
 * over all the sendings: a later one is silent until it is further than those before.
 *
 * Returns: (transfer full): the last answer, whatever its status; %NULL when the last try failed
 *   in the transport, or %G_IO_ERROR_CANCELLED
 */
LwHttpResponse *lw_retry_send (LwHttp *http, const LwHttpRequest *request,
                               const LwRetryPolicy *policy, GCancellable *cancellable,
                               GError **error);

/**
 * lw_retry_get_after_us:
 * @now_us: wall-clock time, for the HTTP-date form
 *
 * Reads Retry-After (seconds or HTTP date), retry-after-ms or x-ms-retry-after-ms, in this order;
 * one that makes no sense counts as absent.
 *
 * Returns: microseconds, at most a year; 0 for a date that is past; -1 when no header says so
 */
gint64 lw_retry_get_after_us (const LwHttpResponse *response, gint64 now_us);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Sending again what may be sent again. On the caller's thread; keeps nothing between calls. */

#include "lw-retry.h"

#include <math.h>
#include <string.h>

#include "lw-error.h"
#include "lw-http-private.h"

#define MAX_AFTER_S (365.0 * 24 * 3600)

typedef struct
{
  const LwRetryPolicy *policy;
  LwHttpRequest request; /* a copy whose functions count for us; its members are borrowed */
  const LwHttpRequest *original;
  gboolean sunk;  /* something has gone into the sink */
  goffset sent;   /* the most that was told to the progress function */
  guint retries;
  guint blind_retries;
  guint connect_retries;
} Attempt;

const LwRetryPolicy *
lw_retry_policy_get_default (void)
{
  static const LwRetryPolicy policy = {
    .max_retries = 10,
    .max_blind_retries = 3,
    .max_connect_retries = 3,
    .backoff_us = 800 * 1000,
    .max_wait_us = 120 * G_USEC_PER_SEC,
    .jitter_percent = 20,
  };

  return &policy;
}

/* ---- when the service says when ---- */

static gint64
read_number (const char *text, double units_per_second)
{
  char *end = NULL;
  double value = g_ascii_strtod (text, &end);

  if (end == text || *end != '\0' || !isfinite (value) || value < 0)
    return -1;
  return (gint64) (MIN (value / units_per_second, MAX_AFTER_S) * G_USEC_PER_SEC);
}

static gint64
read_date (const char *text, gint64 now_us)
{
  time_t date = curl_getdate (text, NULL);
  gint64 wait_us;

  if (date < 0)
    return -1;
  wait_us = MIN ((gint64) date, G_MAXINT64 / G_USEC_PER_SEC) * G_USEC_PER_SEC - now_us;
  return CLAMP (wait_us, 0, (gint64) MAX_AFTER_S * G_USEC_PER_SEC);
}

gint64
lw_retry_get_after_us (const LwHttpResponse *response, gint64 now_us)
{
  static const char *const names[] = { "retry-after-ms", "x-ms-retry-after-ms" };
  const char *text;
  gint64 after_us = -1;

  g_return_val_if_fail (response != NULL, -1);

  text = lw_http_response_get_header (response, "Retry-After");
  if (text != NULL)
    after_us = read_number (text, 1);
  if (text != NULL && after_us < 0)
    after_us = read_date (text, now_us);
  for (gsize i = 0; after_us < 0 && i < G_N_ELEMENTS (names); i++)
    {
      text = lw_http_response_get_header (response, names[i]);
      after_us = text != NULL ? read_number (text, 1000) : -1;
    }
  return after_us;
}

/* ---- whether ---- */

static gboolean
is_repeatable (const Attempt *self)
{
  static const char *const methods[] = { "GET", "HEAD", "PUT", "DELETE", "OPTIONS", NULL };
  const char *method = self->request.method;

  return g_strv_contains (methods, method)
         || (self->policy->repeat_post && g_str_equal (method, "POST"));
}

static gboolean
is_passing_status (const Attempt *self, guint status)
{
  if (status == 500 || status == 503 || status == 504)
    return TRUE;
  return is_repeatable (self) && (status == 408 || status == 429 || status == 502);
}

static gboolean
is_passing_error (const Attempt *self, const GError *error)
{
  if (g_error_matches (error, LW_ERROR, LW_ERROR_UNREACHABLE)
      || g_error_matches (error, LW_ERROR, LW_ERROR_PROXY))
    return TRUE;
  return is_repeatable (self) && !self->sunk
         && (g_error_matches (error, LW_ERROR, LW_ERROR_TIMED_OUT)
             || g_error_matches (error, LW_ERROR, LW_ERROR_INTERRUPTED));
}

/* ---- how long ---- */

static gint64
jitter (const LwRetryPolicy *policy, gint64 wait_us, double least)
{
  double share = policy->jitter_percent / 100.0;

  if (policy->jitter_percent == 0)
    return wait_us;
  return (gint64) ((double) wait_us * (1 + g_random_double_range (least * share, share)));
}

static gint64
get_backoff_us (const Attempt *self)
{
  double wait_us;

  if (self->retries == 0)
    return 0;
  wait_us = ldexp ((double) self->policy->backoff_us, (int) MIN (self->retries, 32));
  wait_us = MIN (wait_us, (double) self->policy->max_wait_us);
  return MIN (jitter (self->policy, (gint64) wait_us, -1), self->policy->max_wait_us);
}

/* How long to wait before the request is sent again, or -1 for never. */
static gint64
decide_on_answer (Attempt *self, const LwHttpResponse *response, gint64 now_us)
{
  const LwRetryPolicy *policy = self->policy;
  gint64 after_us = lw_retry_get_after_us (response, now_us);

  if (response->status < 400)
    return -1;
  if (after_us >= 0)
    return after_us > policy->max_wait_us
               ? -1
               : MIN (jitter (policy, after_us, 0), policy->max_wait_us);
  if (!is_passing_status (self, response->status)
      || self->blind_retries >= policy->max_blind_retries)
    return -1;
  self->blind_retries++;
  return get_backoff_us (self);
}

static gint64
decide_on_error (Attempt *self, const GError *error)
{
  if (!is_passing_error (self, error)
      || self->connect_retries >= self->policy->max_connect_retries)
    return -1;
  self->connect_retries++;
  return get_backoff_us (self);
}

/* ---- sending ---- */

static gboolean
sink_cb (const guint8 *data, gsize length, gpointer user_data, GError **error)
{
  Attempt *self = user_data;

  self->sunk = TRUE;
  return self->original->sink (data, length, self->original->sink_data, error);
}

static void
progress_cb (goffset sent, goffset total, gpointer user_data)
{
  Attempt *self = user_data;

  if (sent <= self->sent)
    return;
  self->sent = sent;
  self->original->progress (sent, total, self->original->progress_data);
}

static void
attempt_init (Attempt *self, const LwHttpRequest *request, const LwRetryPolicy *policy)
{
  memset (self, 0, sizeof *self);
  self->policy = policy != NULL ? policy : lw_retry_policy_get_default ();
  self->original = request;
  self->request = *request;
  if (request->sink != NULL)
    lw_http_request_set_sink (&self->request, sink_cb, self);
  if (request->progress != NULL)
    lw_http_request_set_upload_progress (&self->request, progress_cb, self);
}

LwHttpResponse *
lw_retry_send (LwHttp *http, const LwHttpRequest *request, const LwRetryPolicy *policy,
               GCancellable *cancellable, GError **error)
{
  LwClock *clock;
  Attempt self;

  g_return_val_if_fail (http != NULL, NULL);
  g_return_val_if_fail (request != NULL, NULL);

  attempt_init (&self, request, policy);
  clock = lw_http_get_clock (http);
  while (TRUE)
    {
      g_autoptr (GError) failure = NULL;
      g_autoptr (LwHttpResponse) response
          = lw_http_send (http, &self.request, cancellable, &failure);
      gint64 wait_us = -1;

      if (self.retries < self.policy->max_retries)
        wait_us = response != NULL
                      ? decide_on_answer (&self, response, lw_clock_get_now_us (clock))
                      : decide_on_error (&self, failure);
      if (wait_us < 0)
        {
          if (failure != NULL)
            g_propagate_error (error, g_steal_pointer (&failure));
          return g_steal_pointer (&response);
        }
      self.retries++;
      if (!lw_clock_wait (clock, wait_us, cancellable, error))
        return NULL;
    }
}

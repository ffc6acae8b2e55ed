/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The public face of the HTTP engine. A call to lw_http_send() holds a reference, so that the
 * last one to go finds nothing under way, and ends the network thread. */

#include <string.h>
#include <unistd.h>

#include "lw-error.h"
#include "lw-http-private.h"

#define CONNECT_TIMEOUT_MS (10 * 1000)
#define STALL_TIMEOUT_MS (60 * 1000)
#define MAX_IN_FLIGHT 16

static void
init_curl (void)
{
  static gsize once = 0;

  /* Never cleaned up: libcurl is used until the process ends. */
  if (g_once_init_enter (&once))
    {
      curl_global_init (CURL_GLOBAL_DEFAULT);
      g_once_init_leave (&once, 1);
    }
}

static gboolean
check_options (const LwHttpOptions *options, GError **error)
{
  if (options->proxy != NULL && !g_str_has_prefix (options->proxy, "http://")
      && !g_str_has_prefix (options->proxy, "https://"))
    {
      g_set_error_literal (error, LW_ERROR, LW_ERROR_PROXY, "not the URL of an HTTP proxy");
      return FALSE;
    }
  if (options->ca_file != NULL && access (options->ca_file, R_OK) < 0)
    {
      g_set_error (error, LW_ERROR, LW_ERROR_NOT_FOUND, "cannot read the authorities in %s",
                   options->ca_file);
      return FALSE;
    }
  return TRUE;
}

LwHttp *
lw_http_new (const LwHttpOptions *options, LwClock *clock, GError **error)
{
  LwHttp *self;

  g_return_val_if_fail (options != NULL && options->user_agent != NULL, NULL);
  g_return_val_if_fail (clock != NULL, NULL);

  if (!check_options (options, error))
    return NULL;
  init_curl ();
  self = g_new0 (LwHttp, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->clock = lw_clock_ref (clock);
  self->proxy = g_strdup (options->proxy);
  self->ca_file = g_strdup (options->ca_file);
  self->user_agent = g_strdup (options->user_agent);
  self->connect_timeout_ms
      = options->connect_timeout_ms != 0 ? options->connect_timeout_ms : CONNECT_TIMEOUT_MS;
  self->engine = lw_http_engine_new (
      options->max_in_flight != 0 ? options->max_in_flight : MAX_IN_FLIGHT,
      options->stall_timeout_ms != 0 ? options->stall_timeout_ms : STALL_TIMEOUT_MS);
  return self;
}

LwHttp *
lw_http_ref (LwHttp *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
lw_http_unref (LwHttp *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  lw_http_engine_free (self->engine);
  if (self->observer_destroy != NULL)
    self->observer_destroy (self->observer_data);
  lw_clock_unref (self->clock);
  g_free (self->proxy);
  g_free (self->ca_file);
  g_free (self->user_agent);
  g_free (self);
}

LwClock *
lw_http_get_clock (LwHttp *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->clock;
}

void
lw_http_set_observer (LwHttp *self, LwHttpObserver observer, gpointer user_data,
                      GDestroyNotify destroy)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (self->observer == NULL);

  self->observer = observer;
  self->observer_data = user_data;
  self->observer_destroy = destroy;
}

static LwHttpResponse *
take_response (LwHttpTransfer *transfer)
{
  GByteArray *body = transfer->body;
  long status = 0;

  curl_easy_getinfo (transfer->easy, CURLINFO_RESPONSE_CODE, &status);
  transfer->body = g_byte_array_new ();
  return lw_http_response_new ((guint) status, g_ptr_array_ref (transfer->headers),
                               g_byte_array_free_to_bytes (body));
}

static LwHttpResponse *
run (LwHttpTransfer *transfer, GCancellable *cancellable, GError **error)
{
  if (!lw_http_wait (transfer, cancellable, error) || !lw_http_unpack (transfer, error))
    return NULL;
  return take_response (transfer);
}

static LwHttpResponse *
run_observed (LwHttp *self, LwHttpTransfer *transfer, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  gint64 started_us = lw_clock_get_monotonic_us (self->clock);
  LwHttpTimes times = { .started_us = lw_clock_get_now_us (self->clock) };
  LwHttpResponse *response = run (transfer, cancellable, &local_error);

  times.duration_us = lw_clock_get_monotonic_us (self->clock) - started_us;
  lw_http_observe (self, transfer, response, local_error, &times);
  if (response == NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return response;
}

LwHttpResponse *
lw_http_send (LwHttp *self, const LwHttpRequest *request, GCancellable *cancellable,
              GError **error)
{
  g_autoptr (LwHttp) held = NULL;
  g_autoptr (LwHttpTransfer) transfer = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (request != NULL, NULL);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  held = lw_http_ref (self);
  transfer = lw_http_transfer_new (self, request, error);
  if (transfer == NULL)
    return NULL;
  if (self->observer == NULL)
    return run (transfer, cancellable, error);
  return run_observed (self, transfer, cancellable, error);
}

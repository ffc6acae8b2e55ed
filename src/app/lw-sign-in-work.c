/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The blocking parts of a sign-in. Each runs on a worker, one after the other for the same work;
 * between them the work belongs to the main thread. */

#include "lw-sign-in-work.h"

void
lw_sign_in_work_free (LwSignInWork *self)
{
  g_clear_pointer (&self->browser, lw_browser_sign_in_free);
  g_clear_pointer (&self->device, lw_device_sign_in_free);
  g_clear_pointer (&self->http, lw_http_unref);
  g_clear_pointer (&self->store, lw_token_store_unref);
  g_free (self->cloud_id);
  g_free (self->tenant);
  g_free (self->client_id);
  g_free (self->claims);
  g_free (self->login_hint);
  g_free (self->language);
  g_free (self->store_label);
  g_free (self->page_done);
  g_free (self->page_failed);
  g_free (self);
}

gpointer
lw_sign_in_work_begin_browser (gpointer data, GCancellable *cancellable, GError **error)
{
  LwSignInWork *work = data;

  if (!lw_token_store_prepare (work->store, cancellable, error))
    return NULL;
  work->browser = lw_browser_sign_in_new (work->http, &work->options, cancellable, error);
  return work->browser != NULL ? work : NULL;
}

gpointer
lw_sign_in_work_wait_browser (gpointer data, GCancellable *cancellable, GError **error)
{
  LwSignInWork *work = data;

  return lw_browser_sign_in_wait (work->browser, work->page_done, work->page_failed, 0,
                                  cancellable, error);
}

gpointer
lw_sign_in_work_begin_device (gpointer data, GCancellable *cancellable, GError **error)
{
  LwSignInWork *work = data;

  if (!lw_token_store_prepare (work->store, cancellable, error))
    return NULL;
  work->device = lw_device_sign_in_new (work->http, &work->options, cancellable, error);
  return work->device != NULL ? work : NULL;
}

gpointer
lw_sign_in_work_wait_device (gpointer data, GCancellable *cancellable, GError **error)
{
  LwSignInWork *work = data;

  return lw_device_sign_in_wait (work->device, cancellable, error);
}

gpointer
lw_sign_in_work_az (gpointer data, GCancellable *cancellable, GError **error)
{
  LwSignInWork *work = data;

  return lw_az_sign_in (work->http, &work->options, cancellable, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-sign-in.h"

G_BEGIN_DECLS

/**
 * LwSignInWork: one sign-in as workers do it; all strings owned. The parts that wait for a person
 * (@browser, @device) are made by the begin functions and used up by the wait functions.
 */
typedef struct
{
  LwHttp *http;
  LwSignInOptions options; /* its strings are those below */
  LwTokenStore *store;
  char *cloud_id;
  char *tenant;
  char *client_id;
  char *claims;
  char *login_hint;
  char *language;
  char *store_label;
  char *page_done;
  char *page_failed;
  LwBrowserSignIn *browser;
  LwDeviceSignIn *device;
} LwSignInWork;

void lw_sign_in_work_free (LwSignInWork *self);

/* #LwPoolFunc over an LwSignInWork. Begin: the keyring is made ready and the way to the person is
 * opened; returns the work itself, borrowed. Wait: returns an LwAccount, (transfer full). */
gpointer lw_sign_in_work_begin_browser (gpointer work, GCancellable *cancellable, GError **error);
gpointer lw_sign_in_work_wait_browser (gpointer work, GCancellable *cancellable, GError **error);
gpointer lw_sign_in_work_begin_device (gpointer work, GCancellable *cancellable, GError **error);
gpointer lw_sign_in_work_wait_device (gpointer work, GCancellable *cancellable, GError **error);
gpointer lw_sign_in_work_az (gpointer work, GCancellable *cancellable, GError **error);

G_END_DECLS

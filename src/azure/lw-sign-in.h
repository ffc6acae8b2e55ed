/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-account.h"

G_BEGIN_DECLS

/**
 * LwSignInOptions: what every way of signing in needs
 * @cloud_id: under which id the account is remembered: that of @cloud, or "practice"
 * @tenant: "organizations", a domain or a tenant id
 * @client_id: (nullable): %NULL for the cloud's
 * @claims: (nullable): JSON of a claims challenge to satisfy
 * @login_hint: (nullable): user name to propose
 * @language: (nullable): "ko-KR", "en-US": language of the pages
 * @store: where the refresh token goes
 * @store_label: label for the keyring
 * @practice: allow sign-in pages on loopback http
 *
 * Everything is copied by the functions below. The store is used at their end only: ask
 * lw_token_store_prepare() before a person is sent away.
 */
typedef struct
{
  const LwCloud *cloud;
  const char *cloud_id;
  const char *tenant;
  const char *client_id;
  const char *claims;
  const char *login_hint;
  const char *language;
  LwTokenStore *store;
  const char *store_label;
  gboolean practice;
} LwSignInOptions;

/**
 * LwBrowserSignIn:
 *
 * Authorization code with PKCE over a loopback listener (RFC 8252, RFC 7636). The listener is open
 * from lw_browser_sign_in_new() to the end of lw_browser_sign_in_wait(); it answers one matching
 * redirect; other paths, methods and hosts get an error and do not end the wait. The browser is
 * answered after the code was redeemed, so that its page tells the truth.
 */
typedef struct _LwBrowserSignIn LwBrowserSignIn;

/** lw_browser_sign_in_new: asks the OpenID configuration, opens the listener. Blocks. */
LwBrowserSignIn *lw_browser_sign_in_new (LwHttp *http, const LwSignInOptions *options,
                                         GCancellable *cancellable, GError **error);

/**
 * lw_browser_sign_in_get_url:
 *
 * Returns: (transfer none): what to open in the person's browser: https on the login host, or, in
 *   practice, http on a loopback address. It holds the state: for the browser only, not for a log.
 */
const char *lw_browser_sign_in_get_url (LwBrowserSignIn *self);

/**
 * lw_browser_sign_in_wait:
 * @page_done, @page_failed: complete HTML pages shown in the browser afterwards, translated by the
 *   caller; they hold no token and load nothing
 * @timeout_s: 0 for 600
 *
 * May be called once.
 *
 * Errors: %LW_ERROR_SIGN_IN_DECLINED, %LW_ERROR_SIGN_IN_EXPIRED, #LW_AZURE_ERROR_ENTRA,
 *   those of lw_token_store_prepare(), cancelled
 */
LwAccount *lw_browser_sign_in_wait (LwBrowserSignIn *self, const char *page_done,
                                    const char *page_failed, guint timeout_s,
                                    GCancellable *cancellable, GError **error);
void lw_browser_sign_in_free (LwBrowserSignIn *self);

/** LwDeviceSignIn: device authorization grant (RFC 8628) */
typedef struct _LwDeviceSignIn LwDeviceSignIn;

LwDeviceSignIn *lw_device_sign_in_new (LwHttp *http, const LwSignInOptions *options,
                                       GCancellable *cancellable, GError **error);

/** lw_device_sign_in_get_user_code: what the person types; never logged */
const char *lw_device_sign_in_get_user_code (LwDeviceSignIn *self);

/** lw_device_sign_in_get_uri: where they type it: https, or, in practice, http on loopback */
const char *lw_device_sign_in_get_uri (LwDeviceSignIn *self);

/** lw_device_sign_in_get_expires_us: wall clock, microseconds */
gint64 lw_device_sign_in_get_expires_us (LwDeviceSignIn *self);

/**
 * lw_device_sign_in_wait: polls as the server paces it, until granted, declined or expired; a
 * network that is gone for a while does not end it
 *
 * Errors: as lw_browser_sign_in_wait()
 */
LwAccount *lw_device_sign_in_wait (LwDeviceSignIn *self, GCancellable *cancellable,
                                   GError **error);
void lw_device_sign_in_free (LwDeviceSignIn *self);

/**
 * lw_az_sign_in:
 *
 * Reuses the sign-in of the Azure CLI: `az account show` and, for tokens,
 * `az account get-access-token`, run without a shell; its output is never logged.
 *
 * Errors: %LW_ERROR_NOT_FOUND when there is no `az`, %LW_ERROR_SIGN_IN_NEEDED when it is not
 *   signed in
 */
LwAccount *lw_az_sign_in (LwHttp *http, const LwSignInOptions *options, GCancellable *cancellable,
                          GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwBrowserSignIn, lw_browser_sign_in_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwDeviceSignIn, lw_device_sign_in_free)

G_END_DECLS

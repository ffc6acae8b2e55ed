/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-entra.h"
#include "lw-sign-in.h"

G_BEGIN_DECLS

/* What all ways of signing in share; private to src/azure. */

/** LwSignIn: the options as a copy of its own, with the engine; members as in LwSignInOptions */
typedef struct
{
  LwHttp *http; /* owned */
  const LwCloud *cloud;
  char *cloud_id;      /* owned */
  char *tenant;        /* owned */
  char *client_id;     /* owned, the cloud's when none was given */
  char *claims;        /* owned, with the capability CP1 */
  char *scope;         /* owned, all that is asked for */
  char *login_hint;    /* owned, nullable */
  char *language;      /* owned, nullable */
  LwTokenStore *store; /* owned */
  char *store_label;   /* owned */
  gboolean practice;
} LwSignIn;

void lw_sign_in_init (LwSignIn *self, LwHttp *http, const LwSignInOptions *options);
void lw_sign_in_clear (LwSignIn *self);

/**
 * lw_sign_in_finish:
 * @method: as in #LwAccountInfo
 * @nonce: (nullable): has to be in the id token
 *
 * Returns: (transfer full): the account of the person whom @tokens name, its refresh token stored
 */
LwAccount *lw_sign_in_finish (const LwSignIn *self, const char *method, const LwEntraTokens *tokens,
                              const char *nonce, GCancellable *cancellable, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-directory.h"
#include "lw-session.h"

G_BEGIN_DECLS

#define LW_TYPE_SIGN_IN_MODEL (lw_sign_in_model_get_type ())
G_DECLARE_FINAL_TYPE (LwSignInModel, lw_sign_in_model, LW, SIGN_IN_MODEL, GObject)

/**
 * LwSignInModel:
 *
 * Signing in and choosing a subscription, whatever the pages do meanwhile. Once there is an account
 * it loads what the account may use; one usable subscription is taken by itself. Main thread.
 *
 * Signals:
 *   "changed" (): anything below
 *   "open-uri" (const char *uri): to be opened in the person's browser
 */

typedef enum
{
  LW_SIGN_IN_OUT,
  LW_SIGN_IN_STARTING, /* keyring and cloud are asked */
  LW_SIGN_IN_BROWSER,  /* the person is in the browser */
  LW_SIGN_IN_DEVICE,   /* the person has a code to type elsewhere */
  LW_SIGN_IN_AZ,
  LW_SIGN_IN_LOADING, /* signed in; tenants and subscriptions are asked */
  LW_SIGN_IN_IN,
} LwSignInState;

typedef enum
{
  LW_SIGN_IN_BY_BROWSER,
  LW_SIGN_IN_BY_DEVICE,
  LW_SIGN_IN_BY_AZ,
} LwSignInMethod;

LwSignInState lw_sign_in_model_get_state (LwSignInModel *self);

/** lw_sign_in_model_get_error: Returns: (nullable): why the last thing failed */
const GError *lw_sign_in_model_get_error (LwSignInModel *self);

/** lw_sign_in_model_get_since_us: Returns: wall clock; since when the state is what it is */
gint64 lw_sign_in_model_get_since_us (LwSignInModel *self);

void lw_sign_in_model_start (LwSignInModel *self, LwSignInMethod method);

/** lw_sign_in_model_again: the last way once more */
void lw_sign_in_model_again (LwSignInModel *self);
void lw_sign_in_model_cancel (LwSignInModel *self);

/** lw_sign_in_model_use_memory: from now on the sign-in is kept in memory only; tries again */
void lw_sign_in_model_use_memory (LwSignInModel *self);
void lw_sign_in_model_sign_out (LwSignInModel *self);

/** lw_sign_in_model_get_uri: Returns: (nullable): page to be opened in a browser */
const char *lw_sign_in_model_get_uri (LwSignInModel *self);

/** lw_sign_in_model_get_user_code: Returns: (nullable): what to type there; never logged */
const char *lw_sign_in_model_get_user_code (LwSignInModel *self);
gint64 lw_sign_in_model_get_expires_us (LwSignInModel *self);

/** lw_sign_in_model_get_directory: Returns: (nullable): %NULL until loaded */
const LwDirectory *lw_sign_in_model_get_directory (LwSignInModel *self);

/** lw_sign_in_model_open: takes up an earlier sign-in: asks for its subscriptions unless that was
 *   done. Tells the session, so not while what listens to it is being made */
void lw_sign_in_model_open (LwSignInModel *self);

/** lw_sign_in_model_load: asks for tenants and subscriptions (again) */
void lw_sign_in_model_load (LwSignInModel *self);
void lw_sign_in_model_choose (LwSignInModel *self, const LwSubscription *subscription);

/** LwSignInPermission: whether the person may create groups in the chosen subscription */
typedef enum
{
  LW_SIGN_IN_PERMISSION_UNKNOWN,
  LW_SIGN_IN_PERMISSION_ASKED,
  LW_SIGN_IN_PERMISSION_GRANTED,
  LW_SIGN_IN_PERMISSION_MISSING,
} LwSignInPermission;

LwSignInPermission lw_sign_in_model_get_permission (LwSignInModel *self);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Authorization code with PKCE. One thread at a time; verifier, state and nonce are made for one
 * sign-in and overwritten with it. */

#include <string.h>

#include "lw-azure-error.h"
#include "lw-error.h"
#include "lw-id-token.h"
#include "lw-json.h"
#include "lw-loopback.h"
#include "lw-pkce.h"
#include "lw-sign-in-private.h"

/* Entra's page gives up about then, too. */
#define DEFAULT_TIMEOUT_S 600

/* Entra's words in a redirect are not ours to trust: cut where they stop being a message. */
#define MAX_REASON 512

struct _LwBrowserSignIn
{
  LwSignIn options;     /* owned */
  LwLoopback *loopback; /* owned */
  char *redirect_uri;   /* owned */
  char *verifier;       /* owned, a secret */
  char *state;          /* owned, a secret */
  char *nonce;          /* owned, a secret */
  char *url;            /* owned */
};

static gboolean
make_secrets (LwBrowserSignIn *self, GError **error)
{
  self->verifier = lw_pkce_new_random (error);
  if (self->verifier == NULL)
    return FALSE;
  self->state = lw_pkce_new_random (error);
  if (self->state == NULL)
    return FALSE;
  self->nonce = lw_pkce_new_random (error);
  return self->nonce != NULL;
}

static char *
build_authorize_url (const LwBrowserSignIn *self, const char *endpoint)
{
  const LwSignIn *options = &self->options;
  g_autoptr (LwEntraForm) form = lw_entra_form_new ();
  g_autofree char *challenge = lw_pkce_dup_challenge (self->verifier);
  g_autofree char *query = NULL;

  lw_entra_form_add (form, "client_id", options->client_id);
  lw_entra_form_add (form, "response_type", "code");
  lw_entra_form_add (form, "response_mode", "query");
  lw_entra_form_add (form, "redirect_uri", self->redirect_uri);
  lw_entra_form_add (form, "scope", options->scope);
  lw_entra_form_add (form, "state", self->state);
  lw_entra_form_add (form, "nonce", self->nonce);
  lw_entra_form_add (form, "code_challenge", challenge);
  lw_entra_form_add (form, "code_challenge_method", "S256");
  lw_entra_form_add (form, "claims", options->claims);
  lw_entra_form_add (form, "login_hint", options->login_hint);
  /* With a proposed user there is nothing to select. */
  lw_entra_form_add (form, "prompt", options->login_hint == NULL ? "select_account" : NULL);
  lw_entra_form_add (form, "ui_locales", options->language);
  query = lw_entra_form_to_query (form);
  return g_strconcat (endpoint, strchr (endpoint, '?') == NULL ? "?" : "&", query, NULL);
}

LwBrowserSignIn *
lw_browser_sign_in_new (LwHttp *http, const LwSignInOptions *options, GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (LwBrowserSignIn) self = NULL;
  g_autofree char *endpoint = NULL;

  g_return_val_if_fail (http != NULL && options != NULL, NULL);

  self = g_new0 (LwBrowserSignIn, 1);
  lw_sign_in_init (&self->options, http, options);
  endpoint = lw_entra_discover_authorize (http, self->options.cloud, self->options.tenant,
                                          self->options.practice, cancellable, error);
  if (endpoint == NULL || !make_secrets (self, error))
    return NULL;
  self->loopback = lw_loopback_new (error);
  if (self->loopback == NULL)
    return NULL;
  /* The name that Entra lets a public client register; it ignores the port (RFC 8252, 7.3). */
  self->redirect_uri
      = g_strdup_printf ("http://localhost:%u", lw_loopback_get_port (self->loopback));
  self->url = build_authorize_url (self, endpoint);
  return g_steal_pointer (&self);
}

const char *
lw_browser_sign_in_get_url (LwBrowserSignIn *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->url;
}

/* The redirect says no. Its words come through the browser, so that they are only words. */
static void
set_redirect_error (GError **error, const LwLoopbackRequest *request)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (GBytes) body = NULL;
  g_autofree char *words = NULL;

  words = g_utf8_substring (
      request->error_description != NULL ? request->error_description : request->error, 0,
      MIN (MAX_REASON,
           g_utf8_strlen (request->error_description != NULL ? request->error_description
                                                             : request->error,
                          -1)));
  if (strcmp (request->error, "access_denied") == 0)
    {
      g_set_error_literal (error, LW_ERROR, LW_ERROR_SIGN_IN_DECLINED, words);
      return;
    }
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "error");
  json_builder_add_string_value (builder, request->error);
  json_builder_set_member_name (builder, "error_description");
  json_builder_add_string_value (builder, words);
  json_builder_end_object (builder);
  body = lw_json_builder_to_bytes (builder);
  lw_azure_error_set_from_body (error, LW_AZURE_ERROR_ENTRA, body);
}

static LwAccount *
redeem_code (LwBrowserSignIn *self, const LwLoopbackRequest *request, GCancellable *cancellable,
             GError **error)
{
  g_autoptr (LwEntraForm) form = NULL;
  g_autoptr (LwEntraTokens) tokens = NULL;

  if (request->code == NULL)
    {
      set_redirect_error (error, request);
      return NULL;
    }
  form = lw_entra_form_new ();
  lw_entra_form_add (form, "grant_type", "authorization_code");
  lw_entra_form_add (form, "client_id", self->options.client_id);
  lw_entra_form_add (form, "redirect_uri", self->redirect_uri);
  lw_entra_form_add (form, "scope", self->options.scope);
  lw_entra_form_add (form, "claims", self->options.claims);
  lw_entra_form_add (form, "code", request->code);
  lw_entra_form_add (form, "code_verifier", self->verifier);
  /* A code works once: a second POST would only hide what became of the first. */
  tokens = lw_entra_request_tokens (self->options.http, self->options.cloud, self->options.tenant,
                                    form, FALSE, cancellable, error);
  if (tokens == NULL)
    return NULL;
  return lw_sign_in_finish (&self->options, "browser", tokens, self->nonce, cancellable, error);
}

LwAccount *
lw_browser_sign_in_wait (LwBrowserSignIn *self, const char *page_done, const char *page_failed,
                         guint timeout_s, GCancellable *cancellable, GError **error)
{
  g_auto (LwLoopbackRequest) request = { 0 };
  LwClock *clock = NULL;
  LwAccount *account = NULL;
  gint64 deadline_us = 0;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (page_done != NULL && page_failed != NULL, NULL);

  clock = lw_http_get_clock (self->options.http);
  deadline_us = lw_clock_get_monotonic_us (clock)
                + (timeout_s > 0 ? timeout_s : DEFAULT_TIMEOUT_S) * G_TIME_SPAN_SECOND;
  if (lw_loopback_wait (self->loopback, self->state, page_failed, clock, deadline_us, &request,
                        cancellable, error))
    account = redeem_code (self, &request, cancellable, error);
  lw_loopback_finish (self->loopback, account != NULL ? page_done : page_failed);
  return account;
}

void
lw_browser_sign_in_free (LwBrowserSignIn *self)
{
  if (self == NULL)
    return;
  lw_sign_in_clear (&self->options);
  g_clear_pointer (&self->loopback, lw_loopback_free);
  g_free (self->redirect_uri);
  lw_secret_free (self->verifier);
  lw_secret_free (self->state);
  lw_secret_free (self->nonce);
  g_free (self->url);
  g_free (self);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Device authorization grant: the person types a code on a page, and this side asks until they
 * have. One thread at a time; lives from the code to the end of its wait. */

#include <string.h>

#include "lw-azure-error.h"
#include "lw-error.h"
#include "lw-json.h"
#include "lw-retry.h"
#include "lw-sign-in-private.h"

/* RFC 8628: polls are 5 s apart when the server says nothing, and 5 s more after "slow_down". */
#define DEFAULT_INTERVAL_S 5
#define SLOW_DOWN_S 5
#define MIN_INTERVAL_S 1
#define MAX_INTERVAL_S 60

/* Entra's codes live 15 minutes; one that claimed a day would be no code to wait for. */
#define DEFAULT_EXPIRES_S 900
#define MAX_EXPIRES_S (24 * 3600)

/* What a person can be asked to type. */
#define MAX_USER_CODE 64

struct _LwDeviceSignIn
{
  LwSignIn options;  /* owned */
  char *device_code; /* owned, a secret */
  char *user_code;   /* owned, a secret */
  char *uri;         /* owned */
  gint64 expires_us;
  gint64 interval_us;
};

/* Entra's page is not on the login host (microsoft.com/devicelogin), so that https is all that can
 * be asked of it; the answer that names it came from the login host. */
static gboolean
check_uri (const LwSignIn *options, const char *uri, GError **error)
{
  g_autoptr (GUri) parsed = g_uri_parse (uri, G_URI_FLAGS_NONE, NULL);

  if (options->practice && lw_entra_is_loopback_url (uri))
    return TRUE;
  if (parsed != NULL && g_strcmp0 (g_uri_get_scheme (parsed), "https") == 0
      && g_uri_get_userinfo (parsed) == NULL && g_uri_get_host (parsed) != NULL)
    return TRUE;
  g_set_error_literal (error, LW_ERROR, LW_ERROR_UNTRUSTED_HOST,
                       "The page for the code is not https");
  return FALSE;
}

static gboolean
is_user_code (const char *code)
{
  if (*code == '\0' || strlen (code) > MAX_USER_CODE)
    return FALSE;
  for (const char *c = code; *c != '\0'; c++)
    if (!g_ascii_isgraph (*c))
      return FALSE;
  return TRUE;
}

static gboolean
read_codes (LwDeviceSignIn *self, LwJson root, gint64 now_us, GError **error)
{
  const char *device_code = lw_json_need_string (root, "device_code", error);
  const char *user_code = NULL;
  const char *uri = NULL;
  gint64 interval_s = lw_json_get_int (root, "interval", DEFAULT_INTERVAL_S);
  gint64 expires_s = lw_json_get_int (root, "expires_in", DEFAULT_EXPIRES_S);

  if (device_code == NULL)
    return FALSE;
  user_code = lw_json_need_string (root, "user_code", error);
  if (user_code == NULL)
    return FALSE;
  uri = lw_json_need_string (root, "verification_uri", error);
  if (uri == NULL || !check_uri (&self->options, uri, error))
    return FALSE;
  if (!is_user_code (user_code))
    {
      g_set_error_literal (error, LW_ERROR, LW_ERROR_MALFORMED, "The code cannot be typed");
      return FALSE;
    }
  self->device_code = g_strdup (device_code);
  self->user_code = g_strdup (user_code);
  self->uri = g_strdup (uri);
  self->interval_us = CLAMP (interval_s, MIN_INTERVAL_S, MAX_INTERVAL_S) * G_TIME_SPAN_SECOND;
  self->expires_us = now_us + CLAMP (expires_s, 0, MAX_EXPIRES_S) * G_TIME_SPAN_SECOND;
  return TRUE;
}

static char *
build_code_url (const LwSignIn *options)
{
  g_autofree char *url
      = lw_entra_build_url (options->cloud, options->tenant, "/oauth2/v2.0/devicecode");
  g_autofree char *language = NULL;

  if (options->language == NULL)
    return g_steal_pointer (&url);
  language = g_uri_escape_string (options->language, NULL, FALSE);
  return g_strconcat (url, "?mkt=", language, NULL);
}

LwDeviceSignIn *
lw_device_sign_in_new (LwHttp *http, const LwSignInOptions *options, GCancellable *cancellable,
                       GError **error)
{
  g_autoptr (LwDeviceSignIn) self = NULL;
  g_autoptr (LwEntraForm) form = lw_entra_form_new ();
  g_autoptr (LwHttpResponse) response = NULL;
  g_autoptr (LwJsonDocument) document = NULL;
  g_autofree char *url = NULL;
  gint64 now_us = 0;

  g_return_val_if_fail (http != NULL && options != NULL, NULL);

  self = g_new0 (LwDeviceSignIn, 1);
  lw_sign_in_init (&self->options, http, options);
  lw_entra_form_add (form, "client_id", self->options.client_id);
  lw_entra_form_add (form, "scope", self->options.scope);
  lw_entra_form_add (form, "claims", self->options.claims);
  url = build_code_url (&self->options);
  now_us = lw_clock_get_now_us (lw_http_get_clock (http));
  response = lw_entra_post (http, self->options.cloud, url, form, TRUE, cancellable, error);
  if (response == NULL)
    return NULL;
  if (lw_http_response_get_status (response) != 200)
    {
      lw_azure_error_set_from_response (error, response);
      return NULL;
    }
  document = lw_json_parse (lw_http_response_get_body (response), error);
  if (document == NULL || !read_codes (self, lw_json_document_get_root (document), now_us, error))
    return NULL;
  return g_steal_pointer (&self);
}

const char *
lw_device_sign_in_get_user_code (LwDeviceSignIn *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->user_code;
}

const char *
lw_device_sign_in_get_uri (LwDeviceSignIn *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->uri;
}

gint64
lw_device_sign_in_get_expires_us (LwDeviceSignIn *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->expires_us;
}

/* Failures of the moment: the person may still be typing when the network is back. */
static gboolean
is_passing (const GError *error)
{
  return g_error_matches (error, LW_ERROR, LW_ERROR_UNREACHABLE)
         || g_error_matches (error, LW_ERROR, LW_ERROR_PROXY)
         || g_error_matches (error, LW_ERROR, LW_ERROR_TIMED_OUT)
         || g_error_matches (error, LW_ERROR, LW_ERROR_INTERRUPTED)
         || g_error_matches (error, LW_AZURE_ERROR, LW_AZURE_ERROR_THROTTLED)
         || g_error_matches (error, LW_AZURE_ERROR, LW_AZURE_ERROR_UNAVAILABLE);
}

/* Whether to ask again after @refusal; if not, @error says why, in codes the caller can act on.
 * @refusal: (transfer full) */
static gboolean
judge_refusal (LwDeviceSignIn *self, GError *refusal, GError **error)
{
  g_autoptr (GError) owned = refusal;
  gboolean slow_down = lw_azure_error_is (owned, "slow_down");

  if (lw_azure_error_is (owned, "authorization_pending"))
    return TRUE;
  if (slow_down || is_passing (owned))
    {
      self->interval_us = MIN (self->interval_us + SLOW_DOWN_S * G_TIME_SPAN_SECOND,
                               MAX_INTERVAL_S * G_TIME_SPAN_SECOND);
      return TRUE;
    }
  if (lw_azure_error_is (owned, "authorization_declined")
      || lw_azure_error_is (owned, "access_denied"))
    g_set_error_literal (error, LW_ERROR, LW_ERROR_SIGN_IN_DECLINED, owned->message);
  else if (lw_azure_error_is (owned, "expired_token"))
    g_set_error_literal (error, LW_ERROR, LW_ERROR_SIGN_IN_EXPIRED, owned->message);
  else
    g_propagate_error (error, g_steal_pointer (&owned));
  return FALSE;
}

static LwEntraTokens *
poll_tokens (LwDeviceSignIn *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (LwEntraForm) form = lw_entra_form_new ();

  lw_entra_form_add (form, "grant_type", "urn:ietf:params:oauth:grant-type:device_code");
  lw_entra_form_add (form, "client_id", self->options.client_id);
  lw_entra_form_add (form, "device_code", self->device_code);
  lw_entra_form_add (form, "claims", self->options.claims);
  return lw_entra_request_tokens (self->options.http, self->options.cloud, self->options.tenant,
                                  form, FALSE, cancellable, error);
}

LwAccount *
lw_device_sign_in_wait (LwDeviceSignIn *self, GCancellable *cancellable, GError **error)
{
  LwClock *clock = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  clock = lw_http_get_clock (self->options.http);
  while (lw_clock_get_now_us (clock) < self->expires_us)
    {
      g_autoptr (LwEntraTokens) tokens = NULL;
      g_autoptr (GError) local = NULL;

      if (!lw_clock_wait (clock, self->interval_us, cancellable, error))
        return NULL;
      tokens = poll_tokens (self, cancellable, &local);
      if (tokens != NULL)
        return lw_sign_in_finish (&self->options, "device", tokens, NULL, cancellable, error);
      if (!judge_refusal (self, g_steal_pointer (&local), error))
        return NULL;
    }
  g_set_error_literal (error, LW_ERROR, LW_ERROR_SIGN_IN_EXPIRED, "The code was not used in time");
  return NULL;
}

void
lw_device_sign_in_free (LwDeviceSignIn *self)
{
  if (self == NULL)
    return;
  lw_sign_in_clear (&self->options);
  lw_secret_free (self->device_code);
  lw_secret_free (self->user_code);
  g_free (self->uri);
  g_free (self);
}

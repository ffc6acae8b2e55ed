/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading the claims of an id_token. No state, any thread. */

#include "lw-id-token.h"

#include <string.h>

#include "lw-base64url.h"
#include "lw-error.h"
#include "lw-json.h"
#include "lw-pkce.h"

/* Entra's are a few KB, with a list of groups. */
#define MAX_TOKEN (64 * 1024)

/* A name is shown, so that it ends somewhere; the ids are GUIDs of 36 characters. */
#define MAX_NAME 256
#define MAX_ID 64

static gboolean
fail (GError **error, const char *message)
{
  g_set_error_literal (error, LW_ERROR, LW_ERROR_MALFORMED, message);
  return FALSE;
}

static gboolean
is_id (const char *text)
{
  gsize length = strlen (text);

  return length > 0 && length <= MAX_ID
         && strspn (text, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-")
                == length;
}

static LwJsonDocument *
decode_claims (const char *token, GError **error)
{
  g_auto (GStrv) parts = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (strlen (token) <= MAX_TOKEN)
    parts = g_strsplit (token, ".", 4);
  if (parts == NULL || g_strv_length (parts) != 3)
    {
      fail (error, "The id token has not three parts");
      return NULL;
    }
  bytes = lw_base64url_decode (parts[1]);
  return lw_json_parse (bytes, error);
}

static gboolean
check_claims (LwJson claims, const char *client_id, const char *nonce, GError **error)
{
  if (strcmp (lw_json_get_string (claims, "aud", ""), client_id) != 0)
    return fail (error, "The id token is for another client");
  if (nonce != NULL && !lw_pkce_equal (lw_json_get_string (claims, "nonce", ""), nonce))
    return fail (error, "The id token is not of this sign-in");
  if (!is_id (lw_json_get_string (claims, "oid", ""))
      || !is_id (lw_json_get_string (claims, "tid", "")))
    return fail (error, "The id token does not say who signed in");
  return TRUE;
}

static char *
dup_name (LwJson claims, const char *member)
{
  return g_utf8_substring (
      lw_json_get_string (claims, member, ""), 0,
      MIN (MAX_NAME, g_utf8_strlen (lw_json_get_string (claims, member, ""), -1)));
}

LwIdToken *
lw_id_token_parse (const char *token, const char *client_id, const char *nonce, GError **error)
{
  g_autoptr (LwJsonDocument) document = NULL;
  LwIdToken *self = NULL;
  LwJson claims = { 0 };

  g_return_val_if_fail (token != NULL, NULL);
  g_return_val_if_fail (client_id != NULL, NULL);

  document = decode_claims (token, error);
  if (document == NULL)
    return NULL;
  claims = lw_json_document_get_root (document);
  if (!check_claims (claims, client_id, nonce, error))
    return NULL;
  self = g_new0 (LwIdToken, 1);
  self->object_id = g_strdup (lw_json_get_string (claims, "oid", ""));
  self->tenant_id = g_strdup (lw_json_get_string (claims, "tid", ""));
  self->user_name = dup_name (claims, "preferred_username");
  self->display_name = dup_name (claims, "name");
  return self;
}

void
lw_id_token_free (LwIdToken *self)
{
  if (self == NULL)
    return;
  g_free (self->object_id);
  g_free (self->tenant_id);
  g_free (self->user_name);
  g_free (self->display_name);
  g_free (self);
}

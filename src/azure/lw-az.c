/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Running the Azure CLI. No state, any thread but the main one. */

#include "lw-az.h"

#include <string.h>

#include "lw-error.h"

/* What `az` prints for us is a few KB. */
#define MAX_OUTPUT (1024 * 1024)

char *
lw_az_find (GError **error)
{
  char *path = g_find_program_in_path ("az");

  if (path == NULL)
    g_set_error_literal (error, LW_ERROR, LW_ERROR_NOT_FOUND, "There is no az on PATH");
  return path;
}

/* `az` tells only in words why it refuses; Entra's number is the part that can be kept. */
static void
set_refusal (GError **error, const char *words)
{
  const char *number = words != NULL ? strstr (words, "AADSTS") : NULL;
  gsize length = 0;

  if (number != NULL)
    length = strlen ("AADSTS") + strspn (number + strlen ("AADSTS"), "0123456789");
  g_set_error (error, LW_ERROR, LW_ERROR_SIGN_IN_NEEDED, "%.*s%saz is not signed in", (int) length,
               number != NULL ? number : "", length > 0 ? ": " : "");
}

static LwJsonDocument *
parse_output (const char *output, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;

  if (strlen (output) > MAX_OUTPUT)
    {
      g_set_error_literal (error, LW_ERROR, LW_ERROR_TOO_LARGE, "az prints too much");
      return NULL;
    }
  bytes = g_bytes_new_static (output, strlen (output));
  return lw_json_parse (bytes, error);
}

static LwJsonDocument *
run_az (const char *const *arguments, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (LwSecret) output = NULL;
  g_autofree char *words = NULL;

  process = g_subprocess_newv (
      arguments, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &local);
  if (process == NULL)
    {
      g_set_error_literal (error, LW_ERROR, LW_ERROR_NOT_FOUND, local->message);
      return NULL;
    }
  if (!g_subprocess_communicate_utf8 (process, NULL, cancellable, &output, &words, &local))
    {
      g_subprocess_force_exit (process);
      if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_propagate_error (error, g_steal_pointer (&local));
      else
        g_set_error_literal (error, LW_ERROR, LW_ERROR_MALFORMED, local->message);
      return NULL;
    }
  if (!g_subprocess_get_successful (process))
    {
      set_refusal (error, words);
      return NULL;
    }
  return parse_output (output, error);
}

LwJsonDocument *
lw_az_show_account (GCancellable *cancellable, GError **error)
{
  g_autofree char *path = lw_az_find (error);
  const char *const arguments[]
      = { path, "account", "show", "--output", "json", "--only-show-errors", NULL };

  return path != NULL ? run_az (arguments, cancellable, error) : NULL;
}

/* `expires_on` is seconds since 1970 (azure-cli 2.54 and later); before, there is only local time
 * without a zone. */
static gint64
read_expiry_us (LwJson root)
{
  gint64 seconds = lw_json_get_int (root, "expires_on", 0);
  g_autofree char *text = NULL;
  g_autoptr (GDateTime) time = NULL;
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();

  if (seconds > 0 && seconds < G_MAXINT64 / G_TIME_SPAN_SECOND)
    return seconds * G_TIME_SPAN_SECOND;
  text = g_strdup (lw_json_get_string (root, "expiresOn", ""));
  g_strdelimit (text, " ", 'T');
  time = g_date_time_new_from_iso8601 (text, zone);
  return time != NULL ? g_date_time_to_unix (time) * G_TIME_SPAN_SECOND : 0;
}

LwEntraTokens *
lw_az_get_token (const char *tenant_id, const char *scope, GCancellable *cancellable,
                 GError **error)
{
  g_autofree char *path = lw_az_find (error);
  g_autofree char *resource = NULL;
  g_autofree char *tenant = NULL;
  g_autoptr (LwJsonDocument) document = NULL;
  LwEntraTokens *tokens = NULL;
  LwJson root = { 0 };
  const char *token = NULL;

  g_return_val_if_fail (tenant_id != NULL && scope != NULL, NULL);
  g_return_val_if_fail (g_str_has_suffix (scope, "/.default"), NULL);

  if (path == NULL)
    return NULL;
  resource = g_strndup (scope, strlen (scope) - strlen ("/.default"));
  tenant = g_strconcat ("--tenant=", tenant_id, NULL);
  document
      = run_az ((const char *const[]){ path, "account", "get-access-token", "--resource", resource,
                                       tenant, "--output", "json", "--only-show-errors", NULL },
                cancellable, error);
  if (document == NULL)
    return NULL;
  root = lw_json_document_get_root (document);
  token = lw_json_need_string (root, "accessToken", error);
  if (token == NULL)
    return NULL;
  tokens = g_new0 (LwEntraTokens, 1);
  tokens->access_token = g_strdup (token);
  tokens->expires_us = read_expiry_us (root);
  return tokens;
}

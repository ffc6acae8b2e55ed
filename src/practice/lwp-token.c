/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Secrets that were issued, kept as hashes only. Any thread. */

#include "lwp-token.h"

#include <gnutls/crypto.h>
#include <string.h>

#include "lwp-directory.h"

#define RANDOM_BYTES 32
#define MAX_TOKEN_BYTES 8192
/* Rows stay this long after their end, so that until then "expired" is told from "unknown". */
#define KEEP_US G_TIME_SPAN_DAY

static const struct
{
  const char *prefix;
  const char *resource;
  const char *audience;
} resources[] = {
  { "https://management.azure.com", "arm", "https://management.azure.com" },
  { "https://management.core.windows.net", "arm", "https://management.core.windows.net/" },
  { "https://ml.azure.com", "ml", "https://ml.azure.com" },
  { "https://storage.azure.com", "storage", "https://storage.azure.com" },
  { "https://graph.microsoft.com", "graph", "https://graph.microsoft.com" },
  { "https://vault.azure.net", "vault", "https://vault.azure.net" },
};

static const char *const steps[] = {
  "CREATE TABLE tokens ("
  " hash TEXT PRIMARY KEY,"
  " kind INTEGER NOT NULL,"
  " tenant TEXT NOT NULL,"
  " account TEXT NOT NULL,"
  " client TEXT NOT NULL,"
  " resource TEXT NOT NULL,"
  " expires_us INTEGER NOT NULL,"
  " data TEXT"
  ") WITHOUT ROWID;"
  "CREATE INDEX tokens_end ON tokens (expires_us);",
  NULL
};

gboolean
lwp_token_register (LwpCloud *cloud, GError **error)
{
  return lwp_store_ensure (lwp_cloud_get_store (cloud), "tokens", steps, error);
}

LwpGrant *
lwp_grant_new (const char *tenant, const char *account, const char *client, const char *resource,
               gint64 expires_us)
{
  LwpGrant *grant = g_new0 (LwpGrant, 1);

  grant->tenant = g_strdup (tenant);
  grant->account = g_strdup (account);
  grant->client = g_strdup (client);
  grant->resource = g_strdup (resource);
  grant->expires_us = expires_us;
  return grant;
}

void
lwp_grant_free (LwpGrant *grant)
{
  g_free (grant->tenant);
  g_free (grant->account);
  g_free (grant->client);
  g_free (grant->resource);
  g_clear_pointer (&grant->data, json_object_unref);
  g_free (grant);
}

char *
lwp_token_base64url (gconstpointer data, gsize size)
{
  char *text = g_base64_encode (data, size);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';
  return text;
}

char *
lwp_token_random (gsize n_bytes)
{
  g_autofree guint8 *bytes = g_malloc (n_bytes);
  int code = gnutls_rnd (GNUTLS_RND_KEY, bytes, n_bytes);

  /* Without randomness there is no way to go on. */
  if (code < 0)
    g_error ("gnutls_rnd: %s", gnutls_strerror (code));
  return lwp_token_base64url (bytes, n_bytes);
}

static const char *
get_audience (const char *resource)
{
  for (gsize i = 0; i < G_N_ELEMENTS (resources); i++)
    if (strcmp (resources[i].resource, resource) == 0)
      return resources[i].audience;
  return "";
}

/* header.payload.random: what SDKs look at is right, what makes it valid is the last part. */
static char *
make_access_token (LwpCloud *cloud, const LwpGrant *grant)
{
  static const char header[] = "{\"typ\":\"JWT\",\"alg\":\"none\"}";
  g_autoptr (LwpCaller) caller = lwp_token_dup_caller (grant);
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *claims = json_object_new ();
  gint64 now = lwp_cloud_get_now_us (cloud) / G_USEC_PER_SEC;
  g_autofree char *issuer = g_strdup_printf ("https://sts.windows.net/%s/", grant->tenant);
  g_autofree char *text = NULL;
  g_autofree char *head = lwp_token_base64url (header, strlen (header));
  g_autofree char *body = NULL;
  g_autofree char *random = lwp_token_random (RANDOM_BYTES);

  json_object_set_string_member (claims, "aud", get_audience (grant->resource));
  json_object_set_string_member (claims, "iss", issuer);
  json_object_set_int_member (claims, "iat", now);
  json_object_set_int_member (claims, "nbf", now);
  json_object_set_int_member (claims, "exp", grant->expires_us / G_USEC_PER_SEC);
  json_object_set_string_member (claims, "appid", grant->client);
  json_object_set_string_member (claims, "oid", grant->account);
  json_object_set_string_member (claims, "tid", grant->tenant);
  json_object_set_string_member (claims, "sub", grant->account);
  json_object_set_string_member (claims, "name", caller->name);
  json_object_set_string_member (claims, "upn", caller->sign_in_name);
  json_object_set_string_member (claims, "unique_name", caller->sign_in_name);
  json_object_set_string_member (claims, "scp", "user_impersonation");
  json_object_set_string_member (claims, "ver", "1.0");
  json_node_take_object (node, claims);
  text = json_to_string (node, FALSE);
  body = lwp_token_base64url (text, strlen (text));
  return g_strjoin (".", head, body, random, NULL);
}

static char *
dup_hash (const char *token)
{
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, token, -1);
}

static char *
dump_data (const LwpGrant *grant)
{
  g_autoptr (JsonNode) node = NULL;

  if (grant->data == NULL)
    return NULL;
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_set_object (node, grant->data);
  return json_to_string (node, FALSE);
}

void
lwp_token_keep (LwpCloud *cloud, LwpTokenKind kind, const char *token, const LwpGrant *grant)
{
  g_autofree char *hash = dup_hash (token);
  g_autofree char *data = dump_data (grant);

  lwp_store_run (lwp_cloud_get_store (cloud),
                 "INSERT OR REPLACE INTO tokens VALUES (?, ?, ?, ?, ?, ?, ?, ?)", "sissssis", hash,
                 (gint64) kind, grant->tenant, grant->account, grant->client, grant->resource,
                 grant->expires_us, data);
}

char *
lwp_token_issue (LwpCloud *cloud, LwpTokenKind kind, const LwpGrant *grant)
{
  char *token = kind == LWP_TOKEN_ACCESS ? make_access_token (cloud, grant)
                                         : lwp_token_random (RANDOM_BYTES);

  lwp_store_run (lwp_cloud_get_store (cloud), "DELETE FROM tokens WHERE expires_us < ?", "i",
                 lwp_cloud_get_now_us (cloud) - KEEP_US);
  lwp_token_keep (cloud, kind, token, grant);
  return token;
}

static void
read_grant (sqlite3_stmt *row, gpointer user_data)
{
  LwpGrant **grant = user_data;
  const char *data = (const char *) sqlite3_column_text (row, 5);

  *grant = lwp_grant_new ((const char *) sqlite3_column_text (row, 0),
                          (const char *) sqlite3_column_text (row, 1),
                          (const char *) sqlite3_column_text (row, 2),
                          (const char *) sqlite3_column_text (row, 3),
                          sqlite3_column_int64 (row, 4));
  if (data != NULL)
    {
      g_autoptr (JsonNode) node = json_from_string (data, NULL);

      if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
        (*grant)->data = json_node_dup_object (node);
    }
}

LwpGrant *
lwp_token_find (LwpCloud *cloud, LwpTokenKind kind, const char *token)
{
  g_autofree char *hash = NULL;
  LwpGrant *grant = NULL;

  if (strlen (token) > MAX_TOKEN_BYTES)
    return NULL;
  hash = dup_hash (token);
  lwp_store_query (lwp_cloud_get_store (cloud), read_grant, &grant,
                   "SELECT tenant, account, client, resource, expires_us, data FROM tokens"
                   " WHERE hash = ? AND kind = ?",
                   "si", hash, (gint64) kind);
  return grant;
}

gboolean
lwp_token_revoke (LwpCloud *cloud, LwpTokenKind kind, const char *token)
{
  g_autofree char *hash = dup_hash (token);

  return lwp_store_run (lwp_cloud_get_store (cloud),
                        "DELETE FROM tokens WHERE hash = ? AND kind = ?", "si", hash,
                        (gint64) kind)
         > 0;
}

const char *
lwp_token_get_resource (const char *scope)
{
  for (gsize i = 0; i < G_N_ELEMENTS (resources); i++)
    {
      gsize length = strlen (resources[i].prefix);

      if (strncmp (scope, resources[i].prefix, length) == 0
          && (scope[length] == '\0' || scope[length] == '/'))
        return resources[i].resource;
    }
  return NULL;
}

char *
lwp_token_dup_bearer (LwpRequest *request)
{
  const char *header = lwp_request_get_header (request, "Authorization");

  if (header == NULL || g_ascii_strncasecmp (header, "Bearer ", 7) != 0)
    return NULL;
  return g_strstrip (g_strdup (header + 7));
}

gboolean
lwp_token_check_request (LwpCloud *cloud, LwpRequest *request, const char *resource)
{
  g_autofree char *token = lwp_token_dup_bearer (request);
  g_autoptr (LwpGrant) grant = NULL;

  if (token != NULL)
    grant = lwp_token_find (cloud, LWP_TOKEN_ACCESS, token);
  if (grant == NULL || grant->expires_us <= lwp_cloud_get_now_us (cloud)
      || strcmp (grant->resource, resource) != 0)
    return FALSE;
  lwp_request_take_caller (request, lwp_token_dup_caller (grant));
  return TRUE;
}

LwpCaller *
lwp_token_dup_caller (const LwpGrant *grant)
{
  const LwpAccount *account = lwp_directory_find_account (grant->account);
  LwpCaller *caller = g_new0 (LwpCaller, 1);

  caller->tenant = g_strdup (grant->tenant);
  caller->object = g_strdup (grant->account);
  caller->client = g_strdup (grant->client);
  caller->name = g_strdup (account != NULL ? account->name : "");
  caller->sign_in_name = g_strdup (account != NULL ? account->sign_in_name : "");
  return caller;
}

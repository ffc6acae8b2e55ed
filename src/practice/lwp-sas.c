/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Shared access signatures of blob storage, made and checked. Which fields are signed, in which
 * order, changed with the signing version in the field "sv":
 *
 *   service SAS (account key)             2015-04-05, 2018-11-09 (+ sr, snapshot),
 *                                         2020-12-06 (+ encryption scope)
 *   user delegation SAS (key of a user)   2018-11-09, 2020-02-10 (+ three ids),
 *                                         2020-12-06 (+ encryption scope)
 *
 * A user delegation key is derived from the fields that describe it, so none has to be kept. Any
 * thread. */

#include "lwp-sas.h"

#include <string.h>

#include "lwp-secret.h"

#define FIRST_VERSION "2015-04-05"
#define RESOURCE_VERSION "2018-11-09"
#define ID_VERSION "2020-02-10"
#define SCOPE_VERSION "2020-12-06"
/* What the ML service was seen to sign with. */
#define OUR_VERSION "2019-07-07"
#define OUR_LEAD_SECS (10 * 60)
#define OUR_LIFE_SECS (8 * 60 * 60)
#define BLOB_SUFFIX ".blob.core.windows.net"

typedef const char *(*FieldFunc) (gpointer source, const char *name);

static const char *
request_field (gpointer source, const char *name)
{
  return lwp_request_get_query (source, name);
}

static const char *
table_field (gpointer source, const char *name)
{
  return g_hash_table_lookup (source, name);
}

static gboolean
at_least (const char *version, const char *first)
{
  return strcmp (version, first) >= 0;
}

static void
add_fields (GString *text, FieldFunc field, gpointer source, const char *const *names)
{
  for (gsize i = 0; names[i] != NULL; i++)
    {
      const char *value = field (source, names[i]);

      g_string_append (text, value == NULL ? "" : value);
      g_string_append_c (text, '\n');
    }
}

/* The text that is signed. @resource is "/blob/account/container[/blob]". */
static char *
string_to_sign (FieldFunc field, gpointer source, const char *resource)
{
  GString *text = g_string_new (NULL);
  const char *version = field (source, "sv");
  gboolean delegation = field (source, "skoid") != NULL;

  add_fields (text, field, source, (const char *const[]){ "sp", "st", "se", NULL });
  g_string_append_printf (text, "%s\n", resource);
  if (delegation)
    add_fields (text, field, source,
                (const char *const[]){ "skoid", "sktid", "skt", "ske", "sks", "skv", NULL });
  else
    add_fields (text, field, source, (const char *const[]){ "si", NULL });
  if (delegation && at_least (version, ID_VERSION))
    add_fields (text, field, source, (const char *const[]){ "saoid", "suoid", "scid", NULL });
  add_fields (text, field, source, (const char *const[]){ "sip", "spr", "sv", NULL });
  if (at_least (version, RESOURCE_VERSION))
    add_fields (text, field, source, (const char *const[]){ "sr", "snapshot", NULL });
  if (at_least (version, SCOPE_VERSION))
    add_fields (text, field, source, (const char *const[]){ "ses", NULL });
  add_fields (text, field, source,
              (const char *const[]){ "rscc", "rscd", "rsce", "rscl", "rsct", NULL });
  g_string_truncate (text, text->len - 1);
  return g_string_free (text, FALSE);
}

static char *
sign_with_account_key (LwpCloud *cloud, const char *account, const char *text)
{
  g_autofree char *base64 = lwp_secret_dup_account_key (cloud, account);
  g_autofree guint8 *key = NULL;
  gsize size;
  char *signature;

  if (base64 == NULL)
    return NULL;
  key = g_base64_decode (base64, &size);
  signature = lwp_secret_sign (key, size, text);
  explicit_bzero (key, size);
  explicit_bzero (base64, strlen (base64));
  return signature;
}

static char *
sign_with_delegation_key (LwpCloud *cloud, FieldFunc field, gpointer source, const char *account,
                          const char *text)
{
  g_autoptr (GString) name = g_string_new (account);
  guint8 key[LWP_SECRET_BYTES];
  char *signature = NULL;

  g_string_append_c (name, '\n');
  add_fields (name, field, source,
              (const char *const[]){ "skoid", "sktid", "skt", "ske", "sks", "skv", NULL });
  if (lwp_secret_derive (cloud, "user delegation key", name->str, key))
    signature = lwp_secret_sign (key, sizeof key, text);
  explicit_bzero (key, sizeof key);
  return signature;
}

static char *
dup_signature (LwpCloud *cloud, FieldFunc field, gpointer source, const char *account,
               const char *resource)
{
  g_autofree char *text = string_to_sign (field, source, resource);

  if (field (source, "skoid") != NULL)
    return sign_with_delegation_key (cloud, field, source, account, text);
  return sign_with_account_key (cloud, account, text);
}

gboolean
lwp_sas_is_present (LwpRequest *request)
{
  return lwp_request_get_query (request, "sig") != NULL;
}

gboolean
lwp_sas_permits (LwpRequest *request, char permission)
{
  const char *permissions = lwp_request_get_query (request, "sp");

  return permissions != NULL && strchr (permissions, permission) != NULL;
}

gboolean
lwp_sas_is_for_container (LwpRequest *request)
{
  return g_strcmp0 (lwp_request_get_query (request, "sr"), "c") == 0;
}

/* "2026-01-31", "2026-01-31T12:00Z" or "2026-01-31T12:00:00Z", as the service accepts them. */
static gboolean
parse_time (const char *text, gint64 *time_us)
{
  g_autofree char *whole = NULL;
  g_autoptr (GDateTime) time = NULL;

  if (strlen (text) == strlen ("2026-01-31"))
    whole = g_strconcat (text, "T00:00:00Z", NULL);
  else if (strlen (text) == strlen ("2026-01-31T12:00Z") && g_str_has_suffix (text, "Z"))
    whole = g_strdup_printf ("%.*s:00Z", (int) strlen (text) - 1, text);
  else
    whole = g_strdup (text);
  time = g_date_time_new_from_iso8601 (whole, NULL);
  if (time == NULL)
    return FALSE;
  *time_us = g_date_time_to_unix (time) * G_USEC_PER_SEC;
  return TRUE;
}

static LwpSasVerdict
check_times (LwpCloud *cloud, LwpRequest *request, const char *start_name, const char *end_name)
{
  const char *start = lwp_request_get_query (request, start_name);
  const char *end = lwp_request_get_query (request, end_name);
  gint64 now_us = lwp_cloud_get_now_us (cloud);
  gint64 time_us;

  if (end == NULL || !parse_time (end, &time_us))
    return LWP_SAS_MALFORMED;
  if (now_us >= time_us)
    return LWP_SAS_NOT_NOW;
  if (start == NULL || *start == '\0')
    return LWP_SAS_GOOD;
  if (!parse_time (start, &time_us))
    return LWP_SAS_MALFORMED;
  return now_us < time_us ? LWP_SAS_NOT_NOW : LWP_SAS_GOOD;
}

static gboolean
is_well_formed (LwpRequest *request)
{
  const char *version = lwp_request_get_query (request, "sv");
  const char *kind = lwp_request_get_query (request, "sr");

  return version != NULL && at_least (version, FIRST_VERSION)
         && lwp_request_get_query (request, "sp") != NULL && kind != NULL
         && (g_str_equal (kind, "b") || g_str_equal (kind, "c"));
}

LwpSasVerdict
lwp_sas_check (LwpCloud *cloud, LwpRequest *request, const char *account, const char *container,
               const char *blob)
{
  const char *address = lwp_request_get_query (request, "sip");
  g_autofree char *resource = NULL;
  g_autofree char *signature = NULL;
  LwpSasVerdict verdict = LWP_SAS_GOOD;

  if (!is_well_formed (request))
    return LWP_SAS_MALFORMED;
  if (lwp_sas_is_for_container (request) || blob == NULL)
    resource = g_strdup_printf ("/blob/%s/%s", account, container);
  else
    resource = g_strdup_printf ("/blob/%s/%s/%s", account, container, blob);
  signature = dup_signature (cloud, request_field, request, account, resource);
  if (signature == NULL
      || !lwp_secret_equal (signature, lwp_request_get_query (request, "sig")))
    return LWP_SAS_FORGED;
  verdict = check_times (cloud, request, "st", "se");
  if (verdict == LWP_SAS_GOOD && lwp_request_get_query (request, "skoid") != NULL)
    verdict = check_times (cloud, request, "skt", "ske");
  /* Everything comes over loopback. */
  if (verdict == LWP_SAS_GOOD && address != NULL && !g_str_equal (address, "127.0.0.1"))
    verdict = LWP_SAS_ELSEWHERE;
  return verdict;
}

static char *
dup_time (gint64 time_us)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (time_us / G_USEC_PER_SEC);

  return g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ");
}

static void
add_to_query (GString *query, GHashTable *fields, const char *name)
{
  g_autofree char *value = g_uri_escape_string (g_hash_table_lookup (fields, name), NULL, FALSE);

  g_string_append_printf (query, "%s%s=%s", query->len == 0 ? "" : "&", name, value);
}

static GHashTable *
grant_fields (LwpCloud *cloud, const LwpSasGrant *grant)
{
  GHashTable *fields = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  gint64 start_us = lwp_cloud_get_now_us (cloud) - OUR_LEAD_SECS * (gint64) G_USEC_PER_SEC;
  gint64 end_us = start_us + (OUR_LEAD_SECS + OUR_LIFE_SECS) * (gint64) G_USEC_PER_SEC;

  g_hash_table_insert (fields, (gpointer) "sv", g_strdup (OUR_VERSION));
  g_hash_table_insert (fields, (gpointer) "sr", g_strdup (grant->blob == NULL ? "c" : "b"));
  g_hash_table_insert (fields, (gpointer) "skoid", g_strdup (grant->object));
  g_hash_table_insert (fields, (gpointer) "sktid", g_strdup (grant->tenant));
  g_hash_table_insert (fields, (gpointer) "skt", dup_time (start_us));
  g_hash_table_insert (fields, (gpointer) "ske", dup_time (end_us));
  g_hash_table_insert (fields, (gpointer) "sks", g_strdup ("b"));
  g_hash_table_insert (fields, (gpointer) "skv", g_strdup (OUR_VERSION));
  g_hash_table_insert (fields, (gpointer) "st", dup_time (start_us));
  g_hash_table_insert (fields, (gpointer) "se", dup_time (end_us));
  g_hash_table_insert (fields, (gpointer) "sp", g_strdup (grant->permissions));
  return fields;
}

char *
lwp_sas_dup_url (LwpCloud *cloud, const LwpSasGrant *grant)
{
  static const char *const order[]
      = { "sv", "sr", "sig", "skoid", "sktid", "skt", "ske", "sks", "skv", "st", "se", "sp" };
  g_autoptr (GHashTable) fields = NULL;
  g_autoptr (GString) query = g_string_new (NULL);
  g_autofree char *path = NULL;
  g_autofree char *resource = NULL;
  g_autofree char *escaped = NULL;
  char *signature;

  g_return_val_if_fail (grant != NULL, NULL);

  path = grant->blob == NULL ? g_strdup (grant->container)
                             : g_strconcat (grant->container, "/", grant->blob, NULL);
  resource = g_strdup_printf ("/blob/%s/%s", grant->account, path);
  fields = grant_fields (cloud, grant);
  signature = dup_signature (cloud, table_field, fields, grant->account, resource);
  if (signature == NULL)
    return NULL;
  g_hash_table_insert (fields, (gpointer) "sig", signature);
  for (gsize i = 0; i < G_N_ELEMENTS (order); i++)
    add_to_query (query, fields, order[i]);
  escaped = g_uri_escape_string (path, "/", FALSE);
  return g_strdup_printf ("https://%s" BLOB_SUFFIX "/%s?%s", grant->account, escaped, query->str);
}

/* Collects what belongs into the canonical lists of SharedKey: name (lower case) to values. */
static void
add_pair (GTree *pairs, const char *name, const char *value)
{
  g_autofree char *key = g_ascii_strdown (name, -1);
  const char *before = g_tree_lookup (pairs, key);

  g_tree_insert (pairs, g_steal_pointer (&key),
                 before == NULL ? g_strdup (value) : g_strconcat (before, ",", value, NULL));
}

static void
add_header_cb (const char *name, const char *value, gpointer pairs)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (value));

  if (g_ascii_strncasecmp (name, "x-ms-", strlen ("x-ms-")) == 0)
    add_pair (pairs, name, trimmed);
}

static void
add_query_cb (const char *name, const char *value, gpointer pairs)
{
  add_pair (pairs, name, value);
}

static gboolean
append_header_cb (gpointer name, gpointer value, gpointer text)
{
  g_string_append_printf (text, "%s:%s\n", (const char *) name, (const char *) value);
  return FALSE;
}

static gboolean
append_query_cb (gpointer name, gpointer value, gpointer text)
{
  g_string_append_printf (text, "\n%s:%s", (const char *) name, (const char *) value);
  return FALSE;
}

static int
compare_names (gconstpointer a, gconstpointer b, gpointer user_data)
{
  return strcmp (a, b);
}

static char *
shared_key_text (LwpRequest *request, const char *account)
{
  static const char *const signed_headers[]
      = { "Content-Encoding",  "Content-Language", "Content-Length", "Content-MD5",
          "Content-Type",      "Date",             "If-Modified-Since", "If-Match",
          "If-None-Match",     "If-Unmodified-Since", "Range" };
  GString *text = g_string_new (lwp_request_get_method (request));
  g_autoptr (GTree) headers = g_tree_new_full (compare_names, NULL, g_free, g_free);
  g_autoptr (GTree) query = g_tree_new_full (compare_names, NULL, g_free, g_free);
  gboolean own_date = lwp_request_get_header (request, "x-ms-date") != NULL;

  g_string_append_c (text, '\n');
  for (gsize i = 0; i < G_N_ELEMENTS (signed_headers); i++)
    {
      const char *value = lwp_request_get_header (request, signed_headers[i]);
      gboolean unsaid = value == NULL
                        || (g_str_equal (signed_headers[i], "Content-Length")
                            && g_str_equal (value, "0"))
                        || (g_str_equal (signed_headers[i], "Date") && own_date);

      g_string_append_printf (text, "%s\n", unsaid ? "" : value);
    }
  lwp_request_foreach_header (request, add_header_cb, headers);
  g_tree_foreach (headers, append_header_cb, text);
  g_string_append_printf (text, "/%s%s", account, lwp_request_get_raw_path (request));
  lwp_request_foreach_query (request, add_query_cb, query);
  g_tree_foreach (query, append_query_cb, text);
  return g_string_free (text, FALSE);
}

gboolean
lwp_shared_key_check (LwpCloud *cloud, LwpRequest *request, const char *account)
{
  const char *header = lwp_request_get_header (request, "Authorization");
  g_autofree char *prefix = g_strdup_printf ("SharedKey %s:", account);
  g_autofree char *text = NULL;
  g_autofree char *signature = NULL;

  if (header == NULL || !g_str_has_prefix (header, prefix))
    return FALSE;
  text = shared_key_text (request, account);
  signature = sign_with_account_key (cloud, account, text);
  return signature != NULL && lwp_secret_equal (signature, header + strlen (prefix));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "lw-mask.h"

#define JWT "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJodHRwczovLyJ9.c2lnbmF0dXJl-_"

typedef struct
{
  const char *what; /* header's name, content type */
  const char *in;
  const char *out;
} Row;

static const Row headers[] = {
  { "Authorization", "Bearer abc", "Bearer •••" },
  { "authorization", "SharedKey account:c2ln", "SharedKey •••" },
  { "Authorization", "abc", "•••" },
  { "Proxy-Authorization", "Basic YTpi", "Basic •••" },
  { "Cookie", "a=b; c=d", "•••" },
  { "Set-Cookie", "fpc=x; path=/", "•••" },
  { "x-azureml-token", "abc", "•••" },
  { "Content-Type", "application/json; charset=utf-8", "application/json; charset=utf-8" },
  { "x-ms-request-id", "8b0d5f2e-0c1f-4a21", "8b0d5f2e-0c1f-4a21" },
  { "X-Anything", "at " JWT " end", "at ••• end" },
  { "Location",
    "https://management.azure.com/s/1/operationresults/"
    "x?api-version=2024-03-01&t=1&c=MII&s=k3&h=Zz",
    "https://management.azure.com/s/1/operationresults/"
    "x?api-version=2024-03-01&t=•••&c=•••&s=•••&h=•••" },
  { "Azure-AsyncOperation", "https://a/?t=1", "https://a/?t=•••" },
  { "x-ms-copy-source", "https://a.blob.core.windows.net/c/b?sv=2&sig=a%2Bb%3D",
    "https://a.blob.core.windows.net/c/b?sv=2&sig=•••" },
  { "WWW-Authenticate",
    "Bearer realm=\"\", authorization_uri=\"https://login/\", error=\"insufficient_claims\", "
    "claims=\"eyJhY2Nlc3M\"",
    "Bearer realm=\"\", authorization_uri=\"https://login/\", error=\"insufficient_claims\", "
    "claims=\"•••\"" },
  { "WWW-Authenticate", "Bearer authorization_uri=\"https://login/\"",
    "Bearer authorization_uri=\"https://login/\"" },
};

static const Row urls[] = {
  { NULL, "https://a.test/b%20c?api-version=1", "https://a.test/b%20c?api-version=1" },
  { NULL, "https://a.test/?SIG=x&sv=1#f", "https://a.test/?SIG=•••&sv=1#f" },
  { NULL, "https://a.test/?s%69g=x", "https://a.test/?s%69g=•••" },
  { NULL, "https://a.test/?%zz=x", "https://a.test/?%zz=•••" },
  { NULL, "https://user:word@a.test/p?q=1", "https://•••@a.test/p?q=1" },
  { NULL, "https://a.test/p@q?r=s@t", "https://a.test/p@q?r=s@t" },
  { NULL, "http://localhost:1/?code=0.A&state=st&session_state=ss",
    "http://localhost:1/?code=•••&state=•••&session_state=•••" },
  { NULL, "http://localhost/#access_token=x&token_type=Bearer",
    "http://localhost/#access_token=•••&token_type=Bearer" },
  { NULL, "https://a/?url=https%3A%2F%2Fb%2F%3Fsv%3D1%26sig%3Dabc",
    "https://a/?url=https%3A%2F%2Fb%2F%3Fsv%3D1%26sig%3D•••" },
  { NULL, "wss://a/terminals/websocket/1?token=abc", "wss://a/terminals/websocket/1?token=•••" },
  { NULL, "?&=&sig&sig=&", "?&=&sig&sig=•••&" },
  { NULL, "", "" },
};

static const Row bodies[] = {
  { "application/json", "{\"access_token\":\"" JWT "\", \"expires_in\": 3599}",
    "{\"access_token\":\"•••\", \"expires_in\": 3599}" },
  { "application/json", "{\"refresh_token\" :\t\"0.A\\\"x\",\"token_type\":\"Bearer\"}",
    "{\"refresh_token\" :\t\"•••\",\"token_type\":\"Bearer\"}" },
  { NULL, " {\"user_code\":\"ABCD1234E\",\"message\":\"enter the code ABCD1234E to\"}",
    " {\"user_code\":\"•••\",\"message\":\"enter the code ••• to\"}" },
  { NULL, "{\"message\":\"code ABCD1234E\",\"user_code\":\"ABCD1234E\"}",
    "{\"message\":\"code •••\",\"user_code\":\"•••\"}" },
  { "text/json", "{\"secretsType\":\"AccountKey\",\"key\":\"c2VjcmV0\"}",
    "{\"secretsType\":\"AccountKey\",\"key\":\"•••\"}" },
  { "application/json", "{\"secretsType\":\"Sas\",\"sasToken\":\"sv=1&sig=x\"}",
    "{\"secretsType\":\"Sas\",\"sasToken\":\"•••\"}" },
  { "application/json", "{\"sasUri\":\"https://a/c?sv=1\\u0026sig=a%2Bb\\u0026se=2\"}",
    "{\"sasUri\":\"https://a/c?sv=1\\u0026sig=•••\\u0026se=2\"}" },
  { "application/json", "{\"passwords\":[{\"name\":\"a\",\"value\":\"b\"}],\"value\":\"c\"}",
    "{\"passwords\":[{\"name\":\"•••\",\"value\":\"•••\"}],\"value\":\"c\"}" },
  { "application/json", "{\"acce\\u0073s_token\":\"x\",\"key\":12,\"key1\":null}",
    "{\"acce\\u0073s_token\":\"•••\",\"key\":\"•••\",\"key1\":null}" },
  { "application/json", "{\"error\":{\"code\":\"NotFound\"},\"state\":\"Running\",\"count\":1e3}",
    "{\"error\":{\"code\":\"NotFound\"},\"state\":\"Running\",\"count\":1e3}" },
  { "application/json", "{\"inner\":\"{\\\"access_token\\\":\\\"geheim\\\"}\"}",
    "{\"inner\":\"{\\\"access_token\\\":\\\"•••\\\"}\"}" },
  { "application/json", "{\"access_token\":\"cut sho", "{\"access_token\":\"•••\"" },
  { "application/x-www-form-urlencoded", "grant_type=refresh_token&refresh_token=0.A&client_id=x",
    "grant_type=refresh_token&refresh_token=•••&client_id=x" },
  { "application/x-www-form-urlencoded; charset=utf-8", "code=1&code_verifier=2&scope=a%20b",
    "code=•••&code_verifier=•••&scope=a%20b" },
  { "text/plain",
    "log " JWT "\nhttps://a/b?sv=1&sig=x%3D&se=2 Authorization: Bearer abcdefgh1234\n",
    "log •••\nhttps://a/b?sv=1&sig=•••&se=2 Authorization: Bearer •••\n" },
  { "text/plain", "DefaultEndpointsProtocol=https;AccountKey=abc==;EndpointSuffix=x",
    "DefaultEndpointsProtocol=https;AccountKey=•••;EndpointSuffix=x" },
  { "application/xml", "<Url>https://a/?sv=1&amp;sig=abc&amp;se=1</Url>",
    "<Url>https://a/?sv=1&amp;sig=•••&amp;se=1</Url>" },
  { "text/plain", "keyJsonDocument, honeyJar design=1 한글",
    "keyJsonDocument, honeyJar design=1 한글" },
  { "text/plain", "", "" },
};

static void
test_headers (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      g_autofree char *out = lw_mask_header (headers[i].what, headers[i].in);

      g_assert_cmpstr (out, ==, headers[i].out);
    }
}

static void
test_urls (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (urls); i++)
    {
      g_autofree char *out = lw_mask_url (urls[i].in);

      g_assert_cmpstr (out, ==, urls[i].out);
    }
}

static char *
mask_body (const char *content_type, const char *text, gsize length)
{
  return lw_mask_body (content_type, (const guint8 *) text, length);
}

static void
test_bodies (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autofree char *out = mask_body (bodies[i].what, bodies[i].in, strlen (bodies[i].in));

      g_assert_cmpstr (out, ==, bodies[i].out);
    }
}

static void
test_not_text (void)
{
  g_assert_null (mask_body ("text/plain", "\xff\xfe", 2));
  g_assert_null (mask_body ("application/octet-stream", "a\0b", 3));
}

/* Wherever an answer of the token endpoint is cut, nothing of a token shows. */
static void
test_cut_anywhere (void)
{
  static const char answer[]
      = "{\"token_type\":\"Bearer\",\"access_token\":\"QQQQQQ\",\"refresh_token\":"
        "\"QQQQQQ\",\"x\":{\"client_info\":\"QQQQQQ\",\"key\":[\"QQQQ\"]}}";

  for (gsize length = 0; length <= strlen (answer); length++)
    {
      g_autofree char *out = mask_body ("application/json", answer, length);

      g_assert_null (strstr (out, "Q"));
    }
}

static void
test_twice_is_once (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autofree char *again = mask_body (bodies[i].what, bodies[i].out, strlen (bodies[i].out));

      g_assert_cmpstr (again, ==, bodies[i].out);
    }
}

/* What would make a careless pattern or scanner take its time. */
static void
test_hostile_text_is_quick (void)
{
  static const char *const pieces[]
      = { "eyJ", "sig=", "Bearer ", "password ", "{\"key\":", "\\\"", "a=", "%26" };
  gint64 started_us = g_get_monotonic_time ();

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autofree char *as_text = NULL;
      g_autofree char *as_json = NULL;
      g_autofree char *as_form = NULL;

      while (text->len < 64 * 1024)
        g_string_append (text, pieces[i]);
      as_text = mask_body ("text/plain", text->str, text->len);
      as_json = mask_body ("application/json", text->str, text->len);
      as_form = mask_body ("application/x-www-form-urlencoded", text->str, text->len);
      g_assert_nonnull (as_text);
      g_assert_nonnull (as_json);
      g_assert_nonnull (as_form);
    }
  g_test_message ("%.1f ms", (double) (g_get_monotonic_time () - started_us) / 1000);
  g_assert_cmpint (g_get_monotonic_time () - started_us, <, 10 * G_USEC_PER_SEC);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mask/headers", test_headers);
  g_test_add_func ("/mask/urls", test_urls);
  g_test_add_func ("/mask/bodies", test_bodies);
  g_test_add_func ("/mask/not-text", test_not_text);
  g_test_add_func ("/mask/cut-anywhere", test_cut_anywhere);
  g_test_add_func ("/mask/twice-is-once", test_twice_is_once);
  g_test_add_func ("/mask/hostile-text-is-quick", test_hostile_text_is_quick);
  return g_test_run ();
}

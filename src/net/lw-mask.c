/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Masking by name (headers, members of a query, of a form, of JSON) and by looks (text). Lists of
 * names are compared in small letters without "_" and "-". */

#include "lw-mask.h"

#include <string.h>

#include "lw-mask-private.h"

/* Members of JSON and of forms. "code" and "state" are not here: in JSON the one is that of an
 * error and the other that of a resource. */
static const char *const secret_names[] = {
  "accesskey",
  "accesstoken",
  "accountkey",
  "appinsightsinstrumentationkey",
  "assertion",
  "authorization",
  "clientassertion",
  "clientinfo",
  "clientsecret",
  "codeverifier",
  "connectionstring",
  "devicecode",
  "idtoken",
  "instrumentationkey",
  "key",
  "key1",
  "key2",
  "keys",
  "password",
  "passwords",
  "primarykey",
  "privatekey",
  "refreshtoken",
  "sastoken",
  "secondarykey",
  "secret",
  "sharedaccesskey",
  "token",
  "usercode",
  "userstoragekey",
};

/* Members of a query or a form besides: OAuth's, a SAS's, ARM's signatures of poll URLs. */
static const char *const secret_parameters[] = {
  "c", "code", "codechallenge", "h", "s", "sessionstate", "sig", "state", "t",
};

/* The value is all secret. */
static const char *const secret_headers[] = {
  "authorization", "cookie",      "proxyauthorization",      "setcookie",
  "xazuremltoken", "xxsrftoken",  "xmscopysourceauthorization", "xmsencryptionkey",
};

static const char *const url_headers[] = {
  "azureasyncoperation", "contentlocation", "location",        "operationlocation",
  "referer",             "xmscopysource",   "xmsrequesturl",
};

static char *
normalise (const char *name)
{
  char *result = g_ascii_strdown (name, -1);
  char *to = result;

  for (const char *from = result; *from != '\0'; from++)
    {
      if (*from != '_' && *from != '-')
        *to++ = *from;
    }
  *to = '\0';
  return result;
}

static gboolean
is_in (const char *const *names, gsize count, const char *name)
{
  g_autofree char *normal = normalise (name);

  for (gsize i = 0; i < count; i++)
    {
      if (g_str_equal (names[i], normal))
        return TRUE;
    }
  return FALSE;
}

gboolean
lw_mask_is_secret_name (const char *name)
{
  return is_in (secret_names, G_N_ELEMENTS (secret_names), name);
}

/* ---- text ---- */

/* None of them crosses a quote, a backslash or white space inside of a secret, so that they may run
 * over JSON too; none can backtrack far. */
static const struct
{
  const char *pattern;
  const char *replacement;
} looks[] = {
  /* a token of three or five parts, or the beginning of one */
  { "(?<![A-Za-z0-9])(?-i:eyJ)[\\w-]{8,}(?:\\.[\\w-]*)*+", LW_MASK },
  /* also behind "\u0026" and, in a URL inside of a URL, "%26" */
  { "(sig(?:=|%3D))[^&\\s\"'\\\\<>]+", "\\1" LW_MASK },
  { "\\b((?:AccountKey|SharedAccessKey|SharedAccessSignature)=)[^;\\s\"'\\\\<>]+", "\\1" LW_MASK },
  /* but not the "Bearer realm=…" of a challenge */
  { "\\b(Bearer\\s+)(?!\\w+=\")[\\w.~+/=-]{8,}", "\\1" LW_MASK },
  { "\\b((?:access_?token|refresh_?token|id_?token|client_?secret|code_?verifier|device_?code|"
    "password)\\\\?[\"']?\\s*[:=]\\s*\\\\?[\"']?)[^\\s&\"'\\\\,;<>]+",
    "\\1" LW_MASK },
};

static GRegex *
get_look (gsize index)
{
  static GRegex *regexes[G_N_ELEMENTS (looks)];
  static gsize once = 0;

  if (g_once_init_enter (&once))
    {
      for (gsize i = 0; i < G_N_ELEMENTS (looks); i++)
        {
          regexes[i]
              = g_regex_new (looks[i].pattern, G_REGEX_CASELESS | G_REGEX_OPTIMIZE, 0, NULL);
          g_assert (regexes[i] != NULL);
        }
      g_once_init_leave (&once, 1);
    }
  return regexes[index];
}

char *
lw_mask_text (const char *text)
{
  g_autofree char *result = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  result = g_strdup (text);
  for (gsize i = 0; i < G_N_ELEMENTS (looks); i++)
    {
      char *masked
          = g_regex_replace (get_look (i), result, -1, 0, looks[i].replacement, 0, NULL);

      /* A text that the matcher gives up on is not shown. */
      if (masked == NULL)
        return g_strdup (LW_MASK);
      g_free (result);
      result = masked;
    }
  return g_steal_pointer (&result);
}

/* ---- forms and URLs ---- */

static gboolean
is_secret_parameter (const char *name, gsize length)
{
  g_autofree char *decoded = g_uri_unescape_segment (name, name + length, NULL);

  /* What cannot be read could be anything. */
  return decoded == NULL || lw_mask_is_secret_name (decoded)
         || is_in (secret_parameters, G_N_ELEMENTS (secret_parameters), decoded);
}

/* "name=value&…", as in queries, fragments and forms. */
static void
append_form (GString *out, const char *text, gsize length)
{
  const char *end = text + length;

  while (text < end)
    {
      const char *stop = memchr (text, '&', (gsize) (end - text));
      const char *equals;

      stop = stop == NULL ? end : stop;
      equals = memchr (text, '=', (gsize) (stop - text));
      if (equals != NULL && is_secret_parameter (text, (gsize) (equals - text)))
        {
          g_string_append_len (out, text, equals + 1 - text);
          g_string_append (out, LW_MASK);
        }
      else
        g_string_append_len (out, text, stop - text);
      if (stop < end)
        g_string_append_c (out, '&');
      text = stop + 1;
    }
}

/* Copies scheme, host and path of @url but for the user info; returns what follows. */
static const char *
append_address (GString *out, const char *url)
{
  const char *authority = strstr (url, "//");
  gsize length = strcspn (url, "?#");

  if (authority != NULL && authority < url + length)
    {
      gsize authority_length;
      const char *at;

      authority += 2;
      authority_length = MIN (strcspn (authority, "/?#"), (gsize) (url + length - authority));
      at = g_strrstr_len (authority, (gssize) authority_length, "@");
      if (at != NULL)
        {
          g_string_append_len (out, url, authority - url);
          g_string_append (out, LW_MASK);
          g_string_append_len (out, at, url + length - at);
          return url + length;
        }
    }
  g_string_append_len (out, url, (gssize) length);
  return url + length;
}

char *
lw_mask_url (const char *url)
{
  g_autoptr (GString) out = NULL;
  const char *rest;

  g_return_val_if_fail (url != NULL, NULL);

  out = g_string_new (NULL);
  rest = append_address (out, url);
  while (*rest != '\0')
    {
      gsize length = strcspn (rest + 1, "#");

      g_string_append_c (out, *rest);
      append_form (out, rest + 1, length);
      rest += 1 + length;
    }
  return lw_mask_text (out->str);
}

/* ---- headers ---- */

static char *
mask_credentials (const char *value)
{
  gsize scheme = strcspn (value, " ");

  if (value[scheme] == '\0')
    return g_strdup (LW_MASK);
  return g_strdup_printf ("%.*s " LW_MASK, (int) scheme, value);
}

/* WWW-Authenticate: the claims that Entra has to be asked for hold what the service knows. */
static char *
mask_challenge (const char *value)
{
  g_autofree char *masked = NULL;
  const char *claims = strstr (value, "claims=\"");
  const char *end;

  if (claims == NULL)
    return lw_mask_text (value);
  claims += strlen ("claims=\"");
  end = strchr (claims, '"');
  masked = g_strdup_printf ("%.*s" LW_MASK "%s", (int) (claims - value), value,
                            end == NULL ? "" : end);
  return lw_mask_text (masked);
}

char *
lw_mask_header (const char *name, const char *value)
{
  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (value != NULL, NULL);

  if (g_ascii_strcasecmp (name, "Authorization") == 0
      || g_ascii_strcasecmp (name, "Proxy-Authorization") == 0)
    return mask_credentials (value);
  if (is_in (secret_headers, G_N_ELEMENTS (secret_headers), name))
    return g_strdup (LW_MASK);
  if (g_ascii_strcasecmp (name, "WWW-Authenticate") == 0)
    return mask_challenge (value);
  if (is_in (url_headers, G_N_ELEMENTS (url_headers), name))
    return lw_mask_url (value);
  return lw_mask_text (value);
}

/* ---- bodies ---- */

static gboolean
is_form (const char *content_type)
{
  return content_type != NULL
         && g_ascii_strncasecmp (content_type, "application/x-www-form-urlencoded",
                                 strlen ("application/x-www-form-urlencoded"))
                == 0;
}

static gboolean
is_json (const char *content_type, const char *text)
{
  if (content_type != NULL && strstr (content_type, "json") != NULL)
    return TRUE;
  text += strspn (text, " \t\r\n");
  return *text == '{' || *text == '[';
}

char *
lw_mask_body (const char *content_type, const guint8 *data, gsize length)
{
  g_autofree char *text = NULL;
  g_autofree char *masked = NULL;

  g_return_val_if_fail (data != NULL || length == 0, NULL);

  if (length > 0 && !g_utf8_validate_len ((const char *) data, length, NULL))
    return NULL;
  text = g_strndup ((const char *) data, length);
  if (is_form (content_type))
    {
      g_autoptr (GString) out = g_string_new (NULL);

      append_form (out, text, length);
      return lw_mask_text (out->str);
    }
  if (!is_json (content_type, text))
    return lw_mask_text (text);
  masked = lw_mask_json (text);
  return lw_mask_text (masked);
}

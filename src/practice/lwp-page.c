/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pages for a person's browser. The language is the browser's, request by request, so the sentences
 * stand here in pairs: gettext knows one language per process. Any thread. */

#include "lwp-entra.h"

#include <string.h>

#define NONCE_BYTES 16

static const char style[]
    = "body{font:1.05rem/1.6 system-ui,sans-serif;margin:0;min-height:100vh;display:grid;"
      "place-items:center;background:#eceff4;color:#1d2433}"
      "main{background:#fff;max-width:26rem;width:calc(100% - 5rem);margin:1rem;padding:2rem;"
      "border-radius:12px;box-shadow:0 2px 12px #0002}"
      "h1{font-size:1.35rem;margin:0 0 1rem}p{margin:.6rem 0}"
      "button,input{font:inherit;box-sizing:border-box;width:100%;padding:.7rem 1rem;"
      "margin:.35rem 0;border:1px solid #8a93a6;border-radius:8px;background:#fff;color:inherit}"
      "button{cursor:pointer}button.suggested{background:#1a5fb4;border-color:#1a5fb4;color:#fff}"
      "button:focus-visible,input:focus-visible{outline:3px solid #62a0ea;outline-offset:1px}"
      "input{letter-spacing:.2em;text-transform:uppercase}small{color:#57606f}"
      "@media (prefers-color-scheme:dark){body{background:#1e1e24;color:#eee}"
      "main,button,input{background:#2c2c34}small{color:#b6bcc8}}";

static gboolean
wants_korean (LwpRequest *request)
{
  const char *market = lwp_request_get_query (request, "mkt");
  const char *accepted = lwp_request_get_header (request, "Accept-Language");

  if (market == NULL)
    market = lwp_request_get_query (request, "ui_locales");
  if (market != NULL && *market != '\0')
    return g_ascii_strncasecmp (market, "ko", 2) == 0;
  /* The first language of the list is the preferred one. */
  return accepted != NULL && g_ascii_strncasecmp (accepted, "ko", 2) == 0;
}

LwpPage *
lwp_page_new (LwpRequest *request)
{
  LwpPage *page = g_new0 (LwpPage, 1);

  page->korean = wants_korean (request);
  page->body = g_string_new (NULL);
  return page;
}

void
lwp_page_free (LwpPage *page)
{
  g_string_free (page->body, TRUE);
  g_free (page);
}

const char *
lwp_page_text (const LwpPage *page, const char *english, const char *korean)
{
  return page->korean ? korean : english;
}

static void
append (LwpPage *page, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_markup_vprintf_escaped (format, args);
  va_end (args);
  g_string_append (page->body, text);
}

void
lwp_page_add_text (LwpPage *page, const char *english, const char *korean)
{
  append (page, "<p>%s</p>", lwp_page_text (page, english, korean));
}

void
lwp_page_begin_form (LwpPage *page, const char *action)
{
  append (page, "<form method=\"post\" action=\"%s\">", action);
}

void
lwp_page_add_hidden (LwpPage *page, const char *name, const char *value)
{
  append (page, "<input type=\"hidden\" name=\"%s\" value=\"%s\">", name, value);
}

void
lwp_page_add_button (LwpPage *page, gboolean suggested, const char *name, const char *value,
                     const char *english, const char *korean)
{
  append (page, "<button class=\"%s\" name=\"%s\" value=\"%s\">%s</button>",
          suggested ? "suggested" : "", name, value, lwp_page_text (page, english, korean));
}

void
lwp_page_end_form (LwpPage *page)
{
  g_string_append (page->body, "</form>");
}

void
lwp_page_add_accounts (LwpPage *page, const char *action, const char *session)
{
  gsize n_accounts;
  const LwpAccount *accounts = lwp_directory_get_accounts (&n_accounts);

  lwp_page_begin_form (page, action);
  lwp_page_add_hidden (page, "session", session);
  for (gsize i = 0; i < n_accounts; i++)
    append (page,
            "<button class=\"suggested\" name=\"account\" value=\"%s\">%s<br>%s</button>",
            accounts[i].object, accounts[i].name, accounts[i].sign_in_name);
  lwp_page_add_button (page, FALSE, "account", "", "Decline", "거부");
  lwp_page_end_form (page);
}

LwpResponse *
lwp_page_to_response (LwpPage *page, guint status, const char *english_title,
                      const char *korean_title, gboolean submit)
{
  g_autofree char *nonce = lwp_token_random (NONCE_BYTES);
  g_autofree char *title
      = g_markup_escape_text (lwp_page_text (page, english_title, korean_title), -1);
  g_autoptr (GString) html = g_string_new ("<!DOCTYPE html>");
  g_autofree char *policy = NULL;
  LwpResponse *response;

  g_string_append_printf (html,
                          "<html lang=\"%s\"><head><meta charset=\"utf-8\">"
                          "<meta name=\"viewport\" content=\"width=device-width\">"
                          "<title>%s</title><style nonce=\"%s\">%s</style></head>"
                          "<body><main><h1>%s</h1>%s<p><small>%s</small></p></main>",
                          page->korean ? "ko" : "en", title, nonce, style, title,
                          page->body->str,
                          lwp_page_text (page, "Labwalk practice cloud – not Microsoft, not Azure",
                                         "Labwalk 연습 클라우드 – Microsoft나 Azure가 아닙니다"));
  if (submit)
    g_string_append_printf (html, "<script nonce=\"%s\">document.forms[0].submit()</script>",
                            nonce);
  g_string_append (html, "</body></html>");
  response = lwp_response_new_text (status, "text/html; charset=utf-8", html->str);
  /* Browsers apply form-action to the redirect that follows a form, too: it leads to the loopback
   * address on which the application waits. */
  policy = g_strdup_printf ("default-src 'none'; style-src 'nonce-%s'; script-src %s%s%s; "
                            "form-action 'self' http://localhost:* http://127.0.0.1:*; "
                            "base-uri 'none'; frame-ancestors 'none'",
                            nonce, submit ? "'nonce-" : "'none'", submit ? nonce : "",
                            submit ? "'" : "");
  lwp_response_set_header (response, "Content-Security-Policy", policy);
  lwp_response_set_header (response, "Cache-Control", "no-store");
  lwp_response_set_header (response, "Referrer-Policy", "no-referrer");
  lwp_response_set_header (response, "X-Content-Type-Options", "nosniff");
  return response;
}

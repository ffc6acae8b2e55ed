/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lwp-directory.h"
#include "lwp-token.h"

G_BEGIN_DECLS

#define LWP_ENTRA_HOST "login.microsoftonline.com"

/* Microsoft Entra ID as far as a person's or a program's sign-in needs it (identity platform v2.0).
 * One module in several files: discovery, device code, authorization code, tokens, pages. */

/** lwp_entra_register: adds the routes of all */
gboolean lwp_entra_register (LwpCloud *cloud, GError **error);

void lwp_entra_add_discovery (LwpCloud *cloud);
void lwp_entra_add_device (LwpCloud *cloud);
void lwp_entra_add_authorize (LwpCloud *cloud);
void lwp_entra_add_token (LwpCloud *cloud);

/**
 * lwp_entra_new_error:
 * @error: OAuth error, for instance "invalid_grant"
 * @code: AADSTS number
 * @format: what happened
 *
 * Returns: (transfer full): a JSON error of the token and device code endpoints
 */
LwpResponse *lwp_entra_new_error (LwpRequest *request, const char *error, guint code,
                                  const char *format, ...) G_GNUC_PRINTF (4, 5);

/**
 * lwp_entra_find_tenant:
 * @refusal: (out): an error to answer when there is no such tenant
 *
 * Returns: (nullable): the tenant that the request's path names
 */
const LwpTenant *lwp_entra_find_tenant (LwpRequest *request, LwpResponse **refusal);

/**
 * lwp_entra_check_scope:
 * @resource: (out): the one resource that @scope names; "graph" when it names none
 *
 * Returns: (transfer full) (nullable): the refusal when @scope cannot be granted
 */
LwpResponse *lwp_entra_check_scope (LwpRequest *request, const char *scope, const char **resource);

/** lwp_entra_has_scope: Returns: whether the words of @scope hold @word */
gboolean lwp_entra_has_scope (const char *scope, const char *word);

/** lwp_entra_finish: adds what all answers of Entra carry; Returns: @response */
LwpResponse *lwp_entra_finish (LwpRequest *request, LwpResponse *response);

/**
 * LwpPage:
 * @korean: whether it is in Korean, otherwise in English
 * @body: what was added so far
 *
 * A page for a person's browser. It loads nothing from anywhere and runs no script except the one
 * that submits a form by itself, which carries a nonce.
 */
typedef struct
{
  gboolean korean;
  GString *body;
} LwpPage;

/** lwp_page_new: a page in the language that @request asks for (`mkt`, then Accept-Language) */
LwpPage *lwp_page_new (LwpRequest *request);
void lwp_page_free (LwpPage *page);

/** lwp_page_text: Returns: @korean or @english */
const char *lwp_page_text (const LwpPage *page, const char *english, const char *korean);

/** lwp_page_add_text: adds a paragraph; the text is escaped */
void lwp_page_add_text (LwpPage *page, const char *english, const char *korean);

/** lwp_page_begin_form: @action is a path of our own, or a checked loopback address */
void lwp_page_begin_form (LwpPage *page, const char *action);
void lwp_page_add_hidden (LwpPage *page, const char *name, const char *value);
void lwp_page_add_button (LwpPage *page, gboolean suggested, const char *name, const char *value,
                          const char *english, const char *korean);
void lwp_page_end_form (LwpPage *page);

/**
 * lwp_page_to_response:
 * @submit: the page's form is sent by itself
 *
 * Returns: (transfer full): the page, with headers that forbid everything it does not need
 */
LwpResponse *lwp_page_to_response (LwpPage *page, guint status, const char *english_title,
                                   const char *korean_title, gboolean submit);

/** lwp_page_add_accounts: adds one button per account and one to decline */
void lwp_page_add_accounts (LwpPage *page, const char *action, const char *session);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwpPage, lwp_page_free)

G_END_DECLS

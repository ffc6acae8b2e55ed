/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LwAzureErrorBody: what the body of an answer says of an error; members are owned and nullable
 * @code: outermost code
 * @inner_code: deepest code, %NULL when there is none below @code
 * @message: every level's words, one level a line, none twice
 * @target: deepest target
 * @policy: display name of the policy that refused
 * @claims: Entra's `claims`: JSON to be carried by the next sign-in
 * @is_entra: the body has the shape of RFC 6749, section 5.2
 *
 * Private to lw-azure-error.c and its test.
 */
typedef struct
{
  char *code;
  char *inner_code;
  char *message;
  char *target;
  char *policy;
  char *request_id;
  char *correlation_id;
  char *claims;
  gboolean is_entra;
} LwAzureErrorBody;

/** lw_azure_error_body_read: @body: (nullable): of any kind; @self: (out): empty before */
void lw_azure_error_body_read (LwAzureErrorBody *self, GBytes *body);
void lw_azure_error_body_copy (const LwAzureErrorBody *from, LwAzureErrorBody *to);
void lw_azure_error_body_clear (LwAzureErrorBody *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LwAzureErrorBody, lw_azure_error_body_clear)

G_END_DECLS

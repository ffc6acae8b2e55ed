/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lwp-expression.h"

G_BEGIN_DECLS

/**
 * lwp_expression_call:
 * @name: a function, compared without case
 * @arguments: (element-type JsonNode): evaluated
 *
 * Returns: (transfer full) (nullable): its value; %NULL when there is no such function or it does
 *   not take these arguments
 */
JsonNode *lwp_expression_call (const LwpExpressionScope *scope, const char *name,
                               GPtrArray *arguments);

JsonNode *lwp_expression_new_string (const char *text);

/** lwp_expression_get_string: Returns: (nullable): the text of @node, if it is one */
const char *lwp_expression_get_string (JsonNode *node);

/** lwp_expression_is_true: Returns: whether @node is true, or the text "true" */
gboolean lwp_expression_is_true (JsonNode *node);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * LwpExpressionScope:
 * @subscription: id of the subscription
 * @tenant: id of its tenant
 * @group: name of the group that is deployed to
 * @location: region of that group
 * @parameters: values by name
 * @variables: values or expressions by name
 *
 * What an expression can see. Everything is borrowed.
 */
typedef struct
{
  const char *subscription;
  const char *tenant;
  const char *group;
  const char *location;
  JsonObject *parameters;
  JsonObject *variables;
} LwpExpressionScope;

/**
 * lwp_expression_evaluate:
 * @node: a value of a template
 *
 * Evaluates every text in @node that is an expression, "[concat('a', parameters('b'))]", as
 * templates of the resource manager write them. Knows the functions that templates for a machine
 * learning workspace use, and their everyday relatives.
 *
 * Returns: (transfer full): the value, or %NULL with %G_IO_ERROR_INVALID_DATA
 */
JsonNode *lwp_expression_evaluate (const LwpExpressionScope *scope, JsonNode *node,
                                   GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lwp-expression.h"

G_BEGIN_DECLS

/**
 * LwpTemplateResource:
 * @type: for instance "Microsoft.Storage/storageAccounts"
 * @name: for instance "account", or "workspace/compute" for a type of two parts
 * @api_version: version to make it with
 * @id: its ARM id
 * @body: what is to be PUT
 * @nested_in: (nullable): name of the nested deployment that it is part of
 *
 * One resource of a template, with all expressions evaluated.
 */
typedef struct
{
  char *type;
  char *name;
  char *api_version;
  char *id;
  JsonObject *body;
  char *nested_in;
} LwpTemplateResource;

/**
 * lwp_template_evaluate:
 * @scope: its parameters and variables are filled in from the other arguments
 * @template: a resource manager template
 * @parameters: (nullable): {"name":{"value":…}} as a deployment gives them
 *
 * Evaluates a template, leaves out what its conditions leave out, and sorts the rest so that each
 * resource comes after what it depends on. The resources of nested deployments, to other groups or
 * the subscription, stand among the others. Copy loops are not known.
 *
 * Returns: (transfer full) (element-type LwpTemplateResource): the resources, or %NULL with
 *   %G_IO_ERROR_INVALID_DATA
 */
GPtrArray *lwp_template_evaluate (const LwpExpressionScope *scope, JsonObject *template,
                                  JsonObject *parameters, GError **error);

G_END_DECLS

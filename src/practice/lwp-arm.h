/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lwp-json.h"
#include "lwp-resource.h"

G_BEGIN_DECLS

/* Azure Resource Manager and the simple resource providers. The modules: */

#define LWP_ARM_HOST "management.azure.com"

/* Tenants, subscriptions, locations, permissions, /metadata/endpoints. */
gboolean lwp_arm_account_register (LwpCloud *cloud, GError **error);
/* What is in a group or subscription, whatever it is. */
gboolean lwp_arm_listing_register (LwpCloud *cloud, GError **error);
/* Cost Management's query. */
gboolean lwp_cost_register (LwpCloud *cloud, GError **error);
gboolean lwp_deployment_register (LwpCloud *cloud, GError **error);
gboolean lwp_graph_register (LwpCloud *cloud, GError **error);
gboolean lwp_group_register (LwpCloud *cloud, GError **error);
gboolean lwp_insights_register (LwpCloud *cloud, GError **error);
gboolean lwp_lock_register (LwpCloud *cloud, GError **error);
/* Retail prices. */
gboolean lwp_prices_register (LwpCloud *cloud, GError **error);
gboolean lwp_provider_register (LwpCloud *cloud, GError **error);
gboolean lwp_storage_register (LwpCloud *cloud, GError **error);
gboolean lwp_vault_register (LwpCloud *cloud, GError **error);

/* What they share: */

/** lwp_arm_new_list: Returns: (transfer full): {"value":[…]}; takes @value */
LwpResponse *lwp_arm_new_list (JsonArray *value);

/** lwp_arm_not_found: Returns: (transfer full): 404 ResourceNotFound for the request's resource */
LwpResponse *lwp_arm_not_found (LwpRequest *request);

/** lwp_arm_group_not_found: Returns: (transfer full): 404 ResourceGroupNotFound */
LwpResponse *lwp_arm_group_not_found (LwpRequest *request);

/** lwp_arm_dup_group_id: Returns: (transfer full): id of the group that the path names */
char *lwp_arm_dup_group_id (LwpRequest *request);

/**
 * lwp_arm_dup_id:
 * @type: "Microsoft.Storage/storageAccounts"
 *
 * Returns: (transfer full): id of a resource in the path's group
 */
char *lwp_arm_dup_id (LwpRequest *request, const char *type, const char *name);

/**
 * lwp_arm_make_envelope:
 *
 * Returns: (transfer full): id, name, type, location, tags, and, if its body has them, kind, sku
 *   and identity, as every tracked resource shows them; without properties
 */
JsonObject *lwp_arm_make_envelope (const LwpResource *resource);

/**
 * lwp_arm_set_operation:
 * @header: "Location" or "Azure-AsyncOperation"
 * @format: path of the operation's status, from "/subscriptions" on, without query
 *
 * Adds the absolute URL with the api-version of the request.
 */
void lwp_arm_set_operation (LwpResponse *response, LwpRequest *request, const char *header,
                            const char *format, ...) G_GNUC_PRINTF (4, 5);

/**
 * lwp_arm_check_location:
 * @location: (nullable): region of a body
 *
 * Returns: (transfer full) (nullable): 400 LocationRequired or LocationNotAvailableForResourceType
 */
LwpResponse *lwp_arm_check_location (const char *location, const char *type);

/**
 * lwp_arm_dup_location:
 * @text: (nullable): a region as a client spells it, "Korea Central" for instance
 *
 * Returns: (transfer full) (nullable): its name, or a copy of @text when there is no such region
 */
char *lwp_arm_dup_location (const char *text);

/** lwp_arm_set_retry_after: asks the client to come again in a second; at once at a quick pace */
void lwp_arm_set_retry_after (LwpCloud *cloud, LwpResponse *response);

/** lwp_arm_bad_json: Returns: (transfer full): 400 InvalidRequestContent */
LwpResponse *lwp_arm_bad_json (void);

G_END_DECLS

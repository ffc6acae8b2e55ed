/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LwCloud:
 *
 * One Azure cloud as data: public, China and US Government are rows of one constant table. The
 * practice cloud plays the public row; it differs by the proxy and the authority of #LwHttp only.
 *
 * @id: "AzureCloud", "AzureChinaCloud", "AzureUSGovernment", as the Azure CLI names them
 * @login_host, @arm_host, …: host names without scheme
 * @arm_scope, @ml_scope, @storage_scope: OAuth scopes, ending in "/.default"
 * @storage_suffix: "core.windows.net", behind "{account}.blob."
 * @ml_data_suffix: "api.azureml.ms", behind "{region}."
 * @instances_suffix: "instances.azureml.ms"
 * @client_id: public client used when the person set none
 */
typedef struct
{
  const char *id;
  const char *login_host;
  const char *arm_host;
  const char *arm_scope;
  const char *ml_scope;
  const char *storage_scope;
  const char *storage_suffix;
  const char *ml_data_suffix;
  const char *instances_suffix;
  const char *vault_suffix;
  const char *portal_host;
  const char *studio_host;
  const char *client_id;
} LwCloud;

/** lw_cloud_get: Returns: (nullable): the row @id, compared without case; %NULL when unknown */
const LwCloud *lw_cloud_get (const char *id);

/** lw_cloud_get_public: Returns: the row of the public cloud */
const LwCloud *lw_cloud_get_public (void);

/** lw_cloud_list: Returns: all rows; @n_clouds: (out) */
const LwCloud *lw_cloud_list (gsize *n_clouds);

/**
 * LwCloudService: to which kind of host a request goes, which decides the scope of its token
 * @LW_CLOUD_ARM: Resource Manager, with the control plane of Machine Learning behind it
 * @LW_CLOUD_ML_DATA: run history, artifacts, metrics; takes tokens of Resource Manager
 * @LW_CLOUD_BLOB: blob storage
 * @LW_CLOUD_INSTANCE: the Jupyter server of a compute instance; takes tokens of Resource Manager
 * @LW_CLOUD_LOGIN: Entra's token endpoint: it gives tokens and gets none
 */
typedef enum
{
  LW_CLOUD_ARM,
  LW_CLOUD_ML_DATA,
  LW_CLOUD_BLOB,
  LW_CLOUD_INSTANCE,
  LW_CLOUD_LOGIN,
} LwCloudService;

/**
 * lw_cloud_get_scope:
 *
 * Returns: (transfer none) (nullable): scope of the token that @service takes; %NULL for
 *   %LW_CLOUD_LOGIN
 */
const char *lw_cloud_get_scope (const LwCloud *self, LwCloudService service);

/**
 * lw_cloud_trusts:
 * @url: absolute URL
 *
 * The authority of @url may hold letters, digits, '-' and '.' with an optional ":443" and nothing
 * else, and @url only what RFC 3986 allows, so that no two readers of URLs can disagree about which
 * host it names.
 *
 * Returns: %TRUE when @url is https, without user info, on port 443, and its host is the host (or
 *   below the domain) that @self has for @service. A bearer token goes nowhere else.
 */
gboolean lw_cloud_trusts (const LwCloud *self, LwCloudService service, const char *url);

G_END_DECLS

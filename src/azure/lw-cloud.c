/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The table of clouds and the question which hosts a token may go to. Constant data, any thread. */

#include "lw-cloud.h"

#include <string.h>

/* The Azure CLI's public client: Entra preauthorizes it for Resource Manager, storage and Machine
 * Learning in every tenant, with the loopback redirect. */
#define CLIENT_AZURE_CLI "04b07795-8ddb-461a-bbee-02f9e1bf7b46"

/* Longest authority that can be a host name with a port. */
#define MAX_AUTHORITY 260

/* Hosts as in the Azure CLI's cloud.py and azure-ai-ml's _azure_environments.py. */
static const LwCloud clouds[] = {
  {
      .id = "AzureCloud",
      .login_host = "login.microsoftonline.com",
      .arm_host = "management.azure.com",
      .arm_scope = "https://management.azure.com/.default",
      .ml_scope = "https://ml.azure.com/.default",
      .storage_scope = "https://storage.azure.com/.default",
      .storage_suffix = "core.windows.net",
      .ml_data_suffix = "api.azureml.ms",
      .instances_suffix = "instances.azureml.ms",
      .vault_suffix = "vault.azure.net",
      .portal_host = "portal.azure.com",
      .studio_host = "ml.azure.com",
      .client_id = CLIENT_AZURE_CLI,
  },
  {
      .id = "AzureChinaCloud",
      .login_host = "login.chinacloudapi.cn",
      .arm_host = "management.chinacloudapi.cn",
      .arm_scope = "https://management.chinacloudapi.cn/.default",
      .ml_scope = "https://ml.azure.cn/.default",
      .storage_scope = "https://storage.azure.com/.default",
      .storage_suffix = "core.chinacloudapi.cn",
      .ml_data_suffix = "api.ml.azure.cn",
      .instances_suffix = "instances.azureml.cn",
      .vault_suffix = "vault.azure.cn",
      .portal_host = "portal.azure.cn",
      .studio_host = "studio.ml.azure.cn",
      .client_id = CLIENT_AZURE_CLI,
  },
  {
      .id = "AzureUSGovernment",
      .login_host = "login.microsoftonline.us",
      .arm_host = "management.usgovcloudapi.net",
      .arm_scope = "https://management.usgovcloudapi.net/.default",
      .ml_scope = "https://ml.azure.us/.default",
      .storage_scope = "https://storage.azure.com/.default",
      .storage_suffix = "core.usgovcloudapi.net",
      .ml_data_suffix = "api.ml.azure.us",
      .instances_suffix = "instances.azureml.us",
      .vault_suffix = "vault.usgovcloudapi.net",
      .portal_host = "portal.azure.us",
      .studio_host = "ml.azure.us",
      .client_id = CLIENT_AZURE_CLI,
  },
};

const LwCloud *
lw_cloud_get (const char *id)
{
  g_return_val_if_fail (id != NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (clouds); i++)
    if (g_ascii_strcasecmp (clouds[i].id, id) == 0)
      return &clouds[i];
  return NULL;
}

const LwCloud *
lw_cloud_get_public (void)
{
  return &clouds[0];
}

const LwCloud *
lw_cloud_list (gsize *n_clouds)
{
  g_return_val_if_fail (n_clouds != NULL, NULL);

  *n_clouds = G_N_ELEMENTS (clouds);
  return clouds;
}

const char *
lw_cloud_get_scope (const LwCloud *self, LwCloudService service)
{
  g_return_val_if_fail (self != NULL, NULL);

  switch (service)
    {
    case LW_CLOUD_ARM:
    case LW_CLOUD_ML_DATA:
    case LW_CLOUD_INSTANCE:
      return self->arm_scope;
    case LW_CLOUD_BLOB:
      return self->storage_scope;
    case LW_CLOUD_LOGIN:
      return NULL;
    default:
      g_return_val_if_reached (NULL);
    }
}

/* The host of an https URL in lower case, when its authority is plain beyond doubt. */
static char *
dup_plain_host (const char *url)
{
  static const char scheme[] = "https://";
  static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.";
  const char *authority = NULL;
  gsize authority_length = 0;
  gsize host_length = 0;
  const char *rest = NULL;

  if (g_ascii_strncasecmp (url, scheme, strlen (scheme)) != 0)
    return NULL;
  authority = url + strlen (scheme);
  authority_length = strcspn (authority, "/?#");
  host_length = strspn (authority, allowed);
  if (host_length == 0 || host_length > authority_length || authority_length > MAX_AUTHORITY)
    return NULL;
  rest = authority + host_length;
  if (host_length != authority_length
      && !(authority_length - host_length == strlen (":443")
           && strncmp (rest, ":443", strlen (":443")) == 0))
    return NULL;
  return g_ascii_strdown (authority, (gssize) host_length);
}

/* Whether @host is one or more labels below @domain. */
static gboolean
is_below (const char *host, const char *domain)
{
  gsize host_length = strlen (host);
  gsize domain_length = strlen (domain);
  gsize label = 0;

  if (host_length < domain_length + 2 || strcmp (host + host_length - domain_length, domain) != 0
      || host[host_length - domain_length - 1] != '.')
    return FALSE;
  for (gsize i = 0; i < host_length - domain_length; i++)
    {
      if (host[i] == '.' && label == 0)
        return FALSE;
      label = host[i] == '.' ? 0 : label + 1;
    }
  return TRUE;
}

/* Only what RFC 3986 lets stand in a URL: no space, control character or byte beyond ASCII, with
 * which a header or another host could be smuggled in. */
static gboolean
is_plain_url (const char *url)
{
  for (const char *c = url; *c != '\0'; c++)
    if (!g_ascii_isgraph (*c) || strchr ("\"<>\\^`{|}", *c) != NULL)
      return FALSE;
  return TRUE;
}

gboolean
lw_cloud_trusts (const LwCloud *self, LwCloudService service, const char *url)
{
  g_autofree char *host = NULL;
  g_autofree char *blob_domain = NULL;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (url != NULL, FALSE);

  if (!is_plain_url (url))
    return FALSE;
  host = dup_plain_host (url);
  if (host == NULL)
    return FALSE;
  switch (service)
    {
    case LW_CLOUD_ARM:
      return strcmp (host, self->arm_host) == 0;
    case LW_CLOUD_LOGIN:
      return strcmp (host, self->login_host) == 0;
    case LW_CLOUD_ML_DATA:
      return is_below (host, self->ml_data_suffix);
    case LW_CLOUD_INSTANCE:
      return is_below (host, self->instances_suffix);
    case LW_CLOUD_BLOB:
      blob_domain = g_strconcat ("blob.", self->storage_suffix, NULL);
      return is_below (host, blob_domain);
    default:
      g_return_val_if_reached (FALSE);
    }
}

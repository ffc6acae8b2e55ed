/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The table of what the practice cloud plays. */

#include "lwp-modules.h"

#include "lwp-arm.h"
#include "lwp-blob-service.h"
#include "lwp-codes.h"
#include "lwp-computes.h"
#include "lwp-data-plane.h"
#include "lwp-datastores.h"
#include "lwp-entra.h"
#include "lwp-environments.h"
#include "lwp-jobs.h"
#include "lwp-ml-quota.h"
#include "lwp-secret.h"
#include "lwp-token.h"
#include "lwp-workspaces.h"

static const LwpModuleRegister modules[] = {
  lwp_token_register,
  lwp_entra_register,
  lwp_arm_account_register,
  lwp_arm_listing_register,
  lwp_cost_register,
  lwp_deployment_register,
  lwp_graph_register,
  lwp_group_register,
  lwp_insights_register,
  lwp_lock_register,
  lwp_prices_register,
  lwp_provider_register,
  lwp_storage_register,
  lwp_vault_register,
  lwp_secret_register,
  lwp_blob_service_register,
  lwp_workspaces_register,
  lwp_datastores_register,
  lwp_computes_register,
  lwp_ml_quota_register,
  lwp_codes_register,
  lwp_environments_register,
  lwp_data_plane_register,
  lwp_jobs_register, /* last: it begins to work at once */
};

gboolean
lwp_modules_register (LwpCloud *cloud, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (modules); i++)
    if (!modules[i](cloud, error))
      return FALSE;
  return TRUE;
}

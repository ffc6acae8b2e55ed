/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lwp-cloud.h"

G_BEGIN_DECLS

/**
 * LwpSasVerdict:
 * @LWP_SAS_GOOD: signature, times and resource are right
 * @LWP_SAS_MALFORMED: a field is missing or is not what it has to be
 * @LWP_SAS_FORGED: the signature is not that of the fields
 * @LWP_SAS_NOT_NOW: before its start or after its expiry
 * @LWP_SAS_ELSEWHERE: bound to an address that the caller does not have
 *
 * What is to be thought of a shared access signature.
 */
typedef enum
{
  LWP_SAS_GOOD,
  LWP_SAS_MALFORMED,
  LWP_SAS_FORGED,
  LWP_SAS_NOT_NOW,
  LWP_SAS_ELSEWHERE,
} LwpSasVerdict;

/** lwp_sas_is_present: Returns: whether the query of @request has a signature */
gboolean lwp_sas_is_present (LwpRequest *request);

/**
 * lwp_sas_check:
 * @container: the container that the request is about
 * @blob: (nullable): the blob that the request is about
 *
 * Checks a service SAS, signed with the account key, or a user delegation SAS (versions 2015-04-05
 * and later) for a container or blob. Whether its permissions suffice is asked from
 * lwp_sas_permits().
 */
LwpSasVerdict lwp_sas_check (LwpCloud *cloud, LwpRequest *request, const char *account,
                             const char *container, const char *blob);

/**
 * lwp_sas_permits:
 * @permission: a letter of the field "sp"
 */
gboolean lwp_sas_permits (LwpRequest *request, char permission);

/** lwp_sas_is_for_container: Returns: whether the signature is for a whole container */
gboolean lwp_sas_is_for_container (LwpRequest *request);

/**
 * LwpSasGrant:
 * @account: storage account
 * @container: container
 * @blob: (nullable): a blob, or the whole container
 * @permissions: letters of the field "sp", in Azure's order
 * @object: object id of the user in whose name it is signed
 * @tenant: the user's tenant
 */
typedef struct
{
  const char *account;
  const char *container;
  const char *blob;
  const char *permissions;
  const char *object;
  const char *tenant;
} LwpSasGrant;

/**
 * lwp_sas_dup_url:
 *
 * Signs a user delegation SAS as the ML service gives it out: from ten minutes ago for 8 hours.
 *
 * Returns: (transfer full) (nullable): the address with the signature in its query; a secret
 */
char *lwp_sas_dup_url (LwpCloud *cloud, const LwpSasGrant *grant);

/**
 * lwp_shared_key_check:
 *
 * Returns: whether the header "Authorization: SharedKey account:signature" of @request is the one
 *   that the key of @account makes of this request (Authorize with Shared Key, version 2015-02-21
 *   and later)
 */
gboolean lwp_shared_key_check (LwpCloud *cloud, LwpRequest *request, const char *account);

G_END_DECLS

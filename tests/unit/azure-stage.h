/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-azure.h"

G_BEGIN_DECLS

/**
 * AzureStage:
 *
 * management.azure.com and login.microsoftonline.com inside the test process, behind a CONNECT
 * proxy and with certificates of their own, which say what they were told to say, in order. The
 * token endpoint grants "access-1", "refresh-1", "access-2", … unless the next line is for it.
 */
typedef struct _AzureStage AzureStage;

AzureStage *azure_stage_new (void);

/** azure_stage_free: fails the test when something was left unsaid or asked for out of turn */
void azure_stage_free (AzureStage *self);

/**
 * azure_stage_say:
 * @method, @url: the request that has to come next, whole; its path decoded, its query not
 * @headers: (nullable): of the answer, "Name: value", one a line
 * @body: (nullable): of the answer
 */
void azure_stage_say (AzureStage *self, const char *method, const char *url, guint status,
                      const char *headers, const char *body);

/** azure_stage_get_last: Returns: header @name, or for %NULL the body, of the last request that was
 *   answered by a line */
const char *azure_stage_get_last (AzureStage *self, const char *name);

/** azure_stage_get_last_grant: Returns: the form of the last request to the token endpoint */
const char *azure_stage_get_last_grant (AzureStage *self);
guint azure_stage_count_grants (AzureStage *self);

/** azure_stage_hold_grants: the token endpoint does not answer until it is let go again */
void azure_stage_hold_grants (AzureStage *self, gboolean hold);
void azure_stage_wait_grants (AzureStage *self, guint n_grants);

LwHttp *azure_stage_get_http (AzureStage *self);

/** azure_stage_get_clock: a virtual one */
LwClock *azure_stage_get_clock (AzureStage *self);

/** azure_stage_get_store: in memory, with "refresh-0" for azure_stage_get_info() */
LwTokenStore *azure_stage_get_store (AzureStage *self);
const LwAccountInfo *azure_stage_get_info (void);

/** azure_stage_new_account: Returns: (transfer full): resumed from the store */
LwAccount *azure_stage_new_account (AzureStage *self);

/** azure_stage_new_azure: Returns: (transfer full): with a new account */
LwAzure *azure_stage_new_azure (AzureStage *self);

#define AZURE_STAGE_ARM "https://management.azure.com"
#define AZURE_STAGE_LOGIN "https://login.microsoftonline.com"
#define AZURE_STAGE_TENANT "22222222-2222-2222-2222-222222222222"
#define AZURE_STAGE_TOKEN AZURE_STAGE_LOGIN "/" AZURE_STAGE_TENANT "/oauth2/v2.0/token"
#define AZURE_STAGE_CLIENT "55555555-5555-5555-5555-555555555555"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AzureStage, azure_stage_free)

G_END_DECLS

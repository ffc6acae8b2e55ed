/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-arm.h"
#include "lw-record.h"

G_BEGIN_DECLS

/** LwOpenRequest: what is needed to take up work with a cloud; all members owned */
typedef struct
{
  char *cloud_id; /* "practice", "AzureCloud", … */
  char *proxy;    /* (nullable) */
  char *ca_file;  /* (nullable) */
  GFile *lab_file;
  GFile *state_dir;
  GFile *record_dir;
  LwTokenStore *store;
  char *store_label; /* what a keyring manager shows */
  LwClock *clock;
} LwOpenRequest;

void lw_open_request_free (LwOpenRequest *self);

/**
 * LwOpened: what was found
 * @record: (nullable): the newest attempt in this cloud
 * @account: (nullable): the earlier sign-in, taken up
 * @subscription: (nullable): the one last worked in with that sign-in
 * @account_error: (nullable): why it was not, e.g. a locked keyring
 * @record_error: (nullable): why a newer attempt than @record was not taken up:
 *   %LW_ERROR_NEWER_VERSION, or %LW_LAB_ERROR_RECORD_DAMAGED after it was put aside
 */
typedef struct
{
  LwHttp *http;
  LwLab *lab;
  LwRecord *record;
  LwAccount *account;
  LwSubscription *subscription;
  GError *account_error;
  GError *record_error;
} LwOpened;

void lw_opened_free (LwOpened *self);

/** lw_open_cloud: a #LwPoolFunc over an #LwOpenRequest; Returns: (transfer full): #LwOpened. Sends
 *   nothing over the network. */
gpointer lw_open_cloud (gpointer request, GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwOpened, lw_opened_free)

G_END_DECLS

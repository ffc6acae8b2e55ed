/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-advice.h"
#include "lw-azure.h"
#include "lw-equivalent.h"
#include "lw-pool.h"
#include "lw-record.h"
#include "lw-steps.h"
#include "lw-target.h"

G_BEGIN_DECLS

#define LW_TYPE_SESSION (lw_session_get_type ())
G_DECLARE_FINAL_TYPE (LwSession, lw_session, LW, SESSION, GObject)

/**
 * LwSession:
 *
 * What the application knows at this moment: cloud, account, subscription, lab, record, states of
 * the steps, what runs, what it costs, and what was last said to the cloud. Pages and models read
 * it and tell it what they did; it outlives every window. Main thread only; what a worker needs is
 * handed to it as a reference (#LwTarget, #LwRecord, #LwLab, #LwHttp are for any thread).
 *
 * Signals:
 *   "changed" (): cloud, account, subscription, record or the state of a step
 *   "cost-changed" (): see lw_session_cost_changed()
 *   "equivalent-changed" (): the last action, said in other tools' languages
 *   "lost" (GError *error): the open cloud was closed: the practice cloud ended by itself
 *   "notice" (const char *text): a short sentence for a toast; what it says stands elsewhere too
 */

/** lw_session_new: @pool: borrowed, outlives the session */
LwSession *lw_session_new (LwPool *pool, GSettings *settings);

LwPool *lw_session_get_pool (LwSession *self);
GSettings *lw_session_get_settings (LwSession *self);
LwClock *lw_session_get_clock (LwSession *self);

/**
 * lw_session_ensure_model:
 * @type: a #GObject type with a construct-only property "session" (see lw-page.h)
 *
 * Returns: (transfer none): the one object of @type that belongs to this session; a model keeps no
 *   reference to the session. All models are disposed when another cloud is opened: dispose cancels
 *   their work, and the callback of cancelled work does not touch the session
 */
gpointer lw_session_ensure_model (LwSession *self, GType type);

/* ---- Cloud ---- */

/**
 * lw_session_open_async:
 * @cloud_id: "practice" or the id of a cloud (lw-cloud.h)
 *
 * Takes up work with a cloud: starts the practice cloud if that is it, loads the lab and the newest
 * record, takes up the earlier sign-in. What ran before in another cloud is cancelled here and goes
 * on there. An id that is none is %LW_ERROR_NOT_FOUND.
 */
void lw_session_open_async (LwSession *self, const char *cloud_id, GAsyncReadyCallback callback,
                            gpointer user_data);
gboolean lw_session_open_finish (LwSession *self, GAsyncResult *result, GError **error);

/** lw_session_set_practice_address: before opening: the practice cloud that runs already at @proxy
 *   with the authority of @ca_file, instead of an own one */
void lw_session_set_practice_address (LwSession *self, const char *proxy, const char *ca_file);

/** lw_session_set_auto_approve: before opening: an own practice cloud grants every sign-in */
void lw_session_set_auto_approve (LwSession *self, gboolean auto_approve);

/** lw_session_set_lab_folder: before opening: another copy of the lab's code folder, taken in place
 *   of our own material */
void lw_session_set_lab_folder (LwSession *self, const char *folder);

/** lw_session_get_lab_folder: Returns: (nullable) */
const char *lw_session_get_lab_folder (LwSession *self);

/** lw_session_close_cloud: back to having chosen none */
void lw_session_close_cloud (LwSession *self);
gboolean lw_session_is_open (LwSession *self);
gboolean lw_session_is_practice (LwSession *self);

/** lw_session_get_cloud_id: Returns: (nullable): "practice", "AzureCloud", …; %NULL when none */
const char *lw_session_get_cloud_id (LwSession *self);

/** lw_session_get_cloud: Returns: the row of the cloud; the public one for practice */
const LwCloud *lw_session_get_cloud (LwSession *self);

/** lw_session_is_offline: Returns: %TRUE when nobody answered the last request */
gboolean lw_session_is_offline (LwSession *self);

/** lw_session_get_http: Returns: (nullable): %NULL while no cloud is open */
LwHttp *lw_session_get_http (LwSession *self);

/** lw_session_get_lab: Returns: (nullable): %NULL while no cloud is open */
LwLab *lw_session_get_lab (LwSession *self);

/* ---- Account ---- */

/** lw_session_get_store: Returns: where a sign-in is kept: the keyring, or memory once agreed */
LwTokenStore *lw_session_get_store (LwSession *self);
void lw_session_use_memory_store (LwSession *self);

/** lw_session_set_account: a finished sign-in, or %NULL after signing out */
void lw_session_set_account (LwSession *self, LwAccount *account);
LwAccount *lw_session_get_account (LwSession *self);

/** lw_session_get_account_error: Returns: (nullable): why the earlier sign-in was not taken up */
const GError *lw_session_get_account_error (LwSession *self);

/** lw_session_set_claims: what a service asked for (lw_azure_error_get_claims()): the next sign-in
 *   satisfies it; a finished one clears it */
void lw_session_set_claims (LwSession *self, const char *claims);
const char *lw_session_get_claims (LwSession *self);

/** lw_session_set_subscription: the one to work in, of the signed-in account; copied */
void lw_session_set_subscription (LwSession *self, const LwSubscription *subscription);
const LwSubscription *lw_session_get_subscription (LwSession *self);

/** lw_session_get_azure: Returns: (nullable): %NULL while nobody is signed in */
LwAzure *lw_session_get_azure (LwSession *self);

/** lw_session_get_target: Returns: (nullable): %NULL until a subscription is chosen */
LwTarget *lw_session_get_target (LwSession *self);

/* ---- Record and steps ---- */

/** lw_session_get_record: Returns: (nullable): the attempt under way */
LwRecord *lw_session_get_record (LwSession *self);

/** lw_session_start_attempt: a new record, not on disk before its first setter */
LwRecord *lw_session_start_attempt (LwSession *self);

/** lw_session_record_changed: values of the record were set: targets and states follow */
void lw_session_record_changed (LwSession *self);

/** lw_session_get_record_error: Returns: (nullable): why the newest attempt was not taken up when the
 *   cloud was opened: %LW_ERROR_NEWER_VERSION, %LW_LAB_ERROR_RECORD_DAMAGED */
const GError *lw_session_get_record_error (LwSession *self);

/** lw_session_clear_record_error: the person has seen it and goes on without that attempt */
void lw_session_clear_record_error (LwSession *self);

LwStepState lw_session_get_step_state (LwSession *self, LwStepKind kind);
LwStepKind lw_session_get_suggested_step (LwSession *self);

/** lw_session_set_running: work of a step began or ended; counted, so that it may overlap */
void lw_session_set_running (LwSession *self, LwStepKind kind, gboolean running);
gboolean lw_session_is_running (LwSession *self, LwStepKind kind);

/** lw_session_set_failed: the last work of a step ended with an error, or not */
void lw_session_set_failed (LwSession *self, LwStepKind kind, gboolean failed);

/** lw_session_find_advice: Returns: what the catalogue says about @error; never %NULL */
const LwAdvice *lw_session_find_advice (LwSession *self, const GError *error);

/** lw_session_get_advice: Returns: the entry @id of the catalogue, for what is found out without an
 *   error of a service */
const LwAdvice *lw_session_get_advice (LwSession *self, const char *id);

/* ---- What just happened ---- */

/* Exchanges kept for the drawer; the oldest goes first. */
#define LW_SESSION_MAX_EXCHANGES 100

/** lw_session_get_exchanges: Returns: (element-type LwExchange): newest first */
GListModel *lw_session_get_exchanges (LwSession *self);

/** lw_session_take_equivalent: @equivalent: its strings are taken over, the struct is cleared */
void lw_session_take_equivalent (LwSession *self, LwEquivalent *equivalent);
const LwEquivalent *lw_session_get_equivalent (LwSession *self);

/** lw_session_cost_changed: something that costs was started, stopped or deleted: emits
 *   "cost-changed", at which the meter asks the cloud again */
void lw_session_cost_changed (LwSession *self);

/** lw_session_notice: emits "notice" */
void lw_session_notice (LwSession *self, const char *text);

G_END_DECLS

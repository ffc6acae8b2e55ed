/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The application's model. Main thread; made by the application and freed by it after the last
 * window. Opening a cloud is a chain of at most two waits: the practice cloud's greeting, then
 * lw_open_cloud() on a worker. */

#include "lw-session.h"

#include "lw-account-file.h"
#include "lw-error.h"
#include "lw-exchange.h"
#include "lw-mailbox.h"
#include "lw-open.h"
#include "lw-paths.h"
#include "lw-practice.h"
#include "lw-texts.h"

#define PRACTICE "practice"
#define LAB_FILE "dp100-08.json"

struct _LwSession
{
  GObject parent_instance;

  LwPool *pool; /* borrowed */
  GSettings *settings;
  LwClock *clock;
  LwAdviceCatalogue *advice;
  GHashTable *models; /* GType to GObject, owned */
  GListStore *exchanges;
  LwEquivalent equivalent;

  char *proxy;   /* (nullable): of a practice cloud that runs already */
  char *ca_file; /* (nullable) */
  char *lab_folder; /* (nullable): in place of our own material */
  gboolean auto_approve;
  GCancellable *opening; /* (nullable): the open under way */

  char *cloud_id; /* (nullable): all below is of this cloud */
  LwPractice *practice;
  gboolean offline;   /* nobody answered the last request */
  LwMailbox *mailbox; /* exchanges from the threads that sent them */
  LwHttp *http;
  LwLab *lab;
  LwTokenStore *store;
  LwAccount *account;
  GError *account_error;
  char *claims; /* (nullable): what the next sign-in has to satisfy */
  LwAzure *azure;
  LwSubscription *subscription;
  LwTarget *target;
  LwRecord *record;
  GError *record_error;
  guint running[LW_N_STEPS];
  guint failed; /* a bit per LwStepKind */
  LwStepState states[LW_N_STEPS];
};

G_DEFINE_FINAL_TYPE (LwSession, lw_session, G_TYPE_OBJECT)

enum
{
  CHANGED,
  COST_CHANGED,
  EQUIVALENT_CHANGED,
  LOST,
  NOTICE,
  N_SIGNALS,
};
static guint signals[N_SIGNALS];

/* ---- Steps and targets ---- */

/* A target that is still right stays the same object: callers hold it across "changed". */
static void
derive_target (LwSession *self)
{
  const LwSubscription *subscription = self->subscription;
  g_autofree char *group = NULL;
  g_autofree char *workspace = NULL;

  if (self->azure == NULL || subscription == NULL)
    {
      g_clear_pointer (&self->target, lw_target_unref);
      return;
    }
  if (self->record != NULL)
    {
      group = lw_record_dup (self->record, LW_RECORD_GROUP);
      workspace = lw_record_dup (self->record, LW_RECORD_WORKSPACE);
    }
  if (group == NULL || workspace == NULL)
    {
      g_clear_pointer (&group, g_free);
      g_clear_pointer (&workspace, g_free);
    }
  if (self->target != NULL
      && lw_target_equals (self->target, self->azure, subscription->tenant_id, subscription->id,
                           group, workspace))
    return;
  g_clear_pointer (&self->target, lw_target_unref);
  self->target = lw_target_new (self->azure, subscription->tenant_id, subscription->id, group,
                                workspace);
}

static void
derive_steps (LwSession *self)
{
  LwStepFacts facts = {
    .signed_in = self->target != NULL,
    .failed = self->failed,
  };

  for (guint kind = 0; kind < LW_N_STEPS; kind++)
    if (self->running[kind] > 0)
      facts.running |= 1u << kind;
  lw_steps_derive (self->record, &facts, self->states);
}

static void
emit_changed (LwSession *self)
{
  derive_target (self);
  derive_steps (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

LwStepState
lw_session_get_step_state (LwSession *self, LwStepKind kind)
{
  g_return_val_if_fail (LW_IS_SESSION (self), LW_STEP_LOCKED);
  g_return_val_if_fail ((guint) kind < LW_N_STEPS, LW_STEP_LOCKED);

  return self->states[kind];
}

LwStepKind
lw_session_get_suggested_step (LwSession *self)
{
  g_return_val_if_fail (LW_IS_SESSION (self), LW_STEP_SIGN_IN);

  return lw_steps_get_suggested (self->states);
}

void
lw_session_set_running (LwSession *self, LwStepKind kind, gboolean running)
{
  g_return_if_fail (LW_IS_SESSION (self));
  g_return_if_fail ((guint) kind < LW_N_STEPS);
  g_return_if_fail (running || self->running[kind] > 0);

  self->running[kind] += running ? 1 : -1u;
  if (running)
    self->failed &= ~(1u << kind);
  emit_changed (self);
}

gboolean
lw_session_is_running (LwSession *self, LwStepKind kind)
{
  g_return_val_if_fail (LW_IS_SESSION (self), FALSE);
  g_return_val_if_fail ((guint) kind < LW_N_STEPS, FALSE);

  return self->running[kind] > 0;
}

void
lw_session_set_failed (LwSession *self, LwStepKind kind, gboolean failed)
{
  guint bit;

  g_return_if_fail (LW_IS_SESSION (self));
  g_return_if_fail ((guint) kind < LW_N_STEPS);

  bit = 1u << kind;
  self->failed = failed ? self->failed | bit : self->failed & ~bit;
  emit_changed (self);
}

LwRecord *
lw_session_get_record (LwSession *self)
{
  g_return_val_if_fail (LW_IS_SESSION (self), NULL);

  return self->record;
}

static GFile *
new_record_dir (GError **error)
{
  return lw_paths_ensure_dir (g_get_user_data_dir (), "attempts", error);
}

LwRecord *
lw_session_start_attempt (LwSession *self)
{
  g_autoptr (GFile) folder = NULL;

  g_return_val_if_fail (LW_IS_SESSION (self), NULL);
  g_return_val_if_fail (self->lab != NULL, NULL);

  /* Where the folder cannot be made, the first setter of the record says so. */
  folder = new_record_dir (NULL);
  if (folder == NULL)
    folder = g_file_new_build_filename (g_get_user_data_dir (), "labwalk", "attempts", NULL);
  g_clear_pointer (&self->record, lw_record_unref);
  self->record = lw_record_new (folder, self->lab, self->cloud_id);
  self->failed = 0;
  emit_changed (self);
  return self->record;
}

void
lw_session_record_changed (LwSession *self)
{
  g_return_if_fail (LW_IS_SESSION (self));

  emit_changed (self);
}

const GError *
lw_session_get_record_error (LwSession *self)
{
  g_return_val_if_fail (LW_IS_SESSION (self), NULL);

  return self->record_error;
}

void
lw_session_clear_record_error (LwSession *self)
{
  g_return_if_fail (LW_IS_SESSION (self));

  g_clear_error (&self->record_error);
}

/* ---- Account ---- */

LwTokenStore *
lw_session_get_store (LwSession *self)
{
  g_return_val_if_fail (LW_IS_SESSION (self), NULL);

  return self->store;
}

void
lw_session_use_memory_store (LwSession *self)
{
  g_return_if_fail (LW_IS_SESSION (self));

  g_clear_pointer (&self->store, lw_token_store_unref);
  self->store = lw_token_store_new_memory ();
}

static void
set_account_silently (LwSession *self, LwAccount *account)
{
  g_clear_pointer (&self->azure, lw_azure_unref);
  g_clear_pointer (&self->account, lw_account_unref);
  g_clear_pointer (&self->subscription, lw_subscription_free);
  if (account == NULL)
    return;
  self->account = lw_account_ref (account);
  self->azure = lw_azure_new (lw_session_get_cloud (self), self->http, account);
}

static void
remember_account (LwSession *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) folder = lw_paths_ensure_dir (g_get_user_state_dir (), NULL, &error);
  const LwAccountInfo *info = NULL;

  if (self->account != NULL && lw_token_store_is_persistent (self->store))
    info = lw_account_get_info (self->account);
  /* Nothing is lost without it but one sign-in at the next start. */
  if (folder == NULL || !lw_account_file_save (folder, self->cloud_id, info,
                                                self->subscription, &error))
    g_debug ("The account is not remembered: %s", error->message);
}

void
lw_session_set_account (LwSession *self, LwAccount *account)
{
  g_return_if_fail (LW_IS_SESSION (self));
  g_return_if_fail (self->http != NULL);

  g_clear_error (&self->account_error);
  g_clear_pointer (&self->claims, g_free);
  set_account_silently (self, account);
  remember_account (self);
  emit_changed (self);
}

void
lw_session_set_claims (LwSession *self, const char *claims)
{
  g_return_if_fail (LW_IS_SESSION (self));

  g_free (self->claims);
  self->claims = g_strdup (claims);
}

const char *
lw_session_get_claims (LwSession *self)
{
  g_return_val_if_fail (LW_IS_SESSION (self), NULL);

  return self->claims;
}

LwAccount *
lw_session_get_account (LwSession *self)
{
  g_return_val_if_fail (LW_IS_SESSION (self), NULL);

  return self->account;
}

const GError *
lw_session_get_account_error (LwSession *self)
{
  g_return_val_if_fail (LW_IS_SESSION (self), NULL);

  return self->account_error;
}

static LwSubscription *
copy_subscription (const LwSubscription *subscription)
{
  LwSubscription *copy = g_memdup2 (subscription, sizeof *subscription);

  copy->id = g_strdup (subscription->id);
  copy->tenant_id = g_strdup (subscription->tenant_id);
  copy->display_name = g_strdup (subscription->display_name);
  copy->state = g_strdup (subscription->state);
  copy->quota_id = g_strdup (subscription->quota_id);
  return copy;
}

void
lw_session_set_subscription (LwSession *self, const LwSubscription *subscription)
{
  g_return_if_fail (LW_IS_SESSION (self));

  g_clear_pointer (&self->subscription, lw_subscription_free);
  if (subscription != NULL)
    self->subscription = copy_subscription (subscription);
  remember_account (self);
  emit_changed (self);
}

const LwSubscription *
lw_session_get_subscription (LwSession *self)
{
  g_return_val_if_fail (LW_IS_SESSION (self), NULL);

  return self->subscription;
}

LwAzure *
lw_session_get_azure (LwSession *self)
{
  g_return_val_if_fail (LW_IS_SESSION (self), NULL);

  return self->azure;
}

LwTarget *
lw_session_get_target (LwSession *self)
{
  g_return_val_if_fail (LW_IS_SESSION (self), NULL);

  return self->target;
}

/* ---- Cloud ---- */

static void
exchange_cb (gpointer letter, gpointer listener)
{
  LwSession *self = LW_SESSION (listener);

  if (g_list_model_get_n_items (G_LIST_MODEL (self->exchanges)) >= LW_SESSION_MAX_EXCHANGES)
    g_list_store_remove (self->exchanges, LW_SESSION_MAX_EXCHANGES - 1);
  g_list_store_insert (self->exchanges, 0, letter);
  if (lw_exchange_is_unreached (letter) != self->offline)
    {
      self->offline = !self->offline;
      emit_changed (self);
    }
}

/* On the thread that sent. */
static void
observe_thread_cb (const LwHttpExchange *exchange, gpointer mailbox)
{
  lw_mailbox_post (mailbox, lw_exchange_new (exchange));
}

static void
drop_cloud (LwSession *self)
{
  g_clear_pointer (&self->cloud_id, g_free);
  g_hash_table_remove_all (self->models);
  g_clear_pointer (&self->target, lw_target_unref);
  set_account_silently (self, NULL);
  g_clear_error (&self->account_error);
  g_clear_pointer (&self->claims, g_free);
  g_clear_pointer (&self->record, lw_record_unref);
  g_clear_error (&self->record_error);
  g_clear_pointer (&self->lab, lw_lab_unref);
  g_clear_pointer (&self->http, lw_http_unref);
  g_clear_pointer (&self->store, lw_token_store_unref);
  if (self->mailbox != NULL)
    lw_mailbox_close (self->mailbox);
  g_clear_pointer (&self->mailbox, lw_mailbox_unref);
  if (self->practice != NULL)
    g_signal_handlers_disconnect_by_data (self->practice, self);
  g_clear_object (&self->practice);
  lw_equivalent_clear (&self->equivalent);
  g_list_store_remove_all (self->exchanges);
  for (guint kind = 0; kind < LW_N_STEPS; kind++)
    self->running[kind] = 0;
  self->failed = 0;
  self->offline = FALSE;
}

void
lw_session_close_cloud (LwSession *self)
{
  g_return_if_fail (LW_IS_SESSION (self));

  if (self->opening != NULL)
    g_cancellable_cancel (self->opening);
  drop_cloud (self);
  g_settings_set_string (self->settings, "cloud", "");
  emit_changed (self);
  g_signal_emit (self, signals[COST_CHANGED], 0);
  g_signal_emit (self, signals[EQUIVALENT_CHANGED], 0);
}

static void
practice_ended_cb (LwSession *self)
{
  g_autoptr (GError) error = g_error_new_literal (LW_ERROR, LW_ERROR_INTERRUPTED,
                                                  "labwalk-practice-cloud ended");

  drop_cloud (self);
  emit_changed (self);
  g_signal_emit (self, signals[LOST], 0, error);
}

static void
take_opened (LwSession *self, const LwOpenRequest *request, LwOpened *opened)
{
  self->cloud_id = g_strdup (request->cloud_id);
  self->http = g_steal_pointer (&opened->http);
  self->lab = g_steal_pointer (&opened->lab);
  self->record = g_steal_pointer (&opened->record);
  self->record_error = g_steal_pointer (&opened->record_error);
  self->account_error = g_steal_pointer (&opened->account_error);
  self->store = lw_token_store_ref (request->store);
  self->mailbox = lw_mailbox_new (LW_MAILBOX_ALL, self, exchange_cb, g_object_unref);
  lw_http_set_observer (self->http, observe_thread_cb, lw_mailbox_ref (self->mailbox),
                        (GDestroyNotify) lw_mailbox_unref);
  if (opened->account != NULL)
    {
      set_account_silently (self, opened->account);
      self->subscription = g_steal_pointer (&opened->subscription);
    }
  g_settings_set_string (self->settings, "cloud", self->cloud_id);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  LwSession *self = g_task_get_source_object (task);
  LwPractice *practice = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (LwOpened) opened = lw_pool_finish (result, lw_session_open_async, &error);

  if (g_task_return_error_if_cancelled (task))
    return;
  g_clear_object (&self->opening);
  if (opened == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  drop_cloud (self);
  if (practice != NULL)
    {
      self->practice = g_object_ref (practice);
      g_signal_connect_object (practice, "ended", G_CALLBACK (practice_ended_cb), self,
                               G_CONNECT_SWAPPED);
    }
  take_opened (self, lw_pool_get_data (result), opened);
  emit_changed (self);
  g_task_return_boolean (task, TRUE);
}

static void
run_open (LwSession *self, const char *cloud_id, const char *proxy, const char *ca_file,
          GTask *task)
{
  g_autoptr (GError) error = NULL;
  LwOpenRequest *request = g_new0 (LwOpenRequest, 1);

  request->cloud_id = g_strdup (cloud_id);
  request->proxy = g_strdup (proxy);
  request->ca_file = g_strdup (ca_file);
  request->lab_file = g_file_new_build_filename (lw_paths_get_data_dir (), "labs", LAB_FILE, NULL);
  request->clock = lw_clock_ref (self->clock);
  request->store = lw_token_store_new_keyring ();
  request->store_label = g_strdup (lw_texts_get_store_label ());
  request->state_dir = lw_paths_ensure_dir (g_get_user_state_dir (), NULL, &error);
  if (request->state_dir != NULL)
    request->record_dir = new_record_dir (&error);
  if (error != NULL)
    {
      lw_open_request_free (request);
      g_clear_object (&self->opening);
      g_task_return_error (task, g_steal_pointer (&error));
      g_object_unref (task);
      return;
    }
  lw_pool_run (self->pool, lw_session_open_async, lw_open_cloud, request,
               (GDestroyNotify) lw_open_request_free, (GDestroyNotify) lw_opened_free, NULL,
               self->opening, opened_cb, task);
}

static void
practice_started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  LwSession *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  LwPractice *practice = lw_practice_start_finish (result, &error);

  if (practice == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_clear_object (&self->opening);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  g_task_set_task_data (task, practice, g_object_unref);
  run_open (self, PRACTICE, lw_practice_get_proxy (practice), lw_practice_get_ca_file (practice),
            g_steal_pointer (&task));
}

static void
start_practice (LwSession *self, GTask *task)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) state_dir = lw_paths_ensure_dir (g_get_user_data_dir (), PRACTICE, &error);

  if (state_dir == NULL)
    {
      g_clear_object (&self->opening);
      g_task_return_error (task, g_steal_pointer (&error));
      g_object_unref (task);
      return;
    }
  /* One practice cloud at a time may use the folder. */
  if (self->practice != NULL)
    drop_cloud (self);
  lw_practice_start_async (state_dir, self->auto_approve, self->opening, practice_started_cb,
                           task);
}

void
lw_session_open_async (LwSession *self, const char *cloud_id, GAsyncReadyCallback callback,
                       gpointer user_data)
{
  GTask *task;

  g_return_if_fail (LW_IS_SESSION (self));
  g_return_if_fail (cloud_id != NULL);

  if (self->opening != NULL)
    g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  self->opening = g_cancellable_new ();
  task = g_task_new (self, self->opening, callback, user_data);
  g_task_set_source_tag (task, lw_session_open_async);
  if (!g_str_equal (cloud_id, PRACTICE) && lw_cloud_get (cloud_id) == NULL)
    {
      g_clear_object (&self->opening);
      g_task_return_new_error (task, LW_ERROR, LW_ERROR_NOT_FOUND, "cloud: %s", cloud_id);
      g_object_unref (task);
    }
  else if (!g_str_equal (cloud_id, PRACTICE))
    run_open (self, cloud_id, NULL, NULL, task);
  else if (self->proxy != NULL)
    run_open (self, PRACTICE, self->proxy, self->ca_file, task);
  else
    start_practice (self, task);
}

gboolean
lw_session_open_finish (LwSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
lw_session_set_practice_address (LwSession *self, const char *proxy, const char *ca_file)
{
  g_return_if_fail (LW_IS_SESSION (self));
  g_return_if_fail (proxy != NULL && ca_file != NULL);

  g_free (self->proxy);
  self->proxy = g_strdup (proxy);
  g_free (self->ca_file);
  self->ca_file = g_strdup (ca_file);
}

void
lw_session_set_auto_approve (LwSession *self, gboolean auto_approve)
{
  g_return_if_fail (LW_IS_SESSION (self));

  self->auto_approve = auto_approve;
}

void
lw_session_set_lab_folder (LwSession *self, const char *folder)
{
  g_return_if_fail (LW_IS_SESSION (self));

  g_free (self->lab_folder);
  self->lab_folder = g_strdup (folder);
}

const char *
lw_session_get_lab_folder (LwSession *self)
{
  g_return_val_if_fail (LW_IS_SESSION (self), NULL);

  return self->lab_folder;
}

gboolean
lw_session_is_open (LwSession *self)
{
  g_return_val_if_fail (LW_IS_SESSION (self), FALSE);

  return self->cloud_id != NULL;
}

gboolean
lw_session_is_practice (LwSession *self)
{
  g_return_val_if_fail (LW_IS_SESSION (self), FALSE);

  return g_strcmp0 (self->cloud_id, PRACTICE) == 0;
}

const char *
lw_session_get_cloud_id (LwSession *self)
{
  g_return_val_if_fail (LW_IS_SESSION (self), NULL);

  return self->cloud_id;
}

const LwCloud *
lw_session_get_cloud (LwSession *self)
{
  const LwCloud *cloud;

  g_return_val_if_fail (LW_IS_SESSION (self), NULL);

  cloud = self->cloud_id != NULL ? lw_cloud_get (self->cloud_id) : NULL;
  return cloud != NULL ? cloud : lw_cloud_get_public ();
}

gboolean
lw_session_is_offline (LwSession *self)
{
  g_return_val_if_fail (LW_IS_SESSION (self), FALSE);

  return self->offline;
}

LwHttp *
lw_session_get_http (LwSession *self)
{
  g_return_val_if_fail (LW_IS_SESSION (self), NULL);

  return self->http;
}

LwLab *
lw_session_get_lab (LwSession *self)
{
  g_return_val_if_fail (LW_IS_SESSION (self), NULL);

  return self->lab;
}

/* ---- The rest ---- */

LwPool *
lw_session_get_pool (LwSession *self)
{
  g_return_val_if_fail (LW_IS_SESSION (self), NULL);

  return self->pool;
}

GSettings *
lw_session_get_settings (LwSession *self)
{
  g_return_val_if_fail (LW_IS_SESSION (self), NULL);

  return self->settings;
}

LwClock *
lw_session_get_clock (LwSession *self)
{
  g_return_val_if_fail (LW_IS_SESSION (self), NULL);

  return self->clock;
}

gpointer
lw_session_ensure_model (LwSession *self, GType type)
{
  GObject *model;

  g_return_val_if_fail (LW_IS_SESSION (self), NULL);
  g_return_val_if_fail (g_type_is_a (type, G_TYPE_OBJECT), NULL);

  model = g_hash_table_lookup (self->models, GSIZE_TO_POINTER (type));
  if (model == NULL)
    {
      model = g_object_new (type, "session", self, NULL);
      g_hash_table_insert (self->models, GSIZE_TO_POINTER (type), model);
    }
  return model;
}

const LwAdvice *
lw_session_find_advice (LwSession *self, const GError *error)
{
  g_return_val_if_fail (LW_IS_SESSION (self), NULL);

  return lw_advice_find (self->advice, error);
}

const LwAdvice *
lw_session_get_advice (LwSession *self, const char *id)
{
  g_return_val_if_fail (LW_IS_SESSION (self), NULL);

  return lw_advice_get (self->advice, id);
}

GListModel *
lw_session_get_exchanges (LwSession *self)
{
  g_return_val_if_fail (LW_IS_SESSION (self), NULL);

  return G_LIST_MODEL (self->exchanges);
}

void
lw_session_take_equivalent (LwSession *self, LwEquivalent *equivalent)
{
  g_return_if_fail (LW_IS_SESSION (self));

  lw_equivalent_clear (&self->equivalent);
  self->equivalent = *equivalent;
  *equivalent = (LwEquivalent) { NULL };
  g_signal_emit (self, signals[EQUIVALENT_CHANGED], 0);
}

const LwEquivalent *
lw_session_get_equivalent (LwSession *self)
{
  g_return_val_if_fail (LW_IS_SESSION (self), NULL);

  return &self->equivalent;
}

void
lw_session_cost_changed (LwSession *self)
{
  g_return_if_fail (LW_IS_SESSION (self));

  g_signal_emit (self, signals[COST_CHANGED], 0);
}

void
lw_session_notice (LwSession *self, const char *text)
{
  g_return_if_fail (LW_IS_SESSION (self));

  g_signal_emit (self, signals[NOTICE], 0, text);
}

/* ---- GObject ---- */

static void
lw_session_dispose (GObject *object)
{
  LwSession *self = LW_SESSION (object);

  if (self->opening != NULL)
    g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  drop_cloud (self);
  G_OBJECT_CLASS (lw_session_parent_class)->dispose (object);
}

static void
lw_session_finalize (GObject *object)
{
  LwSession *self = LW_SESSION (object);

  g_clear_object (&self->settings);
  g_clear_object (&self->exchanges);
  g_clear_pointer (&self->models, g_hash_table_unref);
  g_clear_pointer (&self->advice, lw_advice_catalogue_free);
  g_clear_pointer (&self->clock, lw_clock_unref);
  g_free (self->proxy);
  g_free (self->ca_file);
  g_free (self->lab_folder);
  G_OBJECT_CLASS (lw_session_parent_class)->finalize (object);
}

static void
lw_session_class_init (LwSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lw_session_dispose;
  object_class->finalize = lw_session_finalize;
  signals[CHANGED] = g_signal_new ("changed", LW_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  signals[COST_CHANGED] = g_signal_new ("cost-changed", LW_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[EQUIVALENT_CHANGED]
    = g_signal_new ("equivalent-changed", LW_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 0);
  signals[LOST] = g_signal_new ("lost", LW_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[NOTICE] = g_signal_new ("notice", LW_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

/* Work under way may hold its model: disposing cancels it at once. */
static void
drop_model (gpointer model)
{
  g_object_run_dispose (model);
  g_object_unref (model);
}

static void
lw_session_init (LwSession *self)
{
  self->clock = lw_clock_new_system ();
  self->exchanges = g_list_store_new (LW_TYPE_EXCHANGE);
  self->models = g_hash_table_new_full (NULL, NULL, NULL, drop_model);
}

/* The catalogue is installed with the program: without it nothing works. */
static LwAdviceCatalogue *
load_advice (void)
{
  g_autofree char *path
    = g_build_filename (lw_paths_get_data_dir (), "advice", "advice.json", NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GBytes) bytes = NULL;
  gsize length;
  LwAdviceCatalogue *catalogue = NULL;

  if (g_file_get_contents (path, &text, &length, &error))
    {
      bytes = g_bytes_new_take (g_steal_pointer (&text), length);
      catalogue = lw_advice_catalogue_load (bytes, &error);
    }
  if (catalogue == NULL)
    g_error ("%s: %s", path, error->message);
  return catalogue;
}

LwSession *
lw_session_new (LwPool *pool, GSettings *settings)
{
  LwSession *self = g_object_new (LW_TYPE_SESSION, NULL);

  self->pool = pool;
  self->settings = g_object_ref (settings);
  self->advice = load_advice ();
  derive_steps (self);
  return self;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The state of signing in. One wait is under way at a time, ended by self->cancellable; a callback
 * that finds its model disposed (self->session is NULL) or a newer wait begun touches nothing. Main
 * thread; kept by the session until another cloud is opened. */

#include "lw-sign-in-model.h"

#include <glib/gi18n.h>

#include "lw-language.h"
#include "lw-secret.h"
#include "lw-sign-in-work.h"
#include "lw-texts.h"

struct _LwSignInModel
{
  GObject parent_instance;

  LwSession *session; /* borrowed; NULL once disposed */
  LwSignInState state;
  LwSignInMethod method;
  gint64 since_us;
  GCancellable *cancellable; /* (nullable): of the wait under way */
  GCancellable *asking;      /* (nullable): of the permission */
  GError *error;             /* (nullable) */
  char *uri;                 /* (nullable) */
  char *user_code;           /* (nullable), wiped */
  gint64 expires_us;
  LwDirectory *directory; /* (nullable) */
  LwSignInPermission permission;
};

G_DEFINE_FINAL_TYPE (LwSignInModel, lw_sign_in_model, G_TYPE_OBJECT)

enum
{
  PROP_SESSION = 1,
  N_PROPS,
};
static GParamSpec *props[N_PROPS];

enum
{
  CHANGED,
  OPEN_URI,
  N_SIGNALS,
};
static guint signals[N_SIGNALS];

/* ---- State ---- */

static void
forget_ways (LwSignInModel *self)
{
  g_clear_pointer (&self->uri, g_free);
  g_clear_pointer (&self->user_code, lw_secret_free);
  self->expires_us = 0;
}

static void
set_state (LwSignInModel *self, LwSignInState state)
{
  gboolean was_running = self->state != LW_SIGN_IN_OUT && self->state != LW_SIGN_IN_IN;
  gboolean running = state != LW_SIGN_IN_OUT && state != LW_SIGN_IN_IN;

  self->state = state;
  self->since_us = lw_clock_get_now_us (lw_session_get_clock (self->session));
  if (state != LW_SIGN_IN_BROWSER && state != LW_SIGN_IN_DEVICE)
    forget_ways (self);
  if (running != was_running)
    lw_session_set_running (self->session, LW_STEP_SIGN_IN, running);
  g_signal_emit (self, signals[CHANGED], 0);
}

static GCancellable *
begin_wait (LwSignInModel *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_error (&self->error);
  self->cancellable = g_cancellable_new ();
  return self->cancellable;
}

static void
fail (LwSignInModel *self, GError *error, LwSignInState state)
{
  g_clear_error (&self->error);
  self->error = error;
  set_state (self, state);
  lw_session_set_failed (self->session, LW_STEP_SIGN_IN, TRUE);
}

/* ---- Permission ---- */

static gpointer
ask_permission (gpointer target, GCancellable *cancellable, GError **error)
{
  const char *const actions[] = { "Microsoft.Resources/subscriptions/resourceGroups/write",
                                  "Microsoft.MachineLearningServices/workspaces/write", NULL };
  gboolean allowed = FALSE;

  if (!lw_arm_may (lw_target_get_arm (target), actions, &allowed, cancellable, error))
    return NULL;
  return GINT_TO_POINTER (allowed ? LW_SIGN_IN_PERMISSION_GRANTED
                                  : LW_SIGN_IN_PERMISSION_MISSING);
}

static void
permission_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  LwSignInModel *self = LW_SIGN_IN_MODEL (source);
  g_autoptr (GError) error = NULL;
  gpointer permission = lw_pool_finish (result, ask_permission, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->session == NULL)
    return;
  /* A question that is not answered is asked again by the preflight. */
  self->permission = error == NULL ? (LwSignInPermission) GPOINTER_TO_INT (permission)
                                   : LW_SIGN_IN_PERMISSION_UNKNOWN;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
start_permission (LwSignInModel *self)
{
  LwTarget *target = lw_session_get_target (self->session);

  if (self->asking != NULL)
    g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);
  self->permission = LW_SIGN_IN_PERMISSION_UNKNOWN;
  if (target == NULL)
    return;
  self->asking = g_cancellable_new ();
  self->permission = LW_SIGN_IN_PERMISSION_ASKED;
  lw_pool_run (lw_session_get_pool (self->session), ask_permission, ask_permission,
               lw_target_ref (target), (GDestroyNotify) lw_target_unref, NULL, self, self->asking,
               permission_cb, NULL);
}

/* ---- Subscriptions ---- */

void
lw_sign_in_model_choose (LwSignInModel *self, const LwSubscription *subscription)
{
  LwEquivalent equivalent = { NULL };

  g_return_if_fail (LW_IS_SIGN_IN_MODEL (self));
  g_return_if_fail (subscription != NULL);

  lw_session_set_subscription (self->session, subscription);
  lw_equivalent_sign_in (subscription->tenant_id, subscription->id, &equivalent);
  lw_session_take_equivalent (self->session, &equivalent);
  start_permission (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* The one chosen before, if it is still there; else the only usable one, if there is only one. */
static const LwSubscription *
find_choice (LwSignInModel *self)
{
  const LwSubscription *chosen = lw_session_get_subscription (self->session);
  GPtrArray *all = self->directory->subscriptions;
  const LwSubscription *only = NULL;

  if (chosen != NULL)
    chosen = lw_directory_find (self->directory, chosen->id);
  if (chosen != NULL)
    return chosen;
  for (guint i = 0; i < all->len; i++)
    if (lw_directory_is_usable (g_ptr_array_index (all, i)))
      {
        if (only != NULL)
          return NULL;
        only = g_ptr_array_index (all, i);
      }
  return only;
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  LwSignInModel *self = LW_SIGN_IN_MODEL (source);
  g_autoptr (GError) error = NULL;
  LwDirectory *directory = lw_pool_finish (result, lw_directory_load, &error);
  const LwSubscription *choice;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->session == NULL)
    return;
  if (directory == NULL)
    {
      fail (self, g_steal_pointer (&error), LW_SIGN_IN_IN);
      return;
    }
  g_clear_pointer (&self->directory, lw_directory_free);
  self->directory = directory;
  choice = find_choice (self);
  if (choice == NULL)
    lw_session_set_subscription (self->session, NULL);
  set_state (self, LW_SIGN_IN_IN);
  if (choice != NULL)
    lw_sign_in_model_choose (self, choice);
}

void
lw_sign_in_model_load (LwSignInModel *self)
{
  LwAzure *azure;

  g_return_if_fail (LW_IS_SIGN_IN_MODEL (self));

  azure = lw_session_get_azure (self->session);
  if (azure == NULL)
    return;
  begin_wait (self);
  set_state (self, LW_SIGN_IN_LOADING);
  lw_pool_run (lw_session_get_pool (self->session), lw_directory_load, lw_directory_load,
               lw_azure_ref (azure), (GDestroyNotify) lw_azure_unref,
               (GDestroyNotify) lw_directory_free, self, self->cancellable, loaded_cb, NULL);
}

void
lw_sign_in_model_open (LwSignInModel *self)
{
  g_return_if_fail (LW_IS_SIGN_IN_MODEL (self));

  if (self->state == LW_SIGN_IN_IN && self->directory == NULL && self->error == NULL)
    lw_sign_in_model_load (self);
}

/* ---- Signing in ---- */

static char *
build_page (const char *title, const char *text)
{
  g_autofree char *html_title = g_markup_escape_text (title, -1);
  g_autofree char *html_text = g_markup_escape_text (text, -1);

  return g_strdup_printf (
    "<!DOCTYPE html><html lang=\"%s\"><head><meta charset=\"utf-8\"><title>%s</title>"
    "<meta name=\"viewport\" content=\"width=device-width\"><style>"
    "body{font:1.1em system-ui,sans-serif;max-width:32em;margin:15vh auto;padding:0 1em;"
    "text-align:center;color-scheme:light dark}</style></head>"
    "<body><h1>%s</h1><p>%s</p></body></html>",
    lw_language_get_current (), html_title, html_title, html_text);
}

static LwSignInWork *
new_work (LwSignInModel *self)
{
  LwSession *session = self->session;
  GSettings *settings = lw_session_get_settings (session);
  LwAccount *account = lw_session_get_account (session);
  LwSignInWork *work = g_new0 (LwSignInWork, 1);

  work->http = lw_http_ref (lw_session_get_http (session));
  work->store = lw_token_store_ref (lw_session_get_store (session));
  work->cloud_id = g_strdup (lw_session_get_cloud_id (session));
  work->tenant = g_strstrip (g_settings_get_string (settings, "tenant"));
  if (work->tenant[0] == '\0' || lw_session_is_practice (session))
    {
      g_free (work->tenant);
      work->tenant = g_strdup ("organizations");
    }
  work->client_id = g_strstrip (g_settings_get_string (settings, "client-id"));
  if (work->client_id[0] == '\0' || lw_session_is_practice (session))
    g_clear_pointer (&work->client_id, g_free);
  work->claims = g_strdup (lw_session_get_claims (session));
  if (account != NULL)
    work->login_hint = g_strdup (lw_account_get_info (account)->user_name);
  work->language
    = g_strdup (g_str_equal (lw_language_get_current (), "ko") ? "ko-KR" : "en-US");
  work->store_label = g_strdup (lw_texts_get_store_label ());
  work->page_done = build_page (_ ("Signed in"), _ ("Close this page and go back to Labwalk."));
  work->page_failed
    = build_page (_ ("Not signed in"), _ ("Go back to Labwalk: it says what went wrong."));
  work->options = (LwSignInOptions) {
    .cloud = lw_session_get_cloud (session),
    .cloud_id = work->cloud_id,
    .tenant = work->tenant,
    .client_id = work->client_id,
    .claims = work->claims,
    .login_hint = work->login_hint,
    .language = work->language,
    .store = work->store,
    .store_label = work->store_label,
    .practice = lw_session_is_practice (session),
  };
  return work;
}

static void
signed_in_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  LwSignInModel *self = LW_SIGN_IN_MODEL (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (LwAccount) account = lw_pool_finish (result, signed_in_cb, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->session == NULL)
    return;
  if (account == NULL)
    {
      fail (self, g_steal_pointer (&error),
            lw_session_get_account (self->session) != NULL ? LW_SIGN_IN_IN : LW_SIGN_IN_OUT);
      return;
    }
  lw_session_set_account (self->session, account);
  lw_sign_in_model_load (self);
}

static void
run_wait (LwSignInModel *self, LwPoolFunc func, LwSignInWork *work)
{
  lw_pool_run (lw_session_get_pool (self->session), signed_in_cb, func, work,
               (GDestroyNotify) lw_sign_in_work_free, (GDestroyNotify) lw_account_unref, self,
               self->cancellable, signed_in_cb, NULL);
}

/* The way to the person is open: the second half of the same work. */
static void
begun_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  LwSignInModel *self = LW_SIGN_IN_MODEL (source);
  g_autoptr (GError) error = NULL;
  LwSignInWork *begun = lw_pool_finish (result, begun_cb, &error);
  LwSignInWork *work = lw_pool_get_data (result);

  if (begun == NULL || self->session == NULL)
    {
      lw_sign_in_work_free (work);
      if (self->session != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        fail (self, g_steal_pointer (&error),
              lw_session_get_account (self->session) != NULL ? LW_SIGN_IN_IN : LW_SIGN_IN_OUT);
      return;
    }
  if (work->browser != NULL)
    {
      self->uri = g_strdup (lw_browser_sign_in_get_url (work->browser));
      set_state (self, LW_SIGN_IN_BROWSER);
      g_signal_emit (self, signals[OPEN_URI], 0, self->uri);
      run_wait (self, lw_sign_in_work_wait_browser, work);
      return;
    }
  self->uri = g_strdup (lw_device_sign_in_get_uri (work->device));
  self->user_code = g_strdup (lw_device_sign_in_get_user_code (work->device));
  self->expires_us = lw_device_sign_in_get_expires_us (work->device);
  set_state (self, LW_SIGN_IN_DEVICE);
  run_wait (self, lw_sign_in_work_wait_device, work);
}

void
lw_sign_in_model_start (LwSignInModel *self, LwSignInMethod method)
{
  LwSignInWork *work;

  g_return_if_fail (LW_IS_SIGN_IN_MODEL (self));

  work = new_work (self);
  begin_wait (self);
  self->method = method;
  set_state (self, method == LW_SIGN_IN_BY_AZ ? LW_SIGN_IN_AZ : LW_SIGN_IN_STARTING);
  if (method == LW_SIGN_IN_BY_AZ)
    run_wait (self, lw_sign_in_work_az, work);
  else
    lw_pool_run (lw_session_get_pool (self->session), begun_cb,
                 method == LW_SIGN_IN_BY_BROWSER ? lw_sign_in_work_begin_browser
                                                 : lw_sign_in_work_begin_device,
                 work, NULL, NULL, self, self->cancellable, begun_cb, NULL);
}

void
lw_sign_in_model_again (LwSignInModel *self)
{
  g_return_if_fail (LW_IS_SIGN_IN_MODEL (self));

  lw_sign_in_model_start (self, self->method);
}

void
lw_sign_in_model_use_memory (LwSignInModel *self)
{
  g_return_if_fail (LW_IS_SIGN_IN_MODEL (self));

  lw_session_use_memory_store (self->session);
  lw_sign_in_model_again (self);
}

void
lw_sign_in_model_cancel (LwSignInModel *self)
{
  g_return_if_fail (LW_IS_SIGN_IN_MODEL (self));

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  set_state (self, lw_session_get_account (self->session) != NULL ? LW_SIGN_IN_IN
                                                                  : LW_SIGN_IN_OUT);
}

static gpointer
sign_out (gpointer account, GCancellable *cancellable, GError **error)
{
  return GINT_TO_POINTER (lw_account_sign_out (account, cancellable, error));
}

static void
signed_out_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  LwSignInModel *self = LW_SIGN_IN_MODEL (source);
  g_autoptr (GError) error = NULL;

  lw_pool_finish (result, sign_out, &error);
  if (error == NULL || self->session == NULL)
    return;
  /* The keyring did not let go of the entry: the person has to know. */
  fail (self, g_steal_pointer (&error), self->state);
}

void
lw_sign_in_model_sign_out (LwSignInModel *self)
{
  LwAccount *account;

  g_return_if_fail (LW_IS_SIGN_IN_MODEL (self));

  account = lw_session_get_account (self->session);
  if (account == NULL)
    return;
  begin_wait (self);
  lw_pool_run (lw_session_get_pool (self->session), sign_out, sign_out, lw_account_ref (account),
               (GDestroyNotify) lw_account_unref, NULL, self, NULL, signed_out_cb, NULL);
  g_clear_pointer (&self->directory, lw_directory_free);
  lw_session_set_account (self->session, NULL);
  start_permission (self);
  set_state (self, LW_SIGN_IN_OUT);
}

/* ---- Getters ---- */

LwSignInState
lw_sign_in_model_get_state (LwSignInModel *self)
{
  g_return_val_if_fail (LW_IS_SIGN_IN_MODEL (self), LW_SIGN_IN_OUT);

  return self->state;
}

const GError *
lw_sign_in_model_get_error (LwSignInModel *self)
{
  g_return_val_if_fail (LW_IS_SIGN_IN_MODEL (self), NULL);

  if (self->error == NULL && self->state == LW_SIGN_IN_OUT)
    return lw_session_get_account_error (self->session);
  return self->error;
}

gint64
lw_sign_in_model_get_since_us (LwSignInModel *self)
{
  g_return_val_if_fail (LW_IS_SIGN_IN_MODEL (self), 0);

  return self->since_us;
}

const char *
lw_sign_in_model_get_uri (LwSignInModel *self)
{
  g_return_val_if_fail (LW_IS_SIGN_IN_MODEL (self), NULL);

  return self->uri;
}

const char *
lw_sign_in_model_get_user_code (LwSignInModel *self)
{
  g_return_val_if_fail (LW_IS_SIGN_IN_MODEL (self), NULL);

  return self->user_code;
}

gint64
lw_sign_in_model_get_expires_us (LwSignInModel *self)
{
  g_return_val_if_fail (LW_IS_SIGN_IN_MODEL (self), 0);

  return self->expires_us;
}

const LwDirectory *
lw_sign_in_model_get_directory (LwSignInModel *self)
{
  g_return_val_if_fail (LW_IS_SIGN_IN_MODEL (self), NULL);

  return self->directory;
}

LwSignInPermission
lw_sign_in_model_get_permission (LwSignInModel *self)
{
  g_return_val_if_fail (LW_IS_SIGN_IN_MODEL (self), LW_SIGN_IN_PERMISSION_UNKNOWN);

  return self->permission;
}

/* ---- GObject ---- */

static void
lw_sign_in_model_set_property (GObject *object, guint prop_id, const GValue *value,
                               GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_SESSION:
      LW_SIGN_IN_MODEL (object)->session = g_value_get_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static LwSignInMethod
find_method (LwAccount *account)
{
  const char *name = lw_account_get_info (account)->method;

  if (g_strcmp0 (name, "az") == 0)
    return LW_SIGN_IN_BY_AZ;
  return g_strcmp0 (name, "device") == 0 ? LW_SIGN_IN_BY_DEVICE : LW_SIGN_IN_BY_BROWSER;
}

static void
lw_sign_in_model_constructed (GObject *object)
{
  LwSignInModel *self = LW_SIGN_IN_MODEL (object);
  LwAccount *account = lw_session_get_account (self->session);

  G_OBJECT_CLASS (lw_sign_in_model_parent_class)->constructed (object);
  if (account == NULL)
    return;
  self->state = LW_SIGN_IN_IN;
  self->method = find_method (account);
}

static void
lw_sign_in_model_dispose (GObject *object)
{
  LwSignInModel *self = LW_SIGN_IN_MODEL (object);

  self->session = NULL;
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->asking != NULL)
    g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);
  forget_ways (self);
  g_clear_pointer (&self->directory, lw_directory_free);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (lw_sign_in_model_parent_class)->dispose (object);
}

static void
lw_sign_in_model_class_init (LwSignInModelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = lw_sign_in_model_set_property;
  object_class->constructed = lw_sign_in_model_constructed;
  object_class->dispose = lw_sign_in_model_dispose;
  props[PROP_SESSION] = g_param_spec_object (
    "session", NULL, NULL, LW_TYPE_SESSION,
    G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[CHANGED] = g_signal_new ("changed", LW_TYPE_SIGN_IN_MODEL, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[OPEN_URI] = g_signal_new ("open-uri", LW_TYPE_SIGN_IN_MODEL, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
lw_sign_in_model_init (LwSignInModel *self)
{
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The model of step 5. A table of watches: the chosen job's and those of jobs that still run; others
 * are dropped. Main thread. Belongs to the session, which outlives it and to which it keeps no
 * reference. */

#include "lw-results-model.h"

#include <glib/gi18n.h>

struct _LwResultsModel
{
  GObject parent_instance;

  LwSession *session;  /* borrowed, outlives the model */
  GPtrArray *jobs;     /* owned, nullable */
  GError *error;       /* owned, nullable: of the list */
  gboolean listing;
  char *selected;      /* owned, nullable */
  char *attempt;       /* owned, nullable: suffix of the record that all this is of */
  gboolean reviewing;
  GHashTable *watches; /* owned: char * to LwJobWatch */
  GCancellable *cancellable; /* owned until dispose */
};

G_DEFINE_FINAL_TYPE (LwResultsModel, lw_results_model, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_SESSION,
  N_PROPS,
};

enum
{
  CHANGED,
  JOB_CHANGED,
  N_SIGNALS,
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

static void
emit_changed (LwResultsModel *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static gboolean
is_disposed (LwResultsModel *self)
{
  return self->cancellable == NULL;
}

static LwRecord *
get_record (LwResultsModel *self)
{
  return lw_session_get_record (self->session);
}

static char *
dup_own_job (LwResultsModel *self)
{
  return get_record (self) != NULL ? lw_record_dup (get_record (self), LW_RECORD_JOB) : NULL;
}

/* ---- Notification ---- */

#define NOTIFICATION "job"

static gboolean
is_window_active (void)
{
  GApplication *app = g_application_get_default ();
  GtkWindow *window
      = GTK_IS_APPLICATION (app) ? gtk_application_get_active_window (GTK_APPLICATION (app)) : NULL;

  return window != NULL && gtk_window_is_active (window);
}

/* The title alone tells it. */
static char *
dup_end_title (const LwJob *job)
{
  if (job->phase == LW_JOB_PHASE_COMPLETED)
    /* Translators: name of a job */
    return g_strdup_printf (_ ("The job “%s” is completed"), job->display_name);
  if (job->phase == LW_JOB_PHASE_CANCELED)
    /* Translators: name of a job */
    return g_strdup_printf (_ ("The job “%s” is canceled"), job->display_name);
  /* Translators: name of a job */
  return g_strdup_printf (_ ("The job “%s” has failed"), job->display_name);
}

static void
ended_cb (LwJobWatch *watch, LwResultsModel *self)
{
  const LwJob *job = lw_job_watch_get_job (watch);
  GApplication *app = g_application_get_default ();
  g_autofree char *title = dup_end_title (job);
  g_autoptr (GNotification) notification = NULL;

  if (is_window_active () || app == NULL)
    {
      lw_session_notice (self->session, title);
      return;
    }
  notification = g_notification_new (title);
  g_application_send_notification (app, NOTIFICATION, notification);
}

static void
withdraw (void)
{
  GApplication *app = g_application_get_default ();

  if (app != NULL && is_window_active ())
    g_application_withdraw_notification (app, NOTIFICATION);
}

/* ---- Watches ---- */

/* The list shows what was seen last. Returns: %TRUE when that is other than it did. */
static gboolean
update_listed (LwResultsModel *self, const LwJob *job)
{
  for (guint i = 0; self->jobs != NULL && i < self->jobs->len; i++)
    {
      LwJob *listed = g_ptr_array_index (self->jobs, i);

      if (!g_str_equal (listed->name, job->name))
        continue;
      if (g_str_equal (listed->status, job->status))
        return FALSE;
      lw_job_free (listed);
      g_ptr_array_index (self->jobs, i) = lw_job_copy (job);
      return TRUE;
    }
  if (self->jobs == NULL)
    return FALSE;
  g_ptr_array_insert (self->jobs, 0, lw_job_copy (job));
  return TRUE;
}

static void
watch_changed_cb (LwJobWatch *watch, LwResultsModel *self)
{
  const LwJob *job = lw_job_watch_get_job (watch);

  if (job != NULL && update_listed (self, job))
    emit_changed (self);
  if (g_strcmp0 (lw_job_watch_get_name (watch), self->selected) == 0)
    g_signal_emit (self, signals[JOB_CHANGED], 0);
}

static void
drop_watch (gpointer data)
{
  g_signal_handlers_disconnect_matched (data, G_SIGNAL_MATCH_FUNC, 0, 0, NULL, watch_changed_cb,
                                        NULL);
  g_object_run_dispose (data);
  g_object_unref (data);
}

static LwJobWatch *
ensure_watch (LwResultsModel *self, const char *name)
{
  LwJobWatch *watch = g_hash_table_lookup (self->watches, name);

  if (watch != NULL)
    return watch;
  watch = lw_job_watch_new (self->session, name);
  g_signal_connect_object (watch, "changed", G_CALLBACK (watch_changed_cb), self, 0);
  g_signal_connect_object (watch, "ended", G_CALLBACK (ended_cb), self, 0);
  g_hash_table_insert (self->watches, g_strdup (name), watch);
  return watch;
}

static gboolean
is_idle (gpointer name, gpointer watch, gpointer user_data)
{
  LwResultsModel *self = user_data;

  return g_strcmp0 (name, self->selected) != 0 && !lw_job_watch_is_following (watch);
}

void
lw_results_model_select (LwResultsModel *self, const char *name)
{
  g_return_if_fail (LW_IS_RESULTS_MODEL (self));

  if (g_strcmp0 (name, self->selected) == 0)
    return;
  g_free (self->selected);
  self->selected = g_strdup (name);
  g_hash_table_foreach_remove (self->watches, is_idle, self);
  if (name != NULL)
    lw_job_watch_follow (ensure_watch (self, name));
  emit_changed (self);
  g_signal_emit (self, signals[JOB_CHANGED], 0);
}

static void
tell_equivalent (LwResultsModel *self, const char *name)
{
  LwTarget *target = lw_session_get_target (self->session);
  g_auto (LwEquivalent) equivalent = { NULL };

  if (target == NULL || lw_target_get_ml (target) == NULL)
    return;
  lw_equivalent_follow (lw_target_get_ml (target), name, &equivalent);
  lw_session_take_equivalent (self->session, &equivalent);
}

void
lw_results_model_follow (LwResultsModel *self, const char *name)
{
  g_return_if_fail (LW_IS_RESULTS_MODEL (self));
  g_return_if_fail (name != NULL);

  lw_results_model_select (self, name);
  lw_job_watch_follow (ensure_watch (self, name));
}

/* ---- List ---- */

/* Another attempt has another workspace. */
static void
read_record (LwResultsModel *self)
{
  LwRecord *record = get_record (self);
  g_autofree char *attempt = record != NULL ? lw_record_dup (record, LW_RECORD_SUFFIX) : NULL;
  GHashTableIter iter;
  gpointer watch;

  if (g_strcmp0 (attempt, self->attempt) == 0)
    return;
  g_hash_table_iter_init (&iter, self->watches);
  while (g_hash_table_iter_next (&iter, NULL, &watch))
    lw_job_watch_stop (watch);
  g_clear_pointer (&self->jobs, g_ptr_array_unref);
  g_clear_pointer (&self->selected, g_free);
  g_hash_table_remove_all (self->watches);
  g_free (self->attempt);
  self->attempt = g_steal_pointer (&attempt);
}

/* The attempt's own job, else the newest. */
static void
select_first (LwResultsModel *self)
{
  g_autofree char *own = dup_own_job (self);
  const LwJob *newest = self->jobs->len > 0 ? g_ptr_array_index (self->jobs, 0) : NULL;

  if (self->selected != NULL || newest == NULL)
    return;
  for (guint i = 0; own != NULL && i < self->jobs->len; i++)
    {
      const LwJob *job = g_ptr_array_index (self->jobs, i);

      if (g_str_equal (job->name, own))
        newest = job;
    }
  tell_equivalent (self, newest->name);
  lw_results_model_select (self, newest->name);
}

static void
listed_cb (GObject *source, GAsyncResult *res, gpointer user_data)
{
  LwResultsModel *self = LW_RESULTS_MODEL (source);
  GError *error = NULL;
  GPtrArray *jobs = lw_pool_finish (res, lw_results_model_open, &error);

  if (is_disposed (self))
    {
      g_clear_error (&error);
      return;
    }
  self->listing = FALSE;
  self->error = error;
  if (jobs != NULL)
    {
      g_clear_pointer (&self->jobs, g_ptr_array_unref);
      self->jobs = jobs;
      select_first (self);
    }
  emit_changed (self);
}

static void
list (LwResultsModel *self)
{
  LwTarget *target = lw_session_get_target (self->session);
  LwResultsInput *input = NULL;

  if (self->listing || target == NULL || lw_target_get_ml (target) == NULL)
    return;
  g_clear_error (&self->error);
  self->listing = TRUE;
  input = g_new0 (LwResultsInput, 1);
  input->target = lw_target_ref (target);
  lw_pool_run (lw_session_get_pool (self->session), lw_results_model_open, lw_results_list_in_pool,
               input, (GDestroyNotify) lw_results_input_free, (GDestroyNotify) g_ptr_array_unref,
               self, self->cancellable, listed_cb, NULL);
  emit_changed (self);
}

void
lw_results_model_open (LwResultsModel *self)
{
  g_autofree char *own = NULL;

  g_return_if_fail (LW_IS_RESULTS_MODEL (self));

  read_record (self);
  own = dup_own_job (self);
  if (own != NULL && lw_record_get_time (get_record (self), LW_RECORD_JOB_SUBMITTED) != 0)
    lw_job_watch_follow (ensure_watch (self, own));
  list (self);
}

void
lw_results_model_refresh (LwResultsModel *self)
{
  g_return_if_fail (LW_IS_RESULTS_MODEL (self));

  lw_results_model_open (self);
  if (self->selected != NULL)
    lw_job_watch_refresh (ensure_watch (self, self->selected));
}

/* ---- Review ---- */

static void
reviewed_cb (GObject *source, GAsyncResult *res, gpointer user_data)
{
  LwResultsModel *self = LW_RESULTS_MODEL (source);
  g_autoptr (GError) error = NULL;

  lw_pool_finish (res, lw_results_model_review, &error);
  if (is_disposed (self))
    return;
  self->reviewing = FALSE;
  if (error == NULL)
    lw_session_record_changed (self->session);
  else
    g_clear_error (&self->error);
  if (error != NULL)
    self->error = g_steal_pointer (&error);
  emit_changed (self);
}

void
lw_results_model_review (LwResultsModel *self)
{
  LwJobWatch *watch = NULL;
  g_autofree char *own = NULL;
  g_autofree char *reviewed = NULL;

  g_return_if_fail (LW_IS_RESULTS_MODEL (self));

  watch = lw_results_model_get_watch (self);
  own = dup_own_job (self);
  if (watch == NULL || !lw_job_watch_is_over (watch) || self->reviewing || self->error != NULL
      || g_strcmp0 (lw_job_watch_get_name (watch), own) != 0)
    return;
  withdraw ();
  reviewed = lw_record_dup (get_record (self), LW_RECORD_JOB_REVIEWED);
  if (g_strcmp0 (reviewed, own) == 0)
    return;
  self->reviewing = TRUE;
  lw_pool_run (lw_session_get_pool (self->session), lw_results_model_review,
               lw_results_review_in_pool, lw_job_watch_new_input (watch),
               (GDestroyNotify) lw_results_input_free, NULL, self, self->cancellable, reviewed_cb,
               NULL);
}

/* ---- What the page reads ---- */

GPtrArray *
lw_results_model_get_jobs (LwResultsModel *self)
{
  g_return_val_if_fail (LW_IS_RESULTS_MODEL (self), NULL);

  return self->jobs;
}

gboolean
lw_results_model_is_listing (LwResultsModel *self)
{
  g_return_val_if_fail (LW_IS_RESULTS_MODEL (self), FALSE);

  return self->listing;
}

LwJobWatch *
lw_results_model_get_watch (LwResultsModel *self)
{
  g_return_val_if_fail (LW_IS_RESULTS_MODEL (self), NULL);

  return self->selected != NULL ? g_hash_table_lookup (self->watches, self->selected) : NULL;
}

const GError *
lw_results_model_get_error (LwResultsModel *self)
{
  LwJobWatch *watch = NULL;

  g_return_val_if_fail (LW_IS_RESULTS_MODEL (self), NULL);

  watch = lw_results_model_get_watch (self);
  if (self->error != NULL || watch == NULL)
    return self->error;
  return lw_job_watch_get_error (watch);
}

/* ---- Object ---- */

static void
lw_results_model_set_property (GObject *object, guint prop_id, const GValue *value,
                               GParamSpec *pspec)
{
  LwResultsModel *self = LW_RESULTS_MODEL (object);

  if (prop_id == PROP_SESSION)
    self->session = g_value_get_object (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
lw_results_model_dispose (GObject *object)
{
  LwResultsModel *self = LW_RESULTS_MODEL (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_hash_table_remove_all (self->watches);
  G_OBJECT_CLASS (lw_results_model_parent_class)->dispose (object);
}

static void
lw_results_model_finalize (GObject *object)
{
  LwResultsModel *self = LW_RESULTS_MODEL (object);

  g_clear_error (&self->error);
  g_clear_pointer (&self->jobs, g_ptr_array_unref);
  g_hash_table_unref (self->watches);
  g_free (self->selected);
  g_free (self->attempt);
  G_OBJECT_CLASS (lw_results_model_parent_class)->finalize (object);
}

static void
lw_results_model_class_init (LwResultsModelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = lw_results_model_set_property;
  object_class->dispose = lw_results_model_dispose;
  object_class->finalize = lw_results_model_finalize;
  props[PROP_SESSION]
      = g_param_spec_object ("session", NULL, NULL, LW_TYPE_SESSION,
                             G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[CHANGED] = g_signal_new ("changed", LW_TYPE_RESULTS_MODEL, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[JOB_CHANGED] = g_signal_new ("job-changed", LW_TYPE_RESULTS_MODEL, G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
lw_results_model_init (LwResultsModel *self)
{
  self->cancellable = g_cancellable_new ();
  self->watches = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, drop_watch);
}

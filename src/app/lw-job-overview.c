/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The overview of a job. No state but the rows of metrics, which come and go. Main thread. */

#include "lw-job-overview.h"

#include <glib/gi18n.h>
#include <math.h>

#include "lw-job-texts.h"
#include "lw-note-row.h"
#include "lw-resources.h"
#include "lw-texts.h"
#include "lw-wait-row.h"

/* Figures that are nearer than this are the same: three places are shown. */
#define SAME 0.0005

struct _LwJobOverview
{
  AdwBin parent_instance;

  LwWaitRow *state_row;
  AdwActionRow *wait_row;
  LwNoteRow *stall_note;
  LwNoteRow *trouble_note;
  GtkWidget *failure_group;
  AdwActionRow *reason_row;
  AdwActionRow *traceback_row;
  AdwActionRow *words_row;
  GtkWidget *figures_group;
  AdwActionRow *accuracy_row;
  GtkLabel *accuracy_label;
  AdwActionRow *auc_row;
  GtkLabel *auc_label;
  AdwActionRow *verdict_row;
  AdwActionRow *created_row;
  AdwActionRow *started_row;
  AdwActionRow *ended_row;
  AdwActionRow *duration_row;
  AdwActionRow *command_row;
  AdwActionRow *environment_row;
  AdwActionRow *compute_row;
  AdwActionRow *experiment_row;
  AdwActionRow *name_row;
  AdwPreferencesGroup *metrics_group;
  AdwActionRow *metrics_row;

  GPtrArray *metric_rows;   /* owned; the rows are borrowed from metrics_group */
  GPtrArray *shown_metrics; /* owned, nullable: what they show */
};

G_DEFINE_FINAL_TYPE (LwJobOverview, lw_job_overview, ADW_TYPE_BIN)

/* A row without a value is not there. */
static void
set_row (AdwActionRow *row, const char *text)
{
  adw_action_row_set_subtitle (row, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (row), text != NULL && *text != '\0');
}

/* ---- State ---- */

static void
update_state (LwJobOverview *self, LwSession *session, LwJobWatch *watch)
{
  const LwJob *job = lw_job_watch_get_job (watch);
  gboolean practice = lw_session_is_practice (session);
  gint64 now_us = lw_clock_get_now_us (lw_session_get_clock (session));
  g_autofree char *phase = lw_job_texts_dup_phase (job);
  g_autofree char *wait = lw_job_texts_dup_wait (watch);
  g_autofree char *stall = lw_job_texts_dup_stall (watch, practice, now_us);
  LwWaitState state = lw_job_texts_get_state (job->status);
  int min_s, max_s;

  lw_job_texts_get_usual (job->status, practice, &min_s, &max_s);
  lw_wait_row_set_usual (self->state_row, min_s, max_s);
  lw_wait_row_set_word (self->state_row, lw_job_texts_get_status (job->status));
  lw_wait_row_set (self->state_row, state, phase,
                   state == LW_WAIT_RUNNING ? lw_job_watch_get_phase_since (watch) : 0, 0);
  set_row (self->wait_row, wait);
  lw_note_row_set (self->stall_note, stall != NULL ? LW_NOTE_WARNING : LW_NOTE_NONE, stall,
                   GTK_WIDGET (self->state_row));
  lw_note_row_set (self->trouble_note,
                   lw_job_watch_get_trouble (watch) != NULL ? LW_NOTE_WARNING : LW_NOTE_NONE,
                   lw_job_watch_get_trouble (watch) != NULL
                       ? _ ("The last question was not answered; it is asked again.")
                       : NULL,
                   GTK_WIDGET (self->wait_row));
}

/* ---- Failure ---- */

static char *
join_sentences (const char *meaning, const char *todo)
{
  if (todo == NULL)
    return g_strdup (meaning);
  return g_strconcat (meaning, "\n", todo, NULL);
}

static void
update_traceback (LwJobOverview *self, LwJobWatch *watch)
{
  g_auto (LwScriptTexts) texts = { NULL };
  g_autofree char *text = NULL;

  lw_job_texts_fill_failure (lw_job_watch_get_result (watch), &texts);
  if (texts.title != NULL)
    {
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->traceback_row), texts.title);
      text = join_sentences (texts.meaning, texts.todo);
    }
  set_row (self->traceback_row, text);
}

static void
update_failure (LwJobOverview *self, LwSession *session, LwJobWatch *watch)
{
  const LwJob *job = lw_job_watch_get_job (watch);
  const LwRun *run = lw_job_watch_get_run (watch);
  const GError *error = run != NULL ? run->error : NULL;
  gboolean failed = job->phase == LW_JOB_PHASE_FAILED;
  g_autofree char *meaning = NULL;
  LwErrorTexts texts;

  gtk_widget_set_visible (self->failure_group, failed);
  if (!failed)
    return;
  if (error != NULL)
    {
      lw_texts_fill_error (lw_session_find_advice (session, error)->id, &texts);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->reason_row), texts.title);
      meaning = join_sentences (texts.meaning, texts.todo);
    }
  set_row (self->reason_row, meaning);
  update_traceback (self, watch);
  adw_action_row_set_subtitle (self->words_row,
                               error != NULL ? error->message
                                             : _ ("Azure gave no reason. The log may tell it."));
}

/* ---- Figures ---- */

static double
get_local (LwSession *session, const char *key)
{
  LwRecord *record = lw_session_get_record (session);
  g_autofree char *text = record != NULL ? lw_record_dup (record, key) : NULL;
  char *end = NULL;
  double value = text != NULL ? g_ascii_strtod (text, &end) : NAN;

  return end != text ? value : NAN;
}

static void
set_figure (AdwActionRow *row, GtkLabel *label, double here, double there)
{
  g_autofree char *value = !isnan (there) ? g_strdup_printf ("%.3f", there) : g_strdup ("–");
  g_autofree char *local
      = !isnan (here) ? g_strdup_printf (_ ("On this computer: %.3f"), here) : g_strdup ("");

  gtk_label_set_label (label, value);
  adw_action_row_set_subtitle (row, local);
  gtk_widget_set_visible (GTK_WIDGET (row), !isnan (here) || !isnan (there));
}

static const char *
judge_figures (double accuracy_here, double accuracy, double auc_here, double auc)
{
  if (isnan (accuracy_here))
    return _ ("There is no test on this computer to compare with.");
  if (isnan (accuracy))
    return _ ("The job printed no accuracy.");
  if (fabs (accuracy_here - accuracy) < SAME
      && (isnan (auc_here) || isnan (auc) || fabs (auc_here - auc) < SAME))
    return _ ("The job came to the same figures.");
  return _ ("The figures differ. Other versions of the packages in the environment change them a "
            "little; other data or arguments change them more.");
}

static void
update_figures (LwJobOverview *self, LwSession *session, LwJobWatch *watch)
{
  const LwJob *job = lw_job_watch_get_job (watch);
  const LwScriptResult *result = lw_job_watch_get_result (watch);
  double accuracy = result != NULL ? result->accuracy : NAN;
  double auc = result != NULL ? result->auc : NAN;
  double accuracy_here = get_local (session, LW_RECORD_LOCAL_ACCURACY);
  double auc_here = get_local (session, LW_RECORD_LOCAL_AUC);

  gtk_widget_set_visible (self->figures_group,
                          result != NULL && job->phase == LW_JOB_PHASE_COMPLETED);
  set_figure (self->accuracy_row, self->accuracy_label, accuracy_here, accuracy);
  set_figure (self->auc_row, self->auc_label, auc_here, auc);
  set_row (self->verdict_row, judge_figures (accuracy_here, accuracy, auc_here, auc));
}

/* ---- Times and what was asked for ---- */

static void
set_time (AdwActionRow *row, gint64 time_us)
{
  g_autofree char *text = time_us != 0 ? lw_texts_dup_time (time_us) : NULL;

  set_row (row, text);
}

static void
update_times (LwJobOverview *self, LwJobWatch *watch)
{
  const LwJob *job = lw_job_watch_get_job (watch);
  const LwRun *run = lw_job_watch_get_run (watch);
  gint64 started_us = run != NULL ? run->started_us : 0;
  gint64 ended_us = run != NULL ? run->ended_us : 0;
  g_autofree char *duration = started_us != 0 && ended_us != 0
                                  ? lw_texts_dup_duration (ended_us - started_us)
                                  : NULL;

  set_time (self->created_row, job->created_us);
  set_time (self->started_row, started_us);
  set_time (self->ended_row, ended_us);
  set_row (self->duration_row, duration);
}

static char *
dup_environment (const LwJob *job, const LwRun *run)
{
  if (run == NULL || run->environment == NULL)
    return g_strdup (job->environment);
  if (run->environment_version == NULL)
    return g_strdup (run->environment);
  /* Translators: name and version of the environment that the job really used */
  return g_strdup_printf (_ ("%s, version %s"), run->environment, run->environment_version);
}

static void
update_job (LwJobOverview *self, LwJobWatch *watch)
{
  const LwJob *job = lw_job_watch_get_job (watch);
  g_autofree char *environment = dup_environment (job, lw_job_watch_get_run (watch));

  set_row (self->command_row, job->command);
  set_row (self->environment_row, environment);
  set_row (self->compute_row, job->compute);
  set_row (self->experiment_row, job->experiment_name);
  set_row (self->name_row, job->name);
}

/* ---- Metrics ---- */

static GtkWidget *
new_metric_row (const LwMetric *metric)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", metric->name,
                                 "title-lines", 0, NULL);
  g_autofree char *value = g_strdup_printf ("%.6g", metric->value);
  GtkWidget *label = gtk_label_new (value);

  gtk_widget_add_css_class (label, "numeric");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
  return row;
}

static void
fill_metrics (LwJobOverview *self, GPtrArray *metrics)
{
  if (metrics == self->shown_metrics)
    return;
  for (guint i = 0; i < self->metric_rows->len; i++)
    adw_preferences_group_remove (self->metrics_group, g_ptr_array_index (self->metric_rows, i));
  g_ptr_array_set_size (self->metric_rows, 0);
  g_clear_pointer (&self->shown_metrics, g_ptr_array_unref);
  self->shown_metrics = metrics != NULL ? g_ptr_array_ref (metrics) : NULL;
  for (guint i = 0; metrics != NULL && i < metrics->len; i++)
    {
      GtkWidget *row = new_metric_row (g_ptr_array_index (metrics, i));

      adw_preferences_group_add (self->metrics_group, row);
      g_ptr_array_add (self->metric_rows, row);
    }
}

static void
update_metrics (LwJobOverview *self, LwJobWatch *watch)
{
  LwWatchState state;
  GPtrArray *metrics = lw_job_watch_get_list (watch, LW_WATCH_METRICS, &state, NULL);
  gboolean empty = state == LW_WATCH_KNOWN && metrics->len == 0;

  fill_metrics (self, metrics);
  adw_action_row_set_subtitle (self->metrics_row,
                               _ ("The lab’s script prints its figures and logs none; with MLflow a "
                                  "script can log them."));
  gtk_widget_set_visible (GTK_WIDGET (self->metrics_row), empty);
  gtk_widget_set_visible (GTK_WIDGET (self->metrics_group),
                          empty || (metrics != NULL && metrics->len > 0));
}

void
lw_job_overview_update (LwJobOverview *self, LwSession *session, LwJobWatch *watch)
{
  gboolean known = watch != NULL && lw_job_watch_get_job (watch) != NULL;

  g_return_if_fail (LW_IS_JOB_OVERVIEW (self));

  gtk_widget_set_visible (GTK_WIDGET (self), known);
  if (!known)
    return;
  update_state (self, session, watch);
  update_failure (self, session, watch);
  update_figures (self, session, watch);
  update_times (self, watch);
  update_job (self, watch);
  update_metrics (self, watch);
}

/* ---- Widget ---- */

static void
lw_job_overview_finalize (GObject *object)
{
  LwJobOverview *self = LW_JOB_OVERVIEW (object);

  g_ptr_array_unref (self->metric_rows);
  g_clear_pointer (&self->shown_metrics, g_ptr_array_unref);
  G_OBJECT_CLASS (lw_job_overview_parent_class)->finalize (object);
}

#define BIND(name) gtk_widget_class_bind_template_child (widget_class, LwJobOverview, name)

static void
lw_job_overview_class_init (LwJobOverviewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = lw_job_overview_finalize;
  g_type_ensure (LW_TYPE_WAIT_ROW);
  g_type_ensure (LW_TYPE_NOTE_ROW);
  gtk_widget_class_set_template_from_resource (widget_class, LW_RESOURCE_PATH "lw-job-overview.ui");
  BIND (state_row);
  BIND (wait_row);
  BIND (stall_note);
  BIND (trouble_note);
  BIND (failure_group);
  BIND (reason_row);
  BIND (traceback_row);
  BIND (words_row);
  BIND (figures_group);
  BIND (accuracy_row);
  BIND (accuracy_label);
  BIND (auc_row);
  BIND (auc_label);
  BIND (verdict_row);
  BIND (created_row);
  BIND (started_row);
  BIND (ended_row);
  BIND (duration_row);
  BIND (command_row);
  BIND (environment_row);
  BIND (compute_row);
  BIND (experiment_row);
  BIND (name_row);
  BIND (metrics_group);
  BIND (metrics_row);
}

static void
lw_job_overview_init (LwJobOverview *self)
{
  self->metric_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The page of the step “results”: the jobs, and of the chosen one overview, log, outputs and code. A
 * view of LwResultsModel; see lw-page.h. Main thread. */

#include "lw-page-results.h"

#include <glib/gi18n.h>
#include <math.h>

#include "lw-find-bar.h"
#include "lw-job-files.h"
#include "lw-job-overview.h"
#include "lw-job-row.h"
#include "lw-job-texts.h"
#include "lw-log-view.h"
#include "lw-resources.h"
#include "lw-results-model.h"
#include "lw-texts.h"

/* Jobs that are shown; what is older is found in the studio. */
#define MAX_ROWS 200

/* What a report keeps of a log, characters from its end. */
#define REPORT_LOG (64 * 1024)

struct _LwPageResults
{
  LwPage parent_instance;

  /* Template. */
  GtkWidget *cancel_button;
  GtkStack *stack;
  AdwStatusPage *none;
  AdwLeaflet *leaflet;
  GtkSearchEntry *filter;
  GtkListBox *list;
  GtkWidget *detail;
  GtkWidget *back_button;
  AdwViewStack *views;
  LwJobOverview *overview;
  GtkLabel *log_label;
  LwFindBar *find_bar;
  LwLogView *log;
  LwJobFiles *outputs;
  LwJobFiles *code;

  LwResultsModel *model; /* owned, NULL until a session with an open cloud is there */
  GtkTextBuffer *buffer; /* borrowed, only compared: what the log view shows */
  GtkFileChooserNative *chooser; /* owned, nullable */
  LwRecord *record;              /* borrowed, only compared: the attempt last looked at */
  gboolean had_workspace;
  gboolean filling; /* rows are being filled: nothing the person chose */
};

G_DEFINE_FINAL_TYPE (LwPageResults, lw_page_results, LW_TYPE_PAGE)

static LwJobWatch *
get_watch (LwPageResults *self)
{
  return self->model != NULL ? lw_results_model_get_watch (self->model) : NULL;
}

/* ---- The list ---- */

static gboolean
filter_cb (GtkListBoxRow *row, gpointer user_data)
{
  LwPageResults *self = user_data;

  return lw_job_row_matches (LW_JOB_ROW (row),
                             gtk_editable_get_text (GTK_EDITABLE (self->filter)));
}

static void
filter_changed_cb (LwPageResults *self)
{
  gtk_list_box_invalidate_filter (self->list);
}

static void
row_selected_cb (LwPageResults *self, GtkListBoxRow *row)
{
  if (row == NULL || self->filling || self->model == NULL)
    return;
  lw_results_model_select (self->model, lw_job_row_get_name (LW_JOB_ROW (row)));
}

static void
row_activated_cb (LwPageResults *self, GtkListBoxRow *row)
{
  adw_leaflet_set_visible_child_name (self->leaflet, "job");
}

static gboolean
has_same_rows (LwPageResults *self, GPtrArray *jobs, guint n_jobs)
{
  for (guint i = 0; i < n_jobs; i++)
    {
      const LwJob *job = g_ptr_array_index (jobs, i);
      GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list, (int) i);

      if (row == NULL || !g_str_equal (lw_job_row_get_name (LW_JOB_ROW (row)), job->name))
        return FALSE;
    }
  return gtk_list_box_get_row_at_index (self->list, (int) n_jobs) == NULL;
}

static void
make_rows (LwPageResults *self, GPtrArray *jobs, guint n_jobs)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  for (guint i = 0; i < n_jobs; i++)
    gtk_list_box_append (self->list, lw_job_row_new (g_ptr_array_index (jobs, i)));
}

static void
select_row (LwPageResults *self, GPtrArray *jobs, guint n_jobs)
{
  LwJobWatch *watch = get_watch (self);

  for (guint i = 0; watch != NULL && i < n_jobs; i++)
    {
      const LwJob *job = g_ptr_array_index (jobs, i);

      if (g_str_equal (job->name, lw_job_watch_get_name (watch)))
        gtk_list_box_select_row (self->list, gtk_list_box_get_row_at_index (self->list, (int) i));
    }
}

static void
update_list (LwPageResults *self)
{
  GPtrArray *jobs = lw_results_model_get_jobs (self->model);
  guint n_jobs = jobs != NULL ? MIN (jobs->len, MAX_ROWS) : 0;

  self->filling = TRUE;
  if (!has_same_rows (self, jobs, n_jobs))
    make_rows (self, jobs, n_jobs);
  else
    for (guint i = 0; i < n_jobs; i++)
      lw_job_row_set (LW_JOB_ROW (gtk_list_box_get_row_at_index (self->list, (int) i)),
                      g_ptr_array_index (jobs, i));
  select_row (self, jobs, n_jobs);
  self->filling = FALSE;
  gtk_stack_set_visible_child_name (self->stack,
                                    n_jobs > 0 || get_watch (self) != NULL ? "jobs" : "none");
}

/* ---- The chosen job ---- */

static void
update_log (LwPageResults *self, LwJobWatch *watch)
{
  GtkTextBuffer *buffer = watch != NULL ? lw_job_watch_get_log (watch) : NULL;
  gboolean empty = buffer == NULL || gtk_text_buffer_get_char_count (buffer) == 0;
  const char *text = lw_lab_get_log (lw_session_get_lab (lw_page_get_session (LW_PAGE (self))));

  if (buffer != self->buffer)
    {
      self->buffer = buffer;
      lw_log_view_set_buffer (self->log, buffer);
    }
  if (watch != NULL && lw_job_watch_is_log_cut (watch))
    text = _ ("Only the end of this long log is shown.");
  else if (empty && watch != NULL && lw_job_watch_is_over (watch))
    text = _ ("The job has left no log.");
  else if (empty)
    text = _ ("The log begins when the command runs on its node.");
  gtk_label_set_label (self->log_label, text);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.find", !empty);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.save-log", !empty);
}

static gboolean
can_cancel (LwJobWatch *watch)
{
  const LwJob *job = watch != NULL ? lw_job_watch_get_job (watch) : NULL;

  return job != NULL && job->phase == LW_JOB_PHASE_ACTIVE && !lw_job_watch_is_cancelling (watch);
}

static void
update_actions (LwPageResults *self, LwJobWatch *watch)
{
  const LwJob *job = watch != NULL ? lw_job_watch_get_job (watch) : NULL;
  gboolean over = watch != NULL && lw_job_watch_is_over (watch);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.cancel-job", can_cancel (watch));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.show-log", job != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.studio",
                                 job != NULL && job->studio_url != NULL);
  gtk_widget_set_visible (self->cancel_button, job != NULL && job->phase == LW_JOB_PHASE_ACTIVE);
  gtk_widget_set_visible (self->back_button, adw_leaflet_get_folded (self->leaflet));
  lw_page_set_busy (LW_PAGE (self), lw_results_model_is_listing (self->model)
                                        || (watch != NULL && lw_job_watch_is_following (watch)));
  if (over && job->phase == LW_JOB_PHASE_COMPLETED)
    lw_page_set_primary (LW_PAGE (self), _ ("Go On to Clean Up"), "win.step::clean-up");
  else if (over)
    lw_page_set_primary (LW_PAGE (self), _ ("Back to the Job"), "win.step::job");
  else
    lw_page_set_primary (LW_PAGE (self), NULL, NULL);
}

static void
update_job (LwPageResults *self)
{
  LwJobWatch *watch = get_watch (self);

  if (watch != NULL && lw_job_watch_is_over (watch) && gtk_widget_get_mapped (GTK_WIDGET (self)))
    {
      lw_job_watch_load (watch, LW_WATCH_METRICS);
      lw_results_model_review (self->model);
    }
  lw_job_overview_update (self->overview, lw_page_get_session (LW_PAGE (self)), watch);
  lw_job_files_update (self->outputs, watch);
  lw_job_files_update (self->code, watch);
  update_log (self, watch);
  update_actions (self, watch);
  lw_page_show_error (LW_PAGE (self), lw_results_model_get_error (self->model));
}

static void
update (LwPageResults *self)
{
  if (self->model == NULL)
    return;
  update_list (self);
  update_job (self);
}

/* ---- Actions ---- */

static void
cancel_answered_cb (LwPageResults *self, const char *response)
{
  if (g_str_equal (response, "cancel-job") && get_watch (self) != NULL)
    lw_job_watch_cancel (get_watch (self));
}

static void
cancel_job_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  LwPageResults *self = LW_PAGE_RESULTS (widget);
  const LwJob *job = lw_job_watch_get_job (get_watch (self));
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (widget)),
                                              _ ("Cancel This Job?"), NULL);

  adw_message_dialog_format_body (
      ADW_MESSAGE_DIALOG (dialog),
      /* Translators: name of a job */
      _ ("“%s” is ended on its node. Its log is kept; it cannot be gone on with."),
      job->display_name);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "keep", _ ("_Let It Run"),
                                    "cancel-job", _ ("_Cancel Job"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "cancel-job",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "keep");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "keep");
  g_signal_connect_object (dialog, "response", G_CALLBACK (cancel_answered_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
show_log_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  LwPageResults *self = LW_PAGE_RESULTS (widget);

  adw_leaflet_set_visible_child_name (self->leaflet, "job");
  adw_view_stack_set_visible_child_name (self->views, "log");
}

static void
back_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  adw_leaflet_set_visible_child_name (LW_PAGE_RESULTS (widget)->leaflet, "list");
}

static void
studio_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  LwPageResults *self = LW_PAGE_RESULTS (widget);

  gtk_show_uri (GTK_WINDOW (gtk_widget_get_root (widget)),
                lw_job_watch_get_job (get_watch (self))->studio_url, GDK_CURRENT_TIME);
}

static void
lw_page_results_find (LwPage *page)
{
  LwPageResults *self = LW_PAGE_RESULTS (page);
  const char *view = adw_view_stack_get_visible_child_name (self->views);

  if (g_strcmp0 (view, "outputs") == 0)
    lw_job_files_find (self->outputs);
  else if (g_strcmp0 (view, "code") == 0)
    lw_job_files_find (self->code);
  else
    {
      gtk_widget_activate_action (GTK_WIDGET (self), "page.show-log", NULL);
      lw_find_bar_open (self->find_bar);
    }
}

static void
find_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  lw_page_results_find (LW_PAGE (widget));
}

/* ---- Saving the log as it is shown ---- */

static void
log_saved_cb (GObject *source, GAsyncResult *res, gpointer user_data)
{
  g_autoptr (LwSession) session = user_data;
  g_autoptr (GError) error = NULL;
  LwErrorTexts texts;

  if (g_file_replace_contents_finish (G_FILE (source), res, NULL, &error))
    {
      lw_session_notice (session, _ ("Log saved"));
      return;
    }
  lw_texts_fill_error (lw_session_find_advice (session, error)->id, &texts);
  lw_session_notice (session, texts.title);
}

static void
log_chosen_cb (LwPageResults *self, int response)
{
  g_autoptr (GtkFileChooserNative) chooser = g_steal_pointer (&self->chooser);
  g_autoptr (GFile) file = NULL;
  g_autoptr (GBytes) bytes = NULL;
  char *text = NULL;

  if (response != GTK_RESPONSE_ACCEPT || get_watch (self) == NULL)
    return;
  file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  if (file == NULL)
    return;
  text = lw_log_buffer_dup_text (lw_job_watch_get_log (get_watch (self)));
  bytes = g_bytes_new_take (text, strlen (text));
  g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_NONE, NULL,
                                       log_saved_cb,
                                       g_object_ref (lw_page_get_session (LW_PAGE (self))));
}

static void
save_log_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  LwPageResults *self = LW_PAGE_RESULTS (widget);
  g_autofree char *name = g_strconcat (lw_job_watch_get_name (get_watch (self)), ".txt", NULL);

  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (_ ("Save the Log"),
                                               GTK_WINDOW (gtk_widget_get_root (widget)),
                                               GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), name);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (log_chosen_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* ---- Page ---- */

static void
lw_page_results_session_changed (LwPage *page)
{
  LwPageResults *self = LW_PAGE_RESULTS (page);
  LwSession *session = lw_page_get_session (page);
  LwTarget *target = lw_session_get_target (session);
  LwRecord *record = lw_session_get_record (session);
  gboolean has_workspace = target != NULL && lw_target_get_ml (target) != NULL;
  gboolean is_new = record != self->record || (has_workspace && !self->had_workspace);

  self->record = record;
  self->had_workspace = has_workspace;
  if (self->model == NULL && lw_session_is_open (session))
    {
      self->model = g_object_ref (lw_session_ensure_model (session, LW_TYPE_RESULTS_MODEL));
      g_signal_connect_object (self->model, "changed", G_CALLBACK (update), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (self->model, "job-changed", G_CALLBACK (update_job), self,
                               G_CONNECT_SWAPPED);
      lw_job_files_setup (self->outputs, session, LW_WATCH_OUTPUTS);
      lw_job_files_setup (self->code, session, LW_WATCH_CODE);
    }
  if (self->model != NULL && is_new && gtk_widget_get_mapped (GTK_WIDGET (self)))
    lw_results_model_open (self->model);
  update (self);
}

static void
lw_page_results_shown (LwPage *page)
{
  LwPageResults *self = LW_PAGE_RESULTS (page);

  if (self->model == NULL)
    return;
  lw_results_model_open (self->model);
  adw_leaflet_set_visible_child_name (self->leaflet, "job");
  update (self);
}

static void
lw_page_results_refresh (LwPage *page)
{
  LwPageResults *self = LW_PAGE_RESULTS (page);

  if (self->model != NULL)
    lw_results_model_refresh (self->model);
}

static gboolean
lw_page_results_advise (LwPage *page, LwAdviceAction action)
{
  LwPageResults *self = LW_PAGE_RESULTS (page);

  if (self->model == NULL)
    return FALSE;
  if (action == LW_ADVICE_OPEN_LOG)
    gtk_widget_activate_action (GTK_WIDGET (self), "page.show-log", NULL);
  else if (action == LW_ADVICE_RETRY || action == LW_ADVICE_WAIT)
    lw_results_model_refresh (self->model);
  else
    return FALSE;
  return TRUE;
}

/* Each view is looked at once: the log while the job runs, then its figures, files and code. */
static LwTourResult
lw_page_results_tour_step (LwPage *page, char **caption)
{
  LwPageResults *self = LW_PAGE_RESULTS (page);
  LwJobWatch *watch = get_watch (self);
  const LwJob *job = watch != NULL ? lw_job_watch_get_job (watch) : NULL;
  const char *view = adw_view_stack_get_visible_child_name (self->views);

  if (self->model != NULL && lw_results_model_get_error (self->model) != NULL)
    return LW_TOUR_STUCK;
  if (job == NULL)
    return LW_TOUR_WAIT;
  if (g_strcmp0 (job->status, "Running") == 0 && g_strcmp0 (view, "log") != 0)
    {
      *caption = g_strdup (_ ("The script runs on the cluster, and its log comes in."));
      adw_view_stack_set_visible_child_name (self->views, "log");
      return LW_TOUR_ACTED;
    }
  if (!lw_job_watch_is_over (watch) || lw_job_watch_get_result (watch) == NULL)
    return LW_TOUR_WAIT;
  if (job->phase != LW_JOB_PHASE_COMPLETED)
    {
      adw_view_stack_set_visible_child_name (self->views, "overview");
      return LW_TOUR_STUCK;
    }
  if (g_strcmp0 (view, "log") == 0)
    {
      *caption = g_strdup (_ ("The job is completed. These are the files that it kept."));
      adw_view_stack_set_visible_child_name (self->views, "outputs");
      return LW_TOUR_ACTED;
    }
  if (g_strcmp0 (view, "outputs") == 0)
    {
      *caption = g_strdup (_ ("This is the code that was sent with it."));
      adw_view_stack_set_visible_child_name (self->views, "code");
      return LW_TOUR_ACTED;
    }
  if (g_strcmp0 (view, "code") == 0)
    {
      *caption = g_strdup (_ ("Its figures stand beside those of the test on this computer."));
      adw_view_stack_set_visible_child_name (self->views, "overview");
      return LW_TOUR_ACTED;
    }
  return LW_TOUR_DONE;
}

static void
add_figure (LwReport *report, const char *name, double value)
{
  g_autofree char *text = g_strdup_printf ("%.3f", value);

  if (!isnan (value))
    lw_report_add_figure (report, name, text);
}

static void
lw_page_results_report (LwPage *page, LwReport *report)
{
  LwPageResults *self = LW_PAGE_RESULTS (page);
  LwJobWatch *watch = get_watch (self);
  const LwJob *job = watch != NULL ? lw_job_watch_get_job (watch) : NULL;
  const LwScriptResult *result = watch != NULL ? lw_job_watch_get_result (watch) : NULL;
  g_autofree char *log = NULL;
  glong length;

  if (job == NULL)
    return;
  lw_report_add_figure (report, _ ("Name"), job->name);
  lw_report_add_figure (report, _ ("State"), lw_job_texts_get_status (job->status));
  if (result != NULL)
    {
      add_figure (report, _ ("Accuracy"), result->accuracy);
      add_figure (report, _ ("AUC"), result->auc);
    }
  log = lw_log_buffer_dup_text (lw_job_watch_get_log (watch));
  length = g_utf8_strlen (log, -1);
  lw_report_add_log (report, lw_lab_get_log (lw_session_get_lab (lw_page_get_session (page))),
                     g_utf8_offset_to_pointer (log, MAX (length - REPORT_LOG, 0)));
}

static void
lw_page_results_dispose (GObject *object)
{
  LwPageResults *self = LW_PAGE_RESULTS (object);

  g_clear_object (&self->chooser);
  g_clear_object (&self->model);
  G_OBJECT_CLASS (lw_page_results_parent_class)->dispose (object);
}

#define BIND(name) gtk_widget_class_bind_template_child (widget_class, LwPageResults, name)

static void
bind_template (GtkWidgetClass *widget_class)
{
  g_type_ensure (LW_TYPE_FIND_BAR);
  g_type_ensure (LW_TYPE_JOB_FILES);
  g_type_ensure (LW_TYPE_JOB_OVERVIEW);
  g_type_ensure (LW_TYPE_LOG_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, LW_RESOURCE_PATH "lw-page-results.ui");
  BIND (cancel_button);
  BIND (stack);
  BIND (none);
  BIND (leaflet);
  BIND (filter);
  BIND (list);
  BIND (detail);
  BIND (back_button);
  BIND (views);
  BIND (overview);
  BIND (log_label);
  BIND (find_bar);
  BIND (log);
  BIND (outputs);
  BIND (code);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_callback (widget_class, filter_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_selected_cb);
}

static void
lw_page_results_class_init (LwPageResultsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  LwPageClass *page_class = LW_PAGE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lw_page_results_dispose;
  page_class->kind = LW_STEP_RESULTS;
  page_class->session_changed = lw_page_results_session_changed;
  page_class->shown = lw_page_results_shown;
  page_class->refresh = lw_page_results_refresh;
  page_class->find = lw_page_results_find;
  page_class->advise = lw_page_results_advise;
  page_class->tour_step = lw_page_results_tour_step;
  page_class->report = lw_page_results_report;
  bind_template (widget_class);
  gtk_widget_class_install_action (widget_class, "page.cancel-job", NULL, cancel_job_cb);
  gtk_widget_class_install_action (widget_class, "page.show-log", NULL, show_log_cb);
  gtk_widget_class_install_action (widget_class, "page.back", NULL, back_cb);
  gtk_widget_class_install_action (widget_class, "page.studio", NULL, studio_cb);
  gtk_widget_class_install_action (widget_class, "page.find", NULL, find_cb);
  gtk_widget_class_install_action (widget_class, "page.save-log", NULL, save_log_cb);
}

static void
lw_page_results_init (LwPageResults *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_filter_func (self->list, filter_cb, self, NULL);
  lw_find_bar_set_view (self->find_bar, lw_log_view_get_view (self->log));
  g_signal_connect_object (self->leaflet, "notify::folded", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
}

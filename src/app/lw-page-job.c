/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The page of the step “job”: the form of a command job, what is wrong with it beside each field, and
 * its submission. A view of LwJobModel; see lw-page.h. Main thread. */

#include "lw-page-job.h"

#include <glib/gi18n.h>

#include "lw-error.h"
#include "lw-job-model.h"
#include "lw-note-row.h"
#include "lw-resources.h"
#include "lw-texts.h"
#include "lw-wait-row.h"

/* Files shown by name; of the others the number is told. */
#define MAX_FILE_ROWS 100

/* What azure-ai-ml warns about too, bytes. */
#define LARGE_CODE (100 * 1000 * 1000)

struct _LwPageJob
{
  LwPage parent_instance;

  /* Template. */
  GtkWidget *cancel_button;
  GtkWidget *another_button;
  GtkWidget *progress_group;
  GtkWidget *code_group;
  GtkWidget *place_group;
  GtkWidget *names_group;
  LwWaitRow *code_progress;
  LwWaitRow *job_progress;
  AdwEntryRow *command_row;
  LwNoteRow *command_note;
  AdwActionRow *folder_row;
  LwNoteRow *folder_note;
  AdwExpanderRow *files_row;
  AdwComboRow *environment_row;
  AdwEntryRow *own_environment_row;
  LwNoteRow *environment_note;
  AdwComboRow *compute_row;
  LwNoteRow *compute_note;
  AdwEntryRow *display_name_row;
  LwNoteRow *display_name_note;
  AdwEntryRow *experiment_row;
  LwNoteRow *experiment_note;

  LwJobModel *model;         /* owned, NULL until a session with an open cloud is there */
  GPtrArray *file_rows;      /* owned; the rows are borrowed from files_row */
  LwCodeFolder *shown_folder; /* borrowed, only compared: what file_rows shows */
  GtkFileChooserNative *chooser; /* owned, nullable */
  LwRecord *record;          /* borrowed, only compared: the attempt last looked at */
  gboolean had_workspace;    /* there was one when the page last looked */
  gboolean submitting;       /* a submission ran when the page last looked */
  gboolean filling;          /* widgets are being filled: nothing the person did */
};

G_DEFINE_FINAL_TYPE (LwPageJob, lw_page_job, LW_TYPE_PAGE)

static void update (LwPageJob *self);

/* ---- What the person does to the form ---- */

static LwLab *
get_lab (LwPageJob *self)
{
  return lw_session_get_lab (lw_page_get_session (LW_PAGE (self)));
}

static void
set_value (LwPageJob *self, LwJobField field, const char *value)
{
  if (self->filling || self->model == NULL)
    return;
  lw_job_model_set_value (self->model, field, value);
  update (self);
}

static void
command_changed_cb (LwPageJob *self)
{
  set_value (self, LW_JOB_FIELD_COMMAND, gtk_editable_get_text (GTK_EDITABLE (self->command_row)));
}

static void
display_name_changed_cb (LwPageJob *self)
{
  set_value (self, LW_JOB_FIELD_DISPLAY_NAME,
             gtk_editable_get_text (GTK_EDITABLE (self->display_name_row)));
}

static void
experiment_changed_cb (LwPageJob *self)
{
  set_value (self, LW_JOB_FIELD_EXPERIMENT,
             gtk_editable_get_text (GTK_EDITABLE (self->experiment_row)));
}

static void
own_environment_changed_cb (LwPageJob *self)
{
  set_value (self, LW_JOB_FIELD_ENVIRONMENT,
             gtk_editable_get_text (GTK_EDITABLE (self->own_environment_row)));
}

/* The last line of the combo row stands for one that the person writes. */
static void
environment_chosen_cb (LwPageJob *self)
{
  const char *const *known = NULL;
  guint selected = adw_combo_row_get_selected (self->environment_row);

  if (self->filling || self->model == NULL)
    return;
  known = lw_lab_get_environments (get_lab (self));
  gtk_widget_set_visible (GTK_WIDGET (self->own_environment_row),
                          selected >= g_strv_length ((char **) known));
  if (selected < g_strv_length ((char **) known))
    set_value (self, LW_JOB_FIELD_ENVIRONMENT, known[selected]);
  else
    gtk_widget_grab_focus (GTK_WIDGET (self->own_environment_row));
}

static void
compute_chosen_cb (LwPageJob *self)
{
  GtkStringObject *item = adw_combo_row_get_selected_item (self->compute_row);

  if (item != NULL)
    set_value (self, LW_JOB_FIELD_COMPUTE, gtk_string_object_get_string (item));
}

static void
folder_chosen_cb (LwPageJob *self, int response)
{
  g_autoptr (GtkFileChooserNative) chooser = g_steal_pointer (&self->chooser);
  g_autoptr (GFile) folder = NULL;

  if (response != GTK_RESPONSE_ACCEPT)
    return;
  folder = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  if (folder != NULL && g_file_peek_path (folder) != NULL)
    set_value (self, LW_JOB_FIELD_FOLDER, g_file_peek_path (folder));
}

static void
choose_folder_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  LwPageJob *self = LW_PAGE_JOB (widget);
  const LwJobForm *form = lw_job_model_get_form (self->model);
  g_autoptr (GFile) folder = g_file_new_for_path (form->values[LW_JOB_FIELD_FOLDER]);

  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (_ ("Code Folder"),
                                               GTK_WINDOW (gtk_widget_get_root (widget)),
                                               GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_file_chooser_set_file (GTK_FILE_CHOOSER (self->chooser), folder, NULL);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (folder_chosen_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* ---- Filling the fields ---- */

static void
fill_entry (AdwEntryRow *row, const char *text)
{
  if (!g_str_equal (gtk_editable_get_text (GTK_EDITABLE (row)), text))
    gtk_editable_set_text (GTK_EDITABLE (row), text);
}

/* "azureml:" is the same for all and only makes the line long. */
static const char *
skip_scheme (const char *environment)
{
  return g_str_has_prefix (environment, "azureml:") ? environment + strlen ("azureml:")
                                                    : environment;
}

static void
fill_environments (LwPageJob *self)
{
  const char *const *known = lw_lab_get_environments (get_lab (self));
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);

  for (guint i = 0; known[i] != NULL; i++)
    gtk_string_list_append (list, skip_scheme (known[i]));
  /* Translators: last line of the list of environments: one that the person writes */
  gtk_string_list_append (list, _ ("Other"));
  self->filling = TRUE;
  adw_combo_row_set_model (self->environment_row, G_LIST_MODEL (list));
  self->filling = FALSE;
}

static void
fill_environment (LwPageJob *self, const char *value)
{
  const char *const *known = lw_lab_get_environments (get_lab (self));
  guint other = g_strv_length ((char **) known);
  guint chosen = 0;

  while (chosen < other && !g_str_equal (known[chosen], value))
    chosen++;
  /* "Other" was chosen and nothing is written there yet: leave it so. */
  if (chosen < other && gtk_widget_get_visible (GTK_WIDGET (self->own_environment_row)))
    return;
  adw_combo_row_set_selected (self->environment_row, chosen);
  gtk_widget_set_visible (GTK_WIDGET (self->own_environment_row), chosen == other);
  if (chosen == other)
    fill_entry (self->own_environment_row, value);
}

/* The computes of the workspace; before they are known, and when it is not among them, the one that
 * the form names. */
static void
fill_computes (LwPageJob *self, const char *value)
{
  GPtrArray *computes = lw_job_model_get_computes (self->model);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  GListModel *old = adw_combo_row_get_model (self->compute_row);
  guint selected = 0;
  gboolean same, found = FALSE;

  for (guint i = 0; computes != NULL && i < computes->len; i++)
    {
      const LwCompute *compute = g_ptr_array_index (computes, i);

      if (g_str_equal (compute->name, value))
        {
          selected = i;
          found = TRUE;
        }
      g_ptr_array_add (names, compute->name);
    }
  if (!found && *value != '\0')
    {
      selected = names->len;
      g_ptr_array_add (names, (gpointer) value);
    }
  same = old != NULL && g_list_model_get_n_items (old) == names->len;
  for (guint i = 0; same && i < names->len; i++)
    same = g_str_equal (gtk_string_list_get_string (GTK_STRING_LIST (old), i),
                        g_ptr_array_index (names, i));
  if (!same)
    {
      g_autoptr (GtkStringList) list = NULL;

      g_ptr_array_add (names, NULL);
      list = gtk_string_list_new ((const char *const *) names->pdata);
      adw_combo_row_set_model (self->compute_row, G_LIST_MODEL (list));
    }
  adw_combo_row_set_selected (self->compute_row, selected);
}

static void
fill_form (LwPageJob *self)
{
  const LwJobForm *form = lw_job_model_get_form (self->model);

  self->filling = TRUE;
  fill_entry (self->command_row, form->values[LW_JOB_FIELD_COMMAND]);
  fill_entry (self->display_name_row, form->values[LW_JOB_FIELD_DISPLAY_NAME]);
  fill_entry (self->experiment_row, form->values[LW_JOB_FIELD_EXPERIMENT]);
  fill_environment (self, form->values[LW_JOB_FIELD_ENVIRONMENT]);
  fill_computes (self, form->values[LW_JOB_FIELD_COMPUTE]);
  self->filling = FALSE;
}

/* ---- Notes beside the fields ---- */

static const char *
get_problem_text (LwJobField field, LwJobProblem problem)
{
  switch (problem)
    {
    case LW_JOB_PROBLEM_EMPTY:
      return _ ("Something has to stand here.");
    case LW_JOB_PROBLEM_TOO_LONG:
      return _ ("No more than 255 characters are taken.");
    case LW_JOB_PROBLEM_FORM:
      return field == LW_JOB_FIELD_ENVIRONMENT
                 ? _ ("An environment is written as azureml:NAME:VERSION or azureml:NAME@LABEL.")
                 : _ ("Letters, digits, “-” and “_” are taken; a letter or digit comes first.");
    case LW_JOB_PROBLEM_NONE:
    default:
      return NULL;
    }
}

/* Returns: %TRUE when the value itself is wrong; then that is told. */
static gboolean
note_problem (LwPageJob *self, LwJobField field, LwNoteRow *note, GtkWidget *row)
{
  LwJobProblem problem = lw_job_form_check (lw_job_model_get_form (self->model), field);

  if (problem == LW_JOB_PROBLEM_NONE)
    {
      lw_note_row_set (note, LW_NOTE_NONE, NULL, row);
      return FALSE;
    }
  lw_note_row_set (note, LW_NOTE_ERROR, get_problem_text (field, problem), row);
  return TRUE;
}

static void
update_command (LwPageJob *self)
{
  const GError *error = NULL;
  LwCodeFolder *folder = lw_job_model_get_folder (self->model, &error);
  g_autofree char *missing = NULL;
  g_autofree char *text = NULL;

  if (note_problem (self, LW_JOB_FIELD_COMMAND, self->command_note,
                    GTK_WIDGET (self->command_row))
      || folder == NULL)
    return;
  missing = lw_job_form_find_missing_file (lw_job_model_get_form (self->model), folder);
  if (missing == NULL)
    return;
  text = g_strdup_printf (_ ("The command names “%s”, which is not among the files to send."),
                          missing);
  lw_note_row_set (self->command_note, LW_NOTE_WARNING, text, GTK_WIDGET (self->command_row));
}

static const char *
get_folder_text (const GError *error)
{
  if (g_error_matches (error, LW_ERROR, LW_ERROR_NOT_FOUND))
    return _ ("There is no such folder, or there is nothing in it to send.");
  if (g_error_matches (error, LW_ERROR, LW_ERROR_TOO_LARGE))
    return _ ("This folder holds too many files; it is surely the wrong one.");
  if (g_error_matches (error, LW_ERROR, LW_ERROR_DENIED))
    return _ ("Something in this folder may not be read.");
  if (g_error_matches (error, LW_ERROR, LW_ERROR_MALFORMED))
    return _ ("The name of a file in this folder cannot be sent.");
  return error->message;
}

static void
update_folder_note (LwPageJob *self, LwCodeFolder *folder, const GError *error)
{
  GtkWidget *row = GTK_WIDGET (self->folder_row);

  if (note_problem (self, LW_JOB_FIELD_FOLDER, self->folder_note, row))
    return;
  if (error != NULL)
    lw_note_row_set (self->folder_note, LW_NOTE_ERROR, get_folder_text (error), row);
  else if (folder != NULL && lw_code_folder_get_size (folder) > LARGE_CODE)
    lw_note_row_set (self->folder_note, LW_NOTE_WARNING,
                     _ ("This is more than 100 MB and will take long. A file named .amlignore in "
                        "the folder can leave out what the job does not need."),
                     row);
}

static GtkWidget *
new_file_row (const char *title, const char *size)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", title,
                                 "title-lines", 0, NULL);

  if (size != NULL)
    {
      GtkWidget *label = gtk_label_new (size);

      gtk_widget_add_css_class (label, "dim-label");
      gtk_widget_add_css_class (label, "numeric");
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
    }
  return row;
}

static void
add_file_row (LwPageJob *self, GtkWidget *row)
{
  adw_expander_row_add_row (self->files_row, row);
  g_ptr_array_add (self->file_rows, row);
}

static void
fill_files (LwPageJob *self, LwCodeFolder *folder)
{
  GPtrArray *files = folder != NULL ? lw_code_folder_get_files (folder) : NULL;
  guint n_files = files != NULL ? files->len : 0;

  if (folder == self->shown_folder)
    return;
  self->shown_folder = folder;
  for (guint i = 0; i < self->file_rows->len; i++)
    adw_expander_row_remove (self->files_row, g_ptr_array_index (self->file_rows, i));
  g_ptr_array_set_size (self->file_rows, 0);
  for (guint i = 0; i < MIN (n_files, MAX_FILE_ROWS); i++)
    {
      const LwCodeFile *file = g_ptr_array_index (files, i);
      g_autofree char *size = g_format_size ((guint64) file->size);

      add_file_row (self, new_file_row (file->path, size));
    }
  if (n_files > MAX_FILE_ROWS)
    {
      guint n_more = n_files - MAX_FILE_ROWS;
      g_autofree char *more
          = g_strdup_printf (ngettext ("and %u more file", "and %u more files", n_more), n_more);

      add_file_row (self, new_file_row (more, NULL));
    }
}

static char *
dup_files_summary (LwCodeFolder *folder)
{
  guint n_files = lw_code_folder_get_files (folder)->len;
  guint n_ignored = lw_code_folder_get_ignored (folder);
  g_autofree char *size = g_format_size ((guint64) lw_code_folder_get_size (folder));
  /* Translators: number of files and their size together */
  g_autofree char *sent
      = g_strdup_printf (ngettext ("%u file, %s", "%u files, %s", n_files), n_files, size);

  if (n_ignored == 0 || lw_code_folder_get_rules (folder) == NULL)
    return g_steal_pointer (&sent);
  /* Translators: "5 files, 523 kB", a number, the name of a file with rules: ".amlignore" */
  return g_strdup_printf (ngettext ("%s; %u left out by %s", "%s; %u left out by %s", n_ignored),
                          sent, n_ignored, lw_code_folder_get_rules (folder));
}

static void
update_folder (LwPageJob *self)
{
  const LwJobForm *form = lw_job_model_get_form (self->model);
  const GError *error = NULL;
  LwCodeFolder *folder = lw_job_model_get_folder (self->model, &error);
  g_autofree char *summary = folder != NULL ? dup_files_summary (folder) : NULL;

  adw_action_row_set_subtitle (self->folder_row, form->values[LW_JOB_FIELD_FOLDER]);
  adw_expander_row_set_subtitle (self->files_row, summary != NULL ? summary : "");
  gtk_widget_set_visible (GTK_WIDGET (self->files_row), folder != NULL);
  fill_files (self, folder);
  update_folder_note (self, folder, error);
}

static void
update_environment (LwPageJob *self)
{
  GtkWidget *own = GTK_WIDGET (self->own_environment_row);
  GtkWidget *row = gtk_widget_get_visible (own) ? own : GTK_WIDGET (self->environment_row);
  LwEnvironmentState state = LW_ENVIRONMENT_UNKNOWN;
  LwAskState asked = lw_job_model_get_environment (self->model, &state);
  const char *subtitle = "";

  if (note_problem (self, LW_JOB_FIELD_ENVIRONMENT, self->environment_note, row))
    asked = LW_ASK_NONE;
  if (asked == LW_ASK_RUNNING)
    subtitle = _ ("Asking the workspace…");
  else if (asked == LW_ASK_FAILED)
    subtitle = _ ("The workspace could not be asked.");
  else if (asked == LW_ASK_ANSWERED && state == LW_ENVIRONMENT_EXISTS)
    subtitle = _ ("The workspace has it.");
  else if (asked == LW_ASK_ANSWERED && state == LW_ENVIRONMENT_UNKNOWN)
    subtitle = _ ("Kept by Microsoft for all workspaces; the job will tell whether it is there.");
  else if (asked == LW_ASK_ANSWERED)
    lw_note_row_set (self->environment_note, LW_NOTE_ERROR,
                     _ ("The workspace has no such environment. A job with it would fail."), row);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->environment_row), subtitle);
}

static const LwCompute *
find_compute (LwPageJob *self)
{
  const char *name = lw_job_model_get_form (self->model)->values[LW_JOB_FIELD_COMPUTE];
  GPtrArray *computes = lw_job_model_get_computes (self->model);

  for (guint i = 0; computes != NULL && i < computes->len; i++)
    {
      const LwCompute *compute = g_ptr_array_index (computes, i);

      if (g_str_equal (compute->name, name))
        return compute;
    }
  return NULL;
}

static char *
dup_compute_subtitle (const LwCompute *compute)
{
  if (compute->kind == LW_COMPUTE_CLUSTER)
    /* Translators: size of its machines, nodes that are there, nodes at most */
    return g_strdup_printf (_ ("Compute cluster · %s · %d of %d nodes"), compute->vm_size,
                            MAX (compute->nodes, 0), MAX (compute->max_nodes, 0));
  /* Translators: size of the machine, its state */
  return g_strdup_printf (_ ("Compute instance · %s · %s"), compute->vm_size,
                          compute->instance_state != NULL ? compute->instance_state
                                                          : compute->state);
}

static void
update_compute (LwPageJob *self)
{
  GtkWidget *row = GTK_WIDGET (self->compute_row);
  const LwCompute *compute = find_compute (self);
  g_autofree char *subtitle = compute != NULL ? dup_compute_subtitle (compute) : NULL;

  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle != NULL ? subtitle : "");
  if (note_problem (self, LW_JOB_FIELD_COMPUTE, self->compute_note, row))
    return;
  if (compute == NULL && lw_job_model_get_computes (self->model) != NULL)
    lw_note_row_set (self->compute_note, LW_NOTE_ERROR,
                     _ ("The workspace has no such compute. A job sent to it would fail."), row);
  else if (compute != NULL && compute->kind == LW_COMPUTE_INSTANCE
           && g_strcmp0 (compute->instance_state, "Running") != 0)
    lw_note_row_set (self->compute_note, LW_NOTE_WARNING,
                     _ ("This compute instance does not run: the job would wait for it."), row);
}

/* ---- Submission ---- */

static char *
dup_code_phase (const LwJobLetter *progress)
{
  g_autofree char *sent = g_format_size ((guint64) progress->sent);
  g_autofree char *total = g_format_size ((guint64) progress->total);

  if (progress->found)
    return g_strdup (_ ("Sent at an earlier start"));
  if (progress->reused)
    return g_strdup (_ ("The same code as before, nothing was sent"));
  if (progress->files_total == 0)
    return NULL;
  /* Translators: files sent, files in all, bytes sent, bytes in all: "2 of 5 files, 1 MB of 2 MB" */
  return g_strdup_printf (_ ("%u of %u files, %s of %s"), progress->files_done,
                          progress->files_total, sent, total);
}

static LwWaitState
judge_stage (LwSubmitPhase phase, gboolean begun, gboolean ended, gboolean failed)
{
  if (ended)
    return LW_WAIT_DONE;
  if (!begun)
    return LW_WAIT_IDLE;
  if (phase == LW_SUBMIT_RUNNING)
    return LW_WAIT_RUNNING;
  return failed ? LW_WAIT_FAILED : LW_WAIT_IDLE;
}

static void
update_progress (LwPageJob *self, LwSubmitPhase phase)
{
  const LwJobLetter *progress = lw_job_model_get_progress (self->model);
  gboolean failed = lw_job_model_get_error (self->model) != NULL;
  gboolean done = phase == LW_SUBMIT_DONE;
  gboolean code_done = done || progress->stage >= LW_JOB_STAGE_CREATING;
  g_autofree char *code = dup_code_phase (progress);

  lw_wait_row_set (self->code_progress,
                   judge_stage (phase, phase == LW_SUBMIT_RUNNING || progress->code_since_us != 0,
                                code_done, failed),
                   code, progress->code_since_us, progress->code_until_us);
  lw_wait_row_set (self->job_progress,
                   judge_stage (phase, progress->stage == LW_JOB_STAGE_CREATING, done, failed),
                   lw_job_model_get_job (self->model), progress->job_since_us,
                   progress->job_until_us);
  gtk_widget_set_visible (self->progress_group, phase != LW_SUBMIT_IDLE);
}

static gboolean
can_submit (LwPageJob *self, LwSubmitPhase phase)
{
  LwTarget *target = lw_session_get_target (lw_page_get_session (LW_PAGE (self)));
  const GError *error = NULL;

  return (phase == LW_SUBMIT_IDLE || phase == LW_SUBMIT_STOPPED) && target != NULL
         && lw_target_get_ml (target) != NULL
         && lw_job_model_get_folder (self->model, &error) != NULL
         && lw_job_form_is_complete (lw_job_model_get_form (self->model));
}

static void
update_actions (LwPageJob *self, LwSubmitPhase phase)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean running = phase == LW_SUBMIT_RUNNING;
  gboolean open = phase == LW_SUBMIT_IDLE || phase == LW_SUBMIT_STOPPED;

  gtk_widget_action_set_enabled (widget, "page.submit", can_submit (self, phase));
  gtk_widget_action_set_enabled (widget, "page.cancel", running);
  gtk_widget_action_set_enabled (widget, "page.another", phase == LW_SUBMIT_DONE);
  gtk_widget_action_set_enabled (widget, "page.choose-folder", open);
  gtk_widget_set_visible (self->cancel_button, running);
  gtk_widget_set_visible (self->another_button, phase == LW_SUBMIT_DONE);
  gtk_widget_set_sensitive (self->code_group, open);
  gtk_widget_set_sensitive (self->place_group, open);
  gtk_widget_set_sensitive (self->names_group, open);
  lw_page_set_busy (LW_PAGE (self), running);
  if (phase == LW_SUBMIT_DONE)
    lw_page_set_primary (LW_PAGE (self), _ ("Go On to the Results"), "win.step::results");
  else if (running)
    lw_page_set_primary (LW_PAGE (self), NULL, NULL);
  else
    lw_page_set_primary (LW_PAGE (self), _ ("Submit"), "page.submit");
}

static void
update (LwPageJob *self)
{
  LwSubmitPhase phase;

  if (self->model == NULL || lw_job_model_get_form (self->model) == NULL)
    return;
  phase = lw_job_model_get_phase (self->model);
  fill_form (self);
  update_command (self);
  update_folder (self);
  update_environment (self);
  update_compute (self);
  note_problem (self, LW_JOB_FIELD_DISPLAY_NAME, self->display_name_note,
                GTK_WIDGET (self->display_name_row));
  note_problem (self, LW_JOB_FIELD_EXPERIMENT, self->experiment_note,
                GTK_WIDGET (self->experiment_row));
  update_progress (self, phase);
  update_actions (self, phase);
  lw_page_show_error (LW_PAGE (self), lw_job_model_get_error (self->model));
}

/* A submission that ended well while it was watched leads on to its job. */
static void
model_changed_cb (LwPageJob *self)
{
  LwSubmitPhase phase = lw_job_model_get_phase (self->model);
  gboolean arrived = self->submitting && phase == LW_SUBMIT_DONE;

  self->submitting = phase == LW_SUBMIT_RUNNING;
  update (self);
  if (arrived && gtk_widget_get_mapped (GTK_WIDGET (self)))
    gtk_widget_activate_action (GTK_WIDGET (self), "win.step", "s", "results");
}

/* ---- Page ---- */

static void
lw_page_job_session_changed (LwPage *page)
{
  LwPageJob *self = LW_PAGE_JOB (page);
  LwSession *session = lw_page_get_session (page);
  LwTarget *target = lw_session_get_target (session);
  LwRecord *record = lw_session_get_record (session);
  gboolean has_workspace = target != NULL && lw_target_get_ml (target) != NULL;
  gboolean is_new = record != self->record || (has_workspace && !self->had_workspace);

  self->record = record;
  self->had_workspace = has_workspace;
  if (self->model == NULL && lw_session_is_open (session))
    {
      self->model = g_object_ref (lw_session_ensure_model (session, LW_TYPE_JOB_MODEL));
      g_signal_connect_object (self->model, "changed", G_CALLBACK (model_changed_cb), self,
                               G_CONNECT_SWAPPED);
      fill_environments (self);
    }
  if (self->model != NULL && is_new && gtk_widget_get_mapped (GTK_WIDGET (self)))
    lw_job_model_open (self->model);
  update (self);
}

static void
lw_page_job_shown (LwPage *page)
{
  LwPageJob *self = LW_PAGE_JOB (page);

  if (self->model != NULL)
    lw_job_model_open (self->model);
}

static void
lw_page_job_refresh (LwPage *page)
{
  LwPageJob *self = LW_PAGE_JOB (page);

  if (self->model != NULL)
    lw_job_model_refresh (self->model);
}

static void
submit_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  lw_job_model_submit (LW_PAGE_JOB (widget)->model);
}

static void
cancel_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  lw_job_model_cancel (LW_PAGE_JOB (widget)->model);
}

static void
another_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  lw_job_model_begin_another (LW_PAGE_JOB (widget)->model);
}

static gboolean
lw_page_job_advise (LwPage *page, LwAdviceAction action)
{
  LwPageJob *self = LW_PAGE_JOB (page);

  if (self->model == NULL)
    return FALSE;
  if (action == LW_ADVICE_RETRY || action == LW_ADVICE_WAIT)
    lw_job_model_submit (self->model);
  else if (action == LW_ADVICE_EDIT_JOB)
    {
      lw_job_model_begin_another (self->model);
      gtk_widget_grab_focus (GTK_WIDGET (self->command_row));
    }
  else
    return FALSE;
  return TRUE;
}

static LwTourResult
lw_page_job_tour_step (LwPage *page, char **caption)
{
  LwPageJob *self = LW_PAGE_JOB (page);

  if (self->model == NULL)
    return LW_TOUR_WAIT;
  if (lw_job_model_get_error (self->model) != NULL)
    return LW_TOUR_STUCK;
  switch (lw_job_model_get_phase (self->model))
    {
    case LW_SUBMIT_DONE:
      *caption = g_strdup (_ ("The code is uploaded and the job exists, once."));
      return LW_TOUR_DONE;
    case LW_SUBMIT_IDLE:
    case LW_SUBMIT_STOPPED:
      if (!can_submit (self, lw_job_model_get_phase (self->model)))
        return LW_TOUR_WAIT;
      *caption = g_strdup (_ ("The form is filled from the lab; now the job is submitted."));
      gtk_widget_activate_action (GTK_WIDGET (self), "page.submit", NULL);
      return LW_TOUR_ACTED;
    case LW_SUBMIT_RUNNING:
    default:
      return LW_TOUR_WAIT;
    }
}

static void
lw_page_job_dispose (GObject *object)
{
  LwPageJob *self = LW_PAGE_JOB (object);

  g_clear_object (&self->chooser);
  g_clear_object (&self->model);
  G_OBJECT_CLASS (lw_page_job_parent_class)->dispose (object);
}

static void
lw_page_job_finalize (GObject *object)
{
  g_ptr_array_unref (LW_PAGE_JOB (object)->file_rows);
  G_OBJECT_CLASS (lw_page_job_parent_class)->finalize (object);
}

#define BIND(name) gtk_widget_class_bind_template_child (widget_class, LwPageJob, name)

static void
bind_children (GtkWidgetClass *widget_class)
{
  BIND (cancel_button);
  BIND (another_button);
  BIND (progress_group);
  BIND (code_group);
  BIND (place_group);
  BIND (names_group);
  BIND (code_progress);
  BIND (job_progress);
  BIND (command_row);
  BIND (command_note);
  BIND (folder_row);
  BIND (folder_note);
  BIND (files_row);
  BIND (environment_row);
  BIND (own_environment_row);
  BIND (environment_note);
  BIND (compute_row);
  BIND (compute_note);
  BIND (display_name_row);
  BIND (display_name_note);
  BIND (experiment_row);
  BIND (experiment_note);
}

static void
lw_page_job_class_init (LwPageJobClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  LwPageClass *page_class = LW_PAGE_CLASS (klass);

  object_class->dispose = lw_page_job_dispose;
  object_class->finalize = lw_page_job_finalize;
  page_class->kind = LW_STEP_JOB;
  page_class->session_changed = lw_page_job_session_changed;
  page_class->shown = lw_page_job_shown;
  page_class->refresh = lw_page_job_refresh;
  page_class->advise = lw_page_job_advise;
  page_class->tour_step = lw_page_job_tour_step;
  g_type_ensure (LW_TYPE_WAIT_ROW);
  g_type_ensure (LW_TYPE_NOTE_ROW);
  gtk_widget_class_set_template_from_resource (widget_class, LW_RESOURCE_PATH "lw-page-job.ui");
  bind_children (widget_class);
  gtk_widget_class_install_action (widget_class, "page.submit", NULL, submit_cb);
  gtk_widget_class_install_action (widget_class, "page.cancel", NULL, cancel_cb);
  gtk_widget_class_install_action (widget_class, "page.another", NULL, another_cb);
  gtk_widget_class_install_action (widget_class, "page.choose-folder", NULL, choose_folder_cb);
}

static void
connect (LwPageJob *self, gpointer row, const char *signal, GCallback callback)
{
  g_signal_connect_object (row, signal, callback, self, G_CONNECT_SWAPPED);
}

static void
lw_page_job_init (LwPageJob *self)
{
  self->file_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  connect (self, self->command_row, "changed", G_CALLBACK (command_changed_cb));
  connect (self, self->display_name_row, "changed", G_CALLBACK (display_name_changed_cb));
  connect (self, self->experiment_row, "changed", G_CALLBACK (experiment_changed_cb));
  connect (self, self->own_environment_row, "changed", G_CALLBACK (own_environment_changed_cb));
  connect (self, self->environment_row, "notify::selected", G_CALLBACK (environment_chosen_cb));
  connect (self, self->compute_row, "notify::selected", G_CALLBACK (compute_chosen_cb));
}

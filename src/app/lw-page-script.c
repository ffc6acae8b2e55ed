/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The page of the step “script”: the lab's files, the notebook, the scripts in an editor, and their
 * test. A view of LwScriptModel, which leads through the step; see lw-page.h. Main thread. */

#include "lw-page-script.h"

#include <glib/gi18n.h>

#include "lw-lab-files.h"
#include "lw-notebook-view.h"
#include "lw-resources.h"
#include "lw-script-editor.h"
#include "lw-script-model.h"
#include "lw-script-tester.h"

struct _LwPageScript
{
  LwPage parent_instance;

  /* Template. */
  AdwViewStack *views;
  AdwActionRow *folder_row;
  AdwPreferencesGroup *files_group;
  GtkStack *notebook_stack;
  AdwStatusPage *notebook_absent;
  LwNotebookView *notebook;
  GtkWidget *convert_button;
  LwScriptEditor *editor;
  LwScriptTester *tester;

  LwScriptModel *model; /* owned, NULL until a session with an open cloud is there */
  LwScriptRunner *runner; /* borrowed from model */
  GPtrArray *files;     /* owned, nullable: what the rows were made from */
  GPtrArray *file_rows; /* owned; the rows are borrowed from files_group */
};

G_DEFINE_FINAL_TYPE (LwPageScript, lw_page_script, LW_TYPE_PAGE)

/* ---- Files ---- */

static const char *
get_file_text (const LwLabFile *file)
{
  if (file->written && file->normalised)
    return _ ("Copied, with line ends corrected");
  if (file->written)
    return file->state == LW_LAB_FILE_CHANGED ? _ ("Replaced by the lab's own") : _ ("Copied");
  return file->state == LW_LAB_FILE_CHANGED ? _ ("Changed since; left as it is")
                                            : _ ("As the lab gives it");
}

static GtkWidget *
make_file_row (const LwLabFile *file)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button;

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), file->path);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), get_file_text (file));
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  if (file->state != LW_LAB_FILE_CHANGED || file->written)
    return row;
  button = gtk_button_new_with_label (_ ("Replace…"));
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "page.replace");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", file->path);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return row;
}

static void
update_files (LwPageScript *self)
{
  GPtrArray *files = lw_script_model_get_files (self->model);
  const char *folder = lw_script_model_get_folder (self->model);
  g_autofree char *escaped = g_markup_escape_text (folder != NULL ? folder : "", -1);

  adw_action_row_set_subtitle (self->folder_row, escaped);
  if (files == self->files)
    return;
  for (guint i = 0; i < self->file_rows->len; i++)
    adw_preferences_group_remove (self->files_group, g_ptr_array_index (self->file_rows, i));
  g_ptr_array_set_size (self->file_rows, 0);
  g_clear_pointer (&self->files, g_ptr_array_unref);
  self->files = files != NULL ? g_ptr_array_ref (files) : NULL;
  for (guint i = 0; files != NULL && i < files->len; i++)
    {
      GtkWidget *row = make_file_row (g_ptr_array_index (files, i));

      adw_preferences_group_add (self->files_group, row);
      g_ptr_array_add (self->file_rows, row);
    }
}

/* ---- State to what is visible ---- */

static void
update_notebook (LwPageScript *self)
{
  LwNotebook *notebook = lw_script_model_get_notebook (self->model);
  const GError *error = lw_script_model_get_notebook_error (self->model);
  g_autofree char *escaped = error != NULL ? g_markup_escape_text (error->message, -1) : NULL;

  lw_notebook_view_set_notebook (self->notebook, notebook);
  /* Until then it is the suggested action. */
  gtk_widget_set_visible (self->convert_button,
                          lw_script_model_get_stage (self->model) > LW_SCRIPT_CONVERT);
  adw_status_page_set_description (self->notebook_absent, escaped != NULL ? escaped : "");
  gtk_stack_set_visible_child_name (self->notebook_stack, notebook != NULL ? "cells" : "absent");
}

static void
set_primary (LwPageScript *self, LwScriptStage stage)
{
  static const struct
  {
    const char *label;
    const char *action;
  } primaries[] = {
    [LW_SCRIPT_COPY] = { N_ ("Copy the Files"), "page.look" },
    [LW_SCRIPT_READ] = { N_ ("Read the Notebook"), "page.read" },
    [LW_SCRIPT_CONVERT] = { N_ ("Convert to Script"), "page.convert" },
    [LW_SCRIPT_RUN_BARE] = { N_ ("Run Without Arguments"), "page.run-bare" },
    [LW_SCRIPT_BREAK] = { N_ ("Break It on Purpose"), "page.break" },
    [LW_SCRIPT_RUN_BROKEN] = { N_ ("Run"), "page.run" },
    [LW_SCRIPT_MEND] = { N_ ("Mend It"), "page.mend" },
    [LW_SCRIPT_RUN] = { N_ ("Run"), "page.run" },
    [LW_SCRIPT_DONE] = { N_ ("Go On to the Job"), "win.step::job" },
  };

  if (lw_script_model_is_working (self->model))
    lw_page_set_primary (LW_PAGE (self), NULL, NULL);
  else
    lw_page_set_primary (LW_PAGE (self), _ (primaries[stage].label), primaries[stage].action);
}

static void
update_actions (LwPageScript *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean working = lw_script_model_is_working (self->model);
  gboolean can_run = lw_script_model_can_run (self->model);
  gboolean has_notebook = lw_script_model_get_notebook (self->model) != NULL;

  gtk_widget_action_set_enabled (widget, "page.look", !working);
  gtk_widget_action_set_enabled (widget, "page.open-folder",
                                 lw_script_model_get_files (self->model) != NULL);
  gtk_widget_action_set_enabled (widget, "page.choose-folder", !working);
  gtk_widget_action_set_enabled (widget, "page.replace", !working);
  gtk_widget_action_set_enabled (widget, "page.read", has_notebook);
  gtk_widget_action_set_enabled (widget, "page.convert", has_notebook && !working);
  gtk_widget_action_set_enabled (widget, "page.break",
                                 !working && lw_script_model_can_break (self->model));
  gtk_widget_action_set_enabled (widget, "page.mend",
                                 !working && lw_script_model_is_broken (self->model));
  gtk_widget_action_set_enabled (widget, "page.run", can_run);
  gtk_widget_action_set_enabled (widget, "page.run-bare", can_run);
  gtk_widget_action_set_enabled (widget, "page.stop", working);
  gtk_widget_action_set_enabled (widget, "page.find-python",
                                 !lw_script_runner_is_looking (self->runner));
}

static void
update (LwPageScript *self)
{
  if (self->model == NULL)
    return;
  update_files (self);
  update_notebook (self);
  update_actions (self);
  set_primary (self, lw_script_model_get_stage (self->model));
  lw_page_set_busy (LW_PAGE (self), lw_script_model_is_working (self->model)
                                      || lw_script_runner_is_looking (self->runner));
  lw_page_show_error (LW_PAGE (self), lw_script_model_get_error (self->model));
}

static void
view_changed_cb (LwPageScript *self)
{
  const char *name = adw_view_stack_get_visible_child_name (self->views);

  if (self->model != NULL && g_strcmp0 (name, "notebook") == 0
      && gtk_widget_get_mapped (GTK_WIDGET (self)))
    lw_script_model_set_read (self->model);
}

/* ---- Questions ---- */

static GtkWindow *
get_window (LwPageScript *self)
{
  return GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
}

/* A question with "Replace" as its destructive answer. */
static AdwMessageDialog *
ask_to_replace (LwPageScript *self, const char *name)
{
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (get_window (self), NULL,
                                                                         NULL));
  /* Translators: name of a file */
  g_autofree char *heading = g_strdup_printf (_ ("Replace %s?"), name);

  adw_message_dialog_set_heading (dialog, heading);
  adw_message_dialog_set_body (dialog, _ ("It was changed since it was made. The changes would be "
                                          "lost."));
  adw_message_dialog_add_responses (dialog, "cancel", _ ("Cancel"), "replace", _ ("Replace"),
                                    NULL);
  adw_message_dialog_set_response_appearance (dialog, "replace", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");
  return dialog;
}

static void
convert_answered_cb (LwPageScript *self, const char *response)
{
  if (g_str_equal (response, "replace"))
    lw_script_model_convert (self->model, TRUE);
}

static void
conflict_cb (LwPageScript *self)
{
  LwLab *lab = lw_session_get_lab (lw_page_get_session (LW_PAGE (self)));
  g_autofree char *name = g_path_get_basename (lw_lab_get_flat_script (lab));
  AdwMessageDialog *dialog = ask_to_replace (self, name);

  g_signal_connect_object (dialog, "response", G_CALLBACK (convert_answered_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
replace_answered_cb (LwPageScript *self, const char *response, AdwMessageDialog *dialog)
{
  if (g_str_equal (response, "replace"))
    lw_script_model_replace (self->model, g_object_get_data (G_OBJECT (dialog), "path"));
}

static void
replace_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  LwPageScript *self = LW_PAGE_SCRIPT (widget);
  const char *path = g_variant_get_string (parameter, NULL);
  AdwMessageDialog *dialog = ask_to_replace (self, path);

  g_object_set_data_full (G_OBJECT (dialog), "path", g_strdup (path), g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (replace_answered_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ---- Actions ---- */

static void
look_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  lw_script_model_look (LW_PAGE_SCRIPT (widget)->model);
}

static void
open_folder_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  LwPageScript *self = LW_PAGE_SCRIPT (widget);
  g_autofree char *uri = g_filename_to_uri (lw_script_model_get_folder (self->model), NULL, NULL);

  if (uri != NULL)
    gtk_show_uri (get_window (self), uri, GDK_CURRENT_TIME);
}

static void
folder_chosen_cb (LwPageScript *self, int response, GtkNativeDialog *dialog)
{
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  path = file != NULL ? g_file_get_path (file) : NULL;
  if (path != NULL)
    lw_script_model_set_folder (self->model, path);
}

static void
choose_folder_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  LwPageScript *self = LW_PAGE_SCRIPT (widget);
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
    _ ("Choose a Work Folder"), get_window (self), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER,
    _ ("Choose"), NULL);

  g_signal_connect_object (dialog, "response", G_CALLBACK (folder_chosen_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_after (dialog, "response", G_CALLBACK (g_object_unref), NULL);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
read_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  LwPageScript *self = LW_PAGE_SCRIPT (widget);

  adw_view_stack_set_visible_child_name (self->views, "notebook");
  lw_script_model_set_read (self->model);
}

static void
show_script (LwPageScript *self, LwScriptFile file, guint line)
{
  adw_view_stack_set_visible_child_name (self->views, "script");
  lw_script_editor_show (self->editor, file, line);
}

static void
convert_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  LwPageScript *self = LW_PAGE_SCRIPT (widget);

  show_script (self, LW_SCRIPT_FILE_FLAT, 0);
  lw_script_model_convert (self->model, FALSE);
}

static void
break_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  LwPageScript *self = LW_PAGE_SCRIPT (widget);

  show_script (self, LW_SCRIPT_FILE_FINAL, lw_script_model_break (self->model));
}

static void
mend_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  LwPageScript *self = LW_PAGE_SCRIPT (widget);

  show_script (self, LW_SCRIPT_FILE_FINAL, lw_script_model_mend (self->model));
}

static void
run_script (LwPageScript *self, gboolean with_arguments)
{
  adw_view_stack_set_visible_child_name (self->views, "test");
  lw_script_model_run (self->model, with_arguments);
}

static void
run_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  run_script (LW_PAGE_SCRIPT (widget), TRUE);
}

static void
run_bare_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  run_script (LW_PAGE_SCRIPT (widget), FALSE);
}

static void
stop_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  lw_script_model_stop (LW_PAGE_SCRIPT (widget)->model);
}

static void
find_python_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  lw_script_model_find_pythons (LW_PAGE_SCRIPT (widget)->model);
}

static void
show_problem_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  LwPageScript *self = LW_PAGE_SCRIPT (widget);
  const LwScriptResult *result = lw_script_runner_get_result (self->runner);
  const LwScriptFrame *frame
    = result != NULL
        ? lw_script_result_get_frame_in (result, lw_script_model_get_folder (self->model))
        : NULL;

  if (frame != NULL)
    show_script (self, LW_SCRIPT_FILE_FINAL, frame->line);
}

/* A run waited for the script to be saved, and another program had changed it. */
static void
saved_cb (LwPageScript *self, gboolean success)
{
  if (!success)
    show_script (self, LW_SCRIPT_FILE_FINAL, 0);
}

/* ---- Page ---- */

static void
take_model (LwPageScript *self, LwSession *session)
{
  LwLab *lab = lw_session_get_lab (session);

  self->model = g_object_ref (lw_session_ensure_model (session, LW_TYPE_SCRIPT_MODEL));
  self->runner = lw_script_model_get_runner (self->model);
  lw_script_editor_set_model (self->editor, self->model);
  lw_script_tester_set_model (self->tester, self->model, lw_lab_get_modules (lab));
  g_signal_connect_object (self->model, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->model, "conflict", G_CALLBACK (conflict_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (lw_script_model_get_document (self->model, LW_SCRIPT_FILE_FINAL),
                           "saved", G_CALLBACK (saved_cb), self, G_CONNECT_SWAPPED);
}

static void
lw_page_script_session_changed (LwPage *page)
{
  LwPageScript *self = LW_PAGE_SCRIPT (page);
  LwSession *session = lw_page_get_session (page);

  if (self->model == NULL && lw_session_is_open (session))
    take_model (self, session);
  update (self);
}

static void
lw_page_script_shown (LwPage *page)
{
  LwPageScript *self = LW_PAGE_SCRIPT (page);

  if (self->model != NULL)
    lw_script_model_open (self->model);
}

static void
lw_page_script_refresh (LwPage *page)
{
  LwPageScript *self = LW_PAGE_SCRIPT (page);

  if (self->model != NULL && !lw_script_model_is_working (self->model))
    lw_script_model_look (self->model);
}

static gboolean
lw_page_script_advise (LwPage *page, LwAdviceAction action)
{
  LwPageScript *self = LW_PAGE_SCRIPT (page);

  if (self->model == NULL)
    return FALSE;
  if (action == LW_ADVICE_PREPARE_PYTHON)
    {
      adw_view_stack_set_visible_child_name (self->views, "test");
      lw_script_tester_show_python (self->tester);
    }
  else if (action == LW_ADVICE_RETRY)
    lw_page_script_refresh (page);
  else
    return FALSE;
  return TRUE;
}

/* ---- Tour ---- */

/* What a person would do next; the caption tells what it is for. */
static const struct
{
  const char *caption;
  const char *action;
} tour[] = {
  [LW_SCRIPT_READ] = { N_ ("The lab's files are in the work folder. This is the notebook."),
                       "page.read" },
  [LW_SCRIPT_CONVERT] = { N_ ("The notebook becomes a script, as nbconvert would write it."),
                          "page.convert" },
  [LW_SCRIPT_RUN_BARE]
  = { N_ ("The script with functions is run without arguments: it has nothing to read and fails."),
      "page.run-bare" },
  [LW_SCRIPT_BREAK] = { N_ ("Now it is broken on purpose: the import of pandas goes."),
                        "page.break" },
  [LW_SCRIPT_RUN_BROKEN] = { N_ ("Run like this it fails, here within seconds."), "page.run" },
  [LW_SCRIPT_MEND] = { N_ ("The import is put back."), "page.mend" },
  [LW_SCRIPT_RUN] = { N_ ("Run with its arguments, it prints accuracy and AUC."), "page.run" },
};

static LwTourResult
lw_page_script_tour_step (LwPage *page, char **caption)
{
  LwPageScript *self = LW_PAGE_SCRIPT (page);
  LwScriptStage stage;

  if (self->model == NULL)
    return LW_TOUR_WAIT;
  stage = lw_script_model_get_stage (self->model);
  if (lw_script_model_is_working (self->model) || lw_script_runner_is_looking (self->runner))
    return LW_TOUR_WAIT;
  if (lw_script_model_get_error (self->model) != NULL
      || lw_script_runner_get_outcome (self->runner) == LW_SCRIPT_OUTCOME_FAILED)
    return LW_TOUR_STUCK;
  if (stage == LW_SCRIPT_COPY)
    {
      lw_script_model_open (self->model);
      return LW_TOUR_WAIT;
    }
  if (stage == LW_SCRIPT_DONE)
    {
      *caption = g_strdup (_ ("The script works on this computer: time to give it to a job."));
      return LW_TOUR_DONE;
    }
  /* What cannot be done now, as there is no Python for it, will not be possible later either. */
  if (!gtk_widget_activate_action (GTK_WIDGET (self), tour[stage].action, NULL))
    return LW_TOUR_STUCK;
  *caption = g_strdup (_ (tour[stage].caption));
  return LW_TOUR_ACTED;
}

/* ---- Object ---- */

static void
lw_page_script_dispose (GObject *object)
{
  LwPageScript *self = LW_PAGE_SCRIPT (object);

  g_clear_object (&self->model);
  G_OBJECT_CLASS (lw_page_script_parent_class)->dispose (object);
}

static void
lw_page_script_finalize (GObject *object)
{
  LwPageScript *self = LW_PAGE_SCRIPT (object);

  g_clear_pointer (&self->files, g_ptr_array_unref);
  g_ptr_array_unref (self->file_rows);
  G_OBJECT_CLASS (lw_page_script_parent_class)->finalize (object);
}

#define BIND(name) gtk_widget_class_bind_template_child (widget_class, LwPageScript, name)

static void
bind_children (GtkWidgetClass *widget_class)
{
  BIND (views);
  BIND (folder_row);
  BIND (files_group);
  BIND (notebook_stack);
  BIND (notebook_absent);
  BIND (notebook);
  BIND (convert_button);
  BIND (editor);
  BIND (tester);
}

static const struct
{
  const char *name;
  const char *parameter;
  GtkWidgetActionActivateFunc activate;
} actions[] = {
  { "page.look", NULL, look_cb },
  { "page.open-folder", NULL, open_folder_cb },
  { "page.choose-folder", NULL, choose_folder_cb },
  { "page.replace", "s", replace_cb },
  { "page.read", NULL, read_cb },
  { "page.convert", NULL, convert_cb },
  { "page.break", NULL, break_cb },
  { "page.mend", NULL, mend_cb },
  { "page.run", NULL, run_cb },
  { "page.run-bare", NULL, run_bare_cb },
  { "page.stop", NULL, stop_cb },
  { "page.find-python", NULL, find_python_cb },
  { "page.show-problem", NULL, show_problem_cb },
};

static void
lw_page_script_class_init (LwPageScriptClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  LwPageClass *page_class = LW_PAGE_CLASS (klass);

  object_class->dispose = lw_page_script_dispose;
  object_class->finalize = lw_page_script_finalize;
  page_class->kind = LW_STEP_SCRIPT;
  page_class->session_changed = lw_page_script_session_changed;
  page_class->shown = lw_page_script_shown;
  page_class->refresh = lw_page_script_refresh;
  page_class->advise = lw_page_script_advise;
  page_class->tour_step = lw_page_script_tour_step;
  g_type_ensure (LW_TYPE_NOTEBOOK_VIEW);
  g_type_ensure (LW_TYPE_SCRIPT_EDITOR);
  g_type_ensure (LW_TYPE_SCRIPT_TESTER);
  gtk_widget_class_set_template_from_resource (widget_class, LW_RESOURCE_PATH "lw-page-script.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, view_changed_cb);
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, actions[i].parameter,
                                     actions[i].activate);
}

static void
lw_page_script_init (LwPageScript *self)
{
  self->file_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), actions[i].name, FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.show-problem", TRUE);
}

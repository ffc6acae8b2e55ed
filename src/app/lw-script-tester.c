/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The form and the run of step 3. update() maps the model to everything here but the rows of
 * arguments, which are made anew only when the script declares others: a person may be typing in
 * one. Main thread. */

#include "lw-script-tester.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

#include "lw-log-view.h"
#include "lw-resources.h"
#include "lw-script-texts.h"
#include "lw-wait-row.h"

struct _LwScriptTester
{
  GtkWidget parent_instance;

  /* Template. */
  GtkWidget *box;
  GtkWidget *python_group;
  AdwExpanderRow *python_row;
  GtkWidget *install_card;
  GtkLabel *install;
  AdwPreferencesGroup *form;
  AdwActionRow *command_row;
  GtkWidget *run_group;
  LwWaitRow *run_row;
  LwLogView *log;
  GtkWidget *card;
  GtkLabel *card_title;
  GtkLabel *card_meaning;
  GtkLabel *card_todo;
  GtkWidget *problem_button;
  GtkWidget *figures;
  GtkLabel *accuracy;
  GtkLabel *auc;

  LwScriptModel *model; /* owned, nullable */
  LwScriptRunner *runner; /* borrowed from model */
  GPtrArray *args;      /* owned, nullable: what the rows of the form were made from */
  GPtrArray *form_rows; /* owned; the rows are borrowed from form */
  GPtrArray *pythons;   /* owned, nullable: what the rows of the list were made from */
  GPtrArray *python_rows; /* owned; the rows are borrowed from python_row */
  LwScriptOutcome outcome; /* as last shown */
};

G_DEFINE_FINAL_TYPE (LwScriptTester, lw_script_tester, GTK_TYPE_WIDGET)

/* What a row of the form is about. */
#define ARGUMENT_KEY "lw-argument"

/* ---- Python ---- */

static void
python_chosen_cb (GtkCheckButton *button, LwScriptTester *self)
{
  if (gtk_check_button_get_active (button))
    lw_script_runner_choose_python (self->runner,
                                    g_object_get_data (G_OBJECT (button), "path"));
}

static GtkWidget *
make_python_row (LwScriptTester *self, const LwPython *python, GtkCheckButton **group)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *text = lw_script_texts_dup_python (python);
  g_autofree char *subtitle = g_strdup_printf (
    "%s\n%s", python->version != NULL ? python->version : "–", text);
  GtkWidget *check;

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), python->path);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  if (!lw_python_is_usable (python))
    return row;
  check = gtk_check_button_new ();
  gtk_check_button_set_group (GTK_CHECK_BUTTON (check), *group);
  *group = GTK_CHECK_BUTTON (check);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check),
                               python == lw_script_runner_get_python (self->runner));
  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  python->path, -1);
  g_object_set_data_full (G_OBJECT (check), "path", g_strdup (python->path), g_free);
  g_signal_connect_object (check, "toggled", G_CALLBACK (python_chosen_cb), self, 0);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);
  return row;
}

static void
fill_pythons (LwScriptTester *self, GPtrArray *pythons)
{
  GtkCheckButton *group = NULL;

  if (pythons == self->pythons)
    return;
  for (guint i = 0; i < self->python_rows->len; i++)
    adw_expander_row_remove (self->python_row, g_ptr_array_index (self->python_rows, i));
  g_ptr_array_set_size (self->python_rows, 0);
  g_clear_pointer (&self->pythons, g_ptr_array_unref);
  self->pythons = pythons != NULL ? g_ptr_array_ref (pythons) : NULL;
  for (guint i = 0; pythons != NULL && i < pythons->len; i++)
    {
      GtkWidget *row = make_python_row (self, g_ptr_array_index (pythons, i), &group);

      adw_expander_row_add_row (self->python_row, row);
      g_ptr_array_add (self->python_rows, row);
    }
}

static char *
dup_python_title (LwScriptTester *self, const LwPython *python)
{
  if (python != NULL)
    return g_strdup_printf ("Python %s", python->version);
  return g_strdup (lw_script_runner_is_looking (self->runner)
                     ? _ ("Looking for a Python…")
                     : _ ("No Python Has What the Script Needs"));
}

static void
update_python (LwScriptTester *self)
{
  GPtrArray *pythons = lw_script_runner_get_pythons (self->runner);
  const LwPython *python = lw_script_runner_get_python (self->runner);
  gboolean looking = lw_script_runner_is_looking (self->runner);
  g_autofree char *title = dup_python_title (self, python);
  g_autofree char *text = python != NULL ? lw_script_texts_dup_python (python) : g_strdup ("");
  g_autofree char *subtitle
    = python != NULL ? g_strdup_printf ("%s\n%s", python->path, text) : g_strdup (text);
  g_autofree char *escaped = g_markup_escape_text (subtitle, -1);

  fill_pythons (self, pythons);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->python_row), title);
  adw_expander_row_set_subtitle (self->python_row, escaped);
  gtk_widget_set_visible (self->install_card, python == NULL && !looking && pythons != NULL);
}

/* ---- Arguments ---- */

static void
value_typed_cb (GtkEditable *entry, LwScriptTester *self)
{
  const char *name = g_object_get_data (G_OBJECT (entry), ARGUMENT_KEY);

  lw_script_model_set_value (self->model, name, gtk_editable_get_text (entry));
}

static void
flag_switched_cb (GtkSwitch *button, GParamSpec *pspec, LwScriptTester *self)
{
  const char *name = g_object_get_data (G_OBJECT (button), ARGUMENT_KEY);

  lw_script_model_set_value (self->model, name, gtk_switch_get_active (button) ? "yes" : NULL);
}

static void
choice_made_cb (AdwComboRow *row, GParamSpec *pspec, LwScriptTester *self)
{
  const char *name = g_object_get_data (G_OBJECT (row), ARGUMENT_KEY);
  GtkStringObject *item = adw_combo_row_get_selected_item (row);

  if (item != NULL)
    lw_script_model_set_value (self->model, name, gtk_string_object_get_string (item));
}

static GtkWidget *
make_entry_row (LwScriptTester *self, const LwScriptArg *arg, const char *value)
{
  GtkWidget *row = adw_entry_row_new ();

  gtk_editable_set_text (GTK_EDITABLE (row), value != NULL ? value : "");
  g_object_set_data_full (G_OBJECT (row), ARGUMENT_KEY, g_strdup (arg->name), g_free);
  g_signal_connect_object (row, "changed", G_CALLBACK (value_typed_cb), self, 0);
  return row;
}

static GtkWidget *
make_flag_row (LwScriptTester *self, const LwScriptArg *arg, const char *value)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_switch_new ();

  gtk_switch_set_active (GTK_SWITCH (button), g_strcmp0 (value, "yes") == 0);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_object_set_data_full (G_OBJECT (button), ARGUMENT_KEY, g_strdup (arg->name), g_free);
  g_signal_connect_object (button, "notify::active", G_CALLBACK (flag_switched_cb), self, 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), button);
  return row;
}

static GtkWidget *
make_choice_row (LwScriptTester *self, const LwScriptArg *arg, const char *value)
{
  GtkWidget *row = adw_combo_row_new ();
  g_autoptr (GtkStringList) list = gtk_string_list_new ((const char *const *) arg->choices);

  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (list));
  for (guint i = 0; arg->choices[i] != NULL; i++)
    if (g_strcmp0 (arg->choices[i], value) == 0)
      adw_combo_row_set_selected (ADW_COMBO_ROW (row), i);
  g_object_set_data_full (G_OBJECT (row), ARGUMENT_KEY, g_strdup (arg->name), g_free);
  g_signal_connect_object (row, "notify::selected", G_CALLBACK (choice_made_cb), self, 0);
  return row;
}

static GtkWidget *
make_argument_row (LwScriptTester *self, const LwScriptArg *arg)
{
  const char *value
    = lw_script_command_get_value (lw_script_model_get_command (self->model), arg->name);
  GtkWidget *row;

  if (arg->flag)
    row = make_flag_row (self, arg, value);
  else if (arg->choices != NULL)
    row = make_choice_row (self, arg, value);
  else
    row = make_entry_row (self, arg, value);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), arg->name);
  if (arg->help != NULL)
    {
      gtk_widget_set_tooltip_text (row, arg->help);
      gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                      arg->help, -1);
    }
  return row;
}

static void
update_form (LwScriptTester *self)
{
  GPtrArray *args = lw_script_command_get_args (lw_script_model_get_command (self->model));

  gtk_widget_set_visible (GTK_WIDGET (self->form), args->len > 0);
  if (args == self->args)
    return;
  for (guint i = 0; i < self->form_rows->len; i++)
    adw_preferences_group_remove (self->form, g_ptr_array_index (self->form_rows, i));
  g_ptr_array_set_size (self->form_rows, 0);
  g_clear_pointer (&self->args, g_ptr_array_unref);
  self->args = g_ptr_array_ref (args);
  for (guint i = 0; i < args->len; i++)
    {
      GtkWidget *row = make_argument_row (self, g_ptr_array_index (args, i));

      adw_preferences_group_add (self->form, row);
      g_ptr_array_add (self->form_rows, row);
    }
}

static void
update_command (LwScriptTester *self)
{
  g_autofree char *line = lw_script_model_dup_line (self->model);
  g_autofree char *escaped = line != NULL ? g_markup_escape_text (line, -1) : g_strdup ("–");

  adw_action_row_set_subtitle (self->command_row, escaped);
}

/* ---- Run ---- */

static LwWaitState
get_wait_state (LwScriptOutcome outcome)
{
  switch (outcome)
    {
    case LW_SCRIPT_OUTCOME_RUNNING:
      return LW_WAIT_RUNNING;
    case LW_SCRIPT_OUTCOME_PASSED:
      return LW_WAIT_DONE;
    case LW_SCRIPT_OUTCOME_EXPECTED:
    case LW_SCRIPT_OUTCOME_STOPPED:
      return LW_WAIT_WARNING;
    case LW_SCRIPT_OUTCOME_FAILED:
      return LW_WAIT_FAILED;
    case LW_SCRIPT_OUTCOME_NONE:
    default:
      return LW_WAIT_IDLE;
    }
}

/* @user_data: whether a frame has passed, in which what the run brought was laid out */
static gboolean
scroll_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  LwScriptTester *self = LW_SCRIPT_TESTER (widget);
  GtkWidget *scroller = gtk_widget_get_ancestor (widget, GTK_TYPE_SCROLLED_WINDOW);
  gboolean *laid_out = user_data;
  graphene_point_t origin = GRAPHENE_POINT_INIT (0, 0);
  graphene_point_t point;

  if (!*laid_out)
    {
      *laid_out = TRUE;
      return G_SOURCE_CONTINUE;
    }
  if (scroller != NULL && gtk_widget_compute_point (self->run_group, widget, &origin, &point))
    gtk_adjustment_set_value (
      gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scroller)), point.y);
  return G_SOURCE_REMOVE;
}

static void
show_run (LwScriptTester *self)
{
  gtk_widget_add_tick_callback (GTK_WIDGET (self), scroll_cb, g_new0 (gboolean, 1), g_free);
}

static void
update_run (LwScriptTester *self)
{
  LwScriptOutcome outcome = lw_script_runner_get_outcome (self->runner);
  const LwScriptRunResult *run = lw_script_runner_get_run (self->runner);
  gint64 started = lw_script_runner_get_started (self->runner);
  g_autofree char *end = lw_script_texts_dup_end (self->runner);

  gtk_widget_set_visible (self->run_group, outcome != LW_SCRIPT_OUTCOME_NONE);
  lw_wait_row_set (self->run_row, get_wait_state (outcome), end, started,
                   run != NULL ? started + run->duration_us : 0);
  if (outcome != self->outcome)
    show_run (self);
  self->outcome = outcome;
}

static void
update_card (LwScriptTester *self)
{
  g_auto (LwScriptTexts) texts = { NULL };
  const LwScriptResult *result = lw_script_runner_get_result (self->runner);
  const char *folder = lw_script_model_get_folder (self->model);
  const LwScriptFrame *frame
    = result != NULL && folder != NULL ? lw_script_result_get_frame_in (result, folder) : NULL;

  lw_script_texts_fill (self->runner, &texts);
  gtk_widget_set_visible (self->card, texts.title != NULL);
  gtk_label_set_label (self->card_title, texts.title != NULL ? texts.title : "");
  gtk_label_set_label (self->card_meaning, texts.meaning != NULL ? texts.meaning : "");
  gtk_label_set_label (self->card_todo, texts.todo != NULL ? texts.todo : "");
  gtk_widget_set_visible (GTK_WIDGET (self->card_todo), texts.todo != NULL);
  gtk_widget_set_visible (self->problem_button, frame != NULL);
  if (frame != NULL)
    {
      /* Translators: a button that leads to a line of the script */
      g_autofree char *label = g_strdup_printf (_ ("Show Line %u"), frame->line);

      gtk_button_set_label (GTK_BUTTON (self->problem_button), label);
    }
}

static void
set_figure (GtkLabel *label, double value)
{
  g_autofree char *text = isnan (value) ? g_strdup ("–") : g_strdup_printf ("%.4f", value);

  gtk_label_set_label (label, text);
}

static void
update_figures (LwScriptTester *self)
{
  const LwScriptResult *result = lw_script_runner_get_result (self->runner);
  gboolean known = result != NULL && !isnan (result->accuracy);

  gtk_widget_set_visible (self->figures, known);
  if (!known)
    return;
  set_figure (self->accuracy, result->accuracy);
  set_figure (self->auc, result->auc);
}

static void
update (LwScriptTester *self)
{
  update_python (self);
  update_form (self);
  update_command (self);
  update_run (self);
  update_card (self);
  update_figures (self);
}

/* ---- Face ---- */

void
lw_script_tester_set_model (LwScriptTester *self, LwScriptModel *model,
                            const char *const *modules)
{
  g_autofree char *install = NULL;

  g_return_if_fail (LW_IS_SCRIPT_TESTER (self));
  g_return_if_fail (LW_IS_SCRIPT_MODEL (model));
  g_return_if_fail (self->model == NULL);

  install = lw_script_texts_dup_install (modules);
  gtk_label_set_label (self->install, install);
  self->model = g_object_ref (model);
  self->runner = lw_script_model_get_runner (model);
  lw_log_view_set_buffer (self->log, lw_script_runner_get_output (self->runner));
  g_signal_connect_object (model, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

void
lw_script_tester_show_python (LwScriptTester *self)
{
  g_return_if_fail (LW_IS_SCRIPT_TESTER (self));

  adw_expander_row_set_expanded (self->python_row, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->python_row));
}

static void
copy_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  LwScriptTester *self = LW_SCRIPT_TESTER (widget);
  g_autofree char *line = lw_script_model_dup_line (self->model);

  if (line != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), line);
}

/* ---- Widget ---- */

static void
lw_script_tester_dispose (GObject *object)
{
  LwScriptTester *self = LW_SCRIPT_TESTER (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->model);
  G_OBJECT_CLASS (lw_script_tester_parent_class)->dispose (object);
}

static void
lw_script_tester_finalize (GObject *object)
{
  LwScriptTester *self = LW_SCRIPT_TESTER (object);

  g_clear_pointer (&self->args, g_ptr_array_unref);
  g_clear_pointer (&self->pythons, g_ptr_array_unref);
  g_ptr_array_unref (self->form_rows);
  g_ptr_array_unref (self->python_rows);
  G_OBJECT_CLASS (lw_script_tester_parent_class)->finalize (object);
}

#define BIND(name) gtk_widget_class_bind_template_child (widget_class, LwScriptTester, name)

static void
bind_children (GtkWidgetClass *widget_class)
{
  BIND (box);
  BIND (python_group);
  BIND (python_row);
  BIND (install_card);
  BIND (install);
  BIND (form);
  BIND (command_row);
  BIND (run_group);
  BIND (run_row);
  BIND (log);
  BIND (card);
  BIND (card_title);
  BIND (card_meaning);
  BIND (card_todo);
  BIND (problem_button);
  BIND (figures);
  BIND (accuracy);
  BIND (auc);
}

static void
lw_script_tester_class_init (LwScriptTesterClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lw_script_tester_dispose;
  G_OBJECT_CLASS (klass)->finalize = lw_script_tester_finalize;
  g_type_ensure (LW_TYPE_LOG_VIEW);
  g_type_ensure (LW_TYPE_WAIT_ROW);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               LW_RESOURCE_PATH "lw-script-tester.ui");
  bind_children (widget_class);
  gtk_widget_class_install_action (widget_class, "tester.copy", NULL, copy_cb);
}

static void
lw_script_tester_init (LwScriptTester *self)
{
  self->form_rows = g_ptr_array_new ();
  self->python_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Files of a job. Reading and saving run on the pool and end with the widget: a save that was cut off
 * leaves no half file. Main thread. */

#include "lw-job-files.h"

#include <glib/gi18n.h>

#include "lw-code-view.h"
#include "lw-find-bar.h"
#include "lw-resources.h"
#include "lw-texts.h"

struct _LwJobFiles
{
  AdwBin parent_instance;

  GtkStack *stack;
  AdwStatusPage *none;
  GtkLabel *summary;
  GtkListBox *list;
  GtkLabel *file_label;
  LwFindBar *find_bar;
  GtkLabel *cut_label;
  GtkStack *content;
  GtkSpinner *spinner;
  LwCodeView *text;
  GtkPicture *picture;
  AdwStatusPage *other;

  LwSession *session; /* owned */
  LwWatchList kind;
  LwJobWatch *watch;      /* owned, nullable */
  GPtrArray *shown;       /* owned, nullable: what the list shows */
  LwResultsFile *file;    /* owned, nullable: what is opened */
  char *saved;            /* owned, nullable: what was last saved, or why not */
  gboolean saving;
  GtkFileChooserNative *chooser; /* owned, nullable */
  GCancellable *reading;         /* owned, nullable */
  GCancellable *cancellable;     /* owned until dispose */
};

G_DEFINE_FINAL_TYPE (LwJobFiles, lw_job_files, ADW_TYPE_BIN)

static void update (LwJobFiles *self);

static char *
dup_error_text (LwJobFiles *self, const GError *error)
{
  LwErrorTexts texts;

  lw_texts_fill_error (lw_session_find_advice (self->session, error)->id, &texts);
  return g_strdup_printf ("%s: %s", texts.title, texts.meaning);
}

static LwResultsInput *
new_input (LwJobFiles *self, GPtrArray *files)
{
  LwResultsInput *input = self->watch != NULL ? lw_job_watch_new_input (self->watch) : NULL;

  if (input == NULL)
    return NULL;
  input->files = g_ptr_array_new_with_free_func ((GDestroyNotify) lw_results_file_free);
  for (guint i = 0; i < files->len; i++)
    g_ptr_array_add (input->files, lw_results_file_copy (g_ptr_array_index (files, i)));
  return input;
}

/* ---- One file ---- */

static const char *
find_language (const char *path)
{
  if (g_str_has_suffix (path, ".py"))
    return "python3";
  if (g_str_has_suffix (path, ".json") || g_str_has_suffix (path, ".ipynb"))
    return "json";
  if (g_str_has_suffix (path, ".yml") || g_str_has_suffix (path, ".yaml"))
    return "yaml";
  return NULL;
}

static void
show_nothing (LwJobFiles *self, const char *why)
{
  g_autofree char *escaped = g_markup_escape_text (why, -1);

  adw_status_page_set_description (self->other, escaped);
  gtk_stack_set_visible_child_name (self->content, "other");
}

static void
show_text (LwJobFiles *self, const LwResultsContent *content)
{
  g_autofree char *shown = g_format_size (LW_RESULTS_MAX_TEXT);
  g_autofree char *total = g_format_size ((guint64) content->total);
  /* Translators: two sizes */
  g_autofree char *cut = g_strdup_printf (_ ("Only the last %s of %s are shown."), shown, total);

  lw_code_view_set_language (self->text, content->is_cut ? NULL : find_language (self->file->path));
  lw_code_view_set_text (self->text, content->text);
  gtk_label_set_label (self->cut_label, cut);
  gtk_widget_set_visible (GTK_WIDGET (self->cut_label), content->is_cut);
  gtk_stack_set_visible_child_name (self->content, "text");
}

static void
show_picture (LwJobFiles *self, const LwResultsContent *content)
{
  g_autoptr (GdkTexture) texture = gdk_texture_new_for_pixbuf (content->picture);

  gtk_picture_set_paintable (self->picture, GDK_PAINTABLE (texture));
  /* Translators: alternative text of a picture; its file's name */
  gtk_picture_set_alternative_text (self->picture, self->file->path);
  gtk_stack_set_visible_child_name (self->content, "picture");
}

static void
read_cb (GObject *source, GAsyncResult *res, gpointer user_data)
{
  LwJobFiles *self = LW_JOB_FILES (source);
  g_autoptr (GError) error = NULL;
  LwResultsContent *content = lw_pool_finish (res, read_cb, &error);
  g_autofree char *why = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  gtk_spinner_stop (self->spinner);
  if (content == NULL)
    {
      why = dup_error_text (self, error);
      show_nothing (self, why);
      return;
    }
  if (content->text != NULL)
    show_text (self, content);
  else if (content->picture != NULL)
    show_picture (self, content);
  else
    show_nothing (self, _ ("This file is not a text or picture that can be shown. Save it to open it "
                           "with another program."));
  lw_results_content_free (content);
}

static void
stop_reading (LwJobFiles *self)
{
  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
}

static void
open_file (LwJobFiles *self, const LwResultsFile *file)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new ();
  LwResultsInput *input = NULL;

  stop_reading (self);
  g_clear_pointer (&self->file, lw_results_file_free);
  self->file = lw_results_file_copy (file);
  g_ptr_array_add (files, self->file);
  input = new_input (self, files);
  if (input == NULL)
    return;
  self->reading = g_cancellable_new ();
  gtk_label_set_label (self->file_label, file->path);
  gtk_widget_set_visible (GTK_WIDGET (self->cut_label), FALSE);
  gtk_spinner_start (self->spinner);
  gtk_stack_set_visible_child_name (self->content, "asking");
  lw_pool_run (lw_session_get_pool (self->session), read_cb, lw_results_read_in_pool, input,
               (GDestroyNotify) lw_results_input_free, (GDestroyNotify) lw_results_content_free,
               self, self->reading, read_cb, NULL);
  update (self);
}

static void
close_file (LwJobFiles *self)
{
  stop_reading (self);
  g_clear_pointer (&self->file, lw_results_file_free);
  gtk_picture_set_paintable (self->picture, NULL);
  update (self);
}

static void
back_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  LwJobFiles *self = LW_JOB_FILES (widget);

  close_file (self);
  gtk_widget_child_focus (GTK_WIDGET (self->list), GTK_DIR_TAB_FORWARD);
}

static void
row_activated_cb (LwJobFiles *self, GtkListBoxRow *row)
{
  guint index = (guint) gtk_list_box_row_get_index (row);

  if (self->shown != NULL && index < self->shown->len)
    open_file (self, g_ptr_array_index (self->shown, index));
}

void
lw_job_files_find (LwJobFiles *self)
{
  g_return_if_fail (LW_IS_JOB_FILES (self));

  if (self->file != NULL)
    lw_find_bar_open (self->find_bar);
}

/* ---- Saving ---- */

static void
saved_cb (GObject *source, GAsyncResult *res, gpointer user_data)
{
  LwJobFiles *self = LW_JOB_FILES (source);
  g_autoptr (GError) error = NULL;
  g_autofree LwResultsSaved *saved = lw_pool_finish (res, saved_cb, &error);
  g_autofree char *size = saved != NULL ? g_format_size ((guint64) saved->bytes) : NULL;

  if (self->cancellable == NULL)
    return;
  self->saving = FALSE;
  g_free (self->saved);
  if (saved == NULL)
    self->saved = dup_error_text (self, error);
  else
    /* Translators: a number and a size; each file's length and checksum were compared */
    self->saved = g_strdup_printf (ngettext ("%u file saved and checked, %s",
                                             "%u files saved and checked, %s", saved->n_files),
                                   saved->n_files, size);
  lw_session_notice (self->session, self->saved);
  update (self);
}

static void
save (LwJobFiles *self, GPtrArray *files, LwPoolFunc func, GFile *destination)
{
  LwResultsInput *input = new_input (self, files);

  if (input == NULL || self->saving)
    {
      g_clear_pointer (&input, lw_results_input_free);
      return;
    }
  input->destination = g_object_ref (destination);
  self->saving = TRUE;
  lw_pool_run (lw_session_get_pool (self->session), saved_cb, func, input,
               (GDestroyNotify) lw_results_input_free, g_free, self, self->cancellable, saved_cb,
               NULL);
  update (self);
}

static void
chosen_cb (LwJobFiles *self, int response)
{
  g_autoptr (GtkFileChooserNative) chooser = g_steal_pointer (&self->chooser);
  g_autoptr (GFile) destination = NULL;
  g_autoptr (GPtrArray) one = g_ptr_array_new ();
  gboolean all = gtk_file_chooser_get_action (GTK_FILE_CHOOSER (chooser))
                 == GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER;

  if (response != GTK_RESPONSE_ACCEPT)
    return;
  destination = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  if (destination == NULL || self->shown == NULL)
    return;
  if (all)
    {
      g_autoptr (GFile) folder
          = g_file_get_child (destination, lw_job_watch_get_name (self->watch));

      save (self, self->shown, lw_results_save_all_in_pool, folder);
    }
  else if (self->file != NULL)
    {
      g_ptr_array_add (one, self->file);
      save (self, one, lw_results_save_in_pool, destination);
    }
}

static void
choose (LwJobFiles *self, const char *title, GtkFileChooserAction action)
{
  g_autofree char *name = self->file != NULL ? g_path_get_basename (self->file->path) : NULL;

  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (
      title, GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), action, NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  if (action == GTK_FILE_CHOOSER_ACTION_SAVE)
    gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), name);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
save_action_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  choose (LW_JOB_FILES (widget), _ ("Save File"), GTK_FILE_CHOOSER_ACTION_SAVE);
}

static void
save_all_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  choose (LW_JOB_FILES (widget), _ ("Save All Files"), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER);
}

/* ---- The list ---- */

static GtkWidget *
new_row (const LwResultsFile *file)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", file->path,
                                 "title-lines", 0, "activatable", TRUE, NULL);
  g_autofree char *size = file->size >= 0 ? g_format_size ((guint64) file->size) : NULL;
  GtkWidget *arrow = g_object_new (GTK_TYPE_IMAGE, "icon-name", "go-next-symbolic",
                                   "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  if (size != NULL)
    {
      GtkWidget *label = gtk_label_new (size);

      gtk_widget_add_css_class (label, "dim-label");
      gtk_widget_add_css_class (label, "numeric");
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
    }
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), arrow);
  return row;
}

static void
fill (LwJobFiles *self, GPtrArray *files)
{
  GtkListBoxRow *row;

  if (files == self->shown)
    return;
  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  g_clear_pointer (&self->shown, g_ptr_array_unref);
  self->shown = files != NULL ? g_ptr_array_ref (files) : NULL;
  for (guint i = 0; files != NULL && i < files->len; i++)
    gtk_list_box_append (self->list, new_row (g_ptr_array_index (files, i)));
}

static char *
dup_summary (LwJobFiles *self)
{
  goffset total = 0;
  gboolean complete = TRUE;
  g_autofree char *size = NULL;

  if (self->saving)
    return g_strdup (_ ("Saving…"));
  if (self->saved != NULL)
    return g_strdup (self->saved);
  for (guint i = 0; i < self->shown->len; i++)
    {
      const LwResultsFile *file = g_ptr_array_index (self->shown, i);

      complete = complete && file->size >= 0;
      total += MAX (file->size, 0);
    }
  if (!complete)
    return g_strdup_printf (ngettext ("%u file", "%u files", self->shown->len), self->shown->len);
  size = g_format_size ((guint64) total);
  return g_strdup_printf (ngettext ("%u file, %s", "%u files, %s", self->shown->len),
                          self->shown->len, size);
}

static char *
dup_none (LwJobFiles *self, LwWatchState state, const GError *error)
{
  if (state == LW_WATCH_FAILED)
    return dup_error_text (self, error);
  if (state == LW_WATCH_KNOWN)
    return g_strdup (self->kind == LW_WATCH_CODE ? _ ("The job has no code: 0 files.")
                                                 : _ ("The job has kept nothing yet: 0 files."));
  if (state == LW_WATCH_ASKING)
    return g_strdup (_ ("Asking the workspace…"));
  return g_strdup (_ ("They are known a moment after the job was created."));
}

static void
update (LwJobFiles *self)
{
  LwWatchState state = LW_WATCH_NONE;
  const GError *error = NULL;
  GPtrArray *files
      = self->watch != NULL ? lw_job_watch_get_list (self->watch, self->kind, &state, &error) : NULL;
  gboolean some = files != NULL && files->len > 0;
  g_autofree char *summary = NULL;
  g_autofree char *none = NULL;

  fill (self, files);
  if (some)
    {
      summary = dup_summary (self);
      gtk_label_set_label (self->summary, summary);
    }
  else
    {
      g_autofree char *plain = dup_none (self, state, error);

      none = g_markup_escape_text (plain, -1);
      adw_status_page_set_description (self->none, none);
    }
  gtk_stack_set_visible_child_name (self->stack,
                                    self->file != NULL ? "file" : (some ? "list" : "none"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "files.save", !self->saving);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "files.save-all", some && !self->saving);
}

void
lw_job_files_update (LwJobFiles *self, LwJobWatch *watch)
{
  g_return_if_fail (LW_IS_JOB_FILES (self));

  if (watch != self->watch)
    {
      stop_reading (self);
      g_clear_pointer (&self->file, lw_results_file_free);
      g_clear_pointer (&self->saved, g_free);
      g_set_object (&self->watch, watch);
    }
  if (watch != NULL && gtk_widget_get_mapped (GTK_WIDGET (self)))
    lw_job_watch_load (watch, self->kind);
  update (self);
}

void
lw_job_files_setup (LwJobFiles *self, LwSession *session, LwWatchList list)
{
  g_return_if_fail (LW_IS_JOB_FILES (self));

  self->session = g_object_ref (session);
  self->kind = list;
}

/* ---- Widget ---- */

static void
lw_job_files_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (lw_job_files_parent_class)->map (widget);
  lw_job_files_update (LW_JOB_FILES (widget), LW_JOB_FILES (widget)->watch);
}

static void
lw_job_files_dispose (GObject *object)
{
  LwJobFiles *self = LW_JOB_FILES (object);

  stop_reading (self);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->chooser);
  g_clear_object (&self->watch);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (lw_job_files_parent_class)->dispose (object);
}

static void
lw_job_files_finalize (GObject *object)
{
  LwJobFiles *self = LW_JOB_FILES (object);

  g_clear_pointer (&self->shown, g_ptr_array_unref);
  g_clear_pointer (&self->file, lw_results_file_free);
  g_free (self->saved);
  G_OBJECT_CLASS (lw_job_files_parent_class)->finalize (object);
}

#define BIND(name) gtk_widget_class_bind_template_child (widget_class, LwJobFiles, name)

static void
lw_job_files_class_init (LwJobFilesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = lw_job_files_dispose;
  object_class->finalize = lw_job_files_finalize;
  widget_class->map = lw_job_files_map;
  g_type_ensure (LW_TYPE_CODE_VIEW);
  g_type_ensure (LW_TYPE_FIND_BAR);
  gtk_widget_class_set_template_from_resource (widget_class, LW_RESOURCE_PATH "lw-job-files.ui");
  BIND (stack);
  BIND (none);
  BIND (summary);
  BIND (list);
  BIND (file_label);
  BIND (find_bar);
  BIND (cut_label);
  BIND (content);
  BIND (spinner);
  BIND (text);
  BIND (picture);
  BIND (other);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_install_action (widget_class, "files.back", NULL, back_cb);
  gtk_widget_class_install_action (widget_class, "files.save", NULL, save_action_cb);
  gtk_widget_class_install_action (widget_class, "files.save-all", NULL, save_all_cb);
}

static void
lw_job_files_init (LwJobFiles *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  lw_find_bar_set_view (self->find_bar, GTK_TEXT_VIEW (self->text));
}

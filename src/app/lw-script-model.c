/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The model of step 3: files, conversion, scripts and the stage of the lesson. One copy or conversion
 * at a time runs on the pool. Main thread. Belongs to the session, which outlives it and to which it
 * keeps no reference. */

#include "lw-script-model.h"

#include <math.h>

#include "lw-script-edit.h"
#include "lw-script-work.h"

/* A script is read anew for its arguments so long after the last key. */
#define READ_DELAY_MS 300

typedef enum
{
  PENDING_NONE,
  PENDING_RUN,
  PENDING_RUN_BARE,
} Pending;

struct _LwScriptModel
{
  GObject parent_instance;

  LwSession *session;            /* borrowed, outlives the model */
  GCancellable *working;         /* owned, nullable: of the copy or conversion under way */
  GError *error;                 /* owned, nullable: of the last one */
  LwScriptRunner *runner;        /* owned */

  char *folder;                  /* owned, nullable until opened */
  LwRecord *record;              /* owned, nullable: the attempt the folder was kept in */
  LwScriptMaterial *material;    /* owned, nullable */
  gboolean read;
  gboolean converted;
  LwScriptDocument *documents[LW_N_SCRIPT_FILES];

  LwScriptCommand *command;
  guint read_source;             /* timeout to read the arguments */
  gboolean broken;               /* the script lacks the break line */

  Pending pending;               /* a run that waits for the script to be saved */
  gboolean did_bare;
  gboolean did_break;
  gboolean did_broken;
  gboolean did_pass;
};

G_DEFINE_FINAL_TYPE (LwScriptModel, lw_script_model, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_SESSION,
  N_PROPS,
};
static GParamSpec *props[N_PROPS];

enum
{
  CHANGED,
  CONFLICT,
  N_SIGNALS,
};
static guint signals[N_SIGNALS];

static void
emit_changed (LwScriptModel *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static LwLab *
get_lab (LwScriptModel *self)
{
  return lw_session_get_lab (self->session);
}

static char *
dup_path (LwScriptModel *self, const char *path)
{
  return path != NULL ? g_build_filename (self->folder, path, NULL) : NULL;
}

/* ---- Copies and conversions ---- */

static void
begin (LwScriptModel *self)
{
  g_assert (self->working == NULL);

  self->working = g_cancellable_new ();
  g_clear_error (&self->error);
  lw_session_set_failed (self->session, LW_STEP_SCRIPT, FALSE);
  lw_session_set_running (self->session, LW_STEP_SCRIPT, TRUE);
}

/* @error: (transfer full) (nullable) */
static void
end (LwScriptModel *self, GError *error)
{
  g_clear_object (&self->working);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_clear_error (&error);
  self->error = error;
  lw_session_set_running (self->session, LW_STEP_SCRIPT, FALSE);
  lw_session_set_failed (self->session, LW_STEP_SCRIPT, error != NULL);
  emit_changed (self);
}

/* ---- Scripts ---- */

static void
read_script (LwScriptModel *self)
{
  LwScriptDocument *document = self->documents[LW_SCRIPT_FILE_FINAL];
  g_autofree char *text = lw_script_document_dup_text (document);
  LwLab *lab = get_lab (self);

  lw_script_command_read (self->command, text);
  self->broken = lab != NULL && lw_script_document_is_loaded (document)
                 && self->material != NULL
                 && lw_script_edit_has_line (self->material->original,
                                             lw_lab_get_break_line (lab))
                 && !lw_script_edit_has_line (text, lw_lab_get_break_line (lab));
  emit_changed (self);
}

static gboolean
read_script_cb (gpointer user_data)
{
  LwScriptModel *self = user_data;

  self->read_source = 0;
  read_script (self);
  return G_SOURCE_REMOVE;
}

static void
edited_cb (LwScriptModel *self)
{
  if (self->read_source == 0)
    self->read_source = g_timeout_add (READ_DELAY_MS, read_script_cb, self);
}

static void run_now (LwScriptModel *self, gboolean bare);

static void
saved_cb (LwScriptModel *self, gboolean success)
{
  Pending pending = self->pending;

  self->pending = PENDING_NONE;
  if (success && pending != PENDING_NONE)
    run_now (self, pending == PENDING_RUN_BARE);
}

LwScriptDocument *
lw_script_model_get_document (LwScriptModel *self, LwScriptFile file)
{
  g_return_val_if_fail (LW_IS_SCRIPT_MODEL (self), NULL);
  g_return_val_if_fail ((guint) file < LW_N_SCRIPT_FILES, NULL);

  return self->documents[file];
}

gboolean
lw_script_model_is_broken (LwScriptModel *self)
{
  g_return_val_if_fail (LW_IS_SCRIPT_MODEL (self), FALSE);

  return self->broken;
}

gboolean
lw_script_model_can_break (LwScriptModel *self)
{
  g_return_val_if_fail (LW_IS_SCRIPT_MODEL (self), FALSE);

  return lw_script_document_is_loaded (self->documents[LW_SCRIPT_FILE_FINAL])
         && self->material != NULL && !self->broken
         && lw_script_edit_has_line (self->material->original,
                                     lw_lab_get_break_line (get_lab (self)));
}

/* Returns: the first line in which @a and @b differ, from 1 */
static guint
find_difference (const char *a, const char *b)
{
  guint line = 1;

  while (*a != '\0' && *a == *b)
    {
      line += *a == '\n';
      a++;
      b++;
    }
  return line;
}

/* @text: (transfer full) (nullable). Returns: the line that changed, or 0 */
static guint
change_script (LwScriptModel *self, const char *before, char *text)
{
  LwScriptDocument *document = self->documents[LW_SCRIPT_FILE_FINAL];
  guint line;

  if (text == NULL)
    return 0;
  line = find_difference (before, text);
  lw_script_document_set_text (document, text);
  g_free (text);
  g_clear_handle_id (&self->read_source, g_source_remove);
  read_script (self);
  lw_script_document_save (document);
  return line;
}

guint
lw_script_model_break (LwScriptModel *self)
{
  g_autofree char *text = NULL;

  g_return_val_if_fail (LW_IS_SCRIPT_MODEL (self), 0);

  if (!lw_script_model_can_break (self))
    return 0;
  self->did_break = TRUE;
  text = lw_script_document_dup_text (self->documents[LW_SCRIPT_FILE_FINAL]);
  return change_script (self, text,
                        lw_script_edit_remove_line (text, lw_lab_get_break_line (get_lab (self))));
}

guint
lw_script_model_mend (LwScriptModel *self)
{
  g_autofree char *text = NULL;

  g_return_val_if_fail (LW_IS_SCRIPT_MODEL (self), 0);

  if (!self->broken)
    return 0;
  text = lw_script_document_dup_text (self->documents[LW_SCRIPT_FILE_FINAL]);
  return change_script (self, text,
                        lw_script_edit_restore_line (text, self->material->original,
                                                     lw_lab_get_break_line (get_lab (self))));
}

/* ---- Material ---- */

static void
open_documents (LwScriptModel *self)
{
  LwLab *lab = get_lab (self);
  g_autofree char *flat = dup_path (self, lw_lab_get_flat_script (lab));
  g_autofree char *final = dup_path (self, lw_lab_get_script (lab));

  lw_script_document_set_path (self->documents[LW_SCRIPT_FILE_FLAT], flat);
  lw_script_document_set_path (self->documents[LW_SCRIPT_FILE_FINAL], final);
}

static void
material_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  LwScriptModel *self = LW_SCRIPT_MODEL (source);
  GError *error = NULL;
  LwScriptMaterial *material = lw_pool_finish (result, lw_script_model_open, &error);

  if (self->working == NULL)
    {
      g_clear_error (&error);
      return;
    }
  if (material != NULL)
    {
      g_clear_pointer (&self->material, lw_script_material_free);
      self->material = material;
      self->converted = material->converted;
      open_documents (self);
      read_script (self);
    }
  lw_session_record_changed (self->session);
  end (self, error);
}

/* A new attempt goes through the step from the beginning, in the folder that is there. */
static void
begin_attempt (LwScriptModel *self, LwRecord *record)
{
  g_clear_pointer (&self->record, lw_record_unref);
  self->record = lw_record_ref (record);
  self->read = FALSE;
  self->did_bare = FALSE;
  self->did_break = FALSE;
  self->did_broken = FALSE;
  self->did_pass = FALSE;
}

/* The folder of this attempt, or a new one named by the lab. */
static void
ensure_folder (LwScriptModel *self)
{
  LwRecord *record = lw_session_get_record (self->session);
  g_autofree char *parent = lw_lab_files_dup_default_folder ();

  if (record == NULL)
    record = lw_session_start_attempt (self->session);
  if (record != self->record)
    begin_attempt (self, record);
  if (self->folder == NULL)
    self->folder = lw_record_dup (record, LW_RECORD_FOLDER);
  if (self->folder == NULL)
    self->folder = g_build_filename (parent, lw_lab_get_id (get_lab (self)), NULL);
}

static void
get_material (LwScriptModel *self, const char *replace)
{
  LwScriptMaterialInput *input;

  if (self->working != NULL)
    return;
  ensure_folder (self);
  begin (self);
  input = g_new0 (LwScriptMaterialInput, 1);
  input->lab = lw_lab_ref (get_lab (self));
  input->record = lw_record_ref (lw_session_get_record (self->session));
  input->lab_folder = g_strdup (lw_session_get_lab_folder (self->session));
  input->folder = g_strdup (self->folder);
  if (replace != NULL)
    input->replace = g_strdupv ((char *[]){ (char *) replace, NULL });
  lw_pool_run (lw_session_get_pool (self->session), lw_script_model_open,
               lw_script_get_material_in_pool, input,
               (GDestroyNotify) lw_script_material_input_free,
               (GDestroyNotify) lw_script_material_free, self, self->working, material_cb, NULL);
  emit_changed (self);
}

void
lw_script_model_open (LwScriptModel *self)
{
  g_return_if_fail (LW_IS_SCRIPT_MODEL (self));

  if (self->material == NULL || lw_session_get_record (self->session) != self->record)
    lw_script_model_look (self);
}

void
lw_script_model_look (LwScriptModel *self)
{
  g_return_if_fail (LW_IS_SCRIPT_MODEL (self));

  get_material (self, NULL);
  lw_script_model_find_pythons (self);
}

const char *
lw_script_model_get_folder (LwScriptModel *self)
{
  g_return_val_if_fail (LW_IS_SCRIPT_MODEL (self), NULL);

  return self->folder;
}

void
lw_script_model_set_folder (LwScriptModel *self, const char *folder)
{
  g_return_if_fail (LW_IS_SCRIPT_MODEL (self));
  g_return_if_fail (folder != NULL);

  if (lw_script_model_is_working (self) || g_strcmp0 (folder, self->folder) == 0)
    return;
  g_free (self->folder);
  self->folder = g_strdup (folder);
  lw_script_model_look (self);
}

GPtrArray *
lw_script_model_get_files (LwScriptModel *self)
{
  g_return_val_if_fail (LW_IS_SCRIPT_MODEL (self), NULL);

  return self->material != NULL ? self->material->files : NULL;
}

void
lw_script_model_replace (LwScriptModel *self, const char *path)
{
  g_return_if_fail (LW_IS_SCRIPT_MODEL (self));
  g_return_if_fail (path != NULL);

  if (!lw_script_model_is_working (self))
    get_material (self, path);
}

/* ---- Conversion ---- */

LwNotebook *
lw_script_model_get_notebook (LwScriptModel *self)
{
  g_return_val_if_fail (LW_IS_SCRIPT_MODEL (self), NULL);

  return self->material != NULL ? self->material->notebook : NULL;
}

const GError *
lw_script_model_get_notebook_error (LwScriptModel *self)
{
  g_return_val_if_fail (LW_IS_SCRIPT_MODEL (self), NULL);

  return self->material != NULL ? self->material->notebook_error : NULL;
}

void
lw_script_model_set_read (LwScriptModel *self)
{
  g_return_if_fail (LW_IS_SCRIPT_MODEL (self));

  if (self->read || lw_script_model_get_notebook (self) == NULL)
    return;
  self->read = TRUE;
  emit_changed (self);
}

static void
converted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  LwScriptModel *self = LW_SCRIPT_MODEL (source);
  LwScriptConvertInput *input = lw_pool_get_data (result);
  GError *error = NULL;

  lw_pool_finish (result, lw_script_model_convert, &error);
  if (self->working == NULL)
    {
      g_clear_error (&error);
      return;
    }
  self->converted = error == NULL && !input->conflict;
  if (self->converted)
    lw_script_document_reload (self->documents[LW_SCRIPT_FILE_FLAT]);
  end (self, error);
  if (input->conflict)
    g_signal_emit (self, signals[CONFLICT], 0);
}

void
lw_script_model_convert (LwScriptModel *self, gboolean replace)
{
  LwNotebook *notebook;
  LwScriptConvertInput *input;

  g_return_if_fail (LW_IS_SCRIPT_MODEL (self));

  notebook = lw_script_model_get_notebook (self);
  if (notebook == NULL || self->working != NULL
      || lw_lab_get_flat_script (get_lab (self)) == NULL)
    return;
  self->read = TRUE;
  begin (self);
  input = g_new0 (LwScriptConvertInput, 1);
  input->notebook = lw_notebook_ref (notebook);
  input->path = dup_path (self, lw_lab_get_flat_script (get_lab (self)));
  input->replace = replace;
  lw_pool_run (lw_session_get_pool (self->session), lw_script_model_convert,
               lw_script_convert_in_pool, input, (GDestroyNotify) lw_script_convert_input_free,
               NULL, self, self->working, converted_cb, NULL);
  emit_changed (self);
}

/* ---- Run ---- */

LwScriptRunner *
lw_script_model_get_runner (LwScriptModel *self)
{
  g_return_val_if_fail (LW_IS_SCRIPT_MODEL (self), NULL);

  return self->runner;
}

void
lw_script_model_find_pythons (LwScriptModel *self)
{
  g_return_if_fail (LW_IS_SCRIPT_MODEL (self));

  lw_script_runner_find_pythons (self->runner, self->folder);
}

LwScriptCommand *
lw_script_model_get_command (LwScriptModel *self)
{
  g_return_val_if_fail (LW_IS_SCRIPT_MODEL (self), NULL);

  return self->command;
}

void
lw_script_model_set_value (LwScriptModel *self, const char *name, const char *value)
{
  g_return_if_fail (LW_IS_SCRIPT_MODEL (self));

  if (g_strcmp0 (lw_script_command_get_value (self->command, name), value) == 0)
    return;
  lw_script_command_set_value (self->command, name, value);
  emit_changed (self);
}

static char **
dup_argv (LwScriptModel *self, gboolean bare)
{
  const LwPython *python = lw_script_runner_get_python (self->runner);
  g_autofree char *script = NULL;

  if (python == NULL)
    return NULL;
  script = g_path_get_basename (lw_lab_get_script (get_lab (self)));
  return lw_script_command_dup_argv (self->command, python->path, script, !bare);
}

char *
lw_script_model_dup_line (LwScriptModel *self)
{
  g_auto (GStrv) argv = NULL;

  g_return_val_if_fail (LW_IS_SCRIPT_MODEL (self), NULL);

  argv = dup_argv (self, FALSE);
  return argv != NULL ? lw_script_command_dup_line ((const char *const *) argv) : NULL;
}

static void
run_now (LwScriptModel *self, gboolean bare)
{
  g_auto (GStrv) argv = dup_argv (self, bare);
  g_autofree char *directory = dup_path (self, lw_lab_get_code_folder (get_lab (self)));
  LwScriptCall call = {
    .argv = (const char *const *) argv,
    .directory = directory,
    .folder = self->folder,
    .is_bare = bare,
    .is_broken = self->broken,
  };

  if (argv != NULL)
    lw_script_runner_start (self->runner, &call);
}

/* What the lesson has shown by the run that ended. */
static void
ended_cb (LwScriptModel *self)
{
  LwScriptOutcome outcome = lw_script_runner_get_outcome (self->runner);
  const LwScriptResult *result = lw_script_runner_get_result (self->runner);
  gboolean passed = outcome == LW_SCRIPT_OUTCOME_PASSED;

  if (passed || outcome == LW_SCRIPT_OUTCOME_EXPECTED)
    {
      self->did_bare |= lw_script_runner_was_bare (self->runner);
      self->did_broken |= lw_script_runner_was_broken (self->runner);
    }
  self->did_pass |= passed && !isnan (result->accuracy);
}

gboolean
lw_script_model_can_run (LwScriptModel *self)
{
  g_return_val_if_fail (LW_IS_SCRIPT_MODEL (self), FALSE);

  return !lw_script_model_is_working (self) && lw_script_runner_get_python (self->runner) != NULL
         && lw_script_document_is_loaded (self->documents[LW_SCRIPT_FILE_FINAL]);
}

void
lw_script_model_run (LwScriptModel *self, gboolean with_arguments)
{
  LwScriptDocument *document;

  g_return_if_fail (LW_IS_SCRIPT_MODEL (self));

  if (!lw_script_model_can_run (self))
    return;
  if (self->read_source != 0)
    {
      g_clear_handle_id (&self->read_source, g_source_remove);
      read_script (self);
    }
  document = self->documents[LW_SCRIPT_FILE_FINAL];
  if (!lw_script_document_is_modified (document))
    {
      run_now (self, !with_arguments);
      return;
    }
  self->pending = with_arguments ? PENDING_RUN : PENDING_RUN_BARE;
  lw_script_document_save (document);
}

void
lw_script_model_stop (LwScriptModel *self)
{
  g_return_if_fail (LW_IS_SCRIPT_MODEL (self));

  self->pending = PENDING_NONE;
  lw_script_runner_stop (self->runner);
  if (self->working != NULL)
    g_cancellable_cancel (self->working);
}

/* ---- State ---- */

static gboolean
has_passed (LwScriptModel *self)
{
  LwRecord *record = lw_session_get_record (self->session);
  g_autofree char *accuracy
    = record != NULL ? lw_record_dup (record, LW_RECORD_LOCAL_ACCURACY) : NULL;

  return self->did_pass || accuracy != NULL;
}

/* A script that is broken now has to be mended, whatever was done before. */
LwScriptStage
lw_script_model_get_stage (LwScriptModel *self)
{
  g_return_val_if_fail (LW_IS_SCRIPT_MODEL (self), LW_SCRIPT_COPY);

  if (self->material == NULL)
    return LW_SCRIPT_COPY;
  if (self->broken)
    return self->did_broken || has_passed (self) ? LW_SCRIPT_MEND : LW_SCRIPT_RUN_BROKEN;
  if (has_passed (self))
    return LW_SCRIPT_DONE;
  if (self->material->notebook != NULL && !self->converted)
    return self->read ? LW_SCRIPT_CONVERT : LW_SCRIPT_READ;
  if (!self->did_bare)
    return LW_SCRIPT_RUN_BARE;
  if (!self->did_break && lw_script_model_can_break (self))
    return LW_SCRIPT_BREAK;
  return LW_SCRIPT_RUN;
}

gboolean
lw_script_model_is_working (LwScriptModel *self)
{
  g_return_val_if_fail (LW_IS_SCRIPT_MODEL (self), FALSE);

  return self->working != NULL || lw_script_runner_is_running (self->runner)
         || self->pending != PENDING_NONE;
}

const GError *
lw_script_model_get_error (LwScriptModel *self)
{
  g_return_val_if_fail (LW_IS_SCRIPT_MODEL (self), NULL);

  if (self->error != NULL)
    return self->error;
  if (lw_script_runner_get_error (self->runner) != NULL)
    return lw_script_runner_get_error (self->runner);
  for (guint i = 0; i < LW_N_SCRIPT_FILES; i++)
    if (lw_script_document_get_error (self->documents[i]) != NULL)
      return lw_script_document_get_error (self->documents[i]);
  return NULL;
}

/* ---- Object ---- */

static void
lw_script_model_set_property (GObject *object, guint prop_id, const GValue *value,
                              GParamSpec *pspec)
{
  LwScriptModel *self = LW_SCRIPT_MODEL (object);

  if (prop_id == PROP_SESSION)
    self->session = g_value_get_object (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
lw_script_model_constructed (GObject *object)
{
  LwScriptModel *self = LW_SCRIPT_MODEL (object);
  const char *const *arguments = lw_lab_get_arguments (get_lab (self));

  G_OBJECT_CLASS (lw_script_model_parent_class)->constructed (object);
  self->runner = lw_script_runner_new (self->session);
  g_signal_connect_object (self->runner, "ended", G_CALLBACK (ended_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->runner, "changed", G_CALLBACK (emit_changed), self,
                           G_CONNECT_SWAPPED);
  for (gsize i = 0; arguments[i] != NULL; i += 2)
    lw_script_command_set_value (self->command, arguments[i], arguments[i + 1]);
  for (guint i = 0; i < LW_N_SCRIPT_FILES; i++)
    {
      self->documents[i] = lw_script_document_new (lw_session_get_pool (self->session));
      g_signal_connect_object (self->documents[i], "changed", G_CALLBACK (read_script), self,
                               G_CONNECT_SWAPPED);
    }
  g_signal_connect_object (
    lw_script_document_get_buffer (self->documents[LW_SCRIPT_FILE_FINAL]), "changed",
    G_CALLBACK (edited_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->documents[LW_SCRIPT_FILE_FINAL], "saved", G_CALLBACK (saved_cb),
                           self, G_CONNECT_SWAPPED);
}

static void
lw_script_model_dispose (GObject *object)
{
  LwScriptModel *self = LW_SCRIPT_MODEL (object);

  if (self->working != NULL)
    g_cancellable_cancel (self->working);
  g_clear_object (&self->working);
  if (self->runner != NULL)
    g_object_run_dispose (G_OBJECT (self->runner));
  g_clear_handle_id (&self->read_source, g_source_remove);
  self->pending = PENDING_NONE;
  G_OBJECT_CLASS (lw_script_model_parent_class)->dispose (object);
}

static void
lw_script_model_finalize (GObject *object)
{
  LwScriptModel *self = LW_SCRIPT_MODEL (object);

  for (guint i = 0; i < LW_N_SCRIPT_FILES; i++)
    g_clear_object (&self->documents[i]);
  g_clear_error (&self->error);
  g_clear_pointer (&self->material, lw_script_material_free);
  g_clear_pointer (&self->record, lw_record_unref);
  g_clear_pointer (&self->command, lw_script_command_free);
  g_clear_object (&self->runner);
  g_free (self->folder);
  G_OBJECT_CLASS (lw_script_model_parent_class)->finalize (object);
}

static void
lw_script_model_class_init (LwScriptModelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = lw_script_model_set_property;
  object_class->constructed = lw_script_model_constructed;
  object_class->dispose = lw_script_model_dispose;
  object_class->finalize = lw_script_model_finalize;
  props[PROP_SESSION]
      = g_param_spec_object ("session", NULL, NULL, LW_TYPE_SESSION,
                             G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[CHANGED] = g_signal_new ("changed", LW_TYPE_SCRIPT_MODEL, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[CONFLICT] = g_signal_new ("conflict", LW_TYPE_SCRIPT_MODEL, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 0);
}

static void
lw_script_model_init (LwScriptModel *self)
{
  self->command = lw_script_command_new ();
}

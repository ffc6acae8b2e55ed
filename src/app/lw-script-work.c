/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Step 3 on a worker of the pool: the lab's files, conversion, Pythons, runs. Blocking; touches no
 * widget. */

#include "lw-script-work.h"

#include <math.h>
#include <string.h>

#include "lw-convert.h"
#include "lw-error.h"
#include "lw-text-filter.h"

/* ---- Material ---- */

void
lw_script_material_input_free (LwScriptMaterialInput *self)
{
  g_clear_pointer (&self->lab, lw_lab_unref);
  g_clear_pointer (&self->record, lw_record_unref);
  g_free (self->lab_folder);
  g_free (self->folder);
  g_strfreev (self->replace);
  g_free (self);
}

void
lw_script_material_free (LwScriptMaterial *self)
{
  g_clear_pointer (&self->files, g_ptr_array_unref);
  g_clear_pointer (&self->notebook, lw_notebook_unref);
  g_clear_error (&self->notebook_error);
  g_free (self->original);
  g_free (self);
}

/* Returns: @path below the code folder, or NULL when it lies elsewhere */
static const char *
strip_code_folder (LwLab *lab, const char *path)
{
  const char *code_folder = lw_lab_get_code_folder (lab);
  gsize length = strlen (code_folder);

  if (path == NULL || !g_str_has_prefix (path, code_folder) || path[length] != '/')
    return NULL;
  return path + length + 1;
}

static gboolean
is_needed (LwLab *lab, const char *path)
{
  return g_strcmp0 (path, lw_lab_get_script (lab)) == 0
         || g_strcmp0 (path, lw_lab_get_data (lab)) == 0
         || g_strcmp0 (path, lw_lab_get_notebook (lab)) == 0;
}

/* What is copied: the code folder's files, but for the script that the person makes from the
 * notebook. Another copy of the lab need not have what is not needed. */
static char **
dup_paths (LwLab *lab, const char *source)
{
  const char *const *all = lw_lab_get_paths (lab);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (gsize i = 0; all[i] != NULL; i++)
    {
      const char *path = strip_code_folder (lab, all[i]);
      gboolean made = lw_lab_get_notebook (lab) != NULL
                      && g_strcmp0 (all[i], lw_lab_get_flat_script (lab)) == 0;
      g_autofree char *full = path != NULL ? g_build_filename (source, path, NULL) : NULL;

      if (path != NULL && !made
          && (is_needed (lab, all[i]) || g_file_test (full, G_FILE_TEST_EXISTS)))
        g_strv_builder_add (builder, path);
    }
  return g_strv_builder_end (builder);
}

static char *
dup_source (const LwScriptMaterialInput *input)
{
  g_autofree char *lab_folder = g_file_get_path (lw_lab_get_folder (input->lab));

  return input->lab_folder != NULL
           ? g_strdup (input->lab_folder)
           : g_build_filename (lab_folder, lw_lab_get_code_folder (input->lab), NULL);
}

static gboolean
keep_folder (const LwScriptMaterialInput *input, GError **error)
{
  g_autofree char *kept = lw_record_dup (input->record, LW_RECORD_FOLDER);

  return g_strcmp0 (kept, input->folder) == 0
         || lw_record_set (input->record, error, LW_RECORD_FOLDER, input->folder, NULL);
}

/* A notebook that cannot be read stops neither the script nor its test. */
static void
read_notebook (const LwScriptMaterialInput *input, LwScriptMaterial *material,
               GCancellable *cancellable)
{
  g_autofree char *path = NULL;
  g_autofree char *flat = NULL;
  g_autofree char *text = NULL;
  g_autofree char *on_disk = NULL;

  if (lw_lab_get_notebook (input->lab) == NULL)
    return;
  path = g_build_filename (input->folder, lw_lab_get_notebook (input->lab), NULL);
  material->notebook = lw_notebook_load (path, cancellable, &material->notebook_error);
  if (material->notebook == NULL || lw_lab_get_flat_script (input->lab) == NULL)
    return;
  flat = g_build_filename (input->folder, lw_lab_get_flat_script (input->lab), NULL);
  on_disk = lw_lab_files_read (flat, NULL);
  text = lw_convert_notebook (material->notebook);
  material->converted = g_strcmp0 (on_disk, text) == 0;
}

gpointer
lw_script_get_material_in_pool (gpointer data, GCancellable *cancellable, GError **error)
{
  LwScriptMaterialInput *input = data;
  g_autoptr (LwScriptMaterial) material = g_new0 (LwScriptMaterial, 1);
  g_autofree char *source = dup_source (input);
  g_autofree char *target
    = g_build_filename (input->folder, lw_lab_get_code_folder (input->lab), NULL);
  g_auto (GStrv) paths = dup_paths (input->lab, source);
  g_autofree char *script = NULL;

  material->files = lw_lab_files_copy (source, target, (const char *const *) paths,
                                       (const char *const *) input->replace, cancellable, error);
  if (material->files == NULL || !keep_folder (input, error))
    return NULL;
  script
    = g_build_filename (source, strip_code_folder (input->lab, lw_lab_get_script (input->lab)),
                        NULL);
  material->original = lw_lab_files_read (script, error);
  if (material->original == NULL)
    return NULL;
  read_notebook (input, material, cancellable);
  return g_steal_pointer (&material);
}

/* ---- Conversion ---- */

void
lw_script_convert_input_free (LwScriptConvertInput *self)
{
  g_clear_pointer (&self->notebook, lw_notebook_unref);
  g_free (self->path);
  g_free (self);
}

gpointer
lw_script_convert_in_pool (gpointer data, GCancellable *cancellable, GError **error)
{
  LwScriptConvertInput *input = data;
  g_autofree char *text = lw_convert_notebook (input->notebook);
  g_autoptr (GError) read_error = NULL;
  g_autofree char *on_disk = lw_lab_files_read (input->path, &read_error);
  gboolean absent = g_error_matches (read_error, LW_ERROR, LW_ERROR_NOT_FOUND);

  if (on_disk != NULL && strcmp (on_disk, text) == 0)
    return NULL;
  if (!absent && !input->replace)
    input->conflict = TRUE;
  else
    lw_lab_files_save (input->path, text, error);
  return NULL;
}

/* ---- Pythons ---- */

void
lw_script_python_input_free (LwScriptPythonInput *self)
{
  g_clear_pointer (&self->clock, lw_clock_unref);
  g_free (self->folder);
  g_free (self->first);
  g_strfreev (self->modules);
  g_free (self);
}

gpointer
lw_script_find_python_in_pool (gpointer data, GCancellable *cancellable, GError **error)
{
  LwScriptPythonInput *input = data;
  LwPythonPlaces places = { .folder = input->folder, .first = input->first };

  return lw_python_find (&places, (const char *const *) input->modules, input->clock, cancellable,
                         error);
}

/* ---- Run ---- */

void
lw_script_run_input_free (LwScriptRunInput *self)
{
  g_clear_pointer (&self->clock, lw_clock_unref);
  g_clear_pointer (&self->record, lw_record_unref);
  g_clear_pointer (&self->mailbox, lw_mailbox_unref);
  g_strfreev (self->argv);
  g_free (self->directory);
  g_free (self->folder);
  g_free (self);
}

void
lw_script_ran_free (LwScriptRan *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->run, lw_script_run_result_free);
  g_clear_pointer (&self->result, lw_script_result_free);
  g_clear_error (&self->record_error);
  g_free (self);
}

typedef struct
{
  LwMailbox *mailbox;
  LwTextFilter *filters[2]; /* by LwScriptStream */
} Printer;

/* On the worker, as soon as there is output. */
static void
printed_cb (LwScriptStream stream, const char *data, gsize length, gpointer user_data)
{
  Printer *printer = user_data;

  lw_mailbox_post (printer->mailbox,
                   lw_text_filter_push (printer->filters[stream], data, length));
}

/* Returns: (transfer full): the end of @output, from the beginning of a line */
static char *
dup_end (const char *output)
{
  g_autofree char *safe = lw_text_filter_once (output, strlen (output));
  gsize length = strlen (safe);
  const char *start = safe;
  const char *line;

  if (length > LW_SCRIPT_MAX_KEPT_OUTPUT)
    {
      start = safe + length - LW_SCRIPT_MAX_KEPT_OUTPUT;
      line = strchr (start, '\n');
      start = line != NULL ? line + 1 : g_utf8_find_next_char (start, NULL);
    }
  return g_strdup (start);
}

/* Figures are only kept of a run that ended well: they stand for the script as it is tested. */
static gboolean
keep_figures (const LwScriptRunInput *input, const LwScriptRan *ran, GError **error)
{
  char accuracy[G_ASCII_DTOSTR_BUF_SIZE];
  char auc[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *output = NULL;

  if (ran->run->end != LW_SCRIPT_RUN_EXITED || ran->run->exit_status != 0
      || isnan (ran->result->accuracy))
    return TRUE;
  output = dup_end (ran->run->output);
  g_ascii_dtostr (accuracy, sizeof accuracy, ran->result->accuracy);
  g_ascii_dtostr (auc, sizeof auc, ran->result->auc);
  return lw_record_set (input->record, error, LW_RECORD_LOCAL_OUTPUT, output,
                        LW_RECORD_LOCAL_ACCURACY, accuracy, LW_RECORD_LOCAL_AUC,
                        isnan (ran->result->auc) ? NULL : auc, LW_RECORD_FOLDER, input->folder,
                        LW_RECORD_PYTHON, input->argv[0], NULL);
}

gpointer
lw_script_run_in_pool (gpointer data, GCancellable *cancellable, GError **error)
{
  LwScriptRunInput *input = data;
  g_autoptr (LwTextFilter) out = lw_text_filter_new ();
  g_autoptr (LwTextFilter) err = lw_text_filter_new ();
  Printer printer = { input->mailbox, { [LW_SCRIPT_STDOUT] = out, [LW_SCRIPT_STDERR] = err } };
  LwScriptRunOptions options = {
    .argv = (const char *const *) input->argv,
    .directory = input->directory,
    .func = printed_cb,
    .user_data = &printer,
  };
  g_autoptr (LwScriptRan) ran = g_new0 (LwScriptRan, 1);

  ran->run = lw_script_run (&options, input->clock, cancellable, error);
  lw_mailbox_post (input->mailbox, lw_text_filter_end (out));
  lw_mailbox_post (input->mailbox, lw_text_filter_end (err));
  if (ran->run == NULL)
    return NULL;
  ran->result = lw_script_result_read (ran->run->output);
  keep_figures (input, ran, &ran->record_error);
  return g_steal_pointer (&ran);
}

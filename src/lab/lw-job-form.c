/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is asked of a job before it is sent. Plain values; blocks only in lw_job_form_save(). */

#include "lw-job-form.h"

#include <string.h>

static const char *const keys[LW_N_JOB_FIELDS] = {
  [LW_JOB_FIELD_COMMAND] = LW_RECORD_JOB_COMMAND,
  [LW_JOB_FIELD_FOLDER] = LW_RECORD_JOB_FOLDER,
  [LW_JOB_FIELD_ENVIRONMENT] = LW_RECORD_JOB_ENVIRONMENT,
  [LW_JOB_FIELD_COMPUTE] = LW_RECORD_JOB_COMPUTE,
  [LW_JOB_FIELD_DISPLAY_NAME] = LW_RECORD_JOB_DISPLAY_NAME,
  [LW_JOB_FIELD_EXPERIMENT] = LW_RECORD_JOB_EXPERIMENT,
};

/* ---- Values ---- */

/* The code in the person's work folder, the folder itself, else the lab's own material. */
static char *
dup_folder (LwLab *lab, LwRecord *record)
{
  g_autofree char *work = record != NULL ? lw_record_dup (record, LW_RECORD_FOLDER) : NULL;
  const char *below = lw_lab_get_code_folder (lab);

  if (work != NULL)
    {
      g_autofree char *code = g_build_filename (work, below, NULL);

      if (g_file_test (code, G_FILE_TEST_IS_DIR))
        return g_steal_pointer (&code);
      if (g_file_test (work, G_FILE_TEST_IS_DIR))
        return g_steal_pointer (&work);
    }
  return g_build_filename (g_file_peek_path (lw_lab_get_folder (lab)), below, NULL);
}

static char *
dup_default (LwLab *lab, LwRecord *record, LwJobField field)
{
  switch (field)
    {
    case LW_JOB_FIELD_COMMAND:
      return g_strdup (lw_lab_get_command (lab));
    case LW_JOB_FIELD_FOLDER:
      return dup_folder (lab, record);
    case LW_JOB_FIELD_ENVIRONMENT:
      return g_strdup (lw_lab_get_environments (lab)[0]);
    case LW_JOB_FIELD_COMPUTE:
      return record != NULL ? lw_record_dup (record, LW_RECORD_CLUSTER) : NULL;
    case LW_JOB_FIELD_DISPLAY_NAME:
      return g_strdup (lw_lab_get_display_name (lab));
    case LW_JOB_FIELD_EXPERIMENT:
      return g_strdup (lw_lab_get_experiment (lab));
    default:
      g_return_val_if_reached (NULL);
    }
}

LwJobForm *
lw_job_form_new (LwLab *lab, LwRecord *record)
{
  LwJobForm *self = g_new0 (LwJobForm, 1);

  g_return_val_if_fail (lab != NULL, NULL);

  for (guint field = 0; field < LW_N_JOB_FIELDS; field++)
    {
      if (record != NULL)
        self->values[field] = lw_record_dup (record, keys[field]);
      if (self->values[field] == NULL)
        self->values[field] = dup_default (lab, record, (LwJobField) field);
      if (self->values[field] == NULL)
        self->values[field] = g_strdup ("");
    }
  return self;
}

LwJobForm *
lw_job_form_copy (const LwJobForm *self)
{
  LwJobForm *copy = g_new0 (LwJobForm, 1);

  for (guint field = 0; field < LW_N_JOB_FIELDS; field++)
    copy->values[field] = g_strdup (self->values[field]);
  return copy;
}

void
lw_job_form_free (LwJobForm *self)
{
  if (self == NULL)
    return;
  for (guint field = 0; field < LW_N_JOB_FIELDS; field++)
    g_free (self->values[field]);
  g_free (self);
}

void
lw_job_form_set (LwJobForm *self, LwJobField field, const char *value)
{
  g_return_if_fail (self != NULL && value != NULL);
  g_return_if_fail ((guint) field < LW_N_JOB_FIELDS);

  g_free (self->values[field]);
  self->values[field] = g_strdup (value);
}

/* ---- Checks ---- */

/* Letters, digits, "_" and "-", the first a letter or digit, as names of experiments are. */
static gboolean
is_name (const char *text)
{
  return g_ascii_isalnum (*text)
         && text[strspn (text, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_-")] == '\0';
}

/* "azureml:NAME:VERSION", "azureml:NAME@LABEL" or a registry's URI. */
static gboolean
is_environment (const char *text)
{
  const char *name, *end;

  if (g_str_has_prefix (text, "azureml://registries/"))
    return strpbrk (text, " \t\n") == NULL;
  if (!g_str_has_prefix (text, "azureml:"))
    return FALSE;
  name = text + strlen ("azureml:");
  end = strpbrk (name, ":@");
  return end != NULL && end != name && end[1] != '\0' && strpbrk (name, " /\t\n") == NULL
         && strpbrk (end + 1, ":@") == NULL;
}

static gboolean
is_blank (const char *text)
{
  while (g_ascii_isspace (*text))
    text++;
  return *text == '\0';
}

LwJobProblem
lw_job_form_check (const LwJobForm *self, LwJobField field)
{
  const char *value;

  g_return_val_if_fail (self != NULL, LW_JOB_PROBLEM_EMPTY);
  g_return_val_if_fail ((guint) field < LW_N_JOB_FIELDS, LW_JOB_PROBLEM_EMPTY);

  value = self->values[field];
  if (is_blank (value))
    return LW_JOB_PROBLEM_EMPTY;
  switch (field)
    {
    case LW_JOB_FIELD_ENVIRONMENT:
      return is_environment (value) ? LW_JOB_PROBLEM_NONE : LW_JOB_PROBLEM_FORM;
    case LW_JOB_FIELD_COMPUTE:
      return is_name (value) ? LW_JOB_PROBLEM_NONE : LW_JOB_PROBLEM_FORM;
    case LW_JOB_FIELD_EXPERIMENT:
      if (strlen (value) > LW_JOB_FORM_MAX_NAME)
        return LW_JOB_PROBLEM_TOO_LONG;
      return is_name (value) ? LW_JOB_PROBLEM_NONE : LW_JOB_PROBLEM_FORM;
    case LW_JOB_FIELD_DISPLAY_NAME:
      return g_utf8_strlen (value, -1) > LW_JOB_FORM_MAX_NAME ? LW_JOB_PROBLEM_TOO_LONG
                                                              : LW_JOB_PROBLEM_NONE;
    case LW_JOB_FIELD_COMMAND:
    case LW_JOB_FIELD_FOLDER:
    default:
      return LW_JOB_PROBLEM_NONE;
    }
}

gboolean
lw_job_form_is_complete (const LwJobForm *self)
{
  for (guint field = 0; field < LW_N_JOB_FIELDS; field++)
    if (lw_job_form_check (self, (LwJobField) field) != LW_JOB_PROBLEM_NONE)
      return FALSE;
  return TRUE;
}

static gboolean
has_file (LwCodeFolder *folder, const char *path)
{
  GPtrArray *files = lw_code_folder_get_files (folder);

  while (g_str_has_prefix (path, "./"))
    path += 2;
  for (guint i = 0; i < files->len; i++)
    {
      const LwCodeFile *file = g_ptr_array_index (files, i);

      if (strcmp (file->path, path) == 0)
        return TRUE;
    }
  return FALSE;
}

char *
lw_job_form_find_missing_file (const LwJobForm *self, LwCodeFolder *folder)
{
  g_auto (GStrv) words = NULL;

  g_return_val_if_fail (self != NULL && folder != NULL, NULL);

  if (!g_shell_parse_argv (self->values[LW_JOB_FIELD_COMMAND], NULL, &words, NULL))
    return NULL;
  for (guint i = 0; words[i] != NULL; i++)
    {
      gboolean named = g_str_has_suffix (words[i], ".py") || g_str_has_suffix (words[i], ".csv");

      if (named && !g_path_is_absolute (words[i]) && strpbrk (words[i], ":=$*{") == NULL
          && !has_file (folder, words[i]))
        return g_strdup (words[i]);
    }
  return NULL;
}

/* ---- Record ---- */

/* The moments first: whoever dies in between finds the old job again and asks the cloud about it. */
gboolean
lw_job_form_save (const LwJobForm *self, LwRecord *record, const char *job, const char *code,
                  gint64 now_us, GError **error)
{
  g_return_val_if_fail (self != NULL && record != NULL, FALSE);
  g_return_val_if_fail (job != NULL && code != NULL, FALSE);

  return lw_record_set_time (record, LW_RECORD_JOB_SUBMITTED, 0, error)
         && lw_record_set_time (record, LW_RECORD_JOB_ENDED, 0, error)
         && lw_record_set_time (record, LW_RECORD_JOB_STARTED, now_us, error)
         && lw_record_add_job (record, job, error)
         && lw_record_set (record, error, LW_RECORD_JOB, job, LW_RECORD_CODE_NAME, code,
                           keys[0], self->values[0], keys[1], self->values[1], keys[2],
                           self->values[2], keys[3], self->values[3], keys[4], self->values[4],
                           keys[5], self->values[5], NULL);
}

char *
lw_job_form_dup_unfinished (LwRecord *record)
{
  g_return_val_if_fail (record != NULL, NULL);

  if (lw_record_get_time (record, LW_RECORD_JOB_SUBMITTED) != 0)
    return NULL;
  return lw_record_dup (record, LW_RECORD_JOB);
}

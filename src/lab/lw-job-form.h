/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-code.h"
#include "lw-record.h"

G_BEGIN_DECLS

/** LwJobField: what a person fills in before a job is sent */
typedef enum
{
  LW_JOB_FIELD_COMMAND,
  LW_JOB_FIELD_FOLDER,
  LW_JOB_FIELD_ENVIRONMENT,
  LW_JOB_FIELD_COMPUTE,
  LW_JOB_FIELD_DISPLAY_NAME,
  LW_JOB_FIELD_EXPERIMENT,
} LwJobField;
#define LW_N_JOB_FIELDS 6

/**
 * LwJobForm: a job as it was asked for; all members owned, never %NULL. Owned by one thread.
 *
 * @values: by #LwJobField: the command, the local folder of the code, "azureml:NAME:VERSION", the
 *   name of a compute, two names
 */
typedef struct
{
  char *values[LW_N_JOB_FIELDS];
} LwJobForm;

/**
 * lw_job_form_new:
 * @record: (nullable): what was asked for before comes first; then the person's work folder, the
 *   recorded cluster, and what the lab says
 */
LwJobForm *lw_job_form_new (LwLab *lab, LwRecord *record);
LwJobForm *lw_job_form_copy (const LwJobForm *self);
void lw_job_form_free (LwJobForm *self);

void lw_job_form_set (LwJobForm *self, LwJobField field, const char *value);

/**
 * LwJobProblem: what is wrong with a value
 * @LW_JOB_PROBLEM_EMPTY: there is none
 * @LW_JOB_PROBLEM_FORM: not of the form that the service takes (Jobs_CreateOrUpdate 2024-04-01)
 * @LW_JOB_PROBLEM_TOO_LONG: longer than it takes
 */
typedef enum
{
  LW_JOB_PROBLEM_NONE,
  LW_JOB_PROBLEM_EMPTY,
  LW_JOB_PROBLEM_FORM,
  LW_JOB_PROBLEM_TOO_LONG,
} LwJobProblem;

/* What the service takes as a name, characters. */
#define LW_JOB_FORM_MAX_NAME 255

/** lw_job_form_check: looks at one value and asks nobody: whether the folder is one is told by
 *   lw_code_folder_new() */
LwJobProblem lw_job_form_check (const LwJobForm *self, LwJobField field);

/** lw_job_form_is_complete: Returns: no field has a problem */
gboolean lw_job_form_is_complete (const LwJobForm *self);

/**
 * lw_job_form_find_missing_file:
 *
 * Looks for words of the command that name a script or a table beside it ("train.py",
 * "diabetes.csv"). A job whose command names a file that is not sent fails on the node, minutes
 * later.
 *
 * Returns: (transfer full) (nullable): the first such word that is no file of @folder
 */
char *lw_job_form_find_missing_file (const LwJobForm *self, LwCodeFolder *folder);

/**
 * lw_job_form_save:
 * @job: name of the job, @code: of its code asset (a UUID)
 *
 * Puts the form and both names into @record, before anything of it is sent. What the record said of
 * an earlier job's submission is forgotten; its name stays in the list of jobs.
 *
 * @now_us: wall clock: LW_RECORD_JOB_STARTED
 */
gboolean lw_job_form_save (const LwJobForm *self, LwRecord *record, const char *job,
                           const char *code, gint64 now_us, GError **error);

/** lw_job_form_dup_unfinished: Returns: (transfer full) (nullable): name of a job that was recorded
 *   and of which it is not known that it was created */
char *lw_job_form_dup_unfinished (LwRecord *record);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwJobForm, lw_job_form_free)

G_END_DECLS

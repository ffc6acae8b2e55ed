/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Step 4 on a worker of the pool. The record is written here too, as it is synced to the disk before
 * anything is sent. Blocking; touches no widget. */

#include "lw-job-work.h"

#include "lw-code.h"

void
lw_job_input_free (LwJobInput *self)
{
  g_clear_pointer (&self->target, lw_target_unref);
  g_clear_pointer (&self->record, lw_record_unref);
  g_clear_pointer (&self->clock, lw_clock_unref);
  g_clear_pointer (&self->form, lw_job_form_free);
  g_clear_pointer (&self->mailbox, lw_mailbox_unref);
  g_free (self->code_id);
  g_free (self);
}

/* ---- What the form shows ---- */

gpointer
lw_job_scan_in_pool (gpointer data, GCancellable *cancellable, GError **error)
{
  LwJobInput *input = data;
  g_autoptr (GFile) folder = g_file_new_for_path (input->form->values[LW_JOB_FIELD_FOLDER]);

  return lw_code_folder_new (folder, cancellable, error);
}

gpointer
lw_job_list_computes_in_pool (gpointer data, GCancellable *cancellable, GError **error)
{
  LwJobInput *input = data;
  GPtrArray *computes = lw_ml_list_computes (lw_target_get_ml (input->target), cancellable, error);

  for (guint i = 0; computes != NULL && i < computes->len;)
    {
      const LwCompute *compute = g_ptr_array_index (computes, i);

      if (compute->kind == LW_COMPUTE_OTHER)
        g_ptr_array_remove_index (computes, i);
      else
        i++;
    }
  return computes;
}

gpointer
lw_job_check_environment_in_pool (gpointer data, GCancellable *cancellable, GError **error)
{
  LwJobInput *input = data;
  LwEnvironmentState *state = g_new0 (LwEnvironmentState, 1);

  if (lw_ml_check_environment (lw_target_get_ml (input->target),
                               input->form->values[LW_JOB_FIELD_ENVIRONMENT], state, cancellable,
                               error))
    return state;
  g_free (state);
  return NULL;
}

/* ---- Submission ---- */

static void
tell (LwJobInput *input, LwJobStage stage)
{
  gint64 now_us = lw_clock_get_now_us (input->clock);

  input->letter.stage = stage;
  if (stage == LW_JOB_STAGE_SENDING && input->letter.code_since_us == 0)
    input->letter.code_since_us = now_us;
  if (stage == LW_JOB_STAGE_CREATING)
    input->letter.code_until_us = input->letter.job_since_us = now_us;
  if (stage == LW_JOB_STAGE_DONE && input->letter.job_since_us != 0)
    input->letter.job_until_us = now_us;
  if (input->mailbox != NULL)
    lw_mailbox_post (input->mailbox, g_memdup2 (&input->letter, sizeof input->letter));
}

static void
progress_cb (guint files_done, guint files_total, goffset sent, goffset total, gpointer user_data)
{
  LwJobInput *input = user_data;

  input->letter.files_done = files_done;
  input->letter.files_total = files_total;
  input->letter.sent = sent;
  input->letter.total = total;
  tell (input, LW_JOB_STAGE_SENDING);
}

/* The job is known to exist from here on. */
static LwJob *
finish (LwJobInput *input, LwJob *job, GError **error)
{
  g_autoptr (LwJob) created = job;

  if (lw_record_get_time (input->record, LW_RECORD_JOB_SUBMITTED) == 0
      && !lw_record_set_time (input->record, LW_RECORD_JOB_SUBMITTED,
                              lw_clock_get_now_us (input->clock), error))
    return NULL;
  tell (input, LW_JOB_STAGE_DONE);
  return g_steal_pointer (&created);
}

/* Names for what is about to be sent: those of a submission that was cut off, else new ones. */
static void
choose_names (LwJobInput *input, char **name, char **code)
{
  *name = lw_job_form_dup_unfinished (input->record);
  *code = *name != NULL ? lw_record_dup (input->record, LW_RECORD_CODE_NAME) : NULL;
  if (*name == NULL)
    *name = lw_job_make_name ();
  if (*code == NULL)
    *code = g_uuid_string_random ();
}

/* Returns: (nullable): the job that an earlier start created without learning of it. */
static LwJob *
find_unfinished (LwJobInput *input, GCancellable *cancellable, GError **error)
{
  g_autofree char *name = lw_job_form_dup_unfinished (input->record);

  if (name == NULL)
    return NULL;
  return lw_job_get (lw_target_get_ml (input->target), name, cancellable, error);
}

static LwJob *
send (LwJobInput *input, LwCodeFolder *folder, GCancellable *cancellable, GError **error)
{
  const LwMl *ml = lw_target_get_ml (input->target);
  g_autofree char *name = NULL;
  g_autofree char *code = NULL;
  LwJobSpec spec = {
    .display_name = input->form->values[LW_JOB_FIELD_DISPLAY_NAME],
    .experiment_name = input->form->values[LW_JOB_FIELD_EXPERIMENT],
    .command = input->form->values[LW_JOB_FIELD_COMMAND],
    .environment = input->form->values[LW_JOB_FIELD_ENVIRONMENT],
    .compute = input->form->values[LW_JOB_FIELD_COMPUTE],
  };

  choose_names (input, &name, &code);
  if (!lw_job_form_save (input->form, input->record, name, code,
                         lw_clock_get_now_us (input->clock), error))
    return NULL;
  tell (input, LW_JOB_STAGE_SENDING);
  if (!lw_code_upload (ml, folder, code, &input->code_id, &input->letter.reused, progress_cb, input,
                       cancellable, error))
    return NULL;
  tell (input, LW_JOB_STAGE_CREATING);
  spec.code_id = input->code_id;
  return lw_job_put (ml, name, &spec, cancellable, error);
}

gpointer
lw_job_submit_in_pool (gpointer data, GCancellable *cancellable, GError **error)
{
  LwJobInput *input = data;
  g_autoptr (LwCodeFolder) folder = NULL;
  GError *local_error = NULL;
  LwJob *job = NULL;

  tell (input, LW_JOB_STAGE_LOOKING);
  job = find_unfinished (input, cancellable, &local_error);
  input->letter.found = job != NULL;
  if (local_error == NULL && job == NULL)
    folder = lw_job_scan_in_pool (input, cancellable, &local_error);
  if (local_error == NULL && job == NULL)
    job = send (input, folder, cancellable, &local_error);
  if (job == NULL)
    {
      g_propagate_error (error, local_error);
      return NULL;
    }
  return finish (input, job, error);
}

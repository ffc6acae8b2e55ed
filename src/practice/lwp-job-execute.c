/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The part of a job that is real: its code unpacked, its command executed, its output stored while
 * it comes. An attempt has a directory of its own:
 *
 *   bin/      python and python3, which start the Python that was found
 *   wd/       the code; the command starts here
 *   inputs/   data that the job names
 *   home/ tmp/
 *
 * The command gets a small environment of its own: nothing of this process's, so no proxy and
 * nothing private. Runs on the thread of the job. */

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "lwp-codes.h"
#include "lwp-datastores.h"
#include "lwp-duration.h"
#include "lwp-job-command.h"
#include "lwp-job-files.h"
#include "lwp-job-process.h"
#include "lwp-job-work.h"
#include "lwp-vm-sizes.h"

#define READ_BYTES (64 * 1024)
/* How often printed text is stored, at most. */
#define FLUSH_US (G_USEC_PER_SEC / 5)
#define WATCH_US G_USEC_PER_SEC
#define MAX_LOG_BYTES (16 * 1024 * 1024)
/* What of the end of the log an error quotes. */
#define TAIL_BYTES 2048
#define MAX_INPUT_NAME 255
#define MAX_FILE_BYTES ((guint64) 512 * 1024 * 1024)
/* A job without a limit of its own ends after this. */
#define DEFAULT_LIMIT_SECS (6 * 60 * 60)

typedef struct
{
  LwpJobWork *work;           /* borrowed */
  LwpJobProcess *process;     /* owned */
  LwpJobCollector *collector; /* owned */
  GString *unsaved;           /* owned; printed, not yet stored */
  GString *tail;              /* owned; the end of what was printed */
  gsize log_bytes;
  gint64 flushed_us;
  gint64 watched_us;
  gint64 deadline_us;
} Execution;

static gboolean
make_folder (const char *attempt, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (attempt, name, NULL);

  if (g_mkdir_with_parents (path, 0700) == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s", g_strerror (errno));
  return FALSE;
}

/* A script, not a link: a Python of a virtual environment finds its packages by its own path. */
static gboolean
write_python (const char *attempt, const char *name, const char *program, GError **error)
{
  g_autofree char *path = g_build_filename (attempt, "bin", name, NULL);
  g_autofree char *quoted = g_shell_quote (program);
  g_autofree char *text = g_strdup_printf ("#!/bin/sh\nexec %s \"$@\"\n", quoted);

  return g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE, 0700, error);
}

static gboolean
unpack_code (const LwpJobWork *work, const char *attempt, GError **error)
{
  const char *id = lwp_json_get_string (work->job->body, "codeId");
  g_autoptr (LwpResource) code = id == NULL ? NULL : lwp_resource_load (work->cloud, id);
  g_autofree char *directory = g_build_filename (attempt, "wd", NULL);
  g_autoptr (LwpCodePlace) place = NULL;

  if (id == NULL)
    return TRUE;
  place = lwp_codes_find_place (
      code == NULL ? NULL : lwp_json_get_string (code->body, "codeUri"));
  if (place == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                           "the code of the job does not exist any more");
      return FALSE;
    }
  return lwp_job_files_unpack (work->cloud, place->account, place->container, place->prefix,
                               directory, error);
}

static gboolean
make_directory (const LwpJobWork *work, const char *attempt, GError **error)
{
  static const char *const folders[] = { "bin", "wd", "inputs", "home", "tmp" };
  const LwpPython *python
      = work->tools->find_python (work->tools->user_data, work->cancellable, error);

  if (python == NULL)
    return FALSE;
  lwp_job_files_remove (attempt);
  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++)
    if (!make_folder (attempt, folders[i], error))
      return FALSE;
  return write_python (attempt, "python", python->program, error)
         && write_python (attempt, "python3", python->program, error)
         && unpack_code (work, attempt, error);
}

/* Brings the data of one input to the node. Returns its path. */
static char *
fetch_input (const LwpJobWork *work, const char *attempt, const char *name, JsonObject *input,
             GError **error)
{
  const char *uri = lwp_json_get_string (input, "uri");
  gboolean one_file = g_strcmp0 (lwp_json_get_string (input, "jobInputType"), "uri_file") == 0;
  g_autofree char *container = NULL;
  g_autofree char *path = NULL;
  g_autofree char *prefix = NULL;
  g_autofree char *base = NULL;
  g_autofree char *directory = g_build_filename (attempt, "inputs", name, NULL);

  if (uri == NULL || !lwp_datastores_resolve (work->workspace, uri, &container, &path))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "the input %s is not in a datastore of the workspace", name);
      return NULL;
    }
  base = g_path_get_basename (path);
  /* A file is the one blob of a folder, told by its whole name. */
  if (one_file)
    prefix = g_strndup (path, strlen (path) - strlen (base));
  else
    prefix = g_str_has_suffix (path, "/") ? g_strdup (path) : g_strconcat (path, "/", NULL);
  if (!lwp_job_files_unpack (work->cloud, work->account, container, prefix, directory, error))
    return NULL;
  return one_file ? g_build_filename (directory, base, NULL) : g_steal_pointer (&directory);
}

static gboolean
add_inputs (const LwpJobWork *work, const char *attempt, GHashTable *values, GError **error)
{
  JsonObject *inputs = lwp_json_get_object (work->job->body, "inputs");
  g_autoptr (GList) names = inputs == NULL ? NULL : json_object_get_members (inputs);

  for (GList *name = names; name != NULL; name = name->next)
    {
      JsonObject *input = lwp_json_get_object (inputs, name->data);
      char *value = g_strdup (lwp_json_get_string (input, "value"));

      /* A name becomes part of a path. */
      if (input == NULL || !lwp_ml_is_name (name->data, 1, MAX_INPUT_NAME, "_-"))
        g_clear_pointer (&value, g_free);
      else if (g_strcmp0 (lwp_json_get_string (input, "jobInputType"), "literal") != 0)
        {
          g_free (value);
          value = fetch_input (work, attempt, name->data, input, error);
          if (value == NULL)
            return FALSE;
        }
      if (value != NULL)
        g_hash_table_replace (values, g_strconcat ("inputs.", name->data, NULL), value);
    }
  return TRUE;
}

static char *
dup_command (const LwpJobWork *work, const char *attempt, GError **error)
{
  g_autoptr (GHashTable) values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  if (!add_inputs (work, attempt, values, error))
    return NULL;
  return lwp_job_command_expand (lwp_json_get_string (work->job->body, "command"), values, error);
}

static void
set_variable_cb (JsonObject *object, const char *name, JsonNode *node, gpointer environment)
{
  char ***list = environment;
  const char *value = lwp_json_get_string (object, name);

  if (value != NULL && *name != '\0' && strchr (name, '=') == NULL)
    *list = g_environ_setenv (*list, name, value, TRUE);
}

static char **
new_environment (const LwpJobWork *work, const char *attempt)
{
  JsonObject *asked = lwp_json_get_object (work->job->body, "environmentVariables");
  g_autofree char *home = g_build_filename (attempt, "home", NULL);
  g_autofree char *tmp = g_build_filename (attempt, "tmp", NULL);
  g_autofree char *path = g_strconcat (attempt, "/bin:/usr/local/bin:/usr/bin:/bin", NULL);
  char **list = g_new0 (char *, 1);

  if (asked != NULL)
    json_object_foreach_member (asked, set_variable_cb, &list);
  list = g_environ_setenv (list, "PATH", path, TRUE);
  list = g_environ_setenv (list, "HOME", home, TRUE);
  list = g_environ_setenv (list, "TMPDIR", tmp, TRUE);
  list = g_environ_setenv (list, "LANG", "C.UTF-8", FALSE);
  /* There is no display, and what is printed is to be seen while the script runs. */
  list = g_environ_setenv (list, "MPLBACKEND", "Agg", FALSE);
  list = g_environ_setenv (list, "PYTHONUNBUFFERED", "1", FALSE);
  return g_environ_setenv (list, "AZUREML_RUN_ID", work->job->name, TRUE);
}

/* The memory of the node's size, but not all of this computer's. */
static guint64
get_memory_limit (const LwpJobWork *work)
{
  const char *id = lwp_json_get_string (work->job->body, "computeId");
  g_autoptr (LwpResource) compute = lwp_resource_load (work->cloud, id);
  const LwpVmSize *size
      = compute == NULL ? NULL : lwp_vm_sizes_find (lwp_json_get_string (compute->body, "vmSize"));
  guint64 here = (guint64) sysconf (_SC_PHYS_PAGES) * (guint64) sysconf (_SC_PAGESIZE);
  guint64 there = size == NULL ? here : (guint64) (size->memory_gb * 1024 * 1024 * 1024);

  return MIN (there, here / 4 * 3);
}

static gint64
get_limit_secs (const LwpJobWork *work)
{
  JsonObject *limits = lwp_json_get_object (work->job->body, "limits");
  gint64 seconds;

  if (!lwp_duration_parse (lwp_json_get_string (limits, "timeout"), &seconds))
    return DEFAULT_LIMIT_SECS;
  return MIN (seconds, DEFAULT_LIMIT_SECS);
}

static void
store_log (const LwpJobWork *work, const char *text, gsize size)
{
  g_autofree char *name = g_strconcat (work->prefix, LWP_RUN_LOG, NULL);
  LwpBlobKey key = { work->account, LWP_RUN_CONTAINER, name };
  g_autoptr (GError) error = NULL;

  if (!lwp_blob_append (work->cloud, &key, text, size, &error))
    g_warning ("log of a job: %s", error->message);
}

static void
begin_log (const LwpJobWork *work)
{
  g_autofree char *name = g_strconcat (work->prefix, LWP_RUN_LOG, NULL);
  LwpBlobKey key = { work->account, LWP_RUN_CONTAINER, name };

  lwp_blob_delete (work->cloud, &key);
  store_log (work, "", 0);
}

static void
flush (Execution *self)
{
  if (self->unsaved->len > 0)
    store_log (self->work, self->unsaved->str, self->unsaved->len);
  g_string_truncate (self->unsaved, 0);
  self->flushed_us = g_get_monotonic_time ();
}

static void
take_text (Execution *self, const char *text, gsize size)
{
  static const char note[] = "\n[The log has reached its limit; what follows is not kept.]\n";

  g_string_append_len (self->tail, text, (gssize) size);
  if (self->tail->len > TAIL_BYTES)
    g_string_erase (self->tail, 0, (gssize) (self->tail->len - TAIL_BYTES));
  if (self->log_bytes > MAX_LOG_BYTES)
    return;
  self->log_bytes += size;
  g_string_append_len (self->unsaved, text, (gssize) size);
  if (self->log_bytes > MAX_LOG_BYTES)
    g_string_append (self->unsaved, note);
}

/* Ends the command for a reason that is not its own. */
static void
end_with (Execution *self, const char *inner, char *message)
{
  g_autofree char *owned = message;

  if (self->work->run->error == NULL)
    lwp_job_work_fail (self->work, "UserError", inner, g_steal_pointer (&owned));
  lwp_job_process_end (self->process);
}

static gboolean
compute_is_there (const LwpJobWork *work)
{
  g_autoptr (LwpResource) compute
      = lwp_resource_load (work->cloud, lwp_json_get_string (work->job->body, "computeId"));

  return compute != NULL;
}

static void
watch (Execution *self)
{
  g_autoptr (GError) error = NULL;

  self->watched_us = g_get_monotonic_time ();
  if (!lwp_job_collector_collect (self->collector, FALSE, &error))
    end_with (self, "OutputLimit", g_strdup (error->message));
  if (!compute_is_there (self->work))
    end_with (self, "ComputeTargetNotFound",
              g_strdup ("The compute target was deleted while the job ran on it."));
  if (self->watched_us < self->deadline_us)
    return;
  lwp_run_ask_cancel (self->work->cloud, self->work->job->id);
  end_with (self, "JobTimeout",
            g_strdup_printf ("The job has run longer than its limit of %" G_GINT64_FORMAT
                             " seconds and was canceled.",
                             get_limit_secs (self->work)));
}

static void
pump (Execution *self)
{
  g_autofree char *buffer = g_malloc (READ_BYTES);
  GCancellable *cancellable = self->work->cancellable;
  gboolean open = TRUE;

  while (open)
    {
      g_autoptr (GError) error = NULL;
      gssize size = lwp_job_process_read (self->process, buffer, READ_BYTES, FLUSH_US / 1000,
                                          cancellable, &error);

      if (size > 0)
        take_text (self, buffer, (gsize) size);
      else if (size == 0)
        open = FALSE;
      else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        {
          /* From now on only the end is waited for. */
          cancellable = NULL;
          lwp_job_process_end (self->process);
        }
      else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
        open = FALSE;
      if (g_get_monotonic_time () - self->flushed_us >= FLUSH_US || !open)
        flush (self);
      if (cancellable != NULL && g_get_monotonic_time () - self->watched_us >= WATCH_US)
        watch (self);
    }
}

static void
note_exit (Execution *self)
{
  LwpRun *run = self->work->run;
  g_autofree char *tail = NULL;

  run->exit_status = lwp_job_process_finish (self->process);
  if (run->exit_status == 0 || run->error != NULL
      || g_cancellable_is_cancelled (self->work->cancellable))
    return;
  tail = g_utf8_make_valid (self->tail->str, (gssize) self->tail->len);
  lwp_job_work_fail (
      self->work, "UserError", "NonZeroExitCode",
      g_strdup_printf ("Execution failed. The user process exited with status code %d. See the log "
                       "file '" LWP_RUN_LOG "'. Its end: %s",
                       run->exit_status, g_strstrip (tail)));
}

static void
execution_clear (Execution *self)
{
  g_clear_pointer (&self->process, lwp_job_process_free);
  g_clear_pointer (&self->collector, lwp_job_collector_free);
  g_string_free (self->unsaved, TRUE);
  g_string_free (self->tail, TRUE);
}

static LwpJobCollector *
new_collector (const LwpJobWork *work, const char *attempt)
{
  g_autofree char *directory = g_build_filename (attempt, "wd", "outputs", NULL);
  g_autofree char *prefix = g_strconcat (work->prefix, "outputs/", NULL);
  LwpBlobKey key = { work->account, LWP_RUN_CONTAINER, prefix };

  return lwp_job_collector_new (work->cloud, directory, &key);
}

static LwpJobProcess *
start (const LwpJobWork *work, const char *attempt, GError **error)
{
  g_autofree char *directory = g_build_filename (attempt, "wd", NULL);
  g_autofree char *command = NULL;
  g_auto (GStrv) environment = NULL;
  LwpJobProcessSpec spec = { 0 };

  if (!make_directory (work, attempt, error))
    return NULL;
  command = dup_command (work, attempt, error);
  if (command == NULL)
    return NULL;
  environment = new_environment (work, attempt);
  spec.node_program = work->tools->node_program;
  spec.command = command;
  spec.work_dir = directory;
  spec.environment = (const char *const *) environment;
  spec.memory_bytes = get_memory_limit (work);
  spec.file_bytes = MAX_FILE_BYTES;
  return lwp_job_process_new (&spec, error);
}

static void
log_start (const LwpJobWork *work)
{
  const LwpPython *python
      = work->tools->find_python (work->tools->user_data, work->cancellable, NULL);

  lwp_job_work_log (work, "Attempt %u of the job %s begins on a node of the practice cloud.",
                    work->run->attempt, work->job->name);
  lwp_job_work_log (work, "The environment %s:%s is played by %s.", work->run->environment_name,
                    work->run->environment_version,
                    python == NULL ? "nothing" : python->description);
}

gboolean
lwp_job_execute (LwpJobWork *work)
{
  g_autofree char *attempt = lwp_job_work_dup_attempt (work);
  g_autoptr (GError) error = NULL;
  Execution execution = { .work = work };
  gboolean ended;

  log_start (work);
  begin_log (work);
  execution.process = start (work, attempt, &error);
  if (execution.process == NULL)
    {
      if (g_cancellable_is_cancelled (work->cancellable))
        return FALSE;
      lwp_job_work_fail (work, "UserError", "JobSetupFailed",
                         g_strdup_printf ("The job could not be set up: %s", error->message));
      return TRUE;
    }
  execution.collector = new_collector (work, attempt);
  execution.unsaved = g_string_new (NULL);
  execution.tail = g_string_new (NULL);
  execution.deadline_us = g_get_monotonic_time () + get_limit_secs (work) * G_USEC_PER_SEC;
  pump (&execution);
  note_exit (&execution);
  ended = !g_cancellable_is_cancelled (work->cancellable);
  execution_clear (&execution);
  return ended;
}

void
lwp_job_collect_outputs (LwpJobWork *work)
{
  g_autofree char *attempt = lwp_job_work_dup_attempt (work);
  g_autoptr (LwpJobCollector) collector = new_collector (work, attempt);
  g_autoptr (GError) error = NULL;

  if (!lwp_job_collector_collect (collector, TRUE, &error) && work->run->error == NULL)
    lwp_job_work_fail (work, "UserError", "OutputLimit", g_strdup (error->message));
}

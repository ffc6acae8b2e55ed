/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The practice cloud's process. Dropping the last reference closes the process's standard input, at
 * which it ends by itself in order. Main thread. */

#include "lw-practice.h"

#include <string.h>

#include "lw-error.h"
#include "lw-json.h"
#include "lw-paths.h"

struct _LwPractice
{
  GObject parent_instance;

  GSubprocess *process;
  GDataInputStream *output;
  char *proxy;
  char *ca_file;
  char *browser;
};

G_DEFINE_FINAL_TYPE (LwPractice, lw_practice, G_TYPE_OBJECT)

enum
{
  ENDED,
  N_SIGNALS,
};
static guint signals[N_SIGNALS];

static char *
dup_address (LwJson root, const char *name, GError **error)
{
  return g_strdup (lw_json_need_string (root, name, error));
}

static gboolean
read_greeting (LwPractice *self, const char *line, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (line, strlen (line));
  g_autoptr (LwJsonDocument) document = lw_json_parse (bytes, error);
  LwJson root;

  if (document == NULL)
    return FALSE;
  root = lw_json_document_get_root (document);
  self->proxy = dup_address (root, "proxy", error);
  if (self->proxy == NULL)
    return FALSE;
  self->ca_file = dup_address (root, "ca", error);
  if (self->ca_file == NULL)
    return FALSE;
  self->browser = dup_address (root, "browser", error);
  return self->browser != NULL;
}

/* Weak: the practice cloud may end because this object went. */
static void
process_ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree GWeakRef *weak = user_data;
  g_autoptr (LwPractice) self = g_weak_ref_get (weak);

  g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
  if (self != NULL)
    g_signal_emit (self, signals[ENDED], 0);
  g_weak_ref_clear (weak);
}

static void
watch_end (LwPractice *self)
{
  GWeakRef *weak = g_new0 (GWeakRef, 1);

  g_weak_ref_init (weak, self);
  g_subprocess_wait_async (self->process, NULL, process_ended_cb, weak);
}

static void
greeting_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  LwPractice *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autofree char *line = NULL;

  line = g_data_input_stream_read_line_finish_utf8 (G_DATA_INPUT_STREAM (source), result, NULL,
                                                    &error);
  if (line == NULL && error == NULL)
    g_set_error_literal (&error, LW_ERROR, LW_ERROR_FAILED,
                         "labwalk-practice-cloud ended before it was ready");
  if (error == NULL && !read_greeting (self, line, &error))
    g_prefix_error (&error, "labwalk-practice-cloud: ");
  if (error != NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  watch_end (self);
  g_task_return_pointer (task, g_object_ref (self), g_object_unref);
}

static LwPractice *
spawn (GFile *state_dir, gboolean auto_approve, GError **error)
{
  g_autofree char *program = lw_paths_find_practice_cloud ();
  g_autoptr (LwPractice) self = g_object_new (LW_TYPE_PRACTICE, NULL);

  if (program == NULL)
    {
      g_set_error_literal (error, LW_ERROR, LW_ERROR_NOT_FOUND, "labwalk-practice-cloud");
      return NULL;
    }
  self->process = g_subprocess_new (
    G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, error, program,
    "--end-with-stdin", "--state", g_file_peek_path (state_dir),
    auto_approve ? "--auto-approve" : NULL, NULL);
  if (self->process == NULL)
    return NULL;
  self->output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  return g_steal_pointer (&self);
}

void
lw_practice_start_async (GFile *state_dir, gboolean auto_approve, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (GError) error = NULL;
  LwPractice *self;

  g_task_set_source_tag (task, lw_practice_start_async);
  self = spawn (state_dir, auto_approve, &error);
  if (self == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  g_task_set_task_data (task, self, g_object_unref);
  g_data_input_stream_read_line_async (self->output, G_PRIORITY_DEFAULT, cancellable, greeting_cb,
                                       g_steal_pointer (&task));
}

LwPractice *
lw_practice_start_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, lw_practice_start_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

const char *
lw_practice_get_proxy (LwPractice *self)
{
  g_return_val_if_fail (LW_IS_PRACTICE (self), NULL);

  return self->proxy;
}

const char *
lw_practice_get_ca_file (LwPractice *self)
{
  g_return_val_if_fail (LW_IS_PRACTICE (self), NULL);

  return self->ca_file;
}

const char *
lw_practice_get_browser (LwPractice *self)
{
  g_return_val_if_fail (LW_IS_PRACTICE (self), NULL);

  return self->browser;
}

static void
lw_practice_dispose (GObject *object)
{
  LwPractice *self = LW_PRACTICE (object);

  if (self->process != NULL)
    g_output_stream_close (g_subprocess_get_stdin_pipe (self->process), NULL, NULL);
  g_clear_object (&self->output);
  g_clear_object (&self->process);
  G_OBJECT_CLASS (lw_practice_parent_class)->dispose (object);
}

static void
lw_practice_finalize (GObject *object)
{
  LwPractice *self = LW_PRACTICE (object);

  g_free (self->proxy);
  g_free (self->ca_file);
  g_free (self->browser);
  G_OBJECT_CLASS (lw_practice_parent_class)->finalize (object);
}

static void
lw_practice_class_init (LwPracticeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lw_practice_dispose;
  object_class->finalize = lw_practice_finalize;
  signals[ENDED] = g_signal_new ("ended", LW_TYPE_PRACTICE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
}

static void
lw_practice_init (LwPractice *self)
{
}

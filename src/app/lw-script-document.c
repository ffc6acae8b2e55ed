/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A script being edited. What the file held when it was last read or written is kept: by that the
 * changes of other programs are told from our own. Main thread; dispose cancels reads and writes
 * under way, of which a write is whole or not at all. */

#include "lw-script-document.h"

#include <string.h>

#include "lw-code-view.h"
#include "lw-error.h"
#include "lw-lab-files.h"

struct _LwScriptDocument
{
  GObject parent_instance;

  LwPool *pool; /* borrowed */
  char *path;   /* owned, nullable */
  GtkSourceBuffer *buffer;
  GFileMonitor *monitor;     /* owned, nullable */
  GCancellable *cancellable; /* owned, nullable: of reads and writes of this path */
  char *on_disk; /* owned, nullable: what the file held at the last read or write; NULL: no file */
  char *foreign; /* owned, nullable: what another program put there, to be decided about */
  GError *error; /* owned, nullable */
  gboolean forced; /* the read under way was asked for: its text is taken in any case */
  gboolean saving;
  gboolean taking; /* the text is being replaced by that of the file */
  gboolean edited; /* the text is not that of the file; the buffer's own flag is gone after a text
                    * was set as a whole */
};

G_DEFINE_FINAL_TYPE (LwScriptDocument, lw_script_document, G_TYPE_OBJECT)

enum
{
  CHANGED,
  SAVED,
  N_SIGNALS,
};
static guint signals[N_SIGNALS];

static void
emit_changed (LwScriptDocument *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

/* ---- Text ---- */

char *
lw_script_document_dup_text (LwScriptDocument *self)
{
  GtkTextIter start, end;

  g_return_val_if_fail (LW_IS_SCRIPT_DOCUMENT (self), NULL);

  gtk_text_buffer_get_bounds (GTK_TEXT_BUFFER (self->buffer), &start, &end);
  return gtk_text_buffer_get_text (GTK_TEXT_BUFFER (self->buffer), &start, &end, TRUE);
}

/* Characters at the beginning of @a and @b that are the same. */
static glong
count_common (const char *a, const char *b)
{
  glong n = 0;

  while (*a != '\0' && g_utf8_get_char (a) == g_utf8_get_char (b))
    {
      a = g_utf8_next_char (a);
      b = g_utf8_next_char (b);
      n++;
    }
  return n;
}

/* The same at the end, but no more than @limit. */
static glong
count_common_end (const char *a, glong a_length, const char *b, glong b_length, glong limit)
{
  const char *a_end = a + strlen (a);
  const char *b_end = b + strlen (b);
  glong n = 0;

  limit = MIN (limit, MIN (a_length, b_length));
  while (n < limit)
    {
      a_end = g_utf8_prev_char (a_end);
      b_end = g_utf8_prev_char (b_end);
      if (g_utf8_get_char (a_end) != g_utf8_get_char (b_end))
        break;
      n++;
    }
  return n;
}

/* One edit of the part that differs: cursor and undo stay what they were. */
static void
edit (LwScriptDocument *self, const char *text)
{
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (self->buffer);
  g_autofree char *now = lw_script_document_dup_text (self);
  glong now_length = g_utf8_strlen (now, -1);
  glong length = g_utf8_strlen (text, -1);
  glong head = count_common (now, text);
  glong tail = count_common_end (now, now_length, text, length, MIN (now_length, length) - head);
  g_autofree char *middle = g_utf8_substring (text, head, length - tail);
  GtkTextIter start, end;

  if (strcmp (now, text) == 0)
    return;
  gtk_text_buffer_begin_user_action (buffer);
  gtk_text_buffer_get_iter_at_offset (buffer, &start, (int) head);
  gtk_text_buffer_get_iter_at_offset (buffer, &end, (int) (now_length - tail));
  gtk_text_buffer_delete (buffer, &start, &end);
  gtk_text_buffer_insert (buffer, &start, middle, -1);
  gtk_text_buffer_place_cursor (buffer, &start);
  gtk_text_buffer_end_user_action (buffer);
}

void
lw_script_document_set_text (LwScriptDocument *self, const char *text)
{
  g_return_if_fail (LW_IS_SCRIPT_DOCUMENT (self));
  g_return_if_fail (text != NULL);

  edit (self, text);
  emit_changed (self);
}

static void
edited_cb (LwScriptDocument *self)
{
  if (self->taking || self->edited)
    return;
  self->edited = TRUE;
  emit_changed (self);
}

/* Undone as far as to what was saved, perhaps. */
static void
modified_cb (LwScriptDocument *self)
{
  g_autofree char *text = NULL;

  if (self->taking || gtk_text_buffer_get_modified (GTK_TEXT_BUFFER (self->buffer)))
    return;
  text = lw_script_document_dup_text (self);
  self->edited = g_strcmp0 (text, self->on_disk) != 0;
  emit_changed (self);
}

static void
set_edited (LwScriptDocument *self, gboolean edited)
{
  self->edited = edited;
  gtk_text_buffer_set_modified (GTK_TEXT_BUFFER (self->buffer), edited);
}

/* What the file holds is what is shown. */
static void
take (LwScriptDocument *self, const char *text)
{
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (self->buffer);
  GtkTextIter start;

  self->taking = TRUE;
  if (self->on_disk != NULL)
    edit (self, text);
  else
    {
      gtk_text_buffer_begin_irreversible_action (buffer);
      gtk_text_buffer_set_text (buffer, text, -1);
      gtk_text_buffer_end_irreversible_action (buffer);
      gtk_text_buffer_get_start_iter (buffer, &start);
      gtk_text_buffer_place_cursor (buffer, &start);
    }
  g_free (self->on_disk);
  self->on_disk = g_strdup (text);
  g_clear_pointer (&self->foreign, g_free);
  set_edited (self, FALSE);
  self->taking = FALSE;
}

/* ---- Reading ---- */

static gpointer
read_in_pool (gpointer data, GCancellable *cancellable, GError **error)
{
  return lw_lab_files_read (data, error);
}

static void
judge (LwScriptDocument *self, const char *text)
{
  g_autofree char *now = lw_script_document_dup_text (self);

  if (self->forced || self->on_disk == NULL || !self->edited || strcmp (text, now) == 0)
    take (self, text);
  else if (strcmp (text, self->on_disk) != 0)
    {
      g_free (self->foreign);
      self->foreign = g_strdup (text);
    }
  else
    g_clear_pointer (&self->foreign, g_free);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  LwScriptDocument *self = LW_SCRIPT_DOCUMENT (source);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = lw_pool_finish (result, lw_script_document_look, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_error (&self->error);
  if (text != NULL)
    judge (self, text);
  else if (!g_error_matches (error, LW_ERROR, LW_ERROR_NOT_FOUND))
    self->error = g_steal_pointer (&error);
  else
    g_clear_pointer (&self->on_disk, g_free);
  self->forced = FALSE;
  emit_changed (self);
}

void
lw_script_document_look (LwScriptDocument *self)
{
  g_return_if_fail (LW_IS_SCRIPT_DOCUMENT (self));

  /* A look during a save would see the one or the other; the end of the save tells. */
  if (self->path == NULL || self->saving)
    return;
  lw_pool_run (self->pool, lw_script_document_look, read_in_pool, g_strdup (self->path), g_free,
               g_free, self, self->cancellable, read_cb, NULL);
}

void
lw_script_document_reload (LwScriptDocument *self)
{
  g_return_if_fail (LW_IS_SCRIPT_DOCUMENT (self));

  self->forced = TRUE;
  lw_script_document_look (self);
}

void
lw_script_document_keep (LwScriptDocument *self)
{
  g_return_if_fail (LW_IS_SCRIPT_DOCUMENT (self));

  if (self->foreign == NULL)
    return;
  g_free (self->on_disk);
  self->on_disk = g_steal_pointer (&self->foreign);
  emit_changed (self);
}

/* ---- Saving ---- */

typedef struct
{
  char *path;
  char *text;
  char *on_disk; /* (nullable): what may be replaced */
  char *foreign; /* (nullable): what was found instead: nothing was written */
} SaveInput;

static void
save_input_free (SaveInput *self)
{
  g_free (self->path);
  g_free (self->text);
  g_free (self->on_disk);
  g_free (self->foreign);
  g_free (self);
}

/* Returns: %NULL in any case */
static gpointer
save_in_pool (gpointer data, GCancellable *cancellable, GError **error)
{
  SaveInput *input = data;
  g_autoptr (GError) read_error = NULL;
  g_autofree char *now = lw_lab_files_read (input->path, &read_error);

  if (now != NULL && g_strcmp0 (now, input->on_disk) != 0 && strcmp (now, input->text) != 0)
    input->foreign = g_steal_pointer (&now);
  else
    lw_lab_files_save (input->path, input->text, error);
  return NULL;
}

static void
save_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  LwScriptDocument *self = LW_SCRIPT_DOCUMENT (source);
  SaveInput *input = lw_pool_get_data (result);
  g_autoptr (GError) error = NULL;
  g_autofree char *now = NULL;

  lw_pool_finish (result, lw_script_document_save, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->saving = FALSE;
  g_clear_error (&self->error);
  if (error == NULL && input->foreign == NULL)
    {
      now = lw_script_document_dup_text (self);
      g_free (self->on_disk);
      self->on_disk = g_steal_pointer (&input->text);
      g_clear_pointer (&self->foreign, g_free);
      /* Typed on meanwhile: there is something to save again. */
      set_edited (self, strcmp (now, self->on_disk) != 0);
    }
  else if (input->foreign != NULL)
    {
      g_free (self->foreign);
      self->foreign = g_steal_pointer (&input->foreign);
    }
  else
    self->error = g_steal_pointer (&error);
  emit_changed (self);
  g_signal_emit (self, signals[SAVED], 0, self->error == NULL && self->foreign == NULL);
}

void
lw_script_document_save (LwScriptDocument *self)
{
  SaveInput *input;

  g_return_if_fail (LW_IS_SCRIPT_DOCUMENT (self));

  if (self->path == NULL || self->saving)
    return;
  input = g_new0 (SaveInput, 1);
  input->path = g_strdup (self->path);
  input->text = lw_script_document_dup_text (self);
  input->on_disk = g_strdup (self->on_disk);
  self->saving = TRUE;
  lw_pool_run (self->pool, lw_script_document_save, save_in_pool, input,
               (GDestroyNotify) save_input_free, NULL, self, self->cancellable, save_cb, NULL);
}

/* ---- The file ---- */

static void
forget (LwScriptDocument *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  if (self->monitor != NULL)
    g_file_monitor_cancel (self->monitor);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->monitor);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->on_disk, g_free);
  g_clear_pointer (&self->foreign, g_free);
  g_clear_error (&self->error);
  self->saving = FALSE;
  self->forced = FALSE;
}

static void
monitor_cb (LwScriptDocument *self, GFile *file, GFile *other, GFileMonitorEvent event)
{
  if (event == G_FILE_MONITOR_EVENT_CHANGES_DONE_HINT || event == G_FILE_MONITOR_EVENT_CREATED
      || event == G_FILE_MONITOR_EVENT_DELETED)
    lw_script_document_look (self);
}

void
lw_script_document_set_path (LwScriptDocument *self, const char *path)
{
  g_autoptr (GFile) file = NULL;

  g_return_if_fail (LW_IS_SCRIPT_DOCUMENT (self));

  if (g_strcmp0 (self->path, path) == 0)
    {
      lw_script_document_look (self);
      return;
    }
  forget (self);
  self->path = g_strdup (path);
  self->cancellable = g_cancellable_new ();
  if (path == NULL)
    return;
  file = g_file_new_for_path (path);
  /* Where files cannot be watched, saving still looks before it writes. */
  self->monitor = g_file_monitor_file (file, G_FILE_MONITOR_NONE, NULL, NULL);
  if (self->monitor != NULL)
    g_signal_connect_object (self->monitor, "changed", G_CALLBACK (monitor_cb), self,
                             G_CONNECT_SWAPPED);
  lw_script_document_look (self);
}

/* ---- Getters ---- */

const char *
lw_script_document_get_path (LwScriptDocument *self)
{
  g_return_val_if_fail (LW_IS_SCRIPT_DOCUMENT (self), NULL);

  return self->path;
}

GtkSourceBuffer *
lw_script_document_get_buffer (LwScriptDocument *self)
{
  g_return_val_if_fail (LW_IS_SCRIPT_DOCUMENT (self), NULL);

  return self->buffer;
}

gboolean
lw_script_document_is_loaded (LwScriptDocument *self)
{
  g_return_val_if_fail (LW_IS_SCRIPT_DOCUMENT (self), FALSE);

  return self->on_disk != NULL;
}

gboolean
lw_script_document_is_modified (LwScriptDocument *self)
{
  g_return_val_if_fail (LW_IS_SCRIPT_DOCUMENT (self), FALSE);

  return self->edited;
}

gboolean
lw_script_document_is_stale (LwScriptDocument *self)
{
  g_return_val_if_fail (LW_IS_SCRIPT_DOCUMENT (self), FALSE);

  return self->foreign != NULL;
}

const GError *
lw_script_document_get_error (LwScriptDocument *self)
{
  g_return_val_if_fail (LW_IS_SCRIPT_DOCUMENT (self), NULL);

  return self->error;
}

/* ---- Object ---- */

LwScriptDocument *
lw_script_document_new (LwPool *pool)
{
  LwScriptDocument *self = g_object_new (LW_TYPE_SCRIPT_DOCUMENT, NULL);

  self->pool = pool;
  return self;
}

static void
lw_script_document_dispose (GObject *object)
{
  forget (LW_SCRIPT_DOCUMENT (object));
  G_OBJECT_CLASS (lw_script_document_parent_class)->dispose (object);
}

static void
lw_script_document_finalize (GObject *object)
{
  g_clear_object (&LW_SCRIPT_DOCUMENT (object)->buffer);
  G_OBJECT_CLASS (lw_script_document_parent_class)->finalize (object);
}

static void
lw_script_document_class_init (LwScriptDocumentClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lw_script_document_dispose;
  G_OBJECT_CLASS (klass)->finalize = lw_script_document_finalize;
  signals[CHANGED] = g_signal_new ("changed", LW_TYPE_SCRIPT_DOCUMENT, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[SAVED] = g_signal_new ("saved", LW_TYPE_SCRIPT_DOCUMENT, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
}

static void
lw_script_document_init (LwScriptDocument *self)
{
  self->buffer = lw_code_buffer_new ("python3");
  g_signal_connect_object (self->buffer, "changed", G_CALLBACK (edited_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->buffer, "modified-changed", G_CALLBACK (modified_cb), self,
                           G_CONNECT_SWAPPED);
}

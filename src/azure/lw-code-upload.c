/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Uploading a folder of code: looked for by its hash, sent, registered. The blobs are sent by a few
 * threads that live inside lw_code_send() only: it returns when the last of them has ended. What
 * they share is guarded by one lock; the SAS has its own, as renewing it waits for the network. */

#include "lw-code-private.h"

#include <string.h>

#include "lw-blob.h"
#include "lw-error.h"
#include "lw-ml-private.h"

/* More connections to one storage account do not make small files faster. */
#define MAX_THREADS 4

/* A SAS lasts about eight hours: more renewals for one folder are no slow network. */
#define MAX_RENEWALS 8

typedef struct
{
  const LwMl *ml; /* borrowed, as all up to the locks */
  LwCodeFolder *folder;
  const char *name;
  const char *base;
  GCancellable *cancellable; /* owned: of the caller, and of the first failure */

  GMutex target_lock;
  LwCodeTarget *target; /* borrowed, guarded by target_lock */
  guint generation;     /* guarded by target_lock: rises with each new SAS */

  GMutex lock;
  GCond changed;
  guint next;      /* guarded by lock: the first file that nobody has taken */
  guint n_done;    /* guarded by lock */
  guint n_threads; /* guarded by lock: that have not ended */
  goffset *sent;   /* owned, guarded by lock: of each file */
  goffset n_sent;  /* guarded by lock: their sum */
  GError *error;   /* owned, nullable, guarded by lock: the first */
} Sending;

/* ---- On the sending threads ---- */

typedef struct
{
  Sending *sending;
  guint index;
} FileProgress;

static void
set_sent (Sending *self, guint index, goffset sent)
{
  g_mutex_lock (&self->lock);
  if (sent > self->sent[index])
    {
      self->n_sent += sent - self->sent[index];
      self->sent[index] = sent;
      g_cond_signal (&self->changed);
    }
  g_mutex_unlock (&self->lock);
}

static void
on_file_progress (goffset sent, goffset total, gpointer user_data)
{
  FileProgress *progress = user_data;

  set_sent (progress->sending, progress->index, sent);
}

static char *
dup_file_url (Sending *self, const char *path, guint *generation)
{
  g_autofree char *below = g_strconcat (self->base, "/", path, NULL);
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->target_lock);

  *generation = self->generation;
  return lw_blob_join_sas (self->target->sas_uri, below);
}

/* Another SAS, unless one of the other threads has got it since @generation. */
static gboolean
renew_target (Sending *self, guint generation, GError **error)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->target_lock);
  g_auto (LwCodeTarget) fresh = { NULL };
  LwCodeTarget old;

  if (self->generation != generation)
    return TRUE;
  if (!lw_code_start (self->ml, self->name, &fresh, self->cancellable, error))
    return FALSE;
  if (strcmp (fresh.blob_uri, self->target->blob_uri) != 0)
    {
      g_set_error_literal (error, LW_ERROR, LW_ERROR_INTERRUPTED,
                           "The upload has to begin again in another container");
      return FALSE;
    }
  old = *self->target;
  *self->target = fresh;
  fresh = old;
  self->generation++;
  return TRUE;
}

static gboolean
is_sas_over (const GError *error)
{
  return g_error_matches (error, LW_AZURE_ERROR, LW_AZURE_ERROR_FORBIDDEN)
         && lw_azure_error_is (error, "AuthenticationFailed");
}

static gboolean
put_file (Sending *self, guint index, GError **error)
{
  const LwCodeFile *code_file = g_ptr_array_index (lw_code_folder_get_files (self->folder), index);
  g_autoptr (GFile) file
      = g_file_resolve_relative_path (lw_code_folder_get_folder (self->folder), code_file->path);
  FileProgress progress = { self, index };
  gboolean overwrite = FALSE;

  for (guint i = 0;; i++)
    {
      guint generation = 0;
      g_autofree char *url = dup_file_url (self, code_file->path, &generation);
      GError *local_error = NULL;

      if (lw_blob_put_file (self->ml->arm.azure, url, file, overwrite, on_file_progress, &progress,
                            self->cancellable, &local_error))
        return TRUE;
      /* An earlier attempt left other content there. */
      if (!overwrite && g_error_matches (local_error, LW_AZURE_ERROR, LW_AZURE_ERROR_CONFLICT))
        overwrite = TRUE;
      else if (i >= MAX_RENEWALS || !is_sas_over (local_error))
        {
          g_propagate_error (error, local_error);
          return FALSE;
        }
      else if (!renew_target (self, generation, error))
        {
          g_error_free (local_error);
          return FALSE;
        }
      g_clear_error (&local_error);
    }
}

/* Returns: the next file to send, or G_MAXUINT when there is none. */
static guint
take_next (Sending *self)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->error != NULL || self->next == lw_code_folder_get_files (self->folder)->len)
    return G_MAXUINT;
  return self->next++;
}

static void
finish_file (Sending *self, guint index, GError *error)
{
  const LwCodeFile *file = g_ptr_array_index (lw_code_folder_get_files (self->folder), index);

  if (error == NULL)
    set_sent (self, index, file->size);
  g_mutex_lock (&self->lock);
  if (error == NULL)
    self->n_done++;
  else if (self->error == NULL)
    self->error = g_steal_pointer (&error);
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);
  g_clear_error (&error);
}

static gpointer
send_files (gpointer data)
{
  Sending *self = data;
  guint index;

  while ((index = take_next (self)) != G_MAXUINT)
    {
      GError *error = NULL;

      if (put_file (self, index, &error))
        finish_file (self, index, NULL);
      else
        {
          finish_file (self, index, error);
          g_cancellable_cancel (self->cancellable);
        }
    }
  g_mutex_lock (&self->lock);
  self->n_threads--;
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);
  return NULL;
}

/* ---- On the waiting thread ---- */

/* Waits until all threads have ended, and tells what changes. */
static void
follow (Sending *self, LwCodeProgressFunc progress, gpointer user_data)
{
  guint n_files = lw_code_folder_get_files (self->folder)->len;
  goffset total = lw_code_folder_get_size (self->folder);
  gboolean running = TRUE;

  while (running)
    {
      guint n_done;
      goffset n_sent;

      g_mutex_lock (&self->lock);
      n_done = self->n_done;
      n_sent = MIN (self->n_sent, total);
      running = self->n_threads > 0;
      g_mutex_unlock (&self->lock);
      if (progress != NULL)
        progress (n_done, n_files, n_sent, total, user_data);
      g_mutex_lock (&self->lock);
      while (self->n_threads > 0 && self->n_done == n_done && MIN (self->n_sent, total) == n_sent)
        g_cond_wait (&self->changed, &self->lock);
      g_mutex_unlock (&self->lock);
    }
}

static void
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

gboolean
lw_code_send (const LwMl *ml, LwCodeFolder *folder, const char *name, const char *base,
              LwCodeTarget *target, LwCodeProgressFunc progress, gpointer user_data,
              GCancellable *cancellable, GError **error)
{
  guint n_files = lw_code_folder_get_files (folder)->len;
  guint n_threads = MIN (MAX_THREADS, n_files);
  GThread *threads[MAX_THREADS];
  Sending sending = { .ml = ml, .folder = folder, .name = name, .base = base, .target = target };
  gulong handler = 0;

  sending.cancellable = g_cancellable_new ();
  sending.sent = g_new0 (goffset, n_files);
  sending.n_threads = n_threads;
  g_mutex_init (&sending.target_lock);
  g_mutex_init (&sending.lock);
  g_cond_init (&sending.changed);
  if (cancellable != NULL)
    handler
        = g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), sending.cancellable, NULL);

  for (guint i = 0; i < n_threads; i++)
    threads[i] = g_thread_new ("lw-code-upload", send_files, &sending);
  follow (&sending, progress, user_data);
  for (guint i = 0; i < n_threads; i++)
    g_thread_join (threads[i]);

  g_cancellable_disconnect (cancellable, handler);
  g_cond_clear (&sending.changed);
  g_mutex_clear (&sending.lock);
  g_mutex_clear (&sending.target_lock);
  g_free (sending.sent);
  g_object_unref (sending.cancellable);
  if (sending.error == NULL)
    return TRUE;
  g_propagate_error (error, sending.error);
  return FALSE;
}

/* ---- The whole ---- */

/* Tells whoever looks into the container that the upload is complete, as azure-ai-ml does. */
static gboolean
mark_complete (const LwMl *ml, LwCodeFolder *folder, const char *name, const char *base,
               const LwCodeTarget *target, GCancellable *cancellable, GError **error)
{
  const LwCodeFile *first = g_ptr_array_index (lw_code_folder_get_files (folder), 0);
  g_autoptr (GHashTable) metadata = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *path = g_strconcat (base, "/", first->path, NULL);
  g_autofree char *url = lw_blob_join_sas (target->sas_uri, path);

  g_hash_table_insert (metadata, (gpointer) "upload_status", (gpointer) "completed");
  g_hash_table_insert (metadata, (gpointer) "name", (gpointer) name);
  g_hash_table_insert (metadata, (gpointer) "version", (gpointer) LW_CODE_VERSION);
  return lw_blob_set_metadata (ml->arm.azure, url, metadata, cancellable, error);
}

/* What was sent must be what the hash says, or later uploads would be given the wrong code. */
static gboolean
check_unchanged (LwCodeFolder *folder, const char *hash, GCancellable *cancellable, GError **error)
{
  g_autofree char *now = lw_code_folder_hash (folder, cancellable, error);

  if (now == NULL)
    return FALSE;
  if (strcmp (now, hash) == 0)
    return TRUE;
  g_set_error_literal (error, LW_ERROR, LW_ERROR_FAILED, "The code changed while it was sent");
  return FALSE;
}

static gboolean
upload (const LwMl *ml, LwCodeFolder *folder, const char *name, const char *hash, char **code_id,
        LwCodeProgressFunc progress, gpointer user_data, GCancellable *cancellable, GError **error)
{
  g_auto (LwCodeTarget) target = { NULL };
  g_autofree char *base = lw_code_dup_base (lw_code_folder_get_folder (folder));
  g_autofree char *code_uri = NULL;

  if (!lw_code_start (ml, name, &target, cancellable, error)
      || !lw_code_send (ml, folder, name, base, &target, progress, user_data, cancellable, error)
      || !mark_complete (ml, folder, name, base, &target, cancellable, error)
      || !check_unchanged (folder, hash, cancellable, error))
    return FALSE;
  code_uri = g_strdup_printf ("%s%s%s", target.blob_uri,
                              g_str_has_suffix (target.blob_uri, "/") ? "" : "/", base);
  return lw_code_register (ml, name, hash, code_uri, code_id, cancellable, error);
}

gboolean
lw_code_upload (const LwMl *ml, LwCodeFolder *folder, const char *name, char **code_id,
                gboolean *reused, LwCodeProgressFunc progress, gpointer user_data,
                GCancellable *cancellable, GError **error)
{
  g_autofree char *hash = NULL;
  g_autofree char *own_name = NULL;

  g_return_val_if_fail (ml != NULL && folder != NULL && code_id != NULL, FALSE);

  *code_id = NULL;
  if (name != NULL && !lw_ml_check_segment (name, error))
    return FALSE;
  hash = lw_code_folder_hash (folder, cancellable, error);
  if (hash == NULL)
    return FALSE;
  own_name = name != NULL ? g_strdup (name) : lw_code_make_name (hash);
  if (!lw_code_find (ml, own_name, hash, code_id, cancellable, error))
    return FALSE;
  if (reused != NULL)
    *reused = *code_id != NULL;
  return *code_id != NULL
         || upload (ml, folder, own_name, hash, code_id, progress, user_data, cancellable, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Step 5 on a worker of the pool: jobs, one job as it goes on, its files. Blocking; touches no
 * widget. */

#include "lw-results-work.h"

#include <string.h>

#include "lw-blob.h"
#include "lw-code.h"
#include "lw-error.h"
#include "lw-lab-error.h"
#include "lw-text-filter.h"

#define CANCEL_WITHIN_US (5 * 60 * (gint64) G_TIME_SPAN_SECOND)

/* ---- Values ---- */

void
lw_results_letter_free (LwResultsLetter *self)
{
  g_clear_pointer (&self->job, lw_job_free);
  g_clear_pointer (&self->run, lw_run_free);
  g_clear_pointer (&self->cluster, lw_compute_free);
  g_clear_error (&self->trouble);
  g_free (self->text);
  g_free (self);
}

static LwResultsFile *
file_new (const char *path, goffset size, const char *sas_url)
{
  LwResultsFile *self = g_new0 (LwResultsFile, 1);

  self->path = g_strdup (path);
  self->size = size;
  self->sas_url = g_strdup (sas_url);
  return self;
}

LwResultsFile *
lw_results_file_copy (const LwResultsFile *self)
{
  return file_new (self->path, self->size, self->sas_url);
}

void
lw_results_file_free (LwResultsFile *self)
{
  g_free (self->path);
  g_free (self->sas_url);
  g_free (self);
}

void
lw_results_content_free (LwResultsContent *self)
{
  g_free (self->text);
  g_clear_object (&self->picture);
  g_free (self);
}

void
lw_results_input_free (LwResultsInput *self)
{
  g_clear_pointer (&self->target, lw_target_unref);
  g_clear_pointer (&self->record, lw_record_unref);
  g_clear_pointer (&self->clock, lw_clock_unref);
  g_clear_pointer (&self->files, g_ptr_array_unref);
  g_clear_pointer (&self->mailbox, lw_mailbox_unref);
  g_clear_object (&self->destination);
  g_free (self->data_host);
  g_free (self->job);
  g_free (self->snapshot_id);
  g_free (self);
}

static const LwMl *
get_ml (LwResultsInput *input)
{
  return lw_target_get_ml (input->target);
}

/* The host of the data plane is told by the workspace alone. */
static gboolean
ensure_host (LwResultsInput *input, GCancellable *cancellable, GError **error)
{
  g_autoptr (LwWorkspace) workspace = NULL;
  GError *local_error = NULL;

  if (input->data_host != NULL)
    return TRUE;
  workspace = lw_ml_get_workspace (get_ml (input), cancellable, &local_error);
  if (workspace != NULL)
    input->data_host = g_strdup (workspace->data_host);
  if (input->data_host == NULL && local_error == NULL)
    g_set_error_literal (&local_error, LW_ERROR, LW_ERROR_NOT_FOUND, get_ml (input)->workspace);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, local_error);
  return FALSE;
}

/* ---- Jobs ---- */

gpointer
lw_results_list_in_pool (gpointer data, GCancellable *cancellable, GError **error)
{
  return lw_job_list (get_ml (data), cancellable, error);
}

static void
follow_cb (const LwFollowEvent *event, gpointer user_data)
{
  LwResultsInput *input = user_data;
  LwResultsLetter *letter = g_new0 (LwResultsLetter, 1);

  letter->job = event->job != NULL ? lw_job_copy (event->job) : NULL;
  letter->run = event->run != NULL ? lw_run_copy (event->run) : NULL;
  letter->cluster = event->cluster != NULL ? lw_compute_copy (event->cluster) : NULL;
  letter->trouble = event->trouble != NULL ? g_error_copy (event->trouble) : NULL;
  letter->text = g_strdup (event->new_text);
  letter->restarted = event->log_restarted;
  letter->has_gap = event->has_gap;
  letter->phase_since_us = event->phase_since_us;
  lw_mailbox_post (input->mailbox, letter);
}

/* The moment is kept once, and only of the job that the record is about. */
static gboolean
save_ended (LwResultsInput *input, GError **error)
{
  g_autofree char *job = lw_record_dup (input->record, LW_RECORD_JOB);

  if (g_strcmp0 (job, input->job) != 0
      || lw_record_get_time (input->record, LW_RECORD_JOB_ENDED) != 0)
    return TRUE;
  return lw_record_set_time (input->record, LW_RECORD_JOB_ENDED,
                             lw_clock_get_now_us (input->clock), error);
}

gpointer
lw_results_follow_in_pool (gpointer data, GCancellable *cancellable, GError **error)
{
  LwResultsInput *input = data;
  g_autoptr (LwJob) job = NULL;
  g_autoptr (LwJob) last = NULL;
  GError *local_error = NULL;

  if (!ensure_host (input, cancellable, error))
    return NULL;
  /* Which compute to look at while it waits. */
  job = lw_job_get (get_ml (input), input->job, cancellable, &local_error);
  if (job == NULL && local_error == NULL)
    g_set_error_literal (&local_error, LW_LAB_ERROR, LW_LAB_ERROR_JOB_UNKNOWN, input->job);
  if (job == NULL)
    {
      g_propagate_error (error, local_error);
      return NULL;
    }
  last = lw_log_follow (get_ml (input), input->data_host, input->job, job->compute, TRUE, follow_cb,
                        input, cancellable, error);
  if (last == NULL || !save_ended (input, error))
    return NULL;
  return g_steal_pointer (&last);
}

gpointer
lw_results_cancel_in_pool (gpointer data, GCancellable *cancellable, GError **error)
{
  LwResultsInput *input = data;

  if (!lw_job_cancel (get_ml (input), input->job, CANCEL_WITHIN_US, cancellable, error))
    return NULL;
  return lw_job_get (get_ml (input), input->job, cancellable, error);
}

gpointer
lw_results_review_in_pool (gpointer data, GCancellable *cancellable, GError **error)
{
  LwResultsInput *input = data;

  lw_record_set (input->record, error, LW_RECORD_JOB_REVIEWED, input->job, NULL);
  return NULL;
}

gpointer
lw_results_list_metrics_in_pool (gpointer data, GCancellable *cancellable, GError **error)
{
  LwResultsInput *input = data;

  if (!ensure_host (input, cancellable, error))
    return NULL;
  return lw_run_list_metrics (get_ml (input), input->data_host, input->job, cancellable, error);
}

/* ---- Lists of files ---- */

/* Where a file can be read. Links of artifacts last a while only, so each use asks again. */
static char *
dup_url (LwResultsInput *input, const LwResultsFile *file, GCancellable *cancellable,
         GError **error)
{
  if (file->sas_url != NULL)
    return g_strdup (file->sas_url);
  if (!ensure_host (input, cancellable, error))
    return NULL;
  return lw_run_get_artifact_url (get_ml (input), input->data_host, input->job, file->path,
                                  cancellable, error);
}

/* A nicety: a length that is not told is not shown. Returns: %FALSE only after a cancel. */
static gboolean
ask_size (LwResultsInput *input, LwResultsFile *file, GCancellable *cancellable, GError **error)
{
  g_autofree char *url = dup_url (input, file, cancellable, NULL);
  g_auto (LwBlobRange) range = { 0 };

  if (url != NULL
      && lw_blob_read_range (get_ml (input)->arm.azure, url, 0, 1, &range, cancellable, NULL)
      && range.exists)
    file->size = range.total;
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

gpointer
lw_results_list_outputs_in_pool (gpointer data, GCancellable *cancellable, GError **error)
{
  LwResultsInput *input = data;
  g_autoptr (GPtrArray) artifacts = NULL;
  g_autoptr (GPtrArray) files
      = g_ptr_array_new_with_free_func ((GDestroyNotify) lw_results_file_free);

  if (!ensure_host (input, cancellable, error))
    return NULL;
  artifacts = lw_run_list_artifacts (get_ml (input), input->data_host, input->job, NULL,
                                     cancellable, error);
  if (artifacts == NULL)
    return NULL;
  for (guint i = 0; i < artifacts->len; i++)
    {
      const LwArtifact *artifact = g_ptr_array_index (artifacts, i);

      g_ptr_array_add (files, file_new (artifact->path, -1, NULL));
      if (i < LW_RESULTS_MAX_SIZES
          && !ask_size (input, g_ptr_array_index (files, i), cancellable, error))
        return NULL;
    }
  return g_steal_pointer (&files);
}

gpointer
lw_results_list_code_in_pool (gpointer data, GCancellable *cancellable, GError **error)
{
  LwResultsInput *input = data;
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GPtrArray) files
      = g_ptr_array_new_with_free_func ((GDestroyNotify) lw_results_file_free);

  if (!ensure_host (input, cancellable, error))
    return NULL;
  entries = lw_code_list (get_ml (input), input->data_host, input->snapshot_id, cancellable, error);
  if (entries == NULL)
    return NULL;
  for (guint i = 0; i < entries->len; i++)
    {
      const LwCodeEntry *entry = g_ptr_array_index (entries, i);

      g_ptr_array_add (files, file_new (entry->path, entry->size, entry->sas_url));
    }
  return g_steal_pointer (&files);
}

/* ---- One file ---- */

static gboolean
is_picture (const char *path)
{
  static const char *const endings[] = { ".png", ".jpg", ".jpeg" };
  g_autofree char *lower = g_ascii_strdown (path, -1);

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (lower, endings[i]))
      return TRUE;
  return FALSE;
}

/* Whether it looks like something to be read: no NUL in its beginning. */
static gboolean
is_text (const char *data, gsize length)
{
  return memchr (data, '\0', MIN (length, 4096)) == NULL;
}

static gboolean
read_range (LwResultsInput *input, const char *url, goffset offset, gsize max_length,
            LwBlobRange *range, GCancellable *cancellable, GError **error)
{
  if (!lw_blob_read_range (get_ml (input)->arm.azure, url, offset, max_length, range, cancellable,
                           error))
    return FALSE;
  if (range->exists)
    return TRUE;
  g_set_error_literal (error, LW_ERROR, LW_ERROR_NOT_FOUND, "blob");
  return FALSE;
}

/* Pieces small enough that a hostile header is met before much is unpacked. */
#define PICTURE_PIECE 8192

static void
size_prepared_cb (GdkPixbufLoader *loader, int width, int height, gboolean *too_large)
{
  *too_large = (gint64) width * height > LW_RESULTS_MAX_PIXELS;
}

/* Returns: (nullable): NULL when it is no picture or one of too many pixels. */
static GdkPixbuf *
decode_picture (const GByteArray *bytes)
{
  g_autoptr (GdkPixbufLoader) loader = gdk_pixbuf_loader_new ();
  gboolean too_large = FALSE;
  gboolean ok = TRUE;
  GdkPixbuf *picture;

  g_signal_connect (loader, "size-prepared", G_CALLBACK (size_prepared_cb), &too_large);
  for (gsize at = 0; ok && !too_large && at < bytes->len; at += PICTURE_PIECE)
    ok = gdk_pixbuf_loader_write (loader, bytes->data + at, MIN (PICTURE_PIECE, bytes->len - at),
                                  NULL);
  ok = gdk_pixbuf_loader_close (loader, NULL) && ok && !too_large;
  picture = ok ? gdk_pixbuf_loader_get_pixbuf (loader) : NULL;
  return picture != NULL ? g_object_ref (picture) : NULL;
}

static gboolean
read_picture (LwResultsInput *input, const char *url, LwResultsContent *content,
              GCancellable *cancellable, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  for (;;)
    {
      g_auto (LwBlobRange) range = { 0 };
      gsize length = 0;
      gconstpointer data;

      if (!read_range (input, url, bytes->len, LW_BLOB_BLOCK_SIZE, &range, cancellable, error))
        return FALSE;
      content->total = range.total;
      data = range.data != NULL ? g_bytes_get_data (range.data, &length) : NULL;
      if (range.total > LW_RESULTS_MAX_PICTURE)
        return TRUE;
      if (length > 0)
        g_byte_array_append (bytes, data, (guint) length);
      if (length == 0 || bytes->len >= range.total)
        break;
    }
  content->picture = decode_picture (bytes);
  return TRUE;
}

/* The beginning tells what it is and how long; of a long text the end is what is looked for. */
static gboolean
read_text (LwResultsInput *input, const char *url, LwResultsContent *content,
           GCancellable *cancellable, GError **error)
{
  g_auto (LwBlobRange) range = { 0 };
  g_auto (LwBlobRange) end = { 0 };
  const LwBlobRange *shown = &range;
  gsize length = 0;
  gconstpointer data;

  if (!read_range (input, url, 0, LW_RESULTS_MAX_TEXT, &range, cancellable, error))
    return FALSE;
  content->total = range.total;
  data = range.data != NULL ? g_bytes_get_data (range.data, &length) : "";
  if (length > 0 && !is_text (data, length))
    return TRUE;
  content->is_cut = range.total > LW_RESULTS_MAX_TEXT;
  if (content->is_cut)
    {
      if (!read_range (input, url, range.total - LW_RESULTS_MAX_TEXT, LW_RESULTS_MAX_TEXT, &end,
                       cancellable, error))
        return FALSE;
      shown = &end;
      data = end.data != NULL ? g_bytes_get_data (shown->data, &length) : "";
    }
  content->text = lw_text_filter_once (data, length);
  return TRUE;
}

gpointer
lw_results_read_in_pool (gpointer data, GCancellable *cancellable, GError **error)
{
  LwResultsInput *input = data;
  const LwResultsFile *file = g_ptr_array_index (input->files, 0);
  g_autofree char *url = dup_url (input, file, cancellable, error);
  LwResultsContent *content = NULL;
  gboolean ok;

  if (url == NULL)
    return NULL;
  content = g_new0 (LwResultsContent, 1);
  ok = is_picture (file->path) ? read_picture (input, url, content, cancellable, error)
                               : read_text (input, url, content, cancellable, error);
  if (ok)
    return content;
  lw_results_content_free (content);
  return NULL;
}

/* ---- Saving ---- */

static gboolean
save_file (LwResultsInput *input, const LwResultsFile *file, GFile *destination,
           LwResultsSaved *saved, GCancellable *cancellable, GError **error)
{
  g_autofree char *url = dup_url (input, file, cancellable, error);
  goffset length = 0;

  if (url == NULL
      || !lw_blob_download (get_ml (input)->arm.azure, url, destination, &length, cancellable,
                            error))
    return FALSE;
  saved->n_files++;
  saved->bytes += length;
  return TRUE;
}

static gboolean
make_folder (GFile *file, GCancellable *cancellable, GError **error)
{
  g_autoptr (GFile) folder = g_file_get_parent (file);
  GError *local_error = NULL;

  if (g_file_make_directory_with_parents (folder, cancellable, &local_error)
      || g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_EXISTS))
    {
      g_clear_error (&local_error);
      return TRUE;
    }
  g_propagate_error (error, local_error);
  return FALSE;
}

gpointer
lw_results_save_in_pool (gpointer data, GCancellable *cancellable, GError **error)
{
  LwResultsInput *input = data;
  g_autofree LwResultsSaved *saved = g_new0 (LwResultsSaved, 1);

  if (!save_file (input, g_ptr_array_index (input->files, 0), input->destination, saved,
                  cancellable, error))
    return NULL;
  return g_steal_pointer (&saved);
}

/* Paths were checked to stay inside a folder when they were listed. */
gpointer
lw_results_save_all_in_pool (gpointer data, GCancellable *cancellable, GError **error)
{
  LwResultsInput *input = data;
  g_autofree LwResultsSaved *saved = g_new0 (LwResultsSaved, 1);

  if (input->files->len == 0)
    {
      g_set_error_literal (error, LW_ERROR, LW_ERROR_NOT_FOUND, input->job);
      return NULL;
    }
  for (guint i = 0; i < input->files->len; i++)
    {
      const LwResultsFile *file = g_ptr_array_index (input->files, i);
      g_autoptr (GFile) to = g_file_resolve_relative_path (input->destination, file->path);

      if (!make_folder (to, cancellable, error)
          || !save_file (input, file, to, saved, cancellable, error))
        return NULL;
    }
  return g_steal_pointer (&saved);
}

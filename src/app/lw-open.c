/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Taking up work with a cloud: HTTP engine, lab, newest record, earlier sign-in. Blocking; runs on
 * a worker. */

#include "lw-open.h"

#include "config.h"
#include "lw-account-file.h"
#include "lw-error.h"
#include "lw-lab-error.h"

void
lw_open_request_free (LwOpenRequest *self)
{
  g_free (self->cloud_id);
  g_free (self->proxy);
  g_free (self->ca_file);
  g_free (self->store_label);
  g_clear_object (&self->lab_file);
  g_clear_object (&self->state_dir);
  g_clear_object (&self->record_dir);
  g_clear_pointer (&self->store, lw_token_store_unref);
  g_clear_pointer (&self->clock, lw_clock_unref);
  g_free (self);
}

void
lw_opened_free (LwOpened *self)
{
  g_clear_pointer (&self->account, lw_account_unref);
  g_clear_pointer (&self->subscription, lw_subscription_free);
  g_clear_pointer (&self->http, lw_http_unref);
  g_clear_pointer (&self->record, lw_record_unref);
  g_clear_pointer (&self->lab, lw_lab_unref);
  g_clear_error (&self->account_error);
  g_clear_error (&self->record_error);
  g_free (self);
}

static gboolean
set_aside (GFile *file, LwOpened *opened, GError **error)
{
  g_autoptr (GFile) place = lw_record_set_aside (file, error);

  if (place == NULL)
    return FALSE;
  if (opened->record_error == NULL)
    opened->record_error = g_error_new_literal (LW_LAB_ERROR, LW_LAB_ERROR_RECORD_DAMAGED,
                                                g_file_peek_path (place));
  return TRUE;
}

/* Returns: FALSE to stop: a record that cannot be told is not passed over silently. */
static gboolean
try_record (GFile *file, const LwOpenRequest *request, LwOpened *opened, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (LwRecord) record = lw_record_load (file, &local_error);
  g_autofree char *cloud_id = NULL;

  if (g_error_matches (local_error, LW_ERROR, LW_ERROR_MALFORMED)
      || g_error_matches (local_error, LW_ERROR, LW_ERROR_TOO_LARGE))
    return set_aside (file, opened, error);
  if (g_error_matches (local_error, LW_ERROR, LW_ERROR_NEWER_VERSION))
    {
      if (opened->record_error == NULL)
        opened->record_error = g_steal_pointer (&local_error);
      return TRUE;
    }
  if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return TRUE;
  if (record == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  cloud_id = lw_record_dup (record, LW_RECORD_CLOUD);
  if (g_strcmp0 (cloud_id, request->cloud_id) == 0)
    opened->record = g_steal_pointer (&record);
  return TRUE;
}

static gboolean
find_record (const LwOpenRequest *request, LwOpened *opened, GError **error)
{
  g_autoptr (GPtrArray) files = lw_record_list (request->record_dir, error);

  if (files == NULL)
    return FALSE;
  for (guint i = 0; i < files->len && opened->record == NULL; i++)
    if (!try_record (g_ptr_array_index (files, i), request, opened, error))
      return FALSE;
  return TRUE;
}

static void
resume_account (const LwOpenRequest *request, LwOpened *opened, GCancellable *cancellable)
{
  g_autoptr (LwAccountInfo) info
    = lw_account_file_load (request->state_dir, request->cloud_id, &opened->subscription);
  const LwCloud *cloud = lw_cloud_get (request->cloud_id);

  if (info == NULL)
    return;
  if (cloud == NULL)
    cloud = lw_cloud_get_public ();
  opened->account = lw_account_resume (cloud, opened->http, request->store, request->store_label,
                                       info, cancellable, &opened->account_error);
}

gpointer
lw_open_cloud (gpointer data, GCancellable *cancellable, GError **error)
{
  const LwOpenRequest *request = data;
  g_autoptr (LwOpened) opened = g_new0 (LwOpened, 1);
  const LwHttpOptions options = {
    .proxy = request->proxy,
    .ca_file = request->ca_file,
    .user_agent = "Labwalk/" LW_VERSION,
  };

  opened->http = lw_http_new (&options, request->clock, error);
  if (opened->http == NULL)
    return NULL;
  opened->lab = lw_lab_load (request->lab_file, error);
  if (opened->lab == NULL || !find_record (request, opened, error))
    return NULL;
  resume_account (request, opened, cancellable);
  return g_steal_pointer (&opened);
}

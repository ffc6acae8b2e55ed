/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The code of a job, read back as a tree (content/v2.0 of the data plane). No state, any thread. */

#include "lw-code-private.h"

#include <string.h>

#include "lw-error.h"
#include "lw-run-private.h"

void
lw_code_entry_free (LwCodeEntry *self)
{
  if (self == NULL)
    return;
  g_free (self->path);
  g_free (self->sas_url);
  g_free (self);
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const LwCodeEntry *first = *(LwCodeEntry *const *) a;
  const LwCodeEntry *second = *(LwCodeEntry *const *) b;

  return strcmp (first->path, second->path);
}

static void
add_entry (GPtrArray *entries, LwJson node, const char *path)
{
  LwCodeEntry *entry = g_new0 (LwCodeEntry, 1);

  entry->path = g_strdup (path);
  entry->size = MAX (lw_json_get_int (node, "sizeBytes", 0), 0);
  entry->sas_url = g_strdup (lw_json_get_string (node, "sasUrl", NULL));
  if (entry->sas_url == NULL)
    entry->sas_url = g_strdup (lw_json_get_string (node, "absoluteUrl", ""));
  g_ptr_array_add (entries, entry);
}

/* As deep as the document, which is bounded. */
static gboolean
add_tree (GPtrArray *entries, LwJson node, const char *prefix, GError **error)
{
  LwJson children = lw_json_member (node, "children");
  g_auto (GStrv) names = lw_json_members (children);

  for (guint i = 0; names[i] != NULL; i++)
    {
      LwJson child = lw_json_member (children, names[i]);
      g_autofree char *path = g_strconcat (prefix, names[i], NULL);
      gboolean is_directory
          = g_ascii_strcasecmp (lw_json_get_string (child, "type", "File"), "Directory") == 0;

      if (entries->len == LW_CODE_MAX_FILES)
        {
          g_set_error (error, LW_ERROR, LW_ERROR_TOO_LARGE, "more than %d files",
                       LW_CODE_MAX_FILES);
          return FALSE;
        }
      if (is_directory)
        {
          g_autofree char *below = g_strconcat (path, "/", NULL);

          if (!add_tree (entries, child, below, error))
            return FALSE;
        }
      else if (lw_run_is_safe_path (path))
        add_entry (entries, child, path);
    }
  return TRUE;
}

GPtrArray *
lw_code_entries_parse (LwJson root, GError **error)
{
  g_autoptr (GPtrArray) entries
      = g_ptr_array_new_with_free_func ((GDestroyNotify) lw_code_entry_free);

  if (!add_tree (entries, root, "", error))
    return NULL;
  g_ptr_array_sort (entries, compare_entries);
  return g_steal_pointer (&entries);
}

GPtrArray *
lw_code_list (const LwMl *ml, const char *data_host, const char *snapshot_id,
              GCancellable *cancellable, GError **error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (LwJsonDocument) document = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autofree char *url = NULL;
  LwAzureCall call = { 0 };

  g_return_val_if_fail (ml != NULL && data_host != NULL && snapshot_id != NULL, NULL);

  json_builder_begin_object (builder);
  lw_ml_set_string (builder, "snapshotOrAssetId", snapshot_id);
  json_builder_end_object (builder);
  body = lw_json_builder_to_bytes (builder);
  url = lw_run_dup_url (ml, data_host, "content/v2.0", "snapshots/sas");
  call = lw_run_call (ml, "POST", url);
  call.body = body;
  call.repeat_post = TRUE;
  document = lw_azure_send_json (ml->arm.azure, &call, cancellable, error);
  if (document == NULL)
    return NULL;
  return lw_code_entries_parse (lw_json_document_get_root (document), error);
}

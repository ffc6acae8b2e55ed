/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A lab as data. Everything is read, checked and copied while loading (lw-lab-read.c), so that the
 * getters only point. Immutable afterwards; any thread; ends with its last reference. */

#include "lw-lab-private.h"

#include <string.h>

#include "lw-error.h"
#include "lw-file.h"

/* Limits: "Naming rules and restrictions for Azure resources", and the descriptions of
 * Compute_CreateOrUpdate and Workspaces_CreateOrUpdate. */
const LwLabNameKind lw_lab_names[LW_N_LAB_NAMES] = {
  [LW_LAB_NAME_GROUP] = { "group", "resource_group", 90 },
  [LW_LAB_NAME_WORKSPACE] = { "workspace", "workspace", 33 },
  [LW_LAB_NAME_STORAGE] = { "storage", "storage_account", 24 },
  [LW_LAB_NAME_VAULT] = { "vault", "key_vault", 24 },
  [LW_LAB_NAME_INSIGHTS] = { "insights", "application_insights", 255 },
  [LW_LAB_NAME_LOGS] = { "logs", "log_analytics", 63 },
  [LW_LAB_NAME_INSTANCE] = { "instance", "compute_instance", 24 },
  [LW_LAB_NAME_CLUSTER] = { "cluster", "compute_cluster", 16 },
};

static const char *const step_ids[LW_N_STEPS] = {
  [LW_STEP_SIGN_IN] = "sign-in", [LW_STEP_PROVISION] = "provision", [LW_STEP_SCRIPT] = "script",
  [LW_STEP_JOB] = "job",         [LW_STEP_RESULTS] = "results",     [LW_STEP_CLEAN_UP] = "clean-up",
};

const char *
lw_step_kind_get_id (LwStepKind kind)
{
  g_return_val_if_fail ((guint) kind < LW_N_STEPS, NULL);

  return step_ids[kind];
}

static void
order_free (LwLabOrder *self)
{
  g_free (self->home);
  g_strfreev (self->regions);
  g_free (self);
}

LwLab *
lw_lab_load (GFile *file, GError **error)
{
  g_autoptr (LwLab) self = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (LwJsonDocument) document = NULL;
  g_autoptr (GError) local = NULL;

  g_return_val_if_fail (G_IS_FILE (file), NULL);

  bytes = lw_file_read (file, LW_LAB_MAX_SIZE, &local);
  if (bytes == NULL)
    {
      if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
        g_set_error_literal (error, LW_ERROR, LW_ERROR_NOT_FOUND, local->message);
      else
        g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  document = lw_json_parse (bytes, error);
  if (document == NULL)
    return NULL;
  self = g_new0 (LwLab, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->orders = g_ptr_array_new_with_free_func ((GDestroyNotify) order_free);
  if (!lw_lab_read (self, lw_json_document_get_root (document), file, error))
    return NULL;
  return g_steal_pointer (&self);
}

LwLab *
lw_lab_ref (LwLab *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
lw_lab_unref (LwLab *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->id);
  g_clear_pointer (&self->titles, g_hash_table_unref);
  for (guint i = 0; i < LW_N_LAB_NAMES; i++)
    g_free (self->names[i]);
  g_free (self->group_prefix);
  g_strfreev (self->vm_sizes);
  g_clear_pointer (&self->homes_by_territory, g_hash_table_unref);
  g_clear_pointer (&self->homes_by_language, g_hash_table_unref);
  g_ptr_array_unref (self->orders);
  g_clear_object (&self->folder);
  g_free (self->code_folder);
  g_strfreev (self->paths);
  g_free (self->notebook);
  g_free (self->flat_script);
  g_free (self->script);
  g_free (self->data);
  g_free (self->archive);
  g_free (self->archive_code_folder);
  g_strfreev (self->modules);
  g_strfreev (self->arguments);
  g_free (self->last_line);
  g_free (self->break_line);
  g_free (self->command);
  g_strfreev (self->environments);
  g_free (self->display_name);
  g_free (self->experiment);
  g_free (self->log);
  g_free (self);
}

/* ---- Getters ---- */

const char *
lw_lab_get_id (LwLab *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->id;
}

/* "ko_KR.UTF-8" and "ko-KR" to "ko" and "KR"; either may be missing. */
static void
split_locale (const char *locale, char **language, char **territory)
{
  gsize length = strcspn (locale, "_-.@");

  *language = g_ascii_strdown (locale, (gssize) length);
  *territory = NULL;
  if (locale[length] == '_' || locale[length] == '-')
    *territory = g_ascii_strup (locale + length + 1,
                                (gssize) strcspn (locale + length + 1, "_-.@"));
}

const char *
lw_lab_get_title (LwLab *self, const char *locale)
{
  g_autofree char *language = NULL;
  g_autofree char *territory = NULL;
  const char *title;

  g_return_val_if_fail (self != NULL, NULL);

  split_locale (locale != NULL ? locale : "en", &language, &territory);
  title = g_hash_table_lookup (self->titles, language);
  return title != NULL ? title : g_hash_table_lookup (self->titles, "en");
}

int
lw_lab_get_minutes (LwLab *self, LwStepKind kind)
{
  g_return_val_if_fail ((guint) kind < LW_N_STEPS, 0);

  return self->minutes[kind];
}

const char *
lw_lab_get_group_prefix (LwLab *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->group_prefix;
}

guint
lw_lab_get_suffix_length (LwLab *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->suffix_length;
}

char *
lw_lab_dup_name (LwLab *self, const char *what, const char *suffix)
{
  g_return_val_if_fail (what != NULL, NULL);
  g_return_val_if_fail (suffix != NULL, NULL);

  for (guint i = 0; i < LW_N_LAB_NAMES; i++)
    {
      g_autoptr (GString) name = NULL;

      if (!g_str_equal (lw_lab_names[i].what, what))
        continue;
      name = g_string_new (self->names[i]);
      g_string_replace (name, LW_LAB_SUFFIX_MARK, suffix, 1);
      if (name->len > lw_lab_names[i].limit)
        g_string_truncate (name, lw_lab_names[i].limit);
      return g_string_free (g_steal_pointer (&name), FALSE);
    }
  g_return_val_if_reached (NULL);
}

int
lw_lab_get_max_nodes (LwLab *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->max_nodes;
}

int
lw_lab_get_fewest_nodes (LwLab *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->fewest_nodes;
}

int
lw_lab_get_idle_minutes (LwLab *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->idle_minutes;
}

const char *const *
lw_lab_get_vm_sizes (LwLab *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return (const char *const *) self->vm_sizes;
}

const char *const *
lw_lab_get_regions (LwLab *self, const char *locale)
{
  g_autofree char *language = NULL;
  g_autofree char *territory = NULL;
  const char *home;
  const LwLabOrder *order;

  g_return_val_if_fail (self != NULL, NULL);

  split_locale (locale != NULL ? locale : "", &language, &territory);
  home = g_hash_table_lookup (self->homes_by_language, language);
  if (home == NULL && territory != NULL)
    home = g_hash_table_lookup (self->homes_by_territory, territory);
  order = g_ptr_array_index (self->orders, 0);
  for (guint i = 1; home != NULL && i < self->orders->len; i++)
    if (g_strcmp0 (((LwLabOrder *) g_ptr_array_index (self->orders, i))->home, home) == 0)
      order = g_ptr_array_index (self->orders, i);
  return (const char *const *) order->regions;
}

GFile *
lw_lab_get_folder (LwLab *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->folder;
}

const char *const *
lw_lab_get_paths (LwLab *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return (const char *const *) self->paths;
}

const char *
lw_lab_get_code_folder (LwLab *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->code_folder;
}

const char *
lw_lab_get_notebook (LwLab *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->notebook;
}

const char *
lw_lab_get_flat_script (LwLab *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->flat_script;
}

const char *
lw_lab_get_script (LwLab *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->script;
}

const char *
lw_lab_get_data (LwLab *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->data;
}

const char *
lw_lab_get_archive (LwLab *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->archive;
}

const char *
lw_lab_get_archive_code_folder (LwLab *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->archive_code_folder;
}

const char *const *
lw_lab_get_modules (LwLab *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return (const char *const *) self->modules;
}

const char *const *
lw_lab_get_arguments (LwLab *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return (const char *const *) self->arguments;
}

const char *
lw_lab_get_last_line (LwLab *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->last_line;
}

const char *
lw_lab_get_break_line (LwLab *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->break_line;
}

const char *
lw_lab_get_command (LwLab *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->command;
}

const char *const *
lw_lab_get_environments (LwLab *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return (const char *const *) self->environments;
}

const char *
lw_lab_get_display_name (LwLab *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->display_name;
}

const char *
lw_lab_get_experiment (LwLab *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->experiment;
}

const char *
lw_lab_get_log (LwLab *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->log;
}

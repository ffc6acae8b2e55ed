/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Everything that can be asked before anything is made. One run lives on the stack of the calling
 * thread; nothing is kept. Which region and size is chosen: lw-preflight-region.c. */

#include <string.h>

#include "lw-lab-error.h"
#include "lw-plan.h"
#include "lw-preflight-private.h"

#define ML_PROVIDER "Microsoft.MachineLearningServices"

/* Registration takes from seconds to some minutes. */
#define REGISTER_POLL_US (5 * (gint64) G_TIME_SPAN_SECOND)

static const char *const providers[] = {
  ML_PROVIDER, "Microsoft.Storage", "Microsoft.KeyVault", "Microsoft.Insights",
  "Microsoft.OperationalInsights", NULL,
};

/* What the walk through a lab does, from the first group to its deletion. */
static const char *const actions[] = {
  "Microsoft.Resources/subscriptions/resourceGroups/write",
  "Microsoft.Resources/subscriptions/resourceGroups/delete",
  "Microsoft.Storage/storageAccounts/write",
  "Microsoft.KeyVault/vaults/write",
  "Microsoft.OperationalInsights/workspaces/write",
  "Microsoft.Insights/components/write",
  "Microsoft.MachineLearningServices/workspaces/write",
  "Microsoft.MachineLearningServices/workspaces/computes/write",
  "Microsoft.MachineLearningServices/workspaces/jobs/write",
  NULL,
};

void
lw_preflight_result_free (LwPreflightResult *self)
{
  if (self == NULL)
    return;
  g_free (self->region);
  g_free (self->vm_size);
  g_clear_pointer (&self->candidates, g_ptr_array_unref);
  g_free (self);
}

const char *const *
lw_preflight_get_providers (void)
{
  return providers;
}

/* ---- Telling ---- */

void
lw_preflight_tell (const LwPreflight *self, LwCheckKind check, LwCheckState state,
                   const char *detail, const GError *error)
{
  if (self->func != NULL)
    self->func (check, state, detail, error, self->user_data);
}

static LwClock *
get_clock (const LwPreflight *self)
{
  return lw_azure_get_clock (self->request->arm.azure);
}

/* ---- Subscription and permission ---- */

static gboolean
check_subscription (LwPreflight *self, GError **error)
{
  const char *state = self->request->subscription->state;
  gboolean enabled = g_ascii_strcasecmp (state, "Enabled") == 0;

  if (!enabled && g_ascii_strcasecmp (state, "Warned") != 0
      && g_ascii_strcasecmp (state, "PastDue") != 0)
    {
      g_set_error_literal (error, LW_LAB_ERROR, LW_LAB_ERROR_SUBSCRIPTION_OFF, state);
      return FALSE;
    }
  lw_preflight_tell (self, LW_CHECK_SUBSCRIPTION, enabled ? LW_CHECK_OK : LW_CHECK_WARNING, state,
                     NULL);
  return TRUE;
}

/* Which one it is that may not be done; the answer to all of them does not say. */
static const char *
find_missing_action (LwPreflight *self)
{
  for (guint i = 0; actions[i] != NULL; i++)
    {
      const char *const one[] = { actions[i], NULL };
      gboolean allowed = FALSE;

      if (!lw_arm_may (&self->request->arm, one, &allowed, self->cancellable, NULL) || !allowed)
        return actions[i];
    }
  return actions[0];
}

static gboolean
check_permission (LwPreflight *self, GError **error)
{
  g_autoptr (GError) local = NULL;
  gboolean allowed = FALSE;

  if (!lw_arm_may (&self->request->arm, actions, &allowed, self->cancellable, &local))
    {
      /* Not to know is no reason to stop: the create call will tell. */
      if (!lw_lab_error_is_answer (local))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
      lw_preflight_tell (self, LW_CHECK_PERMISSION, LW_CHECK_WARNING, NULL, local);
      return TRUE;
    }
  if (!allowed)
    {
      g_set_error_literal (error, LW_LAB_ERROR, LW_LAB_ERROR_PERMISSION_MISSING,
                           find_missing_action (self));
      return FALSE;
    }
  lw_preflight_tell (self, LW_CHECK_PERMISSION, LW_CHECK_OK, NULL, NULL);
  return TRUE;
}

/* ---- Providers ---- */

/* @waiting: gets the name while the provider is not registered */
static gboolean
look_at_provider (LwPreflight *self, const char *provider, gboolean may_register,
                  GPtrArray *waiting, GError **error)
{
  gboolean is_ml = g_str_equal (provider, ML_PROVIDER);
  g_autoptr (GPtrArray) locations = NULL;
  g_autofree char *state
    = lw_arm_get_provider_state (&self->request->arm, provider, is_ml ? "workspaces" : NULL,
                                 is_ml ? &locations : NULL, self->cancellable, error);

  if (state == NULL)
    return FALSE;
  if (locations != NULL && self->regions_of_service == NULL)
    self->regions_of_service = g_steal_pointer (&locations);
  if (g_ascii_strcasecmp (state, "Registered") == 0)
    return TRUE;
  g_ptr_array_add (waiting, (gpointer) provider);
  if (!may_register || g_ascii_strcasecmp (state, "Registering") == 0)
    return TRUE;
  return lw_arm_register_provider (&self->request->arm, provider, self->cancellable, error);
}

static gboolean
look_at_providers (LwPreflight *self, const char *const *names, gboolean may_register,
                   GPtrArray *waiting, GError **error)
{
  for (; *names != NULL; names++)
    {
      lw_preflight_tell (self, LW_CHECK_PROVIDERS, LW_CHECK_RUNNING, *names, NULL);
      if (!look_at_provider (self, *names, may_register, waiting, error))
        return FALSE;
    }
  return TRUE;
}

static char *
join_names (GPtrArray *names)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < names->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "",
                            (const char *) g_ptr_array_index (names, i));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
check_providers (LwPreflight *self, GError **error)
{
  g_autoptr (GPtrArray) waiting = g_ptr_array_new ();
  gint64 deadline_us
    = lw_clock_get_monotonic_us (get_clock (self)) + LW_PREFLIGHT_MAX_REGISTER_US;
  g_autofree char *names = NULL;

  if (!look_at_providers (self, providers, TRUE, waiting, error))
    return FALSE;
  while (waiting->len > 0 && lw_clock_get_monotonic_us (get_clock (self)) < deadline_us)
    {
      g_autoptr (GPtrArray) asked = g_steal_pointer (&waiting);

      if (!lw_clock_wait (get_clock (self), REGISTER_POLL_US, self->cancellable, error))
        return FALSE;
      waiting = g_ptr_array_new ();
      g_ptr_array_add (asked, NULL);
      if (!look_at_providers (self, (const char *const *) asked->pdata, FALSE, waiting, error))
        return FALSE;
    }
  names = waiting->len > 0 ? join_names (waiting) : NULL;
  lw_preflight_tell (self, LW_CHECK_PROVIDERS, names == NULL ? LW_CHECK_OK : LW_CHECK_WARNING,
                     names, NULL);
  return TRUE;
}

/* ---- Names ---- */

static gboolean
set_taken (GError **error, const char *name)
{
  g_set_error_literal (error, LW_LAB_ERROR, LW_LAB_ERROR_NAME_TAKEN, name);
  return FALSE;
}

/* @ours: (out): the group is there and was made by this very attempt */
static gboolean
check_group (LwPreflight *self, gboolean *ours, GError **error)
{
  g_autofree char *name = lw_record_dup (self->request->record, LW_RECORD_GROUP);
  g_autofree char *suffix = lw_record_dup (self->request->record, LW_RECORD_SUFFIX);
  g_autoptr (GError) local = NULL;
  g_autoptr (LwGroup) group
    = lw_arm_get_group (&self->request->arm, name, self->cancellable, &local);
  const char *attempt;

  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  *ours = FALSE;
  if (group == NULL)
    return TRUE;
  attempt = group->tags != NULL ? g_hash_table_lookup (group->tags, LW_PLAN_TAG_ATTEMPT) : NULL;
  *ours = g_strcmp0 (attempt, suffix) == 0;
  if (*ours && g_ascii_strcasecmp (group->state, "Deleting") != 0)
    return TRUE;
  g_set_error_literal (error, LW_LAB_ERROR,
                       *ours ? LW_LAB_ERROR_NAME_TAKEN : LW_LAB_ERROR_GROUP_FOREIGN, name);
  return FALSE;
}

static gboolean
check_name (LwPreflight *self, const char *provider, const char *key, GError **error)
{
  g_autofree char *name = lw_record_dup (self->request->record, key);
  gboolean is_free = FALSE;

  lw_preflight_tell (self, LW_CHECK_NAMES, LW_CHECK_RUNNING, name, NULL);
  if (!lw_arm_is_name_free (&self->request->arm, provider, name, &is_free, self->cancellable,
                            error))
    return FALSE;
  return is_free ? TRUE : set_taken (error, name);
}

/* Vaults_CheckNameAvailability knows of deleted vaults of other people too; the list tells our own
 * where a region is slow to say so. It is often refused to students. */
static gboolean
check_deleted_vault (LwPreflight *self, GError **error)
{
  g_autofree char *name = lw_record_dup (self->request->record, LW_RECORD_VAULT);
  g_autoptr (GError) local = NULL;
  g_autoptr (GPtrArray) vaults
    = lw_arm_list_deleted_vaults (&self->request->arm, self->cancellable, &local);

  if (vaults == NULL && lw_lab_error_is_answer (local))
    return TRUE;
  if (vaults == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  for (guint i = 0; i < vaults->len; i++)
    if (g_ascii_strcasecmp (((LwDeletedVault *) g_ptr_array_index (vaults, i))->name, name) == 0)
      return set_taken (error, name);
  return TRUE;
}

static gboolean
check_names (LwPreflight *self, GError **error)
{
  gboolean ours = FALSE;

  if (!check_group (self, &ours, error))
    return FALSE;
  /* In a group of ours these names are taken by ourselves. */
  if (!ours
      && (!check_name (self, "storage", LW_RECORD_STORAGE, error)
          || !check_name (self, "vault", LW_RECORD_VAULT, error)
          || !check_deleted_vault (self, error)))
    return FALSE;
  lw_preflight_tell (self, LW_CHECK_NAMES, LW_CHECK_OK, NULL, NULL);
  return TRUE;
}

/* ---- All of them ---- */

static gboolean (*const checks[LW_N_CHECKS]) (LwPreflight *, GError **) = {
  [LW_CHECK_SUBSCRIPTION] = check_subscription,
  [LW_CHECK_PERMISSION] = check_permission,
  [LW_CHECK_PROVIDERS] = check_providers,
  [LW_CHECK_REGION] = lw_preflight_check_region,
  [LW_CHECK_NAMES] = check_names,
};

static gboolean
run_check (LwPreflight *self, LwCheckKind check, GError **error)
{
  GError *failure = NULL;

  lw_preflight_tell (self, check, LW_CHECK_RUNNING, NULL, NULL);
  if (checks[check](self, &failure))
    return TRUE;
  lw_preflight_tell (self, check, LW_CHECK_FAILED, NULL, failure);
  g_propagate_error (error, failure);
  return FALSE;
}

static LwPreflightResult *
make_result (LwPreflight *self)
{
  LwPreflightResult *result = g_new0 (LwPreflightResult, 1);

  result->region = g_strdup (self->chosen->region);
  result->vm_size = g_strdup (self->chosen->vm_size);
  result->max_nodes = self->chosen->max_nodes;
  result->price_per_hour = self->chosen->price_per_hour;
  result->candidates = g_ptr_array_ref (self->candidates);
  return result;
}

LwPreflightResult *
lw_preflight_run (const LwPreflightRequest *request, GPtrArray **rejected, LwPreflightFunc func,
                  gpointer user_data, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) candidates = NULL;
  LwPreflight self = { .request = request,
                       .func = func,
                       .user_data = user_data,
                       .cancellable = cancellable };
  gboolean ok = TRUE;

  g_return_val_if_fail (request != NULL, NULL);
  g_return_val_if_fail (request->lab != NULL && request->record != NULL, NULL);
  g_return_val_if_fail (request->subscription != NULL, NULL);

  candidates = g_ptr_array_new_with_free_func ((GDestroyNotify) lw_candidate_free);
  self.candidates = candidates;
  for (guint check = 0; ok && check < LW_N_CHECKS; check++)
    ok = run_check (&self, check, error);
  g_clear_pointer (&self.regions_of_service, g_ptr_array_unref);
  if (ok)
    return make_result (&self);
  if (rejected != NULL)
    *rejected = g_steal_pointer (&candidates);
  return NULL;
}

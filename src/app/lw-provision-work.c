/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Step 2 on a worker of the pool: preflight, creation, and a look at what stands. The record is
 * written here too, as it is synced to the disk before anything is created. Blocking; touches no
 * widget. */

#include "lw-provision-work.h"

void
lw_provision_letter_free (LwProvisionLetter *self)
{
  g_clear_pointer (&self->item, lw_plan_item_free);
  g_free (self->detail);
  g_free (self);
}

void
lw_provision_input_free (LwProvisionInput *self)
{
  g_clear_pointer (&self->target, lw_target_unref);
  g_clear_pointer (&self->azure, lw_azure_unref);
  g_clear_pointer (&self->lab, lw_lab_unref);
  g_clear_pointer (&self->record, lw_record_unref);
  g_clear_pointer (&self->clock, lw_clock_unref);
  g_clear_pointer (&self->subscription, lw_subscription_free);
  g_clear_pointer (&self->rejected, g_ptr_array_unref);
  g_clear_pointer (&self->mailbox, lw_mailbox_unref);
  g_strfreev (self->excluded);
  g_free (self->locale);
  g_free (self->region);
  g_free (self->vm_size);
  g_free (self);
}

static void
check_changed (LwCheckKind check, LwCheckState state, const char *detail, const GError *error,
               gpointer user_data)
{
  LwProvisionInput *input = user_data;
  LwProvisionLetter *letter = g_new0 (LwProvisionLetter, 1);

  letter->check = check;
  letter->state = state;
  letter->detail = g_strdup (detail);
  lw_mailbox_post (input->mailbox, letter);
}

static void
item_changed (const LwPlanItem *item, gpointer user_data)
{
  LwProvisionInput *input = user_data;
  LwProvisionLetter *letter = g_new0 (LwProvisionLetter, 1);

  letter->item = lw_plan_item_copy (item);
  lw_mailbox_post (input->mailbox, letter);
}

gpointer
lw_provision_check_in_pool (gpointer data, GCancellable *cancellable, GError **error)
{
  LwProvisionInput *input = data;
  LwPreflightRequest request = {
    .arm = *lw_target_get_arm (input->target),
    .lab = input->lab,
    .subscription = input->subscription,
    .locale = input->locale,
    .region = input->region,
    .vm_size = input->vm_size,
    .record = input->record,
    .excluded = (const char *const *) input->excluded,
  };

  return lw_preflight_run (&request, &input->rejected, check_changed, input, cancellable, error);
}

static gboolean
is_ready (GPtrArray *items)
{
  for (guint i = 0; i < items->len; i++)
    {
      const LwPlanItem *item = g_ptr_array_index (items, i);

      if (item->state != LW_PLAN_READY)
        return FALSE;
    }
  return items->len > 0;
}

/* The moment is kept once: looking again later does not make the lab younger. */
static gboolean
save_done (LwProvisionInput *input, GError **error)
{
  if (lw_record_get_time (input->record, LW_RECORD_PROVISION_DONE) != 0)
    return TRUE;
  return lw_record_set_time (input->record, LW_RECORD_PROVISION_DONE,
                             lw_clock_get_now_us (input->clock), error);
}

static gboolean
save_choice (LwProvisionInput *input, GError **error)
{
  g_autofree char *max_nodes = g_strdup_printf ("%d", input->max_nodes);
  const LwArm *arm = lw_target_get_arm (input->target);
  const LwAccountInfo *account = lw_account_get_info (lw_azure_get_account (input->azure));

  if (input->region != NULL
      && !lw_record_set (input->record, error, LW_RECORD_REGION, input->region,
                         LW_RECORD_VM_SIZE, input->vm_size, LW_RECORD_MAX_NODES, max_nodes,
                         LW_RECORD_ACCOUNT, account->account_id, LW_RECORD_TENANT, arm->tenant_id,
                         LW_RECORD_SUBSCRIPTION, arm->subscription_id, NULL))
    return FALSE;
  if (lw_record_get_time (input->record, LW_RECORD_PROVISION_STARTED) != 0)
    return TRUE;
  return lw_record_set_time (input->record, LW_RECORD_PROVISION_STARTED,
                             lw_clock_get_now_us (input->clock), error);
}

gpointer
lw_provision_create_in_pool (gpointer data, GCancellable *cancellable, GError **error)
{
  LwProvisionInput *input = data;
  g_autoptr (LwPlan) plan = NULL;

  if (!save_choice (input, error))
    return NULL;
  plan = lw_plan_new (input->azure, input->lab, input->record, error);
  if (plan == NULL)
    return NULL;
  if (!lw_plan_run (plan, item_changed, input, cancellable, error) || !save_done (input, error))
    return NULL;
  return lw_plan_get_items (plan);
}

gpointer
lw_provision_look_in_pool (gpointer data, GCancellable *cancellable, GError **error)
{
  LwProvisionInput *input = data;
  g_autoptr (LwPlan) plan = lw_plan_new (input->azure, input->lab, input->record, error);
  g_autoptr (GPtrArray) items = NULL;

  if (plan == NULL)
    return NULL;
  if (!lw_plan_look (plan, item_changed, input, cancellable, error))
    return NULL;
  items = lw_plan_get_items (plan);
  if (is_ready (items) && !save_done (input, error))
    return NULL;
  return g_steal_pointer (&items);
}

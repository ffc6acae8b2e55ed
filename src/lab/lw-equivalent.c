/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The last action in the words of the Azure CLI and of the Python SDK. Pure functions, any
 * thread. */

#include "lw-equivalent.h"

#include <string.h>

void
lw_equivalent_clear (LwEquivalent *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->az, g_free);
  g_clear_pointer (&self->python, g_free);
}

/* ---- Quoting ---- */

/* Words that no shell changes stay bare, so that a person can read them. */
static gboolean
is_plain (const char *text)
{
  static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                              "-_./:=@,+%";

  return *text != '\0' && *text != '-' && text[strspn (text, plain)] == '\0';
}

static void
add_word (GString *out, const char *word)
{
  g_autofree char *quoted = is_plain (word) ? NULL : g_shell_quote (word);

  g_string_append (out, quoted != NULL ? quoted : word);
}

/* " --option value" */
static void
add_option (GString *out, const char *option, const char *value)
{
  g_string_append_printf (out, " \\\n  --%s ", option);
  add_word (out, value);
}

static void
add_number (GString *out, const char *option, int value)
{
  g_string_append_printf (out, " \\\n  --%s %d", option, value);
}

/* A string literal of Python, and of YAML (double-quoted flow scalar) too: both take these
 * escapes. */
static void
add_literal (GString *out, const char *text)
{
  g_string_append_c (out, '"');
  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar character = g_utf8_get_char (c);

      if (character == '"' || character == '\\')
        g_string_append_c (out, '\\');
      if (character == '\n')
        g_string_append (out, "\\n");
      else if (character < 0x20 || character == 0x7F)
        g_string_append_printf (out, "\\x%02x", character);
      else
        g_string_append_unichar (out, character);
    }
  g_string_append_c (out, '"');
}

static void
add_argument (GString *out, const char *name, const char *value)
{
  g_string_append_printf (out, "    %s=", name);
  add_literal (out, value);
  g_string_append (out, ",\n");
}

static void
take (LwEquivalent *equivalent, GString *az, GString *python)
{
  equivalent->az = g_string_free (az, FALSE);
  equivalent->python = g_string_free (python, FALSE);
}

/* ---- Parts that several need ---- */

static void
add_workspace_options (GString *out, const LwMl *ml)
{
  add_option (out, "resource-group", ml->group);
  add_option (out, "workspace-name", ml->workspace);
  add_option (out, "subscription", ml->arm.subscription_id);
}

static void
add_client (GString *out, const char *subscription_id, const char *group, const char *workspace)
{
  g_string_append (out, "from azure.ai.ml import MLClient\n"
                        "from azure.identity import InteractiveBrowserCredential\n\n"
                        "ml_client = MLClient(\n"
                        "    InteractiveBrowserCredential(),\n");
  add_argument (out, "subscription_id", subscription_id);
  add_argument (out, "resource_group_name", group);
  add_argument (out, "workspace_name", workspace);
  g_string_append (out, ")\n");
}

/* ---- Sign-in ---- */

void
lw_equivalent_sign_in (const char *tenant_id, const char *subscription_id,
                       LwEquivalent *equivalent)
{
  GString *az, *python;

  g_return_if_fail (tenant_id != NULL && subscription_id != NULL && equivalent != NULL);

  az = g_string_new ("az login");
  python = g_string_new ("from azure.identity import InteractiveBrowserCredential\n"
                         "from azure.mgmt.resource import SubscriptionClient\n\n"
                         "credential = InteractiveBrowserCredential(\n");
  add_option (az, "tenant", tenant_id);
  g_string_append (az, "\naz account set");
  add_option (az, "subscription", subscription_id);
  g_string_append_c (az, '\n');
  add_argument (python, "tenant_id", tenant_id);
  g_string_append (python, ")\nprint(SubscriptionClient(credential).subscriptions.get(");
  add_literal (python, subscription_id);
  g_string_append (python, ").display_name)\n");
  take (equivalent, az, python);
}

/* ---- Plan ---- */

typedef struct
{
  const char *subscription_id;
  const char *region;
  const char *vm_size;
  int max_nodes;
  int idle_minutes;
  const LwPlanItem *items[LW_N_PLAN_ITEMS];
} PlanWords;

static const char *
get_name (const PlanWords *words, LwPlanKind kind)
{
  return words->items[kind]->name;
}

static void
add_in_group (GString *az, const PlanWords *words)
{
  add_option (az, "resource-group", get_name (words, LW_PLAN_GROUP));
  add_option (az, "location", words->region);
}

static void
add_base_az (GString *az, const PlanWords *words)
{
  g_string_append (az, "az account set");
  add_option (az, "subscription", words->subscription_id);
  g_string_append (az, "\naz group create");
  add_option (az, "name", get_name (words, LW_PLAN_GROUP));
  add_option (az, "location", words->region);
  g_string_append (az, "\naz storage account create");
  add_option (az, "name", get_name (words, LW_PLAN_STORAGE));
  add_in_group (az, words);
  add_option (az, "sku", "Standard_LRS");
  g_string_append (az, "\naz keyvault create");
  add_option (az, "name", get_name (words, LW_PLAN_VAULT));
  add_in_group (az, words);
  g_string_append (az, "\naz monitor log-analytics workspace create");
  add_option (az, "workspace-name", get_name (words, LW_PLAN_LOGS));
  add_in_group (az, words);
  g_string_append (az, "\naz monitor app-insights component create");
  add_option (az, "app", get_name (words, LW_PLAN_INSIGHTS));
  add_in_group (az, words);
  add_option (az, "workspace", words->items[LW_PLAN_LOGS]->id);
}

static void
add_ml_az (GString *az, const PlanWords *words)
{
  g_autofree char *idle
    = g_strdup_printf ("idle_time_before_shutdown_minutes=%d", words->idle_minutes);

  g_string_append (az, "\naz ml workspace create");
  add_option (az, "name", get_name (words, LW_PLAN_WORKSPACE));
  add_in_group (az, words);
  add_option (az, "storage-account", words->items[LW_PLAN_STORAGE]->id);
  add_option (az, "key-vault", words->items[LW_PLAN_VAULT]->id);
  add_option (az, "application-insights", words->items[LW_PLAN_INSIGHTS]->id);
  g_string_append (az, "\naz ml compute create");
  add_option (az, "name", get_name (words, LW_PLAN_INSTANCE));
  add_option (az, "type", "ComputeInstance");
  add_option (az, "size", words->vm_size);
  add_option (az, "resource-group", get_name (words, LW_PLAN_GROUP));
  add_option (az, "workspace-name", get_name (words, LW_PLAN_WORKSPACE));
  add_option (az, "set", idle);
  g_string_append (az, "\naz ml compute create");
  add_option (az, "name", get_name (words, LW_PLAN_CLUSTER));
  add_option (az, "type", "AmlCompute");
  add_option (az, "size", words->vm_size);
  add_number (az, "min-instances", 0);
  add_number (az, "max-instances", words->max_nodes);
  add_option (az, "resource-group", get_name (words, LW_PLAN_GROUP));
  add_option (az, "workspace-name", get_name (words, LW_PLAN_WORKSPACE));
  g_string_append_c (az, '\n');
}

/* azure-ai-ml makes workspace and computes; what these stand on is made by the commands above. */
static void
add_ml_python (GString *python, const PlanWords *words)
{
  add_client (python, words->subscription_id, get_name (words, LW_PLAN_GROUP),
              get_name (words, LW_PLAN_WORKSPACE));
  g_string_append (python, "\nfrom azure.ai.ml.entities import AmlCompute, ComputeInstance, "
                           "Workspace\n\nml_client.workspaces.begin_create(Workspace(\n");
  add_argument (python, "name", get_name (words, LW_PLAN_WORKSPACE));
  add_argument (python, "location", words->region);
  add_argument (python, "storage_account", words->items[LW_PLAN_STORAGE]->id);
  add_argument (python, "key_vault", words->items[LW_PLAN_VAULT]->id);
  add_argument (python, "application_insights", words->items[LW_PLAN_INSIGHTS]->id);
  g_string_append (python, ")).result()\n"
                           "instance = ml_client.compute.begin_create_or_update("
                           "ComputeInstance(\n");
  add_argument (python, "name", get_name (words, LW_PLAN_INSTANCE));
  add_argument (python, "size", words->vm_size);
  g_string_append_printf (python, "    idle_time_before_shutdown_minutes=%d,\n))\n",
                          words->idle_minutes);
  g_string_append (python, "cluster = ml_client.compute.begin_create_or_update(AmlCompute(\n");
  add_argument (python, "name", get_name (words, LW_PLAN_CLUSTER));
  add_argument (python, "size", words->vm_size);
  g_string_append_printf (python, "    min_instances=0,\n    max_instances=%d,\n))\n",
                          words->max_nodes);
  g_string_append (python, "instance.result()\ncluster.result()\n");
}

void
lw_equivalent_plan (const char *subscription_id, const char *region, const char *vm_size,
                    int max_nodes, int idle_minutes, GPtrArray *items, LwEquivalent *equivalent)
{
  PlanWords words = { subscription_id, region, vm_size, max_nodes, idle_minutes, { NULL } };
  GString *az, *python;

  g_return_if_fail (subscription_id != NULL && region != NULL && vm_size != NULL);
  g_return_if_fail (items != NULL && equivalent != NULL);

  for (guint i = 0; i < items->len; i++)
    {
      const LwPlanItem *item = g_ptr_array_index (items, i);

      words.items[item->kind] = item;
    }
  for (guint kind = 0; kind < LW_N_PLAN_ITEMS; kind++)
    g_return_if_fail (words.items[kind] != NULL);
  az = g_string_new (NULL);
  python = g_string_new (NULL);
  add_base_az (az, &words);
  add_ml_az (az, &words);
  add_ml_python (python, &words);
  take (equivalent, az, python);
}

/* ---- Job ---- */

static void
add_yaml (GString *out, const char *member, const char *value)
{
  g_string_append_printf (out, "%s: ", member);
  add_literal (out, value);
  g_string_append_c (out, '\n');
}

/* The CLI takes a job as a YAML file only. Within the quoted delimiter the shell changes nothing,
 * and no line of the document can be the delimiter, as every value stands in quotes on one line. */
static void
add_job_az (GString *az, const LwMl *ml, const char *name, const char *folder,
            const LwJobSpec *spec)
{
  g_autofree char *compute = g_strconcat ("azureml:", spec->compute, NULL);

  g_string_append (az, "az ml job create");
  add_workspace_options (az, ml);
  add_option (az, "name", name);
  g_string_append (az, " \\\n  --file /dev/stdin <<'EOF'\n"
                       "$schema: https://azuremlschemas.azureedge.net/latest/"
                       "commandJob.schema.json\ntype: command\n");
  add_yaml (az, "code", folder);
  add_yaml (az, "command", spec->command);
  add_yaml (az, "environment", spec->environment);
  add_yaml (az, "compute", compute);
  add_yaml (az, "display_name", spec->display_name);
  add_yaml (az, "experiment_name", spec->experiment_name);
  g_string_append (az, "EOF\n");
}

static void
add_job_python (GString *python, const LwMl *ml, const char *name, const char *folder,
                const LwJobSpec *spec)
{
  const char *environment = g_str_has_prefix (spec->environment, "azureml:")
                              ? spec->environment + strlen ("azureml:")
                              : spec->environment;

  add_client (python, ml->arm.subscription_id, ml->group, ml->workspace);
  g_string_append (python, "\nfrom azure.ai.ml import command\n\njob = command(\n");
  add_argument (python, "name", name);
  add_argument (python, "code", folder);
  add_argument (python, "command", spec->command);
  add_argument (python, "environment", environment);
  add_argument (python, "compute", spec->compute);
  add_argument (python, "display_name", spec->display_name);
  add_argument (python, "experiment_name", spec->experiment_name);
  g_string_append (python, ")\nreturned_job = ml_client.create_or_update(job)\n"
                           "print(returned_job.studio_url)\n");
}

void
lw_equivalent_job (const LwMl *ml, const char *name, const char *folder, const LwJobSpec *spec,
                   LwEquivalent *equivalent)
{
  GString *az, *python;

  g_return_if_fail (ml != NULL && name != NULL && folder != NULL && spec != NULL);
  g_return_if_fail (equivalent != NULL);

  az = g_string_new (NULL);
  python = g_string_new (NULL);
  add_job_az (az, ml, name, folder, spec);
  add_job_python (python, ml, name, folder, spec);
  take (equivalent, az, python);
}

void
lw_equivalent_follow (const LwMl *ml, const char *job, LwEquivalent *equivalent)
{
  GString *az, *python;

  g_return_if_fail (ml != NULL && job != NULL && equivalent != NULL);

  az = g_string_new ("az ml job stream");
  python = g_string_new (NULL);
  add_option (az, "name", job);
  add_workspace_options (az, ml);
  g_string_append (az, "\naz ml job show");
  add_option (az, "name", job);
  add_workspace_options (az, ml);
  g_string_append_c (az, '\n');
  add_client (python, ml->arm.subscription_id, ml->group, ml->workspace);
  g_string_append (python, "\nml_client.jobs.stream(");
  add_literal (python, job);
  g_string_append (python, ")\nprint(ml_client.jobs.get(");
  add_literal (python, job);
  g_string_append (python, ").status)\n");
  take (equivalent, az, python);
}

/* ---- Deletion ---- */

void
lw_equivalent_delete (const char *subscription_id, const char *group, const char *workspace,
                      LwEquivalent *equivalent)
{
  GString *az, *python;

  g_return_if_fail (subscription_id != NULL && group != NULL && equivalent != NULL);

  az = g_string_new (NULL);
  python = g_string_new (NULL);
  if (workspace != NULL)
    {
      g_string_append (az, "az ml workspace delete --permanently-delete --yes");
      add_option (az, "name", workspace);
      add_option (az, "resource-group", group);
      add_option (az, "subscription", subscription_id);
      g_string_append_c (az, '\n');
      add_client (python, subscription_id, group, workspace);
      g_string_append (python, "\nml_client.workspaces.begin_delete(\n");
      add_argument (python, "name", workspace);
      g_string_append (python, "    delete_dependent_resources=False,\n"
                               "    permanently_delete=True,\n).result()\n\n");
    }
  g_string_append (az, "az group delete --yes");
  add_option (az, "name", group);
  add_option (az, "subscription", subscription_id);
  g_string_append (az, "\naz group exists");
  add_option (az, "name", group);
  add_option (az, "subscription", subscription_id);
  g_string_append_c (az, '\n');
  g_string_append (python, "from azure.identity import InteractiveBrowserCredential\n"
                           "from azure.mgmt.resource import ResourceManagementClient\n\n"
                           "client = ResourceManagementClient(InteractiveBrowserCredential(), ");
  add_literal (python, subscription_id);
  g_string_append (python, ")\nclient.resource_groups.begin_delete(");
  add_literal (python, group);
  g_string_append (python, ").result()\nprint(client.resource_groups.check_existence(");
  add_literal (python, group);
  g_string_append (python, "))\n");
  take (equivalent, az, python);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Compute instances and clusters of a workspace (Compute_* 2025-12-01). No state, any thread. */

#include "lw-ml-private.h"

#include <string.h>

#include "lw-error.h"

/* How long a node stays after its last job: what the Azure CLI sets. */
#define NODE_IDLE_TIME "PT2M"

/* Errors of one compute that are kept. */
#define MAX_ERRORS 20

/* ---- Bodies ---- */

/* Leaves the innermost object open. */
static JsonBuilder *
begin_compute (const char *location, const char *type, const char *vm_size)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  lw_ml_set_string (builder, "location", location);
  lw_ml_open (builder, "properties");
  lw_ml_set_string (builder, "computeType", type);
  lw_ml_open (builder, "properties");
  lw_ml_set_string (builder, "vmSize", vm_size);
  json_builder_set_member_name (builder, "enableNodePublicIp");
  json_builder_add_boolean_value (builder, TRUE);
  return builder;
}

static GBytes *
end_compute (JsonBuilder *builder)
{
  for (guint i = 0; i < 3; i++)
    json_builder_end_object (builder);
  return lw_json_builder_to_bytes (builder);
}

static void
set_idle_time (JsonBuilder *builder, int minutes)
{
  g_autofree char *duration = g_strdup_printf ("PT%dM", minutes);

  lw_ml_set_string (builder, "idleTimeBeforeShutdown", duration);
}

GBytes *
lw_ml_build_instance (const char *location, const char *vm_size, int idle_minutes)
{
  g_autoptr (JsonBuilder) builder = NULL;

  g_return_val_if_fail (location != NULL && vm_size != NULL, NULL);
  g_return_val_if_fail (
      idle_minutes == 0
          || (idle_minutes >= LW_ML_MIN_IDLE_MINUTES && idle_minutes <= LW_ML_MAX_IDLE_MINUTES),
      NULL);

  builder = begin_compute (location, "ComputeInstance", vm_size);
  lw_ml_set_string (builder, "applicationSharingPolicy", "Personal");
  lw_ml_set_string (builder, "computeInstanceAuthorizationType", "personal");
  lw_ml_open (builder, "sshSettings");
  lw_ml_set_string (builder, "sshPublicAccess", "Disabled");
  json_builder_end_object (builder);
  if (idle_minutes > 0)
    set_idle_time (builder, idle_minutes);
  return end_compute (builder);
}

GBytes *
lw_ml_build_cluster (const char *location, const char *vm_size, int max_nodes)
{
  g_autoptr (JsonBuilder) builder = NULL;

  g_return_val_if_fail (location != NULL && vm_size != NULL, NULL);
  g_return_val_if_fail (max_nodes > 0, NULL);

  builder = begin_compute (location, "AmlCompute", vm_size);
  lw_ml_set_string (builder, "osType", "Linux");
  lw_ml_set_string (builder, "vmPriority", "Dedicated");
  lw_ml_set_string (builder, "remoteLoginPortPublicAccess", "NotSpecified");
  lw_ml_open (builder, "scaleSettings");
  json_builder_set_member_name (builder, "minNodeCount");
  json_builder_add_int_value (builder, 0);
  json_builder_set_member_name (builder, "maxNodeCount");
  json_builder_add_int_value (builder, max_nodes);
  lw_ml_set_string (builder, "nodeIdleTimeBeforeScaleDown", NODE_IDLE_TIME);
  json_builder_end_object (builder);
  return end_compute (builder);
}

/* ---- Answers ---- */

static gpointer
copy_string (gconstpointer string, gpointer user_data)
{
  return g_strdup (string);
}

LwCompute *
lw_compute_copy (const LwCompute *self)
{
  LwCompute *copy = g_memdup2 (self, sizeof *self);

  copy->name = g_strdup (self->name);
  copy->state = g_strdup (self->state);
  copy->vm_size = g_strdup (self->vm_size);
  copy->instance_state = g_strdup (self->instance_state);
  copy->idle_shutdown = g_strdup (self->idle_shutdown);
  copy->allocation_state = g_strdup (self->allocation_state);
  copy->errors = g_ptr_array_copy (self->errors, copy_string, NULL);
  copy->endpoint = g_strdup (self->endpoint);
  copy->last_operation = g_strdup (self->last_operation);
  copy->last_status = g_strdup (self->last_status);
  copy->last_trigger = g_strdup (self->last_trigger);
  return copy;
}

void
lw_compute_free (LwCompute *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->state);
  g_free (self->vm_size);
  g_free (self->instance_state);
  g_free (self->idle_shutdown);
  g_free (self->allocation_state);
  g_clear_pointer (&self->errors, g_ptr_array_unref);
  g_free (self->endpoint);
  g_free (self->last_operation);
  g_free (self->last_status);
  g_free (self->last_trigger);
  g_free (self);
}

static LwComputeKind
kind_from_type (const char *type)
{
  if (g_ascii_strcasecmp (type, "ComputeInstance") == 0)
    return LW_COMPUTE_INSTANCE;
  if (g_ascii_strcasecmp (type, "AmlCompute") == 0)
    return LW_COMPUTE_CLUSTER;
  return LW_COMPUTE_OTHER;
}

/* Errors come as {"error": {…}} or bare. */
static void
add_errors (GPtrArray *errors, LwJson array)
{
  for (guint i = 0; i < lw_json_length (array) && errors->len < MAX_ERRORS; i++)
    {
      LwJson item = lw_json_element (array, i);
      LwJson inner = lw_json_member (item, "error");
      LwJson told = lw_json_is_present (inner) ? inner : item;
      const char *code = lw_json_get_string (told, "code", "");
      const char *message = lw_json_get_string (told, "message", "");

      if (*code != '\0' || *message != '\0')
        g_ptr_array_add (errors,
                         g_strdup_printf ("%s%s%s", code,
                                          *code != '\0' && *message != '\0' ? ": " : "", message));
    }
}

static int
get_count (LwJson json, const char *name)
{
  return (int) CLAMP (lw_json_get_int (json, name, -1), -1, G_MAXINT);
}

static void
parse_instance (LwCompute *self, LwJson inner)
{
  LwJson last = lw_json_member (inner, "lastOperation");
  LwJson application = lw_json_element (lw_json_member (inner, "applications"), 0);
  const char *uri = lw_json_get_string (application, "endpointUri", NULL);

  self->instance_state = g_strdup (lw_json_get_string (inner, "state", NULL));
  self->idle_shutdown = g_strdup (lw_json_get_string (inner, "idleTimeBeforeShutdown", NULL));
  self->endpoint = uri != NULL ? lw_ml_dup_origin (uri) : NULL;
  self->last_operation = g_strdup (lw_json_get_string (last, "operationName", NULL));
  self->last_status = g_strdup (lw_json_get_string (last, "operationStatus", NULL));
  self->last_trigger = g_strdup (lw_json_get_string (last, "operationTrigger", NULL));
  self->last_us = lw_json_get_time_us (last, "operationTime");
}

static void
parse_cluster (LwCompute *self, LwJson inner)
{
  self->allocation_state = g_strdup (lw_json_get_string (inner, "allocationState", NULL));
  self->nodes = get_count (inner, "currentNodeCount");
  self->target_nodes = get_count (inner, "targetNodeCount");
  self->max_nodes = get_count (lw_json_member (inner, "scaleSettings"), "maxNodeCount");
}

LwCompute *
lw_compute_parse (LwJson json, GError **error)
{
  g_autoptr (LwCompute) self = g_new0 (LwCompute, 1);
  GError *local_error = NULL;
  LwJson properties;
  LwJson inner;

  self->name = g_strdup (lw_json_need_string (json, "name", &local_error));
  if (!lw_json_need_object (json, "properties", &properties, &local_error))
    {
      g_propagate_error (error, local_error);
      return NULL;
    }
  inner = lw_json_member (properties, "properties");
  self->kind = kind_from_type (lw_json_get_string (properties, "computeType", ""));
  self->state = g_strdup (lw_json_get_string (properties, "provisioningState", "Unknown"));
  self->created_us = lw_json_get_time_us (properties, "createdOn");
  self->vm_size = g_strdup (lw_json_get_string (inner, "vmSize", ""));
  self->nodes = self->target_nodes = self->max_nodes = -1;
  self->errors = g_ptr_array_new_with_free_func (g_free);
  add_errors (self->errors, lw_json_member (properties, "provisioningErrors"));
  add_errors (self->errors, lw_json_member (inner, "errors"));
  if (self->kind == LW_COMPUTE_INSTANCE)
    parse_instance (self, inner);
  else if (self->kind == LW_COMPUTE_CLUSTER)
    parse_cluster (self, inner);
  return g_steal_pointer (&self);
}

gboolean
lw_compute_is_idle (const LwCompute *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->kind == LW_COMPUTE_CLUSTER && g_ascii_strcasecmp (self->state, "Succeeded") == 0
         && self->allocation_state != NULL
         && g_ascii_strcasecmp (self->allocation_state, "Steady") == 0 && self->nodes == 0;
}

/* ---- Calls ---- */

static LwAzureCall
compute_call (const LwMl *ml, const char *method, const char *path)
{
  LwAzureCall call = lw_ml_call (ml, method, path);

  call.api_version = LW_API_ML_COMPUTE;
  return call;
}

LwCompute *
lw_ml_get_compute (const LwMl *ml, const char *name, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = NULL;
  g_autoptr (LwJsonDocument) document = NULL;

  g_return_val_if_fail (ml != NULL && name != NULL, NULL);

  if (!lw_ml_check_segment (name, error))
    return NULL;
  path = lw_ml_dup_path (ml, "computes", name, NULL);
  if (!lw_ml_get_json (ml, path, LW_API_ML_COMPUTE, &document, cancellable, error)
      || document == NULL)
    return NULL;
  return lw_compute_parse (lw_json_document_get_root (document), error);
}

static gboolean
add_compute (LwJson item, gpointer user_data, GError **error)
{
  LwCompute *compute = lw_compute_parse (item, error);

  if (compute == NULL)
    return FALSE;
  g_ptr_array_add (user_data, compute);
  return TRUE;
}

GPtrArray *
lw_ml_list_computes (const LwMl *ml, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) computes
      = g_ptr_array_new_with_free_func ((GDestroyNotify) lw_compute_free);
  g_autofree char *path = NULL;
  LwAzureCall call = { 0 };

  g_return_val_if_fail (ml != NULL, NULL);

  path = lw_ml_dup_path (ml, "computes", NULL, NULL);
  call = compute_call (ml, "GET", path);
  if (!lw_azure_list (ml->arm.azure, &call, add_compute, computes, cancellable, error))
    return NULL;
  return g_steal_pointer (&computes);
}

gboolean
lw_ml_put_compute (const LwMl *ml, const char *name, GBytes *body, gint64 deadline_us,
                   LwLroProgressFunc progress, gpointer user_data, GCancellable *cancellable,
                   GError **error)
{
  g_autofree char *path = NULL;
  LwAzureCall call = { 0 };

  g_return_val_if_fail (ml != NULL && name != NULL && body != NULL, FALSE);

  if (!lw_ml_check_segment (name, error))
    return FALSE;
  path = lw_ml_dup_path (ml, "computes", name, NULL);
  call = compute_call (ml, "PUT", path);
  call.body = body;
  return lw_lro_run (ml->arm.azure, &call, deadline_us, progress, user_data, cancellable, error);
}

gboolean
lw_ml_set_idle_shutdown (const LwMl *ml, const char *instance, int minutes,
                         GCancellable *cancellable, GError **error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (LwHttpResponse) response = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autofree char *path = NULL;
  LwAzureCall call = { 0 };

  g_return_val_if_fail (ml != NULL && instance != NULL, FALSE);
  g_return_val_if_fail (minutes >= LW_ML_MIN_IDLE_MINUTES && minutes <= LW_ML_MAX_IDLE_MINUTES,
                        FALSE);

  if (!lw_ml_check_segment (instance, error))
    return FALSE;
  json_builder_begin_object (builder);
  set_idle_time (builder, minutes);
  json_builder_end_object (builder);
  body = lw_json_builder_to_bytes (builder);
  path = lw_ml_dup_path (ml, "computes", instance, "updateIdleShutdownSetting");
  call = compute_call (ml, "POST", path);
  call.body = body;
  call.repeat_post = TRUE;
  response = lw_azure_send (ml->arm.azure, &call, cancellable, error);
  return response != NULL;
}

gboolean
lw_ml_run_compute (const LwMl *ml, const char *instance, const char *verb, gint64 deadline_us,
                   LwLroProgressFunc progress, gpointer user_data, GCancellable *cancellable,
                   GError **error)
{
  static const char *const verbs[] = { "start", "stop", "restart", NULL };
  g_autofree char *path = NULL;
  LwAzureCall call = { 0 };

  g_return_val_if_fail (ml != NULL && instance != NULL, FALSE);
  g_return_val_if_fail (verb != NULL && g_strv_contains (verbs, verb), FALSE);

  if (!lw_ml_check_segment (instance, error))
    return FALSE;
  path = lw_ml_dup_path (ml, "computes", instance, verb);
  call = compute_call (ml, "POST", path);
  call.repeat_post = TRUE;
  return lw_lro_run (ml->arm.azure, &call, deadline_us, progress, user_data, cancellable, error);
}

gboolean
lw_ml_delete_compute (const LwMl *ml, const char *name, gint64 deadline_us,
                      LwLroProgressFunc progress, gpointer user_data, GCancellable *cancellable,
                      GError **error)
{
  static const guint gone[] = { 404, 0 };
  g_autofree char *path = NULL;
  LwAzureCall call = { 0 };

  g_return_val_if_fail (ml != NULL && name != NULL, FALSE);

  if (!lw_ml_check_segment (name, error))
    return FALSE;
  path = lw_ml_dup_path (ml, "computes", name, NULL);
  call = compute_call (ml, "DELETE", path);
  call.query = "underlyingResourceAction=Delete";
  call.accept = gone;
  return lw_lro_run (ml->arm.azure, &call, deadline_us, progress, user_data, cancellable, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Resource providers: their registration, their regions, and whether a name is free with them. No
 * state, any thread but the main one. */

#include "lw-arm-private.h"

#include <string.h>

#include "lw-api-versions.h"

/* "Korea Central" is told as a display name here, and wanted as "koreacentral" everywhere else. */
static char *
normalise_location (const char *display_name)
{
  GString *name = g_string_new (NULL);

  for (const char *c = display_name; *c != '\0'; c++)
    if (*c != ' ')
      g_string_append_c (name, g_ascii_tolower (*c));
  return g_string_free (name, FALSE);
}

static GPtrArray *
read_locations (LwJson provider, const char *type)
{
  GPtrArray *locations = g_ptr_array_new_with_free_func (g_free);
  LwJson types = lw_json_member (provider, "resourceTypes");

  for (guint i = 0; i < lw_json_length (types); i++)
    {
      LwJson element = lw_json_element (types, i);
      LwJson names = lw_json_member (element, "locations");

      if (g_ascii_strcasecmp (lw_json_get_string (element, "resourceType", ""), type) != 0)
        continue;
      for (guint j = 0; j < lw_json_length (names); j++)
        g_ptr_array_add (locations,
                         normalise_location (lw_json_as_string (lw_json_element (names, j), "")));
    }
  return locations;
}

static char *
dup_provider_path (const LwArm *arm, const char *provider_namespace, const char *tail)
{
  g_autofree char *segment = lw_azure_escape (provider_namespace);
  g_autofree char *below = g_strconcat ("/providers/", segment, tail, NULL);

  return lw_arm_dup_path (arm, NULL, below);
}

char *
lw_arm_get_provider_state (const LwArm *arm, const char *provider_namespace, const char *type,
                           GPtrArray **locations, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = NULL;
  g_autoptr (LwJsonDocument) document = NULL;
  LwAzureCall call = { 0 };
  LwJson root = { 0 };
  const char *state = NULL;

  g_return_val_if_fail (arm != NULL && provider_namespace != NULL, NULL);
  g_return_val_if_fail (locations == NULL || type != NULL, NULL);

  path = dup_provider_path (arm, provider_namespace, NULL);
  call = lw_arm_call (arm, "GET", path, LW_API_RESOURCES);
  document = lw_azure_send_json (arm->azure, &call, cancellable, error);
  if (document == NULL)
    return NULL;
  root = lw_json_document_get_root (document);
  state = lw_json_need_string (root, "registrationState", error);
  if (state == NULL)
    return NULL;
  if (locations != NULL)
    *locations = read_locations (root, type);
  return g_strdup (state);
}

gboolean
lw_arm_register_provider (const LwArm *arm, const char *provider_namespace,
                          GCancellable *cancellable, GError **error)
{
  g_autofree char *path = NULL;
  g_autoptr (LwHttpResponse) response = NULL;
  LwAzureCall call = { 0 };

  g_return_val_if_fail (arm != NULL && provider_namespace != NULL, FALSE);

  path = dup_provider_path (arm, provider_namespace, "/register");
  call = lw_arm_call (arm, "POST", path, LW_API_RESOURCES);
  call.repeat_post = TRUE;
  response = lw_azure_send (arm->azure, &call, cancellable, error);
  return response != NULL;
}

typedef struct
{
  const char *provider;
  const char *path;
  const char *type;
  const char *api_version;
} NameCheck;

static const NameCheck name_checks[] = {
  { "storage", "/providers/Microsoft.Storage/checkNameAvailability",
    "Microsoft.Storage/storageAccounts", LW_API_STORAGE },
  { "vault", "/providers/Microsoft.KeyVault/checkNameAvailability", "Microsoft.KeyVault/vaults",
    LW_API_KEY_VAULT },
};

static const NameCheck *
find_name_check (const char *provider)
{
  for (gsize i = 0; i < G_N_ELEMENTS (name_checks); i++)
    if (strcmp (name_checks[i].provider, provider) == 0)
      return &name_checks[i];
  return NULL;
}

static GBytes *
build_name_check (const char *name, const char *type)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "name");
  json_builder_add_string_value (builder, name);
  json_builder_set_member_name (builder, "type");
  json_builder_add_string_value (builder, type);
  json_builder_end_object (builder);
  return lw_json_builder_to_bytes (builder);
}

gboolean
lw_arm_is_name_free (const LwArm *arm, const char *provider, const char *name, gboolean *is_free,
                     GCancellable *cancellable, GError **error)
{
  const NameCheck *check = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autoptr (LwJsonDocument) document = NULL;
  LwAzureCall call = { 0 };

  g_return_val_if_fail (arm != NULL && provider != NULL, FALSE);
  g_return_val_if_fail (name != NULL && is_free != NULL, FALSE);

  check = find_name_check (provider);
  g_return_val_if_fail (check != NULL, FALSE);
  path = lw_arm_dup_path (arm, NULL, check->path);
  body = build_name_check (name, check->type);
  call = lw_arm_call (arm, "POST", path, check->api_version);
  call.body = body;
  call.repeat_post = TRUE;
  document = lw_azure_send_json (arm->azure, &call, cancellable, error);
  if (document == NULL)
    return FALSE;
  *is_free = lw_json_get_boolean (lw_json_document_get_root (document), "nameAvailable", FALSE);
  return TRUE;
}

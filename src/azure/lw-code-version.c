/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Code assets on the control plane: found by hash, begun, registered (CodeVersions_* 2024-04-01).
 * No state, any thread. */

#include "lw-code-private.h"

#include <string.h>

#include "lw-error.h"
#include "lw-ml-private.h"

#define DEFAULT_BASE "src"

char *
lw_code_make_name (const char *hash)
{
  static const char variants[] = "89ab";

  g_return_val_if_fail (hash != NULL && strlen (hash) >= 32, NULL);

  /* Version 8 of RFC 9562: a UUID whose bits mean what its maker wants. */
  return g_strdup_printf ("%.8s-%.4s-8%.3s-%c%.3s-%.12s", hash, hash + 8, hash + 13,
                          variants[g_ascii_xdigit_value (hash[16]) & 3], hash + 17, hash + 20);
}

char *
lw_code_dup_base (GFile *folder)
{
  g_autofree char *name = g_file_get_basename (folder);
  const char *allowed = G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-";

  if (name != NULL && *name != '.' && *name != '\0' && name[strspn (name, allowed)] == '\0')
    return g_steal_pointer (&name);
  return g_strdup (DEFAULT_BASE);
}

void
lw_code_target_clear (LwCodeTarget *self)
{
  g_clear_pointer (&self->blob_uri, g_free);
  g_clear_pointer (&self->sas_uri, g_free);
}

gboolean
lw_code_target_parse (LwJson json, LwCodeTarget *self, GError **error)
{
  LwJson reference;
  LwJson credential;

  if (!lw_json_need_object (json, "blobReferenceForConsumption", &reference, error)
      || !lw_json_need_object (reference, "credential", &credential, error))
    return FALSE;
  self->blob_uri = g_strdup (lw_json_need_string (reference, "blobUri", error));
  if (self->blob_uri == NULL)
    return FALSE;
  self->sas_uri = g_strdup (lw_json_need_string (credential, "sasUri", error));
  return self->sas_uri != NULL;
}

static char *
dup_versions_path (const LwMl *ml, const char *name, const char *action)
{
  return lw_ml_dup_path (ml, "codes", name, action);
}

/* An id of a code version of this workspace; ids differ in case between answers. */
static gboolean
is_code_id (const LwMl *ml, const char *id)
{
  g_autofree char *codes = lw_ml_dup_id (ml, "codes/");

  return id != NULL && g_ascii_strncasecmp (id, codes, strlen (codes)) == 0;
}

typedef struct
{
  const LwMl *ml;
  char *code_id; /* owned, nullable */
} Search;

static gboolean
take_first (LwJson item, gpointer user_data, GError **error)
{
  Search *search = user_data;
  const char *id = lw_json_get_string (item, "id", NULL);
  const char *state
      = lw_json_get_string (lw_json_member (item, "properties"), "provisioningState", "Succeeded");

  if (search->code_id == NULL && is_code_id (search->ml, id)
      && g_ascii_strcasecmp (state, "Succeeded") == 0)
    search->code_id = g_strdup (id);
  return TRUE;
}

gboolean
lw_code_find (const LwMl *ml, const char *name, const char *hash, char **code_id,
              GCancellable *cancellable, GError **error)
{
  g_autofree char *path = dup_versions_path (ml, name, "versions");
  g_autofree char *query = g_strdup_printf ("hash=%s&hashVersion=" LW_CODE_HASH_VERSION, hash);
  LwAzureCall call = lw_ml_call (ml, "GET", path);
  Search search = { ml, NULL };

  call.query = query;
  if (!lw_azure_list (ml->arm.azure, &call, take_first, &search, cancellable, error))
    {
      g_free (search.code_id);
      return FALSE;
    }
  *code_id = search.code_id;
  return TRUE;
}

gboolean
lw_code_start (const LwMl *ml, const char *name, LwCodeTarget *target, GCancellable *cancellable,
               GError **error)
{
  static const char text[] = "{\"pendingUploadType\":\"TemporaryBlobReference\"}";
  g_autofree char *path
      = dup_versions_path (ml, name, "versions/" LW_CODE_VERSION "/startPendingUpload");
  g_autoptr (GBytes) body = g_bytes_new_static (text, strlen (text));
  g_autoptr (LwJsonDocument) document = NULL;
  LwAzureCall call = lw_ml_call (ml, "POST", path);

  call.body = body;
  call.repeat_post = TRUE;
  document = lw_azure_send_json (ml->arm.azure, &call, cancellable, error);
  lw_code_target_clear (target);
  return document != NULL
         && lw_code_target_parse (lw_json_document_get_root (document), target, error);
}

static GBytes *
build_version (const char *hash, const char *code_uri)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  lw_ml_open (builder, "properties");
  lw_ml_open (builder, "properties");
  lw_ml_set_string (builder, "hash_sha256", hash);
  lw_ml_set_string (builder, "hash_version", LW_CODE_HASH_VERSION);
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "isAnonymous");
  json_builder_add_boolean_value (builder, TRUE);
  json_builder_set_member_name (builder, "isArchived");
  json_builder_add_boolean_value (builder, FALSE);
  lw_ml_set_string (builder, "codeUri", code_uri);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  return lw_json_builder_to_bytes (builder);
}

gboolean
lw_code_register (const LwMl *ml, const char *name, const char *hash, const char *code_uri,
                  char **code_id, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = dup_versions_path (ml, name, "versions/" LW_CODE_VERSION);
  g_autoptr (GBytes) body = build_version (hash, code_uri);
  g_autoptr (LwJsonDocument) document = NULL;
  LwAzureCall call = lw_ml_call (ml, "PUT", path);
  const char *id;

  call.body = body;
  document = lw_azure_send_json (ml->arm.azure, &call, cancellable, error);
  if (document == NULL)
    return FALSE;
  id = lw_json_get_string (lw_json_document_get_root (document), "id", NULL);
  if (is_code_id (ml, id))
    *code_id = g_strdup (id);
  else
    {
      g_autofree char *child = g_strdup_printf ("codes/%s/versions/" LW_CODE_VERSION, name);

      *code_id = lw_ml_dup_id (ml, child);
    }
  return TRUE;
}

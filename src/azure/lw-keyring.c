/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Refresh tokens in the Secret Service, by libsecret's blocking interface. Each call opens a
 * connection of its own to the service, so that one that was restarted or came late is found. The
 * simpler password calls of libsecret are not used as they do not tell a missing secret from a
 * prompt that was dismissed. No state, any thread but the main one. */

#include "lw-keyring.h"

#include <libsecret/secret.h>

#include "lw-error.h"

#define APPLICATION "io.github.labwalk.Labwalk"

/* The name of the schema is not matched: gnome-keyring does not find an item by it while the
 * keyring is locked, and would look empty then. The attribute "application" takes its place. */
static const SecretSchema schema = {
  .name = "io.github.labwalk.Token",
  .flags = SECRET_SCHEMA_DONT_MATCH_NAME,
  .attributes = {
    { "application", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "cloud", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "account", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { NULL, 0 },
  },
};

static void
set_keyring_error (GError **error, LwError code, const char *message)
{
  g_set_error_literal (error, LW_ERROR, code, message);
}

static gboolean
is_service_gone (const GError *error)
{
  return g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NO_REPLY)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_DISCONNECTED)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD)
         || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

/* The border: libsecret's errors become ours, once. @local: (transfer full) */
static void
convert_error (GError **error, GError *local)
{
  g_autoptr (GError) owned = local;

  if (g_error_matches (owned, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_propagate_error (error, g_steal_pointer (&owned));
  else if (g_error_matches (owned, SECRET_ERROR, SECRET_ERROR_IS_LOCKED))
    set_keyring_error (error, LW_ERROR_KEYRING_LOCKED, owned->message);
  else if (is_service_gone (owned))
    set_keyring_error (error, LW_ERROR_KEYRING_MISSING, owned->message);
  else
    set_keyring_error (error, LW_ERROR_FAILED, owned->message);
}

static SecretService *
open_service (GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local = NULL;
  SecretService *service = secret_service_open_sync (
      SECRET_TYPE_SERVICE, NULL, SECRET_SERVICE_OPEN_SESSION, cancellable, &local);

  if (service != NULL)
    return service;
  if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_propagate_error (error, g_steal_pointer (&local));
  else
    set_keyring_error (error, LW_ERROR_KEYRING_MISSING, local->message);
  return NULL;
}

/* A prompt that ends sooner was never before a person: the service could not show one, as in a
 * session without a desktop. */
#define SHORTEST_PROMPT_US (200 * G_TIME_SPAN_MILLISECOND)

static SecretPrompt *
open_prompt (SecretService *service, const char *path, GCancellable *cancellable, GError **error)
{
  GDBusProxy *proxy = G_DBUS_PROXY (service);

  return g_initable_new (
      SECRET_TYPE_PROMPT, cancellable, error, "g-flags", G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES,
      "g-connection", g_dbus_proxy_get_connection (proxy), "g-name", g_dbus_proxy_get_name (proxy),
      "g-object-path", path, "g-interface-name", "org.freedesktop.Secret.Prompt", NULL);
}

/* Puts the prompt at @path before the person. What the prompt answers is nothing when the person
 * said no, and when they were never asked. */
static gboolean
ask_person (SecretService *service, const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (SecretPrompt) prompt = open_prompt (service, path, cancellable, &local);
  g_autoptr (GVariant) unlocked = NULL;
  gint64 started_us = g_get_monotonic_time ();

  if (prompt != NULL)
    unlocked = secret_prompt_perform_sync (prompt, "", cancellable, G_VARIANT_TYPE ("ao"), &local);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (local != NULL)
    {
      convert_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (unlocked != NULL && g_variant_n_children (unlocked) > 0)
    return TRUE;
  if (g_get_monotonic_time () - started_us < SHORTEST_PROMPT_US)
    set_keyring_error (error, LW_ERROR_KEYRING_LOCKED, "The keyring cannot be unlocked here");
  else
    set_keyring_error (error, LW_ERROR_KEYRING_DISMISSED, "The keyring was not unlocked");
  return FALSE;
}

/* @object: a collection or an item. Not by secret_service_unlock_sync(), which in libsecret 0.20
 * fails an assertion of GLib's when it is cancelled during a prompt. */
static gboolean
unlock_object (SecretService *service, GDBusProxy *object, GCancellable *cancellable,
               GError **error)
{
  const char *const paths[] = { g_dbus_proxy_get_object_path (object), NULL };
  g_autoptr (GError) local = NULL;
  g_autoptr (GVariant) answer = NULL;
  const char *prompt = NULL;

  answer = g_dbus_proxy_call_sync (G_DBUS_PROXY (service), "Unlock", g_variant_new ("(^ao)", paths),
                                   G_DBUS_CALL_FLAGS_NONE, -1, cancellable, &local);
  if (answer == NULL || !g_variant_is_of_type (answer, G_VARIANT_TYPE ("(aoo)")))
    {
      if (local == NULL)
        g_set_error_literal (&local, LW_ERROR, LW_ERROR_MALFORMED, "Unlock answers nonsense");
      convert_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  g_variant_get_child (answer, 1, "&o", &prompt);
  return g_str_equal (prompt, "/") || ask_person (service, prompt, cancellable, error);
}

/* Where new secrets go. That there is no default collection yet is no error: the service makes one,
 * with a prompt, when the first secret is stored. */
static gboolean
unlock_default (SecretService *service, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (SecretCollection) collection = secret_collection_for_alias_sync (
      service, SECRET_COLLECTION_DEFAULT, SECRET_COLLECTION_NONE, cancellable, &local);

  if (local != NULL)
    {
      convert_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (collection == NULL || !secret_collection_get_locked (collection))
    return TRUE;
  return unlock_object (service, G_DBUS_PROXY (collection), cancellable, error);
}

static GHashTable *
make_attributes (const char *cloud_id, const char *account_id)
{
  return secret_attributes_build (&schema, "application", APPLICATION, "cloud", cloud_id, "account",
                                  account_id, NULL);
}

static void
free_items (GList *items)
{
  g_list_free_full (items, g_object_unref);
}

typedef GList ItemList;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ItemList, free_items)

/* FALSE with @error; an empty list is a success. */
static gboolean
search (SecretService *service, const char *cloud_id, const char *account_id, ItemList **items,
        GCancellable *cancellable, GError **error)
{
  g_autoptr (GHashTable) attributes = make_attributes (cloud_id, account_id);
  g_autoptr (GError) local = NULL;

  *items = secret_service_search_sync (service, &schema, attributes, SECRET_SEARCH_ALL, cancellable,
                                       &local);
  if (local == NULL)
    return TRUE;
  convert_error (error, g_steal_pointer (&local));
  return FALSE;
}

static gboolean
unlock_item (SecretService *service, SecretItem *item, GCancellable *cancellable, GError **error)
{
  return !secret_item_get_locked (item)
         || unlock_object (service, G_DBUS_PROXY (item), cancellable, error);
}

gboolean
lw_keyring_unlock (GCancellable *cancellable, GError **error)
{
  g_autoptr (SecretService) service = open_service (cancellable, error);

  return service != NULL && unlock_default (service, cancellable, error);
}

gboolean
lw_keyring_save (const char *cloud_id, const char *account_id, const char *label,
                 const char *secret, GCancellable *cancellable, GError **error)
{
  g_autoptr (SecretService) service = open_service (cancellable, error);
  g_autoptr (GHashTable) attributes = NULL;
  g_autoptr (GError) local = NULL;
  SecretValue *value = NULL;
  gboolean stored = FALSE;

  if (service == NULL || !unlock_default (service, cancellable, error))
    return FALSE;
  attributes = make_attributes (cloud_id, account_id);
  value = secret_value_new (secret, -1, "text/plain");
  stored = secret_service_store_sync (service, &schema, attributes, SECRET_COLLECTION_DEFAULT,
                                      label, value, cancellable, &local);
  secret_value_unref (value);
  if (stored)
    return TRUE;
  if (local != NULL)
    convert_error (error, g_steal_pointer (&local));
  else
    set_keyring_error (error, LW_ERROR_KEYRING_DISMISSED, "No keyring was made");
  return FALSE;
}

char *
lw_keyring_load (const char *cloud_id, const char *account_id, GCancellable *cancellable,
                 GError **error)
{
  g_autoptr (SecretService) service = open_service (cancellable, error);
  g_autoptr (ItemList) items = NULL;
  g_autoptr (GError) local = NULL;
  SecretValue *value = NULL;
  char *secret = NULL;

  if (service == NULL || !search (service, cloud_id, account_id, &items, cancellable, error)
      || items == NULL || !unlock_item (service, items->data, cancellable, error))
    return NULL;
  if (!secret_item_load_secret_sync (items->data, cancellable, &local))
    {
      convert_error (error, g_steal_pointer (&local));
      return NULL;
    }
  value = secret_item_get_secret (items->data);
  if (value == NULL)
    return NULL;
  secret = g_strdup (secret_value_get_text (value));
  secret_value_unref (value);
  return secret;
}

gboolean
lw_keyring_clear (const char *cloud_id, const char *account_id, GCancellable *cancellable,
                  GError **error)
{
  g_autoptr (SecretService) service = open_service (cancellable, error);
  g_autoptr (ItemList) items = NULL;

  if (service == NULL || !search (service, cloud_id, account_id, &items, cancellable, error))
    return FALSE;
  for (GList *item = items; item != NULL; item = item->next)
    {
      g_autoptr (GError) local = NULL;

      if (!unlock_item (service, item->data, cancellable, error))
        return FALSE;
      if (!secret_item_delete_sync (item->data, cancellable, &local))
        {
          convert_error (error, g_steal_pointer (&local));
          return FALSE;
        }
    }
  return TRUE;
}

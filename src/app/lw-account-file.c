/* SPDX-License-Identifier: GPL-3.0-or-later */

/* accounts.ini in the state folder: a group per cloud. Any thread, one call at a time. */

#include "lw-account-file.h"

#include <gio/gio.h>

#define NAME "accounts.ini"

static GKeyFile *
load_keys (const char *path)
{
  g_autoptr (GKeyFile) keys = g_key_file_new ();

  /* A missing or damaged file is the same as nobody having signed in. */
  g_key_file_load_from_file (keys, path, G_KEY_FILE_NONE, NULL);
  return g_steal_pointer (&keys);
}

static LwSubscription *
read_subscription (GKeyFile *keys, const char *cloud_id)
{
  LwSubscription *subscription;

  if (!g_key_file_has_key (keys, cloud_id, "subscription", NULL)
      || !g_key_file_has_key (keys, cloud_id, "subscription-tenant", NULL))
    return NULL;
  subscription = g_new0 (LwSubscription, 1);
  subscription->id = g_key_file_get_string (keys, cloud_id, "subscription", NULL);
  subscription->tenant_id = g_key_file_get_string (keys, cloud_id, "subscription-tenant", NULL);
  subscription->display_name = g_key_file_get_string (keys, cloud_id, "subscription-name", NULL);
  if (subscription->display_name == NULL)
    subscription->display_name = g_strdup (subscription->id);
  subscription->state = g_strdup ("");
  return subscription;
}

LwAccountInfo *
lw_account_file_load (GFile *folder, const char *cloud_id, LwSubscription **subscription)
{
  g_autofree char *path = g_build_filename (g_file_peek_path (folder), NAME, NULL);
  g_autoptr (GKeyFile) keys = load_keys (path);
  g_autoptr (LwAccountInfo) info = NULL;

  *subscription = NULL;
  if (!g_key_file_has_group (keys, cloud_id))
    return NULL;
  info = g_new0 (LwAccountInfo, 1);
  info->cloud_id = g_strdup (cloud_id);
  info->account_id = g_key_file_get_string (keys, cloud_id, "account", NULL);
  info->tenant_id = g_key_file_get_string (keys, cloud_id, "tenant", NULL);
  info->user_name = g_key_file_get_string (keys, cloud_id, "user-name", NULL);
  info->display_name = g_key_file_get_string (keys, cloud_id, "display-name", NULL);
  info->client_id = g_key_file_get_string (keys, cloud_id, "client", NULL);
  info->method = g_key_file_get_string (keys, cloud_id, "method", NULL);
  if (info->account_id == NULL || info->tenant_id == NULL || info->method == NULL)
    return NULL;
  *subscription = read_subscription (keys, cloud_id);
  return g_steal_pointer (&info);
}

static void
set_string (GKeyFile *keys, const char *group, const char *key, const char *value)
{
  if (value != NULL)
    g_key_file_set_string (keys, group, key, value);
}

gboolean
lw_account_file_save (GFile *folder, const char *cloud_id, const LwAccountInfo *info,
                      const LwSubscription *subscription, GError **error)
{
  g_autofree char *path = g_build_filename (g_file_peek_path (folder), NAME, NULL);
  g_autoptr (GKeyFile) keys = load_keys (path);
  g_autofree char *text = NULL;
  gsize length;

  g_key_file_remove_group (keys, cloud_id, NULL);
  if (info != NULL)
    {
      set_string (keys, cloud_id, "account", info->account_id);
      set_string (keys, cloud_id, "tenant", info->tenant_id);
      set_string (keys, cloud_id, "user-name", info->user_name);
      set_string (keys, cloud_id, "display-name", info->display_name);
      set_string (keys, cloud_id, "client", info->client_id);
      set_string (keys, cloud_id, "method", info->method);
    }
  if (info != NULL && subscription != NULL)
    {
      set_string (keys, cloud_id, "subscription", subscription->id);
      set_string (keys, cloud_id, "subscription-tenant", subscription->tenant_id);
      set_string (keys, cloud_id, "subscription-name", subscription->display_name);
    }
  text = g_key_file_to_data (keys, &length, NULL);
  return g_file_set_contents_full (path, text, (gssize) length, G_FILE_SET_CONTENTS_CONSISTENT,
                                   0600, error);
}

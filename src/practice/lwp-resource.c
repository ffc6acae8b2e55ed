/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Resources and operations as rows with times. Nothing here waits and nothing runs by itself: what
 * is due is done when the next request looks (lwp_resource_settle()). Any thread. */

#include "lwp-resource.h"

#include <string.h>

#include "lwp-cloud-private.h"

#define COLUMNS "id, type, location, body, created_us, changed_us, ready_us, gone_us"

static const char *const steps[] = {
  "CREATE TABLE resources ("
  " key TEXT PRIMARY KEY,"
  " id TEXT NOT NULL,"
  " type TEXT NOT NULL COLLATE NOCASE,"
  " location TEXT NOT NULL,"
  " body TEXT NOT NULL,"
  " created_us INTEGER NOT NULL,"
  " changed_us INTEGER NOT NULL,"
  " ready_us INTEGER NOT NULL,"
  " gone_us INTEGER NOT NULL DEFAULT 0"
  ") WITHOUT ROWID;"
  "CREATE INDEX resources_gone ON resources (gone_us) WHERE gone_us > 0;"
  "CREATE TABLE operations ("
  " id TEXT PRIMARY KEY,"
  " kind TEXT NOT NULL,"
  " target TEXT NOT NULL,"
  " started_us INTEGER NOT NULL,"
  " done_us INTEGER NOT NULL,"
  " error TEXT"
  ") WITHOUT ROWID;",
  NULL
};

gboolean
lwp_resource_register (LwpCloud *cloud, GError **error)
{
  return lwp_store_ensure (lwp_cloud_get_store (cloud), "resources", steps, error);
}

static char *
dup_key (const char *id)
{
  char *key = g_utf8_strdown (id, -1);
  gsize length = strlen (key);

  while (length > 1 && key[length - 1] == '/')
    key[--length] = '\0';
  return key;
}

static char *
dump_object (JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_node_set_object (node, object);
  return json_to_string (node, FALSE);
}

static JsonObject *
parse_object (const char *text)
{
  g_autoptr (JsonNode) node = text != NULL ? json_from_string (text, NULL) : NULL;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return json_object_new ();
  return json_node_dup_object (node);
}

LwpResource *
lwp_resource_new (LwpCloud *cloud, const char *id, const char *type, const char *location,
                  JsonObject *body, gint64 duration_ms)
{
  LwpResource *resource = g_new0 (LwpResource, 1);

  resource->id = g_strdup (id);
  resource->type = g_strdup (type);
  resource->name = g_path_get_basename (id);
  resource->location = g_strdup (location);
  resource->body = body;
  resource->created_us = lwp_cloud_get_now_us (cloud);
  resource->changed_us = resource->created_us;
  resource->ready_us = lwp_cloud_get_end_us (cloud, duration_ms);
  return resource;
}

void
lwp_resource_free (LwpResource *resource)
{
  g_free (resource->id);
  g_free (resource->type);
  g_free (resource->name);
  g_free (resource->location);
  g_clear_pointer (&resource->body, json_object_unref);
  g_free (resource);
}

static const char *
column_text (sqlite3_stmt *row, int column)
{
  const char *text = (const char *) sqlite3_column_text (row, column);

  return text != NULL ? text : "";
}

static void
read_resource (sqlite3_stmt *row, gpointer user_data)
{
  GPtrArray *resources = user_data;
  LwpResource *resource = g_new0 (LwpResource, 1);

  resource->id = g_strdup (column_text (row, 0));
  resource->type = g_strdup (column_text (row, 1));
  resource->name = g_path_get_basename (resource->id);
  resource->location = g_strdup (column_text (row, 2));
  resource->body = parse_object (column_text (row, 3));
  resource->created_us = sqlite3_column_int64 (row, 4);
  resource->changed_us = sqlite3_column_int64 (row, 5);
  resource->ready_us = sqlite3_column_int64 (row, 6);
  resource->gone_us = sqlite3_column_int64 (row, 7);
  g_ptr_array_add (resources, resource);
}

static GPtrArray *
resources_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) lwp_resource_free);
}

LwpResource *
lwp_resource_load (LwpCloud *cloud, const char *id)
{
  g_autoptr (GPtrArray) resources = resources_new ();
  g_autofree char *key = dup_key (id);

  lwp_store_query (lwp_cloud_get_store (cloud), read_resource, resources,
                   "SELECT " COLUMNS " FROM resources"
                   " WHERE key = ? AND (gone_us = 0 OR gone_us > ?)",
                   "si", key, lwp_cloud_get_now_us (cloud));
  return resources->len > 0 ? g_ptr_array_steal_index (resources, 0) : NULL;
}

void
lwp_resource_save (LwpCloud *cloud, LwpResource *resource)
{
  g_autofree char *key = dup_key (resource->id);
  g_autofree char *body = dump_object (resource->body);

  resource->changed_us = lwp_cloud_get_now_us (cloud);
  lwp_store_run (lwp_cloud_get_store (cloud),
                 "INSERT OR REPLACE INTO resources (key, " COLUMNS ")"
                 " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                 "sssssiiii", key, resource->id, resource->type, resource->location, body,
                 resource->created_us, resource->changed_us, resource->ready_us,
                 resource->gone_us);
}

GPtrArray *
lwp_resource_list (LwpCloud *cloud, const char *scope, const char *type)
{
  GPtrArray *resources = resources_new ();
  g_autofree char *key = dup_key (scope);
  g_autofree char *from = g_strconcat (key, "/", NULL);
  g_autofree char *to = g_strconcat (key, "0", NULL); /* '0' comes right after '/' */

  lwp_store_query (lwp_cloud_get_store (cloud), read_resource, resources,
                   "SELECT " COLUMNS " FROM resources WHERE key > ? AND key < ?"
                   " AND (?3 IS NULL OR type = ?3) AND (gone_us = 0 OR gone_us > ?4)"
                   " ORDER BY created_us, key",
                   "sssi", from, to, type, lwp_cloud_get_now_us (cloud));
  return resources;
}

void
lwp_resource_delete (LwpCloud *cloud, const char *id, gint64 duration_ms)
{
  g_autofree char *key = dup_key (id);
  g_autofree char *from = g_strconcat (key, "/", NULL);
  g_autofree char *to = g_strconcat (key, "0", NULL);

  lwp_store_run (lwp_cloud_get_store (cloud),
                 "UPDATE resources SET gone_us = ?1"
                 " WHERE (key = ?2 OR (key > ?3 AND key < ?4)) AND (gone_us = 0 OR gone_us > ?1)",
                 "isss", MAX (lwp_cloud_get_end_us (cloud, duration_ms), 1), key, from, to);
}

static void
count_row (sqlite3_stmt *row, gpointer user_data)
{
}

void
lwp_resource_settle (LwpCloud *cloud)
{
  LwpStore *store = lwp_cloud_get_store (cloud);
  gint64 now_us = lwp_cloud_get_now_us (cloud);
  g_autoptr (GPtrArray) gone = resources_new ();

  if (lwp_store_query (store, count_row, NULL,
                       "SELECT 1 FROM resources WHERE gone_us > 0 AND gone_us <= ? LIMIT 1", "i",
                       now_us) == 0)
    return;
  lwp_store_begin (store);
  /* A child's key is longer than its parent's and begins with it, so it comes first. */
  lwp_store_query (store, read_resource, gone,
                   "SELECT " COLUMNS " FROM resources WHERE gone_us > 0 AND gone_us <= ?"
                   " ORDER BY key DESC",
                   "i", now_us);
  for (guint i = 0; i < gone->len; i++)
    {
      const LwpResource *resource = g_ptr_array_index (gone, i);
      g_autofree char *key = dup_key (resource->id);

      lwp_store_run (store, "DELETE FROM resources WHERE key = ?", "s", key);
      lwp_cloud_tell_gone (cloud, resource);
    }
  lwp_store_commit (store);
}

const char *
lwp_resource_get_provisioning_state (LwpCloud *cloud, const LwpResource *resource)
{
  if (resource->gone_us > 0)
    return "Deleting";
  return resource->ready_us > lwp_cloud_get_now_us (cloud) ? "Creating" : "Succeeded";
}

char *
lwp_operation_begin (LwpCloud *cloud, const char *kind, const char *target, gint64 duration_ms,
                     JsonObject *error)
{
  char *id = g_uuid_string_random ();
  g_autofree char *error_text = error != NULL ? dump_object (error) : NULL;

  lwp_store_run (lwp_cloud_get_store (cloud),
                 "INSERT INTO operations VALUES (?, ?, ?, ?, ?, ?)", "sssiis", id, kind, target,
                 lwp_cloud_get_now_us (cloud), lwp_cloud_get_end_us (cloud, duration_ms),
                 error_text);
  g_clear_pointer (&error, json_object_unref);
  return id;
}

static void
read_operation (sqlite3_stmt *row, gpointer user_data)
{
  LwpOperation *operation = user_data;

  operation->kind = g_strdup (column_text (row, 0));
  operation->target = g_strdup (column_text (row, 1));
  operation->started_us = sqlite3_column_int64 (row, 2);
  operation->done_us = sqlite3_column_int64 (row, 3);
  if (sqlite3_column_type (row, 4) != SQLITE_NULL)
    operation->error = parse_object (column_text (row, 4));
}

LwpOperation *
lwp_operation_load (LwpCloud *cloud, const char *id)
{
  g_autoptr (LwpOperation) operation = g_new0 (LwpOperation, 1);

  operation->id = g_strdup (id);
  if (lwp_store_query (lwp_cloud_get_store (cloud), read_operation, operation,
                       "SELECT kind, target, started_us, done_us, error FROM operations"
                       " WHERE id = ?",
                       "s", id) == 0)
    return NULL;
  return g_steal_pointer (&operation);
}

void
lwp_operation_free (LwpOperation *operation)
{
  g_free (operation->id);
  g_free (operation->target);
  g_free (operation->kind);
  g_clear_pointer (&operation->error, json_object_unref);
  g_free (operation);
}

gboolean
lwp_operation_is_done (LwpCloud *cloud, const LwpOperation *operation)
{
  return operation->done_us <= lwp_cloud_get_now_us (cloud);
}

JsonObject *
lwp_operation_to_json (LwpCloud *cloud, const LwpOperation *operation)
{
  JsonObject *object = json_object_new ();

  if (!lwp_operation_is_done (cloud, operation))
    {
      json_object_set_string_member (object, "status", "InProgress");
    }
  else if (operation->error != NULL)
    {
      json_object_set_string_member (object, "status", "Failed");
      json_object_set_object_member (object, "error", json_object_ref (operation->error));
    }
  else
    {
      json_object_set_string_member (object, "status", "Succeeded");
      json_object_set_double_member (object, "percentComplete", 100.0);
    }
  return object;
}

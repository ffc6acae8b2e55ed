/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Runs: one row for each job. The thread that executes a job is the only writer of its row, but for
 * the wish to cancel, which has a column of its own. Any thread may read. */

#include "lwp-run.h"

#include <string.h>

#define COLUMNS                                                                                    \
  "job, uuid, number, state, cancel_asked, attempt, exit_status, created_us, started_us,"          \
  " ended_us, revision, environment_name, environment_version, error, waits_for"

static const char *const tables[] = {
  "CREATE TABLE ml_runs ("
  "  job TEXT PRIMARY KEY COLLATE NOCASE, uuid TEXT NOT NULL, number INTEGER NOT NULL,"
  "  state INTEGER NOT NULL, cancel_asked INTEGER NOT NULL DEFAULT 0, attempt INTEGER NOT NULL,"
  "  exit_status INTEGER NOT NULL, created_us INTEGER NOT NULL, started_us INTEGER NOT NULL,"
  "  ended_us INTEGER NOT NULL, revision INTEGER NOT NULL, environment_name TEXT NOT NULL,"
  "  environment_version TEXT NOT NULL, error TEXT, waits_for TEXT) WITHOUT ROWID;",
  NULL,
};

static const char *const status_words[]
    = { "NotStarted", "Starting",   "Preparing", "Queued",   "Running",
        "Finalizing", "Completed", "Failed",    "Canceled" };

gboolean
lwp_run_register (LwpCloud *cloud, GError **error)
{
  return lwp_store_ensure (lwp_cloud_get_store (cloud), "runs", tables, error);
}

void
lwp_run_free (LwpRun *run)
{
  if (run == NULL)
    return;
  g_free (run->job);
  g_free (run->name);
  g_free (run->uuid);
  g_free (run->environment_name);
  g_free (run->environment_version);
  g_clear_pointer (&run->error, json_object_unref);
  g_clear_pointer (&run->waits_for, json_object_unref);
  g_free (run);
}

static JsonObject *
parse_object (sqlite3_stmt *row, int column)
{
  const char *text = (const char *) sqlite3_column_text (row, column);
  g_autoptr (JsonNode) node = text == NULL ? NULL : json_from_string (text, NULL);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_dup_object (node) : NULL;
}

static void
add_run_cb (sqlite3_stmt *row, gpointer runs)
{
  LwpRun *run = g_new0 (LwpRun, 1);

  run->job = g_strdup ((const char *) sqlite3_column_text (row, 0));
  run->name = g_path_get_basename (run->job);
  run->uuid = g_strdup ((const char *) sqlite3_column_text (row, 1));
  run->number = sqlite3_column_int64 (row, 2);
  run->state = (LwpRunState) sqlite3_column_int (row, 3);
  run->cancel_asked = sqlite3_column_int (row, 4) != 0;
  run->attempt = (guint) sqlite3_column_int (row, 5);
  run->exit_status = sqlite3_column_int (row, 6);
  run->created_us = sqlite3_column_int64 (row, 7);
  run->started_us = sqlite3_column_int64 (row, 8);
  run->ended_us = sqlite3_column_int64 (row, 9);
  run->revision = sqlite3_column_int64 (row, 10);
  run->environment_name = g_strdup ((const char *) sqlite3_column_text (row, 11));
  run->environment_version = g_strdup ((const char *) sqlite3_column_text (row, 12));
  run->error = parse_object (row, 13);
  run->waits_for = parse_object (row, 14);
  g_ptr_array_add (runs, run);
}

static GPtrArray *
run_array_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) lwp_run_free);
}

LwpRun *
lwp_run_load (LwpCloud *cloud, const char *job)
{
  g_autoptr (GPtrArray) runs = run_array_new ();

  lwp_store_query (lwp_cloud_get_store (cloud), add_run_cb, runs,
                   "SELECT " COLUMNS " FROM ml_runs WHERE job = ?", "s", job);
  return runs->len == 0 ? NULL : g_ptr_array_steal_index (runs, 0);
}

LwpRun *
lwp_run_new (LwpCloud *cloud, const char *job, const char *environment_name,
             const char *environment_version)
{
  g_autofree char *uuid = g_uuid_string_random ();

  lwp_store_run (lwp_cloud_get_store (cloud),
                 "INSERT INTO ml_runs (" COLUMNS ") SELECT ?, ?, COALESCE (MAX (number), 0) + 1, 0,"
                 " 0, 1, -1, ?, 0, 0, 1, ?, ?, NULL, NULL FROM ml_runs",
                 "ssiss", job, uuid, lwp_cloud_get_now_us (cloud), environment_name,
                 environment_version);
  return lwp_run_load (cloud, job);
}

void
lwp_run_save (LwpCloud *cloud, LwpRun *run)
{
  g_autofree char *error = run->error == NULL ? NULL : lwp_json_to_string (run->error);
  g_autofree char *waits_for = run->waits_for == NULL ? NULL : lwp_json_to_string (run->waits_for);

  lwp_store_run (lwp_cloud_get_store (cloud),
                 "UPDATE ml_runs SET state = ?, attempt = ?, exit_status = ?, started_us = ?,"
                 " ended_us = ?, revision = revision + 1, error = ?, waits_for = ? WHERE job = ?",
                 "iiiiisss", (gint64) run->state, (gint64) run->attempt,
                 (gint64) run->exit_status, run->started_us, run->ended_us, error,
                 waits_for, run->job);
}

GPtrArray *
lwp_run_list_active (LwpCloud *cloud)
{
  GPtrArray *runs = run_array_new ();

  lwp_store_query (lwp_cloud_get_store (cloud), add_run_cb, runs,
                   "SELECT " COLUMNS " FROM ml_runs WHERE state < ? ORDER BY number", "i",
                   (gint64) LWP_RUN_COMPLETED);
  return runs;
}

void
lwp_run_ask_cancel (LwpCloud *cloud, const char *job)
{
  lwp_store_run (lwp_cloud_get_store (cloud),
                 "UPDATE ml_runs SET cancel_asked = 1, revision = revision + 1 WHERE job = ?", "s",
                 job);
}

void
lwp_run_forget (LwpCloud *cloud, const char *job)
{
  lwp_store_run (lwp_cloud_get_store (cloud), "DELETE FROM ml_runs WHERE job = ?", "s", job);
}

gboolean
lwp_run_has_ended (const LwpRun *run)
{
  return run->state >= LWP_RUN_COMPLETED;
}

const char *
lwp_run_get_status (const LwpRun *run)
{
  if (run->cancel_asked && !lwp_run_has_ended (run))
    return "CancelRequested";
  return status_words[run->state];
}

void
lwp_run_take_error (LwpCloud *cloud, LwpRun *run, const char *location, const char *code,
                    const char *inner, char *message)
{
  g_autofree char *time = lwp_cloud_format_time (lwp_cloud_get_now_us (cloud));
  G_GNUC_UNUSED g_autofree char *owned = message;
  g_autofree char *valid = g_utf8_make_valid (message, -1);
  JsonObject *error = lwp_json_build (
      "code:s severity:n message:s messageFormat:n messageParameters:n referenceCode:n"
      " detailsUri:n target:n details:a innerError:o debugInfo:n additionalInfo:n",
      code, valid, json_array_new (), lwp_json_build ("code:s innerError:n", inner));

  g_clear_pointer (&run->error, json_object_unref);
  run->error = lwp_json_build (
      "error:o correlation:o environment:s location:s time:s componentName:s", error,
      lwp_json_build ("operation:s request:s", run->uuid, run->uuid), location, location, time,
      "Execution");
}

char *
lwp_run_dup_prefix (const char *name)
{
  return g_strdup_printf ("ExperimentRun/dcid.%s/", name);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-lab.h"

G_BEGIN_DECLS

/**
 * LwRecord:
 *
 * The record of one attempt: names and ids of everything that the application was ever about to
 * create, on disk *before* it is created. Never a token, key or SAS. What is true of the cloud is
 * asked from the cloud, not from here. One JSON file, replaced atomically and synced
 * (temporary file, fsync, rename, fsync of the folder): always the old or the new record, never
 * half of one. The members of the struct are changed by the setters only, which save before they
 * return; a failed save leaves file and memory as they were. Any thread, guarded inside.
 */
typedef struct _LwRecord LwRecord;

#define LW_RECORD_VERSION 1

/** lw_record_new: a new attempt of @lab in @cloud_id, with a random suffix of 18 hex digits.
 *   Nothing is on disk before the first setter. */
LwRecord *lw_record_new (GFile *folder, LwLab *lab, const char *cloud_id);

/**
 * lw_record_load:
 *
 * Errors: %LW_ERROR_NEWER_VERSION: written by a newer Labwalk, untouched; %LW_ERROR_MALFORMED: damaged
 * (lw_record_set_aside() keeps it under another name); %G_IO_ERROR_NOT_FOUND
 */
LwRecord *lw_record_load (GFile *file, GError **error);

/** lw_record_list: files of all attempts in @folder, newest first; (element-type GFile) */
GPtrArray *lw_record_list (GFile *folder, GError **error);

/** lw_record_set_aside: renames a damaged record; Returns: (transfer full): its new place */
GFile *lw_record_set_aside (GFile *file, GError **error);
LwRecord *lw_record_ref (LwRecord *self);
void lw_record_unref (LwRecord *self);
GFile *lw_record_get_file (LwRecord *self);

/* ---- Plain values, by key. Strings are copied out: (transfer full) (nullable). ---- */

/* Keys of values. */
#define LW_RECORD_LAB "lab"
#define LW_RECORD_CLOUD "cloud"
#define LW_RECORD_SUFFIX "suffix"
#define LW_RECORD_ACCOUNT "account"
#define LW_RECORD_TENANT "tenant"
#define LW_RECORD_SUBSCRIPTION "subscription"
#define LW_RECORD_REGION "region"
#define LW_RECORD_VM_SIZE "vm-size"
#define LW_RECORD_MAX_NODES "max-nodes"
#define LW_RECORD_GROUP "group"
#define LW_RECORD_WORKSPACE "workspace"
#define LW_RECORD_STORAGE "storage"
#define LW_RECORD_VAULT "vault"
#define LW_RECORD_INSIGHTS "insights"
#define LW_RECORD_LOGS "logs"
#define LW_RECORD_INSTANCE "instance"
#define LW_RECORD_CLUSTER "cluster"
#define LW_RECORD_FOLDER "folder"             /* work folder of the person, a path */
#define LW_RECORD_PYTHON "python"             /* interpreter chosen */
#define LW_RECORD_LOCAL_OUTPUT "local-output" /* what the local test printed, bounded */
#define LW_RECORD_LOCAL_ACCURACY "local-accuracy"
#define LW_RECORD_LOCAL_AUC "local-auc"
#define LW_RECORD_CODE_NAME "code-name" /* UUID chosen for the code asset */
#define LW_RECORD_JOB "job"             /* name of the newest job */
#define LW_RECORD_JOB_COMMAND "job-command"
#define LW_RECORD_JOB_REVIEWED "job-reviewed" /* name of the job whose log was read */

char *lw_record_dup (LwRecord *self, const char *key);

/** lw_record_set: one or several key, value pairs, ended by %NULL; a %NULL value removes; saved
 *   durably once. Errors: %LW_ERROR_NO_SPACE, %LW_ERROR_DENIED, … */
gboolean lw_record_set (LwRecord *self, GError **error, const char *key, const char *value,
                        ...) G_GNUC_NULL_TERMINATED;

/* ---- Moments: when a step of the attempt was begun and when it was seen done. ---- */

#define LW_RECORD_PROVISION_STARTED "provision-started"
#define LW_RECORD_PROVISION_DONE "provision-done"
#define LW_RECORD_JOB_SUBMITTED "job-submitted"
#define LW_RECORD_JOB_ENDED "job-ended"
#define LW_RECORD_DELETE_STARTED "delete-started"
#define LW_RECORD_DELETE_PROVED "delete-proved"

/** lw_record_get_time: Returns: wall clock µs, 0 when never */
gint64 lw_record_get_time (LwRecord *self, const char *key);
gboolean lw_record_set_time (LwRecord *self, const char *key, gint64 now_us, GError **error);

/** lw_record_add_job: appends to the list of jobs ever submitted, before the PUT */
gboolean lw_record_add_job (LwRecord *self, const char *name, GError **error);
char **lw_record_dup_jobs (LwRecord *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwRecord, lw_record_unref)

G_END_DECLS

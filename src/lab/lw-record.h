/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-lab.h"

G_BEGIN_DECLS

/**
 * LwRecord:
 *
 * The record of one attempt: names and ids of everything that the application was ever about to
 * create, on disk *before* it is created. Never a token, key or SAS. What is true of the cloud is
 * asked from the cloud, not from here.
 *
 * One JSON file of mode 0600 in a folder of mode 0700, replaced atomically and durably: always the
 * old or the new record, never half of one. Setters save before they return; a failed save leaves
 * file and memory as they were. A setter takes up what the file holds at that moment under a lock
 * of the folder, so that two processes with the same record lose nothing of each other: of the same
 * key the later one wins. Members of the file that this version does not know are kept. Any thread,
 * guarded inside; setters block for as long as the disk needs.
 */
typedef struct _LwRecord LwRecord;

#define LW_RECORD_VERSION 1

/* How the name of a record's file ends; a damaged one that was set aside has another ending. */
#define LW_RECORD_FILE_SUFFIX ".json"

/* A record is a few KiB. A larger file is none of ours, a longer value is not stored. */
#define LW_RECORD_MAX_SIZE (1024 * 1024)
#define LW_RECORD_MAX_VALUE (64 * 1024)
#define LW_RECORD_MAX_JOBS 1000

/**
 * lw_record_new:
 * @folder: a local folder, made when the first setter saves
 *
 * A new attempt of @lab in @cloud_id, with a random suffix and all the names that follow from it.
 * Nothing is on disk before the first setter.
 */
LwRecord *lw_record_new (GFile *folder, LwLab *lab, const char *cloud_id);

/**
 * lw_record_load:
 *
 * Errors: %LW_ERROR_NEWER_VERSION: written by a newer Labwalk, untouched; %LW_ERROR_MALFORMED,
 * %LW_ERROR_TOO_LARGE: damaged (lw_record_set_aside() keeps it under another name);
 * %G_IO_ERROR_NOT_FOUND; %LW_ERROR_DENIED
 */
LwRecord *lw_record_load (GFile *file, GError **error);

/** lw_record_list: files of all attempts in @folder, last changed first; (element-type GFile);
 *   empty when there is no such folder */
GPtrArray *lw_record_list (GFile *folder, GError **error);

/** lw_record_set_aside: renames a damaged record; Returns: (transfer full): its new place, beside
 *   the old one, ending in ".damaged" or ".damaged-2" … */
GFile *lw_record_set_aside (GFile *file, GError **error);
LwRecord *lw_record_ref (LwRecord *self);
void lw_record_unref (LwRecord *self);

/** lw_record_get_file: Returns: (transfer none): where it is, or will be, on disk */
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
#define LW_RECORD_JOB_FOLDER "job-folder" /* of its code, a path */
#define LW_RECORD_JOB_ENVIRONMENT "job-environment"
#define LW_RECORD_JOB_COMPUTE "job-compute"
#define LW_RECORD_JOB_DISPLAY_NAME "job-display-name"
#define LW_RECORD_JOB_EXPERIMENT "job-experiment"
#define LW_RECORD_JOB_REVIEWED "job-reviewed" /* name of the job whose log was read */

/** lw_record_dup: Returns: (transfer full) (nullable) */
char *lw_record_dup (LwRecord *self, const char *key);

/** lw_record_get_int: Returns: a value written in decimal digits, or @fallback */
gint64 lw_record_get_int (LwRecord *self, const char *key, gint64 fallback);

/** lw_record_set: one or several key, value pairs, ended by %NULL; a %NULL value removes; saved
 *   durably once. Errors: %LW_ERROR_NO_SPACE, %LW_ERROR_DENIED, %LW_ERROR_TOO_LARGE (a value),
 *   and those of lw_record_load() when the file became unreadable meanwhile */
gboolean lw_record_set (LwRecord *self, GError **error, const char *key, const char *value,
                        ...) G_GNUC_NULL_TERMINATED;

/* ---- Moments: when a step of the attempt was begun and when it was seen done. ---- */

#define LW_RECORD_PROVISION_STARTED "provision-started"
#define LW_RECORD_PROVISION_DONE "provision-done"
#define LW_RECORD_JOB_STARTED "job-started" /* its submission was begun */
#define LW_RECORD_JOB_SUBMITTED "job-submitted"
#define LW_RECORD_JOB_ENDED "job-ended"
#define LW_RECORD_DELETE_STARTED "delete-started"
#define LW_RECORD_DELETE_PROVED "delete-proved"

/** lw_record_get_time: Returns: wall clock µs, 0 when never */
gint64 lw_record_get_time (LwRecord *self, const char *key);
/** lw_record_set_time: @now_us: 0 forgets the moment */
gboolean lw_record_set_time (LwRecord *self, const char *key, gint64 now_us, GError **error);

/** lw_record_add_job: appends to the list of jobs ever submitted, before the PUT; a name that is in
 *   the list already is a success */
gboolean lw_record_add_job (LwRecord *self, const char *name, GError **error);
char **lw_record_dup_jobs (LwRecord *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwRecord, lw_record_unref)

G_END_DECLS

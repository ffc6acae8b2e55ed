/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LwLab:
 *
 * A lab as data: one JSON file in `labs/`, checked against lab.schema.json by the tests. What the
 * program knows are the kinds of step; names, folder, command, sizes and environments stand in the
 * file. Immutable, reference counted, any thread. Strings that are got live as long as the lab.
 */
typedef struct _LwLab LwLab;

/** LwStepKind: the kinds of step, in the order of a lab */
typedef enum
{
  LW_STEP_SIGN_IN,
  LW_STEP_PROVISION,
  LW_STEP_SCRIPT,
  LW_STEP_JOB,
  LW_STEP_RESULTS,
  LW_STEP_CLEAN_UP,
} LwStepKind;
#define LW_N_STEPS 6

/** lw_step_kind_get_id: Returns: "sign-in", "provision", "script", "job", "results", "clean-up" */
const char *lw_step_kind_get_id (LwStepKind kind);

/* Format of the file that this program reads. */
#define LW_LAB_FORMAT 1

/* A lab file is a few KiB; more is not one. */
#define LW_LAB_MAX_SIZE (256 * 1024)

/**
 * lw_lab_load:
 * @file: the JSON file; the folder of the material lies beside it
 *
 * Errors: %LW_ERROR_NOT_FOUND, %LW_ERROR_DENIED, %LW_ERROR_TOO_LARGE; %LW_ERROR_MALFORMED naming
 * the member; %LW_ERROR_NEWER_VERSION for a higher format
 */
LwLab *lw_lab_load (GFile *file, GError **error);
LwLab *lw_lab_ref (LwLab *self);
void lw_lab_unref (LwLab *self);

const char *lw_lab_get_id (LwLab *self);

/** lw_lab_get_title: @locale: "ko", "ko_KR.UTF-8", "en-US", …; English where there is no other */
const char *lw_lab_get_title (LwLab *self, const char *locale);

/** lw_lab_get_minutes: Returns: what a person usually needs for the step */
int lw_lab_get_minutes (LwLab *self, LwStepKind kind);

/* ---- Names of what is made ---- */

/** lw_lab_get_group_prefix: what every group of this lab begins with, "rg-dp100-l" */
const char *lw_lab_get_group_prefix (LwLab *self);

/** lw_lab_get_suffix_length: Returns: hexadecimal digits in the suffix of an attempt */
guint lw_lab_get_suffix_length (LwLab *self);

/**
 * lw_lab_dup_name:
 * @what: "group", "workspace", "storage", "vault", "insights", "logs", "instance" or "cluster"
 * @suffix: lower-case letters and digits
 *
 * Returns: (transfer full): the name for @suffix, cut to the service's limit
 */
char *lw_lab_dup_name (LwLab *self, const char *what, const char *suffix);

/* ---- Computes and regions ---- */

/** lw_lab_get_max_nodes: Returns: nodes of the cluster; lw_lab_get_fewest_nodes() where the quota
 *   asks for it */
int lw_lab_get_max_nodes (LwLab *self);
int lw_lab_get_fewest_nodes (LwLab *self);

/** lw_lab_get_idle_minutes: Returns: idle time after which the instance shuts down */
int lw_lab_get_idle_minutes (LwLab *self);

/** lw_lab_get_vm_sizes: in the order in which they are tried */
const char *const *lw_lab_get_vm_sizes (LwLab *self);

/**
 * lw_lab_get_regions:
 * @locale: (nullable): "ko", "ko_KR.UTF-8", …: language first, then territory, decide on the home
 *   region
 *
 * Returns: the candidates, the home region first and the others by distance from it; in the file's
 *   order where nothing is known of the person
 */
const char *const *lw_lab_get_regions (LwLab *self, const char *locale);

/* ---- Material: paths are relative to the folder, "/" between ---- */

/** lw_lab_get_folder: folder of the material, beside the lab's file */
GFile *lw_lab_get_folder (LwLab *self);

/** lw_lab_get_paths: every file of the material */
const char *const *lw_lab_get_paths (LwLab *self);

/** lw_lab_get_code_folder: what a job uploads, "src" */
const char *lw_lab_get_code_folder (LwLab *self);

/** lw_lab_get_notebook: Returns: (nullable): the file of that role, "src/….ipynb" */
const char *lw_lab_get_notebook (LwLab *self);
const char *lw_lab_get_flat_script (LwLab *self);
const char *lw_lab_get_script (LwLab *self);
const char *lw_lab_get_data (LwLab *self);

/** lw_lab_get_archive: Returns: (nullable): address of the course's own material, a tar.gz, and
 *   where its code lies below the archive's one top folder */
const char *lw_lab_get_archive (LwLab *self);
const char *lw_lab_get_archive_code_folder (LwLab *self);

/* ---- Script ---- */

/** lw_lab_get_modules: what an interpreter has to be able to import */
const char *const *lw_lab_get_modules (LwLab *self);

/** lw_lab_get_arguments: of the run that has to succeed: name, value, name, value, … */
const char *const *lw_lab_get_arguments (LwLab *self);

/** lw_lab_get_last_line: what the script prints last when it gets no arguments */
const char *lw_lab_get_last_line (LwLab *self);

/** lw_lab_get_break_line: the line that "break it on purpose" removes */
const char *lw_lab_get_break_line (LwLab *self);

/* ---- Job ---- */

const char *lw_lab_get_command (LwLab *self);

/** lw_lab_get_environments: as a job names them, "azureml:AzureML-sklearn-1.5:35" or
 *   "azureml:…@latest", in the order in which they are tried */
const char *const *lw_lab_get_environments (LwLab *self);
const char *lw_lab_get_display_name (LwLab *self);
const char *lw_lab_get_experiment (LwLab *self);

/** lw_lab_get_log: the log that a person reads first, "user_logs/std_log.txt" */
const char *lw_lab_get_log (LwLab *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwLab, lw_lab_unref)

G_END_DECLS

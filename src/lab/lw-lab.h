/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LwLab:
 *
 * A lab as data: one JSON file in `labs/`, checked against lab.schema.json by the tests. What the
 * program knows are the kinds of step; names, folder, command, sizes and environments stand in the
 * file. Immutable, reference counted, any thread.
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

/** lw_lab_load: Errors: %LW_ERROR_MALFORMED naming the member, %LW_ERROR_NEWER_VERSION */
LwLab *lw_lab_load (GFile *file, GError **error);
LwLab *lw_lab_ref (LwLab *self);
void lw_lab_unref (LwLab *self);

const char *lw_lab_get_id (LwLab *self);
const char *lw_lab_get_title (LwLab *self); /* msgid */

/** lw_lab_get_group_prefix: what every group of this lab begins with, "rg-dp100-" */
const char *lw_lab_get_group_prefix (LwLab *self);

/** lw_lab_dup_name: @what: "group", "workspace", "storage", "vault", "insights", "logs", "instance",
 *   "cluster"; Returns: (transfer full): the name for @suffix, cut to the service's limit */
char *lw_lab_dup_name (LwLab *self, const char *what, const char *suffix);
int lw_lab_get_max_nodes (LwLab *self);
int lw_lab_get_idle_minutes (LwLab *self);

/** lw_lab_get_regions: nearest first for @language ("ko" …) */
const char *const *lw_lab_get_regions (LwLab *self, const char *language);
const char *const *lw_lab_get_vm_sizes (LwLab *self);
const char *const *lw_lab_get_providers (LwLab *self);
const char *const *lw_lab_get_environments (LwLab *self);

/** lw_lab_get_files: folder of the material as installed, and the names in it */
GFile *lw_lab_get_folder (LwLab *self);
const char *lw_lab_get_notebook (LwLab *self);
const char *lw_lab_get_flat_script (LwLab *self);
const char *lw_lab_get_script (LwLab *self);
const char *lw_lab_get_data (LwLab *self);
const char *const *lw_lab_get_modules (LwLab *self);

const char *lw_lab_get_command (LwLab *self);
const char *lw_lab_get_display_name (LwLab *self);
const char *lw_lab_get_experiment (LwLab *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwLab, lw_lab_unref)

G_END_DECLS

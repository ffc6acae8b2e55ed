/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Shared by lw-lab.c and lw-lab-read.c only. */

#include "lw-json.h"
#include "lw-lab.h"

G_BEGIN_DECLS

#define LW_LAB_SUFFIX_MARK "{suffix}"

typedef enum
{
  LW_LAB_NAME_GROUP,
  LW_LAB_NAME_WORKSPACE,
  LW_LAB_NAME_STORAGE,
  LW_LAB_NAME_VAULT,
  LW_LAB_NAME_INSIGHTS,
  LW_LAB_NAME_LOGS,
  LW_LAB_NAME_INSTANCE,
  LW_LAB_NAME_CLUSTER,
  LW_N_LAB_NAMES,
} LwLabName;

typedef struct
{
  const char *what;   /* what callers say */
  const char *member; /* what the file says */
  gsize limit;        /* of the service, characters */
} LwLabNameKind;

extern const LwLabNameKind lw_lab_names[LW_N_LAB_NAMES];

/* The candidates as seen from one of them, or as the file has them. */
typedef struct
{
  char *home; /* (nullable) */
  char **regions;
} LwLabOrder;

struct _LwLab
{
  gatomicrefcount ref_count;
  char *id;
  GHashTable *titles; /* language to text */
  int minutes[LW_N_STEPS];
  char *names[LW_N_LAB_NAMES];
  guint suffix_length;
  char *group_prefix;
  char **vm_sizes;
  int idle_minutes;
  int max_nodes;
  int fewest_nodes;
  GHashTable *homes_by_territory;
  GHashTable *homes_by_language;
  GPtrArray *orders; /* of LwLabOrder; the first is the file's */
  GFile *folder;
  char *code_folder;
  char **paths;
  char *notebook;    /* (nullable) */
  char *flat_script; /* (nullable) */
  char *script;      /* (nullable) */
  char *data;        /* (nullable) */
  char *archive;     /* (nullable) */
  char *archive_code_folder; /* (nullable) */
  char **modules;
  char **arguments;
  char *last_line;
  char *break_line;
  char *command;
  char **environments;
  char *display_name;
  char *experiment;
  char *log;
};

/** lw_lab_read: fills the new @self from @root; @file: where it came from */
gboolean lw_lab_read (LwLab *self, LwJson root, GFile *file, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gdk-pixbuf/gdk-pixbuf.h>

#include "lw-log-follower.h"
#include "lw-mailbox.h"
#include "lw-record.h"
#include "lw-target.h"

G_BEGIN_DECLS

/* What step 5 does on a worker; LwResultsModel and LwJobWatch give the input and read the letters. */

/** LwResultsLetter: one look at a job, or a piece of its log; an own copy of an #LwFollowEvent */
typedef struct
{
  LwJob *job;         /* (nullable) */
  LwRun *run;         /* (nullable) */
  LwCompute *cluster; /* (nullable) */
  char *text;         /* (nullable): added to the log */
  gboolean restarted;
  gboolean has_gap;
  gint64 phase_since_us;
  GError *trouble; /* (nullable) */
} LwResultsLetter;

void lw_results_letter_free (LwResultsLetter *self);

/** LwResultsFile: a file of a job: @sas_url: (nullable): a secret, asked for when it is needed;
 *   @size: bytes, -1 when not known */
typedef struct
{
  char *path;
  goffset size;
  char *sas_url;
} LwResultsFile;

LwResultsFile *lw_results_file_copy (const LwResultsFile *self);
void lw_results_file_free (LwResultsFile *self);

/* Outputs whose size is asked for one by one; of more only the names are told. */
#define LW_RESULTS_MAX_SIZES 40

/* Text of one file that is shown, bytes: of more the end. */
#define LW_RESULTS_MAX_TEXT (2 * 1024 * 1024)

/* A picture's file, and its pixels: more is surely not a plot. */
#define LW_RESULTS_MAX_PICTURE (16 * 1024 * 1024)
#define LW_RESULTS_MAX_PIXELS (40 * 1000 * 1000)

/**
 * LwResultsInput: everything the worker needs, owned by it; which members a function reads is said
 * with it
 * @data_host: (nullable): found out and filled when %NULL
 * @job: name of the job
 * @snapshot_id: (nullable)
 * @files: (nullable) (element-type LwResultsFile)
 * @destination: (nullable): where to save
 */
typedef struct
{
  LwTarget *target;
  LwRecord *record;
  LwClock *clock;
  char *data_host;
  char *job;
  char *snapshot_id;
  GPtrArray *files;
  GFile *destination;
  LwMailbox *mailbox;
} LwResultsInput;

void lw_results_input_free (LwResultsInput *self);

/* Functions for lw_pool_run(). */

/** Returns: (transfer full) (element-type LwJob): newest first */
gpointer lw_results_list_in_pool (gpointer data, GCancellable *cancellable, GError **error);

/** @job, @mailbox: follows to the end; the record learns that its job has ended. Returns: (transfer
 *   full): #LwJob */
gpointer lw_results_follow_in_pool (gpointer data, GCancellable *cancellable, GError **error);

/** @job: cancels it in the cloud. Returns: (transfer full): #LwJob as it is then */
gpointer lw_results_cancel_in_pool (gpointer data, GCancellable *cancellable, GError **error);

/** @job: Returns: (transfer full) (element-type LwResultsFile): its artifacts */
gpointer lw_results_list_outputs_in_pool (gpointer data, GCancellable *cancellable,
                                          GError **error);

/** @snapshot_id: Returns: (transfer full) (element-type LwResultsFile): its code */
gpointer lw_results_list_code_in_pool (gpointer data, GCancellable *cancellable, GError **error);

/** @job: Returns: (transfer full) (element-type LwMetric) */
gpointer lw_results_list_metrics_in_pool (gpointer data, GCancellable *cancellable,
                                          GError **error);

/** LwResultsContent: a file to be shown: @text or @picture, neither when it is of another kind;
 *   @total: its length, bytes; @is_cut: only the end of it is in @text */
typedef struct
{
  char *text;
  GdkPixbuf *picture;
  goffset total;
  gboolean is_cut;
} LwResultsContent;

void lw_results_content_free (LwResultsContent *self);

/** @job, the first of @files: Returns: (transfer full): #LwResultsContent */
gpointer lw_results_read_in_pool (gpointer data, GCancellable *cancellable, GError **error);

/** LwResultsSaved: what arrived: @n_files of them, together @bytes; each was checked */
typedef struct
{
  guint n_files;
  goffset bytes;
} LwResultsSaved;

/**
 * @job, @files, @destination: one file goes to @destination itself, several into that folder, below
 * the paths they have in the job. No files is an error (%LW_ERROR_NOT_FOUND).
 *
 * Returns: (transfer full): #LwResultsSaved, to be freed with g_free()
 */
gpointer lw_results_save_in_pool (gpointer data, GCancellable *cancellable, GError **error);
gpointer lw_results_save_all_in_pool (gpointer data, GCancellable *cancellable, GError **error);

/** @job: the person has seen how it ended: so says the record. Returns: %NULL */
gpointer lw_results_review_in_pool (gpointer data, GCancellable *cancellable, GError **error);

G_END_DECLS

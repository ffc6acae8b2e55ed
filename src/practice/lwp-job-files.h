/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lwp-blob-store.h"

G_BEGIN_DECLS

/* What a job's code may have; more is refused. Azure refuses a code folder beyond 300 MB by
 * default. */
#define LWP_JOB_MAX_CODE_BYTES ((guint64) 300 * 1024 * 1024)
#define LWP_JOB_MAX_CODE_FILES 2000
/* What all files together may have that a job writes. */
#define LWP_JOB_MAX_OUTPUT_BYTES ((guint64) 1024 * 1024 * 1024)
#define LWP_JOB_MAX_OUTPUT_FILES 5000

/**
 * lwp_job_files_unpack:
 * @prefix: where the blobs begin, "" or with a slash at the end
 * @directory: an empty directory
 *
 * Writes the blobs below @prefix as files into @directory. A name that would leave it is refused.
 *
 * Returns: %FALSE with %G_IO_ERROR_NOT_FOUND when there is no blob, %G_IO_ERROR_INVALID_FILENAME,
 *   %G_IO_ERROR_MESSAGE_TOO_LARGE or another #GIOErrorEnum
 */
gboolean lwp_job_files_unpack (LwpCloud *cloud, const char *account, const char *container,
                               const char *prefix, const char *directory, GError **error);

/**
 * LwpJobCollector:
 *
 * Brings files that a job writes into the blob store, again and again while it runs.
 */
typedef struct _LwpJobCollector LwpJobCollector;

/**
 * lwp_job_collector_new:
 * @directory: what is collected, with all below; may be missing
 * @key: container and prefix, at the end of which relative names are put; copied
 */
LwpJobCollector *lwp_job_collector_new (LwpCloud *cloud, const char *directory,
                                        const LwpBlobKey *key);
void lwp_job_collector_free (LwpJobCollector *self);

/**
 * lwp_job_collector_collect:
 * @all: also what has changed within the last second and may still be being written
 *
 * Uploads what is new or has changed since the last time. Symbolic links and what is no regular
 * file are left out: a link may lead out of the job's directory.
 *
 * Returns: %FALSE with %G_IO_ERROR_MESSAGE_TOO_LARGE when the job has written more than its limit
 */
gboolean lwp_job_collector_collect (LwpJobCollector *self, gboolean all, GError **error);

/** lwp_job_files_remove: removes a directory and all below, without following links */
void lwp_job_files_remove (const char *directory);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwpJobCollector, lwp_job_collector_free)

G_END_DECLS

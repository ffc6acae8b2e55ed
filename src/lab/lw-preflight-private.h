/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Shared by lw-preflight.c and lw-preflight-region.c only. */

#include "lw-preflight.h"

G_BEGIN_DECLS

/** LwPreflight: one run, on the stack of its thread */
typedef struct
{
  const LwPreflightRequest *request; /* borrowed */
  LwPreflightFunc func;
  gpointer user_data;
  GCancellable *cancellable;     /* borrowed, nullable */
  GPtrArray *regions_of_service; /* owned, nullable: where workspaces exist */
  GPtrArray *candidates;         /* borrowed: of LwCandidate */
  const LwCandidate *chosen;     /* borrowed from candidates */
} LwPreflight;

void lw_preflight_tell (const LwPreflight *self, LwCheckKind check, LwCheckState state,
                        const char *detail, const GError *error);

/** lw_preflight_check_region: fills candidates and chosen */
gboolean lw_preflight_check_region (LwPreflight *self, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lwp-http.h"

G_BEGIN_DECLS

/* For the server only: what it has to send. */

typedef enum
{
  LWP_RESPONSE_BYTES,
  LWP_RESPONSE_FILE,
  LWP_RESPONSE_UPGRADE,
  LWP_RESPONSE_CUT,
} LwpResponseKind;

struct _LwpResponse
{
  LwpResponseKind kind;
  guint status;
  GPtrArray *headers; /* owned; name, value, name, value, … */
  GBytes *body;       /* owned, nullable; BYTES */
  int fd;             /* owned, or -1; FILE */
  guint64 offset;
  guint64 length;
  LwpUpgradeFunc upgrade; /* UPGRADE */
  gpointer upgrade_data;
  GDestroyNotify upgrade_destroy;
};

/** lwp_request_dup_rest: Returns: (transfer full): the decoded path from segment @index */
char *lwp_request_dup_rest (LwpRequest *self, guint index);

G_END_DECLS

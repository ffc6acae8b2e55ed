/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A challenge that is longer is not read. */
#define LW_CHALLENGE_MAX 16384

/**
 * lw_challenge_dup_claims:
 * @header: value of WWW-Authenticate (RFC 9110, section 11.6.1); several challenges may be joined
 *
 * Returns: (transfer full) (nullable): the decoded JSON object of a claims challenge (continuous
 *   access evaluation of Entra); %NULL when there is not exactly one, or it is not JSON
 */
char *lw_challenge_dup_claims (const char *header);

G_END_DECLS

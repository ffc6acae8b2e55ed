/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lwp-cloud.h"

G_BEGIN_DECLS

/**
 * lwp_gate_check:
 * @flags: what the route asks for
 *
 * What Azure looks at before it looks at a request: token, api-version, subscription, group, locks,
 * provider (see #LwpRouteFlags). Notes the caller in @request.
 *
 * Returns: (transfer full) (nullable): the refusal, or %NULL when the handler may answer
 */
LwpResponse *lwp_gate_check (LwpCloud *cloud, LwpRequest *request, LwpRouteFlags flags);

/**
 * lwp_gate_finish:
 *
 * Adds the headers that every answer of Azure carries: x-ms-request-id and its relatives.
 */
void lwp_gate_finish (LwpRequest *request, LwpResponse *response);

G_END_DECLS

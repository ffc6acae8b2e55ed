/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-job.h"

G_BEGIN_DECLS

/** lw_job_parse: @tenant_id: (nullable): put into the link to the studio */
LwJob *lw_job_parse (LwJson json, const char *tenant_id, GError **error);

G_END_DECLS

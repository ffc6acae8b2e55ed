/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The api-version of every service we speak to, each with the date on which it was chosen. */
#define LW_API_ML "2024-04-01"              /* 2026-11-23 */
#define LW_API_ML_COMPUTE "2025-12-01"      /* 2026-11-23: the first to tell idle shutdown */
#define LW_API_RESOURCES "2024-03-01"       /* 2026-11-23 */
#define LW_API_SUBSCRIPTIONS "2022-12-01"   /* 2026-11-23 */
#define LW_API_LOCKS "2020-05-01"           /* 2026-11-23 */
#define LW_API_PERMISSIONS "2022-04-01"     /* 2026-11-23 */
#define LW_API_POLICY "2022-06-01"          /* 2026-11-24 */
#define LW_API_KEY_VAULT "2023-07-01"       /* 2026-11-23 */
#define LW_API_STORAGE "2023-05-01"         /* 2026-11-23 */
#define LW_API_INSIGHTS "2020-02-02"        /* 2026-11-23 */
#define LW_API_LOG_ANALYTICS "2022-10-01"   /* 2026-11-23 */
#define LW_API_COMPUTE "2024-03-01"         /* 2026-11-23: VM quota */
#define LW_API_COST "2023-11-01"            /* 2026-11-23 */
#define LW_API_BLOB "2024-08-04"            /* 2026-11-23: header x-ms-version */

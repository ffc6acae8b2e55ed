/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lwp-router.h"
#include "lwp-store.h"

G_BEGIN_DECLS

/**
 * LwpOptions:
 * @state_dir: directory of the state, 0700
 * @pace: multiplies every duration: 1 is seconds for Azure's minutes, 0 is at once
 * @auto_approve: sign-ins are granted without a person
 */
typedef struct
{
  char *state_dir;
  double pace;
  gboolean auto_approve;
} LwpOptions;

/**
 * LwpCloud:
 *
 * What every handler shares: options, store, router, time. Any thread once the server runs.
 */

/**
 * lwp_cloud_new:
 * @options: copied
 *
 * Opens the store and registers every module (see lwp-modules.c).
 */
LwpCloud *lwp_cloud_new (const LwpOptions *options, GError **error);
void lwp_cloud_free (LwpCloud *self);

LwpStore *lwp_cloud_get_store (LwpCloud *self);
LwpRouter *lwp_cloud_get_router (LwpCloud *self);
const char *lwp_cloud_get_state_dir (LwpCloud *self);
gboolean lwp_cloud_get_auto_approve (LwpCloud *self);

/** lwp_cloud_get_now_us: Returns: microseconds since 1970 UTC */
gint64 lwp_cloud_get_now_us (LwpCloud *self);

/**
 * lwp_cloud_get_end_us:
 * @duration_ms: how long something takes at pace 1
 *
 * Returns: when it ends if it begins now, microseconds since 1970 UTC
 */
gint64 lwp_cloud_get_end_us (LwpCloud *self, gint64 duration_ms);

/**
 * lwp_cloud_get_browser_uri:
 *
 * Returns: base of the pages for a person's browser: "http://127.0.0.1:PORT", no slash at the end
 */
const char *lwp_cloud_get_browser_uri (LwpCloud *self);
void lwp_cloud_set_browser_uri (LwpCloud *self, const char *uri);

/**
 * lwp_cloud_add_module:
 * @state: (nullable) (transfer full): what the module keeps; also given to its routes by itself
 * @stop: (nullable): called once while the cloud stops, before the store closes
 *
 * Keeps the state of a module as long as the cloud.
 */
void lwp_cloud_add_module (LwpCloud *self, gpointer state, GDestroyNotify stop);

/**
 * LwpBeforeDispatch:
 *
 * Returns: (transfer full) (nullable): an answer instead of the handler's, or %NULL to go on
 */
typedef LwpResponse *(*LwpBeforeDispatch) (LwpCloud *cloud, LwpRequest *request,
                                           gpointer user_data);

/**
 * lwp_cloud_set_before_dispatch:
 *
 * The one place where an answer can be replaced: scenarios and fault rules.
 */
void lwp_cloud_set_before_dispatch (LwpCloud *self, LwpBeforeDispatch func, gpointer user_data);
LwpResponse *lwp_cloud_before_dispatch (LwpCloud *self, LwpRequest *request);

/** lwp_cloud_hold: lwp_store_hold() on the store */
LwpStoreTransaction *lwp_cloud_hold (LwpCloud *self);

/** lwp_cloud_format_time: Returns: (transfer full): "2026-01-31T12:00:00.1234567Z" */
char *lwp_cloud_format_time (gint64 time_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwpCloud, lwp_cloud_free)

G_END_DECLS

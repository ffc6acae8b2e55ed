/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lwp-cloud.h"

G_BEGIN_DECLS

/**
 * LwpResource:
 * @id: ARM id, spelled as it was made
 * @type: "Microsoft.MachineLearningServices/workspaces/computes"
 * @name: last segment of the id
 * @location: region, or ""
 * @body: what is kept of it; the module that owns the type decides what stands there
 * @created_us: when it was made
 * @changed_us: when it was last written
 * @ready_us: when what it is doing (being made, changing state) ends
 * @gone_us: 0, or when it is gone: a deletion is under way
 *
 * Anything with an ARM id, groups included. There are no timers: its state is what follows from
 * these times and now, computed when it is read. Times are microseconds since 1970 UTC.
 */
typedef struct
{
  char *id;
  char *type;
  char *name;
  char *location;
  JsonObject *body;
  gint64 created_us;
  gint64 changed_us;
  gint64 ready_us;
  gint64 gone_us;
} LwpResource;

/**
 * lwp_resource_new:
 * @body: (transfer full): what is to be kept
 * @duration_ms: how long it takes to be ready, at pace 1
 *
 * Returns: (transfer full): a resource that begins now, not saved
 */
LwpResource *lwp_resource_new (LwpCloud *cloud, const char *id, const char *type,
                               const char *location, JsonObject *body, gint64 duration_ms);
void lwp_resource_free (LwpResource *resource);

/** lwp_resource_load: Returns: (transfer full) (nullable): by id, compared without case */
LwpResource *lwp_resource_load (LwpCloud *cloud, const char *id);

/** lwp_resource_save: writes it, new or changed; sets @changed_us */
void lwp_resource_save (LwpCloud *cloud, LwpResource *resource);

/**
 * lwp_resource_list:
 * @scope: id of a subscription, group or resource
 * @type: (nullable): only this type, compared without case; otherwise all, children of resources
 *   included
 *
 * Returns: (transfer full) (element-type LwpResource): what is below @scope, oldest first
 */
GPtrArray *lwp_resource_list (LwpCloud *cloud, const char *scope, const char *type);

/**
 * lwp_resource_delete:
 * @duration_ms: how long it takes at pace 1
 *
 * Begins the deletion of the resource and of all below it. When it ends, the functions added by
 * lwp_resource_add_gone_func() are called and the rows go.
 */
void lwp_resource_delete (LwpCloud *cloud, const char *id, gint64 duration_ms);

/**
 * LwpGoneFunc:
 * @resource: the resource that is gone
 *
 * Called once for each resource that is gone, children before parents, inside a transaction, on the
 * thread of whatever request comes first after that moment.
 */
typedef void (*LwpGoneFunc) (LwpCloud *cloud, const LwpResource *resource, gpointer user_data);

/**
 * lwp_resource_add_gone_func:
 * @type: (nullable): only for this type
 */
void lwp_resource_add_gone_func (LwpCloud *cloud, const char *type, LwpGoneFunc func,
                                 gpointer user_data);

/**
 * lwp_resource_settle:
 *
 * Ends the deletions whose time has come. The router calls it before each request.
 */
void lwp_resource_settle (LwpCloud *cloud);

/**
 * lwp_resource_get_provisioning_state:
 *
 * Returns: "Creating", "Succeeded" or "Deleting"
 */
const char *lwp_resource_get_provisioning_state (LwpCloud *cloud, const LwpResource *resource);

/**
 * LwpOperation:
 * @id: opaque, made by lwp_operation_begin()
 * @target: ARM id of what it works on
 * @kind: what the module called it
 * @started_us: when it began
 * @done_us: when it ends
 * @error: (nullable): {"code","message",…} when it ends as failed
 *
 * A long-running operation, as its status URL shows it.
 */
typedef struct
{
  char *id;
  char *target;
  char *kind;
  gint64 started_us;
  gint64 done_us;
  JsonObject *error;
} LwpOperation;

/**
 * lwp_operation_begin:
 * @error: (nullable) (transfer full): the error it ends with; %NULL when it succeeds
 *
 * Returns: (transfer full): its id, a GUID
 */
char *lwp_operation_begin (LwpCloud *cloud, const char *kind, const char *target,
                           gint64 duration_ms, JsonObject *error);
LwpOperation *lwp_operation_load (LwpCloud *cloud, const char *id);
void lwp_operation_free (LwpOperation *operation);
gboolean lwp_operation_is_done (LwpCloud *cloud, const LwpOperation *operation);

/**
 * lwp_operation_to_json:
 *
 * Returns: (transfer full): {"status":"InProgress"}, {"status":"Succeeded","percentComplete":100.0}
 *   or {"status":"Failed","error":{…}}
 */
JsonObject *lwp_operation_to_json (LwpCloud *cloud, const LwpOperation *operation);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwpResource, lwp_resource_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwpOperation, lwp_operation_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lwp-arm.h"

G_BEGIN_DECLS

/**
 * LwpArmType:
 * @type: "Microsoft.Storage/storageAccounts"
 * @make: the resource as it is shown
 * @delete_ms: how long a deletion takes at pace 1
 *
 * A type of resource, for the handlers below. Their user data is one of these; their routes name
 * the resource `{name}`.
 */
typedef struct
{
  const char *type;
  JsonObject *(*make) (LwpCloud *cloud, const LwpResource *resource);
  gint64 delete_ms;
} LwpArmType;

/* Handlers: GET one, GET those of a group, GET those of a subscription, DELETE one (200, or 204
 * when there is none). */
LwpResponse *lwp_arm_type_show (LwpCloud *cloud, LwpRequest *request, gpointer user_data);
LwpResponse *lwp_arm_type_list_in_group (LwpCloud *cloud, LwpRequest *request,
                                         gpointer user_data);
LwpResponse *lwp_arm_type_list_in_subscription (LwpCloud *cloud, LwpRequest *request,
                                                gpointer user_data);
LwpResponse *lwp_arm_type_delete (LwpCloud *cloud, LwpRequest *request, gpointer user_data);

/** lwp_arm_type_load: Returns: (transfer full) (nullable): the resource that the path names */
LwpResource *lwp_arm_type_load (LwpCloud *cloud, LwpRequest *request, const LwpArmType *type);

/**
 * lwp_arm_type_find_name:
 *
 * Returns: (transfer full) (nullable): the resource of that type and name, in whatever group: for
 *   names that are unique in the world
 */
LwpResource *lwp_arm_type_find_name (LwpCloud *cloud, const LwpArmType *type, const char *name);

/**
 * lwp_arm_type_is_name:
 *
 * Returns: whether @name has @min to @max characters, letters and digits only, or hyphens too
 */
gboolean lwp_arm_type_is_name (const char *name, gsize min, gsize max, gboolean hyphens);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lwp-resource.h"

G_BEGIN_DECLS

/** lwp_resource_register: makes the tables of resources and operations */
gboolean lwp_resource_register (LwpCloud *cloud, GError **error);

/** lwp_cloud_tell_gone: calls the functions added by lwp_resource_add_gone_func() */
void lwp_cloud_tell_gone (LwpCloud *cloud, const LwpResource *resource);

G_END_DECLS

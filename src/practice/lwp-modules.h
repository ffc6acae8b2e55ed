/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lwp-cloud.h"

G_BEGIN_DECLS

/**
 * LwpModuleRegister:
 *
 * Makes the tables of a module, adds its routes and its functions for what is gone.
 */
typedef gboolean (*LwpModuleRegister) (LwpCloud *cloud, GError **error);

/**
 * lwp_modules_register:
 *
 * Registers every module of the practice cloud; a new one is a line in the table of lwp-modules.c.
 */
gboolean lwp_modules_register (LwpCloud *cloud, GError **error);

G_END_DECLS

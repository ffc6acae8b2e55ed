/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "lw-cleanup.h"

G_BEGIN_DECLS

#define LW_TYPE_CONFIRM_DELETE (lw_confirm_delete_get_type ())
G_DECLARE_FINAL_TYPE (LwConfirmDelete, lw_confirm_delete, LW, CONFIRM_DELETE, AdwMessageDialog)

/**
 * LwConfirmDelete:
 *
 * Asks before a group is deleted: names what goes, and wants the group's name typed. Cancel is the
 * default and what Escape does; the response "delete" can be given only once the name stands there.
 * Main thread.
 *
 * Signals: those of AdwMessageDialog; read the typed name on the response "delete".
 */
LwConfirmDelete *lw_confirm_delete_new (GtkWindow *parent, const LwLabGroup *group);

/** lw_confirm_delete_get_group: Returns: name of the group that was asked about */
const char *lw_confirm_delete_get_group (LwConfirmDelete *self);

/** lw_confirm_delete_get_typed: Returns: what the person typed */
const char *lw_confirm_delete_get_typed (LwConfirmDelete *self);

/** lw_confirm_delete_type: types for the person, in a tour */
void lw_confirm_delete_type (LwConfirmDelete *self, const char *text);

G_END_DECLS
